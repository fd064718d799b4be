"""The types of answers: this is the only list of them."""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields

from flows.answers.answer import Answer, Asked, Bad, OptionRefused
from flows.answers.city import City
from flows.answers.date import Date
from flows.answers.datetime import DateTime
from flows.answers.email import Email
from flows.answers.file import File
from flows.answers.integer import Integer
from flows.answers.location import Location
from flows.answers.number import Number
from flows.answers.phone import Phone
from flows.answers.photo import Photo
from flows.answers.rating import Rating
from flows.answers.slot import Slot
from flows.answers.text import Text
from flows.answers.time import Time
from flows.answers.yes_no import YesNo
from flows.phrases import filled

__all__ = [
    "TYPES",
    "Answer",
    "AnswerProblem",
    "Asked",
    "Bad",
    "Text",
    "answer_of",
    "hint",
    "option_types",
]

TYPES: dict[str, type[Answer]] = {
    kind.name: kind
    for kind in (
        *(Text, Phone, Email, Integer, Number, YesNo, Rating),
        *(Date, Time, DateTime, City, File, Photo, Location, Slot),
    )
}


@dataclass(frozen=True)
class AnswerProblem:
    """A mistake in the options of an answer; `option` is the key it stands under, if any."""

    code: str
    params: Mapping[str, str] = field(default_factory=dict)
    option: str = ""


def answer_of(name: str, options: Mapping[str, str] | None = None) -> Answer | AnswerProblem:
    """Return the answer of that type with its options as the file has them, in text."""
    kind = TYPES.get(name)
    if kind is None:
        return AnswerProblem("answer_unknown", {"type": name, "known": ", ".join(TYPES)})
    known = option_types(name)
    values: dict[str, str | float] = {}
    for option, text in (options or {}).items():
        if option not in known:
            words = {"type": name, "option": option, "known": ", ".join(known) or "—"}
            return AnswerProblem("answer_option_unknown", words, option)
        value = _value(text, known[option])
        if value is None:
            words = {"option": option, "value": text}
            return AnswerProblem("answer_option_value", words, option)
        values[option] = value
    try:
        return kind(**values)
    except OptionRefused as refusal:
        return AnswerProblem(refusal.code, refusal.params)


def option_types(name: str) -> dict[str, str]:
    """Return the keys that an answer of that type takes, each `text`, `integer` or `number`."""
    kinds = {str: "text", int: "integer", int | None: "integer"}
    return {item.name: kinds.get(item.type, "number") for item in fields(TYPES[name])}  # type: ignore[arg-type]


def hint(answer: Answer, bad: Bad, language: str, own: Mapping[str, str] | None = None) -> str:
    """Return what a person is told about a bad answer, in `ru` or `en`, or in a funnel's own words."""
    written = (own or {}).get(bad.code) or answer.hints[bad.code][language != "ru"]
    return filled(written, bad.params)


def _value(text: str, kind: str) -> str | float | None:
    if kind == "text":
        return text
    try:
        number = float(text.replace(",", "."))
    except ValueError:
        return None
    if not abs(number) <= 10**15:  # neither too large nor `nan`
        return None
    if number.is_integer():
        return int(number)
    return number if kind == "number" else None
