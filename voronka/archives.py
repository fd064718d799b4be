"""One file of a copy: the database, what visitors sent, and a list that proves nothing is missing."""

from __future__ import annotations

import hashlib
import io
import json
import os
import re
import tarfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import IO, BinaryIO

from voronka.speech import Mistake

LIST = "manifest.json"
SQLITE, POSTGRES = "voronka.db", "voronka.dump"
VERSION = 1
_UPLOAD = re.compile(r"uploads/[0-9a-zA-Z_-]{1,64}/[0-9a-zA-Z_-]{1,64}")
_MOST_LIST = 512 * 1024 * 1024
_CHUNK = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Listed:
    """A file of the copy."""

    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """What the copy is of: never a key, never a name of a person.

    ``copied_us`` is the moment of the copy, ``keys`` the names of the keys that its data is sealed
    with, ``database`` the file in it that holds the data.
    """

    project: str
    program: str
    schema: str
    database: str
    copied_us: int
    people: int = 0
    runs: int = 0
    keys: tuple[str, ...] = ()
    files: Mapping[str, Listed] = field(default_factory=dict)
    form: int = VERSION


def listed(path: Path) -> Listed:
    """The file's size and SHA-256."""
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
        return Listed(file.tell(), digest)


def pack(target: Path, manifest: Manifest, sources: Mapping[str, Path]) -> None:
    """Write the copy to a new file that only we may read; the list comes first."""
    told = json.dumps(asdict(manifest), ensure_ascii=False, indent=1).encode()
    handle = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as file:
        with tarfile.open(fileobj=file, mode="w", format=tarfile.PAX_FORMAT) as archive:
            _add(archive, LIST, len(told), io.BytesIO(told))
            for name, known in manifest.files.items():
                with sources[name].open("rb") as source:
                    _add(archive, name, known.size, source)
        file.flush()
        os.fsync(file.fileno())


def _add(archive: tarfile.TarFile, name: str, size: int, source: BinaryIO | io.BytesIO) -> None:
    info = tarfile.TarInfo(name)
    info.size, info.mode = size, 0o600
    archive.addfile(info, source)


@contextmanager
def opened(path: Path) -> Iterator[tuple[tarfile.TarFile, Manifest]]:
    """The archive and its list; a ``Mistake`` when the file is no copy of ours."""
    with _told(path):
        archive = tarfile.open(path, "r:")  # noqa: SIM115 - closed below
    with archive:
        with _told(path):
            manifest = _manifest(archive)
        yield archive, manifest


@contextmanager
def _told(path: Path) -> Iterator[None]:
    try:
        yield
    except FileNotFoundError:
        raise Mistake(f"Нет файла {path}.", f"There is no file {path}.") from None
    except (tarfile.TarError, EOFError, ValueError, KeyError, TypeError):
        raise _foreign(path) from None
    except OSError as error:
        raise Mistake(
            f"{path} не прочитать: {error.strerror}.", f"{path} cannot be read: {error.strerror}."
        ) from None


def _manifest(archive: tarfile.TarFile) -> Manifest:
    member = archive.next()
    source = archive.extractfile(member) if member and member.name == LIST else None
    if member is None or source is None or member.size > _MOST_LIST:
        raise ValueError(LIST)
    told = json.loads(source.read())
    files = {name: Listed(**known) for name, known in told.pop("files").items()}
    found = Manifest(**{**told, "files": files, "keys": tuple(told["keys"])})
    names = set(files) - {SQLITE, POSTGRES}
    if found.form != VERSION or found.database not in files or not all(map(_is_upload, names)):
        raise ValueError(LIST)
    return found


def _is_upload(name: str) -> bool:
    return _UPLOAD.fullmatch(name) is not None


def _foreign(path: Path) -> Mistake:
    return Mistake(
        f"{path} — не копия, снятая «voronka backup», или она испорчена: возьмите другую.",
        f"{path} is no copy made by `voronka backup`, or it is damaged: take another one.",
    )


def unpack(path: Path, folder: Path) -> Manifest:
    """Put all files of the copy into the folder; a ``Mistake`` when one is missing or changed."""
    with opened(path) as (archive, manifest):
        left = dict(manifest.files)
        with _told(path):
            while (member := archive.next()) is not None:
                known = left.pop(member.name, None)
                source = archive.extractfile(member) if known and member.isreg() else None
                if known is None or source is None or _written(source, folder, member) != known:
                    raise _foreign(path)
        if left:
            raise _foreign(path)
    return manifest


def _written(source: IO[bytes], folder: Path, member: tarfile.TarInfo) -> Listed:
    digest, size = hashlib.sha256(), 0
    with _new_file(folder / member.name) as file:
        while chunk := source.read(_CHUNK):
            digest.update(chunk)
            size += len(chunk)
            file.write(chunk)
    return Listed(size, digest.hexdigest())


@contextmanager
def _new_file(target: Path) -> Iterator[BinaryIO]:
    try:
        target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        handle = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        raise Mistake(
            f"{target} не записать: {error.strerror}.",
            f"{target} cannot be written: {error.strerror}.",
        ) from None
