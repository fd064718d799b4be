"""Files: uploads, their identifiers bound to a bot, and the size rules of photos."""

import base64
import hashlib
import ipaddress
import itertools
import struct
from dataclasses import dataclass
from typing import Any, NoReturn
from urllib.parse import urlsplit

from tests.emulators.telegram.errors import WRONG_FILE, ApiError, refuse
from tests.emulators.telegram.requests import Call, Upload
from tests.emulators.telegram.world import Bot

# Sending files: "10 MB max size for photos, 50 MB for other files"
MAX_PHOTO = 10 * 1024 * 1024
MAX_FILE = 50 * 1024 * 1024
MAX_DOWNLOAD = 20 * 1024 * 1024  # getFile: "bots can download files of up to 20MB in size"
# sendPhoto: "The photo's width and height must not exceed 10000 in total. Width and height
# ratio must be at most 20."
MAX_SIDES, MAX_RATIO = 10_000, 20

KINDS = {
    "photo": "Photo",
    "video": "Video",
    "audio": "Audio",
    "voice": "VoiceNote",
    "video_note": "VideoNote",
    "document": "Document",
}
_FOLDERS = {"photo": "photos", "voice": "voice", "audio": "music", "document": "documents"}
_MIME = {
    "video": "video/mp4",
    "audio": "audio/mpeg",
    "voice": "audio/ogg",
    "document": "application/octet-stream",
}


@dataclass
class StoredFile:
    """A file on Telegram's side, as one bot sees it."""

    id: str
    bot: int
    kind: str
    name: str
    mime: str
    data: bytes
    path: str
    size: tuple[int, int] = (0, 0)

    @property
    def unique_id(self) -> str:
        """Return the identifier that is the same for every bot."""
        return "AQAD" + hashlib.sha256(self.data).hexdigest()[:12]


class FileStore:
    """All files; an identifier works only for the bot that got it."""

    def __init__(self) -> None:
        self._files: dict[str, StoredFile] = {}
        self._numbers = itertools.count(1)

    def add(self, bot: Bot, kind: str, upload: Upload) -> StoredFile:
        """Keep a file that the bot sent or was sent."""
        if not upload.data:
            refuse("file must be non-empty")
        if len(upload.data) > MAX_FILE:
            raise ApiError(413, "Request Entity Too Large")
        size = _photo_size(upload.data) if kind == "photo" else (0, 0)
        number = next(self._numbers)
        # FAQ: "file_id ... is persistent" and belongs to the bot that received it
        raw = f"{kind}:{bot.id}:{number}".encode()
        file_id = "AgACAgIAAxk" + base64.urlsafe_b64encode(raw).decode().rstrip("=")
        path = f"{_FOLDERS.get(kind, 'videos')}/file_{number}"
        stored = StoredFile(
            file_id, bot.id, kind, upload.name, upload.mime, upload.data, path, size
        )
        self._files[file_id] = stored
        return stored

    def get(self, bot: Bot, file_id: str) -> StoredFile | None:
        """Return the bot's own file by its identifier."""
        stored = self._files.get(file_id)
        return stored if stored is not None and stored.bot == bot.id else None

    def by_path(self, bot: Bot, path: str) -> StoredFile | None:
        """Return the bot's own file by its path in the download address."""
        files = (file for file in self._files.values() if file.bot == bot.id)
        return next((file for file in files if file.path == path), None)

    def resolve(self, bot: Bot, call: Call, kind: str, value: str | None) -> StoredFile:
        """Return the file a call means: an upload, attach://name, an identifier or a URL."""
        upload = call.files.get(kind) if value is None else None
        if value is not None and value.startswith("attach://"):
            upload = call.files.get(value.removeprefix("attach://"))
            if upload is None:
                refuse(f"there is no {kind.replace('_', ' ')} in the request")
        if upload is not None:
            return self.add(bot, shown_as(kind, upload.data), upload)
        if value is None:
            refuse(f"there is no {kind.replace('_', ' ')} in the request")
        if "://" in value:
            return self.add(bot, kind, _from_url(value, kind))
        stored = self.get(bot, value)
        if stored is None:
            refuse(WRONG_FILE)
        if stored.kind != kind:
            # Sending by file_id: "It is not possible to change the file type when resending"
            refuse(f"can't use file of type {KINDS[stored.kind]} as {KINDS[kind]}")
        return stored


