"""The language that a funnel is told in: one of two wordings, and nouns that follow a number."""

from __future__ import annotations

from dataclasses import dataclass

from flows.problems import Language


@dataclass(frozen=True, slots=True)
class Tongue:
    """Chooses one of two wordings."""

    language: Language

    def __call__(self, ru: str, en: str) -> str:
        """The wording in the language."""
        return ru if self.language == "ru" else en

    def count(self, number: int, ru: tuple[str, str, str], en: tuple[str, str]) -> str:
        """The number with its noun: ``ru`` as 1, 2 and 5 need it, ``en`` as 1 and 2."""
        if self.language == "en":
            return f"{number} {en[number != 1]}"
        tens, ones = number % 100 // 10, number % 10
        form = 2 if tens == 1 or ones == 0 or ones > 4 else 0 if ones == 1 else 1
        return f"{number} {ru[form]}"

    def quoted(self, words: str) -> str:
        """The words in the language's quotation marks."""
        return self(f"«{words}»", f"“{words}”")

    def listed(self, words: list[str], last: tuple[str, str] = ("и", "and")) -> str:
        """``a, b and c``."""
        if len(words) < 2:
            return "".join(words)
        return f"{', '.join(words[:-1])} {self(*last)} {words[-1]}"
