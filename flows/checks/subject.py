"""What a check looks at: a funnel's program, the project around it, and what is known of both."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from flows.checks.graph import Graph, graph_of
from flows.marking import KNOWN_NAMES
from flows.nodes.base import Step
from flows.problems import Mark
from flows.program import Laid, Program
from flows.project import Bot, Project
from flows.source import Mapping, Node, Scalar, Sequence


@dataclass(frozen=True)
class Subject:
    """A funnel that is being checked; ``project`` is None when its file cannot be used.

    ``sizes`` are those of the files that lie beside the funnel, in bytes by their path from there.
    """

    program: Program
    project: Project | None
    today: str
    explain: bool = False
    sizes: dict[str, int] = field(default_factory=dict)

    @cached_property
    def names(self) -> frozenset[str]:
        """Every name that a text or a condition may use."""
        return KNOWN_NAMES | self.fields

    @cached_property
    def fields(self) -> frozenset[str]:
        """Every field, those of steps that could not be read too."""
        node = self.program.funnel.node
        return frozenset(self.program.fields).union(_saved_in(node) if node else ())

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
        """The steps of these kinds (of all, when none is named): flows, then letters."""
        return (laid.step for laid in self.laid(*kinds))

    def laid(self, *kinds: type[Step]) -> Iterator[Laid]:
        """The same with their addresses."""
        wanted = kinds or (Step,)
        return (laid for laid in self.program.steps.values() if isinstance(laid.step, wanted))


def _saved_in(node: Node) -> Iterator[str]:
    """The names under ``save``, ``set``, ``add`` and ``fields`` anywhere in a file."""
    if isinstance(node, Sequence):
        for item in node.items:
            yield from _saved_in(item)
    if isinstance(node, Mapping):
        for key, value in node:
            if key.text == "save" and isinstance(value, Scalar):
                yield value.text
            if key.text in {"set", "add", "fields", "save"} and isinstance(value, Mapping):
                yield from (name.text for name, _ in value)
            yield from _saved_in(value)


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
