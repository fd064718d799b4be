"""How a call's end is stored: what each failure means for the row, the chat, the person, the bot."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from bots.channel import (
    BotHalted,
    CallFailed,
    ChatMoved,
    Delivery,
    Doubtful,
    PersonUnreachable,
    ToRepeatAlone,
    TryLater,
)
from bots.house import House, Station
from bots.moving import chat_moved
from bots.outgoing import PAYLOAD, Outgoing
from bots.pace import ASKED, Pace
from storage import calls, delivery, inbox, journal, people
from storage.outbox import Lane
from storage.work import Do, Row

KNOWS_REPEATS = frozenset({"vk", "web", "terminal"})
"""Channels where a repeat with the same ``random_id`` sends nothing twice (R37)."""
REPEATS_US = 50 * 60 * 1_000_000
"""How long VK remembers a ``random_id``, with some room."""
SEEKABLE = frozenset({"vk"})
"""Channels that tell, long after, whether a message is in the dialog."""
RESENDS = 3
"""How often a doubtful message may go out on a channel that does not know repeats."""
_BACKOFF_US = 2_000_000
_LONGEST_US = 60_000_000


@dataclass(slots=True)
class Ending:
    """The work that ends a call, and what the sender must know of it.

    ``rest`` is how long to wait, the ``whole_bot`` or this chat; ``asked`` whether the messenger
    said so. ``taken``: it takes calls.
    """

    work: list[Do] = field(default_factory=list)
    alarms: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    rest: timedelta | None = None
    whole_bot: bool = False
    asked: bool = False
    taken: bool = False
    halted: str = ""
    blocked: bool = False
    moved: tuple[str, str] | None = None


def paced(pace: Pace, outgoing: Outgoing, ending: Ending) -> None:
    """Let the pace know how the call ended."""
    row = outgoing.row
    if ending.taken:
        pace.went()
    if ending.rest is not None and ending.asked:
        bulk = row.lane in (Lane.LETTER, Lane.BROADCAST)
        seconds = ending.rest.total_seconds()
        pace.refused(row.chat, seconds, whole_bot=ending.whole_bot, bulk=bulk)
    elif ending.rest is not None and ending.whole_bot:
        pace.rest(ending.rest.total_seconds())


def sent(house: House, station: Station, outgoing: Outgoing, result: Delivery) -> Ending:
    """The call succeeded."""
    ending = Ending([*_final(house, outgoing, "sent", "", result.external_id)], taken=True)
    said = outgoing.said
    if said is not None and said.lead_id is not None and outgoing.row.op == "send":
        row = outgoing.row
        ending.work += calls.name_card(said.lead_id, row.bot_id, row.chat, result.external_id)
    if result.note:
        ending.work += noted(house, outgoing, "sent_otherwise", reason=result.note)
    if result.markup:
        ending.work += noted(house, outgoing, "markup", reason=result.markup)
        ending.alarms += _of_markup(station, outgoing, result.markup)
    return ending


def _of_markup(
    station: Station, outgoing: Outgoing, reason: str
) -> list[tuple[str, dict[str, str]]]:
    """The alarm about formatting, once a place: ten thousand letters have one mistake."""
    place = (outgoing.funnel, outgoing.place)
    if place in station.misprinted:
        return []
    station.misprinted.add(place)
    return [("markup", {**_where(station, outgoing), "reason": reason})]


def _where(station: Station, outgoing: Outgoing) -> dict[str, str]:
    facts = {"bot": station.name, "place": outgoing.place}
    if outgoing.funnel:
        facts["funnel"] = outgoing.funnel
    if outgoing.run_id is not None:
        facts["run"] = str(outgoing.run_id)
    return facts


def failed(
    house: House, station: Station, outgoing: Outgoing, failure: CallFailed, busy: list[Row]
) -> Ending:
    """The call did not succeed; ``busy`` are the person's other queued calls."""
    outgoing.told["done"] = max(failure.done, int(outgoing.told.get("done", 0)))
    reason = str(failure)
    match failure:
        case TryLater():
            ending = _later(house, outgoing, failure)
        case Doubtful():
            ending = doubtful(house, station, outgoing, reason)
        case BotHalted():
            ending = _halted(house, outgoing, reason)
        case _ if outgoing.told.get("alert") and not isinstance(failure, ChatMoved):
            ending = _untold(house, station, outgoing, reason)
        case ToRepeatAlone():
            outgoing.told["alone"] = True
            ending = Ending([*kept(house, outgoing)])
            ending.work += _again(house, outgoing, 0, reason, spent=False)
        case _ if outgoing.row.op == "answer":  # the step counts all the same (R15)
            ending = Ending(_final(house, outgoing, "failed", reason))
        case PersonUnreachable():
            ending = _unreachable(house, station, outgoing, reason, busy)
        case ChatMoved() if not outgoing.told.get("moved"):
            ending = _moved(house, station, outgoing, failure.new_chat)
        case _:
            ending = _rejected(house, station, outgoing, reason)
    return ending


