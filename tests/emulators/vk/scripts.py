"""execute: the part of VKScript that sends several calls at once, `return [API.method({…}), …];`.

dev.vk.com/method/execute: at most 25 calls; a call that failed is `false` in the answer, and its
error stands in `execute_errors` in the order of the calls.
"""

import json
import re
from collections.abc import Callable
from typing import Any

from tests.emulators.vk.refusals import Refusal

CALLS = 25
_CALL = re.compile(r"API\.(\w+\.\w+)\(")


def calls_of(code: str) -> list[tuple[str, dict[str, str]]]:
    """Return the calls of a script with their parameters as a form would bring them."""
    text = code.strip()
    if not text:
        raise Refusal(100, "code is undefined")
    if not (text.startswith("return [") and text.endswith("];")):
        raise Refusal(12, "only return [API.method({…}), …]; is emulated")
    at, found = len("return ["), []
    while True:
        named = _CALL.match(text, at)
        if named is None:
            raise Refusal(12, f"unexpected token at {at}")
        params, at = _object(text, named.end())
        found.append((named[1], {name: _form(value) for name, value in params.items()}))
        if text[at : at + 1] != ")":
            raise Refusal(12, f"unexpected token at {at}")
        at += 1
        if text[at:] == "];":
            break
        if text[at] != ",":
            raise Refusal(12, f"unexpected token at {at}")
        at += 1
    if len(found) > CALLS:
        raise Refusal(13, "too many api calls")
    return found


def _object(text: str, at: int) -> tuple[dict[str, Any], int]:
    if "\u2028" in text or "\u2029" in text:
        raise Refusal(12, "line terminator in a string")
    try:
        params, end = json.JSONDecoder().raw_decode(text, at)
    except ValueError:
        raise Refusal(12, f"unexpected token at {at}") from None
    if not isinstance(params, dict):
        raise Refusal(12, f"an object is expected at {at}")
    return params, end


def _form(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def run(
    code: str, make: Callable[[str, dict[str, str]], Any]
) -> tuple[list[Any], list[dict[str, Any]]]:
    """Return what each call of a script answered, and the errors of those that failed."""
    results: list[Any] = []
    errors: list[dict[str, Any]] = []
    for method, params in calls_of(code):
        try:
            results.append(make(method, params))
        except Refusal as refusal:
            error = {"error_code": refusal.code, "error_msg": refusal.text}
            errors.append({"method": method, **error})
            results.append(False)
    return results, errors
