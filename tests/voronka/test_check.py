"""``voronka check``: what it prints, what it counts, and what it never loads."""

import json

import pytest

BROKEN = """\
funnel: broken
entry: [start]
flows:
  main:
    - say: Привет
      buton: нет
"""


def test_a_project_without_problems_is_one_line(voronka):
    result = voronka("check")
    assert (result.exit_code, result.output) == (0, "1 воронка, 0 ошибок, 0 предупреждений\n")


def test_english_is_chosen_by_an_option_and_by_the_environment(voronka, monkeypatch):
    english = "1 funnel, 0 errors, 0 warnings\n"
    assert voronka("check", "--language", "en").output == english
    monkeypatch.setenv("VORONKA_LANGUAGE", "en")
    assert voronka("check").output == english


@pytest.mark.parametrize("locale", ["C.UTF-8", "ru_RU.UTF-8", ""])
def test_russian_is_the_default(voronka, monkeypatch, locale):
    monkeypatch.delenv("VORONKA_LANGUAGE")
    monkeypatch.setenv("LC_ALL", locale)
    monkeypatch.delenv("LANG", raising=False)
    assert "воронка" in voronka("check").output


def test_an_error_is_shown_with_its_place_and_ends_in_1(voronka, project):
    (project / "funnels" / "broken.yaml").write_text(BROKEN, encoding="utf-8")
    result = voronka("check")
    assert result.exit_code == 1
    assert "funnels/broken.yaml:6:7: ошибка unknown-key" in result.output
    assert "      buton: нет" in result.output
    assert "2 воронки, 1 ошибка" in result.output


@pytest.mark.parametrize("target", ["small", "funnels/small.yaml"])
def test_a_funnel_is_checked_alone(voronka, project, target):
    (project / "funnels" / "broken.yaml").write_text(BROKEN, encoding="utf-8")
    result = voronka("check", target)
    assert (result.exit_code, result.output) == (0, "1 воронка, 0 ошибок, 0 предупреждений\n")


def test_the_project_may_be_elsewhere(voronka, project, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for words in (["check", str(project)], ["check", "--project", str(project)]):
        assert voronka(*words).exit_code == 0
    assert voronka("check", "small", "--project", project).exit_code == 0
    assert voronka("check", str(project / "funnels" / "small.yaml")).exit_code == 0


def test_a_folder_below_belongs_to_the_project(voronka, project, monkeypatch):
    monkeypatch.chdir(project / "funnels")
    assert voronka("check").exit_code == 0


def test_strict_makes_errors_of_warnings(voronka, project):
    file = project / "funnels" / "small.yaml"
    endless = file.read_text(encoding="utf-8").replace("silence: [{after: 1h, then: [end]}]", "")
    file.write_text(endless, encoding="utf-8")
    assert voronka("check").exit_code == 0
    assert "1 предупреждение" in voronka("check").output
    assert voronka("check", "--strict").exit_code == 1


def test_json_is_an_object_a_line_without_a_summary(voronka, project):
    (project / "funnels" / "broken.yaml").write_text(BROKEN, encoding="utf-8")
    lines = voronka("check", "--format", "json").output.splitlines()
    found = [json.loads(line) for line in lines]
    assert {item["code"] for item in found if item["severity"] == "error"} == {"unknown-key"}
    assert voronka("check", "small", "--format", "json").output == ""


def test_github_gets_annotations(voronka, project):
    (project / "funnels" / "broken.yaml").write_text(BROKEN, encoding="utf-8")
    output = voronka("check", "--format", "github").output
    assert "\n::error file=funnels/broken.yaml,line=6,col=7,title=unknown-key::" in output


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["smal"], "Нет воронки «smal». Может быть, «small»?"),
        (["xyz"], "Нет воронки «xyz». Есть: small."),
        (["funnels/none.yaml"], "Нет файла или папки funnels/none.yaml."),
        (["--project", "/"], "нет файла voronka.yaml"),
    ],
)
def test_a_mistake_is_one_sentence_and_2(voronka, words, told):
    result = voronka("check", *words)
    assert result.exit_code == 2
    assert told in result.stderr
    assert result.stderr.count("\n") == 1


def test_a_mistake_speaks_the_chosen_language(voronka):
    result = voronka("check", "smal", "--language", "en")
    assert result.stderr == "There is no funnel “smal”. Did you mean “small”?\n"


def test_a_broken_project_file_is_a_problem_not_a_traceback(voronka, project):
    (project / "voronka.yaml").write_bytes(b"\xff\xfe: [")
    result = voronka("check")
    assert result.exit_code == 1
    assert "voronka.yaml:1:1" in result.output
    assert "Traceback" not in result.output


def test_help_is_in_both_languages(voronka):
    for words in (["--help"], ["check", "--help"], ["leads", "--help"], ["db", "--help"]):
        result = voronka(*words)
        assert result.exit_code == 0
        assert "Проверить" in result.output or " · " in result.output


LOOK = """
import sys
from voronka.cli import main
sys.argv = ["voronka", *{words!r}]
try:
    main()
except SystemExit as end:
    heavy = {{"aiogram", "vkbottle", "sqlalchemy", "alembic", "xlsxwriter", "cryptography"}}
    print("LOADED", sorted(heavy & set(sys.modules)), end.code)
"""


@pytest.mark.parametrize("words", [["--help"], ["check"], ["check", "--help"], ["check", "none"]])
def test_help_and_check_load_no_channel_and_no_database(process, words):
    result = process("-c", LOOK.format(words=words))
    code = 2 if words[-1] == "none" else 0
    assert result.stdout.splitlines()[-1] == f"LOADED [] {code}", result.stderr


def test_the_package_runs_as_a_module(process):
    result = process("-m", "voronka", "check")
    assert (result.returncode, result.stdout) == (0, "1 воронка, 0 ошибок, 0 предупреждений\n")
