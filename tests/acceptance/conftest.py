"""One messenger, one database and one clock for every acceptance test."""

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from datetime import datetime
from functools import cache
from pathlib import Path

import pytest

from flows.loading import Loaded
from tests.acceptance.messengers import SIDES
from tests.acceptance.project import loaded_project, start_moment, transcripts
from tests.acceptance.sides import Side
from tests.acceptance.stage_over_http import HttpStage, opened_stage, play
from voronka.clocks import CLOCK_FILE

Open = Callable[[Side | str, str, datetime], AbstractAsyncContextManager[HttpStage]]

read_once = cache(loaded_project)


@pytest.fixture
def project() -> Loaded:
    """The project of the repository's root."""
    return read_once()


@pytest.fixture
def people_time(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """The file in which the emulators read the people's time."""
    monkeypatch.setenv(CLOCK_FILE, str(tmp_path / "now"))


@pytest.fixture
def open_stage(people_time: None, project: Loaded, new_sqlite: Callable[[], str]) -> Open:
    """A function that opens a stage: messenger, funnel and the moment it begins; on SQLite."""

    def make(side, funnel, start, new_url=new_sqlite):
        made = SIDES[side]() if isinstance(side, str) else side
        return opened_stage(made, project, funnel, new_url(), start)

    return make


@pytest.fixture
def open_played(open_stage: Open, project: Loaded):
    """A function that opens a stage on which the funnel's first test has been played."""

    @asynccontextmanager
    async def make(channel, funnel):
        test = transcripts(project, funnel)[0]
        async with open_stage(channel, funnel, start_moment(project, funnel, test)) as stage:
            failure, _ = await play(stage, funnel, test)
            assert failure is None, failure
            yield stage

    return make
