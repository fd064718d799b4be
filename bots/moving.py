"""A group that became a supergroup: everything that waits for it goes to its new address (R23)."""

from __future__ import annotations

from bots.house import House, Station
from storage import calls, notes
from storage.work import Do


def chat_moved(station: Station, chat: str, new_chat: str) -> list[Do]:
    """What remembers it, for this process at once and for later ones with the commit."""
    station.moved[chat] = new_chat
    return [
        *calls.move_chat(station.id, chat, new_chat),
        *notes.put(moved_key(station, chat), new_chat),
    ]


def tell_moved(house: House, station: Station, chat: str, new_chat: str) -> None:
    """Ask the operator to write the new address down, once a chat."""
    if chat in station.told_moved:
        return
    station.told_moved.add(chat)
    house.alarm("chat_moved", {"bot": station.name, "old": chat, "new": new_chat})


def moved_key(station: Station, chat: str) -> str:
    """The key of the note that tells what a chat became."""
    return f"moved:{station.name}:{chat}"
