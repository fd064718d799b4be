"""``member``: what Telegram tells of a person's place in a channel or a group."""

from __future__ import annotations

from typing import Any

from aiogram.methods import GetChatMember

from bots.channel import CallFailed

_INSIDE = frozenset({"creator", "administrator", "member"})
_STRANGER = ("user not found", "participant_id_invalid", "user_id_invalid")
"""What the Bot API answers about somebody whom the channel has never seen."""


def question(channel: str, sender: str) -> GetChatMember:
    """The method to ask with; a channel without a number is meant by its name."""
    is_number = channel.lstrip("-").isdecimal()
    chat: int | str = int(channel) if is_number else f"@{channel.removeprefix('@')}"
    return GetChatMember(chat_id=chat, user_id=int(sender))


def is_inside(member: Any) -> bool:
    """Whether the ``ChatMember`` is one who reads the channel.

    It comes as JSON when Telegram's shape is newer than aiogram's.
    """
    told = member if isinstance(member, dict) else vars(member)
    return told.get("status") in _INSIDE or bool(told.get("is_member"))


def is_stranger(failed: CallFailed) -> bool:
    """Whether the refusal says that the person is not there."""
    words = str(failed).lower()
    return any(sign in words for sign in _STRANGER)
