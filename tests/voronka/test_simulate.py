"""``voronka simulate``: one prospect's calendar, many people's figures, mistakes in sentences."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from voronka.simulating.moments import moment_of
from voronka.speech import Mistake

SCHOOL = """\
funnel: school
title: Школа
timezone: Europe/Moscow
entry: [start, {link: ads_may}]
fields: {level: {label: Уровень}}
flows:
  main:
    - ask: Прислать уроки?
      id: hello
      options: {Да: [], Нет: [end]}
      silence: [{after: 45m, say: Так прислать?}, {after: 2d, then: [end]}]
    - {ask: Какой уровень?, save: level, options: [Ноль, Есть], silence: [{after: 1d, then: []}]}
    - start: letters
series:
  letters:
    window: 10:00-20:00
    letters:
      - id: one
        when: +1d 11:00
        say: Урок <b>один</b>.
        buttons: [{text: Смотреть, url: "https://example.ru/1", track: film}]
      - {id: two, when: +2d 23:00, say: Урок два.}
"""
MARCH = ["--enter", "2026-03-06 23:40", "--zone", "Asia/Vladivostok"]


@pytest.fixture(autouse=True)
def school(project):
    """A funnel with questions and letters beside the small one."""
    (project / "funnels" / "school.yaml").write_text(SCHOOL, encoding="utf-8")


def test_a_prospects_days_in_both_zones(voronka):
    result = voronka(
        "simulate",
        "school",
        *MARCH,
        "--from",
        "ads_may",
        "--answer",
        "hello=да",
        "--silent",
        "level",
    )
    assert result.exit_code == 0, result.output
    lines = [line.rstrip() for line in result.output.splitlines()]
    assert lines[1] == (
        "Слева время человека, Владивосток (UTC+10); справа воронки, Москва (UTC+3);"
        " вход 6 марта, 23:40"
    )
    assert "пятница, 6 марта 2026 · день 1" in lines
    assert "  23:40  16:40     → приходит по ссылке ads_may" in lines
    assert "  23:41  16:41     → нажимает «Да»" in lines
    assert any("main.level ждёт до 08.03 09:00: тихие часы" in line for line in lines)
    assert "  11:00  04:00     ✉ Урок <b>один</b>.  [Смотреть]" in lines
    assert any("перенесено на 12.03 10:00: вне часов отправки" in line for line in lines)
    assert lines[-1].startswith("■ ")


TRAVELLER = """\
funnel: traveller
language: ru
timezone: Europe/Moscow
entry: [start]
flows:
  main:
    - ask: Где вы?
      save: city
      answer: city
    - Спасибо!
    - wait: +1d 12:00
      id: noon
    - Полдень.
