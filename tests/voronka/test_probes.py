"""`/readyz` and `/metrics` over a real runner on both databases (R62), and what is counted."""

from collections.abc import AsyncIterator

import httpx2
import pytest
from prometheus_client import generate_latest
from prometheus_client.parser import text_string_to_metric_families
from starlette.applications import Starlette

from bots.channel import Doubtful, MessageRejected, Together, TryLater
from bots.outside.asked import Answered, Asked, refused
from flows.secrecy import Secret
from storage import bots, inbox, notes
from storage.database import open_database
from storage.work import DatabaseUnavailable
from tests.bots.paper import PaperChannel
from tests.bots.runtime import World
from voronka.counting import Counts, counted_channel
from voronka.probes import Metrics, Readiness, held, probes, token_of
from voronka.speech import Mistake

TOKEN = "a-token-of-24-characters"


class Away:
    """A database that does not answer."""

    async def fetch(self, statement, params=None):
        raise DatabaseUnavailable("PostgreSQL does not answer.")


@pytest.fixture
async def world(database_url: str) -> AsyncIterator[World]:
    database = await open_database(database_url, exclusive=True)
    yield await World(database, names=("tg", "vk")).open()
    await database.close()


class Site:
    """The two pages over a world; the clock of the readiness is moved by hand."""

    def __init__(self, world, token=TOKEN, database=None) -> None:
        self.seconds = 0.0
        self.counts = Counts()
        self.database = database or world.database
        readiness = Readiness(self.database, lambda: held(world.runner), lambda: self.seconds)
        metrics = Metrics(self.database, world.clock, self.counts, Secret(token))
        app = Starlette(routes=probes(readiness, metrics))
        transport = httpx2.ASGITransport(app=app)
        self.client = httpx2.AsyncClient(transport=transport, base_url="http://site")

    async def ready(self):
        self.seconds += 2
        answer = await self.client.get("/readyz")
        return answer.status_code, answer.json()["missing"]

    async def figures(self) -> dict:
        """Each figure by its name and labels."""
        headers = {"Authorization": f"Bearer {TOKEN}"}
        text = (await self.client.get("/metrics", headers=headers)).text
        return {
            (sample.name, *sample.labels.values()): sample.value
            for family in text_string_to_metric_families(text)
            for sample in family.samples
        }


async def test_it_is_ready_with_its_leases_and_without_a_hold(world):
    site = Site(world)
    assert await site.ready() == (200, [])
    await world.database.commit(notes.put("hold", "restored"))
    assert await site.ready() == (503, ["hold"])
    world.runner.senders["vk"].lease.fence = 0
    assert await site.ready() == (503, ["hold", "leases"])
    await world.database.commit(notes.put("hold", ""))
    assert await site.ready() == (503, ["leases"])


async def test_a_halted_bot_leaves_the_others_ready(world):
    world.runner.senders["vk"].lease.fence = 0
    station = next(one for one in world.runner.house.stations.values() if one.name == "vk")
    station.halted = "unauthorized"
    assert await Site(world).ready() == (200, [])


async def test_a_database_that_is_away_is_not_ready_and_still_gives_figures(world):
    site = Site(world, database=Away())
    assert await site.ready() == (503, ["database"])
    site.counts.alarm(lambda kind, facts: None)("database", {})
    figures = await site.figures()
    assert figures["voronka_database_up",] == 0
    assert figures["voronka_alarms_total", "database"] == 1
    assert ("voronka_unread_events",) not in figures


async def test_readiness_asked_often_looks_once_a_second(world):
    site = Site(world)
    await site.ready()
    await world.database.commit(notes.put("hold", "restored"))
    assert (await site.client.get("/readyz")).status_code == 200
    site.seconds += 1
    assert (await site.client.get("/readyz")).status_code == 503


