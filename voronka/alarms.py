"""What the program tells its operator: one line each, no answers, no names, no tokens."""

from __future__ import annotations

import asyncio
import logging
import sys
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import typer

from voronka.clocks import SystemClock
from voronka.logbook import Form, Log, Routed, facts_of
from voronka.speech import Speech

_SENTENCES: dict[str, tuple[str, str]] = {
    "started": ("воронка работает: {address}", "Voronka is running: {address}"),
    "bot_started": ("бот «{bot}» работает: {address}", "bot “{bot}” is at work: {address}"),
    "stopping": ("останавливаемся", "stopping"),
    "crash": (
        "программа споткнулась: {error} в {where}",
        "the program stumbled: {error} at {where}",
    ),
    "library": (
        "библиотека {logger}: {error} в {where}",
        "the library {logger}: {error} at {where}",
    ),
    "alerts_failed": (
        "тревоги споткнулись, пробуем снова ({reason})",
        "the alerts stumbled, trying again ({reason})",
    ),
    "alert_failed": (
        "бот «{bot}»: тревога в чат {chat} не ушла ({reason})",
        "the bot “{bot}”: an alert to the chat {chat} did not go ({reason})",
    ),
    "broadcast_done": (
        "рассылка «{broadcast}» закончена: отправлено {sent} из {recipients}",
        "the broadcast “{broadcast}” is done: sent {sent} of {recipients}",
    ),
    "broadcast_stopped": (
        "рассылка «{broadcast}» остановлена: эта версия программы её не читает",
        "the broadcast “{broadcast}” is stopped: this version of the program cannot read it",
    ),
    "broadcasts_failed": (
        "рассылки споткнулись, пробуем снова ({reason})",
        "broadcasts stumbled, trying again ({reason})",
    ),
    "halted": (
        "бот «{bot}» остановлен: {reason}",
        "the bot “{bot}” is halted: {reason}",
    ),
    "unprepared": (
        "бот «{bot}»: мессенджер не отвечает, пробуем снова ({reason})",
        "the bot “{bot}”: the messenger does not answer, trying again ({reason})",
    ),
    "chat_id": (
        "бот «{bot}» в чате с номером {chat}: впишите его в teams → notify",
        "the bot “{bot}” is in the chat {chat}: write it under teams → notify",
    ),
    "lost": (
        "бот «{bot}»: ВКонтакте потерял часть событий ({reason})",
        "the bot “{bot}”: VK dropped some events ({reason})",
    ),
    "unreachable": (
        "бот «{bot}» не может писать в чат {chat}: добавьте его туда или исправьте teams → notify",
        "the bot “{bot}” cannot write to the chat {chat}: add it there or mend teams → notify",
    ),
    "chat_moved": (
        "бот «{bot}»: чат {old} теперь под номером {new} — впишите его в teams → notify",
        "the bot “{bot}”: the chat {old} is now {new} — write it under teams → notify",
    ),
    "fetch_failed": (
        "бот «{bot}»: события не получены, пробуем снова ({reason})",
        "the bot “{bot}”: no events could be fetched, trying again ({reason})",
    ),
    "webhook": (
        "бот «{bot}»: мессенджер не смог доставить события ({reason}), ждут: {n}",
        "the bot “{bot}”: the messenger could not deliver events ({reason}), waiting: {n}",
    ),
    "unreadable": (
        "бот «{bot}»: пришёл вебхук, который не прочесть",
        "the bot “{bot}”: a webhook came that cannot be read",
    ),
    "sender_failed": (
        "бот «{bot}»: отправка споткнулась, пробуем снова ({reason})",
        "the bot “{bot}”: sending stumbled, trying again ({reason})",
    ),
    "player_failed": (
        "разговоры споткнулись, пробуем снова ({reason})",
        "the conversations stumbled, trying again ({reason})",
    ),
    "not_stored": (
        "ответ человеку {person} не записан, пробуем снова ({reason})",
        "the answer to the person {person} was not stored, trying again ({reason})",
    ),
    "database": ("база отказала: {reason}", "the database failed: {reason}"),
    "hold_restored": (
        "отправка придержана: база возвращена из копии. Решить: voronka resume",
        "sending is on hold: the database was restored from a copy. To decide: voronka resume",
    ),
    "hold_rewound": (
        (
            "отправка придержана: база оказалась старше, чем была, её вернули в прошлое."
            " Решить: voronka resume"
        ),
        (
            "sending is on hold: the database is older than it was, an older copy was put back."
            " To decide: voronka resume"
        ),
    ),
    "hold_moved": (
        (
            "отправка придержана: рядом с базой нет её свидетеля, она на новом месте."
            " Решить: voronka resume"
        ),
        (
            "sending is on hold: the database's witness is not beside it, it has moved."
            " To decide: voronka resume"
        ),
    ),
    "hold_by_hand": (
        "отправка придержана человеком ({reason}). Продолжить: voronka resume",
        "a person holds all sending ({reason}). To go on: voronka resume",
    ),
    "resumed": ("отправка продолжена", "sending goes on"),
    "witness": (
        "свидетель базы {path} не записан ({reason}): копию на её месте не узнать",
        "the witness {path} cannot be written ({reason}): an older copy would not be known",
    ),
    "stopped_late": (
        "остановка не уложилась в десять секунд ({reason}): остаток решится при запуске",
        "the stop took over ten seconds ({reason}): the rest is decided at the start",
    ),
    "rejected": (
        "сообщение воронки «{funnel}», место «{place}», мессенджер не принял: {reason}",
        "the messenger refused a message of “{funnel}”, place “{place}”: {reason}",
    ),
    "markup": (
        "ушёл простой текст, оформление не принято: воронка «{funnel}», место «{place}» ({reason})",
        "the formatting was refused, plain text went out: “{funnel}”, place “{place}” ({reason})",
    ),
    "requests_failed": (
        "запросы наружу споткнулись, пробуем снова ({reason})",
        "requests to the world outside stumbled, trying again ({reason})",
    ),
    "request_dead": (
        "запрос «{target}» с места «{place}» не удался: {reason}",
        "the request “{target}” from “{place}” failed: {reason}",
    ),
    "dead": (
        "событие {event} не удалось обработать, оно отложено: {reason}",
        "the event {event} could not be handled and was put aside: {reason}",
    ),
}
_LEVELS = {"chat_id": "info", "chat_moved": "info", "crash": "critical"}
_GRAVE = frozenset({"halted", "lost", "dead", "database", "request_dead", "library"})
_HUSHED = ("aiogram", "aiohttp", "vkbottle")
_GRAVE_ONLY = ("uvicorn", "uvicorn.error", "apscheduler")
"""A stranger's broken request or a tick that took longer is of no interest; their faults are."""


