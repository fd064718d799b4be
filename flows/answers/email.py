"""An e-mail address."""

from dataclasses import dataclass
from typing import ClassVar

from email_validator import EmailNotValidError, validate_email

from flows.answers.answer import Asked, Bad, Sentences, ValueType

_LONGEST = 500  # characters searched for an address
_EDGES = "<>()[]{}«»\"',;:.!?"

_HINTS = {
    "email_form": (
        "Не похоже на адрес почты. Пример — anna@example.ru.",
        "That does not look like an e-mail address. For example: anna@example.com.",
    ),
}


@dataclass(frozen=True)
class Email:
    """An address that could exist; nothing is sent to find out."""

    name: ClassVar[str] = "email"
    value_type: ClassVar[ValueType] = "text"
    personal: ClassVar[bool] = True
    hints: ClassVar[Sentences] = _HINTS

    def read(self, typed: str, asked: Asked) -> str | Bad:
        """Return the first address of the text, its domain in small letters."""
        for token in typed[:_LONGEST].split():
            address = token.removeprefix("mailto:").strip(_EDGES)
            if "@" not in address:
                continue
            try:
                return validate_email(address, check_deliverability=False).normalized
            except EmailNotValidError:
                continue
        return Bad("email_form")

    def buttons(self, language: str) -> tuple[str, ...]:
        """Return no buttons."""
        return ()
