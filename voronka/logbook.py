"""The log: one event a line, in words or as JSON; what is secret, personal or strange is stars."""

from __future__ import annotations

import json
import logging
import traceback
from collections.abc import Callable, Mapping, MutableMapping
from datetime import datetime
from types import TracebackType
from typing import Any, Literal

import structlog
import typer

from flows.redaction import masked, on_one_line
from flows.secrecy import STARS, Veiled

Form = Literal["text", "json"]
FORMS: tuple[Form, ...] = ("text", "json")
FORM_VARIABLE = "VORONKA_LOG"
IDS = frozenset({"chat", "old", "new", "event_id", "person", "run", "n"})
"""Facts that are numbers of ours or of a messenger's chats: digits alone are no phone there."""
_OWN = frozenset({"event", "level", "time", "message"})
_FRAMES = 6

Event = MutableMapping[str, Any]


class Log:
    """Writes events; ``told`` makes the sentence of one, ``secrets`` are never shown."""

    def __init__(
        self,
        told: Callable[[str, Mapping[str, str]], str],
        clock: Callable[[], datetime],
        form: Form = "text",
        secrets: tuple[str, ...] = (),
    ) -> None:
        self.form = form
        self._told = told
        self._clock = clock
        self._secrets = tuple(sorted((each for each in secrets if len(each) > 7), key=len))[::-1]
        self._logger = structlog.wrap_logger(
            _Errors(),
            processors=[structlog.stdlib.add_log_level, self._fit, self._stamp, self._render],
            wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        )

    def write(self, level: str, event: str, facts: Mapping[str, Any]) -> None:
        """One event with its facts."""
        named = {f"{name}_id" if name in _OWN else name: facts[name] for name in facts}
        getattr(self._logger, level)(event, **named)

    def words(self, text: str) -> str:
        """The text as it may be shown: on one line, masked."""
        return masked(on_one_line(text), self._secrets)

    def _fit(self, _logger: Any, _method: str, event: Event) -> Event:
        return {on_one_line(name): self._value(name, value) for name, value in event.items()}

    def _value(self, name: str, value: Any) -> Any:
        if isinstance(value, str):
            is_number = name in IDS and value.removeprefix("-").isdecimal()
            return value if is_number else self.words(value)
        if isinstance(value, list | tuple):
            return [self._value(name, each) for each in value]
        return value if value is None or isinstance(value, bool | int | float) else _veil(value)

    def _stamp(self, _logger: Any, _method: str, event: Event) -> Event:
        now = self._clock()
        at = f"{now.astimezone():%H:%M:%S}" if self.form == "text" else now.isoformat()
        level, name = event.pop("level"), event.pop("event")
        return {"time": at, "level": level, "event": name, **event}

    def _render(self, _logger: Any, _method: str, event: Event) -> str:
        facts = {
            name.removesuffix("_id") if name.removesuffix("_id") in _OWN else name: value
            for name, value in event.items()
            if name not in _OWN
        }
        told = self._told(event["event"], facts)
        if self.form == "text":
            return f"{event['time']}  {told}"
        return json.dumps({**event, "message": told}, ensure_ascii=False)


def _veil(value: object) -> str:
    """What stands for a thing that may be secret, personal or anything: never its own words."""
    if isinstance(value, Veiled):
        return STARS
    return (
        type(value).__name__ if isinstance(value, BaseException) else f"<{type(value).__name__}>"
    )


class _Errors:
    """Where lines go: the errors' stream, as it is at that moment."""

    def __getattr__(self, _method: str) -> Callable[[str], None]:
        return lambda line: typer.echo(line, err=True)


def facts_of(error: BaseException) -> dict[str, Any]:
    """What a log may hold of an exception: its type and its frames, not a word of its own."""
    return {"error": type(error).__name__, "where": _where(error.__traceback__)}


def _where(trail: TracebackType | None) -> str:
    """The innermost frames, the place of the fault first; no line of code, no value."""
    frames = traceback.extract_tb(trail)[-_FRAMES:]
    places = (
        f"{frame.filename.rsplit('/', 1)[-1]}:{frame.lineno} {frame.name}" for frame in frames
    )
    return " < ".join(reversed([*places])) or "?"


class Routed(logging.Handler):
    """Libraries' records as events: who logged them and where, but not their words."""

    def __init__(self, alarm: Callable[[str, Mapping[str, Any]], None]) -> None:
        super().__init__(logging.WARNING)
        self._alarm = alarm

    def emit(self, record: logging.LogRecord) -> None:
        """Write one."""
        error = record.exc_info[1] if record.exc_info else None
        facts = {"logger": record.name, "where": f"{record.module}:{record.lineno}"}
        self._alarm("library", {**facts, "error": "—", **(facts_of(error) if error else {})})
