"""The people, communities, dialogs and chats that the emulated VK knows."""

import re
from collections import deque
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from tests.emulators import clock
from tests.emulators.vk.callbacks import Callbacks
from tests.emulators.vk.journal import Delivered, Journal
from tests.emulators.vk.longpoll import LongPoll
from tests.emulators.vk.parameters import METHODS
from tests.emulators.vk.refusals import Refusal

CHATS = 2_000_000_000  # dev.vk.com: peer_id of a chat is 2000000000 + its number
EVENT_TYPES = tuple(
    name
    for name in METHODS["groups.setLongPollSettings"]["parameters"]
    if name not in {"group_id", "enabled", "api_version"}
)
# dev.vk.com messages.send: <type><owner_id>_<media_id>_<access_key>
ATTACHMENT = re.compile(r"(?P<name>(?P<kind>[a-z_]+?)-?\d+_\d+)(_\w+)?$")
# dev.vk.com/reference/access-rights: rights of a community's key
PERMISSIONS = {
    "photos": 4,
    "wall": 8192,
    "messages": 4096,
    "docs": 131072,
    "manage": 262144,
}


@dataclass
class User:
    """A person of VK."""

    id: int
    first_name: str = "Анна"
    last_name: str = "Тестова"
    sex: int = 1
    city: str | None = None
    screen_name: str = ""
    deactivated: str | None = None  # "deleted" or "banned"


@dataclass
class Relation:
    """What a person allows a community, and the link they followed to it."""

    allowed: bool = False
    blacklisted: bool = False
    private: bool = False
    member: bool = False
    ref: str | None = None
    ref_source: str | None = None


@dataclass
class Message:
    """A message of a dialog."""

    id: int
    cmid: int
    peer: int
    sender: int
    text: str
    date: datetime
    random_id: int = 0
    keyboard: dict[str, Any] | None = None
    template: dict[str, Any] | None = None
    attachments: list[str] = field(default_factory=list)
    payload: str | None = None
    extra: dict[str, Any] = field(default_factory=dict)
    edited: datetime | None = None
    record: Delivered | None = None

    @property
    def out(self) -> bool:
        """Tell whether the community wrote it."""
        return self.sender < 0


@dataclass
class Dialog:
    """The messages between a community and one peer."""

    peer: int
    messages: list[Message] = field(default_factory=list)
    sent: dict[int, Message] = field(default_factory=dict)  # by random_id
    board: Message | None = None  # whose keyboard is under the input field

    def message(self, cmid: int) -> Message | None:
        """Return the message with this conversation_message_id."""
        return self.messages[cmid - 1] if 0 < cmid <= len(self.messages) else None


@dataclass
class Chat:
    """A chat of several people which the community's bot is in, or was."""

    peer: int
    title: str
    members: list[int]
    bot_inside: bool = True
    disabled: bool = False


@dataclass
class Post:
    """A post on the community's wall with its comments: (author, text) by number."""

    id: int
    text: str
    comments_open: bool = True
    comments: dict[int, tuple[int, str]] = field(default_factory=dict)
    guids: dict[str, int] = field(default_factory=dict)


@dataclass
class Press:
    """A press of a callback button that waits for its answer."""

    user: int
    peer: int
    at: datetime
    answered: bool = False


@dataclass
class Community:
    """A community with its key, settings and everything that happens in it."""

    id: int
    name: str
    screen_name: str
    longpoll: LongPoll
    callbacks: Callbacks
    permissions: set[str] = field(default_factory=lambda: set(PERMISSIONS))
    bot_features: bool = True  # Manage - Messages - Bot settings: keyboards need it
    bot_in_chats: bool = True  # the same page: may be added to chats
    wall_docs: bool = True  # the community has a section of documents
    dialogs: dict[int, Dialog] = field(default_factory=dict)
    chats: dict[int, Chat] = field(default_factory=dict)
    relations: dict[int, Relation] = field(default_factory=dict)
    posts: dict[int, Post] = field(default_factory=dict)
    presses: dict[str, Press] = field(default_factory=dict)
    recent: deque[float] = field(default_factory=deque)  # calls of the last second
    counter: int = 0

    def dialog(self, peer: int) -> Dialog:
        """Return the dialog with a peer, an empty one when there was none."""
        return self.dialogs.setdefault(peer, Dialog(peer))

    def relation(self, user_id: int) -> Relation:
        """Return what a person allows this community."""
        return self.relations.setdefault(user_id, Relation())

    def next_number(self) -> int:
        """Return a new number for a post, a comment or a file."""
        self.counter += 1
        return self.counter


@dataclass(frozen=True)
class Access:
    """Whose token it is and of which kind: group, user or service."""

    community: Community
    kind: str


