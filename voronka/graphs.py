"""``voronka graph``: a funnel drawn as a Mermaid graph, a picture or a printable plan."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

import typer

from flows.drawing.mermaid import as_mermaid
from flows.drawing.outlining import outline_of
from flows.drawing.plan import as_plan
from flows.drawing.svg import as_svg
from flows.problems import Language
from flows.telling import book_of
from voronka.projects import Opened
from voronka.schemas import write_file
from voronka.speech import Mistake, Speech

GraphFormat = Literal["mermaid", "svg", "html"]
_ENDINGS: dict[str, GraphFormat] = {
    "": "mermaid",
    ".mmd": "mermaid",
    ".mermaid": "mermaid",
    ".md": "mermaid",
    ".txt": "mermaid",
    ".svg": "svg",
    ".html": "html",
    ".htm": "html",
}


def draw(
    opened: Opened,
    name: str,
    form: GraphFormat | None,
    output: Path | None,
    *,
    language: Language | None,
    say: Speech,
) -> None:
    """Print the drawing of a funnel, or write it to a file whose ending tells the form."""
    ending = output.suffix.lower() if output is not None else ""
    chosen = form or _ENDINGS.get(ending)
    if chosen is None:
        raise Mistake(
            f"Файлов {ending} рисунок не знает: нужен .svg, .html или .mmd, либо --format.",
            f"A drawing is no {ending}: name the file .svg, .html or .mmd, or give --format.",
        )
    text = drawn(opened, name, chosen, language)
    if output is None:
        typer.echo(text, nl=False)
        return
    write_file(output, text)
    typer.echo(say(f"Нарисовано: {output}.", f"Drawn: {output}."), err=True)


def drawn(opened: Opened, name: str, form: GraphFormat, language: Language | None = None) -> str:
    """The drawing as text, in the funnel's own language unless another is asked for."""
    project = opened.loaded.project
    documents = project.documents if project is not None else {}
    titles = {each: document.title for each, document in documents.items()}
    book = book_of(opened.loaded.programs[name], titles, language)
    if form == "html":
        return as_plan(book, documents)
    outline = outline_of(book)
    return as_svg(outline) if form == "svg" else as_mermaid(outline)
