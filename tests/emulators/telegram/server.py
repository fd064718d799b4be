"""The Telegram Bot API over HTTP, as our bots see it; the tests hold the other end."""

import asyncio
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from aiohttp import web

from tests.emulators.faults import Fault, FaultPlan
from tests.emulators.telegram import places
from tests.emulators.telegram.control import add_control_routes
from tests.emulators.telegram.errors import ApiError, flood, unauthorized
from tests.emulators.telegram.journal import Called, Journal
from tests.emulators.telegram.media import FileStore
from tests.emulators.telegram.methods import method_name, perform
from tests.emulators.telegram.people import Person
from tests.emulators.telegram.requests import MAX_BODY, Call, read_call
from tests.emulators.telegram.sending import Api
from tests.emulators.telegram.webhooks import WebhookSender
from tests.emulators.telegram.world import Bot, Chat, User, World


class TelegramEmulator:
    """One server with any number of bots, users and chats."""

    def __init__(
        self,
        *,
        journal_path: Path | None = None,
        seed: int = 0,
        callback_seconds: int = 60,
        local_webhooks: bool = False,
    ) -> None:
        self.world = World()
        self.files = FileStore()
        self.journal = Journal(journal_path)
        self.faults = FaultPlan(seed)
        self.api = Api(self.world, self.files, self.journal, callback_seconds, local_webhooks)
        self.people: dict[int, Person] = {}
        self.url = ""
        self._held = asyncio.Event()
        self._runner: web.AppRunner | None = None
        self.webhooks = WebhookSender(self.request)

    # --- life ---------------------------------------------------------------------------------

    async def start(self, port: int = 0) -> Self:
        """Open the port on the loopback interface."""
        app = web.Application(client_max_size=MAX_BODY)
        app.router.add_route("*", "/bot{token}/{method}", self._answer)
        app.router.add_get("/file/bot{token}/{path:.+}", self._download)
        add_control_routes(app, self)
        app.router.add_route("*", "/{rest:.*}", self._nowhere)
        self._runner = web.AppRunner(
            app, access_log=None, shutdown_timeout=1.0, handler_cancellation=True
        )
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", port)
        await site.start()
        self.url = f"http://127.0.0.1:{self._runner.addresses[0][1]}"
        return self

    async def stop(self) -> None:
        """End the waiting polls and close the port."""
        await self.webhooks.stop()
        self.release()
        for bot in self.world.bots.values():
            bot.queue.stop_poller()
        if self._runner is not None:
            await self._runner.cleanup()

    async def __aenter__(self) -> Self:
        return await self.start()

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self.stop()

    # --- who exists ---------------------------------------------------------------------------

    def add_bot(
        self, token: str, username: str = "", first_name: str = "Bot", *, reads_all: bool = False
    ) -> Bot:
        """Register a bot; `reads_all` switches its privacy mode in groups off."""
        bot = Bot(
            token, username or f"bot{token.split(':', maxsplit=1)[0]}_bot", first_name, reads_all
        )
        self.world.bots[token] = bot
        return bot

    def add_user(
        self,
        user_id: int,
        first_name: str,
        *,
        username: str | None = None,
        language: str | None = None,
        last_name: str | None = None,
    ) -> Person:
        """Create an account and return the person who uses it."""
        user = User(user_id, first_name, username, language, last_name)
        self.world.users[user_id] = user
        self.people[user_id] = Person(self.world, self.files, user)
        return self.people[user_id]

    def add_group(
        self, title: str, *, kind: str = "supergroup", chat_id: int | None = None
    ) -> Chat:
        """Create a group or a supergroup."""
        return places.create_chat(self.world, kind, title, chat_id=chat_id)

    def add_channel(
        self, title: str, *, username: str | None = None, discussion: Chat | None = None
    ) -> Chat:
        """Create a channel, with its discussion group when given."""
        channel = places.create_chat(self.world, "channel", title, username=username)
        if discussion is not None:
            places.link_discussion(channel, discussion)
        return channel

    def put_bot(self, chat: Chat, bot: Bot, by: Person, *, admin: bool = False) -> None:
        """Add the bot to a group or a channel."""
        places.add_bot(self.world, chat, bot, by.user, admin=admin)

    def remove_bot(self, chat: Chat, bot: Bot, by: Person) -> None:
        """Throw the bot out."""
        places.remove_bot(self.world, chat, bot, by.user)

    def expire_presses(self) -> None:
        """Make every pressed button too old to be answered."""
        for bot in self.world.bots.values():
            for press in bot.presses.values():
                press.expired = True

    # --- faults -------------------------------------------------------------------------------

    def fail(self, kind: str, method: str | None = None, **details: Any) -> Fault:
        """Plan a fault; see Fault for the kinds and the details."""
        return self.faults.add_json({"kind": kind, "method": method, **details})

    def release(self) -> None:
        """Let the answers go that a `hold` fault keeps."""
        held, self._held = self._held, asyncio.Event()
        held.set()

    # --- HTTP ---------------------------------------------------------------------------------

    async def _nowhere(self, request: web.Request) -> web.Response:
        return _json(ApiError(404, "Not Found"))

    async def _download(self, request: web.Request) -> web.Response:
        bot = self.world.bots.get(request.match_info["token"])
        stored = self.files.by_path(bot, request.match_info["path"]) if bot else None
        if stored is None:
            return _json(ApiError(404, "Not Found"))
        return web.Response(body=stored.data, content_type="application/octet-stream")

    async def _answer(self, request: web.Request) -> web.StreamResponse:
        bot = self.world.bots.get(request.match_info["token"])
        if bot is None:
            return _json(unauthorized())
        row = Called(0, "", bot.id, request.match_info["method"], None, 0)
        try:
            row.method = method_name(row.method)
            call = await read_call(request, row.method)
            row.chat = call.chat
        except ApiError as refusal:
            return self._refused(row, refusal)
        polls = call.method == "getUpdates"
        fault = self.faults.take(call.method, call.chat, named_only=polls)
        if fault is None:
            return await self._performed(bot, call, row)
        row.fault = fault.kind
        instead = self._failed(request, row, fault)
        if instead is not None:
            return instead
        response = await self._performed(bot, call, row, announced=fault.kind != "cut_after")
        return await self._afterwards(request, row, fault, response)

    def _failed(self, request: web.Request, row: Called, fault: Fault) -> web.Response | None:
        """Answer for a fault that keeps the call from happening; None for the others."""
        refusals = {
            "flood": flood(fault.retry_after),
            "server_error": ApiError(fault.status, fault.description or "Internal Server Error"),
            "blocked": ApiError(403, "Forbidden: bot was blocked by the user"),
            "cant_parse": ApiError(
                400,
                "Bad Request: can't parse entities: "
                + (fault.description or 'Unsupported start tag "x" at byte offset 0'),
            ),
            "error": ApiError(fault.status, fault.description),
        }
        if fault.kind in refusals:
            return self._refused(row, refusals[fault.kind])
        if fault.kind in ("server_error_html", "server_error_empty"):
            page = "<html><body>Bad Gateway</body></html>" if "html" in fault.kind else ""
            row.status = fault.status
            self.journal.call(row)
            return web.Response(status=fault.status, text=page, content_type="text/html")
        if fault.kind == "cut_before":
            self.journal.call(row)
            return _cut(request)
        return None

    async def _afterwards(
        self, request: web.Request, row: Called, fault: Fault, response: web.Response
    ) -> web.Response:
        """Spoil the answer to a call that did happen."""
        if fault.kind == "cut_after":
            self.journal.call(row)
            return _cut(request)
        if fault.kind == "page_after":
            return web.Response(
                status=502, text="<html>Bad Gateway</html>", content_type="text/html"
            )
        if fault.kind == "hold":
            await self._held.wait()
        elif fault.delay:
            await asyncio.sleep(fault.delay)
        return response

    async def _performed(
        self, bot: Bot, call: Call, row: Called, *, announced: bool = True
    ) -> web.Response:
        try:
            result = await perform(self.api, bot, call)
        except ApiError as refusal:
            if announced:
                return self._refused(row, refusal)
            return _json(refusal)
        self.webhooks.look(bot)
        if announced:
            row.status = 200
            self.journal.call(row)
        return web.json_response({"ok": True, "result": result})

    def _refused(self, row: Called, refusal: ApiError) -> web.Response:
        row.status, row.description = refusal.code, refusal.description
        self.journal.call(row)
        return _json(refusal)

    async def request(self, bot: Bot, name: str, **params: Any) -> Called:
        """Carry out a method without HTTP; return the journal's row with its outcome."""
        row = Called(0, "", bot.id, name, params.get("chat_id"), 0)
        await self._performed(bot, Call(method_name(name), params), row)
        return row


def _json(refusal: ApiError) -> web.Response:
    return web.json_response(refusal.body(), status=refusal.code)


def _cut(request: web.Request) -> web.Response:
    if request.transport is not None:
        request.transport.abort()
    return web.Response()
