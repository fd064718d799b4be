"""A broadcast comes to a person: sent, put off, skipped, and called off (R46)."""

from __future__ import annotations

from datetime import UTC, datetime

from flows import effects, events
from flows.broadcasts.file import broadcast_of
from flows.engine import advance
from flows.state import Handover
from tests.flows.staging import Stage, limits, local, stage

NOW = datetime(2026, 1, 12, 9, 0, tzinfo=UTC)
TALK = """
entry: [start, {link: sale, flow: sale}]
fields: {level: {value: a1}}
flows:
  main:
    - consent: advertising
      refused: [end]
    - set: {bought: Ничего}
  sale:
    - ask: Какой курс?
      save: course
      options: [Базовый, Полный]
"""


def agreed(**more) -> Stage:
    """Somebody who agreed to adverts."""
    s = stage(TALK, **more)
    s.opens()
    s.presses("Согласен")
    return s


def comes(s: Stage, more: str = "", *, planned_us: int | None = None, halted: bool = False):
    """The broadcast's turn comes; what is decided."""
    text = more if "say:" in more else f"{more}\nsay: Скидка!"
    made, reading = broadcast_of(f"broadcast: sale\n{text}\n", "sale.yaml")
    assert made is not None, reading.problems
    planned = s.play.now_us if planned_us is None else planned_us
    s.hears(events.BroadcastCame(made, planned, halted))
    note = noted(s)
    return {"sent": "queued", "held": "later"}.get(note.kind, note.kind), note.reason


def noted(s: Stage) -> effects.Note:
    """The journal's last line about the broadcast."""
    return [note for note in s.play.notes if note.place == "broadcast:sale"][-1]


def local_until(s: Stage) -> str:
    return local(noted(s).until_us)


def test_a_broadcast_to_someone_who_agreed_is_sent_with_its_marks():
    s = agreed()
    assert comes(s, "erid: 2Vtz\nadvertiser: ООО «Мост»") == ("queued", "")
    (said,) = s.done
    assert said.text.splitlines() == [
        "Скидка!", "", "Реклама. ООО «Мост» erid: 2Vtz", "Чтобы не получать рекламу, напишите «стоп».",
    ]  # fmt: skip


def test_a_broadcast_without_a_live_consent_is_skipped_unless_it_is_no_advert():
    s = stage(TALK)
    s.opens()
    s.presses("Нет")
    assert comes(s) == ("skipped", "consent")
    assert comes(s, "kind: requested") == ("queued", "")


def test_a_broadcast_that_the_channel_denies_is_skipped():
    s = agreed(deny_advertising=True)
    assert comes(s) == ("skipped", "channel")


def test_a_broadcast_to_someone_who_said_stop_is_skipped_whatever_its_kind():
    s = agreed()
    s.types("стоп")
    assert comes(s, "kind: service") == ("skipped", "unsubscribed")
    s.opens("sale")
    assert comes(s, "kind: service") == ("queued", "")


def test_a_broadcast_to_someone_who_blocked_the_bot_is_skipped():
    s = agreed()
    s.hears(events.BotBlocked())
    assert comes(s) == ("skipped", "blocked")


def test_a_broadcast_that_was_stopped_is_skipped():
    assert comes(agreed(), halted=True) == ("skipped", "stopped")


def test_a_broadcast_looks_at_its_segment_again_when_it_comes():
    s = agreed()
    for to, fits in (
        ("{funnel: demo, if: 'level == \"a1\"'}", True),
        ("{funnel: demo, if: 'level == \"b1\"'}", False),
        ("{funnel: other}", False),
        ("{tags: [vip]}", False),
        ("{without_tags: [vip]}", True),
        ("{source: vk}", False),
        ("{funnel: demo, place: sale.course}", False),
    ):
        decided = comes(s, f"to: {to}\nkind: service")
        assert decided == (("queued", "") if fits else ("skipped", "segment")), to
    s.opens("sale")
    place = "to: {funnel: demo, place: sale.course}\nkind: service"
    assert comes(s, place) == ("queued", "")


