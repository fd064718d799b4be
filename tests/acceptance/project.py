"""The repository's own project: its funnels, their tests, and a team that is told in a messenger."""

from dataclasses import replace
from datetime import datetime
from pathlib import Path

from flows.loading import Loaded, load
from flows.program import Bundle
from flows.project import Manager
from flows.reading import Reading
from flows.transcripts import Transcript, read_tests, start_of
from tests.acceptance.sides import BOT, MANAGERS, Side
from voronka.files import read_files
from voronka.testing import alone

ROOT = Path(__file__).parents[2]


def loaded_project(folder: Path = ROOT) -> Loaded:
    """The project of the folder."""
    files = read_files(folder)
    return load(files.texts, files.sizes, "2026-01-01")


def bundle_for(side: Side, loaded: Loaded, funnel: str) -> Bundle:
    """The funnel on the side's channel; its team is told in the side's chat."""
    bundle = alone(loaded, funnel, side.name)
    some = next(iter(bundle.teams.values()))
    managers = tuple(
        Manager(mark=some.mark, name=name, telegram=str(at), vk=str(at))
        for at, name in MANAGERS.items()
    )
    teams = {
        name: replace(team, notify=side.team, managers=managers)
        for name, team in bundle.teams.items()
    }
    return replace(bundle, bot=BOT, teams=teams)


def start_moment(loaded: Loaded, funnel: str, test: Transcript) -> datetime:
    """When the test begins."""
    assert loaded.project is not None
    home = loaded.programs[funnel].funnel.timezone or loaded.project.timezone
    return start_of(test, home)


def transcripts(loaded: Loaded, funnel: str) -> list[Transcript]:
    """The tests in the funnel's file."""
    reading = Reading(loaded.files[funnel])
    found = read_tests(loaded.programs[funnel].funnel.tests, reading)
    assert not reading.problems, reading.problems
    return found
