"""What a value of the language is: which are empty, equal, ordered, and how each is printed."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, tzinfo
from itertools import islice
from typing import Any

Value = Any
"""None, a boolean, a number, text, a date, a time, a date-time, or a list or set of these."""

MAX_TEXT = 8_000
MAX_ITEMS = 1_000
MAX_NUMBER = 10**15
PRECISION = 9

_NUMBERS = (int, float)
_LISTS = (list, tuple, set, frozenset)
_MOMENTS = (date, datetime, time)
_UNFIT = re.compile("[\x00-\x08\x0b-\x1f\x7f\u202a-\u202e\u2066-\u2069]")
_SURROGATE = re.compile("[\ud800-\udfff]")
_BOOLEANS = {"ru": ("нет", "да"), "en": ("no", "yes")}
_DATES = {"ru": "%d.%m.%Y", "en": "%Y-%m-%d"}


@dataclass(frozen=True, slots=True)
class Frame:
    """How values look to one person: the funnel's language, their zone and gender (``m``, ``f``)."""

    language: str = "ru"
    zone: tzinfo = UTC
    gender: str = ""


def clean(value: Value) -> Value:
    """The value, if it is one of the language's; else None. Long text is cut.

    Only exact built-in types pass: nothing of a stranger's class is ever called.
    """
    kind = type(value)
    if kind is str:
        return value if len(value) <= MAX_TEXT else value[:MAX_TEXT]
    if kind in _NUMBERS:
        return value if -MAX_NUMBER <= value <= MAX_NUMBER else None
    return value if kind is bool or kind in _LISTS or kind in _MOMENTS else None


def is_number(value: Value) -> bool:
    """True for a number; a boolean is none."""
    return type(value) in _NUMBERS


def is_empty(value: Value) -> bool:
    """True for none, empty text and an empty list."""
    kind = type(value)
    return value is None or ((kind is str or kind in _LISTS) and not value)


def is_true(value: Value) -> bool:
    """What the value says as a condition: a boolean itself, any other whether it is filled."""
    return value if type(value) is bool else not is_empty(value)


def items_of(value: Value) -> list[Value]:
    """The items of a list, cleaned, a set's in order; of anything else none."""
    kind = type(value)
    if kind not in _LISTS:
        return []
    items = [clean(item) for item in islice(value, MAX_ITEMS)]
    if kind is set or kind is frozenset:
        items.sort(key=_place_in_set)
    return items


def same(left: Value, right: Value) -> bool:
    """True when both are empty, or equal and of one kind: text, number, boolean, moment, list."""
    if is_empty(left) or is_empty(right):
        return is_empty(left) and is_empty(right)
    if type(left) in _LISTS and type(right) in _LISTS:
        return _same_items(left, right)
    if type(left) is type(right) and type(left) in (str, bool):
        return bool(left == right)
    return _difference(left, right) == 0


def less(left: Value, right: Value) -> bool:
    """True when both are filled, of one kind, and the left is smaller, earlier or above in ABC."""
    order = _order(left, right)
    return order is not None and order < 0


def at_most(left: Value, right: Value) -> bool:
    """True when both are filled, of one kind, and the left is not greater."""
    order = _order(left, right)
    return order is not None and order <= 0


def contains(container: Value, item: Value) -> bool:
    """True when the list has the item, or the text has the words; nothing contains the empty."""
    if is_empty(container) or is_empty(item) or type(item) in _LISTS:
        return False
    if type(container) is str:
        return type(item) is str and item in container
    return any(same(found, item) for found in items_of(container))


def calculate(operator: str, left: Value, right: Value) -> Value:
    """The sum, difference, product or quotient of two numbers; of anything else empty."""
    if not (is_number(left) and is_number(right)):
        return None
    if operator == "/" and right == 0:
        return None
    return _tidy(_ARITHMETIC[operator](left, right))


