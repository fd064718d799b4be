"""What the world outside of a bot answers in a simulation: one place for every kind of call."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flows import effects
from flows.simulating.acts import Dice

Reply = Callable[[effects.Request, Dice], dict[str, Any]]


def answer_from_outside(request: effects.Request, *, ok: bool, dice: Dice) -> dict[str, Any]:
    """The answer to a call; without ``ok`` it failed for good. An unknown kind just succeeds."""
    if not ok:
        return {"ok": False}
    found = _REPLIES.get(request.kind)
    return {"ok": True, **(found(request, dice) if found else {})}


def _member(_request: effects.Request, dice: Dice) -> dict[str, Any]:
    return {"member": dice() < 0.5}


def _code(request: effects.Request, _dice: Dice) -> dict[str, Any]:
    return {"code": f"SIM-{request.number:04}"}


_REPLIES: dict[str, Reply] = {"member": _member, "code": _code}
"""What a kind of call needs in its answer beside ``ok``."""
