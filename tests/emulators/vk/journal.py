"""What truly happened: every message delivered, every edit, every call and every press answered."""

import json
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from tests.emulators import clock


@dataclass
class Delivered:
    """One message that reached a dialog; later edits are kept with it."""

    group: int
    peer: int
    message_id: int
    conversation_message_id: int
    text: str
    random_id: int
    buttons: list[list[dict[str, str]]] = field(default_factory=list)
    inline: bool = False
    attachments: list[str] = field(default_factory=list)
    edits: list[dict[str, Any]] = field(default_factory=list)
    seq: int = 0
    at: str = ""

    @property
    def labels(self) -> list[str]:
        """Return the labels of its buttons, row after row."""
        return [button["label"] for row in self.buttons for button in row]


@dataclass
class Edited:
    """A message changed its text, buttons or attachments."""

    group: int
    peer: int
    conversation_message_id: int
    text: str
    buttons: list[list[dict[str, str]]] = field(default_factory=list)
    attachments: list[str] = field(default_factory=list)
    seq: int = 0
    at: str = ""


@dataclass
class Duplicate:
    """A message sent again with the same random_id: nothing was delivered."""

    group: int
    peer: int
    random_id: int
    message_id: int
    text: str
    seq: int = 0
    at: str = ""


@dataclass
class Called:
    """One request and how it ended: "ok", an error code or the fault that struck it."""

    group: int | None
    method: str
    params: dict[str, str]
    outcome: str
    error: str = ""
    ignored: list[str] = field(default_factory=list)
    seq: int = 0
    at: str = ""


@dataclass
class Answered:
    """The bot answered the press of a callback button: a snackbar, a link, an app or nothing."""

    group: int
    user: int
    peer: int
    event_id: str
    data: dict[str, Any] | None
    seq: int = 0
    at: str = ""

    @property
    def snackbar(self) -> str | None:
        """Return the text of the snackbar, if one was shown."""
        shown = self.data if self.data and self.data["type"] == "show_snackbar" else {}
        return shown.get("text")


@dataclass
class Commented:
    """The community wrote a comment under a post."""

    group: int
    post: int
    comment_id: int
    text: str
    reply_to_comment: int
    attachments: list[str] = field(default_factory=list)
    seq: int = 0
    at: str = ""


Entry = Delivered | Edited | Duplicate | Called | Answered | Commented
KINDS = {
    Delivered: "delivered",
    Edited: "edited",
    Duplicate: "duplicate",
    Called: "call",
    Answered: "answer",
    Commented: "comment",
}


Kind = TypeVar("Kind", Delivered, Edited, Duplicate, Called, Answered, Commented)


class Journal:
    """Everything in order; `seq` is the place of an entry, counted from 1."""

    def __init__(self, path: Path | None = None) -> None:
        self._file = path.open("a", encoding="utf-8") if path else None
        self.entries: list[Entry] = []

    def add(self, entry: Kind) -> Kind:
        """Keep an entry: it gets its place and the time; the file has it at once."""
        self.entries.append(entry)
        entry.seq = len(self.entries)
        entry.at = clock.now().isoformat()
        if self._file:
            self._file.write(json.dumps(as_json(entry), ensure_ascii=False) + "\n")
            self._file.flush()
        return entry

    def of(self, kind: type[Kind], after: int = 0, **wanted: Any) -> list[Kind]:
        """Return the entries of a kind after a place whose fields are as wanted."""
        return [
            entry
            for entry in self.entries[after:]
            if isinstance(entry, kind)
            and all(getattr(entry, name) == value for name, value in wanted.items())
        ]

    def delivered(self, **wanted: Any) -> list[Delivered]:
        """Return the messages delivered, for instance `delivered(peer=5)`."""
        return self.of(Delivered, **wanted)

    def calls(self, **wanted: Any) -> list[Called]:
        """Return the requests, for instance `calls(method="messages.send", outcome="901")`."""
        return self.of(Called, **wanted)

    def answers(self, **wanted: Any) -> list[Answered]:
        """Return the answers to callback buttons."""
        return self.of(Answered, **wanted)

    def comments(self, **wanted: Any) -> list[Commented]:
        """Return the community's own comments."""
        return self.of(Commented, **wanted)

    @property
    def duplicates(self) -> int:
        """Return how many messages random_id kept from being delivered twice."""
        return len(self.of(Duplicate))

    def since(self, after: int = 0) -> dict[str, Any]:
        """Return what came after a place as JSON; `last` is the place to ask from next."""
        return {
            "last": len(self.entries),
            "duplicates": self.duplicates,
            "entries": [as_json(entry) for entry in self.entries[after:]],
        }

    def close(self) -> None:
        """Close the file."""
        if self._file:
            self._file.close()


def as_json(entry: Entry) -> dict[str, Any]:
    """Return an entry as JSON with its kind."""
    return {"kind": KINDS[type(entry)], **asdict(entry)}
