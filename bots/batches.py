"""Several letters in one request, where the channel makes it so: which of the claimed go together."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from bots import endings
from bots.channel import Call, Together
from bots.house import House, Station
from bots.outgoing import Outgoing, call_of
from storage import outbox
from storage.outbox import Lane

BULK = (Lane.LETTER, Lane.BROADCAST)
ALIKE = 100
"""How many people the same words go to at once, at most."""
MIXED = 25
"""How many messages of different words go at once, at most."""


async def gathered(
    house: House, station: Station, claimed: Sequence[Outgoing]
) -> list[list[Outgoing]]:
    """The claimed calls as requests; those that share one have its random id stored."""
    channel = station.channel
    if not isinstance(channel, Together):
        return [[one] for one in claimed]
    alone: list[list[Outgoing]] = []
    by_key: dict[str, list[Outgoing]] = defaultdict(list)
    for one in claimed:
        call = _fit(house, station, one)
        key = channel.batch_key(call) if call is not None else None
        if key is None:
            alone.append([one])
        else:
            by_key[key].append(one)
    alike, mixed = _parted(by_key)
    for batch in alike:
        await _share(house, batch)
    return [*alone, *alike, *_chunks(mixed, MIXED)]


def _fit(house: House, station: Station, one: Outgoing) -> Call | None:
    """The call, if it is a letter that may go with others."""
    row = one.row
    if row.lane not in BULK or row.op != "send" or one.told.get("alone"):
        return None
    if endings.to_seek(house, station, one):
        return None
    try:
        call = call_of(house, one)
    except Exception:  # noqa: BLE001 - what cannot be read fails by itself
        return None
    return None if call.message is None or call.message.typing_us else call


def _parted(by_key: dict[str, list[Outgoing]]) -> tuple[list[list[Outgoing]], list[Outgoing]]:
    """Those that say the same and have never been tried, by the hundred; and all others."""
    alike: list[list[Outgoing]] = []
    mixed: list[Outgoing] = []
    for found in by_key.values():
        fresh: list[Outgoing] = []
        for one in found:
            untried = one.row.tries == 1 and "doubtful_us" not in one.told
            (fresh if untried else mixed).append(one)
        for batch in _chunks(fresh, ALIKE):
            if len(batch) > 1:
                alike.append(batch)
            else:
                mixed += batch
    return alike, mixed


def _chunks(found: list[Outgoing], size: int) -> list[list[Outgoing]]:
    return [found[start : start + size] for start in range(0, len(found), size)]


async def _share(house: House, batch: list[Outgoing]) -> None:
    """Store the request's random id with every call before it is made: repeats must keep it (R37)."""
    random_id = int(batch[0].row.random_id)
    await house.database.commit(outbox.share([one.row.id for one in batch], random_id))
    for one in batch:
        one.shared_id = random_id
