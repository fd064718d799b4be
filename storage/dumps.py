"""Copies of a PostgreSQL database by its own programs, `pg_dump` and `pg_restore`."""

import os
import shutil
import subprocess
from pathlib import Path

from storage.database import read_url
from storage.work import DatabaseUnavailable

NEEDED = ("pg_dump", "pg_restore")


class ToolMissing(DatabaseUnavailable):
    """The program that makes or returns copies is not installed."""

    def __init__(self, tool: str) -> None:
        super().__init__(f"{tool} is not installed: it comes with PostgreSQL's client programs.")
        self.tool = tool


class ToolFailed(DatabaseUnavailable):
    """The program refused; its words may hold rows and are not repeated."""

    def __init__(self, tool: str, code: int) -> None:
        super().__init__(f"{tool} failed with code {code}.")
        self.tool, self.code = tool, code


def dump(url: str, target: Path) -> None:
    """Writes the database as it is at one moment."""
    target.touch(mode=0o600)
    options = ("--format=custom", "--no-owner", "--no-privileges", f"--file={target}")
    _run("pg_dump", url, *options)


def restore(url: str, source: Path) -> None:
    """Puts the copy in place of all that the database holds, or changes nothing."""
    options = ("--clean", "--if-exists", "--no-owner", "--no-privileges", "--exit-on-error")
    _run("pg_restore", url, *options, "--single-transaction", str(source))


def _run(tool: str, url: str, *options: str) -> None:
    path = shutil.which(tool)
    if path is None:
        raise ToolMissing(tool)
    parsed = read_url(url)
    plain = parsed.set(drivername="postgresql", password=None)
    address = f"--dbname={plain.render_as_string(hide_password=False)}"
    # a password among the arguments would be seen by every user of the machine
    known = {"PGPASSWORD": parsed.password} if parsed.password else {}
    made = subprocess.run(  # noqa: S603 - a program of PostgreSQL, arguments of our own
        [path, address, *options], env={**os.environ, **known}, capture_output=True, check=False
    )
    if made.returncode:
        raise ToolFailed(tool, made.returncode)
