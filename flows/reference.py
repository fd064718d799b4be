"""The words of the language's reference about each key, read from its tables: the one place of them."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

_HEADING = re.compile(r"#{1,4} (?P<words>.+)")
_MARK = re.compile(r"<!-- keys: (?P<record>\w+)(?:, besides [\w, ]+)? -->")
_CELL = re.compile(r"(?<!\\)\|")
_LINK = re.compile(r"\[([^\]]+)\]\([^()\s]+\)")


@dataclass(frozen=True, slots=True)
class Reference:
    """What the reference says: ``titles`` by record, ``keys`` by record and key."""

    titles: dict[str, str] = field(default_factory=dict)
    keys: dict[str, dict[str, str]] = field(default_factory=dict)

    def title(self, record: type) -> str:
        """The heading that the record's table stands under; empty when there is none."""
        return self.titles.get(record.__name__, "")

    def key(self, record: type, name: str) -> str:
        """What the table of the record, or of what it is made from, says of the key."""
        tables = (self.keys.get(each.__name__, {}) for each in record.__mro__)
        return next((table[name] for table in tables if name in table), "")


def read_reference(text: str) -> Reference:
    """What ``docs/language.md`` says in its tables of keys."""
    found = Reference()
    heading, record = "", ""
    for line in text.splitlines():
        if title := _HEADING.fullmatch(line):
            heading = _plain(title["words"])
        elif mark := _MARK.fullmatch(line):
            record = mark["record"]
            found.titles[record] = heading
            found.keys[record] = {}
        elif record and line.startswith("|"):
            _read_row(line, found.keys[record])
        else:
            record = ""
    return found


def _read_row(line: str, table: dict[str, str]) -> None:
    cells = [cell.strip() for cell in _CELL.split(line.strip().strip("|"))]
    name = re.match(r"`([^`]+)`", cells[0])
    if name and len(cells) > 1:
        table[name[1]] = _plain(cells[1])


def _plain(words: str) -> str:
    return _LINK.sub(r"\1", words).replace("\\|", "|")