class Alarms:
    """Logs alarms and notices; an unknown word is told with its facts."""

    def __init__(self, say: Speech, form: Form = "text", secrets: tuple[str, ...] = ()) -> None:
        self._say = say
        self._log = Log(self._told, SystemClock().now, form, secrets)

    def __call__(self, kind: str, facts: Mapping[str, Any]) -> None:
        """Tell one."""
        level = "error" if kind in _GRAVE else _LEVELS.get(kind, "warning")
        self._log.write(level, kind, facts)

    def notice(self, kind: str, told: str, **facts: Any) -> None:
        """Something that is as it should be: words on the screen, or an event of the log."""
        if self._log.form == "text":
            typer.echo(told)
        else:
            self._log.write("info", kind, facts)

    def trouble(self, kind: str, told: str, **facts: Any) -> None:
        """Something to mend, told at length: lines on the screen, or one event of the log."""
        if self._log.form == "text":
            typer.echo(told, err=True)
        else:
            self._log.write("error", kind, facts)

    def _told(self, kind: str, facts: Mapping[str, Any]) -> str:
        pattern = self._say(*_SENTENCES.get(kind, ("", "")))
        try:
            return pattern.format(**facts) if pattern else _listed(kind, facts)
        except (KeyError, IndexError, ValueError):
            return _listed(kind, facts)


def _listed(kind: str, facts: Mapping[str, Any]) -> str:
    return " ".join([f"{kind}:", *(f"{name}={value}" for name, value in facts.items())])


def hush_libraries(alarm: Callable[[str, Mapping[str, Any]], None] | None = None) -> None:
    """Keep the libraries' own words away: they may hold addresses with tokens (R56).

    With ``alarm`` their troubles are events: who and where, without a word of theirs.
    """
    for name in _HUSHED:
        logging.getLogger(name).setLevel(logging.CRITICAL + 1)
    for name in _GRAVE_ONLY:
        logging.getLogger(name).setLevel(logging.ERROR)
    if alarm is None:
        logging.getLogger().addHandler(logging.NullHandler())
    else:
        logging.captureWarnings(capture=True)
        logging.getLogger().addHandler(Routed(alarm))


@contextmanager
def watching(alarm: Callable[[str, Mapping[str, Any]], None]) -> Iterator[None]:
    """Whatever nobody caught is told by its type and place; entered inside the loop."""

    def tell(error: BaseException | None) -> None:
        alarm("crash", facts_of(error) if error is not None else {"error": "?", "where": "?"})

    def of_loop(_loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
        tell(context.get("exception"))

    loop = asyncio.get_running_loop()
    before = loop.get_exception_handler(), threading.excepthook, sys.unraisablehook
    loop.set_exception_handler(of_loop)
    threading.excepthook = lambda args: tell(args.exc_value)
    sys.unraisablehook = lambda args: tell(args.exc_value)
    try:
        yield
    finally:
        loop.set_exception_handler(before[0])
        threading.excepthook, sys.unraisablehook = before[1:]
