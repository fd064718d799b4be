"""The one web server of the process: its socket, its routes, its stop."""

from __future__ import annotations

import contextlib
import errno
import socket
from collections.abc import Awaitable, Callable, Sequence

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import BaseRoute, Route

from voronka.speech import Mistake

BACKLOG = 512


def bind(listen: str) -> socket.socket:
    """A listening socket for ``host:port``; a ``Mistake`` says why there is none."""
    host, _, port = listen.rpartition(":")
    if not host or not port.isdigit() or int(port) > 65535:
        raise Mistake(
            f"listen: «{listen}» — не адрес; пишите так: 127.0.0.1:8080.",
            f"listen: “{listen}” is no address; write it as 127.0.0.1:8080.",
        )
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    made = socket.socket(family, socket.SOCK_STREAM)
    made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        made.bind((host.strip("[]"), int(port)))
        made.listen(BACKLOG)
    except OSError as error:
        made.close()
        raise _refusal(listen, error) from None
    made.setblocking(False)
    return made


def _refusal(listen: str, error: OSError) -> Mistake:
    if error.errno == errno.EADDRINUSE:
        ru, en = (
            f"Порт {listen} занят другой программой.",
            f"Another program has the port {listen}.",
        )
    else:
        ru = f"Адрес {listen} недоступен: {error.strerror}."
        en = f"The address {listen} cannot be had: {error.strerror}."
    return Mistake(f"{ru} Задайте другой в `listen`.", f"{en} Set another in `listen`.")


def application(
    routes: Sequence[BaseRoute], idle: Callable[[], Awaitable[bool]] | None
) -> Starlette:
    """The application; ``idle`` (tests only) tells when nothing is unread, due or queued."""
    if idle is None:
        return Starlette(routes=list(routes))

    async def debug_idle(_request: Request) -> JSONResponse:
        return JSONResponse({"idle": await idle()})

    return Starlette(routes=[*routes, Route("/debug/idle", debug_idle)])


class Server:
    """A uvicorn server on our socket; the process takes the signals itself."""

    def __init__(self, app: Starlette, listening: socket.socket) -> None:
        config = uvicorn.Config(
            app, log_config=None, access_log=False, lifespan="off", timeout_graceful_shutdown=3
        )
        self._server = uvicorn.Server(config)
        self._server.capture_signals = contextlib.nullcontext  # type: ignore[assignment, method-assign]
        self._socket = listening

    async def run(self) -> None:
        """Serve until stopped."""
        await self._server.serve(sockets=[self._socket])

    def stop(self) -> None:
        """Finish the answers in hand and return from :meth:`run`."""
        self._server.should_exit = True
