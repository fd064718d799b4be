"""The steps of a flow in a row, and which old one is which new one."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any

from flows.changes.content import content
from flows.nodes.ask import Ask
from flows.nodes.base import Step
from flows.nodes.branches import Match
from flows.program import Program

ALIKE = 0.5
"""How much of two texts must be the same words for one to be a new wording of the other."""
TEXTS = ("say", "ask", "lead", "notify", "tag", "if")


@dataclass(frozen=True, slots=True)
class Row:
    """A step: ``place`` is its full name if it has one, ``near`` the last place above it,
    else the flow.

    ``inside`` tells in which branch of which step it stands.
    """

    step: Step
    place: str
    near: str
    inside: tuple[str, str]
    says: dict[str, Any]

    @property
    def verb(self) -> str:
        """The step's verb."""
        return self.step.VERB

    @property
    def text(self) -> str:
        """What best tells the step."""
        for key in (*TEXTS, self.verb):
            if key in self.says:
                value = self.says[key]
                return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
        return ""

    @property
    def token(self) -> str:
        """What is the same in both versions as long as the step is."""
        return self.place or json.dumps([self.verb, self.says], ensure_ascii=False, sort_keys=True)


Pair = tuple[Row | None, Row | None]


def rows_of(program: Program, flow: str) -> list[Row]:
    """All steps of a flow or a letter in the order of the file."""
    found: list[Row] = []
    near = flow
    for address, laid in program.steps.items():
        if laid.flow != flow:
            continue
        place = program.names.get(address, "")
        inside = _inside(program, address)
        found.append(Row(laid.step, place, near, inside, content(laid.step)))
        near = place or near
    return found


def _inside(program: Program, address: str) -> tuple[str, str]:
    """The step around it by name or verb, and the branch by its words."""
    parts = address.rsplit(".", 2)
    if len(parts) < 3 or parts[0] not in program.steps:
        return "", ""
    around, block = program.steps[parts[0]].step, parts[1]
    return program.names.get(parts[0], around.VERB), _branch(around, block)


def _branch(step: Step, block: str) -> str:
    if isinstance(step, Ask) and block.startswith("option"):
        return step.options[int(block.removeprefix("option"))].text.source
    if isinstance(step, Match) and block.startswith("case"):
        return list(step.cases)[int(block.removeprefix("case"))]
    return block


def paired(old: list[Row], new: list[Row]) -> list[Pair]:
    """Each old step with its new self; None where there is no other.

    Places are the same by name, other steps by what they say, then by similar words of one verb.
    """
    names = {row.place: row for row in new if row.place}
    pairs: list[Pair] = [(row, names[row.place]) for row in old if row.place in names]
    left = [row for row in old if row.place not in names]
    taken = {id(now) for _, now in pairs}
    right = [row for row in new if id(row) not in taken]
    for match in (_same, _alike):
        found = [*match(left, right)]
        pairs += found
        gone, come = {id(was) for was, _ in found}, {id(now) for _, now in found}
        left = [row for row in left if id(row) not in gone]
        right = [row for row in right if id(row) not in come]
    pairs += [(row, None) for row in left]
    pairs += [(None, row) for row in right]
    return pairs


def _same(old: list[Row], new: list[Row]) -> Iterator[tuple[Row, Row]]:
    """Steps that say the same, in order first, then wherever they stand."""
    matcher = SequenceMatcher(None, [r.token for r in old], [r.token for r in new], autojunk=False)
    seen: set[int] = set()
    for block in matcher.get_matching_blocks():
        for was, now in zip(
            old[block.a :][: block.size], new[block.b :][: block.size], strict=True
        ):
            seen |= {id(was), id(now)}
            yield was, now
    rest = [row for row in new if id(row) not in seen]
    for was in (row for row in old if id(row) not in seen):
        other = next((row for row in rest if row.token == was.token), None)
        if other is not None:
            rest.remove(other)
            yield was, other


def _alike(old: list[Row], new: list[Row]) -> Iterator[tuple[Row, Row]]:
    """Steps of one verb with similar words: a new wording, or a place under another name."""
    free = list(new)
    for was in old:
        fits = [row for row in free if row.verb == was.verb and bool(row.place) == bool(was.place)]
        best = max(fits, key=lambda row: alike(was.text, row.text), default=None)
        if best is not None and alike(was.text, best.text) >= (0.8 if was.place else ALIKE):
            free.remove(best)
            yield was, best


def alike(one: str, two: str) -> float:
    """How much of two texts is the same words, from 0 to 1."""
    if one == two:
        return 1.0
    return SequenceMatcher(None, one.split(), two.split(), autojunk=False).ratio()
