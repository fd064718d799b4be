"""``voronka status``: how the project is doing, told from its database; 1 when it needs a person."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Container
from dataclasses import asdict, dataclass
from pathlib import Path

import typer

from bots.clocks import now_us
from flows.values import fit_to_show
from storage.hold import read_text
from voronka.ages import told_age, told_size
from voronka.clocks import people_clock
from voronka.databases import address_of, opened_beside_the_runner
from voronka.hold_words import mend, told_hold
from voronka.mailing.states import STATES
from voronka.speech import OK, WRONG, Speech
from voronka.vitals import STUCK_US, Vitals, is_stuck, vitals


@dataclass(frozen=True, slots=True)
class Worry:
    """Something that a person should see to: a stable word, and the sentence with the mend."""

    code: str
    ru: str
    en: str


def show(project: Path | None, env_file: Path | None, *, as_json: bool, say: Speech) -> int:
    """Print the state of the project; the exit code comes back."""
    meant, url = address_of(project, env_file)
    found = asyncio.run(_read(url))
    worries = worries_of(found, meant.bots)
    if as_json:
        typer.echo(json.dumps(as_object(found, worries, say), ensure_ascii=False, indent=2))
    else:
        for line in lines(found, worries, say):
            typer.echo(fit_to_show(line))
    return WRONG if worries else OK


async def _read(url: str) -> Vitals:
    async with opened_beside_the_runner(url) as database:
        return await vitals(database, now_us(people_clock()))


def worries_of(found: Vitals, meant: Container[str]) -> list[Worry]:
    """What a person should see to; bots that are not ``meant`` any more are nobody's worry."""
    return [*_of_the_house(found), *_of_bots(found, meant), *_of_letters(found)]


def _of_the_house(found: Vitals) -> list[Worry]:
    stuck = STUCK_US / 1_000_000
    worries = []
    if not found.running:
        worries.append(
            Worry(
                "stopped",
                "Воронка не запущена: voronka run.",
                "Voronka is not running: voronka run.",
            )
        )
    if found.hold:
        told = zip(told_hold(read_text(found.hold)), mend(), strict=True)
        worries.append(Worry("hold", *(" ".join(each) for each in told)))
    if found.unread_age > stuck:
        worries.append(
            Worry(
                "unread",
                f"События не разбираются уже {told_age(found.unread_age, 'ru')}: смотрите журнал.",
                f"No event was played for {told_age(found.unread_age, 'en')}: look into the log.",
            )
        )
    if found.timers_age > stuck:
        worries.append(
            Worry(
                "timers",
                f"Таймеры опаздывают на {told_age(found.timers_age, 'ru')}: смотрите журнал.",
                f"Timers are late by {told_age(found.timers_age, 'en')}: look into the log.",
            )
        )
    return worries


def _of_bots(found: Vitals, meant: Container[str]) -> list[Worry]:
    halted = {bot.name for bot in found.bots if bot.state != "run"}
    queues = dict.fromkeys(each.bot for each in found.queue if is_stuck(each))
    return [
        *(
            Worry(
                "halted",
                f"Бот «{bot.name}» остановлен ({bot.reason}): voronka doctor подскажет.",
                f"The bot “{bot.name}” is halted ({bot.reason}): voronka doctor tells why.",
            )
            for bot in found.bots
            if bot.state == "halted" and bot.name in meant
        ),
        *(
            Worry(
                "queue",
                f"Бот «{name}»: ответы людям стоят в очереди дольше пяти минут.",
                f"The bot “{name}”: answers have been queued for over five minutes.",
            )
            for name in queues
            if name in meant and name not in halted
        ),
    ]


def _of_letters(found: Vitals) -> list[Worry]:
    letters = sum(found.dead.values())
    if not letters:
        return []
    return [
        Worry(
            "dead",
            f"Отложено и ждёт решения: {letters}. Посмотреть: voronka dead list.",
            f"Put aside until you decide: {letters}. To look: voronka dead list.",
        )
    ]


def lines(found: Vitals, worries: list[Worry], say: Speech) -> list[str]:
    """The state in words, a line each; what needs a person comes last."""
    told = [*_house_lines(found, say), *_bot_lines(found, say), *_wait_lines(found, say)]
    told += [f"✗ {say(each.ru, each.en)}" for each in worries]
    return (
        told if worries else [*told, say("✓ Вмешательство не нужно.", "✓ Nothing needs a person.")]
    )


