"""What testers ask of a bot: to be strangers again, and to see a letter."""

from __future__ import annotations

from flows import effects, events
from flows.engine import advance
from flows.serving import asked_by_tester
from tests.flows.staging import stage

SCHOOL = """
language: ru
entry: [{link: ads, set: {source: Реклама}}, start]
fields: {level: {label: Уровень}, plan: {value: базовый}}
flows:
  main:
    - consent: advertising
    - {ask: Уровень?, save: level, options: [{text: С нуля, tag: новичок}, Говорю]}
    - start: letters
  booking: [Ждём вас.]
series:
  letters:
    letters:
      - id: video
        when: +1d 11:00
        say: Урок для уровня «{{ level | default("любого") }}», план {{ plan }}.
        photo: media/lesson.jpg
        buttons:
          - {text: Смотреть, url: "https://example.ru/1", track: video}
          - {text: Записаться, go: booking}
      - id: advert
        when: +1d 23:30
        kind: advertising
        say: Скидка
      - id: choice
        when: +2d 12:00
        steps:
          - tag: выбирал
          - {ask: Когда удобно?, id: moment, options: [Утро, Вечер]}
      - {id: quiet, when: +1d 12:00, steps: [{tag: тихо}]}
"""
RESET = events.ResetAsked()


def asks(s, letter=""):
    return s.hears(events.PreviewAsked(letter))


def entered():
    s = stage(SCHOOL, name="Мария")
    s.opens("ads")
    s.presses("Согласен")
    s.presses("С нуля")
    return s


def test_a_tester_who_resets_is_a_stranger_again():
    s = entered()
    (said,) = s.hears(RESET)
    assert "снова новый человек" in said
    assert s.runs == []
    assert (s.person.tags, s.person.consents, s.person.last) == ([], {}, None)
    assert s.person.first_name == "Мария"
    assert s.waits("5d") == []


def test_after_a_reset_an_entry_is_a_newcomers():
    s = entered()
    s.hears(RESET)
    before = s.person.counter
    (asked,) = s.opens()
    assert "Согласие на рекламу" in asked
    assert (s.run.source, s.run.fields) == ("", {"plan": "базовый"})
    assert s.run.number > before


def test_a_reset_withdraws_what_was_agreed_and_forgets_the_fields():
    s = entered()
    done = _done(s, RESET)
    (record,) = [one for one in done if isinstance(one, effects.RecordConsent)]
    assert (record.document, record.action) == ("advertising", "withdrawn")
    forgotten = {one.field: one.value for one in done if isinstance(one, effects.Save)}
    assert forgotten == {"level": None, "plan": None}
    assert any(isinstance(one, effects.Withdraw) for one in done)
    assert effects.CallOff("reset") in done


def test_a_reset_keeps_the_leads():
    s = stage("flows: {main: [{lead: Заявка, team: sales}]}", teams={"sales": None})
    s.opens()
    s.hears(RESET)
    assert [lead.title for lead in s.play.leads] == ["Заявка"]


def test_a_reset_takes_the_conversation_back_from_the_team():
    s = stage("flows: {main: [{handover: sales}]}", teams={"sales": None})
    s.opens()
    assert s.person.handover is not None
    s.hears(RESET)
    assert s.person.handover is None
    assert s.notes("taken_back")


def test_buttons_of_before_a_reset_are_too_old():
    s = entered()
    s.waits("1d")
    old = s.button("Записаться")
    s.hears(RESET)
    s.hears(old)
    assert s.runs == []
    assert s.notes("old_button")


def test_a_preview_without_a_name_lists_the_letters():
    (said,) = asks(stage(SCHOOL))
    assert said.splitlines()[1:] == [
        "/preview letters.video · +1d 11:00",
        "/preview letters.advert · +1d 23:30",
        "/preview letters.choice · +2d 12:00",
        "/preview letters.quiet · +1d 12:00",
    ]


