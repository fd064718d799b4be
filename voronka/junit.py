"""The tests' ends as JUnit XML, which GitHub, GitLab and others read."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import groupby
from xml.sax.saxutils import escape, quoteattr

from voronka.speech import Speech
from voronka.verdicts import End, Played, diff_lines, headline

_UNFIT = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What XML 1.0 cannot hold."""


def junit_xml(plays: Sequence[Played], say: Speech) -> str:
    """A suite for every funnel, a case for every test on every channel."""
    suites = [_suite(name, list(group), say) for name, group in groupby(plays, _funnel)]
    head = _open("testsuites", name="voronka", **_counts([end for p in plays for end in p.ends]))
    return "\n".join(
        ['<?xml version="1.0" encoding="UTF-8"?>', head, *suites, "</testsuites>", ""]
    )


def _funnel(played: Played) -> str:
    return played.funnel


def _suite(name: str, plays: Sequence[Played], say: Speech) -> str:
    ends = [end for played in plays for end in played.ends]
    cases = [line for played in plays for line in _cases(played, say)]
    return "\n".join([_open("testsuite", name=name, **_counts(ends)), *cases, "</testsuite>"])


def _cases(played: Played, say: Speech) -> Iterator[str]:
    mark = played.test.mark
    for end in played.ends:
        case = _open(
            "testcase",
            classname=played.funnel,
            name=f"{played.test.name} ({end.channel})",
            file=mark.file,
            line=str(mark.line),
            time=f"{end.seconds:.3f}",
        )
        yield case
        if end.failure is not None:
            yield _failure(end, say)
        yield "</testcase>"


def _failure(end: End, say: Speech) -> str:
    assert end.failure is not None
    said = headline(end.failure, end.channel, say)
    told = "\n".join([said, *(text for _, text in diff_lines(end.failure.diff))])
    message = say(end.failure.ru, end.failure.en)
    return f"{_open('failure', type='difference', message=message)}{escape(_fit(told))}</failure>"


def _counts(ends: Sequence[End]) -> dict[str, str]:
    return {
        "tests": str(len(ends)),
        "failures": str(sum(end.failure is not None for end in ends)),
        "errors": "0",
        "skipped": "0",
        "time": f"{sum(end.seconds for end in ends):.3f}",
    }


def _open(tag: str, **values: str) -> str:
    told = "".join(f" {name}={quoteattr(_fit(value))}" for name, value in values.items())
    return f"<{tag}{told}>"


def _fit(text: str) -> str:
    return _UNFIT.sub("\ufffd", text)
