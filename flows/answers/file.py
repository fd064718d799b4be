"""Any file: a document, a photo, a video, a voice message."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from flows.answers.answer import Asked, Bad, Sentences, ValueType
from flows.sent import SentFile

_HINTS = {
    "file_expected": (
        "Пришлите, пожалуйста, файл: фото, документ, видео или голосовое сообщение.",
        "Please send a file: a photo, a document, a video or a voice message.",
    ),
}


@dataclass(frozen=True)
class File:
    """A file of any kind; its value is the list of what was sent, which prints as its name."""

    name: ClassVar[str] = "file"
    value_type: ClassVar[ValueType] = "text"
    personal: ClassVar[bool] = False
    hints: ClassVar[Sentences] = _HINTS

    def read(self, typed: str, asked: Asked) -> Bad:
        """Return what is wrong: words are no file."""
        return Bad("file_expected")

    def fits(self, file: SentFile) -> bool:
        """Return whether the file is one of those that the question asks for."""
        return True

    def buttons(self, language: str) -> tuple[str, ...]:
        """Return no buttons: sending files is the channel's own."""
        return ()
