"""Hand-overs: the bot is silent while a team has the conversation, and comes back in order."""

from __future__ import annotations

from flows import effects, events
from tests.flows.staging import limits, stage

HANDS = """
entry: [start, {words: [урок]}]
flows:
  main:
    - ask: Уровень?
      id: level
      options: [С нуля, {text: Помогите, go: help}]
      silence: [{after: 2h, say: Ау}]
    - Дальше
  help:
    - {handover: sales, id: talk, for: 24h, otherwise: [Никто не ответил]}
    - Вернулись{{ manager | prefix(", говорил ") }}
"""
ASKS = """
entry: [start]
flows:
  main:
    - {start: news}
    - {ask: Уровень?, id: level, options: [С нуля], silence: [{after: 2h, say: Ау}]}
    - {lead: Заявка, team: sales}
series:
  news:
    letters:
      - {id: one, when: +1h, busy: send, say: Первое}
      - {id: two, when: +1h, busy: send, say: Второе}
"""


def handed():
    s = stage(HANDS)
    s.opens()
    assert s.presses("Помогите") == ["team: Клиент ждёт человека"]
    return s


def test_the_bot_is_silent_and_the_team_hears_the_person():
    s = handed()
    assert s.place == "help.talk"
    assert s.types("урок") == ["team: урок"]
    assert s.opens("x") == ["team: /start x"]
    assert s.hears(events.Unreadable("sticker")) == ["team: [sticker]"]


def test_a_press_is_told_to_the_team_and_answers_nothing():
    s = stage(ASKS)
    s.opens()
    s.types("оператор")
    assert s.presses("С нуля") == ["team: С нуля"]
    assert s.place == "main.level"


def test_a_manager_returns_the_person_and_the_play_goes_on_below():
    s = handed()
    s.hears(events.ManagerTook("Анна"))
    assert s.hears(events.ManagerReturned("Анна")) == ["Вернулись, говорил Анна"]
    assert s.types("урок") == ["Уровень?"]


def test_what_a_manager_writes_goes_to_the_person_as_it_is():
    s = handed()
    assert s.hears(events.ManagerWrote("Анна", "Здравствуйте! {{ 7*7 }} **я**")) == [
        "Здравствуйте! {{ 7*7 }} **я**"
    ]
    assert s.person.handover.manager == "Анна"


def test_after_a_day_without_a_word_the_bot_is_back():
    s = handed()
    s.hears(events.ManagerTook("Анна"))
    s.waits("20h")
    s.types("Алло")
    assert s.waits("23h") == []
    assert s.waits("1h") == ["Вернулись, говорил Анна"]
    assert s.notes("taken_back") == ["silence"]


def test_when_nobody_took_the_conversation_otherwise_plays():
    s = handed()
    assert s.waits("24h") == ["Никто не ответил", "Вернулись"]


def test_the_bot_comes_back_after_quiet_hours():
    s = stage(HANDS, at="2026-01-12 23:00", limits=limits("22:00-09:00"))
    s.opens()
    s.presses("Помогите")
    assert s.waits("1d") == []
    assert s.until("2026-01-14 12:00") == ["Никто не ответил", "Вернулись"]
    assert s.times()[0] == "2026-01-14 09:00"


def test_stop_ends_a_handover():
    s = handed()
    (said,) = s.types("стоп")
    assert "больше не пишем" in said
    assert s.person.handover is None
    assert s.waits("3d") == []
    assert s.seen.ended


def test_the_persons_data_are_shown_during_a_handover():
    s = handed()
    (said,) = s.types("мои данные")
    assert not said.startswith("team:")
    assert s.person.handover is not None


def test_who_asks_for_a_human_gets_the_funnels_team():
    s = stage(ASKS)
    s.opens()
    said = s.types("Оператор")
    assert said == [
        "Передали разговор менеджеру: он ответит вам здесь.",
        "team: Клиент ждёт человека",
        "team: Оператор",
    ]
    s.hears(events.ManagerReturned())
    assert s.place == "main.level"


