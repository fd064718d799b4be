"""How things stand with a person after their last run, as a test looks at it."""

from __future__ import annotations

from typing import Any

from flows import effects
from flows.prompting import Seen
from flows.sent import kept_files, names_of
from flows.state import Conversation, Run


def last_run(conversation: Conversation) -> Run | None:
    """The run that lives, the newest of several; else the one that ended last."""
    far = float("inf")
    return max(
        conversation.runs,
        key=lambda run: (far if run.ended_us is None else run.ended_us, run.number),
        default=None,
    )


def look(conversation: Conversation, leads: list[Any]) -> Seen:
    """How things stand after the last run."""
    run = last_run(conversation)
    person = conversation.person
    resting = [play.stand.place for play in run.plays if play.stand] if run else []
    lead = next((lead for lead in reversed(leads) if run and lead.run == run.number), None)
    return Seen(
        fields=_printed(run.fields if run else {}),
        tags=person.tags,
        score=run.score if run else 0,
        source=run.source if run else "",
        place=resting[-1] if resting else "",
        ended=not resting and not (run.series if run else {}),
        consents={name: given.action for name, given in person.consents.items()},
        goals=run.goals if run else [],
        lead=_lead(lead) if lead else None,
        zone=person.zone,
    )


def _printed(fields: dict[str, Any]) -> dict[str, Any]:
    """The fields as a test reads them: files by their names."""
    files = {name: kept_files(value) for name, value in fields.items()}
    return {
        name: names_of(files[name], "ru") if files[name] else value
        for name, value in fields.items()
    }


def _lead(lead: effects.CaptureLead) -> dict[str, Any]:
    return {
        "title": lead.title,
        "team": lead.team,
        "priority": lead.priority,
        "value": lead.value,
        "fields": {name: shown for name, _, shown in lead.answers},
    }
