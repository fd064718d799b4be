"""What happens around the talk: blocking, leads, clicks, profiles, purity."""

from __future__ import annotations

from copy import deepcopy

from flows import effects, events
from flows.engine import advance
from flows.events import Profile
from tests.flows.staging import stage

ASKS = """
flows:
  main:
    - start: news
    - {ask: Ну?, id: q, options: [А], silence: [{after: 1h, say: Ау}]}
    - Ниже
series:
  news:
    busy: send
    letters: [{id: one, when: +2h, say: Письмо}, {id: two, when: +30d, say: Потом}]
"""


def blocked() -> object:
    s = stage(ASKS)
    s.opens()
    s.hears(events.BotBlocked())
    return s


def test_nothing_is_said_to_someone_who_blocked_the_bot():
    s = blocked()
    assert s.waits("10d") == []
    assert s.notes("held") == ["the person blocked the bot"] * 2


def test_the_next_message_revives_and_what_came_due_is_planned_again():
    s = blocked()
    s.waits("10d")
    assert s.types("а") == ["Ниже", "Письмо"]
    assert not s.person.blocked


def test_allowing_the_bot_revives_too():
    s = blocked()
    s.waits("10d")
    assert s.hears(events.BotAllowed()) == ["Ау", "Письмо"]


def test_a_click_or_an_unreachable_comment_does_not_revive():
    s = blocked()
    s.hears(events.Clicked("link", s.run.number))
    s.hears(events.Commented("хочу"))
    assert s.person.blocked


def test_stop_as_the_first_word_after_a_block_sends_nothing_old():
    s = blocked()
    s.waits("10d")
    assert len(s.types("стоп")) == 1
    assert s.waits("60d") == []


def test_a_timer_that_is_not_due_survives_a_block():
    s = blocked()
    s.hears(events.BotAllowed())
    assert s.waits("1h") == ["Ау"]


LEAD = """
entry: [start, {link: b, flow: main}]
fields:
  phone: {label: Телефон, type: phone}
  day: {label: День, type: datetime, value: 2026-01-15 19:00}
flows:
  main:
    - {ask: Имя?, save: who}
    - {lead: "Заявка {{ who }}", team: sales, priority: urgent, value: "{{ 1500 * 2 }}"}
    - {lead: Вторая, team: sales, fields: [who]}
    - {notify: sales, say: "Готово {{ day | time }}"}
"""


def leads_of(s: object, event: object) -> list[effects.CaptureLead]:
    _, done = advance(s.play.bundle, s.play.conversation, event, s.play.now)
    return [effect for effect in done if isinstance(effect, effects.CaptureLead)]


def test_a_lead_carries_its_title_team_value_and_filled_fields():
    s = stage(LEAD)
    s.opens()
    first, second = leads_of(s, events.Typed("Аня"))
    assert (first.title, first.team, first.priority, first.value) == (
        "Заявка Аня", "sales", "urgent", 3000,
    )  # fmt: skip
    assert first.answers == (("day", "День", "15.01.2026 19:00"), ("who", "who", "Аня"))
    assert second.answers == (("who", "who", "Аня"),)
    s.types("Аня")
    assert s.run.lead


def test_a_lead_shows_the_buttons_words_for_a_value_that_the_button_saves():
    s = stage("""
    flows:
      main:
        - {ask: Бюджет?, save: budget, options: [{text: больше 10 тыс. ₽, value: more}, Не знаю]}
        - {lead: Подарок, team: sales}
    """)
    s.opens()
    s.presses("больше 10 тыс. ₽")
    assert s.run.fields == {"budget": "more"}
    assert s.play.leads[-1].answers == (("budget", "budget", "больше 10 тыс. ₽"),)


def test_a_lead_of_a_new_run_is_a_new_one():
    s = stage(LEAD)
    s.opens()
    s.types("Аня")
    s.opens("b")
    revisions = [(lead.title, lead.revision) for lead in leads_of(s, events.Typed("Аня"))]
    assert revisions == [("Заявка Аня", 1), ("Вторая", 1)]  # a run that ended has other leads


def test_a_repeat_of_a_lead_in_the_same_run_updates_it():
    s = stage(
        LEAD.replace("flows:\n", "flows:\n  side: [{lead: Вторая, team: sales}]\n", 1).replace(
            "{notify", "{say: Ещё, buttons: [{text: Ещё раз, go: side}]}\n    - {notify"
        )
    )
    s.opens()
    s.types("Аня")
    s.presses("Ещё раз")
    assert [(lead.title, lead.revision) for lead in s.play.leads] == [
        ("Заявка Аня", 1), ("Вторая", 1), ("Вторая", 2),
    ]  # fmt: skip


def test_the_team_is_told_in_the_order_of_the_steps_and_in_its_own_zone():
    s = stage(LEAD, zone="Asia/Vladivostok")
    s.opens()
    assert s.types("Аня") == ["team: Заявка Аня", "team: Вторая", "team: Готово 19:00"]


def test_a_click_is_known_to_conditions():
    s = stage("""
    flows: {main: [start: news]}
    series: {news: {letters: [{id: one, when: +1h, if: '"live" not in clicks', say: Ждём}]}}
    """)
    s.opens()
    s.hears(events.Clicked("live", s.run.number))
    assert s.waits("2h") == []


def test_the_channel_tells_the_names_and_an_empty_one_changes_nothing():
    s = stage("flows: {main: ['{{ first_name }} {{ last_name }}']}")
    s.play.profile = Profile(first_name="Аня", last_name="Ким")
    s.opens()
    s.play.profile = Profile(first_name="Анна")
    s.opens()
    assert (s.person.first_name, s.person.last_name) == ("Анна", "Ким")


def test_the_conversation_that_is_given_stays_as_it_was():
    s = stage(ASKS)
    s.opens()
    before = deepcopy(s.play.conversation)
    advance(s.play.bundle, s.play.conversation, s.button("А"), s.play.now)
    assert s.play.conversation == before


def test_free_texts_are_personal_and_numbers_and_ready_answers_are_not():
    s = stage("""
    flows:
      main:
        - {ask: Кто?, save: who}
        - {ask: Сколько?, save: age, answer: integer}
        - {ask: Где?, save: where, options: [Там]}
    """)
    s.opens()
    saves = []
    for typed in ("Аня", "5", "Там"):
        _, done = advance(s.play.bundle, s.play.conversation, events.Typed(typed), s.play.now)
        saves += [(e.field, e.personal) for e in done if isinstance(e, effects.Save)]
        s.types(typed)
    assert saves == [("who", True), ("age", False), ("where", False)]
