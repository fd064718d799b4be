"""Changed files of a running project: newcomers play them, living runs keep what they began with."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from bots.runner import Runner
from bots.web.assembly import look_again
from bots.web.chat import WebChat
from bots.web.documents import WebDocument
from flows.loading import Loaded, bundle_of
from flows.project import Project
from storage.runs import living
from voronka.checking import rendered
from voronka.outside import event_secrets
from voronka.projects import open_projects
from voronka.speech import Mistake

if TYPE_CHECKING:
    from voronka.running import House


@dataclass(slots=True)
class Updates:
    """Lets new runs play changed files; living runs keep the program they began with."""

    house: House
    runner: Runner
    chat: WebChat
    _tasks: set[asyncio.Task[None]] | None = None

    def apply(self) -> None:
        """Read the files again, and serve them when they have no errors."""
        task = asyncio.get_running_loop().create_task(self._apply())
        self._tasks = {task, *(each for each in self._tasks or () if not each.done())}

    async def _apply(self) -> None:
        say = self.house.say
        try:
            opened = open_projects([str(self.house.folder)])[0]
        except Mistake as mistake:
            self.house.alarms.trouble("files_broken", say(mistake.ru, mistake.en))
            return
        loaded = opened.loaded
        if loaded.errors or loaded.project is None:
            kept = say("Играем прежнюю версию.", "The version before goes on.")
            told = f"{rendered(loaded.errors, 'text', say)}{kept}"
            found = [f"{each.mark} {each.code}" for each in loaded.errors]
            self.house.alarms.trouble("files_broken", told, problems=found)
            return
        texts = texts_of(loaded, loaded.project, self.house.folder)
        changed = self._changed(loaded)
        for bot in self.house.ready:
            if bot.name in loaded.project.bots:
                bundle = bundle_of(loaded, loaded.project.bots[bot.name])
                await self.runner.replace_bundle(bot.name, bundle, texts)
        self.house.signed = event_secrets(loaded.project, self.house.settings, self.runner.seal)
        look_again(self.chat, self.runner.house, self.house.media)
        if changed:
            told = await self._told(changed)
            self.house.alarms.notice("updated", told, funnels=changed)

    def _changed(self, loaded: Loaded) -> list[str]:
        playing = {
            program.hash
            for station in self.runner.house.stations.values()
            for program in station.bundle.programs.values()
        }
        return [name for name, one in loaded.programs.items() if one.hash not in playing]

    async def _told(self, changed: list[str]) -> str:
        alive = 0
        for name in changed:
            alive += int((await self.runner.database.fetch(living(name)))[0].n)
        names = ", ".join(changed)
        return self.house.say(
            f"Обновлено: {names}. Новые люди пойдут по новой версии,"
            f" {alive} внутри — по той, с которой начали.",
            f"Updated: {names}. Newcomers play the new version,"
            f" {alive} inside keep the one they began with.",
        )


def texts_of(loaded: Loaded, project: Project, folder: Path) -> dict[str, str]:
    """Sources of programs by hash, texts of documents by SHA-256."""
    found = {program.hash: loaded.texts[name] for name, program in loaded.programs.items()}
    for document in project.documents.values():
        path = folder / document.file
        if document.file and path.is_file():
            found[document.sha256] = path.read_text(encoding="utf-8-sig", errors="replace")
    return found


def documents_of(project: Project, folder: Path) -> dict[str, WebDocument]:
    """The documents that the web chat shows, by name."""
    found = {}
    for name, document in project.documents.items():
        path = folder / document.file
        if document.file and path.is_file():
            text = path.read_text(encoding="utf-8-sig", errors="replace")
            found[name] = WebDocument(document.title, document.version, text)
    return found
