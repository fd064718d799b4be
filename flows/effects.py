"""What the engine wants done: imperative data, stored with the new state in one transaction."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal

from flows.messages import Message

Lane = Literal["reply", "letter", "broadcast"]


@dataclass(frozen=True, slots=True)
class Say:
    """Send ``message`` to the person.

    ``number`` comes from the person's counter and never repeats: it is the message's key within
    the person, and timers name it to count from its delivery. ``place`` and ``visit`` tell where
    it was said; ``run`` is the run's number (0: the bot itself, outside any run).
    """

    number: int
    message: Message
    lane: Lane
    run: int = 0
    place: str = ""
    visit: int = 0


@dataclass(frozen=True, slots=True)
class Notice:
    """Answer the press with a pop-up; on a channel without pop-ups it is dropped."""

    text: str


@dataclass(frozen=True, slots=True)
class ShowChoice:
    """Show on the pressed message which button was chosen and take its keyboard away."""

    message: int
    text: str


@dataclass(frozen=True, slots=True)
class ShowMarks:
    """Draw the message's buttons anew: those of the ``chosen`` options marked, the others not."""

    message: int
    chosen: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class SetTimer:
    """Wake the run at ``due_us``; a timer of the same run and name is replaced.

    ``after``: the number of the message whose delivery it counts from (0: none). ``rule`` is the
    words that made it, for ``why``.
    """

    run: int
    name: str
    number: int
    due_us: int
    rule: str = ""
    after: int = 0
    zone: str = ""


@dataclass(frozen=True, slots=True)
class DropTimer:
    """Forget the run's timer of this name."""

    run: int
    name: str


@dataclass(frozen=True, slots=True)
class Save:
    """A field got a value; ``personal`` values are stored sealed, options and numbers plain."""

    run: int
    funnel: str
    field: str
    value: Any
    personal: bool


@dataclass(frozen=True, slots=True)
class SaveContact:
    """A phone or e-mail of the person; ``verified`` when the messenger vouches for it."""

    kind: Literal["phone", "email"]
    value: str
    verified: bool = False


@dataclass(frozen=True, slots=True)
class RecordConsent:
    """Append to the consent journal."""

    run: int
    document: str
    version: str
    sha256: str
    action: Literal["given", "refused", "withdrawn"]
    place: str
    message: int = 0


@dataclass(frozen=True, slots=True)
class CaptureLead:
    """Create or update the run's lead of this title and tell the team.

    ``answers`` are ``(field, label, shown value)`` in the order of ``fields``; ``revision`` is 1
    for a new lead. ``value`` is money or None; ``files`` are those among the answers, as
    ``flows.sent.kept`` makes them.
    """

    run: int
    title: str
    team: str
    priority: Literal["urgent", "normal", "low"]
    answers: tuple[tuple[str, str, str], ...]
    revision: int
    value: float | None = None
    source: str = ""
    link: str = ""
    zone: str = ""
    files: tuple[dict[str, Any], ...] = ()


@dataclass(frozen=True, slots=True)
class Notify:
    """Tell the team something about the person."""

    run: int
    team: str
    text: str


@dataclass(frozen=True, slots=True)
class Withdraw:
    """Take back what earlier turns of the run have queued in the letters' lane.

    What this very turn says stays: a letter may stop its own series.
    That of ``series`` (places that begin with its name and a dot), that of one ``place``, or all
    when both are empty.
    """

    run: int
    series: str = ""
    place: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class CallOff:
    """Take back broadcasts that are queued for the person."""

    reason: str


@dataclass(frozen=True, slots=True)
class DecideBroadcast:
    """What becomes of the broadcast for this person: ``queued``, ``skipped`` or ``later``.

    ``reason`` is a word of ``flows.broadcasts.reasons``; ``until_us`` when it is looked at again.
    """

    outcome: Literal["queued", "skipped", "later"]
    reason: str = ""
    until_us: int = 0


@dataclass(frozen=True, slots=True)
class ReplyToComment:
    """Answer the comment that is being handled: in public, with the deep link to the bot."""

    text: str
    code: str = ""


@dataclass(frozen=True, slots=True)
class HandOver:
    """Give the conversation to the team: a card with who it is, to take it and to give it back."""

    run: int
    team: str
    number: int
    text: str


@dataclass(frozen=True, slots=True)
class Relay:
    """Show the team what the person says while the conversation is theirs."""

    team: str
    text: str


@dataclass(frozen=True, slots=True)
class TakeBack:
    """The conversation is the bot's again: its card says so and why (``returned``, ``silence``…)."""

    team: str
    reason: str


@dataclass(frozen=True, slots=True)
class Request:
    """Ask the world outside, once and for all: the answer comes as ``events.RequestAnswered``.

    ``number`` comes from the person's counter; ``kind`` is the node type (``http``, ``member``,
    ``do``, ``code``, …) and ``body`` what it asks. ``place`` is where the play stands meanwhile.
    """

    run: int
    number: int
    kind: str
    place: str
    body: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Note:
    """A line of the journal: what was held, moved, skipped, withdrawn, entered, and why."""

    kind: str
    run: int = 0
    place: str = ""
    reason: str = ""
    option: str = ""
    until_us: int | None = None
    data: dict[str, Any] = field(default_factory=dict)


Effect = (
    Say
    | Notice
    | ShowChoice
    | ShowMarks
    | SetTimer
    | DropTimer
    | Save
    | SaveContact
    | RecordConsent
    | CaptureLead
    | Notify
    | Withdraw
    | CallOff
    | DecideBroadcast
    | ReplyToComment
    | HandOver
    | Relay
    | TakeBack
    | Request
    | Note
)
