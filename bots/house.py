"""What every part of the runtime shares: the database, the keys, the clocks, the bots, the bells."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from bots.bells import Bell
from bots.channel import Channel
from bots.clocks import Clock, OnwardClock, now_us
from bots.vault import Vault
from flows.program import Bundle
from storage.hold import Hold, Lost
from storage.seal import Seal
from storage.work import Database

Alarm = Callable[[str, Mapping[str, str]], None]
"""Told what a person should look at: a word (``halted``, ``rejected``, ``dead`` …) and facts."""


@dataclass(slots=True)
class Station:
    """One bot at work.

    ``halted`` tells why the messenger refuses it; ``paused`` that people want it to begin nothing.
    ``moved`` maps chats to those they became (R23). ``cursor`` is where fetching stands;
    ``prepared`` whether the messenger has told the bot's account. ``misprinted`` are the places of
    funnels whose formatting the messenger refused, as it was told; ``told_moved`` the chats that
    moved, as it was told.
    """

    id: int
    name: str
    channel: Channel
    bundle: Bundle
    cursor: str = ""
    halted: str = ""
    paused: bool = False
    prepared: bool = False
    bell: Bell = field(default_factory=Bell)
    moved: dict[str, str] = field(default_factory=dict)
    misprinted: set[tuple[str, str]] = field(default_factory=set)
    told_moved: set[str] = field(default_factory=set)

    @property
    def kind(self) -> str:
        """The channel's name."""
        return self.bundle.channel

    @property
    def language(self) -> str:
        """What the bot speaks to a team: the language of its first funnel."""
        first = next(iter(self.bundle.programs.values()), None)
        return first.funnel.language if first is not None else "ru"

    def chat(self, written: str) -> str:
        """The chat that the one written down is now."""
        return self.moved.get(written, written)


@dataclass(slots=True)
class House:
    """What the parts share.

    ``clock`` is the people's and may be a test's; ``wall`` is never virtual, and ``onward``, by
    which queues and back-off go, never goes back with it. ``vault`` keeps what visitors of the web chat
    send (None: they send nothing).
    """

    database: Database
    seal: Seal
    clock: Clock
    wall: Clock
    alarm: Alarm
    public_url: str = ""
    vault: Vault | None = None
    stations: dict[int, Station] = field(default_factory=dict)
    play: Bell = field(default_factory=Bell)
    outside: Bell = field(default_factory=Bell)
    stopping: asyncio.Event = field(default_factory=asyncio.Event)
    hold: Hold | None = None
    lost: Lost = field(default_factory=Lost)
    onward: OnwardClock = field(init=False)

    def __post_init__(self) -> None:
        self.onward = OnwardClock(self.wall)

    @property
    def held(self) -> bool:
        """Whether nothing is played and sent until a person says so (R61)."""
        return self.hold is not None

    @property
    def now_us(self) -> int:
        """The people's moment."""
        return now_us(self.clock)

    @property
    def wall_us(self) -> int:
        """The moment of queues and back-off; it never goes back."""
        return now_us(self.onward)

    def speaker(self, kind: str, near: Station) -> Station | None:
        """The bot that speaks to a team on a channel: the person's own, else the first of it."""
        if near.kind == kind:
            return near
        found = (each for each in self.stations.values() if each.kind == kind)
        return next(found, None)

    def ring_senders(self) -> None:
        """Wake every sender, and who asks the world outside."""
        self.outside.ring()
        for station in self.stations.values():
            station.bell.ring()
