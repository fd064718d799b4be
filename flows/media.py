"""Files of messages: how big and of which form each channel takes them, and what goes together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from flows.messages import Media, MediaKind

_MEGABYTE = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Takes:
    """What a channel takes under one kind of media.

    ``size`` is the limit in bytes (0: none); ``forms`` are the endings of names that are shown as
    meant (empty: any), with ``strict`` all others are refused, else shown as plain files;
    ``barred`` endings are refused in any case.
    """

    size: int = 0
    forms: tuple[str, ...] = ()
    strict: bool = False
    barred: tuple[str, ...] = ()


_PICTURES = ("jpg", "jpeg", "png", "gif", "webp")
_PROGRAMS = ("exe", "msi", "bat", "cmd", "com", "scr")
_VK_FILE = 200 * _MEGABYTE
_VK_VOICE = ("ogg", "oga", "opus", "mp3")
_WEB_VIDEO = ("mp4", "m4v", "webm")
_WEB_AUDIO = ("mp3", "m4a", "ogg", "oga", "opus", "wav", "webm")
_TELEGRAM_FILE = 50 * _MEGABYTE

TAKES: dict[str, dict[MediaKind, Takes]] = {
    "telegram": {  # Bot API: Sending files, sendPhoto, sendVideo, sendAudio, sendVoice
        "photo": Takes(10 * _MEGABYTE, _PICTURES, strict=True),
        "video": Takes(_TELEGRAM_FILE, ("mp4",)),
        "audio": Takes(_TELEGRAM_FILE, ("mp3", "m4a")),
        "voice": Takes(_TELEGRAM_FILE, ("ogg", "oga", "opus", "mp3", "m4a")),
        "video_note": Takes(_TELEGRAM_FILE, ("mp4",)),
        "document": Takes(_TELEGRAM_FILE),
    },
    "vk": {  # dev.vk.com/api/upload: photos, documents, voice messages
        "photo": Takes(50 * _MEGABYTE, ("jpg", "jpeg", "png", "gif"), strict=True),
        "video": Takes(_VK_FILE),
        "audio": Takes(_VK_FILE),
        "voice": Takes(_VK_FILE, _VK_VOICE),
        "video_note": Takes(_VK_FILE),
        "document": Takes(_VK_FILE, barred=("mp3", *_PROGRAMS)),
    },
    "web": {
        "photo": Takes(forms=(*_PICTURES, "avif", "svg")),
        "video": Takes(forms=_WEB_VIDEO),
        "audio": Takes(forms=_WEB_AUDIO),
        "voice": Takes(forms=_WEB_AUDIO),
        "video_note": Takes(forms=_WEB_VIDEO),
        "document": Takes(),
    },
    "terminal": {},
}
"""What each channel takes; a kind that is not named is taken as it is."""

Fitness = Literal["fits", "too_large", "refused", "plain_file"]
VkUpload = Literal["photo", "doc", "audio_message"]


def form_of(path: str) -> str:
    """The ending of the file's name in small letters, without the dot."""
    name = path.rsplit("/", 1)[-1]
    return name.rpartition(".")[2].lower() if "." in name else ""


def takes(channel: str, kind: MediaKind) -> Takes:
    """What the channel takes under the kind."""
    return TAKES[channel].get(kind, Takes())


def fitness(channel: str, media: Media, size: int) -> Fitness:
    """What becomes of the file in the channel: it fits, is refused, or is shown as a plain file."""
    limits, form = takes(channel, media.kind), form_of(media.path)
    if limits.size and size > limits.size:
        return "too_large"
    if form in limits.barred:
        return "refused"
    if not limits.forms or form in limits.forms:
        return "fits"
    return "refused" if limits.strict else "plain_file"


def vk_upload(media: Media) -> VkUpload:
    """How VK gets the file: mp3 is no document there, and only Ogg and mp3 become a voice."""
    if media.kind == "photo":
        return "photo"
    form = form_of(media.path)
    if media.kind == "voice" and form in _VK_VOICE:
        return "audio_message"
    return "audio_message" if media.kind == "audio" and form == "mp3" else "doc"


def albums(channel: str, media: Sequence[Media], limit: int) -> list[tuple[Media, ...]]:
    """The media as the channel takes them together, at most ``limit`` in each, order kept.

    Pictures with labels never stand together with media of another meaning.
    """
    found: list[tuple[Media, ...]] = []
    for item in media:
        last = found[-1] if found else ()
        sort = _sort(channel, item)
        if last and sort and len(last) < limit and sort == _sort(channel, last[0]):
            found[-1] = (*last, item)
        else:
            found.append((item,))
    return found


def label_lines(media: Sequence[Media], longest: int) -> list[str]:
    """The labels of the pictures, each one line of at most so many characters."""
    lines = [" ".join(item.label.split()) for item in media if item.label]
    return [line if len(line) <= longest else f"{line[: longest - 1]}…" for line in lines]


def _sort(channel: str, item: Media) -> tuple[str, bool] | None:
    """What the file may stand beside; None: it stands alone."""
    sort = ""
    if channel == "telegram":  # sendMediaGroup: documents and audio only with their own kind
        sort = "photo" if item.kind == "video" else item.kind
    alone = sort in ("voice", "video_note") or (
        channel == "vk" and vk_upload(item) == "audio_message"
    )
    return None if alone else (sort, bool(item.label))
