"""``voronka chat --record``: a conversation written down as a test passes when it is pasted."""

import shutil
from pathlib import Path

import pytest

from flows.source import read_source
from voronka.recording import as_yaml

ROOT = Path(__file__).parents[2]
START = ["--at", "2026-03-05 23:40", "--zone", "Asia/Vladivostok"]
TALKS = {
    "english_school": [
        [*START, "--link", "ads_may"],
        [
            *("1", "Согласен", "1", "1", "", "Смотреть", "", "", "Переезд", "+5h", "", "+1d", ""),
            *("Записаться", "8 912 345-67-89", "2", "+3d"),
        ],
    ],
    "gifts": [
        ["--at", "2026-02-02 10:00"],
        [
            "подарок",
            "1",
            "2",
            "ой",
            "1",
            "+50m",
            "1",
            "1",
            "Согласен",
            "89123456789",
            "",
            "",
            "+4d",
        ],
    ],
    "webinar": [
        ["--at", "2026-12-08 09:00", "--link", "web_vk"],
        ["Владивосток", "1", "", "", "", "", "", "", "2", "", "+2d"],
    ],
    "hello": [[], ["1", "2", "+1h", "1", "", "", "ещё", "стоп", "+30d"]],
}


@pytest.fixture
def projects(tmp_path: Path) -> dict[str, Path]:
    """The example funnels and what a new project begins with."""
    ours, new = tmp_path / "ours", tmp_path / "new"
    ours.mkdir()
    shutil.copy(ROOT / "voronka.yaml", ours)
    shutil.copytree(ROOT / "funnels", ours / "funnels")
    shutil.copytree(ROOT / "voronka" / "starter", new)
    return {"english_school": ours, "gifts": ours, "webinar": ours, "hello": new}


@pytest.mark.parametrize("funnel", sorted(TALKS))
def test_a_recorded_talk_passes_on_every_channel(voronka, projects, funnel):
    options, typed = TALKS[funnel]
    folder = ["--project", projects[funnel]]
    lines = "\n".join([*typed, "/выход", ""])
    saved = voronka("chat", funnel, *folder, *options, "--save", "Записано", typed=lines)
    assert saved.exit_code == 0, saved.output
    assert f"Тест записан в {funnel}.yaml." in saved.output
    played = voronka("test", funnel, *folder, "-k", "записано", "--channel", "vk")
    assert played.exit_code == 0, played.output
    assert "✓ Записано" in played.output


def test_a_recorded_test_holds_the_funnel_to_what_it_said(voronka, project):
    voronka("chat", "small", "--save", "Кофе", typed="Кофе\n")
    file = project / "funnels" / "small.yaml"
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace("    - Записали.", "    - Записано."), encoding="utf-8")
    assert "✗ Кофе" in voronka("test", "-k", "кофе").output


def test_the_test_is_printed_after_the_talk(voronka):
    output = voronka("chat", "small", *START, "--record", typed="Чай\n").output
    assert output.endswith(
        """\
  - test: Разговор 2026-03-05 23:40
    at: 2026-03-05 23:40
    zone: Asia/Vladivostok
    talk:
      - open: ""
      - bot: Чай или кофе?
        buttons: [Чай, Кофе]
      - press: Чай
      - bot: Записали.
      - expect:
          fields:
            drink: Чай
          no_lead: true
          ended: true
"""
    )


def test_time_that_passed_in_silence_is_a_line(voronka):
    output = voronka("chat", "small", *START, "--record", typed="+20m\n+10m 5s\nЧай\n+2d\n").output
    assert "      - silence: 30m 5s\n      - press: Чай\n" in output
    assert "      - bot: Записали.\n      - silence: 2d\n      - expect:" in output


def test_what_comes_later_tells_its_time(voronka, project):
    file = project / "funnels" / "small.yaml"
    text = file.read_text(encoding="utf-8")
    text = text.replace("then: [end]", "then: [Не дождались., end]")
    file.write_text(text, encoding="utf-8")
    # The first Enter comes to 00:40, where quiet hours hold the silence back: it leaves no line.
    late = voronka("chat", "small", *START, "--record", typed="\n\n+1h\n").output
    wanted = (
        "        buttons: [Чай, Кофе]\n      - bot: Не дождались.\n        at: 2026-03-06 09:00\n"
    )
    assert f"{wanted}      - silence: 1h\n" in late


