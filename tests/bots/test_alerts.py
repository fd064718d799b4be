"""Alerts: what needs a person is written to the owner's chats by a living bot, and never in a loop."""

import json
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from bots.alerting import looking
from bots.channel import BotHalted, Doubtful, MessageRejected, PersonUnreachable
from bots.fetching import halt
from storage import dead, notes
from storage.database import open_database
from storage.hold import BY_HAND, Hold, begin
from storage.migration import HOLD
from storage.tables import inbox, outbox
from storage.work import DatabaseUnavailable, Do
from tests.bots import runtime
from tests.bots.runtime import World

OWNED = f"{runtime.PROJECT}alerts: {{telegram: 900, vk: 901}}\n"


@pytest.fixture
async def owned(new_sqlite) -> AsyncIterator[World]:
    """A bot on Telegram and one on VK, and an owner with a chat on each."""
    async for made in _opened(new_sqlite()):
        yield made


@pytest.fixture
async def owned_on_each(database_url: str) -> AsyncIterator[World]:
    """The same on SQLite and on PostgreSQL."""
    async for made in _opened(database_url):
        yield made


async def _opened(url: str) -> AsyncIterator[World]:
    database = await open_database(url, exclusive=True)
    made = World(database, names=("tg", "vk"))
    made.project = runtime.loaded(project=OWNED)
    made.runner = made.made()
    yield await made.open()
    await database.close()


async def looks(world, **passed) -> list[str]:
    """What the owner reads on Telegram after time has passed and the alerts have looked."""
    world.clock.move(timedelta(**passed))
    before = len(owner(world))
    await world.runner.alerts.once()
    await world.runner.settle()
    return owner(world)[before:]


def owner(world, bot="tg", chat="900") -> list[str]:
    return world.channels[bot].texts(chat)


def station(world, name="tg"):
    return next(one for one in world.runner.house.stations.values() if one.name == name)


async def test_nothing_is_told_while_all_is_well(owned: World):
    await owned.reach_lead()
    assert await looks(owned) == []
    assert await looks(owned, days=3) == []


async def test_a_halted_bot_is_told_of_by_a_living_one_of_another_channel(owned: World):
    await halt(owned.runner.house, station(owned), "Unauthorized")
    await looks(owned)
    assert owner(owned) == []
    (said,) = owner(owned, "vk", "901")
    assert "Бот «tg» остановлен: Unauthorized" in said
    assert "voronka doctor" in said


async def test_a_halted_bot_is_told_of_by_another_of_its_channel(new_sqlite):
    async for world in _two_on_telegram(new_sqlite(), "telegram: 900"):
        await halt(world.runner.house, station(world), "Unauthorized")
        await looks(world)
        assert len(owner(world, "vk")) == 1


async def test_the_bot_that_is_named_tells_every_chat_of_the_list_while_it_lives(new_sqlite):
    async for world in _two_on_telegram(new_sqlite(), "telegram: [900, 902], bot: vk"):
        world.runner.alerts.hearing(lambda *_: None)("lost", {"bot": "tg", "reason": "gap"})
        await looks(world)
        assert [len(owner(world, "vk", chat)) for chat in ("900", "902")] == [1, 1]
        await halt(world.runner.house, station(world, "vk"), "Unauthorized")
        await looks(world)
        assert [len(owner(world, "tg", chat)) for chat in ("900", "902")] == [1, 1]


async def _two_on_telegram(url: str, alerts: str) -> AsyncIterator[World]:
    database = await open_database(url, exclusive=True)
    world = World(database, names=("tg", "vk"))
    written = "vk: {channel: vk, token: $VK, group: 5,"
    project = runtime.PROJECT.replace(written, "vk: {channel: telegram, token: $V,")
    world.project = runtime.loaded(project=f"{project}alerts: {{{alerts}}}\n")
    world.channels["vk"].name = "telegram"
    world.runner = world.made()
    yield await world.open()
    await database.close()


async def test_with_every_bot_halted_only_the_log_is_left(owned: World):
    for name in ("tg", "vk"):
        await halt(owned.runner.house, station(owned, name), "Unauthorized")
    await looks(owned)
    assert await owned.calls() == []
    assert len(owned.told("halted")) == 2


