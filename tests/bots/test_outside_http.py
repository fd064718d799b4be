"""Requests over real HTTP: signed, held to the project's servers, tried again, never in the way."""

import asyncio
import hashlib
import hmac
import json
from dataclasses import replace
from datetime import timedelta

import pytest
from aiohttp import ClientTimeout
from sqlalchemy import select, update

from bots.outside.addresses import is_ours, is_public
from bots.outside.signing import is_signed, signature
from bots.requesting import MOST_TRIES, Requester
from storage.database import open_database
from storage.hold import FAR
from storage.tables import requests
from storage.work import DatabaseUnavailable, Do
from tests.bots.outside import Names, OutsideServer, asking

FUNNEL = """
funnel: school
entry: [start, {words: [другой], flow: other}]
fields: {total: {type: number}}
flows:
  main:
    - Считаем
    - http:
        post: http://%s/price?who={{ first_name }}
        headers: {Authorization: Bearer $KEY}
        body: {name: "{{ first_name }}", score: "{{ score }}"}
        save: {total: data.total}
      otherwise: [Не вышло, end]
    - Итого {{ total }}
  other: [И тебе привет]
"""


@pytest.fixture
async def server():
    """A server of the project's own network."""
    made = OutsideServer()
    await made.start()
    yield made
    await made.stop()


@pytest.fixture
async def world(database_url, server):
    """A runtime whose funnel may ask the server."""
    database = await open_database(database_url, exclusive=True)
    async with asking(database, FUNNEL % server.host, f'private: ["{server.host}"]') as made:
        yield made
    await database.close()


async def test_the_answer_of_a_server_goes_into_the_text(world, server):
    await world.does(start="", name="Аня & Ко")
    assert world.tg.texts() == ["Считаем", "Итого 4500"]
    heard = server.heard[0]
    assert heard["method"] == "POST"
    assert heard["path"] == "/price?who=%D0%90%D0%BD%D1%8F%20%26%20%D0%9A%D0%BE"
    assert json.loads(heard["body"]) == {"name": "Аня & Ко", "score": 0}
    assert heard["headers"]["Authorization"] == "Bearer s3cret-of-the-server"
    assert heard["headers"]["Content-Type"] == "application/json"
    assert [row.state for row in await world.requests()] == ["done"]


async def test_a_request_is_signed_with_its_time_and_its_body(world, server):
    await world.does(start="")
    heard = server.heard[0]
    moment, given = (heard["headers"][f"X-Voronka-{name}"] for name in ("Timestamp", "Signature"))
    secret = world.runner.seal.secret("http")
    wanted = hmac.new(secret.encode(), f"{moment}.".encode() + heard["body"], hashlib.sha256)
    assert given == f"sha256={wanted.hexdigest()}"
    assert int(moment) == int(world.clock.now().timestamp())
    assert is_signed([secret], int(moment), heard["body"], given)
    assert not is_signed([secret], int(moment) + 1, heard["body"], given)
    assert not is_signed(["another"], int(moment), heard["body"], given)


async def test_the_projects_own_secret_signs_when_it_names_one(database_url, server):
    database = await open_database(database_url, exclusive=True)
    http = f'private: ["{server.host}"], secret: $SIGN'
    async with asking(database, FUNNEL % server.host, http) as world:
        await world.does(start="")
    heard = server.heard[0]
    moment = int(heard["headers"]["X-Voronka-Timestamp"])
    assert heard["headers"]["X-Voronka-Signature"] == signature("shared", moment, heard["body"])
    await database.close()


async def test_secrets_stay_names_in_the_database(world, server):
    await world.does(start="")
    row = (await world.requests())[0]
    stored = world.runner.seal.open_json("requests.request_sealed", row.request_sealed)
    assert stored["body"]["secrets"] == {"Authorization": "Bearer $KEY"}
    assert "s3cret" not in json.dumps(stored)
    assert row.target == f"http:{server.host}"


async def test_what_fails_for_a_while_is_tried_again_with_the_same_key(world, server):
    server.answers = [(500, {}), (503, {}), (429, {}, {"Retry-After": "600"})]
    await world.does(start="")
    for seconds, heard in ((4, 1), (1, 2), (59, 2), (1, 3), (599, 3), (1, 4)):
        await world.waits(seconds)
        assert len(server.heard) == heard, (seconds, heard)
    assert world.tg.texts()[1].startswith("Итого")
    assert len({one["headers"]["Idempotency-Key"] for one in server.heard}) == 1
    assert [one.kind for one in await world.events() if one.kind == "request"] == ["request"]


