"""What a turn writes down about a person: fields, tags, score, leads; and what texts may read."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, time
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from flows import effects
from flows.names import spoken_first_name
from flows.sent import Kept, kept_files, names_of, titles_of
from flows.state import Run
from flows.values import show

if TYPE_CHECKING:
    from flows.nodes.team import Lead
    from flows.program import Program
    from flows.scene import Scene

RUN_NAMES = ("source", "link", "score")
"""Names that ``set`` and ``add`` write in the run and not in a field."""

KNOWN_NAMES = frozenset(
    {
        "name", "first_name", "last_name", "username", "channel", "source", "link", "score",
        "tags", "clicks", "events", "lead", "now", "today", "entered_at", "funnel", "bot",
        "manager",
    }
)  # fmt: skip
"""Every name of the language that is no field."""


def context(scene: Scene) -> dict[str, Any]:
    """Every name that a text or a condition of the run may use, with its value now."""
    person, run = scene.person, scene.run
    now = scene.turn.now
    return {
        **dict.fromkeys(scene.program.fields),
        **{name: shown(scene.program, name, value) for name, value in run.fields.items()},
        "name": spoken_first_name(scene.person.first_name) or None,
        "first_name": person.first_name or None,
        "last_name": person.last_name or None,
        "username": person.username or None,
        "channel": scene.bundle.channel,
        "source": run.source or None,
        "link": run.link or None,
        "score": run.score,
        "tags": list(person.tags),
        "clicks": list(run.clicks),
        "events": list(run.events),
        "lead": run.lead,
        "now": now,
        "today": now.astimezone(scene.zone).date(),
        "entered_at": datetime.fromtimestamp(run.entered_us / 1_000_000, UTC),
        "funnel": run.funnel,
        "bot": scene.bundle.bot,
        "manager": run.manager or None,
    }


def save(scene: Scene, name: str, value: Any) -> None:
    """Put a value in a field of the run; ``source``, ``link`` and ``score`` are the run's own."""
    if name in RUN_NAMES:
        _save_of_run(scene.run, name, value)
        return
    spec = scene.program.funnel.fields.get(name)
    before = scene.run.fields.get(name)
    typed = as_type(value, scene.program.types.get(name, ""), scene.funnel_zone)
    if scene.run.fields.get(name) == typed and name in scene.run.fields:
        return
    funnel = scene.run.funnel
    # Fields are the person's in this funnel: runs that may live again must not keep old ones.
    for run in scene.turn.conversation.runs:
        if run.funnel == funnel:
            run.fields[name] = typed
    scene.turn.fields_changed = True
    if before is not None and typed is None and name in scene.program.slot_fields:
        scene.let_go(name)
    personal = _is_personal(scene, name, typed)
    scene.turn.do(effects.Save(scene.run.number, funnel, name, typed, personal))
    if spec and typed and spec.type in {"phone", "email"}:
        if spec.type == "phone":
            scene.person.phone = str(typed)
        scene.turn.do(effects.SaveContact(spec.type, str(typed)))  # type: ignore[arg-type]


def _is_personal(scene: Scene, name: str, value: Any) -> bool:
    """Whether the value is kept sealed: contacts, free texts and files are, numbers are not."""
    if kept_files(value):
        return True
    spec = scene.program.funnel.fields.get(name)
    if spec is not None and (spec.personal is not None or spec.is_personal):
        return spec.is_personal
    return name not in scene.program.plain_fields and not isinstance(value, int | float)


def _save_of_run(run: Run, name: str, value: Any) -> None:
    if name == "score":
        number = as_type(value, "number")
        run.score = number if isinstance(number, int | float) else 0
    else:
        setattr(run, name, "" if value is None else str(value))


def as_type(value: Any, kind: str, zone: ZoneInfo | None = None) -> Any:
    """The value as its field's type, fit for JSON; a text that is no such thing stays a text.

    Moments are kept as ISO text in UTC; a constant one is in ``zone``.
    """
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    if isinstance(value, time):
        return f"{value:%H:%M}"
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, str):
        return _read_as(value, kind, zone)
    return value


def _read_as(value: str, kind: str, zone: ZoneInfo | None) -> Any:
    if kind in {"number", "integer", "rating"}:
        return _number(value, kind)
    if kind == "list":
        return [value] if value else None
    if kind == "datetime" and zone is not None:
        return _moment(value, zone)
    if kind == "boolean" and value.lower() in {"true", "false"}:
        return value.lower() == "true"
    return value or None


