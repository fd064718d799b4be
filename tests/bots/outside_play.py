"""A process that may be killed: somebody gets a code, then a server is asked."""

import asyncio
import json
import sys
from pathlib import Path

from sqlalchemy import select

from storage import codes, crash
from storage.database import open_database
from storage.tables import codes as table
from tests.bots.outside import Asking, OutsideServer

FUNNEL = """
funnel: school
entry: [start]
fields: {total: {type: number}}
flows:
  main:
    - {code: promo, pool: spring}
    - Ваш код {{ promo }}
    - http: {post: http://%s/price, save: {total: data.total}}
    - Итого {{ total }}
"""


async def play(folder: Path) -> None:
    """Everything that is left to do; then what came of it, as JSON."""
    server = OutsideServer()
    await server.start(_port(folder))
    (folder / "port").write_text(str(server.port))
    database = await open_database(f"sqlite:///{folder / 'voronka.db'}", exclusive=True)
    await database.commit(codes.load("spring", ["A1", "A2", "A3"]))
    http = f'private: ["{server.host}"]'
    world = Asking(database, FUNNEL % server.host, http, folder)
    await world.open()
    if not world.tg._updates():
        world.tg.puts(start="")
    await world.fetch()
    await world.runner.settle()
    with (folder / "heard").open("a") as file:
        file.writelines(f"{one['headers']['Idempotency-Key']}\n" for one in server.heard)
    told = {
        "codes": [
            [row.code, row.person_id is not None]
            for row in await database.fetch(select(table).order_by(table.c.id))
        ],
        "texts": world.tg.texts(),
        "requests": [[row.target, row.state] for row in await world.requests()],
        "target": f"http:{server.host}",
        "keys": (folder / "heard").read_text().split(),
        "hits": crash.hits(),
    }
    sys.stdout.write(json.dumps(told, ensure_ascii=False))
    await world.runner.stop()
    await database.close()
    await server.stop()


def _port(folder: Path) -> int:
    """The port of the life before: the request that it left names it."""
    file = folder / "port"
    return int(file.read_text()) if file.exists() else 0


if __name__ == "__main__":
    asyncio.run(play(Path(sys.argv[1])))
