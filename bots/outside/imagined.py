"""The world outside as a test of a funnel imagines it; nothing leaves the process."""

from __future__ import annotations

from bots.clocks import Clock, microseconds
from bots.outside.asked import Answer, Answered, Asked
from flows import effects
from flows.worlds import Imagined


def answering(imagined: Imagined, clock: Clock) -> Answer:
    """Answers as the test says, at once."""

    async def answer(asked: Asked) -> Answered:
        request = effects.Request(asked.run, asked.number, asked.kind, asked.place, asked.body)
        return Answered(imagined.answer(request, microseconds(clock.now())))

    return answer
