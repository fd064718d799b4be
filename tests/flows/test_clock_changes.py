"""F12: every clock change of every zone from 2020 to 2030, for every form of `when` and all that waits.

What is right is reckoned from the two offsets alone. Zones with all changes in common count as one.
`VORONKA_SOAK=1` looks at every minute around every change.
"""

from __future__ import annotations

import os
from datetime import date, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

from flows import events
from flows.calendar import Calendar
from flows.engine import EPOCH
from flows.moving import released
from flows.when import (
    DayAt,
    Elapsed,
    FieldDayAt,
    FieldOffset,
    Moment,
    Now,
    WeekdayAt,
    When,
    WorkingDayAt,
    planned,
)
from flows.windows import QuietHours, Window, next_opening
from tests.flows.clock_changes import DAY, MINUTE, Change, changes, offset_changes
from tests.flows.staging import Stage, limits, program, stage

SOAK = bool(os.environ.get("VORONKA_SOAK"))
EVERY_DAY = Calendar("")
HOUR = timedelta(hours=1)
RUSSIAN = (
    "Europe/Kaliningrad", "Europe/Moscow", "Europe/Volgograd", "Europe/Saratov", "Europe/Samara",
    "Asia/Yekaterinburg", "Asia/Omsk", "Asia/Novosibirsk", "Asia/Krasnoyarsk", "Asia/Irkutsk",
    "Asia/Yakutsk", "Asia/Vladivostok", "Asia/Magadan", "Asia/Sakhalin", "Asia/Kamchatka",
)  # fmt: skip
ODD = (
    "Europe/Berlin", "Europe/London", "Europe/Lisbon", "Europe/Athens", "Europe/Chisinau",
    "America/New_York", "America/Havana", "America/Asuncion", "America/Scoresbysund",
    "Australia/Lord_Howe", "Asia/Tehran", "Asia/Beirut", "Asia/Gaza", "Asia/Almaty",
    "Africa/Casablanca", "Pacific/Apia", "Atlantic/Azores",
)  # fmt: skip


def plan(when: When, previous: datetime, where: ZoneInfo, field: datetime | None = None):
    return planned(
        when,
        previous=previous,
        person_zone=where,
        funnel_zone=where,
        calendar=EVERY_DAY,
        field_value=field,
    )


def test_every_zone_is_tried():
    assert len(list(changes())) > 700
    assert available_timezones() >= {*RUSSIAN, *ODD}
    assert [len(offset_changes(name)) for name in ("Europe/Berlin", "Europe/Volgograd")] == [22, 1]
    assert {change.after - change.before for change in changes(ODD)} >= {HOUR, -HOUR, HOUR / 2}


def test_every_form_with_a_clock_gives_the_first_such_minute_or_the_first_valid_one():
    for change in changes():
        start = change.wall(change.days()[1], 12 * 60)
        first = change.shown(start).date()
        for minute in change.minutes():
            day, tomorrow = change.days()[2], first + DAY
            far = (day - first).days
            forms: list[tuple[When, date]] = [
                (DayAt(far, minute), day),
                (FieldDayAt("at", far, minute), day),
                (Moment(day.isoformat(), minute), day),
                (WeekdayAt(day.weekday(), minute), day),
            ]
            if tomorrow.weekday() < 5:
                forms.append((WorkingDayAt(1, minute), tomorrow))
            for when, wanted in forms:
                moment = plan(when, start, change.zone, start)
                right = change.wall(wanted, minute)
                if isinstance(when, WeekdayAt) and right <= start:
                    right = change.wall(wanted + 7 * DAY, minute)
                assert moment == right, (change, when)


def test_every_elapsed_form_is_true_time():
    for change in changes():
        for hours in (1, 23, 24, 25, 48):
            start = change.moment - timedelta(hours=hours) / 2
            span = timedelta(hours=hours)
            assert plan(Elapsed(hours * 3_600), start, change.zone) == start + span
            assert (
                plan(FieldOffset("at", hours * 3_600), start, change.zone, start) == start + span
            )
            assert (
                plan(FieldOffset("at", -hours * 3_600), start, change.zone, start) == start - span
            )
            assert plan(Now(), start, change.zone) == start


WINDOWS = (Window(600, 1200), Window(90, 150), Window(130, 160), Window(1320, 540), Window(0, 60))
QUIET = (QuietHours(1320, 540), QuietHours(60, 150), QuietHours(1380, 180), QuietHours(0, 1))


def test_windows_open_and_quiet_hours_end_at_the_next_minute_that_suits():
    for change in changes():
        moments = [
            change.moment + MINUTE * ahead for ahead in (-700, -61, -31, -1, 0, 29, 61, 700)
        ]
        for moment in moments:
            for window in WINDOWS:
                opening = next_opening(moment, window, change.zone)
                assert moment <= opening <= moment + 3 * DAY
                assert window.includes(_minute(change, opening)), (change, window, moment)
            for quiet in QUIET:
                loud = released(moment, quiet, change.zone)
                assert moment <= loud <= moment + 2 * DAY
                assert not quiet.includes(_minute(change, loud)), (change, quiet, moment)


