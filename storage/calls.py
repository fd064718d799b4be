"""Single calls and the messages they carry: what the player and the senders ask about them."""

from collections.abc import Sequence

from sqlalchemy import and_, or_, select, update
from sqlalchemy.sql import Executable

from storage import rows
from storage.tables import inbox, lead_cards, messages, outbox, runs
from storage.work import Do, Work


def delivered(message_ids: Sequence[int]) -> Executable:
    """When messages reached the person. Columns: id, at_us, call_id, final_us.

    Without a call (`call_id` is None) it was made long ago; without `final_us` it is on its way.
    """
    sent = and_(outbox.c.message_id == messages.c.id, outbox.c.op == "send")
    found = select(
        messages.c.id, messages.c.at_us, outbox.c.id.label("call_id"), outbox.c.final_us
    )
    return found.outerjoin(outbox, sent).where(messages.c.id.in_(message_ids))


def said(message_ids: Sequence[int]) -> Executable:
    """The messages with the `funnel` that said each (None: no run did)."""
    found = select(messages, runs.c.funnel).outerjoin(runs, runs.c.id == messages.c.run_id)
    return found.where(messages.c.id.in_(message_ids))


def numbered(identity_ids: Sequence[int], numbers: Sequence[int]) -> Executable:
    """The messages of these identities that have one of these numbers."""
    mine = select(messages).where(messages.c.identity_id.in_(identity_ids))
    return mine.where(messages.c.number.in_(numbers))


def told_by_none(call_ids: Sequence[int]) -> Executable:
    """Of the edits in teams' chats those that no step of a funnel asked for.

    Such are those that show what managers did, and that a conversation is over.
    """
    cards = select(outbox.c.id).join(messages, messages.c.id == outbox.c.message_id)
    caused = cards.join(inbox, inbox.c.id == outbox.c.revision)
    by_managers = or_(inbox.c.kind.in_(("card", "reply")), messages.c.lead_id.is_(None))
    return caused.where(outbox.c.id.in_(call_ids), outbox.c.op == "edit", by_managers)


def keyed(keys: Sequence[str]) -> Executable:
    """The messages of these keys."""
    return select(messages).where(messages.c.key.in_(keys))


def keep(call_id: int, payload_sealed: bytes | None) -> Work:
    """Remembers with a call what the next try needs."""
    return [rows.change(outbox, [{"id": call_id, "payload_sealed": payload_sealed}])]


def move_chat(bot_id: int, chat: str, new_chat: str) -> Work:
    """Turns everything that waits for a chat to the one it became, and what names its cards."""
    waiting = update(outbox).where(outbox.c.bot_id == bot_id, outbox.c.chat == chat)
    alive = waiting.where((outbox.c.state == "queued") | (outbox.c.state == "sending"))
    shown = update(lead_cards).where(lead_cards.c.bot_id == bot_id, lead_cards.c.chat == chat)
    there = lead_cards.alias("there")
    twice = select(there.c.id).where(
        there.c.lead_id == lead_cards.c.lead_id,
        there.c.bot_id == bot_id,
        there.c.chat == new_chat,
    )
    return [
        Do(alive.values(chat=new_chat)),
        Do(shown.where(~twice.exists()).values(chat=new_chat)),
    ]


def name_card(lead_id: int, bot_id: int, chat: str, message_id: str) -> Work:
    """Remembers the channel's id of a lead's card."""
    here = (lead_cards.c.lead_id == lead_id, lead_cards.c.bot_id == bot_id)
    card = update(lead_cards).where(*here, lead_cards.c.chat == chat)
    return [Do(card.values(message_id=message_id))]
