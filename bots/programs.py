"""Programs on the shelf: which row a program is, and older ones read again from their text."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from flows.program import Bundle, Program
from storage import documents, programs
from storage.work import Database

Read = Callable[[str, str], Program | None]
"""Makes a program of a funnel's name and stored text; None when it cannot be read any more."""


class Shelf:
    """Knows the rows of programs and documents by what names them."""

    def __init__(self, database: Database, read: Read) -> None:
        self._database = database
        self._read = read
        self._programs: dict[tuple[str, str], int] = {}
        self._documents: dict[tuple[str, str], int] = {}

    async def stock(self, bundle: Bundle, texts: Mapping[str, str], now_us: int) -> None:
        """Store the bundle's programs and documents where they are new.

        ``texts`` are the funnels' sources by the program's hash, the documents' by their SHA-256.
        """
        new = [
            {"funnel": name, "hash": one.hash, "text": texts.get(one.hash, ""), "added_us": now_us}
            for name, one in bundle.programs.items()
        ]
        shown = [
            {
                "name": name,
                "version": one.version,
                "sha256": one.sha256,
                "text": texts.get(one.sha256, one.title),
            }
            for name, one in bundle.documents.items()
        ]
        work = [*programs.add(new), *documents.add(shown)]
        for row in new:
            work += programs.make_live(str(row["funnel"]), str(row["hash"]))
        await self._database.commit(work)

    async def row_of(self, funnel: str, digest: str) -> int:
        """The id of a program's row; raises ``KeyError`` when it was never stored."""
        key = (funnel, digest)
        if key not in self._programs:
            rows = await self._database.fetch(programs.find(funnel, digest))
            if not rows:
                raise KeyError(f"the program {funnel} {digest} is not stored")
            self._programs[key] = rows[0].id
        return self._programs[key]

    async def document(self, name: str, version: str) -> int | None:
        """The id of a document's version; None when it was never stored."""
        key = (name, version)
        if key not in self._documents:
            rows = await self._database.fetch(documents.find(name, version))
            if not rows:
                return None
            self._documents[key] = rows[0].id
        return self._documents[key]

    async def supply(self, bundle: Bundle, wanted: Iterable[tuple[str, str]]) -> None:
        """Put programs that runs still name (funnel and hash) among the bundle's older ones."""
        for funnel, digest in set(wanted):
            live = bundle.programs.get(funnel)
            if digest in bundle.older or (live is not None and live.hash == digest):
                continue
            rows = await self._database.fetch(programs.find(funnel, digest))
            program = self._read(funnel, rows[0].text) if rows else None
            if program is not None:
                bundle.older[digest] = program
