"""Bugs planted into the program's processes: the harness is worth something only if it sees them."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from sqlalchemy import delete, select

from storage import crash
from storage.tables import timers as timers_table
from storage.work import Do


def plant(name: str) -> None:
    """Swap what the bug's name stands for; `planted` is its own crash point."""
    if name.startswith("leaks:"):
        from tests.experiments import leaking

        leaking.BUGS[name]()
        return
    BUGS[name]()


def _random_id_is_zero() -> None:
    from bots.vk import sending

    sending.random_id_of = lambda *_: 0


def _confirmed_before_stored() -> None:
    from bots import inbox
    from storage import bots as bot_rows

    store = inbox.store

    async def late(house: Any, station: Any, batch: Any) -> Any:
        if batch.arrivals:
            await house.database.commit(bot_rows.move_cursor(station.id, batch.cursor))
            crash.point("planted")
        return await store(house, station, batch)

    inbox.store = late


def _source_keys_not_unique() -> None:
    from bots import inbox

    async def everything(_house: Any, arrivals: Any) -> list[Any]:
        return [replace(one, source_key=secrets.token_hex(8)) for one in arrivals]

    async def told(house: Any, station: Any, batch: Any) -> Any:
        stored = await store(house, station, batch)
        if batch.arrivals and station.kind == "telegram":
            crash.point("planted")  # stored and not confirmed: it comes again
        return stored

    store = inbox.store
    inbox._fresh, inbox.store = everything, told


def _doubtful_dropped() -> None:
    from bots import endings

    def dropped(house: Any, _station: Any, outgoing: Any, reason: str, **_: Any) -> Any:
        return endings.Ending(endings._final(house, outgoing, "sent", reason))

    endings.doubtful = dropped


def _sent_before_called() -> None:
    from bots import endings
    from bots.channel import Delivery
    from bots.sender import Sender

    send = Sender._send

    async def marked(self: Any, outgoing: Any) -> None:
        ending = endings.sent(self.house, outgoing, Delivery())
        await self._store(ending)
        await send(self, outgoing)

    Sender._send = marked


def _quiet_hours_forgotten() -> None:
    from flows.windows import NEVER_QUIET
    from voronka import running

    bundle_of = running.bundle_of

    def loud(*given: Any) -> Any:
        bundle = bundle_of(*given)
        return replace(bundle, limits=replace(bundle.limits, quiet=NEVER_QUIET))

    running.bundle_of = loud


def _timers_deleted_before_stored() -> None:
    from bots.ticking import Ticker
    from storage import timers

    move_due = Ticker.move_due

    async def deleted(self: Any) -> None:
        due = timers_table.c.due_us <= self.house.now_us
        rows = await self.house.database.fetch(select(timers_table).where(due))
        if rows:
            await self.house.database.commit([Do(delete(timers_table).where(due))])
            crash.point("planted")
            await self.house.database.commit([timers.rows.add(timers_table, _plain(rows))])
        await move_due(self)

    Ticker.move_due = deleted


def _plain(rows: Any) -> list[dict[str, Any]]:
    return [dict(row._mapping) for row in rows]


BUGS: dict[str, Callable[[], None]] = {
    "random_id is zero": _random_id_is_zero,
    "confirmed before stored": _confirmed_before_stored,
    "source keys not unique": _source_keys_not_unique,
    "doubtful dropped": _doubtful_dropped,
    "sent before called": _sent_before_called,
    "quiet hours forgotten": _quiet_hours_forgotten,
    "timers deleted before stored": _timers_deleted_before_stored,
}
