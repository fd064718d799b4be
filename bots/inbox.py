"""Ingest: what a fetch brought becomes rows of the inbox, in one commit with the cursor."""

from __future__ import annotations

import asyncio
import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

from bots import team_rows
from bots.cards import word
from bots.channel import Arrival, Batch
from bots.house import House, Station
from bots.moving import chat_moved, tell_moved
from bots.team_rows import one_of
from flows.events import Profile, Typed
from flows.markup import RichText
from flows.messages import Message, message_to_json
from storage import bots as bot_rows
from storage import crash, inbox, outbox, people
from storage.tables import identities as identities_table
from storage.tables import outbox as outbox_table
from storage.tables import people as people_table
from storage.work import DatabaseUnavailable, Work

_PERSONAL = ("person", "comment")
_CHAT_ID_COMMAND = "/id"
_LONGEST_KEY = 200


@dataclass(frozen=True, slots=True)
class Stored:
    """How many arrivals were new, and how many were known already (R2)."""

    new: int
    repeats: int


async def store(house: House, station: Station, batch: Batch) -> Stored:
    """Store what is new of the batch, with people for unknown senders and the cursor.

    Raises :class:`storage.work.StorageFailed` when nothing was stored: then nothing is confirmed
    to the messenger, and the same comes again (R11).
    """
    fresh = await _fresh(house, batch.arrivals)
    try:
        await _commit(house, station, fresh, batch.cursor)
    except DatabaseUnavailable:
        raise
    except Exception:  # noqa: BLE001 - one poisoned update must not keep the others out (R5)
        for one in fresh:
            await _commit_alone(house, station, one)
        await _commit(house, station, [], batch.cursor)
    crash.point("ingest.stored")
    station.cursor = batch.cursor or station.cursor
    for one in (one for one in fresh if one.moved_to):
        tell_moved(house, station, one.chat, one.moved_to)
    if fresh:
        house.play.ring()
    return Stored(len(fresh), len(batch.arrivals) - len(fresh))


async def _commit(house: House, station: Station, fresh: Sequence[Arrival], cursor: str) -> None:
    """Store them and the cursor in one transaction."""
    work: list[Any] = []
    work += await _senders(house, station, fresh)
    work += _personal(house, station, fresh)
    replies, talk = await team_rows.replied(house, station, fresh)
    rows = [*await team_rows.pressed(house, station, fresh), *replies]
    work += inbox.add(rows) if rows else []
    work += await _groups(house, station, [*fresh, *talk])
    for one in (one for one in fresh if one.moved_to):
        work += chat_moved(station, one.chat, one.moved_to)
    if cursor and cursor != station.cursor:
        work += bot_rows.move_cursor(station.id, cursor)
    crash.point("ingest.before")
    if work:
        await house.database.commit(work)


async def _commit_alone(house: House, station: Station, one: Arrival) -> None:
    """Store one of a batch that was refused; a guilty one is a dead letter at once."""
    try:
        await _commit(house, station, [one], "")
    except DatabaseUnavailable:
        raise
    except Exception as poison:  # noqa: BLE001 - whatever it is, only this update is poisoned
        reason = type(poison).__name__
        row = {**one_of(house, station, one), "state": "dead", "error": reason}
        await house.database.commit(inbox.add([row]))
        house.alarm("dead", {"event": one.source_key, "reason": reason})


async def _fresh(house: House, arrivals: Sequence[Arrival]) -> list[Arrival]:
    """The arrivals that are not stored yet, each once."""
    once = {_plain(arrival.source_key): arrival for arrival in arrivals}
    once = {key: replace(one, source_key=key) for key, one in once.items()}
    if not once:
        return []
    known = {row.source_key for row in await house.database.fetch(inbox.known(list(once)))}
    return [arrival for key, arrival in once.items() if key not in known]


def _plain(key: str) -> str:
    """The key as a column takes it: messengers promise nothing about the shape of their ids."""
    kept = key.encode("utf-8", "replace").replace(b"\0", b"?").decode()
    return kept if len(kept) <= _LONGEST_KEY else hashlib.sha256(kept.encode()).hexdigest()


async def _senders(house: House, station: Station, fresh: Sequence[Arrival]) -> Work:
    """People and identities for senders that have none."""
    writers = {one.sender for one in fresh if one.kind == "person"}
    senders = list(dict.fromkeys(one.sender for one in fresh if one.kind in _PERSONAL))
    if not senders:
        return []
    rows = await house.database.fetch(people.known(station.id, senders))
    known = {row.external_id for row in rows}
    strangers = [sender for sender in senders if sender not in known]
    if not strangers:
        return []
    profiles = await asyncio.gather(*(station.channel.profile(one) for one in strangers))
    person_ids = await house.database.ids(people_table, len(strangers))
    identity_ids = await house.database.ids(identities_table, len(strangers))
    return people.create(
        [
            {
                "person_id": person_id,
                "identity_id": identity_id,
                "uid": secrets.token_hex(8),
                "bot_id": station.id,
                "external_id": sender,
                "can_write": int(sender in writers),
                "name_sealed": sealed_name(house, profile),
            }
            for person_id, identity_id, sender, profile in zip(
                person_ids, identity_ids, strangers, profiles, strict=True
            )
        ]
    )


def sealed_name(house: House, profile: Profile) -> bytes | None:
    """The column ``identities.name_sealed``: what the channel tells of the person."""
    known = {name: value for name, value in asdict(profile).items() if value}
    return house.seal.seal_json("identities.name_sealed", known) if known else None


def _personal(house: House, station: Station, fresh: Sequence[Arrival]) -> Work:
    rows = [
        {**one_of(house, station, one), "external_id": one.sender}
        for one in fresh
        if one.kind in _PERSONAL
    ]
    return inbox.add_from_senders(rows) if rows else []


async def _groups(house: House, station: Station, fresh: Sequence[Arrival]) -> Work:
    """What else happens in groups is only recorded; ``/id`` is answered with the chat's id."""
    others = [one for one in fresh if one.kind in ("group", "ignored")]
    rows = [{**one_of(house, station, one), "state": "ignored"} for one in others]
    asked = [one for one in others if one.kind == "group" and _asks_for_id(station, one)]
    work = list(inbox.add(rows)) if rows else []
    if not asked:
        return work
    call_ids = await house.database.ids(outbox_table, len(asked))
    for call_id, one in zip(call_ids, asked, strict=True):
        house.alarm("chat_id", {"bot": station.name, "chat": one.chat})
        work += _chat_id_call(house, station, one.chat, call_id)
    station.bell.ring()
    return work


def _asks_for_id(station: Station, arrival: Arrival) -> bool:
    try:
        heard = station.channel.hear(arrival.raw)
    except Exception:  # noqa: BLE001 - a poisoned update of a group is nobody's event
        return False
    return (
        heard is not None
        and isinstance(heard.event, Typed)
        and heard.event.text.strip() == _CHAT_ID_COMMAND
    )


def _chat_id_call(house: House, station: Station, chat: str, call_id: int) -> Work:
    said = message_to_json(Message(RichText.of(word("chat_id", station.language, chat=chat))))
    call = {
        "id": call_id,
        "bot_id": station.id,
        "chat": chat,
        "lane": int(outbox.Lane.TEAM),
        "due_us": house.wall_us,
        "payload_sealed": house.seal.seal_json("outbox.payload_sealed", {"message": said}),
    }
    return outbox.add([call])
