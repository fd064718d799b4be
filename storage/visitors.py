"""Visitors of the web chat: the hash of a cookie's key, and the identity since their first word."""

from sqlalchemy import select, update
from sqlalchemy.sql import Executable

from storage import rows
from storage.rows import Rows
from storage.tables import web_visitors
from storage.work import Do, Work


def add(new: Rows) -> Work:
    """Stores visitors. Keys: key_hash, bot_id, created_us."""
    return [rows.add_new(web_visitors, new, "key_hash")]


def find(key_hash: bytes) -> Executable:
    """The visitor of a key's hash."""
    return select(web_visitors).where(web_visitors.c.key_hash == key_hash)


def meet(key_hash: bytes, identity_id: int) -> Work:
    """Gives a visitor who spoke an identity; `Conflict` if there is one already."""
    new = update(web_visitors).where(web_visitors.c.key_hash == key_hash)
    stranger = new.where(web_visitors.c.identity_id.is_(None))
    return [Do(stranger.values(identity_id=identity_id), expect=1)]
