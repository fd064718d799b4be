"""What a visitor's page is told: the conversation in order, each message once, edits as they come."""

from __future__ import annotations

import asyncio
import json
import re
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from bots.web.bells import Bells, Ear
from bots.web.entries import Entry
from storage import delivery, messages
from storage.work import Database, Row, StorageFailed

PAGE = 100
LOOK_SECONDS = 1.0
HEARTBEAT_LOOKS = 15
_SOON = (0.02, 0.05, 0.1, 0.2, 0.4)  # a ring may come just before the commit that it tells of
_SLACK_US = 5_000_000  # calls of two lanes, or two senders' clocks, may end out of order
_REMEMBERED = 1000
_SHOWN = ("send", "edit")
_CURSOR = re.compile(r"(\d{1,18})\.(\d{1,18})\.(\d{1,18})")

Draw = Callable[[Row, bytes | None], Entry]
"""A row of the transcript for the page, with the payload of the edit that changed it, if any."""

Find = Callable[[], Awaitable[int | None]]


@dataclass(frozen=True, slots=True)
class Cursor:
    """How far a page has read: the last row of the transcript, the last call that ended.

    Both are needed, because a call may end after the person has said the next thing.
    """

    message: int = 0
    final_us: int = 0
    call: int = 0

    @classmethod
    def read(cls, text: str) -> Cursor:
        """The cursor of a ``Last-Event-ID``; the beginning when it is not one of ours."""
        match = _CURSOR.fullmatch(text)
        return cls(*map(int, match.groups())) if match else cls()

    def __str__(self) -> str:
        return f"{self.message}.{self.final_us}.{self.call}"


@dataclass(frozen=True, slots=True)
class News:
    """What came after a cursor; ``more`` says that the next page is waiting already."""

    entries: list[Entry]
    cursor: Cursor
    calls: tuple[int, ...] = ()
    more: bool = False


async def news(database: Database, draw: Draw, identity_id: int, after: Cursor) -> News:
    """The next messages and edits, a message once, in the order of the conversation."""
    said = await database.fetch(messages.feed(identity_id, after.message, PAGE))
    calls = await database.fetch(
        messages.changes(identity_id, after.final_us, after.call, PAGE),
    )
    rows = [row for row in said if row.direction == "in"] + list(calls)
    entries = await _drawn(database, rows, draw)
    cursor = Cursor(
        said[-1].id if said else after.message,
        calls[-1].final_us if calls else after.final_us,
        calls[-1].call_id if calls else after.call,
    )
    told = tuple(row.call_id for row in calls)
    return News(entries, cursor, told, more=PAGE in (len(said), len(calls)))


async def late_calls(database: Database, identity_id: int, after: Cursor) -> list[Row]:
    """Calls that ended shortly before the cursor too: one of them may have been stored late."""
    since = max(0, after.final_us - _SLACK_US)
    return list(await database.fetch(messages.changes(identity_id, since, 0, PAGE)))


async def _drawn(database: Database, rows: list[Row], draw: Draw) -> list[Entry]:
    """Each message once, as its last call left it; answers to presses change no message."""
    latest: dict[int, Row] = {}
    for row in rows:
        if row.direction == "in" or row.op in _SHOWN:
            latest[row.id] = row
    edits = [row.call_id for row in latest.values() if row.direction == "out" and row.op == "edit"]
    found = await database.fetch(delivery.bodies(edits)) if edits else []
    payloads = {call.message_id: call.payload_sealed or b"" for call in found}
    return [draw(latest[one], payloads.get(one)) for one in sorted(latest)]


class Stream:
    """One open page's stream of server-sent events."""

    def __init__(self, database: Database, draw: Draw, bells: Bells, find: Find) -> None:
        self._database = database
        self._draw = draw
        self._bells = bells
        self._find = find
        self._identity: int | None = None
        self._told: deque[int] = deque(maxlen=_REMEMBERED)
        self._start = Cursor()

    async def events(self, chat: str, cursor: Cursor) -> AsyncIterator[str]:
        """Events after the cursor until the page, the server or the database goes."""
        self._start = cursor
        yield "retry: 1000\nevent: hello\ndata: {}\n\n"
        with self._bells.listening(chat) as ear, suppress(StorageFailed):
            idle, ready = 0, False
            while not self._bells.closed:
                found, cursor = await self._look(cursor)
                found += await self._late(cursor) if idle == 1 else []
                found += [_event({"signal": signal}) for signal in _taken(ear)]
                for event in found:
                    yield event
                if not ready:
                    ready = True
                    yield "event: ready\ndata: {}\n\n"
                idle = 0 if found else idle + 1
                if idle >= HEARTBEAT_LOOKS:
                    idle = 2
                    yield ": still here\n\n"
                if await ear.wait(LOOK_SECONDS):
                    await self._settle(cursor)

    async def _settle(self, cursor: Cursor) -> None:
        """Wait a moment for the commit that a ring tells of; what is lost comes a second later."""
        for pause in _SOON:
            if self._identity is None or (await self._fetch(cursor)).entries:
                return
            await asyncio.sleep(pause)

    async def _look(self, cursor: Cursor) -> tuple[list[str], Cursor]:
        if self._identity is None:
            self._identity = await self._find()
            if self._identity is None:
                return [], cursor
        found: list[str] = []
        more = True
        while more:
            page = await self._fetch(cursor)
            found += [_event(entry) for entry in page.entries]
            if page.entries:
                found[-1] = f"id: {page.cursor}\n{found[-1]}"
            self._told.extend(page.calls)
            cursor, more = page.cursor, page.more
        return found, cursor

    async def _late(self, cursor: Cursor) -> list[str]:
        """What the page missed, because it was stored after something that ended later."""
        if self._identity is None:
            return []
        known, start = set(self._told), (self._start.final_us, self._start.call)
        rows = [
            row
            for row in await late_calls(self._database, self._identity, cursor)
            if row.call_id not in known and (row.final_us, row.call_id) > start
        ]
        self._told.extend(row.call_id for row in rows)
        return [_event(entry) for entry in await _drawn(self._database, rows, self._draw)]

    async def _fetch(self, cursor: Cursor) -> News:
        assert self._identity is not None
        return await news(self._database, self._draw, self._identity, cursor)


def _taken(ear: Ear) -> list[dict[str, Any]]:
    taken = list(ear.signals)
    ear.signals.clear()
    return taken


def _event(data: dict[str, Any]) -> str:
    return f"data: {json.dumps(data, ensure_ascii=False, separators=(',', ':'))}\n\n"
