"""Forks lives of any function after the imports, so that a death costs milliseconds, not seconds.

Begun as ``python -m tests.experiments.cradle MODULE…``. Each line of stdin is a life: ``{"call":
"module:function", "arguments": [], "env": {}, "output": "path"}``; the pid is printed, and ``{"pid":
1, "code": -9}`` when it ended. What the function returns is the last line of its output.
"""

from __future__ import annotations

import asyncio
import importlib
import inspect
import json
import os
import select
import sys
import traceback
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

ROOT = Path(__file__).parents[2]
_GLANCE_SECONDS = 0.01


@dataclass(frozen=True)
class Life:
    """A forked process; ``ended`` is done with its exit code, -9 after a kill."""

    pid: int
    ended: asyncio.Future[int]
    output: Path

    async def told(self) -> Any:
        """What its function returned; an error of its is ours."""
        code = await self.ended
        lines = self.output.read_text(encoding="utf-8").splitlines()
        assert code == 0, "\n".join([f"exit code {code}", *lines[-40:]])
        return json.loads(lines[-1])


class Cradle:
    """A process that has imported ``modules`` and forks."""

    def __init__(self, folder: Path, *modules: str) -> None:
        self._folder, self._modules = folder, modules
        self._count = 0
        self._born: asyncio.Queue[int] = asyncio.Queue()
        self._alive: dict[int, asyncio.Future[int]] = {}

    async def __aenter__(self) -> Self:
        self._process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "tests.experiments.cradle", *self._modules),
            cwd=ROOT,
            env={**os.environ, "VORONKA_ENV": "test", "PYTHONPATH": str(ROOT)},
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
        )
        self._reader = asyncio.create_task(self._read())
        return self

    async def __aexit__(self, *_: object) -> None:
        assert self._process.stdin is not None
        self._process.stdin.close()
        await self._process.wait()
        await self._reader

    async def begin(self, call: str, *arguments: Any, **env: str) -> Life:
        """A life of ``module:function`` with the arguments."""
        assert self._process.stdin is not None
        self._count += 1
        output = self._folder / f"life{self._count}"
        wanted = {"call": call, "arguments": arguments, "env": env, "output": str(output)}
        self._process.stdin.write(json.dumps(wanted).encode() + b"\n")
        pid = await self._born.get()
        return Life(pid, self._alive[pid], output)

    async def _read(self) -> None:
        assert self._process.stdout is not None
        while line := await self._process.stdout.readline():
            told = json.loads(line)
            if "born" in told:
                self._alive[told["born"]] = asyncio.get_running_loop().create_future()
                self._born.put_nowait(told["born"])
            else:
                self._alive.pop(told["pid"]).set_result(told["code"])


def _live(wanted: dict[str, Any]) -> int:
    """The child: calls the function; its exit code."""
    os.environ.update(wanted["env"])
    output = os.open(wanted["output"], os.O_WRONLY | os.O_APPEND | os.O_CREAT)
    for number in (1, 2):
        os.dup2(output, number)
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    module, _, name = wanted["call"].partition(":")
    try:
        found = getattr(importlib.import_module(module), name)(*wanted["arguments"])
        if inspect.iscoroutine(found):
            found = asyncio.run(found)
    except BaseException:  # noqa: BLE001 - whatever it is, the parent must hear of it
        traceback.print_exc()
        return 1
    sys.stdout.write("\n" + json.dumps(found, ensure_ascii=False))
    return 0


def _bear(line: bytes) -> int:
    pid = os.fork()
    if pid == 0:
        code = 1
        try:
            code = _live(json.loads(line))
        finally:
            sys.stdout.flush()
            sys.stderr.flush()
            os._exit(code)
    _tell({"born": pid})
    return pid


def _tell(told: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(told) + "\n")
    sys.stdout.flush()


def main() -> None:
    """Bear children until stdin ends; those who live then are killed."""
    for module in sys.argv[1:]:
        importlib.import_module(module)
    alive: set[int] = set()
    rest, reading = b"", True
    while reading or alive:
        if reading and select.select([0], [], [], _GLANCE_SECONDS)[0]:
            read = os.read(0, 65536)
            reading = bool(read)
            *lines, rest = (rest + read).split(b"\n")
            alive.update(_bear(line) for line in lines)
        if not reading:
            for pid in alive:
                os.kill(pid, 9)
        alive -= set(_ended(alive, wait=not reading))


def _ended(alive: set[int], *, wait: bool) -> list[int]:
    found = []
    for pid in alive:
        gone, status = os.waitpid(pid, 0 if wait else os.WNOHANG)
        if gone:
            _tell({"pid": pid, "code": os.waitstatus_to_exitcode(status)})
            found.append(pid)
    return found


if __name__ == "__main__":
    main()
