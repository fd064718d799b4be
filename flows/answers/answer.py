"""What every type of answer has in common."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import ClassVar, Literal, Protocol

Scalar = str | int | float | bool
ValueType = Literal["text", "number", "boolean"]
Sentences = Mapping[str, tuple[str, str]]


@dataclass(frozen=True)
class Bad:
    """A typed answer that does not fit: the code of its hint and the hint's words."""

    code: str
    params: Mapping[str, str] = field(default_factory=dict)


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

    def read(self, typed: str, language: str) -> Scalar | Bad:
        """Return the value of what was typed, or what is wrong with it."""

    def buttons(self, language: str) -> tuple[str, ...]:
        """Return the texts of the buttons that the type brings with it."""
