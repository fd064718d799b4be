"""A place: shared by the messenger's button, typed as coordinates, or an address in words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from flows.answers.answer import Asked, Bad, Sentences, ValueType
from flows.sent import coordinates, read_coordinates

_SHORTEST, _LONGEST = 3, 500

_HINTS = {
    "location_form": (
        "Отправьте местоположение или напишите адрес, например: Тверская, 7.",
        "Share your location or write the address, for example: 7 Tverskaya Street.",
    ),
}


@dataclass(frozen=True)
class Location:
    """A place as text: coordinates in degrees, or the address as it was written."""

    name: ClassVar[str] = "location"
    value_type: ClassVar[ValueType] = "text"
    personal: ClassVar[bool] = False
    hints: ClassVar[Sentences] = _HINTS

    def read(self, typed: str, asked: Asked) -> str | Bad:
        """Return `55.75, 37.61` for coordinates, else the address without idle white space."""
        point = read_coordinates(typed)
        if point is not None:
            return coordinates(*point)
        address = " ".join(typed.split())
        words = any(sign.isalpha() for sign in address)
        return address if words and _SHORTEST <= len(address) <= _LONGEST else Bad("location_form")

    def shared(self, latitude: float, longitude: float, title: str) -> str:
        """Return the value of a place that the messenger shared; `title` names it, or is empty."""
        point = coordinates(latitude, longitude)
        return f"{title} ({point})" if title else point

    def buttons(self, language: str) -> tuple[str, ...]:
        """Return no buttons: sharing a location is the channel's own."""
        return ()
