"""``split``: chance divides people between variants, once for each person."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from flows.nodes.base import Block, Move, Step, steps
from flows.reading import Reading, integer, key, name, record, source_node, table_of
from flows.shapes import shaped
from flows.source import Mapping, Node

if TYPE_CHECKING:
    from flows.problems import Mark
    from flows.scene import Scene


@dataclass(frozen=True, kw_only=True)
class Variant:
    """One of the ways; chances are as the weights."""

    mark: Mark
    node: Mapping | None = source_node()
    weight: int = key(integer, default=1)
    steps: Block = key(steps, default=())


@shaped(lambda drawing: {"anyOf": [drawing.of(steps), drawing.record(Variant)]})
def variant(node: Node, reading: Reading) -> Variant:
    """A list of steps, or a mapping with ``weight`` and ``steps``."""
    if not isinstance(node, Mapping):
        return Variant(mark=node.mark, steps=steps(node, reading))
    made = record(Variant, node, reading, mark=node.mark)
    if made.weight < 0:
        raise reading.refuse("split-weight", node.mark, weight=made.weight)
    return made


@shaped(lambda drawing: {**drawing.of(table_of(variant)), "minProperties": 2})
def variants(node: Node, reading: Reading) -> dict[str, Variant]:
    """The variants by name: two at least, and chance for one of them."""
    found: dict[str, Variant] = table_of(variant)(node, reading)
    if len(found) < 2 or not any(each.weight for each in found.values()):
        raise reading.refuse("split-variants", node.mark)
    return found


@dataclass(frozen=True, kw_only=True)
class Split(Step):
    """``split: NAME`` with ``variants``; what fell to a person stays theirs."""

    VERB = "split"

    split: str = key(name)
    variants: dict[str, Variant] = key(variants)

    def blocks(self) -> Iterator[tuple[str, Block]]:
        """The steps of every variant."""
        for each, made in self.variants.items():
            yield each, made.steps

    def enter(self, scene: Scene) -> Move:
        """Into the person's variant."""
        return Move("into", self.variant_of(scene))

    def variant_of(self, scene: Scene) -> str:
        """What fell to the person: chosen by chance the first time, remembered from then on."""
        splits, full = scene.person.splits, f"{scene.run.funnel}.{self.split}"
        if splits.get(full) not in self.variants:
            splits[full] = self.drawn(f"{scene.person.uid}:{full}")
            scene.note("split", option=splits[full], data={"split": self.split})
        return splits[full]

    def drawn(self, seed: str) -> str:
        """The variant that the seed's hash falls on."""
        total = sum(each.weight for each in self.variants.values())
        point = int.from_bytes(hashlib.sha256(seed.encode()).digest()[:8]) % total
        for each, made in self.variants.items():
            if point < made.weight:
                return each
            point -= made.weight
        raise AssertionError(self.split)
