"""What a broadcast writes down for one person: the message's key, the decision, what is called off."""

from __future__ import annotations

from typing import Any

from bots.scribe import Scribe, identity_id
from bots.turns import Played
from flows import effects
from storage.outbox import Lane


def named(scribe: Scribe, played: Played, effect: effects.Say) -> dict[str, Any]:
    """The message's key: of a broadcast a person gets one message, whatever happens."""
    if effect.lane != "broadcast":
        return {"key": f"say:{scribe.person_id}:{effect.number}"}
    broadcast_id = int(played.item.payload["broadcast"])
    return {"key": f"bc:{broadcast_id}:{identity_id(played)}", "broadcast_id": broadcast_id}


def call_off(scribe: Scribe, played: Played, effect: effects.CallOff) -> None:
    """Take back what is queued for the person in this bot."""
    bot_id = scribe.station(played).id
    for row in scribe.stock.queued.get(scribe.person_id, ()):
        if row.lane == Lane.BROADCAST and row.bot_id == bot_id:
            scribe.take_back(row, effect.reason, row.run_id)
    for call, _, _ in scribe.queued:
        if call["lane"] == Lane.BROADCAST and call["bot_id"] == bot_id:
            call.update(state="withdrawn", final_us=scribe.now_us, error=effect.reason)


def decide(scribe: Scribe, played: Played, effect: effects.DecideBroadcast) -> None:
    """What became of the recipient."""
    state = "planned" if effect.outcome == "later" else effect.outcome
    scribe.ledger.recipients.append(
        {
            "broadcast_id": int(played.item.payload["broadcast"]),
            "identity_id": identity_id(played),
            "state": state,
            "reason": effect.reason,
            "due_us": effect.until_us,
        }
    )
