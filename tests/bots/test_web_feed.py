"""The stream of a page: everything once and in order, at once, and from where it was broken off."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import ExitStack

import pytest
from sqlalchemy import select
from starlette.requests import Request

from bots.channel import Call
from bots.web.bells import MOST_PAGES
from bots.web.feed import Cursor, news
from storage.tables import outbox, web_visitors
from storage.work import Do
from tests.bots.web_stage import SITE, Stage, open_stage


@pytest.fixture
async def stage(database_url: str) -> AsyncIterator[Stage]:
    """The chat with nobody in it."""
    opened = await open_stage(database_url)
    yield opened
    await opened.close()


class Page:
    """One open page: what its stream told, and where it stands."""

    def __init__(self, stage: Stage, visitor, cursor: str = "") -> None:
        self.entries: list[dict] = []
        self.signals: list[dict] = []
        self.cursor = cursor
        stream = stage.chat.stream(SITE, visitor)
        self._events = stream.events(visitor.name, Cursor.read(cursor))

    async def read(self) -> str:
        """The next event's name, its data kept."""
        text = await anext(self._events)
        fields = dict(line.split(": ", 1) for line in text.strip().splitlines() if line[0] != ":")
        self.cursor = fields.get("id", self.cursor)
        data = json.loads(fields.get("data", "{}"))
        if "signal" in data:
            self.signals.append(data["signal"])
        elif data:
            self.entries.append(data)
        return fields.get("event", "")

    async def read_entries(self, many: int) -> list[dict]:
        """The next entries."""
        until = len(self.entries) + many
        while len(self.entries) < until:
            await self.read()
        return self.entries[-many:]

    async def close(self) -> None:
        """The browser goes."""
        await self._events.aclose()


async def come(stage: Stage):
    """A visitor without a browser."""
    key = await stage.chat.welcome(SITE)
    scope = {"type": "http", "headers": [(b"cookie", f"voronka_site={key}".encode())]}
    return await stage.chat.visitors.of(Request(scope), "site", SITE.id)


async def post(stage: Stage, visitor, number: int, **raw) -> None:
    """The visitor does something and the bot answers."""
    await stage.chat.say(SITE, visitor, f"client-{number:04}", raw)
    await stage.play()


async def test_a_page_hears_everything_once_and_two_pages_agree(stage):
    visitor = await come(stage)
    pages = [Page(stage, visitor), Page(stage, visitor)]
    for page in pages:
        assert [await page.read(), await page.read()] == ["hello", "ready"]
    await post(stage, visitor, 1, kind="open", code="")
    [_, hello] = await pages[0].read_entries(2)
    button = hello["rows"][0][0]
    await post(stage, visitor, 2, kind="press", token=button["token"], text="")
    for page in pages:
        while {"С нуля", "Согласен"}.isdisjoint(_labels(page.entries)):
            await page.read_entries(1)
    seen = [{entry["id"]: entry for entry in page.entries} for page in pages]
    assert seen[0] == seen[1]
    assert seen[0][hello["id"]]["chosen"] == "Присылайте"
    for page in pages:
        await page.close()


def _labels(entries: list[dict]) -> set[str]:
    return {key["text"] for entry in entries for row in entry.get("rows", []) for key in row}


async def test_a_page_goes_on_where_its_stream_broke(stage):
    visitor = await come(stage)
    await post(stage, visitor, 1, kind="open", code="")
    page = Page(stage, visitor)
    first = await page.read_entries(2)
    await page.close()
    await post(stage, visitor, 2, kind="text", text="Дальше")
    again = Page(stage, visitor, page.cursor)
    second = await again.read_entries(2)
    await again.close()
    assert [entry["from"] for entry in second] == ["person", "bot"]
    assert {entry["id"] for entry in first}.isdisjoint(entry["id"] for entry in second)


