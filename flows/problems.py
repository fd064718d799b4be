"""A problem: what is wrong in a file, where, and how to mend it, in Russian and in English."""

from __future__ import annotations

from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any, Literal

from flows.answers.option_messages import MESSAGES as ANSWER_MESSAGES
from flows.expression_messages import MESSAGES as EXPRESSION_MESSAGES
from flows.problem_messages import MESSAGES, WARNINGS
from flows.timing_messages import MESSAGES as TIMING_MESSAGES

Language = Literal["ru", "en"]
CATALOGUE: dict[str, tuple[str, str, str, str]] = {
    **EXPRESSION_MESSAGES,
    **{code.replace("_", "-"): words for code, words in TIMING_MESSAGES.items()},
    **{code.replace("_", "-"): words for code, words in ANSWER_MESSAGES.items()},
    **MESSAGES,
}
"""Code → the sentence in Russian and English, the hint in Russian and English."""

LONGEST = 500
"""Characters of a file that a sentence repeats at most."""


@dataclass(frozen=True, slots=True, order=True)
class Mark:
    """A place in a file; line and column count from 1."""

    file: str
    line: int
    column: int

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}"


@dataclass(frozen=True, slots=True)
class Problem:
    """An author's mistake. ``params`` fill the sentence of ``code``; ``path`` are the answers
    that lead to it, where that helps, each a text or a text for each language.
    """

    code: str
    mark: Mark
    params: tuple[tuple[str, Any], ...] = ()
    path: tuple[Any, ...] = ()

    @property
    def warning(self) -> bool:
        """Whether it only warns (``--strict`` makes an error of it)."""
        return self.code in WARNINGS

    def sentence(self, language: Language) -> str:
        """What is wrong, one sentence."""
        return self._filled(0 if language == "ru" else 1, language)

    def hint(self, language: Language) -> str:
        """How to mend it, or an empty text."""
        close = dict(self.params).get("close")
        if close:
            lead = "Может быть, «{}»?" if language == "ru" else "Did you mean “{}”?"
            return lead.format(close)
        return self._filled(2 if language == "ru" else 3, language)

    def way(self, language: Language) -> tuple[str, ...]:
        """The answers that lead to it, in words."""
        return tuple(each[language] if isinstance(each, dict) else each for each in self.path)

    def _filled(self, column: int, language: Language) -> str:
        params = {
            name: _shortened(value[language] if isinstance(value, dict) else value)
            for name, value in self.params
        }
        text = CATALOGUE[self.code][column].format(**params)
        return text[:1].upper() + text[1:] + ("" if not text or text[-1] in ".?!…" else ".")


def _shortened(value: Any) -> Any:
    """What is told of a file's own words: a sentence stays one, whatever the file holds."""
    is_long = isinstance(value, str) and len(value) > LONGEST
    return f"{value[:LONGEST]}…" if is_long else value


def problem(code: str, mark: Mark, *, path: tuple[Any, ...] = (), **params: Any) -> Problem:
    """A problem with its parameters; a KeyError when the catalogue has no such code."""
    code = code.replace("_", "-")
    if code not in CATALOGUE:
        raise KeyError(code)
    return Problem(code, mark, tuple(sorted(params.items())), path)


def closest(name: str, known: Any) -> str:
    """The known name that looks most like ``name``, or an empty text."""
    meant = _MEANT.get(name.lower(), "")
    if meant in known:
        return meant
    found = get_close_matches(name, sorted(known), n=1, cutoff=0.6)
    return found[0] if found else ""


_MEANT = {
    word: meant
    for meant, words in (
        ("text", "string str строка текст"),
        ("integer", "int целое"),
        ("number", "float число"),
        ("boolean", "bool"),
        ("date", "дата"),
        ("time", "время"),
        ("phone", "телефон"),
        ("email", "почта"),
        ("city", "город"),
        ("rating", "оценка"),
        ("photo", "фото"),
        ("file", "файл"),
        ("list", "список"),
        ("urgent", "high"),
        ("normal", "medium"),
    )
    for word in words.split()
}
"""Words that look like nothing of the language, and the words of it that are meant by them."""


def in_order(problems: list[Problem]) -> list[Problem]:
    """Without repeats, by file, line and column."""
    found = {(item.mark, item.code, str(item.params)): item for item in reversed(problems)}
    return [found[key] for key in sorted(found)]