def test_letters_of_several_funnels_are_listed_with_the_funnels_name():
    other = SCHOOL.replace("language: ru", "funnel: other\nlanguage: ru").replace("ads", "bus")
    (said,) = asks(stage(SCHOOL, other))
    assert "/preview demo.letters.video · +1d 11:00" in said
    assert "/preview other.letters.video · +1d 11:00" in said


def test_a_preview_of_a_letter_that_is_not_there_says_so_and_lists_them():
    (said,) = asks(stage(SCHOOL), "nothing")
    assert said.splitlines()[0] == "Письма «nothing» нет."
    assert "/preview letters.video" in said


def test_a_bot_without_letters_has_nothing_to_preview():
    assert asks(stage("flows: {main: [Привет]}")) == ["Писем у бота нет."]


def test_a_preview_shows_the_letter_with_the_persons_own_values():
    s = entered()
    mark, letter = asks(s, "letters.video")
    assert mark == "Предпросмотр: letters.video, +1d 11:00. Кнопки здесь не действуют."
    assert letter == "Урок для уровня «С нуля», план базовый."
    message = s.play.messages[-1][1]
    assert [media.path for media in message.media] == ["media/lesson.jpg"]
    assert message.buttons[0].url == "https://example.ru/1"


def test_a_stranger_previews_a_letter_with_start_values():
    s = stage(SCHOOL)
    assert asks(s, "video")[1] == "Урок для уровня «любого», план базовый."
    assert s.runs == []


def test_a_preview_changes_nothing_and_sends_no_letter_early():
    s = entered()
    before = (list(s.person.tags), s.place, dict(s.run.series), list(s.person.letters_sent))
    asks(s, "choice")
    asks(s, "quiet")
    assert (list(s.person.tags), s.place, dict(s.run.series), s.person.letters_sent) == before
    assert s.waits("1d") == ["Урок для уровня «С нуля», план базовый."]


def test_a_preview_passes_quiet_hours_limits_and_a_missing_consent():
    s = stage(SCHOOL, at="2026-01-12 23:50")
    said = asks(s, "advert")
    assert said[1].startswith("Скидка")
    assert s.times() == ["2026-01-12 23:50"] * 2


def test_a_previewed_question_is_not_open_and_its_buttons_do_nothing():
    s = entered()
    said = asks(s, "letters.choice")
    assert said[1:] == ["Когда удобно?"]
    s.presses("Утро")
    assert s.place == ""
    assert [one.text for one in _notices(s, s.button("Вечер"))] == [
        "Это предпросмотр: кнопка не действует."
    ]


def test_a_letter_that_says_nothing_is_previewed_as_such():
    assert asks(stage(SCHOOL), "quiet")[1] == "Это письмо вам ничего не говорит."


def test_a_testers_word_comes_before_an_open_question_that_takes_any_text():
    s = stage("flows: {main: [{ask: Как вас зовут?, save: name_of, answer: text}]}")
    s.opens()
    s.hears(RESET)
    assert s.runs == []


def test_a_strangers_reset_is_a_message_like_any_other():
    s = stage("flows: {main: [{ask: Как вас зовут?, save: name_of, answer: text}]}")
    s.opens()
    s.types("/reset")
    assert s.run.fields == {"name_of": "/reset"}


def test_only_whole_commands_are_a_testers_words():
    assert asked_by_tester("/reset") == RESET
    assert asked_by_tester("/Preview@school_bot letters.video") == events.PreviewAsked(
        "letters.video"
    )
    for text in ("reset", "/reset now", "/resets", "/start", "стоп"):
        assert asked_by_tester(text) is None


def _done(s, event):
    """The effects of an event that the stage does not hear."""
    return advance(s.play.bundle, s.play.conversation, event, s.play.now)[1]


def _notices(s, event):
    return [one for one in _done(s, event) if isinstance(one, effects.Notice)]
