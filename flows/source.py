"""A YAML 1.2 file as a tree whose every node knows its place; every scalar is text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.composer import Composer
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.nodes import MappingNode, ScalarNode, SequenceNode

from flows.problems import Mark, Problem, problem

MAX_BYTES = 1_000_000
MAX_DEPTH = 40
MAX_NODES = 200_000
"""Counted with aliases expanded, so that an alias bomb is an error and not a hang."""
MAX_WRITTEN = 60_000
"""Values written out: the reading of more takes longer than anybody waits."""
COMMENT = re.compile(r"[ \t]*#")


@dataclass(frozen=True, slots=True)
class Scalar:
    """A text. ``plain``: written without quotes; ``cut``: a comment ended it on its line."""

    mark: Mark
    text: str
    plain: bool = True
    cut: bool = False
    raw: str = field(default="", repr=False)

    def at(self, offset: int) -> Mark:
        """The place of the text's character ``offset`` in the file."""
        index = _raw_index(self.raw, self.text, offset)
        before = self.raw[:index]
        lines = before.count("\n")
        column = index - before.rfind("\n") if lines else self.mark.column + index
        return Mark(self.mark.file, self.mark.line + lines, column)


@dataclass(frozen=True, slots=True)
class Sequence:
    """A list of nodes."""

    mark: Mark
    items: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Mapping:
    """Keys and values in the order of the file."""

    mark: Mark
    entries: tuple[tuple[Scalar, Node], ...]

    def get(self, name: str) -> Node | None:
        """The value under the key, or None."""
        return next((value for key, value in self.entries if key.text == name), None)

    def __iter__(self) -> Iterator[tuple[Scalar, Node]]:
        return iter(self.entries)


Node = Scalar | Sequence | Mapping


def cut_by_comma(key: Scalar, value: Node) -> bool:
    """Whether a key without a value is the rest of a text: ``{say: Привет, друг}``."""
    is_name = key.text.isascii() and key.text.isidentifier()
    return isinstance(value, Scalar) and not value.raw and not is_name


