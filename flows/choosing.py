"""Multiple choice: options are marked one by one, or typed all at once, and a button closes it."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from flows import effects
from flows.channels import marks_in_place
from flows.markup import RichText
from flows.matching import choose
from flows.messages import CHOSEN_SIGN, Button, Message

if TYPE_CHECKING:
    from flows.nodes.ask import Ask
    from flows.scene import Scene, Turn
    from flows.state import Play

_PARTS = re.compile(r"[,;\n/&+]|\s(?:и|and)\s", re.IGNORECASE)
_NUMBERS = re.compile(r"\d{1,3}(?:\s+\d{1,3})+")
_LONGEST = 2_000


def typed_options(typed: str, labels: Sequence[str]) -> list[int] | None:
    """The options that the text names, in their order: «1, 3», «Утро и Вечер»; None for others."""
    typed = typed[:_LONGEST].strip()
    whole = choose(typed, labels)
    if whole is not None:
        return [whole]
    parts = typed.split() if _NUMBERS.fullmatch(typed) else _PARTS.split(typed)
    found = [choose(part, labels) for part in parts if part.strip()]
    if not found or None in found:
        return None
    return sorted({index for index in found if index is not None})


def wrong_count(scene: Scene, step: Ask, chosen: Collection[int]) -> str:
    """What to say when too few or too many options are chosen; an empty text when it is right."""
    if len(chosen) < step.least:
        return scene.phrase("choose_more", min=str(step.least))
    if step.max is not None and len(chosen) > step.max:
        return scene.phrase("choose_fewer", max=str(step.max))
    return ""


def marked_now(turn: Turn, play: Play) -> list[int]:
    """What is marked in the play's question: the open one, or the one that was asked last."""
    last = turn.conversation.person.last
    if play.rest is not None:
        return play.rest.chosen
    return last.chosen if last is not None else []


def toggle(scene: Scene, play: Play, step: Ask, option: int) -> None:
    """Mark the option, or take its mark away; the message shows it."""
    assert play.rest is not None
    chosen = play.rest.chosen
    if option in chosen:
        chosen.remove(option)
    elif step.max is not None and len(chosen) >= step.max:
        scene.turn.do(effects.Notice(scene.phrase("choose_fewer", max=str(step.max))))
        return
    else:
        chosen.append(option)
        chosen.sort()
    scene.note("marked", option=f"option{option}")
    show_marks(scene, play, step)


def show_marks(scene: Scene, play: Play, step: Ask) -> None:
    """Redraw the keyboards of the question, or say what is chosen where that cannot be done."""
    assert play.rest is not None
    rest, event = play.rest, scene.turn.event
    scene.play = play
    scene.laid = scene.program.steps[scene.program.places[rest.place]]
    if edits_marks(scene, step):
        pressed: int = getattr(event, "message", 0)
        for message in dict.fromkeys(number for number in (pressed, rest.message) if number):
            scene.turn.do(effects.ShowMarks(message, tuple(rest.chosen)))
        return
    words = ", ".join(scene.plain(step.options[index].text) for index in rest.chosen)
    said = scene.phrase("chosen", options=words) if words else scene.phrase("chosen_none")
    shown = step.buttons(scene)
    rest.message = scene.tell(RichText.of(said), shown, visit=rest.visit, restates=True)


def edits_marks(scene: Scene, step: Ask) -> bool:
    """Whether the channel can redraw the question's buttons where they stand."""
    message = Message(RichText(), step.buttons(scene))
    return marks_in_place(scene.bundle.channel, message)


def with_marks(message: Message, chosen: Collection[int]) -> Message:
    """The message with the chosen options marked, and no others."""
    return replace(message, buttons=tuple(_marked(each, chosen) for each in message.buttons))


def _marked(button: Button, chosen: Collection[int]) -> Button:
    action: dict[str, Any] = button.action or {}
    if action.get("do") != "toggle":
        return button
    bare = button.text.removeprefix(CHOSEN_SIGN)
    sign = CHOSEN_SIGN if action["option"] in chosen else ""
    return replace(button, text=sign + bare)
