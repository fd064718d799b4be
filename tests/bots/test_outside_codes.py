"""Promo codes: each is one person's, whatever happens; redeemed ones are events."""

import asyncio
import json
import os
import re
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import select

from bots.happenings import Refusal, redeem
from bots.outside.codes import made
from storage import codes, migration
from storage.database import open_database
from storage.tables import codes as table
from tests.bots.outside import asking

ROOT = Path(__file__).parents[2]
FUNNEL = """
funnel: school
entry: [start, {command: again, restart: true}, {event: promo_used, flow: thanks}]
flows:
  main:
    - code: promo
      %s
      valid: 48h
      otherwise: [Кончились, end]
    - '{{ promo }}'
    - ask: Ну?
      id: q
  thanks: [Погашен]
"""


@pytest.fixture
async def database(database_url):
    opened = await open_database(database_url, exclusive=True)
    yield opened
    await opened.close()


async def rows(database):
    return await database.fetch(select(table).order_by(table.c.id))


async def redeems(world, code, pool=""):
    await redeem(world.database, world.runner.seal, world.runner.house.now_us, code, pool)
    await world.runner.settle()


async def test_each_person_gets_a_code_of_the_pool_until_none_is_left(database):
    await database.commit(codes.load("spring", ["A1", "A2", "A1"]))
    async with asking(database, FUNNEL % "pool: spring") as world:
        for who in ("7", "8", "9"):
            await world.does(start="", who=who)
    assert [world.tg.texts(who)[0] for who in ("7", "8", "9")] == ["A1", "A2", "Кончились"]
    assert world.told("request_dead")[0]["reason"] == "no codes are left"


async def test_many_people_at_once_get_codes_of_their_own(database):
    await database.commit(codes.load("spring", [f"C{number:03}" for number in range(40)]))
    async with asking(database, FUNNEL % "pool: spring") as world:
        for who in range(100, 140):
            world.tg.puts(start="", who=str(who))
        await world.fetch()
        await world.runner.settle()
    given = [world.tg.texts(str(who))[0] for who in range(100, 140)]
    assert sorted(given) == [f"C{number:03}" for number in range(40)]


async def test_a_code_of_a_pattern_is_made_and_nobody_elses(database):
    async with asking(database, FUNNEL % 'pattern: "EAT-#"') as world:
        for who in range(100, 110):
            await world.does(start="", who=str(who))
        given = [world.tg.texts(str(who))[0] for who in range(100, 110)]
        found = [one for one in given if one != "Кончились"]
        assert len(set(found)) == len(found) >= 8  # chance may find the last ones hard
        assert all(re.fullmatch("EAT-[0-9]", one) for one in found)
        assert {row.pool for row in await rows(database)} == {"school.promo"}


def test_made_codes_keep_the_letters_and_choose_the_digits():
    assert re.fullmatch(r"EAT-[0-9]{4}-x", made("EAT-####-x"))
    assert len({made("########") for _ in range(50)}) > 45


async def test_a_valid_code_stays_and_an_expired_one_is_replaced(database):
    await database.commit(codes.load("spring", ["A1", "A2"]))
    async with asking(database, FUNNEL % "pool: spring") as world:
        await world.does(start="")
        await world.does(text="/again")
        await world.passes(hours=49)
        await world.does(text="/again")
        texts = [text for text in world.tg.texts() if text.startswith("A")]
        assert texts == ["A1", "A1", "A2"]


async def test_a_redeemed_code_is_an_event_and_the_next_one_is_new(database):
    await database.commit(codes.load("spring", ["A1", "A2"]))
    async with asking(database, FUNNEL % "pool: spring") as world:
        await world.does(start="")
        await redeems(world, "A1")
        assert "Погашен" in world.tg.texts()
        await world.does(text="/again")
        assert world.tg.texts()[-2:] == ["A2", "Ну?"]


@pytest.mark.parametrize(
    ("code", "pool", "refusal"),
    [
        ("A1", "", "used-code"),
        ("A2", "", "unknown-code"),
        ("B9", "", "unknown-code"),
        ("A1", "autumn", "unknown-code"),
        ("A3", "", "expired-code"),
    ],
)
async def test_what_cannot_be_redeemed_is_refused(database, code, pool, refusal):
    await database.commit(codes.load("spring", ["A3", "A1", "A2"]))
    async with asking(database, FUNNEL % "pool: spring") as world:
        await world.does(start="", who="8")
        await world.passes(hours=49)
        await world.does(start="")
        await redeems(world, "A1")
        with pytest.raises(Refusal) as refused:
            await redeems(world, code, pool)
        assert refused.value.code == refusal
        assert world.tg.texts().count("Погашен") == 1


async def test_a_code_is_redeemed_by_one_of_two_at_once(database):
    await database.commit(codes.load("spring", ["A1"]))
    async with asking(database, FUNNEL % "pool: spring") as world:
        await world.does(start="")
        now_us, seal = world.runner.house.now_us, world.runner.seal
        ends = await asyncio.gather(
            *(redeem(database, seal, now_us, "A1") for _ in range(2)), return_exceptions=True
        )
        await world.runner.settle()
        assert sorted(type(end).__name__ for end in ends) == ["Refusal", "Row"]
        assert world.tg.texts().count("Погашен") == 1


async def test_pools_are_counted(database):
    await database.commit(codes.load("spring", ["A1", "A2", "A3"]))
    async with asking(database, FUNNEL % "pool: spring") as world:
        await world.does(start="")
        await world.does(start="", who="8")
        await redeems(world, "A1")
        (row,) = await database.fetch(codes.counts(world.runner.house.now_us))
        assert (row.free, row.given, row.used, row.expired) == (1, 1, 1, 0)
        later = world.runner.house.now_us + 49 * 3_600 * 1_000_000
        (row,) = await database.fetch(codes.counts(later))
        assert (row.free, row.given, row.used, row.expired) == (1, 0, 1, 1)


def live(folder: Path, crash: str = "") -> subprocess.CompletedProcess:
    """One life of a process in which somebody asks for a code."""
    return subprocess.run(
        [sys.executable, "-m", "tests.bots.outside_play", str(folder)],
        cwd=ROOT,
        env={**os.environ, "VORONKA_ENV": "test", "VORONKA_CRASH": crash},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize(
    "point",
    [
        "player.commit.before",
        "player.committed",
        "requests.claimed",
        "codes.given",
        "requests.called",
        "requests.stored",
    ],
)
def test_a_kill_gives_nobody_a_second_code_and_asks_no_server_anew_by_another_key(point, tmp_path):
    asyncio.run(migration.upgrade(f"sqlite:///{tmp_path / 'voronka.db'}"))
    died = live(tmp_path, f"{point}:1")
    assert died.returncode == -signal.SIGKILL, died.stderr[-2000:]
    done = live(tmp_path)
    assert done.returncode == 0, done.stderr[-2000:]
    told = json.loads(done.stdout)
    assert told["codes"] == [["A1", True], ["A2", False], ["A3", False]]
    assert told["texts"] == ["Ваш код A1", "Итого 4500"]
    assert told["requests"] == [["code", "done"], [told["target"], "done"]]
    assert len(set(told["keys"])) == 1
    assert told["hits"]["requests.stored"] >= 1
