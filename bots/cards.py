"""The words of a lead's card and of the team's messages: a pure function of what is known."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from babel.dates import get_timezone_location

from flows.markup import RichText, Span
from flows.messages import Button, Message
from flows.values import fit_to_show, show_number

_WORDS: dict[str, tuple[str, str]] = {
    "urgent": ("❗ Срочно", "❗ Urgent"),
    "low": ("Не срочно", "Low priority"),
    "new": ("Новая заявка: {title}", "New lead: {title}"),
    "again": ("Заявка дополнена: {title}", "Lead updated: {title}"),
    "phone": ("Телефон", "Phone"),
    "value": ("Сумма", "Value"),
    "source": ("Источник", "Source"),
    "local": ("У клиента {time} ({place})", "Their time {time} ({place})"),
    "local_guess": (
        "У клиента, вероятно, {time} (пояс воронки, {place})",
        "Their time is probably {time} (the funnel's zone, {place})",
    ),
    "take": ("Взять в работу", "Take"),
    "taken": ("✓ В работе: {manager}, {time}", "✓ Taken: {manager}, {time}"),
    "has_it": ("Уже в работе: {manager}", "Already taken: {manager}"),
    "yours": ("Заявка ваша", "The lead is yours"),
    "unlisted": ("Вас нет в списке команды", "You are not listed in the team"),
    "chat_id": ("id чата: {chat}", "chat id: {chat}"),
    "nameless": ("Без имени", "No name"),
    "web": ("веб-чат", "web chat"),
}
_CHANNELS = {"telegram": "Telegram", "vk": "VK", "terminal": "terminal"}


@dataclass(frozen=True, slots=True)
class Prospect:
    """Who the lead is."""

    name: str = ""
    username: str = ""
    channel: str = ""
    account: str = ""
    phone: str = ""


@dataclass(frozen=True, slots=True)
class Card:
    """All that a card shows.

    ``answers`` are ``(field, label, shown value)``; ``phones`` the fields that hold phones;
    ``zone`` is the person's, or the funnel's while it is not known; ``at`` is when the lead was
    captured, in UTC; ``times`` how often it was.
    """

    title: str
    prospect: Prospect
    answers: tuple[tuple[str, str, str], ...]
    at: datetime
    team_zone: str
    zone: str = ""
    zone_known: bool = True
    priority: str = "normal"
    value: float | None = None
    source: str = ""
    link: str = ""
    times: int = 1
    phones: tuple[str, ...] = ()
    mask_phone: str = "never"
    manager: str = ""
    taken: datetime | None = None
    language: str = "ru"


def word(name: str, language: str, **params: str) -> str:
    """One of the team's phrases."""
    return _WORDS[name][0 if language == "ru" else 1].format(**params)


def card_message(card: Card, action: dict[str, Any]) -> Message:
    """The card; with its button while nobody has taken the lead."""
    text = RichText(tuple(_spans(card)))
    if card.manager:
        return Message(text)
    return Message(text, (Button(word("take", card.language), action),))


def note_message(text: str, prospect: Prospect, language: str) -> Message:
    """What ``notify`` says to a team, and of whom."""
    return Message(RichText.of(f"{text}\n{_who(prospect, language)}"))


def _spans(card: Card) -> list[Span]:
    language = card.language
    head = word("again" if card.times > 1 else "new", language, title=fit_to_show(card.title))
    lines = [_who(card.prospect, language), *_facts(card), *_moments(card)]
    mark = [Span(word(card.priority, language) + "\n")] if card.priority in _WORDS else []
    return [*mark, Span(head, bold=True), Span("\n" + "\n".join(filter(None, lines)))]


def _facts(card: Card) -> list[str]:
    language = card.language
    shown = [(label, _answer(card, name, value)) for name, label, value in card.answers]
    phone = card.prospect.phone
    if phone and not any(_digits(value) == _digits(phone) for _, _, value in card.answers):
        shown.insert(0, (word("phone", language), _phone(card, phone)))
    if card.value is not None:
        shown.append((word("value", language), show_number(card.value, language)))
    source = " · ".join(filter(None, (card.source, card.link)))
    if source:
        shown.append((word("source", language), source))
    return [f"{label}: {fit_to_show(value)}" for label, value in shown]


def _moments(card: Card) -> list[str]:
    language = card.language
    lines = []
    if card.zone:
        local = card.at.astimezone(ZoneInfo(card.zone))
        place = get_timezone_location(card.zone, locale=language, return_city=True)
        kind = "local" if card.zone_known else "local_guess"
        lines.append(word(kind, language, time=f"{local:%H:%M}", place=place))
    if card.manager and card.taken is not None:
        at = card.taken.astimezone(ZoneInfo(card.team_zone))
        lines.append(word("taken", language, manager=card.manager, time=f"{at:%H:%M}"))
    return lines


def _who(prospect: Prospect, language: str) -> str:
    name = fit_to_show(prospect.name) or word("nameless", language)
    where = _CHANNELS.get(prospect.channel) or word("web", language)
    if prospect.channel == "vk" and prospect.account:
        return f"{name}, https://vk.com/id{prospect.account}"
    if prospect.username:
        return f"{name}, @{fit_to_show(prospect.username)} · {where}"
    return f"{name} · {where}"


def _answer(card: Card, name: str, value: str) -> str:
    phone = card.prospect.phone
    is_phone = name in card.phones or (bool(phone) and _digits(value) == _digits(phone))
    return _phone(card, value) if is_phone else value


def _phone(card: Card, phone: str) -> str:
    hidden = card.mask_phone == "always" or (card.mask_phone == "until_taken" and not card.manager)
    return masked(phone) if hidden else phone


def masked(phone: str) -> str:
    """The phone with only its country, its first digits and its last two to be seen."""
    digits = _digits(phone)
    if len(digits) < 8:
        return "***"
    return f"+{digits[:1]} {digits[1:4]} ***-**-{digits[-2:]}"


def _digits(text: str) -> str:
    return re.sub(r"\D", "", text)
