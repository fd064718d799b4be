"""A time of day."""

from dataclasses import dataclass
from datetime import time
from typing import ClassVar

from flows.answers.answer import Asked, Bad, OptionRefused, Sentences, ValueType
from flows.answers.hours import read_time
from flows.calendar import clock, read_clock, time_of
from flows.timing_messages import TimingProblem

_HINTS = {
    "time_form": (
        "Не получилось понять время. Примеры — 18:30, «в 7 вечера», «полдень».",
        "We could not read the time. For example: 18:30, 7 pm, noon.",
    ),
    "time_between": (
        "Нужно время от {min} до {max}.",
        "A time from {min} to {max}, please.",
    ),
}


@dataclass(frozen=True)
class Time:
    """A minute of the day from `min` to `max`, both included."""

    name: ClassVar[str] = "time"
    value_type: ClassVar[ValueType] = "time"
    personal: ClassVar[bool] = False
    hints: ClassVar[Sentences] = _HINTS

    min: str = "00:00"
    max: str = "23:59"

    def __post_init__(self) -> None:
        if self._minute(self.min) > self._minute(self.max):
            raise OptionRefused("answer_min_max", min=self.min, max=self.max)

    def read(self, typed: str, asked: Asked) -> time | Bad:
        """Return the time; a bare hour is on the clock of twenty-four."""
        found = read_time(typed)
        if found is None:
            return Bad("time_form")
        least, most = self._minute(self.min), self._minute(self.max)
        if not time_of(least) <= found <= time_of(most):
            return Bad("time_between", {"min": clock(least), "max": clock(most)})
        return found

    def buttons(self, language: str) -> tuple[str, ...]:
        """Return no buttons."""
        return ()

    @staticmethod
    def _minute(text: str) -> int:
        minute = read_clock(text)
        if isinstance(minute, TimingProblem):
            raise OptionRefused("answer_clock_form", value=text)
        return minute
