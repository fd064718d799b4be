"""Every problem has a broken funnel that trips it, and its report in both languages is golden.

``VORONKA_REWRITE=1 pytest tests/flows/test_problems.py`` writes the reports anew; never under CI.
"""

import os
import re

import pytest

from flows.checks import FUNNEL_CHECKS, MAX_STEPS, PROJECT_CHECKS, WAY_CHECKS, check_project
from flows.checks.house import House
from flows.checks.subject import Subject
from flows.problem_messages import WARNINGS
from flows.problems import CATALOGUE
from flows.reports import as_text, summary
from tests.flows.examples import (
    FOLDER,
    GOOD,
    example_codes,
    files_of,
    load_example,
    load_good,
    sizes_of,
)

REWRITE = os.environ.get("VORONKA_REWRITE") == "1"


def _report(code: str, language: str) -> str:
    problems = load_example(code).problems
    sources = {name: text.decode("utf-8", "replace") for name, text in files_of(code).items()}
    return f"{as_text(problems, language, sources)}\n\n{summary(problems, language)}\n"


@pytest.mark.parametrize("language", ["ru", "en"])
@pytest.mark.parametrize("code", example_codes())
def test_an_example_gives_exactly_its_report(code: str, language: str) -> None:
    golden = FOLDER / f"{code}.{language}.txt"
    report = _report(code, language)
    if REWRITE:
        assert not os.environ.get("CI"), "reports are not rewritten under CI"
        golden.write_text(report, encoding="utf-8")
    assert report == golden.read_text(encoding="utf-8")


@pytest.mark.parametrize("code", sorted(CATALOGUE))
def test_every_code_has_an_example_that_trips_it(code: str) -> None:
    assert code in example_codes(), f"write tests/examples/problems/{code}.yaml"
    assert code in {found.code for found in load_example(code).problems}


@pytest.mark.parametrize("code", sorted(CATALOGUE))
def test_every_code_has_a_good_example_that_does_not_trip_it(code: str) -> None:
    path = GOOD / f"{code}.yaml"
    asked = f"write {path}: tests/examples/problems/{code}.yaml mended, as short as it can be"
    assert path.exists(), asked
    found = load_good(code).problems
    wrong = [f"{item.mark} {item.code}" for item in found if item.code == code or not item.warning]
    assert not wrong, wrong


def test_no_example_is_left_of_a_code_that_is_gone() -> None:
    assert set(example_codes()) == set(CATALOGUE)
    reports = {re.sub(r"\.(ru|en)\.txt$", "", path.name) for path in FOLDER.glob("*.txt")}
    assert reports == set(CATALOGUE)
    assert {path.stem for path in GOOD.glob("*.yaml")} == set(CATALOGUE)


def test_warnings_are_codes() -> None:
    assert set(CATALOGUE) >= WARNINGS


def _beside(code: str) -> dict[str, int]:
    return {name.removeprefix("funnels/"): size for name, size in sizes_of(code).items()}


def _tripped() -> set[str]:
    found = set()
    for code in example_codes():
        loaded = load_example(code)
        for program in loaded.programs.values():
            if len(program.steps) > MAX_STEPS:
                continue
            subject = Subject(program, loaded.project, "2026-05-01", True, _beside(code))
            checks = (*FUNNEL_CHECKS, *WAY_CHECKS)
            found |= {check.__qualname__ for check in checks if any(check(subject))}
        if loaded.project is not None:
            house = House(loaded.project, loaded.programs, files_of(code))
            found |= {check.__qualname__ for check in PROJECT_CHECKS if any(check(house))}
    return found


def test_every_check_is_tripped_by_an_example() -> None:
    checks = {check.__qualname__ for check in (*FUNNEL_CHECKS, *WAY_CHECKS, *PROJECT_CHECKS)}
    assert checks - _tripped() == set()


def test_sentences_are_whole_in_both_languages() -> None:
    for code in example_codes():
        for found in load_example(code).problems:
            for language in ("ru", "en"):
                sentence, hint = found.sentence(language), found.hint(language)
                assert sentence[-1] in ".?!…", (code, sentence)
                assert not hint or hint[-1] in ".?!…", (code, hint)
                assert not re.search(r"[а-яё]", re.sub(r"“[^”]*”|«[^»]*»", "", sentence)) or (
                    language == "ru"
                ), (code, sentence)


def test_a_sound_project_has_nothing_to_say() -> None:
    loaded = load_example("yaml-syntax")
    assert loaded.project is not None
    assert check_project(loaded.project, {}, ["funnels/example.yaml"]) == []