async def test_a_bot_that_works_again_after_a_restart_is_told_of(owned: World):
    await halt(owned.runner.house, station(owned), "Unauthorized")
    await looks(owned)
    await owned.restart()
    assert await looks(owned, seconds=5) == ["✅ Бот «tg» снова работает"]


async def test_a_restart_does_not_tell_the_same_again(owned_on_each: World):
    owned = owned_on_each
    await halt(owned.runner.house, station(owned), "Unauthorized")
    await looks(owned)
    for _ in range(3):
        await owned.restart()
        await halt(owned.runner.house, station(owned), "Unauthorized")
        await looks(owned, seconds=5)
    assert len(owner(owned, "vk", "901")) == 1


async def test_a_refused_message_names_its_funnel_and_place_and_not_the_person(owned: World):
    owned.tg.faults = [MessageRejected("BUTTON_URL_INVALID")]
    await owned.does(start="promo", name="Мария")
    (said,) = await looks(owned)
    assert "воронки «school», место «main.level» (BUTTON_URL_INVALID)" in said
    assert "Мария" not in said
    for who in ("8", "9"):
        owned.tg.faults = [MessageRejected("BUTTON_URL_INVALID")]
        await owned.does(who=who, start="promo")
    assert await looks(owned, minutes=59) == []
    (again,) = await looks(owned, minutes=1)
    assert again.endswith("Всего за последнее время: 2")


async def test_dead_letters_are_told_of_with_the_way_to_them(owned_on_each: World):
    owned = owned_on_each
    await owned.does(start="")
    (event,) = await owned.events()
    await owned.database.commit(
        [changed(inbox, event.id, state="dead", error="KeyError")],
    )
    (said,) = await looks(owned)
    assert "событий 1, запросов 0, сообщений командам 0" in said
    assert "voronka dead list" in said
    assert await looks(owned, hours=2) == []
    await owned.database.commit(dead.drop(dead.EVENT, event.id))
    assert await looks(owned) == ["✅ Отложенного больше нет"]


async def test_more_dead_letters_are_told_of_after_an_hour(owned: World):
    for who in ("7", "8", "9"):
        await owned.does(who=who, start="")
    first, *others = await owned.events()
    await owned.database.commit([changed(inbox, first.id, state="dead")])
    assert len(await looks(owned)) == 1
    for event in others:
        await owned.database.commit([changed(inbox, event.id, state="dead")])
    assert await looks(owned, minutes=5) == []
    (said,) = await looks(owned, minutes=55)
    assert "событий 3" in said


async def test_events_that_wait_for_five_minutes_are_told_of(owned: World):
    owned.tg.puts(start="")
    await owned.fetch()
    owned.clock.move(timedelta(minutes=4, seconds=59))
    await owned.runner.alerts.once()
    assert await queued(owned) == []
    owned.clock.move(timedelta(seconds=2))
    await owned.runner.alerts.once()
    assert len(await queued(owned)) == 2
    await owned.runner.settle()
    assert "дольше пяти минут (старшее 5 мин)" in owner(owned)[0]
    assert await looks(owned) == ["✅ События людей снова читаются вовремя"]


async def test_a_nearly_full_disk_is_told_of(owned: World, tmp_path, monkeypatch):
    owned.runner.alerts.place = tmp_path
    assert await looks(owned) == []
    monkeypatch.setattr(looking, "SCARCE_BYTES", 2**62)
    (said,) = await looks(owned, hours=1)
    assert "На диске базы осталось" in said
    monkeypatch.undo()
    assert await looks(owned, hours=1) == ["✅ На диске базы снова есть место"]


async def test_a_hold_is_told_of_past_the_queue_which_it_stops(owned: World):
    await owned.database.commit(begin(Hold(BY_HAND, 0)))
    await owned.runner._holding.look()
    (said,) = await looks(owned)
    assert "voronka resume" in said
    assert await owned.calls() == []
    await owned.database.commit(notes.drop([HOLD]))
    await owned.runner._holding.look()
    assert await looks(owned) == ["✅ Отправка снова идёт"]


