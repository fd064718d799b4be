"""How a life of the program begins: by a fork after the imports, or cold as an operator starts it."""

from __future__ import annotations

import asyncio
import json
import os
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol, Self

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True)
class Life:
    """A process; `ended` is done with its exit code, -9 after a kill."""

    pid: int
    ended: asyncio.Future[int]


class Midwife(Protocol):
    """Begins lives, one at a time."""

    async def bear(self, env: dict[str, str], argv: list[str], output: Path) -> Life: ...


class Cold:
    """A fresh interpreter each time: `python -m voronka`."""

    async def bear(self, env: dict[str, str], argv: list[str], output: Path) -> Life:
        """Start it."""
        with output.open("ab") as file:
            process = await asyncio.create_subprocess_exec(
                *(sys.executable, "-m", "voronka", *argv),
                cwd=ROOT,
                env=env,
                stdin=asyncio.subprocess.DEVNULL,
                stdout=file,
                stderr=file,
            )
        return Life(process.pid, asyncio.ensure_future(process.wait()))


class Nursery:
    """A process that has imported everything and forks; `bug` is planted into all of its children."""

    def __init__(self, bug: str = "") -> None:
        self._bug = bug
        self._process: asyncio.subprocess.Process | None = None
        self._reader: asyncio.Task[None] | None = None
        self._born: asyncio.Queue[Life] = asyncio.Queue()
        self._alive: dict[int, asyncio.Future[int]] = {}

    async def __aenter__(self) -> Self:
        arguments = ["-m", "tests.crash.nursery", *([self._bug] if self._bug else [])]
        self._process = await asyncio.create_subprocess_exec(
            *(sys.executable, *arguments),
            cwd=ROOT,
            env={**os.environ, "VORONKA_ENV": "test", "PYTHONPATH": str(ROOT)},
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
        )
        self._reader = asyncio.create_task(self._read())
        return self

    async def __aexit__(self, *_: object) -> None:
        assert self._process is not None
        assert self._process.stdin is not None
        self._process.stdin.close()
        await self._process.wait()
        if self._reader is not None:
            await self._reader

    async def bear(self, env: dict[str, str], argv: list[str], output: Path) -> Life:
        """Let it fork a child."""
        assert self._process is not None
        assert self._process.stdin is not None
        wanted: dict[str, Any] = {"env": env, "argv": argv, "output": str(output)}
        self._process.stdin.write(json.dumps(wanted).encode() + b"\n")
        return await self._born.get()

    async def _read(self) -> None:
        assert self._process is not None
        assert self._process.stdout is not None
        while line := await self._process.stdout.readline():
            told = json.loads(line)
            if "born" in told:
                ended: asyncio.Future[int] = asyncio.get_running_loop().create_future()
                self._alive[told["born"]] = ended
                self._born.put_nowait(Life(told["born"], ended))
            else:
                self._alive.pop(told["pid"]).set_result(told["code"])