def test_without_a_team_a_human_is_an_ordinary_word():
    s = stage("entry: [start, {words: [оператор]}]\nflows: {main: [Привет]}")
    assert s.types("оператор") == ["Привет"]
    assert s.types("/human") == []


def test_the_open_question_is_asked_anew_and_its_silence_begins_afresh():
    s = stage(ASKS.replace("    - {start: news}\n", ""))
    s.opens()
    s.types("/human")
    assert s.waits("10h") == []
    assert s.hears(events.ManagerReturned()) == ["Уровень?"]
    assert s.waits("2h") == ["Ау"]


def test_letters_stand_still_and_go_one_at_a_time():
    s = stage(ASKS, limits=limits(gap="3h"))
    s.opens()
    s.types("оператор")
    assert s.waits("6h") == []
    assert s.hears(events.ManagerReturned()) == ["Уровень?", "Первое"]
    assert s.waits("4h") == ["Ау", "Второе"]


def test_a_wait_stands_still_until_the_return():
    s = stage("flows: {main: [{notify: sales, say: Тут}, {wait: 1h, id: p}, Дальше]}")
    s.opens()
    s.types("оператор")
    assert s.waits("5h") == []
    assert s.hears(events.ManagerReturned()) == ["Дальше"]


def test_an_answer_from_outside_is_heard_after_the_return():
    s = handed()
    s.hears(events.RequestAnswered(s.run.number, 77, {"ok": True}))
    assert s.notes("stale") == []
    s.hears(events.ManagerReturned())
    assert s.notes("stale") == ["request"]


def test_a_comment_says_nothing_during_a_handover():
    s = handed()
    assert s.hears(events.Commented("урок", reachable=True)) == []


def test_a_stranger_who_asks_for_a_human_is_the_teams_until_they_are_silent_for_a_day():
    s = stage(ASKS)
    assert s.types("оператор")[1:] == ["team: Клиент ждёт человека", "team: оператор"]
    assert s.types("Есть кто?") == ["team: Есть кто?"]
    s.sleeps("25h")
    assert s.opens() == ["Уровень?"]


def test_the_manager_who_took_the_lead_has_a_name_in_texts():
    s = stage(
        "flows: {main: [{ask: Ну?, id: a}, 'Вас ведёт {{ manager | default(\"команда\") }}']}"
    )
    s.opens()
    s.hears(events.ManagerTook("Анна", s.run.number))
    assert s.types("да") == ["Вас ведёт Анна"]


def test_a_return_of_what_nobody_has_changes_nothing():
    s = stage(ASKS)
    s.opens()
    assert s.hears(events.ManagerReturned()) == []
    assert s.notes("stale") == ["not handed over"]
    assert all(not isinstance(one, effects.TakeBack) for one in s.play.notes)


def test_who_may_be_written_to_again_begins_nothing_during_a_handover():
    s = stage(HANDS, "funnel: other\nentry: [subscribed]\nflows: {main: [Спасибо за подписку]}")
    s.opens()
    s.presses("Помогите")
    assert s.hears(events.BotAllowed()) == []
    assert s.hears(events.Joined(reachable=True)) == []
    assert s.notes("ignored") == ["the conversation is handed over"] * 2


def test_the_bot_does_not_come_back_to_who_blocked_it():
    s = handed()
    s.hears(events.BotBlocked())
    assert s.waits("3d") == []
    assert s.hears(events.BotAllowed()) == ["Никто не ответил", "Вернулись"]


def test_what_waited_for_the_return_begins_nothing_after_stop():
    s = stage(HANDS, "funnel: paid\nentry: [{event: paid}]\nflows: {main: [Спасибо за оплату]}")
    s.opens()
    s.presses("Помогите")
    s.hears(events.EventHappened("paid"))
    s.sleeps("25h")  # the hand-over is over, its timer has not fired yet
    assert "Спасибо за оплату" not in s.types("стоп")
    assert all(run.ended_us for run in s.runs)
    assert s.waits("3d") == []