def read_source(text: str, file: str) -> tuple[Node | None, list[Problem]]:
    """The tree of a file, and what stops it from being read.

    The tree is None when the text is no YAML, or breaks a limit of size, depth or aliases.
    """
    start = Mark(file, 1, 1)
    if len(text.encode("utf-8", "surrogatepass")) > MAX_BYTES:
        return None, [problem("file-too-large", start, limit=MAX_BYTES // 1000)]
    try:
        root = _reader().compose(text)
    except (YAMLError, ValueError, OverflowError, RecursionError, _TooMuchError) as error:
        return None, [_refusal(error, text, file)]
    if root is None:
        return None, [problem("file-empty", start)]
    return _Tree(text, file).build(root)


def _refusal(error: Exception, text: str, file: str) -> Problem:
    """What stopped the parser."""
    start = Mark(file, 1, 1)
    if isinstance(error, MarkedYAMLError):
        return _syntax_problem(error, text, file)
    if isinstance(error, _TooMuchError):
        return problem(error.code, start, limit=error.limit)
    if isinstance(error, RecursionError):
        return problem("file-too-deep", start, limit=MAX_DEPTH)
    return problem("yaml-syntax", start, reason=str(error).split("\n", 1)[0][:200])


def _reader() -> YAML:
    reader = YAML(typ="safe", pure=True)
    reader.Composer = _Counting
    return reader


class _Counting(Composer):
    """Stops at the first value too many, not after all of them."""

    count = 0

    def compose_node(self, parent: Any, index: Any) -> Any:
        self.count += 1
        if self.count > MAX_WRITTEN:
            raise _TooMuchError("too-many-nodes", MAX_WRITTEN)
        return super().compose_node(parent, index)


class _Tree:
    """Turns the parser's nodes into ours, sharing what aliases share."""

    def __init__(self, text: str, file: str) -> None:
        self.text = text
        self.file = file
        self.problems: list[Problem] = []
        self.made: dict[int, tuple[Node, int]] = {}
        self.open: set[int] = set()

    def build(self, root: Any) -> tuple[Node | None, list[Problem]]:
        try:
            node, size = self._node(root, 1)
        except _TooMuchError as error:
            return None, [problem(error.code, Mark(self.file, 1, 1), limit=error.limit)]
        if size > MAX_NODES:
            return None, [problem("too-many-nodes", Mark(self.file, 1, 1), limit=MAX_NODES)]
        return node, self.problems

    def _node(self, source: Any, depth: int) -> tuple[Node, int]:
        if id(source) in self.made:
            return self.made[id(source)]
        if depth > MAX_DEPTH or id(source) in self.open:
            raise _TooMuchError("file-too-deep", MAX_DEPTH)
        self.open.add(id(source))
        made = self._make(source, depth)
        self.open.discard(id(source))
        if made[1] > MAX_NODES:
            raise _TooMuchError("too-many-nodes", MAX_NODES)
        self.made[id(source)] = made
        return made

    def _make(self, source: Any, depth: int) -> tuple[Node, int]:
        mark = Mark(self.file, source.start_mark.line + 1, source.start_mark.column + 1)
        if _is_substitution(source):
            self.problems.append(problem("text-starts", mark, sign="{{"))
            raw = self.text[source.start_mark.index : source.end_mark.index]
            return Scalar(mark, raw, plain=False, raw=raw), 1
        if isinstance(source, ScalarNode):
            return self._scalar(source, mark), 1
        if isinstance(source, SequenceNode):
            items = [self._node(item, depth + 1) for item in source.value]
            return Sequence(mark, tuple(node for node, _ in items)), 1 + sum(n for _, n in items)
        assert isinstance(source, MappingNode)
        return self._mapping(source, mark, depth)

    def _mapping(self, source: MappingNode, mark: Mark, depth: int) -> tuple[Node, int]:
        entries: dict[str, tuple[Scalar, Node]] = {}
        size = 1
        for key_source, value_source in source.value:
            key, _ = self._node(key_source, depth + 1)
            value, weight = self._node(value_source, depth + 1)
            size += 1 + weight
            if isinstance(value, Scalar) and not value.raw:
                value = replace(value, mark=key.mark)  # an empty value stands nowhere
            if not isinstance(key, Scalar):
                self.problems.append(problem("key-not-text", key.mark))
            elif key.text in entries:
                self.problems.append(problem("duplicate-key", key.mark, key=key.text))
            else:
                entries[key.text] = (key, value)
        return Mapping(mark, tuple(entries.values())), size

    def _scalar(self, source: ScalarNode, mark: Mark) -> Scalar:
        plain = source.style is None
        end = source.end_mark.index
        raw = self.text[source.start_mark.index : end]
        cut = plain and bool(source.value) and COMMENT.match(self.text, end) is not None
        return Scalar(mark, source.value or "", plain, cut, raw)


class _TooMuchError(Exception):
    def __init__(self, code: str, limit: int) -> None:
        super().__init__(code)
        self.code = code
        self.limit = limit


_SLIPS = (
    ("'\\t'", "yaml-tab"),
    ("mapping values are not allowed", "yaml-colon"),
    ("unexpected end of stream", "yaml-quote"),
    ("expected <block end>", "yaml-indent"),
    ("could not find expected ':'", "yaml-no-colon"),
    ("expected ',' or ']'", "yaml-bracket"),
    ("expected ',' or '}'", "yaml-bracket"),
)
"""What the parser says of the commonest slips, and the codes that say it to a marketer."""


_STARTS = re.compile(
    r"""(?P<before>\s*(?:-[ ]+)*(?:[A-Za-z_]\w*:[ ]+)?)(?P<sign>\{\{|\{%|[\[*&!%@`>|"'])"""
)
"""A value that begins with a sign that YAML takes for its own."""


def _is_substitution(source: Any) -> bool:
    """Whether it is ``{{ name }}`` without quotes: to YAML, a mapping whose key is a mapping."""
    pairs = source.value if isinstance(source, MappingNode) and source.flow_style else []
    return len(pairs) == 1 and isinstance(pairs[0][0], MappingNode)


def _syntax_problem(error: MarkedYAMLError, text: str, file: str) -> Problem:
    reason = str(error.problem or "")[:200]
    code = next((code for words, code in _SLIPS if words in reason), "yaml-syntax")
    if code in {"yaml-syntax", "yaml-indent"} and error.problem_mark is not None:
        line, column = error.problem_mark.line, error.problem_mark.column
        found = _STARTS.match(text.splitlines()[line]) if line < len(text.splitlines()) else None
        closed = code == "yaml-indent"  # a quote or a bracket ended before the text did
        if found and column >= found.start("sign") and (closed or found["sign"] not in "[\"'"):
            place = Mark(file, line + 1, found.start("sign") + 1)
            return problem("text-starts", place, sign=found["sign"])
    # the slip is where the text or the bracket begins
    opened = code in {"yaml-quote", "yaml-no-colon", "yaml-bracket"}
    mark = (error.context_mark if opened else None) or error.problem_mark or error.context_mark
    place = Mark(file, mark.line + 1, mark.column + 1) if mark else Mark(file, 1, 1)
    return problem(code, place, reason=reason) if code == "yaml-syntax" else problem(code, place)


def _raw_index(raw: str, text: str, offset: int) -> int:
    """Where the text's character stands in the raw scalar: quotes, folds and indents are skipped."""
    index = 0
    for char in text[:offset]:
        found = _next(raw, index, char)
        if found is None:
            return min(index, max(len(raw) - 1, 0))
        index = found + 1
    if offset < len(text):
        found = _next(raw, index, text[offset])
        index = index if found is None else found
    return min(index, len(raw))


def _next(raw: str, index: int, char: str) -> int | None:
    if char.isspace():
        while index < len(raw) and not raw[index].isspace():
            index += 1
        end = index
        while end + 1 < len(raw) and raw[end + 1].isspace():
            end += 1
        return end if index < len(raw) else None
    found = raw.find(char, index)
    return found if found >= 0 else None
