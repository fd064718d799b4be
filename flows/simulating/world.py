"""What the world outside of a bot answers in a simulation: one place for every kind of call."""

from __future__ import annotations

from typing import Any

from flows import effects
from flows.simulating.acts import Dice
from flows.worlds import HELPFUL, HOUSE

_SUBSCRIBED = 0.5


def answer_from_outside(
    request: effects.Request, now_us: int, *, ok: bool, dice: Dice
) -> dict[str, Any]:
    """The answer to a call; without ``ok`` it failed for good.

    Half of the people are members of a channel, every time of a team is free and stays so.
    """
    if request.kind in HOUSE:
        return HELPFUL.answer(request, now_us)
    if not ok:
        return {"ok": False, "error": "the habits say so"}
    if request.kind == "member":
        return {"ok": True, "member": dice() < _SUBSCRIBED}
    return HELPFUL.answer(request, now_us, request.number)
