"""What a person sends beside words: files as events tell them and as fields keep them, and places."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from typing import Any, Literal

from flows.values import fit_to_show

FileKind = Literal["photo", "file", "video", "video_note", "animation", "voice", "audio"]
KINDS: dict[str, tuple[str, str]] = {
    "photo": ("фото", "photo"),
    "file": ("файл", "file"),
    "video": ("видео", "video"),
    "video_note": ("видеокружок", "video note"),
    "animation": ("анимация", "animation"),
    "voice": ("голосовое", "voice message"),
    "audio": ("аудио", "audio"),
}
"""Every kind of file, in Russian and in English."""

MOST_FILES = 10
"""How many files one answer keeps: as many as an album holds."""
_LONGEST_NAME = 120
_LONGEST_CAPTION = 1_024
_PATH = re.compile(r".*[/\\]", re.DOTALL)
_PLACES = 6
_COORDINATES = re.compile(
    r"\(?\s*([+-]?\d{1,3}(?:[.,]\d{1,15})?)°?\s*(?:;|,\s|,(?=[+-]?\d{1,3}\.)|\s)\s*"
    r"([+-]?\d{1,3}(?:[.,]\d{1,15})?)°?\s*\)?"
)
_MOST_LATITUDE, _MOST_LONGITUDE = 90, 180

Kept = dict[str, Any]
"""A file in a field: ``kind``, ``ref``, ``name``, ``size``, ``mime``, ``caption``, ``channel``,
``bot``."""


NAMED = frozenset({"file", "video", "animation", "audio"})
"""Kinds that bear a file's name; what a camera or a microphone made is told by its kind."""


@dataclass(frozen=True, slots=True)
class SentFile:
    """A file that came; ``ref`` is what its channel finds it by again, ``name`` may be empty."""

    kind: FileKind
    ref: str
    name: str = ""
    size: int = 0
    mime: str = ""

    @property
    def is_picture(self) -> bool:
        """Whether it is a photo, be it sent as a file."""
        return self.kind == "photo" or self.mime.startswith("image/")


def kept(file: SentFile, caption: str, channel: str, bot: str) -> Kept:
    """The file as a field keeps it: enough to open it later by the bot that was sent it."""
    return {
        "kind": file.kind,
        "ref": file.ref,
        "name": file_name(file.name) if file.kind in NAMED else "",
        "size": file.size,
        "mime": file.mime,
        "caption": caption[:_LONGEST_CAPTION],
        "channel": channel,
        "bot": bot,
    }


def file_name(told: str) -> str:
    """The name without folders, control signs and what is too long."""
    name = fit_to_show(_PATH.sub("", told)).strip()
    if len(name) <= _LONGEST_NAME:
        return name
    stem, dot, suffix = name.rpartition(".")
    short = len(suffix) <= 10 and bool(stem)
    return f"{stem[: _LONGEST_NAME - 12]}…{dot}{suffix}" if short else name[:_LONGEST_NAME]


def kept_files(value: Any) -> list[Kept]:
    """The files that a field's value is; none for any other value."""
    if type(value) is not list or not value:
        return []
    found = all(type(each) is dict and "ref" in each and "kind" in each for each in value)
    return value if found else []


def names_of(files: list[Kept], language: str) -> str:
    """The files as texts print them: by name, those without one by kind."""
    return ", ".join(_counted([file["name"] or word(file["kind"], language) for file in files]))


def titles_of(files: list[Kept], language: str) -> str:
    """The files as a lead shows them: what each is, its name, and the words under it."""
    titles = [_title(file, language) for file in files]
    captions = dict.fromkeys(file["caption"] for file in files if file.get("caption"))
    return ", ".join(_counted(titles)) + "".join(f" «{caption}»" for caption in captions)


def word(kind: str, language: str) -> str:
    """The kind of file as a word."""
    return KINDS[kind][language != "ru"] if kind in KINDS else kind


def _title(file: Kept, language: str) -> str:
    what = word(file["kind"], language)
    return f"{what}: {file['name']}" if file["name"] else what


def _counted(words: list[str]) -> list[str]:
    return [each if n == 1 else f"{each} ({n})" for each, n in Counter(words).items()]


def coordinates(latitude: float, longitude: float) -> str:
    """The place as text that any map finds: ``55.751244, 37.618423``."""
    return f"{_degrees(latitude)}, {_degrees(longitude)}"


def read_coordinates(text: str) -> tuple[float, float] | None:
    """Latitude and longitude of a text that holds nothing else; None for any other."""
    found = _COORDINATES.fullmatch(text.strip())
    if found is None:
        return None
    latitude, longitude = (float(part.replace(",", ".")) for part in found.groups())
    fits = abs(latitude) <= _MOST_LATITUDE and abs(longitude) <= _MOST_LONGITUDE
    return (latitude, longitude) if fits else None


def _degrees(value: float) -> str:
    return f"{value:.{_PLACES}f}".rstrip("0").rstrip(".") if round(value, _PLACES) else "0"
