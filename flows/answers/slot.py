"""A free time of a team: taken at once, and nobody else gets it."""

from dataclasses import dataclass
from datetime import timedelta
from typing import ClassVar

from flows.answers.answer import Asked, Bad, OptionRefused, Sentences, ValueType
from flows.durations import read_duration
from flows.slots import Wanted
from flows.timing_messages import TimingProblem

_HINTS = {
    "slot_form": (
        "Это время занято или не подходит. Выберите, пожалуйста, одно из свободных.",
        "That time is taken or does not fit. Please choose one of the free ones.",
    ),
}
MOST_DAYS = 60


@dataclass(frozen=True)
class Slot:
    """Times of `length` in the hours of `team`, from `notice` on and for `days` days."""

    name: ClassVar[str] = "slot"
    value_type: ClassVar[ValueType] = "datetime"
    personal: ClassVar[bool] = False
    hints: ClassVar[Sentences] = _HINTS

    team: str = ""
    length: str = "30m"
    notice: str = "3h"
    days: int = 7

    def __post_init__(self) -> None:
        for option in ("length", "notice"):
            text = getattr(self, option)
            found = read_duration(text)
            if isinstance(found, TimingProblem):
                raise OptionRefused("slot_duration", option=option, text=text)
        if not self.team:
            raise OptionRefused("slot_team")
        if not 1 <= self.days <= MOST_DAYS or not self.wanted.length:
            raise OptionRefused("slot_bounds", most=str(MOST_DAYS))

    @property
    def wanted(self) -> Wanted:
        """What is to be booked."""
        return Wanted(_span(self.length), _span(self.notice), self.days)

    def read(self, typed: str, asked: Asked) -> Bad:
        """Return the hint: words alone never take a time, a booking does."""
        del typed, asked
        return Bad("slot_form")

    def buttons(self, language: str) -> tuple[str, ...]:
        """Return no buttons: they depend on what is free."""
        del language
        return ()


def _span(text: str) -> timedelta:
    found = read_duration(text)
    assert isinstance(found, timedelta)
    return found
