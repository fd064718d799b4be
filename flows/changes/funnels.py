"""What differs between two versions of a funnel."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from flows.changes.change import Change, changed
from flows.changes.content import keys_in
from flows.changes.flows import compare_flows
from flows.changes.series import compare_series
from flows.changes.steps import compare_silence
from flows.funnel import Entry, Funnel
from flows.program import Program

_ELSEWHERE = frozenset({"funnel", "entry", "fields", "flows", "series", "silence", "tests"})


def compare_funnels(old: Program, new: Program) -> tuple[Change, ...]:
    """Every change between two versions of a funnel, in the order of the file."""
    found = [
        *_settings(old.funnel, new.funnel),
        *_entries(old.funnel, new.funnel),
        *_fields(old.funnel, new.funnel),
        *compare_flows(old, new),
        *compare_series(old, new),
    ]
    return tuple(replace(change, funnel=new.funnel.funnel) for change in found)


def _settings(old: Funnel, new: Funnel) -> Iterator[Change]:
    before, after = (keys_in(each.node, without=_ELSEWHERE) for each in (old, new))
    for key in dict.fromkeys([*before, *after]):
        yield from changed("funnel", "", key, before.get(key), after.get(key))
    silence = [keys_in(each.node).get("silence") or [] for each in (old, new)]
    if all(isinstance(each, list) for each in silence):
        yield from compare_silence("", *map(_leaving, silence))


def _leaving(items: list[Any]) -> list[dict[str, Any]]:
    return [{**item, "then": True} if "then" in item else item for item in items]


def _entries(old: Funnel, new: Funnel) -> Iterator[Change]:
    before, after = ({_entry(each): each for each in funnel.entry} for funnel in (old, new))
    other = _reworded(before, after)
    for name, entry in before.items():
        if name not in after and name not in other:
            yield Change("entry-removed", "", name, _entry_keys(entry), None)
    back = {now: was for was, now in other.items()}
    for name, entry in after.items():
        was = before.get(back.get(name, name))
        if was is None:
            yield Change("entry-added", "", name, None, _entry_keys(entry))
            continue
        yield from changed("entry-words", "", entry.trigger, [*was.matches], [*entry.matches])
        one, two = _entry_keys(was), _entry_keys(entry)
        for key in dict.fromkeys([*one, *two]):
            yield from changed("entry-changed", "", f"{name}: {key}", one.get(key), two.get(key))
    kept = [name for name in before if name in after]
    yield from changed(
        "entries-reordered", "", "", kept, [name for name in after if name in before]
    )


def _reworded(before: dict[str, Entry], after: dict[str, Entry]) -> dict[str, str]:
    """Entries of one trigger that have other words now, in order."""
    found: dict[str, str] = {}
    come = [name for name in after if name not in before]
    for was in (name for name in before if name not in after):
        fits = [name for name in come if after[name].trigger == before[was].trigger]
        free = next((name for name in fits if name not in found.values()), None)
        if free is not None:
            found[was] = free
    return found


def _entry(entry: Entry) -> str:
    return f"{entry.trigger}: {', '.join(entry.matches)}" if entry.matches else entry.trigger


def _entry_keys(entry: Entry) -> dict[str, Any]:
    return keys_in(entry.node, without=[entry.trigger])


def _fields(old: Funnel, new: Funnel) -> Iterator[Change]:
    before, after = (
        {name: keys_in(spec.node) for name, spec in each.fields.items()} for each in (old, new)
    )
    for name in before:
        if name not in after:
            yield Change("field-removed", name, "", before[name], None)
    for name, now in after.items():
        if name not in before:
            yield Change("field-added", name, "", None, now)
        else:
            for key in dict.fromkeys([*before[name], *now]):
                yield from changed("field-changed", name, key, before[name].get(key), now.get(key))
