"""What people and the owner of a community do: write, press, allow, comment, switch settings."""

import json
import secrets
from typing import Any

from tests.emulators import clock
from tests.emulators.vk import screen
from tests.emulators.vk.sending import show_keyboard
from tests.emulators.vk.walls import add_comment
from tests.emulators.vk.world import CHATS, Chat, Community, Message, Post, Press, World

CLIENT = {  # schema: callback_info_for_bots
    "button_actions": ["text", "vkpay", "open_app", "location", "open_link", "callback"],
    "keyboard": True,
    "inline_keyboard": True,
    "carousel": True,
    "lang_id": 0,
}


class Impossible(Exception):
    """A person cannot do that: there is no such button, dialog, post or person."""


class People:
    """The actions of people; every method is an action of the control API as well."""

    def __init__(self, world: World) -> None:
        self._world = world

    def _community(self, group_id: int) -> Community:
        try:
            return self._world.communities[group_id]
        except KeyError:
            raise Impossible(f"there is no community {group_id}") from None

    def write(
        self,
        group_id: int,
        user_id: int,
        text: str = "",
        peer_id: int | None = None,
        payload: Any = None,
        attachments: list[str] | None = None,
        geo: dict[str, Any] | None = None,
        reply_to: int = 0,
    ) -> int:
        """Return the conversation_message_id of a message from a person, maybe in a chat.

        `reply_to` is the number in the conversation of the message that it answers.
        """
        community, peer = self._community(group_id), peer_id or user_id
        self._check_place(community, user_id, peer)
        relation = community.relation(user_id)
        extra: dict[str, Any] = {"geo": geo} if geo else {}
        if reply_to:
            extra["reply_message"] = self._answered(community, peer, reply_to)
        if peer < CHATS:
            relation.allowed = True  # dev.vk.com community-messages: writing is consent
            if relation.ref is not None:  # only on the first message after the click
                extra |= {"ref": relation.ref, "ref_source": relation.ref_source or ""}
                relation.ref = relation.ref_source = None
        written = payload if payload is None or isinstance(payload, str) else _json(payload)
        content = {"text": text, "payload": written, "attachments": attachments or []}
        message = self._world.deliver(community, peer, user_id, **content, extra=extra)
        self._produce_message(community, message)
        return message.cmid

    def _answered(self, community: Community, peer: int, cmid: int) -> dict[str, Any]:
        """Return the message as it stands inside its answer (schema: messages_foreign_message)."""
        message = community.dialog(peer).message(cmid)
        if message is None:
            raise Impossible(f"there is no message {cmid} in dialog {peer}")
        whole = self._world.wire(message)
        shown = (
            "date",
            "from_id",
            "text",
            "attachments",
            "conversation_message_id",
            "id",
            "peer_id",
        )
        return {name: whole[name] for name in shown}

    def send_file(
        self, group_id: int, user_id: int, kind: str = "photo", name: str = "", text: str = ""
    ) -> int:
        """Return the cmid of a message with a file: photo, doc, audio_message or video."""
        attachment = f"{kind}{user_id}_{self._world.next_message_id()}"
        made = {"date": int(clock.now().timestamp()), **_sent(kind, name)}
        self._world.media[attachment] = {**_ids(attachment), "access_key": "k3y", **made}
        self._world.sent.add(attachment)
        return self.write(group_id, user_id, text, attachments=[attachment])

    def send_location(
        self, group_id: int, user_id: int, latitude: float, longitude: float, title: str = ""
    ) -> int:
        """Return the cmid of a message with a place (schema: base_geo)."""
        point = {"latitude": latitude, "longitude": longitude}
        place = {"place": {"title": title}} if title else {}
        geo = {"type": "point", "coordinates": point, **place}
        return self.write(group_id, user_id, geo=geo)

    def _check_place(self, community: Community, user_id: int, peer: int) -> None:
        user = self._world.users.get(user_id)
        if user is None or user.deactivated:
            raise Impossible(f"there is no person {user_id}")
        if community.relation(user_id).blacklisted:
            raise Impossible(f"{user_id} is in the blacklist of {community.id}")
        if peer >= CHATS:
            chat = community.chats.get(peer)
            if chat is None or user_id not in chat.members or not chat.bot_inside:
                raise Impossible(f"{user_id} and the bot are not together in chat {peer}")

    def _produce_message(self, community: Community, message: Message) -> None:
        content = {"message": self._world.wire(message), "client_info": CLIENT}
        community.longpoll.produce("message_new", content)

    def start(self, group_id: int, user_id: int) -> int:
        """Return the cmid of the message that the Start button sends (dev.vk.com keyboard)."""
        return self.write(group_id, user_id, "Начать", payload={"command": "start"})

    def open_link(
        self, group_id: int, user_id: int, ref: str, ref_source: str | None = None
    ) -> None:
        """Follow vk.me/<community>?ref=…: the next message carries it."""
        relation = self._community(group_id).relation(user_id)
        relation.ref, relation.ref_source = ref, ref_source

    def press(
        self,
        group_id: int,
        user_id: int,
        label: str,
        peer_id: int | None = None,
        cmid: int | None = None,
    ) -> dict[str, Any]:
        """Return what pressing the button did, on the newest message that has it."""
        community, peer = self._community(group_id), peer_id or user_id
        self._check_place(community, user_id, peer)
        found = screen.find_button(community.dialog(peer), label, cmid)
        if found is None:
            seen = ", ".join(screen.labels(community.dialog(peer))) or "no buttons"
            raise Impossible(f"no button {label!r} in dialog {peer}; there are: {seen}")
        message, action = found
        done = {"type": action["type"], "conversation_message_id": message.cmid}
        if action["type"] == "callback":
            return {**done, "event_id": self._press_callback(community, user_id, message, action)}
        if action["type"] in {"text", "location"}:
            return {**done, "written": self._press_text(community, user_id, message, action)}
        return {**done, **{k: v for k, v in action.items() if k in {"link", "hash", "app_id"}}}

    def _press_text(
        self, community: Community, user_id: int, message: Message, action: dict[str, Any]
    ) -> int:
        board, dialog = message.keyboard or {}, community.dialog(message.peer)
        if board.get("one_time"):
            dialog.board = None
        text = action.get("label", "")
        if message.peer >= CHATS:  # VK puts a mention of the community before the label
            text = f"[club{community.id}|@{community.screen_name}] {text}"
        place = {"type": "point", "coordinates": {"latitude": 55.75, "longitude": 37.62}}
        geo = place if action["type"] == "location" else None
        payload = action.get("payload")
        return self.write(community.id, user_id, text, message.peer, payload, geo=geo)

    def _press_callback(
        self, community: Community, user_id: int, message: Message, action: dict[str, Any]
    ) -> str:
        event_id = secrets.token_hex(6)
        community.presses[event_id] = Press(user_id, message.peer, clock.now())
        content = {
            "user_id": user_id,
            "peer_id": message.peer,
            "event_id": event_id,
            "payload": json.loads(action.get("payload") or "{}"),  # VK sends an object
        }
        if message.keyboard is None or message.keyboard["inline"]:
            content["conversation_message_id"] = message.cmid
        community.longpoll.produce("message_event", content)
        return event_id

    def allow(self, group_id: int, user_id: int, key: str = "") -> None:
        """Allow messages (VKWebAppAllowMessagesFromGroup, the widget)."""
        community = self._community(group_id)
        community.relation(user_id).allowed = True
        community.longpoll.produce("message_allow", {"user_id": user_id, "key": key})

    def deny(self, group_id: int, user_id: int) -> None:
        """Forbid messages."""
        community = self._community(group_id)
        community.relation(user_id).allowed = False
        community.longpoll.produce("message_deny", {"user_id": user_id})

    def join(self, group_id: int, user_id: int) -> None:
        """Become a member of the community."""
        community = self._community(group_id)
        community.relation(user_id).member = True
        community.longpoll.produce("group_join", {"user_id": user_id, "join_type": "join"})

    def leave(self, group_id: int, user_id: int) -> None:
        """Leave the community."""
        community = self._community(group_id)
        community.relation(user_id).member = False
        community.longpoll.produce("group_leave", {"user_id": user_id, "self": 1})

    def set_relation(self, group_id: int, user_id: int, **flags: bool) -> None:
        """Set `allowed`, `blacklisted` or `private` without an event."""
        relation = self._community(group_id).relation(user_id)
        _assign(relation, flags, {"allowed", "blacklisted", "private"})

    def deactivate(self, user_id: int, kind: str = "deleted") -> None:
        """Delete or ban a person."""
        self._world.users[user_id].deactivated = kind

    def comment(
        self, group_id: int, user_id: int, post_id: int, text: str, reply_to_comment: int = 0
    ) -> int:
        """Return the id of a person's comment under a post."""
        community = self._community(group_id)
        if post_id not in community.posts:
            raise Impossible(f"there is no post {post_id}")
        post = community.posts[post_id]
        return add_comment(community, post, user_id, text, reply_to_comment)

    def screen(self, group_id: int, peer_id: int) -> dict[str, Any]:
        """Return what is seen in the dialog: messages, their buttons, the keyboard below."""
        return screen.view(self._community(group_id).dialog(peer_id))

    def add_post(self, group_id: int, text: str = "", comments_open: bool = True) -> int:
        """Return the number of a new post on the community's wall."""
        community = self._community(group_id)
        number = community.next_number()
        community.posts[number] = Post(number, text, comments_open)
        return number

    def add_chat(self, group_id: int, members: list[int], title: str = "Беседа") -> int:
        """Return the peer_id of a new chat with the community's bot in it."""
        community = self._community(group_id)
        peer = CHATS + len(community.chats) + 1
        community.chats[peer] = Chat(peer, title, list(members))
        return peer

    def set_chat(self, group_id: int, peer_id: int, **flags: bool) -> None:
        """Set `bot_inside` (False: removed from the chat) or `disabled`."""
        chat = self._community(group_id).chats[peer_id]
        _assign(chat, flags, {"bot_inside", "disabled"})

    def set_community(
        self, group_id: int, permissions: list[str] | None = None, **flags: bool
    ) -> None:
        """Set `bot_features`, `bot_in_chats`, `wall_docs` or the rights of the key."""
        community = self._community(group_id)
        if permissions is not None:
            community.permissions = set(permissions)
        _assign(community, flags, {"bot_features", "bot_in_chats", "wall_docs"})

    def add_media(self, name: str) -> None:
        """Make an attachment exist that was not uploaded through the API, as "video-1_2"."""
        self._world.media[name] = _ids(name)

    def hide_keyboard(self, group_id: int, peer_id: int) -> None:
        """Clear the dialog's keyboard, as clearing the history does."""
        community = self._community(group_id)
        empty = {"inline": False, "one_time": False, "buttons": []}
        cleared = Message(0, 0, peer_id, -group_id, "", clock.now(), keyboard=empty)
        show_keyboard(community.dialog(peer_id), cleared)

    def set_long_poll(
        self, group_id: int, enabled: bool | None = None, events: list[str] | None = None
    ) -> None:
        """Switch the long poll and its events in the community's settings."""
        polled = self._community(group_id).longpoll
        polled.enabled = polled.enabled if enabled is None else enabled
        for kind in polled.types if events is not None else ():
            polled.types[kind] = kind in events or "all" in events

    def expire_key(self, group_id: int) -> None:
        """Let the long poll's key expire: failed 2."""
        self._community(group_id).longpoll.expire_key()

    def forget_events(self, group_id: int) -> None:
        """Let the long poll lose its past events: failed 1 for whoever is behind."""
        self._community(group_id).longpoll.forget()

    def repeat_event(self, group_id: int) -> str:
        """Return the event_id of the newest event, sent once more (callback.json warns of it)."""
        polled = self._community(group_id).longpoll
        return polled.repeat(polled.last_event)["event_id"]


