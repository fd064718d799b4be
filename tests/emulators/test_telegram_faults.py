"""Faults on demand: what the bot sees, and what was delivered all the same."""

import asyncio
from collections.abc import AsyncIterator

import aiohttp
import pytest

from tests.emulators.faults import Fault, FaultPlan
from tests.emulators.telegram.wire import ANNA, GROUP, TOKEN, Wire, open_wire


@pytest.fixture
async def wire() -> AsyncIterator[Wire]:
    async with open_wire() as wire:
        yield wire


def delivered(wire: Wire) -> list[str]:
    return [row.text for row in wire.emulator.journal.delivered if row.text not in EARLIER]


EARLIER = {"Hello", "Menu", "Cat"}


async def test_a_flood_tells_how_long_to_wait(wire: Wire) -> None:
    wire.emulator.fail("flood", "sendMessage", retry_after=7)
    assert await wire.call("sendMessage", chat_id=ANNA, text="one") == (
        429,
        {
            "ok": False,
            "error_code": 429,
            "description": "Too Many Requests: retry after 7",
            "parameters": {"retry_after": 7},
        },
    )
    assert (await wire.call("sendMessage", chat_id=ANNA, text="two"))[0] == 200
    assert delivered(wire) == ["two"]


async def test_a_fault_may_be_meant_for_one_chat_and_come_later(wire: Wire) -> None:
    wire.emulator.fail("blocked", "sendMessage", chat=ANNA, times=2, skip=1)
    answers = [
        (await wire.call("sendMessage", chat_id=chat, text=f"{chat} {number}"))[0]
        for number in range(4)
        for chat in (ANNA, GROUP)
    ]
    assert answers == [200, 200, 403, 200, 403, 200, 200, 200]


@pytest.mark.parametrize("kind", ["server_error", "server_error_html", "server_error_empty"])
async def test_a_broken_server_may_answer_with_anything(wire: Wire, kind: str) -> None:
    wire.emulator.fail(kind, "sendMessage", status=502)
    url = f"{wire.emulator.url}/bot{TOKEN}/sendMessage"
    async with wire.session.post(url, data={"chat_id": ANNA, "text": "x"}) as answer:
        body = await answer.text()
    assert answer.status == 502
    assert {"server_error": '"ok": false', "server_error_html": "<html>"}.get(kind, "") in body
    assert (body == "") == (kind == "server_error_empty")
    assert delivered(wire) == []


@pytest.mark.parametrize(("kind", "texts"), [("cut_before", []), ("cut_after", ["x"])])
async def test_a_cut_connection_says_nothing_about_delivery(
    wire: Wire, kind: str, texts: list[str]
) -> None:
    wire.emulator.fail(kind, "sendMessage")
    with pytest.raises(aiohttp.ClientError):
        await wire.call("sendMessage", chat_id=ANNA, text="x")
    assert delivered(wire) == texts
    call = wire.emulator.journal.calls[-1]
    assert (call.status, call.fault) == (0, kind)


async def test_an_answer_can_be_held_back(wire: Wire) -> None:
    wire.emulator.fail("hold", "sendMessage")
    waiting = asyncio.create_task(wire.call("sendMessage", chat_id=ANNA, text="x"))
    await wire.emulator.journal.wait_for(lambda: delivered(wire))
    assert not waiting.done()
    wire.emulator.release()
    assert (await waiting)[0] == 200


async def test_a_fault_for_any_method_spares_the_poll(wire: Wire) -> None:
    wire.emulator.fail("flood")
    assert (await wire.call("getUpdates"))[0] == 200
    assert (await wire.call("sendMessage", chat_id=ANNA, text="x"))[0] == 429


async def test_markup_may_be_refused_on_demand(wire: Wire) -> None:
    wire.emulator.fail("cant_parse", "sendMessage")
    status, answer = await wire.call("sendMessage", chat_id=ANNA, text="x")
    assert status == 400
    assert answer["description"].startswith("Bad Request: can't parse entities: ")


def test_probable_faults_repeat_with_the_same_seed() -> None:
    def strikes(seed: int) -> list[bool]:
        plan = FaultPlan(seed)
        plan.add(Fault("flood", probability=0.3, times=None))
        return [plan.take("sendMessage") is not None for _ in range(200)]

    assert strikes(1) == strikes(1)
    assert strikes(1) != strikes(2)
    assert 30 < sum(strikes(1)) < 90


def test_a_misspelt_fault_is_not_planned() -> None:
    with pytest.raises(ValueError, match="there is no fault 'explosion'"):
        FaultPlan().add_json({"kind": "explosion"})
    with pytest.raises(ValueError, match="a fault has no metod"):
        FaultPlan().add_json({"kind": "flood", "metod": "sendMessage"})
