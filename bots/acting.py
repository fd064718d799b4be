"""What a manager of a test does on the runtime: the card that they press or answer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bots.bodies import opened_message
from bots.managers import HANDOVER, handed
from flows.managing import Act, NothingToDo, Work, act_of
from flows.project import Team
from flows.state import Person
from flows.transcripts import Line
from storage import messages
from storage.seal import Seal
from storage.work import Database, Row


@dataclass(frozen=True, slots=True)
class OnCard:
    """The card in question; ``label`` is the button to press ("" for a reply) at ``index``."""

    act: Act
    card: Row
    label: str = ""
    index: int = 0


async def on_card(
    line: Line,
    database: Database,
    seal: Seal,
    person: tuple[int, Person],
    *,
    leads: Sequence[Row],
    teams: Mapping[str, Team],
) -> OnCard:
    """What the line ``manager`` does, and where; raises :class:`flows.managing.NothingToDo`.

    ``leads`` are the person's, the newest last.
    """
    person_id, known = person
    kept = known.handover
    talk = Work(kept.team, manager=kept.manager) if kept is not None else None
    work = [Work(one.team, one.id, one.title, one.manager or "", one.status) for one in leads]
    act = act_of(line, talk, work, teams)
    start = "card" if act.work.run else HANDOVER
    rows = await database.fetch(messages.in_team_chats([person_id], start))
    cards = [row for row in rows if not act.work.run or row.lead_id == act.work.run]
    if not cards:
        raise NothingToDo(line)
    card = cards[-1] if act.work.run else max(cards, key=lambda row: handed(row)[0])
    if act.what == "say":
        return OnCard(act, card)
    shown = opened_message(seal, card.body_sealed, card.buttons_sealed)
    wanted = _wanted(act)
    for index, button in enumerate(shown.buttons):
        if button.action and wanted.items() <= button.action.items():
            return OnCard(act, card, button.text, index)
    raise NothingToDo(line)


def _wanted(act: Act) -> dict[str, Any]:
    """What the button to press means."""
    if act.what == "status":
        return {"do": "status", "status": act.value}
    if act.what == "return":
        return {"do": "handover", "what": "back"}
    return {"do": "take"} if act.work.run else {"do": "handover", "what": "take"}
