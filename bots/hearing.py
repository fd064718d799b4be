"""Rows of the inbox as events: each is parsed alone, so that a poisoned one blocks nobody."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from bots.bodies import frozen_button
from bots.buttons import read_token
from bots.channel import Heard
from bots.house import House
from flows.broadcasts.file import Broadcast
from flows.events import (
    BotAllowed,
    BotBlocked,
    BroadcastCame,
    Clicked,
    CodeRedeemed,
    Commented,
    Event,
    EventHappened,
    Joined,
    LettersHeld,
    Pressed,
    Profile,
    RequestAnswered,
    TimerFired,
)
from storage.broadcasts import KIND
from storage.work import Row

TEAM_KINDS = ("card", "reply")
"""What managers do in the chats of their teams."""
CHANNEL_KINDS = ("person", "comment", *TEAM_KINDS)
SEALED_KINDS = ("request", "event", "code")
"""What the house itself put into the inbox, sealed because it tells of the person."""


@dataclass(slots=True)
class Item:
    """One row of the inbox on its way to the engine.

    ``error`` is what parsing it raised; ``ignored`` why it means nothing; ``payload`` what the row
    itself says (timers, cards, replies, clicks); ``token`` the message's row and the button's place
    of a token that we wrote, ``pressed`` and ``index`` the same when the press counts;
    ``broadcast`` the one whose turn it is, ``halted`` whether it was stopped.
    """

    row: Row
    bot_id: int
    heard: Heard | None = None
    payload: dict[str, Any] = field(default_factory=dict)
    error: Exception | None = None
    ignored: str = ""
    pressed: Row | None = None
    index: int = 0
    delivered_us: int | None = None
    token: tuple[int, int] | None = None
    broadcast: Broadcast | None = None
    halted: bool = False

    @property
    def id(self) -> int:
        """The row's id."""
        return int(self.row.id)

    @property
    def kind(self) -> str:
        """The row's kind."""
        return str(self.row.kind)


def read(house: House, row: Row) -> Item:
    """The row, parsed; what parsing raises is kept in it."""
    item = Item(row, int(row.bot_id or 0))
    try:
        if row.payload:
            item.payload = json.loads(row.payload)
        if row.kind in CHANNEL_KINDS:
            _hear(house, item)
        elif row.kind in SEALED_KINDS:
            item.payload = house.seal.open_json("inbox.raw_sealed", row.raw_sealed)
    except Exception as error:  # noqa: BLE001 - whatever it is, only this row is poisoned
        item.error = error
    return item


def _hear(house: House, item: Item) -> None:
    station = house.stations.get(item.bot_id)
    if station is None:
        return  # its bot is not at work: the row waits
    raw = house.seal.open_json("inbox.raw_sealed", item.row.raw_sealed)
    item.heard = station.channel.hear(raw)
    if item.heard is None:
        item.ignored = "means nothing to a funnel"
        return
    if item.kind == "reply":
        item.token = int(item.payload["message"]), 0
    elif item.heard.token:
        item.token = read_token(house.seal, item.heard.token)


def resolve(items: list[Item], cards: Mapping[int, Row]) -> None:
    """Give presses the messages they were made on; ``cards`` are those messages by id."""
    for item in items:
        if item.token is None:
            continue
        message, index = cards.get(item.token[0]), item.token[1]
        if message is not None and (item.kind in TEAM_KINDS or _is_theirs(message, item)):
            item.pressed, item.index = message, index


def _is_theirs(message: Row, item: Item) -> bool:
    """A button counts for the one it was sent to: tokens can be passed on."""
    return bool(message.identity_id == item.row.identity_id)


def event_of(
    house: House, item: Item, *, reachable: bool, runs: Mapping[int, int]
) -> Event | None:
    """The event for the engine; None for a row that means nothing.

    ``runs`` are the numbers of runs by their rows, for timers.
    """
    if item.kind == KIND:
        return _broadcast(item)
    if item.heard is None:
        return _dated(house, _own_event(item, runs))
    event = item.heard.event
    if isinstance(event, Pressed):
        return _press(house, item)
    if isinstance(event, Commented | Joined):
        return replace(event, reachable=reachable)
    return event


def _own_event(item: Item, runs: Mapping[int, int]) -> Event | None:
    """What the house itself put into the inbox."""
    match item.kind:
        case "timer":
            return _timer(item, runs)
        case "held":
            return LettersHeld(int(item.payload["decided_us"]), int(item.payload["until_us"]))
        case "blocked" | "allowed":
            return BotBlocked() if item.kind == "blocked" else BotAllowed()
        case "click":
            return Clicked(str(item.payload["track"]), runs.get(int(item.payload["run"]), 0))
        case kind if kind in SEALED_KINDS:
            return _from_outside(kind, item.payload)
    return None


def _from_outside(kind: str, told: dict[str, Any]) -> Event:
    if kind == "request":
        return RequestAnswered(int(told["run"]), int(told["number"]), dict(told["result"]))
    if kind == "event":
        return EventHappened(str(told["name"]), dict(told["data"]))
    return CodeRedeemed(str(told["code"]))


def _dated(house: House, event: Event | None) -> Event | None:
    """A timer with what is known of a life that the database forgot."""
    if isinstance(event, TimerFired) and house.lost.until_us:
        lost = house.lost
        return replace(event, lost_until_us=lost.until_us, lost_letters=lost.letters)
    return event


def _press(house: House, item: Item) -> Pressed:
    if item.pressed is None:
        return Pressed(None)
    button = frozen_button(house.seal, item.pressed.buttons_sealed, item.index)
    if button is None:
        return Pressed(None)
    text, action = button
    return Pressed(action, int(item.pressed.number or 0), text)


def _timer(item: Item, runs: Mapping[int, int]) -> TimerFired | None:
    told = item.payload
    number = runs.get(int(told["run"] or 0))
    if number is None:
        return None
    return TimerFired(
        run=number,
        name=str(told["name"]),
        number=int(told["visit"]),
        due_us=int(told["due_us"]),
        waits_delivery=told["after"] is not None,
        delivered_us=item.delivered_us,
        seen_us=None if told.get("seen") is None else max(int(told["due_us"]), int(told["seen"])),
    )


def _broadcast(item: Item) -> BroadcastCame | None:
    if item.broadcast is None:
        return None
    return BroadcastCame(item.broadcast, int(item.payload["planned_us"]), item.halted)


def profile_of(item: Item, stored: Mapping[str, str]) -> Profile:
    """What is known of the person: the update's own words win over what the channel told before."""
    told = item.heard.profile if item.heard else Profile()
    known = {name: stored.get(name, "") for name in ("first_name", "last_name", "username")}
    known["gender"] = stored.get("gender", "")
    return Profile(
        **{name: getattr(told, name) or value for name, value in known.items()},
        extra=told.extra,
    )
