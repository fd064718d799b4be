"""Hand-overs in a team's chats: the card, what the person says meanwhile, how it ends."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from bots.bodies import opened_message
from bots.cards import handover_message, standing, word
from bots.clocks import moment_of
from bots.house import House
from bots.managers import HANDOVER, RELAY, handed
from bots.team_calls import change, chats, prospect, show
from flows import effects
from flows.markup import RichText
from flows.messages import Message
from flows.values import fit_to_show
from storage.work import Row

if TYPE_CHECKING:
    from bots.scribe import Scribe
    from bots.turns import Played

_REASONS = {"returned": "back_returned", "silence": "back_silence"}


@dataclass(slots=True)
class HandoverCard:
    """A card as it will be after the batch."""

    number: int
    bot_id: int
    chat: str
    message_id: int
    message: Message


def card_of(house: House, row: Row) -> HandoverCard:
    """The card that the row holds."""
    number, bot_id, chat = handed(row)
    message = opened_message(house.seal, row.body_sealed, row.buttons_sealed)
    return HandoverCard(number, bot_id, chat, row.id, message)


def hand_over(scribe: Scribe, played: Played, effect: effects.HandOver) -> None:
    """A card in each of the team's chats."""
    home, person = scribe.station(played), scribe.outcome.person
    message = handover_message(
        effect.text,
        prospect(scribe, played),
        at=moment_of(scribe.now_us),
        zone=person.zone or home.bundle.timezone,
        zone_known=bool(person.zone),
        language=home.language,
        team=effect.team,
    )
    key = f"{HANDOVER}:{scribe.person_id}:{effect.number}"
    run_id = scribe.run_id(played, effect.run)
    cards = scribe.stock.handovers.setdefault(scribe.person_id, [])
    for station, chat in chats(scribe, home, home.bundle.teams.get(effect.team)):
        message_id = show(scribe, (station, chat), message, key, run_id=run_id)
        cards.append(HandoverCard(effect.number, station.id, chat, message_id, message))


def relay(scribe: Scribe, played: Played, effect: effects.Relay) -> None:
    """What the person says, in each of the team's chats."""
    home = scribe.station(played)
    who = fit_to_show(prospect(scribe, played).name) or word("nameless", home.language)
    message = Message(RichText.of(f"{who}: {effect.text}"))
    key = f"{RELAY}:{played.item.id}:{scribe.number}"
    for where in chats(scribe, home, home.bundle.teams.get(effect.team)):
        show(scribe, where, message, key)


def take_back(scribe: Scribe, played: Played, effect: effects.TakeBack) -> None:
    """The card tells why it is over, and cannot be pressed any more."""
    language = scribe.station(played).language
    words = word(_REASONS.get(effect.reason, "back_stop"), language)
    _stand(scribe, played, words, back=False)


def took(scribe: Scribe, played: Played, manager: str) -> None:
    """The card tells who has the person."""
    station = scribe.station(played)
    at = f"{moment_of(scribe.now_us).astimezone(ZoneInfo(station.bundle.timezone)):%H:%M}"
    words = word("talks", station.language, manager=manager, time=at)
    _stand(scribe, played, words, back=True)


def _stand(scribe: Scribe, played: Played, words: str, *, back: bool) -> None:
    """One more line under the newest card, and only the buttons that still mean something."""
    cards = scribe.stock.handovers.get(scribe.person_id, [])
    newest = max((card.number for card in cards), default=0)
    for card in (each for each in cards if each.number == newest):
        card.message = standing(card.message, words, back=back)
        station = scribe.house.stations.get(card.bot_id)
        if station is not None:
            where = (station, station.chat(card.chat))
            change(scribe, played, where, card.message_id, card.message)
