"""Events from outside over HTTP: signed, in time, of somebody known, stored before the answer."""

import json
from datetime import timedelta

import httpx2
import pytest
from sqlalchemy import select
from starlette.applications import Starlette

from bots.happenings import person_token
from bots.outside.signing import SIGNATURE, TIMESTAMP, signature
from bots.web.events import event_routes
from storage.database import open_database
from storage.tables import identities
from storage.work import DatabaseUnavailable
from tests.bots.outside import asking

FUNNEL = """
funnel: school
entry:
  - start
  - event: paid
    flow: thanks
    save: {sum: order.amount}
fields: {sum: {type: number}, phone: {type: phone}}
flows:
  main:
    - {consent: personal_data, refused: [end]}
    - ask: Телефон?
      save: phone
      answer: phone
    - ask: Оплатили?
      id: pay
  thanks: ["Получили {{ sum }}"]
"""
SECRET = "outside"


class Door:
    """Posts events as a shop would."""

    def __init__(self, world) -> None:
        self.world = world
        app = Starlette(routes=event_routes(world.runner.house, lambda: [SECRET]))
        transport = httpx2.ASGITransport(app=app)
        self.client = httpx2.AsyncClient(transport=transport, base_url="http://bots.test")

    async def posts(self, body, *, bot="tg", secret=SECRET, late=0, **headers):
        """The status and the JSON of the answer."""
        content = body if isinstance(body, bytes) else json.dumps(body).encode()
        moment = int(self.world.clock.now().timestamp()) - late
        signed = {TIMESTAMP: str(moment), SIGNATURE: signature(secret, moment, content)}
        answer = await self.client.post(
            f"/events/{bot}", content=content, headers={**signed, **headers}
        )
        return answer.status_code, answer.json()


@pytest.fixture
async def world(database_url):
    database = await open_database(database_url, exclusive=True)
    async with asking(database, FUNNEL, "") as made:
        await made.does(start="", name="Аня")
        await made.presses("Согласен")
        await made.does(text="8 916 123-45-67")
        yield made
    await database.close()


@pytest.fixture
async def door(world):
    made = Door(world)
    yield made
    await made.client.aclose()


def paid(person=None, **more):
    return {
        "event": "paid",
        "person": person or {"id": "7"},
        "data": {"order": {"amount": 4500}},
        **more,
    }


async def test_an_event_is_stored_then_answered_then_played(world, door):
    before = len(world.tg.texts())
    assert await door.posts(paid()) == (200, {"stored": True})
    assert [row.state for row in await world.events() if row.kind == "event"] == ["new"]
    await world.runner.settle()
    assert world.tg.texts()[before:] == ["Получили 4500"]
    raw = next(row for row in await world.events() if row.kind == "event").raw_sealed
    assert b"4500" not in raw


@pytest.mark.parametrize("kind", ["id", "plain", "phone", "token"])
async def test_a_person_is_named_by_what_is_known_of_them(world, door, kind):
    identity = await world.database.fetch(_first_identity())
    named = {
        "id": {"id": "7"},
        "plain": "7",
        "phone": {"phone": "+7 (916) 123-45-67"},
        "token": {"token": person_token(world.runner.seal, identity[0].id)},
    }
    assert (await door.posts(paid(named[kind])))[0] == 200


def _first_identity():
    return select(identities).order_by(identities.c.id)


async def test_a_repeat_is_known_by_its_key_and_stored_once(world, door):
    assert await door.posts(paid(), **{"Idempotency-Key": "order 1"}) == (200, {"stored": True})
    assert await door.posts(paid(), **{"Idempotency-Key": "order 1"}) == (200, {"stored": False})
    assert await door.posts(paid(id="order 2")) == (200, {"stored": True})
    assert await door.posts(paid(id="order 2")) == (200, {"stored": False})
    assert await door.posts(paid(note=1)) == (200, {"stored": True})
    assert await door.posts(paid(note=1)) == (200, {"stored": False})  # the very same request
    assert len([row for row in await world.events() if row.kind == "event"]) == 3


