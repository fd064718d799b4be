"""Updates that come by webhook: whose they are, stored before 200, once, in either mode."""

import asyncio
import json
from collections.abc import AsyncIterator
from io import BytesIO

import pytest
from aiohttp import ClientSession
from prometheus_client import CollectorRegistry, generate_latest

from bots.hooks import BODY_LIMIT
from storage.bots import move_cursor
from storage.database import open_database
from storage.tables import bots
from storage.work import DatabaseUnavailable
from tests.bots.hooked import GROUP, SECRET, Hooked, hooked
from voronka.arrivals import Arrivals

ANNA, BORIS = 501, 502
HEADER = "X-Telegram-Bot-Api-Secret-Token"


async def _house(url: str, folder) -> AsyncIterator[Hooked]:
    database = await open_database(url, exclusive=True)
    async with hooked(database, folder) as made:
        made.anna = made.tg.add_user(ANNA, "Анна")
        made.vk.add_user(BORIS, first_name="Борис")
        yield made
    await database.close()


@pytest.fixture
async def house(new_sqlite, tmp_path) -> AsyncIterator[Hooked]:
    """Both messengers and the program."""
    async for made in _house(new_sqlite(), tmp_path):
        yield made


@pytest.fixture
async def either(database_url: str, tmp_path) -> AsyncIterator[Hooked]:
    """The same on SQLite and on PostgreSQL."""
    async for made in _house(database_url, tmp_path):
        yield made


def update(number=9_000_001, text="Привет", who=ANNA) -> dict:
    """An update as Telegram writes it."""
    person = {"id": who, "is_bot": False, "first_name": "Анна"}
    chat = {"id": who, "type": "private", "first_name": "Анна"}
    message = {"message_id": 1, "date": 1, "chat": chat, "from": person, "text": text}
    return {"update_id": number, "message": message}


def event(number="e1", **changes) -> dict:
    """An event as VK writes it."""
    message = {"from_id": BORIS, "peer_id": BORIS, "text": "Привет", "conversation_message_id": 1}
    told = {"group_id": GROUP, "type": "message_new", "event_id": number, "v": "5.199"}
    return {**told, "object": {"message": message}, "secret": SECRET, **changes}


async def post(house: Hooked, bot: str, body, headers=None, secret=SECRET) -> tuple[int, str]:
    """What the program answers to a request."""
    data = BytesIO(body if isinstance(body, bytes) else json.dumps(body).encode())
    given = {HEADER: secret} if secret and bot == "tg" else {}
    async with (
        ClientSession() as session,
        session.post(house.url(bot), data=data, headers={**given, **(headers or {})}) as answer,
    ):
        return answer.status, await answer.text()


async def test_a_telegram_webhook_stands_with_its_secret_and_plays(house: Hooked):
    await house.open()
    await house.standing()
    told = house.bot.webhook
    assert (told["url"], told["secret_token"], told["max_connections"]) == (
        house.url("tg"), SECRET, 40,
    )  # fmt: skip
    assert house.bot.queue.allowed == {"message", "callback_query", "my_chat_member"}
    house.anna.start("promo")
    await house.settled()
    assert "Какой у вас уровень?" in house.texts(ANNA)[-1]
    assert [row.source_key.split(":")[0] for row in await house.events()] == ["tg"]


async def test_a_vk_callback_server_is_confirmed_and_gets_every_event_we_need(house: Hooked):
    await house.open()
    await house.standing()
    (server,) = house.community.callbacks.servers.values()
    assert (server.url, server.secret_key, server.status) == (house.url("vk"), SECRET, "ok")
    wanted = "message_new message_event message_allow message_deny wall_reply_new group_join"
    assert [kind for kind in wanted.split() if not server.types[kind]] == []
    house.vk.people.start(GROUP, BORIS)
    await house.settled()
    shown = [one.text for one in house.community.dialog(BORIS).messages if one.out]
    assert "Какой у вас уровень?" in shown[-1]
    assert house.community.callbacks.given_up == []


@pytest.mark.parametrize("secret", ["", "wrong", SECRET[:-1], SECRET + "0", "я"])
async def test_without_the_secret_nothing_is_stored(house: Hooked, secret):  # R10
    await house.open()
    header = {HEADER: secret.encode().decode("latin-1")} if secret else {}
    assert (await post(house, "tg", update(), header, secret=""))[0] == 401
    assert (await post(house, "vk", event(secret=secret)))[0] == 401
    assert (await post(house, "vk", event(group_id=GROUP + 1)))[0] == 403
    spoilt = event()
    del spoilt["secret"]
    assert (await post(house, "vk", spoilt))[0] == 401
    assert (await post(house, "nobody", update()))[0] == 404
    assert await house.events() == await house.people() == []


