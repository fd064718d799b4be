"""A whole runtime on a real database with paper messengers, driven step by step."""

from datetime import UTC, datetime, timedelta
from functools import cache

from sqlalchemy import select

from bots.clocks import SetClock
from bots.runner import Runner
from flows.loading import bundle_of, load, read_program
from storage.seal import Seal
from storage.tables import (
    inbox,
    journal,
    lead_cards,
    leads,
    messages,
    outbox,
    people,
    runs,
    timers,
)
from tests.bots.paper import PaperChannel

START = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)  # a Monday, noon in Moscow
SEAL = Seal({"k1": bytes(32)})

PROJECT = """
project: demo
timezone: Europe/Moscow
bots:
  tg: {channel: telegram, token: $TG, funnels: [school]}
  vk: {channel: vk, token: $VK, group: 5, funnels: [school]}
documents:
  personal_data: {title: Согласие, version: 3, url: "https://example.ru/pd"}
  advertising: {title: Реклама, version: 1, url: "https://example.ru/ads"}
  privacy: {title: Политика, version: 1, url: "https://example.ru/p"}
teams:
  sales:
    mask_phone: until_taken
    notify: {telegram: -100}
    managers: [{name: Анна, telegram: 111}, {name: Борис, telegram: 222}]
public_url: https://bots.example.ru
"""
SCHOOL = """
funnel: school
title: Школа
language: ru
entry:
  - start
  - words: [урок]
  - link: promo
    set: {source: Афиша}
  - comment: [хочу]
fields:
  level: {label: Уровень}
  phone: {label: Телефон, type: phone}
flows:
  main:
    - ask: Какой у вас уровень?
      save: level
      options: [С нуля, Говорю]
      silence:
        - {after: 45m, say: Вы ещё здесь?}
        - {after: 24h, then: [end]}
    - ask: Сколько занятий в неделю?
      save: lessons
      options: [Одно, Два]
    - consent: personal_data
      refused: [Без согласия не позвоним., end]
    - ask: Ваш телефон?
      save: phone
      answer: phone
    - lead: Пробный урок
      team: sales
    - Спасибо! Менеджер позвонит.
    - start: letters
  more:
    - set: {level: Говорю}
    - lead: Пробный урок
      team: sales
    - Дополнили заявку.
series:
  letters:
    letters:
      - id: first
        when: +1d
        say: Письмо первое
        buttons: [{text: Уточнить, go: more}, {text: Сайт, url: "https://example.ru/", track: site}]
      - {id: second, when: +1d, say: Письмо второе}
"""


@cache
def loaded(funnel=SCHOOL, project=PROJECT):
    """The project, read; a problem fails the test."""
    files = {"voronka.yaml": project.encode(), "funnels/school.yaml": funnel.encode()}
    found = load(files, {}, "2026-01-01")
    assert not found.errors, found.errors
    return found


class World:
    """A runner with its messengers; `says` and `presses` play everything that follows."""

    def __init__(
        self, database, clock=None, folder=None, names=("tg",), funnel=SCHOOL, project=PROJECT
    ) -> None:
        self.database = database
        self.clock = clock or SetClock(START)
        self.alarms: list[tuple[str, dict]] = []
        self.channels = {
            name: PaperChannel(name, {"tg": "telegram", "vk": "vk"}[name], folder)
            for name in names
        }
        self.project = loaded(funnel, project)
        self.runner = self.made()

    def made(self) -> Runner:
        """A runner as after a restart: nothing is remembered but the database."""
        bots = {
            name: (channel, bundle_of(self.project, self.project.project.bots[name]))
            for name, channel in self.channels.items()
        }
        texts = {
            program.hash: self.project.texts[name]
            for name, program in self.project.programs.items()
        }
        return Runner(
            self.database,
            SEAL,
            self.clock,
            self.clock,
            bots,
            public_url="https://bots.example.ru",
            texts=texts,
            read=lambda funnel, text: read_program(text, f"funnels/{funnel}.yaml"),
            alarm=lambda kind, facts: self.alarms.append((kind, dict(facts))),
            alone=True,
        )

    @property
    def tg(self) -> PaperChannel:
        return self.channels["tg"]

    async def open(self) -> "World":
        await self.runner.open()
        return self

    async def restart(self) -> None:
        """The process dies and another begins."""
        self.runner = self.made()
        await self.runner.open()

    async def fetch(self) -> None:
        """Every bot fetches once."""
        for fetcher in self.runner.fetchers.values():
            await fetcher.once()

    async def does(self, bot="tg", **raw) -> None:
        """Somebody does something, and everything that follows happens."""
        self.channels[bot].puts(**raw)
        await self.fetch()
        await self.runner.settle()

    async def presses(self, label, who="7", bot="tg") -> None:
        channel = self.channels[bot]
        await self.does(bot, who=who, press=channel.button(label, who))

    async def passes(self, **time) -> None:
        """Time goes by."""
        self.clock.move(timedelta(**time))
        await self.runner.settle()

    async def reach_lead(self, who="7") -> None:
        """From the start to the lead."""
        await self.does(who=who, start="promo", name="Мария", username="masha")
        for label in ("С нуля", "Два", "Согласен"):
            await self.presses(label, who)
        await self.does(who=who, text="+7 916 123-45-67")

    async def rows(self, table, *where):
        """The rows of a table, by id."""
        return await self.database.fetch(select(table).where(*where).order_by(table.c.id))

    async def calls(self, *where):
        return await self.rows(outbox, *where)

    async def events(self, *where):
        return await self.rows(inbox, *where)

    async def notes(self, kind):
        return await self.rows(journal, journal.c.kind == kind)

    def told(self, kind) -> list[dict]:
        """The facts of the alarms of a kind."""
        return [facts for name, facts in self.alarms if name == kind]


__all__ = [
    "START", "World", "inbox", "journal", "lead_cards", "leads", "loaded", "messages", "outbox",
    "people", "runs", "timers",
]  # fmt: skip
