"""What a channel is to the runtime: how updates arrive, how calls go out, what can go wrong."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, Literal, Protocol, runtime_checkable

from flows.events import Event, Profile
from flows.messages import Message
from flows.sent import FileKind

ArrivalKind = Literal["person", "comment", "card", "reply", "group", "ignored"]
Op = Literal["send", "edit", "answer", "comment", "typing"]


@dataclass(frozen=True, slots=True)
class Arrival:
    """One raw update with only what ingest needs; the rest is parsed later, alone.

    ``source_key`` makes it unique for ever (``tg:<bot>:<update_id>``). ``sender`` is the person's id
    in the channel, ``chat`` where it came from. ``kind``: "person" is a private chat, "comment" a
    comment under a post, "card" a press in a team chat (``token`` names the card), "reply" an answer
    in a group to a message that a bot wrote there (``answered`` is the channel's id of it), "group"
    anything else in a group, "ignored" a thing without a person. ``moved_to`` is the new id of a
    group that has just become a supergroup (R23).
    """

    source_key: str
    kind: ArrivalKind
    raw: dict[str, Any]
    sender: str = ""
    chat: str = ""
    token: str = ""
    answered: str = ""
    moved_to: str = ""


@dataclass(frozen=True, slots=True)
class Batch:
    """What one fetch brought.

    ``cursor`` is stored with the rows, in one transaction, and handed to the next fetch: it is what
    confirms them. When the rows could not be stored, fetch again with the cursor of before, and
    they come again. VK's ``ts`` outlives a restart; Telegram's is known only to the channel that
    gave it, so that a stored one is harmless. ``lost`` says that the messenger has dropped events
    (an alarm, R8), "" if none.
    """

    arrivals: tuple[Arrival, ...]
    cursor: str = ""
    lost: str = ""


@dataclass(frozen=True, slots=True)
class Heard:
    """One update, parsed: what happened, what the channel tells of the person, how to answer a press.

    ``token`` is the button's token, for the runtime to look up (``event`` is then a ``Pressed``
    without its action). ``press`` is what an "answer" call needs (callback id; on VK also user and
    peer). ``pressed_external`` is the channel's id of the message under which it was pressed.
    ``comment`` is what a "comment" call needs to reply under the comment.
    """

    event: Event
    profile: Profile = field(default_factory=Profile)
    token: str = ""
    press: dict[str, Any] = field(default_factory=dict)
    pressed_external: str = ""
    comment: dict[str, Any] = field(default_factory=dict)
    sender_name: str = ""


async def _nobody_counts(parts: int) -> None:
    """What is called after a part when nobody keeps count."""


@dataclass(frozen=True, slots=True)
class Passed:
    """A file of a person's to pass on to a team; ``ref`` is what their channel finds it by.

    ``open`` reads a file that lies with us (the web chat's); None: the messenger has it.
    """

    kind: FileKind
    ref: str
    name: str = ""
    open: Callable[[], bytes] | None = None


@dataclass(frozen=True, slots=True)
class Call:
    """One call to make.

    ``tokens`` stand for ``message.buttons`` one by one ("" where the button has no action);
    ``links`` likewise are the addresses to open (tracked ones already made ours). ``external_id`` is
    the message to edit, ``press`` or ``comment`` comes from :class:`Heard`, ``text`` is a pop-up or
    a comment, ``chosen`` the option to show on an edited message ("" just takes the keyboard
    away), ``random_id`` the same for every repeat of the row. An edit draws the buttons that have a
    token or a link, so a call without both takes the keyboard away. ``done`` is how many parts of a
    message an earlier try delivered (:attr:`CallFailed.done`): those are not sent again; after
    each part but the last the channel awaits ``arrived`` with the new count, so that it outlives the
    process. "typing" shows for some seconds that the bot is writing. ``passed`` is a file to send
    with the message's words under it.
    """

    op: Op
    chat: str
    message: Message | None = None
    tokens: tuple[str, ...] = ()
    links: tuple[str, ...] = ()
    external_id: str = ""
    text: str = ""
    chosen: str = ""
    press: dict[str, Any] = field(default_factory=dict)
    comment: dict[str, Any] = field(default_factory=dict)
    random_id: int = 0
    done: int = 0
    arrived: Callable[[int], Awaitable[None]] = field(default=_nobody_counts, compare=False)
    passed: Passed | None = None


@dataclass(frozen=True, slots=True)
class Delivery:
    """A call that succeeded; ``external_id`` is the channel's id of the (last) message.

    ``note`` tells what did not go as meant, for the journal; ``markup`` why the words went without
    their formatting, for a person to mend (R41). ``done`` is not 0 when only the first parts of the
    message were found (:meth:`Channel.find`): the next :attr:`Call.done`.
    """

    external_id: str = ""
    note: str = ""
    done: int = 0
    markup: str = ""


class CallFailed(Exception):
    """A call did not succeed; the class is the decision. The text never holds a token or an answer.

    ``done`` is how many parts of a long message were delivered before: the next try's ``Call.done``.
    """

    done: int = 0


class TryLater(CallFailed):
    """Certainly not delivered: the messenger is down or asks to slow down. Not an attempt."""

    def __init__(
        self, reason: str, retry_after: timedelta | None = None, *, whole_bot: bool = False
    ) -> None:
        super().__init__(reason)
        self.retry_after = retry_after
        self.whole_bot = whole_bot


class Doubtful(CallFailed):
    """Perhaps delivered: the answer was lost after the request left (R38)."""


class PersonUnreachable(CallFailed):
    """The person blocked the bot, denied messages or is gone (R40)."""


class MessageRejected(CallFailed):
    """The messenger refuses this message and always will."""


class ChatMoved(CallFailed):
    """A group became a supergroup: repeat with ``new_chat`` and remember it (R23)."""

    def __init__(self, new_chat: str) -> None:
        super().__init__("the chat moved")
        self.new_chat = new_chat


class ToRepeatAlone(CallFailed):
    """Made together with others it was refused with them: it is to be made by itself."""


class BotHalted(CallFailed):
    """The token was revoked or rights are missing: nothing can be sent until a person mends it."""


class Conflict(CallFailed):
    """Somebody else reads this bot's updates (a webhook, a second poller)."""


class Channel(Protocol):
    """One bot in one messenger."""

    async def prepare(self, *, consent: bool) -> str:
        """Check the token and set what the platform needs; the bot's own id in the channel.

        A foreign webhook is removed only with ``consent``, else :class:`Conflict` names its host.
        """

    async def fetch(self, cursor: str) -> Batch:
        """Wait for updates (long polling) after those confirmed so far."""

    def hear(self, raw: dict[str, Any]) -> Heard | None:
        """What one raw update says; None when it means nothing to a funnel. Raises on poison."""

    async def call(self, call: Call) -> Delivery:
        """Make the call once, or raise a :class:`CallFailed`."""

    async def find(self, call: Call) -> Delivery | None:
        """What an earlier try of the "send" call delivered; None when it is not in the dialog.

        Asked where a repeat may be shown twice, or raises a :class:`CallFailed`; channels that
        cannot look are never asked.
        """

    async def profile(self, sender: str) -> Profile:
        """What the channel tells of the person where updates carry only ids; empty when it fails."""

    async def member(self, channel: str, sender: str) -> bool | None:
        """Whether the person is subscribed to the channel or community; None when nobody can tell.

        Raises :class:`TryLater` when it may be asked again.
        """

    def deep_link(self, code: str) -> str:
        """The address that opens this bot with the code."""

    async def close(self) -> None:
        """Let the connections go."""


@runtime_checkable
class Together(Protocol):
    """A channel that may make several calls by one request."""

    def batch_key(self, call: Call) -> str | None:
        """Which others may go with it: calls of one key say the same; None: it goes alone.

        Calls of one key and one ``random_id`` are the same words to several people. A repeat may
        join others or go alone, as long as its own ``random_id`` stays.
        """

    async def call_all(self, calls: Sequence[Call]) -> list[Delivery | CallFailed]:
        """Make the calls at once: how each ended, in order (R44).

        Raises the :class:`CallFailed` of them all where none was made, or nobody knows.
        """
