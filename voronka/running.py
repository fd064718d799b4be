"""``voronka run``: the composition root. One process plays all bots of a project."""

from __future__ import annotations

import asyncio
import os
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from socket import socket
from typing import Any

import typer

from bots.channel import Channel
from bots.rates import LIMITS
from bots.runner import Runner
from bots.vault import Vault
from bots.web.assembly import web_chat
from bots.web.bells import Bells
from bots.web.channel import WebChannel
from bots.web.chat import WebChat
from bots.web.events import event_routes
from bots.web.hooks import hook_routes
from bots.web.server import routes
from flows.loading import Loaded, bundle_of, read_program
from flows.project import Bot, Project
from storage import migration
from storage.database import open_database
from storage.seal import Seal
from storage.work import Database
from voronka.alarms import Alarms, hush_libraries, watching
from voronka.arrivals import Arrivals
from voronka.channels import is_ready, messenger_channel
from voronka.checking import rendered
from voronka.clocks import SystemClock, people_clock, time_flies
from voronka.counting import Counts, counted_channel
from voronka.databases import database_url, seal_of, uploads_folder, witness_file
from voronka.hooks import Hooks
from voronka.keys import with_keys
from voronka.masking import form_of, secrets_of
from voronka.outside import event_secrets
from voronka.probes import TOKEN as METRICS_TOKEN
from voronka.probes import Metrics, Readiness, held, probes, token_of
from voronka.projects import Opened, open_projects
from voronka.server import Server, application, bind
from voronka.settings import Settings
from voronka.speech import OK, WRONG, Language, Mistake, Speech
from voronka.stopping import Stop
from voronka.updating import Updates, documents_of, texts_of
from voronka.watching import Stamp, changes, stamp

_SQLITE = "sqlite"


def run(
    folder: Path,
    *,
    strict: bool = False,
    env_file: Path | None = None,
    take_webhook: bool = False,
    log: str = "",
    language: Language = "ru",
) -> int:
    """Play the project of the folder until Ctrl-C; the exit code comes back."""
    say = Speech(language)
    seen = stamp(folder)
    opened = open_projects([str(folder)])[0]
    project = opened.loaded.project
    if opened.loaded.errors or project is None:
        typer.echo(rendered(opened.loaded.errors, "text", say), nl=False, err=True)
        return WRONG
    settings = with_keys(folder, env_file, say)
    alarms = Alarms(say, form_of(log, settings), secrets_of(settings))
    ready = _ready_bots(project, settings, alarms, strict=strict, say=say)
    hush_libraries(alarms)
    house = House(folder, seen, settings, say, ready, take_webhook, alarms)
    asyncio.run(house.live(opened, project))
    return OK


def _ready_bots(
    project: Project, settings: Settings, alarms: Alarms, *, strict: bool, say: Speech
) -> list[Bot]:
    """The bots that can start; the others are named, and none left (or ``strict``) refuses."""
    ready = [bot for bot in project.bots.values() if is_ready(bot, settings)]
    waiting = [bot for bot in project.bots.values() if not is_ready(bot, settings)]
    named = ", ".join(f"{bot.name} ({bot.token})" for bot in waiting if bot.token)
    if not ready or (strict and named):
        raise Mistake(
            f"Нет токенов: {named or 'в проекте нет ботов'}. Впишите их в .env.",
            f"Tokens are missing: {named or 'the project has no bots'}. Write them in .env.",
        )
    if named:
        told = say(f"Без токена не запущены: {named}.", f"Not started, no token: {named}.")
        alarms.notice("no_token", told, bots=named)
    return ready


