"""Problems as SARIF 2.1.0: what code hosts and editors show beside the lines."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from flows.problems import CATALOGUE, Language, Problem
from flows.reports import severity

SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
GUIDE = "docs/problems.md"


def as_sarif(problems: Iterable[Problem], language: Language) -> str:
    """One SARIF log of one run; its rules are the codes that were found."""
    problems = list(problems)
    codes = sorted({item.code for item in problems})
    driver = {
        "name": "voronka",
        "rules": [_rule(code, problems, language) for code in codes],
    }
    results = [_result(item, codes.index(item.code), language) for item in problems]
    run = {"tool": {"driver": driver}, "columnKind": "unicodeCodePoints", "results": results}
    log = {"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}
    return json.dumps(log, ensure_ascii=False, indent=2)


def _rule(code: str, problems: list[Problem], language: Language) -> dict[str, Any]:
    first = next(item for item in problems if item.code == code)
    words = CATALOGUE[code][0 if language == "ru" else 1]
    plain = words.replace("{{", "{").replace("}}", "}")
    return {
        "id": code,
        "shortDescription": {"text": plain[:1].upper() + plain[1:]},
        "defaultConfiguration": {"level": severity(first)},
    }


def _result(problem: Problem, index: int, language: Language) -> dict[str, Any]:
    words = [problem.sentence(language), problem.hint(language)]
    found: dict[str, Any] = {
        "ruleId": problem.code,
        "ruleIndex": index,
        "level": severity(problem),
        "message": {"text": " ".join(filter(None, words))},
        "locations": [{"physicalLocation": _place(problem)}],
    }
    way = problem.way(language)
    if way:
        steps = [{"location": {"message": {"text": label}}} for label in way]
        found["codeFlows"] = [{"threadFlows": [{"locations": steps}]}]
    return found


def _place(problem: Problem) -> dict[str, Any]:
    mark = problem.mark
    return {
        "artifactLocation": {"uri": mark.file, "uriBaseId": "%SRCROOT%"},
        "region": {"startLine": mark.line, "startColumn": mark.column},
    }
