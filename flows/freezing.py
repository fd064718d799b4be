"""What a button means, frozen at the moment when it is sent."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flows.messages import Button
from flows.nodes.message_keys import SayButton

if TYPE_CHECKING:
    from flows.scene import Scene


def say_button(scene: Scene, button: SayButton) -> Button:
    """A button of a ``say``."""
    label = scene.plain(button.text)
    if button.url:
        address = button.url.compiled.url(scene.context(), scene.frame)
        return Button(label, url=address, track=button.track)
    number = scene.turn.number()
    action: dict[str, Any] = {"do": "go", "run": scene.run.number, "number": number}
    if button.go:
        return Button(label, {**action, "flow": button.go})
    action["do"] = "mark"
    action["tag"] = list(button.tag)
    action["untag"] = list(button.untag)
    action["set"] = {name: scene.value(item) for name, item in (button.set or {}).items()}
    action["reply"] = scene.render(button.reply).to_json() if button.reply else None
    return Button(label, action)


def answer_action(scene: Scene, what: str, more: dict[str, Any]) -> dict[str, Any]:
    """The meaning of a button of the question on the stage."""
    assert scene.play is not None
    assert scene.play.rest is not None
    rest = scene.play.rest
    return {
        "do": what,
        "run": scene.run.number,
        "place": rest.place,
        "visit": rest.visit,
        **more,
    }
