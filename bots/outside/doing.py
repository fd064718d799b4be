"""``do``: the project's Python functions, each call in a thread of its own."""

from __future__ import annotations

import asyncio
import inspect
import json
import threading
import traceback
from collections import Counter
from datetime import date
from pathlib import Path
from typing import Any

from bots.outside.asked import Answered, Asked, refused
from flows.extending import CALL, Action, Call, installed

SECONDS = 10
MOST_BYTES = 64 * 1024
MOST_THREADS = 32
"""Threads of one action; those that never come back are not added to for ever."""


class Doer:
    """Calls the actions. A function that hangs costs its thread and holds up nobody."""

    def __init__(self, seconds: float = SECONDS) -> None:
        self._seconds = seconds
        self._threads: Counter[str] = Counter()

    async def ask(self, asked: Asked, call: Call) -> Answered:
        """What the action gives; whatever it raises is a failure and stays here."""
        extensions = installed()
        name = str(asked.body.get("name", ""))
        action = extensions.actions.get(name) if extensions is not None else None
        if action is None:
            return refused("there is no such action")
        if self._threads[name] >= MOST_THREADS:
            return refused("too many calls of the action hang")
        given = dict(asked.body.get("with", {}))
        if action.wants_call:
            given[CALL] = call
        try:
            async with asyncio.timeout(self._seconds):
                result = await self._threaded(action, given)
        except TimeoutError:
            return refused(f"the action took longer than {self._seconds:g} seconds")
        if isinstance(result, BaseException):
            return refused(f"the action failed: {_told(result)}")
        return _answered(result)

    def _threaded(self, action: Action, given: dict[str, Any]) -> asyncio.Future[Any]:
        """The result or what was raised; an async function gets a loop of its own."""
        loop = asyncio.get_running_loop()
        done: asyncio.Future[Any] = loop.create_future()

        def end(result: Any) -> None:
            self._threads[action.name] -= 1
            if not done.done():
                done.set_result(result)

        def work() -> None:
            try:
                result = action.function(**given)
                if inspect.isawaitable(result):
                    result = asyncio.run(_awaited(result))
            except BaseException as error:  # noqa: BLE001 - whatever it is, it is the action's
                result = error
            try:
                loop.call_soon_threadsafe(end, result)
            except RuntimeError:  # the program has ended meanwhile
                return

        self._threads[action.name] += 1
        threading.Thread(target=work, name=f"voronka-do-{action.name}", daemon=True).start()
        return done


async def _awaited(awaitable: Any) -> Any:
    return await awaitable


def _answered(result: Any) -> Answered:
    try:
        text = json.dumps(result, ensure_ascii=False, default=_plain)
        content = text.encode("utf-8", "replace")
        if len(content) > MOST_BYTES:
            return refused("the result is larger than 64 KB")
        return Answered({"ok": True, "answer": json.loads(content, parse_constant=lambda _: None)})
    except (TypeError, ValueError, RecursionError):
        return refused("the result is nothing that can be stored")


def _plain(value: Any) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, set | frozenset | tuple):
        return list(value)
    raise TypeError(type(value).__name__)


def _told(error: BaseException) -> str:
    """The error's name and its line; its words may hold what a person said."""
    frames = traceback.extract_tb(error.__traceback__)
    last = next((each for each in reversed(frames) if each.filename.endswith(".py")), None)
    where = f" ({Path(last.filename).name}:{last.lineno})" if last else ""
    return f"{type(error).__name__}{where}"
