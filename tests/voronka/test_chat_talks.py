"""The terminal chat: several choices, free times, events, managers; what other channels say of it."""

import pytest

TALK = """\
funnel: small
entry:
  - start
  - {event: paid, flow: thanks, save: {amount: sum}}
fields: {amount: {type: number}}
flows:
  main:
    - ask: Что нужно?
      save: what
      many: true
      options: [Окна, Двери, Полы]
      silence: [{after: 1d, then: [end]}]
    - ask: Когда замер?
      save: visit
      answer: {type: slot, team: sales}
      silence: [{after: 1d, then: [end]}]
    - handover: sales
      for: 2h
    - Снова бот.
  thanks:
    - Спасибо за {{ amount | default(0) }} ₽.
"""
HOUSE = """\
project: small
bots:
  tg: {channel: telegram, token: $TELEGRAM_TOKEN, funnels: [small]}
teams:
  sales: {hours: mon-fri 10:00-19:00, notify: {telegram: -100}}
"""
START = ["--at", "2026-03-05 12:00"]
CHOICE = ["1", "3", "1", "Готово"]
BOOKED = [*CHOICE, "7", "1", "2"]


@pytest.fixture(autouse=True)
def talk(project):
    """A funnel with a choice of several, a free time and a hand-over."""
    (project / "voronka.yaml").write_text(HOUSE, encoding="utf-8")
    (project / "funnels" / "small.yaml").write_text(TALK, encoding="utf-8")


def said(voronka, *typed: str) -> str:
    result = voronka("chat", "small", *START, typed="\n".join([*typed, "/quit", ""]))
    assert result.exit_code == 0, result.output
    return result.output


def test_several_are_marked_by_their_numbers(voronka):
    output = said(voronka, *CHOICE)
    assert "Выбрано: Окна, Полы." in output
    assert "3. ✅ Полы" in output
    assert "1. ✅ Окна" in output
    assert "Когда замер?" in output


def test_a_time_and_another_day_are_chosen_by_their_numbers(voronka):
    output = said(voronka, *BOOKED)
    assert "1. чт 5 марта, 15:00" in output
    assert "2. пятница, 6 марта" in output
    assert "команде sales: Клиент ждёт человека" in output


def test_a_manager_is_played(voronka):
    output = said(
        voronka, *BOOKED, "/manager take", "ау", "/manager say Иду: ждите", "/manager return"
    )
    assert "команде sales: ау" in output
    assert "2026-03-05 12:00  Иду: ждите" in output
    assert output.index("разговор снова у бота") < output.index("Снова бот.")


def test_an_event_happens_with_what_it_brings(voronka):
    assert "Спасибо за 4500 ₽." in said(voronka, "/event {paid: {sum: 4500}}")
    assert "Спасибо за 0 ₽." in said(voronka, "/event paid")


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("/manager", "Что сделал менеджер?"),
        ("/manager dance", "Что сделал менеджер?"),
        ("/manager return", "разговор и так у бота"),
        ("/event", "не годится в имена"),
        ("/manager status lost", "«lost» сюда не подходит"),
        ("/event {a: 1, b: 2}", "Событие в тесте — имя"),
        ("/event {", "Файл не читается как YAML"),
    ],
)
def test_a_wrong_command_is_told_in_a_sentence(voronka, typed, told):
    output = said(voronka, typed)
    assert told in output


def test_other_words_with_a_slash_are_the_persons(voronka):
    assert "Traceback" not in said(voronka, "/events", "/managers take", "/privacy")


@pytest.mark.parametrize("channel", ["terminal", "web", "vk"])
def test_what_was_recorded_in_the_terminal_passes_everywhere(voronka, channel):
    typed = [
        *BOOKED,
        "/manager take",
        "/event {paid: {sum: 4500}}",
        "/manager return",
        "/quit",
        "",
    ]
    saved = voronka("chat", "small", *START, "--save", "Замер", typed="\n".join(typed))
    assert saved.exit_code == 0, saved.output
    played = voronka("test", "small", "--channel", channel)
    assert played.exit_code == 0, played.output


QUIZ = """\
funnel: small
entry: [start]
flows:
  main:
    - ask: Что любите?
      save: liked
      many: true
      max: 2
      options: [Чай, Кофе, Сок, Квас, Морс, Вода, Какао, Кефир, Узвар, Сбитень, Кисель]
      silence: [{after: 1d, then: [end]}]
    - Значит, {{ liked | default(["воду"]) | join(", ") }}.
tests:
  - test: Отметки — не сообщения
    talk:
      - open: ""
      - bot: Что любите?
      - press: Готово
      - press: Чай
      - press: Сок
      - press: Квас
      - press: Чай
      - press: Готово
      - bot: Значит, Сок.
"""


@pytest.mark.parametrize("channel", ["terminal", "web", "vk", "telegram"])
def test_a_quiz_of_many_passes_on_every_channel(voronka, project, channel):
    (project / "funnels" / "small.yaml").write_text(QUIZ, encoding="utf-8")
    played = voronka("test", "small", "--channel", channel)
    assert played.exit_code == 0, played.output
    assert channel in played.output


def test_a_funnel_without_a_bot_is_played_in_the_terminal(voronka, project):
    (project / "funnels" / "small.yaml").write_text(QUIZ, encoding="utf-8")
    (project / "voronka.yaml").write_text("project: small\n", encoding="utf-8")
    played = voronka("test", "small")
    assert played.exit_code == 0, played.output
    assert "(terminal)" in played.output
