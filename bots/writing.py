"""One played row written down: each effect becomes rows of the ledger."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from bots import handovers, leads, mailing, nights, requested, verdicts
from bots.bodies import sealed_message
from bots.clocks import moment_of
from bots.hearing import TEAM_KINDS
from bots.scribe import Scribe, chat_of, identity_id, remember_words
from bots.turns import Played
from flows import effects
from flows.events import ManagerWrote
from storage.outbox import Lane

_LANES = {"reply": Lane.REPLY, "letter": Lane.LETTER, "broadcast": Lane.BROADCAST}


def write(scribe: Scribe, played: Played) -> None:
    """Everything that came of one row."""
    scribe.notice = ""
    if played.end == "dead":
        scribe.ledger.dead.append((played.item.id, played.error))
        scribe.journal("dead", reason=played.error.rsplit("\n", 1)[-1])
        return
    if played.item.kind in TEAM_KINDS and played.end == "done":
        verdicts.write(scribe, played)
    remember_words(scribe, played)
    for scribe.number, effect in enumerate(played.effects):
        _WRITERS[type(effect)](scribe, played, effect)
    scribe.answer(played)
    if played.end == "ignored":
        scribe.ledger.ignored.append((played.item.id, played.error))
    else:
        scribe.ledger.done.append(played.item.id)


def _say(scribe: Scribe, played: Played, effect: effects.Say) -> None:
    message = effect.message
    message_id = next(scribe.stock.numbers.messages)
    run_id = scribe.run_id(played, effect.run)
    scribe.said[identity_id(played), effect.number] = message_id
    scribe.ledger.messages.append(
        {
            "id": message_id,
            "identity_id": identity_id(played),
            "person_id": scribe.person_id,
            "run_id": run_id,
            "direction": "out",
            "author": _author(played, effect),
            "place": effect.place,
            "visit": effect.visit,
            "number": effect.number,
            "kind": message.kind,
            "at_us": scribe.now_us,
            **mailing.named(scribe, played, effect),
            **sealed_message(scribe.house.seal, message),
        }
    )
    row = scribe.call(
        scribe.station(played).id,
        chat_of(played),
        _LANES[effect.lane],
        message_id=message_id,
        person_id=scribe.person_id,
        expires_us=_expires_us(scribe, played, effect),
        rule="skip" if message.kind == "advertising" or effect.lane == "broadcast" else "resend",
        **scribe.perhaps_sent(played, message),
    )
    scribe.queued.append((row, played, effect))


def _expires_us(scribe: Scribe, played: Played, say: effects.Say) -> int | None:
    """Until when the message may wait in the queue; a reply may for ever."""
    if say.lane == "reply":
        return None
    runs = scribe.outcome.runs.get(identity_id(played), [])
    funnel = next((run.funnel for run in runs if run.number == say.run), "")
    bundle, zone = scribe.station(played).bundle, scribe.outcome.person.zone
    said = funnel, say.place, say.message.kind, moment_of(scribe.now_us)
    return nights.expires_us(scribe.house, nights.queued(bundle, zone, said))


def _author(played: Played, effect: effects.Say) -> str:
    """A manager's own words are theirs, whoever carries them."""
    wrote = played.event if isinstance(played.event, ManagerWrote) else None
    is_theirs = wrote is not None and effect.message.text.plain == wrote.text
    return "manager" if is_theirs else "bot"


def _notice(scribe: Scribe, _played: Played, effect: effects.Notice) -> None:
    scribe.notice = effect.text


def _show_choice(scribe: Scribe, played: Played, effect: effects.ShowChoice) -> None:
    _edit(scribe, played, effect.message, {"chosen": effect.text})


def _show_marks(scribe: Scribe, played: Played, effect: effects.ShowMarks) -> None:
    _edit(scribe, played, effect.message, {"marked": list(effect.chosen)})


def _edit(scribe: Scribe, played: Played, number: int, told: dict[str, Any]) -> None:
    """Change the message of that number; a pressed one is known by the channel's id of it."""
    message_id = scribe.message_id(played, number)
    if message_id is None:
        return
    pressed, heard = played.item.pressed, played.item.heard
    same = pressed is not None and pressed.id == message_id and heard is not None
    told["external"] = heard.pressed_external if same and heard else ""
    scribe.call(
        scribe.station(played).id,
        chat_of(played),
        Lane.REPLY,
        op="edit",
        message_id=message_id,
        person_id=scribe.person_id,
        revision=played.item.id,
        payload_sealed=scribe.payload(told),
    )


def _set_timer(scribe: Scribe, played: Played, effect: effects.SetTimer) -> None:
    run_id = scribe.run_id(played, effect.run)
    if run_id is None:
        return
    after = scribe.message_id(played, effect.after) if effect.after else None
    scribe.ledger.timers[run_id, effect.name] = {
        "person_id": scribe.person_id,
        "run_id": run_id,
        "name": effect.name,
        "visit": effect.number,
        "due_us": effect.due_us,
        "rule": effect.rule,
        "zone": effect.zone,
        "after_message_id": after,
    }


