"""What happened outside, put into the inbox: whom it concerns, once, before anybody is told so."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from flows.answers import Bad
from flows.answers.answer import Asked
from flows.answers.email import Email
from flows.answers.phone import Phone
from storage import codes, contacts, inbox, people
from storage.seal import Seal
from storage.work import Conflict, Database, Row

NAME = re.compile(r"[a-z][a-z0-9_]{0,63}")
WHOM = ("id", "phone", "email", "token")
_RAW = "inbox.raw_sealed"
_MAC = 22


class Refusal(Exception):
    """It was not stored; ``code`` and ``status`` are for programs, the sentences for people."""

    def __init__(self, code: str, status: int, ru: str, en: str) -> None:
        super().__init__(en)
        self.code, self.status, self.ru, self.en = code, status, ru, en


@dataclass(frozen=True, slots=True)
class Happened:
    """An event; ``key`` is its sender's, the same for every repeat."""

    name: str
    key: str
    data: dict[str, Any] = field(default_factory=dict)


def person_token(seal: Seal, identity_id: int) -> str:
    """What names a person to a server outside, and nobody can make up."""
    return f"{identity_id}.{seal.mac(f'person:{identity_id}', _MAC)}"


async def concerned(database: Database, seal: Seal, bot_id: int, whom: Mapping[str, Any]) -> Row:
    """The identity that is meant, one of the bot's; or a :class:`Refusal`."""
    named = [(kind, str(value)) for kind, value in whom.items() if kind in WHOM and value]
    if len(named) != 1 or len(whom) != 1:
        listed = ", ".join(WHOM)
        raise Refusal(
            "bad-person",
            400,
            f"Назовите человека одним из ключей: {listed}.",
            f"Name the person by one of the keys: {listed}.",
        )
    kind, value = named[0]
    if kind == "id":
        found = await database.fetch(people.known(bot_id, [value]))
    elif kind == "token":
        found = await _by_token(database, seal, value)
    else:
        found = await _by_contact(database, seal, kind, value)
    mine = [row for row in found if row.bot_id == bot_id]
    if not mine:
        raise Refusal(
            "unknown-person",
            404,
            "Такого человека у этого бота нет.",
            "This bot knows no such person.",
        )
    if len(mine) > 1:
        raise Refusal(
            "several-people",
            409,
            "Этот номер или адрес оставили несколько человек: назовите id или token.",
            "Several people left this phone or address: name the id or the token.",
        )
    return mine[0]


async def _by_token(database: Database, seal: Seal, token: str) -> list[Row]:
    number, _, mac = token.partition(".")
    if not re.fullmatch(r"[0-9]{1,18}", number) or not seal.is_mac(f"person:{number}", mac):
        return []
    return await database.fetch(people.identity(int(number)))


async def _by_contact(database: Database, seal: Seal, kind: str, value: str) -> list[Row]:
    read = (Phone() if kind == "phone" else Email()).read(value, Asked())
    if isinstance(read, Bad):
        raise Refusal(
            "bad-person",
            400,
            "Номер или адрес не читается.",
            "The phone or the address cannot be read.",
        )
    owners = await database.fetch(contacts.owners(kind, seal.digests(kind, read)))
    proven = [row for row in owners if row.verified_us is not None]
    ids = [row.person_id for row in proven or owners]
    return await database.fetch(people.identities_of(ids)) if ids else []


async def put(
    database: Database, seal: Seal, now_us: int, identity: Row, happened: Happened
) -> bool:
    """Store the event; False when it was stored before."""
    if not NAME.fullmatch(happened.name):
        raise Refusal(
            "bad-event",
            400,
            "Имя события — a–z, 0–9 и «_», начинается с буквы.",
            "An event's name is a–z, 0–9 and “_”, beginning with a letter.",
        )
    digest = hashlib.sha256(happened.key.encode()).hexdigest()[:32]
    source_key = f"event:{identity.bot_id}:{digest}"
    if await database.fetch(inbox.known([source_key])):
        return False
    row = _row(seal, now_us, identity, {"name": happened.name, "data": happened.data})
    await database.commit(inbox.add([{**row, "source_key": source_key, "kind": "event"}]))
    return True


async def redeem(database: Database, seal: Seal, now_us: int, code: str, pool: str = "") -> Row:
    """Redeem the code and tell it to the funnels; its row, or a :class:`Refusal`."""
    rows = [row for row in await database.fetch(codes.named(code)) if pool in ("", row.pool)]
    given = [row for row in rows if row.person_id is not None]
    if len(given) > 1:
        pools = ", ".join(row.pool for row in given)
        raise Refusal(
            "several-codes",
            409,
            f"Такой код есть в нескольких наборах: {pools}. Назовите один.",
            f"Several pools have this code: {pools}. Name one.",
        )
    if not given:
        raise Refusal(
            "unknown-code", 404, "Такого кода никому не давали.", "Nobody has this code."
        )
    row = given[0]
    if row.redeemed_us is not None:
        raise _used()
    if row.valid_us is not None and row.valid_us <= now_us:
        raise Refusal("expired-code", 410, "Срок кода вышел.", "The code has expired.")
    owner = await database.fetch(people.identities_of([row.person_id]))
    keys = [{"source_key": f"code:{row.id}:{one.id}", "kind": "code"} for one in owner]
    events = [
        {**_row(seal, now_us, one, {"code": code}), **key}
        for one, key in zip(owner, keys, strict=True)
    ]
    try:
        await database.commit([*codes.redeem(row.id, now_us), *inbox.add(events)])
    except Conflict:
        raise _used() from None
    return row


def _used() -> Refusal:
    return Refusal("used-code", 409, "Код уже погашен.", "The code was redeemed before.")


def _row(seal: Seal, now_us: int, identity: Row, told: dict[str, Any]) -> dict[str, Any]:
    return {
        "bot_id": identity.bot_id,
        "identity_id": identity.id,
        "person_id": identity.person_id,
        "raw_sealed": seal.seal_json(_RAW, told),
        "received_us": now_us,
    }