async def test_a_message_that_waits_for_the_sender_is_not_seen_yet_and_not_lost(stage):
    visitor = await come(stage)
    await post(stage, visitor, 1, kind="open", code="")
    await post(stage, visitor, 2, kind="text", text="раз")
    identity = await stage.chat.visitors.identity(visitor, SITE.id)
    whole = await news(stage.house.database, stage.chat._draw, identity, Cursor())
    late = whole.entries[1]["id"]
    await _set(stage, late, state="queued", final_us=None)
    before = await news(stage.house.database, stage.chat._draw, identity, Cursor())
    assert late not in [entry["id"] for entry in before.entries]
    await _set(stage, late, state="sent", final_us=before.cursor.final_us + 1)
    after = await news(stage.house.database, stage.chat._draw, identity, before.cursor)
    assert [entry["id"] for entry in after.entries] == [late]


async def test_a_call_stored_after_one_that_ended_later_reaches_the_open_page(stage):
    visitor = await come(stage)
    await post(stage, visitor, 1, kind="open", code="")
    await post(stage, visitor, 2, kind="text", text="раз")
    identity = await stage.chat.visitors.identity(visitor, SITE.id)
    whole = await news(stage.house.database, stage.chat._draw, identity, Cursor())
    late, other = [e["id"] for e in whole.entries if e["from"] == "bot"]
    await _set(stage, late, state="queued", final_us=None)
    page = Page(stage, visitor)
    assert other in [entry["id"] for entry in await page.read_entries(3)]
    await _set(stage, late, state="sent", final_us=whole.cursor.final_us - 1)
    [entry] = await page.read_entries(1)
    assert entry["id"] == late
    await page.close()


async def _set(stage: Stage, message_id: int, **values) -> None:
    changed = outbox.update().where(outbox.c.message_id == message_id)
    await stage.house.database.commit([Do(changed.values(**values))])


async def test_pop_ups_and_typing_are_shown_once_and_stored_nowhere(stage):
    visitor = await come(stage)
    page = Page(stage, visitor)
    await page.read()
    await page.read()
    channel = stage.chat.channel("site")
    reading = asyncio.ensure_future(page.read())
    await asyncio.sleep(0)
    await channel.call(Call("typing", visitor.name))
    await channel.call(Call("answer", visitor.name, text="Готово"))
    await channel.call(Call("answer", "somebody else", text="Чужое"))
    await reading
    await page.read()
    assert page.signals == [{"typing": True}, {"notice": "Готово"}]
    await page.close()


async def test_streams_end_when_the_server_stops(stage):
    visitor = await come(stage)
    page = Page(stage, visitor)
    await page.read()
    await page.read()
    reading = asyncio.ensure_future(page.read())
    await asyncio.sleep(0)
    stage.chat.close()
    with pytest.raises(StopAsyncIteration):
        await reading


async def test_a_chat_in_too_many_tabs_is_refused_one_more(stage):
    browser = stage.browser()
    await browser.get("/chat/site")
    [row] = await stage.house.database.fetch(select(web_visitors))
    with ExitStack() as tabs:
        for _ in range(MOST_PAGES):
            tabs.enter_context(stage.chat.bells.listening(bytes(row.key_hash)[:16].hex()))
        answer = await browser.get("/chat/site/feed")
    assert (answer.status_code, "вкладках" in answer.json()["error"]) == (429, True)


async def test_a_long_history_comes_page_by_page_with_nothing_left_out(stage):
    visitor = await come(stage)
    for number in range(110):
        await stage.chat.say(
            SITE, visitor, f"client-{number:04}", {"kind": "text", "text": str(number)}
        )
    await stage.play()
    page = Page(stage, visitor)
    told = [
        entry["text"][0] for entry in await page.read_entries(115) if entry["from"] == "person"
    ]
    await page.close()
    assert told == [str(number) for number in range(110)]


@pytest.mark.parametrize("text", ["", "x", "1.2", "1.2.3.4", "-1.0.0", "1.2.3\n", "9" * 40])
def test_a_strange_cursor_is_the_beginning(text):
    assert Cursor.read(text) == Cursor()
    assert Cursor.read("3.2.1") == Cursor(3, 2, 1)
