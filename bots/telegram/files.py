"""Files and places in Telegram's messages: https://core.telegram.org/bots/api#message."""

from __future__ import annotations

from typing import Any

from flows.events import FileSent, LocationSent
from flows.sent import FileKind, SentFile

Raw = dict[str, Any]

_FILES: dict[str, FileKind] = {
    "animation": "animation",  # before "document": an animation is sent as both
    "document": "file",
    "video": "video",
    "video_note": "video_note",
    "voice": "voice",
    "audio": "audio",
}


def file_sent(message: Raw) -> FileSent | None:
    """The file of the message with the words under it; None when it holds none.

    A photo comes in several sizes: the largest is taken.
    """
    file = _photo(message["photo"]) if message.get("photo") else _file(message)
    if file is None:
        return None
    caption, album = message.get("caption", ""), message.get("media_group_id", "")
    return FileSent((file,), _text(caption), _text(album))


def location_sent(message: Raw) -> LocationSent | None:
    """The place that the message shares, with its name when it is a venue; None when it is none."""
    place = message.get("location")
    if place is None:
        return None
    venue = message.get("venue") or {}
    title = ", ".join(filter(None, (venue.get("title"), venue.get("address"))))
    return LocationSent(float(place["latitude"]), float(place["longitude"]), title)


def _photo(sizes: list[Raw]) -> SentFile:
    largest = max(sizes, key=lambda size: int(size["width"]) * int(size["height"]))
    return _sent("photo", largest, "image/jpeg")


def _file(message: Raw) -> SentFile | None:
    for field, kind in _FILES.items():
        if message.get(field):
            return _sent(kind, message[field], _text(message[field].get("mime_type", "")))
    return None


def _sent(kind: FileKind, file: Raw, mime: str) -> SentFile:
    name, size = file.get("file_name", ""), file.get("file_size", 0)
    return SentFile(kind, _text(file["file_id"]), _text(name), int(size), mime)


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError("the Bot API promises a text here")
    return value
