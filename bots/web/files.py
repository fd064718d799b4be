"""The files that pages may load: our script and styles, the author's media, nothing else."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from starlette.responses import FileResponse, Response

from bots.web.security import FILE_POLICY, guarded
from flows.media import form_of

_STATIC = Path(__file__).parent / "static"
_TYPES = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}
_MEDIA_TYPES = {
    "jpg": "image/jpeg", "jpeg": "image/jpeg", "png": "image/png", "gif": "image/gif",
    "webp": "image/webp", "avif": "image/avif", "svg": "image/svg+xml", "pdf": "application/pdf",
    "mp4": "video/mp4", "m4v": "video/mp4", "webm": "video/webm", "mp3": "audio/mpeg",
    "m4a": "audio/mp4", "ogg": "audio/ogg", "oga": "audio/ogg", "opus": "audio/ogg",
    "wav": "audio/wav",
}  # fmt: skip
"""What a browser may show in the page, whatever the machine's own table says; else it saves it."""
_FOREVER = "public, max-age=31536000, immutable"
_HOUR = "public, max-age=3600"


@cache
def static_names() -> tuple[str, ...]:
    """The names of our own files."""
    return tuple(sorted(file.name for file in _STATIC.iterdir() if file.suffix in _TYPES))


@cache
def static_version() -> str:
    """A word that changes when one of our files does, for addresses kept for ever."""
    digest = hashlib.sha256()
    for name in static_names():
        digest.update((_STATIC / name).read_bytes())
    return digest.hexdigest()[:10]


def static_file(name: str, version: str) -> Response | None:
    """One of our own files, None when there is none of the name."""
    if name not in static_names():
        return None
    file = _STATIC / name
    response = FileResponse(file, media_type=f"{_TYPES[file.suffix]}; charset=utf-8")
    response.headers["Cache-Control"] = _FOREVER if version == static_version() else "no-cache"
    return guarded(response)


def media_file(path: str, media: Mapping[str, Path]) -> Response | None:
    """A file that a loaded funnel names, None for every other path.

    What a browser could run as a page of ours is only ever saved to disk.
    """
    file = media.get(path)
    if file is None or not file.is_file():
        return None
    kind = _MEDIA_TYPES.get(form_of(path))
    response = FileResponse(
        file,
        media_type=kind or "application/octet-stream",
        filename=file.name,
        content_disposition_type="inline" if kind else "attachment",
    )
    response.headers["Cache-Control"] = _HOUR
    return guarded(response, FILE_POLICY)
