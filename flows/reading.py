"""Typed keys: a dataclass field says how the YAML under its key is read, once for all."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Callable, Hashable, Iterable
from functools import cache
from typing import Any, TypeVar

from flows import shapes
from flows.problems import Language, Mark, Problem, closest, problem
from flows.shapes import shaped
from flows.source import Mapping, Node, Scalar, Sequence, cut_by_comma

T = TypeVar("T")
Read = Callable[[Node, "Reading"], Any]
NAME = re.compile(r"[a-z][a-z0-9_]*")
NOT_BUILT = object()
"""Stands for the reader of a key of the language that this version does not build yet."""


class Unread(Exception):
    """A value could not be read; its problem is already noted."""


@dataclasses.dataclass(slots=True)
class Reading:
    """What a file is read with; problems gather here, all at once.

    ``lost`` tells that something could not be read and is missing from what was made.
    """

    file: str
    language: Language = "ru"
    problems: list[Problem] = dataclasses.field(default_factory=list)
    media: list[tuple[str, Mark]] = dataclasses.field(default_factory=list)
    lost: bool = False

    def note(self, code: str, mark: Mark, **params: Any) -> None:
        """Remember a problem and go on."""
        self.problems.append(problem(code, mark, **params))

    def refuse(self, code: str, mark: Mark, **params: Any) -> Unread:
        """Remember a problem; the caller raises what comes back."""
        self.note(code, mark, **params)
        self.lost = True
        return Unread(code)


def key(read: Read, *, name: str = "", default: Any = dataclasses.MISSING) -> Any:
    """A field read from the key of the same name (or ``name``); without ``default`` it must stand."""
    return dataclasses.field(default=default, metadata={"read": read, "key": name})


def source_node() -> Any:
    """A field that keeps the mapping a record was read from."""
    return dataclasses.field(default=None, repr=False, compare=False)


@cache
def keys_of(cls: Hashable) -> dict[str, tuple[str, Read, bool]]:
    """YAML key → field name, reader, whether it must stand."""
    found = {}
    for item in dataclasses.fields(cls):  # type: ignore[arg-type]
        if "read" in item.metadata:
            required = item.default is dataclasses.MISSING
            found[item.metadata["key"] or item.name] = (item.name, item.metadata["read"], required)
    return found


@cache
def _keeps_node(cls: Hashable) -> bool:
    return any(item.name == "node" for item in dataclasses.fields(cls))  # type: ignore[arg-type]


def record(
    cls: type[T], node: Node, reading: Reading, *, extra: Iterable[str] = (), **given: Any
) -> T:
    """An instance of ``cls`` from a mapping; raises :class:`Unread` when a needed key is missing.

    ``extra`` are keys read elsewhere; ``given`` fill fields that have no key. A class with a
    field ``node`` keeps the mapping there, for a checker to point at its keys.
    """
    table = as_mapping(node, reading)
    known = keys_of(cls)  # type: ignore[arg-type]
    values = {"node": table, **given} if _keeps_node(cls) else dict(given)  # type: ignore[arg-type]
    for scalar, value in table:
        if scalar.text in known:
            _read_key(known[scalar.text], scalar, value, reading, values)
        elif scalar.text not in extra:
            close = closest(scalar.text, [*known, *extra])
            code = "comma-in-text" if cut_by_comma(scalar, value) else "unknown-key"
            reading.note(code, scalar.mark, key=scalar.text, close=close)
    missing = [
        name for name, (field, _, needed) in known.items() if needed and field not in values
    ]
    for name in missing:
        if table.get(name) is None:
            reading.note("missing-key", table.mark, key=name)
    if missing:
        reading.lost = True
        raise Unread(missing[0])
    return cls(**values)


def _read_key(
    spec: tuple[str, Read, bool],
    scalar: Scalar,
    value: Node,
    reading: Reading,
    values: dict[str, Any],
) -> None:
    name, read, _ = spec
    if read is NOT_BUILT:
        reading.note("not-built-yet", scalar.mark, key=scalar.text)
        return
    try:
        values[name] = read(value, reading)
    except Unread:
        return


def as_mapping(node: Node, reading: Reading) -> Mapping:
    """The node as a mapping."""
    if isinstance(node, Mapping):
        return node
    raise reading.refuse("wrong-type", node.mark, wanted=WANTED["mapping"])


def as_items(node: Node) -> tuple[Node, ...]:
    """The node's items; a single value is a list of one."""
    if isinstance(node, Sequence):
        return node.items
    return () if isinstance(node, Scalar) and node.plain and not node.text else (node,)


def as_sequence(node: Node, reading: Reading) -> tuple[Node, ...]:
    """The items of a list; an empty value is an empty list."""
    if isinstance(node, Sequence):
        return node.items
    if isinstance(node, Scalar) and node.plain and not node.text:
        return ()
    raise reading.refuse("wrong-type", node.mark, wanted=WANTED["list"])


def as_scalar(node: Node, reading: Reading) -> Scalar:
    """The node as a scalar."""
    if isinstance(node, Scalar):
        return node
    raise reading.refuse("wrong-type", node.mark, wanted=WANTED["text"])


