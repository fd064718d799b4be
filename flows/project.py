"""The project file: bots, documents, teams, limits."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Literal

from flows.accounts import Alerts, Testers, account
from flows.calendar import Calendar, is_known_country
from flows.hosts import EventRules, HttpRules
from flows.hours import ALWAYS, WorkHours
from flows.problems import Mark
from flows.reading import (
    NOT_BUILT,
    Reading,
    Unread,
    as_items,
    as_mapping,
    as_scalar,
    each,
    integer,
    key,
    list_of,
    name,
    one_of,
    record,
    record_of,
    source_node,
    table_of,
    word,
)
from flows.shapes import MAYBE_EMPTY, Drawing, Schema, one_or_more, shaped, written_as
from flows.source import Mapping, Node, Scalar
from flows.timing_keys import duration, hours, quiet, zone
from flows.windows import NIGHT, QuietHours

ChannelName = Literal["telegram", "vk", "web", "terminal"]
Updates = Literal["polling", "webhook"]


@shaped(MAYBE_EMPTY)
def setting(node: Node, reading: Reading) -> str:
    """A text, or ``$NAME`` to be read from the environment when the program runs."""
    return as_scalar(node, reading).text.strip()


names = list_of(name)
"""A reader of a list of names."""


@shaped(written_as(r"^https?://\S+$", "https://example.ru/"))
def address(node: Node, reading: Reading) -> str:
    """A link that begins with http:// or https://."""
    scalar = as_scalar(node, reading)
    if re.fullmatch(r"https?://[^\s]+", scalar.text):
        return scalar.text
    raise reading.refuse("bad-url", scalar.mark, url=scalar.text)


@dataclass(frozen=True, kw_only=True)
class Bot:
    """One bot in one channel and the funnels it plays, in the order in which they may begin."""

    mark: Mark
    node: Mapping | None = source_node()
    name: str = ""
    channel: ChannelName = key(one_of("telegram", "vk", "web", "terminal"))
    funnels: tuple[str, ...] = key(names, default=())
    token: str = key(setting, default="")
    group: str = key(account, default="")
    updates: Updates = key(one_of("polling", "webhook"), default="polling")
    secret: str = key(setting, default="")
    api_url: str = key(setting, default="")
    proxy: str = key(setting, default="")


@dataclass(frozen=True, kw_only=True)
class Document:
    """A text that people agree to; ``sha256`` is of its file, as it was when the program started."""

    mark: Mark
    node: Mapping | None = source_node()
    title: str = key(word)
    version: str = key(word, default="1")
    file: str = key(word, default="")
    url: str = key(address, default="")
    sha256: str = ""


@dataclass(frozen=True, kw_only=True)
class Manager:
    """A person of a team and their accounts."""

    mark: Mark
    name: str = key(word)
    telegram: str = key(account, default="")
    vk: str = key(account, default="")
    email: str = key(word, default="")
    limit: int | None = key(integer, default=None)


@dataclass(frozen=True, kw_only=True)
class Notified:
    """Where a team is told of leads."""

    telegram: str = key(account, default="")
    vk: str = key(account, default="")
    email: None = key(NOT_BUILT, default=None)  # type: ignore[arg-type]


@shaped(lambda drawing: drawing.record(Manager))
def _manager(node: Node, reading: Reading) -> Manager:
    return record(Manager, node, reading, mark=node.mark)


@dataclass(frozen=True, kw_only=True)
class Team:
    """The people who work leads."""

    mark: Mark
    node: Mapping | None = source_node()
    hours: WorkHours = key(hours, default=ALWAYS)
    assign: str = key(one_of("first", "rotate", "least_busy"), default="first")
    take_within: int | None = key(duration, default=None)
    then: str = key(name, default="")
    mask_phone: str = key(one_of("never", "until_taken", "always"), default="never")
    notify: Notified = key(record_of(Notified), default=None)
    managers: tuple[Manager, ...] = key(list_of(_manager), default=())


@dataclass(frozen=True, kw_only=True)
class Limits:
    """How often one person may be written to, over all funnels of a bot."""

    gap: int = key(duration, default=0)
    requested_per_day: int | None = key(integer, default=None)
    advertising_per_day: int | None = key(integer, default=None)
    quiet: QuietHours = key(quiet, default=NIGHT)


Gate = Literal["allow", "warn", "deny"]


@dataclass(frozen=True, kw_only=True)
class Advertising:
    """Per channel: may advertising go there; whether every advert must name its ``erid``."""

    telegram: Gate = key(one_of("allow", "warn", "deny"), default="allow")
    vk: Gate = key(one_of("allow", "warn", "deny"), default="allow")
    web: Gate = key(one_of("allow", "warn", "deny"), default="allow")
    erid: Literal["required", "optional"] = key(one_of("required", "optional"), default="optional")


_DAY_US = 24 * 3_600 * 1_000_000


@dataclass(frozen=True, kw_only=True)
class Keep:
    """How long the program remembers: what was played, what was sent, what was said."""

    events: int = key(duration, default=30 * _DAY_US)
    calls: int = key(duration, default=30 * _DAY_US)
    talks: int = key(duration, default=1_095 * _DAY_US)


