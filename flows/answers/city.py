"""A Russian city, which tells the person's time zone."""

from dataclasses import dataclass
from typing import ClassVar

from flows.answers.answer import Asked, Bad, Sentences, ValueType
from flows.answers.gazetteer import MOST_OFFERED, close, find, label

_HINTS = {
    "city_which": (
        "Городов с таким названием несколько: {cities}. Какой ваш?",
        "There are several cities of that name: {cities}. Which is yours?",
    ),
    "city_close": (
        "Не нашли такой город. Может быть, {cities}? Если нет, напишите ближайший крупный.",
        "We do not know that city. Is it {cities}? If not, write the nearest large one.",
    ),
    "city_unknown": (
        "Не нашли такой город. Напишите его название или ближайший крупный город России.",
        "We do not know that city. Write its name, or the nearest large city of Russia.",
    ),
}


@dataclass(frozen=True)
class City:
    """A city above 15,000 people by any of its names; its value is the usual one."""

    name: ClassVar[str] = "city"
    value_type: ClassVar[ValueType] = "text"
    personal: ClassVar[bool] = False
    hints: ClassVar[Sentences] = _HINTS

    def read(self, typed: str, asked: Asked) -> str | Bad:
        """Return the city's usual Russian name, or offer those that may have been meant."""
        found = find(typed)
        if len(found) == 1:
            return found[0].name
        code = "city_which" if found else "city_close"
        offers = tuple(map(label, found[:MOST_OFFERED] or close(typed)))
        if not offers:
            return Bad("city_unknown")
        return Bad(code, {"cities": ", ".join(offers)}, offers)

    def zone(self, typed: str) -> str:
        """Return the time zone of the city that was named, an empty text when it is not one."""
        found = find(typed)
        return found[0].zone if len(found) == 1 else ""

    def buttons(self, language: str) -> tuple[str, ...]:
        """Return no buttons."""
        return ()
