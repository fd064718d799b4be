"""The rows of one batch of people, gathered by table and stored in one commit."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any

from storage import (
    consents,
    contacts,
    delivery,
    facts,
    inbox,
    journal,
    leads,
    messages,
    notes,
    outbox,
    people,
    recipients,
    requests,
    runs,
    timers,
)
from storage.tables import leads as leads_table
from storage.tables import messages as messages_table
from storage.tables import outbox as outbox_table
from storage.tables import runs as runs_table
from storage.work import Do, Turn

Rows = list[dict[str, Any]]


@dataclass(slots=True)
class Numbers:
    """Ids for new rows, taken at once; order of ids is order of making."""

    messages: Iterator[int]
    calls: Iterator[int]
    runs: Iterator[int]
    leads: Iterator[int]


async def numbers(turn: Turn, *, rows: int, effects: int, runs: int, leads: int) -> Numbers:
    """More ids than so many rows, effects, new runs and leads can need."""
    many = 3 * rows + 2 * effects
    return Numbers(
        iter(await turn.ids(messages_table, many)),
        iter(await turn.ids(outbox_table, many)),
        iter(await turn.ids(runs_table, runs) if runs else []),
        iter(await turn.ids(leads_table, leads) if leads else []),
    )


@dataclass(slots=True)
class Ledger:
    """Rows by table; :meth:`work` puts them in the order that their references ask for."""

    people: Rows = field(default_factory=list)
    identities: Rows = field(default_factory=list)
    new_runs: Rows = field(default_factory=list)
    runs: Rows = field(default_factory=list)
    forgotten: list[int] = field(default_factory=list)
    places: Rows = field(default_factory=list)
    messages: Rows = field(default_factory=list)
    edits: Rows = field(default_factory=list)
    calls: Rows = field(default_factory=list)
    timers: dict[tuple[int, str], dict[str, Any] | None] = field(default_factory=dict)
    facts: dict[tuple[int, str, str], dict[str, Any] | None] = field(default_factory=dict)
    contacts: Rows = field(default_factory=list)
    consents: Rows = field(default_factory=list)
    leads: list[Do] = field(default_factory=list)
    cards: Rows = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    requests: Rows = field(default_factory=list)
    journal: Rows = field(default_factory=list)
    withdrawn: dict[int, str] = field(default_factory=dict)
    recipients: Rows = field(default_factory=list)
    done: list[int] = field(default_factory=list)
    ignored: list[tuple[int, str]] = field(default_factory=list)
    dead: list[tuple[int, str]] = field(default_factory=list)

    def work(self, now_us: int) -> list[Do]:
        """All of it as one commit."""
        return [
            *self._people(),
            *self._runs(),
            *messages.add(self.messages),
            *(messages.save(self.edits) if self.edits else []),
            *outbox.add(self.calls),
            *self._withdrawals(now_us),
            *recipients.decide(self.recipients),
            *self._timers(),
            *self._facts(),
            *(contacts.put(self.contacts) if self.contacts else []),
            *consents.add(self.consents),
            *self.leads,
            *(leads.put_cards(self.cards) if self.cards else []),
            *(do for note in self.notes for do in notes.put(note, "1")),
            *(requests.add(self.requests) if self.requests else []),
            *journal.add(self.journal),
            *self._events(),
        ]

    def _people(self) -> list[Do]:
        work: list[Do] = []
        if self.people:
            work += people.save(self.people)
        if self.identities:
            work += people.save_identities(self.identities)
        return work

    def _runs(self) -> list[Do]:
        # one living run a funnel: runs that end make room for those that begin or live again
        ended_first = sorted(self.runs, key=lambda row: row["ended_us"] is None)
        ids = [row["id"] for row in (*self.runs, *self.new_runs)]
        work = [*runs.forget(self.forgotten)] if self.forgotten else []
        work += runs.save(ended_first) if ended_first else []
        work += runs.add(sorted(self.new_runs, key=lambda row: row["ended_us"] is None))
        return [*work, *runs.replace_places(ids, self.places)]

    def _withdrawals(self, now_us: int) -> list[Do]:
        work: list[Do] = []
        for reason, pairs in groupby(self.withdrawn.items(), key=lambda pair: pair[1]):
            work += delivery.withdraw([one for one, _ in pairs], now_us, reason)
        return work

    def _timers(self) -> list[Do]:
        gone = [
            {"run_id": run, "name": name} for (run, name), row in self.timers.items() if not row
        ]
        new = [row for row in self.timers.values() if row]
        return [*timers.drop(gone), *(timers.replace(new) if new else [])]

    def _facts(self) -> list[Do]:
        known = [row for row in self.facts.values() if row]
        gone = [
            {"person_id": person, "funnel": funnel, "name": name}
            for (person, funnel, name), row in self.facts.items()
            if not row
        ]
        return [*facts.put(known), *(facts.forget(gone) if gone else [])]

    def _events(self) -> list[Do]:
        work = [*inbox.finish(self.done)]
        for event_id, why in self.ignored:
            work += inbox.ignore([event_id], why)
        for event_id, error in self.dead:
            work += inbox.dead(event_id, error)
        return work
