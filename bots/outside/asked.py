"""A request on its way to the world outside, and what comes back."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

from flows import effects
from flows.hosts import host_of
from storage.work import Do

REQUEST = "requests.request_sealed"
ANSWER = "requests.answer_sealed"


@dataclass(frozen=True, slots=True)
class Asked:
    """A request.

    ``id`` and ``key`` are its row's, ``tries`` counts this try too; ``run`` and ``number`` are the
    engine's, ``sender`` is the person's id in the channel.
    """

    id: int
    key: str
    tries: int
    kind: str
    place: str
    body: dict[str, Any]
    run: int
    number: int
    bot_id: int
    identity_id: int
    person_id: int
    sender: str = ""


@dataclass(frozen=True, slots=True)
class Answered:
    """What came back (``ok``, ``error`` and what the kind says), and what is stored with it."""

    result: dict[str, Any]
    work: tuple[Do, ...] = field(default=())


Answer = Callable[[Asked], Awaitable[Answered]]
"""Makes a request once; raises :class:`bots.channel.TryLater` when it may be made again."""


def refused(reason: str) -> Answered:
    """It failed for good; the reason is ours and tells nothing of the person."""
    return Answered({"ok": False, "error": reason})


def target_of(effect: effects.Request) -> str:
    """Whom it asks: each target has calls in flight of its own, so that a slow one holds up none."""
    if effect.kind == "http":
        return f"http:{host_of(str(effect.body.get('url', '')))}"[:200]
    if effect.kind == "do":
        return f"do:{effect.body.get('name', '')}"
    if effect.kind in {"slots", "book", "free"}:
        return f"team:{effect.body.get('team', '')}"
    return effect.kind
