"""The pages of problems, made of the checker's own words and of the examples that the tests read."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

from flows.answers.option_messages import MESSAGES as ANSWERS
from flows.broadcast_messages import MESSAGES as BROADCASTS
from flows.check_messages import MESSAGES as CHECKS
from flows.expression_messages import MESSAGES as EXPRESSIONS
from flows.file_messages import MESSAGES as FILES
from flows.media_messages import MESSAGES as MEDIA
from flows.problem_messages import WARNINGS
from flows.problems import CATALOGUE
from flows.proof_messages import MESSAGES as PROOFS
from flows.timing_messages import MESSAGES as TIMES
from flows.type_messages import MESSAGES as TYPES
from tests.docs.pages import ROOT
from tests.flows.examples import FOLDER, GOOD, MADE

INDEX = ROOT / "docs" / "problems.md"
PAGES = ROOT / "docs" / "problems"
HEAD = """\
# Что может сказать проверка · What the checker can say

Коды не меняются от версии к версии: по ним ищут и отбирают (`voronka check --format json`).
«…» — то, что названо в вашем файле. Предупреждения не мешают запуску; `--strict` делает их ошибками.
По ссылке — пример: как не надо и как надо.

Codes stay the same from version to version. “…” is what your file names. Warnings do not stop a
start; `--strict` makes errors of them. A link leads to an example: wrong and right.
"""
TITLES = {
    "files": "Файлы и запись · Files and how they are written",
    "steps": "Шаги и ключи · Steps and keys",
    "texts": "Тексты и условия · Texts and conditions",
    "answers": "Ответы · Answers",
    "times": "Время · Times",
    "media": "Медиа · Media",
    "funnels": "Воронка и проект целиком · The funnel and the project as a whole",
    "broadcasts": "Рассылки · Broadcasts",
    "proofs": "Что показывает перебор путей · What walking every path shows",
}
LONGEST_LINE = 120
MOST_LINES = 40
KEPT = 8


def _dashed(messages: Mapping[str, object]) -> set[str]:
    return {code.replace("_", "-") for code in messages}


def groups() -> dict[str, list[str]]:
    """The codes of every page; what belongs nowhere else is a step's."""
    found = {
        "files": _dashed(FILES),
        "steps": set[str](),
        "texts": _dashed(EXPRESSIONS) | _dashed(TYPES),
        "answers": _dashed(ANSWERS),
        "times": _dashed(TIMES),
        "media": _dashed(MEDIA),
        "funnels": _dashed(CHECKS),
        "broadcasts": _dashed(BROADCASTS),
        "proofs": _dashed(PROOFS),
    }
    found["steps"] = set(CATALOGUE).difference(*found.values())
    return {name: sorted(codes & set(CATALOGUE)) for name, codes in found.items()}


class _Dots(dict):  # type: ignore[type-arg]
    def __missing__(self, _name: str) -> str:
        return "…"


def _said(sentence: str, hint: str) -> str:
    words = f"{sentence[:1].upper()}{sentence[1:]}".rstrip(".")
    advice = f"{hint[:1].upper()}{hint[1:]}"
    told = f"{words}. {advice}".strip().format_map(_Dots()).replace("….", "…")
    return told.replace("|", "\\|").replace("<", "&lt;")


def index() -> str:
    """The page that lists every code with its words."""
    page_of = {code: page for page, codes in groups().items() for code in codes}
    errors = sorted(set(CATALOGUE) - WARNINGS)
    return (
        f"{HEAD}\n## Ошибки · Errors\n\n{_table(errors, page_of)}\n\n"
        f"## Предупреждения · Warnings\n\n{_table(sorted(WARNINGS), page_of)}\n"
    )


def _table(codes: list[str], page_of: Mapping[str, str]) -> str:
    rows = [
        f"| [`{code}`](problems/{page_of[code]}.md#{code}) "
        f"| {_said(*CATALOGUE[code][0::2])} | {_said(*CATALOGUE[code][1::2])} |"
        for code in codes
    ]
    return "\n".join(["| Код | По-русски | In English |", "|---|---|---|", *rows])


def page(name: str) -> str:
    """The page of a group: each code with its report, wrong and right."""
    shown = [_shown(code) for code in groups()[name]]
    top = "[Все коды · All codes](../problems.md)"
    return "\n".join([f"# {TITLES[name]}", "", top, "", *shown])


def _shown(code: str) -> str:
    russian, english = (_report(code, language) for language in ("ru", "en"))
    good = _read(GOOD / f"{code}.yaml", "the example of the problem, mended")
    return "\n".join(
        [
            f"## `{code}`",
            "",
            "Не так · Wrong:",
            "",
            *_fenced("yml", _bad(code)),
            "```text",
            _short(russian).rstrip(),
            "```",
            "",
            f"*{_words(english)}*",
            "",
            "Так · Right:",
            "",
            *_fenced("yml", good),
        ]
    )


def _fenced(kind: str, text: str) -> list[str]:
    return [f"```{kind}", _short(text).rstrip(), "```", ""]


def _bad(code: str) -> str:
    if code not in MADE:
        return _read(FOLDER / f"{code}.yaml", "an example that trips the problem")
    (name, content), *more = MADE[code].items()
    sizes = [f"# {file}: {len(data):,} B".replace(",", " ") for file, data in more]
    return "\n".join([f"# {name}", content.decode("utf-8", "replace"), *sizes])


def _report(code: str, language: str) -> str:
    """What is said of the code in its example, without what else is said there."""
    text = _read(
        FOLDER / f"{code}.{language}.txt",
        "by VORONKA_REWRITE=1 pytest tests/flows/test_problems.py",
    )
    return next(part for part in text.split("\n\n") if part.split("\n")[0].endswith(f" {code}"))


def _read(path: Path, what: str) -> str:
    assert path.exists(), f"write {path.relative_to(ROOT)}: {what}"
    return path.read_text(encoding="utf-8")


def _words(report: str) -> str:
    """The sentence and the hint, without the line that they are about."""
    lines = report.splitlines()[1:]
    told = [line.strip() for line in lines if not re.match(r"\s+\d* \|", line)]
    parts = " ".join(told).split("`")  # every other one is code
    return "`".join(part if at % 2 else _plain(part) for at, part in enumerate(parts))


def _plain(text: str) -> str:
    return re.sub(r"([*_\[\]])", r"\\\1", text).replace("<", "&lt;")


def _short(text: str) -> str:
    """The text with what is too long left out."""
    lines = [
        line if len(line) <= LONGEST_LINE else f"{line[: LONGEST_LINE - 1]}…"
        for line in text.splitlines()
    ]
    if len(lines) > MOST_LINES:
        left_out = f"# … {len(lines) - 2 * KEPT} …"
        lines = [*lines[:KEPT], left_out, *lines[-KEPT:]]
    return "\n".join(lines)


def written_pages() -> list[Path]:
    """Every page."""
    return [INDEX, *(PAGES / f"{name}.md" for name in TITLES)]


def told(path: Path) -> str:
    """What the page must say."""
    return index() if path == INDEX else page(path.stem)
