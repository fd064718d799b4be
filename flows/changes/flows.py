"""What differs between the flows of two versions of a funnel."""

from __future__ import annotations

from collections.abc import Iterator

from flows.changes.change import Change
from flows.changes.rows import Row, paired, rows_of
from flows.changes.steps import compare_steps
from flows.program import Program

_SAME_FLOW = 0.6


def compare_flows(old: Program, new: Program) -> Iterator[Change]:
    """Flows added, removed, renamed, and what changed within each."""
    before, after = old.funnel.flows, new.funnel.flows
    gone = [name for name in before if name not in after]
    come = [name for name in after if name not in before]
    renamed = _renamed_flows(old, new, gone, come)
    for name in gone:
        if name not in renamed:
            places = [row.place for row in rows_of(old, name) if row.place]
            yield Change("flow-removed", name, "", name, None, ", ".join(places))
    for was, now in renamed.items():
        yield Change("flow-renamed", now, "", was, now)
    by_new = {now: was for was, now in renamed.items()}
    for name in after:
        if name in before:
            yield from compare_rows(rows_of(old, name), rows_of(new, name))
        elif name in by_new:
            yield from compare_rows(rows_of(old, by_new[name]), rows_of(new, name))
        else:
            places = [row.place for row in rows_of(new, name) if row.place]
            yield Change("flow-added", name, "", None, name, ", ".join(places))


def _renamed_flows(old: Program, new: Program, gone: list[str], come: list[str]) -> dict[str, str]:
    """Removed flows that are added under another name: most of what they say is the same."""
    found: dict[str, str] = {}
    for was in gone:
        said = [row.text for row in rows_of(old, was)]
        for now in come:
            says = [row.text for row in rows_of(new, now)]
            both = len({*said} & {*says})
            if both and now not in found.values() and both / len({*said, *says}) >= _SAME_FLOW:
                found[was] = now
                break
    return found


def compare_rows(old: list[Row], new: list[Row]) -> Iterator[Change]:
    """Steps added, removed, moved, and what changed in each."""
    stands = {id(row): number for number, row in enumerate(new)}
    places = {row.place: number for number, row in enumerate(new) if row.place}
    pairs = sorted(paired(old, new), key=lambda pair: _order(pair, stands, places))
    renamed = {was.place: now.place for was, now in pairs if was and now and was.place}
    branches = {row.place or row.verb: _branches(row) for row in new}
    for was, now in pairs:
        if was is not None and now is not None:
            yield from compare_steps(was, now)
            yield from _moved(was, now, renamed, branches)
        elif was is not None:
            kind = "place-removed" if was.place else "step-removed"
            yield Change(kind, was.place or was.near, was.verb, was.text, None, was.near)
        elif now is not None:
            kind = "place-added" if now.place else "step-added"
            yield Change(kind, now.place or now.near, now.verb, None, now.text, now.near)
    yield from _reordered(old, new, renamed)


def _order(
    pair: tuple[Row | None, Row | None], stands: dict[int, int], places: dict[str, int]
) -> float:
    """Where a pair is told: by its new self, else below the place that it stood below."""
    was, now = pair
    if now is not None:
        return stands[id(now)]
    return places.get(was.near, -1) + 0.5 if was is not None else 0.0


def _branches(row: Row) -> set[str]:
    names = {str(option.get("text")) for option in row.says.get("options") or ()}
    return names | {*(row.says.get("cases") or ())} | {key for key, _ in row.step.blocks()}


def _moved(
    was: Row, now: Row, renamed: dict[str, str], branches: dict[str, set[str]]
) -> Iterator[Change]:
    """A step that stands in another branch, or outside of one; a reworded branch is no other."""
    around, branch = renamed.get(was.inside[0], was.inside[0]), was.inside[1]
    if around == now.inside[0] and branch not in branches.get(around, {branch}):
        return
    if (around, branch) != now.inside:
        place = now.place or now.near
        yield Change("step-moved", place, now.verb, [around, branch], [*now.inside], now.text)


def _reordered(old: list[Row], new: list[Row], renamed: dict[str, str]) -> Iterator[Change]:
    """Places that are in both versions, in another order."""
    kept = {row.place for row in new if row.place}
    before = [renamed[row.place] for row in old if renamed.get(row.place) in kept]
    after = [row.place for row in new if row.place in before]
    if before != after:
        yield Change("places-reordered", after[0].split(".", 1)[0], "", before, after)