async def test_a_request_taken_while_the_database_fails_is_taken_again(world, server, monkeypatch):
    claim = Requester._claim
    answers_lost = [DatabaseUnavailable("the answer is lost, the claim is stored")]

    async def claimed(self, target, room):
        rows = await claim(self, target, room)
        if answers_lost:
            raise answers_lost.pop()
        return rows

    monkeypatch.setattr(Requester, "_claim", claimed)
    world.tg.puts(start="")
    await world.fetch()
    await world.runner.player.drain()
    at_work = asyncio.create_task(world.runner.requester.run())
    async with asyncio.timeout(20):
        while [row.state for row in await world.requests()] != ["done"]:
            await asyncio.sleep(0.05)
    world.runner.house.stopping.set()
    await at_work
    assert [one["path"].partition("?")[0] for one in server.heard] == ["/price"]
    assert [row.tries for row in await world.requests()] == [1]


async def test_what_fails_every_time_goes_by_otherwise(world, server):
    server.usual = (500, {})
    await world.does(start="")
    for seconds in (5, 60, 300):
        await world.waits(seconds)
    assert world.tg.texts() == ["Считаем", "Не вышло"]
    assert len(server.heard) == 4
    row = (await world.requests())[0]
    assert (row.state, row.error) == ("dead", "the server answered 500")
    told = world.told("request_dead")
    assert told == [
        {
            "target": f"http:{server.host}",
            "place": "main.http",
            "reason": "the server answered 500",
        }
    ]
    await world.waits(86_400)
    assert len(server.heard) == 4


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        ((404, {}), "the server answered 404"),
        ((302, {}, {"Location": "http://127.0.0.1:1/"}), "the server answered 302"),
        ((200, b"x" * 70_000), "the answer is larger than 64 KB"),
        ((200, b"no json"), "the answer has no data.total"),
        ((200, b"[" * 60_000), "the answer has no data.total"),
        ((200, {"data": {}}), "the answer has no data.total"),
    ],
)
async def test_what_will_never_succeed_goes_by_otherwise_at_once(world, server, answer, reason):
    server.answers = [answer]
    await world.does(start="")
    assert world.tg.texts() == ["Считаем", "Не вышло"]
    assert len(server.heard) == 1
    assert reason in [row.reason for row in await world.notes("call_failed")]


async def test_a_slow_server_holds_up_nobody(world, server):
    server.gate = asyncio.Event()
    world.tg.puts(start="")
    await world.fetch()
    await world.runner.player.drain()
    await world.runner.requester.step()
    await asyncio.wait_for(server.arrived.wait(), 10)
    world.tg.puts(who="8", text="другой")
    await world.fetch()
    await world.runner.player.drain()
    for sender in world.runner.senders.values():
        await sender.drain()
    assert world.tg.texts("8") == ["И тебе привет"]
    assert world.tg.texts() == ["Считаем"]
    server.gate.set()
    await world.runner.settle()
    assert world.tg.texts()[1].startswith("Итого")


async def test_no_answer_in_time_is_tried_again(world, server):
    server.gate = asyncio.Event()
    session = world.runner.outside.http._session(private=True)
    session._timeout = ClientTimeout(total=0.2)
    await world.does(start="")
    row = (await world.requests())[0]
    assert (row.state, row.error, row.tries) == ("queued", "no answer within 10 seconds", 1)
    assert not await world.runner.idle()


async def test_a_server_that_is_not_there_is_tried_again(world, server):
    await server.stop()
    await world.does(start="")
    row = (await world.requests())[0]
    assert row.state == "queued"
    assert row.error.startswith("the connection failed")


async def test_a_person_who_left_is_not_brought_back_by_the_answer(world, server):
    server.answers = [(500, {})]
    await world.does(start="")
    await world.does(text="стоп")
    await world.waits(5)
    assert len(server.heard) == 2
    assert len(world.tg.texts()) == 2
    assert [row.reason for row in await world.notes("stale")] == ["request"]


async def test_a_request_in_flight_when_the_process_died_is_made_again(world, server):
    server.gate = asyncio.Event()
    world.tg.puts(start="")
    await world.fetch()
    await world.runner.player.drain()
    await world.runner.requester.step()
    await asyncio.wait_for(server.arrived.wait(), 10)
    for task in world.runner.requester.flying.values():
        task.cancel()
    await world.runner.outside.close()
    server.gate.set()
    server.gate = None
    await world.restart()
    await world.runner.settle()
    assert world.tg.texts()[1].startswith("Итого")
    assert len({one["headers"]["Idempotency-Key"] for one in server.heard}) == 1
    assert [row.state for row in await world.requests()] == ["done"]


async def test_the_answer_of_a_holder_who_lost_the_lease_changes_nothing(world, server):
    server.gate = asyncio.Event()
    world.tg.puts(start="")
    await world.fetch()
    await world.runner.player.drain()
    requester = world.runner.requester
    await requester.step()
    await asyncio.wait_for(server.arrived.wait(), 10)
    requester.lease.fence += 1  # another process had it meanwhile
    server.gate.set()
    await world.runner.settle()
    assert [row.kind for row in await world.events() if row.kind == "request"] == ["request"]
    assert len(world.tg.texts()) == 2


