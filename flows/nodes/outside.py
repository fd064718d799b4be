"""Steps that ask the world outside and stand still until it answers."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from flows.nodes.base import BELOW, Block, Move, Step, steps
from flows.reading import Reading, as_scalar, key, name
from flows.shapes import shaped, written_as
from flows.source import Node
from flows.values import MAX_TEXT, is_empty

if TYPE_CHECKING:
    from flows.scene import Scene

PATH = re.compile(r"[^\s.{}]+(\.[^\s.{}]+)*")
NUMBERS = frozenset({"number", "integer"})


@shaped(written_as(r"^[^\s.{}]+(\.[^\s.{}]+)*$", "data.total", "items.0.name", also=("integer",)))
def json_path(node: Node, reading: Reading) -> str:
    """Where a value stands in JSON: keys and numbers of items with dots between them."""
    scalar = as_scalar(node, reading)
    if PATH.fullmatch(scalar.text):
        return scalar.text
    raise reading.refuse("bad-json-path", scalar.mark, written=scalar.text)


@dataclass(frozen=True, kw_only=True)
class OutsideStep(Step):
    """A call outside. Its place is its ``id``, else a name of its own."""

    RESTS: ClassVar[bool] = True

    id: str = key(name, default="")
    otherwise: Block = key(steps, default=())

    def place(self) -> str:
        """What the person stands at while the answer is awaited."""
        return self.id or self.own_name()

    def own_name(self) -> str:
        """The name without ``id``: the same for ever, and for every such step of a flow."""
        return self.VERB

    def gives(self) -> frozenset[str]:
        """The fields that are filled when the call succeeds."""
        return frozenset()

    def failed(self, scene: Scene, reason: str) -> Move:
        """Into ``otherwise``, or below when there is none; the journal knows why."""
        scene.note("call_failed", reason=reason)
        return Move("into", "otherwise") if self.otherwise else BELOW

    def told(self, scene: Scene, result: dict[str, Any]) -> Move:
        """Where the play goes with the answer."""
        if not result.get("ok"):
            return self.failed(scene, str(result.get("error", "")))
        return self.took(scene, result)

    def took(self, scene: Scene, result: dict[str, Any]) -> Move:
        """Where the play goes when the call succeeded."""
        raise AssertionError(self.VERB)


def wants(scene: Scene, paths: Mapping[str, str]) -> dict[str, str]:
    """The paths that are saved with their fields' types, for those who make up answers."""
    return {path: scene.program.types.get(field, "") for field, path in paths.items()}


def found_at(answer: Any, path: str) -> Any:
    """The value there, fit for a field; None for nothing, a mapping, a list of anything nested.

    The empty path is the whole answer.
    """
    for part in path.split(".") if path else ():
        if isinstance(answer, dict):
            answer = answer.get(part)
        elif isinstance(answer, list) and part.isdecimal() and int(part) < len(answer):
            answer = answer[int(part)]
        else:
            return None
    return fit(answer)


def fit(value: Any) -> Any:
    """The value if a field can hold it; else None. Long texts are cut."""
    if isinstance(value, str):
        return value.replace("\0", "")[:MAX_TEXT]
    if isinstance(value, list):
        return value if all(isinstance(item, str | int | float) for item in value) else None
    return value if isinstance(value, bool | int | float) else None


def save_all(scene: Scene, paths: Mapping[str, str], answer: Any) -> str | None:
    """Fill the fields from the answer, all or none; the path that the answer lacks, None if none."""
    found = {field: found_at(answer, path) for field, path in paths.items()}
    for field, value in found.items():
        if is_empty(value):
            return paths[field]
    for field, value in found.items():
        scene.save(field, fit_for(scene, field, value))
    return None


def fit_for(scene: Scene, field: str, value: Any) -> Any:
    """A number for a field of texts is a text; everything else goes as it is."""
    kind = scene.program.types.get(field, "")
    is_plain = isinstance(value, int | float) and not isinstance(value, bool)
    return str(value) if is_plain and kind and kind not in NUMBERS | {"list"} else value
