"""How one request to a messenger is made, and what became of each call in it."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import cast

from bots import endings
from bots.channel import (
    BotHalted,
    Call,
    CallFailed,
    Delivery,
    Doubtful,
    MessageRejected,
    PersonUnreachable,
    Together,
    TryLater,
)
from bots.endings import Ending
from bots.house import House, Station
from bots.leases import Lease
from bots.outgoing import Outgoing, call_of
from bots.pace import Pace
from storage import crash, delivery
from storage.work import Do, Row

_TYPING_SECONDS = 5.0


@dataclass(slots=True)
class Caller:
    """Makes a bot's calls; ``commit`` stores, however long it takes.

    ``pause_for`` waits while a message is shown as being typed.
    """

    house: House
    station: Station
    lease: Lease
    pace: Pace
    commit: Callable[[list[Do]], Awaitable[None]]
    pause_for: Callable[[float], Awaitable[None]] = asyncio.sleep

    async def ended(self, batch: list[Outgoing]) -> list[Ending]:
        """Make the request and tell how each of its calls ended; never raises but a cancellation."""
        if len(batch) == 1:
            return [await self._ended_alone(batch[0])]
        channel = cast("Together", self.station.channel)
        results: Sequence[Delivery | CallFailed]
        try:
            results = await channel.call_all([call_of(self.house, one) for one in batch])
        except CallFailed as failure:
            results = [failure] * len(batch)
        except Exception as bug:  # noqa: BLE001 - nobody knows what left
            results = [Doubtful(f"the channel broke: {type(bug).__name__}")] * len(batch)
        pairs = zip(batch, results, strict=True)
        return [await self._of_result(outgoing, result) for outgoing, result in pairs]

    async def _of_result(self, outgoing: Outgoing, result: Delivery | CallFailed) -> Ending:
        if isinstance(result, Delivery):
            return endings.sent(self.house, self.station, outgoing, result)
        busy = await self._busy(outgoing, result)
        return endings.failed(self.house, self.station, outgoing, result, busy)

    async def _ended_alone(self, outgoing: Outgoing) -> Ending:
        try:
            call = call_of(self.house, outgoing)
        except Exception as bug:  # noqa: BLE001 - a row that cannot be read never leaves
            unfit = MessageRejected(f"the call cannot be made: {type(bug).__name__}")
            return endings.failed(self.house, self.station, outgoing, unfit, [])
        result: Delivery | CallFailed
        try:
            if endings.to_seek(self.house, self.station, outgoing):
                return await self._found_or_made(outgoing, call)
            result = await self._made(outgoing, call)
        except CallFailed as failure:
            result = failure
        except Exception as bug:  # noqa: BLE001 - nobody knows whether it left
            result = Doubtful(f"the channel broke: {type(bug).__name__}")
        return await self._of_result(outgoing, result)

    async def _found_or_made(self, outgoing: Outgoing, call: Call) -> Ending:
        """Make the doubtful call unless the dialog shows that it was made."""
        try:
            there = await self.station.channel.find(call)
        except (TryLater, BotHalted):
            raise
        except Exception as refused:  # noqa: BLE001 - it will not be told another time either
            reason = str(refused) if isinstance(refused, CallFailed) else type(refused).__name__
            return endings.unknown(self.house, outgoing, f"the dialog cannot be read: {reason}")
        if there is not None and not there.done:
            return endings.found(self.house, self.station, outgoing, there)
        if there is not None:
            outgoing.told["done"] = there.done
            call = replace(call, done=there.done)
        return await self._of_result(outgoing, await self._made(outgoing, call))

    async def _made(self, outgoing: Outgoing, call: Call) -> Delivery:
        typing = call.message.typing_us if call.message and call.op == "send" else 0
        if typing and not call.done:
            await self._show_typing(call.chat, min(typing / 1_000_000, _TYPING_SECONDS))
        counted = replace(call, arrived=partial(self._arrived, outgoing))
        return await self.station.channel.call(counted)

    async def _arrived(self, outgoing: Outgoing, parts: int) -> None:
        """Remember how many parts of the message are there: a repeat begins after them."""
        outgoing.told["done"] = parts
        self.pace.spend(outgoing.row.chat)  # the next part is another message to the chat
        if self.lease.fence == outgoing.row.fence:
            await self.commit(endings.kept(self.house, outgoing))
        crash.point("sender.part")

    async def _show_typing(self, chat: str, seconds: float) -> None:
        try:
            await self.station.channel.call(Call("typing", chat))
        except CallFailed:
            return  # an ornament: the message itself will tell what is wrong
        await self._rest(seconds)

    async def _rest(self, seconds: float) -> None:
        """Wait so long; a program that stops says it at once."""
        over = asyncio.ensure_future(self.pause_for(seconds))
        stop = asyncio.ensure_future(self.house.stopping.wait())
        try:
            await asyncio.wait({over, stop}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for waiting in (over, stop):
                waiting.cancel()

    async def _busy(self, outgoing: Outgoing, failure: CallFailed) -> list[Row]:
        person_id = outgoing.row.person_id
        if person_id is None or not isinstance(failure, PersonUnreachable):
            return []
        return await self.house.database.fetch(delivery.queued([person_id]))
