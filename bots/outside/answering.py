"""Who answers which kind of request: a server, a messenger, the project's Python."""

from __future__ import annotations

from bots.channel import CallFailed, TryLater
from bots.happenings import person_token
from bots.house import House
from bots.outside.asked import Answered, Asked, refused
from bots.outside.booking import Bookings
from bots.outside.codes import Codes
from bots.outside.doing import Doer
from bots.outside.http import HttpCaller, Settings
from flows.extending import Call
from flows.secrecy import Secret


def _unset(_name: str) -> Secret:
    return Secret("")


class Outside:
    """The world outside of a house; ``settings`` tells what a ``$NAME`` stands for."""

    def __init__(self, house: House, settings: Settings = _unset) -> None:
        self._house = house
        self.bookings = Bookings(house)
        self.codes = Codes(house)
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
                return await self.doer.ask(asked, self._call(asked))
            case "code":
                return await self.codes.answer(asked)
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
        return await self.http.ask(asked, rules, self._call(asked))

    def _call(self, asked: Asked) -> Call:
        """What tells every try of the request from all others, and whom it is about.

        The row's id is in it because it leaps in an older copy of the database: servers may know
        the key from the life after the copy, as that of another request (R61).
        """
        seal = self._house.seal
        return Call(
            key=seal.mac(f"request:{asked.key}:{asked.id}", 32),
            bot=self._house.stations[asked.bot_id].name,
            person=person_token(seal, asked.identity_id),
            place=asked.place,
            tries=asked.tries,
        )

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
