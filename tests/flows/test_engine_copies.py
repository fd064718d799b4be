"""An older copy of the database goes on: another life may have sent what it still plans (R61)."""

from flows import events
from tests.flows.staging import Stage, stage, us

LETTERS = """
flows:
  main: [{consent: advertising}, {start: news}]
series:
  news:
    letters:
      - {id: news, when: +1d 11:00, say: Новость}
      - {id: offer, when: +1d 11:00, kind: advertising, erid: abc, advertiser: ООО Мост,
         say: Купите, otherwise: [Вместо]}
      - {id: last, when: +1d 11:00, kind: advertising, erid: abc, advertiser: ООО Мост,
         say: Последнее}
"""


def fires(s: Stage, lost_until: str = "", *, letters: bool = False) -> list[str]:
    """All that is due now fires, as the runtime lets it after a copy was put back."""
    while (due := s.play.due()) is not None and due <= s.play.now_us:
        slot = min(s.play.timers, key=lambda name: s.play.timers[name].due_us)
        timer = s.play.timers.pop(slot)
        lost_us = us(lost_until) if lost_until else 0
        fired = (timer.run, timer.name, timer.number, timer.due_us)
        s.play.hear(events.TimerFired(*fired, lost_until_us=lost_us, lost_letters=letters))
    return [text.split("\n")[0] for text in s.take()]


def begun() -> Stage:
    s = stage(LETTERS)
    s.opens()
    s.presses("Согласен")
    s.sleeps("4d")
    return s


def test_an_advert_that_a_forgotten_life_may_have_sent_is_passed_over():
    assert fires(begun()) == ["Новость", "Купите", "Последнее"]
    s = begun()
    assert fires(s, "2026-01-14 12:00") == ["Новость", "Последнее"]
    assert s.notes("skipped") == ["perhaps sent before the database was restored"]
    s = begun()
    assert fires(s, "2026-01-15 11:00") == ["Новость"]
    assert not s.play.timers


def test_a_person_may_let_no_letter_of_a_forgotten_life_come_again():
    s = begun()
    assert fires(s, "2026-01-14 12:00", letters=True) == ["Последнее"]
    s = begun()
    assert fires(s, "2026-01-20 12:00", letters=True) == []
    assert s.notes("series_done") == [""]
