"""Which parameters a method takes: presence, types and limits as the official schema has them."""

import json
from pathlib import Path
from typing import Any

from tests.emulators.vk.refusals import Refusal, invalid

_EXTRACT = json.loads(Path(__file__).with_name("parameters.json").read_text())
METHODS: dict[str, dict[str, Any]] = _EXTRACT["methods"]

# platforms.md 3.1, gaps of the schema: dev.vk.com documents these, the schema does not
_UNLISTED: dict[str, dict[str, dict[str, Any]]] = {
    "messages.edit": {"conversation_message_id": {"type": "integer"}},
    "execute": {"code": {"type": "string", "required": True}},
}
# the docs say 4096 and answer 914, the schema says 9000: messages.py checks the length
_LENGTHS_ELSEWHERE = {("messages.send", "message"), ("messages.edit", "message")}

INT32 = range(-(2**31), 2**31)
INT64 = range(-(2**63), 2**63)


def known(method: str) -> dict[str, dict[str, Any]]:
    """Return the parameters of a method by name."""
    return METHODS[method]["parameters"] | _UNLISTED.get(method, {})


def unknown_names(method: str, raw: dict[str, str]) -> list[str]:
    """Return the names VK would ignore silently: a misspelt parameter is found in the journal."""
    silent = {"access_token", "v", "lang", "test_mode", "captcha_sid", "captcha_key"}
    return sorted(set(raw) - set(known(method)) - silent)


def read(method: str, raw: dict[str, str]) -> dict[str, Any]:
    """Return the parameters with their types, or refuse with 100 as VK does."""
    values: dict[str, Any] = {}
    if method == "messages.send" and not raw.get("random_id"):
        # dev.vk.com messages.send: required since 5.90, with these very words
        raise invalid("random_id is a required parameter")
    for name, rule in known(method).items():
        text = raw.get(name, "")
        if text == "":
            if rule.get("required"):
                raise invalid(f"{name} is undefined")  # the wording of VK, seen for group_id
            continue
        checks_length = (method, name) not in _LENGTHS_ELSEWHERE
        values[name] = _value(name, rule, text, checks_length=checks_length)
    return values


def _value(name: str, rule: dict[str, Any], text: str, *, checks_length: bool) -> Any:
    kind = rule.get("type", "string")
    if kind == "array":
        return _items(name, rule, text)
    if kind == "boolean":
        return text.lower() not in {"0", "false"}
    if kind == "integer":
        value: Any = _integer(name, text)
    elif kind == "number":
        value = _number(name, text)
    else:
        value = text
    _limits(name, rule, value)
    longest = rule.get("maxLength")
    if checks_length and longest is not None and len(text) > longest:
        raise invalid(f"{name} should be not more than {longest} letters length")
    return value


def _integer(name: str, text: str) -> int:
    try:
        value = int(text)
    except ValueError:
        raise invalid(f"{name} not integer") from None  # the wording of VK, seen for group_id
    allowed = INT32 if name == "random_id" else INT64  # dev.vk.com: random_id is int32
    if value not in allowed:
        raise invalid(f"{name} should be less or equal to {allowed.stop - 1}")
    return value


def _number(name: str, text: str) -> float:
    try:
        return float(text)
    except ValueError:
        raise invalid(f"{name} not float") from None


def _limits(name: str, rule: dict[str, Any], value: Any) -> None:
    if "enum" in rule and value not in rule["enum"]:
        raise invalid(f"{name} is invalid")
    least, most = rule.get("minimum"), rule.get("maximum")
    if least is not None and value < least:
        raise invalid(f"{name} should be " + ("positive" if least == 0 else "greater than 0"))
    if most is not None and value > most:
        raise invalid(f"{name} should be less or equal to {most}")


def _items(name: str, rule: dict[str, Any], text: str) -> list[Any]:
    items: list[Any] = [item.strip() for item in text.split(",") if item.strip()]
    if rule["items"] == "integer":
        items = [_integer(name, item) for item in items]
    if len(items) > rule.get("maxItems", len(items)):
        raise invalid(f"{name} should contain not more than {rule['maxItems']} items")
    return items


def check_access(method: str, kind: str) -> None:
    """Refuse a method that this kind of token cannot call (access_token_type of the schema)."""
    if kind in METHODS[method]["access_token_type"]:
        return
    if kind == "group":
        raise Refusal(27, "method is unavailable with group auth.")
    raise Refusal(28, f"method is unavailable with {kind} token.")
