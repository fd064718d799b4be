"""What the world outside of a bot answers in a simulation: one place for every kind of call."""

from __future__ import annotations

from typing import Any

from flows import effects
from flows.simulating.acts import Dice
from flows.worlds import HELPFUL

_HELPED = frozenset({"http", "do", "code"})
_SUBSCRIBED = 0.5


def answer_from_outside(
    request: effects.Request, now_us: int, *, ok: bool, dice: Dice
) -> dict[str, Any]:
    """The answer to a call; without ``ok`` it failed for good. An unknown kind just succeeds.

    Half of the people are members of a channel, every time of a team is free.
    """
    if not ok:
        return {"ok": False, "error": "the habits say so"}
    if request.kind in _HELPED:
        return HELPFUL.answer(request, now_us, request.number)
    return {"ok": True, **_told(request, dice)}


def _told(request: effects.Request, dice: Dice) -> dict[str, Any]:
    match request.kind:
        case "member":
            return {"member": dice() < _SUBSCRIBED}
        case "slots":
            return {"free": list(request.body["times"])}
        case "book":
            return {"at_us": request.body["at_us"]}
        case _:
            return {}
