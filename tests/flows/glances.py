"""What is looked at in a conversation from outside."""

from __future__ import annotations

from typing import Any

from flows.scene import Scene
from flows.state import Conversation, Play, Run


def told(conversation: Conversation) -> dict[str, Any]:
    """What answers change: not messages, numbers or the time of silence."""
    person = conversation.person
    return {
        "tags": person.tags,
        "consents": person.consents,
        "runs": [
            (run.number, run.fields, run.score, run.leads, [play.flow for play in run.plays])
            for run in conversation.runs
        ],
        "places": [play.stand.place for run in conversation.runs for play in run.plays],
    }


def timers_of(run: Run) -> list[int]:
    stands = [stand for play in run.plays for stand in (play.rest, play.pause) if stand]
    plays = [stand.timer for stand in stands]
    return [number for number in (*plays, *(s.timer for s in run.series.values())) if number]


def open_questions(conversation: Conversation) -> list[Play]:
    return [
        play
        for run in conversation.runs
        if run.ended_us is None
        for play in run.plays
        if play.rest is not None and not play.rest.parked
    ]


def must_stop(scene: Scene, name: str) -> bool:
    condition = scene.program.funnel.series[name].stop_when
    return condition is not None and scene.holds(condition)
