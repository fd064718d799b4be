"""Links between the documents lead somewhere."""

from pathlib import Path
from urllib.parse import unquote

import pytest

from tests.docs.pages import PAGES, ROOT, anchors, links

FOREIGN = ("http://", "https://", "mailto:")


def _broken(page: Path, to: str) -> bool:
    path, _, anchor = unquote(to).partition("#")
    target = (page.parent / path) if path else page
    if not target.exists():
        return True
    return bool(anchor) and target.suffix == ".md" and anchor not in anchors(target)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_lead_to_files_and_headings_that_there_are(page: Path) -> None:
    ours = [to for to in links(page) if not to.startswith(FOREIGN)]
    assert [to for to in ours if _broken(page, to)] == []
