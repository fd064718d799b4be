"""The world outside as a test of a funnel imagines it; nothing leaves the process."""

from __future__ import annotations

from bots.clocks import Clock, microseconds
from bots.outside.asked import Answer, Answered, Asked
from flows import effects
from flows.worlds import World


def answering(world: World, clock: Clock) -> Answer:
    """Answers as the test says, at once."""
    codes = 0

    async def answer(asked: Asked) -> Answered:
        nonlocal codes
        request = effects.Request(asked.run, asked.number, asked.kind, asked.place, asked.body)
        result = world.answer(request, microseconds(clock.now()), codes)
        codes += asked.kind == "code" and bool(result["ok"])
        return Answered(result)

    return answer
