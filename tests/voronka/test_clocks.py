"""Where the time comes from."""

from datetime import UTC, datetime

import pytest

from voronka.clocks import ClockRefused, FileClock, SystemClock, people_clock


def test_the_file_clock_is_refused_outside_of_tests(tmp_path, monkeypatch):
    monkeypatch.delenv("VORONKA_ENV", raising=False)
    with pytest.raises(ClockRefused):
        FileClock(tmp_path / "clock")


def test_the_file_tells_the_moment_and_may_be_half_written(tmp_path, monkeypatch):
    monkeypatch.setenv("VORONKA_ENV", "test")
    file = tmp_path / "clock"
    monkeypatch.setenv("VORONKA_TEST_CLOCK", str(file))
    clock = people_clock()
    file.write_text("2026-03-02T12:00:00+03:00\n")
    assert clock.now() == datetime(2026, 3, 2, 9, tzinfo=UTC)
    file.write_text("")
    assert clock.now() == datetime(2026, 3, 2, 9, tzinfo=UTC)
    file.write_text("2026-03-02 10:30")
    assert clock.now() == datetime(2026, 3, 2, 10, 30, tzinfo=UTC)


def test_without_a_file_it_is_the_machines(monkeypatch):
    monkeypatch.delenv("VORONKA_TEST_CLOCK", raising=False)
    assert isinstance(people_clock(), SystemClock)
    assert people_clock().now().tzinfo is UTC
