"""What a command works on: a project read from its folder, and which of its funnels are meant."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

import typer

from flows.loading import PROJECT_FILE, Loaded, load
from flows.problems import Problem, closest, in_order
from flows.proving import Proof
from voronka.clocks import people_clock
from voronka.extensions import FILE as ACTIONS_FILE
from voronka.extensions import install_from
from voronka.files import SUFFIXES, find_folder, read_files
from voronka.speech import Mistake, Speech


@dataclass(frozen=True, slots=True)
class Opened:
    """A project that was read; ``chosen`` are the funnels' files that are meant.

    ``texts`` are the files as they were read, by their path from the folder; ``proofs`` tell how
    far the ways of the meant funnels were explored, where that was asked.
    """

    folder: Path
    loaded: Loaded
    chosen: tuple[str, ...]
    whole: bool
    texts: Mapping[str, bytes] = field(default_factory=dict)
    proofs: Sequence[Proof] = ()

    @property
    def problems(self) -> list[Problem]:
        """The problems of the files that are meant and of the project file."""
        if self.whole:
            return self.loaded.problems
        meant = {PROJECT_FILE, ACTIONS_FILE, *self.chosen}
        return [problem for problem in self.loaded.problems if problem.mark.file in meant]

    @property
    def sources(self) -> dict[str, str]:
        """The files' texts, to be quoted."""
        return {name: text.decode("utf-8-sig", "replace") for name, text in self.texts.items()}

    @property
    def funnels(self) -> list[str]:
        """The names of the meant funnels that can be played."""
        files = self.loaded.files
        return [name for name in self.loaded.programs if files.get(name) in self.chosen]


def open_projects(
    targets: Sequence[str], project: Path | None = None, *, explain: bool = False
) -> list[Opened]:
    """The projects that the targets name: folders, funnels' files, or names of funnels.

    Without targets it is the project of ``project`` or of the working folder. ``explain`` also
    tells what each channel shows otherwise than it was meant.
    """
    meant: dict[Path, list[str] | None] = {}
    for target in targets or [str(project or Path.cwd())]:
        folder, asked = _find(target, project)
        before = meant.get(folder, [])
        meant[folder] = None if asked is None or before is None else [*before, asked]
    return [_open(folder, asked, explain=explain) for folder, asked in meant.items()]


def open_project(project: Path | None) -> Opened:
    """The whole project of the folder."""
    return open_projects([], project)[0]


def open_funnel(target: str, project: Path | None) -> tuple[Opened, str]:
    """The one funnel that the target names, in its project."""
    opened = open_projects([target], project)[0]
    names = opened.funnels
    if len(names) == 1:
        return opened, names[0]
    if opened.whole and names:
        listed = ", ".join(names)
        raise Mistake(f"Какую воронку: {listed}?", f"Which funnel: {listed}?")
    raise Mistake(
        "Эту воронку нельзя играть: что исправить, покажет «voronka check».",
        "This funnel cannot be played: `voronka check` shows what to mend.",
    )


def tell_of_errors(opened: Opened, say: Speech) -> None:
    """A line on stderr when what is played or drawn lacks what could not be read."""
    wrong = sum(not found.warning for found in opened.problems)
    if wrong:
        errors = say.count(wrong, ("ошибка", "ошибки", "ошибок"), ("error", "errors"))
        words = say(
            f"В файле {errors}, показанное может быть неполным: смотрите «voronka check».",
            f"The file has {errors}, what is shown may lack something: see `voronka check`.",
        )
        typer.secho(words, fg="yellow", err=True)


def _find(target: str, project: Path | None) -> tuple[Path, str | None]:
    path = Path(target)
    if path.is_dir():
        return find_folder(path), None
    if path.is_file():
        folder = find_folder(path.parent)
        name = path.resolve().relative_to(folder).as_posix()
        return folder, None if name == PROJECT_FILE else name
    if path.suffix in SUFFIXES or "/" in target:
        raise Mistake(f"Нет файла или папки {target}.", f"There is no file or folder {target}.")
    return find_folder(project or Path.cwd()), target


def _open(folder: Path, asked: list[str] | None, *, explain: bool) -> Opened:
    files = read_files(folder)
    today = people_clock().now().date().isoformat()
    broken = install_from(files.texts)
    loaded = load(files.texts, files.sizes, today, explain=explain)
    loaded.problems[:] = in_order([*broken, *loaded.problems])
    funnels = tuple(name for name in files.texts if name.endswith(SUFFIXES) and "/" in name)
    if asked is None:
        return Opened(folder, loaded, funnels, whole=True, texts=files.texts)
    chosen = tuple(dict.fromkeys(_file_of(each, funnels, loaded) for each in asked))
    return Opened(folder, loaded, chosen, whole=False, texts=files.texts)


def _file_of(asked: str, funnels: Sequence[str], loaded: Loaded) -> str:
    named = {PurePosixPath(file).stem: file for file in funnels} | loaded.files
    if asked in funnels:
        return asked
    if asked in named:
        return named[asked]
    close = closest(asked, named)
    ru = f" Может быть, «{close}»?" if close else f" Есть: {', '.join(sorted(named))}."
    en = f" Did you mean “{close}”?" if close else f" There are: {', '.join(sorted(named))}."
    raise Mistake(f"Нет воронки «{asked}».{ru}", f"There is no funnel “{asked}”.{en}")