async def test_what_is_not_signed_by_us_or_not_now_is_refused(world, door):
    for more, error in (
        ({"secret": "another"}, "bad-signature"),
        ({"late": 301}, "stale"),
        ({"late": -301}, "stale"),
        ({TIMESTAMP: "soon"}, "bad-signature"),
        ({TIMESTAMP: "9" * 40}, "bad-signature"),
        ({SIGNATURE: "sha256="}, "bad-signature"),
        ({SIGNATURE: "é"}, "bad-signature"),
    ):
        headers = {name: more.pop(name) for name in (TIMESTAMP, SIGNATURE) if name in more}
        encoded = {name: value.encode() for name, value in headers.items()}
        status, told = await door.posts(paid(), **more, **encoded)
        assert (status, told["error"]) == (401, error)
        assert told["ru"]
        assert told["en"]
    assert (await door.posts(paid(), late=299))[0] == 200
    assert (await door.posts(paid(note=2), bot="nobody", secret="another"))[0] == 401


@pytest.mark.parametrize(
    ("body", "status", "error"),
    [
        (b"no json", 400, "bad-json"),
        (b"[1]", 400, "bad-json"),
        (b'{"event": "paid", "person": {"id": "7"}, "data": NaN}', 400, "bad-json"),
        (b"[" * 60_000, 400, "bad-json"),
        (b'"\\ud800"', 400, "bad-json"),
        (b"x" * 66_000, 413, "too-large"),
        ({"event": "paid", "person": {"id": "7"}, "data": [1]}, 400, "bad-json"),
        ({"event": "Оплата", "person": {"id": "7"}}, 400, "bad-event"),
        ({"person": {"id": "7"}}, 400, "bad-event"),
        ({"event": "paid"}, 400, "bad-person"),
        ({"event": "paid", "person": {"id": "7", "phone": "1"}}, 400, "bad-person"),
        ({"event": "paid", "person": {"name": "Аня"}}, 400, "bad-person"),
        ({"event": "paid", "person": {"phone": "нет"}}, 400, "bad-person"),
        ({"event": "paid", "person": {"id": "8"}}, 404, "unknown-person"),
        ({"event": "paid", "person": {"phone": "+79990000000"}}, 404, "unknown-person"),
        ({"event": "paid", "person": {"email": "a@example.ru"}}, 404, "unknown-person"),
        ({"event": "paid", "person": {"token": "1.forged"}}, 404, "unknown-person"),
        ({"event": "paid", "person": {"id": "7"}, "id": "x" * 201}, 400, "bad-key"),
    ],
)
async def test_what_cannot_be_understood_is_refused_with_its_reason(door, body, status, error):
    got, told = await door.posts(body)
    assert (got, told["error"]) == (status, error)


async def test_a_phone_that_several_people_left_names_nobody(world, door):
    await world.does(start="", who="8")
    await world.presses("Согласен", "8")
    await world.does(text="8 916 123-45-67", who="8")
    status, told = await door.posts(paid({"phone": "+79161234567"}))
    assert (status, told["error"]) == (409, "several-people")


async def test_an_unknown_bot_is_told_only_to_those_who_sign(door):
    assert (await door.posts(paid(), bot="vk"))[1]["error"] == "unknown-bot"


async def test_without_any_secret_nothing_is_let_in(world):
    app = Starlette(routes=event_routes(world.runner.house, list))
    transport = httpx2.ASGITransport(app=app)
    async with httpx2.AsyncClient(transport=transport, base_url="http://bots.test") as client:
        content = json.dumps(paid()).encode()
        moment = int(world.clock.now().timestamp())
        headers = {TIMESTAMP: str(moment), SIGNATURE: signature("", moment, content)}
        answer = await client.post("/events/tg", content=content, headers=headers)
    assert answer.status_code == 401


async def test_a_database_that_is_away_is_told_to_try_later(world, door):
    class Away:
        def __getattr__(self, name):
            raise DatabaseUnavailable("away")

    kept, world.runner.house.database = world.runner.house.database, Away()
    status, told = await door.posts(paid())
    world.runner.house.database = kept
    assert (status, told["error"]) == (503, "try-later")
    assert [facts["part"] for facts in world.told("database")] == ["events"]


async def test_an_event_to_someone_who_waits_comes_after_their_own_words(world, door):
    world.clock.move(timedelta(minutes=1))
    await door.posts(paid())
    world.tg.puts(text="Да")
    await world.fetch()
    await world.runner.settle()
    assert "Получили 4500" in world.tg.texts()