def _number(value: str, kind: str) -> Any:
    text = re.sub(r"\s", "", value).replace(",", ".")
    if re.fullmatch(r"-?[0-9]{1,15}", text):
        return int(text)
    if kind != "integer" and re.fullmatch(r"-?[0-9]{1,15}\.[0-9]{1,9}", text):
        return float(text)
    return value or None


def _moment(value: str, zone: ZoneInfo) -> str:
    try:
        moment = datetime.fromisoformat(value)
    except ValueError:
        return value
    local = moment if moment.tzinfo else moment.replace(tzinfo=zone)
    return local.astimezone(UTC).isoformat()


def shown(program: Program, name: str, value: Any) -> Any:
    """A stored value as texts see it: moments are moments again, files are their names."""
    files = kept_files(value)
    if files:
        return names_of(files, program.funnel.language)
    read = _MOMENTS.get(program.types.get(name, ""))
    if read is None or not isinstance(value, str):
        return value
    try:
        return read(value)
    except ValueError:
        return value


_MOMENTS: dict[str, Callable[[str], date | time]] = {
    "date": date.fromisoformat,
    "time": time.fromisoformat,
    "datetime": datetime.fromisoformat,
}


def add(scene: Scene, name: str, amount: float) -> None:
    """Add to a field or to ``score``; an empty field counts as 0."""
    if name == "score":
        scene.run.score += amount
        return
    old = scene.run.fields.get(name)
    number = old if isinstance(old, int | float) and not isinstance(old, bool) else 0
    save(scene, name, number + amount)


def tag(scene: Scene, tags: tuple[str, ...] | list[str]) -> None:
    """Give the person tags that they do not have."""
    for each in tags:
        if each not in scene.person.tags:
            scene.person.tags.append(each)
            scene.note("tagged", option=each)


def untag(scene: Scene, tags: tuple[str, ...] | list[str]) -> None:
    """Take tags away."""
    for each in tags:
        if each in scene.person.tags:
            scene.person.tags.remove(each)
            scene.note("untagged", option=each)


def forget_answer(scene: Scene, place: str) -> None:
    """Take back the tags and the score that the place's last answer gave."""
    given = scene.run.answers.pop(place, None)
    if given is not None:
        untag(scene, given["tags"])
        scene.run.score -= given["score"]


def capture_lead(scene: Scene, step: Lead) -> None:
    """Capture the run's lead of this title, or update it."""
    run = scene.run
    title = scene.plain(step.lead)
    revision = run.leads.get(title, 0) + 1
    run.leads[title] = revision
    run.lead = True
    worth = scene.value(step.value) if step.value else None
    amount = as_type(worth, "number")
    scene.turn.do(
        effects.CaptureLead(
            run=run.number,
            title=title,
            team=step.team,
            priority=step.priority,
            answers=tuple(_answers(scene, step)),
            revision=revision,
            value=float(amount) if isinstance(amount, int | float) else None,
            source=run.source,
            link=run.link,
            zone=scene.zone.key,
            files=tuple(_files(scene, step)),
        )
    )


def _names(scene: Scene, step: Lead) -> dict[str, None]:
    """The fields that the lead shows, in order."""
    declared = scene.program.funnel.fields
    return dict.fromkeys(
        step.fields if step.fields is not None else (*declared, *scene.run.fields)
    )


def _files(scene: Scene, step: Lead) -> list[Kept]:
    found = [kept_files(scene.run.fields.get(name)) for name in _names(scene, step)]
    return [file for files in found for file in files]


def _labels(labels: dict[str, str], value: Any) -> str:
    """The words of the buttons that save the value, each of a list; empty when it is not theirs."""
    if not isinstance(value, list):
        return labels.get(str(value), "")
    return ", ".join(labels.get(str(item), str(item)) for item in value)


def _answers(scene: Scene, step: Lead) -> list[tuple[str, str, str]]:
    declared = scene.program.funnel.fields
    team_zone = ZoneInfo(scene.bundle.timezone)
    found = []
    for name in _names(scene, step):
        value = shown(scene.program, name, scene.run.fields.get(name))
        if value is None or value in ("", []):
            continue
        spec = declared.get(name)
        label = (spec.label if spec else "") or name
        files = kept_files(scene.run.fields.get(name))
        words = _labels(scene.program.labels.get(name, {}), value)
        words = titles_of(files, scene.language) if files else words
        found.append((name, label, words or show(value, scene.language, team_zone)))
    return found
