"""``code``: a one-time promo code of a pool or of a pattern."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from flows import pausing
from flows.lettering import moment_of
from flows.nodes.base import BELOW, Block, Move
from flows.nodes.outside import OutsideStep
from flows.reading import Reading, as_scalar, key, name
from flows.shapes import shaped, written_as
from flows.source import Node
from flows.timing_keys import duration

if TYPE_CHECKING:
    from flows.scene import Scene

PATTERN = re.compile(r"[A-Za-z0-9А-Яа-яЁё_-]*#[A-Za-z0-9А-Яа-яЁё_#-]*")
MOST = 64


@shaped(written_as(f"^{PATTERN.pattern}$", "EAT-####"))
def pattern(node: Node, reading: Reading) -> str:
    """How codes look: every ``#`` is a digit."""
    scalar = as_scalar(node, reading)
    if PATTERN.fullmatch(scalar.text) and len(scalar.text) <= MOST:
        return scalar.text
    raise reading.refuse("code-pattern", scalar.mark, pattern=scalar.text)


def used_event(field: str) -> str:
    """The event that happens when the field's code is redeemed."""
    return f"{field}_used"


def end_field(field: str) -> str:
    """The field with the moment until which the code is valid."""
    return f"{field}_until"


@dataclass(frozen=True, kw_only=True)
class Code(OutsideStep):
    """``code: FIELD`` with ``pool`` or ``pattern``, and ``valid``."""

    VERB = "code"

    code: str = key(name)
    pool: str = key(name, default="")
    pattern: str = key(pattern, default="")
    valid: int | None = key(duration, default=None)

    def own_name(self) -> str:
        """After the field."""
        return f"code_{self.code}"

    def blocks(self) -> Iterator[tuple[str, Block]]:
        """What follows when there are no codes left."""
        yield "otherwise", self.otherwise

    def gives(self) -> frozenset[str]:
        """The code, and the moment of its end."""
        return frozenset([self.code, *([end_field(self.code)] if self.valid else [])])

    def enter(self, scene: Scene) -> Move:
        """Ask for a code; a valid one that was not used is given again."""
        body: dict[str, Any] = {"field": self.code, "valid_us": self.valid}
        body["pool"] = self.pool or f"{scene.run.funnel}.{self.code}"
        body["pattern"] = self.pattern
        return pausing.request(scene, self.VERB, body)

    def took(self, scene: Scene, result: dict[str, Any]) -> Move:
        """Below with the code in its field."""
        scene.save(self.code, str(result["code"]))
        if self.valid:
            until_us = result.get("until_us")
            end = moment_of(int(until_us)).isoformat() if until_us else None
            scene.save(end_field(self.code), end)
        return BELOW
