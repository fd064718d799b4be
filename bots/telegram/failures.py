"""What Telegram's refusals and broken connections mean, in the words of bots.channel.

The Bot API names most errors only by an English sentence; this is the one place that reads them.
Texts handed on hold no token (it stands in the URL) and nothing that a person wrote.
"""

from __future__ import annotations

import re
from datetime import timedelta

from aiogram.exceptions import (
    ClientDecodeError,
    TelegramAPIError,
    TelegramBadRequest,
    TelegramConflictError,
    TelegramEntityTooLarge,
    TelegramForbiddenError,
    TelegramMigrateToChat,
    TelegramNetworkError,
    TelegramNotFound,
    TelegramRetryAfter,
    TelegramServerError,
    TelegramUnauthorizedError,
)

from bots.channel import (
    BotHalted,
    CallFailed,
    ChatMoved,
    Conflict,
    Doubtful,
    MessageRejected,
    PersonUnreachable,
    TryLater,
)
from bots.connections import broken
from flows.redaction import masked


class MarkupRefused(MessageRejected):
    """Telegram cannot parse the formatting: the same words may go as plain text."""


class FileRefused(MessageRejected):
    """Telegram does not know the file any more: it is to be uploaded again."""


class Unchanged(MessageRejected):
    """The message looks so already."""


class Expired(MessageRejected):
    """The press is too old to be answered."""


_BAD_REQUESTS: tuple[tuple[str, type[CallFailed]], ...] = (
    ("can't parse entities", MarkupRefused),
    ("message is not modified", Unchanged),
    ("query is too old", Expired),
    ("query id is invalid", Expired),
    ("file identifier", FileRefused),
    ("file_reference", FileRefused),
    ("file_id", FileRefused),
    ("chat not found", PersonUnreachable),
    ("user not found", PersonUnreachable),
    ("peer_id_invalid", PersonUnreachable),
    ("user_is_blocked", PersonUnreachable),
    ("input_user_deactivated", PersonUnreachable),
    ("have no rights to send", PersonUnreachable),
    ("not enough rights to send", PersonUnreachable),
    ("chat_write_forbidden", PersonUnreachable),
)
_BY_TYPE: tuple[tuple[type[TelegramAPIError], type[CallFailed]], ...] = (
    (TelegramForbiddenError, PersonUnreachable),
    (TelegramUnauthorizedError, BotHalted),
    (TelegramNotFound, BotHalted),  # what a mistyped token gets
    (TelegramConflictError, Conflict),
    (TelegramServerError, TryLater),
)
_QUOTED = re.compile(
    r'"[^"]*"' r"|«[^»]*»|(?<!\w)'[^']*'(?!\w)|https?://\S+|[^\x00-\x7f]+",
)
"""What is not Telegram's own English: an address, a tag, a name that it found wrong."""
_REASON_LENGTH = 120


def failure(error: Exception) -> CallFailed:
    """The decision that the error asks for; anything unforeseen counts as perhaps delivered."""
    if isinstance(error, ClientDecodeError):
        return Doubtful("the answer could not be read")
    if isinstance(error, TelegramEntityTooLarge):  # a network error to aiogram
        return MessageRejected("the file is too large")
    if isinstance(error, TelegramNetworkError):
        return broken(error.__cause__)
    return _answered(error) if isinstance(error, TelegramAPIError) else broken(error)


def _refused(description: str) -> CallFailed:
    words = description.lower()
    known = next((kind for sign, kind in _BAD_REQUESTS if sign in words), MessageRejected)
    return known(_reason(description))


def _answered(error: TelegramAPIError) -> CallFailed:
    if isinstance(error, TelegramRetryAfter):
        return TryLater("too many requests", timedelta(seconds=error.retry_after))
    if isinstance(error, TelegramMigrateToChat):
        return ChatMoved(str(error.migrate_to_chat_id))
    if isinstance(error, TelegramBadRequest):
        return _refused(error.message)
    if "too many requests" in error.message.lower():
        return TryLater("too many requests", timedelta(seconds=1))
    kind = next((kind for type_, kind in _BY_TYPE if isinstance(error, type_)), MessageRejected)
    return kind(_reason(error.message))


def _reason(description: str) -> str:
    return masked(_QUOTED.sub("…", description))[:_REASON_LENGTH]
