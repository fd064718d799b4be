"""What a step asks of the world outside, written down."""

from __future__ import annotations

from bots.outside.asked import REQUEST, target_of
from bots.scribe import Scribe, chat_of, identity_id
from bots.turns import Played
from flows import effects


def request(scribe: Scribe, played: Played, effect: effects.Request) -> None:
    """A row of the requests, which somebody outside answers later."""
    assert played.identity is not None
    asked = {
        "kind": effect.kind,
        "place": effect.place,
        "body": effect.body,
        "run": effect.run,
        "number": effect.number,
        "bot_id": played.identity.bot_id,
        "identity_id": identity_id(played),
        "sender": chat_of(played),
    }
    scribe.ledger.requests.append(
        {
            "key": f"{scribe.person_id}:{effect.number}",
            "target": target_of(effect),
            "person_id": scribe.person_id,
            "run_id": scribe.run_id(played, effect.run),
            "visit": effect.number,
            "due_us": scribe.wall_us,
            "request_sealed": scribe.house.seal.seal_json(REQUEST, asked),
        }
    )
