"""A photo, be it sent as a file."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from flows.answers.answer import Asked, Bad, Sentences, ValueType
from flows.sent import SentFile

_HINTS = {
    "photo_expected": (
        "Пришлите, пожалуйста, фото: снимите камерой или выберите в галерее.",
        "Please send a photo: take one or choose it in your gallery.",
    ),
}


@dataclass(frozen=True)
class Photo:
    """A picture; its value is the list of what was sent, which prints as its name."""

    name: ClassVar[str] = "photo"
    value_type: ClassVar[ValueType] = "text"
    personal: ClassVar[bool] = False
    hints: ClassVar[Sentences] = _HINTS

    def read(self, typed: str, asked: Asked) -> Bad:
        """Return what is wrong: words are no photo."""
        return Bad("photo_expected")

    def fits(self, file: SentFile) -> bool:
        """Return whether the file is a picture."""
        return file.is_picture

    def buttons(self, language: str) -> tuple[str, ...]:
        """Return no buttons: sending photos is the channel's own."""
        return ()
