"""The filters of the language: how each changes a value and which arguments it takes."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import ROUND_HALF_UP, Decimal
from difflib import get_close_matches
from typing import Literal

import phonenumbers
from babel.core import Locale
from babel.dates import PATTERN_CHARS, format_datetime

from flows.values import (
    MAX_TEXT,
    Frame,
    Value,
    in_zone,
    is_empty,
    is_number,
    join,
    show,
    show_number,
)

Kind = Literal["any", "text", "digits", "pattern"]
"""An argument: any expression; constant text; a constant 0 to 9; a constant CLDR pattern."""

MAX_DIGITS = 9
MAX_PATTERN = 40
ROUBLE = "₽"
NO_BREAK = "\u00a0"

_QUOTED = re.compile("'[^']*'")
_RUN = re.compile(r"([A-Za-z'])\1*")
_LETTERS = set("yMLdEecHhKkmsa")
_LONGEST_RUN = 5
_DIALABLE = re.compile(r"\+?[0-9 ()\u00a0.-]{5,32}")
_MALE = {"m", "male", "м", "муж", "мужской", "мужчина"}
_FEMALE = {"f", "female", "ж", "жен", "женский", "женщина"}


@dataclass(frozen=True, slots=True)
class Filter:
    """A filter: what it does, the kinds of its arguments and how many of them it cannot miss.

    ``takes`` and ``gives`` are types for the checker; ``fills`` tells that an empty value is
    provided for, so that printing it is no slip.
    """

    apply: Callable[[Value, tuple[Value, ...], Frame], Value]
    takes: str
    gives: str
    arguments: tuple[Kind, ...] = ()
    required: int = 0
    fills: bool = False


def closest_filter(name: str) -> str:
    """The filter whose name is much like this one, or an empty text."""
    return next(iter(get_close_matches(name.lower(), FILTERS, n=1)), "")


def format_moment(moment: datetime, pattern: str, language: str) -> str:
    """The moment on its own clock by a CLDR pattern, in words of the language."""
    return format_datetime(moment, pattern, tzinfo=moment.tzinfo, locale=language)


def argument_fits(kind: Kind, value: Value) -> bool:
    """True when the constant can be an argument of this kind."""
    if kind == "digits":
        return type(value) is int and 0 <= value <= MAX_DIGITS
    if kind == "pattern":
        return type(value) is str and is_pattern(value)
    return kind == "any" or type(value) is str


def is_pattern(pattern: str) -> bool:
    """True for a CLDR date pattern of a sensible size that formats a date."""
    runs = [match[0] for match in _RUN.finditer(_QUOTED.sub("", pattern[: MAX_PATTERN + 1]))]
    known = all(run[0] in _LETTERS and len(run) in _lengths(run[0]) for run in runs)
    return len(pattern) <= MAX_PATTERN and "%" not in pattern and known and bool(runs)


def _lengths(letter: str) -> Collection[int]:
    """How often CLDR lets the letter stand in a row."""
    return PATTERN_CHARS[letter] or range(1, _LONGEST_RUN + 1)


def _default(value: Value, arguments: tuple[Value, ...], _frame: Frame) -> Value:
    return arguments[0] if is_empty(value) else value


def _prefix(value: Value, arguments: tuple[Value, ...], frame: Frame) -> Value:
    words = _words(value, frame)
    return f"{arguments[0]}{words}"[:MAX_TEXT] if words else None


def _suffix(value: Value, arguments: tuple[Value, ...], frame: Frame) -> Value:
    words = _words(value, frame)
    return f"{words}{arguments[0]}"[:MAX_TEXT] if words else None


def _upper(value: Value, _arguments: tuple[Value, ...], frame: Frame) -> Value:
    return _words(value, frame).upper()[:MAX_TEXT]


def _lower(value: Value, _arguments: tuple[Value, ...], frame: Frame) -> Value:
    return _words(value, frame).lower()[:MAX_TEXT]


def _capitalize(value: Value, _arguments: tuple[Value, ...], frame: Frame) -> Value:
    words = _words(value, frame)
    return (words[:1].upper() + words[1:])[:MAX_TEXT]


def _round(value: Value, arguments: tuple[Value, ...], _frame: Frame) -> Value:
    if not is_number(value):
        return value
    digits = arguments[0] if arguments else 0
    rounded = _round_half_up(value, digits)
    return float(rounded) if rounded % 1 else int(rounded)


def _money(value: Value, _arguments: tuple[Value, ...], frame: Frame) -> Value:
    if not is_number(value):
        return value
    amount = _round_half_up(value, 2)
    digits = f"{amount:,.2f}" if amount % 1 else f"{int(amount):,}"
    whole, _, cents = digits.partition(".")
    sign = "," if frame.language == "ru" else "."
    words = whole.replace(",", NO_BREAK) + (sign + cents if cents else "")
    return f"{words}{NO_BREAK}{ROUBLE}"


def _plural(value: Value, arguments: tuple[Value, ...], frame: Frame) -> Value:
    if not is_number(value):
        return None
    form = Locale(frame.language).plural_form(Decimal(show_number(abs(value), "en")))
    order = {"one": 0, "few": 1, "many": 2, "other": 1}
    at = order[form] if frame.language == "ru" else (0 if form == "one" else len(arguments) - 1)
    return arguments[min(at, len(arguments) - 1)]


def _date(value: Value, arguments: tuple[Value, ...], frame: Frame) -> Value:
    if type(value) is date:
        value = datetime.combine(value, time())
    if type(value) is not datetime:
        return value
    return format_moment(in_zone(value, frame.zone), arguments[0], frame.language)


def _time(value: Value, _arguments: tuple[Value, ...], frame: Frame) -> Value:
    if type(value) is datetime:
        value = in_zone(value, frame.zone).time()
    return f"{value:%H:%M}" if type(value) is time else value


def _phone(value: Value, _arguments: tuple[Value, ...], frame: Frame) -> Value:
    words = _words(value, frame)
    if not _DIALABLE.fullmatch(words):
        return words
    try:
        number = phonenumbers.parse(words, "RU")
    except phonenumbers.NumberParseException:
        return words
    if not phonenumbers.is_possible_number(number):
        return words
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.INTERNATIONAL)


def _gender(value: Value, arguments: tuple[Value, ...], frame: Frame) -> Value:
    spoken = value.strip().lower() if type(value) is str else ""
    gender = spoken if spoken in _MALE | _FEMALE else frame.gender.lower()
    if gender in _MALE:
        return arguments[0]
    return arguments[1] if gender in _FEMALE else arguments[2]


def _join(value: Value, arguments: tuple[Value, ...], frame: Frame) -> Value:
    if type(value) not in (list, tuple, set, frozenset):
        return value
    return join(value, arguments[0] if arguments else ", ", frame.language, frame.zone)


def _words(value: Value, frame: Frame) -> str:
    return show(value, frame.language, frame.zone)


def _round_half_up(value: float, digits: int) -> Decimal:
    exact = Decimal(show_number(value, "en"))
    return exact.quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP)


FILTERS: dict[str, Filter] = {
    "default": Filter(_default, "any", "any", ("any",), 1, fills=True),
    "prefix": Filter(_prefix, "any", "text", ("text",), 1, fills=True),
    "suffix": Filter(_suffix, "any", "text", ("text",), 1, fills=True),
    "upper": Filter(_upper, "text", "text"),
    "lower": Filter(_lower, "text", "text"),
    "capitalize": Filter(_capitalize, "text", "text"),
    "round": Filter(_round, "number", "number", ("digits",)),
    "money": Filter(_money, "number", "text"),
    "plural": Filter(_plural, "number", "text", ("text", "text", "text"), 2),
    "date": Filter(_date, "date", "text", ("pattern",), 1),
    "time": Filter(_time, "time", "text"),
    "phone": Filter(_phone, "text", "text"),
    "gender": Filter(_gender, "any", "text", ("text", "text", "text"), 3, fills=True),
    "join": Filter(_join, "list", "text", ("text",)),
}