def _house_lines(found: Vitals, say: Speech) -> list[str]:
    leases = [each for each in found.leases if each.held]
    size = told_size(found.bytes, say.language)
    told = [
        say("Воронка запущена", "Voronka is running")
        if found.running
        else say("Воронка не запущена", "Voronka is not running"),
        say(f"База: схема {found.schema}, {size}", f"Database: schema {found.schema}, {size}"),
        say(
            f"Людей: {found.people}, прохождений сейчас: {found.runs}",
            f"People: {found.people}, runs alive: {found.runs}",
        ),
    ]
    if leases:
        named = ", ".join(f"{each.name} №{each.fence}" for each in leases)
        told.append(say(f"Аренды: {named}", f"Leases: {named}"))
    return told


_STATES = {
    "run": ("работает", "at work"),
    "paused": ("на паузе", "paused"),
    "halted": ("остановлен", "halted"),
}
_LANES = {
    "ack": ("отклики", "acks"),
    "reply": ("ответы", "replies"),
    "letter": ("письма", "letters"),
    "broadcast": ("рассылки", "broadcasts"),
    "team": ("команде", "team"),
}
_CALLS = {
    "queued": ("ждут", "queued"),
    "sending": ("отправляются", "being sent"),
    "doubtful": ("сомнительны", "doubtful"),
    "sent": ("отправлено", "sent"),
    "failed": ("не приняты", "failed"),
    "withdrawn": ("отозвано", "withdrawn"),
    "expired": ("устарело", "expired"),
}


def _bot_lines(found: Vitals, say: Speech) -> list[str]:
    told = []
    for bot in found.bots:
        reason = f" ({bot.reason})" if bot.reason else ""
        told.append(
            say(f"Бот «{bot.name}» ({bot.channel}): ", f"The bot “{bot.name}” ({bot.channel}): ")
            + say(*_STATES[bot.state])
            + reason
        )
        told += [
            f"  {say(*_LANES[each.lane])} — {say(*_CALLS[each.state])}: {each.count}"
            for each in found.queue
            if each.bot == bot.name
        ]
        ended = found.ended.get(bot.name, {})
        if ended:
            listed = ", ".join(f"{say(*_CALLS[state])} {n}" for state, n in ended.items())
            told.append(say(f"  за сутки: {listed}", f"  in a day: {listed}"))
    return told


def _wait_lines(found: Vitals, say: Speech) -> list[str]:
    unread, timers = str(found.unread), f"{found.timers}"
    if found.unread:
        age = told_age(found.unread_age, say.language)
        unread += say(f", старшему {age}", f", the oldest is {age} old")
    due = say(
        f", пора {found.timers_due}, опаздывают {found.timers_late}",
        f", due {found.timers_due}, late {found.timers_late}",
    )
    waiting = found.requests.get("queued", 0) + found.requests.get("calling", 0)
    letters = found.dead
    return [
        say(f"Непрочитанных событий: {unread}", f"Unread events: {unread}"),
        say(f"Таймеров: {timers}{due}", f"Timers: {timers}{due}"),
        say(f"Запросов наружу ждут: {waiting}", f"Requests that wait: {waiting}"),
        *(
            say(
                f"Рассылка «{each.name}» {STATES[each.state][0]}, осталось {each.left}",
                f"The broadcast “{each.name}” {STATES[each.state][1]}, {each.left} left",
            )
            for each in found.broadcasts
        ),
        say(f"Сомнительных отправок: {found.doubtful}", f"Doubtful sends: {found.doubtful}"),
        say(
            f"Отложено: событий {letters.get('event', 0)}, запросов {letters.get('request', 0)},"
            f" сообщений командам {letters.get('message', 0)}",
            f"Dead letters: events {letters.get('event', 0)}, requests {letters.get('request', 0)},"
            f" messages to teams {letters.get('message', 0)}",
        ),
    ]


def as_object(found: Vitals, worries: list[Worry], say: Speech) -> dict[str, object]:
    """The state as JSON; moments are ages in seconds."""
    return {
        "ok": not worries,
        "worries": [{"code": each.code, "text": say(each.ru, each.en)} for each in worries],
        "running": found.running,
        "doubtful": found.doubtful,
        **asdict(found),
    }
