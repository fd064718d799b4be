"""What happens to a person: past-tense facts that the engine is told, one at a time."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from flows.sent import SentFile

if TYPE_CHECKING:
    from flows.broadcasts.file import Broadcast


@dataclass(frozen=True, slots=True)
class Opened:
    """The person pressed the channel's start button or a deep link (``code`` is its payload)."""

    code: str = ""


@dataclass(frozen=True, slots=True)
class Typed:
    """The person wrote a text; ``/commands`` come as they were typed."""

    text: str


@dataclass(frozen=True, slots=True)
class Pressed:
    """The person pressed a button of ours.

    ``action`` is the meaning frozen when the button was sent, None when the token was not ours;
    ``message`` is the number of the message (``effects.Say.number``) and ``text`` the label.
    """

    action: dict[str, Any] | None
    message: int = 0
    text: str = ""


@dataclass(frozen=True, slots=True)
class ContactShared:
    """The person shared a phone; ``verified`` when the messenger vouches that it is their own."""

    phone: str
    verified: bool = False


@dataclass(frozen=True, slots=True)
class FileSent:
    """The person sent files, with words under them or without.

    ``group`` is the channel's id of the album whose files come one by one; empty outside albums.
    """

    files: tuple[SentFile, ...]
    caption: str = ""
    group: str = ""


@dataclass(frozen=True, slots=True)
class LocationSent:
    """The person shared a place, in degrees; ``title`` names it when the messenger does."""

    latitude: float
    longitude: float
    title: str = ""


@dataclass(frozen=True, slots=True)
class Unreadable:
    """The person sent something that is neither text nor a file nor a place (a sticker, a poll)."""

    kind: str = ""


@dataclass(frozen=True, slots=True)
class Commented:
    """The person wrote a comment under a post of the community or channel.

    ``reachable``: the bot may write to the person in private.
    """

    text: str
    post: str = ""
    reachable: bool = False


@dataclass(frozen=True, slots=True)
class Clicked:
    """The person opened a tracked link of ours; ``run`` is the run's number."""

    track: str
    run: int


@dataclass(frozen=True, slots=True)
class BotBlocked:
    """The person blocked the bot or denied messages."""


@dataclass(frozen=True, slots=True)
class BotAllowed:
    """The person unblocked the bot or allowed messages."""


@dataclass(frozen=True, slots=True)
class Joined:
    """The person joined the community; ``reachable``: the bot may write to them in private."""

    reachable: bool = False


@dataclass(frozen=True, slots=True)
class ManagerTook:
    """A manager took the run's lead, or the conversation that was handed over (``run`` 0)."""

    manager: str
    run: int = 0


@dataclass(frozen=True, slots=True)
class ManagerWrote:
    """A manager wrote to the person, to whom the words go as they are."""

    manager: str
    text: str


@dataclass(frozen=True, slots=True)
class ManagerReturned:
    """A manager gave the conversation back to the bot."""

    manager: str = ""


@dataclass(frozen=True, slots=True)
class TimerFired:
    """A timer came due.

    ``number`` is the one given by ``effects.SetTimer``: a stale one changes nothing.
    ``delivered_us`` is when the message that the timer counts from was delivered (None: not yet,
    or the timer counts from no message). ``seen_us`` is since when the clock saw that it is due, if
    that was earlier than now: what the messenger's speed costs is no lateness. Adverts — with
    ``lost_letters`` letters of every kind — planned up to ``lost_until_us`` have perhaps been sent by
    a life that the database forgot.
    """

    run: int
    name: str
    number: int
    due_us: int
    waits_delivery: bool = False
    delivered_us: int | None = None
    seen_us: int | None = None
    lost_until_us: int = 0
    lost_letters: bool = False


@dataclass(frozen=True, slots=True)
class LettersHeld:
    """What was said at ``decided_us`` lies in the queue still and goes at ``until_us`` at last."""

    decided_us: int
    until_us: int


@dataclass(frozen=True, slots=True)
class RequestAnswered:
    """An outside call of ``effects.Request`` came to its end.

    ``number`` is the request's: an answer that nobody awaits any more changes nothing. ``result``
    holds ``ok`` and what the step's node type says; without ``ok`` the call failed for good.
    """

    run: int
    number: int
    result: dict[str, Any]


@dataclass(frozen=True, slots=True)
class EventHappened:
    """Something happened to the person outside the chat: a payment, a visit, a manager's status.

    ``data`` is JSON that entries by the event may save; ``funnel`` is the only funnel that hears
    of it, "" for all of the bot.
    """

    name: str
    data: dict[str, Any] = field(default_factory=dict)
    funnel: str = ""


@dataclass(frozen=True, slots=True)
class CodeRedeemed:
    """Somebody redeemed the code that the person was given."""

    code: str


@dataclass(frozen=True, slots=True)
class ResetAsked:
    """A tester wants to be a stranger again."""


@dataclass(frozen=True, slots=True)
class PreviewAsked:
    """A tester wants to see a letter, or which letters there are ("")."""

    letter: str = ""


@dataclass(frozen=True, slots=True)
class BroadcastCame:
    """A broadcast reached the person's turn; ``planned_us`` is the moment that its file means.

    ``halted`` tells that it was stopped meanwhile.
    """

    broadcast: Broadcast
    planned_us: int
    halted: bool = False


Event = (
    Opened
    | Typed
    | Pressed
    | ContactShared
    | FileSent
    | LocationSent
    | Unreadable
    | Commented
    | Clicked
    | BotBlocked
    | BotAllowed
    | Joined
    | ManagerTook
    | ManagerWrote
    | ManagerReturned
    | TimerFired
    | LettersHeld
    | RequestAnswered
    | EventHappened
    | CodeRedeemed
    | BroadcastCame
    | ResetAsked
    | PreviewAsked
)


@dataclass(frozen=True, slots=True)
class Profile:
    """What the channel tells of the person beside an event; empty fields change nothing."""

    first_name: str = ""
    last_name: str = ""
    username: str = ""
    gender: str = ""
    extra: dict[str, str] = field(default_factory=dict)


def words_of(event: Event) -> str:
    """The words of a message, those under a file too; "" when it has none."""
    if isinstance(event, FileSent):
        return event.caption
    return event.text if isinstance(event, Typed) else ""
