"""``voronka leads`` and ``db upgrade``, beside a database that somebody else may hold."""

import asyncio
import csv
import secrets
import sqlite3

import pytest

from storage import bots, leads, people
from storage.database import open_database
from storage.seal import Seal, new_keys, read_keys

ANSWERS = [["phone", "Телефон", "+79161234567"], ["wish", "Пожелание", "[red]\x1b[31m=1+1[/red]"]]


@pytest.fixture
def filled(voronka, project):
    """The project with keys and a database with one lead; the database's file."""
    keys = new_keys()
    (project / ".env").write_text(f"VORONKA_KEYS={keys.reveal()}\n", encoding="utf-8")
    assert voronka("db", "upgrade").exit_code == 0
    path = project / "var" / "voronka.db"
    asyncio.run(add_lead(f"sqlite:///{path}", Seal(read_keys(keys))))
    return path


async def add_lead(url, seal):
    """One lead of a person named Анна."""
    database = await open_database(url, exclusive=False)
    await database.commit(bots.register([{"name": "site", "channel": "web", "external_id": "s"}]))
    sender = {
        "person_id": 1,
        "identity_id": 1,
        "uid": secrets.token_hex(8),
        "bot_id": 1,
        "external_id": "1",
        "name_sealed": seal.seal_json("identities.name_sealed", {"first_name": "Анна"}),
    }
    lead = {
        "id": 1,
        "uid": "u",
        "person_id": 1,
        "run_id": None,
        "title": "Звонок",
        "team": "sales",
        "captured_us": 1_767_225_600_000_000,
        "answers_sealed": seal.seal_json("leads.answers_sealed", {"answers": ANSWERS}),
    }
    await database.commit([*people.create([sender]), *leads.capture([lead])])
    await database.close()


def test_the_table_shows_the_lead_with_its_phone(voronka, filled):
    result = voronka("leads")
    assert result.exit_code == 0, result.output
    assert "│ 1 │ 01.01.2026 03:00 │ Звонок │ Анна │ Телефон: +7 916 123-45-67" in result.output
    assert "[red][31m=1+1[/red]" in result.output
    assert "\x1b" not in result.output
    assert "новая" in result.output


def test_the_table_narrows_by_team_and_status(voronka, filled):
    assert voronka("leads", "--status", "won").output == "Заявок пока нет.\n"
    for status in ("new", "новая"):
        assert "Звонок" in voronka("leads", "--status", status).output
    assert "Звонок" in voronka("leads", "--team", "sales", "--limit", "1").output
    missing = voronka("leads", "--team", "sale")
    assert (missing.exit_code, missing.stderr) == (2, "Нет команды «sale». Есть: sales.\n")


def test_the_export_is_written_and_counted(voronka, filled, project):
    for name in ("leads.csv", "leads.xlsx", "LEADS.CSV"):
        result = voronka("leads", "export", name)
        assert (result.exit_code, result.stdout) == (0, f"{name}: 1 заявка\n")
    with (project / "leads.csv").open(encoding="utf-8-sig", newline="") as file:
        _, row = csv.reader(file, delimiter=";")
    assert row[-2] == "+7 916 123-45-67"


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("leads.pdf", "Файл должен кончаться на .xlsx или .csv."),
        ("none/leads.csv", "Не пишется none/leads.csv"),
        ("none/leads.xlsx", "Не пишется none/leads.xlsx"),
    ],
)
def test_a_file_that_cannot_be_is_a_sentence(voronka, filled, name, told):
    result = voronka("leads", "export", name)
    assert result.exit_code == 2
    assert told in result.stderr
    assert result.stderr.count("\n") == 1


async def test_a_running_bot_does_not_stand_in_the_way(voronka, filled, project):
    runner = await open_database(f"sqlite:///{filled}", exclusive=True)
    try:
        shown = await asyncio.to_thread(voronka, "leads")
        written = await asyncio.to_thread(voronka, "leads", "export", "leads.csv")
    finally:
        await runner.close()
    assert "Звонок" in shown.output
    assert written.exit_code == 0


def test_a_database_from_the_future_is_a_sentence(voronka, filled):
    with sqlite3.connect(filled) as database:
        database.execute("UPDATE meta SET value = '9999'")
    database.close()
    for words in (["db", "upgrade"], ["leads"]):
        result = voronka(*words)
        assert result.exit_code == 2
        assert result.stderr.startswith("Базу сделала более новая Воронка")


def test_wrong_keys_are_a_sentence_without_the_key(voronka, filled, project):
    other = new_keys().reveal()
    for value in (other, "k1:short"):
        (project / ".env").write_text(f"VORONKA_KEYS={value}\n", encoding="utf-8")
        result = voronka("leads")
        assert result.exit_code == 2
        assert value not in result.stderr
        assert "VORONKA_KEYS" in result.stderr
    (project / ".env").unlink()
    told = voronka("leads").stderr
    assert told == "VORONKA_KEYS: не задано VORONKA_KEYS — ни в окружении, ни в .env.\n"


@pytest.mark.parametrize(
    ("url", "told"),
    [
        ("$DATABASE_URL", "database: не задано DATABASE_URL"),
        ("mysql://user:pa55word@host/x", "не в mysql."),
        ("postgresql://user:pa55word@127.0.0.1:1/x", "PostgreSQL не отвечает"),
        ("sqlite:////proc/none/x.db", "не создать"),
    ],
)
def test_a_database_out_of_reach_is_a_sentence(voronka, project, url, told):
    with (project / "voronka.yaml").open("a", encoding="utf-8") as file:
        file.write(f'database: "{url}"\n')
    result = voronka("db", "upgrade")
    assert result.exit_code == 2
    assert told in result.stderr
    assert "pa55word" not in result.stderr
    assert result.stderr.count("\n") == 1


def test_settings_come_from_the_environment_first(voronka, project, tmp_path, monkeypatch):
    with (project / "voronka.yaml").open("a", encoding="utf-8") as file:
        file.write("database: $DATABASE_URL\n")
    (project / ".env").write_text('DATABASE_URL="sqlite:///a.db" # здесь\n', encoding="utf-8")
    voronka("db", "upgrade")
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path}/b.db")
    voronka("db", "upgrade")
    other = tmp_path / "other.env"
    monkeypatch.delenv("DATABASE_URL")
    other.write_text("DATABASE_URL=sqlite:///c.db\n", encoding="utf-8")
    voronka("db", "upgrade", "--env-file", other)
    assert (project / "a.db").exists()
    assert (tmp_path / "b.db").exists()
    assert (project / "c.db").exists()
    assert voronka("db", "upgrade", "--env-file", "none.env").stderr == "Нет файла none.env.\n"


def test_an_unreadable_env_file_is_a_sentence(voronka, project):
    (project / ".env").write_bytes(b"A=\xff\xfe")
    result = voronka("db", "upgrade")
    assert result.exit_code == 2
    assert "нужны строки ИМЯ=значение" in result.stderr
