"""A small scene for the emulator's own tests: a community, three people and a plain HTTP client."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import aiohttp

from tests.emulators.vk.server import VkEmulator

GROUP, TOKEN, SERVICE = 101, "community-key", "service-key"
ANNA, BORIS, STRANGER = 11, 12, 13


@dataclass
class Stage:
    """The emulator and requests to it that no client library has shaped."""

    vk: VkEmulator
    http: aiohttp.ClientSession

    async def call(self, method: str, **params: Any) -> dict[str, Any]:
        """Return the whole answer; parameters that are None are left out."""
        sent = {"access_token": TOKEN, "v": "5.199", **params}
        form = {name: _text(value) for name, value in sent.items() if value is not None}
        async with self.http.post(self.vk.method_url + method, data=form) as answer:
            assert answer.status == 200
            return await answer.json()

    async def get(self, method: str, **params: Any) -> Any:
        """Return what the method answers, which must not be a refusal."""
        body = await self.call(method, **params)
        assert "response" in body, body
        return body["response"]

    async def refused(self, method: str, **params: Any) -> tuple[int, str]:
        """Return the code and the text of the refusal."""
        error = (await self.call(method, **params))["error"]
        return error["error_code"], error["error_msg"]

    async def send(self, peer: int = ANNA, random_id: int = 0, **params: Any) -> Any:
        """Send a message and return its id."""
        content = {"message": "Привет", **params}
        return await self.get("messages.send", peer_id=peer, random_id=random_id, **content)

    async def upload(
        self, url: str, field: str, content: bytes, name: str = "file.bin"
    ) -> dict[str, Any]:
        """Return what the upload server answers to a multipart form."""
        form = aiohttp.FormData()
        form.add_field(field, content, filename=name)
        async with self.http.post(url, data=form) as answer:
            assert answer.status == 200
            return await answer.json()

    async def long_poll(self) -> "Poll":
        """Return the long poll from the present event on."""
        return Poll(self.http, await self.get("groups.getLongPollServer", group_id=GROUP))


@dataclass
class Poll:
    """The long poll's server, key and ts."""

    http: aiohttp.ClientSession
    server: dict[str, str]

    async def check(self, wait: int = 0, **changed: Any) -> dict[str, Any]:
        """Return one answer of the server; `ts` is not moved."""
        named = {"key": self.server["key"], "ts": self.server["ts"], "wait": wait}
        params = {"act": "a_check", **named, **changed}
        async with self.http.post(self.server["server"], params=params) as answer:
            return await answer.json()

    async def events(self, wait: int = 0) -> list[dict[str, Any]]:
        """Return the new events and go on behind them."""
        answer = await self.check(wait)
        self.server["ts"] = answer["ts"]
        return answer["updates"]


def keyboard(*rows: list[dict[str, Any]], **flags: Any) -> str:
    """Return a keyboard as JSON."""
    return json.dumps({"buttons": list(rows), **flags}, ensure_ascii=False)


def button(label: str = "Да", kind: str = "text", **fields: Any) -> dict[str, Any]:
    """Return a button; `color` stands beside the action, all else in it."""
    colour = {"color": fields.pop("color")} if "color" in fields else {}
    return {"action": {"type": kind, "label": label, **fields}, **colour}


def _text(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False) if isinstance(value, dict) else str(value)


@asynccontextmanager
async def stage(events: list[str] | None = None) -> AsyncIterator[Stage]:
    """Return the scene: Anna and Boris have written to the community, a stranger has not."""
    async with VkEmulator() as vk, aiohttp.ClientSession() as http:
        vk.add_community(GROUP, TOKEN, events=events, service_token=SERVICE)
        for number in (ANNA, BORIS, STRANGER):
            vk.add_user(number)
        for number in (ANNA, BORIS):
            vk.people.set_relation(GROUP, number, allowed=True)
        yield Stage(vk, http)
