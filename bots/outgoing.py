"""A row of the outbox as the call that a channel makes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from bots.bodies import opened_message
from bots.buttons import links_of, tokens_of
from bots.channel import Call, MessageRejected, Passed
from bots.house import House
from flows.choosing import with_marks
from flows.messages import Message, message_from_json
from storage import calls
from storage.work import Row

PAYLOAD = "outbox.payload_sealed"


@dataclass(slots=True)
class Outgoing:
    """A claimed row with its message's; ``told`` is what its payload holds.

    ``done`` in it counts the parts that arrived, ``doubtful_us`` is since when it may have arrived,
    ``late`` how often since a repeat would be shown twice, ``moved`` whether its chat became another
    one, ``alone`` that it goes with no others. ``shared_id`` is the random id of the request that
    it goes in with others.
    """

    row: Row
    said: Row | None
    told: dict[str, Any] = field(default_factory=dict)
    shared_id: int = 0

    @property
    def place(self) -> str:
        """Where in the funnel it was said."""
        return str(self.said.place) if self.said is not None else ""

    @property
    def funnel(self) -> str:
        """The funnel that said it, "" when none did."""
        return str(self.said.funnel or "") if self.said is not None else ""

    @property
    def random_id(self) -> int:
        """What repeats are known by; 0: nothing."""
        return int(self.shared_id or self.row.random_id or 0)

    @property
    def run_id(self) -> int | None:
        """The run in which it was said."""
        return None if self.said is None else self.said.run_id


async def opened(house: House, claimed: Sequence[Row]) -> list[Outgoing]:
    """The claimed rows in the order to make the calls, with what they say."""
    ids = sorted({row.message_id for row in claimed if row.message_id is not None})
    found = await house.database.fetch(calls.said(ids)) if ids else []
    said = {row.id: row for row in found}
    order = sorted(claimed, key=lambda row: (row.lane, row.due_us, row.id))
    return [Outgoing(row, said.get(row.message_id), _told(house, row)) for row in order]


def _told(house: House, row: Row) -> dict[str, Any]:
    if row.payload_sealed is None:
        return {}
    told: dict[str, Any] = house.seal.open_json(PAYLOAD, row.payload_sealed)
    return told


def call_of(house: House, outgoing: Outgoing) -> Call:
    """The call to make."""
    row, told = outgoing.row, outgoing.told
    if row.op in ("answer", "comment"):
        return Call(
            row.op,
            row.chat,
            text=str(told.get("text", "")),
            press=told.get("press", {}),
            comment=told.get("comment", {}),
            random_id=outgoing.random_id,
        )
    message = _message(house, outgoing)
    # a chosen option takes the keyboard away: an edit draws only buttons with token or link
    drawn = row.message_id is not None and "chosen" not in told
    seal, number = house.seal, int(row.message_id or 0)
    return Call(
        row.op,
        row.chat,
        message,
        tokens=tokens_of(seal, number, message) if drawn else (),
        links=links_of(seal, number, message, house.public_url) if drawn else (),
        external_id=_external_id(outgoing) if row.op == "edit" else "",
        chosen=str(told.get("chosen", "")),
        random_id=outgoing.random_id,
        done=int(told.get("done", 0)),
        passed=_passed(house, told),
    )


def _passed(house: House, told: dict[str, Any]) -> Passed | None:
    """The file that the call passes on, if any; one of the web chat's is read when it goes."""
    file = told.get("file")
    if not file:
        return None
    kind, ref, name = file["kind"], str(file["ref"]), str(file["name"])
    if "owner" not in file:
        return Passed(kind, ref, name)

    def read() -> bytes:
        found = house.vault.get(str(file["owner"]), ref) if house.vault is not None else None
        if found is None:
            raise MessageRejected("the file that was sent is not kept any more")
        return found

    return Passed(kind, ref, name, read)


def _message(house: House, outgoing: Outgoing) -> Message:
    if outgoing.said is None:
        return message_from_json(outgoing.told["message"])
    said = outgoing.said
    message = opened_message(house.seal, said.body_sealed, said.buttons_sealed)
    marked = outgoing.told.get("marked")
    return message if marked is None else with_marks(message, marked)


def _external_id(outgoing: Outgoing) -> str:
    external = outgoing.told.get("external")
    return str(external or (outgoing.said.external_id if outgoing.said is not None else "") or "")
