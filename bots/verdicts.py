"""A manager's press or reply written down: the pop-up or the words they read, the cards."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bots import handovers, leads
from bots.cards import word
from bots.team_calls import tell_words

if TYPE_CHECKING:
    from bots.scribe import Scribe
    from bots.turns import Played


def write(scribe: Scribe, played: Played) -> None:
    """What it came to."""
    verdict, item = played.verdict, played.item
    language = leads.judged(scribe, played)
    words = word(verdict.notice, language, **verdict.params) if verdict.notice else ""
    if item.kind == "card":
        scribe.notice = words
    elif words:
        station = scribe.house.stations[item.bot_id]
        tell_words(scribe, station, str(item.payload["chat"]), words)
    if verdict.once and verdict.notice:
        scribe.ledger.notes.append(verdict.once)
    if verdict.took:
        handovers.took(scribe, played, verdict.manager)