async def test_a_confirmation_is_answered_with_the_code_and_remove_never_is(house: Hooked):
    await house.open()
    await house.standing()
    told = {"type": "confirmation", "group_id": GROUP}
    assert await post(house, "vk", told) == (200, house.community.callbacks.code)
    assert (await post(house, "vk", {**told, "group_id": 1}))[0] == 403
    for body in (
        event(),
        event("e2", type="telepathy"),
        event("e3", object=5),
        event("e4", type=7),
    ):
        assert await post(house, "vk", body) == (200, "ok")
    assert [row.source_key for row in await house.events()] == [
        "vk:vk:e1", "vk:vk:e2", "vk:vk:e3", "vk:vk:e4",
    ]  # fmt: skip


async def test_what_comes_five_times_is_stored_once(either: Hooked):  # R2
    await either.open()
    answers = await asyncio.gather(*(post(either, "tg", update()) for _ in range(5)))
    assert {status for status, _ in answers} == {200}
    again = {"X-Retry-Counter": "1"}
    answers = await asyncio.gather(*(post(either, "vk", event(), again) for _ in range(5)))
    assert set(answers) == {(200, "ok")}
    assert [row.source_key for row in await either.events()] == ["tg:tg:9000001", "vk:vk:e1"]
    assert len(await either.people()) == 2
    assert [either.runner.fetchers[one].repeats for one in ("tg", "vk")] == [4, 4]
    assert either.runner.receiver("vk").retries == 5
    assert either.runner.receiver("tg").outcomes == {"stored": 5}
    registry = CollectorRegistry()
    registry.register(Arrivals(either.runner.fetchers))
    told = generate_latest(registry).decode()
    assert 'voronka_repeated_updates_total{bot="tg"} 4.0' in told
    assert 'voronka_webhook_requests_total{bot="vk",outcome="stored"} 5.0' in told
    assert 'voronka_webhook_retries_total{bot="vk"} 5.0' in told


async def test_without_the_database_the_messenger_is_asked_to_repeat(house: Hooked):  # R1, R11
    await house.open()
    real = house.runner.house.database

    class Away:
        def __getattr__(self, name):
            if name == "commit":
                raise DatabaseUnavailable("away")
            return getattr(real, name)

    house.runner.house.database = Away()
    assert (await post(house, "tg", update()))[0] == 503
    assert (await post(house, "vk", event()))[0] == 503
    house.runner.house.database = real
    assert await house.events() == []
    assert {facts.get("bot") for facts in house.told("database")} >= {"tg", "vk"}
    assert (await post(house, "tg", update()))[0] == 200
    assert (await post(house, "vk", event()))[0] == 200
    assert len(await house.events()) == 2


@pytest.mark.parametrize(
    "body",
    [
        b"", b"{", b"[]", b"null", b"5", b"\xff", b"[" * 100_000,
        b'{"update_id": "x"}', b'{"update_id": 1, "a": "\\ud800"}',
    ],
)  # fmt: skip
async def test_what_cannot_be_read_blocks_nobody(house: Hooked, body):
    await house.open()
    assert (await post(house, "tg", body))[0] == 200  # else Telegram repeats it for ever
    assert (await post(house, "vk", body))[0] in (400, 403)
    assert await house.events() == []
    assert {"bot": "tg"} in house.told("unreadable")


async def test_a_poisoned_update_is_stored_and_the_next_one_is_played(house: Hooked):  # R5, R6
    await house.open()
    poisoned = update(1, who=ANNA + 1)
    poisoned["message"]["text"] = {"not": "a text"}
    assert (await post(house, "tg", poisoned))[0] == 200
    assert (await post(house, "tg", {"update_id": 2}))[0] == 200
    assert (await post(house, "tg", update(3, "/start")))[0] == 200

    async def states() -> dict[str, str]:
        return {row.source_key: row.state for row in await house.events()}

    async def played() -> bool:
        return (await states())["tg:tg:3"] == "done"

    await house.until(played)
    found = await states()
    assert found["tg:tg:1"] in {"new", "dead"}
    assert found["tg:tg:2"] == "ignored"


async def test_a_body_that_is_too_long_is_not_read(house: Hooked):
    await house.open()
    assert (await post(house, "tg", b" " * (BODY_LIMIT + 1)))[0] == 413
    assert await house.events() == []


async def test_the_secret_is_kept_nowhere(house: Hooked):  # R56
    await house.open()
    await house.standing()
    await post(house, "vk", event())
    (row,) = await house.events()
    assert SECRET.encode() not in row.raw_sealed
    assert "secret" not in house.runner.house.seal.open_json("inbox.raw_sealed", row.raw_sealed)
    assert SECRET not in await house.hooks["tg"].hook.memory.known()
    assert SECRET not in repr(house.hooks["tg"].hook)