ALLOWED = FUNNEL % "api.example.ru"


async def refusal(database_url, names, http="allow: [api.example.ru]"):
    """Why a request to a name that is resolved so is refused."""
    database = await open_database(database_url, exclusive=True)
    async with asking(database, ALLOWED, http) as world:
        world.runner.outside.http._resolver = names
        await world.does(start="")
        row = (await world.requests())[0]
    await database.close()
    return row.error


@pytest.mark.parametrize(
    "address", ["127.0.0.1", "10.0.0.5", "169.254.169.254", "::1", "fd00::1", "::ffff:10.0.0.1"]
)
async def test_a_name_of_a_private_address_is_refused(database_url, address):
    reason = await refusal(database_url, Names(address))
    assert reason == "the server has a private address"


async def test_a_name_that_changes_its_address_is_looked_at_when_it_connects(database_url, server):
    # public when it is looked at, private when it is connected to: only a look at the socket helps
    names = Names("203.0.113.77", "127.0.0.1")
    assert (await names.resolve("api.example.ru"))[0]["host"] == "203.0.113.77"
    assert await refusal(database_url, names) == "the server has a private address"
    assert names.asked == 2


async def test_a_cloud_s_metadata_is_refused_even_to_a_private_server(database_url):
    reason = await refusal(database_url, Names("169.254.169.254"), "private: [api.example.ru]")
    assert reason == "the server has a private address"


def test_addresses_are_public_or_ours_or_neither():
    public = ("8.8.8.8", "2a00:1450:4010::8a", "64:ff9b::808:808")
    ours = ("127.0.0.1", "10.1.2.3", "192.168.0.1", "172.16.0.1", "::1", "fc00::1")
    neither = (
        "169.254.169.254", "0.0.0.0", "224.0.0.1", "255.255.255.255", "fe80::1%eth0", "::",
        "100.100.100.200", "fd00:ec2::254", "::ffff:169.254.169.254", "64:ff9b::a9fe:a9fe",
    )  # fmt: skip
    assert [is_public(each) for each in public] == [True] * len(public)
    assert [is_public(each) for each in (*ours, *neither)] == [False] * 16
    assert [is_ours(each) for each in ours] == [True] * len(ours)
    assert [is_ours(each) for each in neither] == [False] * len(neither)
    assert not is_public("2002:7f00:1::")  # 6to4 of 127.0.0.1


async def test_a_server_that_was_taken_off_the_list_is_asked_no_more(world, server):
    server.answers = [(500, {})]
    await world.does(start="")
    station = next(iter(world.runner.house.stations.values()))
    station.bundle = replace(station.bundle, http=replace(station.bundle.http, private=()))
    await world.waits(5)
    assert world.tg.texts() == ["Считаем", "Не вышло"]
    assert len(server.heard) == 1


@pytest.mark.parametrize("name", ["$NOBODY", "$VORONKA_KEYS"])
async def test_a_secret_that_nobody_may_have_stops_the_request(database_url, server, name):
    database = await open_database(database_url, exclusive=True)
    funnel = (FUNNEL % server.host).replace("$KEY", name)
    async with asking(database, funnel, f'private: ["{server.host}"]') as world:
        await world.does(start="")
        assert (await world.requests())[0].error == f"{name} is not set"
    assert server.heard == []
    await database.close()


async def test_a_request_that_the_program_never_outlives_is_given_up(world, server):
    server.answers = [(500, {})]
    await world.does(start="")
    await world.database.commit([Do(update(requests).values(tries=MOST_TRIES))])
    await world.waits(5)
    assert world.tg.texts() == ["Считаем", "Не вышло"]
    assert len(server.heard) == 1


async def test_a_request_of_a_bot_that_is_not_at_work_waits_for_it(world, server):
    stations = world.runner.house.stations
    world.tg.puts(start="")
    await world.fetch()
    await world.runner.player.drain()
    ((number, station),) = stations.items()
    stations.clear()
    for _ in range(MOST_TRIES + 2):
        await world.runner.requester.drain()
        world.clock.move(timedelta(seconds=30))
    assert [(row.state, row.tries) for row in await world.requests()] == [("queued", 0)]
    stations[number] = station
    await world.runner.settle()
    assert world.tg.texts()[1].startswith("Итого")


async def test_a_request_of_another_life_of_the_database_has_another_key(world, server):
    await world.does(start="")
    (row,) = await world.database.fetch(select(requests.c.id, requests.c.key))
    await world.database.commit([Do(update(requests).values(id=row.id + FAR, state="queued"))])
    await world.runner.settle()
    assert len({one["headers"]["Idempotency-Key"] for one in server.heard}) == 2
