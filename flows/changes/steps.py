"""What differs between two versions of one step."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from flows.changes.change import Change, changed
from flows.changes.rows import Row
from flows.messages import MEDIA_KINDS

_TEXTS = {"say", "ask", "lead", "invalid", "skip", "agree", "refuse"}
_CONDITIONS = {"if", "until"}


def compare_steps(old: Row, new: Row) -> Iterator[Change]:
    """The changes of a step that is in both versions."""
    place = new.place or new.near
    if old.place != new.place:
        yield Change("place-renamed", new.place, new.verb, old.place, new.place)
    for key in dict.fromkeys([*old.says, *new.says]):
        yield from _key(key, place, old.says.get(key), new.says.get(key), new)


def _key(key: str, place: str, before: Any, after: Any, row: Row) -> Iterator[Change]:
    if before == after or (key == "id" and row.place):
        return
    near = "" if row.place else row.verb
    if key in {"options", "buttons"}:
        yield from compare_ways(
            place, before or [], after or [], "option" if key == "options" else "button"
        )
    elif key == "silence" and isinstance(before, list | None) and isinstance(after, list | None):
        yield from compare_silence(place, before or [], after or [])
    elif key in {"cases", "variants"} and isinstance(before, dict) and isinstance(after, dict):
        yield from _branches(place, before, after)
    elif key in _TEXTS:
        yield Change("text", place, key, before, after, near)
    elif key in _CONDITIONS:
        yield Change("condition", place, key, before, after, near)
    elif key in MEDIA_KINDS:
        yield Change("media", place, key, before, after, near)
    elif key == "kind":
        yield Change("kind", place, key, before, after, near)
    else:
        yield Change("setting", place, key, before, after, near)


def compare_ways(
    place: str, before: list[dict[str, Any]], after: list[dict[str, Any]], kind: str
) -> Iterator[Change]:
    """Options or buttons: added, removed, reworded, in another order, with other meanings."""
    old = {str(way.get("text")): way for way in before}
    new = {str(way.get("text")): way for way in after}
    gone = [text for text in old if text not in new]
    come = [text for text in new if text not in old]
    renamed = _renamed(before, after, gone, come)
    for was, now in renamed.items():
        yield Change(f"{kind}-renamed", place, now, was, now)
    for text in gone:
        if text not in renamed:
            yield Change(f"{kind}-removed", place, text, old[text], None)
    for text in come:
        if text not in renamed.values():
            yield Change(f"{kind}-added", place, text, None, new[text])
    kept = [renamed.get(text, text) for text in old if text in new or text in renamed]
    order = [text for text in new if text in kept]
    yield from changed(f"{kind}s-reordered", place, "", kept, order)
    back = {now: was for was, now in renamed.items()}
    for text in order:
        one, two = old[back.get(text, text)], new[text]
        for key in dict.fromkeys([*one, *two]):
            if key != "text":
                what = f"{text}: {key}"
                yield from changed(f"{kind}-changed", place, what, one.get(key), two.get(key))


def _renamed(
    before: list[dict[str, Any]], after: list[dict[str, Any]], gone: list[str], come: list[str]
) -> dict[str, str]:
    """Old words by new ones: at the same place in the list, or all that is left of each."""
    found = {}
    if len(before) == len(after):
        for was, now in zip(before, after, strict=True):
            if str(was.get("text")) in gone and str(now.get("text")) in come:
                found[str(was["text"])] = str(now["text"])
    elif any("value" in way for way in before):
        values = {way.get("value"): str(way.get("text")) for way in after if "value" in way}
        for way in before:
            text = values.get(way.get("value"), "")
            if str(way.get("text")) in gone and text in come:
                found[str(way["text"])] = text
    return found


def compare_silence(
    place: str, before: list[dict[str, Any]], after: list[dict[str, Any]]
) -> Iterator[Change]:
    """Reminders and the way out by silence: other times, other words."""
    old, new = (
        (
            [item for item in items if "then" not in item],
            [item for item in items if "then" in item],
        )
        for items in (before, after)
    )
    for number in range(max(len(old[0]), len(new[0]))):
        was = old[0][number] if number < len(old[0]) else None
        now = new[0][number] if number < len(new[0]) else None
        if was is None or now is None:
            kind = "reminder-added" if was is None else "reminder-removed"
            yield Change(kind, place, str(number + 1), was, now)
            continue
        what = str(number + 1)
        yield from changed("reminder-time", place, what, was.get("after"), now.get("after"))
        yield from changed("reminder-text", place, what, was.get("say"), now.get("say"))
    before_after = [items[1][0].get("after") if items[1] else None for items in (old, new)]
    yield from changed("silence-time", place, "", before_after[0], before_after[1])


def _branches(place: str, before: dict[str, Any], after: dict[str, Any]) -> Iterator[Change]:
    for name in before:
        if name not in after:
            yield Change("branch-removed", place, name, name, None)
    for name, now in after.items():
        if name not in before:
            yield Change("branch-added", place, name, None, name)
        else:
            yield from changed("branch-changed", place, name, before[name], now)
