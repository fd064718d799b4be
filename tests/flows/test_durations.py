"""Durations are read as marketers write them and written as they are read."""

from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from flows.durations import read_duration, written
from flows.timing_messages import MESSAGES, TimingProblem


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("2s", 2),
        ("45m", 45 * 60),
        ("90m", 90 * 60),
        ("24h", 86_400),
        ("3d", 3 * 86_400),
        ("1d 6h", 30 * 3_600),
        ("1d6h30m", 30 * 3_600 + 1_800),
        (" 0m ", 0),
        ("45 мин", 45 * 60),
        ("2 ч", 7_200),
        ("3 дня", 3 * 86_400),
        ("1 час 30 мин.", 5_400),
    ],
)
def test_a_duration_is_read(text, seconds):
    assert read_duration(text) == timedelta(seconds=seconds)


@pytest.mark.parametrize(
    ("text", "code", "offset"),
    [
        ("", "duration_form", 0),
        ("soon", "duration_form", 0),
        ("45", "duration_form", 0),
        ("1d 6", "duration_form", 2),
        ("-2h", "duration_form", 0),
        ("3w", "duration_unit", 1),
        ("1d 6x", "duration_unit", 4),
        ("6h 1d", "duration_order", 4),
        ("1h 2h", "duration_order", 4),
        ("9999d", "duration_long", 0),
    ],
)
def test_a_bad_duration_is_a_problem_with_its_place(text, code, offset):
    problem = read_duration(text)
    assert isinstance(problem, TimingProblem)
    assert (problem.code, problem.offset) == (code, offset)
    assert all(text.format(**problem.params) for text in MESSAGES[code])


@settings(deadline=None)
@given(st.integers(0, 3650 * 86_400))
def test_what_is_written_reads_back(seconds):
    assert read_duration(written(timedelta(seconds=seconds))) == timedelta(seconds=seconds)


@settings(deadline=None)
@given(st.text(max_size=30))
def test_any_text_is_a_duration_or_a_problem(text):
    assert isinstance(read_duration(text), timedelta | TimingProblem)


@pytest.mark.parametrize("code", sorted(MESSAGES))
def test_a_message_fills_the_same_words_in_both_languages(code):
    words = dict.fromkeys(("text", "unit", "day", "field"), "x")
    assert all(text.format(**words) for text in MESSAGES[code])
