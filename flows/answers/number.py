"""A number, with bounds and a unit."""

from dataclasses import dataclass
from decimal import Decimal
from typing import ClassVar

from flows.answers.answer import Asked, Bad, OptionRefused, Sentences, ValueType
from flows.answers.quantities import LARGEST, in_unit, known_unit, read_quantity

NUMBER_HINTS = {
    "number_form": (
        "Напишите одно число, например 3.",
        "Please write one number, for example 3.",
    ),
    "number_unit": (
        "Напишите число, единица — {unit}.",
        "Please write a number; the unit is {unit}.",
    ),
    "number_min": ("Нужно число не меньше {min}.", "The number must be at least {min}."),
    "number_max": ("Нужно число не больше {max}.", "The number must be at most {max}."),
    "number_between": ("Нужно число от {min} до {max}.", "A number from {min} to {max}, please."),
}


@dataclass(frozen=True)
class Number:
    """A number from `min` to `max`, both included, in `unit`; a whole one is an `int`."""

    name: ClassVar[str] = "number"
    value_type: ClassVar[ValueType] = "number"
    personal: ClassVar[bool] = False
    hints: ClassVar[Sentences] = NUMBER_HINTS

    min: float | None = None
    max: float | None = None
    unit: str = ""

    def __post_init__(self) -> None:
        if self.min is not None and self.max is not None and self.min > self.max:
            raise OptionRefused("answer_min_max", min=f"{self.min:g}", max=f"{self.max:g}")

    def read(self, typed: str, asked: Asked) -> float | Bad:
        """Return the number in the funnel's unit: «250 см» is 2.5 where the unit is «м»."""
        quantity = read_quantity(typed, asked.language)
        if quantity is None:
            return Bad("number_form")
        number = in_unit(quantity, known_unit(self.unit))
        if number is None:
            return Bad("number_unit", {"unit": self.unit})
        return out_of_bounds(number, self.min, self.max) or _as_number(number)

    def buttons(self, language: str) -> tuple[str, ...]:
        """Return no buttons."""
        return ()


def out_of_bounds(number: Decimal, least: float | None, most: float | None) -> Bad | None:
    """Return what is wrong when the number is below `least` or above `most`, both allowed."""
    low = least is not None and number < Decimal(str(least))
    high = most is not None and number > Decimal(str(most))
    if least is not None and most is not None and (low or high):
        return Bad("number_between", {"min": f"{least:.15g}", "max": f"{most:.15g}"})
    if low and least is not None:
        return Bad("number_min", {"min": f"{least:.15g}"})
    if high and most is not None:
        return Bad("number_max", {"max": f"{most:.15g}"})
    return Bad("number_form") if abs(number) > LARGEST else None


def _as_number(number: Decimal) -> float:
    return int(number) if number == number.to_integral_value() else float(number)
