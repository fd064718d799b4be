"""Troubles of database and keys, told in whole sentences of either language."""

import asyncio
import re
import sqlite3

import pytest

from flows.secrecy import Secret
from storage import migration, notes
from storage.database import open_database, read_url
from storage.failures import (
    DatabaseFull,
    DatabaseLocked,
    DatabaseReadOnly,
    DatabaseShut,
    of_sqlite,
)
from storage.seal import Seal, read_keys
from storage.work import DatabaseUnavailable, StorageFailed
from voronka.clocks import FileClock
from voronka.mistakes import _TOLD, as_mistake

CYRILLIC = re.compile("[а-яё]", re.IGNORECASE)
LATIN = re.compile(r"\b[a-z]{3,}\b")
NAMES = re.compile(
    r"«voronka [^»]*»|[a-z]+_[a-z]+(\.[a-z_]+)?|[a-z]+\.[a-z_]+|\S+://\S*|/\S+|=test|base64|mysql"
)


def url(path) -> str:
    return f"sqlite:///{path}"


def opened(address: str):
    return asyncio.run(open_database(address, exclusive=True))


def upgraded(path) -> str:
    asyncio.run(migration.upgrade(url(path)))
    return url(path)


def with_schema(path, schema: str) -> str:
    address = upgraded(path)
    with sqlite3.connect(path) as connection:
        connection.execute(
            "UPDATE meta SET value = ? WHERE key IN ('schema', 'compatible_from')", (schema,)
        )
    connection.close()
    return address


def run_twice(path) -> None:
    address = upgraded(path)

    async def twice() -> None:
        first = await open_database(address, exclusive=True)
        try:
            await open_database(address, exclusive=True)
        finally:
            await first.close()

    asyncio.run(twice())


def open_with(key: bytes, name: str) -> None:
    sealed = Seal({"k1": bytes(32)}).seal("runs.state_sealed", b"x")
    Seal({name: key}).open("runs.state_sealed", sealed)


def refused_clock(path) -> None:
    FileClock(path)


def no_database(path) -> str:
    path.write_bytes(b"pa55word " * 1_000)
    return url(path)


def with_broken_pages(path) -> str:
    address = upgraded(path)
    whole_file = bytearray(path.read_bytes())
    whole_file[4_096:] = b"\x07" * (len(whole_file) - 4_096)
    path.write_bytes(bytes(whole_file))
    return address


def written_to(address: str) -> None:
    async def write() -> None:
        database = await open_database(address, exclusive=True)
        try:
            await database.commit(notes.put("key", "value"))
        finally:
            await database.close()

    asyncio.run(write())


SILENT = "postgresql://user:pa55word@127.0.0.1:1/x"
CASES = {
    "a server that is away": (lambda _: opened(SILENT), "PostgreSQL не отвечает"),
    "a server away from an upgrade": (
        lambda _: asyncio.run(migration.upgrade(SILENT)),
        "PostgreSQL не отвечает",
    ),
    "a wrong url": (lambda _: read_url("pa55word"), "Адрес базы не читается"),
    "another backend": (lambda _: read_url("mysql://user:pa55word@host/x"), "а не в mysql"),
    "a file that is no database": (
        lambda path: asyncio.run(migration.upgrade(no_database(path))),
        "это не база",
    ),
    "a file that is no database any more": (
        lambda path: asyncio.run(migration.check(no_database(path))),
        "это не база",
    ),
    "broken pages": (
        lambda path: written_to(with_broken_pages(path)),
        "Файл базы повреждён",
    ),
    "a folder in place of the file": (
        lambda path: path.mkdir() or asyncio.run(migration.upgrade(url(path))),
        "Файл базы не открыть",
    ),
    "no file": (lambda path: opened(url(path)), "ещё нет"),
    "no file to make": (
        lambda _: asyncio.run(migration.upgrade("sqlite:////proc/none/x.db")),
        "не создать",
    ),
    "a newer schema": (
        lambda path: asyncio.run(migration.upgrade(with_schema(path, "9000"))),
        "схема 9000",
    ),
    "an older schema": (
        lambda path: asyncio.run(migration.check(with_schema(path, "0000"))),
        "Схема базы старая (0000",
    ),
    "another process": (run_twice, "уже запущен"),
    "no key": (lambda _: Seal({}), "Нет ключа"),
    "a key without a name": (lambda _: read_keys(Secret("Pa55word:")), "ключу 1"),
    "a short key": (lambda _: read_keys(Secret("k1:pa55word")), "ключ 1"),
    "an unknown key": (lambda _: open_with(bytes(32), "k2"), "которого нет"),
    "another key of the name": (lambda _: open_with(b"x" * 32, "k1"), "повреждены"),
    "a clock outside of tests": (refused_clock, "только для тестов"),
}


@pytest.mark.parametrize("case", CASES)
def test_a_trouble_is_a_whole_sentence_in_either_language(tmp_path, monkeypatch, case):
    monkeypatch.setenv("VORONKA_ENV", "production")
    cause, told = CASES[case]
    with pytest.raises(Exception) as raised:
        cause(tmp_path / "var_data.db")
    mistake = as_mistake(raised.value)
    assert mistake is not None
    assert told in mistake.ru
    whole(mistake)


def whole(mistake) -> None:
    """Each text keeps to its language, and neither shows a password."""
    assert not CYRILLIC.search(mistake.en)
    assert not LATIN.search(NAMES.sub("", mistake.ru)), mistake.ru
    for text in (mistake.ru, mistake.en):
        assert "pa55word" not in text
        assert "{" not in text
        assert "\n" not in text
        assert text[-1] in ".…"


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        (sqlite3.SQLITE_BUSY, DatabaseLocked),
        (sqlite3.SQLITE_FULL, DatabaseFull),
        (sqlite3.SQLITE_READONLY | 8 << 8, DatabaseReadOnly),
        (sqlite3.SQLITE_CANTOPEN, DatabaseShut),
        (sqlite3.SQLITE_IOERR, DatabaseUnavailable),
    ],
)
def test_sqlites_codes_are_troubles_of_their_own(code, kind):
    error = sqlite3.OperationalError("pa55word")
    error.sqlite_errorcode = code
    assert of_sqlite(error) is kind
    whole(as_mistake(kind("pa55word")))


def test_a_trouble_without_a_class_of_its_own_is_told_by_its_parent():
    class Unheard(StorageFailed):
        pass

    assert as_mistake(Unheard("secret")).ru == _TOLD["StorageFailed"][0]
    assert as_mistake(KeyError("a bug")) is None
