"""What goes out to a team's chats: who speaks there, cards and notices, their later changes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bots.bodies import sealed_message
from bots.cards import Prospect
from bots.house import Station
from flows.markup import RichText
from flows.messages import Message, message_to_json
from storage.outbox import Lane

if TYPE_CHECKING:
    from bots.scribe import Scribe
    from bots.turns import Played
    from flows.project import Team


def chats(scribe: Scribe, home: Station, team: Team | None) -> list[tuple[Station, str]]:
    """The team's chats, each with the bot that speaks there."""
    if team is None or team.notify is None:
        return []
    found = []
    for kind, chat in (("telegram", team.notify.telegram), ("vk", team.notify.vk)):
        station = scribe.house.speaker(kind, home) if chat else None
        if station is not None:
            found.append((station, station.chat(chat)))
    return found


def show(
    scribe: Scribe, where: tuple[Station, str], message: Message, key: str, **more: Any
) -> int:
    """Send a message about the person that replies are known by; its row comes back."""
    station, chat = where
    message_id = next(scribe.stock.numbers.messages)
    scribe.ledger.messages.append(
        {
            "id": message_id,
            "person_id": scribe.person_id,
            "direction": "out",
            "key": f"{key}:{station.id}:{chat}",
            "at_us": scribe.now_us,
            **sealed_message(scribe.house.seal, message),
            **more,
        }
    )
    scribe.call(station.id, chat, Lane.TEAM, message_id=message_id)
    return message_id


def change(
    scribe: Scribe, played: Played, where: tuple[Station, str], message_id: int, message: Message
) -> None:
    """Edit what a chat shows."""
    station, chat = where
    # the edit shows the message as it is when it goes, so that the last of several wins
    sealed = sealed_message(scribe.house.seal, message)
    scribe.ledger.edits.append({"id": message_id, **sealed})
    scribe.call(
        station.id,
        chat,
        Lane.TEAM,
        op="edit",
        message_id=message_id,
        revision=played.item.id,
    )


def tell(scribe: Scribe, station: Station, chat: str, message: Message) -> None:
    """Say something in a chat that nobody will look up again."""
    told = scribe.payload({"message": message_to_json(message)})
    scribe.call(station.id, chat, Lane.TEAM, payload_sealed=told)


def tell_words(scribe: Scribe, station: Station, chat: str, words: str) -> None:
    """Say plain words in a chat."""
    tell(scribe, station, chat, Message(RichText.of(words)))


def prospect(scribe: Scribe, played: Played) -> Prospect:
    """Who the person is, as cards show it."""
    person, identity = scribe.outcome.person, played.identity
    home = scribe.house.stations.get(identity.bot_id) if identity is not None else None
    return Prospect(
        name=" ".join(filter(None, (person.first_name, person.last_name))),
        username=person.username,
        channel=home.kind if home else "",
        account=str(identity.external_id) if identity is not None else "",
        phone=person.phone,
    )
