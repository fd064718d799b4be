"""``silence:`` — what happens when a question is not answered."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import ClassVar

from flows.nodes.base import Block, steps
from flows.problems import Mark
from flows.reading import Reading, as_sequence, each, key, record
from flows.shapes import Schema, shaped
from flows.source import Node
from flows.texts import WrittenText, written_text
from flows.timing_keys import duration


@dataclass(frozen=True, kw_only=True)
class Reminder:
    """``{after: 45m, say: …}`` or, as the last item, ``{after: 3d, then: […]}``."""

    FORM: ClassVar[Schema] = {"oneOf": [{"required": ["say"]}, {"required": ["then"]}]}

    mark: Mark
    after: int = key(duration)
    say: WrittenText | None = key(written_text, default=None)
    then: Block | None = key(steps, default=None)


@shaped(lambda drawing: {"type": ["array", "null"], "items": drawing.record(Reminder)})
def silence(node: Node, reading: Reading) -> tuple[Reminder, ...]:
    """The items in order: reminders by growing ``after``, at most one last ``then``."""
    items = each(as_sequence(node, reading), reminder, reading)
    for earlier, later in pairwise(items):
        if earlier.then is not None:
            raise reading.refuse("silence-then-not-last", earlier.mark)
        if later.after <= earlier.after:
            raise reading.refuse("silence-order", later.mark)
    return tuple(items)


def reminder(node: Node, reading: Reading) -> Reminder:
    """One item: exactly one of ``say`` and ``then``."""
    item = record(Reminder, node, reading, mark=node.mark)
    if (item.say is None) == (item.then is None):
        raise reading.refuse("silence-item", node.mark)
    return item
