"""What went wrong in a user's words: exceptions of the parts below, told as mistakes."""

from __future__ import annotations

import sys

from voronka.speech import Mistake

_TOLD = {
    "AlreadyRunning": (
        "Этот проект уже запущен другим процессом.",
        "Another process runs this project already.",
    ),
    "DatabaseFromTheFuture": (
        "Базу сделала более новая Воронка: запустите её или верните копию, снятую до обновления.",
        "",
    ),
    "DatabaseUnavailable": ("База недоступна. {}", ""),
    "StorageFailed": ("База отказала. {}", ""),
    "KeysUnusable": ("Ключи VORONKA_KEYS не читаются. {}", ""),
    "SealBroken": ("Данные запечатаны другим ключом, чем в VORONKA_KEYS. {}", ""),
    "ClockRefused": ("VORONKA_TEST_CLOCK — только для тестов, с VORONKA_ENV=test.", ""),
}
"""By an exception's class, Russian and English; ``{}`` and "" stand for its own sentence."""

_HOMES = ("storage.work", "storage.seal", "voronka.clocks")


def as_mistake(error: Exception) -> Mistake | None:
    """The mistake that the exception means, None for a bug of ours.

    Looks only where modules are loaded already, so that telling a mistake never loads a database.
    """
    if isinstance(error, Mistake):
        return error
    for kind in type(error).__mro__:
        if kind.__name__ in _TOLD and kind.__module__ in _HOMES and kind.__module__ in sys.modules:
            ru, en = _TOLD[kind.__name__]
            return Mistake(ru.format(error), en or str(error))
    return None
