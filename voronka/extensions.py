"""The project's own Python: the one file ``actions.py``, executed when the project is read."""

from __future__ import annotations

import traceback
from collections.abc import Mapping
from types import ModuleType

from flows.extending import Extensions, gathered, install
from flows.problems import Mark, Problem, problem
from voronka.files import ACTIONS_FILE

FILE = ACTIONS_FILE


def install_from(texts: Mapping[str, bytes]) -> list[Problem]:
    """Let the language know what the project adds; what is wrong with its file.

    A broken file adds nothing, and what is missing then is told only once: as the broken file.
    """
    found, problems = read_extensions(texts.get(FILE, b""))
    install(None if problems else found)
    return problems


def read_extensions(text: bytes) -> tuple[Extensions, list[Problem]]:
    """What the file registers."""
    module = ModuleType("voronka_project_actions")
    module.__file__ = FILE
    with gathered() as found:
        try:
            exec(compile(text, FILE, "exec", dont_inherit=True), module.__dict__)  # noqa: S102  # the author's own program
        except SyntaxError as error:
            mark = Mark(FILE, error.lineno or 1, error.offset or 1)
            return found, [problem("actions-broken", mark, reason=f"SyntaxError: {error.msg}")]
        except BaseException as error:  # whatever it raises, it is told
            if isinstance(error, KeyboardInterrupt):
                raise
            reason = f"{type(error).__name__}: {error}".removesuffix(": ").rstrip(".")
            return found, [problem("actions-broken", Mark(FILE, _line(error), 1), reason=reason)]
    return found, []


def _line(error: BaseException) -> int:
    frames = traceback.extract_tb(error.__traceback__)
    return next((each.lineno or 1 for each in reversed(frames) if each.filename == FILE), 1)
