"""getUpdates as the Bot API describes it: confirmation, waiting, conflicts; and webhooks."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest
from aiohttp import web

from tests.emulators.telegram.people import Person
from tests.emulators.telegram.server import TelegramEmulator
from tests.emulators.telegram.wire import ANNA, TOKEN, Wire, inline, open_wire

OTHER_POLLER = (
    "terminated by other getUpdates request; make sure that only one bot instance is running"
)
WEBHOOK_ACTIVE = (
    "can't use getUpdates method while webhook is active; "
    "use deleteWebhook to delete the webhook first"
)


@pytest.fixture
async def wire() -> AsyncIterator[Wire]:
    async with open_wire() as wire:
        wire.emulator.world.bots[TOKEN].queue.pending.clear()  # what the preparation left
        yield wire


@pytest.fixture
def anna(wire: Wire) -> Person:
    return wire.emulator.people[ANNA]


async def updates(wire: Wire, **params: Any) -> list[dict[str, Any]]:
    status, answer = await wire.call("getUpdates", **params)
    assert status == 200, answer
    return list(answer["result"])


def write(wire: Wire, *texts: str) -> None:
    bot = wire.emulator.world.bots[TOKEN]
    for text in texts:
        wire.emulator.people[ANNA].write(text, bot=bot)


def texts(batch: list[dict[str, Any]]) -> list[str]:
    return [update["message"]["text"] for update in batch]


async def polling(wire: Wire, **params: Any) -> "asyncio.Task[tuple[int, Any]]":
    """Return a poll that is waiting at the server by now."""
    queue = wire.emulator.world.bots[TOKEN].queue
    before = queue.poller
    task = asyncio.create_task(wire.call("getUpdates", timeout=50, **params))
    while queue.poller is before or queue.poller is None:
        await asyncio.sleep(0)
    return task


async def test_updates_come_again_until_they_are_confirmed(wire: Wire) -> None:
    write(wire, "one", "two", "three")
    first = await updates(wire)
    assert texts(first) == ["one", "two", "three"]
    numbers = [update["update_id"] for update in first]
    assert numbers == list(range(numbers[0], numbers[0] + 3))
    assert await updates(wire) == first
    assert texts(await updates(wire, offset=numbers[0])) == ["one", "two", "three"]
    assert texts(await updates(wire, offset=numbers[1] + 1)) == ["three"]
    assert texts(await updates(wire)) == ["three"]


async def test_a_negative_offset_forgets_all_but_the_last(wire: Wire) -> None:
    write(wire, "one", "two", "three")
    assert texts(await updates(wire, offset=-2)) == ["two", "three"]
    assert texts(await updates(wire)) == ["two", "three"]


async def test_a_limit_cuts_the_batch_and_is_kept_within_1_and_100(wire: Wire) -> None:
    write(wire, *(str(number) for number in range(103)))
    assert texts(await updates(wire, limit=2)) == ["0", "1"]
    assert len(await updates(wire, limit=0)) == 1
    assert len(await updates(wire, limit=1000)) == 100
    assert len(await updates(wire)) == 100


async def test_a_waiting_poll_wakes_at_once(wire: Wire) -> None:
    poll = await polling(wire)
    write(wire, "wake up")
    _, answer = await poll
    assert texts(answer["result"]) == ["wake up"]


async def test_a_second_poller_ends_the_first(wire: Wire) -> None:
    first = await polling(wire)
    second = await polling(wire)
    status, answer = await first
    assert (status, answer["description"]) == (409, f"Conflict: {OTHER_POLLER}")
    write(wire, "for the second")
    assert texts((await second)[1]["result"]) == ["for the second"]


async def test_a_poller_that_died_neither_conflicts_nor_takes_updates(wire: Wire) -> None:
    poll = await polling(wire)
    poll.cancel()
    queue = wire.emulator.world.bots[TOKEN].queue
    while queue.poller is not None:
        await asyncio.sleep(0)
    write(wire, "for the next")
    assert texts(await updates(wire, timeout=50)) == ["for the next"]
    assert 409 not in {call.status for call in wire.emulator.journal.calls}


async def test_a_webhook_excludes_polling(wire: Wire) -> None:
    poll = await polling(wire)
    assert (await wire.call("setWebhook", url="https://example.invalid/hook"))[0] == 200
    status, answer = await poll
    description = "Conflict: terminated by setWebhook request"
    assert (status, answer["description"]) == (409, description)
    status, answer = await wire.call("getUpdates")
    assert (status, answer["description"]) == (409, f"Conflict: {WEBHOOK_ACTIVE}")
    info = (await wire.call("getWebhookInfo"))[1]["result"]
    assert info["url"] == "https://example.invalid/hook"
    write(wire, "dropped")
    await wire.call("deleteWebhook", drop_pending_updates=True)
    assert await updates(wire) == []


async def test_allowed_updates_are_remembered_and_spare_older_ones(
    wire: Wire, anna: Person
) -> None:
    bot = wire.emulator.world.bots[TOKEN]
    write(wire, "older")
    await updates(wire, allowed_updates=["callback_query"])
    write(wire, "unheard")
    anna.press("Yes", bot=bot)
    batch = await updates(wire)
    assert [sorted(update) for update in batch] == [
        ["message", "update_id"],
        ["callback_query", "update_id"],
    ]
    await updates(wire, allowed_updates=[])
    write(wire, "heard")
    assert "message" in (await updates(wire))[-1]


async def test_each_bot_has_its_own_updates(wire: Wire, anna: Person) -> None:
    other = wire.emulator.add_bot("77:ZZZ", "third_bot")
    anna.start("deep-link_1", bot=other)
    assert await updates(wire) == []
    _, answer = await wire.call("getUpdates", "77:ZZZ")
    (update,) = answer["result"]
    assert update["message"]["text"] == "/start deep-link_1"
    assert update["message"]["entities"] == [{"type": "bot_command", "offset": 0, "length": 6}]


async def test_a_press_carries_the_message_and_the_data(wire: Wire, anna: Person) -> None:
    anna.press("Yes", bot=wire.emulator.world.bots[TOKEN])
    (update,) = await updates(wire)
    query = update["callback_query"]
    assert query["data"] == "y"
    assert query["chat_instance"]
    assert query["from"]["id"] == ANNA
    assert query["message"]["text"] == "Hello"
    assert query["message"]["reply_markup"] == inline(data="y")


async def test_a_webhook_gets_updates_in_order_until_it_agrees() -> None:
    async with TelegramEmulator(local_webhooks=True) as emulator:
        bot = emulator.add_bot(TOKEN)
        person = emulator.add_user(ANNA, "Anna")
        person.start()
        seen: list[tuple[str, str]] = []

        async def hook(request: web.Request) -> web.Response:
            body = await request.json()
            secret = request.headers["X-Telegram-Bot-Api-Secret-Token"]
            seen.append((body["message"]["text"], secret))
            if len(seen) == 1:
                return web.Response(status=500)
            return web.json_response({"method": "sendMessage", "chat_id": ANNA, "text": "Hi!"})

        app = web.Application()
        app.router.add_post("/hook", hook)
        runner = web.AppRunner(app)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        url = f"http://127.0.0.1:{runner.addresses[0][1]}/hook"
        await emulator.request(bot, "setWebhook", url=url, secret_token="s3cret")
        await emulator.journal.wait_for(lambda: emulator.journal.messages(ANNA))
        person.write("more")
        await emulator.journal.wait_for(lambda: len(emulator.journal.messages(ANNA)) == 2)
        assert seen == [("/start", "s3cret"), ("/start", "s3cret"), ("more", "s3cret")]
        assert not bot.queue.pending
        await runner.cleanup()
