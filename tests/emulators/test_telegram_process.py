"""The emulator as a process of its own, held by its control endpoints."""

import asyncio
import json
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import aiohttp
import pytest

SERVE = Path(__file__).with_name("telegram") / "serve.py"
TOKEN = "42:AAA"


class Remote:
    """A process and its address."""

    def __init__(self, url: str, session: aiohttp.ClientSession) -> None:
        self.url = url
        self.session = session

    async def act(self, action: str, **body: Any) -> Any:
        async with self.session.post(f"{self.url}/_control/{action}", json=body) as answer:
            data = await answer.json()
            assert answer.status == 200, data
            return data["result"]

    async def read(self, what: str, **query: Any) -> Any:
        async with self.session.get(f"{self.url}/_control/{what}", params=query) as answer:
            return await answer.json()

    async def call(self, method: str, **params: Any) -> tuple[int, Any]:
        async with self.session.post(f"{self.url}/bot{TOKEN}/{method}", json=params) as answer:
            return answer.status, await answer.json()


@pytest.fixture
async def remote(tmp_path: Path) -> AsyncIterator[Remote]:
    journal = str(tmp_path / "journal.jsonl")
    command = (sys.executable, str(SERVE), "--journal", journal, "--bot", f"{TOKEN}=shop_bot")
    process = await asyncio.create_subprocess_exec(*command, stdout=asyncio.subprocess.PIPE)
    assert process.stdout
    first = json.loads(await process.stdout.readline())
    async with aiohttp.ClientSession() as session:
        yield Remote(first["url"], session)
    process.terminate()
    assert await process.wait() == 0
    assert '"kind": "delivered"' in Path(journal).read_text("utf-8")


async def test_a_whole_day_over_the_control_endpoints(remote: Remote) -> None:
    await remote.act("users", id=1001, first_name="Anna", username="anna")
    await remote.act("start", user=1001, payload="promo")
    buttons = [[{"text": "Yes", "callback_data": "y"}, {"text": "Site", "url": "https://e.org"}]]
    markup = {"inline_keyboard": buttons}
    status, sent = await remote.call("sendMessage", chat_id=1001, text="Hi", reply_markup=markup)
    assert status == 200
    assert (await remote.act("press", user=1001, label="Yes"))["query"]
    assert await remote.act("press", user=1001, label="Site") == {"url": "https://e.org"}
    await remote.act("write", user=1001, text="Hello")
    await remote.act("contact", user=1001, phone="+79000000000")
    await remote.act("file", user=1001, kind="voice")
    (row,) = await remote.read("journal", chat=1001, wait=5)
    assert (row["text"], row["buttons"][0][0]["text"]) == ("Hi", "Yes")
    assert await remote.read("journal", after=row["seq"]) == []
    assert (await remote.read("transcript", chat=1001))[:2] == [
        "Anna: /start promo",
        "bot: Hi [Yes | Site]",
    ]
    _, answer = await remote.call("getUpdates")
    assert len(answer["result"]) == 5
    await remote.act("faults", kind="flood", method="sendMessage", retry_after=4)
    assert (await remote.call("sendMessage", chat_id=1001, text="Hi"))[0] == 429
    await remote.act("block", user=1001)
    assert (await remote.call("sendMessage", chat_id=1001, text="Hi"))[0] == 403
    calls = await remote.read("calls", method="sendMessage")
    assert [call["status"] for call in calls] == [200, 429, 403]
    assert sent["result"]["message_id"] == row["message_id"]

    group = await remote.act("groups", title="Talk")
    channel = await remote.act("channels", title="News", discussion=group["id"])
    await remote.act("put_bot", chat=group["id"], user=1001, admin=True)
    post = await remote.act("post", chat=channel["id"], text="Read")
    await remote.act(
        "comment", user=1001, chat=channel["id"], message_id=post["message_id"], text="INFO"
    )
    assert (await remote.read("transcript", chat=group["id"]))[-2:] == [
        "Telegram: Read",
        "Anna: INFO",
    ]
