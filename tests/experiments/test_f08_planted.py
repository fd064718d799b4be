"""F8: the list of deliberate bugs, and where the suite catches each of them.

Every one is planted by a test of its own, which fails unless the suite's own check fails; here they
are counted, so that none is quietly dropped.
"""

from __future__ import annotations

from tests.bots import test_planted_bugs as in_bots
from tests.crash import test_harness_can_fail as in_crashes
from tests.experiments import dying as in_writes
from tests.experiments.figures import tell
from tests.flows import test_engine_planted as in_engine
from tests.storage import test_planted_bugs as in_storage

NAMED = {
    "the generation check of timers dropped": (in_engine, "the stale check of letters"),
    "a button of an older question counts": (in_engine, "the visit check of buttons"),
    "marked as sent before it is sent": (in_crashes, "sent before called"),
    "random_id is zero": (in_crashes, "random_id is zero"),
    "another random_id at each try": (in_bots, "test_without_its_random_id_vk_is_told_twice"),
    "source keys are not unique": (in_crashes, "source keys not unique"),
    "known updates are forgotten": (
        in_bots,
        "test_forgetting_which_updates_are_known_is_noticed",
    ),
    "confirmed before it is stored": (in_crashes, "confirmed before stored"),
    "the lease of the living is taken": (
        in_storage,
        "test_a_lease_that_is_taken_from_the_living_is_noticed",
    ),
    "calls of the dead taken for sent": (in_crashes, "doubtful dropped"),
    "calls of the dead left in sending": (
        in_bots,
        "test_calls_of_a_dead_process_that_nobody_declares_doubtful_are_noticed",
    ),
    "no order in the chat": (
        in_storage,
        "test_an_order_in_the_chat_that_nobody_keeps_is_noticed",
    ),
    "a moved timer stays": (in_storage, "test_a_clock_that_leaves_moved_timers_is_noticed"),
    "a timer deleted before it is moved": (in_crashes, "timers deleted before stored"),
    "an event read outside the transaction of its effects": (in_writes, "read before played"),
    "the late rule is not asked": (in_bots, "test_a_late_rule_that_nobody_asks_is_noticed"),
    "a block is taken for a bad message": (
        in_bots,
        "test_a_block_that_is_taken_for_a_bad_message_is_noticed",
    ),
    "anybody's button counts": (in_bots, "test_buttons_that_anybody_may_press_are_noticed"),
    "an advert is sent again": (in_bots, "test_resending_adverts_is_noticed"),
    "a letter overtakes «стоп»": (
        in_bots,
        "test_letters_that_do_not_wait_for_the_unread_are_noticed",
    ),
    "quiet hours are forgotten": (in_crashes, "quiet hours forgotten"),
}


def test_every_bug_of_the_list_is_planted_somewhere():
    bugs = {in_engine: in_engine.BUGS, in_crashes: in_crashes.CASES, in_writes: in_writes.BUGS}
    for module, name in NAMED.values():
        assert name in bugs.get(module, vars(module)), name
    places = list(NAMED.values())
    assert len(set(places)) == len(places) >= 15
    more = [("engine", bug) for bug in in_engine.BUGS if (in_engine, bug) not in places]
    tell("F8", named=len(places), caught=len(places), more_in_the_engine=len(more))
