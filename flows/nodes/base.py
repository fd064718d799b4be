"""What every step of a flow is: a mark, maybe a place's name, maybe nested steps, and `enter`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar, Literal

from flows.problems import Mark, closest
from flows.reading import NAME, NOT_BUILT, Reading, Unread, as_sequence, each, record, source_node
from flows.shapes import shaped
from flows.source import Mapping, Node, Scalar, Sequence

if TYPE_CHECKING:
    from datetime import datetime

    from flows.scene import Scene


@dataclass(frozen=True, slots=True)
class Move:
    """Where the play goes after a step.

    ``below`` the step; ``into`` its nested block ``target``; to ``rest`` here; to ``end``; ``go``
    to a flow or place ``target``; ``call`` the flow ``target`` and come back.
    """

    kind: Literal["below", "into", "rest", "end", "go", "call"]
    target: str = ""


BELOW = Move("below")
REST = Move("rest")
END = Move("end")


@dataclass(frozen=True, kw_only=True)
class Step:
    """One step; a node type adds its keys, `blocks` and `enter`."""

    VERB: ClassVar[str] = ""
    RESTS: ClassVar[bool] = False

    mark: Mark
    node: Mapping | None = source_node()

    def blocks(self) -> Iterator[tuple[str, Block]]:
        """Nested steps under stable names."""
        yield from ()

    def place(self) -> str:
        """The name a prospect can rest at; empty for steps that nobody rests at."""
        return ""

    def enter(self, scene: Scene) -> Move:
        """Play the step."""
        raise AssertionError(self.VERB)

    def wakes(self, scene: Scene, since: datetime) -> datetime | None:
        """When a play that stands still here since then goes on by itself; None: it does not."""
        del scene, since
        return None

    def came_true(self, scene: Scene) -> Move | None:
        """Where a play that stands still here goes at once, now that something changed."""
        del scene
        return None

    def timed_out(self, scene: Scene) -> Move:
        """Where a play that stood still here goes when its time is over."""
        del scene
        return BELOW

    def told(self, scene: Scene, result: dict[str, Any]) -> Move:
        """Where the play goes with the answer to the outside call that it made here."""
        del scene, result
        return BELOW


_TARGET = re.compile(r"[a-z][a-z0-9_.]*")
Block = tuple[Step, ...]


@dataclass(slots=True)
class Registry:
    """The node types by their verb; `flows/nodes/__init__.py` fills it."""

    verbs: dict[str, type[Step]] = field(default_factory=dict)
    not_built: frozenset[str] = frozenset()


REGISTRY = Registry()


@shaped(lambda drawing: {"type": ["array", "null"], "items": drawing.step()})
def steps(node: Node, reading: Reading) -> Block:
    """A block: a list of steps."""
    return tuple(each(as_sequence(node, reading), step, reading))


@shaped(lambda drawing: drawing.step())
def step(node: Node, reading: Reading) -> Step:
    """One step: a text is a ``say``, a bare verb like ``end`` stands alone."""
    if isinstance(node, Scalar):
        return _bare(node, reading)
    if isinstance(node, Sequence):
        raise reading.refuse("step-is-list", node.mark)
    return step_of(node, reading)


def _bare(node: Scalar, reading: Reading) -> Step:
    from flows.nodes.say import Say

    if node.plain and node.text == "end":
        return REGISTRY.verbs["end"](mark=node.mark)
    if node.plain and node.text in {*REGISTRY.verbs, *REGISTRY.not_built} - {"say"}:
        raise reading.refuse("bare-verb", node.mark, verb=node.text)
    verb, _, rest = node.text.partition(" ")
    if node.plain and verb in REGISTRY.verbs and _TARGET.fullmatch(rest):
        raise reading.refuse("verb-without-colon", node.mark, text=node.text, verb=verb, rest=rest)
    wrapped = Mapping(node.mark, ((Scalar(node.mark, "say"), node),))
    return record(Say, wrapped, reading, mark=node.mark)


def step_of(node: Mapping, reading: Reading, extra: tuple[str, ...] = ()) -> Step:
    """The step that a mapping means: exactly one verb."""
    cls = REGISTRY.verbs[verb_of(node, reading)]
    return record(cls, node, reading, extra=extra, mark=node.mark)


def verb_of(node: Mapping, reading: Reading) -> str:
    """The mapping's verb; ``say`` is one only where no other stands."""
    keys = [key for key, _ in node]
    found = [key for key in keys if key.text in REGISTRY.verbs and key.text != "say"]
    waiting = [key for key in keys if key.text in REGISTRY.not_built]
    if waiting and not found:
        raise reading.refuse("not-built-yet", waiting[0].mark, key=waiting[0].text)
    if len(found) > 1:
        raise reading.refuse("two-verbs", found[1].mark, first=found[0].text, second=found[1].text)
    if found and found[0].text == "end":
        raise reading.refuse("end-alone", found[0].mark)
    if found:
        return found[0].text
    if any(key.text == "say" for key in keys):
        return "say"
    raise _no_verb(node, reading)


def _no_verb(node: Mapping, reading: Reading) -> Unread:
    verbs = sorted({*REGISTRY.verbs, *REGISTRY.not_built})
    for key, _ in node:
        close = closest(key.text, verbs)
        if close:
            return reading.refuse("unknown-verb", key.mark, key=key.text, close=close)
    first = next((key for key, _ in node), None)
    if first is not None and not NAME.fullmatch(first.text):
        return reading.refuse("yaml-colon", first.mark)
    return reading.refuse("no-verb", node.mark, verbs=", ".join(sorted(REGISTRY.verbs)))


__all__ = [
    "BELOW", "END", "NOT_BUILT", "REGISTRY", "REST", "Block", "Move", "Step", "step", "step_of",
    "steps",
]  # fmt: skip