def _halted(house: House, outgoing: Outgoing, reason: str) -> Ending:
    work = [*kept(house, outgoing), *_again(house, outgoing, 0, reason, spent=False)]
    return Ending(work, halted=reason or "halted")


def _later(house: House, outgoing: Outgoing, failure: TryLater) -> Ending:
    row = outgoing.row
    waits = int(outgoing.told.get("waits", 0))
    outgoing.told["waits"] = waits + 1
    wait = failure.retry_after
    if wait is None:
        wait = timedelta(microseconds=min(_LONGEST_US, _BACKOFF_US * 2 ** min(waits, 6)))
    us = wait // timedelta(microseconds=1)
    asked = failure.retry_after is not None
    ending = Ending(kept(house, outgoing), rest=wait, whole_bot=failure.whole_bot, asked=asked)
    error = f"{ASKED}{failure}" if asked and not failure.whole_bot else str(failure)
    ending.work += _again(house, outgoing, us, error, spent=False)
    if asked and not failure.whole_bot:
        ending.work += delivery.hold_chat(row.bot_id, row.chat, house.wall_us + us)
    return ending


def doubtful(
    house: House,
    station: Station,
    outgoing: Outgoing,
    reason: str,
    wait_us: int = _BACKOFF_US,
) -> Ending:
    """Perhaps delivered: repeated where the channel knows repeats, else by the message's rule."""
    row, told = outgoing.row, outgoing.told
    if row.op == "answer":  # nobody waits for it any more
        return Ending(_final(house, outgoing, "expired", reason))
    if told.get("alert"):
        return _untold(house, station, outgoing, reason)
    since = int(told.setdefault("doubtful_us", row.due_us))
    if _may_repeat(house, station, outgoing, since):
        work = noted(house, outgoing, "doubtful", option="resend", reason=reason)
        work += kept(house, outgoing)
        work += _again(house, outgoing, wait_us, reason, spent=True)
        return Ending(work)
    return unknown(house, outgoing, reason)


def _untold(house: House, station: Station, outgoing: Outgoing, reason: str) -> Ending:
    """An alert that did not go is no dead letter, and makes no alert of its own."""
    ending = Ending(_final(house, outgoing, "expired", reason))
    facts = {"bot": station.name, "chat": outgoing.row.chat, "reason": reason}
    ending.alarms.append(("alert_failed", facts))
    return ending


def _may_repeat(house: House, station: Station, outgoing: Outgoing, since_us: int) -> bool:
    row = outgoing.row
    if row.op == "edit":  # the same words twice are one edit
        return bool(row.tries < RESENDS)
    if row.op == "send" and station.kind in SEEKABLE:
        late = to_seek(house, station, outgoing)  # then it goes again only if it is not there
        outgoing.told["late"] = int(outgoing.told.get("late", 0)) + late
        return bool(outgoing.told["late"] <= RESENDS)
    if station.kind in KNOWS_REPEATS:
        return house.wall_us - since_us < REPEATS_US
    return bool(row.rule == "resend" and row.tries < RESENDS)


