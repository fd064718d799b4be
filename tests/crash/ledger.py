"""The checker: what arrived and what is stored, held against what the engine alone would have said."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, time
from zoneinfo import ZoneInfo

from flows.effects import CaptureLead
from tests.crash.books import Booked, Books
from tests.crash.messengers import TG_TEAM, VK_TEAM, Delivered
from tests.crash.people import Person
from tests.crash.reference import Line, Reference
from tests.crash.story import Story

HOME = ZoneInfo("Europe/Moscow")
QUIET = (time(22), time(9))
FINAL = {"sent", "doubtful", "expired", "withdrawn"}
_ADDRESS = re.compile(r"\s*\(?https?://\S+")


@dataclass
class Evidence:
    """Everything that the ledger looks at."""

    story: Story
    people: Sequence[Person]
    ways: dict[str, Reference]
    delivered: list[Delivered]
    books: Books
    acts: Counter[str]
    spoke: dict[tuple[str, int], int]
    sheet: list[dict[str, str]]


@dataclass
class Verdict:
    """`problems` are broken promises; `figures` are counts for the record."""

    problems: list[str] = field(default_factory=list)
    figures: Counter[str] = field(default_factory=Counter)

    def add(self, rule: str, who: str, what: object) -> None:
        """Write a broken promise down."""
        self.problems.append(f"{rule}: {who}: {what}")

    @property
    def rules(self) -> set[str]:
        """The rules that were broken."""
        return {problem.split(":", 1)[0] for problem in self.problems}


def judged(evidence: Evidence) -> Verdict:
    """All rules, one after another."""
    verdict = Verdict()
    verdict.figures["messages"] = len(evidence.delivered)
    told: dict[str, list[Delivered]] = {one.key: [] for one in evidence.people}
    for one in evidence.delivered:
        told.setdefault(one.key, []).append(one)
    whole = {
        one.key for one in evidence.people if _conversation(verdict, evidence, one, told[one.key])
    }
    _strangers(verdict, evidence)
    _updates(verdict, evidence)
    _quiet(verdict, evidence)
    _leads(verdict, evidence, whole)
    _cards(verdict, evidence)
    _leftovers(verdict, evidence.books)
    _sheet(verdict, evidence)
    return verdict


# --- messages ---------------------------------------------------------------------------------


def _conversation(
    verdict: Verdict, evidence: Evidence, person: Person, told: list[Delivered]
) -> bool:
    """Exactly the reference's messages, in its order and at its moments; whether all of them came."""
    lines = evidence.ways[person.key].lines
    doubts = evidence.books.doubts.get(person.key, Counter())
    reached = repeats = 0
    for one in told:
        if reached < len(lines) and _same(one, lines[reached]):
            reached += 1
        elif any(_same(one, line) for line in lines[:reached][-1:]):
            repeats += 1
        else:
            awaited = lines[reached].text if reached < len(lines) else "nothing"
            verdict.add("order", person.key, f"{one.text!r} where {awaited!r} is awaited")
            return False
    _repeats(verdict, person.bot, person.key, repeats, doubts["resend"])
    if reached == len(lines):
        return True
    lost = lines[reached]
    if lost.kind == "advertising" and doubts["skip"]:
        verdict.figures["unsent but journalled"] += 1
    else:
        verdict.add("lost", person.key, lost.text)
    return False


def _same(one: Delivered, line: Line) -> bool:
    return (_bare(one.text), one.at_us) == (_bare(line.text), line.at_us) and (
        not one.labels or one.labels == line.labels
    )


def _bare(text: str) -> str:
    """The words alone: VK writes a link's address beside them."""
    return " ".join(_ADDRESS.sub("", text).split())


def _repeats(verdict: Verdict, bot: str, who: str, repeats: int, allowed: int) -> None:
    """VK knows repeats; on Telegram each must be journalled as sent again after a doubt."""
    verdict.figures[f"{bot} duplicates"] += repeats
    verdict.figures[f"{bot} doubtful resent"] += allowed
    if repeats > (0 if bot == "vk" else allowed):
        verdict.add("twice", who, f"{repeats} repeats, {allowed} journalled")


def _strangers(verdict: Verdict, evidence: Evidence) -> None:
    known = {one.key for one in evidence.people} | {f"tg:{TG_TEAM}", f"vk:{VK_TEAM}"}
    for one in evidence.delivered:
        if one.key not in known:
            verdict.add("stranger", one.key, one.text)


