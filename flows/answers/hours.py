"""Times of day as people type them: «18:30», «в 7 вечера», "7pm", «полдень», «полвосьмого»."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import time

from flows.matching import words

LONGEST = 60
"""Characters of a message in which a time is looked for."""

_FILLERS = frozenset(
    words(
        "в во к ко на с at about around by около примерно ровно часов часа час ч минут минуты мин h "
        "min minutes o clock oclock sharp the in давайте можно лучше please пожалуйста"
    )
)
_NAMED = {
    **dict.fromkeys(("полдень", "полдня", "noon", "midday"), time(12)),
    **dict.fromkeys(("полночь", "midnight"), time(0)),
}
_PARTS = {
    **dict.fromkeys(("am", "a m", "утра", "утром", "morning"), "am"),
    **dict.fromkeys(("pm", "p m"), "pm"),
    **dict.fromkeys(("дня", "днем", "afternoon"), "day"),
    **dict.fromkeys(("вечера", "вечером", "evening"), "evening"),
    **dict.fromkeys(("ночи", "ночью", "night"), "night"),
}
_AFTERNOON = {
    "am": (),
    "pm": range(1, 12),
    "day": range(1, 7),
    "evening": range(1, 12),
    "night": range(8, 12),
}
"""Hours that have twelve more on the clock, by the part of the day."""
_MIDNIGHT = ("am", "evening", "night")
_HOURS = {
    word: number
    for number, spelt in enumerate(
        (
            "час one первого",
            "два two второго",
            "три three третьего",
            "четыре four четвертого",
            "пять five пятого",
            "шесть six шестого",
            "семь seven седьмого",
            "восемь eight восьмого",
            "девять nine девятого",
            "десять ten десятого",
            "одиннадцать eleven одиннадцатого",
            "двенадцать twelve двенадцатого",
        ),
        start=1,
    )
    for word in spelt.split()
}
_HALF_AN_HOUR = 30
_TOKEN = re.compile(r"(\d{1,4})(am|pm|ч|h|час|часов)?(\d{2})?(am|pm|мин|м|m)?")
_NO_TIME = re.compile(r"\d\s*[/,]\s*\d|[+=%]|(?<!\w)-\s*\d")


def read_time(typed: str) -> time | None:
    """Return the time of day; a bare hour is on the clock of twenty-four, None when it is none."""
    if len(typed) > LONGEST or _NO_TIME.search(typed):
        return None
    said = [word for word in words(typed) if word not in _FILLERS]
    if len(said) == 1 and said[0] in _NAMED:
        return _NAMED[said[0]]
    said, part = _part(said)
    if part and not said and "час" in words(typed):  # «в час дня»
        said = ["1"]
    half = _half(said)
    numbers = half or _numbers(said)
    return _clock(*numbers, part or _glued(said)) if numbers else None


def _part(said: Sequence[str]) -> tuple[list[str], str]:
    """Return the words without the part of the day, and the part."""
    for size in (2, 1):
        named = _PARTS.get(" ".join(said[-size:])) if len(said) >= size else None
        if named:
            return list(said[:-size]), named
    return list(said), ""


def _half(said: Sequence[str]) -> tuple[int, int] | None:
    """Return the hour and minute of «полвосьмого», «половина восьмого», "half past seven"."""
    if list(said[:2]) == ["half", "past"] and len(said) == 3:
        hour = _HOURS.get(said[2], _whole(said[2]))
        return (hour, _HALF_AN_HOUR) if 1 <= hour <= 12 else None
    following = ""
    if len(said) == 1 and said[0].startswith("пол"):
        following = said[0][len("пол") :]
    elif len(said) == 2 and said[0] in ("половина", "пол"):
        following = said[1]
    if not following.endswith("го") or following not in _HOURS:
        return None
    return _HOURS[following] - 1 or 12, _HALF_AN_HOUR


def _whole(word: str) -> int:
    return int(word) if re.fullmatch(r"\d{1,2}", word) else 0


def _numbers(said: Sequence[str]) -> tuple[int, int] | None:
    """Return the hour and minute of one or two tokens: `18 30`, `1830`, `18ч30`, `7pm`, `семь`."""
    if len(said) == 1 and said[0] in _HOURS and not said[0].endswith("го"):
        return _HOURS[said[0]], 0
    tokens = [_TOKEN.fullmatch(word) for word in said]
    if not all(tokens) or not 1 <= len(tokens) <= 2:
        return None
    first = tokens[0]
    assert first is not None
    if len(tokens) == 2:
        second = tokens[1]
        assert second is not None
        bare = len(first[1]) <= 2 == len(second[1]) and not second[3] and not first[3]
        return (int(first[1]), int(second[1])) if bare else None
    if len(first[1]) > 2:
        return (int(first[1][:-2]), int(first[1][-2:])) if not first[2] else None
    return int(first[1]), int(first[3] or 0)


def _glued(said: Sequence[str]) -> str:
    """Return the part of the day that is written together with the number: `7pm`."""
    found = re.search(r"\d(am|pm)$", said[-1]) if said else None
    return found[1] if found else ""


def _clock(hour: int, minute: int, part: str) -> time | None:
    if part and hour in _AFTERNOON[part]:
        hour += 12
    elif part in _MIDNIGHT and hour == 12:
        hour = 0
    if (hour, minute) == (24, 0):
        hour = 0
    return time(hour, minute) if hour <= 23 and minute <= 59 else None
