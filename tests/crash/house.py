"""A project in a temporary folder and the process that plays it: started, killed, started again."""

from __future__ import annotations

import os
import signal
import socket
from datetime import timedelta
from pathlib import Path

import aiohttp
from sqlalchemy import select
from sqlalchemy.sql import Executable

from flows.rehearsal import EPOCH
from storage import migration
from storage.database import open_database
from storage.seal import new_keys
from storage.tables import bots, outbox
from storage.timers import next_due
from storage.work import Row, StorageFailed
from tests.crash.births import ROOT, Life, Midwife
from tests.crash.messengers import TG_TOKEN, VK_TOKEN, Messengers
from tests.crash.story import SCHOOL, Story


class Died(AssertionError):
    """The process ended though nobody killed it."""


class House:
    """`voronka run --project FOLDER`, one life after another."""

    def __init__(
        self,
        folder: Path,
        messengers: Messengers,
        database_url: str,
        midwife: Midwife,
        story: Story = SCHOOL,
    ) -> None:
        self.folder = folder
        self._midwife = midwife
        self.database_url = database_url
        self.killed = False
        self.lives = 0
        self.life: Life | None = None
        (folder / "funnels").mkdir(parents=True)
        (folder / "funnels" / story.funnel.name).write_bytes(story.funnel.read_bytes())
        (folder / "voronka.yaml").write_text(story.project, encoding="utf-8")
        self._clock_file = folder / "clock"
        listen = f"127.0.0.1:{_free_port()}"
        self.keys = new_keys().reveal()
        self.env = {
            **os.environ,
            "VORONKA_ENV": "test",
            "VORONKA_TEST_CLOCK": str(self._clock_file),
            "VORONKA_KEYS": self.keys,
            "DATABASE_URL": database_url,
            "LISTEN": listen,
            "TG_TOKEN": TG_TOKEN,
            "TG_URL": messengers.tg.url,
            "VK_TOKEN": VK_TOKEN,
            "VK_URL": messengers.vk.url,
            "PYTHONPATH": str(ROOT),
            "PYTHONUTF8": "1",
        }
        self.idle_url = f"http://{listen}/debug/idle"
        self.now_us = 0
        self.set_clock(round((story.start - EPOCH).total_seconds() * 1_000_000))

    # --- the clock ----------------------------------------------------------------------------

    def set_clock(self, us: int) -> None:
        """Tell the people's time; a reader sees the old moment or the new one."""
        self.now_us = us
        written = self._clock_file.with_suffix(".new")
        written.write_text((EPOCH + timedelta(microseconds=us)).isoformat(), encoding="utf-8")
        written.replace(self._clock_file)

    # --- the process --------------------------------------------------------------------------

    async def start(self, crash: str = "") -> None:
        """Begin a life; with `crash` the process kills itself at that named point."""
        self.killed = False
        self.lives += 1
        env = {**self.env, "VORONKA_CRASH": crash}
        argv = ["run", "--project", str(self.folder)]
        self.life = await self._midwife.bear(env, argv, self.folder / "output")

    def kill(self) -> None:
        """`kill -9`, at once: nothing that the process does after this line counts."""
        if self.life is not None and not self.life.ended.done():
            os.kill(self.life.pid, signal.SIGKILL)
        self.killed = True

    async def buried(self) -> None:
        """Wait until the killed process is gone."""
        assert self.life is not None
        assert await self.life.ended == -signal.SIGKILL, self.told()

    @property
    def crashed(self) -> bool:
        """Whether the process was killed, by us or by a named point; another end is an error."""
        ended = self.life.ended if self.life else None
        if ended is None or not ended.done():
            return self.killed
        if ended.result() != -signal.SIGKILL:
            raise Died(f"exit code {ended.result()}\n{self.told()}")
        return True

    async def stop(self) -> None:
        """End it as an operator would; it must say goodbye with 0."""
        assert self.life is not None
        os.kill(self.life.pid, signal.SIGTERM)
        assert await self.life.ended == 0, self.told()

    async def clear(self) -> None:
        """Leave no process behind, whatever happened."""
        if self.life is not None and not self.life.ended.done():
            os.kill(self.life.pid, signal.SIGKILL)
            await self.life.ended

    def told(self) -> str:
        """The last lines that the process wrote."""
        path = self.folder / "output"
        return path.read_text(encoding="utf-8", errors="replace")[-3000:] if path.exists() else ""

    async def idle(self, session: aiohttp.ClientSession) -> bool:
        """Whether the process is up and has nothing to do at this moment."""
        try:
            async with session.get(self.idle_url) as answer:
                return answer.status == 200 and bool((await answer.json())["idle"])
        except (aiohttp.ClientError, TimeoutError, ValueError):
            return False

    async def command(self, *arguments: str) -> str:
        """Run another command of the program; what it prints."""
        output = self.folder / "printed"
        output.unlink(missing_ok=True)
        code = await (await self._midwife.bear(self.env, list(arguments), output)).ended
        printed = output.read_text(encoding="utf-8")
        assert code == 0, printed
        return printed

    # --- the database -------------------------------------------------------------------------

    async def rows(self, *statements: Executable) -> list[list[Row]]:
        """What the statements find, read as `voronka leads` reads: beside the process."""
        database = await open_database(self.database_url, exclusive=False)
        try:
            return [await database.fetch(statement) for statement in statements]
        finally:
            await database.close()

    async def stand(self) -> tuple[str, int | None]:
        """VK's stored cursor, and when the next timer is due."""
        found, due = await self.rows(select(bots.c.cursor).where(bots.c.name == "vk"), next_due())
        return (found[0].cursor if found else ""), due[0].due_us

    async def sending(self) -> list[Row]:
        """The calls that a dead process left between queue and messenger."""
        try:
            await migration.check(self.database_url)
        except StorageFailed:  # it died while it made the tables
            return []
        left = select(outbox.c.bot_id, outbox.c.op, outbox.c.rule, outbox.c.lane)
        return (await self.rows(left.where(outbox.c.state == "sending")))[0]


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
