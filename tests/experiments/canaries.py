"""Canaries for F25: what may be seen nowhere, and a look for it in whatever the program let out."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Iterable
from urllib.parse import quote, quote_plus

from tests.crash.messengers import TG_TOKEN, VK_TOKEN

PHONE = "+7 916 555-01-99"
EMAIL = "canary.bird@example.org"
NAME, SURNAME, USERNAME = "Канарейкина", "Перышкова", "canarybird77"
ANSWER = "жёлтая птица поёт 4711"
STRAY = "случайное слово канарейки"
FILE = "паспорт-канарейки.pdf"
PAYMENT = "оплата-канарейки-8812"
REPLY = "ответ-сервера-канарейке"
VISITOR = "посетитель-канарейка"
EVENTS_SECRET = "events-secret-of-the-canary"
SERVER_KEY = "server-key-of-the-canary"
METRICS = "metrics-token-of-the-canary"
KEYS = "k1:" + base64.b64encode(b"thirty-two bytes of the canary!!").decode()
PEOPLES = (PHONE, EMAIL, NAME, SURNAME, USERNAME, ANSWER, STRAY, FILE, PAYMENT, REPLY, VISITOR)
SECRETS = (TG_TOKEN, VK_TOKEN, EVENTS_SECRET, SERVER_KEY, METRICS, KEYS.partition(":")[2])
ALL = (*PEOPLES, *SECRETS)


def leaks(text: str, wanted: Iterable[str] = ALL) -> list[str]:
    """The canaries that the text shows, in whatever way they are written."""
    return [canary for canary in wanted if any(form in text for form in _forms(canary))] + (
        [PHONE] if PHONE in wanted and _digits(PHONE)[1:] in _packed(text) else []
    )


def leaks_in_bytes(data: bytes, wanted: Iterable[str] = ALL) -> list[str]:
    """The same in a file: as UTF-8, as UTF-16, and whatever stands there as ASCII."""
    found = set(leaks(data.decode("utf-8", "replace"), wanted))
    found |= {
        one for one in wanted for code in ("utf-16-le", "utf-16-be") if one.encode(code) in data
    }
    return sorted(found)


def _forms(canary: str) -> set[str]:
    raw = canary.encode()
    return {
        canary,
        canary.lower(),
        canary.upper(),
        json.dumps(canary)[1:-1],
        ascii(canary)[1:-1],
        repr(raw)[2:-1],
        quote(canary),
        quote_plus(canary),
        raw.hex(),
        base64.b64encode(raw).decode().rstrip("="),
        base64.urlsafe_b64encode(raw).decode().rstrip("="),
        canary[::-1],
    }


def _digits(text: str) -> str:
    return re.sub(r"\D", "", text)


def _packed(text: str) -> str:
    """The text without what people put between the digits of a phone."""
    return re.sub(r"[\s().\u00a0-]", "", text)
