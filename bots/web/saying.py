"""What a page posts: read with suspicion, refused with a sentence."""

from __future__ import annotations

import json
import re
from typing import Any

from bots.web.phrases import phrase

TEXT_LIMIT = 4096
BODY_LIMIT = 64 * 1024
_TOKEN_LIMIT = 64
_LABEL_LIMIT = 256
_CLIENT_ID = re.compile(r"[A-Za-z0-9_-]{8,64}")
_CODE = re.compile(r"[A-Za-z0-9_-]{0,64}")


class Refused(Exception):
    """What was posted is not taken; the sentence is for the visitor."""

    def __init__(self, sentence: str, status: int = 400) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.status = status


def read(body: bytes, language: str) -> tuple[str, dict[str, Any]]:
    """The client id and the raw event of a posted body; :class:`Refused` with the reason."""
    unreadable = Refused(phrase("unreadable", language))
    try:
        data = json.loads(body)
    except (ValueError, RecursionError):
        raise unreadable from None
    if not isinstance(data, dict):
        raise unreadable
    client_id = _part(data, "client_id")
    if not client_id or not _CLIENT_ID.fullmatch(client_id):
        raise unreadable
    return client_id, _event(data, language) or _refuse(unreadable)


def _refuse(reason: Refused) -> dict[str, Any]:
    raise reason


def _event(data: dict[str, Any], language: str) -> dict[str, Any] | None:
    match data.get("kind"):
        case "open":
            code = _part(data, "code")
            known = code is not None and _CODE.fullmatch(code)
            return {"kind": "open", "code": code} if known else None
        case "press":
            token, label = _part(data, "token"), _part(data, "text")
            if not token or label is None or len(token) > _TOKEN_LIMIT:
                return None
            return {"kind": "press", "token": token, "text": label[:_LABEL_LIMIT]}
        case "text":
            text = _part(data, "text")
            return None if text is None else {"kind": "text", "text": _text(text, language)}
    return None


def _part(data: dict[str, Any], name: str) -> str | None:
    value = data.get(name, "")
    if not isinstance(value, str):
        return None
    return value.encode("utf-8", "ignore").decode()  # JSON may smuggle halves of characters


def _text(text: str, language: str) -> str:
    text = text.replace("\0", "").strip()
    if not text:
        raise Refused(phrase("empty", language))
    if len(text) > TEXT_LIMIT:
        raise Refused(phrase("too_long", language, limit=TEXT_LIMIT), status=413)
    return text
