"""A life that plays one person's whole way on paper messengers, with or without a planted bug."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from storage import crash
from storage.sqlite import SqliteDatabase
from storage.tables import inbox
from storage.work import Work
from tests.bots.crash_play import play
from tests.bots.runtime import loaded


async def live(folder: str, url: str, bug: str = "") -> dict[str, Any]:
    """What :func:`tests.bots.crash_play.play` tells."""
    if bug:
        BUGS[bug]()
    return await play(Path(folder), url)


def _read_before_played() -> None:
    """An event counts as read before what came of it is stored."""
    commit = SqliteDatabase.commit

    async def torn(self: SqliteDatabase, work: Work) -> None:
        if work and getattr(work[-1].statement, "table", None) is inbox and len(work) > 1:
            await commit(self, work[-1:])
            crash.point("planted")
            work = work[:-1]
        await commit(self, work)

    SqliteDatabase.commit = torn  # type: ignore[method-assign]


BUGS = {"read before played": _read_before_played}
loaded()  # before the forks, once for all of them
