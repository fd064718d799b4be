"""HTTP as VK speaks it: forms in, JSON with status 200 out, and the ways it can break."""

import json
from typing import Any

from aiohttp import web

from tests.emulators.faults import Fault

PAGE = "<html><head><title>502 Bad Gateway</title></head><body>kittenx</body></html>"


async def read_params(request: web.Request) -> dict[str, str]:
    """Return the query and the form; VK takes no JSON bodies, but a Bearer token."""
    params = dict(request.query)
    form = await request.post()
    params.update({key: value for key, value in form.items() if isinstance(value, str)})
    bearer = request.headers.get("Authorization", "")
    if bearer.startswith("Bearer "):
        params.setdefault("access_token", bearer.removeprefix("Bearer "))
    return params


async def read_file(request: web.Request) -> tuple[str, bytes] | None:
    """Return the name and the content of the first file of a multipart form."""
    if not request.content_type.startswith("multipart/"):
        return None
    async for part in await request.multipart():
        if part.filename:
            return part.filename, bytes(await part.read())
    return None


def answer(data: dict[str, Any], status: int = 200) -> web.Response:
    """Return a JSON answer."""
    return web.Response(
        text=json.dumps(data, ensure_ascii=False),
        status=status,
        content_type="application/json",
        charset="utf-8",
    )


def broken_answer(fault: Fault, request: web.Request) -> web.Response | None:
    """Return the answer of a server that failed before it did anything, else None."""
    if fault.kind == "cut_before":
        return cut(request)
    if fault.kind == "server_error":
        return answer(
            {"error": {"error_code": 10, "error_msg": "Internal server error"}}, fault.status
        )
    if fault.kind == "server_error_html":
        return web.Response(text=PAGE, status=fault.status, content_type="text/html")
    if fault.kind == "server_error_empty":
        return web.Response(status=fault.status)
    return None


def cut(request: web.Request) -> web.Response:
    """Break the connection: the client gets no answer at all."""
    if request.transport is not None:
        request.transport.abort()
    return web.Response()
