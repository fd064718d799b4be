"""Gives birth to `voronka run` processes by forking after the imports: seconds saved at every kill.

Each line of stdin is a life: `{"env": {}, "argv": [], "output": "path", "bug": ""}`; an `argv` that
begins with a Python file runs that instead, beside its output. The pid is printed, and
`{"pid": 1, "code": -9}` when it ended. Any number may live at once.
"""

from __future__ import annotations

import gc
import importlib
import json
import os
import runpy
import select
import signal
import sys
import threading
from pathlib import Path
from typing import Any

from tests.crash.story import SCHOOL

USED = (
    "apscheduler.jobstores.sqlalchemy",
    "bots.telegram.channel",
    "bots.vk.channel",
    "storage.migration",
    "vkbottle.bot",
    "voronka.leads",
    "voronka.running",
)
"""What the program and the baseline import on their way to work."""


TICK_SECONDS = 0.1


def _warm() -> None:
    """Import everything, and read once what every life reads anew; no child copies it."""
    for name in USED:
        importlib.import_module(name)
    SCHOOL.loaded()
    gc.collect()
    gc.freeze()


def _hurry() -> None:
    """A test's clock jumps, and emulators take any rate: do not let everybody wait for seconds."""
    from bots import rates, ticking

    scheduler_of = ticking.scheduler_of

    def often(ticker: Any) -> Any:
        scheduler = scheduler_of(ticker)
        for job in scheduler.get_jobs():
            job.reschedule("interval", seconds=TICK_SECONDS)
        return scheduler

    ticking.scheduler_of = often
    rates.RATES.update(dict.fromkeys(rates.RATES, 1_000.0))


def _live(life: dict) -> None:
    """The child: becomes the program, never returns."""
    os.environ.clear()
    os.environ.update(life["env"])
    output = os.open(life["output"], os.O_WRONLY | os.O_APPEND | os.O_CREAT)
    for number in (1, 2):
        os.dup2(output, number)
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    if life["argv"][0].endswith(".py"):
        os.chdir(Path(life["output"]).parent)
        sys.argv = life["argv"]
        runpy.run_path(life["argv"][0], run_name="__main__")
        return
    sys.argv = ["voronka", *life["argv"]]
    if "VORONKA_TEST_CLOCK" in life["env"]:
        _hurry()
    if life["bug"]:
        from tests.crash.planted import plant

        plant(life["bug"])
    from storage import crash
    from voronka.cli import main

    try:
        main()
    finally:
        if life["argv"][0] == "run":
            Path(life["output"]).with_name("hits").write_text(json.dumps(crash.hits()))


def _bear(line: bytes) -> int:
    life = json.loads(line)
    pid = os.fork()
    if pid == 0:
        signal.set_wakeup_fd(-1)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        code = 1
        try:
            _live(life)
            code = 0
        except SystemExit as end:
            code = end.code if isinstance(end.code, int) else int(bool(end.code))
        finally:
            sys.stdout.flush()
            os._exit(code)
    _tell({"born": pid})
    return pid


def _bury(alive: set[int]) -> None:
    """Tell of those who ended."""
    for pid in sorted(alive):
        gone, status = os.waitpid(pid, os.WNOHANG)
        if gone:
            alive.discard(pid)
            _tell({"pid": pid, "code": os.waitstatus_to_exitcode(status)})


def _tell(told: dict) -> None:
    sys.stdout.write(json.dumps(told) + "\n")
    sys.stdout.flush()


def _woken() -> int:
    """A pipe that can be read whenever a child ends."""
    read, write = os.pipe()
    os.set_blocking(write, False)
    signal.set_wakeup_fd(write)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    return read


def main() -> None:
    """Bear children until stdin ends; those who live then are killed."""
    _warm()
    assert threading.active_count() == 1
    bell, alive, rest = _woken(), set(), b""
    while True:
        ready, _, _ = select.select([0, bell], [], [])
        if bell in ready:
            os.read(bell, 4096)
            _bury(alive)
        if 0 in ready:
            read = os.read(0, 65536)
            if not read:
                break
            *lines, rest = (rest + read).split(b"\n")
            alive.update(_bear(line) for line in lines)
    for pid in alive:
        os.kill(pid, signal.SIGKILL)


if __name__ == "__main__":
    main()
