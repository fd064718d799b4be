"""What a check looks at: a funnel's program, the project around it, and what is known of both."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from flows.checks.graph import Graph, graph_of
from flows.marking import KNOWN_NAMES
from flows.nodes.base import Step
from flows.problems import Mark
from flows.program import Laid, Program
from flows.project import Bot, Project
from flows.source import Mapping, Scalar, Sequence


@dataclass(frozen=True)
class Subject:
    """A funnel that is being checked; ``project`` is None when its file cannot be used."""

    program: Program
    project: Project | None
    today: str
    explain: bool = False

    @cached_property
    def names(self) -> frozenset[str]:
        """Every name that a text or a condition may use."""
        return KNOWN_NAMES | self.program.fields

    @cached_property
    def bots(self) -> tuple[Bot, ...]:
        """The bots that play the funnel."""
        found = self.project.bots.values() if self.project else ()
        return tuple(bot for bot in found if self.program.funnel.funnel in bot.funnels)

    @cached_property
    def channels(self) -> tuple[str, ...]:
        """The channels of those bots, each once."""
        return tuple(dict.fromkeys(bot.channel for bot in self.bots))

    @cached_property
    def graph(self) -> Graph:
        """Every way a play can go, with what is true on it."""
        return graph_of(self.program)

    def steps(self, *kinds: type[Step]) -> Iterator[Any]:
        """The steps of these kinds in the order of the file's flows, then its letters."""
        return (laid.step for laid in self.laid(*kinds))

    def laid(self, *kinds: type[Step]) -> Iterator[Laid]:
        """The same with their addresses."""
        return (laid for laid in self.program.steps.values() if isinstance(laid.step, kinds))


def at(record: Any, key: str, name: str = "") -> Mark:
    """Where a record's value stands: under ``key``, or ``name`` in the table or list there."""
    node = record.node.get(key) if record.node else None
    if node is None:
        return record.mark  # type: ignore[no-any-return]
    inner: tuple[Any, ...] = ()
    if name and isinstance(node, Mapping):
        inner = tuple(scalar for scalar, _ in node)
    elif name and isinstance(node, Sequence):
        inner = node.items
    named = (item.mark for item in inner if isinstance(item, Scalar) and item.text == name)
    return next(named, node.mark)
