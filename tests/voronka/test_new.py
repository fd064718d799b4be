"""``voronka new``: the project that it makes works at once."""

import stat

from storage import migration
from voronka.settings import read_settings


def test_a_new_project_checks_and_tests_green(voronka, tmp_path):
    folder = tmp_path / "mine"
    made = voronka("new", folder)
    assert made.exit_code == 0, made.output
    assert made.output.startswith(f"Готово: {folder}.")
    checked = voronka("check", folder)
    assert "1 воронка, 0 ошибок" in checked.output
    tested = voronka("test", folder, "--channel", "telegram")
    assert (tested.exit_code, tested.output.count("✓")) == (0, 2), tested.output


def test_its_keys_are_its_own_and_private(voronka, tmp_path):
    for name in ("one", "two"):
        assert voronka("new", tmp_path / name).exit_code == 0
    env = tmp_path / "one" / ".env"
    assert stat.S_IMODE(env.stat().st_mode) == 0o600
    keys = [read_settings(tmp_path / name).get("VORONKA_KEYS") for name in ("one", "two")]
    assert keys[0]
    assert keys[0] != keys[1]
    assert ".env" in (tmp_path / "one" / ".gitignore").read_text()
    assert keys[0].reveal() not in voronka("new", tmp_path / "three").output


def test_a_new_project_has_a_database_after_upgrade(voronka, tmp_path):
    folder = tmp_path / "mine"
    voronka("new", folder)
    assert "Базы" in voronka("leads", "--project", folder).stderr
    ready = f"База готова: схема {migration.head()}.\n"
    assert voronka("db", "upgrade", "--project", folder).output == ready
    assert voronka("leads", "--project", folder).output == "Заявок пока нет.\n"


def test_a_folder_that_is_not_empty_stays_as_it_is(voronka, tmp_path):
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "note.txt").write_text("моё")
    result = voronka("new", tmp_path / "mine")
    assert result.exit_code == 2
    assert "не пуста" in result.stderr
    assert [path.name for path in (tmp_path / "mine").iterdir()] == ["note.txt"]


def test_a_file_in_the_way_is_a_sentence(voronka, tmp_path):
    (tmp_path / "mine").write_text("")
    assert voronka("new", tmp_path / "mine").exit_code == 2
    assert voronka("new", tmp_path / "mine" / "deeper").exit_code == 2
