"""Everything in a funnel that a test can go through: places, answers, letters, branches, entries."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from flows import outcomes
from flows.answers.slot import Slot
from flows.durations import written
from flows.engine import EPOCH
from flows.lettering import moment_of
from flows.nodes.ask import Ask
from flows.nodes.base import Step
from flows.nodes.consent import Consent
from flows.nodes.question import Question
from flows.nodes.say import Say
from flows.phrases import phrase
from flows.problems import Mark
from flows.program import Laid, Program

Kind = Literal["place", "answer", "silence", "letter", "branch", "entry"]
KINDS: tuple[Kind, ...] = ("place", "answer", "letter", "silence", "branch", "entry")
Key = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Item:
    """One thing that a test can go through; ``where`` and ``what`` name it for people."""

    kind: Kind
    key: Key
    mark: Mark
    where: str
    ru: str = ""
    en: str = ""

    def name(self, language: str) -> str:
        """``booking.when «День»``."""
        what = self.ru if language == "ru" else self.en
        return f"{self.where} {what}".strip()


def items_of(program: Program) -> list[Item]:
    """Everything in a funnel that a test can go through, in the order of the file."""
    found = [*_entries(program), *_letters(program)]
    for laid in program.steps.values():
        name = program.names.get(laid.address, laid.flow)
        if name in program.places:
            found.append(
                Item("place", ("place", name), laid.step.mark, name, "(место)", "(place)")
            )
        if isinstance(laid.step, Question):
            found += [*_answers(program, laid.step, name), *_silences(laid.step, name)]
        if isinstance(laid.step, Say):
            found += _buttons(laid, laid.step)
        found += [*_outcomes(laid, name), *_branches(laid, name)]
    return sorted(found, key=lambda item: item.mark)


def _entries(program: Program) -> Iterator[Item]:
    for index, entry in enumerate(program.funnel.entry):
        words = f"{entry.trigger}: {', '.join(entry.matches)}" if entry.matches else entry.trigger
        yield Item("entry", ("entry", str(index)), entry.mark, "entry", f"«{words}»", f"“{words}”")


def _letters(program: Program) -> Iterator[Item]:
    for series, _, letter in program.letters():
        place = f"{series}.{letter.id}"
        yield Item("letter", ("letter", place), letter.mark, place, "(письмо)", "(letter)")
        otherwise = f"{place}.otherwise.0"
        if letter.otherwise:
            mark = letter.otherwise[0].mark
            yield Item("branch", ("step", otherwise), mark, place, "→ otherwise", "→ otherwise")


def _answers(program: Program, step: Question, place: str) -> Iterator[Item]:
    for key, mark, ru, en in _ways_to_answer(program, step):
        yield Item("answer", ("answer", place, key), mark, place, ru, en)


def _ways_to_answer(program: Program, step: Question) -> Iterator[tuple[str, Mark, str, str]]:
    if isinstance(step, Consent):
        language = program.funnel.language
        for key, words in (("agree", step.agree), ("refuse", step.refuse)):
            text = words.source if words else phrase(key, language)
            yield key, words.mark if words else step.mark, f"«{text}»", f"“{text}”"
    if not isinstance(step, Ask):
        return
    for index, option in enumerate(step.options):
        if not option.url:
            text = option.text.source
            yield f"option{index}", option.mark, f"«{text}»", f"“{text}”"
    if isinstance(step.answer, Slot):
        yield "value", step.mark, "(время)", "(a time)"
    elif step.answer is not None or not step.options:
        yield "value", step.mark, "(ответ словами)", "(answer in words)"
    if step.skip:
        yield "skip", step.skip.mark, f"«{step.skip.source}»", f"“{step.skip.source}”"


def _silences(step: Question, place: str) -> Iterator[Item]:
    for index, item in enumerate(step.silence or ()):
        key = "then" if item.then is not None else str(index + 1)
        after = written(moment_of(item.after) - EPOCH)
        ru, en = f"(молчание {after})", f"(silence {after})"
        yield Item("silence", ("silence", place, key), item.mark, place, ru, en)


def _outcomes(laid: Laid, name: str) -> Iterator[Item]:
    for outcome, (ru, en) in outcomes.of(laid.step):
        yield Item("branch", ("went", laid.address, outcome), laid.step.mark, name, ru, en)


def _buttons(laid: Laid, step: Say) -> Iterator[Item]:
    for index, button in enumerate(step.buttons):
        text = button.text.source
        key: Key = ("button", laid.address, str(index))
        if button.url:
            key = ("track", button.track)
        if not button.url or button.track:
            yield Item("answer", key, button.mark, laid.flow, f"«{text}»", f"“{text}”")


def _branches(laid: Laid, name: str) -> Iterator[Item]:
    asked = isinstance(laid.step, Question)
    told = () if asked else dict(outcomes.of(laid.step))
    for block, steps in laid.step.blocks():
        told_elsewhere = asked and block.startswith(("option", "silence", "refused"))
        if steps and not told and not told_elsewhere:
            key = ("step", f"{laid.address}.{block}.0")
            words = f"{laid.step.VERB} → {_shown(laid.step, block)}"
            yield Item("branch", key, steps[0].mark, name, words, words)


def _shown(step: Step, block: str) -> str:
    """The block as the author wrote it: a case of ``match`` by its value."""
    cases = [*getattr(step, "cases", {})]
    index = block.removeprefix("case")
    return cases[int(index)] if cases and index.isdecimal() else block
