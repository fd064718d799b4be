"""Faults of F25, planted into the program's process: exceptions that quote what they were given."""

from __future__ import annotations

import asyncio
import logging
import os
import threading
import warnings
from collections.abc import Callable
from typing import Any

from tests.experiments import canaries

MARK = "!"
"""A person's word that begins so makes the part fail that it names."""


def _told(*parts: object) -> str:
    """What careless code puts in its errors: everything that it has at hand."""
    return " ".join(map(repr, (*parts, *canaries.ALL)))


class Careless(Exception):
    """Quotes people and secrets."""


def _raise(*parts: object) -> None:
    secret = canaries.ANSWER  # noqa: F841 - a traceback with locals would show it
    raise Careless(_told(*parts))


def everywhere() -> None:
    """Every part fails once or more, with all canaries in its error; then it works again."""
    for plant in (_hearing, _playing, _writing, _sending, _asking, _ticking, _serving, _loop):
        plant()


def _once(fails: Callable[..., bool], owner: Any, name: str, times: int = 2) -> None:
    inner, left = getattr(owner, name), [times]

    def failing(*given: Any, **named: Any) -> Any:
        if left[0] and fails(*given, **named):
            left[0] -= 1
            _raise(*given[1:])
        return inner(*given, **named)

    setattr(owner, name, failing)


def _said(value: Any, word: str) -> bool:
    return f"{MARK}{word}" in repr(value)


def _hearing() -> None:
    from bots.telegram import updates

    _once(lambda raw: _said(raw, "hear"), updates, "hear", times=3)


def _playing() -> None:
    from bots import turns

    _once(lambda *given: _said(given, "play"), turns, "advance", times=1)


def _writing() -> None:
    from bots import writing

    _once(lambda _scribe, played: _said(played.event, "write"), writing, "write", times=1)


def _sending() -> None:
    from bots.telegram.channel import TelegramChannel

    call, left = TelegramChannel.call, [2]

    async def failing(self: Any, made: Any) -> Any:
        if left[0] and made.op == "send":
            left[0] -= 1
            _raise(made)
        return await call(self, made)

    TelegramChannel.call = failing  # type: ignore[method-assign]


def _asking() -> None:
    from bots.outside import http

    _once(lambda _response: True, http, "_read", times=1)


def _ticking() -> None:
    from bots.ticking import Ticker

    move_due, left = Ticker.move_due, [2]

    async def failing(self: Any) -> None:
        if left[0]:
            left[0] -= 1
            _raise("tick")
        await move_due(self)

    Ticker.move_due = failing  # type: ignore[method-assign]


def _serving() -> None:
    from bots.web import saying

    _once(lambda text, _language: f"{MARK}serve" in text, saying, "_text", times=1)


def _loop() -> None:
    """What nobody awaits, threads, warnings and libraries that log, once the program runs."""
    from voronka import running

    announce = running.House._announce

    def after(self: Any, *given: Any) -> None:
        announce(self, *given)
        logging.getLogger("somebodys.library").error("said %s", _told())
        logging.getLogger("asyncio").warning(_told())
        warnings.warn(_told(), stacklevel=1)
        thread = threading.Thread(target=_raise, args=("thread",))
        thread.start()
        thread.join()
        asyncio.get_running_loop().call_soon(_raise, "callback")
        _forgotten.append(asyncio.get_running_loop().create_task(_later()))
        _forgotten.clear()

    running.House._announce = after  # type: ignore[method-assign]


_forgotten: list[Any] = []


async def _later() -> None:
    _raise("task")


def crash() -> None:
    """The program itself ends by an error that quotes everything."""
    from voronka import running

    def broken(*_: Any) -> None:
        _raise("announce", os.environ)

    running.House._announce = broken  # type: ignore[method-assign]


def leak() -> None:
    """A log that shows what it is given: the experiment must see it."""
    from flows import redaction
    from voronka import alarms, logbook

    logbook.Log._value = lambda _self, _name, value: str(value)  # type: ignore[method-assign]
    logbook.masked = lambda text, _secrets=(): text
    redaction.masked = logbook.masked
    logbook.facts_of = lambda error: {"error": repr(error), "where": "?"}
    alarms.facts_of = logbook.facts_of
    _loop()


BUGS: dict[str, Callable[[], None]] = {
    "leaks: everywhere": everywhere,
    "leaks: crash": crash,
    "leaks: a log without masks": leak,
}
