"""``voronka chat`` with piped input."""

import pytest

SERIES = """\
funnel: small
entry:
  - start
  - link: promo
    set: {source: Промо}
fields: {many: {label: Сколько}}
flows:
  main:
    - ask: Сколько чашек?
      save: many
      answer: integer
      silence: [{after: 1h, say: Так сколько?}, {after: 3h, then: [end]}]
    - ask: Чай или кофе?
      save: drink
      options: [Чай, Кофе]
      silence: [{after: 3h, then: [end]}]
    - notify: sales
      say: Хотят {{ drink }}
    - start: letters
series:
  letters:
    letters:
      - id: one
        when: +1d 11:00
        say: Готово!
        buttons: [{text: Смотреть, url: "https://example.ru/1", track: one}]
"""
START = ["--at", "2026-03-05 23:40", "--zone", "Asia/Vladivostok"]


@pytest.fixture(autouse=True)
def series(project):
    """A funnel with a number, a choice and a letter."""
    (project / "funnels" / "small.yaml").write_text(SERIES, encoding="utf-8")


def test_a_whole_conversation(voronka):
    result = voronka("chat", "small", *START, typed="2\n2\n\n1\n/выход\nне сказано\n")
    lines = result.output.splitlines()[1:]
    assert lines == [
        "2026-03-05 23:40  Сколько чашек?",
        "2026-03-05 23:40  Чай или кофе?",
        "                    1. Чай",
        "                    2. Кофе",
        "    команде sales: Хотят Кофе",
        "2026-03-06 11:00  Готово!",
        "                    1. Смотреть → https://example.ru/1",
        "https://example.ru/1",
    ]
    assert result.exit_code == 0


def test_time_passes_by_command(voronka):
    output = voronka("chat", "small", *START, typed="+30m\n+9h 30m\n\n").output
    assert "2026-03-06 00:10\n" in output
    assert "2026-03-06 09:00  Так сколько?" in output
    assert "ничего не запланировано" in voronka("chat", "small", typed="\n" * 9).output


def test_a_wrong_number_is_an_answer_too(voronka):
    output = voronka("chat", "small", *START, typed="много\n").output
    assert output.count("2026-03-05 23:40") == 2


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["small", "--zone", "Mars/Base"], "Нет часового пояса Mars/Base"),
        (["small", "--zone", "../etc"], "Нет часового пояса"),
        (["small", "--at", "завтра"], "«завтра» — не момент"),
        (["bigger"], "Нет воронки «bigger»"),
    ],
)
def test_mistakes_are_sentences(voronka, words, told):
    result = voronka("chat", *words)
    assert result.exit_code == 2
    assert told in result.stderr
    assert result.stderr.count("\n") == 1


def test_escape_codes_of_a_text_do_not_reach_the_terminal(voronka, project):
    file = project / "funnels" / "small.yaml"
    text = SERIES.replace("Сколько чашек?", '"\\e[31mКрасный\\u202e?"')
    file.write_text(text, encoding="utf-8")
    output = voronka("chat", "small", *START).output
    assert "\x1b" not in output
    assert "\u202e" not in output


def test_a_silent_bot_is_explained(voronka, project):
    file = project / "funnels" / "small.yaml"
    file.write_text(SERIES.replace("  - start\n", ""), encoding="utf-8")
    assert "Бот промолчал" in voronka("chat", "small").output
    assert "Сколько чашек?" in voronka("chat", "small", "--link", "promo").output


PAPERS = """\
funnel: papers
entry: [start]
flows:
  main:
    - ask: Фото?
      save: picture
      answer: photo
      silence: [{after: 3h, then: [end]}]
    - ask: Куда?
      save: place
      answer: location
      silence: [{after: 3h, then: [end]}]
    - "{{ picture }}, {{ place }}"
"""


def test_files_and_places_are_sent_by_command(voronka, project):
    (project / "funnels" / "papers.yaml").write_text(PAPERS, encoding="utf-8")
    picture = project / "моё фото.png"
    picture.write_bytes(b"png")
    typed = f"/send нет.png\n/send {picture}\n/send 55.75, 37.61\n/выход\n"
    lines = voronka("chat", "papers", *START, typed=typed).output.splitlines()[1:]
    assert lines == [
        "2026-03-05 23:40  Фото?",
        "Нет файла нет.png. Координаты пишите так: /send 55.75, 37.61.",
        "2026-03-05 23:40  Куда?",
        "2026-03-05 23:40  фото, 55.75, 37.61",
    ]