def _updates(verdict: Verdict, evidence: Evidence) -> None:
    """What people did is stored once each, and nothing is dead."""
    for person in evidence.people:
        did, stored = evidence.acts[person.key], evidence.books.updates[person.key]
        verdict.figures["updates"] += stored
        if stored != did:
            verdict.add("updates", person.key, f"{did} happened, {stored} are stored")


def _quiet(verdict: Verdict, evidence: Evidence) -> None:
    """At night only those are written to who spoke before, at that very moment."""
    people = {one.key for one in evidence.people}
    for number, one in enumerate(evidence.delivered):
        at = datetime.fromtimestamp(one.at_us / 1_000_000, UTC).astimezone(HOME).time()
        night = at >= QUIET[0] or at < QUIET[1]
        asked = number >= evidence.spoke.get((one.key, one.at_us), number + 1)
        if one.key in people and night and not asked:
            verdict.add("quiet hours", one.key, f"{at}: {one.text}")


# --- leads ------------------------------------------------------------------------------------


def _leads(verdict: Verdict, evidence: Evidence, whole: set[str]) -> None:
    """One lead for everybody who was told everything, with their own answers."""
    stored: dict[str, list[Booked]] = {}
    for lead in evidence.books.leads:
        stored.setdefault(lead.key, []).append(lead)
    verdict.figures["leads"] = len(evidence.books.leads)
    for person in evidence.people:
        found = stored.get(person.key, [])
        wanted = evidence.ways[person.key].leads
        if len(found) != (len(wanted) if person.key in whole else 0):
            verdict.add(
                "leads", person.key, f"{len(found)} stored, {len(wanted)} in the reference"
            )
        elif found and _told(found[0]) != _meant(wanted[0]):
            verdict.add("answers", person.key, f"{_told(found[0])} != {_meant(wanted[0])}")


def _told(lead: Booked) -> tuple[object, ...]:
    return lead.title, lead.team, lead.source, lead.link, lead.answers


def _meant(lead: CaptureLead) -> tuple[object, ...]:
    return lead.title, lead.team, lead.source, lead.link, tuple(lead.answers)


def _cards(verdict: Verdict, evidence: Evidence) -> None:
    """In each team chat one card a lead; Telegram's repeats are journalled."""
    names = {one.key: one.first_name for one in evidence.people}
    leads = Counter(names[one.key] for one in evidence.books.leads)
    for bot, chat in (("tg", TG_TEAM), ("vk", VK_TEAM)):
        texts = [one.text for one in evidence.delivered if one.key == f"{bot}:{chat}"]
        shown = Counter(_named(texts))
        for name in leads.keys() - shown.keys():
            verdict.add("card lost", f"{bot} {name}", "no card")
        extra = sum((shown - leads).values())
        resent = evidence.books.team_doubts["resend"]
        _repeats(verdict, bot, "the team", extra, resent if bot == "tg" else 0)


def _named(texts: Iterable[str]) -> list[str]:
    found = (re.search(r"Лена\d{4}", text) for text in texts)
    return [name[0] for name in found if name]


# --- the rest ---------------------------------------------------------------------------------


def _leftovers(verdict: Verdict, books: Books) -> None:
    """Nothing waits, nothing failed, no event is dead."""
    for state, count in books.events.items():
        if state not in {"done", "ignored"}:
            verdict.add("events", state, count)
    for state, count in books.calls.items():
        verdict.figures[state] += count
        if state.split()[1] not in FINAL:
            verdict.add("calls", state, count)
    if books.timers:
        verdict.add("timers", "left", books.timers)


def _sheet(verdict: Verdict, evidence: Evidence) -> None:
    """The exported table read back holds the leads of the database, every one once."""
    labels = evidence.story.answers
    wanted = Counter(_row(lead, labels) for lead in evidence.books.leads)
    found = Counter(
        (
            int(row["№"]),
            *(row[head] or "" for head in ("Заявка", "Команда", "Источник")),
            *(row[label] or "" for label in labels),
        )
        for row in evidence.sheet
    )
    for row in (wanted - found).keys() | (found - wanted).keys():
        verdict.add("sheet", str(row[0]), row)


def _row(lead: Booked, labels: Iterable[str]) -> tuple[object, ...]:
    answers = {label: shown for _, label, shown in lead.answers}
    told = tuple(answers.get(label, "") for label in labels)
    return (lead.id, lead.title, lead.team, lead.source, *told)
