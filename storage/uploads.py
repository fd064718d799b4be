"""Uploads: what a bot has sent to its channel once and may name again."""

from sqlalchemy import select
from sqlalchemy.sql import Executable

from storage import rows
from storage.rows import Rows
from storage.tables import uploads
from storage.work import Work

UNIQUE = ("bot_id", "sha256", "kind")


def put(done: Rows) -> Work:
    """Remembers uploads. Keys: bot_id, sha256, kind, file_ref."""
    return [rows.put(uploads, done, UNIQUE, ("file_ref",))]


def find(bot_id: int, sha256: str, kind: str) -> Executable:
    """One row with `file_ref`, or none."""
    same = (uploads.c.bot_id == bot_id, uploads.c.sha256 == sha256, uploads.c.kind == kind)
    return select(uploads).where(*same)
