"""Reply markup: what the server accepts under a message, and its words when it does not."""

import json
import re
from typing import Any
from urllib.parse import urlsplit

from tests.emulators.telegram.errors import refuse

# platforms.md §5.1: tginfo/Telegram-Limits #228, #187
MAX_INLINE_BUTTONS, MAX_INLINE_ROW = 100, 8
MAX_REPLY_BUTTONS, MAX_REPLY_ROW = 300, 12
MAX_MARKUP_BYTES = 10_000
MAX_CALLBACK_DATA = 64  # InlineKeyboardButton.callback_data: "1-64 bytes"
MAX_COPY_TEXT = 256  # CopyTextButton.text: "1-256 characters"
MAX_PLACEHOLDER = 64  # ReplyKeyboardMarkup.input_field_placeholder: "1-64 characters"

INLINE_ACTIONS = (
    "url",
    "callback_data",
    "web_app",
    "login_url",
    "switch_inline_query",
    "switch_inline_query_current_chat",
    "switch_inline_query_chosen_chat",
    "copy_text",
    "callback_game",
    "pay",
)
_REQUESTS = {
    "request_contact": "phone number",
    "request_location": "location",
    "request_poll": "poll",
    "request_users": "users",
    "request_chat": "chats",
    "web_app": "web app",
}
_STYLES = {"danger", "success", "primary"}
_HOST = re.compile(r"^(?:[\w-]+\.)+[^\W\d_][\w-]*$")


def check_markup(markup: Any, *, private: bool, inline_only: bool) -> None:
    """Refuse the markup as the server would."""
    if not isinstance(markup, dict):
        refuse("object expected as reply markup")
    if len(json.dumps(markup, ensure_ascii=False).encode()) > MAX_MARKUP_BYTES:
        refuse("reply markup is too long")
    if "inline_keyboard" in markup:
        _check_inline(markup["inline_keyboard"])
    elif inline_only:
        refuse("inline keyboard expected")
    elif "keyboard" in markup:
        _check_reply(markup, private)
    elif "remove_keyboard" in markup or "force_reply" in markup:
        name = "remove_keyboard" if "remove_keyboard" in markup else "force_reply"
        if not isinstance(markup[name], bool):
            kind = "ReplyKeyboardRemove" if name == "remove_keyboard" else "ForceReply"
            refuse(f'field "{name}" of the {kind} must be of the type Boolean')


def _rows(value: Any, field: str, kind: str) -> list[list[Any]]:
    if not isinstance(value, list):
        refuse(f'field "{field}" of the {kind} must be an Array')
    for row in value:
        if not isinstance(row, list):
            refuse(f'field "{field}" of the {kind} must be an Array of Arrays')
    return value


def _check_inline(value: Any) -> None:
    rows = _rows(value, "inline_keyboard", "InlineKeyboardMarkup")
    for row in rows:
        for button in row:
            _check_inline_button(button)
    if sum(map(len, rows)) > MAX_INLINE_BUTTONS or any(len(row) > MAX_INLINE_ROW for row in rows):
        refuse("reply markup is too long")


def _string(button: dict[str, Any], field: str, what: str, *, required: bool = False) -> str:
    value = button.get(field)
    if value is None:
        if required:
            refuse(f"can't parse {what}: Can't find field \"{field}\"")
        return ""
    if not isinstance(value, str):
        refuse(f'can\'t parse {what}: Field "{field}" must be of type String')
    return value


def _check_inline_button(button: Any) -> None:
    what = "inline keyboard button"
    if not isinstance(button, dict):
        refuse(f"can't parse {what}: InlineKeyboardButton must be an Object")
    text = _string(button, "text", what, required=True)
    url = _string(button, "url", what)
    data = _string(button, "callback_data", what)
    actions = [name for name in INLINE_ACTIONS if button.get(name) not in (None, "")]
    if not actions and not {"switch_inline_query", "switch_inline_query_current_chat"} & {*button}:
        refuse(f"can't parse {what}: Text buttons are unallowed in the inline keyboard")
    if len(actions) > 1:
        # "Exactly one of the fields other than text ... must be used"
        refuse(f"can't parse {what}: exactly one of the optional fields must be used")
    if not text.strip():
        refuse("inline keyboard button text must be non-empty")
    if button.get("style") is not None and button["style"] not in _STYLES:
        refuse(f"can't parse {what}: invalid button style specified")
    if len(data.encode()) > MAX_CALLBACK_DATA:
        refuse("BUTTON_DATA_INVALID")
    if url:
        check_url(url)
    if "copy_text" in actions:
        _check_copy(button["copy_text"], what)


