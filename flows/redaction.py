"""The last net under a log or an alert: what looks like a secret or a person's is stars."""

from __future__ import annotations

import re
from typing import Final

from flows.secrecy import STARS

_URL_PASSWORD: Final = re.compile(r"(://)[^/\s]+@")
_TELEGRAM: Final = re.compile(r"(?:(?<=bot)|(?<![\w-]))\d{5,20}:[A-Za-z0-9_-]{20,}")
_VK: Final = re.compile(r"vk1\.a\.[\w.-]{16,}|(?<![0-9A-Za-z])[0-9a-f]{85}(?![0-9A-Za-z])")
_BEARER: Final = re.compile(
    r"(?i)(?<![a-z])(bearer|token|secret|password|key)(\s*[=:]\s*|\s+)\S{12,}"
)
_PART: Final = r"[^\s@<>\"'(),;:/*]+"
_EMAIL: Final = re.compile(rf"(?<![^\s@<>\"'(),;:/*]){_PART}@{_PART}\.[^\W\d_]{{2,}}")
_NOT_A_PHONE: Final = r"(?!\d{4}-\d\d-\d\d)(?!\d{1,3}(?:\.\d{1,3}){3}(?!\d))"
_PHONE: Final = re.compile(
    rf"(?<![\w.:-]){_NOT_A_PHONE}\+?\d(?:[ \u00a0().-]{{0,2}}\d){{9,14}}(?!\w)"
)
_LONGEST: Final = 4_000
_NET: Final = (_TELEGRAM, _VK, _EMAIL, _PHONE)


def masked(text: str, secrets: tuple[str, ...] = ()) -> str:
    """The text with stars for tokens, keys, passwords, e-mails and phones, and for ``secrets``."""
    text = text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"
    for secret in secrets:
        text = text.replace(secret, STARS)
    text = _URL_PASSWORD.sub(rf"\1{STARS}@", text)
    text = _BEARER.sub(rf"\1\2{STARS}", text)
    for pattern in _NET:
        text = pattern.sub(STARS, text)
    return text


def starred(text: str) -> str:
    """The text of the same length with stars for tokens and passwords in addresses."""
    for pattern in (_TELEGRAM, _VK):
        text = pattern.sub(lambda found: "*" * len(found[0]), text)
    return _URL_PASSWORD.sub(lambda found: f"{found[1]}{'*' * (len(found[0]) - 4)}@", text)


def on_one_line(text: str) -> str:
    """The text without signs that begin a line, steer a terminal or turn the writing round."""
    return "".join(sign if sign.isprintable() else " " for sign in text)
