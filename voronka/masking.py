"""Which values of the settings a log must never show, and which form the log has."""

from __future__ import annotations

import re

from voronka.logbook import FORM_VARIABLE, FORMS, Form
from voronka.settings import Settings
from voronka.speech import Mistake

_PRIVATE = re.compile(r"TOKEN|SECRET|PASSWORD|KEY|DATABASE_URL|DSN")


def secrets_of(settings: Settings) -> tuple[str, ...]:
    """The values of ``.env``, and those of the environment whose names speak of secrets."""
    named = {name for name in settings.values if name in settings.written or _PRIVATE.search(name)}
    whole = [settings.get(name).reveal() for name in named]
    return tuple({part for value in whole for part in (value, *re.split(r"[,:@/]", value))})


def form_of(asked: str, settings: Settings) -> Form:
    """The form that was asked for, else the setting's, else words; a ``Mistake`` for another."""
    wanted = asked or settings.get(FORM_VARIABLE).reveal() or FORMS[0]
    for form in FORMS:
        if wanted.strip().lower() == form:
            return form
    raise Mistake(
        f"{FORM_VARIABLE}: журнал бывает text и json, а не «{wanted}».",
        f"{FORM_VARIABLE}: a log is text or json, not “{wanted}”.",
    )
