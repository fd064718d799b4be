"""The web chat with the real player and sender as a program to kill: URL, port, folder of funnels."""

import asyncio
import sys
from pathlib import Path

import uvicorn
from starlette.applications import Starlette

from bots.runner import Runner
from bots.vault import Vault
from bots.web.assembly import web_chat
from bots.web.bells import Bells
from bots.web.channel import WebChannel
from bots.web.server import routes
from storage.database import open_database
from storage.seal import Seal
from tests.bots.web_project import bundles, read_project
from tests.bots.web_stage import WallClock


async def serve(url: str, port: int, funnels: Path) -> None:
    """Serve until killed."""
    database = await open_database(url, exclusive=True)
    bells, clock, loaded = Bells(), WallClock(), read_project()
    base = f"http://127.0.0.1:{port}"
    texts = {program.hash: loaded.texts[name] for name, program in loaded.programs.items()}
    runner = Runner(
        database,
        Seal({"k1": b"k" * 32}),
        clock,
        clock,
        {name: (WebChannel(name, base, bells.show), each) for name, each in bundles().items()},
        texts=texts,
        alone=True,
    )
    runner.house.vault = Vault(funnels / "uploads", runner.seal)
    await runner.start()
    chat = web_chat(runner.house, bells, funnels=funnels)
    config = uvicorn.Config(
        Starlette(routes=routes(chat)), host="127.0.0.1", port=port, log_level="warning"
    )
    await uvicorn.Server(config).serve()


if __name__ == "__main__":
    asyncio.run(serve(sys.argv[1], int(sys.argv[2]), Path(sys.argv[3])))
