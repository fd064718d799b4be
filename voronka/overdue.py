"""What would begin at once if the hold ended now: told before a person decides (R61)."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from bots.clocks import moment_of
from bots.loading import STATE
from flows.late import verdict
from flows.lettering import kind_of
from flows.loading import read_program
from flows.program import Program
from flows.state import SeriesRun, run_from_json
from storage import hold, programs
from storage.hold import Hold, Lost
from storage.outbox import Lane
from storage.seal import Seal, SealBroken
from storage.work import Database, Row
from voronka.speech import Speech

PAGE = 2_000
MOST = 20_000
"""Letters that are looked at one by one; a summary of more would take minutes."""
_LANES = {
    Lane.ACK: ("отклики", "acks"),
    Lane.REPLY: ("ответы", "replies"),
    Lane.LETTER: ("письма", "letters"),
    Lane.BROADCAST: ("рассылки", "broadcasts"),
    Lane.TEAM: ("командам", "to teams"),
}
_FATES = {
    "send": ("уйдут", "will go"),
    "late": ("пропустятся: опоздали", "skipped as late"),
    "sent": ("не повторятся: возможно, уже ушли", "not repeated: perhaps they were sent"),
    "unknown": ("решит программа", "the program decides"),
}


@dataclass(slots=True)
class Letters:
    """Overdue letters: how many of each place end how."""

    fates: dict[str, Counter[str]] = field(default_factory=dict)
    total: int = 0

    def add(self, place: str, fate: str) -> None:
        """Count one."""
        self.fates.setdefault(place, Counter())[fate] += 1
        self.total += 1


def told_since(us: int, say: Speech) -> str:
    """A moment as an operator reads it; a word when nobody knows it."""
    if not us:
        return say("неизвестного времени", "an unknown moment")
    return f"{moment_of(us).astimezone():%Y-%m-%d %H:%M:%S}"


async def told_overdue(
    database: Database, seal: Seal, now_us: int, held: Hold | None, say: Speech
) -> list[str]:
    """What waits, a line each; as an older copy when the hold says that it is one."""
    lost_us = held.lost_until_us if held is not None and held.is_older else 0
    return await told_waiting(database, seal, now_us, Lost(lost_us), say)


async def told_waiting(
    database: Database, seal: Seal, now_us: int, lost: Lost, say: Speech
) -> list[str]:
    """The same; what another life (``lost``) has perhaps sent is not sent again."""
    letters = await overdue_letters(database, seal, now_us, lost)
    waits = (await database.fetch(hold.waiting(now_us)))[0]
    queue = await database.fetch(hold.queued())
    going = await database.fetch(hold.going_broadcasts(now_us))
    lines = [say(f"Писем просрочено: {letters.total}", f"Letters overdue: {letters.total}")]
    for place, fates in sorted(letters.fates.items()):
        told = ", ".join(f"{say(*_FATES[name])} {n}" for name, n in sorted(fates.items()))
        lines.append(f"  {place} — {told}")
    others = max(0, waits.timers - letters.total)
    lines += [
        say(f"Других таймеров просрочено: {others}", f"Other timers overdue: {others}"),
        _told_queue(queue, lost, say),
        say(f"Непрочитанных событий: {waits.unread}", f"Unread events: {waits.unread}"),
        say(
            f"Запросов наружу ждут: {waits.requests} (повторятся с тем же ключом)",
            f"Requests that wait: {waits.requests} (repeated with the same key)",
        ),
    ]
    if going:
        named = ", ".join(row.name for row in going)
        lines.append(
            say(f"Рассылки остановятся: {named}", f"Broadcasts that will stop: {named}")
            if lost.until_us
            else say(f"Рассылки продолжатся: {named}", f"Broadcasts that go on: {named}")
        )
    return lines


def _told_queue(queue: list[Row], lost: Lost, say: Speech) -> str:
    lanes: Counter[Lane] = Counter()
    for row in queue:
        lanes[Lane(row.lane)] += row.n
    if not lanes:
        return say("В очереди отправки: 0", "Queued to be sent: 0")
    told = ", ".join(f"{say(*_LANES[lane])} {n}" for lane, n in sorted(lanes.items()))
    fate = (
        say("отзовутся: возможно, уже ушли", "taken back: perhaps they were sent")
        if lost.until_us
        else say("уйдут", "will go")
    )
    return say(f"В очереди отправки: {told} — {fate}", f"Queued to be sent: {told} — {fate}")


async def overdue_letters(database: Database, seal: Seal, now_us: int, lost: Lost) -> Letters:
    """Every overdue letter with what its `late` rule will make of it now."""
    found, shelf, last = Letters(), _Shelf(database), 0
    now = moment_of(now_us)
    while found.total < MOST:
        page = await database.fetch(hold.due_letters(now_us, last, PAGE))
        if not page:
            break
        await shelf.supply(page)
        for row in page:
            place, fate = _fate(seal, shelf.known.get(row.program_id), row, now, lost)
            found.add(f"{row.funnel} · {place}", fate)
        last = page[-1].id
    return found


class _Shelf:
    """Programs of the runs, read from what is stored."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self.known: dict[int, Program | None] = {}

    async def supply(self, page: list[Row]) -> None:
        """Read those that are not known yet."""
        wanted = {row.program_id for row in page} - self.known.keys()
        rows = await self._database.fetch(programs.texts(sorted(wanted))) if wanted else []
        self.known.update({row.id: read_program(row.text, f"{row.funnel}.yaml") for row in rows})


def _fate(
    seal: Seal, program: Program | None, row: Row, now: datetime, lost: Lost
) -> tuple[str, str]:
    """The letter's place and what becomes of it."""
    name = str(row.name).removeprefix("series:")
    try:
        state: dict[str, Any] = seal.open_json(STATE, row.state_sealed)
    except SealBroken:
        return name, "unknown"
    series = run_from_json(state).series.get(name)
    letters = program.funnel.series.get(name) if program else None
    letter = letters.letter(series.letter) if letters and series else None
    if series is None or letter is None:
        return name, "unknown"
    place = f"{name}.{letter.id}"
    if _is_lost(series, lost) and (lost.letters or kind_of(letter) == "advertising"):
        return place, "sent"
    due = moment_of(max(series.due_us or 0, series.excused_us))
    going = verdict(letter.late_rule, due=due, now=now, at_entry=False) == "send"
    return place, "send" if going else "late"


def _is_lost(series: SeriesRun, lost: Lost) -> bool:
    return series.planned_us is not None and series.planned_us <= lost.until_us
