"""A day."""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from flows.answers.answer import Asked, Bad, Sentences, ValueType
from flows.answers.days import DAY_HINTS, out_of_days, read_day, refuse_bounds


@dataclass(frozen=True)
class Date:
    """A day from `min` to `max`, both included; without a year it is the next such day."""

    name: ClassVar[str] = "date"
    value_type: ClassVar[ValueType] = "date"
    personal: ClassVar[bool] = False
    hints: ClassVar[Sentences] = DAY_HINTS

    min: str = ""
    max: str = ""

    def __post_init__(self) -> None:
        refuse_bounds(self.min, self.max)

    def read(self, typed: str, asked: Asked) -> date | Bad:
        """Return the day, in the person's zone where it was said from today."""
        day = read_day(typed, asked)
        if isinstance(day, Bad):
            return day
        return out_of_days(day, self.min, self.max, asked) or day

    def buttons(self, language: str) -> tuple[str, ...]:
        """Return no buttons."""
        return ()
