"""Places, letters and options: each named, and named once."""

from __future__ import annotations

from collections.abc import Iterator

from flows.checks.subject import Subject, at
from flows.nodes.ask import Ask
from flows.nodes.consent import Consent
from flows.nodes.jumps import Call
from flows.nodes.outside import OutsideStep
from flows.phrases import phrase
from flows.problems import Problem, problem
from flows.texts import WrittenText


def no_main(subject: Subject) -> Iterator[Problem]:
    """There is a flow ``main``."""
    funnel = subject.program.funnel
    if "main" not in funnel.flows:
        yield problem("no-main", at(funnel, "flows"))


def flows_like_series(subject: Subject) -> Iterator[Problem]:
    """No flow and series share a name."""
    funnel = subject.program.funnel
    for name in funnel.flows:
        if name in funnel.series:
            yield problem("flow-like-series", at(funnel, "series", name), name=name)


def unnamed_questions(subject: Subject) -> Iterator[Problem]:
    """Every question has a name to rest at."""
    for step in subject.steps(Ask):
        written = step.node is not None and (step.node.get("save") or step.node.get("id"))
        if not step.place() and not written:
            yield problem("question-name", step.mark)


def duplicate_places(subject: Subject) -> Iterator[Problem]:
    """No two places of a flow share a name."""
    seen: set[tuple[bool, str]] = set()
    for laid in subject.laid():
        name, is_call = laid.step.place(), isinstance(laid.step, Call)
        place = (is_call, f"{laid.flow}.{name}")
        if name and place in seen and not isinstance(laid.step, OutsideStep):
            shown = laid.step.call if isinstance(laid.step, Call) else name
            yield problem("duplicate-place", laid.step.mark, place=shown)
        seen.add(place)


def duplicate_letters(subject: Subject) -> Iterator[Problem]:
    """No two letters of a series share an id."""
    for series in subject.program.funnel.series.values():
        seen: set[str] = set()
        for letter in series.letters:
            if letter.id in seen:
                yield problem("duplicate-letter", at(letter, "id"), letter=letter.id)
            seen.add(letter.id)


def empty_letters(subject: Subject) -> Iterator[Problem]:
    """Every letter has something to play."""
    for _, _, letter in subject.program.letters():
        if not letter.steps:
            yield problem("letter-empty", letter.mark, letter=letter.id)


def duplicate_options(subject: Subject) -> Iterator[Problem]:
    """No two buttons of a question or a consent read the same, the bot's own among them."""
    for step in subject.steps(Ask):
        labels = [option.text for option in step.options] + ([step.skip] if step.skip else [])
        yield from _repeated(labels, _own_buttons(subject, step))
    for asked in subject.steps(Consent):
        if asked.agree and asked.refuse:
            yield from _repeated([asked.agree, asked.refuse], set())


def _own_buttons(subject: Subject, step: Ask) -> set[str]:
    """The words of the buttons that the bot itself puts under the question."""
    funnel = subject.program.funnel
    done = [phrase("done", funnel.language, funnel.phrases)] if step.many else []
    return {" ".join(words.casefold().split()) for words in (*done, funnel.back) if words}


def _repeated(labels: list[WrittenText], seen: set[str]) -> Iterator[Problem]:
    for label in labels:
        spelt = _spelt(label)
        if spelt in seen:
            yield problem("duplicate-option", label.mark, option=label.source)
        seen.add(spelt)


def _spelt(label: WrittenText) -> str:
    return " ".join(label.source.casefold().split())
