"""Hand-overs and calls to the world outside in words."""

from __future__ import annotations

from collections.abc import Mapping

from flows.nodes.base import Block
from flows.nodes.code import Code
from flows.nodes.do import Do
from flows.nodes.handover import Handover
from flows.nodes.http import Http
from flows.nodes.member import Member
from flows.telling.steps import Book, Choice, Note, Told, tells
from flows.telling.times import duration_words


@tells(Handover, "handover", "for", "otherwise")
def _handover(step: Handover, book: Book) -> Told:
    tongue = book.tongue
    quiet = duration_words(step.quiet, tongue)
    words = tongue(
        f"Бот молчит, пока менеджер не вернёт разговор или пока {quiet} никто не пишет",
        f"The bot is silent until a manager gives the talk back, or nobody writes for {quiet}",
    )
    team = step.handover
    title = tongue(f"Разговор передаётся команде {team}", f"The talk is handed to the team {team}")
    taken = tongue("менеджер ответил", "a manager answered")
    missed = tongue("никто не взял", "nobody took it")
    return Told(
        "wait", title, None, (Note(words),), _ways(taken, missed, step.otherwise), ends=True
    )


def _ways(worked: str, failed: str, otherwise: Block) -> tuple[Choice, ...]:
    """Below, or into the steps of a failure; where these are none there is nothing to tell."""
    return (Choice(worked), Choice(failed, "otherwise" if otherwise else ""))


def _call(book: Book, title: str, notes: tuple[Note, ...], otherwise: Block) -> Told:
    ways = _ways(
        book.tongue("удалось", "it worked"), book.tongue("не вышло", "it failed"), otherwise
    )
    return Told("wait", title, None, notes, ways if otherwise else (), ends=bool(otherwise))


def _saved(saved: Mapping[str, str], book: Book) -> tuple[Note, ...]:
    fields = ", ".join(book.tongue.quoted(book.label(name)) for name in saved)
    words = book.tongue(f"Ответ записывается: {fields}", f"The answer is saved: {fields}")
    return (Note(words, minor=True),) if saved else ()


@tells(Http, "http", "otherwise")
def _http(step: Http, book: Book) -> Told:
    address = book.plain(step.http.url)
    title = book.tongue(f"Запрос к серверу: {address}", f"A request to a server: {address}")
    return _call(book, title, _saved(step.http.save or {}, book), step.otherwise)


@tells(Do, "do", "save", "otherwise")
def _do(step: Do, book: Book) -> Told:
    title = book.tongue(f"Действие программы: {step.do}", f"An action of the program: {step.do}")
    return _call(book, title, _saved(step.save or {}, book), step.otherwise)


@tells(Code, "code", "pool", "pattern", "valid", "otherwise")
def _code(step: Code, book: Book) -> Told:
    tongue = book.tongue
    notes = [Note(f"{tongue('вид', 'form')}: {step.pattern}")] if step.pattern else []
    notes += (
        [Note(tongue(f"из запаса {step.pool}", f"of the pool {step.pool}"))] if step.pool else []
    )
    if step.valid:
        lasts = duration_words(step.valid, tongue)
        notes.append(Note(tongue(f"годен {lasts}", f"valid for {lasts}")))
    field = tongue.quoted(book.label(step.code))
    title = tongue(f"Промокод: {field}", f"A promo code: {field}")
    return _call(book, title, tuple(notes), step.otherwise)


@tells(Member, "member", "then", "else", "otherwise")
def _member(step: Member, book: Book) -> Told:
    tongue = book.tongue
    named = ", ".join(dict.fromkeys(filter(None, (step.member.telegram, step.member.vk))))
    title = tongue(
        f"Подписан ли человек на {named}", f"Whether the person is subscribed to {named}"
    )
    ways = (
        Choice(tongue("да", "yes"), "then" if step.then else ""),
        Choice(tongue("нет", "no"), "else" if step.outsider else ""),
        Choice(tongue("не узнать", "nobody can tell"), "otherwise" if step.otherwise else ""),
    )
    return Told("wait", title, choices=ways, ends=True)
