"""Who answers which kind of request: a server, a messenger, the project's Python."""

from __future__ import annotations

from bots.channel import CallFailed, TryLater
from bots.house import House
from bots.outside.asked import Answered, Asked, refused
from bots.outside.booking import Bookings
from bots.outside.doing import Doer
from bots.outside.http import HttpCaller, Settings
from flows.secrecy import Secret


def _unset(_name: str) -> Secret:
    return Secret("")


class Outside:
    """The world outside of a house; ``settings`` tells what a ``$NAME`` stands for."""

    def __init__(self, house: House, settings: Settings = _unset) -> None:
        self._house = house
        self.bookings = Bookings(house)
        self.http = HttpCaller(settings, lambda: house.seal.secret("http"), house.wall)
        self.doer = Doer()

    async def answer(self, asked: Asked) -> Answered:
        """Make the request once."""
        match asked.kind:
            case "http":
                return await self._http(asked)
            case "member":
                return await self._member(asked)
            case "do":
                bot = self._house.stations[asked.bot_id].name
                return await self.doer.ask(asked, bot, self._key(asked))
            case "slots" | "book" | "free":
                return await self.bookings.answer(asked)
        return refused(f"nobody answers {asked.kind}")

    async def close(self) -> None:
        """Let the connections go."""
        await self.http.close()

    async def _http(self, asked: Asked) -> Answered:
        rules = self._house.stations[asked.bot_id].bundle.http
        if rules is None:
            return refused("the project allows no server")
        return await self.http.ask(asked, rules, self._key(asked))

    def _key(self, asked: Asked) -> str:
        """What tells every try of the request from all others, and nothing else."""
        return self._house.seal.mac(f"request:{asked.key}", 32)

    async def _member(self, asked: Asked) -> Answered:
        channel = self._house.stations[asked.bot_id].channel
        try:
            told = await channel.member(str(asked.body["channel"]), asked.sender)
        except TryLater:
            raise
        except CallFailed as failed:
            return refused(str(failed))
        if told is None:
            return refused("the messenger cannot tell")
        return Answered({"ok": True, "member": told})
