"""How a life of the program begins: by a fork after the imports, or cold as an operator starts it."""

from __future__ import annotations

import asyncio
import atexit
import json
import os
import subprocess
import sys
import threading
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Protocol, Self

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True)
class Life:
    """A process; `ended` is done with its exit code, -9 after a kill."""

    pid: int
    ended: asyncio.Future[int]


class Midwife(Protocol):
    """Begins lives."""

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
    """Lets a process that has imported everything fork; `bug` is planted into the children.

    There is one such process for all tests of a run.
    """

    def __init__(self, bug: str = "") -> None:
        self._bug = bug

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        """Nothing to do: the next test needs the process."""

    async def bear(self, env: dict[str, str], argv: list[str], output: Path) -> Life:
        """Let it fork a child."""
        loop = asyncio.get_running_loop()
        born: asyncio.Future[int] = loop.create_future()
        ended: asyncio.Future[int] = loop.create_future()
        wanted = {"env": env, "argv": argv, "output": str(output), "bug": self._bug}
        _mother().bear(wanted, _setter(loop, born), _setter(loop, ended))
        pid = await born
        assert pid, "the nursery is dead; its last words stand above"
        return Life(pid, ended)


def _setter(loop: asyncio.AbstractEventLoop, future: asyncio.Future[int]) -> Callable[[int], None]:
    def settle(value: int) -> None:
        if not future.done():
            future.set_result(value)

    def told(value: int) -> None:
        if not loop.is_closed():
            loop.call_soon_threadsafe(settle, value)

    return told


@cache
def _mother() -> _Mother:
    return _Mother()


class _Mother:
    """`tests.crash.nursery` and the thread that hears it; it outlives every test's loop."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            (sys.executable, "-m", "tests.crash.nursery"),
            cwd=ROOT,
            env={**os.environ, "VORONKA_ENV": "test", "PYTHONPATH": str(ROOT)},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )
        self._waiting: deque[tuple[Callable[[int], None], Callable[[int], None]]] = deque()
        self._alive: dict[int, Callable[[int], None]] = {}
        self._ears = threading.Thread(target=self._listen, daemon=True)
        self._ears.start()
        atexit.register(self._close)

    def bear(
        self, wanted: dict[str, Any], born: Callable[[int], None], ended: Callable[[int], None]
    ) -> None:
        assert self._process.stdin is not None
        assert self._process.poll() is None, "the nursery is dead; its last words stand above"
        self._waiting.append((born, ended))
        self._process.stdin.write(json.dumps(wanted).encode() + b"\n")
        self._process.stdin.flush()

    def _listen(self) -> None:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            told = json.loads(line)
            if "born" in told:
                born, self._alive[told["born"]] = self._waiting.popleft()
                born(told["born"])
            else:
                self._alive.pop(told["pid"])(told["code"])
        for born, _ in self._waiting:  # it died: nobody else will be born
            born(0)

    def _close(self) -> None:
        assert self._process.stdin is not None
        self._process.stdin.close()
        self._process.wait()
        self._ears.join()