def _drop_timer(scribe: Scribe, played: Played, effect: effects.DropTimer) -> None:
    run_id = scribe.run_id(played, effect.run)
    if run_id is not None:
        scribe.ledger.timers[run_id, effect.name] = None


def _save(scribe: Scribe, _played: Played, effect: effects.Save) -> None:
    key = (scribe.person_id, effect.funnel, effect.field)
    if effect.value is None:
        scribe.ledger.facts[key] = None
        return
    value = effect.value
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    row: dict[str, Any] = {"person_id": key[0], "funnel": key[1], "name": key[2]}
    row["at_us"] = scribe.now_us
    if effect.personal:
        row["value_sealed"] = scribe.house.seal.seal_json("facts.value_sealed", value)
    else:
        row["value"] = text
    scribe.ledger.facts[key] = row


def _save_contact(scribe: Scribe, _played: Played, effect: effects.SaveContact) -> None:
    seal = scribe.house.seal
    last4 = effect.value[-4:] if effect.kind == "phone" else ""
    scribe.ledger.contacts.append(
        {
            "person_id": scribe.person_id,
            "kind": effect.kind,
            "digest": seal.digest(effect.kind, effect.value),
            "last4_digest": seal.digest("last4", last4) if last4 else None,
            "value_sealed": seal.seal_text("contacts.value_sealed", effect.value),
            "verified_us": scribe.now_us if effect.verified else None,
        }
    )


def _record_consent(scribe: Scribe, played: Played, effect: effects.RecordConsent) -> None:
    document_id = scribe.stock.documents[effect.document, effect.version]
    if document_id is None:
        reason = f"the document {effect.document} {effect.version} is not stored"
        raise LookupError(reason)
    heard, item = played.item.heard, played.item
    proof = {
        "chat": chat_of(played),
        "event": item.row.source_key,
        "message": scribe.message_id(played, effect.message) if effect.message else None,
        "external": heard.pressed_external if heard else "",
    }
    scribe.ledger.consents.append(
        {
            "key": f"consent:{item.id}:{scribe.number}",
            "identity_id": identity_id(played),
            "person_id": scribe.person_id,
            "document_id": document_id,
            "action": effect.action,
            "at_us": scribe.now_us,
            "proof": json.dumps(proof, ensure_ascii=False),
            "run_id": scribe.run_id(played, effect.run),
            "place": effect.place,
        }
    )


def _withdraw(scribe: Scribe, played: Played, effect: effects.Withdraw) -> None:
    run_id = scribe.run_id(played, effect.run)
    if run_id is None:
        return
    for row in scribe.stock.queued.get(scribe.person_id, ()):
        if row.lane == Lane.LETTER and row.run_id == run_id and _covers(effect, row.place):
            scribe.take_back(row, effect.reason, run_id)
    for call, turn, said in scribe.queued:
        earlier = turn is not played  # what this very turn says stays
        letter = call["lane"] == Lane.LETTER and said.run == effect.run
        if earlier and letter and _covers(effect, said.place):
            call.update(state="withdrawn", final_us=scribe.now_us, error=effect.reason)


def _covers(effect: effects.Withdraw, place: str) -> bool:
    if effect.series:
        return place.startswith(f"{effect.series}.")
    return not effect.place or place == effect.place


def _reply_to_comment(scribe: Scribe, played: Played, effect: effects.ReplyToComment) -> None:
    heard = played.item.heard
    if heard is None or not heard.comment:
        return
    station = scribe.station(played)
    text = effect.text.replace("{link}", station.channel.deep_link(effect.code))
    told = {"comment": heard.comment, "text": text}
    chat = f"comment:{chat_of(played)}"
    scribe.call(
        station.id,
        chat,
        Lane.REPLY,
        op="comment",
        revision=played.item.id,
        payload_sealed=scribe.payload(told),
    )


def _note(scribe: Scribe, played: Played, effect: effects.Note) -> None:
    data = effect.data
    scribe.journal(
        effect.kind,
        run_id=scribe.run_id(played, effect.run),
        place=effect.place,
        option=effect.option,
        reason=effect.reason,
        until_us=effect.until_us,
        data_sealed=scribe.house.seal.seal_json("journal.data_sealed", data) if data else None,
    )


_WRITERS: dict[type, Callable[[Scribe, Played, Any], None]] = {
    effects.Say: _say,
    effects.Notice: _notice,
    effects.ShowChoice: _show_choice,
    effects.ShowMarks: _show_marks,
    effects.SetTimer: _set_timer,
    effects.DropTimer: _drop_timer,
    effects.Save: _save,
    effects.SaveContact: _save_contact,
    effects.RecordConsent: _record_consent,
    effects.CaptureLead: leads.capture,
    effects.Notify: leads.notify,
    effects.Withdraw: _withdraw,
    effects.CallOff: mailing.call_off,
    effects.DecideBroadcast: mailing.decide,
    effects.ReplyToComment: _reply_to_comment,
    effects.HandOver: handovers.hand_over,
    effects.Relay: handovers.relay,
    effects.TakeBack: handovers.take_back,
    effects.Request: requested.request,
    effects.Note: _note,
}
