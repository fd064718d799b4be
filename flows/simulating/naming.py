"""What a funnel has that habits and scripts may name: places, buttons, links."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from flows.nodes.ask import Ask
from flows.nodes.consent import Consent
from flows.nodes.say import Say
from flows.phrases import phrase
from flows.problems import closest
from flows.program import Program
from flows.reading import Reading
from flows.simulating.script import last_part
from flows.source import Scalar

if TYPE_CHECKING:
    from flows.project import Document


def is_known(scalar: Scalar, known: Iterable[str], reading: Reading) -> bool:
    """Whether the word is one of these; a problem is noted when it is not."""
    names = set(known)
    if scalar.text in names:
        return True
    close = closest(scalar.text, names)
    reading.note("unknown-key", scalar.mark, key=scalar.text, close=close)
    return False


def questions(program: Program) -> list[str]:
    """Full names of the places where something is asked, in the file's order."""
    asked = (Ask, Consent)
    return [
        name
        for address, name in program.names.items()
        if isinstance(program.steps[address].step, asked)
    ]


def stations(program: Program) -> list[str]:
    """Full names of questions, waits, letters and flows: wherever something is said."""
    letters = [f"{name}.{letter.id}" for name, _, letter in program.letters()]
    return [*dict.fromkeys([*program.funnel.flows, *program.places, *letters])]


def both(names: Iterable[str]) -> set[str]:
    """The full names and their last parts."""
    full = list(names)
    return {*full, *map(last_part, full)}


def labels_at(program: Program, place: str) -> set[str] | None:
    """The texts of the question's buttons; None when they are not known before the play."""
    found: set[str] = set()
    for name in questions(program):
        if place in {name, last_part(name)}:
            step = program.steps[program.places[name]].step
            labels = _labels(step, program.funnel.language)
            if labels is None:
                return None
            found |= labels
    return found


def _labels(step: Any, language: str) -> set[str] | None:
    if isinstance(step, Consent):
        agree, refuse = phrase("agree", language), phrase("refuse", language)
        written = [step.agree, step.refuse]
        texts = [agree if step.agree is None else "", refuse if step.refuse is None else ""]
    else:
        if step.answer is not None:
            return None
        written = [*(option.text for option in step.options), step.skip]
        texts = [] if step.options else ["text"]
    known = [item.compiled.literal for item in written if item is not None]
    if None in known:
        return None
    return {text for text in [*texts, *known] if text}


def tracks_of(program: Program) -> set[str]:
    """The names of tracked links."""
    steps = [laid.step for laid in program.steps.values()]
    return {b.track for step in steps if isinstance(step, Say) for b in step.buttons if b.track}


def labels_of_says(program: Program) -> set[str]:
    """The texts of buttons that wait for nobody."""
    steps = [laid.step for laid in program.steps.values()]
    buttons = [button for step in steps if isinstance(step, Say) for button in step.buttons]
    return {button.text.source for button in buttons if button.url is None}


@dataclass(frozen=True, slots=True)
class Row:
    """A place or a letter of the funnel: ``what`` it is and the author's words there."""

    place: str
    what: str
    title: str


def rows(program: Program, documents: Mapping[str, Document]) -> list[Row]:
    """All places and letters of the funnel in the file's order."""
    found = []
    letters = {f"{name}.{letter.id}": letter for name, _, letter in program.letters()}
    for address, name in program.names.items():
        laid = program.steps[address]
        if laid.flow not in letters and type(laid.step).RESTS:
            found.append(_row(name, laid.step, documents))
    for letter_place in letters:
        inside = [
            (name, program.steps[address])
            for address, name in program.names.items()
            if program.steps[address].flow == letter_place
        ]
        found.append(Row(letter_place, "letter", _first_words(program, letter_place)))
        found += [_row(name, laid.step, documents) for name, laid in inside if laid.step.RESTS]
    return found


def _row(place: str, step: Any, documents: Mapping[str, Document]) -> Row:
    if isinstance(step, Ask):
        return Row(place, "ask", readable(step.ask.source))
    if isinstance(step, Consent):
        document = documents.get(step.consent)
        return Row(place, "consent", document.title if document else step.consent)
    return Row(place, step.VERB, "")


def _first_words(program: Program, flow: str) -> str:
    for laid in program.steps.values():
        if laid.flow == flow:
            written = getattr(laid.step, laid.step.VERB, None)
            source = getattr(written, "source", "")
            if source:
                return readable(source)
    return ""


def readable(source: str) -> str:
    """The author's text without its templates and marks."""
    bare = re.sub(r"\{\{.*?\}\}|\{%.*?%\}", "…", source, flags=re.DOTALL)
    bare = re.sub(r"(?<=\w)…(?=[!.,?])|(?<=…)\.", "", bare)
    return " ".join(bare.replace("**", "").split())
