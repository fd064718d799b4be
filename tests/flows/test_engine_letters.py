"""Letters whose moment does not suit: moved, held, late, and what an outage leaves."""

from __future__ import annotations

from flows import events
from tests.flows.staging import limits, stage, us

NIGHT = "22:00-09:00"


def letters(*items: str, main: str = "[start: news]", keys: str = "") -> str:
    lines = "\n".join(f"      - {{{item}}}" for item in items)
    return f"flows: {{main: {main}}}\nseries:\n  news:\n    {keys}\n    letters:\n{lines}\n"


def one(when: str, more: str = "", name: str = "one") -> str:
    return f"id: {name}, when: {when}, say: {name}" + (f", {more}" if more else "")


def test_a_letter_moves_to_an_allowed_day_at_the_same_clock():
    s = stage(letters(one("+4d 11:00", "days: workdays")))
    s.opens()
    s.waits("20d")
    assert s.times() == ["2026-01-16 11:00"]
    s = stage(letters(one("+5d 11:00", "days: workdays")))
    s.opens()
    s.waits("20d")
    assert s.times() == ["2026-01-19 11:00"]
    assert s.noted("moved").reason == "day"


def test_a_letter_moves_into_its_window_and_both_ends_belong_to_it():
    for when, moment in (("20:01", "2026-01-14 10:00"), ("20:00", "2026-01-13 20:00")):
        s = stage(letters(one(f"+1d {when}"), keys="window: 10:00-20:00"))
        s.opens()
        s.waits("20d")
        assert s.times() == [moment]


def test_a_letters_own_window_wins_over_the_series():
    s = stage(letters(one("+1d 08:00", "window: 07:00-09:00"), keys="window: 10:00-20:00"))
    s.opens()
    s.waits("20d")
    assert s.times() == ["2026-01-13 08:00"]


def test_a_letter_waits_whole_for_the_end_of_quiet_hours():
    s = stage(letters("id: one, when: +1d 23:00, steps: [Раз, Два]"), limits=limits(NIGHT))
    s.opens()
    s.waits("20d")
    assert s.times() == ["2026-01-14 09:00"] * 2
    assert s.noted("moved").reason == "quiet"


def test_ten_in_the_evening_is_quiet_and_nine_in_the_morning_is_not():
    for when, moment in (("22:00", "2026-01-14 09:00"), ("09:00", "2026-01-13 09:00")):
        s = stage(letters(one(f"+1d {when}")), limits=limits(NIGHT))
        s.opens()
        s.waits("20d")
        assert s.times() == [moment]


def test_a_service_letter_is_exact():
    text = letters(one("+1d 03:00", "kind: service"), one("+1h", "kind: service", name="two"))
    s = stage(text, limits=limits(NIGHT, gap="3h", requested_per_day=1))
    s.opens()
    s.waits("20d")
    assert s.times() == ["2026-01-13 03:00", "2026-01-13 04:00"]


def test_the_gap_counts_from_the_last_letter_of_any_funnel():
    first = letters(one("+1h"))
    other = "funnel: other\nentry: [{link: b}]\n" + letters(one("+2h", name="two"))
    s = stage(first, other, limits=limits(gap="3h"))
    s.opens()
    s.opens("b")
    assert s.waits("10h") == ["one", "two"]
    assert s.times() == ["2026-01-12 13:00", "2026-01-12 16:00"]
    assert s.noted("moved").reason == "gap"


def test_a_service_letter_makes_no_gap():
    s = stage(
        letters(one("+1h", "kind: service"), one("+1h", name="two")), limits=limits(gap="3h")
    )
    s.opens()
    s.waits("10h")
    assert s.times() == ["2026-01-12 13:00", "2026-01-12 14:00"]


def test_over_the_daily_limit_a_letter_goes_at_the_next_opening():
    text = letters(one("+1h"), one("+1h", name="two"), keys="window: 10:00-20:00")
    s = stage(text, limits=limits(requested_per_day=1))
    s.opens()
    s.waits("10d")
    assert s.times() == ["2026-01-12 13:00", "2026-01-13 10:00"]
    assert s.noted("moved").reason == "limit, window"


def test_a_letter_never_passes_the_previous_one_of_its_series():
    text = letters(one("+1d 21:00"), one("+0h", name="two"), keys="window: 10:00-20:00")
    s = stage(text)
    s.opens()
    assert s.waits("10d") == ["one", "two"]


def test_what_moving_delayed_is_not_late():
    text = letters(
        one("+1d 11:00", "window: 15:00-20:00"), one("+0d 12:00", "late: skip", name="two")
    )
    s = stage(text)
    s.opens()
    assert s.waits("10d") == ["one", "two"]
    assert s.times() == ["2026-01-13 15:00", "2026-01-13 15:00"]


def test_a_moment_past_at_entry_is_skipped():
    for when in ("+0d 11:00", "2026-01-12 11:00", "day -2h"):
        text = "fields: {day: {type: datetime, value: 2026-01-12 13:00}}\n"
        s = stage(text + letters(one(when, "late: send within 3h"), one("+1d 12:00", name="two")))
        s.opens()
        assert s.waits("3d")[-1] == "two"
        s = stage(text + letters(one(when), one("+1d 12:00", name="two")))
        s.opens()
        assert s.waits("3d") == ["two"]
        assert s.notes("skipped") == ["late"]


def test_late_send_sends_a_past_moment_at_entry():
    s = stage(letters(one("+0d 11:00", "late: send")))
    assert s.opens() == ["one"]


def test_an_absolute_letter_goes_within_twenty_minutes_of_its_moment_and_not_later():
    for slept, said in (("140m", ["one"]), ("141m", [])):
        s = stage(letters(one("2026-01-12 14:00")))
        s.opens()
        s.sleeps(slept)
        assert s.waits("1d") == said