class World:
    """Everything that exists in the emulated VK."""

    def __init__(self, journal: Journal) -> None:
        self.journal = journal
        self.users: dict[int, User] = {}
        self.communities: dict[int, Community] = {}
        self.tokens: dict[str, Access] = {}
        self.media: dict[str, dict[str, Any]] = {}  # "photo-1_2" and what VK says of it
        self.sent: set[str] = set()  # attachments of people's messages
        self.uploads: dict[str, dict[str, Any]] = {}  # files that are not saved yet
        self.base_url = ""
        self._message_id = 0

    def add_community(
        self,
        group_id: int,
        token: str,
        name: str = "Кофейня",
        screen_name: str = "",
        events: list[str] | None = None,
        service_token: str = "",
    ) -> Community:
        """Register a community and its key; like in VK only message_new is on at first."""
        switched_on = {"message_new"} if events is None else set(events)
        unknown = switched_on - set(EVENT_TYPES) - {"all"}
        if unknown:
            raise ValueError(f"VK has no events {', '.join(sorted(unknown))}")
        types = {kind: bool({kind, "all"} & switched_on) for kind in EVENT_TYPES}
        screen = screen_name or f"club{group_id}"
        callbacks = Callbacks(group_id, EVENT_TYPES)
        longpoll = LongPoll(group_id, types, callbacks.hear)
        community = Community(group_id, name, screen, longpoll, callbacks)
        self.communities[group_id] = community
        self.tokens[token] = Access(community, "group")
        if service_token:
            self.tokens[service_token] = Access(community, "service")
        return community

    def add_user(self, user_id: int, **details: Any) -> User:
        """Register a person."""
        user = User(user_id, **details)
        user.screen_name = user.screen_name or f"id{user_id}"
        self.users[user_id] = user
        return user

    def next_message_id(self) -> int:
        """Return a new message id: VK counts all messages of all dialogs together."""
        self._message_id += 1
        return self._message_id

    def refusal_for(self, community: Community, peer: int) -> Refusal | None:
        """Return why the community cannot write to the peer, None when it can."""
        if peer >= CHATS:
            return self._refusal_for_chat(community, community.chats.get(peer))
        user, relation = self.users.get(peer), community.relations.get(peer, Relation())
        if user is not None and user.deactivated:
            return Refusal(18)
        if relation.blacklisted:
            return Refusal(900)
        if relation.private:
            return Refusal(902)
        # dev.vk.com community-messages: the user wrote first or pressed "allow";
        # a person VK never heard of is refused likewise
        return None if user is not None and relation.allowed else Refusal(901)

    def _refusal_for_chat(self, community: Community, chat: Chat | None) -> Refusal | None:
        if not community.bot_in_chats:
            return Refusal(912)
        if chat is None or not chat.bot_inside:
            return Refusal(917)
        return Refusal(945) if chat.disabled else None

    def deliver(self, community: Community, peer: int, sender: int, **content: Any) -> Message:
        """Put a message into the dialog and return it."""
        dialog = community.dialog(peer)
        message = Message(
            id=self.next_message_id(),
            cmid=len(dialog.messages) + 1,
            peer=peer,
            sender=sender,
            date=clock.now(),
            **content,
        )
        dialog.messages.append(message)
        return message

    def wire(self, message: Message) -> dict[str, Any]:
        """Return the message as VK writes it (schema: messages_message)."""
        written = {
            # in chats a bot sees no message ids, only conversation_message_id
            "id": 0 if message.peer >= CHATS else message.id,
            "date": int(message.date.timestamp()),
            "peer_id": message.peer,
            "from_id": message.sender,
            "text": message.text,
            "random_id": message.random_id,
            "attachments": [self.media_object(name) for name in message.attachments],
            "conversation_message_id": message.cmid,
            "fwd_messages": [],
            "important": False,
            "is_hidden": False,
            "out": int(message.out),
            "version": 10_000_000 + message.id,
            **message.extra,
        }
        if message.payload is not None:
            written["payload"] = message.payload
        if message.keyboard is not None:
            written["keyboard"] = {**message.keyboard, "author_id": message.sender}
        if message.edited is not None:
            written["update_time"] = int(message.edited.timestamp())
        return written

    def media_object(self, name: str) -> dict[str, Any]:
        """Return an attachment as it stands in a message."""
        kind = ATTACHMENT.match(name)["kind"]
        return {"type": kind, kind: self.media.get(bare(name), {})}


def bare(attachment: str) -> str:
    """Return the name of an attachment without its access key: photo-1_2_key is photo-1_2."""
    found = ATTACHMENT.match(attachment)
    return found["name"] if found else attachment