def show(value: Value, language: str, zone: tzinfo | None = None) -> str:
    """The value as words: empty prints as nothing, a list with commas, a moment on its clock."""
    value = clean(value)
    if type(value) in _LISTS:
        return join(value, ", ", language, zone)
    return _show_one(value, language, zone)


def join(value: Value, between: str, language: str, zone: tzinfo | None = None) -> str:
    """The filled items of a list as words with ``between`` between them; lists inside are left out.

    What would be longer than a text may be is cut.
    """
    shown, length = [], 0
    for item in items_of(value):
        words = _show_one(item, language, zone)
        if words and length <= MAX_TEXT:
            shown.append(words)
            length += len(words) + len(between)
    return between.join(shown)[:MAX_TEXT]


def fit_to_show(text: str) -> str:
    """The text without control characters, reversals of direction and halves of characters."""
    return _SURROGATE.sub("\ufffd", _UNFIT.sub("", text))


def show_number(value: float, language: str) -> str:
    """The number without an exponent or idle zeros, with the language's decimal sign."""
    words = (
        f"{value:.{PRECISION}f}".rstrip("0").rstrip(".") if type(value) is float else f"{value}"
    )
    words = "0" if words == "-0" else words
    return words.replace(".", ",") if language == "ru" else words


def _show_one(value: Value, language: str, zone: tzinfo | None) -> str:
    kind = type(value)
    if kind is str:
        return fit_to_show(value)
    if kind is bool:
        return _BOOLEANS.get(language, _BOOLEANS["en"])[value]
    if kind in _NUMBERS:
        return show_number(value, language)
    return _show_moment(value, language, zone) if kind in _MOMENTS else ""


def _show_moment(value: Value, language: str, zone: tzinfo | None) -> str:
    if type(value) is time:
        return f"{value:%H:%M}"
    day = _DATES.get(language, _DATES["en"])
    if type(value) is date:
        return value.strftime(day)
    return in_zone(value, zone).strftime(f"{day} %H:%M")


def in_zone(moment: datetime, zone: tzinfo | None) -> datetime:
    """The moment on the zone's clock; a moment without a zone, or at the end of time, as it is."""
    if zone is None or moment.tzinfo is None:
        return moment
    try:
        return moment.astimezone(zone)
    except (OverflowError, ValueError):
        return moment


def _tidy(number: float) -> Value:
    if not -MAX_NUMBER <= number <= MAX_NUMBER:
        return None
    if type(number) is not float:
        return number
    rounded = round(number)
    return rounded if number == rounded else number


def _same_items(left: Value, right: Value) -> bool:
    mine, others = items_of(left), items_of(right)
    if {type(left), type(right)} & {set, frozenset}:
        mine, others = sorted(mine, key=_place_in_set), sorted(others, key=_place_in_set)
    nested = any(type(item) in _LISTS for item in (*mine, *others))
    return not nested and len(mine) == len(others) and all(map(same, mine, others))


def _place_in_set(item: Value) -> str:
    return _show_one(item, "en", None)


def _order(left: Value, right: Value) -> float | None:
    if is_empty(left) or is_empty(right):
        return None
    if type(left) is str and type(right) is str:
        mine, other = left.casefold(), right.casefold()
        return int(mine > other) - int(mine < other)
    return _difference(left, right)


def _difference(left: Value, right: Value) -> float | None:
    if is_number(left) and is_number(right):
        return float(round(left - right, PRECISION))
    if type(left) not in _MOMENTS or type(right) not in _MOMENTS:
        return None
    if type(left) is datetime and type(right) is date:
        left = left.date()
    if type(right) is datetime and type(left) is date:
        right = right.date()
    try:
        return int(left > right) - int(left < right)
    except TypeError:  # a moment with a zone beside one without, a time beside a date
        return None


_ARITHMETIC: dict[str, Callable[[Any, Any], Any]] = {
    "+": lambda left, right: left + right,
    "-": lambda left, right: left - right,
    "*": lambda left, right: left * right,
    "/": lambda left, right: left / right,
}
