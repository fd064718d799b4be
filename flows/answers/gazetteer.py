"""The cities of Russia: found by any of their names, told from their namesakes, guessed from slips."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher, get_close_matches
from functools import cache
from importlib.resources import files

from flows.matching import plain, words

LONGEST = 80
"""Characters of a message in which a city is looked for."""
MOST_OFFERED = 4
_FAR_LARGER = 10
"""The name alone means the city that has so many times more people than its namesakes."""
_CUTOFF = 0.66
_NEAR = 0.12  # how much less like the best one may be
_SHORTEST_PREFIX = 3
_STEM = 4

_NOISE = frozenset(
    words(
        "город г гор city town пгт рп поселок станица село россия рф russia я из в живу мой это from "
        "in the i am"
    )
)
_KINDS = frozenset(words("область обл край республика респ автономный округ ао region oblast"))
SOUNDS = dict(zip("абвгдезийклмнопрстуфыэ", "abvgdeziyklmnoprstufye", strict=True)) | {
    "ж": "zh",
    "х": "kh",
    "ц": "ts",
    "ч": "ch",
    "ш": "sh",
    "щ": "shch",
    "ю": "yu",
    "я": "ya",
    "ь": "",
    "ъ": "",
}
"""Russian letters in Latin ones."""
_ALIKE = (
    ("shch", "sch"), ("kh", "h"), ("ts", "c"), ("tz", "c"), ("zh", "j"), ("x", "ks"), ("w", "v"),
    ("yu", "u"), ("iu", "u"), ("ya", "a"), ("ia", "a"), ("yo", "e"), ("ye", "e"), ("ie", "e"),
    ("y", "i"), ("ii", "i"),
)  # fmt: skip
"""Spellings of one sound in Latin letters."""


@dataclass(frozen=True, slots=True)
class City:
    """A city by its usual name, with its region, its time zone and how many people live there."""

    name: str
    region: str
    zone: str
    people: int


@dataclass(frozen=True)
class Book:
    """The cities by their names in either script, spelt as :func:`_tight` and :func:`latin` do."""

    russian: dict[str, tuple[City, ...]]
    english: dict[str, tuple[City, ...]]


def find(typed: str) -> tuple[City, ...]:
    """The city that was named; several when only its region tells which, none when it is not known.

    The largest stands first. A name with a region («Железногорск, Курская область») means one.
    """
    said = plain(typed[:LONGEST]).split()
    found = _named(said) or _named(said := [word for word in said if word not in _NOISE])
    if found:
        return _settled(found)
    for at in range(1, len(said)):
        for name, region in ((said[:at], said[at:]), (said[at:], said[:at])):
            there = [city for city in _named(name) if _lies_in(city, region)]
            if there:
                return _settled(there)
    return ()


def close(typed: str) -> tuple[City, ...]:
    """The cities whose names are much like what was typed, at most ``MOST_OFFERED``."""
    said = [word for word in plain(typed[:LONGEST]).split() if word not in _NOISE]
    key, names = _key(said)
    if len(key) < _SHORTEST_PREFIX:
        return ()
    begun = [city for name in names if name.startswith(key) for city in names[name]]
    begun.sort(key=lambda city: -city.people)
    like = get_close_matches(key, names, MOST_OFFERED, _CUTOFF)
    closest = max((_likeness(key, name) for name in like), default=0.0)
    near = [name for name in like if _likeness(key, name) >= closest - _NEAR]
    found = [*begun[:MOST_OFFERED], *(city for name in near for city in names[name])]
    return tuple(dict.fromkeys(found))[:MOST_OFFERED]


def _likeness(one: str, other: str) -> float:
    return SequenceMatcher(None, other, one).ratio()


def label(city: City) -> str:
    """The city's name, with its region where others are called the same: :func:`find` finds it."""
    alike = _book().russian[_tight(city.name)]
    return city.name if alike == (city,) else f"{city.name} ({city.region})"


def cities() -> list[City]:
    """All of them, the largest first."""
    return [city for city, _ in _rows()]


def latin(name: str) -> str:
    """The name in Latin letters, every sound spelt one way: «Щёлково», "Shchyolkovo" are one."""
    low = unicodedata.normalize("NFC", name).lower().replace("ё", "е")
    spelt = unicodedata.normalize("NFKD", "".join(SOUNDS.get(sign, sign) for sign in low))
    text = re.sub(r"[^a-z]", "", spelt)
    for written, sound in _ALIKE:
        text = text.replace(written, sound)
    return text


def read_rows(text: str) -> list[tuple[City, tuple[str, ...]]]:
    """The cities of a list with all their names, the usual one first."""
    found = []
    for line in text.splitlines():
        if line and not line.startswith("#"):
            name, region, zone, people, others = line.split("\t")
            names = (name, *(other for other in others.split("|") if other))
            found.append((City(name, region, zone, int(people)), names))
    return found


@cache
def _rows() -> list[tuple[City, tuple[str, ...]]]:
    """Read when a city is asked for the first time: most funnels never ask."""
    return read_rows(files("flows.answers").joinpath("cities.tsv").read_text(encoding="utf-8"))


@cache
def _book() -> Book:
    rows = _rows()
    russian = ((_tight(name), city) for city, names in rows for name in names)
    english = ((latin(name), city) for city, names in rows for name in names)
    return Book(_by_name(russian), _by_name(english))


def _by_name(pairs: Iterable[tuple[str, City]]) -> dict[str, tuple[City, ...]]:
    found: dict[str, dict[City, None]] = {}
    for name, city in pairs:
        found.setdefault(name, {})[city] = None
    return {name: tuple(several) for name, several in found.items()}


def _tight(name: str) -> str:
    return plain(name).replace(" ", "")


def _key(said: Sequence[str]) -> tuple[str, dict[str, tuple[City, ...]]]:
    name = "".join(said)
    if re.search("[a-z]", name) and not re.search("[а-я]", name):
        return latin(name), _book().english
    return name, _book().russian


def _named(said: Sequence[str]) -> tuple[City, ...]:
    key, names = _key(said)
    return names.get(key, ()) if key else ()


def _lies_in(city: City, said: Sequence[str]) -> bool:
    region = plain(city.region).split()
    telling = [word for word in said if word not in _KINDS]
    return bool(telling) and all(
        any(part.startswith(word[:_STEM]) for part in region) for word in telling
    )


def _settled(found: Sequence[City]) -> tuple[City, ...]:
    first, *others = sorted(dict.fromkeys(found), key=lambda city: -city.people)
    if not others or first.people >= _FAR_LARGER * others[0].people:
        return (first,)
    return (first, *others)