async def test_a_database_that_is_away_for_a_minute_is_told_of_past_the_queue(owned: World):
    alerts = owned.runner.alerts
    await alerts.once()
    now = [0.0]
    alerts.monotonic = lambda: now[0]
    database, owned.runner.house.database = owned.runner.house.database, Away()
    for now[0] in (0.0, 30.0, 59.0):
        await alerts.once()
    assert owner(owned) == []
    for now[0] in (60.0, 65.0, 600.0):
        await alerts.once()
    (said,) = owner(owned)
    assert "База не отвечает больше минуты (the disk is full)" in said
    owned.runner.house.database = database
    assert await looks(owned) == ["✅ База снова отвечает"]
    assert await looks(owned) == []


class Away:
    """A database that does not answer."""

    async def fetch(self, *_given):
        reason = "the disk is full"
        raise DatabaseUnavailable(reason)


@pytest.mark.parametrize(
    "failure",
    [
        PersonUnreachable("chat not found"),
        MessageRejected("no rights to write"),
        Doubtful("the answer was lost"),
    ],
)
async def test_an_alert_that_fails_makes_no_other(owned: World, failure):
    await halt(owned.runner.house, station(owned, "vk"), "Unauthorized")
    owned.tg.faults = [failure]
    assert await looks(owned) == []
    (facts,) = owned.told("alert_failed")
    assert (facts["bot"], facts["chat"]) == ("tg", "900")
    assert owned.told("unreachable") == owned.told("rejected") == []
    for _ in range(3):
        assert await looks(owned, hours=2) == []
    assert len(await owned.calls()) == 1
    assert {row.kind: row.n for row in await owned.database.fetch(dead.counts())} == {
        "event": 0,
        "request": 0,
        "message": 0,
    }


async def test_a_bot_halted_by_an_alert_is_told_of_by_another(owned: World):
    await halt(owned.runner.house, station(owned, "vk"), "Unauthorized")
    owned.tg.faults = [BotHalted("token revoked")]
    await looks(owned)
    await owned.restart()
    said = await looks(owned, seconds=5)
    assert any("Бот «vk» остановлен" in one for one in said)


async def test_a_teams_chat_that_cannot_be_written_to_is_told_of(owned: World):
    await owned.does(start="promo")
    for label in ("С нуля", "Два", "Согласен"):
        await owned.presses(label)
    refuse_team_chat(owned)
    await owned.does(text="+7 916 123-45-67")
    (said, *_) = await looks(owned)
    assert "не может писать в чат команды -100" in said


def refuse_team_chat(world):
    call = world.tg.call

    async def refused(made):
        if made.chat == "-100":
            raise PersonUnreachable("chat not found")
        return await call(made)

    world.tg.call = refused


async def test_alerts_wait_in_the_queue_and_survive_a_crash(owned: World):
    await halt(owned.runner.house, station(owned, "vk"), "Unauthorized")
    await owned.runner.alerts.once()
    assert owner(owned) == []
    await owned.restart()
    await owned.runner.settle()
    assert len(owner(owned)) == 1


async def test_an_alert_that_could_not_go_for_a_day_expires(owned: World):
    await halt(owned.runner.house, station(owned, "vk"), "Unauthorized")
    await owned.runner.alerts.once()
    owned.clock.move(timedelta(hours=25))
    await owned.runner.settle()
    assert owner(owned) == []
    assert {row.state for row in await owned.calls()} == {"expired"}


async def test_what_was_told_is_kept_without_anything_personal(owned: World):
    owned.tg.faults = [MessageRejected("BUTTON_URL_INVALID")]
    await owned.does(start="promo", name="Мария")
    await looks(owned)
    (row,) = await owned.database.fetch(notes.beginning("alert:"))
    assert row.key == "alert:rejected|tg|main.level"
    assert json.loads(row.value)["missed"] == 0
    assert "Мария" not in row.value


async def test_a_project_without_alerts_looks_at_nothing(new_sqlite):
    database = await open_database(new_sqlite(), exclusive=True)
    world = await World(database).open()
    await halt(world.runner.house, station(world), "Unauthorized")
    await world.runner.alerts.once()
    assert await world.calls() == []
    assert await world.database.fetch(notes.beginning("alert:")) == []
    await database.close()


async def queued(world):
    return await world.calls(outbox.c.state == "queued", outbox.c.lane == 4)


def changed(table, row_id, **values):
    return Do(table.update().where(table.c.id == row_id).values(**values))
