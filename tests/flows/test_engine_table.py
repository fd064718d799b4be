"""The transition table of docs/engine.md: a row for a test, a test for a row."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).parents[2]
OTHERS = {"table", "lives", "planted"}


def rows() -> Counter[str]:
    table = (ROOT / "docs" / "engine.md").read_text("utf-8")
    return Counter(re.findall(r"^\|.*\| `(test_\w+)` \|$", table, re.MULTILINE))


def written() -> Counter[str]:
    modules = [
        path
        for path in Path(__file__).parent.glob("test_engine_*.py")
        if path.stem.removeprefix("test_engine_") not in OTHERS
    ]
    found = [
        re.findall(r"^def (test_\w+)", path.read_text("utf-8"), re.MULTILINE) for path in modules
    ]
    return Counter(name for names in found for name in names)


def test_every_row_is_a_test_and_every_test_a_row():
    assert rows() == written()


def test_no_row_stands_twice():
    assert set(rows().values()) == {1}
