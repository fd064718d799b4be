"""Files that visitors of the web chat sent: sealed, in a folder of our own, one folder a visitor."""

from __future__ import annotations

import os
import shutil
from dataclasses import dataclass
from pathlib import Path

from storage.seal import Seal

MOST_BYTES = 10 * 1024 * 1024
MOST_FILES = 50
"""How many files of one visitor are kept; more are refused."""
SENT = "sent:"
"""Begins the path of a media that lies here and not among the author's files."""
SPARE_BYTES = 1024 * 1024 * 1024
"""What must stay free on the disk: the database needs it more."""


@dataclass(frozen=True, slots=True)
class Vault:
    """Keeps files under ``folder``; owners and references are names that we made ourselves.

    ``spare`` is how many bytes stay free on the disk.
    """

    folder: Path
    seal: Seal
    spare: int = SPARE_BYTES

    def put(self, owner: str, ref: str, data: bytes) -> bool:
        """Keep the file for good; False when there is no room. A repeat changes nothing."""
        place = self.folder / owner
        place.mkdir(mode=0o700, parents=True, exist_ok=True)
        target = place / ref
        if target.exists():
            return True
        is_full = sum(1 for _ in place.iterdir()) >= MOST_FILES
        if is_full or shutil.disk_usage(place).free < self.spare + len(data):
            return False
        fresh = place / f"{ref}.new"
        with fresh.open("wb") as file:
            file.write(self.seal.seal(_bound_to(owner, ref), data))
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(target)
        return True

    def get(self, owner: str, ref: str) -> bytes | None:
        """The file as it was sent; None when it is not there."""
        try:
            sealed = (self.folder / owner / ref).read_bytes()
        except (FileNotFoundError, NotADirectoryError):
            return None
        return self.seal.open(_bound_to(owner, ref), sealed)


def _bound_to(owner: str, ref: str) -> str:
    return f"uploads/{owner}/{ref}"
