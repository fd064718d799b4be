"""The witness tells an older copy from the last database, and never cries wolf after a death."""

from dataclasses import replace

import pytest

from storage.hold import MOVED, REWOUND
from storage.witness import Kept, Mark, judged, next_mark, read, read_kept, written, written_kept


def fresh(tag: str) -> Mark:
    return Mark(f"line-{tag}", 0, tag, 1)


class World:
    """A database and a file that are marked in the program's order; it may die between any two."""

    def __init__(self) -> None:
        self.kept: Kept | None = None
        self.file: Mark | None = None
        self.count = 0

    def meet(self, deaths: str = "") -> str:
        """A start: the verdict. It dies after the step that ``deaths`` names."""
        verdict = judged(self.kept, self.file, used=True)
        if self.kept is None and self.file is None:
            self.file = self._fresh()
            if deaths == "begun":
                return verdict
        self._mark(deaths)
        return verdict

    def advance(self, deaths: str = "") -> None:
        self._mark(deaths)

    def _mark(self, deaths: str) -> None:
        self.kept = next_mark(self.kept, self.file, self._fresh())
        if deaths != "stored":
            self.file = self.kept.mark

    def _fresh(self) -> Mark:
        self.count += 1
        return fresh(f"t{self.count}")


DEATHS = ("", "begun", "stored")


@pytest.mark.parametrize("first", DEATHS)
@pytest.mark.parametrize("second", DEATHS)
@pytest.mark.parametrize("third", DEATHS)
def test_no_death_between_two_writes_is_a_false_alarm(first, second, third):
    world = World()
    for deaths in (first, second, third, ""):
        assert world.meet(deaths) == ""
        world.advance(deaths if deaths == "stored" else "")
    assert world.meet() == ""


@pytest.mark.parametrize("deaths", DEATHS)
@pytest.mark.parametrize("lives", [1, 2, 5])
def test_an_older_database_is_known_however_the_life_after_it_ended(deaths, lives):
    world = World()
    world.meet()
    copy = world.kept
    for _ in range(lives):
        world.advance()
    world.advance("stored" if deaths else "")
    world.kept = copy
    assert world.meet() == REWOUND
    assert world.meet() == "", "it is told once"


def test_a_life_that_only_began_is_known_too():
    world = World()
    world.meet()
    copy, file = world.kept, world.file
    world.advance()
    assert judged(copy, world.file, used=True) == REWOUND
    assert judged(copy, file, used=True) == ""


def test_two_lives_of_the_same_length_are_not_the_same():
    one, other = World(), World()
    one.meet()
    other.kept, other.file, other.count = one.kept, one.file, 100
    one.advance()
    other.advance()
    assert one.kept.mark.number == other.kept.mark.number
    assert judged(one.kept, other.file, used=True) == REWOUND
    one.advance("stored")
    assert judged(one.kept, other.file, used=True) == REWOUND


def test_a_database_without_its_file_or_with_anothers_has_moved():
    world, other = World(), World()
    world.meet()
    assert judged(world.kept, None, used=True) == MOVED
    other.count = 50
    other.meet()
    assert judged(world.kept, other.file, used=True) == MOVED


def test_a_copy_from_before_there_were_witnesses_is_older():
    world = World()
    world.meet()
    assert judged(None, world.file, used=True) == REWOUND
    assert judged(None, None, used=True) == "", "the first start of a program that has them"


def test_an_empty_database_begins_anew_beside_whatever_file():
    world = World()
    world.meet()
    assert judged(None, world.file, used=False) == ""
    assert judged(world.kept, None, used=False) == ""


def test_an_older_file_beside_a_newer_database_is_no_older_copy():
    world = World()
    world.meet()
    file = world.file
    for _ in range(3):
        world.advance()
    assert judged(world.kept, file, used=True) == ""


def test_marks_are_read_as_they_were_written_and_nonsense_is_none():
    kept = Kept(Mark("a", 7, "b", 99), 6, "c")
    assert read_kept(written_kept(kept)) == kept
    assert read(written(kept.mark)) == kept.mark
    for text in ("", "{}", "[]", "null", "7", '{"line": "a", "number": "x"}', "\x00"):
        assert read(text) is None
        assert read_kept(text) is None
    assert replace(kept, before_tag="d") != kept
