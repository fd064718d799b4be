"""Every YAML block of the documents is read by the code that reads funnels."""

import pytest

from flows.broadcasts.file import read_broadcast
from flows.funnel import read_funnel
from flows.project import read_project
from flows.reading import Reading
from flows.source import read_source
from flows.transcripts import read_tests
from tests.docs.funnels import failures, loaded, told
from tests.docs.pages import PAGES, Block, blocks

YAML = [block for page in PAGES for block in blocks(page) if block.kind.startswith("yaml")]
WHOLE = [block for block in YAML if block.text.startswith("funnel:")]
PARTS = [block for block in YAML if block not in WHOLE]
HEAD = "funnel: page\nentry: [start]\nflows: {main: [end]}\n"


def _indented(text: str) -> str:
    return "".join(f"    {line}\n" for line in text.splitlines())


WRAPPED = {
    "yaml steps": lambda text: "funnel: page\nentry: [start]\nflows:\n  main:\n" + _indented(text),
    "yaml entry": lambda text: "funnel: page\nflows: {main: [end]}\nentry:\n" + _indented(text),
    "yaml tests": lambda text: HEAD + "tests:\n" + _indented(text),
    "yaml top": lambda text: HEAD + text,
}


@pytest.mark.parametrize("block", WHOLE, ids=lambda block: block.name)
def test_a_whole_funnel_has_no_errors_and_keeps_its_own_tests(block: Block) -> None:
    found = loaded(block.text)
    assert not told(found)
    assert not failures(found)


@pytest.mark.parametrize("block", PARTS, ids=lambda block: block.name)
def test_a_part_of_a_file_is_read_without_problems(block: Block) -> None:
    reading = Reading(block.name)
    if block.kind == "yaml project":
        head = "" if block.text.startswith("project:") else "project: page\n"
        node, problems = read_source(head + block.text, block.name)
        assert node is not None
        assert read_project(node, reading) is not None
    elif block.kind == "yaml broadcast":
        node, problems = read_source(block.text, block.name)
        assert node is not None
        assert read_broadcast(node, reading) is not None
    else:
        node, problems = read_source(WRAPPED[block.kind](block.text), block.name)
        assert node is not None
        funnel = read_funnel(node, reading)
        assert funnel is not None
        read_tests(funnel.tests, reading)
    assert not problems
    assert not reading.problems, [(str(each.mark), each.code) for each in reading.problems]


def test_there_are_whole_funnels_to_play() -> None:
    assert len(WHOLE) >= 3


@pytest.mark.parametrize("page", ["README.md", "README.en.md"])
def test_the_first_funnel_that_people_see_has_not_even_warnings(page: str) -> None:
    (block,) = [each for each in WHOLE if each.page.name == page]
    assert not loaded(block.text).problems
    funnel = block.text.split("\ntests:")[0]
    assert len(funnel.strip().splitlines()) <= 20