async def test_metrics_need_the_token_and_without_one_there_are_none(world):
    site = Site(world)
    wrong = {"Authorization": "Bearer é".encode("latin-1")}
    for headers in ({}, {"Authorization": "Bearer wrong"}, wrong):
        assert (await site.client.get("/metrics", headers=headers)).status_code == 401
    closed = Site(world, token="")
    for headers in ({}, {"Authorization": "Bearer "}):
        assert (await closed.client.get("/metrics", headers=headers)).status_code == 404


def test_a_token_that_can_be_guessed_is_refused():
    with pytest.raises(Mistake, match="shorter than 16"):
        token_of(Secret("short"))
    assert token_of(Secret("")) == Secret("")
    assert token_of(Secret(TOKEN)) == Secret(TOKEN)


async def test_the_figures_tell_what_waits_and_nothing_of_people(world):
    await world.reach_lead()
    (vk,) = await world.database.fetch(bots.named("vk"))
    await world.database.commit(bots.set_state(vk.id, "halted", "gone"))
    world.tg.puts(who="8", text="Секрет")
    await world.fetch()
    event = {"source_key": "x", "kind": "person", "received_us": 1, "state": "dead"}
    await world.database.commit(inbox.add([event]))
    site = Site(world)
    figures = await site.figures()
    assert figures["voronka_database_up",] == 1
    assert figures["voronka_unread_events",] == 1
    assert figures["voronka_unread_oldest_seconds",] == 0
    assert figures["voronka_timers",] == 1
    assert figures["voronka_runs_alive",] == 1
    assert figures["voronka_dead_letters", "event"] == 1
    assert figures["voronka_dead_letters", "message"] == 0
    assert (figures["voronka_bot_up", "tg"], figures["voronka_bot_up", "vk"]) == (1, 0)
    assert figures["voronka_database_bytes",] > 100_000
    labels = {word for name in figures for word in name}
    assert not labels & {"7", "8", "Мария", "masha", "+79161234567"}


async def test_calls_are_counted_by_how_they_ended(world):
    counts = Counts()
    channel = counted_channel(PaperChannel("tg"), "tg", counts)
    next(iter(world.runner.house.stations.values())).channel = channel
    channel._channel.faults = [TryLater("busy"), MessageRejected("bad")]
    channel._channel.puts(start="")
    await world.runner.fetchers["tg"].once()
    await world.runner.settle()
    await world.passes(seconds=10)
    text = generate_latest(counts.registry).decode()
    for outcome in ("later", "rejected"):
        assert f'voronka_calls_total{{bot="tg",op="send",outcome="{outcome}"}} 1.0' in text
    channel._channel.faults = [Doubtful("lost")]
    with pytest.raises(Doubtful):
        await channel.call(channel._channel.calls[0])
    assert 'outcome="doubtful"} 1.0' in generate_latest(counts.registry).decode()


async def test_requests_are_counted_by_how_they_ended():
    counts = Counts()
    asked = Asked(1, "k", 1, "http", "main.http", {}, 1, 1, 1, 1, 1)
    endings = [Answered({"ok": True}), refused("404"), TryLater("busy"), ValueError()]

    async def answer(_asked):
        ending = endings.pop(0)
        if isinstance(ending, Exception):
            raise ending
        return ending

    counted = counts.answer(answer)
    assert (await counted(asked)).result == {"ok": True}
    await counted(asked)
    for kind in (TryLater, ValueError):
        with pytest.raises(kind):
            await counted(asked)
    text = generate_latest(counts.registry).decode()
    for outcome in ("ok", "refused", "later", "broken"):
        assert f'voronka_requests_total{{kind="http",outcome="{outcome}"}} 1.0' in text


class Companionable(PaperChannel):
    """Takes several calls in one request, as VK does."""

    def batch_key(self, _call):
        return "all"

    async def call_all(self, calls):
        return [await self.call(call) for call in calls]


def test_only_what_makes_calls_together_is_taken_for_such():
    counts = Counts()
    single = counted_channel(PaperChannel("tg"), "tg", counts)
    assert not isinstance(single, Together)  # else the sender would take more than eight (R36)
    assert isinstance(counted_channel(Companionable("vk"), "vk", counts), Together)