def to_seek(house: House, station: Station, outgoing: Outgoing) -> bool:
    """Whether the message may be there already and its repeat would no longer be known as one."""
    since = outgoing.told.get("doubtful_us")
    if since is None or outgoing.row.op != "send" or station.kind not in SEEKABLE:
        return False
    return bool(house.wall_us - int(since) >= REPEATS_US)


def found(house: House, station: Station, outgoing: Outgoing, result: Delivery) -> Ending:
    """The doubtful message was in the dialog all the while."""
    ending = sent(house, station, outgoing, result)
    ending.work += noted(house, outgoing, "doubtful", option="found")
    return ending


def unknown(house: House, outgoing: Outgoing, reason: str) -> Ending:
    """Nobody can say whether the message is there: it is left as it is."""
    work = noted(house, outgoing, "doubtful", option="skip", reason=reason)
    return Ending([*work, *_final(house, outgoing, "doubtful", reason)])


def _unreachable(
    house: House, station: Station, outgoing: Outgoing, reason: str, busy: list[Row]
) -> Ending:
    row, said = outgoing.row, outgoing.said
    ending = Ending(_final(house, outgoing, "failed", reason))
    if said is None or said.identity_id is None or row.person_id is None:
        ending.alarms.append(("unreachable", {"bot": station.name, "chat": row.chat}))
        return ending
    event = {
        "source_key": f"sender:blocked:{row.id}:{row.tries}",
        "kind": "blocked",
        "bot_id": row.bot_id,
        "identity_id": said.identity_id,
        "person_id": row.person_id,
        "received_us": house.now_us,
    }
    mine = [one.id for one in busy if one.bot_id == row.bot_id and one.chat == row.chat]
    ending.work += inbox.add([event])
    ending.work += delivery.withdraw(mine, house.now_us, "the person blocked the bot")
    ending.blocked = True
    return ending


def _moved(house: House, station: Station, outgoing: Outgoing, new_chat: str) -> Ending:
    row, said = outgoing.row, outgoing.said
    outgoing.told["moved"] = True
    ending = Ending(kept(house, outgoing), moved=(row.chat, new_chat))
    ending.work += _again(house, outgoing, 0, "the chat moved", spent=False)
    ending.work += chat_moved(station, row.chat, new_chat)
    if said is not None and said.identity_id is not None:
        ending.work += people.save_identities([{"id": said.identity_id, "migrated_to": new_chat}])
    return ending


def _rejected(house: House, station: Station, outgoing: Outgoing, reason: str) -> Ending:
    ending = Ending(_final(house, outgoing, "failed", reason))
    ending.work += noted(house, outgoing, "rejected", reason=reason)
    ending.alarms.append(("rejected", {**_where(station, outgoing), "reason": reason}))
    return ending


def _final(
    house: House, outgoing: Outgoing, state: str, error: str, external_id: str = ""
) -> list[Do]:
    row = {
        "id": outgoing.row.id,
        "state": state,
        "external_id": external_id or None,
        "final_us": house.now_us,
        "error": error,
    }
    return list(delivery.finish([row]))


def _again(house: House, outgoing: Outgoing, us: int, error: str, *, spent: bool) -> list[Do]:
    due_us = house.wall_us + us
    return list(delivery.postpone(outgoing.row.id, due_us, error, spent=spent))


def kept(house: House, outgoing: Outgoing) -> list[Do]:
    """What the next try of the call needs to know."""
    return list(calls.keep(outgoing.row.id, house.seal.seal_json(PAYLOAD, outgoing.told)))


def noted(house: House, outgoing: Outgoing, kind: str, **more: Any) -> list[Do]:
    """A line of the journal about the call."""
    line = {
        "person_id": outgoing.row.person_id,
        "run_id": outgoing.run_id,
        "lead_id": None if outgoing.said is None else outgoing.said.lead_id,
        "place": outgoing.place,
        "at_us": house.now_us,
        "kind": kind,
    }
    return list(journal.add([{**line, **more}]))
