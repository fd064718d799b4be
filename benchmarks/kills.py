"""What ten `kill -9` cost a funnel on Voronka, on plain aiogram and on plain vkbottle (F4).

    .venv/bin/python benchmarks/kills.py [PEOPLE] [KILLS] [SEED]

All play the same funnel of two questions, a lead and three letters (`tests/experiments/baseline`) to
the same people on the same emulators of Telegram and VK over HTTP, by the real clock. The process is
killed at the same random seconds and started again at once, by a fork of a process that has read
all libraries. Nobody asks twice: whoever gets no answer
is stuck. `careful aiogram` keeps states on disk, takes one update at a time and sends late letters.
"""

from __future__ import annotations

import asyncio
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from tests.crash.births import Nursery
from tests.experiments.racing import CONTESTANTS, Course, Outcome, race

HEAD = (
    "program",
    "people",
    "kills",
    "people stuck",
    "leads lost",
    "leads twice",
    "letters lost",
    "messages repeated",
)


def row(outcome: Outcome) -> tuple[str, ...]:
    """A line of the table."""
    return (
        outcome.name,
        str(outcome.people),
        str(outcome.kills),
        f"{outcome.stuck} ({outcome.stuck / outcome.people:.0%})",
        str(outcome.leads_lost),
        str(outcome.leads_twice),
        f"{outcome.letters_lost} of {outcome.letters_due}",
        str(outcome.repeats),
    )


async def main() -> None:
    """Run the race and print the table."""
    given = [int(word) for word in sys.argv[1:4]]
    course = Course(*given)
    print("kills at", ", ".join(f"{at:.1f}" for at in course.moments()), "seconds", flush=True)
    print("| " + " | ".join(HEAD) + " |\n" + "| --- " * len(HEAD) + "|", flush=True)
    with tempfile.TemporaryDirectory() as folder:
        for number, contestant in enumerate(CONTESTANTS):
            place = Path(folder) / str(number)
            for outcome in await race(contestant, course, place, Nursery()):
                print("| " + " | ".join(row(outcome)) + " |", flush=True)


if __name__ == "__main__":
    asyncio.run(main())
