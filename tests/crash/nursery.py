"""Gives birth to `voronka run` processes by forking after the imports: seconds saved at every kill.

Each line of stdin is a life: `{"env": {}, "argv": [], "output": "path"}`. The pid is printed, and
`{"pid": 1, "code": -9}` when it ended. Begun as `python -m tests.crash.nursery [PLANTED_BUG]`.
"""

from __future__ import annotations

import json
import os
import sys
import threading
from pathlib import Path


def _imported() -> None:
    """Everything that the program imports on its way to work."""
    import bots.telegram.channel
    import bots.vk.channel  # noqa: F401
    import voronka.cli
    import voronka.running  # noqa: F401


def _live(life: dict) -> None:
    """The child: becomes the program, never returns."""
    os.environ.clear()
    os.environ.update(life["env"])
    output = os.open(life["output"], os.O_WRONLY | os.O_APPEND | os.O_CREAT)
    for number in (1, 2):
        os.dup2(output, number)
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    sys.argv = ["voronka", *life["argv"]]
    from storage import crash
    from voronka.cli import main

    try:
        main()
    finally:
        Path(life["output"]).with_name("hits").write_text(json.dumps(crash.hits()))


def _bear(line: str) -> None:
    life = json.loads(line)
    pid = os.fork()
    if pid == 0:
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
    _, status = os.waitpid(pid, 0)
    _tell({"pid": pid, "code": os.waitstatus_to_exitcode(status)})


def _tell(told: dict) -> None:
    sys.stdout.write(json.dumps(told) + "\n")
    sys.stdout.flush()


def main() -> None:
    """Bear one child at a time until stdin ends."""
    _imported()
    if len(sys.argv) > 1:
        from tests.crash.planted import plant

        plant(sys.argv[1])
    assert threading.active_count() == 1
    for line in sys.stdin:
        _bear(line)


if __name__ == "__main__":
    main()
