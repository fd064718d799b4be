"""What differs between two versions of a project: its funnels, documents, teams, rules."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from flows.changes.change import Change
from flows.changes.content import keys_in
from flows.changes.funnels import compare_funnels
from flows.program import Program
from flows.project import Project

_SECRET = frozenset({"token", "secret", "webhook", "database", "proxy"})
HIDDEN = "•••"


def compare_projects(
    old: tuple[Project | None, Mapping[str, Program]],
    new: tuple[Project | None, Mapping[str, Program]],
) -> tuple[Change, ...]:
    """Every change between two versions of a project, its own ones first."""
    found: list[Change] = []
    if old[0] is not None and new[0] is not None:
        found += _project(keys_in(old[0].node), keys_in(new[0].node))
        found += _document_texts(old[0], new[0])
    for name in old[1]:
        if name not in new[1]:
            found.append(Change("funnel-removed", "", name, name, None, funnel=name))
    for name, program in new[1].items():
        if name not in old[1]:
            found.append(Change("funnel-added", "", name, None, name, funnel=name))
        else:
            found += compare_funnels(old[1][name], program)
    return tuple(found)


def _project(before: Any, after: Any, path: str = "") -> Iterator[Change]:
    """What differs in the project file, by the path of its keys; secrets are not shown."""
    if isinstance(before, dict) and isinstance(after, dict):
        for key in dict.fromkeys([*before, *after]):
            yield from _project(before.get(key), after.get(key), f"{path}.{key}".lstrip("."))
        return
    if before == after:
        return
    name, _, key = path.partition(".")
    values = _shown(before, path), _shown(after, path)
    if name == "documents":
        yield Change("document", "", key, *values)
    else:
        yield Change("project", "", path, *values)


def _shown(value: Any, path: str) -> Any:
    """The value, or a mark in place of a secret."""
    if value is None:
        return None
    if path.rsplit(".", 1)[-1] in _SECRET:
        return HIDDEN
    if isinstance(value, dict):
        return {key: _shown(inner, f"{path}.{key}") for key, inner in value.items()}
    return value


def _document_texts(old: Project, new: Project) -> Iterator[Change]:
    """A document whose text differs; its version should differ too."""
    for name, document in new.documents.items():
        before = old.documents.get(name)
        if before is not None and document.file and before.sha256 != document.sha256:
            yield Change("document-text", "", name, before.version, document.version)
