"""``member``: whether the person is subscribed to a channel or a community."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from flows import pausing
from flows.nodes.base import Block, Move, steps
from flows.nodes.outside import OutsideStep
from flows.problems import Mark
from flows.reading import Reading, as_scalar, key, record, source_node
from flows.shapes import Drawing, Schema, shaped, written_as
from flows.source import Mapping, Node, Scalar

if TYPE_CHECKING:
    from flows.scene import Scene

CHANNEL = re.compile(r"@?[A-Za-z][A-Za-z0-9_.]{1,63}|-?[0-9]{1,20}")


@shaped(written_as(f"^({CHANNEL.pattern})$", "@my_channel", "-1001234567890", also=("integer",)))
def channel(node: Node, reading: Reading) -> str:
    """A channel's name or its number."""
    scalar = as_scalar(node, reading)
    if CHANNEL.fullmatch(scalar.text):
        return scalar.text
    raise reading.refuse("bad-channel", scalar.mark, channel=scalar.text)


@dataclass(frozen=True, kw_only=True)
class Channels:
    """The channel of each messenger."""

    mark: Mark
    node: Mapping | None = source_node()
    telegram: str = key(channel, default="")
    vk: str = key(channel, default="")


def _shape(drawing: Drawing) -> Schema:
    return {"anyOf": [drawing.of(channel), drawing.record(Channels)]}


@shaped(_shape)
def channels(node: Node, reading: Reading) -> Channels:
    """One name for every messenger, or ``{telegram: "@name", vk: 1234567}``."""
    if isinstance(node, Scalar):
        found = channel(node, reading)
        return Channels(mark=node.mark, telegram=found, vk=found)
    return record(Channels, node, reading, mark=node.mark)


@dataclass(frozen=True, kw_only=True)
class Member(OutsideStep):
    """``member: CHANNEL`` with ``then`` and ``else``; ``otherwise`` where nobody can tell."""

    VERB = "member"

    member: Channels = key(channels)
    then: Block = key(steps, default=())
    outsider: Block = key(steps, name="else", default=())

    def own_name(self) -> str:
        """After the channel."""
        named = self.member.telegram or self.member.vk
        words = re.sub(r"[^a-z0-9]+", "_", named.lower()).strip("_")
        return f"member_{words}"

    def blocks(self) -> Iterator[tuple[str, Block]]:
        """Subscribed, not subscribed, and nobody can tell."""
        yield "then", self.then
        yield "else", self.outsider
        yield "otherwise", self.otherwise

    def enter(self, scene: Scene) -> Move:
        """Ask the messenger, if it is one that can tell."""
        named = getattr(self.member, scene.bundle.channel, "")
        if not named:
            return self.failed(scene, f"{scene.bundle.channel} cannot tell")
        return pausing.request(scene, self.VERB, {"channel": named})

    def took(self, scene: Scene, result: dict[str, Any]) -> Move:
        """Into ``then`` or ``else``."""
        del scene
        return Move("into", "then" if result.get("member") else "else")
