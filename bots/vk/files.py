"""Files and places in VK's messages: https://dev.vk.com/reference/objects/message."""

from __future__ import annotations

from collections.abc import Callable
from mimetypes import guess_type
from typing import Any

from flows.events import LocationSent
from flows.sent import SentFile

Raw = dict[str, Any]


def files_sent(message: Raw) -> tuple[SentFile, ...]:
    """The files attached to the message; previews of links, stickers, posts are none."""
    found = []
    for item in message.get("attachments") or []:
        read, held = _READERS.get(item["type"]), item.get(item["type"])
        if read is not None and held:
            found.append(read(held))
    return tuple(found)


def location_sent(message: Raw) -> LocationSent | None:
    """The place attached to the message; None when there is none."""
    point = (message.get("geo") or {}).get("coordinates")
    if not point:
        return None
    place = message["geo"].get("place") or {}
    return LocationSent(
        float(point["latitude"]), float(point["longitude"]), place.get("title", "")
    )


def _photo(photo: Raw) -> SentFile:
    return SentFile("photo", _reference("photo", photo), mime="image/jpeg")


def _document(document: Raw) -> SentFile:
    title, suffix = document.get("title", ""), document.get("ext", "")
    named = not suffix or title.lower().endswith(f".{suffix.lower()}")
    name = title if named else f"{title}.{suffix}"
    mime = guess_type(name)[0] or ""
    size = int(document.get("size", 0))
    return SentFile("file", _reference("doc", document), name, size, mime)


def _voice(voice: Raw) -> SentFile:
    return SentFile("voice", _reference("audio_message", voice), mime="audio/ogg")


def _video(video: Raw) -> SentFile:
    return SentFile("video", _reference("video", video), video.get("title", ""))


def _audio(audio: Raw) -> SentFile:
    name = " — ".join(filter(None, (audio.get("artist"), audio.get("title"))))
    return SentFile("audio", _reference("audio", audio), name)


def _reference(kind: str, held: Raw) -> str:
    """What ``messages.send`` takes as an attachment."""
    key = f"_{held['access_key']}" if held.get("access_key") else ""
    return f"{kind}{int(held['owner_id'])}_{int(held['id'])}{key}"


_READERS: dict[str, Callable[[Raw], SentFile]] = {
    "photo": _photo,
    "doc": _document,
    "audio_message": _voice,
    "video": _video,
    "audio": _audio,
}
