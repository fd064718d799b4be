"""What a broadcast would do, counted on the real database by the engine itself; nothing is sent."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from bots.broadcast_lists import Candidate, page_of, turn_of
from bots.clocks import microseconds
from bots.rates import RATES
from flows.broadcasts.file import Broadcast
from flows.broadcasts.times import planned_in
from flows.broadcasts.trial import Sample, sample_of, tried
from flows.copying import copy_of
from flows.program import Bundle
from flows.state import Conversation
from storage.seal import Seal
from storage.work import Database


@dataclass(slots=True)
class Preview:
    """Everybody who fits, by bot and zone ("" where it is not known) and by what becomes of them.

    ``prompt`` would get it at its moment, ``later`` afterwards and ``skipped`` never, by reasons;
    ``first`` and ``final`` are the earliest and the latest moment that the file means.
    """

    people: Counter[tuple[str, str]] = field(default_factory=Counter)
    prompt: int = 0
    later: Counter[str] = field(default_factory=Counter)
    skipped: Counter[str] = field(default_factory=Counter)
    by_bot: Counter[str] = field(default_factory=Counter)
    channels: dict[str, str] = field(default_factory=dict)
    first: datetime | None = None
    final: datetime | None = None
    sample: Sample | None = None

    @property
    def total(self) -> int:
        """Everybody who fits."""
        return self.people.total()

    @property
    def reached(self) -> int:
        """Everybody who would get it, sooner or later."""
        return self.prompt + self.later.total()

    def seconds(self, rate_us: int) -> float:
        """How long sending takes: bots send side by side, a rate of the file's own counts them all."""
        slowest = max(
            (n / RATES.get(self.channels[bot], 1_000.0) for bot, n in self.by_bot.items()),
            default=0.0,
        )
        return max(slowest, self.reached * rate_us / 1_000_000)


async def counted(
    database: Database,
    seal: Seal,
    broadcast: Broadcast,
    bundles: Mapping[int, Bundle],
    now: datetime,
) -> Preview:
    """Try the broadcast on everybody who fits it now."""
    preview = Preview(channels={one.bot: one.channel for one in bundles.values()})
    after, last = 0, False
    while not last:
        page = await page_of(database, seal, broadcast, bundles, after=after, now=now)
        for one in page.people:
            _try(preview, broadcast, one, bundles[one.bot_id], now)
        after, last = page.after, page.last
    return preview


def _try(
    preview: Preview, broadcast: Broadcast, one: Candidate, bundle: Bundle, now: datetime
) -> None:
    planned = planned_in(broadcast, one.person.zone, bundle.timezone, now)
    moment = max(planned, now)
    preview.people[bundle.bot, one.person.zone] += 1
    preview.first = min(moment, preview.first or moment)
    preview.final = max(moment, preview.final or moment)
    kept = copy_of(Conversation(one.person, one.runs))
    turn = turn_of(broadcast, one, bundle, microseconds(planned), microseconds(moment))
    decided = tried(turn)
    if decided.outcome == "skipped":
        preview.skipped[decided.reason] += 1
        return
    preview.by_bot[bundle.bot] += 1
    if decided.outcome == "later":
        preview.later[decided.reason] += 1
    else:
        preview.prompt += 1
    if preview.sample is None:
        shown = Candidate(one.identity_id, one.bot_id, kept.person, kept.runs)
        again = turn_of(broadcast, shown, bundle, microseconds(planned), microseconds(moment))
        preview.sample = sample_of(again, broadcast)
