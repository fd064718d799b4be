"""Which keyboards VK accepts: form, size, labels, payloads and colours of buttons."""

import json
from typing import Any
from urllib.parse import urlsplit

from tests.emulators.vk.refusals import Refusal

# dev.vk.com/api/bots/development/keyboard: (buttons, columns, rows)
INLINE = (10, 5, 6)
ORDINARY = (40, 5, 10)
LABEL = 40
PAYLOAD = 255
COLORS = frozenset({"primary", "secondary", "negative", "positive"})
# the schema's actions; a field of another kind is "action contains unknown fields"
FIELDS = {
    "text": {"label", "payload"},
    "callback": {"label", "payload"},
    "open_link": {"label", "payload", "link"},
    "location": {"payload"},
    "vkpay": {"payload", "hash"},
    "open_app": {"label", "payload", "app_id", "owner_id", "hash"},
}
COLOURED = frozenset({"text", "callback"})
# seen in VK's answers by third parties: "with button of type … can contain only N button(s)"
PER_ROW = {"vkpay": 1, "location": 2, "open_app": 2, "open_link": 2}


def read(text: str) -> dict[str, Any]:
    """Return the keyboard as VK keeps it (payloads are JSON strings), or refuse it with 911."""
    try:
        board = json.loads(text)
    except ValueError:
        raise bad("incorrect JSON") from None
    if not isinstance(board, dict):
        raise bad("keyboard should be object")
    for name in ("one_time", "inline"):
        if not isinstance(board.get(name, False), bool):
            raise bad(f"{name} property should be boolean")  # VK's words for inline
    inline, one_time = board.get("inline", False), board.get("one_time", False)
    if inline and one_time:
        raise bad("one_time field is not available for inline keyboard")
    if not isinstance(board.get("buttons"), list):
        raise bad("buttons property should be array")
    rows = _rows(board["buttons"], INLINE if inline else ORDINARY)
    return {"inline": inline, "one_time": one_time, "buttons": rows}


def bad(detail: str) -> Refusal:
    """Return error 911 with the reason behind the official text, as VK writes it."""
    return Refusal(911, detail)


def _rows(rows: list[Any], limits: tuple[int, int, int]) -> list[list[dict[str, Any]]]:
    buttons, columns, most_rows = limits
    if len(rows) > most_rows:
        raise bad("buttons contain too much rows")
    for number, row in enumerate(rows):
        # VK says "too much" of an empty row as well (vkbottle issue 594)
        if not isinstance(row, list) or not 1 <= len(row) <= columns:
            raise bad(f"row {number} contains too much columns")
    if sum(len(row) for row in rows) > buttons:
        raise bad("keyboard contains too much buttons")
    read_rows = [
        [read_button(item, f"button [{y}][{x}]") for x, item in enumerate(row)]
        for y, row in enumerate(rows)
    ]
    for number, row in enumerate(read_rows):
        _check_widths(number, row)
    return read_rows


def _check_widths(number: int, row: list[dict[str, Any]]) -> None:
    kinds = [button["action"]["type"] for button in row]
    for kind, most in PER_ROW.items():
        if kinds.count(kind) > most:
            raise bad(f"row {number} with button of type {kind} can contain only {most} button(s)")


def read_button(button: Any, place: str) -> dict[str, Any]:
    """Return one button as VK keeps it, or refuse it with 911 and its place."""
    action = button.get("action") if isinstance(button, dict) else None
    kind = action.get("type") if isinstance(action, dict) else None
    if not isinstance(kind, str) or kind not in FIELDS:
        raise bad(f"{place} has invalid action")
    if not set(action) <= FIELDS[kind] | {"type"}:
        raise bad("action contains unknown fields")  # VK's words, vknet issue 1604
    kept = {"type": kind, **{name: action[name] for name in action if name != "type"}}
    if "label" in FIELDS[kind]:
        _check_label(kept, place)
    if kept.get("payload", "") is None:  # what vk_api sends for a button without a payload
        del kept["payload"]
    if "payload" in kept:
        kept["payload"] = _payload(kept["payload"], place)
    _check_target(kept, place)
    colour = _colour(button, kind, place)
    return {"action": kept, **({"color": colour} if colour else {})}


def _check_label(action: dict[str, Any], place: str) -> None:
    label = action.get("label")
    if not isinstance(label, str):
        raise bad(f"{place} label is required")
    if not label:
        raise bad(f"{place} label should be at least 1 letters length")
    if len(label) > LABEL:
        raise bad(f"{place} label should be not more than {LABEL} letters length")


def _payload(payload: Any, place: str) -> str:
    if not isinstance(payload, str):  # platforms.md 3.1: an object is taken too
        payload = json.dumps(payload, ensure_ascii=False)
    if len(payload) > PAYLOAD:
        raise bad(f"{place} payload should be not more than {PAYLOAD} letters length")
    try:
        json.loads(payload or "{}")
    except ValueError:
        raise bad(f"{place} payload contains incorrect JSON") from None
    return payload


def _check_target(action: dict[str, Any], place: str) -> None:
    kind = action["type"]
    if kind == "open_link":
        link = action.get("link")
        parts = urlsplit(link) if isinstance(link, str) else None
        if parts is None or parts.scheme not in {"http", "https"} or not parts.hostname:
            raise bad(f"{place} has invalid link")
    if kind == "open_app" and not isinstance(action.get("app_id"), int):
        raise bad(f"{place} app_id is required")
    if kind == "vkpay" and not isinstance(action.get("hash"), str):
        raise bad(f"{place} hash is required")


def _colour(button: dict[str, Any], kind: str, place: str) -> str | None:
    colour = button.get("color")
    if kind not in COLOURED:
        if colour is not None:  # vkbottle issue 96
            raise bad(f"{place} color is not available for type {kind}")
        return None
    # the schema says `default` where the docs say `secondary` (platforms.md 3.1)
    colour = "secondary" if colour in (None, "default") else colour
    if colour not in COLORS:
        raise bad(f"{place} has invalid color")
    return colour
