"""A project read from its files: texts in, programs and problems out. The caller reads the disk."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping as Files
from dataclasses import dataclass, field, replace

import flows.nodes  # noqa: F401  # fills the registry of node types
from flows.broadcasts.checking import check_broadcast
from flows.broadcasts.file import Broadcast, read_broadcast
from flows.checks import check_funnel, check_project
from flows.funnel import Funnel, read_funnel
from flows.problems import Mark, Problem, in_order, problem
from flows.program import Bundle, Program, lay_out
from flows.project import Bot, Document, Project, read_project
from flows.reading import Reading
from flows.source import Node, read_source

PROJECT_FILE = "voronka.yaml"
FUNNELS_FOLDER = "funnels/"
BROADCASTS_FOLDER = "funnels/broadcasts/"


@dataclass(frozen=True, slots=True)
class Loaded:
    """A project that was read: its programs by funnel, the files they came from, all problems.

    ``project`` is None when ``voronka.yaml`` cannot be used; a funnel that cannot be played is
    missing from ``programs``. ``texts`` are the sources by funnel, ``trees`` the files' nodes.
    """

    project: Project | None
    programs: dict[str, Program] = field(default_factory=dict)
    files: dict[str, str] = field(default_factory=dict)
    texts: dict[str, str] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    broadcasts: dict[str, Broadcast] = field(default_factory=dict)

    @property
    def errors(self) -> list[Problem]:
        """The problems that stop the project from running: those of a broadcast do not."""
        found = (item for item in self.problems if not item.warning)
        return [item for item in found if not is_broadcast(item.mark.file)]


def load(
    files: Files[str, bytes], sizes: Files[str, int], today: str, *, explain: bool = False
) -> Loaded:
    """Read a project.

    ``files`` are ``voronka.yaml``, the funnels (``funnels/*.yaml``) and the documents by their
    path from the project's folder; ``sizes`` the sizes in bytes of every file that messages may
    name; ``today`` an ISO date, for letters whose moment is past; ``explain`` also tells what
    each channel shows otherwise than it was meant.
    """
    problems: list[Problem] = []
    project = _project(files, problems)
    funnels = [name for name in sorted(files) if _is_funnel(name)]
    programs: dict[str, Program] = {}
    named: dict[str, str] = {}
    texts: dict[str, str] = {}
    for path in funnels:
        text, funnel, reading = _funnel(files[path], path)
        _look_for_media(reading, path, sizes)
        problems.extend(reading.problems)
        if funnel is None:
            continue
        if funnel.funnel in named:
            other = named[funnel.funnel]
            problems.append(
                problem("duplicate-funnel", funnel.mark, funnel=funnel.funnel, other=other)
            )
            continue
        named[funnel.funnel] = path
        texts[funnel.funnel] = text
        program = lay_out(funnel, hashlib.sha256(text.encode()).hexdigest()[:16])
        programs[funnel.funnel] = program
        whole = not reading.lost
        beside = _beside(path, sizes)
        problems += check_funnel(
            program, project, today, explain=explain, whole=whole, sizes=beside
        )
    if project is not None:
        problems.extend(check_project(project, programs, files.keys()))
        project = _with_digests(project, files)
    made = Loaded(project, programs, named, texts, problems)
    _add_broadcasts(made, files, sizes, today)
    return replace(made, problems=in_order(problems))


def _add_broadcasts(
    made: Loaded, files: Files[str, bytes], sizes: Files[str, int], today: str
) -> None:
    named: dict[str, str] = {}
    for path in (name for name in sorted(files) if is_broadcast(name)):
        broadcast, problems = checked_broadcast(made, files[path], path, sizes, today)
        made.problems.extend(problems)
        if broadcast is None:
            continue
        name, other = broadcast.broadcast, named.setdefault(broadcast.broadcast, path)
        if other != path:
            mark = broadcast.mark
            made.problems.append(problem("duplicate-broadcast", mark, name=name, other=other))
            continue
        made.broadcasts[name] = broadcast


def checked_broadcast(
    loaded: Loaded, content: bytes, path: str, sizes: Files[str, int], today: str
) -> tuple[Broadcast | None, list[Problem]]:
    """The broadcast of a file, wherever it lies, with all that is wrong in it.

    Its media lie where those of the funnels do.
    """
    reading = Reading(path)
    _, node = _tree(content, path, reading)
    broadcast = read_broadcast(node, reading) if node is not None else None
    _look_for_media(reading, FUNNELS_FOLDER, sizes)
    if broadcast is None or loaded.project is None:
        return broadcast, reading.problems
    beside = _beside(FUNNELS_FOLDER, sizes)
    found = check_broadcast(broadcast, loaded.project, loaded.programs, today, beside)
    return broadcast, in_order([*reading.problems, *found])


def is_broadcast(path: str) -> bool:
    """Whether the file of that path from the project's folder is read as a broadcast."""
    return path.startswith(BROADCASTS_FOLDER) and path.endswith((".yaml", ".yml"))


def _is_funnel(path: str) -> bool:
    parts = path.split("/")
    return len(parts) == 2 and parts[0] == "funnels" and parts[1].endswith((".yaml", ".yml"))


def _text(content: bytes, path: str) -> tuple[str, list[Problem]]:
    try:
        return content.decode("utf-8-sig"), []
    except UnicodeDecodeError:
        return "", [problem("file-not-utf8", Mark(path, 1, 1))]


def _tree(content: bytes, path: str, reading: Reading) -> tuple[str, Node | None]:
    text, problems = _text(content, path)
    if not problems:
        node, problems = read_source(text, path)
        reading.problems.extend(problems)
        return text, node
    reading.problems.extend(problems)
    return text, None


def _project(files: Files[str, bytes], problems: list[Problem]) -> Project | None:
    if PROJECT_FILE not in files:
        problems.append(problem("project-missing", Mark(PROJECT_FILE, 1, 1)))
        return None
    reading = Reading(PROJECT_FILE)
    _, node = _tree(files[PROJECT_FILE], PROJECT_FILE, reading)
    project = read_project(node, reading) if node is not None else None
    problems.extend(reading.problems)
    return project


def _funnel(content: bytes, path: str) -> tuple[str, Funnel | None, Reading]:
    reading = Reading(path)
    text, node = _tree(content, path, reading)
    funnel = read_funnel(node, reading) if node is not None else None
    return text, funnel, reading


def read_program(text: str, file: str) -> Program | None:
    """The program of a stored funnel's text; None when this version cannot read it."""
    _, funnel, _ = _funnel(text.encode(), file)
    if funnel is None:
        return None
    return lay_out(funnel, hashlib.sha256(text.encode()).hexdigest()[:16])


def _look_for_media(reading: Reading, path: str, sizes: Files[str, int]) -> None:
    beside = _beside(path, sizes)
    for name, mark in reading.media:
        if name not in beside:
            reading.note("media-missing", mark, file=name)


def _beside(path: str, sizes: Files[str, int]) -> dict[str, int]:
    """The sizes of the files in the funnel's folder by their path from there."""
    folder = f"{path.rsplit('/', 1)[0]}/"
    return {
        name.removeprefix(folder): size for name, size in sizes.items() if name.startswith(folder)
    }


def _with_digests(project: Project, files: Files[str, bytes]) -> Project:
    documents: dict[str, Document] = {}
    for name, document in project.documents.items():
        content = files.get(document.file) or document.title.encode()
        documents[name] = replace(document, sha256=hashlib.sha256(content).hexdigest())
    return replace(project, documents=documents)


def bundle_of(loaded: Loaded, bot: Bot, channel: str = "") -> Bundle:
    """What a bot's conversations are played by; ``channel`` plays them as on another channel."""
    project = loaded.project
    assert project is not None
    name = channel or bot.channel
    gate = getattr(project.advertising, name, "allow")
    programs = {key: loaded.programs[key] for key in bot.funnels if key in loaded.programs}
    return Bundle(
        bot=bot.name,
        channel=name,
        programs=programs,
        documents=project.documents,
        teams=project.teams,
        limits=project.limits,
        calendar=project.calendar,
        timezone=project.timezone,
        deny_advertising=gate == "deny",
        http=project.http,
        alerts=project.alerts,
        testers=project.testers.on(name),
    )
