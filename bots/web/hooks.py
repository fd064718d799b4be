"""``POST /hooks/BOT``: updates that messengers bring, stored before they are answered."""

from __future__ import annotations

from collections.abc import Callable

from starlette.requests import ClientDisconnect, Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from bots.hooks import BODY_LIMIT
from bots.receiving import Receiving

RETRY_SECONDS = 5
Doors = Callable[[str], Receiving | None]
"""The door of a bot, None when it has none."""


def hook_routes(doors: Doors) -> list[Route]:
    """The route; what the messenger is answered is each channel's own."""

    async def answer(request: Request) -> Response:
        door = doors(request.path_params["bot"])
        if door is None:
            return PlainTextResponse("", status_code=404)
        body = await _body(request)
        if body is None:
            return PlainTextResponse("", status_code=413)
        headers = {name.lower(): value for name, value in request.headers.items()}
        reply = await door.answer(headers, body)
        wait = {"Retry-After": str(RETRY_SECONDS)} if reply.status == 503 else None
        return PlainTextResponse(reply.body, status_code=reply.status, headers=wait)

    return [Route("/hooks/{bot}", answer, methods=["POST"])]


async def _body(request: Request) -> bytes | None:
    """The body, None when it is too long; one that broke off is no update."""
    told = request.headers.get("content-length", "")
    if told.isdecimal() and int(told) > BODY_LIMIT:
        return None
    body = bytearray()
    try:
        async for chunk in request.stream():
            body += chunk
            if len(body) > BODY_LIMIT:
                return None
    except ClientDisconnect:
        return b""
    return bytes(body)