def _calendar_shape(_drawing: Drawing) -> Schema:
    code = {"type": "string", "pattern": "^[A-Z]{2}$", "examples": ["RU"]}
    days = one_or_more(written_as("^[0-9]{4}-[0-9]{2}-[0-9]{2}$", "2026-12-31"))
    table = {"country": code, "off": days}
    return {
        "anyOf": [code, {"type": "object", "properties": table, "additionalProperties": False}]
    }


@shaped(_calendar_shape)
def calendar(node: Node, reading: Reading) -> Calendar:
    """A country's code, or ``{country: RU, off: [dates]}``."""
    if isinstance(node, Scalar):
        return Calendar(_country(node, reading))
    table = as_mapping(node, reading)
    off = table.get("off")
    days = each(as_items(off), _day, reading) if off is not None else []
    country = table.get("country")
    for scalar, _ in table:
        if scalar.text not in {"country", "off"}:
            reading.note("unknown-key", scalar.mark, key=scalar.text, close="")
    code = _country(as_scalar(country, reading), reading) if country is not None else "RU"
    return Calendar(code, frozenset(days))


def _country(scalar: Scalar, reading: Reading) -> str:
    if not is_known_country(scalar.text):
        raise reading.refuse("unknown-country", scalar.mark, country=scalar.text)
    return scalar.text


def _day(node: Node, reading: Reading) -> date:
    scalar = as_scalar(node, reading)
    try:
        return date.fromisoformat(scalar.text)
    except ValueError:
        raise reading.refuse("bad-date", scalar.mark, date=scalar.text) from None


@shaped(lambda drawing: drawing.record(Bot))
def _bot(node: Node, reading: Reading) -> Bot:
    return record(Bot, node, reading, mark=node.mark)


@shaped(lambda drawing: drawing.record(Document))
def _document(node: Node, reading: Reading) -> Document:
    return record(Document, node, reading, mark=node.mark)


@shaped(lambda drawing: drawing.record(HttpRules))
def _http(node: Node, reading: Reading) -> HttpRules:
    return record(HttpRules, node, reading, mark=node.mark)


@shaped(lambda drawing: drawing.record(EventRules))
def _events(node: Node, reading: Reading) -> EventRules:
    return record(EventRules, node, reading, mark=node.mark)


@shaped(lambda drawing: drawing.record(Alerts))
def _alerts(node: Node, reading: Reading) -> Alerts:
    return record(Alerts, node, reading, mark=node.mark)


@shaped(lambda drawing: drawing.record(Testers))
def _testers(node: Node, reading: Reading) -> Testers:
    return record(Testers, node, reading, mark=node.mark)


@shaped(lambda drawing: drawing.record(Team))
def _team(node: Node, reading: Reading) -> Team:
    team = record(Team, node, reading, mark=node.mark)
    assert isinstance(node, Mapping)
    for scalar, _ in node:
        if scalar.text in {"take_within", "then"} or (
            scalar.text == "assign" and team.assign != "first"
        ):
            reading.note("not-acted-yet", scalar.mark, key=scalar.text)
    return team if team.notify else replace(team, notify=Notified())


@dataclass(frozen=True, kw_only=True)
class Project:
    """``voronka.yaml``."""

    mark: Mark
    node: Mapping | None = source_node()
    project: str = key(name)
    timezone: str = key(zone, default="Europe/Moscow")
    calendar: Calendar = key(calendar, default=None)
    bots: dict[str, Bot] = key(table_of(_bot), default=None)
    documents: dict[str, Document] = key(table_of(_document), default=None)
    teams: dict[str, Team] = key(table_of(_team), default=None)
    limits: Limits = key(record_of(Limits), default=None)
    advertising: Advertising = key(record_of(Advertising), default=None)
    keep: Keep = key(record_of(Keep), default=None)
    database: str = key(setting, default="sqlite:///var/voronka.db")
    listen: str = key(setting, default="127.0.0.1:8080")
    public_url: str = key(address, default="")
    connectors: Any = key(NOT_BUILT, default=None)  # type: ignore[arg-type]
    alerts: Alerts = key(_alerts, default=None)
    testers: Testers = key(_testers, default=None)
    http: HttpRules = key(_http, default=None)
    events: EventRules = key(_events, default=None)


def read_project(node: Node, reading: Reading) -> Project | None:
    """The project, or None when it could not be put together; problems are in ``reading``."""
    try:
        made = record(Project, node, reading, mark=node.mark)
    except Unread:
        return None
    bots = {name: replace(bot, name=name) for name, bot in (made.bots or {}).items()}
    return replace(
        made,
        bots=bots,
        documents=made.documents or {},
        teams=made.teams or {},
        calendar=made.calendar or Calendar(),
        limits=made.limits or Limits(),
        advertising=made.advertising or Advertising(),
        keep=made.keep or Keep(),
        http=made.http or HttpRules(mark=node.mark),
        events=made.events or EventRules(mark=node.mark),
        alerts=made.alerts or Alerts(mark=node.mark),
        testers=made.testers or Testers(mark=node.mark),
    )
