"""A command written wrongly is told in one sentence of the chosen language."""

import pytest

CASES = [
    (["check", "--oops"], "Нет такого параметра --oops", "There is no option --oops"),
    (["nonsense"], "Нет команды nonsense", "There is no command nonsense"),
    (["db", "nonsense"], "Нет команды nonsense", "There is no command nonsense"),
    (["new"], "Не хватает DIR", "DIR is missing"),
    (["chat"], "Не хватает FUNNEL", "FUNNEL is missing"),
    (["new", "a", "b"], "Лишнее слово b", "A word too many, b"),
    (
        ["check", "--format"],
        "Параметру --format нужно значение",
        "The option --format needs a value",
    ),
    (
        ["check", "--format", "xml"],
        "«xml» не годится для --format, можно text, json, github, sarif",
        "“xml” does not fit --format, take text, json, github, sarif",
    ),
    (
        ["leads", "--limit", "0"],
        "Для --limit нужно целое от 1 до 10000",
        "--limit needs a whole number from 1 to 10000",
    ),
    (
        ["leads", "--limit", "ten"],
        "Для --limit нужно целое от 1 до 10000",
        "--limit needs a whole number from 1 to 10000",
    ),
    (["--oops"], "Нет такого параметра --oops", "There is no option --oops"),
]


@pytest.mark.parametrize(("words", "ru", "en"), CASES)
def test_wrong_words_are_one_sentence_in_the_chosen_language(voronka, monkeypatch, words, ru, en):
    for language, told, see in (("ru", ru, ": смотрите «"), ("en", en, ": see `")):
        monkeypatch.setenv("VORONKA_LANGUAGE", language)
        result = voronka(*words)
        assert result.exit_code == 2
        assert result.stdout == ""
        assert result.stderr.startswith(told + see)
        assert "--help" in result.stderr
        assert result.stderr.count("\n") == 1


@pytest.mark.parametrize("language", [["--language", "en"], ["--language=en"]])
def test_the_language_asked_for_counts_though_other_words_are_wrong(voronka, language):
    assert voronka("check", *language, "--oops").stderr.startswith("There is no option --oops")
    assert voronka("check", "--oops", *language).stderr.startswith("There is no option --oops")
    assert voronka("check", "nowhere", *language).stderr.startswith("There is no ")


def test_help_is_shown_as_before(voronka):
    shown = voronka("check", "--help")
    assert shown.exit_code == 0
    assert "--strict" in shown.stdout
    nothing = voronka()
    assert "check" in nothing.stdout + nothing.stderr
