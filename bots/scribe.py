"""What a scribe knows of a played row, and the rows that every effect may add to the ledger."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from bots.bodies import sealed_message
from bots.house import House, Station
from bots.ledger import Ledger
from bots.stock import Stock
from bots.turns import Outcome, Played
from bots.vault import SENT
from flows import effects, events
from flows.markup import RichText
from flows.messages import Media, MediaKind, Message
from flows.sending import PERHAPS_SENT
from flows.sent import coordinates, kept, titles_of
from storage.outbox import Lane
from storage.work import Row

ACK_US = 10_000_000
"""An answer to a press is of no use later."""
_MEDIA: dict[str, MediaKind] = {"photo": "photo", "video": "video", "audio": "audio"}


@dataclass(slots=True)
class Scribe:
    """Writes what came of a person's rows; ``run_ids`` are rows of runs by their numbers."""

    house: House
    ledger: Ledger
    stock: Stock
    outcome: Outcome
    now_us: int
    wall_us: int
    run_ids: dict[tuple[int, int], int] = field(default_factory=dict)
    said: dict[tuple[int, int], int] = field(default_factory=dict)
    queued: list[tuple[dict[str, Any], Played, effects.Say]] = field(default_factory=list)
    notice: str = ""
    number: int = 0

    @property
    def person_id(self) -> int:
        """The person's row."""
        return self.outcome.loaded.id

    def station(self, played: Played) -> Station:
        """The person's bot."""
        assert played.identity is not None
        return self.house.stations[played.identity.bot_id]

    def run_id(self, played: Played, number: int) -> int | None:
        """The row of the run of that number; None outside any run."""
        return self.run_ids.get((identity_id(played), number)) if number else None

    def message_id(self, played: Played, number: int) -> int | None:
        """The row of the message of that number, said now or before."""
        key = (identity_id(played), number)
        if key in self.said:
            return self.said[key]
        pressed = played.item.pressed
        if pressed is not None and pressed.number == number:
            return int(pressed.id)
        row = self.stock.messages.get(key)
        return None if row is None else int(row.id)

    def call(self, bot_id: int, chat: str, lane: Lane, **more: Any) -> dict[str, Any]:
        """Queue a call; its row comes back."""
        row = {
            "id": next(self.stock.numbers.calls),
            "bot_id": bot_id,
            "chat": chat,
            "lane": int(lane),
            "due_us": self.wall_us,
            **more,
        }
        self.ledger.calls.append(row)
        return row

    def payload(self, told: dict[str, Any]) -> bytes:
        """The column ``outbox.payload_sealed``."""
        return self.house.seal.seal_json("outbox.payload_sealed", told)

    def journal(self, kind: str, **more: Any) -> None:
        """A line of the journal about the person."""
        self.ledger.journal.append(
            {"person_id": self.person_id, "at_us": self.now_us, "kind": kind, **more}
        )

    def take_back(self, row: Row, reason: str, run_id: int | None) -> None:
        """Withdraw a queued call, once."""
        if row.id not in self.ledger.withdrawn:
            self.ledger.withdrawn[row.id] = reason
            self.journal("withdrawn", run_id=run_id, place=row.place, reason=reason)

    def perhaps_sent(self, played: Played, message: Message) -> dict[str, Any]:
        """How an advert's call ends that a life which the database forgot has perhaps made."""
        event = played.event
        if message.kind != "advertising" or not isinstance(event, events.TimerFired):
            return {}
        if event.due_us > event.lost_until_us:
            return {}
        return {"state": "doubtful", "final_us": self.now_us, "error": PERHAPS_SENT}

    def answer(self, played: Played) -> None:
        """Every press is answered, so that the messenger stops its spinner (R13)."""
        heard = played.item.heard
        if heard is None or not heard.press:
            return
        pressed = played.item.pressed
        self.call(
            played.item.bot_id,
            str(played.item.payload.get("chat") or chat_of(played)),
            Lane.ACK,
            op="answer",
            message_id=None if pressed is None else pressed.id,
            revision=played.item.id,
            expires_us=self.wall_us + ACK_US,
            payload_sealed=self.payload({"press": heard.press, "text": self.notice}),
        )


def identity_id(played: Played) -> int:
    assert played.identity is not None
    return int(played.identity.id)


def chat_of(played: Played) -> str:
    """Where the person is written to: private chats have the person's own id."""
    identity = played.identity
    return str(identity.migrated_to or identity.external_id) if identity is not None else ""


def remember_words(scribe: Scribe, played: Played) -> None:
    """The transcript keeps what the person said."""
    if played.identity is None:
        return
    station = scribe.house.stations.get(played.identity.bot_id)
    words = _words(played.event, station.language if station is not None else "ru")
    if words is None:
        return
    message = _of_files(played.event, station) or Message(RichText.of(words))
    scribe.ledger.messages.append(
        {
            "id": next(scribe.stock.numbers.messages),
            "identity_id": played.identity.id,
            "person_id": scribe.person_id,
            "direction": "in",
            "author": "person",
            "key": f"in:{played.item.id}",
            "at_us": played.item.row.received_us,
            **sealed_message(scribe.house.seal, message),
        }
    )


def _words(event: events.Event | None, language: str) -> str | None:
    match event:
        case events.Typed(text) | events.Commented(text):
            return text
        case events.Pressed(text=text, action=action):
            # «Готово» says what is chosen
            is_mark = action is not None and action["do"] == "toggle"
            return None if is_mark else text or None
        case events.ContactShared(phone):
            return phone
        case events.Opened(code):
            return f"/start {code}".strip()
    return _sent(event, language)


def _of_files(event: events.Event | None, station: Station | None) -> Message | None:
    """Files of the web chat as its page shows them; None for everything else."""
    if not isinstance(event, events.FileSent) or station is None or station.kind != "web":
        return None
    media = [Media(_MEDIA.get(f.kind, "document"), f"{SENT}{f.ref}", f.name) for f in event.files]
    return Message(RichText.of(event.caption), media=tuple(media))


def _sent(event: events.Event | None, language: str) -> str | None:
    """What stands in the transcript for that which is no text."""
    match event:
        case events.FileSent(files, caption):
            titles = titles_of([kept(file, "", "", "") for file in files], language)
            return f"[{titles}] {caption}".strip()
        case events.LocationSent(latitude, longitude, title):
            return f"[{coordinates(latitude, longitude)}] {title}".strip()
        case events.Unreadable(kind):
            return f"[{kind}]"
    return None
