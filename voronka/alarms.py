"""What the running program tells its operator: one line each, no answers, no names, no tokens."""

from __future__ import annotations

import logging
from collections.abc import Mapping

import typer

from voronka.clocks import SystemClock
from voronka.speech import Speech

_SENTENCES: dict[str, tuple[str, str]] = {
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
_QUIET = ("aiogram", "aiohttp", "vkbottle", "asyncio", "apscheduler", "uvicorn")


class Alarms:
    """Prints alarms; an unknown word is told with its facts."""

    def __init__(self, say: Speech) -> None:
        self._say = say

    def __call__(self, kind: str, facts: Mapping[str, str]) -> None:
        """Tell one."""
        ru, en = _SENTENCES.get(kind, ("", ""))
        pattern = self._say(ru, en)
        try:
            told = pattern.format(**facts) if pattern else _listed(kind, facts)
        except KeyError:
            told = _listed(kind, facts)
        clock = f"{SystemClock().now().astimezone():%H:%M:%S}"
        typer.echo(f"{clock}  {_printable(told)}", err=True)


def _printable(text: str) -> str:
    """The text without signs that steer a terminal (R55)."""
    return "".join(sign if sign.isprintable() else " " for sign in text)


def _listed(kind: str, facts: Mapping[str, str]) -> str:
    return " ".join([f"{kind}:", *(f"{name}={value}" for name, value in facts.items())])


def hush_libraries() -> None:
    """Keep the libraries' own logs away: their messages may hold addresses with tokens (R56)."""
    for name in _QUIET:
        logging.getLogger(name).setLevel(logging.CRITICAL + 1)
