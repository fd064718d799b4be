"""The figures of the experiments: a line on the screen and, for ``make soak``, a line of a file."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

FILE = "VORONKA_FIGURES"
LONG = bool(os.environ.get("VORONKA_SOAK"))
"""Whether the long form is played; the short form is part of ``make test``."""


def seeds(short: int = 1, long: int = 5) -> list[int]:
    """The seeds to play: one that ``VORONKA_SEED`` names, else the first few."""
    chosen = os.environ.get("VORONKA_SEED")
    return [int(chosen)] if chosen else list(range(1, (long if LONG else short) + 1))


def tell(experiment: str, **figures: float | str) -> None:
    """Print what an experiment (``F1``) gave, its seed too; the setting's file gets it as well."""
    line = " ".join(f"{name}={value}" for name, value in figures.items())
    sys.stdout.write(f"\n{experiment}: {line}\n")
    path = os.environ.get(FILE)
    if path:
        with Path(path).open("a", encoding="utf-8") as file:
            told = {"experiment": experiment, **figures}
            file.write(json.dumps(told, ensure_ascii=False) + "\n")


def tables(lines: list[str]) -> str:
    """The file's lines as a Markdown table for each experiment, in order of their numbers."""
    found: dict[str, list[dict[str, object]]] = {}
    for line in lines:
        row = json.loads(line)
        found.setdefault(row.pop("experiment"), []).append(row)
    order = sorted(found, key=lambda name: (int("".join(filter(str.isdigit, name)) or 0), name))
    return "\n\n".join(_table(name, found[name]) for name in order)


def _table(name: str, rows: list[dict[str, object]]) -> str:
    columns = list(dict.fromkeys(column for row in rows for column in row))
    head = ["| " + " | ".join(columns) + " |", "| " + " | ".join("---" for _ in columns) + " |"]
    body = [
        "| " + " | ".join(str(row.get(column, "")) for column in columns) + " |" for row in rows
    ]
    return "\n".join([f"{name}", "", *head, *body])


if __name__ == "__main__":
    sys.stdout.write(tables(Path(sys.argv[1]).read_text(encoding="utf-8").splitlines()) + "\n")