def _check_copy(value: Any, what: str) -> None:
    if not isinstance(value, dict):
        refuse(f'can\'t parse {what}: Field "copy_text" must be of type Object')
    if not 1 <= len(_string(value, "text", what, required=True)) <= MAX_COPY_TEXT:
        refuse("BUTTON_COPY_TEXT_INVALID")


def check_url(url: str) -> None:
    """Refuse the address of a button: only http(s) with a real host, and tg: links, may stand."""

    def wrong(reason: str) -> None:
        refuse(f"inline keyboard button URL '{url}' is invalid: {reason}")

    if url.lower().startswith(("tg:", "ton:", "tonsite:")):
        return None
    try:
        parts = urlsplit(url if "://" in url else f"http://{url}")
        host, port = parts.hostname or "", parts.port
    except ValueError:
        return wrong("Wrong HTTP URL")
    if parts.scheme.lower() not in ("http", "https"):
        return wrong("Unsupported URL protocol")
    if not host:
        return wrong("URL host is empty")
    if port == 0 or re.search(r"\s", url) or not _HOST.match(host):
        return wrong("Wrong HTTP URL")
    return None


def _check_reply(markup: dict[str, Any], private: bool) -> None:
    rows = _rows(markup["keyboard"], "keyboard", "ReplyKeyboardMarkup")
    for name in ("resize_keyboard", "one_time_keyboard", "is_persistent", "selective"):
        if name in markup and not isinstance(markup[name], bool):
            refuse(f'field "{name}" of the ReplyKeyboardMarkup must be of the type Boolean')
    placeholder = markup.get("input_field_placeholder", "")
    if not isinstance(placeholder, str) or len(placeholder) > MAX_PLACEHOLDER:
        refuse("INPUT_FIELD_PLACEHOLDER_INVALID")
    for row in rows:
        # KeyboardButton: "String can be used instead of this object to specify the button text"
        row[:] = [{"text": button} if isinstance(button, str) else button for button in row]
        for button in row:
            _check_reply_button(button, private)
    if sum(map(len, rows)) > MAX_REPLY_BUTTONS or any(len(row) > MAX_REPLY_ROW for row in rows):
        refuse("reply markup is too long")


def _check_reply_button(button: Any, private: bool) -> None:
    what = "keyboard button"
    if not isinstance(button, dict):
        refuse(f"can't parse {what}: KeyboardButton must be a String or an Object")
    if not _string(button, "text", what, required=True).strip():
        refuse("keyboard button text must be non-empty")
    asked = [name for name in _REQUESTS if button.get(name)]
    for name in ("request_contact", "request_location"):
        if name in button and not isinstance(button[name], bool):
            refuse(f'can\'t parse {what}: Field "{name}" must be of type Boolean')
    if asked and not private:
        refuse(f"{_REQUESTS[asked[0]]} can be requested in private chats only")


def button_rows(markup: dict[str, Any] | None) -> list[list[dict[str, str]]]:
    """Return rows of buttons as {text, kind, value}, for the journal and for people."""
    if not markup:
        return []
    if "inline_keyboard" in markup:
        return [[_inline(button) for button in row] for row in markup["inline_keyboard"]]
    return [[_reply(button) for button in row] for row in markup.get("keyboard", [])]


def _inline(button: dict[str, Any]) -> dict[str, str]:
    kind = next((name for name in INLINE_ACTIONS if button.get(name) is not None), "text")
    value = button.get(kind, "")
    if kind == "copy_text":
        value = value["text"]
    shown = {"callback_data": "callback", "web_app": "web_app"}.get(kind, kind)
    return {"text": button["text"], "kind": shown, "value": str(value)}


def _reply(button: dict[str, Any]) -> dict[str, str]:
    kind = next((name for name in _REQUESTS if button.get(name)), "text")
    shown = {"request_contact": "contact", "request_location": "location"}.get(kind, kind)
    return {"text": button["text"], "kind": shown, "value": button["text"]}
