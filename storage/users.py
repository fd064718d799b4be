"""Users of the desk and their sessions."""

from sqlalchemy import delete, select, update
from sqlalchemy.sql import Executable

from storage import rows
from storage.rows import Rows
from storage.tables import sessions, users
from storage.work import Do, Work


def put(known: Rows) -> Work:
    """Stores users by name. Keys: name, role; may have hash (of the password), identity_id."""
    return [rows.put(users, known, ("name",), ("role", "hash", "identity_id"))]


def named(name: str) -> Executable:
    """The user of a name."""
    return select(users).where(users.c.name == name)


def of_identity(identity_id: int) -> Executable:
    """The user who writes to a bot under this identity."""
    return select(users).where(users.c.identity_id == identity_id)


def every() -> Executable:
    """All users, by name."""
    return select(users).order_by(users.c.name)


def forget(user_id: int) -> Work:
    """Deletes a user and all sessions."""
    return [*end_sessions(user_id), Do(delete(users).where(users.c.id == user_id), expect=1)]


def open_session(token_hash: bytes, user_id: int, now_us: int, ends_us: int) -> Work:
    """Stores a session under the hash of its token."""
    row = {"token_hash": token_hash, "user_id": user_id, "seen_us": now_us, "ends_us": ends_us}
    return [rows.add(sessions, [row])]


def session(token_hash: bytes, now_us: int) -> Executable:
    """The user of a living session. Columns: the user's, seen_us, ends_us."""
    joined = select(users, sessions.c.seen_us, sessions.c.ends_us)
    joined = joined.join(sessions, sessions.c.user_id == users.c.id)
    return joined.where(sessions.c.token_hash == token_hash, sessions.c.ends_us > now_us)


def see_session(token_hash: bytes, now_us: int) -> Work:
    """Remembers when a session was used last."""
    same = update(sessions).where(sessions.c.token_hash == token_hash)
    return [Do(same.values(seen_us=now_us))]


def end_session(token_hash: bytes) -> Work:
    """Deletes one session."""
    return [rows.drop(sessions, [{"token_hash": token_hash}])]


def end_sessions(user_id: int) -> Work:
    """Deletes all sessions of a user."""
    return [rows.drop(sessions, [{"user_id": user_id}])]


def forget_ended(now_us: int) -> Work:
    """Deletes the sessions that are over."""
    return [Do(delete(sessions).where(sessions.c.ends_us <= now_us))]
