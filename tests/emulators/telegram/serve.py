"""The emulator as a process of its own: `python tests/emulators/telegram/serve.py --port 0`."""

import argparse
import asyncio
import json
import signal
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[3]))


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="The Telegram Bot API for tests")
    parser.add_argument("--port", type=int, default=0, help="0 takes a free one")
    parser.add_argument("--journal", type=Path, help="append deliveries and calls to this file")
    parser.add_argument("--bot", action="append", default=[], metavar="TOKEN[=USERNAME]")
    parser.add_argument("--seed", type=int, default=0, help="for faults with a probability")
    parser.add_argument("--local-webhooks", action="store_true", help="accept http webhooks")
    return parser.parse_args()


async def _serve(arguments: argparse.Namespace) -> None:
    from tests.emulators.telegram.server import TelegramEmulator

    emulator = TelegramEmulator(
        journal_path=arguments.journal,
        seed=arguments.seed,
        local_webhooks=arguments.local_webhooks,
    )
    for entry in arguments.bot:
        token, _, username = entry.partition("=")
        emulator.add_bot(token, username)
    stopped = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stopped.set)
    await emulator.start(arguments.port)
    port = int(emulator.url.rsplit(":", 1)[1])
    sys.stdout.write(json.dumps({"port": port, "url": emulator.url}) + "\n")
    sys.stdout.flush()
    await stopped.wait()
    await emulator.stop()


if __name__ == "__main__":
    asyncio.run(_serve(_arguments()))