def test_nothing_earlier_would_have_suited():
    """Every minute of two days around the change is looked at."""
    found = list(changes())
    for change in found[:: 1 if SOAK else 20]:
        begin = change.moment - DAY
        clocks = [_minute(change, begin + MINUTE * ahead) for ahead in range(2 * 1440)]
        for hours in (*QUIET, *WINDOWS):
            is_quiet = isinstance(hours, QuietHours)
            opens = hours.end if is_quiet else hours.start
            suits = [hours.includes(minute) != is_quiet for minute in clocks]
            for ahead in range(720, 1440 + 720, 37):
                expected = next((at for at in range(ahead, 2880) if suits[at]), None)
                # Clocks that are put back into open hours open nothing anew: their opening counts.
                put_back = expected == 1440 and ahead < 1440 and clocks[1440] != opens
                if expected is None or (put_back and change.after < change.before):
                    continue
                moment = begin + MINUTE * ahead
                move = released if is_quiet else next_opening
                assert move(moment, hours, change.zone) == begin + MINUTE * expected, (
                    change,
                    hours,
                )


def _minute(change: Change, moment: datetime) -> int:
    local = change.shown(moment)
    return local.hour * 60 + local.minute


# whole plays

PLAYED = """
fields: {at: {type: datetime}}
entry: [start, {command: ask, flow: ask}, {command: wait, flow: wait}]
flows:
  main: [{start: clock}, {start: true_time}, {start: dated}]
  ask: [{ask: "Как дела?", id: q, silence: [{after: 24h, say: Ау}, {after: 48h, then: [Ушли]}]}]
  wait: [{wait: 30h, id: a}, Тридцать, {wait: "+1d 02:30", id: b}, Полтретьего]
series:
  clock:
    letters:
      - {id: l1, when: "+1d 02:30", say: 1 c}
      - {id: l2, when: "+1d 02:30", say: 2 c}
      - {id: l3, when: "+1d 02:30", say: 3 c}
      - {id: l4, when: "+1d 00:00", say: 4 c}
  true_time:
    letters:
      - {id: t1, when: +30h, say: 1 t}
      - {id: t2, when: +24h, say: 2 t}
      - {id: t3, when: +1h, say: 3 t}
  dated:
    letters:
      - {id: d1, when: at -1d 02:30, say: 1 d}
      - {id: d2, when: at, say: 2 d}
      - {id: d3, when: at +1d 02:30, say: 3 d}
"""


@cache
def played():
    return program(PLAYED)


def new_stage(change: Change, start: datetime, **more) -> Stage:
    s = stage(played(), zone=change.zone.key, **more)
    s.play.now_us = (start - EPOCH) // timedelta(microseconds=1)
    return s


def said_of(s: Stage, series: str) -> list[tuple[str, datetime]]:
    return [
        (item.text[0], EPOCH + timedelta(microseconds=item.at_us))
        for item in s.done
        if item.text.endswith(series)
    ]


def test_letters_come_once_in_order_at_their_minute_across_a_change():
    for change in changes():
        start = change.wall(change.days()[0], 12 * 60)
        s = new_stage(change, start)
        s.play.conversation.person.known = {"demo": {"at": change.moment.isoformat()}}
        s.opens()
        s.waits("6d")
        days = [change.days()[0] + DAY * ahead for ahead in (1, 2, 3, 4)]
        right = [
            change.wall(day, minute) for day, minute in zip(days, (150, 150, 150, 0), strict=True)
        ]
        assert said_of(s, "c") == list(zip("1234", right, strict=True)), change
        spans = [start + timedelta(hours=hours) for hours in (30, 54, 55)]
        assert said_of(s, "t") == list(zip("123", spans, strict=True)), change
        there = change.shown(change.moment).date()
        right = [change.wall(there - DAY, 150), change.moment, change.wall(there + DAY, 150)]
        assert said_of(s, "d") == list(zip("123", right, strict=True)), change


def test_silence_and_waits_are_true_time_across_a_change():
    for change in changes():
        start = change.moment - timedelta(hours=12)
        s = new_stage(change, start)
        s.hears(events.Typed("/ask"))
        s.waits("4d")
        times = [EPOCH + timedelta(microseconds=item.at_us) - start for item in s.done]
        assert times == [DAY, 2 * DAY], change
        s = new_stage(change, start)
        s.hears(events.Typed("/wait"))
        s.waits("5d")
        (first, second) = [EPOCH + timedelta(microseconds=item.at_us) for item in s.done]
        assert first - start == timedelta(hours=30), change
        assert second == change.wall(change.shown(first).date() + DAY, 150), change


def test_nothing_is_said_in_quiet_hours_and_nothing_is_lost_across_a_change():
    quiet = QuietHours(22 * 60, 9 * 60)
    for change in changes():
        s = new_stage(change, change.wall(change.days()[0], 12 * 60), limits=limits("22:00-09:00"))
        s.play.conversation.person.known = {"demo": {"at": change.moment.isoformat()}}
        s.opens()
        s.waits("7d")
        assert sorted(item.text for item in s.done if item.text[-1] != "d") == [
            "1 c", "1 t", "2 c", "2 t", "3 c", "3 t", "4 c",
        ]  # fmt: skip
        for item in s.done:
            moment = EPOCH + timedelta(microseconds=item.at_us)
            assert not quiet.includes(_minute(change, moment)), (change, item)
        assert [item.at_us for item in s.done] == sorted(item.at_us for item in s.done)
