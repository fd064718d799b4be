"""Which language the program speaks, and how it tells a user's mistake: one sentence, exit code 2."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import Literal

Language = Literal["ru", "en"]
LANGUAGE_VARIABLE = "VORONKA_LANGUAGE"
OK, WRONG, MISUSED = 0, 1, 2
"""Exit codes: all is well; the files or tests are wrong; the command cannot be carried out."""


@dataclass(frozen=True, slots=True)
class Speech:
    """Chooses one of two wordings."""

    language: Language

    def __call__(self, ru: str, en: str) -> str:
        """The wording in the chosen language."""
        return ru if self.language == "ru" else en

    def count(self, number: int, ru: tuple[str, str, str], en: tuple[str, str]) -> str:
        """The number with its noun: ``ru`` as 1, 2 and 5 need it, ``en`` as 1 and 2."""
        if self.language == "en":
            return f"{number} {en[0] if number == 1 else en[1]}"
        tens, ones = number % 100 // 10, number % 10
        form = 2 if tens == 1 or ones == 0 or ones > 4 else 0 if ones == 1 else 1
        return f"{number} {ru[form]}"


class Mistake(Exception):
    """The command cannot be carried out as it was given; the sentence says why, in two languages."""

    def __init__(self, ru: str, en: str) -> None:
        super().__init__(en)
        self.ru = ru
        self.en = en


def chosen_language(asked: str = "") -> Language:
    """``ru`` or ``en``: what was asked for, else the environment's, else Russian."""
    wanted = asked or os.environ.get(LANGUAGE_VARIABLE) or _of_locale()
    return "en" if wanted.lower().startswith("en") else "ru"


def _of_locale() -> str:
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        if value := os.environ.get(name):
            return value
    return ""
