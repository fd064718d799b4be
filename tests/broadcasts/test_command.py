"""`voronka broadcast FILE`: it counts before it sends, tells nothing personal, and asks."""

import asyncio
import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from storage import audit, migration
from storage import broadcasts as broadcasts_store
from storage.database import open_database
from tests.bots.runtime import PROJECT, World, loaded
from tests.broadcasts.conftest import LIMITS
from tests.broadcasts.mailing import SHOP, goes_on, joins
from voronka.cli import app
from voronka.projects import open_project

ROOT = Path(__file__).parents[2]

KEYS = "VORONKA_KEYS=k1:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\nTG=1:a\nVK=b\n"
SALE = """\
broadcast: sale
to: {funnel: school, if: level == "a1"}
when: 2026-03-03 12:00
say: "{{ name | suffix(', ') }}скидка!"
buttons: [{text: Хочу, open: sale}]
"""


@pytest.fixture
def house(tmp_path: Path, monkeypatch) -> Path:
    """A project with three people on Telegram, the clock on a Monday noon."""
    folder = tmp_path / "project"
    (folder / "funnels/broadcasts").mkdir(parents=True)
    (folder / "var").mkdir()
    (folder / "voronka.yaml").write_text(PROJECT + LIMITS, encoding="utf-8")
    (folder / "funnels/school.yaml").write_text(SHOP, encoding="utf-8")
    (folder / "funnels/broadcasts/sale.yaml").write_text(SALE, encoding="utf-8")
    (folder / ".env").write_text(KEYS, encoding="utf-8")
    (tmp_path / "clock").write_text("2026-03-02T09:00:00+00:00", encoding="utf-8")
    monkeypatch.chdir(folder)
    monkeypatch.setenv("VORONKA_LANGUAGE", "ru")
    monkeypatch.setenv("VORONKA_ENV", "test")
    monkeypatch.setenv("VORONKA_TEST_CLOCK", str(tmp_path / "clock"))
    monkeypatch.delenv("VORONKA_KEYS", raising=False)
    asyncio.run(_fill(f"sqlite:///{folder}/var/voronka.db"))
    return folder


async def _fill(url: str) -> None:
    await migration.upgrade(url)
    database = await open_database(url, exclusive=True)
    world = World(database, funnel=SHOP)
    world.project = loaded(SHOP, PROJECT + LIMITS)
    world.runner = world.made()
    await world.open()
    await joins(world, "7", "Мария")
    await joins(world, "8", "Пётр", agrees=False)
    await joins(world, "9", "Ольга")
    await world.runner.stop()
    await database.close()


def voronka(*words: str, typed: str = ""):
    return CliRunner().invoke(app, ["broadcast", *words], input=typed)


def stored(folder: Path, statement):
    async def read():
        database = await open_database(f"sqlite:///{folder}/var/voronka.db", exclusive=False)
        try:
            return await database.fetch(statement)
        finally:
            await database.close()

    return asyncio.run(read())


def test_a_dry_run_counts_and_shows_a_sample_without_anything_personal(house) -> None:
    result = voronka("funnels/broadcasts/sale.yaml", "--dry-run")
    assert result.exit_code == 0, result.output
    assert result.stdout == (
        "Рассылка «sale»: реклама\n"
        "Подходят: 3\n"
        "  tg (telegram): 3 — пояс не известен 3\n"
        "Получат в срок: 2, позже: 0, не получат: 1\n"
        "  не получат: нет согласия на рекламу 1\n"
        "Начнётся: 03.03.2026 12:00 (Europe/Moscow)\n"
        "Отправка займёт меньше минуты\n"
        "Так это выглядит (*** — у каждого своё):\n"
        "  │ ***скидка!\n"
        "  │ \n"
        "  │ Чтобы не получать рекламу, напишите «стоп».\n"
        "  [ Хочу ]\n"
    )
    assert stored(house, broadcasts_store.all_of_them()) == []


def test_it_asks_and_takes_no_for_an_answer_where_nobody_can_be_asked(house) -> None:
    result = voronka("funnels/broadcasts/sale.yaml")
    assert result.exit_code == 2
    assert "--yes" in result.stderr
    assert stored(house, broadcasts_store.all_of_them()) == []


