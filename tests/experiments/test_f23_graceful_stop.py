"""F23: the program is asked to stop in the middle of everything; nothing is left between two chairs.

It is asked while people come, while the messengers do not answer, and while the database is held by
somebody else. `VORONKA_SOAK=1` asks five hundred times.
"""

import asyncio
import random
import signal
import sqlite3
import time
from collections import Counter
from contextlib import closing

import pytest
from sqlalchemy import func, select

from storage.tables import outbox
from tests.crash.births import Nursery
from tests.emulators.faults import Fault
from tests.experiments.copies import GLANCE_SECONDS, Town, kill, signalled, town
from tests.experiments.figures import LONG, seeds, tell

PEOPLE = 40 if LONG else 12
STOPS = 500 if LONG else 5
SILENT_EVERY = 25 if LONG else 5
MOST_SECONDS = 10.0


@pytest.fixture
async def midwife():
    async with Nursery() as nursery:  # a stop is the same, however the life began
        yield nursery


def silence(place: Town) -> None:
    """From now on the messengers take messages and never answer."""
    place.messengers.called = lambda method: (
        Fault("hold") if "send" in method.lower() and "answer" not in method.lower() else None
    )


def speak(place: Town) -> None:
    """They answer again, also what they owe."""
    place.messengers.called = lambda _method: None
    place.messengers.tg.release()
    place.messengers.vk.release()


async def arrives(place: Town, count: int) -> None:
    """Wait until so many more messages have arrived."""
    wanted = place.sent + count
    while place.sent < wanted:
        assert not place.house.crashed
        await asyncio.sleep(GLANCE_SECONDS)


async def stopped(place: Town, number: signal.Signals = signal.SIGTERM) -> tuple[int, float]:
    """The exit code, and how long it took."""
    begun = time.perf_counter()
    signalled(place.house, number)
    async with asyncio.timeout(30):
        code = await place.house.life.ended
    return code, time.perf_counter() - begun


async def states(place: Town) -> Counter[str]:
    """Calls by their states."""
    counted = select(outbox.c.state, func.count().label("n")).group_by(outbox.c.state)
    return Counter({row.state: row.n for row in (await place.house.rows(counted))[0]})


def told(seconds: list[float]) -> dict[str, float]:
    ordered = sorted(seconds)
    return {
        "p50_s": round(ordered[len(ordered) // 2], 2),
        "p99_s": round(ordered[min(len(ordered) - 1, len(ordered) * 99 // 100)], 2),
        "max_s": round(ordered[-1], 2),
    }


@pytest.mark.timeout(7200)
@pytest.mark.xdist_group("stops")
@pytest.mark.parametrize("seed", seeds(long=1))
async def test_stops_under_load_leave_nothing_in_hand(seed, tmp_path, midwife):
    dice = random.Random(seed)
    codes: Counter[int] = Counter()
    seconds, left, in_hand = [], 0, 0
    async with town(tmp_path, f"sqlite:///{tmp_path / 'voronka.db'}", midwife) as place:
        await place.come(PEOPLE)
        for number in range(1, STOPS + 1):
            place.come_again()
            silent = number % SILENT_EVERY == 0
            if silent:
                silence(place)
            await arrives(place, dice.randint(1, PEOPLE // 3))
            in_hand += await place.sending()
            code, took = await stopped(place, dice.choice((signal.SIGTERM, signal.SIGINT)))
            codes[code] += 1
            seconds.append(took)
            left += await place.sending()
            speak(place)
            await place.rise()
        await place.rest()
        await place.house.stop()
        found = await states(place)
    tell(
        "F23",
        seed=seed,
        stops=STOPS,
        silent=STOPS // SILENT_EVERY,
        in_hand_before=in_hand,
        left_sending=left,
        bad_exits=STOPS - codes[0],
        **told(seconds),
    )
    assert codes == {0: STOPS}
    assert left == 0
    assert max(seconds) < MOST_SECONDS
    assert in_hand > 0, "the stops met calls in hand"
    assert found["queued"] == found["sending"] == 0


@pytest.mark.timeout(120)
@pytest.mark.xdist_group("stops")
async def test_a_second_signal_ends_it_at_once_and_the_next_life_decides(tmp_path, midwife):
    async with town(tmp_path, f"sqlite:///{tmp_path / 'voronka.db'}", midwife) as place:
        await place.come(2)
        silence(place)
        place.come_again()
        await arrives(place, 1)
        signalled(place.house, signal.SIGTERM)
        while "Останавливаемся" not in place.house.told():
            await asyncio.sleep(GLANCE_SECONDS)
        code, took = await stopped(place)
        assert await place.sending() > 0, "nobody waited for the messenger"
        speak(place)
        await place.rise()
        await place.rest()
        await place.house.stop()
        assert await place.sending() == 0
    tell("F23", second_signal=1, exit_code=code, max_s=round(took, 2))
    assert code == 128 + signal.SIGTERM
    assert took < 2


@pytest.mark.timeout(120)
@pytest.mark.xdist_group("stops")
@pytest.mark.parametrize(("held_s", "wanted"), [(2.0, 0), (20.0, 1)][: 2 if LONG else 1])
async def test_a_database_that_somebody_holds_does_not_hold_the_stop(
    held_s, wanted, tmp_path, midwife
):
    file = tmp_path / "voronka.db"
    async with town(tmp_path, f"sqlite:///{file}", midwife) as place:
        await place.come(2)
        silence(place)
        place.come_again()
        await arrives(place, 1)
        with closing(sqlite3.connect(file, isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            free = asyncio.get_running_loop().call_later(held_s, other.execute, "ROLLBACK")
            code, took = await stopped(place)
            free.cancel()
        left = await place.sending()
        tell(
            "F23", database_held_s=held_s, exit_code=code, left_sending=left, max_s=round(took, 2)
        )
        assert code == wanted
        assert took < MOST_SECONDS + 1
        assert (left == 0) is (wanted == 0)
        speak(place)
        await place.rise()
        await place.rest()
        await kill(place.house)
        assert await place.sending() == 0
