"""Answers that fit a question: samples by the type of the answer, with a safe one for any other."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Any

from flows import events
from flows.simulating.acts import Act, Seen

Sample = Callable[[Any], Sequence[str]]

_TEXTS = ("Да, расскажите подробнее", "Анна", "привет", "hello", "1", "2025", "AB-1234", "ABC123")
_FILLER = "Хочу узнать подробнее. "


def samples(answer: Any) -> tuple[str, ...]:
    """Words that the type of answer takes, the likeliest first; texts for an unknown type."""
    found = _SAMPLES.get(getattr(answer, "name", "text"), _texts)
    return tuple(found(answer)) or _TEXTS


def sent(seen: Seen, answer: Any) -> Act | None:
    """What is sent where words are no answer: a file or a photo; None where words are."""
    kind = getattr(answer, "name", "")
    if kind not in {"file", "photo"}:
        return None
    from flows.sent import SentFile

    file = SentFile("photo", "simulated", "photo.jpg", 100_000, "image/jpeg")
    return Act("send", events.FileSent((file,)), file.name, seen.place, seen.say.visit)


def _texts(answer: Any) -> Sequence[str]:
    least, most = getattr(answer, "min", 1) or 1, getattr(answer, "max", None) or 4_000
    pattern = getattr(answer, "pattern", "")
    fitted = [
        text if len(text) >= least else (text + " " + _FILLER * least)[:least] for text in _TEXTS
    ]
    fitted = [text[:most].strip() for text in fitted]
    return [text for text in fitted if not pattern or re.fullmatch(pattern, text)] or fitted


def _numbers(answer: Any) -> Sequence[str]:
    least, most = getattr(answer, "min", None), getattr(answer, "max", None)
    low = least if least is not None else min(1, most or 1)
    high = most if most is not None else max(low, 100)
    middle = low + (high - low) / 2
    found = (round(low + (high - low) / 4), round(middle), high, low, middle)
    fit = [value for value in found if low <= value <= high]
    return [f"{value:g}".replace(".", ",") for value in fit]


def _of(*words: str) -> Sample:
    return lambda _answer: words


_SAMPLES: dict[str, Sample] = {
    "text": _texts,
    "integer": _numbers,
    "number": _numbers,
    "rating": lambda answer: (
        [str(value) for value in (5, 4, 3)]
        if getattr(answer, "max", 5) == 5
        else [str(value) for value in (9, 10, 8, 7)]
    ),
    "phone": _of("+7 916 123-45-67", "+7 912 345-67-89"),
    "email": _of("anna@example.ru", "ivan@example.ru"),
    "yes_no": _of("Да", "Нет"),
    "date": _of("завтра", "01.06.2027"),
    "time": _of("18:30", "12:00"),
    "datetime": _of("завтра 18:30", "01.06.2027 18:30"),
    "city": _of("Москва", "Санкт-Петербург", "Екатеринбург", "Казань", "Новосибирск"),
    "location": _of("55.751244, 37.618423", "Тверская, 7"),
}
"""What people write, by the answer's type: a type that is not here gets texts."""
