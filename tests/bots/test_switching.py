"""From polling to webhooks and back while people talk: nothing is lost, nothing happens twice."""

import itertools
from collections import Counter

from storage.database import open_database
from tests.bots.hooked import hooked
from tests.bots.walkers import STEPS, Walkers

PEOPLE = 8


async def test_switching_under_load_loses_nothing_and_doubles_nothing(
    new_sqlite,
    tmp_path,
):  # R1, R2
    database = await open_database(new_sqlite(), exclusive=True)
    ways = itertools.cycle(("webhook", "polling"))
    async with hooked(database, tmp_path) as house:
        walkers = Walkers(house, PEOPLE)
        await house.open(vk="polling", tg="polling")
        await house.until(lambda: _placed(house))
        walkers.come()
        lives = 0
        while not walkers.arrived:
            way = next(ways)
            await house.close()
            await house.open(tg=way, vk=way)
            lives += 1
            aim = min(walkers.step.total() + PEOPLE * 3, len(STEPS) * PEOPLE * 2)
            await house.until(lambda aim=aim: walkers.walk() >= aim)
        await house.settled()
        events = Counter(row.source_key.split(":")[0] for row in await house.events())
        did = walkers.acts
        assert events["tg"] == sum(did[one] for one in walkers.tg)
        assert events["vk"] == sum(did[one] for one in walkers.vk)
        assert len(await house.leads()) == PEOPLE * 2
        for number in (*walkers.tg, *walkers.vk):
            shown = walkers.shown(number)
            counted = [sum(words in text for text in shown) for words, *_ in STEPS]
            assert counted == [1] * len(STEPS), (number, shown)
        assert lives >= 3
    await database.close()


def _placed(house) -> bool:
    stations = house.runner.house.stations.values()
    return all(one.cursor for one in stations if one.kind == "vk")
