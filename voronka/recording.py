"""A conversation in the terminal written down as a test in the language."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from io import StringIO
from typing import Any
from zoneinfo import ZoneInfo

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedSeq
from ruamel.yaml.nodes import ScalarNode
from ruamel.yaml.resolver import VersionedResolver
from ruamel.yaml.scalarstring import DoubleQuotedScalarString

from flows.durations import written
from flows.prompting import Said, Seen, local_minute, smooth

WIDTH = 99
SECOND_US = 1_000_000


@dataclass(slots=True)
class Recording:
    """The lines of a conversation; ``clock_us`` is how far they have moved the test's clock.

    ``where`` is the clock by which the conversation began.
    """

    where: ZoneInfo
    zone: str
    start_us: int
    lines: list[dict[str, Any]] = field(default_factory=list)
    clock_us: int = 0
    acted_us: int = 0

    def __post_init__(self) -> None:
        self.clock_us = self.acted_us = self.start_us

    def act(self, kind: str, value: str | dict[str, Any], now_us: int) -> None:
        """The person did something."""
        self._be_silent_until(now_us)
        self.lines.append({kind: plain(value) if isinstance(value, dict) else value})
        self.acted_us = now_us

    def hear(self, said: Sequence[Said], where: ZoneInfo) -> None:
        """Messages and notices came; ``where`` is the person's clock by now."""
        for each in said:
            text = smooth(each.text)
            # A line of three dots alone would mean any messages.
            line: dict[str, Any] = {each.kind: ".." if text == "..." else text}
            if each.buttons:
                line["buttons"] = CommentedSeq(smooth(label) for label in each.buttons)
                line["buttons"].fa.set_flow_style()
            if each.kind == "bot" and each.at_us > self.acted_us:
                line["at"] = local_minute(each.at_us, where)
            self.lines.append(line)
            self.clock_us = max(self.clock_us, each.at_us)

    def _be_silent_until(self, now_us: int) -> None:
        seconds = (now_us - self.clock_us) // SECOND_US
        if seconds > 0:
            self.lines.append({"silence": written(timedelta(seconds=seconds))})
        self.clock_us = max(self.clock_us, now_us)

    def as_test(self, name: str, now_us: int, seen: Seen) -> str:
        """The test, as an item of ``tests``; it ends with how things stand."""
        self._be_silent_until(now_us)
        test: dict[str, Any] = {"test": name, "at": local_minute(self.start_us, self.where)}
        if self.zone:
            test["zone"] = self.zone
        return as_yaml([{**test, "talk": [*self.lines, {"expect": expected(seen)}]}])


def expected(seen: Seen) -> dict[str, Any]:
    """How things stand as ``expect`` tells it; what is empty is left out."""
    told: dict[str, Any] = {
        "fields": seen.fields,
        "tags": seen.tags,
        "score": seen.score,
        "source": seen.source,
        "place": seen.place,
        "consents": seen.consents,
        "goals": seen.goals,
        "lead": seen.lead,
    }
    found = {name: plain(value) for name, value in told.items() if value}
    found = {name: value for name, value in found.items() if value}
    if seen.lead is None:
        found["no_lead"] = "true"
    if seen.ended:
        found["ended"] = "true"
    return found


def plain(value: Any) -> Any:
    """The value as the language writes it: everything is text, nothing is left out."""
    if isinstance(value, dict):
        return {key: plain(item) for key, item in value.items() if item not in (None, "", {}, [])}
    if isinstance(value, list | tuple):
        items = CommentedSeq(plain(item) for item in value)
        items.fa.set_flow_style()
        return items
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return f"{value:f}".rstrip("0").rstrip(".")
    return smooth(str(value))


class _TextResolver(VersionedResolver):
    """Our reader takes every scalar as text: only signs that would mislead YAML need quotes."""

    def resolve(self, kind: Any, value: Any, implicit: Any) -> Any:
        if kind is ScalarNode:
            return "tag:yaml.org,2002:str"
        return super().resolve(kind, value, implicit)


def as_yaml(items: Sequence[dict[str, Any]]) -> str:
    """The list as it stands under ``tests:``, indented by two."""
    yaml = YAML()
    yaml.Resolver = _TextResolver
    yaml.width = WIDTH
    yaml.indent(mapping=2, sequence=4, offset=2)
    stream = StringIO()
    yaml.dump([_quoted(item) for item in items], stream)
    return "".join(f"{line.rstrip()}\n" for line in stream.getvalue().splitlines())


def _quoted(value: Any) -> Any:
    """An empty text in quotes, so that it is seen."""
    if isinstance(value, dict):
        return {key: _quoted(item) for key, item in value.items()}
    if isinstance(value, CommentedSeq):
        return value
    if isinstance(value, list):
        return [_quoted(item) for item in value]
    return DoubleQuotedScalarString("") if value == "" else value
