"""How alerts go: by a living bot of each channel, through the queue or past it, and what is noted."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass

from bots.alerting.standing import Key, Standing, Told
from bots.alerting.words import message_of
from bots.channel import Call, CallFailed
from bots.house import House, Station
from flows.accounts import Alerts
from flows.markup import RichText
from flows.messages import Message, message_to_json
from storage import notes, outbox
from storage.tables import outbox as outbox_table
from storage.work import Database, Do

CHANNELS = ("telegram", "vk")
LIVES_US = 24 * 3_600 * 1_000_000
"""An alert that could not go for so long is of no use any more."""
_NOTE = "alert:"


@dataclass(frozen=True, slots=True)
class Teller:
    """A chat of the owner's and the bot that writes there."""

    station: Station
    chat: str


def tellers(house: House) -> list[Teller]:
    """The owner's chats with a living bot for each; none where every bot of the channel is halted."""
    stations = list(house.stations.values())
    asked = next((one.bundle.alerts for one in stations if one.bundle.alerts is not None), None)
    if asked is None:
        return []
    found = []
    for channel in CHANNELS:
        station = _speaker(stations, channel, asked)
        if station is not None:
            found += [Teller(station, station.chat(chat)) for chat in asked.on(channel)]
    return found


def _speaker(stations: Sequence[Station], channel: str, asked: Alerts) -> Station | None:
    living = [one for one in stations if one.kind == channel and not one.halted]
    # the named one first, then those that the messenger has answered
    living.sort(key=lambda one: (one.name != asked.bot, not one.prepared))
    return living[0] if living else None


def _message(teller: Teller, told: Sequence[Told]) -> Message:
    return Message(RichText.of(message_of(told, teller.station.language)))


async def queued(house: House, to: Sequence[Teller], told: Sequence[Told]) -> list[Do]:
    """The calls that tell it, in the team's lane: they wait and survive as a team's cards do."""
    ids = await house.database.ids(outbox_table, len(to))
    rows = []
    for call_id, teller in zip(ids, to, strict=True):
        said = {"message": message_to_json(_message(teller, told)), "alert": True}
        rows.append(
            {
                "id": call_id,
                "bot_id": teller.station.id,
                "chat": teller.chat,
                "lane": int(outbox.Lane.TEAM),
                "due_us": house.wall_us,
                "expires_us": house.wall_us + LIVES_US,
                "rule": "skip",
                "payload_sealed": house.seal.seal_json("outbox.payload_sealed", said),
            }
        )
    return list(outbox.add(rows))


async def told_directly(house: House, to: Sequence[Teller], told: Sequence[Told]) -> None:
    """Tell it past the queue, once: what stands still is the queue itself."""
    for teller in to:
        call = Call(
            "send", teller.chat, _message(teller, told), random_id=house.wall_us % 2**31 or 1
        )
        try:
            await teller.station.channel.call(call)
        except CallFailed as failed:
            facts = {"bot": teller.station.name, "chat": teller.chat, "reason": str(failed)}
            house.alarm("alert_failed", facts)


async def standings(database: Database) -> dict[Key, Standing]:
    """What was told before, by an earlier life of the program too."""
    rows = await database.fetch(notes.beginning(_NOTE))
    return {_key(row.key): Standing(**json.loads(row.value)) for row in rows}


def noted(changed: Mapping[Key, Standing | None]) -> list[Do]:
    """The work that remembers it."""
    gone = [_name(key) for key, one in changed.items() if one is None]
    work = list(notes.drop(gone)) if gone else []
    for key, one in changed.items():
        work += notes.put(_name(key), json.dumps(asdict(one))) if one is not None else []
    return work


def _name(key: Key) -> str:
    return _NOTE + "|".join(key)


def _key(name: str) -> Key:
    kind, bot, place = name.removeprefix(_NOTE).split("|", 2)
    return kind, bot, place
