"""Groups, supergroups, channels with discussion: how they come about and what happens there."""

import itertools
from typing import Any

from tests.emulators.telegram.entities import detect_entities
from tests.emulators.telegram.members import set_user_status, tell_bot_status
from tests.emulators.telegram.world import TELEGRAM_ID, Bot, Chat, Message, User, World

SUPERGROUP_BASE = -1_001_000_000_000
_TELEGRAM = {"id": TELEGRAM_ID, "is_bot": False, "first_name": "Telegram"}


def create_chat(
    world: World, kind: str, title: str, *, chat_id: int | None = None, username: str | None = None
) -> Chat:
    """Return a new group, supergroup or channel."""
    if kind not in ("group", "supergroup", "channel"):
        raise ValueError(f"there is no kind of chat {kind!r}")
    number = next(world.numbers)
    base = -5000 if kind == "group" else SUPERGROUP_BASE
    chat = Chat(chat_id or base - number, kind, itertools.count(1), title, username)
    world.chats[chat.id] = chat
    return chat


def link_discussion(channel: Chat, group: Chat) -> None:
    """Make the group the place where the channel's posts are discussed."""
    channel.linked, group.linked = group, channel


def add_bot(world: World, chat: Chat, bot: Bot, by: User, *, admin: bool = False) -> None:
    """Put the bot into the chat: it hears `my_chat_member` and, in groups, the service message."""
    old = chat.members.get(bot.id, "left")
    new = "administrator" if admin else "member"
    chat.members.setdefault(by.id, "creator")
    chat.members[bot.id] = new
    tell_bot_status(world, bot, chat, by.json(), old, new)
    if old in ("left", "kicked") and chat.type != "channel":
        hear(world, chat.add(by.json(), new_chat_members=[bot.json()]))


def remove_bot(world: World, chat: Chat, bot: Bot, by: User) -> None:
    """Throw the bot out of the chat."""
    old, chat.members[bot.id] = chat.members.get(bot.id, "left"), "kicked"
    tell_bot_status(world, bot, chat, by.json(), old, "kicked")


def join(world: World, chat: Chat, user: User) -> None:
    """Let the user enter the chat or subscribe to the channel."""
    set_user_status(world, chat, user.id, "member")


def leave(world: World, chat: Chat, user: User) -> None:
    """Let the user leave."""
    set_user_status(world, chat, user.id, "left")


def post(world: World, channel: Chat, text: str) -> Message:
    """Publish a post in the channel; it appears in the discussion group too."""
    message = channel.add(None, text=text, sender_chat=channel.json())
    if entities := detect_entities(text):
        message.content["entities"] = entities
    hear(world, message)
    forward_to_discussion(world, message)
    return message


def forward_to_discussion(world: World, message: Message) -> Message | None:
    """Return the copy of a channel post that Telegram puts into the discussion group.

    Message.is_automatic_forward: "True, if the message is a channel post that was automatically
    forwarded to the connected discussion group".
    """
    channel = message.chat
    if channel.type != "channel" or channel.linked is None:
        return None
    content = {
        name: value
        for name, value in message.content.items()
        if name in ("text", "caption", "entities", "caption_entities", *message.media)
    }
    copy = channel.linked.add(_TELEGRAM, **content)
    copy.content |= {
        "sender_chat": channel.json(),
        "is_automatic_forward": True,
        "forward_origin": {
            "type": "channel",
            "date": message.date,
            "chat": channel.json(),
            "message_id": message.id,
        },
    }
    hear(world, copy)
    return copy


def discussed(message: Message) -> Message:
    """Return the automatic copy of a channel post."""
    group = message.chat.linked
    if group is None:
        raise LookupError("the channel has no discussion group")
    for copy in group.messages.values():
        if copy.content.get("forward_origin", {}).get("message_id") == message.id:
            return copy
    raise LookupError(f"the post {message.id} was not forwarded")


def migrate(world: World, group: Chat) -> Chat:
    """Turn a group into a supergroup: a new id, and the old one refuses messages."""
    new = create_chat(world, "supergroup", group.title, username=group.username)
    new.members = dict(group.members)
    group.moved_to = new.id
    hear(world, group.add(None, migrate_to_chat_id=new.id))
    hear(world, new.add(None, migrate_from_chat_id=group.id))
    return new


def hear(world: World, message: Message) -> None:
    """Tell the bots of the chat about a message, as far as privacy mode lets them hear it."""
    kind = "channel_post" if message.chat.type == "channel" else "message"
    body: dict[str, Any] | None = None
    for bot in world.bots.values():
        if _hears(bot, message):
            body = body or message.json()
            world.tell(bot, kind, body)


def _hears(bot: Bot, message: Message) -> bool:
    """Tell whether the bot receives the message.

    Privacy mode (features#privacy-mode): commands, replies to the bot, service messages and
    everything when the bot is an administrator.
    """
    chat = message.chat
    if chat.private:
        return bot.chats.get(chat.id) is chat
    status = chat.members.get(bot.id)
    if chat.type == "channel" or status in (None, "left", "kicked"):
        return status == "administrator"
    if bot.reads_all or status == "administrator":
        return True
    text = message.text
    reply = message.reply_to
    return (
        not (text or message.media)
        or text.startswith("/")
        or f"@{bot.username}".lower() in text.lower()
        or (reply is not None and reply.by_bot == bot.id)
    )