def test_tests_are_gathered_in_a_file(voronka, project):
    for _ in range(2):
        assert (
            voronka("chat", "small", "--record-to", "made/tests.yaml", typed="Чай\n").exit_code
            == 0
        )
    text = (project / "made" / "tests.yaml").read_text(encoding="utf-8")
    assert text.count("  - test: Разговор") == 2


def test_a_funnel_without_tests_gets_its_first(voronka, project):
    file = project / "funnels" / "small.yaml"
    bare = file.read_text(encoding="utf-8").split("tests:")[0].rstrip()
    file.write_text(bare, encoding="utf-8")
    assert voronka("chat", "small", "--save", "Первый", typed="Чай\n").exit_code == 0
    assert file.read_text(encoding="utf-8").startswith(f"{bare}\n\ntests:\n  - test: Первый\n")
    assert "✓ Первый" in voronka("test").output


HEAD = "funnel: small\nentry: [start]\n"
FLOWS = "flows: {main: [Привет]}\n"


@pytest.mark.parametrize(
    ("text", "why"),
    [
        (f"{HEAD}{FLOWS}tests:\n  - test: Новый\n    talk: [{{open: x}}]\n", "уже есть"),
        (f"{HEAD}tests:\n  - test: Старый\n    talk: [{{open: x}}]\n{FLOWS}", "не в конце"),
        (f"{HEAD}{FLOWS}tests: [{{test: Старый, talk: [{{open: x}}]}}]\n", "не строками"),
        (f"{HEAD}{FLOWS}tests:\n  - test: Старый\n    talk: [{{open: x}}]\n...\n", "не"),
    ],
)
def test_a_file_that_cannot_be_added_to_safely_stays_as_it_was(voronka, project, text, why):
    file = project / "funnels" / "small.yaml"
    file.write_text(text, encoding="utf-8")
    saved = voronka("chat", "small", "--save", "Новый", typed="")
    assert saved.exit_code == 2
    assert "Вставьте его сами" in saved.stderr
    assert why in saved.stderr
    assert "  - test: Новый" in saved.stdout  # what was talked is not lost
    assert file.read_text(encoding="utf-8") == text


TRICKY = [
    "Цена: 100 # скидка",
    "'одинарные' и \"двойные\"",
    "{{ фигурные }} и [квадратные]",
    "  в начале и в конце  ",
    "строка\nдругая\n\nтретья",
    "да",
    "null",
    "12:30",
    "2026-03-05",
    "- пункт",
    "? вопрос",
    "@имя",
    "!важно",
    "*звезда",
    "&",
    "%",
    "",
    "очень длинное слово: " * 20,
    "решётка #" * 30,
    "таб\tвнутри",
    "--- три",
    "| палка",
    "> больше",
    "`код`",
    "эмодзи 🎁 и \u00a0неразрывный",
]


@pytest.mark.parametrize("text", TRICKY)
def test_any_text_survives_being_written_down(text):
    written = as_yaml([{"bot": text, "buttons": [text, "б"]}])
    root, problems = read_source(f"tests:\n{written}", "x.yaml")
    assert problems == []
    item = root.get("tests").items[0]
    got = item.get("bot")
    assert got.text.split() == text.split()
    assert not got.cut
    assert item.get("buttons").items[0].text.split() == text.split()


def test_the_talks_clock_follows_the_zone_that_an_answer_tells(voronka, projects):
    start = ["--project", projects["webinar"], "--at", "2026-12-08 09:00", "--link", "web_vk"]
    typed = "Владивосток\n1\n+3d\n/выход\n"
    told = voronka("chat", "webinar", *start, typed=typed).output.splitlines()
    note = told.index("Дальше по часам человека: Asia/Vladivostok, 2026-12-08 16:00")
    letter = told.index("2026-12-10 12:00  Завтра эфир. Приготовьте вопросы.")
    now = told.index("2026-12-11 16:00")
    assert note < letter < now