@dataclass(slots=True)
class House:
    """Everything that lives while the program runs."""

    folder: Path
    seen: Stamp
    settings: Settings
    say: Speech
    ready: list[Bot]
    take_webhook: bool
    alarms: Alarms
    signed: list[str] = field(default_factory=list)

    async def live(self, opened: Opened, project: Project) -> None:
        """Open everything, play until a signal, close everything."""
        token_of(self.settings.get(METRICS_TOKEN))
        listening = bind(self.settings.read(project.listen).reveal())
        url = database_url(project, self.settings, self.folder)
        seal = seal_of(self.settings)
        await migration.upgrade(url)
        database = await open_database(url, exclusive=True)
        try:
            with watching(self.alarms):
                await self._play(opened, project, database, seal, listening)
        finally:
            listening.close()
            await database.close()

    async def _play(
        self,
        opened: Opened,
        project: Project,
        database: Database,
        seal: Seal,
        listening: socket,
    ) -> None:
        address = project.public_url or "http://{}:{}".format(*listening.getsockname()[:2])
        bells = Bells()
        counts = Counts()
        runner = self._runner(opened.loaded, project, database, seal, counts)
        # the setting may be $NAME: what it stands for tells the kind of database
        runner.alone = self.settings.read(project.database).reveal().startswith(_SQLITE)
        clients = {bot.name: self._channel(bot, bells, address, database) for bot in self.ready}
        hooks = Hooks(project, self.settings, seal)
        runner.hooks = hooks.of(self.ready, database, clients)
        channels = {name: counted_channel(one, name, counts) for name, one in clients.items()}
        runner.bots = {
            bot.name: (channels[bot.name], bundle_of(opened.loaded, bot)) for bot in self.ready
        }
        runner.requester.answer = counts.answer(runner.requester.answer)
        counts.registry.register(Arrivals(runner.fetchers))
        url = database_url(project, self.settings, self.folder)
        runner.house.vault = Vault(uploads_folder(url, self.folder), seal)
        runner.witness = witness_file(url, self.folder, self.settings)
        runner.retention.keep = project.keep
        runner.alerts.place = uploads_folder(url, self.folder).parent
        await runner.start()
        documents = documents_of(project, self.folder)
        chat = web_chat(runner.house, bells, funnels=self.media, documents=documents)
        in_test = os.environ.get("VORONKA_ENV") == "test"
        figures = Metrics(database, runner.clock, counts, self.settings.get(METRICS_TOKEN))
        asked = probes(Readiness(database, partial(held, runner)), figures)
        pages = self._routes(runner, chat, project)
        app = application([*asked, *pages], runner.idle if in_test else None)
        await self._serve(runner, chat, Server(app, listening), address)

    def _routes(self, runner: Runner, chat: WebChat, project: Project) -> list[Any]:
        """The pages, and the door for events: their secret may change with the file."""
        self.signed = event_secrets(project, self.settings, runner.seal)
        events = event_routes(runner.house, lambda: self.signed)
        return [*routes(chat), *events, *hook_routes(runner.receiver)]

    @property
    def media(self) -> Path:
        """The folder that media paths start from."""
        return self.folder / "funnels"

    def _runner(
        self, loaded: Loaded, project: Project, database: Database, seal: Seal, counts: Counts
    ) -> Runner:
        return Runner(
            database,
            seal,
            people_clock(),
            SystemClock(),
            {},
            public_url=project.public_url,
            texts=texts_of(loaded, project, self.folder),
            read=lambda funnel, text: read_program(text, f"{funnel}.yaml"),
            alarm=counts.alarm(self.alarms),
            consent=self.take_webhook,
            settings=self.settings.get,
            limits={} if time_flies() else LIMITS,
        )

    def _channel(self, bot: Bot, bells: Bells, address: str, database: Database) -> Channel:
        if bot.channel == "web":
            return WebChannel(bot.name, address, bells.show)
        return messenger_channel(bot, self.settings, self.media, database)

    async def _serve(self, runner: Runner, chat: WebChat, server: Server, address: str) -> None:
        stop = Stop()
        stop.listen()
        self._announce(runner, chat, address)
        updates = Updates(self, runner, chat)
        tasks = [
            asyncio.create_task(server.run()),
            asyncio.create_task(changes(self.folder, self.seen, stop.asked, updates.apply)),
        ]
        await stop.asked.wait()
        self.alarms.notice("stopping", self.say("Останавливаемся…", "Stopping…"))
        chat.close()
        server.stop()
        await runner.stop()
        await asyncio.gather(*tasks, return_exceptions=True)

    def _announce(self, runner: Runner, chat: WebChat, address: str) -> None:
        for station in runner.house.stations.values():
            if station.halted:
                continue
            where = f"{address}/chat/{station.name}" if station.kind == "web" else station.kind
            title = chat.bots[station.name].title if station.name in chat.bots else station.name
            told = f"  {title}: {where}"
            self.alarms.notice("bot_started", told, bot=station.name, address=where)
        told = self.say(
            f"Воронка работает. Откройте {address} — Ctrl-C остановит.",
            f"Voronka is running. Open {address}; Ctrl-C stops it.",
        )
        self.alarms.notice("started", told, address=address)
