"""Consents and advertising: asked, kept, refused, withdrawn, and what may not go without them."""

from __future__ import annotations

from flows import effects, events
from flows.engine import advance
from tests.flows.staging import DOCUMENTS, document, stage

TWICE = """
flows:
  main:
    - {consent: personal_data, refused: [Жаль]}
    - Между
    - {consent: personal_data, id: again, refused: [Снова жаль]}
    - Ниже
"""


def consents_of(s: object, event: object) -> list:
    _, done = advance(s.play.bundle, s.play.conversation, event, s.play.now)
    return [effect for effect in done if isinstance(effect, effects.RecordConsent)]


def test_a_consent_shows_the_document_with_two_buttons():
    s = stage(TWICE)
    assert s.opens() == ["Прочитайте, пожалуйста, документ и выберите ответ:\nСогласие на данные"]
    assert s.buttons == ["Согласен", "Нет"]
    assert s.play.messages[-1][1].text.spans[-1].url == "https://example.ru/d"


def test_a_consent_takes_its_own_words_and_buttons():
    s = stage("flows: {main: [{consent: personal_data, say: Читайте, agree: Ок, refuse: Не ок}]}")
    assert s.opens() == ["Читайте\nСогласие на данные"]
    assert s.buttons == ["Ок", "Не ок"]


def test_an_agreement_is_recorded_with_version_place_and_message():
    s = stage(TWICE)
    s.opens()
    (record,) = consents_of(s, s.button("Согласен"))
    assert (record.action, record.version, record.place) == ("given", "1", "main.personal_data")
    assert record.message == s.play.messages[-1][0]


def test_a_typed_agreement_names_the_message_that_asked():
    s = stage(TWICE)
    s.opens()
    (record,) = consents_of(s, events.Typed("согласен"))
    assert record.message == s.play.messages[-1][0]


def test_an_agreement_to_the_same_version_is_not_asked_twice():
    s = stage(TWICE)
    s.opens()
    assert s.presses("Согласен") == ["Между", "Ниже"]
    assert s.notes("passed") == ["agreed before"]


def test_a_newer_version_is_asked_again():
    s = stage(TWICE)
    s.opens()
    s.presses("Согласен")
    newer = {**DOCUMENTS, "personal_data": document("Новое согласие", version="2")}
    s.play.bundle = stage(TWICE, documents=newer).play.bundle
    assert s.opens()[0].endswith("Новое согласие")


def test_a_refusal_plays_refused_and_is_asked_again():
    s = stage(TWICE)
    s.opens()
    said = s.presses("Нет")
    assert said[:2] == ["Жаль", "Между"]
    assert said[2].endswith("Согласие на данные")
    assert s.person.consents["personal_data"].action == "refused"


def test_anything_else_is_a_bad_answer_to_a_consent():
    s = stage(TWICE)
    s.opens()
    assert s.types("ну ладно") == ["Не понял ответ. Выберите, пожалуйста, один из вариантов."]
    assert s.person.consents == {}


def test_stop_withdraws_the_advertising_consent_only():
    s = stage("flows: {main: [{consent: personal_data}, {consent: advertising}, Всё]}")
    s.opens()
    s.presses("Согласен")
    s.presses("Согласен")
    (record,) = consents_of(s, events.Typed("отписаться"))
    assert (record.document, record.action) == ("advertising", "withdrawn")
    s.types("отписаться")
    actions = {name: given.action for name, given in s.person.consents.items()}
    assert actions == {"personal_data": "given", "advertising": "withdrawn"}


def test_stop_ends_every_run_and_withdraws_what_is_queued():
    other = "funnel: other\nentry: [{link: b}]\nflows: {main: [Раз]}"
    s = stage(TWICE, other)
    s.opens()
    s.opens("b")
    _, done = advance(s.play.bundle, s.play.conversation, events.Typed("/stop"), s.play.now)
    withdrawn = {effect.run for effect in done if isinstance(effect, effects.Withdraw)}
    assert withdrawn == {run.number for run in s.runs}
    s.types("/stop")
    assert all(run.ended_us is not None and not run.plays for run in s.runs)
    assert s.play.timers == {}


ADVERT = """
flows:
  main:
    - {say: Купите, kind: advertising, erid: abc, advertiser: ООО Мост}
    - {ask: Купите?, id: buy, kind: advertising, options: [Да], silence: [{after: 1h, say: Ну купите}]}
    - Ниже
"""
AGREED = ADVERT.replace("main:\n", "main:\n    - consent: advertising\n", 1)
LINE = "\n\nЧтобы не получать рекламу, напишите «стоп»."


def test_advertising_is_not_said_nor_asked_without_a_consent():
    s = stage(ADVERT)
    assert s.opens() == ["Ниже"]
    assert s.notes("skipped") == ["no advertising consent"] * 2


def test_advertising_carries_its_marks_and_the_way_to_unsubscribe():
    s = stage(AGREED)
    s.opens()
    assert s.presses("Согласен") == [
        "Купите\n\nРеклама. ООО Мост erid: abc\nЧтобы не получать рекламу, напишите «стоп».",
        "Купите?" + LINE,
    ]


def test_a_reminder_of_an_advertising_question_is_advertising():
    s = stage(AGREED)
    s.opens()
    s.presses("Согласен")
    assert s.waits("2h") == ["Ну купите" + LINE]
    assert s.play.messages[-1][1].kind == "advertising"


def test_a_channel_that_denies_advertising_gets_none():
    s = stage(AGREED, deny_advertising=True)
    s.opens()
    assert s.presses("Согласен") == ["Ниже"]


LETTERS = """
flows: {main: [{consent: advertising}, {start: news}]}
series:
  news:
    letters:
      - {id: one, when: +1h, kind: advertising, say: Реклама, otherwise: [Без рекламы]}
      - {id: two, when: +1h, steps: [Письмо, {say: Реклама внутри, kind: advertising}]}
"""


def test_an_advertising_letter_without_consent_is_skipped_and_counts():
    s = stage(LETTERS)
    s.opens()
    s.presses("Нет")
    assert s.until("2026-01-12 15:00") == ["Без рекламы", "Письмо"]
    assert s.times() == ["2026-01-12 13:00", "2026-01-12 14:00"]


def test_an_advertising_step_inside_another_letter_is_gated_by_itself():
    s = stage(LETTERS)
    s.opens()
    s.presses("Согласен")
    assert s.until("2026-01-12 15:00") == ["Реклама" + LINE, "Письмо", "Реклама внутри" + LINE]


def test_a_message_says_its_kind():
    s = stage(LETTERS)
    s.opens()
    s.presses("Согласен")
    s.until("2026-01-12 15:00")
    kinds = [message.kind for _, message, _ in s.play.messages]
    assert kinds == ["service", "advertising", "requested", "advertising"]
