"""What every type of answer has in common."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from typing import ClassVar, Literal, Protocol
from zoneinfo import ZoneInfo

Scalar = str | int | float | bool | date | time | datetime
ValueType = Literal["text", "number", "boolean", "date", "time", "datetime"]
Sentences = Mapping[str, tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Asked:
    """How and when a question is answered: the funnel's language, the moment, the person's zone."""

    language: str = "ru"
    now: datetime = datetime(1970, 1, 1, tzinfo=UTC)
    zone: ZoneInfo = ZoneInfo("UTC")

    @property
    def local(self) -> datetime:
        """The moment on the person's clock."""
        return self.now.astimezone(self.zone)

    @property
    def today(self) -> date:
        """The person's day."""
        return self.local.date()


@dataclass(frozen=True)
class Bad:
    """A typed answer that does not fit: the code of its hint and the hint's words.

    ``offers`` are answers that may have been meant, to be shown as buttons.
    """

    code: str
    params: Mapping[str, str] = field(default_factory=dict)
    offers: tuple[str, ...] = ()


class OptionRefused(ValueError):
    """An option of the type makes no sense; `code` names the sentence of the checker."""

    def __init__(self, code: str, **params: str) -> None:
        super().__init__(code)
        self.code, self.params = code, params


class Answer(Protocol):
    """A type of answer with the options a funnel gave it; `hints` hold every code it returns."""

    name: ClassVar[str]
    value_type: ClassVar[ValueType]
    personal: ClassVar[bool]
    hints: ClassVar[Sentences]

    def read(self, typed: str, asked: Asked) -> Scalar | Bad:
        """Return the value of what was typed, or what is wrong with it."""

    def buttons(self, language: str) -> tuple[str, ...]:
        """Return the texts of the buttons that the type brings with it."""
