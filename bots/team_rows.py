"""What managers do as rows of the inbox: presses and replies belong to the person they are about."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from bots.buttons import read_token
from bots.channel import Arrival
from bots.house import House, Station
from storage import messages
from storage.work import Row

Rows = list[dict[str, Any]]


async def pressed(house: House, station: Station, fresh: Sequence[Arrival]) -> Rows:
    """The presses under cards; those under anything else mean nothing."""
    cards = [one for one in fresh if one.kind == "card"]
    tokens = {one.source_key: read_token(house.seal, one.token) for one in cards}
    ids = sorted({found[0] for found in tokens.values() if found})
    rows = await house.database.fetch(messages.load(ids)) if ids else []
    shown: dict[int, Row] = {row.id: row for row in rows if _is_card(row)}
    told: Rows = []
    for one in cards:
        found = tokens[one.source_key]
        card = shown.get(found[0]) if found else None
        if card is None:
            ignored = {"state": "ignored", "error": "not a card of ours"}
            told.append({**one_of(house, station, one), **ignored})
            continue
        who = {"sender": one.sender, "chat": one.chat, "token": one.token}
        about = {"person_id": card.person_id, "payload": json.dumps(who)}
        told.append({**one_of(house, station, one), **about})
    return told


def _is_card(row: Row) -> bool:
    """Whether a team's chat shows it: what people are sent belongs to an identity."""
    return row.identity_id is None and row.person_id is not None


async def replied(
    house: House, station: Station, fresh: Sequence[Arrival]
) -> tuple[Rows, list[Arrival]]:
    """The replies to what we told a team of a person; the others are talk of a group."""
    told: Rows = []
    others: list[Arrival] = []
    for one in (each for each in fresh if each.kind == "reply"):
        moved = [old for old, new in station.moved.items() if new == one.chat]
        asked = messages.answered(station.id, [one.chat, *moved], one.answered)
        found = await house.database.fetch(asked)
        if not found:
            others.append(replace(one, kind="group"))
            continue
        who = {"sender": one.sender, "chat": one.chat, "message": found[0].id}
        about = {"person_id": found[0].person_id, "payload": json.dumps(who)}
        told.append({**one_of(house, station, one), **about})
    return told, others


def one_of(house: House, station: Station, arrival: Arrival) -> dict[str, Any]:
    """What the row holds whatever the arrival is; what cannot be written as JSON is left out."""
    try:
        raw = house.seal.seal_json("inbox.raw_sealed", arrival.raw)
    except (ValueError, RecursionError):
        raw = house.seal.seal_json("inbox.raw_sealed", {})
    return {
        "source_key": arrival.source_key,
        "kind": arrival.kind,
        "bot_id": station.id,
        "raw_sealed": raw,
        "received_us": house.now_us,
    }
