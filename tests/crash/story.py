"""What a crash test plays: a project with one funnel, its people, and the moment when they come."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

from flows.loading import Loaded, load
from tests.crash.messengers import TG_TEAM, VK_GROUP, VK_TEAM
from tests.crash.people import Person, prospects

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True)
class Story:
    """`people` makes so many of them by a seed; `answers` are columns of the table of leads."""

    funnel: Path
    project: str
    start: datetime
    people: Callable[[int, int], Sequence[Person]]
    answers: tuple[str, ...]

    @cache  # noqa: B019 - there are two stories
    def loaded(self) -> Loaded:
        """The project, read; it has no errors."""
        files = {
            "voronka.yaml": self.project.encode(),
            f"funnels/{self.funnel.name}": self.funnel.read_bytes(),
        }
        found = load(files, {}, self.start.date().isoformat())
        assert not found.errors, found.errors
        return found


def project(funnel: str, more: str) -> str:
    """A project that plays the funnel on Telegram and VK, with one team in both; `more` its rest."""
    return f"""
project: crash
timezone: Europe/Moscow
listen: $LISTEN
database: $DATABASE_URL
bots:
  tg: {{channel: telegram, token: $TG_TOKEN, api_url: $TG_URL, funnels: [{funnel}]}}
  vk: {{channel: vk, token: $VK_TOKEN, group: {VK_GROUP}, api_url: $VK_URL, funnels: [{funnel}]}}
teams:
  sales:
    hours: mon-fri 10:00-19:00
    notify: {{telegram: {TG_TEAM}, vk: {VK_TEAM}}}
{more}"""


SCHOOL = Story(
    ROOT / "funnels" / "english_school.yaml",
    project(
        "english_school",
        """calendar: RU
documents:
  personal_data: {title: Согласие на обработку персональных данных, version: 3, url: "https://example.ru/pd"}
  advertising: {title: Согласие на рекламные сообщения, version: 1, url: "https://example.ru/ads"}
  privacy: {title: Политика, version: 2, url: "https://example.ru/privacy"}
limits: {gap: 3h, requested_per_day: 3, advertising_per_day: 1, quiet: 22:00-09:00}
""",
    ),
    datetime(2026, 3, 5, 20, 40, tzinfo=UTC),  # a Thursday, twenty to midnight in Moscow
    prospects,
    ("Уровень", "Телефон", "Удобное время"),
)