WANTED: dict[str, dict[str, str]] = {
    "mapping": {
        "ru": "ключи и значения (`ключ: значение`)",
        "en": "keys and values (`key: value`)",
    },
    "list": {"ru": "список (строки с `- `)", "en": "a list (lines with `- `)"},
    "text": {"ru": "текст", "en": "a text"},
    "number": {"ru": "число", "en": "a number"},
    "integer": {"ru": "целое число", "en": "a whole number"},
    "boolean": {"ru": "true или false", "en": "true or false"},
    "moment": {
        "ru": "дата и время, `2026-12-10 19:00`",
        "en": "a date and time, `2026-12-10 19:00`",
    },
}


@shaped(shapes.TEXT)
def word(node: Node, reading: Reading) -> str:
    """A short text that names something (a tag, a label): not empty."""
    scalar = as_scalar(node, reading)
    _refuse_cut(scalar, reading)
    if not scalar.text.strip():
        raise reading.refuse("empty-text", scalar.mark)
    return scalar.text.strip()


@shaped(shapes.NAME)
def name(node: Node, reading: Reading) -> str:
    """A name of the language: ``[a-z][a-z0-9_]*``."""
    scalar = as_scalar(node, reading)
    if NAME.fullmatch(scalar.text):
        return scalar.text
    raise reading.refuse("bad-name", scalar.mark, name=scalar.text)


@shaped(shapes.INTEGER)
def integer(node: Node, reading: Reading) -> int:
    """A whole number of at most nine digits."""
    scalar = as_scalar(node, reading)
    if re.fullmatch(r"[+-]?[0-9]{1,9}", scalar.text):
        return int(scalar.text)
    raise reading.refuse("wrong-type", scalar.mark, wanted=WANTED["integer"])


@shaped(shapes.NUMBER)
def number(node: Node, reading: Reading) -> float:
    """A number; whole ones stay whole."""
    scalar = as_scalar(node, reading)
    if re.fullmatch(r"[+-]?[0-9]{1,12}([.,][0-9]{1,6})?", scalar.text):
        value = float(scalar.text.replace(",", "."))
        return int(value) if value.is_integer() else value
    raise reading.refuse("wrong-type", scalar.mark, wanted=WANTED["number"])


@shaped(shapes.TRUTH)
def boolean(node: Node, reading: Reading) -> bool:
    """``true`` or ``false`` (``yes``/``no``, ``да``/``нет`` mean the same)."""
    scalar = as_scalar(node, reading)
    low = scalar.text.lower()
    if low in {"true", "yes", "on", "да"}:
        return True
    if low in {"false", "no", "off", "нет"}:
        return False
    raise reading.refuse("wrong-type", scalar.mark, wanted=WANTED["boolean"])


def one_of(*allowed: str) -> Read:
    """A reader of one of these words."""

    @shaped({"enum": list(allowed)})
    def read(node: Node, reading: Reading) -> str:
        scalar = as_scalar(node, reading)
        if scalar.text in allowed:
            return scalar.text
        close = closest(scalar.text, allowed)
        raise reading.refuse(
            "bad-choice", scalar.mark, value=scalar.text, allowed=", ".join(allowed), close=close
        )

    return read


def each(nodes: Iterable[Node], read: Read, reading: Reading) -> list[Any]:
    """What could be read of the nodes; the rest has left its problems."""
    found = []
    for node in nodes:
        try:
            found.append(read(node, reading))
        except Unread:
            continue
    return found


def record_of(cls: type[T]) -> Callable[[Node, Reading], T]:
    """A reader of one mapping into ``cls``."""

    @shaped(lambda drawing: drawing.record(cls))
    def read(node: Node, reading: Reading) -> T:
        return record(cls, node, reading)

    return read


def list_of(read: Read) -> Callable[[Node, Reading], tuple[Any, ...]]:
    """A reader of a list whose items are read by ``read``."""

    @shaped(lambda drawing: {"type": ["array", "null"], "items": drawing.of(read)})
    def read_list(node: Node, reading: Reading) -> tuple[Any, ...]:
        return tuple(each(as_sequence(node, reading), read, reading))

    return read_list


def items_of(read: Read) -> Callable[[Node, Reading], tuple[Any, ...]]:
    """A reader of a list, or of its only item."""

    @shaped(lambda drawing: shapes.one_or_more(drawing.of(read)))
    def read_items(node: Node, reading: Reading) -> tuple[Any, ...]:
        return tuple(each(as_items(node), read, reading))

    return read_items


some_words: Callable[[Node, Reading], tuple[str, ...]] = items_of(word)
"""One text or a list of them."""


def table_of(read: Read, keys: Read = name) -> Callable[[Node, Reading], dict[str, Any]]:
    """A reader of a mapping whose keys are names and whose values are read by ``read``."""

    @shaped(shapes.table(read, keys))
    def read_table(node: Node, reading: Reading) -> dict[str, Any]:
        found = {}
        for scalar, value in as_mapping(node, reading):
            try:
                found[keys(scalar, reading)] = read(value, reading)
            except Unread:
                continue
        return found

    return read_table


def _refuse_cut(scalar: Scalar, reading: Reading) -> None:
    if scalar.cut:
        reading.note("cut-by-comment", scalar.mark)
