"""Commands that the documents name are those that there are, and the README names all of them."""

import re

import pytest
import typer

from tests.docs.pages import PAGES, ROOT, blocks, coded
from voronka.cli import app

PROGRAM = typer.main.get_command(app)


def _named(text: str) -> list[list[str]]:
    return [words.split() for words in re.findall(r"(?m)^(?:\$ )?voronka +([\w-].*)$", text)]


def _mentions() -> list[tuple[str, list[str]]]:
    found = []
    for page in PAGES:
        name = str(page.relative_to(ROOT))
        shown = [block.text for block in blocks(page) if block.kind == "console"]
        spans = coded(page.read_text(encoding="utf-8"))
        found += [(name, words) for text in (*shown, *spans) for words in _named(text)]
    return found


def _wrong(words: list[str]) -> str:
    """What of the command there is not."""
    command = PROGRAM
    for word in words:
        commands = getattr(command, "commands", {})
        if word.startswith("-"):
            options = {name for param in command.params for name in param.opts}
            if word.split("=")[0] not in {*options, "--help"}:
                return word
        elif word in commands:
            command = commands[word]
        elif default := getattr(command, "default", ""):
            command = commands[default]
        elif commands and word not in {"…", "..."}:
            return word
    return ""


@pytest.mark.parametrize(
    ("page", "words"),
    _mentions(),
    ids=lambda value: value if isinstance(value, str) else "_".join(value),
)
def test_commands_of_the_documents_exist(page: str, words: list[str]) -> None:
    assert _wrong(words) == ""


def _paths(command: object, head: str = "voronka") -> list[str]:
    commands = getattr(command, "commands", {})
    inner = [path for name, each in commands.items() for path in _paths(each, f"{head} {name}")]
    runs = not commands or getattr(command, "invoke_without_command", False)
    return [*([head] if runs else []), *inner]


@pytest.mark.parametrize("page", ["README.md", "README.en.md"])
def test_the_readme_names_every_command(page: str) -> None:
    text = (ROOT / page).read_text(encoding="utf-8")
    assert [path for path in _paths(PROGRAM) if f"`{path}" not in text] == []
