"""Tracked links in letters: a click is counted for the person and leads on to the lesson."""

import pytest
from sqlalchemy import select

from storage.tables import journal
from tests.acceptance.clicks import follow, link_of

LESSON = "https://example.ru/lesson-2"


@pytest.mark.parametrize("channel", ["telegram", "vk", "web"])
async def test_a_letters_link_counts_once_and_leads_on(open_played, channel):
    async with open_played(channel, "english_school") as stage:
        link = link_of(stage.side, "Смотреть")
        assert await follow(stage.runner, link, times=2) == [LESSON, LESSON]
        await stage.settle()
        clicked = select(journal).where(journal.c.kind == "clicked")
        (line,) = await stage.database.fetch(clicked)
        assert line.option == "lesson_2"
        assert (await stage.look()).lead["title"] == "Бесплатная консультация"
