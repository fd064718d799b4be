"""``voronka schema``: the JSON Schema by which an editor completes and marks funnels."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import typer

import flows.nodes  # noqa: F401  # fills the registry of node types
from flows.funnel import Funnel
from flows.project import Project
from flows.reference import Reference, read_reference
from flows.schema import schema_of
from voronka.speech import Mistake, Speech

REFERENCE = "language.md"
EDITOR = ".vscode"
SCHEMAS = {"voronka-funnel.json": "funnels/*.yaml", "voronka-project.json": "voronka.yaml"}


def show_schema(*, project: bool, output: Path | None, say: Speech) -> None:
    """Print the schema of funnels, or of the project file; or write it to a file."""
    text = schema_text(project=project)
    if output is None:
        typer.echo(text, nl=False)
        return
    write_file(output, text)
    typer.echo(say(f"Схема записана: {output}.", f"The schema is written: {output}."), err=True)


def schema_text(*, project: bool) -> str:
    """The schema as JSON."""
    made = schema_of(Project if project else Funnel, _reference())
    return json.dumps(made, ensure_ascii=False, indent=1) + "\n"


def write_file(path: Path, text: str) -> None:
    """Write a text; what stands in the way is a ``Mistake``."""
    try:
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        why = error.strerror
        raise Mistake(f"Не пишется {path}: {why}.", f"{path} cannot be written: {why}.") from None


def write_editor_files(folder: Path) -> None:
    """Tell VS Code in a project's folder by what schema each file is written."""
    folder = folder / EDITOR
    folder.mkdir()
    for name in SCHEMAS:
        text = schema_text(project=name == "voronka-project.json")
        (folder / name).write_text(text, encoding="utf-8")
    places = {f"./{EDITOR}/{name}": files for name, files in SCHEMAS.items()}
    told = {"settings.json": {"yaml.schemas": places}}
    told["extensions.json"] = {"recommendations": ["redhat.vscode-yaml"]}  # type: ignore[dict-item]
    for name, content in told.items():
        (folder / name).write_text(json.dumps(content, indent=2) + "\n", encoding="utf-8")


def _reference() -> Reference:
    """The words of the reference: it lies beside the code, or where the wheel has put it."""
    here = Path(__file__).resolve().parent.parent / "docs" / REFERENCE
    for path in (here, Path(sys.prefix) / "share" / "voronka" / REFERENCE):
        if path.is_file():
            return read_reference(path.read_text(encoding="utf-8"))
    return Reference()
