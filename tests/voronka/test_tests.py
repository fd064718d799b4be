"""``voronka test``: the tests in funnels' files on the runtime."""

import json
import shutil
from xml.etree import ElementTree as ET

import pytest


def test_a_passing_test_is_ticked(voronka):
    result = voronka("test")
    assert result.output.startswith("small\n  ✓ Чай (web)\n1 тест, все прошли\n")
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
        "        16   press: Чай\n"
        "        17 − bot: Готово\n"
        "           + bot: Записали.\n"
        "           +   at: 2026-01-12 12:00\n"
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


SECOND = """\
  - test: Кофе с утра
    talk:
      - open: ""
      - bot: Чай или кофе?
      - press: Кофе
      - bot: Нальём
"""


@pytest.fixture
def two(project):
    """A funnel with a test that passes and one that does not."""
    file = project / "funnels" / "small.yaml"
    file.write_text(file.read_text(encoding="utf-8") + SECOND, encoding="utf-8")
    return file


def test_tests_are_chosen_by_the_words_of_their_names(voronka, two):
    result = voronka("test", "-k", "УТРА кофе")
    assert "✗ Кофе с утра" in result.output
    assert "Чай (web)" not in result.output
    assert "Проверено" not in result.output  # a part of the tests says nothing of the whole
    missing = voronka("test", "-k", "какао")
    assert missing.exit_code == 2
    assert "Нет теста, в имени которого есть «какао»" in missing.stderr


def test_those_that_failed_are_played_again_until_they_pass(voronka, two):
    assert "играем все" in voronka("test", "--last-failed").output
    again = voronka("test", "--last-failed").output
    assert "Кофе с утра" in again
    assert "Чай (web)" not in again
    assert voronka("test", "-k", "чай").exit_code == 0  # what is not played stays remembered
    two.write_text(two.read_text(encoding="utf-8").replace("Нальём", "Записали"), encoding="utf-8")
    assert voronka("test", "--last-failed").exit_code == 0
    whole = voronka("test", "--last-failed").output
    assert "играем все" in whole
    assert "Чай (web)" in whole


def test_a_test_that_was_renamed_is_forgotten(voronka, two):
    voronka("test")
    two.write_text(two.read_text(encoding="utf-8").replace("с утра", "днём"), encoding="utf-8")
    assert "играем все" in voronka("test", "--last-failed").output


def test_a_spoilt_memory_is_no_memory(voronka, project, two):
    voronka("test")
    memory = project / "var" / "last_failed.json"
    assert json.loads(memory.read_text(encoding="utf-8")) == {"failed": [["small", "Кофе с утра"]]}
    memory.write_text("[]", encoding="utf-8")
    assert "играем все" in voronka("test", "--last-failed").output


def test_the_first_failure_stops_the_rest(voronka, two):
    text = two.read_text(encoding="utf-8").replace("- bot: Записали", "- bot: Готово")
    two.write_text(text, encoding="utf-8")
    result = voronka("test", "-x")
    assert "✗ Чай" in result.output
    assert "Кофе с утра" not in result.output
    assert result.exit_code == 1


def test_the_junit_report_tells_every_test_on_every_channel(voronka, project, two):
    result = voronka("test", "--channel", "telegram", "--junit", "reports/tests.xml")
    assert result.exit_code == 1
    root = ET.parse(project / "reports" / "tests.xml").getroot()
    assert (root.tag, root.get("tests"), root.get("failures")) == ("testsuites", "4", "2")
    (suite,) = root
    assert (suite.tag, suite.get("name"), suite.get("errors")) == ("testsuite", "small", "0")
    names = [case.get("name") for case in suite]
    assert names == [
        "Чай (web)",
        "Чай (telegram)",
        "Кофе с утра (web)",
        "Кофе с утра (telegram)",
    ]
    assert all(float(case.get("time")) >= 0 for case in suite)
    assert {case.get("file") for case in suite} == {"funnels/small.yaml"}
    failed = [case.find("failure") for case in suite if len(case)]
    assert len(failed) == 2
    assert "ждали" in failed[0].get("message")
    assert "funnels/small.yaml:24 (web)" in failed[0].text
    assert "− bot: Нальём" in failed[0].text


def test_the_junit_report_holds_any_text(voronka, project):
    file = project / "funnels" / "small.yaml"
    text = file.read_text(encoding="utf-8")
    text = text.replace("test: Чай", "test: '<Чай> & \"кофе\"'")
    text = text.replace("- bot: Записали", '- bot: "]]>\\u0007<нет>&"')
    file.write_text(text, encoding="utf-8")
    assert voronka("test", "--junit", "tests.xml").exit_code == 1
    (case,) = ET.parse(project / "tests.xml").getroot()[0]
    assert case.get("name") == '<Чай> & "кофе" (web)'
    assert "]]>" in case[0].text


def test_a_report_that_cannot_be_written_is_a_sentence(voronka, project):
    (project / "busy").write_text("", encoding="utf-8")
    result = voronka("test", "--junit", "busy/tests.xml")
    assert result.exit_code == 2
    assert "Не пишется" in result.stderr


def test_what_was_never_tested_is_told_in_short(voronka):
    output = voronka("test").output.splitlines()
    assert output[-2:] == [
        "Проверено 60 %: 1 из 1 места, 1 из 2 ответов, 0 из 1 молчания, 1 из 1 входа.",
        "  Не проверено: main.drink «Кофе»; main.drink (молчание 1h)",
    ]
    english = voronka("test", "--language", "en").output
    assert "Never tested: main.drink “Кофе”; main.drink (silence 1h)" in english


def test_what_was_never_tested_is_told_in_full_with_its_lines(voronka):
    output = voronka("test", "--coverage").output
    assert "  funnels/small.yaml:7: main.drink «Кофе»\n" in output
    assert "  funnels/small.yaml:8: main.drink (молчание 1h)\n" in output


def test_too_little_coverage_fails(voronka):
    assert voronka("test", "--min-coverage", "60").exit_code == 0
    result = voronka("test", "--min-coverage", "61")
    assert result.exit_code == 1
    assert "Проверено 60.0 %, а нужно 61 %" in result.output


def test_coverage_is_written_as_json(voronka, project):
    voronka("test", "--coverage-json", "coverage.json")
    told = json.loads((project / "coverage.json").read_text(encoding="utf-8"))
    small = told["funnels"]["small"]
    assert small["percent"] == 60.0
    assert small["answer"] == {"tested": 1, "all": 2}
    assert small["untested"][0] == {
        "kind": "answer",
        "name": "main.drink «Кофе»",
        "file": "funnels/small.yaml",
        "line": 7,
    }
