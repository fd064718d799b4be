"""What a person sees in a dialog, and which button a label means there."""

from collections.abc import Iterator
from typing import Any

from tests.emulators.vk.world import Dialog, Message


def buttons(dialog: Dialog) -> Iterator[tuple[Message, dict[str, Any]]]:
    """Yield the buttons that can be pressed, those of newer messages first."""
    for message in reversed(dialog.messages):
        board = message.keyboard
        rows = board["buttons"] if board and (board["inline"] or message is dialog.board) else []
        elements = message.template["elements"] if message.template else []
        for row in [*rows, *(element["buttons"] for element in elements)]:
            for button in row:
                yield message, button["action"]


def find_button(
    dialog: Dialog, label: str, cmid: int | None = None
) -> tuple[Message, dict[str, Any]] | None:
    """Return the newest button with this label (of this message, if one is named)."""
    for message, action in buttons(dialog):
        shown = action.get("label", action["type"])
        if shown == label and cmid in (None, message.cmid):
            return message, action
    return None


def labels(dialog: Dialog) -> list[str]:
    """Return the labels of the buttons that can be pressed."""
    return [action.get("label", action["type"]) for _, action in buttons(dialog)]


def view(dialog: Dialog) -> dict[str, Any]:
    """Return the dialog as a person sees it."""
    shown = [
        {
            "cmid": message.cmid,
            "from": message.sender,
            "text": message.text,
            "attachments": message.attachments,
            "buttons": _rows(message) if message.keyboard and message.keyboard["inline"] else [],
            "edited": message.edited is not None,
        }
        for message in dialog.messages
    ]
    return {"messages": shown, "keyboard": _rows(dialog.board) if dialog.board else []}


def _rows(message: Message) -> list[list[str]]:
    rows = (message.keyboard or {})["buttons"]
    return [[item["action"].get("label", item["action"]["type"]) for item in row] for row in rows]
