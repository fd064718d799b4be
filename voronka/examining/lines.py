"""A line of ``voronka doctor``: well, worth a look, or broken — and how to mend it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from voronka.speech import Speech

Level = Literal["ok", "warning", "error"]
_SIGNS: dict[Level, str] = {"ok": "✓", "warning": "!", "error": "✗"}


@dataclass(frozen=True, slots=True)
class Line:
    """What was looked at and what came of it; ``mend`` is empty when all is well."""

    level: Level
    ru: str
    en: str
    mend_ru: str = ""
    mend_en: str = ""

    def told(self, say: Speech) -> str:
        """The line as it is printed."""
        mend = say(self.mend_ru, self.mend_en)
        return f"{_SIGNS[self.level]} {say(self.ru, self.en)}" + (f"\n  → {mend}" if mend else "")


def fine(ru: str, en: str) -> Line:
    """All is well."""
    return Line("ok", ru, en)
