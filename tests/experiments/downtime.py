"""A town of people in ten time zones, a program that goes down for three days, and clocks that leap."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo

from sqlalchemy import func, select

from bots.clocks import SetClock, microseconds, moment_of
from bots.runner import Runner
from flows import events
from flows.loading import bundle_of, load, read_program
from flows.rehearsal import Rehearsal
from flows.windows import NIGHT
from storage.seal import Seal
from storage.tables import inbox, outbox
from storage.timers import next_due, overdue
from tests.bots.paper import PaperChannel

MOSCOW = ZoneInfo("Europe/Moscow")
GAP = timedelta(hours=3)
PER_DAY = {"requested": 3, "advertising": 1}
CITIES = {
    "Калининград": "Europe/Kaliningrad",
    "Москва": "Europe/Moscow",
    "Самара": "Europe/Samara",
    "Екатеринбург": "Asia/Yekaterinburg",
    "Омск": "Asia/Omsk",
    "Красноярск": "Asia/Krasnoyarsk",
    "Иркутск": "Asia/Irkutsk",
    "Якутск": "Asia/Yakutsk",
    "Владивосток": "Asia/Vladivostok",
    "Петропавловск-Камчатский": "Asia/Kamchatka",
}
WAYS = (
    "letters", "fields", "weekdays", "moments", "adverts", "services", "waits", "questions"
)  # fmt: skip

PROJECT = """
project: town
timezone: Europe/Moscow
bots: {tg: {channel: telegram, token: $TG, funnels: [school]}}
documents:
  personal_data: {title: Согласие, version: 3, url: "https://example.ru/pd"}
  advertising: {title: Реклама, version: 1, url: "https://example.ru/ads"}
  privacy: {title: Политика, version: 1, url: "https://example.ru/p"}
limits: {gap: 3h, requested_per_day: 3, advertising_per_day: 1, quiet: 22:00-09:00}
"""
FUNNEL = """
funnel: school
timezone: Europe/Moscow
entry:
  - link: "*"
  - {words: [привет], flow: hello}
fields:
  webinar_at: {label: Вебинар, type: datetime, value: 2026-03-05 19:00}
flows:
  main:
    - {ask: "В каком вы городе?", save: city, answer: city}
    - consent: advertising
    - start: common
    - start: soon
    - start: later
    - {if: link == "letters", then: [{start: letters}]}
    - {if: link == "fields", then: [{start: fields}]}
    - {if: link == "weekdays", then: [{start: weekdays}]}
    - {if: link == "moments", then: [{start: moments}]}
    - {if: link == "adverts", then: [{start: adverts}]}
    - {if: link == "services", then: [{start: services}]}
    - {if: link == "waits", then: [{call: waits}]}
    - {if: link == "questions", then: [{call: questions}]}
  hello: [Здравствуйте ещё раз]
  waits:
    - {wait: 20h, id: first}
    - Прошло двадцать часов
    - {wait: +1d 10:00, id: second}
    - Настало утро
    - {wait: 3h, id: third}
    - Прошло ещё три часа
  questions:
    - ask: Какой у вас уровень?
      save: level
      options: [С нуля, Говорю]
      silence:
        - {after: 45m, say: Вы ещё здесь?}
        - {after: 20h, say: Один вопрос остался}
        - {after: 30h, then: [Оставим вопрос]}
    - Спасибо за внимание
series:
  common:
    letters:
      - {id: a, when: +26h, say: Общее первое}
      - {id: b, when: +1d 12:00, say: Общее второе}
      - {id: c, when: +1d 12:00, say: Общее третье}
  soon: {letters: [{id: a, when: +28h, say: Только в срок, late: skip}]}
  later: {letters: [{id: a, when: +50h, say: Или никогда, late: send within 1h}]}
  letters:
    window: 10:00-20:00
    letters:
      - {id: a, when: +1d 12:00, say: Письмо первое}
      - {id: b, when: +2h, say: Письмо второе}
      - id: c
        when: +1d 11:00
        say: Письмо третье
        days: workdays
        late: skip
        otherwise: [Письмо опоздало]
      - {id: d, when: +3wd 11:00, say: Письмо четвёртое}
  fields:
    letters:
      - {id: a, when: webinar_at -1d 12:00, say: Вебинар завтра}
      - {id: b, when: webinar_at -15m, say: Вебинар через пятнадцать минут, otherwise: [Вебинар прошёл]}
      - {id: c, when: webinar_at +1d 12:00, say: Запись вебинара}
  weekdays:
    letters:
      - {id: a, when: "thu 18:30", say: Четверг}
      - {id: b, when: "fri 10:00", say: Пятница}
      - {id: c, when: "sat 12:00", say: Суббота}
  moments:
    letters:
      - {id: z, when: 2026-03-03 03:00, say: До перерыва, kind: service, late: send within 20m}
      - {id: a, when: 2026-03-04 12:00, say: Среда, otherwise: [Среда прошла]}
      - {id: b, when: 2026-03-06 02:30, say: Поздно, kind: service, otherwise: [Опоздали]}
      - {id: c, when: 2026-03-06 02:50, say: Едва успели, kind: service, late: send within 20m}
      - {id: d, when: 2026-03-06 12:30, say: Пятница днём}
  adverts:
    kind: advertising
    letters:
      - {id: a, when: +1d 12:00, say: Реклама первая}
      - {id: b, when: +1d 12:00, say: Реклама вторая}
      - {id: c, when: +1h, say: Реклама третья}
      - {id: d, when: +1d 12:00, say: Реклама четвёртая}
  services:
    kind: service
    letters:
      - {id: a, when: +30h, say: Служебное первое}
      - {id: b, when: +1d 03:00, say: Служебное второе, late: skip}
      - {id: c, when: +1d 03:00, say: Служебное третье}
      - {id: d, when: +1d 03:00, say: Служебное четвёртое}
