"""What the tests went through and what they did not: in a line, in full, as JSON."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence

import typer

from flows.coverable import KINDS, Item, Kind
from flows.coverage import Footprints
from voronka.speech import Speech

SHORT = 5
"""How many untested things the short report names."""
_NOUNS: dict[Kind, tuple[tuple[str, str, str], tuple[str, str]]] = {
    "place": (("места", "мест", "мест"), ("place", "places")),
    "answer": (("ответа", "ответов", "ответов"), ("answer", "answers")),
    "letter": (("письма", "писем", "писем"), ("letter", "letters")),
    "silence": (("молчания", "молчаний", "молчаний"), ("silence", "silences")),
    "branch": (("развилки", "развилок", "развилок"), ("branch", "branches")),
    "entry": (("входа", "входов", "входов"), ("entry", "entries")),
}
Told = list[tuple[Item, bool]]


def percent(told: Told) -> float:
    """How much of it was gone through; all of nothing is all."""
    return 100.0 * sum(seen for _, seen in told) / len(told) if told else 100.0


def tell(found: Mapping[str, Footprints], say: Speech, *, whole: bool) -> None:
    """Print what was tested in each funnel; ``whole`` names everything that was not, with places."""
    for name, footprints in found.items():
        told = footprints.items()
        head = f"{name}: " if len(found) > 1 else ""
        typer.echo(f"{head}{_counts(told, say)}")
        untested = [item for item, seen in told if not seen]
        if whole:
            for item in untested:
                typer.echo(f"  {_in_full(item, say)}")
        elif untested:
            typer.echo(f"  {_in_short(untested, say)}")


def _counts(told: Told, say: Speech) -> str:
    parts = []
    for kind in KINDS:
        of_kind = [seen for item, seen in told if item.kind == kind]
        if of_kind:
            total = say.count(len(of_kind), *_NOUNS[kind])
            parts.append(f"{sum(of_kind)} {say('из', 'of')} {total}")
    share = f"{percent(told):.0f} %"
    return f"{say('Проверено', 'Tested')} {share}: {', '.join(parts)}."


def _in_short(untested: Sequence[Item], say: Speech) -> str:
    names = "; ".join(item.name(say.language) for item in untested[:SHORT])
    more = len(untested) - SHORT
    rest = say(f" и ещё {more} (--coverage)", f" and {more} more (--coverage)") if more > 0 else ""
    return f"{say('Не проверено', 'Never tested')}: {names}{rest}"


def _in_full(item: Item, say: Speech) -> str:
    return f"{item.mark.file}:{item.mark.line}: {item.name(say.language)}"


def as_json(found: Mapping[str, Footprints]) -> str:
    """Every funnel with its counts and what was not tested."""
    funnels = {name: _funnel(footprints.items()) for name, footprints in found.items()}
    return json.dumps({"funnels": funnels}, ensure_ascii=False, indent=2) + "\n"


def _funnel(told: Told) -> dict[str, object]:
    counts: dict[str, object] = {
        kind: {
            "tested": sum(seen for item, seen in told if item.kind == kind),
            "all": sum(item.kind == kind for item, _ in told),
        }
        for kind in KINDS
    }
    untested = [
        {
            "kind": item.kind,
            "name": item.name("ru"),
            "file": item.mark.file,
            "line": item.mark.line,
        }
        for item, seen in told
        if not seen
    ]
    return {"percent": round(percent(told), 1), **counts, "untested": untested}