def test_the_same_file_is_sent_once_and_tells_its_figures_then(house) -> None:
    first = voronka("funnels/broadcasts/sale.yaml", "--yes")
    assert first.exit_code == 0, first.output
    assert "Программа не запущена" in first.stdout
    (deed,) = stored(house, audit.of("broadcast:sale"))
    assert deed.action == "broadcast.send"
    again = voronka("funnels/broadcasts/sale.yaml", "--yes")
    assert again.stdout.startswith("Рассылка «sale» ждёт своего времени\nВ списке: 0\n")
    path = house / "funnels/broadcasts/sale.yaml"
    path.write_text(SALE.replace("скидка", "распродажа"), encoding="utf-8")
    other = voronka(str(path), "--yes")
    assert other.exit_code == 2
    assert "другое имя" in other.stderr
    assert len(stored(house, broadcasts_store.all_of_them())) == 1


def test_it_can_be_stopped_resumed_listed_and_shown(house) -> None:
    voronka("funnels/broadcasts/sale.yaml", "--yes")
    assert "остановлена" in voronka("stop", "sale").stdout
    assert voronka("stop", "sale").exit_code == 2
    listed = voronka("list").stdout  # the day begins in Kiribati: then the list is made
    assert listed == "sale  03.03.2026 01:00  остановлена  отправлено 0 из 0\n"
    told = CliRunner().invoke(app, ["status"]).stdout
    assert "Рассылка «sale» остановлена, осталось 0\n" in told
    assert "продолжается" in voronka("resume", "sale").stdout
    asyncio.run(_go(f"sqlite:///{house}/var/voronka.db"))
    told = json.loads(voronka("show", "sale", "--json").stdout)
    assert (told["state"], told["recipients"], told["sent"]) == ("done", 3, 2)
    assert told["skipped"] == {"consent": 1}
    shown = voronka("show", "sale").stdout
    assert "отправлено: 2" in shown
    assert "пропущено, нет согласия на рекламу: 1" in shown
    assert voronka("show", "other").exit_code == 2


async def _go(url: str) -> None:
    database = await open_database(url, exclusive=True)
    world = World(database, funnel=SHOP)
    world.project = loaded(SHOP, PROJECT + LIMITS)
    world.runner = world.made()
    await world.open()
    await world.passes(days=1, hours=1)
    await goes_on(world)
    await database.close()


def test_a_file_with_mistakes_is_told_with_its_places_and_not_sent(house) -> None:
    path = house / "funnels/broadcasts/sale.yaml"
    path.write_text(SALE.replace("level ==", "levle =="), encoding="utf-8")
    result = voronka(str(path), "--yes")
    assert result.exit_code == 1
    assert "funnels/broadcasts/sale.yaml:2:26: ошибка unknown-name" in result.stderr
    assert stored(house, broadcasts_store.all_of_them()) == []


def test_a_moment_that_is_long_past_reaches_nobody(house) -> None:
    path = house / "sale.yaml"
    path.write_text(SALE.replace("2026-03-03", "2026-02-01"), encoding="utf-8")
    result = voronka(str(path), "--yes", "--language", "en")
    assert result.exit_code == 1
    assert "  not at all: it was too late 2, no advertising consent 1\n" in result.stdout
    assert "nobody to send it to" in result.stderr


def test_the_project_without_a_database_says_what_makes_one(house) -> None:
    for path in (house / "var").iterdir():
        path.unlink()
    result = voronka("funnels/broadcasts/sale.yaml", "--dry-run")
    assert result.exit_code == 2
    assert "voronka run" in result.stderr


def test_the_example_of_the_project_is_read_and_has_no_mistakes() -> None:
    opened = open_project(ROOT)
    assert set(opened.loaded.broadcasts) == {"autumn_lesson"}
    found = [one for one in opened.problems if one.mark.file.startswith("funnels/broadcasts/")]
    assert {one.code for one in found} <= {"track-without-public-url"}


def test_a_file_of_a_broadcast_can_be_checked_by_its_name(house) -> None:
    result = CliRunner().invoke(app, ["check", "funnels/broadcasts/sale.yaml"])
    assert result.exit_code == 0, result.output
    assert "0 воронок, 0 ошибок" in result.stdout
