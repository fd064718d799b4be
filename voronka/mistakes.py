"""What went wrong in a user's words: exceptions of the parts below, told as mistakes."""

from __future__ import annotations

import sys

from voronka.speech import Mistake

_TOLD = {
    "AlreadyRunning": (
        "Этот проект уже запущен другим процессом: сначала остановите его.",
        "Another process runs this project already: stop it first.",
    ),
    "SchemaNewer": (
        (
            "Базу сделала более новая Воронка (схема {schema}, эта знает {known}): запустите ту"
            " или верните копию, снятую до обновления."
        ),
        (
            "A newer Voronka made this database (schema {schema}, this one knows {known}): start the"
            " newer one, or restore the copy made before the upgrade."
        ),
    ),
    "SchemaOlder": (
        (
            "Схема базы старая ({schema}, нужна {needed}): её обновит «voronka run» или"
            " «voronka db upgrade»."
        ),
        (
            "The database's schema is old ({schema}, {needed} is needed): `voronka run` or"
            " `voronka db upgrade` upgrades it."
        ),
    ),
    "UrlUnreadable": (
        "Адрес базы не читается: пишите sqlite:///var/voronka.db или postgresql://…",
        "The database URL cannot be read: write sqlite:///var/voronka.db or postgresql://…",
    ),
    "BackendForeign": (
        "Воронка хранит данные в SQLite или PostgreSQL, а не в {backend}.",
        "Voronka keeps its data in SQLite or PostgreSQL, not in {backend}.",
    ),
    "DatabaseMissing": (
        "Базы {path} ещё нет: её делает «voronka run» или «voronka db upgrade».",
        "There is no database {path} yet: `voronka run` or `voronka db upgrade` makes it.",
    ),
    "FileRefused": (
        "Файл базы {path} не создать: проверьте путь и права на папку.",
        "The database {path} cannot be made: check the path and the folder's permissions.",
    ),
    "ServerSilent": (
        (
            "PostgreSQL не отвечает или не пускает: проверьте, что сервер запущен, а имя базы, логин"
            " и пароль в адресе верны."
        ),
        (
            "PostgreSQL does not answer or does not let us in: check that the server runs and that"
            " database, user and password in the URL are right."
        ),
    ),
    "DatabaseLocked": (
        "База занята другой программой: закройте её и повторите.",
        "Another program holds the database: close it and try again.",
    ),
    "DatabaseFull": (
        "На диске с базой кончилось место: освободите его и повторите.",
        "The database's disk is full: make room and try again.",
    ),
    "DatabaseReadOnly": (
        "В файл базы нельзя писать: проверьте права на него и на папку.",
        "The database may not be written: check the permissions of the file and its folder.",
    ),
    "DatabaseDamaged": (
        (
            "Файл базы повреждён или это не база: верните последнюю копию командой"
            " «voronka restore ФАЙЛ --force», прежний файл останется рядом."
        ),
        (
            "The database is damaged, or is no database: put the latest copy back by"
            " `voronka restore FILE --force`; the file that is there stays beside it."
        ),
    ),
    "ToolMissing": (
        (
            "Программы {tool} нет: поставьте клиентские программы PostgreSQL. Снимете или вернёте"
            " копию сами — до запуска выполните «voronka hold --copy»."
        ),
        (
            "{tool} is not installed: install the client programs of PostgreSQL. If you make or"
            " return a copy by yourself, run `voronka hold --copy` before the start."
        ),
    ),
    "ToolFailed": (
        "Программа {tool} отказала (код {code}): её версия не ниже версии сервера? Хватает прав?",
        "{tool} failed (code {code}): is it as new as the server, and has it the rights?",
    ),
    "DatabaseShut": (
        "Файл базы не открыть: проверьте путь и права на него.",
        "The database cannot be opened: check its path and permissions.",
    ),
    "DatabaseFromTheFuture": (
        "Базу сделала более новая Воронка: запустите её или верните копию, снятую до обновления.",
        "A newer Voronka made this database: start it, or restore the copy made before the upgrade.",
    ),
    "DatabaseUnavailable": (
        "База недоступна: проверьте, что она запущена и что на диске есть место, и повторите.",
        "The database is unavailable: check that it runs and that the disk has room, and try again.",
    ),
    "StorageFailed": (
        "База отказала, и действие не сохранено: повторите.",
        "The database refused and nothing was stored: try again.",
    ),
    "KeysMissing": (
        "Нет ключа, которым запечатать личные данные: задайте VORONKA_KEYS.",
        "There is no key to seal personal data with: set VORONKA_KEYS.",
    ),
    "KeyNameless": (
        "VORONKA_KEYS не читается: ключу {number} нужно своё имя вроде k1.",
        "VORONKA_KEYS cannot be read: key {number} needs an id of its own like k1.",
    ),
    "KeyMisshapen": (
        "VORONKA_KEYS не читается: ключ {number} – не {bytes} байта в base64.",
        "VORONKA_KEYS cannot be read: key {number} is not {bytes} bytes in base64.",
    ),
    "KeyUnknown": (
        "Данные ({place}) запечатаны ключом, которого нет в VORONKA_KEYS: верните прежний ключ.",
        "Data ({place}) is sealed with a key that VORONKA_KEYS does not hold: put the old key back.",
    ),
    "SealDamaged": (
        (
            "Данные ({place}) не открываются: повреждены или VORONKA_KEYS держит другой ключ"
            " под тем же именем."
        ),
        (
            "Data ({place}) does not open: it is damaged, or VORONKA_KEYS holds another key under the"
            " same id."
        ),
    ),
    "ClockRefused": (
        "VORONKA_TEST_CLOCK – только для тестов, с VORONKA_ENV=test.",
        "VORONKA_TEST_CLOCK is for tests only, with VORONKA_ENV=test.",
    ),
}
"""By an exception's class, Russian and English; its attributes fill the braces."""

_HOMES = ("storage.work", "storage.failures", "storage.seal", "storage.dumps", "voronka.clocks")


def as_mistake(error: Exception) -> Mistake | None:
    """The mistake that the exception means, None for a bug of ours.

    Looks only where modules are loaded already, so that telling a mistake never loads a database.
    """
    if isinstance(error, Mistake):
        return error
    for kind in type(error).__mro__:
        if kind.__name__ in _TOLD and kind.__module__ in _HOMES and kind.__module__ in sys.modules:
            ru, en = _TOLD[kind.__name__]
            return Mistake(ru.format(**vars(error)), en.format(**vars(error)))
    return None
