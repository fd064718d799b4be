"""``POST /events/BOT``: signed events from outside, stored before they are answered."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from typing import Any

from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from bots.happenings import Happened, Refusal, concerned, put
from bots.house import House, Station
from bots.outside.signing import SIGNATURE, TIMESTAMP, WINDOW_SECONDS, is_signed
from storage.work import StorageFailed

BODY_LIMIT = 64 * 1024
KEY = "Idempotency-Key"
KEY_LIMIT = 200
Secrets = Callable[[], Sequence[str]]
"""What events may be signed with now; the first is the newest."""


def event_routes(house: House, secrets: Secrets) -> list[Route]:
    """The route; bots are those of the house."""
    door = Door(house, secrets)
    return [Route("/events/{bot}", door.answer, methods=["POST"])]


class Door:
    """Lets signed events in."""

    def __init__(self, house: House, secrets: Secrets) -> None:
        self._house = house
        self._secrets = secrets

    async def answer(self, request: Request) -> Response:
        """200 once the event is stored, or was stored before; else why it was not."""
        try:
            new = await self._take(request)
        except Refusal as refusal:
            told = {"error": refusal.code, "ru": refusal.ru, "en": refusal.en}
            return JSONResponse(told, status_code=refusal.status)
        except StorageFailed as failed:
            self._house.alarm("database", {"part": "events", "reason": str(failed)})
            words = ("База не отвечает, повторите.", "The database does not answer: try again.")
            told = {"error": "try-later", "ru": words[0], "en": words[1]}
            return JSONResponse(told, status_code=503, headers={"Retry-After": "5"})
        return JSONResponse({"stored": new})

    async def _take(self, request: Request) -> bool:
        body = await _body(request)
        self._check_signature(request, body)
        station = self._station(request.path_params["bot"])
        told = _told(body)
        happened = Happened(_name(told), _key(request, told), _data(told))
        whom = told.get("person")
        if not isinstance(whom, dict):
            whom = {"id": whom} if isinstance(whom, str | int) else {}
        house = self._house
        identity = await concerned(house.database, house.seal, station.id, whom)
        new = await put(house.database, house.seal, house.now_us, identity, happened)
        house.play.ring()
        return new

    def _check_signature(self, request: Request, body: bytes) -> None:
        stamp = request.headers.get(TIMESTAMP, "")
        moment = int(stamp) if stamp.isascii() and stamp.isdecimal() and len(stamp) < 12 else 0
        given = request.headers.get(SIGNATURE, "")
        if not is_signed(self._secrets(), moment, body, given):
            raise Refusal(
                "bad-signature",
                401,
                "Подпись не сходится: см. docs/outside.md.",
                "The signature does not fit: see docs/outside.md.",
            )
        if abs(self._house.wall.now().timestamp() - moment) > WINDOW_SECONDS:
            raise Refusal(
                "stale",
                401,
                f"{TIMESTAMP} отличается от наших часов больше чем на пять минут.",
                f"{TIMESTAMP} differs from our clock by more than five minutes.",
            )

    def _station(self, name: str) -> Station:
        for station in self._house.stations.values():
            if station.name == name:
                return station
        raise Refusal(
            "unknown-bot", 404, "Такого бота в проекте нет.", "The project has no such bot."
        )


async def _body(request: Request) -> bytes:
    body = b""
    try:
        async for chunk in request.stream():
            body += chunk
            if len(body) > BODY_LIMIT:
                raise Refusal("too-large", 413, "Больше 64 КБ.", "Larger than 64 KB.")
    except ClientDisconnect:
        raise _unreadable() from None
    return body


def _told(body: bytes) -> dict[str, Any]:
    try:
        told = json.loads(body)
        json.dumps(told, ensure_ascii=False, allow_nan=False).encode()
    except (ValueError, RecursionError):
        raise _unreadable() from None
    if not isinstance(told, dict):
        raise _unreadable()
    return told


def _name(told: dict[str, Any]) -> str:
    name = told.get("event")
    return name if isinstance(name, str) else ""


def _data(told: dict[str, Any]) -> dict[str, Any]:
    data = told.get("data") or {}
    if not isinstance(data, dict):
        raise _unreadable()
    return data


def _key(request: Request, told: dict[str, Any]) -> str:
    """The sender's key; without one a repeat is the same signature."""
    key = request.headers.get(KEY) or str(told.get("id") or "") or request.headers[SIGNATURE]
    if len(key) > KEY_LIMIT:
        raise Refusal("bad-key", 400, f"{KEY} длиннее 200.", f"{KEY} is longer than 200.")
    return key


def _unreadable() -> Refusal:
    return Refusal(
        "bad-json",
        400,
        "Нужен JSON: {event, person, data}.",
        "JSON is wanted: {event, person, data}.",
    )
