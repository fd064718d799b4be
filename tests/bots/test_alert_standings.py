"""When the owner is told: at once, then the same trouble at most once an hour, and when it is over."""

from bots.alerting.standing import HOUR_US, Seen, Standing, Told, changes, judged
from bots.alerting.words import MOST, OVER, WORDS, message_of

KEY = ("rejected", "tg", "main.level")
DISK = ("disk", "", "")
NOW = 1_000 * HOUR_US


def happened(count=1):
    seen = Seen()
    seen.add(KEY, {"reason": "no"}, count)
    return seen


def going():
    return Seen({DISK: {"free": "90"}})


def test_what_happens_is_told_at_once():
    known, told = judged({}, happened(3), NOW)
    assert told == [Told(KEY, {"reason": "no"}, 3)]
    assert known == {KEY: Standing(told_us=NOW, facts={"reason": "no"})}


def test_the_same_again_within_an_hour_is_counted_and_told_after_it():
    known, _ = judged({}, happened(), NOW)
    for minute in range(1, 60):
        known, told = judged(known, happened(2), NOW + minute * HOUR_US // 60)
        assert told == []
    known, told = judged(known, Seen(), NOW + HOUR_US)
    assert told == [Told(KEY, {"reason": "no"}, 118)]
    assert judged(known, Seen(), NOW + 3 * HOUR_US)[1] == []


def test_another_place_is_another_trouble():
    known, _ = judged({}, happened(), NOW)
    seen = Seen()
    seen.add(("rejected", "tg", "main.phone"), {})
    assert [one.key[2] for one in judged(known, seen, NOW + 1)[1]] == ["main.phone"]


def test_what_goes_on_is_told_once_and_again_after_a_day():
    known, told = judged({}, going(), NOW)
    assert [one.key for one in told] == [DISK]
    for hour in range(1, 24):
        known, told = judged(known, going(), NOW + hour * HOUR_US)
        assert told == []
    assert len(judged(known, going(), NOW + 24 * HOUR_US)[1]) == 1


def test_the_end_of_a_trouble_is_told():
    known, _ = judged({}, going(), NOW)
    known, told = judged(known, Seen(), NOW + 5)
    assert told == [Told(DISK, {"free": "90"}, over=True)]
    assert judged(known, Seen(), NOW + 10)[1] == []


def test_a_trouble_that_comes_and_goes_is_told_at_most_once_an_hour():
    known, told, at = {}, [], NOW
    while at < NOW + HOUR_US:
        for seen in (going(), Seen()):
            known, found = judged(known, seen, at)
            told += found
            at += 5_000_000
    assert [one.over for one in told] == [False, True]
    known, told = judged(known, going(), at)
    assert len(told) == 1


def test_what_is_long_over_is_forgotten():
    known, _ = judged({}, happened(), NOW)
    after, _ = judged(known, Seen(), NOW + 49 * HOUR_US)
    assert after == {}
    assert list(changes(known, after)) == [(KEY, None)]


def test_a_message_names_the_place_the_count_and_the_mend_in_both_languages():
    told = [Told(KEY, {"funnel": "school", "reason": "BUTTON_URL_INVALID"}, 4)]
    assert message_of(told, "ru") == (
        "⚠️ Бот «tg»: мессенджер не принял сообщение воронки «school», место «main.level»"
        " (BUTTON_URL_INVALID). Человек его не увидел: исправьте текст, кнопки или вложение."
        " Всего за последнее время: 4"
    )
    assert "refused a message of “school”, place “main.level”" in message_of(told, "en")


def test_every_kind_has_its_words_with_whatever_facts():
    for kind in WORDS:
        for language in ("ru", "en"):
            assert "{" not in message_of([Told((kind, "tg", "x"))], language)
    for kind in OVER:
        assert message_of([Told((kind, "tg", ""), over=True)], "ru").startswith("✅")


def test_facts_are_masked_and_cannot_look_like_another_alert():
    reason = (
        "token 123456789:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw, +7 916 123-45-67\n\n✅ Всё хорошо"
    )
    said = message_of([Told(("halted", "tg", ""), {"reason": reason})], "ru")
    assert "AAHdq" not in said
    assert "916" not in said
    assert "\n" not in said


def test_a_storm_is_one_message_that_says_how_many_there_are():
    told = [Told(("rejected", "tg", f"main.{n}")) for n in range(MOST + 7)]
    said = message_of(told, "ru")
    assert said.count("⚠️") == MOST
    assert said.endswith("…и ещё 7: остальное в журнале программы")