async def test_a_second_start_changes_nothing_at_the_messengers(house: Hooked):
    await house.open()
    await house.standing()
    await house.close()
    house.tg.journal.calls.clear()
    before = len(house.vk.journal.calls())
    await house.open()
    await house.standing()
    assert "setWebhook" not in {call.method for call in house.tg.journal.calls}
    asked = {call.method for call in house.vk.journal.calls()[before:]}
    assert not asked & {
        "groups.addCallbackServer", "groups.editCallbackServer", "groups.setCallbackSettings",
    }  # fmt: skip


async def test_another_secret_is_told_to_the_messengers(house: Hooked):
    await house.open()
    await house.standing()
    await house.close()
    house.secret = "another-secret-that-is-just-as-long-as-it_is"
    await house.open()
    await house.until(lambda: house.bot.webhook["secret_token"] == house.secret)
    (server,) = house.community.callbacks.servers.values()
    await house.until(lambda: (server.secret_key, server.status) == (house.secret, "ok"))


async def test_a_foreign_webhook_gives_way_only_with_consent(house: Hooked):
    foreign = "http://foreign.invalid/hook"
    await house.tg.request(house.bot, "setWebhook", url=foreign)
    await house.open()
    await house.until(lambda: house.runner.fetchers["tg"]._conflicts)
    assert house.bot.queue.webhook_url == foreign
    await house.close()
    await house.open(consent=True)
    await house.until(lambda: house.bot.queue.webhook_url == house.url("tg"))


async def test_polling_removes_our_own_webhook_by_itself_and_no_other(house: Hooked):
    await house.open()
    await house.standing()
    await house.close()
    house.anna.start("promo")
    house.vk.people.start(GROUP, BORIS)
    await house.open(tg="polling", vk="polling")
    await house.settled()
    assert not house.bot.queue.webhook_url
    assert house.community.callbacks.servers == {}
    assert len(await house.people()) == 2
    await house.close()
    await house.tg.request(house.bot, "setWebhook", url="http://foreign.invalid/hook")
    house.community.callbacks.add("http://foreign.invalid/hook", "Другой", "")
    await house.open(tg="polling", vk="polling")
    await house.until(lambda: house.told("halted"))
    assert "foreign.invalid" in house.told("halted")[-1]["reason"]
    assert len(house.community.callbacks.servers) == 1


async def test_what_vk_gave_up_repeating_is_fetched_at_the_next_start(house: Hooked):
    await house.open()
    await house.standing()
    await house.close()
    house.community.callbacks.haste = 0.0001
    house.vk.people.start(GROUP, BORIS)
    await house.until(lambda: house.community.callbacks.given_up)
    await house.open()
    await house.standing()
    await house.settled()
    assert len(await house.people()) == 1


async def test_events_of_both_ways_are_one(house: Hooked):  # R2: the long poll and the callbacks
    await house.open()
    await house.standing()
    house.vk.people.start(GROUP, BORIS)
    await house.settled()
    await house.close()
    (bot,) = await house.rows(bots, bots.c.name == "vk")
    await house.database.commit(move_cursor(bot.id, "0"))
    await house.open()
    await house.standing()
    await house.settled()
    assert len(await house.events()) == 1
    shown = [one.text for one in house.community.dialog(BORIS).messages if one.out]
    assert len(shown) == 1


async def test_an_event_under_two_numbers_is_one(house: Hooked):
    house.community.callbacks.own_numbers = True
    await house.open()
    await house.standing()
    house.vk.people.start(GROUP, BORIS)
    await house.settled()
    house.vk.people.press(GROUP, BORIS, "С нуля")
    await house.settled()
    door = house.runner.receiver("vk")
    await door._sweep()
    await house.settled()
    assert len(await house.events()) == 2
    assert door.repeats == 2
    house.vk.people.write(GROUP, BORIS, "Два")
    house.vk.people.deny(GROUP, BORIS)
    await asyncio.gather(door._sweep(), door._sweep())
    await house.settled()
    raws = [row for row in await house.events() if row.source_key.startswith("vk:")]
    assert len(raws) == 5  # the denial alone tells no number of its own


async def test_an_address_that_vk_cannot_reach_is_told_and_tried_again(house: Hooked):
    await house.open()
    await house.standing()
    await house.close()
    house.secret = SECRET + "-new"
    hook = house.hooks["vk"]
    with pytest.raises(Exception, match="confirmation"):
        await hook.stand(consent=False, anew=True)
    assert house.statuses() == ["failed"]
    await house.open()
    await house.until(lambda: house.statuses() == ["ok"])


async def test_what_telegram_could_not_deliver_is_told(house: Hooked):
    await house.open()
    await house.standing()
    await house.close()
    house.anna.start("promo")
    await house.until(lambda: "last_error_message" in house.bot.webhook)
    house.bot.webhook["last_error_date"] += 5
    await house.open()
    await house.until(lambda: house.told("webhook"))
    assert "Connection failed" in house.told("webhook")[0]["reason"]
