"""Runs the emulated VK in a process of its own: the first line printed is {"port": …} as JSON."""

import argparse
import asyncio
import json
import signal
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]


async def serve(port: int, journal: Path | None) -> None:
    """Serve until SIGTERM or SIGINT."""
    from tests.emulators.vk.server import VkEmulator

    stopped = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stopped.set)
    async with VkEmulator(journal, port) as vk:
        where = {"port": int(vk.url.rsplit(":", 1)[1]), "url": vk.url, "method": vk.method_url}
        sys.stdout.write(json.dumps(where) + "\n")
        sys.stdout.flush()
        await stopped.wait()


def main() -> None:
    """Read the command line and serve."""
    parser = argparse.ArgumentParser(description="VK with Bots Long Poll, emulated")
    parser.add_argument("--port", type=int, default=0, help="0 takes any free port")
    parser.add_argument("--journal", type=Path, help="write what happens here as JSON lines")
    chosen = parser.parse_args()
    asyncio.run(serve(chosen.port, chosen.journal))


if __name__ == "__main__":
    # the folder of this file is no place to import from: its modules have everyday names
    sys.path[0] = str(ROOT)
    main()
