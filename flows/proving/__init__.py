"""The proof of language.md §9: every way of a funnel, played on the engine itself."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from flows.checks.subject import Subject
from flows.problems import Problem
from flows.program import Bundle
from flows.proving.liveness import Liveness
from flows.proving.reaching import never_reached
from flows.proving.rules import Witness, of_states, of_volume
from flows.proving.search import MOST_STATES, MOST_TURNS, Search
from flows.proving.states import Eye
from flows.proving.turns import Trodden
from flows.proving.views import views_of
from flows.values import Frame

MOST_LASTING = 10
"""What may outlive a run, at most, for second visits to be looked into: each doubles the states."""
Extent = Literal["whole", "first", "part"]


@dataclass(frozen=True, slots=True)
class Proof:
    """How far a funnel was explored.

    ``extent``: the ``whole``; the ``first`` visit of a person, but not what an earlier visit left
    for the next one; or a ``part``. ``left`` counts what was seen and not looked into, ``blind``
    names the questions that no answer could be thought up for, ``unknown`` the entries, calls and
    places that the search knows no move for.
    """

    funnel: str
    file: str
    states: int
    turns: int
    extent: Extent
    left: int = 0
    blind: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()


def prove(
    subject: Subject, bundles: tuple[Bundle, ...], *, most: int = MOST_STATES
) -> tuple[Proof, list[Problem]]:
    """How far the funnel was explored, and what was found with the shortest way to it.

    ``bundles`` play this funnel alone, one for each channel it may run on.
    """
    program = subject.program
    zone = ZoneInfo(program.funnel.timezone or bundles[0].timezone)
    views = views_of(program, Frame(program.funnel.language, zone))
    if "channel" not in views.tests and "channel" not in views.exact:
        bundles = bundles[:1]
    whole = Liveness(subject.graph, views).solve()
    steps = Trodden(program.steps)
    watched = replace(program, steps=steps)
    stages = tuple(
        replace(bundle, programs={program.funnel.funnel: watched}) for bundle in bundles
    )
    witness = Witness(subject)
    since = datetime.fromisoformat(subject.today).replace(tzinfo=UTC) + timedelta(hours=9)
    search: Search | None = None
    if len(whole.always) <= MOST_LASTING:
        half = MOST_TURNS // 2
        search = Search(stages, Eye(whole, views), views, witness.see, since, most, half).run()
    extent: Extent = "whole"
    if search is None or search.exhausted:
        extent = "first"
        once = Liveness(subject.graph, views, once=True).solve()
        search = Search(stages, Eye(once, views), views, witness.see, since, most).run()
    if not search.proved:
        extent = "part"
    found = [*witness.found.values(), *of_states(subject, search), *of_volume(subject, search)]
    if extent != "part":
        found += never_reached(subject, views, steps.seen, witness.sent)
    proof = Proof(
        program.funnel.funnel,
        program.funnel.mark.file,
        len(search.states()),
        search.turns,
        extent,
        search.left,
        tuple(sorted(search.moves.blind)),
        tuple(sorted(search.moves.unknown)),
    )
    return proof, found


__all__ = ["Proof", "prove"]
