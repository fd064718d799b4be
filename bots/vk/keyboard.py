"""VK's two keyboards from a message's buttons, and what did not fit them.

Limits: https://dev.vk.com/api/bots/development/keyboard.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from bots.rows import cut, rows_of
from flows import channels
from flows.channels import VK
from flows.messages import Message

Board = dict[str, Any]

_LINKS_PER_ROW = 2  # "row with button of type open_link can contain only 2 button(s)"
_KEY = "t"


@dataclass(frozen=True, slots=True)
class Shown:
    """The keyboard (None: no buttons) and the lines that the text gets for what does not fit it."""

    board: Board | None
    lines: tuple[str, ...] = ()


def payload(token: str) -> str:
    """The payload of a button of ours, JSON."""
    return json.dumps({_KEY: token})


def token_in(written: Any) -> str:
    """The token in a payload, text or object; "" when it is not ours. A person can forge it."""
    if isinstance(written, str):
        try:
            written = json.loads(written)
        except ValueError:
            return ""
    token = written.get(_KEY) if isinstance(written, dict) else None
    return token if isinstance(token, str) else ""


def keyboard(message: Message, tokens: Sequence[str], links: Sequence[str]) -> Shown:
    """The keyboard of the message; a button without a token or a link is not drawn.

    Up to ten buttons stand under the message and call back, so that a press can be answered with a
    pop-up. More are a keyboard under the input field, up to forty: there a press sends the label
    with the payload, and the keyboard hides. VK cannot share a contact: that button is left out;
    the one that shares a place has words of VK's own and a row to itself.
    """
    actions, lines, place = [], [], False
    for index, button in enumerate(message.buttons):
        token = tokens[index] if index < len(tokens) else ""
        link = links[index] if index < len(links) else ""
        place = place or (button.location and index < len(tokens))
        if not (token or link):
            continue
        if link and not link.startswith(("http://", "https://")):
            lines.append(f"{button.text}: {link}")
        else:
            actions.append((button.text, token, link))
    found = _laid(actions, lines, message.columns, rows_kept=int(place))
    return _with_place(found) if place else found


def _with_place(shown: Shown) -> Shown:
    """The keyboard with the button that shares a place, above the others."""
    board = shown.board or {"inline": True, "buttons": []}
    key = {"action": {"type": "location", "payload": "{}"}}
    return Shown({**board, "buttons": [[key], *board["buttons"]]}, shown.lines)


def _laid(
    actions: list[tuple[str, str, str]],
    lines: list[str],
    columns: int | None,
    *,
    rows_kept: int = 0,
) -> Shown:
    """The actions in rows; ``rows_kept`` are left free, each for one button."""
    total = len(actions) + rows_kept
    if total > VK.inline.buttons:  # a link takes half a row, so that many would not fit
        lines += [f"{text}: {link}" for text, _, link in actions if link]
        actions = [action for action in actions if not action[2]]
    inline = len(actions) + rows_kept <= VK.inline.buttons
    limits = _limits(inline=inline)
    most = limits.buttons - rows_kept
    lines += [f"• {text}" for text, _, _ in actions[most:]]
    actions = actions[:most]
    if not actions:
        return Shown(None, tuple(lines))
    labels = [cut(text, limits.label) for text, _, _ in actions]
    linked = any(link for _, _, link in actions)
    per_row = _LINKS_PER_ROW if linked else limits.per_row
    rows = rows_of(labels, columns, per_row=per_row, rows=limits.rows - rows_kept)
    buttons = [[_button(labels[i], *actions[i][1:], inline=inline) for i in row] for row in rows]
    board = {"inline": True} if inline else {"one_time": True}
    return Shown({**board, "buttons": buttons}, tuple(lines))


def _limits(*, inline: bool) -> channels.Keyboard:
    return VK.inline if inline or VK.ordinary is None else VK.ordinary


def _button(label: str, token: str, link: str, *, inline: bool) -> Board:
    if link:
        return {"action": {"type": "open_link", "link": link, "label": label}}
    kind = "callback" if inline else "text"
    action = {"type": kind, "label": label, "payload": payload(token)}
    return {"action": action, "color": "secondary"}
