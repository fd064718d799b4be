"""A multiple choice in every messenger: marks are drawn on the message, which stays one."""

from contextlib import asynccontextmanager
from datetime import timedelta

import pytest

from flows.prompting import bare
from flows.transcripts import Line
from tests.acceptance.messengers import SIDES
from tests.acceptance.project import loaded_project
from tests.acceptance.refusals import check_nothing_refused
from tests.acceptance.sides import NOON
from tests.acceptance.stage_over_http import NOWHERE, opened_stage

PROJECT = """
project: choices
timezone: Europe/Moscow
bots:
  tg: {channel: telegram, token: $T, funnels: [times]}
  vk: {channel: vk, token: $V, group: 1, funnels: [times]}
  site: {channel: web, funnels: [times]}
teams: {sales: {hours: mon-fri 10:00-19:00}}
"""
FUNNEL = """
funnel: times
entry: [start]
flows:
  main:
    - ask: Когда звонить?
      save: times
      many: true
      max: 2
      options: [Утро, День, {text: Вечер, value: evening}]
    - 'Записали: {{ times | join(" и ") }}'
"""


@pytest.fixture
def open_times(people_time, tmp_path, new_sqlite):
    """A function that opens a stage on which the question has been asked."""
    (tmp_path / "funnels").mkdir()
    (tmp_path / "voronka.yaml").write_text(PROJECT, encoding="utf-8")
    (tmp_path / "funnels" / "times.yaml").write_text(FUNNEL, encoding="utf-8")

    @asynccontextmanager
    async def make(channel):
        loaded = loaded_project(tmp_path)
        side = SIDES[channel]()
        async with opened_stage(side, loaded, "times", new_sqlite(), NOON) as stage:
            await says(stage, "open", "")
            yield stage

    return make


async def says(stage, kind: str, value: str) -> list[str]:
    """What the person is told when they do it."""
    await stage.does(Line(NOWHERE, kind, value))
    return [one.text for one in await stage.said()]


def labels(stage) -> list[str]:
    """The buttons on the screen, of the message that was asked."""
    side = stage.side
    if side.name == "telegram":
        return side.labels()
    if side.name == "vk":
        from tests.emulators.vk import screen

        return screen.labels(side.community.dialog(int(side.sender)))
    keys = [key for one in side.shown.values() for row in one.get("rows", ()) for key in row]
    return [key["text"] for key in keys]


@pytest.mark.parametrize("channel", sorted(SIDES))
async def test_marks_are_drawn_where_the_buttons_are(open_times, channel):
    async with open_times(channel) as stage:
        assert labels(stage) == ["Утро", "День", "Вечер", "Готово"]
        assert await says(stage, "press", "Вечер") == []
        assert labels(stage) == ["Утро", "День", "✅ Вечер", "Готово"]
        assert await says(stage, "press", "Утро") == []
        assert await says(stage, "press", "День") == []  # more than two are refused in a pop-up
        assert labels(stage) == ["✅ Утро", "День", "✅ Вечер", "Готово"]
        assert await says(stage, "press", "Утро") == []
        assert labels(stage) == ["Утро", "День", "✅ Вечер", "Готово"]
        await says(stage, "press", "День")
        assert await says(stage, "press", "Готово") == ["Записали: День и evening"]
        assert [bare(label) for label in labels(stage)] == []
        assert (await stage.look()).fields == {"times": ["День", "evening"]}
        check_nothing_refused(stage)


@pytest.mark.parametrize("channel", sorted(SIDES))
async def test_several_are_typed_at_once(open_times, channel):
    async with open_times(channel) as stage:
        assert await says(stage, "type", "1, 3") == ["Записали: Утро и evening"]
        check_nothing_refused(stage)


@pytest.mark.parametrize("channel", sorted(SIDES))
async def test_marks_outlive_the_process(open_times, channel):
    async with open_times(channel) as stage:
        await says(stage, "press", "День")
        await stage.restart()
        await stage.go_to(stage.now_us + timedelta(hours=1) // timedelta(microseconds=1))
        assert await says(stage, "press", "Готово") == ["Записали: День"]
