"""``voronka diff``: what changed between two versions of funnels, from files, folders or git."""

from __future__ import annotations

import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import typer

from flows.changes import Change, compare_projects
from flows.changes.wording import as_json, as_text
from flows.loading import PROJECT_FILE, load, read_program
from flows.program import Program
from flows.project import Project
from flows.source import MAX_BYTES
from flows.telling.tongue import Tongue
from voronka.clocks import people_clock
from voronka.files import FUNNELS, SUFFIXES, find_folder, read_files
from voronka.projects import open_projects
from voronka.speech import OK, WRONG, Mistake, Speech


@dataclass(frozen=True, slots=True)
class Version:
    """One side of a comparison: funnels by name, and the project they stand in, if there is one."""

    programs: Mapping[str, Program]
    project: Project | None = None


def versions(old: str, new: str) -> tuple[Version, Version]:
    """Both sides, from files or from folders."""
    if not new:
        raise Mistake(
            "Что сравнить? «voronka diff СТАРОЕ НОВОЕ» или «voronka diff ВОРОНКА --git ВЕРСИЯ».",
            "Compare with what? `voronka diff OLD NEW` or `voronka diff FUNNEL --git REV`.",
        )
    paths = Path(old), Path(new)
    if paths[0].is_dir() != paths[1].is_dir():
        raise Mistake(
            "Сравните файл с файлом или папку с папкой.",
            "Compare a file with a file or a folder with a folder.",
        )
    if paths[0].is_dir():
        return _of_folder(paths[0]), _of_folder(paths[1])
    one, two = _of_file(paths[0]), _of_file(paths[1])
    return one, two


def compare(
    old: Version, new: Version, form: Literal["text", "json"], *, exit_code: bool, say: Speech
) -> int:
    """Print the changes; the exit code comes back."""
    changes = changes_of(old, new)
    labels = {name: _labels(program) for name, program in new.programs.items()}
    if form == "json":
        typer.echo(as_json(changes, labels))
    elif changes:
        typer.echo(as_text(changes, Tongue(say.language), labels))
    else:
        typer.echo(say("Ничего не изменилось.", "Nothing has changed."))
    return WRONG if exit_code and changes else OK


def changes_of(old: Version, new: Version) -> Sequence[Change]:
    """What differs; of two single files the funnel is the same one under any name."""
    before = old.programs
    if old.project is None and new.project is None and len(before) == len(new.programs) == 1:
        before = dict(zip(new.programs, before.values(), strict=True))
    return compare_projects((old.project, before), (new.project, new.programs))


def _labels(program: Program) -> dict[str, str]:
    fields = program.funnel.fields.items()
    return {name: spec.label for name, spec in fields if spec.label}


def _of_folder(folder: Path) -> Version:
    files = read_files(find_folder(folder))
    return _version(files.texts, files.sizes)


def _version(texts: Mapping[str, bytes], sizes: Mapping[str, int]) -> Version:
    loaded = load(texts, sizes, people_clock().now().date().isoformat())
    return Version(loaded.programs, loaded.project)


def _of_file(path: Path) -> Version:
    try:
        with path.open("rb") as file:
            content = file.read(MAX_BYTES + 1)
    except OSError as error:
        why = error.strerror
        raise Mistake(f"Не читается {path}: {why}.", f"{path} cannot be read: {why}.") from None
    return _single(content.decode("utf-8-sig", "replace"), str(path))


def _single(text: str, name: str) -> Version:
    program = read_program(text, name)
    if program is None:
        raise Mistake(
            f"{name} — не воронка, или её нельзя прочесть: что исправить, покажет «voronka check».",
            f"{name} is no funnel, or cannot be read: `voronka check` shows what to mend.",
        )
    return Version({program.funnel.funnel: program})


def git_versions(
    revision: str, target: str, extra: str, project: Path | None
) -> tuple[Version, Version]:
    """The funnels as a commit had them, and as they stand now; all of a folder, or one funnel."""
    if extra:
        raise Mistake(
            f"С --git нужна одна воронка или папка, лишнее: {extra}.",
            f"With --git give one funnel or folder, too many: {extra}.",
        )
    opened = open_projects([] if target == "." and project else [target], project)[0]
    was = _at_commit(opened.folder, revision)
    if opened.whole:
        return was, Version(opened.loaded.programs, opened.loaded.project)
    names = [name for name, file in opened.loaded.files.items() if file in opened.chosen]
    now = {name: opened.loaded.programs[name] for name in names}
    return Version({name: was.programs[name] for name in names if name in was.programs}), Version(
        now
    )


def _at_commit(folder: Path, revision: str) -> Version:
    commit = _git(
        folder, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{revision}^{{commit}}"
    )
    named = _git(folder, "ls-tree", "-r", "-z", "--name-only", commit.decode().strip(), "--", ".")
    texts: dict[str, bytes] = {}
    sizes: dict[str, int] = {}
    for name in named.decode("utf-8", "replace").split("\0"):
        if name.startswith(f"{FUNNELS}/") or name == PROJECT_FILE:
            if name.endswith((*SUFFIXES, ".md", ".txt")):
                texts[name] = _git(folder, "show", f"{commit.decode().strip()}:./{name}")
            else:
                sizes[name] = 0
    return _version(texts, sizes)


def _git(folder: Path, *words: str) -> bytes:
    try:
        done = subprocess.run(  # noqa: S603  # a revision is read after --end-of-options
            ["git", "-C", str(folder), *words],  # noqa: S607  # the git that the person has
            capture_output=True,
            check=False,
        )
    except OSError:
        raise Mistake("Программа git не найдена.", "The program git was not found.") from None
    if done.returncode:
        why = done.stderr.decode("utf-8", "replace").strip().splitlines()
        told = f": {why[0]}" if why else ""
        raise Mistake(
            f"Такой версии в git нет, или {folder} не в git{told}.",
            f"There is no such version in git, or {folder} is not in git{told}.",
        )
    return done.stdout
