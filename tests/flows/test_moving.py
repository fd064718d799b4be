"""A letter is moved, never dropped silently, and always says why."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from flows.calendar import Calendar
from flows.moving import Hours, Nowhere, Placed, placed, released
from flows.windows import NIGHT, Days, QuietHours, Window

MOSCOW = ZoneInfo("Europe/Moscow")
WORKDAYS = Days(workdays=True)
TEN_TO_EIGHT = Window(600, 1200)
GAP = timedelta(hours=3)


def at(text, where=MOSCOW):
    return datetime.fromisoformat(text).replace(tzinfo=where).astimezone(UTC)


def place(planned, *, days=None, window=None, quiet=NIGHT, kind="requested", now=None, **rules):
    return placed(
        at(planned),
        kind=kind,
        now=at(now or "2026-01-01 12:00"),
        hours=Hours(days, window, quiet, MOSCOW, Calendar("RU")),
        **rules,
    )


@pytest.mark.parametrize(
    ("planned", "rules", "moment", "reasons"),
    [
        ("2026-11-23 12:00", {}, "2026-11-23 12:00", ()),
        (
            "2026-11-23 12:00",
            {"after": at("2026-11-23 15:00")},
            "2026-11-23 15:00",
            ("previous",),
        ),
        ("2026-11-21 12:30", {"days": WORKDAYS}, "2026-11-23 12:30", ("day",)),
        ("2026-11-23 21:00", {"window": TEN_TO_EIGHT}, "2026-11-24 10:00", ("window",)),
        ("2026-11-23 20:00", {"window": TEN_TO_EIGHT}, "2026-11-23 20:00", ()),
        ("2026-11-23 22:00", {}, "2026-11-24 09:00", ("quiet",)),
        ("2026-11-23 09:00", {}, "2026-11-23 09:00", ()),
        (
            "2026-11-20 21:00",
            {"days": WORKDAYS, "window": TEN_TO_EIGHT},
            "2026-11-23 10:00",
            ("window", "day"),
        ),
        ("2026-11-20 23:00", {"days": WORKDAYS}, "2026-11-23 09:00", ("quiet", "day")),
        (
            "2026-11-23 12:00",
            {"gap": GAP, "last_sent": [(at("2026-11-23 11:00"), "advertising")]},
            "2026-11-23 14:00",
            ("gap",),
        ),
        (
            "2026-11-23 12:00",
            {"gap": GAP, "last_sent": [(at("2026-11-23 11:00"), "service")]},
            "2026-11-23 12:00",
            (),
        ),
        (
            "2026-11-23 19:00",
            {
                "gap": GAP,
                "last_sent": [(at("2026-11-23 18:00"), "requested")],
                "window": TEN_TO_EIGHT,
            },
            "2026-11-24 10:00",
            ("gap", "window"),
        ),
    ],
)
def test_a_letter_is_moved_in_the_stated_order(planned, rules, moment, reasons):
    assert place(planned, **rules) == Placed(at(moment), reasons)


@pytest.mark.parametrize(
    ("rules", "moment"),
    [
        ({}, "2026-11-24 09:00"),
        ({"window": TEN_TO_EIGHT}, "2026-11-24 10:00"),
        ({"quiet": None}, "2026-11-24 15:00"),
        ({"days": Days(weekdays=(0, 3))}, "2026-11-26 09:00"),
    ],
)
def test_over_the_daily_limit_a_letter_waits_for_the_next_allowed_opening(rules, moment):
    sent = [(at("2026-11-23 10:00"), "advertising"), (at("2026-11-23 11:00"), "requested")]
    found = place(
        "2026-11-23 15:00", kind="advertising", last_sent=sent, limits={"advertising": 1}, **rules
    )
    assert found.moment == at(moment)
    assert found.reasons[0] == "limit"


def test_another_kind_has_a_limit_of_its_own():
    found = place(
        "2026-11-23 15:00",
        last_sent=[(at("2026-11-23 10:00"), "advertising")],
        limits={"requested": 1, "advertising": 1},
    )
    assert found == Placed(at("2026-11-23 15:00"))


def test_a_limit_of_none_a_day_leaves_no_moment():
    found = place("2026-11-23 15:00", kind="advertising", limits={"advertising": 0})
    assert found == Nowhere(("limit",))


def test_a_service_letter_is_exact():
    found = place(
        "2026-11-23 23:00",
        kind="service",
        gap=GAP,
        after=at("2026-11-24 12:00"),
        last_sent=[(at("2026-11-23 22:00"), "requested")],
        limits={"requested": 0},
    )
    assert found == Placed(at("2026-11-23 23:00"))


def test_a_service_letter_obeys_a_window_that_is_written_on_it():
    found = place("2026-11-21 23:00", kind="service", window=TEN_TO_EIGHT, days=WORKDAYS)
    # First Monday at 23:00, then into its window.
    assert found == Placed(at("2026-11-24 10:00"), ("day", "window"))


def test_a_letter_that_is_late_is_placed_from_now():
    found = place("2026-11-23 12:00", now="2026-11-23 23:00")
    assert found == Placed(at("2026-11-24 09:00"), ("quiet",))


@pytest.mark.parametrize(
    "rules",
    [
        {"days": Days()},
        {"window": Window(23 * 60, 8 * 60)},
        {"window": Window(600, 1200), "quiet": QuietHours(9 * 60, 21 * 60)},
        {
            "days": Days(),
            "gap": GAP,
            "last_sent": [(at("2026-11-23 11:00"), "requested")],
        },
    ],
)
def test_rules_that_exclude_each_other_end_nowhere(rules):
    found = place("2026-11-23 12:00", **rules)
    assert isinstance(found, Nowhere)
    assert found.reasons


def test_a_reminder_waits_for_the_end_of_quiet_hours():
    assert released(at("2026-11-23 23:30"), NIGHT, MOSCOW) == at("2026-11-24 09:00")
    assert released(at("2026-11-23 23:30"), None, MOSCOW) == at("2026-11-23 23:30")


ZONES = [
    "Europe/Moscow",
    "Europe/Berlin",
    "America/New_York",
    "Australia/Lord_Howe",
    "Africa/Cairo",
]
minutes = st.integers(0, 1439)
moments = st.integers(0, 2 * 365 * 1440).map(
    lambda minute: datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=minute)
)
day_rules = (
    st.none()
    | st.just(WORKDAYS)
    | st.sets(st.integers(0, 6), min_size=1).map(lambda days: Days(weekdays=tuple(sorted(days))))
)
sent_letters = st.lists(
    st.tuples(st.integers(-72, 72), st.sampled_from(["service", "requested", "advertising"])),
    max_size=6,
)


@settings(deadline=None, max_examples=300)
@given(
    planned=moments,
    late=st.integers(-48, 48),
    after=st.none() | st.integers(-48, 48),
    days=day_rules,
    window=st.none() | st.builds(Window, minutes, minutes),
    quiet=st.none() | st.builds(QuietHours, minutes, minutes),
    gap=st.integers(0, 30),
    sent=sent_letters,
    limit=st.none() | st.integers(0, 3),
    kind=st.sampled_from(["requested", "advertising"]),
    name=st.sampled_from(ZONES),
)
def test_wherever_a_letter_falls_it_obeys_every_rule(
    planned, late, after, days, window, quiet, gap, sent, limit, kind, name
):
    where, calendar = ZoneInfo(name), Calendar("RU")
    now = planned + timedelta(hours=late)
    last_sent = [(planned + timedelta(hours=hours), sort) for hours, sort in sent]
    previous = None if after is None else planned + timedelta(hours=after)
    found = placed(
        planned,
        kind=kind,
        now=now,
        hours=Hours(days, window, quiet, where, calendar),
        after=previous,
        gap=timedelta(hours=gap),
        limits={} if limit is None else {kind: limit},
        last_sent=last_sent,
    )
    if isinstance(found, Nowhere):
        open_minutes = [m for m in range(1440) if window is None or window.includes(m)]
        shut = quiet is not None and all(quiet.includes(m) for m in open_minutes)
        assert limit == 0 or shut or "day" in found.reasons
        return
    local = found.moment.astimezone(where)
    minute = local.hour * 60 + local.minute
    assert found.moment >= max(planned, now, previous or planned)
    assert days is None or days.allow(local.date(), calendar)
    assert window is None or window.includes(minute)
    assert quiet is None or not quiet.includes(minute)
    assert all(
        found.moment >= moment + timedelta(hours=gap)
        for moment, sort in last_sent
        if sort != "service"
    )
    same_day = [
        m for m, sort in last_sent if sort == kind and m.astimezone(where).date() == local.date()
    ]
    assert limit is None or len(same_day) < limit