def _ids(attachment: str) -> dict[str, Any]:
    owner, _, number = attachment.lstrip("abcdefghijklmnopqrstuvwxyz_").partition("_")
    return {"owner_id": int(owner), "id": int(number)}


def _sent(kind: str, name: str) -> dict[str, Any]:
    """What the schema's objects of the kind hold beside their ids and key."""
    url = f"https://vk.com/{kind}"
    if kind == "photo":
        sizes = [("s", 75, 56), ("x", 604, 453)]
        shown = [{"type": t, "width": w, "height": h, "url": url} for t, w, h in sizes]
        return {"sizes": shown, "text": "", "album_id": -15}
    if kind == "audio_message":
        return {"duration": 1, "waveform": [], "link_mp3": url, "link_ogg": url}
    if kind == "video":
        return {"title": name, "duration": 3}
    extension = name.rpartition(".")[2]
    return {"title": name, "ext": extension, "size": 1024, "url": url, "type": 1}


def _json(payload: Any) -> str:
    return json.dumps(payload, ensure_ascii=False, separators=(",", ":"))


def _assign(target: Any, flags: dict[str, bool], allowed: set[str]) -> None:
    for name, value in flags.items():
        if name not in allowed:
            raise Impossible(f"{name} cannot be set; {', '.join(sorted(allowed))} can")
        setattr(target, name, value)