def test_a_broadcast_in_quiet_hours_waits_for_their_end():
    s = agreed(limits=limits("22:00-09:00"))
    s.sleeps("11h")
    assert comes(s) == ("later", "quiet")
    assert local_until(s) == "2026-01-13 09:00"
    assert comes(s, "kind: service") == ("queued", "")


def test_a_broadcast_keeps_the_gap_and_the_daily_limit_and_counts_for_them():
    s = agreed(limits=limits("22:00-09:00", gap="3h", advertising_per_day=1))
    assert comes(s) == ("queued", "")
    assert comes(s) == ("later", "limit")
    assert local_until(s) == "2026-01-13 09:00"
    assert comes(s, "kind: requested") == ("later", "gap")
    assert local_until(s) == "2026-01-12 15:00"


def test_a_broadcast_past_its_last_moment_is_skipped():
    s = agreed()
    now = s.play.now_us
    s.sleeps("3h")
    assert comes(s, "late: 3h", planned_us=now) == ("queued", "")
    s.sleeps("1m")
    assert comes(s, "late: 3h", planned_us=now) == ("skipped", "late")


def test_a_broadcast_without_late_may_go_till_the_end_of_the_next_day():
    s = agreed()
    now = s.play.now_us
    s.sleeps("35h 59m")
    assert comes(s, planned_us=now) == ("queued", "")
    s.sleeps("2m")
    assert comes(s, planned_us=now) == ("skipped", "late")


def test_a_broadcast_that_would_wait_past_its_last_moment_is_skipped_with_the_reason():
    s = agreed(limits=limits("22:00-09:00"))
    s.sleeps("11h")
    assert comes(s, "late: 3h") == ("skipped", "quiet")


def test_a_broadcast_leaves_someone_who_answers_a_question_alone_for_an_hour():
    s = agreed()
    s.opens("sale")
    assert comes(s) == ("later", "busy")
    assert local_until(s) == "2026-01-12 13:00"
    assert comes(s, "busy: skip") == ("skipped", "busy")
    assert comes(s, "busy: send\nkind: requested") == ("queued", "")
    s.sleeps("1h")
    assert comes(s) == ("queued", "")
    assert s.presses("Базовый") == []  # the question is still open, nothing comes after it
    assert s.play.conversation.runs[-1].fields["course"] == "Базовый"


def test_a_broadcast_waits_while_a_manager_has_the_conversation():
    s = agreed()
    now = s.play.now_us
    s.person.handover = Handover("sales", 0, 0, now, now, 24 * 3_600_000_000)
    assert comes(s, "kind: service") == ("later", "handover")
    assert local_until(s) == "2026-01-12 13:00"
    assert comes(s, "late: 30m") == ("skipped", "handover")


def test_a_broadcasts_button_enters_by_the_code_of_a_link():
    s = agreed()
    comes(s, "buttons: [{text: Хочу, open: sale}]")
    assert s.presses("Хочу") == ["Какой курс?"]


def test_a_broadcasts_texts_know_the_last_run_of_its_funnel():
    s = agreed()
    comes(s, "to: {funnel: demo}\nkind: service\nsay: 'У вас {{ level }}'")
    assert [one.text for one in s.done] == ["У вас a1"]


def test_a_broadcast_without_a_funnel_reaches_someone_who_never_began_one():
    s = stage(TALK)
    assert comes(s, "kind: service\nsay: \"Здравствуйте{{ name | prefix(', ') }}!\"") == (
        "queued",
        "",
    )
    assert [one.text for one in s.done] == ["Здравствуйте!"]


def test_stop_and_a_block_call_off_what_is_queued():
    s = agreed()
    comes(s)
    for event, reason in ((events.Typed("стоп"), "стоп"), (events.BotBlocked(), "blocked")):
        _, done = advance(s.play.bundle, s.play.conversation, event, NOW)
        assert effects.CallOff(reason) in done
