"""The pages of the documents, and what stands in them: blocks, tables under marks, links."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])

_FENCE = re.compile(r"^```(?P<info>[^\n`]*)\n(?P<text>.*?)^```$", re.MULTILINE | re.DOTALL)
_LINK = re.compile(r"\]\((?P<to>[^()\s]+)\)")
_HEADING = re.compile(r"^#{1,6} (?P<words>.+)$", re.MULTILINE)


@dataclass(frozen=True)
class Block:
    """A fenced block: ``kind`` is the words after the fence."""

    page: Path
    line: int
    kind: str
    text: str

    @property
    def name(self) -> str:
        """How a test names it."""
        return f"{self.page.relative_to(ROOT)}:{self.line}"


def blocks(page: Path) -> list[Block]:
    """The page's fenced blocks in order."""
    text = page.read_text(encoding="utf-8")
    return [
        Block(page, text.count("\n", 0, found.start()) + 1, found["info"].strip(), found["text"])
        for found in _FENCE.finditer(text)
    ]


def links(page: Path) -> list[str]:
    """Where the page's links lead; code is no link."""
    bare = re.sub(r"`[^`\n]*`", "", _FENCE.sub("", page.read_text(encoding="utf-8")))
    return [found["to"] for found in _LINK.finditer(bare)]


def anchors(page: Path) -> set[str]:
    """The anchors that GitHub makes of the page's headings."""
    bare = _FENCE.sub("", page.read_text(encoding="utf-8"))
    return {
        re.sub(r"[^\w\- ]", "", found["words"].lower()).strip().replace(" ", "-")
        for found in _HEADING.finditer(bare)
    }


def table(text: str, mark: str) -> list[list[str]]:
    """The cells of the table under ``<!-- mark -->``, without its head."""
    after = text.split(f"<!-- {mark} -->\n", 1)[1]
    rows = [row for row in after.split("\n\n", 1)[0].splitlines() if row.startswith("|")]
    return [
        [cell.strip() for cell in re.split(r"(?<!\\)\|", row.strip().strip("|"))]
        for row in rows[2:]
    ]


def span(text: str, mark: str) -> str:
    """What stands between ``<!-- mark -->`` and ``<!-- /mark -->``."""
    return text.split(f"<!-- {mark} -->", 1)[1].split(f"<!-- /{mark} -->", 1)[0]


def coded(text: str) -> list[str]:
    """The words in backticks."""
    return re.findall(r"`([^`\n]+)`", text)
