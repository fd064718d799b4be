"""What testers may ask of a bot: ``/reset`` makes them strangers, ``/preview`` shows a letter."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from flows import effects, events
from flows.copying import copy_of
from flows.entering import finish, start_values
from flows.handing import drop
from flows.markup import RichText
from flows.messages import Button, Message
from flows.playing import begin
from flows.serving import PREVIEW, bot_says
from flows.state import Consent, Person, Run
from flows.when import written_when

if TYPE_CHECKING:
    from flows.events import Event
    from flows.funnel import Letter
    from flows.program import Program
    from flows.scene import Turn

TRIED = (events.ResetAsked, events.PreviewAsked)
_WORDS = {
    "reset": (
        "Готово: вы для бота снова новый человек. Начните заново: /start",
        "Done: to the bot you are a stranger again. Begin anew: /start",
    ),
    "shown": (
        "Предпросмотр: {letter}, {when}. Кнопки здесь не действуют.",
        "Preview: {letter}, {when}. The buttons do nothing here.",
    ),
    "silent": ("Это письмо вам ничего не говорит.", "This letter says nothing to you."),
    "letters": ("Письма. Покажу любое:", "Letters. I can show any of them:"),
    "none": ("Писем у бота нет.", "The bot has no letters."),
    "unknown": ("Письма «{letter}» нет.", "There is no letter “{letter}”."),
    "inert": ("Это предпросмотр: кнопка не действует.", "A preview: the button does nothing."),
}


@dataclass(frozen=True, slots=True)
class _Found:
    """A letter of a live funnel, and what a tester calls it."""

    name: str
    program: Program
    series: str
    letter: Letter


def tried(turn: Turn, event: Event) -> bool:
    """Whether a tester asked it, and was served."""
    if isinstance(event, events.ResetAsked):
        _reset(turn)
    elif isinstance(event, events.PreviewAsked):
        _preview(turn, event.letter.strip())
    else:
        return False
    return True


def phrase_of(turn: Turn, name: str, **params: str) -> str:
    """Words for a tester, in the language of the bot's first funnel."""
    first = next(iter(turn.bundle.programs.values()), None)
    language = first.funnel.language if first is not None else "ru"
    return _WORDS[name][0 if language == "ru" else 1].format(**params)


def _reset(turn: Turn) -> None:
    """Everything of the person's in the bot is over and forgotten; leads and the journal stay."""
    drop(turn, "returned")
    turn.returned = None
    for run in turn.conversation.runs:
        _forget_fields(turn, run)
        if run.ended_us is None:
            finish(turn, run, "reset")
        else:  # its last letter may still be queued
            turn.do(effects.Withdraw(run.number, reason="reset"))
    _withdraw_consents(turn)
    turn.do(effects.CallOff("reset"))
    turn.conversation.runs.clear()
    before = turn.conversation.person
    kept = ("first_name", "last_name", "username", "gender", "counter", "uid")
    turn.conversation.person = Person(**{name: getattr(before, name) for name in kept})
    turn.do(effects.Note("reset"))
    bot_says(turn, RichText.of(phrase_of(turn, "reset")))


def _forget_fields(turn: Turn, run: Run) -> None:
    scene = turn.scene(run)
    for name, value in run.fields.items():
        if scene is not None and value is not None and name in scene.program.slot_fields:
            scene.let_go(name)
        turn.do(effects.Save(run.number, run.funnel, name, None, personal=False))


def _withdraw_consents(turn: Turn) -> None:
    """The record of consents is only added to: what was given is withdrawn, and asked again."""
    for name, given in turn.conversation.person.consents.items():
        if given.action != "given":
            continue
        document = turn.bundle.documents.get(name)
        is_same = document is not None and document.version == given.version
        digest = document.sha256 if document is not None and is_same else ""
        record = effects.RecordConsent(0, name, given.version, digest, "withdrawn", "")
        turn.do(record)


def _preview(turn: Turn, wanted: str) -> None:
    letters = list(_letters(turn))
    found = next((each for each in letters if _is_called(each, wanted)), None)
    if wanted and found is not None:
        _show(turn, found)
        return
    lines = [f"/preview {each.name} · {written_when(each.letter.when)}" for each in letters]
    head = [phrase_of(turn, "letters" if letters else "none")]
    if wanted:
        head.insert(0, phrase_of(turn, "unknown", letter=wanted))
    bot_says(turn, RichText.of("\n".join([*head, *lines])))


def _letters(turn: Turn) -> Iterator[_Found]:
    """The letters of the live funnels; the funnel is named where the bot has several."""
    programs = turn.bundle.programs
    for funnel, program in programs.items():
        for series, _, letter in program.letters():
            parts = [funnel] if len(programs) > 1 else []
            name = ".".join([*parts, series, letter.id])
            yield _Found(name, program, series, letter)


def _is_called(found: _Found, wanted: str) -> bool:
    return f".{found.name}".endswith(f".{wanted.lower()}")


def _show(turn: Turn, found: _Found) -> None:
    """The letter as it would be said to this very person now; nothing else comes of it."""
    when = written_when(found.letter.when)
    bot_says(turn, RichText.of(phrase_of(turn, "shown", letter=found.name, when=when)))
    said = [effect.message for effect in _played(turn, found) if isinstance(effect, effects.Say)]
    for message in said:
        turn.do(effects.Say(turn.number(), _inert(message), "reply"))
    if not said:
        bot_says(turn, RichText.of(phrase_of(turn, "silent")))


def _played(turn: Turn, found: _Found) -> list[effects.Effect]:
    """What the letter does, played on a copy of the conversation that is thrown away."""
    from flows.scene import Scene
    from flows.scene import Turn as Imagined

    copied = copy_of(turn.conversation)
    copied.person.consents["advertising"] = Consent("given", "", turn.now_us)
    bundle = replace(turn.bundle, deny_advertising=False, watch=None)
    imagined = Imagined(bundle, copied, turn.event, turn.now_us, clockwork=True)
    funnel = found.program.funnel.funnel
    run = next((run for run in reversed(copied.runs) if run.funnel == funnel), None)
    if run is None:
        run = Run(imagined.number(), funnel, found.program.hash, turn.now_us)
        run.fields = dict(copied.person.known.get(funnel, {}))
        copied.runs.append(run)
    run.program, run.ended_us = found.program.hash, None
    scene = Scene(imagined, run, found.program)
    start_values(scene)
    begin(scene, f"{found.series}.{found.letter.id}", "letter")
    return imagined.effects


def _inert(message: Message) -> Message:
    """The message with buttons that mean nothing; links still open."""
    buttons = (
        Button(button.text, url=button.url) if button.url else Button(button.text, {"do": PREVIEW})
        for button in message.buttons
    )
    return replace(message, buttons=tuple(buttons), kind="service", typing_us=0)
