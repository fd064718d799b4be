"""Bare HTTP to the emulator, and a small world for requests to be refused in."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import aiohttp

from tests.emulators.telegram import places
from tests.emulators.telegram.server import TelegramEmulator

TOKEN, OTHER = "42:AAA", "43:BBB"
ANNA, BLOCKER, GHOST, STRANGER, MET = 1001, 1002, 1003, 1004, 1005
GROUP, OLD_GROUP = -1001000000777, -555
SAME = (
    "message is not modified: specified new message content and reply markup are exactly the "
    "same as a current content and reply markup of the message"
)
TOO_OLD = "query is too old and response timeout expired or query ID is invalid"


@dataclass
class Wire:
    """Bare HTTP to the server, and the messages that the requests may refer to."""

    emulator: TelegramEmulator
    session: aiohttp.ClientSession
    names: dict[str, Any]

    async def call(self, method: str, token: str = TOKEN, **params: Any) -> tuple[int, Any]:
        """Call a method with an urlencoded form, objects as JSON strings."""
        form = {
            name: value if isinstance(value, str) else json.dumps(value)
            for name, value in params.items()
        }
        return await self.post(method, token, data=form)

    async def refusal(self, method: str, **params: Any) -> str:
        """Send a request that must be refused with 400; a name of `names` stands for its value."""
        filled = {
            name: self.names.get(value, value) if isinstance(value, str) else value
            for name, value in params.items()
        }
        before = len(self.emulator.journal.delivered)
        status, answer = await self.call(method, **filled)
        assert (status, answer.get("ok"), answer.get("error_code")) == (400, False, 400), answer
        assert answer.keys() == {"ok", "error_code", "description"}
        assert len(self.emulator.journal.delivered) == before
        assert self.emulator.journal.calls[-1].status == 400
        return str(answer["description"])

    async def post(self, method: str, token: str = TOKEN, **request: Any) -> tuple[int, Any]:
        """Post a request of any form."""
        url = f"{self.emulator.url}/bot{token}/{method}"
        async with self.session.post(url, **request) as answer:
            return answer.status, await answer.json()


@asynccontextmanager
async def open_wire() -> AsyncIterator[Wire]:
    """Yield a wire to a server where some things have already happened."""
    async with TelegramEmulator() as emulator, aiohttp.ClientSession() as session:
        bot = emulator.add_bot(TOKEN, "shop_bot")
        emulator.add_bot(OTHER, "other_bot")
        people = {
            number: emulator.add_user(number, f"U{number}")
            for number in (ANNA, BLOCKER, GHOST, STRANGER, MET)
        }
        for number in (ANNA, BLOCKER, GHOST):
            people[number].start(bot=bot)
        people[BLOCKER].block(bot)
        people[GHOST].delete_account()
        group = emulator.add_group("Managers", chat_id=GROUP)
        emulator.put_bot(group, bot, people[MET])
        old = emulator.add_group("Old", kind="group", chat_id=OLD_GROUP)
        emulator.put_bot(old, bot, people[MET])
        moved = places.migrate(emulator.world, old)
        wire = Wire(emulator, session, {"MOVED": moved.id})
        await _say(wire, "TEXT", "sendMessage", text="Hello", reply_markup=inline(data="y"))
        await _say(wire, "REPLY", "sendMessage", text="Menu", reply_markup=reply("One"))
        await _say(wire, "PHOTO", "sendPhoto", photo="https://example.org/a.png", caption="Cat")
        yield wire


async def _say(wire: Wire, name: str, method: str, **params: Any) -> None:
    status, answer = await wire.call(method, chat_id=ANNA, **params)
    assert status == 200, answer
    wire.names[name] = answer["result"]["message_id"]
    if "photo" in answer["result"]:
        wire.names["FILE"] = answer["result"]["photo"][0]["file_id"]


def inline(text: str = "Yes", data: str | None = None, **fields: Any) -> dict[str, Any]:
    button = {"text": text, **({"callback_data": data} if data is not None else {}), **fields}
    return {"inline_keyboard": [[button]]}


def reply(*labels: str) -> dict[str, Any]:
    return {"keyboard": [[{"text": label} for label in labels]]}


def wide(buttons: int, per_row: int) -> dict[str, Any]:
    row = [{"text": "b", "callback_data": "b"}] * per_row
    return {"inline_keyboard": [row] * (buttons // per_row)}


def album(*kinds: str) -> list[dict[str, str]]:
    return [{"type": kind, "media": f"https://example.org/{kind}"} for kind in kinds]


def say(text: str = "Hi", **fields: Any) -> dict[str, Any]:
    return {"chat_id": ANNA, "text": text, **fields}
