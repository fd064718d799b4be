"""Multiple choice: what is chosen from, how many, and that the options lead nowhere themselves."""

from __future__ import annotations

from collections.abc import Iterator

from flows.checks.subject import Subject, at
from flows.nodes.ask import Ask
from flows.problems import Problem, problem


def choices_of_nothing(subject: Subject) -> Iterator[Problem]:
    """A multiple choice has options, and no typed answer beside them."""
    for step in subject.steps(Ask):
        if step.many and (step.answer is not None or not _choosable(step)):
            yield problem("many-options", at(step, "many"))


def choices_that_lead(subject: Subject) -> Iterator[Problem]:
    """Options of a multiple choice lead nowhere: several may be chosen."""
    for step in subject.steps(Ask):
        for option in step.options if step.many else ():
            if option.go or option.then:
                yield problem("many-leads", option.mark, option=option.text.source)


def choices_of_too_many(subject: Subject) -> Iterator[Problem]:
    """As many options can be chosen as must be."""
    for step in subject.steps(Ask):
        if not step.many:
            for key in ("min", "max"):
                if getattr(step, key) is not None:
                    yield problem("many-count-alone", at(step, key), key=key)
            continue
        count = _choosable(step)
        most = count if step.max is None else step.max
        if (count and not 0 <= step.least <= most <= count) or most < 1 <= count:
            key = "max" if step.max is not None else "min"
            yield problem("many-count", at(step, key), min=step.least, max=most, count=count)


def _choosable(step: Ask) -> int:
    return len([option for option in step.options if option.url is None])
