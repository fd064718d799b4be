"""Membership: ChatMember objects and the updates about their changes."""

from typing import Any

from tests.emulators.clock import timestamp
from tests.emulators.telegram.world import Bot, Chat, World

_RIGHTS = (
    "can_manage_chat",
    "can_delete_messages",
    "can_manage_video_chats",
    "can_restrict_members",
    "can_promote_members",
    "can_change_info",
    "can_invite_users",
    "can_post_stories",
    "can_edit_stories",
    "can_delete_stories",
    "can_post_messages",
    "can_edit_messages",
    "can_pin_messages",
)


def chat_member(status: str, account: dict[str, Any]) -> dict[str, Any]:
    """Return a ChatMember object with the fields its status demands."""
    member: dict[str, Any] = {"status": status, "user": account}
    if status == "kicked":
        member["until_date"] = 0
    elif status == "creator":
        member["is_anonymous"] = False
    elif status == "administrator":
        member["can_be_edited"] = False
        member |= dict.fromkeys(_RIGHTS, True) | {"is_anonymous": False}
    return member


def _change(
    chat: Chat, actor: dict[str, Any], account: dict[str, Any], old: str, new: str
) -> dict[str, Any]:
    return {
        "chat": chat.json(),
        "from": actor,
        "date": timestamp(),
        "old_chat_member": chat_member(old, account),
        "new_chat_member": chat_member(new, account),
    }


def tell_bot_status(
    world: World, bot: Bot, chat: Chat, actor: dict[str, Any], old: str, new: str
) -> None:
    """Tell the bot that its own status changed; in private chats: blocked or unblocked.

    "For private chats, this update is received only when the bot is blocked or unblocked".
    """
    world.tell(bot, "my_chat_member", _change(chat, actor, bot.json(), old, new))


def set_user_status(world: World, chat: Chat, user_id: int, new: str) -> None:
    """Change a user's status in a group or a channel; administrators among the bots hear of it.

    "chat_member: The bot must be an administrator in the chat".
    """
    old = chat.members.get(user_id, "left")
    chat.members[user_id] = new
    account = world.users[user_id].json()
    for bot in world.bots.values():
        if chat.members.get(bot.id) == "administrator":
            world.tell(bot, "chat_member", _change(chat, account, account, old, new))
