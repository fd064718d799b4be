"""Files that visitors of the web chat sent: sealed, in a folder of our own, one folder a visitor."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from storage.seal import Seal

MOST_BYTES = 10 * 1024 * 1024
MOST_FILES = 50
"""How many files of one visitor are kept; more are refused."""


@dataclass(frozen=True, slots=True)
class Vault:
    """Keeps files under ``folder``; owners and references are names that we made ourselves."""

    folder: Path
    seal: Seal

    def put(self, owner: str, ref: str, data: bytes) -> bool:
        """Keep the file for good; False when its owner has too many. A repeat changes nothing."""
        place = self.folder / owner
        place.mkdir(mode=0o700, parents=True, exist_ok=True)
        target = place / ref
        if target.exists():
            return True
        if sum(1 for _ in place.iterdir()) >= MOST_FILES:
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