"""
OPENS = datetime(2026, 3, 2, 10, tzinfo=MOSCOW)
DOWN = datetime(2026, 3, 3, 3, tzinfo=MOSCOW)
UP = DOWN + timedelta(days=3)


@cache
def project(funnel: str = FUNNEL):
    """The town's project, read."""
    files = {"voronka.yaml": PROJECT.encode(), "funnels/school.yaml": funnel.encode()}
    found = load(files, {}, "2026-01-01")
    assert not found.errors, found.errors
    return found


@dataclass(frozen=True)
class Resident:
    """Somebody who enters at a moment by a way, lives in a city, and agrees to adverts or not."""

    chat: str
    way: str
    city: str
    enters: datetime
    agrees: bool
    calls: tuple[datetime, ...] = ()

    @property
    def zone(self) -> ZoneInfo:
        """The clock on their wall."""
        return ZoneInfo(CITIES[self.city])

    @property
    def acts(self) -> list[tuple[datetime, str, str]]:
        """What they do: when, how it is known to the messenger, the words."""
        consent = "Согласен" if self.agrees else "Нет"
        entered = [("start", self.way), ("text", self.city), ("text", consent)]
        greeted = [(moment, "text", "Привет") for moment in self.calls]
        return [*((self.enters, *one) for one in entered), *greeted]