"""


@pytest.mark.parametrize(
    ("zone", "city", "lines"),
    [
        (
            "Europe/Moscow",
            "Владивосток",
            [
                "  23:41  23:41     → пишет: Владивосток",
                "суббота, 7 марта 2026 · день 2",
                "  06:41  23:41 пт  · Дальше по часам человека: Владивосток (UTC+10)",
                "                   ● Спасибо!",
                "  12:00  05:00     ● Полдень.",
            ],
        ),
        (
            "Asia/Vladivostok",
            "Москва",
            [
                "  23:41  16:41     → пишет: Москва",
                "  16:41  16:41     · Дальше по часам человека: Москва (UTC+3)",
                "                   ● Спасибо!",
                "  12:00  12:00     ● Полдень.",
            ],
        ),
    ],
)
def test_the_persons_column_follows_the_zone_that_an_answer_tells(
    voronka, project, zone, city, lines
):
    (project / "funnels" / "traveller.yaml").write_text(TRAVELLER, encoding="utf-8")
    came = ["--enter", "2026-03-06 23:40", "--zone", zone, "--answer", f"city={city}"]
    result = voronka("simulate", "traveller", *came, "--html", "one.html", "--json", "one.json")
    assert result.exit_code == 0, result.output
    printed = [line.rstrip() for line in result.output.splitlines()]
    found = [printed.index(line) for line in lines]
    assert found == sorted(found)
    assert f"Дальше по часам человека: {city}" in (project / "one.html").read_text("utf-8")
    ats = [line["at"][-6:] for line in json.loads((project / "one.json").read_text())["lines"]]
    assert ats[0] != ats[-1]


def test_a_script_in_a_file_and_an_option_above_it(voronka, project):
    (project / "who.yaml").write_text(
        "enter: 2026-03-06 12:00\nanswers: {hello: Нет}\nclick: [film]\ndelay: 5m\n", "utf-8"
    )
    refused = voronka("simulate", "school", "--script", "who.yaml").output
    assert "  12:05  → нажимает «Нет»" in refused
    assert "■ Такой кнопки или ссылки не было: film" in refused
    agreed = voronka("simulate", "school", "--script", "who.yaml", "--answer", "hello=Да").output
    assert "→ открывает ссылку film" in agreed


def test_the_calendar_as_a_page_and_as_json(voronka, project):
    files = ["--html", "one.html", "--json", "one.json"]
    assert voronka("simulate", "school", *MARCH, *files).exit_code == 0
    page = (project / "one.html").read_text("utf-8")
    assert "Урок &lt;b&gt;один&lt;/b&gt;." in page
    assert "<b>Владивосток</b>" in page
    assert "http" not in re.sub(r"https?://www\.w3\.org\S+", "", page)
    assert "<script" not in page
    data = json.loads((project / "one.json").read_text("utf-8"))
    assert data["lines"][0]["at"] == "2026-03-06T23:40:00+10:00"
    assert [line["letter"] for line in data["lines"] if "letter" in line] == [
        "letters.one",
        "letters.two",
    ]


def test_many_people_as_a_table_a_page_and_json(voronka, project):
    files = ["--html", "many.html", "--json", "many.json"]
    result = voronka("simulate", "school", "--people", "200", "--days", "10", *files)
    assert result.exit_code == 0, result.output
    assert "Школа · 200 человек, 10 дней, зерно 1" in result.output
    data = json.loads((project / "many.json").read_text("utf-8"))
    assert data["places"][0] == {
        "place": "main.hello",
        "what": "ask",
        "title": "Прислать уроки?",
        "reached": 200,
        "stopped": data["stopped"]["main.hello"],
    }
    assert sum(data["ends"].values()) == 200
    assert len(data["letters_per_person_and_day"]) == 10
    page = (project / "many.html").read_text("utf-8")
    assert page.count("<svg") == 4
    assert "<script" not in page


def test_processes_do_not_change_the_figures(voronka, project):
    common = ["simulate", "school", "--people", "250", "--enter", "2026-03-02", "--seed", "x"]
    for jobs in ("1", "2"):
        result = voronka(*common, "--jobs", jobs, "--json", f"{jobs}.json")
        assert result.exit_code == 0, result.output
    assert (project / "1.json").read_bytes() == (project / "2.json").read_bytes()


def test_habits_change_what_people_do(voronka, project):
    (project / "h.yaml").write_text("answers: {hello: {silence: 1}}\n", "utf-8")
    many = ["simulate", "school", "--people", "50", "--habits", "h.yaml", "--json", "j.json"]
    assert voronka(*many).exit_code == 0
    data = json.loads((project / "j.json").read_text("utf-8"))
    assert data["stopped"] == {"main.hello": 50}


def test_a_mistake_in_habits_is_a_problem_with_its_place(voronka, project):
    (project / "h.yaml").write_text("answers: {helo: {silence: 1}}\n", "utf-8")
    result = voronka("simulate", "school", "--people", "5", "--habits", "h.yaml")
    assert result.exit_code == 1
    assert "h.yaml:1:11" in result.stderr
    assert "«hello»" in result.stderr


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["--enter", "завтра"], "--enter завтра: нужно «пт 23:40»"),
        (["--enter", "fri 25:40"], "--enter fri 25:40"),
        (["--enter", "2026-02-30 10:00"], "--enter 2026-02-30"),
        (["--zone", "Mars/Base"], "Нет часового пояса Mars/Base"),
        (["--from", "ads_june"], "--from ads_june: так в воронку не войти. Есть: start, ads_may."),
        (["--answer", "hello"], "нужно МЕСТО=ОТВЕТ"),
        (["--answer", "helo=Да"], "нет места «helo». Может быть, «hello»?"),
        (["--silent", "letters.one"], "нет места «letters.one»"),
        (["--delay", "soon"], "--delay soon: нужно время"),
        (["--script", "nobody.yaml"], "Не читается nobody.yaml"),
        (["--habits", "h.yaml"], "--habits — только вместе с --people."),
        (["--people", "3", "--silent", "level"], "--silent — только для одного человека"),
        (["--html", "no/such/page.html"], "Не пишется no/such/page.html"),
    ],
)
def test_mistakes_are_sentences(voronka, words, told):
    result = voronka("simulate", "school", *words)
    assert result.exit_code == 2, result.output
    assert told in result.stderr
    assert result.stderr.count("\n") == 1


NOW = datetime(2026, 3, 4, 9, 30, tzinfo=UTC)  # a Wednesday, 12:30 in Moscow


@pytest.mark.parametrize(
    ("text", "local"),
    [
        ("fri 23:40", "2026-03-06 23:40"),
        ("пт 23:40", "2026-03-06 23:40"),
        ("В пятницу 23:40", "2026-03-06 23:40"),
        ("friday 8:05", "2026-03-06 08:05"),
        ("ср 12:30", "2026-03-11 12:30"),
        ("ср 12:31", "2026-03-04 12:31"),
        ("вс", "2026-03-08 12:00"),
        ("09:00", "2026-03-05 09:00"),
        ("2026-03-01 00:15", "2026-03-01 00:15"),
        ("2026-03-01", "2026-03-01 12:00"),
        ("", "2026-03-04 12:30"),
    ],
)
def test_a_moment_is_read_as_people_say_it(text, local):
    where = ZoneInfo("Europe/Moscow")
    assert f"{moment_of(text, where, NOW).astimezone(where):%Y-%m-%d %H:%M}" == local


def test_a_moment_far_away_is_a_mistake():
    with pytest.raises(Mistake):
        moment_of("когда-нибудь", ZoneInfo("UTC"), NOW + timedelta(days=1))


def test_help_loads_neither_channels_nor_the_database():
    code = """
