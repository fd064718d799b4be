"""A whole number."""

from dataclasses import dataclass
from typing import ClassVar

from flows.answers.answer import Asked, Bad, OptionRefused, Sentences, ValueType
from flows.answers.number import NUMBER_HINTS, out_of_bounds
from flows.answers.quantities import read_quantity

_HINTS = {
    **NUMBER_HINTS,
    "integer_whole": (
        "Нужно целое число, например 3.",
        "A whole number, please, for example 3.",
    ),
}


@dataclass(frozen=True)
class Integer:
    """A whole number from `min` to `max`, both included."""

    name: ClassVar[str] = "integer"
    value_type: ClassVar[ValueType] = "number"
    personal: ClassVar[bool] = False
    hints: ClassVar[Sentences] = _HINTS

    min: int | None = None
    max: int | None = None

    def __post_init__(self) -> None:
        if self.min is not None and self.max is not None and self.min > self.max:
            raise OptionRefused("answer_min_max", min=str(self.min), max=str(self.max))

    def read(self, typed: str, asked: Asked) -> int | Bad:
        """Return the number; words around it such as «25 лет» do not matter."""
        quantity = read_quantity(typed, asked.language)
        if quantity is None:
            return Bad("number_form")
        if quantity.number != quantity.number.to_integral_value():
            return Bad("integer_whole")
        return out_of_bounds(quantity.number, self.min, self.max) or int(quantity.number)

    def buttons(self, language: str) -> tuple[str, ...]:
        """Return no buttons."""
        return ()
