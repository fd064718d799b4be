"""``voronka test``: the tests in funnels' files on the runtime."""

import shutil

import pytest


def test_a_passing_test_is_ticked(voronka):
    result = voronka("test")
    assert result.output == "small\n  ✓ Чай (web)\n1 тест, все прошли\n"
    assert result.exit_code == 0


def test_a_channel_without_a_bot_is_played_too(voronka):
    result = voronka("test", "--channel", "telegram")
    assert "  ✓ Чай (web, telegram)\n" in result.output


def test_a_failure_tells_line_wanted_and_got(voronka, project):
    file = project / "funnels" / "small.yaml"
    text = file.read_text(encoding="utf-8").replace("- bot: Записали", "- bot: Готово")
    file.write_text(text, encoding="utf-8")
    result = voronka("test", "small")
    assert result.exit_code == 1
    assert result.output == (
        "small\n  ✗ Чай (web)\n"
        "      funnels/small.yaml:17 (web): ждали (бот) «Готово», пришло (бот) «Записали.»\n"
        "1 тест, не прошло: 1\n"
    )


def test_a_missing_button_and_an_extra_message_fail(voronka, project):
    file = project / "funnels" / "small.yaml"
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace("press: Чай", "press: Какао"), encoding="utf-8")
    assert "нет кнопки «Какао»" in voronka("test").output
    file.write_text(text.replace("      - bot: Записали\n", ""), encoding="utf-8")
    assert "лишнее сообщение" in voronka("test", "--language", "ru").output


def test_files_with_errors_are_not_played(voronka, project):
    (project / "funnels" / "broken.yaml").write_text("funnel: broken\n", encoding="utf-8")
    result = voronka("test")
    assert result.exit_code == 1
    assert "funnels/broken.yaml:1:1" in result.stderr
    assert voronka("test", "small").exit_code == 0


def test_an_unreadable_test_is_an_error(voronka, project):
    file = project / "funnels" / "small.yaml"
    file.write_text(file.read_text(encoding="utf-8") + "      - sing: ля\n", encoding="utf-8")
    result = voronka("test")
    assert result.exit_code == 1
    assert "unknown-test-line" in result.stderr


def test_a_funnel_without_tests_says_so(voronka, project):
    file = project / "funnels" / "small.yaml"
    file.write_text(file.read_text(encoding="utf-8").split("tests:")[0], encoding="utf-8")
    result = voronka("test")
    assert (result.exit_code, result.output) == (0, "Тестов нет.\n")


@pytest.mark.parametrize("funnel", ["english_school", "gifts"])
def test_the_acceptance_funnels_pass_unchanged_everywhere(voronka, acceptance, tmp_path, funnel):
    folder = shutil.copytree(acceptance, tmp_path / "acceptance")
    result = voronka("test", funnel, "--channel", "web", "--project", folder)
    assert result.exit_code == 0, result.output
    assert result.output.count("✓") == 5
    assert result.output.count("(telegram, vk, web)") == 5
