"""The words of a lead's card and of the team's messages: a pure function of what is known."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import datetime
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
    "sold": ("Продано", "Sold"),
    "refused": ("Отказ", "Refused"),
    "release": ("Вернуть в новые", "Back to new"),
    "reopen": ("Вернуть в работу", "Open again"),
    "is_sold": ("✓ Продано", "✓ Sold"),
    "is_refused": ("✗ Отказ", "✗ Refused"),
    "closed": ("Уже закрыта: {manager}", "Already closed: {manager}"),
    "free": ("Заявку ещё никто не взял", "Nobody has taken the lead yet"),
    "released": ("Заявка снова новая", "The lead is new again"),
    "now_sold": ("Отмечено: продано", "Marked as sold"),
    "now_refused": ("Отмечено: отказ", "Marked as refused"),
    "now_taken": ("Заявка снова в работе", "The lead is open again"),
    "take_talk": ("Взять разговор", "Take"),
    "give_back": ("Вернуть боту", "Give back"),
    "talks": ("✓ Говорит {manager}, {time}", "✓ {manager} talks, {time}"),
    "talk_yours": (
        "Разговор ваш. Отвечайте на это сообщение — ответ уйдёт клиенту",
        "It is yours. Reply to this message: the reply goes to the client",
    ),
    "talk_given": ("Клиенту снова отвечает бот", "The bot answers the client again"),
    "talk_over": ("Этот разговор уже у бота", "The bot has this conversation already"),
    "back_returned": ("Снова отвечает бот", "The bot answers again"),
    "back_silence": (
        "Снова отвечает бот: долго никто не писал",
        "The bot answers again: nobody wrote for long",
    ),
    "back_stop": (
        "Разговор окончен: клиент просил больше не писать",
        "It is over: the client asked not to be written to",
    ),
    "bot_away": (
        "Бот, с которым говорит клиент, сейчас не работает",
        "The bot that the client talks to is not at work",
    ),
    "unlisted_reply": (
        "Вас нет в списке команды: клиенту это не отправлено",
        "You are not listed in the team: the client was sent nothing",
    ),
    "only_text": (
        "Клиенту уходит только текст: это не отправлено",
        "Only text goes to the client: this was not sent",
    ),
    "chat_id": ("id чата: {chat}", "chat id: {chat}"),
    "nameless": ("Без имени", "No name"),
    "web": ("веб-чат", "web chat"),
}
_OPEN = {"sold": "sold", "refused": "refused", "release": "new"}
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
    status: str = "new"
    language: str = "ru"


def word(name: str, language: str, **params: str) -> str:
    """One of the team's phrases."""
    return _WORDS[name][0 if language == "ru" else 1].format(**params)


def card_message(card: Card, lead: int) -> Message:
    """The card of the lead of that row, with the buttons that its status allows.

    A button never moves to another's place: who presses on an old screen gets what it says, or nothing.
    """
    text = RichText(tuple(_spans(card)))
    if not card.manager:
        return Message(text, (Button(word("take", card.language), {"do": "take", "lead": lead}),))
    closed = card.status in ("sold", "refused")
    allowed = {"reopen": "taken"} if closed else _OPEN
    names = ("take", "sold", "refused", "release", "reopen")
    buttons = (
        Button(
            word(name, card.language),
            {"do": "status", "lead": lead, "status": allowed[name]} if name in allowed else None,
        )
        for name in names
    )
    return Message(text, tuple(buttons))


def handover_message(
    text: str,
    prospect: Prospect,
    *,
    at: datetime,
    zone: str,
    zone_known: bool,
    language: str,
    team: str,
) -> Message:
    """The card of a conversation that waits for somebody of the team."""
    lines = [_who(prospect, language), _local(at, zone, language, known=zone_known)]
    spans = (Span(text, bold=True), Span("\n" + "\n".join(lines)))
    names = {"take_talk": "take", "give_back": "back"}
    buttons = (
        Button(word(name, language), {"do": "handover", "what": what, "team": team})
        for name, what in names.items()
    )
    return Message(RichText(spans), tuple(buttons))


def standing(message: Message, words: str, *, back: bool) -> Message:
    """The card of a conversation with one more line; ``back``: it can still be given back."""
    buttons = tuple(
        button
        if back and (button.action or {}).get("what") == "back"
        else replace(button, action=None)
        for button in message.buttons
    )
    return replace(message, text=message.text + RichText.of(f"\n{words}"), buttons=buttons)


def note_message(text: str, prospect: Prospect, language: str) -> Message:
    """What ``notify`` says to a team, and of whom."""
    return Message(RichText.of(f"{text}\n{_who(prospect, language)}"))


def _spans(card: Card) -> list[Span]:
    language = card.language
    head = word("again" if card.times > 1 else "new", language, title=_one_line(card.title))
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
    source = _one_line(" · ".join(filter(None, (card.source, card.link))))
    if source:
        shown.append((word("source", language), source))
    return [f"{label}: {_indented(value)}" for label, value in shown]


def _indented(value: str) -> str:
    """What was typed in several lines stands apart from the card's own."""
    return "\n   ".join(fit_to_show(value).splitlines())


def _moments(card: Card) -> list[str]:
    language = card.language
    lines = []
    if card.zone:
        lines.append(_local(card.at, card.zone, language, known=card.zone_known))
    if card.manager and card.taken is not None:
        at = card.taken.astimezone(ZoneInfo(card.team_zone))
        lines.append(word("taken", language, manager=card.manager, time=f"{at:%H:%M}"))
    if card.manager and f"is_{card.status}" in _WORDS:
        lines.append(word(f"is_{card.status}", language))
    return lines


def _local(at: datetime, zone: str, language: str, *, known: bool) -> str:
    place = get_timezone_location(zone, locale=language, return_city=True)
    time = f"{at.astimezone(ZoneInfo(zone)):%H:%M}"
    return word("local" if known else "local_guess", language, time=time, place=place)


def _who(prospect: Prospect, language: str) -> str:
    name = _one_line(prospect.name) or word("nameless", language)
    where = _CHANNELS.get(prospect.channel) or word("web", language)
    if prospect.channel == "vk" and prospect.account:
        return f"{name}, https://vk.com/id{prospect.account}"
    if prospect.username:
        return f"{name}, @{_one_line(prospect.username)} · {where}"
    return f"{name} · {where}"


def _one_line(text: str) -> str:
    """A name cannot look like another line of the card."""
    return " ".join(fit_to_show(text).split())


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
