"""The stage made of the runtime says what the engine alone says, at the same moments."""

import os
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from bots.clocks import microseconds
from bots.performing import opened_stage
from flows.loading import load
from flows.prompting import Prompter
from flows.reading import Reading
from flows.rehearsal import Rehearsal, answer, person_of, profile_of
from flows.transcripts import read_tests, start_of
from voronka.testing import alone

ROOT = Path(__file__).parents[2]
ACCEPTANCE = Path(os.environ.get("VORONKA_ACCEPTANCE", ROOT.parent / "shared" / "acceptance"))


class Wall:
    """The real time."""

    def now(self):
        """Now."""
        return datetime.now(UTC)


def project(folder: Path):
    """The folder's project, read."""
    paths = [folder / "voronka.yaml", *folder.glob("funnels/**/*.*")]
    files = {path.relative_to(folder).as_posix(): path.read_bytes() for path in paths}
    return load(files, {}, "2026-01-01")


def cases():
    """Every test of the playable funnels, on every channel."""
    if not ACCEPTANCE.is_dir():
        return [pytest.param(None, "", 0, "", marks=pytest.mark.skip(f"no {ACCEPTANCE}"))]
    loaded = project(ACCEPTANCE)
    return [
        pytest.param(loaded, funnel, number, channel, id=f"{funnel}-{number}-{channel}")
        for funnel in ("english_school", "gifts")
        for number in range(5)
        for channel in ("telegram", "vk", "web")
    ]


class Recorder:
    """What each answer of a stage said."""

    def __init__(self) -> None:
        self.said = []

    def take(self, reply):
        """Remember the messages to the person, and that the team was told."""
        if isinstance(reply, tuple):
            self.said += [
                (one.kind, one.text if one.kind == "bot" else "", one.buttons, one.at_us)
                for one in reply[0]
            ]
        return reply


@pytest.mark.parametrize(("loaded", "funnel", "number", "channel"), cases())
async def test_engine_and_runtime_say_the_same_at_the_same_moments(
    loaded, funnel, number, channel
):
    bundle = alone(loaded, funnel, channel)
    program = bundle.programs[funnel]
    test = read_tests(program.funnel.tests, Reading(loaded.files[funnel]))[number]
    home = ZoneInfo(program.funnel.timezone)
    start = start_of(test, home.key)
    person = person_of(test, program, home)

    engine, runtime = Recorder(), Recorder()
    rehearsal = Rehearsal(bundle, microseconds(start))
    rehearsal.conversation.person = person
    rehearsal.profile = profile_of(test)

    def prompted():
        return Prompter(ZoneInfo(test.zone or home.key), microseconds(start)).perform(test)

    performance = prompted()
    reply = None
    while (ask := _next(performance, reply)) is not None:
        reply = engine.take(answer(rehearsal, ask))
    opened = opened_stage(
        bundle,
        start,
        person=person_of(test, program, home),
        profile=profile_of(test),
        texts={},
        wall=Wall(),
    )
    async with opened as stage:
        performance, reply = prompted(), None
        while (ask := _next(performance, reply)) is not None:
            reply = runtime.take(await stage.answer(ask))
    assert engine.said == runtime.said
    assert len(engine.said) > 3


def _next(performance, reply):
    failure = None
    try:
        return performance.send(reply)
    except StopIteration as end:
        failure = end.value
    assert failure is None, failure.en
    return None


FUNNEL = """\
funnel: small
entry:
  - start
  - comment: ["*"]
flows:
  main:
    - say: Смотрите{{ name | prefix(", ") }}
      typing: 2s
      buttons: [{text: Видео, url: "https://example.ru/v", track: video}]
    - ask: Телефон?
      save: phone
      answer: phone
    - if: '"video" in clicks'
      then: [Видели]
      else: [Не видели]
    - notify: sales
      say: Заметка
    - lead: Первая
      team: sales
    - lead: Вторая
      team: sales
      value: "1500"
    - Конец
tests:
  - test: Клик, контакт, заявки
    person: {first_name: Анна}
    fields: {}
    talk:
      - open: ""
      - bot: Смотрите, Анна
        buttons: [Видео]
      - bot: Телефон?
        buttons: []
      - click: video
      - contact: "+79161234567"
      - bot: Видели
      - team: Заметка
      - team: Первая
      - team: Вторая
      - bot: Конец
      - expect: {lead: {title: Вторая, value: 1500}, fields: {phone: "+79161234567"}, ended: true}
  - test: Комментарий
    talk:
      - comment: Хочу!
      - bot: Смотрите
      - bot: Телефон?
      - block: true
      - silence: 1d
      - expect: {place: main.phone}
  - test: Нет кнопки
    talk: [{open: ""}, {bot: ...}, {press: Нет такой}]
  - test: Нет ссылки
    talk: [{open: ""}, {bot: ...}, {click: audio}]
"""
PROJECT = """\
project: small
bots: {site: {channel: web, funnels: [small]}}
teams: {sales: {hours: mon-fri 10:00-19:00}}
"""


@pytest.mark.parametrize("channel", ["telegram", "vk", "web", "terminal"])
@pytest.mark.parametrize(
    ("number", "failure"), [(0, ""), (1, ""), (2, "no button"), (3, "no link")]
)
async def test_every_line_of_a_test_reaches_the_runtime(channel, number, failure):
    from bots.performing import rehearse

    files = {"voronka.yaml": PROJECT.encode(), "funnels/small.yaml": FUNNEL.encode()}
    loaded = load(files, {}, "2026-01-01")
    bundle = alone(loaded, "small", channel)
    funnel = bundle.programs["small"].funnel
    test = read_tests(funnel.tests, Reading("funnels/small.yaml"))[number]
    found = await rehearse(bundle, test, "small", {}, Wall())
    assert (failure in found.en) if failure else found is None, found
