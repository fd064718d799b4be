"""Free text, with a length and a pattern."""

import importlib
import re
import warnings
from dataclasses import dataclass
from typing import Any, ClassVar

from flows.answers.answer import Asked, Bad, OptionRefused, Sentences, ValueType

LONGEST = 4_000
LONGEST_PATTERN = 200
LONGEST_MATCHED = 200
_WORK = (
    LONGEST_MATCHED + 1
) ** 3  # ways to try one text: three free repeats, a few milliseconds each
_REPEATS = ("MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT")
_REFUSED = ("ASSERT", "ASSERT_NOT", "GROUPREF", "GROUPREF_EXISTS")
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")

_HINTS = {
    "text_empty": ("Напишите ответ словами.", "Please write your answer in words."),
    "text_short": (
        "Слишком коротко. Нужно хотя бы {min} симв.",
        "That is too short. At least {min} characters, please.",
    ),
    "text_long": (
        "Слишком длинно. Нужно не больше {max} симв.",
        "That is too long. At most {max} characters, please.",
    ),
    "text_pattern": (
        "Такой ответ не подходит. Проверьте, пожалуйста, и напишите ещё раз.",
        "This answer does not fit. Please check it and write it again.",
    ),
}


@dataclass(frozen=True)
class Text:
    """Text of `min` to `max` characters that the whole `pattern` fits, if there is one."""

    name: ClassVar[str] = "text"
    value_type: ClassVar[ValueType] = "text"
    personal: ClassVar[bool] = False
    hints: ClassVar[Sentences] = _HINTS

    min: int = 1
    max: int = LONGEST
    pattern: str = ""

    def __post_init__(self) -> None:
        if not 0 <= self.min <= self.max:
            raise OptionRefused("answer_min_max", min=str(self.min), max=str(self.max))
        if self.max > LONGEST:
            raise OptionRefused("answer_text_max", max=str(self.max), limit=str(LONGEST))
        if self.pattern:
            _refuse_slow(self.pattern)

    def read(self, typed: str, asked: Asked) -> str | Bad:
        """Return the text without white space at its ends."""
        text = _CONTROL.sub("", typed).strip()
        if not text:
            return Bad("text_empty")
        if len(text) < self.min:
            return Bad("text_short", {"min": str(self.min)})
        if len(text) > self.max:
            return Bad("text_long", {"max": str(self.max)})
        if not self.pattern:
            return text
        fits = len(text) <= LONGEST_MATCHED and re.fullmatch(self.pattern, text)
        return text if fits else Bad("text_pattern")

    def buttons(self, language: str) -> tuple[str, ...]:
        """Return no buttons."""
        return ()


def _refuse_slow(pattern: str) -> None:
    if len(pattern) > LONGEST_PATTERN:
        raise OptionRefused("answer_pattern_long", limit=str(LONGEST_PATTERN))
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            re.compile(pattern)
            tree = importlib.import_module("re._parser").parse(pattern)
    except (re.error, Warning, OverflowError, RecursionError) as mistake:
        raise OptionRefused("answer_pattern_form", reason=str(mistake)) from mistake
    if _ways(tree) > _WORK:
        raise OptionRefused("answer_pattern_slow")


def _ways(tree: Any) -> int:
    """Return in how many ways the pattern can be tried on one text, at most."""
    product = 1
    for operator, argument in tree:
        product = min(product * _ways_of(str(operator), argument), _WORK + 1)
    return product


def _ways_of(operator: str, argument: Any) -> int:
    if operator in _REFUSED:
        raise OptionRefused("answer_pattern_slow")
    if operator in _REPEATS:
        low, high, inner = argument
        ways = _ways(inner)
        if ways > 1 and int(high) > 1:
            raise OptionRefused("answer_pattern_slow")
        return (min(int(high), LONGEST_MATCHED) - min(int(low), LONGEST_MATCHED) + 1) * ways
    if operator == "SUBPATTERN":
        return _ways(argument[-1])
    if operator == "BRANCH":
        return sum(_ways(branch) for branch in argument[1])
    return _ways(argument) if operator == "ATOMIC_GROUP" else 1
