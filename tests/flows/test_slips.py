"""Slips of the pen in YAML that a marketer makes: each is told where it stands, in plain words."""

import pytest

from flows.loading import load

HEAD = "funnel: f\nentry: [start]\nflows:\n  main:\n    "
LINE = HEAD.count("\n") + 1


def found(line: str) -> list[tuple[str, int, int]]:
    loaded = load({"funnels/f.yaml": f"{HEAD}{line}\n    - Конец.\n".encode()}, {}, "2026-05-01")
    told = [item for item in loaded.problems if item.mark.file == "funnels/f.yaml"]
    return [(item.code, item.mark.line, item.mark.column) for item in told]


@pytest.mark.parametrize(
    ("line", "column"),
    [
        ("- **Важно:** завтра", 7),
        ("- *важно* завтра", 7),
        ("- say: *важно* завтра", 12),
        ("- {{ name }}, здравствуйте", 7),
        ("- {{ name }}", 7),
        ("- say: {{ name }}", 12),
        ("- {% if lead %}Да{% else %}Нет{% endif %}", 7),
        ("- say: [сайт](https://example.ru)", 12),
        ('- "Мост" ждёт вас', 7),
        ("- say: 'Мост' ждёт вас", 12),
        ("- @ivan ответит", 7),
        ("- `код` внутри", 7),
        ("- !важно прочтите", 7),
        ("- %скидка", 7),
        ("- > Цитата", 7),
    ],
)
def test_a_text_that_begins_with_a_sign_of_yaml_is_told_to_be_quoted(
    line: str, column: int
) -> None:
    assert found(line) == [("text-starts", LINE, column)]


@pytest.mark.parametrize(
    ("line", "code", "column"),
    [
        ("- Внимание: завтра эфир", "yaml-colon", 7),
        ("- {say: Привет, друг}", "comma-in-text", 21),
        ("- go prices", "verb-without-colon", 7),
        ("- tag vip", "verb-without-colon", 7),
        ("- end: true", "end-alone", 7),
        ("- end: ", "end-alone", 7),
        ("- ask: [A", "yaml-bracket", 12),
        ("- say:", "empty-text", 7),
    ],
)
def test_other_slips_are_told_by_their_own_names(line: str, code: str, column: int) -> None:
    assert (code, LINE, column) in found(line)


@pytest.mark.parametrize(
    "line",
    [
        "- go — и всё",
        "- end of story",
        "- say: go prices",
        '- "tag vip"',
        "- start Сейчас",
        "- stop",
    ],
)
def test_texts_that_only_look_like_steps_stay_texts(line: str) -> None:
    assert "verb-without-colon" not in {code for code, _, _ in found(line)}


@pytest.mark.parametrize(
    ("word", "meant"), [("string", "text"), ("int", "integer"), ("дата", "date")]
)
def test_a_word_of_another_language_is_led_to_the_type_that_it_means(
    word: str, meant: str
) -> None:
    text = f"funnel: f\nentry: [start]\nfields:\n  age: {{type: {word}}}\nflows:\n  main:\n    - Да.\n"
    loaded = load({"funnels/f.yaml": text.encode()}, {}, "2026-05-01")
    assert meant in " ".join(str(dict(item.params).get("close", "")) for item in loaded.problems)


def test_a_question_whose_name_is_wrongly_written_is_told_of_the_writing_alone() -> None:
    assert [code for code, _, _ in found("- {ask: Имя?, save: 12 три}")] != []
    assert "question-name" not in {code for code, _, _ in found("- {ask: Имя?, save: 12 три}")}
