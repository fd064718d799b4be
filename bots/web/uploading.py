"""Files that visitors send: read with suspicion, kept for the team and for their own page only."""

from __future__ import annotations

import hashlib
import re
from dataclasses import asdict
from mimetypes import guess_type
from typing import Any
from urllib.parse import unquote

from starlette.responses import Response

from bots.web.phrases import phrase
from bots.web.saying import Refused
from bots.web.security import FILE_POLICY, guarded
from flows.sent import FileKind, SentFile, file_name

REFERENCE = re.compile(r"[0-9a-f]{32}")
_CLIENT_ID = re.compile(r"[A-Za-z0-9_-]{8,64}")
_PICTURES = (
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
)


def reference(key_hash: bytes, client_id: str) -> str:
    """The file's name in the vault: nobody can guess it, and a repeat gets the same one."""
    return hashlib.sha256(key_hash + client_id.encode()).hexdigest()[:32]


def check_client_id(client_id: str, language: str) -> str:
    """The page's id of the upload; :class:`Refused` when it is none."""
    if not _CLIENT_ID.fullmatch(client_id):
        raise Refused(phrase("unreadable", language))
    return client_id


def raw_file(ref: str, told_name: str, data: bytes, language: str) -> dict[str, Any]:
    """The raw event of a posted file; its kind is told by its bytes and name, not by the sender."""
    if not data:
        raise Refused(phrase("file_empty", language))
    name = file_name(unquote(told_name[:1_000]))
    picture = picture_type(data)
    mime = picture or guess_type(name)[0] or "application/octet-stream"
    file = SentFile("photo" if picture else _kind(mime), ref, name, len(data), mime)
    return {"kind": "file", "file": asdict(file)}


def picture_type(data: bytes) -> str:
    """The type of a picture that every browser shows; "" for everything else."""
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "image/webp"
    return next((mime for head, mime in _PICTURES if data.startswith(head)), "")


def file_response(data: bytes) -> Response:
    """The visitor's own file: a picture to look at, anything else only to be saved."""
    picture = picture_type(data)
    response = Response(data, media_type=picture or "application/octet-stream")
    response.headers["Content-Disposition"] = "inline" if picture else "attachment"
    response.headers["Cache-Control"] = "private, max-age=3600"
    return guarded(response, FILE_POLICY)


def _kind(mime: str) -> FileKind:
    family = mime.partition("/")[0]
    return "video" if family == "video" else "audio" if family == "audio" else "file"
