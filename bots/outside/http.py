"""``http``: one signed request to a server that the project allows."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from aiohttp import (
    ClientError,
    ClientResponse,
    ClientSession,
    ClientTimeout,
    DummyCookieJar,
    InvalidURL,
)
from aiohttp.abc import AbstractResolver

from bots.channel import TryLater
from bots.clocks import Clock
from bots.outside.addresses import AddressRefused, guarded
from bots.outside.asked import Answered, Asked, refused
from bots.outside.signing import PERSON, SIGNATURE, TIMESTAMP, signature
from flows.extending import Call
from flows.hosts import HttpRules, host_of
from flows.nodes.http import VARIABLE
from flows.secrecy import Secret

SECONDS = 10
MOST_BYTES = 64 * 1024
AGAIN = frozenset({408, 425, 429})
_LONGEST_WAIT = timedelta(hours=1)
Settings = Callable[[str], Secret]
"""The value of a ``$NAME``; an empty one when nobody set it."""


class HttpCaller:
    """Makes the requests; ``own_secret`` signs them where the project names no other.

    ``resolver`` resolves names in place of the system's.
    """

    def __init__(
        self,
        settings: Settings,
        own_secret: Callable[[], str],
        wall: Clock,
        resolver: AbstractResolver | None = None,
    ) -> None:
        self._settings = settings
        self._own_secret = own_secret
        self._wall = wall
        self._resolver = resolver
        self._sessions: dict[bool, ClientSession] = {}

    async def ask(self, asked: Asked, rules: HttpRules, call: Call) -> Answered:
        """The server's answer; the call's key lets a server know repeats."""
        url = str(asked.body["url"])
        host = host_of(url)
        if not host or not rules.allows(host):
            return refused("the project does not allow this server")
        unset = self._unset(asked)
        if unset:
            return refused(f"{unset} is not set")
        body = _body(asked)
        headers = self._headers(asked, rules, body, call)
        session = self._session(private=rules.is_private(host))
        try:
            async with session.request(
                str(asked.body["method"]).upper(),
                url,
                data=body or None,
                headers=headers,
                allow_redirects=False,
            ) as response:
                return await _read(response)
        except TimeoutError:
            raise TryLater(f"no answer within {SECONDS} seconds") from None
        except InvalidURL:
            return refused("the address is none")
        except ClientError as error:
            if _is_refusal(error):
                return refused("the server has a private address")
            raise TryLater(f"the connection failed: {type(error).__name__}") from None
        except ValueError:
            return refused("a header or the address cannot be sent")

    async def close(self) -> None:
        """Let the connections go."""
        for session in self._sessions.values():
            await session.close()
        self._sessions.clear()

    def _session(self, *, private: bool) -> ClientSession:
        if private not in self._sessions:
            self._sessions[private] = ClientSession(
                connector=guarded(private=private, resolver=self._resolver),
                timeout=ClientTimeout(total=SECONDS),
                cookie_jar=DummyCookieJar(),
                auto_decompress=False,
                trust_env=False,
                requote_redirect_url=False,
            )
        return self._sessions[private]

    def _unset(self, asked: Asked) -> str:
        named = [name for text in _secrets(asked).values() for name in VARIABLE.findall(text)]
        # the keys that seal people's data are nobody's else
        return next(
            (name for name in named if name == "$VORONKA_KEYS" or not self._settings(name[1:])), ""
        )

    def _headers(self, asked: Asked, rules: HttpRules, body: bytes, call: Call) -> dict[str, str]:
        moment = int(self._wall.now().timestamp())
        named = self._settings(rules.secret[1:]).reveal() if rules.secret else ""
        ours = {
            "Accept": "application/json",
            "Accept-Encoding": "identity",
            "User-Agent": "Voronka",
            "Idempotency-Key": call.key,
            PERSON: call.person,
            TIMESTAMP: str(moment),
            SIGNATURE: signature(named or self._own_secret(), moment, body),
        }
        if body:
            ours["Content-Type"] = "application/json"
        filled = {name: self._filled(text) for name, text in _secrets(asked).items()}
        return {**ours, **asked.body.get("headers", {}), **filled}

    def _filled(self, text: str) -> str:
        return VARIABLE.sub(lambda found: self._settings(found[0][1:]).reveal(), text)


def _secrets(asked: Asked) -> dict[str, str]:
    found: dict[str, str] = asked.body.get("secrets", {})
    return found


def _body(asked: Asked) -> bytes:
    if "body" not in asked.body:
        return b""
    return json.dumps(asked.body["body"], ensure_ascii=False, separators=(",", ":")).encode()


def _is_refusal(error: BaseException) -> bool:
    cause = getattr(error, "os_error", None) or error.__cause__
    return isinstance(error, AddressRefused) or isinstance(cause, AddressRefused)


async def _read(response: ClientResponse) -> Answered:
    """What the answer means; redirects are not followed: they could lead anywhere."""
    status = response.status
    if status in AGAIN or status >= 500:
        raise TryLater(f"the server answered {status}", _asked_wait(response))
    if not 200 <= status < 300:
        return refused(f"the server answered {status}")
    content = b""
    async for chunk in response.content.iter_chunked(16 * 1024):
        content += chunk
        if len(content) > MOST_BYTES:
            return refused("the answer is larger than 64 KB")
    return Answered({"ok": True, "status": status, "answer": _json(content)})


def _asked_wait(response: ClientResponse) -> timedelta | None:
    asked = response.headers.get("Retry-After", "")
    return min(timedelta(seconds=int(asked)), _LONGEST_WAIT) if asked.isdecimal() else None


def _json(content: bytes) -> Any:
    """The answer as JSON fit to be stored; None when it is none."""
    try:
        found = json.loads(content, parse_constant=lambda _: None)
        return json.loads(json.dumps(found, ensure_ascii=False).encode("utf-8", "replace"))
    except (ValueError, RecursionError):
        return None
