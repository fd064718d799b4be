"""What VK's error codes mean, in the words of bots.channel: https://dev.vk.com/reference/errors."""

from __future__ import annotations

from datetime import timedelta

from bots.channel import BotHalted, CallFailed, MessageRejected, PersonUnreachable, TryLater

_LATER: dict[int, tuple[str, timedelta | None, bool]] = {
    # reason, how long (None: ever longer), the whole bot or this chat
    1: ("VK had an unknown error", None, False),
    6: ("too many requests", timedelta(seconds=1), True),
    9: ("flood control of this chat", timedelta(minutes=5), False),
    10: ("VK had an internal error", None, False),
    29: ("the day's limit of this method", timedelta(hours=1), True),
    105: ("the upload was lost", None, False),
    118: ("the upload was lost", None, False),
    121: ("the upload was lost", None, False),
}
_HALTED: dict[int, str] = {
    5: "VK does not accept the key",
    14: "VK wants a captcha: a person must open the community's settings",
    17: "VK wants the owner to confirm the account",
    27: "VK does not accept the community's key",
    28: "VK does not accept the service key",
    912: "the community's bot features are off: Manage, Messages, Bot settings",
    1117: "the key has expired",
}
_UNREACHABLE: dict[int, str] = {
    18: "the account is deleted or banned",
    113: "there is no such account",
    900: "the person is in the community's blacklist",
    901: "the person does not allow messages",
    902: "the person's privacy settings forbid it",
    917: "the bot is not in this chat",
    922: "the community has left this chat",
    927: "there is no such chat",
    936: "there is no such contact",
    945: "the chat is closed",
    983: "the bot may not write to this chat",
    1012: "writing is switched off in this chat",
    1021: "there is no such conversation",
}
_REJECTED: dict[int, str] = {
    3: "VK knows no such method",
    7: "the key has no right to do this",
    8: "VK does not understand the request",
    15: "access denied",
    100: "VK finds a parameter wrong",
    129: "VK does not take this picture",
    909: "the message is too old to be edited",
    911: "VK finds the keyboard wrong",
    913: "too many messages are forwarded at once",
    914: "the message is too long",
    920: "VK does not let this message be edited",
    921: "these messages cannot be forwarded",
    924: "the message cannot be deleted for everybody",
    925: "the bot is no administrator of this chat",
    940: "the post cannot be sent",
    943: "the intent cannot be used",
    944: "the intent is over its limit",
    946: "this kind of chat is not supported",
    950: "the time to answer is over",
    962: "the chat is for those who support the community",
    969: "the message cannot be forwarded",
    979: "an app's action cannot be shown to a community",
    980: "VK does not take this message",
    984: "VK holds the message for spam",
}
_PARAMETER = 100


class FileRefused(MessageRejected):
    """VK does not know an attachment any more: it is to be uploaded again."""


def failure(code: int, words: str = "") -> CallFailed:
    """The decision that the code asks for; an unknown one rejects the message.

    VK's own words are read and left out: they may repeat what a person wrote.
    """
    if code == _PARAMETER and "attachment" in words:
        return FileRefused(f"VK does not know the attachment ({code})")
    if code in _LATER:
        reason, wait, whole_bot = _LATER[code]
        return TryLater(f"{reason} ({code})", wait, whole_bot=whole_bot)
    if code in _HALTED:
        return BotHalted(f"{_HALTED[code]} ({code})")
    if code in _UNREACHABLE:
        return PersonUnreachable(f"{_UNREACHABLE[code]} ({code})")
    return MessageRejected(f"{_REJECTED.get(code, 'VK refuses')} ({code})")
