"""A mark from one to five or ten."""

import re
from dataclasses import dataclass
from typing import ClassVar

from flows.answers.answer import Asked, Bad, OptionRefused, Sentences, ValueType
from flows.matching import words

FIVE, TEN = 5, 10
_STARS = "⭐★🌟"
_SPELT = {
    word: number
    for number, spelt in enumerate(
        (
            "один единица кол one",
            "два двойка two",
            "три тройка three",
            "четыре четверка four",
            "пять пятерка пятерочка five",
            "шесть шестерка six",
            "семь семерка seven",
            "восемь восьмерка eight",
            "девять девятка nine",
            "десять десятка ten",
        ),
        start=1,
    )
    for word in spelt.split()
}
_FILLERS = frozenset(
    words(
        "балл балла баллов звезда звезды звезд оценка ставлю из на с плюсом минусом point points star "
        "stars out of"
    )
)

_HINTS = {
    "rating_form": ("Поставьте оценку от 1 до {max}.", "Please give a mark from 1 to {max}."),
}


@dataclass(frozen=True)
class Rating:
    """A whole number from 1 to `max`, which is 5 or 10."""

    name: ClassVar[str] = "rating"
    value_type: ClassVar[ValueType] = "number"
    personal: ClassVar[bool] = False
    hints: ClassVar[Sentences] = _HINTS

    max: int = FIVE

    def __post_init__(self) -> None:
        if self.max not in (FIVE, TEN):
            raise OptionRefused("answer_rating_max", max=str(self.max))

    def read(self, typed: str, asked: Asked) -> int | Bad:
        """Return the mark: a number, its word, or stars; «4 из 5» is 4 of a rating up to 5."""
        stars = re.sub(r"[\s\ufe0f]", "", typed)
        if stars and not stars.strip(_STARS) and len(stars) <= self.max:
            return len(stars)
        said = [_number(word) for word in words(typed) if word not in _FILLERS]
        if len(said) == 2 and said[1] == self.max:
            said = said[:1]
        if len(said) == 1 and 1 <= said[0] <= self.max:
            return said[0]
        return Bad("rating_form", {"max": str(self.max)})

    def buttons(self, language: str) -> tuple[str, ...]:
        """Return the marks in order."""
        return tuple(str(mark) for mark in range(1, self.max + 1))


def _number(word: str) -> int:
    """Return the number of the word, 0 when it is none."""
    return int(word) if re.fullmatch("[0-9]{1,2}", word) else _SPELT.get(word, 0)
