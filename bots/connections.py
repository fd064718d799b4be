"""What a broken connection says of the request: it never left, or perhaps it was carried out."""

from __future__ import annotations

from aiohttp import (
    ClientConnectorError,
    ClientHttpProxyError,
    ClientTimeout,
    ConnectionTimeoutError,
    InvalidURL,
)

from bots.channel import CallFailed, Doubtful, TryLater

_BEFORE_SENDING = (ClientConnectorError, ClientHttpProxyError, ConnectionTimeoutError, InvalidURL)
_CONNECT_SECONDS = 10

ANSWER_SECONDS = 60
UPLOAD_SECONDS = 600


def limits(seconds: float) -> ClientTimeout:
    """``seconds`` for the whole call, ten of them to connect.

    With a limit of its own a time-out before the request left is told from one after it.
    """
    return ClientTimeout(total=seconds, connect=_CONNECT_SECONDS, sock_connect=_CONNECT_SECONDS)


def broken(cause: BaseException | None) -> CallFailed:
    """:class:`TryLater` when the request certainly did not leave, else :class:`Doubtful` (R38).

    The text names the kind of error only: aiohttp's own may show the URL, and the token in it.
    """
    name = type(cause).__name__
    if isinstance(cause, _BEFORE_SENDING):
        return TryLater(f"the messenger cannot be reached: {name}", whole_bot=True)
    return Doubtful(f"the answer was lost: {name}")
