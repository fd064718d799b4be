"""Answers that somebody may send: those that a question takes, and one that it does not."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from flows.events import ContactShared, Event, FileSent, LocationSent, Typed, Unreadable
from flows.sent import SentFile
from flows.values import is_number

PROBES = (
    "Привет", "7", "2,5", "+7 916 123-45-67", "anna@example.ru", "да", "завтра", "31.12.2030",
    "18:30", "31.12.2030 18:30", "Москва", "https://example.ru", "1", "5", "10", "100", "1000",
    "Анна Петрова из Твери, и ещё несколько слов, чтобы хватило и на длинный ответ",
)  # fmt: skip
"""What is tried on every question; a type of answer that takes none of it has a line in OWN."""
NONSENSE = ("?!", "ыыы", *PROBES)
OWN: dict[str, tuple[Event, ...]] = {
    "phone": (ContactShared("+79161234567", verified=True),),
    "photo": (FileSent((SentFile("photo", "sample"),)),),
    "file": (FileSent((SentFile("file", "sample", "sample.pdf", 1_000),)),),
    "location": (LocationSent(55.751244, 37.618423),),
}
"""What is sent first, by the type's name."""
Understands = Callable[[Event], bool]


@dataclass(frozen=True, slots=True)
class Found:
    """What a question takes, each once, and what it does not."""

    good: tuple[Event, ...]
    bad: Event | None


@dataclass(slots=True)
class Samples:
    """Finds answers by trying them on the engine, once for each question that is alike."""

    known: dict[Hashable, Found] = field(default_factory=dict)

    def of(
        self, same: Hashable, answer: Any, constants: Iterable[Any], try_it: Understands
    ) -> Found:
        """Good answers and a bad one; ``try_it`` tells whether the open question takes an event."""
        constants = tuple(constants)
        key = (same, repr(answer), repr(constants))
        if key not in self.known:
            good = next((event for event in _first(answer) if try_it(event)), None)
            wanted: list[Event] = [
                Typed(text) for constant in constants for text in _near(constant)
            ]
            more = [event for event in dict.fromkeys(wanted) if event != good and try_it(event)]
            tried: list[Event] = [*map(Typed, NONSENSE), Unreadable("sticker")]
            bad = next((event for event in tried if not try_it(event)), None)
            self.known[key] = Found((*([good] if good else []), *more), bad)
        return self.known[key]


def _first(answer: Any) -> Iterator[Event]:
    name = getattr(answer, "name", "text")
    yield from OWN.get(name, ())
    least, most = getattr(answer, "min", None), getattr(answer, "max", None)
    if name == "text" and is_number(least):
        yield Typed("а" * max(int(least or 1), 6))
    elif name != "text":
        for bound in (least, most):
            if is_number(bound):
                yield Typed(f"{bound:.15g}")
    yield from map(Typed, PROBES)


def _near(constant: Any) -> Iterator[str]:
    """A constant of a condition as it is typed; of a number also the neighbours."""
    if isinstance(constant, bool):
        return
    for value in neighbours(constant):
        yield f"{value:.15g}" if is_number(value) else value


def neighbours(constant: Any) -> list[Any]:
    """A constant of a condition; of a number also the numbers beside it, of truth the other one."""
    if isinstance(constant, bool):
        return [True, False]
    if is_number(constant):
        return [constant - 1, constant, constant + 1]
    return [constant] if isinstance(constant, str) and constant.strip() else []
