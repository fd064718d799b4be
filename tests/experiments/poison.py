"""Poisoned updates: those that always raise, and random JSON, also in the shape of a real update."""

from __future__ import annotations

import random
from typing import Any

CANARY = "КАНАРЕЙКА"
STRANGER = 5_000_000
LEAVES: tuple[Any, ...] = (
    None,
    True,
    -1,
    0,
    10**30,
    -(10**30),
    1e308,
    float("inf"),
    float("nan"),
    "",
    "\0",
    "\ud800",
    "𝄞" * 40,
    "x" * 100_000,
    "9" * 5_000,
    [],
    {},
    [[]],
    {"id": None},
)


def message_of(chat: int, text: Any, number: int) -> dict[str, Any]:
    """A Telegram message from the person to the bot."""
    return {
        "message": {
            "message_id": number,
            "date": 1_772_442_000,
            "chat": {"id": chat, "type": "private", "first_name": "Лена"},
            "from": {"id": chat, "is_bot": False, "first_name": "Лена", "language_code": "ru"},
            "text": text,
        }
    }


def press_of(chat: int, token: Any, number: int) -> dict[str, Any]:
    """A press of a button on Telegram."""
    shown = message_of(chat, "Вопрос", number)["message"]
    person = shown["from"]
    return {
        "callback_query": {
            "id": str(number),
            "from": person,
            "message": shown,
            "chat_instance": "1",
            "data": token,
        }
    }


def vk_message_of(person: int, text: Any, number: int, **more: Any) -> dict[str, Any]:
    """A message from the person to the community."""
    said = {"id": number, "from_id": person, "peer_id": person, "date": 1, "text": text, **more}
    event = {"type": "message_new", "event_id": f"e{number}", "v": "5.199", "group_id": 5}
    return {**event, "object": {"message": said, "client_info": {}}}


def raising(bot: str, chat: int, number: int) -> dict[str, Any]:
    """An update of somebody who is known, which breaks what the platform promises."""
    if bot == "vk":
        return vk_message_of(chat, {"secret": CANARY}, number)
    if number % 2:
        return message_of(chat, [CANARY], number)
    return press_of(chat, {"secret": CANARY}, number)


def random_json(dice: random.Random, deep: int = 4) -> Any:
    """Any JSON."""
    if deep == 0 or dice.random() < 0.4:
        return dice.choice(LEAVES)
    if dice.random() < 0.5:
        return [random_json(dice, deep - 1) for _ in range(dice.randrange(4))]
    names = ("message", "object", "from", "chat", "id", "type", "text", "\0", "\ud800")
    return {dice.choice(names): random_json(dice, deep - 1) for _ in range(dice.randrange(4))}


def spoiled(dice: random.Random, bot: str, number: int) -> dict[str, Any]:
    """What a stranger did, with one to three places of it replaced by any JSON."""
    chat = STRANGER + number
    if dice.random() < 0.2:
        kind = "vk_junk" if bot == "vk" else "message"
        return {kind: random_json(dice), "type": dice.choice(LEAVES), "object": random_json(dice)}
    if bot == "vk":
        raw = vk_message_of(chat, f"/start {number}", number)
    else:
        raw = dice.choice((message_of, press_of))(chat, "/start", number)
    places = [one for one in _places(raw) if one[1] != "event_id"]
    for holder, name in dice.sample(places, dice.randint(1, 3)):
        holder[name] = nested(dice.randint(50, 900)) if dice.random() < 0.1 else random_json(dice)
    return raw


def nested(deep: int) -> Any:
    """A list in a list in a list."""
    found: Any = []
    for _ in range(deep):
        found = [found]
    return found


def _places(value: Any) -> list[tuple[Any, Any]]:
    found: list[tuple[Any, Any]] = []
    pairs = value.items() if isinstance(value, dict) else enumerate(value)
    for name, inner in pairs:
        found.append((value, name))
        if isinstance(inner, dict | list) and inner:
            found += _places(inner)
    return found