import sys
from typer.testing import CliRunner
from voronka.cli import app
end = CliRunner().invoke(app, ["simulate", "--help"])
heavy = {"aiogram", "vkbottle", "sqlalchemy", "alembic", "cryptography", "rich.progress"}
print(sorted(heavy & set(sys.modules)), end.exit_code)
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[] 0"


IMPATIENT = """\
import signal, sys
from voronka.simulating import many

play = many._as_they_come

def interrupted_twice(pool, parts):
    for number, done in enumerate(play(pool, parts)):
        if number == 1:
            wait = pool.shutdown
            def shutdown(**how):
                signal.raise_signal(signal.SIGINT)
                wait(**how)
            pool.shutdown = shutdown
            signal.raise_signal(signal.SIGINT)
        yield done

many._as_they_come = interrupted_twice
from voronka.cli import app
if __name__ == "__main__":
    app()
"""


def test_a_second_ctrl_c_does_not_leave_processes_waiting(project, tmp_path):
    (tmp_path / "impatient.py").write_text(IMPATIENT, encoding="utf-8")
    root = str(Path(__file__).parents[2])
    ended = subprocess.run(
        [
            *(sys.executable, tmp_path / "impatient.py"),
            *("simulate", "school", "--people", "2000", "--jobs", "2"),
        ],
        cwd=project,
        env={**os.environ, "PYTHONPATH": root, "VORONKA_LANGUAGE": "ru"},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert ended.returncode == 128 + signal.SIGINT, ended.stderr
    assert "Прервано: сыграно 100" in ended.stderr
