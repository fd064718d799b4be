"""A phone number at which a manager can call."""

from dataclasses import dataclass
from typing import ClassVar

import phonenumbers
from phonenumbers import PhoneNumberFormat, PhoneNumberMatcher, PhoneNumberType

from flows.answers.answer import Asked, Bad, Sentences, ValueType

REGION = "RU"
_LONGEST = 300  # characters searched for a number
_NOT_A_PERSON = {
    PhoneNumberType.TOLL_FREE,
    PhoneNumberType.PREMIUM_RATE,
    PhoneNumberType.SHARED_COST,
    PhoneNumberType.UAN,
    PhoneNumberType.VOICEMAIL,
}

_HINTS = {
    "phone_form": (
        "Не получилось прочитать номер. Пример — 8 912 345-67-89.",
        "That does not look like a phone number. For example: +7 912 345-67-89.",
    ),
    "phone_toll_free": (
        "По этому номеру нельзя позвонить вам. Напишите личный номер, например 8 912 345-67-89.",
        "We cannot reach you at this number. Please write your own, like +7 912 345-67-89.",
    ),
}


@dataclass(frozen=True)
class Phone:
    """A number, Russian unless it begins with another country's code; its value is E.164."""

    name: ClassVar[str] = "phone"
    value_type: ClassVar[ValueType] = "text"
    personal: ClassVar[bool] = True
    hints: ClassVar[Sentences] = _HINTS

    def read(self, typed: str, asked: Asked) -> str | Bad:
        """Return the first number of the text as `+79123456789`."""
        numbers = [found.number for found in PhoneNumberMatcher(typed[:_LONGEST], REGION)]
        for number in numbers:
            if phonenumbers.number_type(number) not in _NOT_A_PERSON:
                return phonenumbers.format_number(number, PhoneNumberFormat.E164)
        return Bad("phone_toll_free" if numbers else "phone_form")

    def buttons(self, language: str) -> tuple[str, ...]:
        """Return no buttons: sharing a contact is the channel's own."""
        return ()
