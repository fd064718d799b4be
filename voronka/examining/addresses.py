"""Addresses that people are sent to: our own and those of the documents; they only warn."""

from __future__ import annotations

import asyncio
from urllib.parse import urlsplit

from aiohttp import ClientError, ClientSession, ClientTimeout

from flows.project import Project
from voronka.examining.lines import Line, fine

_MEND_OURS = (
    "Запущена ли Воронка, ведёт ли на неё прокси (docs/operations.md)?",
    "Does Voronka run, and does the proxy lead to it (docs/operations.en.md)?",
)
_MEND_THEIRS = ("Исправьте url документа.", "Mend the document's url.")


async def examine(project: Project, seconds: float = 5) -> list[Line]:
    """What the addresses answered."""
    asked = []
    if project.public_url:
        health = f"{project.public_url.rstrip('/')}/healthz"
        asked.append(("public_url", health, _MEND_OURS))
    for name, document in project.documents.items():
        if document.url:
            asked.append((f"documents → {name}", document.url, _MEND_THEIRS))
    async with ClientSession(timeout=ClientTimeout(total=seconds)) as session:
        looks = (_look(session, name, url, mend) for name, url, mend in asked)
        return list(await asyncio.gather(*looks))


async def _look(session: ClientSession, name: str, url: str, mend: tuple[str, str]) -> Line:
    host = urlsplit(url).hostname or "?"
    try:
        async with session.get(url) as answer:
            status = answer.status
    except (ClientError, TimeoutError, ValueError, OSError) as error:
        why = type(error).__name__
        return Line(
            "warning",
            f"{name}: {host} не отвечает ({why})",
            f"{name}: {host} is silent ({why})",
            *mend,
        )
    if status < 400:
        return fine(f"{name}: {host} отвечает", f"{name}: {host} answers")
    return Line(
        "warning", f"{name}: {host} ответил {status}", f"{name}: {host} answered {status}", *mend
    )
