"""Which of a person's files go to a team, and what the call that passes one on needs to know."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from bots.house import Station
from bots.turns import Played
from flows.sent import Kept


def fresh_files(told: dict[str, Any], files: Sequence[Kept]) -> list[Kept]:
    """The lead's files that were not passed on before; from now on ``told`` knows them."""
    known = set(told.get("passed", ()))
    fresh = [file for file in files if file["ref"] not in known]
    told["passed"] = [*told.get("passed", ()), *(file["ref"] for file in fresh)]
    return fresh


def passed_file(
    played: Played, home: Station, speaker: Station, file: Kept
) -> dict[str, str] | None:
    """What the call of the speaker's bot needs of the file; None when that bot cannot have it.

    A messenger gives a file only to the bot that was sent it; what came by the web chat lies with
    us and can go anywhere.
    """
    needed = {"kind": file["kind"], "ref": file["ref"], "name": file["name"]}
    if file["bot"] != home.bundle.bot:
        return None
    if file["channel"] == "web" and played.identity is not None:
        return {**needed, "owner": str(played.identity.external_id)}
    return needed if speaker.id == home.id else None