def test_a_plus_letter_goes_however_late():
    s = stage(letters(one("+1d 11:00")))
    s.opens()
    s.sleeps("9d")
    assert s.waits("1d") == ["one"]


def test_late_skip_skips_a_plus_letter_after_an_outage():
    s = stage(letters(one("+1h", "late: skip, otherwise: [Вместо]")))
    s.opens()
    s.sleeps("9h")
    assert s.waits("1h") == ["Вместо"]


def test_after_a_long_outage_letters_come_one_at_a_time_with_the_gap():
    text = letters(*[one("+1d 11:00", name=name) for name in ("one", "two", "three")])
    s = stage(text, limits=limits(NIGHT, gap="3h", requested_per_day=2))
    s.opens()
    s.sleeps("72h")
    assert s.waits("3d") == ["one", "two", "three"]
    assert s.times() == ["2026-01-15 12:00", "2026-01-15 15:00", "2026-01-16 09:00"]


def test_an_outage_that_ends_at_night_waits_for_the_morning():
    s = stage(letters(one("+1d 11:00")), limits=limits(NIGHT))
    s.opens()
    s.sleeps("39h")
    s.waits("1d")
    assert s.times() == ["2026-01-14 09:00"]


def test_a_letter_that_falls_nowhere_is_skipped_and_the_series_goes_on():
    text = letters(one("+1h", "window: 23:00-23:30"), one("+1h", name="two"))
    s = stage(text, limits=limits(NIGHT))
    s.opens()
    assert s.waits("1d") == ["two"]
    assert s.notes("skipped") == ["nowhere: window, quiet"]


BUSY = "[{start: news}, {ask: Ну?, id: q, options: [А]}]"


def test_a_letter_is_held_while_a_question_is_open():
    s = stage(letters(one("+1h"), main=BUSY))
    s.opens()
    assert s.waits("5h") == []
    assert s.notes("held") == ["a question is open"]
    assert s.presses("А") == ["one"]


def test_a_held_letter_passes_quiet_hours_and_gap_when_it_is_released():
    s = stage(letters(one("+1h"), main=BUSY), at="2026-01-12 20:00", limits=limits(NIGHT))
    s.opens()
    s.waits("3h")
    assert s.presses("А") == []
    s.waits("1d")
    assert s.times() == ["2026-01-13 09:00"]


def test_a_held_letter_goes_after_a_day_at_most():
    s = stage(letters(one("+1h"), main=BUSY))
    s.opens()
    assert s.waits("24h") == []
    assert s.waits("1h") == ["one"]
    assert s.times() == ["2026-01-13 13:00"]


def test_a_held_letter_goes_when_silence_leaves_the_question():
    main = "[{start: news}, {ask: Ну?, id: q, silence: [{after: 3h, then: [Ушли]}]}]"
    s = stage(letters(one("+1h"), main=main))
    s.opens()
    assert s.waits("4h") == ["Ушли", "one"]


def test_a_held_letter_goes_by_late_when_it_is_released():
    s = stage(letters(one("2026-01-12 13:00"), one("+1h", name="two"), main=BUSY))
    s.opens()
    s.waits("5h")
    assert s.presses("А") == ["two"]
    assert s.notes("skipped") == ["late"]


def test_busy_send_goes_on_top_of_the_question():
    s = stage(letters(one("+1h", "busy: send"), main=BUSY))
    s.opens()
    assert s.waits("2h") == ["one"]
    assert s.place == "main.q"


def test_busy_skip_skips_the_letter():
    s = stage(letters(one("+1h", "busy: skip"), one("+1d", name="two"), main=BUSY))
    s.opens()
    s.waits("2h")
    assert s.notes("skipped") == ["busy"]
    s.presses("А")
    assert s.waits("2d") == ["two"]


def test_a_service_letter_is_not_held():
    s = stage(letters(one("+1h", "kind: service"), main=BUSY))
    s.opens()
    assert s.waits("2h") == ["one"]


def lately(s, seen: str) -> None:
    """The next timer fires now, but the clock saw long ago that it was due."""
    (slot, timer) = next(iter(s.play.timers.items()))
    del s.play.timers[slot]
    seen_us = us(seen)
    s.play.hear(
        events.TimerFired(timer.run, timer.name, timer.number, timer.due_us, seen_us=seen_us)
    )


def test_what_the_messengers_speed_costs_is_not_late():
    for seen, said in (("2026-01-13 12:00", ["one"]), ("2026-01-13 12:21", [])):
        s = stage(letters(one("2026-01-13 12:00")))
        s.opens()
        s.sleeps("26h")  # two hours after its moment
        lately(s, seen)
        assert s.take() == said


def test_letters_do_not_wait_for_what_was_sent_by_a_clock_that_was_ahead():
    s = stage(letters(one("+1d"), one("+1d", name="two")), limits=limits(gap="3h"))
    s.opens()
    s.sleeps("400d")
    s.play.run_until(s.play.now_us)
    assert s.take() == ["one"]
    s.play.now_us -= 399 * 24 * 3_600_000_000
    s.play.hear(events.Typed("Здравствуйте"))  # the gap begins now
    assert s.play.conversation.person.letters_sent == [[s.play.now_us, "requested"]]


def test_gap_and_limits_count_from_the_morning_that_a_queued_letter_waits_for():
    s = stage(letters(one("+1h"), one("+1h", name="two")), limits=limits(gap="3h"))
    s.opens()
    assert s.waits("1h") == ["one"]
    decided = s.play.now_us
    s.play.hear(events.LettersHeld(decided, us("2026-01-13 09:00")))
    s.waits("2d")
    assert s.times() == ["2026-01-13 12:00"]
