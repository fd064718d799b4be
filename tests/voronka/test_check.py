"""``voronka check``: what it prints, what it counts, and what it never loads."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

BROKEN = """\
funnel: broken
entry: [start]
flows:
  main:
    - say: Привет
      buton: нет
"""


ROUND = """\
funnel: round
entry: [{command: round}, {link: round}, start]
flows:
  main:
    - ask: Ещё?
      id: more
      options: [{text: Да, go: main}]
"""
SILENT = """\
funnel: small
entry: [start]
flows:
  main:
    - ask: Чай или кофе?
      save: drink
      options: [Чай, Кофе]
      silence: [{after: 1h, then: [{go: menu}]}]
  menu:
    - ask: Ещё?
      id: more
      options: [{text: Да, go: menu}]
"""
PROVED = "small: исследовано 3 состояния, 10 путей — доказано\n"
CLEAN = "1 воронка, 0 ошибок, 0 предупреждений\n" + PROVED


def test_a_project_without_problems_is_a_line_and_a_proof(voronka):
    result = voronka("check")
    assert (result.exit_code, result.output) == (0, CLEAN)


def test_english_is_chosen_by_an_option_and_by_the_environment(voronka, monkeypatch):
    english = "1 funnel, 0 errors, 0 warnings\nsmall: explored 3 states, 10 paths — proved\n"
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
    assert (result.exit_code, result.output) == (0, CLEAN)


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


def test_json_is_an_object_a_line_and_an_object_a_proof(voronka, project):
    (project / "funnels" / "broken.yaml").write_text(BROKEN, encoding="utf-8")
    lines = voronka("check", "--format", "json").output.splitlines()
    found = [json.loads(line) for line in lines]
    assert {item["code"] for item in found if item["severity"] == "error"} == {"unknown-key"}
    (proof,) = map(json.loads, voronka("check", "small", "--format", "json").output.splitlines())
    assert (proof["funnel"], proof["states"], proof["paths"], proof["proved"]) == (
        *("small", 3, 10),
        True,
    )
    assert {"file", "line", "column", "severity", "code", "message"} <= proof.keys()


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
    assert (result.returncode, result.stdout) == (0, CLEAN)


def test_sarif_is_one_log_with_rules_places_and_ways(voronka, project):
    (project / "funnels" / "broken.yaml").write_text(BROKEN, encoding="utf-8")
    (project / "funnels" / "round.yaml").write_text(ROUND, encoding="utf-8")
    log = json.loads(voronka("check", "--format", "sarif").output)
    assert log["version"] == "2.1.0"
    (run,) = log["runs"]
    rules = [rule["id"] for rule in run["tool"]["driver"]["rules"]]
    assert rules == sorted(rules)
    for result in run["results"]:
        assert rules[result["ruleIndex"]] == result["ruleId"]
        assert result["level"] in {"error", "warning"}
        (place,) = result["locations"]
        region = place["physicalLocation"]["region"]
        assert min(region["startLine"], region["startColumn"]) >= 1
        assert result["message"]["text"]
    (found,) = [each for each in run["results"] if each["ruleId"] == "stuck-state"]
    place = found["locations"][0]["physicalLocation"]
    assert place["artifactLocation"]["uri"] == "funnels/round.yaml"
    (flow,) = found["codeFlows"][0]["threadFlows"]
    steps = [each["location"]["message"]["text"] for each in flow["locations"]]
    assert steps == ["/round"]


def test_sarif_of_nothing_wrong_is_an_empty_log(voronka):
    log = json.loads(voronka("check", "--format", "sarif").output)
    assert log["runs"][0]["results"] == []


def test_the_way_is_told_in_the_chosen_language(voronka, project):
    (project / "funnels" / "small.yaml").write_text(SILENT, encoding="utf-8")
    assert "Путь: /start → молчание" in voronka("check").output
    assert "The path: /start → silence" in voronka("check", "--language", "en").output


def test_a_funnel_too_large_to_explore_is_told_to_be_unproved(voronka, project):
    lines = [
        f"    - {{ask: Раз?, save: f{n}, options: [Да, {{text: Нет, tag: t{n}}}]}}"
        for n in range(13)
    ]
    tests = " and ".join(f'"t{n}" in tags' for n in range(13))
    text = "funnel: small\nentry: [start]\nflows:\n  main:\n" + "\n".join(lines)
    text += f"\n    - {{if: '{tests}', then: [Да], else: [Нет]}}\n"
    (project / "funnels" / "small.yaml").write_text(text, encoding="utf-8")
    output = voronka("check").output
    assert output.endswith("— предел, не доказано\n")
    assert "исследовано 3000 состояний" in output
    (proof,) = [
        item
        for item in map(json.loads, voronka("check", "--format", "json").output.splitlines())
        if item["code"] == "explored"
    ]
    assert (proof["proved"], proof["extent"], proof["left"] > 0) == (False, "part", True)


def test_watch_checks_again_when_a_file_changes_and_ends_cleanly(project):
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "VORONKA_LANGUAGE": "ru"}
    command = [sys.executable, "-u", "-m", "voronka", "check", "--watch"]
    child = subprocess.Popen(
        command,
        cwd=project,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert child.stdout is not None
    assert child.stderr is not None
    try:
        assert "Жду изменений" in child.stderr.readline()
        (project / "funnels" / "broken.yaml").write_text(BROKEN, encoding="utf-8")
        assert "Жду изменений" in child.stderr.readline()
        child.send_signal(signal.SIGINT)
        output, rest = child.communicate(timeout=60)
    finally:
        child.kill()
    first, second = output.split(PROVED, 1)
    assert first + PROVED == CLEAN
    assert "funnels/broken.yaml:6:7: ошибка unknown-key" in second
    assert (child.returncode, rest) == (1, "")


@pytest.mark.parametrize("command", ["chat", "simulate", "graph"])
def test_what_plays_or_draws_a_funnel_with_errors_says_so(voronka, project, command):
    path = project / "funnels" / "small.yaml"
    assert "voronka check" not in voronka(command, "small", typed="/выход\n").stderr
    path.write_text(
        path.read_text("utf-8").replace("  main:\n", "  main:\n    - strat: x\n", 1), "utf-8"
    )
    told = voronka(command, "small", typed="/выход\n").stderr
    assert "1 ошибка" in told
    assert "voronka check" in told