def shown_as(kind: str, data: bytes) -> str:
    """Return what the server makes of an upload: an unfit video, audio or voice is a document.

    sendVideo: "other formats may be sent as Document"; sendVoice: "your audio must be in an .OGG
    file encoded with OPUS, or in .MP3 format, or in .M4A format"; sendAudio: ".MP3 or .M4A".
    """
    film = data[4:8] == b"ftyp"
    music = film or data.startswith(b"ID3") or data[:2] in (b"\xff\xfb", b"\xff\xf3", b"\xff\xf2")
    fit = {
        "video": film,
        "video_note": film,
        "audio": music,
        "voice": music or data.startswith(b"OggS"),
    }
    return kind if fit.get(kind, True) else "document"


def _from_url(url: str, kind: str) -> Upload:
    """Return what Telegram would download; nothing is fetched here, only the address is judged."""
    parts = urlsplit(url)
    host = parts.hostname or ""
    if parts.scheme not in ("http", "https") or "." not in host or _is_private(host):
        refuse(WRONG_FILE)
    if kind == "video_note":  # "Sending video notes by a URL is currently unsupported"
        refuse(WRONG_FILE)
    name = parts.path.rsplit("/", 1)[-1] or "file"
    data = _SAMPLE_PNG if kind == "photo" else url.encode()
    return Upload(name, _MIME.get(kind, ""), data)


def _is_private(host: str) -> bool:
    try:
        return not ipaddress.ip_address(host).is_global
    except ValueError:
        return False


def _photo_size(data: bytes) -> tuple[int, int]:
    if len(data) > MAX_PHOTO:
        refuse(
            f"file of size {len(data)} bytes is too big for a photo; "
            f"the maximum size is {MAX_PHOTO} bytes"
        )
    width, height = image_size(data)
    if width + height > MAX_SIDES or max(width, height) > MAX_RATIO * min(width, height):
        refuse("PHOTO_INVALID_DIMENSIONS")
    return width, height


def image_size(data: bytes) -> tuple[int, int]:
    """Return width and height of a PNG, GIF, WebP or JPEG picture, or refuse it."""
    if data.startswith(b"\x89PNG\r\n\x1a\n") and len(data) >= 24:
        width, height = struct.unpack(">II", data[16:24])
    elif data[:6] in (b"GIF87a", b"GIF89a") and len(data) >= 10:
        width, height = struct.unpack("<HH", data[6:10])
    elif data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        width, height = 512, 512
    elif data.startswith(b"\xff\xd8"):
        width, height = _jpeg_size(data)
    else:
        _not_a_picture()
    if not width or not height:
        _not_a_picture()
    return width, height


def _not_a_picture() -> NoReturn:
    refuse("IMAGE_PROCESS_FAILED")


def _jpeg_size(data: bytes) -> tuple[int, int]:
    at = 2
    while at + 9 <= len(data) and data[at] == 0xFF:
        marker, length = data[at + 1], int.from_bytes(data[at + 2 : at + 4], "big")
        if 0xC0 <= marker <= 0xCF and marker not in (0xC4, 0xC8, 0xCC):
            height, width = struct.unpack(">HH", data[at + 5 : at + 9])
            return width, height
        at += 2 + length
    return 0, 0


def sample_png(width: int = 640, height: int = 480) -> bytes:
    """Return bytes that pass for a PNG picture of this size."""
    header = struct.pack(">II", width, height) + b"\x08\x02\x00\x00\x00"
    return b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + header + b"\x00\x00\x00\x00"


_SAMPLE_PNG = sample_png()


def media_content(stored: StoredFile, params: dict[str, Any]) -> dict[str, Any]:
    """Return the part of a Message object that shows the file."""
    base: dict[str, Any] = {
        "file_id": stored.id,
        "file_unique_id": stored.unique_id,
        "file_size": len(stored.data),
    }
    if stored.kind == "photo":
        width, height = stored.size
        return {"photo": [base | {"width": width, "height": height}]}
    if stored.kind != "document":
        base["duration"] = params.get("duration", 0)
    if stored.kind == "video":
        base |= {"width": params.get("width", 640), "height": params.get("height", 480)}
    elif stored.kind == "video_note":
        base["length"] = params.get("length", 240)
    if stored.kind in _MIME:
        base["mime_type"] = stored.mime or _MIME[stored.kind]
    if stored.kind in ("document", "audio", "video"):
        base["file_name"] = stored.name
    return {stored.kind: base}
