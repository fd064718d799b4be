"""Tracked links in letters: a click is counted for the person and leads on to the lesson."""

from urllib.parse import urlsplit

import httpx2
import pytest
from sqlalchemy import select
from starlette.applications import Starlette

from bots.web.assembly import web_chat
from bots.web.bells import Bells
from bots.web.server import routes
from storage.tables import journal
from tests.acceptance.sides import FUNNELS, PUBLIC_URL

LESSON = "https://example.ru/lesson-2"


def link_of(stage) -> str:
    """The address of the newest button to a lesson."""
    side = stage.side
    if side.name == "telegram":
        return side.person.press("Смотреть")
    if side.name == "vk":
        return side.people.press(side.group, int(side.sender), "Смотреть")["link"]
    keys = [key for one in side.shown.values() for row in one.get("rows", ()) for key in row]
    return PUBLIC_URL + [key["href"] for key in keys if "href" in key][-1]


@pytest.mark.parametrize("channel", ["telegram", "vk", "web"])
async def test_a_letters_link_counts_once_and_leads_on(open_played, channel):
    async with open_played(channel, "english_school") as stage:
        chat = web_chat(stage.runner.house, Bells(), funnels=FUNNELS)
        transport = httpx2.ASGITransport(app=Starlette(routes=routes(chat)))
        link = link_of(stage)
        assert link.startswith(f"{PUBLIC_URL}/r/")
        async with httpx2.AsyncClient(transport=transport, base_url=PUBLIC_URL) as browser:
            for _ in range(2):
                answer = await browser.get(urlsplit(link).path)
                assert (answer.status_code, answer.headers["location"]) == (302, LESSON)
        await stage.settle()
        clicked = select(journal).where(journal.c.kind == "clicked")
        (line,) = await stage.database.fetch(clicked)
        assert line.option == "lesson_2"
        assert (await stage.look()).lead["title"] == "Бесплатная консультация"
