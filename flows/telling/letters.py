"""Entries, series and letters in words: how people come in, when letters go and on what terms."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from flows.funnel import Entry, Letter, Series
from flows.telling.conditions import condition_words
from flows.telling.steps import Book
from flows.telling.times import days_words, late_words, when_words, window_words
from flows.when import field_of

TRIGGERS = {
    "start": ("Кнопка «Начать»", "The start button"),
    "link": ("Ссылка с кодом", "A link with the code"),
    "words": ("Слова в сообщении", "Words in a message"),
    "command": ("Команда", "A command"),
    "comment": ("Комментарий под записью", "A comment under a post"),
    "event": ("Событие извне", "An event from outside"),
    "subscribed": ("Подписка или разрешение писать", "Subscribing, or allowing messages"),
    "any": ("Любое другое сообщение", "Any other message"),
}
_BUSY = {
    "hold": ("ждёт ответа на открытый вопрос", "waits for the answer to an open question"),
    "send": ("приходит и при открытом вопросе", "comes even while a question is open"),
    "skip": ("не приходит при открытом вопросе", "does not come while a question is open"),
}
_KINDS = {
    "service": ("служебное", "a service letter"),
    "requested": ("то, что человек просил", "what the person asked for"),
    "advertising": ("реклама: только с согласия", "advertising: only by consent"),
}


def entry_words(entry: Entry, book: Book) -> str:
    """What lets a person in."""
    words = book.tongue(*TRIGGERS.get(entry.trigger, (entry.trigger, entry.trigger)))
    slash = "/" if entry.trigger == "command" else ""
    matches = ", ".join(f"{slash}{each}" for each in entry.matches)
    return f"{words}: {matches}" if matches else words


def entry_notes(entry: Entry, book: Book) -> Iterator[str]:
    """What an entry writes down, and how it begins."""
    tongue = book.tongue
    for name, value in (entry.set or {}).items():
        label = tongue("источник", "source") if name == "source" else book.label(name)
        yield f"{label} — {book.plain(value.compiled)}"
    for name in entry.save or {}:
        label = book.label(name)
        yield tongue(f"{label} — из события", f"{label}: what the event brings")
    for tag in entry.tag:
        yield tongue(f"метка «{tag}»", f"the tag “{tag}”")
    if entry.restart:
        yield tongue("всё начинается заново", "everything begins anew")
    if entry.once:
        yield tongue("только один раз", "only once")


def letter_when(letter: Letter, book: Book) -> str:
    """When the letter goes."""
    name = field_of(letter.when)
    return when_words(letter.when, book.tongue, book.label(name) if name else "")


def series_notes(series: Series, book: Book) -> Iterator[str]:
    """What holds for all letters of a series."""
    tongue = book.tongue
    if series.stop_when is not None:
        words = condition_words(series.stop_when.compiled.tree, book.labels, tongue)
        yield tongue(f"Серия кончается, если {words}", f"The series ends when {words}")
    if series.window is not None:
        words = window_words(series.window, tongue)
        yield tongue(f"Письма приходят {words}", f"Letters come {words}")
    yield from _terms(replace(series, window=None), book)
    if series.zone == "funnel":
        yield tongue("по часам воронки", "on the funnel's clock")


def letter_notes(letter: Letter, series: Series, book: Book) -> Iterator[str]:
    """On what terms a letter goes, besides those of its series."""
    if letter.condition is not None:
        words = condition_words(letter.condition.compiled.tree, book.labels, book.tongue)
        yield book.tongue(f"только если {words}", f"only if {words}")
    common = set(_terms(series, book))
    yield from (note for note in _terms(letter, book) if note not in common)


def _terms(part: Letter | Series, book: Book) -> Iterator[str]:
    tongue = book.tongue
    if part.window is not None:
        yield window_words(part.window, tongue)
    if part.days is not None:
        yield days_words(part.days, tongue)
    if part.kind is not None:
        yield tongue(*_KINDS[part.kind])
    if part.busy is not None:
        yield tongue(*_BUSY[part.busy])
    if part.late is not None:
        yield late_words(part.late, tongue)
