"""The routes of the web chat, for the program to mount."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, RedirectResponse, Response, StreamingResponse
from starlette.routing import Route

from bots.vault import MOST_BYTES
from bots.web import files, pages, saying, uploading
from bots.web.chat import WebChat
from bots.web.feed import Cursor
from bots.web.limits import household
from bots.web.pages import WebBot
from bots.web.phrases import MEGABYTES, phrase
from bots.web.security import guarded, is_same_origin, is_secure
from bots.web.visiting import Visitor, set_cookie
from storage.work import StorageFailed

Answer = Callable[[Request], Awaitable[Response]]


def routes(chat: WebChat) -> list[Route]:
    """The routes; whoever mounts them closes the chat when the server stops."""
    served = Pages(chat)
    talk = Talk(chat)
    found: Sequence[tuple[str, Answer]] = (
        ("/", served.chats),
        ("/chat/{bot}", served.apologising(served.chat)),
        ("/chat/{bot}/feed", talk.explained(talk.feed)),
        ("/chat/{bot}/messages", talk.explained(talk.messages)),
        ("/chat/{bot}/files/{ref}", talk.explained(talk.file)),
        ("/r/{token}", served.apologising(served.follow)),
        ("/media/{path:path}", served.media),
        ("/documents/{name}", served.document),
        ("/web/{name}", served.static),
        ("/healthz", served.healthz),
    )
    posted = (("/chat/{bot}/say", talk.say), ("/chat/{bot}/upload", talk.upload))
    posts = [Route(path, talk.explained(answer), methods=["POST"]) for path, answer in posted]
    return [*posts, *(Route(path, answer, methods=["GET"]) for path, answer in found)]


class Pages:
    """What is read: pages, files, tracked links."""

    def __init__(self, chat: WebChat) -> None:
        self._chat = chat

    async def chats(self, _request: Request) -> Response:
        """The list of chats."""
        return pages.chats_page(self._chat.bots.values())

    async def chat(self, request: Request) -> Response:
        """A bot's chat; a new visitor gets a key, unless the address sends too many."""
        bot = self._chat.bots.get(request.path_params["bot"])
        if bot is None:
            return self._nothing()
        if request.method == "HEAD" or await self._chat.visitors.of(request, bot.name, bot.id):
            return pages.chat_page(bot, largest=self._largest)
        address = household(request.client.host if request.client else "")
        if not self._chat.newcomers.allows(address):
            crowded = pages.sorry_page("crowded", bot.language, 429)
            crowded.headers["Retry-After"] = "60"
            return crowded
        page = pages.chat_page(bot, largest=self._largest)
        key = await self._chat.welcome(bot)
        set_cookie(page, bot.name, key, secure=is_secure(request, self._chat.public_url))
        return page

    @property
    def _largest(self) -> int:
        return MOST_BYTES if self._chat.vault is not None else 0

    async def follow(self, request: Request) -> Response:
        """On to the address of a tracked link of ours, and to no other."""
        url = await self._chat.follow(request.path_params["token"])
        if url is None:
            return self._nothing()
        return guarded(RedirectResponse(url, status_code=302))

    async def media(self, request: Request) -> Response:
        """A file that a loaded funnel names."""
        found = files.media_file(request.path_params["path"], self._chat.media)
        return found or self._nothing()

    async def document(self, request: Request) -> Response:
        """A consent text."""
        document = self._chat.documents.get(request.path_params["name"])
        return pages.document_page(document) if document else self._nothing()

    async def static(self, request: Request) -> Response:
        """Our script, styles and icon."""
        version = request.query_params.get("v", "")
        return files.static_file(request.path_params["name"], version) or self._nothing()

    async def healthz(self, _request: Request) -> Response:
        """That the server answers."""
        return guarded(JSONResponse({"ok": True}))

    def apologising(self, answer: Answer) -> Answer:
        """The same, with a page that says so when the database is away."""

        async def apologise(request: Request) -> Response:
            try:
                return await answer(request)
            except StorageFailed:
                return _soon(pages.sorry_page("away", self._chat.language, 503))

        return apologise

    def _nothing(self) -> Response:
        return pages.sorry_page("not_found", self._chat.language, 404)


