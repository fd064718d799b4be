"""What the owner reads: what is wrong, where, and how to mend it; no word of any person."""

from __future__ import annotations

from collections.abc import Sequence

from bots.alerting.standing import Told
from flows.redaction import masked, on_one_line

MOST = 10
"""Troubles in one message; the log has the rest."""
_LONGEST = 200

WORDS: dict[str, tuple[str, str]] = {
    "halted": (
        (
            "🛑 Бот «{bot}» остановлен: {reason}. Люди пишут ему и не получают ответа. Если отозван"
            " токен, выпустите новый, впишите в .env и перезапустите. Проверить: voronka doctor"
        ),
        (
            "🛑 The bot “{bot}” is halted: {reason}. People write to it and get no answer. If the token"
            " was revoked, make a new one, write it in .env and restart. To check: voronka doctor"
        ),
    ),
    "dead": (
        (
            "⚠️ Отложено: событий {event}, запросов {request}, сообщений командам {message}. Устраните"
            " причину и пустите снова: voronka dead list"
        ),
        (
            "⚠️ Put aside: events {event}, requests {request}, team messages {message}. Mend the cause"
            " and let them go again: voronka dead list"
        ),
    ),
    "disk": (
        (
            "⚠️ На диске базы осталось {free} МБ ({percent} %). Освободите место: когда оно кончится,"
            " боты замолчат"
        ),
        (
            "⚠️ The database's disk has {free} MB left ({percent} %). Make room: without it the bots"
            " fall silent"
        ),
    ),
    "database": (
        (
            "🛑 База не отвечает больше минуты ({reason}). Проверьте, что она работает и что на диске"
            " есть место; что пишут люди, мессенджеры пришлют, когда она вернётся"
        ),
        (
            "🛑 The database has not answered for over a minute ({reason}). Check that it runs and that"
            " the disk has room; the messengers bring what people write once it is back"
        ),
    ),
    "rejected": (
        (
            "⚠️ Бот «{bot}»: мессенджер не принял сообщение воронки «{funnel}», место «{place}»"
            " ({reason}). Человек его не увидел: исправьте текст, кнопки или вложение"
        ),
        (
            "⚠️ The bot “{bot}”: the messenger refused a message of “{funnel}”, place “{place}”"
            " ({reason}). The person did not see it: mend its text, buttons or files"
        ),
    ),
    "markup": (
        (
            "⚠️ Бот «{bot}»: оформление в воронке «{funnel}», место «{place}», мессенджер не понял"
            " ({reason}); текст ушёл без него. Проверьте ** и _ в этом тексте"
        ),
        (
            "⚠️ The bot “{bot}”: the messenger did not understand the formatting in “{funnel}”, place"
            " “{place}” ({reason}); the text went without it. Look at its ** and _"
        ),
    ),
    "unread": (
        (
            "⚠️ События людей ждут ответа дольше пяти минут (старшее {minutes} мин). Посмотрите:"
            " voronka status"
        ),
        (
            "⚠️ People's events have waited for over five minutes (the oldest {minutes} min). Look:"
            " voronka status"
        ),
    ),
    "hold": (
        (
            "⏸ Отправка придержана: боты молчат. Посмотрите, что ждёт, и пустите: voronka status,"
            " voronka resume"
        ),
        (
            "⏸ Sending is held: the bots are silent. See what waits and let it go: voronka status,"
            " voronka resume"
        ),
    ),
    "lost": (
        (
            "⚠️ Бот «{bot}»: VK потерял часть событий ({reason}). Откройте сообщения сообщества: кому-то"
            " могли не ответить"
        ),
        (
            "⚠️ The bot “{bot}”: VK dropped some events ({reason}). Open the community's messages:"
            " somebody may be without an answer"
        ),
    ),
    "unreachable": (
        (
            "⚠️ Бот «{bot}» не может писать в чат команды {chat}: заявки туда не доходят. Добавьте его в"
            " чат или исправьте teams → notify"
        ),
        (
            "⚠️ The bot “{bot}” cannot write to the team's chat {chat}: leads do not reach it."
            " Add the bot there or mend teams → notify"
        ),
    ),
    "webhook": (
        (
            "⚠️ Бот «{bot}»: мессенджер не может доставить события ({reason}). Проверьте public_url и"
            " сертификат: voronka doctor"
        ),
        (
            "⚠️ The bot “{bot}”: the messenger cannot deliver events ({reason}). Check public_url and"
            " the certificate: voronka doctor"
        ),
    ),
    "broadcast": (
        "⚠️ Рассылка «{place}» остановлена и сама не продолжится. Посмотрите: voronka status",
        "⚠️ The broadcast “{place}” is stopped and will not go on by itself. Look: voronka status",
    ),
    "stumbled": (
        (
            "⚠️ Программа споткнулась ({place}: {reason}) и пробует снова. Если повторяется, это ошибка"
            " Воронки: пришлите разработчикам строку журнала"
        ),
        (
            "⚠️ The program stumbled ({place}: {reason}) and tries again. If that repeats it is a"
            " fault of Voronka: send its developers the line of the log"
        ),
    ),
}
OVER: dict[str, tuple[str, str]] = {
    "halted": ("✅ Бот «{bot}» снова работает", "✅ The bot “{bot}” works again"),
    "dead": ("✅ Отложенного больше нет", "✅ Nothing is put aside any more"),
    "disk": ("✅ На диске базы снова есть место", "✅ The database's disk has room again"),
    "database": ("✅ База снова отвечает", "✅ The database answers again"),
    "unread": (
        "✅ События людей снова читаются вовремя",
        "✅ People's events are read in time again",
    ),
    "hold": ("✅ Отправка снова идёт", "✅ Sending goes on"),
}
_MORE = ("Всего за последнее время: {n}", "In all lately: {n}")
_REST = ("…и ещё {n}: остальное в журнале программы", "…and {n} more: the rest is in the log")


def message_of(told: Sequence[Told], language: str) -> str:
    """One message about all of it."""
    index = 0 if language == "ru" else 1
    parts = [_said(one, index) for one in told[:MOST]]
    if len(told) > MOST:
        parts.append(_REST[index].format(n=len(told) - MOST))
    return "\n\n".join(parts)


def _said(told: Told, index: int) -> str:
    kind, bot, place = told.key
    facts = {"bot": bot, "place": place, **told.facts}
    shown = _Shown({name: _fit(value) for name, value in facts.items()})
    if told.over:
        return OVER[kind][index].format_map(shown)
    words = WORDS[kind][index].format_map(shown)
    return words if told.count == 1 else f"{words}. {_MORE[index].format(n=told.count)}"


def _fit(value: str) -> str:
    """A fact that cannot look like another line, or tell a secret."""
    if value.removeprefix("-").isdecimal():
        return value
    return masked(on_one_line(value))[:_LONGEST]


class _Shown(dict[str, str]):
    """Facts; one that is not known is a dash."""

    def __missing__(self, name: str) -> str:
        return "—"
