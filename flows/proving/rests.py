"""What of a rest or a pause makes a state: not the very moments, but what may be done about it."""

from __future__ import annotations

from collections.abc import Collection, Hashable
from typing import Any

from flows.booking import ACTIONS
from flows.messages import Button
from flows.slots import OFFERED
from flows.state import Play, Rest


def offered(rest: Rest, buttons: Collection[Button], now_us: int) -> Hashable:
    """What of an offer matters: whether more is free than is shown, and what is shown now."""
    if not rest.offer:
        return None
    living = sum(us > now_us for us in rest.offer)
    shown = {button.action["do"] for button in buttons if button.action}
    kind = rest.view.partition(":")[0] if ":" in rest.view else rest.view and "days"
    view = "days" if rest.view == "days" else "day" if kind == "days" else kind
    return view, min(living, OFFERED + 1), tuple(sorted(shown & ACTIONS))


def pause_of(play: Play) -> Hashable:
    """Where the play stands still, and what for."""
    pause = play.pause
    if pause is None:
        return None
    answer = pause.answer
    told: Hashable = None if answer is None else str(answer)
    if answer is not None and "free" in answer:
        told = bool(answer["free"])  # which times they are, no condition can see
    return pause.place, pause.timer > 0, pause.request > 0, pause.by_clock, told


REST_KNOWN = frozenset(
    {
        "place",
        "visit",
        "message",
        "base_us",
        "reminders",
        "bad",
        "timer",
        "parked",
        "offer",
        "view",
    }
)


def extra_of(rest: Any) -> Hashable:
    """What later kinds of rest remember beside what is known here; moments are left out."""
    return tuple(
        (name, str(getattr(rest, name)))
        for name in getattr(type(rest), "__slots__", ())
        if name not in REST_KNOWN and not name.endswith("_us")
    )
