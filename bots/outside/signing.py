"""Signatures of what we send and of what we are sent: HMAC-SHA256 over the time and the body."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterable

SIGNATURE = "X-Voronka-Signature"
TIMESTAMP = "X-Voronka-Timestamp"
PERSON = "X-Voronka-Person"
WINDOW_SECONDS = 300


def signature(secret: str, timestamp: int, body: bytes) -> str:
    """``sha256=<hex>`` of the timestamp, a dot and the body."""
    signed = f"{timestamp}.".encode() + body
    return "sha256=" + hmac.new(secret.encode(), signed, hashlib.sha256).hexdigest()


def is_signed(secrets: Iterable[str], timestamp: int, body: bytes, given: str) -> bool:
    """Whether one of the secrets signed it; takes the same time for any signature."""
    fits = [
        hmac.compare_digest(signature(each, timestamp, body).encode(), given.encode())
        for each in secrets
    ]
    return any(fits)
