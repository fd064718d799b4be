"""Who a visitor is: a key in a cookie, its hash in the database, a person since the first word."""

from __future__ import annotations

import hashlib
import re
import secrets
from contextlib import suppress
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response

from storage import people, visitors
from storage.work import Conflict, Database

_KEY = re.compile(r"[A-Za-z0-9_-]{22}")
_KEY_BYTES = 16
_NAME_BYTES = 16
_YEAR_SECONDS = 365 * 24 * 3600


@dataclass(frozen=True, slots=True)
class Visitor:
    """A browser that has opened a bot's chat.

    ``name`` is their id as a sender and as a chat: half of the key's hash, so neither the database
    nor a log can open the conversation.
    """

    key_hash: bytes
    identity_id: int | None = None

    @property
    def name(self) -> str:
        """The visitor's id in the channel."""
        return self.key_hash[:_NAME_BYTES].hex()


def cookie_name(bot: str) -> str:
    """The cookie of one bot's chat."""
    return f"voronka_{bot}"


def new_key() -> str:
    """128 random bits for a cookie."""
    return secrets.token_urlsafe(_KEY_BYTES)


def set_cookie(response: Response, bot: str, key: str, *, secure: bool) -> None:
    """Give the key to the browser: only the server reads it, only under this bot's pages."""
    response.set_cookie(
        cookie_name(bot),
        key,
        max_age=_YEAR_SECONDS,
        path=f"/chat/{bot}",
        secure=secure,
        httponly=True,
        samesite="lax",
    )


class Visitors:
    """The visitors of all chats."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def of(self, request: Request, bot: str, bot_id: int) -> Visitor | None:
        """The visitor whose cookie came with the request; None when the key is not known here."""
        key = request.cookies.get(cookie_name(bot), "")
        if not _KEY.fullmatch(key):
            return None
        key_hash = _hash(key)
        found = await self._database.fetch(visitors.find(key_hash))
        if not found or found[0].bot_id != bot_id:
            return None
        return Visitor(key_hash, found[0].identity_id)

    async def welcome(self, bot_id: int, now_us: int) -> str:
        """The key of a visitor who has just come; nobody is a person yet."""
        key = new_key()
        row = {"key_hash": _hash(key), "bot_id": bot_id, "created_us": now_us}
        await self._database.commit(visitors.add([row]))
        return key

    async def identity(self, visitor: Visitor, bot_id: int) -> int | None:
        """The identity of a visitor who has spoken; remembered at the first look."""
        if visitor.identity_id is not None:
            return visitor.identity_id
        found = await self._database.fetch(people.known(bot_id, [visitor.name]))
        if not found:
            return None
        identity_id = int(found[0].id)
        with suppress(Conflict):  # another tab was faster
            await self._database.commit(visitors.meet(visitor.key_hash, identity_id))
        return identity_id


def _hash(key: str) -> bytes:
    return hashlib.sha256(key.encode()).digest()
