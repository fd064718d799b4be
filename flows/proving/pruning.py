"""What the search need not carry: values that no condition reads."""

from __future__ import annotations

from typing import Any

from flows.proving.states import TRAIL, Eye
from flows.state import Conversation


def prune(conversation: Conversation, eye: Eye) -> None:
    """Forget what no condition reads: the search carries as little as it can."""
    del conversation.runs[:-1]
    for run in conversation.runs:
        run.fields = _seen_fields(eye, run.fields)
        run.done.clear()
        run.answers = _seen_answers(eye, run.answers)
        for play in run.plays:
            play.trail = play.trail[-TRAIL:]
            for step in play.trail:
                step.fields = _seen_fields(eye, step.fields)
                step.answers = _seen_answers(eye, step.answers)
    last = conversation.person.last
    if last is not None:
        last.trail = last.trail[-TRAIL:]


def _seen_fields(eye: Eye, fields: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in fields.items() if eye.views.known(name)}


def _seen_answers(eye: Eye, answers: dict[str, dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """What answers gave that some condition looks at."""
    score = eye.views.known("score")
    return {
        place: given
        for place, given in answers.items()
        if (score and given["score"]) or any(eye.views.known(f"tags:{t}") for t in given["tags"])
    }
