"""Which free times are worth a press: a condition seldom tells one from another."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flows.messages import Button
from flows.nodes.ask import Ask
from flows.program import Program
from flows.proving.views import Views


def is_alike(
    program: Program, views: Views, buttons: Sequence[Button], action: dict[str, Any]
) -> bool:
    """Whether pressing the time or the day is the same to the funnel as another of the buttons.

    The first time and the last day stand for all, unless a condition compares the time itself.
    """
    what = action["do"]
    if what not in {"slot", "day"}:
        return False
    address = program.places.get(action["place"])
    step = program.steps[address].step if address else None
    if isinstance(step, Ask) and step.save in views.tangled:
        return False
    same = [button.action for button in buttons if button.action and button.action["do"] == what]
    return action != (same[0] if what == "slot" else same[-1])
