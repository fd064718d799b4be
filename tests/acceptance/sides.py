"""What an acceptance stage needs of a messenger: what a person does there and what they see."""

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol

from bots.channel import Channel
from bots.clocks import microseconds
from bots.runner import Runner
from flows.events import Profile
from flows.project import Notified
from flows.prompting import Said, bare
from flows.transcripts import Line

BOT = "bot"
TEAM_BOT = "team"
PERSON = 501
PUBLIC_URL = "https://bots.example.ru"
FUNNELS = Path(__file__).parents[2] / "funnels"
MANAGERS = {111: "Анна", 222: "Борис"}
STRANGER = 333
NOON = datetime(2026, 1, 12, 9, 0, tzinfo=UTC)
"""In Moscow, on a Monday."""

Key = tuple[str, str, str]
"""The call that a message came of: operation, chat, the channel's id of the message."""


@dataclass(frozen=True)
class Heard:
    """One message as the messenger delivered it."""

    key: Key
    said: Said


class Side(Protocol):
    """One person in one messenger, and the team's chat beside them."""

    name: str
    profile: Profile

    @property
    def sender(self) -> str: ...
    @property
    def team(self) -> Notified: ...
    def channels(self) -> dict[str, Channel]: ...
    async def start(self) -> None: ...
    async def opened(self, runner: Runner) -> None: ...
    async def act(self, line: Line) -> None: ...
    async def heard(self) -> list[Heard]: ...
    async def stop(self) -> None: ...


def label_like(wanted: str, shown: list[str]) -> str:
    """The label on the screen that reads as the wanted one, whatever spaces it has."""
    return next((label for label in shown if bare(label) == bare(wanted)), wanted)


def moment_us(at: str) -> int:
    return microseconds(datetime.fromisoformat(at))