def residents(count: int, moments: int = 20, calls: tuple[datetime, ...] = ()) -> list[Resident]:
    """So many people, of every way and city alike; every fortieth also writes at the moments named."""
    cities, step = list(CITIES), timedelta(hours=9) / moments
    return [
        Resident(
            str(1_000 + number),
            WAYS[number % len(WAYS)],
            cities[number // len(WAYS) % len(cities)],
            OPENS + step * (number % moments),
            number % 5 != 0,
            calls if number % 40 == 0 else (),
        )
        for number in range(count)
    ]


@dataclass(frozen=True)
class Line:
    """A message: words, when, and what it is by the law; ``place`` is the letter's or the step's."""

    text: str
    at_us: int
    kind: str = ""
    lane: str = ""
    place: str = ""


class Told(Rehearsal):
    """The engine alone, which also remembers in which lane and of which kind each message is."""

    lines: list[Line]

    def _say(self, say):
        super()._say(say)
        text = say.message.text.plain
        self.lines.append(Line(text, self.now_us, say.message.kind, say.lane, say.place))


def simulated(resident: Resident, until: datetime, *, decided: bool = True) -> list[Line]:
    """What the engine alone says to the person when nothing runs from ``DOWN`` to ``UP``.

    ``decided`` tells whether what fell on ``DOWN`` was decided before the program died.
    """
    stage = entered(resident)
    down_us = microseconds(DOWN) - (not decided)
    for moment, how, words in resident.acts:
        pass_to(stage, microseconds(moment), down_us)
        stage.hear(events.Opened(words) if how == "start" else events.Typed(words))
    pass_to(stage, microseconds(until), down_us)
    return stage.lines


def stepped(resident: Resident, steps: list[tuple[datetime, timedelta]]) -> list[Line]:
    """What the engine alone says when the clock steps by so much at each of these moments."""
    stage = entered(resident)
    for _, how, words in resident.acts:
        stage.hear(events.Opened(words) if how == "start" else events.Typed(words))
    for moment, step in steps:
        stage.run_until(microseconds(moment))
        stage.now_us += step // timedelta(microseconds=1)
    return stage.lines


def entered(resident: Resident) -> Told:
    """A stage for the person, with nothing said yet."""
    loaded = project()
    stage = Told(bundle_of(loaded, loaded.project.bots["tg"]), microseconds(resident.enters))
    stage.lines = []
    return stage


def pass_to(stage: Told, moment_us: int, down_us: int) -> None:
    """Time passes, with the outage in it."""
    up_us = microseconds(UP)
    if stage.now_us <= down_us < moment_us:
        stage.run_until(down_us)
        stage.now_us = up_us
        if any(one.at_us == down_us and one.kind != "service" for one in stage.lines):
            # what was decided as the program died goes now, and the gap begins now
            stage.hear(events.LettersHeld(down_us, up_us))
    stage.run_until(moment_us)


class SlowPaper(PaperChannel):
    """Paper that notes the moment at which each message arrived."""

    def __init__(self, clock: SetClock) -> None:
        super().__init__("tg", "telegram")
        self.clock = clock
        self.arrived: dict[str, list[Line]] = defaultdict(list)

    def _deliver(self, call):
        external = super()._deliver(call)
        if call.op == "send":
            at_us = microseconds(self.clock.now())
            self.arrived[call.chat].append(Line(call.message.text.plain, at_us))
        return external


@dataclass
class Town:
    """The runtime on a real database; the people's clock, the wall's and the senders' go together."""

    database: object
    clock: SetClock = field(default_factory=lambda: SetClock(OPENS))
    loaded: object = field(default_factory=project)
    channel: SlowPaper = field(init=False)
    runner: Runner = field(init=False)
    most_ahead: int = 0

    def __post_init__(self) -> None:
        self.channel = SlowPaper(self.clock)

    async def start(self) -> None:
        """A process begins."""
        bundle = bundle_of(self.loaded, self.loaded.project.bots["tg"])
        texts = {one.hash: self.loaded.texts[name] for name, one in self.loaded.programs.items()}
        self.runner = Runner(
            self.database, Seal({"k1": bytes(32)}), self.clock, self.clock,
            {"tg": (self.channel, bundle)}, texts=texts, alone=True,
            read=lambda funnel, text: read_program(text, f"funnels/{funnel}.yaml"),
        )  # fmt: skip
        await self.runner.open()
        (sender,) = self.runner.senders.values()
        sender.pace.monotonic = self.seconds

    def seconds(self) -> float:
        """Monotonic time, as virtual as the rest."""
        return (self.clock.now() - OPENS).total_seconds() + 1e9

    async def live(self, until: datetime, acts: list[tuple[datetime, str, str, str]] = ()) -> None:
        """Live to the moment; ``acts`` are (moment, chat, how, words) in order."""
        waiting = list(acts)
        while True:
            now = self.clock.now()
            while waiting and waiting[0][0] <= now:
                _, chat, how, words = waiting.pop(0)
                self.channel.puts(who=chat, **{how: words})
            busy = await self.turn()
            if now >= until.astimezone(UTC):
                return
            ahead = [until, *(one[0] for one in waiting[:1])]
            if busy:
                ahead.append(now + timedelta(seconds=1))
            else:
                ahead += await self._dues()
            self.clock.set(min(ahead))

    async def turn(self) -> bool:
        """One second's work; whether some is left for the next one."""
        for fetcher in self.runner.fetchers.values():
            await fetcher.once()
        await self.runner.ticker.tick()
        await self.runner.player.drain()
        (sender,) = self.runner.senders.values()
        await sender.drain()
        now_us = microseconds(self.clock.now())
        due = select(func.count()).select_from(outbox).where(outbox.c.state == "queued")
        queued = (await self.database.fetch(due.where(outbox.c.due_us <= now_us)))[0][0]
        self.most_ahead = max(self.most_ahead, queued)
        timer = (await self.database.fetch(next_due()))[0].due_us
        return bool(queued) or (timer is not None and timer <= now_us)

    async def due(self) -> int:
        """How many timers are due."""
        return (await self.database.fetch(overdue(microseconds(self.clock.now()))))[0].n

    async def _dues(self) -> list[datetime]:
        later = select(func.min(outbox.c.due_us)).where(outbox.c.state == "queued")
        found = [(await self.database.fetch(next_due()))[0].due_us]
        found.append((await self.database.fetch(later))[0][0])
        return [moment_of(one) for one in found if one is not None]

    async def unread(self) -> int:
        """How many events wait to be played."""
        waiting = select(func.count()).select_from(inbox).where(inbox.c.state == "new")
        return (await self.database.fetch(waiting))[0][0]


def is_quiet(at_us: int, zone: ZoneInfo) -> bool:
    """Whether it is between ten in the evening and nine in the morning there."""
    local = moment_of(at_us).astimezone(zone)
    return NIGHT.includes(local.hour * 60 + local.minute)
