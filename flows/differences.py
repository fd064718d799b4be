"""A failed turn of a test as a diff: what was awaited beside what came, line by line."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any, Literal

from flows.transcripts import Line

WIDTH = 140
"""A longer text is shown around the place where it differs."""
BEFORE = 50
SHOWN_TEXT = 4_000


@dataclass(frozen=True, slots=True)
class DiffLine:
    """A line of a diff: both have it (space), only the test (−), or only what came (+)."""

    sign: Literal[" ", "-", "+"]
    text: str
    line: int = 0


@dataclass(frozen=True, slots=True)
class Came:
    """What came: who spoke, what, its buttons and the local minute."""

    kind: str
    text: str
    buttons: tuple[str, ...]
    at: str


Fits = Callable[[Line, Came], bool]


def difference(lines: Sequence[Line], came: Sequence[Came], fits: Fits) -> tuple[DiffLine, ...]:
    """The whole awaited talk of a turn beside what came; ``lines`` are ``bot`` and ``team``."""
    found: list[DiffLine] = []
    at = heard = 0
    pairs = [*_alike(lines, came, fits), (len(lines), len(came))]
    for index, number in pairs:
        found += _gap(lines[at:index], came[heard:number])
        if index < len(lines):
            found += _beside(lines[index], came[number])
        at, heard = index + 1, number + 1
    return tuple(found)


def _alike(lines: Sequence[Line], came: Sequence[Came], fits: Fits) -> list[tuple[int, int]]:
    """The longest row of lines that fit what came, in order."""
    rows, columns = len(lines), len(came)
    longest = [[0] * (columns + 1) for _ in range(rows + 1)]
    for i in reversed(range(rows)):
        for j in reversed(range(columns)):
            taken = longest[i + 1][j + 1] + 1 if _matches(lines[i], came[j], fits) else 0
            longest[i][j] = max(taken, longest[i + 1][j], longest[i][j + 1])
    pairs, i, j = [], 0, 0
    while i < rows and j < columns:
        if _matches(lines[i], came[j], fits) and longest[i][j] == longest[i + 1][j + 1] + 1:
            pairs.append((i, j))
            i, j = i + 1, j + 1
        elif longest[i + 1][j] >= longest[i][j + 1]:
            i += 1
        else:
            j += 1
    return pairs


def _matches(line: Line, said: Came, fits: Fits) -> bool:
    return line.value != "..." and fits(line, said)


def _gap(lines: Sequence[Line], came: Sequence[Came]) -> Iterator[DiffLine]:
    """Lines that nothing fits and messages that no line awaits."""
    anything = [line for line in lines if _is_anything(line)]
    missing = [line for line in lines if not _is_anything(line)]
    extra = [said for said in came if not (anything and said.kind == "bot" and not missing)]
    for line in anything:
        yield DiffLine(" ", "bot: ...", line.mark.line)
    for index in range(max(len(missing), len(extra))):
        absent = missing[index] if index < len(missing) else None
        said = extra[index] if index < len(extra) else None
        wanted, got = shortened(absent.value if absent else "", said.text if said else "")
        if absent is not None:
            yield DiffLine("-", f"{absent.kind}: {wanted}", absent.mark.line)
            yield from _details("-", absent.buttons or (), absent.at)
        if said is not None:
            yield DiffLine("+", f"{said.kind}: {got}")
            yield from _details("+", said.buttons, said.at)


def _is_anything(line: Line) -> bool:
    return line.kind == "bot" and line.value == "..."


def _details(sign: Literal[" ", "-", "+"], buttons: Sequence[str], at: str) -> Iterator[DiffLine]:
    if buttons:
        yield DiffLine(sign, f"  buttons: [{', '.join(buttons)}]")
    if at:
        yield DiffLine(sign, f"  at: {at}")


def _beside(line: Line, said: Came) -> Iterator[DiffLine]:
    """A line that fits its message; buttons and time may still differ."""
    text, _ = shortened(line.value, line.value)
    yield DiffLine(" ", f"{line.kind}: {text}", line.mark.line)
    if line.buttons is not None and line.buttons != said.buttons:
        yield DiffLine(" ", "  buttons:")
        yield from _items(line.buttons, said.buttons)
    elif line.buttons:
        yield from _details(" ", line.buttons, "")
    if line.at and line.at != said.at:
        yield from _details("-", (), line.at)
        yield from _details("+", (), said.at)
    elif line.at:
        yield from _details(" ", (), line.at)


def _items(wanted: Sequence[str], got: Sequence[str]) -> Iterator[DiffLine]:
    for what, i, j, k, m in SequenceMatcher(None, wanted, got, autojunk=False).get_opcodes():
        if what == "equal":
            yield from (DiffLine(" ", f"    - {text}") for text in wanted[i:j])
            continue
        yield from (DiffLine("-", f"    - {text}") for text in wanted[i:j])
        yield from (DiffLine("+", f"    - {text}") for text in got[k:m])


def shortened(wanted: str, got: str) -> tuple[str, str]:
    """Both texts on one line each; long ones only around the first difference."""
    one, two = (" ".join(text.split())[:SHOWN_TEXT] for text in (wanted, got))
    if max(len(one), len(two)) <= WIDTH:
        return one, two
    match = SequenceMatcher(None, one[:400], two, autojunk=False).find_longest_match()
    shift = max(0, match.b - match.a) if match.size > 3 else 0
    beside = two[shift:]
    same = next(
        (i for i, pair in enumerate(zip(one, beside, strict=False)) if len({*pair}) > 1), 0
    )
    begin = max(0, same - BEFORE)
    return _part(one, begin), _part(two, max(0, begin + shift - BEFORE) if shift else begin)


def _part(text: str, begin: int) -> str:
    end = begin + WIDTH
    return f"{'…' if begin else ''}{text[begin:end]}{'…' if end < len(text) else ''}"


def expectations(
    line: Line, told: Sequence[tuple[str, Any, Any]], agrees: Callable[[str, Any, Any], bool]
) -> tuple[DiffLine, ...]:
    """What ``expect`` says beside how things stand: ``told`` are name, wanted and got."""
    found = [DiffLine(" ", "expect:", line.mark.line)]
    for name, wanted, got in told:
        flat = [(name, wanted, got)] if agrees(name, wanted, got) else _flat(name, wanted, got)
        for key, one, two in flat:
            if agrees(key, one, two):
                found.append(DiffLine(" ", f"  {key}: {written(one)}"))
            else:
                found.append(DiffLine("-", f"  {key}: {written(one)}"))
                found.append(DiffLine("+", f"  {key}: {written(two)}"))
    return tuple(found)


def _flat(name: str, wanted: Any, got: Any) -> Iterator[tuple[str, Any, Any]]:
    if isinstance(wanted, dict) and isinstance(got, dict):
        for key, value in wanted.items():
            yield from _flat(f"{name}.{key}", value, got.get(key))
        return
    if isinstance(wanted, dict) and wanted:
        for key, value in wanted.items():
            yield from _flat(f"{name}.{key}", value, None)
        return
    yield name, wanted, got


def written(value: Any) -> str:
    """A value as a test would write it."""
    if value is None:
        return "—"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list | tuple):
        return f"[{', '.join(written(item) for item in value)}]"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return shortened(str(value), "")[0]
