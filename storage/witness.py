"""The witness: a count in the database and in a file beside it tells an older copy from the last."""

import json
from dataclasses import dataclass, replace
from typing import Final

from storage import notes
from storage.hold import MOVED, REWOUND
from storage.work import Work

KEY: Final = "witness"


@dataclass(frozen=True, slots=True)
class Mark:
    """One entry: the ``line`` of databases that it belongs to, a growing number, a random tag."""

    line: str
    number: int
    tag: str
    at_us: int


@dataclass(frozen=True, slots=True)
class Kept:
    """What the database holds: the last mark, and the one before, which a file may still have."""

    mark: Mark
    before_number: int
    before_tag: str

    def knows(self, mark: Mark) -> bool:
        """Whether the file's mark belongs to this database's own past."""
        if mark.number == self.mark.number:
            return mark.tag == self.mark.tag
        if mark.number == self.before_number:
            return mark.tag == self.before_tag
        return mark.number < self.mark.number


def judged(kept: Kept | None, file: Mark | None, *, used: bool) -> str:
    """Why the database must be held at its start: `rewound`, `moved`, or "" when all is well.

    A file with the number 0 was written just before its database's first mark.
    """
    if not used:
        return ""
    if kept is None:
        return REWOUND if file is not None and file.number else ""
    if file is None or file.line != kept.mark.line:
        return MOVED
    return "" if kept.knows(file) else REWOUND


def next_mark(kept: Kept | None, file: Mark | None, fresh: Mark) -> Kept:
    """The mark that follows what database and file hold; ``fresh`` gives line, tag and moment."""
    known = [one for one in (kept.mark if kept else None, file) if one is not None]
    line = known[0].line if known else fresh.line
    number = 1 + max((one.number for one in known), default=0)
    before = file or (kept.mark if kept else fresh)
    return Kept(replace(fresh, line=line, number=number), before.number, before.tag)


def put(kept: Kept) -> Work:
    """Stores the mark."""
    return notes.put(KEY, written_kept(kept))


def written(mark: Mark) -> str:
    """The mark as text."""
    told = {"line": mark.line, "number": mark.number, "tag": mark.tag, "at_us": mark.at_us}
    return json.dumps(told)


def written_kept(kept: Kept) -> str:
    """The database's mark as text."""
    before = {"before_number": kept.before_number, "before_tag": kept.before_tag}
    return json.dumps({**json.loads(written(kept.mark)), **before})


def read(text: str) -> Mark | None:
    """The mark of a file; None for a text that is none."""
    try:
        told = json.loads(text)
        return Mark(str(told["line"]), int(told["number"]), str(told["tag"]), int(told["at_us"]))
    except (ValueError, TypeError, KeyError):
        return None


def read_kept(text: str) -> Kept | None:
    """The mark of a database; None when it has none."""
    mark = read(text)
    if mark is None:
        return None
    told = json.loads(text)
    return Kept(mark, int(told["before_number"]), str(told["before_tag"]))