class Talk:
    """What the page's script asks: posting and reading messages; refusals are sentences."""

    def __init__(self, chat: WebChat) -> None:
        self._chat = chat

    async def say(self, request: Request) -> Response:
        """Store what the visitor did; 200 means that it will not be lost."""
        bot, visitor = await self._known(request)
        if not self._chat.talkers.allows(visitor.name):
            raise saying.Refused(phrase("too_fast", bot.language), status=429)
        if request.headers.get("content-type", "").split(";")[0] != "application/json":
            raise saying.Refused(phrase("unreadable", bot.language), status=415)
        too_long = phrase("too_long", bot.language, limit=saying.TEXT_LIMIT)
        body = await self._body(request, bot.language, saying.BODY_LIMIT, too_long)
        return await self._store(bot, visitor, *saying.read(body, bot.language))

    async def upload(self, request: Request) -> Response:
        """Keep a file that the visitor sends, and store that they did."""
        bot, visitor = await self._known(request)
        vault, language = self._chat.vault, bot.language
        if vault is None:
            raise saying.Refused(phrase("not_found", language), status=404)
        address = household(request.client.host if request.client else "")
        if not (self._chat.givers.allows(visitor.name) and self._chat.givers.allows(address)):
            raise saying.Refused(phrase("too_fast", language), status=429)
        client_id = uploading.check_client_id(request.query_params.get("id", ""), language)
        too_large = phrase("file_large", language, limit=MEGABYTES)
        data = await self._body(request, language, MOST_BYTES, too_large)
        ref = uploading.reference(visitor.key_hash, client_id)
        raw = uploading.raw_file(ref, request.headers.get("x-file-name", ""), data, language)
        if not await asyncio.to_thread(vault.put, visitor.name, ref, data):
            raise saying.Refused(phrase("no_room", language), status=413)
        return await self._store(bot, visitor, client_id, raw)

    async def file(self, request: Request) -> Response:
        """A file that this very visitor sent."""
        bot, visitor = await self._known(request)
        ref, vault = request.path_params["ref"], self._chat.vault
        data = None
        if vault is not None and uploading.REFERENCE.fullmatch(ref):
            data = await asyncio.to_thread(vault.get, visitor.name, ref)
        if data is None:
            raise saying.Refused(phrase("not_found", bot.language), status=404)
        return uploading.file_response(data)

    async def _store(
        self, bot: WebBot, visitor: Visitor, client_id: str, raw: dict[str, Any]
    ) -> Response:
        await self._chat.say(bot, visitor, client_id, raw)
        return guarded(JSONResponse({"ok": True}))

    async def messages(self, request: Request) -> Response:
        """The next messages as JSON, for pages whose stream does not come through."""
        bot, visitor = await self._known(request)
        after = Cursor.read(request.query_params.get("after", ""))
        found = await self._chat.news(bot, visitor, after)
        answer = {"messages": found.entries, "after": str(found.cursor), "more": found.more}
        return guarded(JSONResponse(answer))

    async def feed(self, request: Request) -> Response:
        """The stream of messages, from after ``Last-Event-ID``."""
        bot, visitor = await self._known(request)
        if self._chat.bells.is_full(visitor.name):
            raise saying.Refused(phrase("too_many_tabs", bot.language), status=429)
        last = request.headers.get("last-event-id") or request.query_params.get("after", "")
        events = self._chat.stream(bot, visitor).events(visitor.name, Cursor.read(last))
        headers = {"Cache-Control": "no-store, no-transform", "X-Accel-Buffering": "no"}
        return guarded(StreamingResponse(events, media_type="text/event-stream", headers=headers))

    def explained(self, answer: Answer) -> Answer:
        """The same, with refusals told as sentences; a database that is away is one of them."""

        async def explain(request: Request) -> Response:
            try:
                return await answer(request)
            except saying.Refused as refused:
                return _refusal(refused)
            except StorageFailed:
                bot = self._chat.bots.get(request.path_params["bot"])
                language = bot.language if bot is not None else self._chat.language
                name = "later" if request.method == "POST" else "away"
                return _refusal(saying.Refused(phrase(name, language), status=503))

        return explain

    async def _known(self, request: Request) -> tuple[WebBot, Visitor]:
        bot = self._chat.bots.get(request.path_params["bot"])
        if bot is None:
            raise saying.Refused(phrase("not_found", self._chat.language), status=404)
        if not is_same_origin(request, self._chat.public_url):
            raise saying.Refused(phrase("foreign", bot.language), status=403)
        visitor = await self._chat.visitors.of(request, bot.name, bot.id)
        if visitor is None:
            raise saying.Refused(phrase("stranger", bot.language), status=401)
        return bot, visitor

    async def _body(self, request: Request, language: str, limit: int, too_long: str) -> bytes:
        body = bytearray()
        try:
            async for chunk in request.stream():
                body += chunk
                if len(body) > limit:
                    raise saying.Refused(too_long, status=413)
        except ClientDisconnect:
            raise saying.Refused(phrase("unreadable", language)) from None
        return bytes(body)


def _refusal(refused: saying.Refused) -> Response:
    response = JSONResponse({"error": refused.sentence}, status_code=refused.status)
    return guarded(_soon(response) if refused.status in (429, 503) else response)


def _soon(response: Response) -> Response:
    response.headers["Retry-After"] = "5"
    return response
