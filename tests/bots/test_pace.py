"""How fast a bot sends: no chat and no bot above what its messenger bears, over restarts too (R39)."""

from collections import Counter

import pytest

from bots.channel import Call
from bots.pace import EVERYBODY, Pace
from bots.rates import LIMITS, Bucket, Ceiling, Chats
from storage import outbox
from storage.database import open_database
from tests.bots.messengers import MESSENGERS
from tests.bots.post import Lane, Post

GROUP, CHAT = "-100500", "501"


class Watch:
    """Monotonic time that goes only where it is sent."""

    def __init__(self):
        self.now = 0.0

    def __call__(self):
        return self.now

    async def wait(self, seconds):
        self.now += seconds


def arrivals(chats, chat, seconds, step=0.05):
    """When a chat that always has something to get is called."""
    now, found = 0.0, []
    while now < seconds:
        if chat not in chats.full(now, now):
            chats.spend(chat, now)
            found.append(now)
        now = round(now + step, 6)
    return found


def most_in(moments, window):
    """The most moments of any such window."""
    return max(sum(one <= other < one + window for other in moments) for one in moments)


def test_a_private_chat_takes_a_short_burst_and_then_one_a_second():
    found = arrivals(Chats(LIMITS["telegram"]), CHAT, 60)
    assert found[:4] == [0.0, 0.05, 0.1, 0.15]
    assert most_in(found[4:], 0.99) == 1
    assert len(found) >= 60


def test_a_group_takes_no_more_than_twenty_in_any_minute():
    found = arrivals(Chats(LIMITS["telegram"]), GROUP, 600)
    assert most_in(found, 60) <= 20
    assert len(found) >= 155  # and not much fewer


def test_chats_that_got_little_are_forgotten():
    chats = Chats(LIMITS["telegram"])
    for number in range(1000):
        chats.spend(str(number), number / 25)
        chats.full(number / 25, 0)
    assert len(chats._paid) <= 26


def test_vk_and_the_web_count_no_chats():
    for kind in ("vk", "web"):
        chats = Chats(LIMITS.get(kind))
        for _ in range(100):
            chats.spend(CHAT, 0)
        assert chats.full(0, 0) == {}


@pytest.mark.parametrize("kind", ["telegram", "vk"])
async def test_nobody_passes_the_ceiling_in_any_second(kind):
    watch = Watch()
    ceiling = Ceiling(LIMITS[kind].calls, watch, watch.wait)
    moments = []
    for _ in range(300):
        await ceiling.turn()
        moments.append(watch.now)
    assert most_in(moments, 1.0) == LIMITS[kind].calls
    assert watch.now < 300 / LIMITS[kind].calls * 1.15


def pace(channel="telegram", watch=None):
    watch = watch or Watch()
    made = Pace(channel, LIMITS[channel], lambda: int(watch.now * 1_000_000), watch)
    made.bucket = Bucket(channel, watch)
    return made, watch


def test_one_refused_chat_waits_alone_and_letters_slow_down_a_little():
    made, watch = pace()
    made.refused(CHAT, 30, whole_bot=False, bulk=True)
    assert made.resting() == 0
    assert list(made.full()) == [CHAT]
    assert made.bucket.rate == pytest.approx(20)
    made.refused("502", 30, whole_bot=False, bulk=True)  # before the slowing could show
    assert made.bucket.rate == pytest.approx(20)
    watch.now = 31
    assert made.full() == {}
    made.bucket.room()
    assert made.bucket.rate == 25


def test_a_refused_reply_slows_no_letters():
    made, _ = pace()
    made.refused(CHAT, 30, whole_bot=False, bulk=False)
    assert made.bucket.rate == 25


def test_when_everybody_is_refused_the_bot_rests():
    made, _ = pace()
    for number in range(EVERYBODY):
        assert made.resting() == 0
        made.refused(str(number), 30, whole_bot=False, bulk=True)
    assert made.resting() == 30
    made, _ = pace()
    for number in range(2 * EVERYBODY):
        made.refused(str(number), 30, whole_bot=False, bulk=True)
        made.went()
    assert made.resting() == 0


def test_vk_says_itself_whether_it_means_the_bot():
    made, _ = pace("vk")
    for number in range(2 * EVERYBODY):
        made.refused(str(number), 300, whole_bot=False, bulk=True)  # 9: of this chat
    assert made.resting() == 0
    made.refused("7", 1, whole_bot=True, bulk=False)  # 6: of the key
    assert made.resting() == 1


def test_a_shorter_rest_does_not_cut_a_longer_one():
    made, _ = pace("vk")
    made.refused("7", 3600, whole_bot=True, bulk=True)
    made.rest(2)
    assert made.resting() == 3600


@pytest.fixture(params=["telegram", "vk"])
async def post(request, tmp_path, new_sqlite):
    """A bot held to its messenger's limits."""
    side = MESSENGERS[request.param](tmp_path)
    await side.start()
    database = await open_database(new_sqlite(), exclusive=True)
    limits = LIMITS[request.param]
    post = await Post(database, side, limits, limits.calls).open()
    yield post
    await post.close()
    await database.close()
    await side.stop()


def plant(post, kind, **more):
    method = "sendMessage" if post.side.name == "telegram" else "messages.send"
    if post.side.name == "telegram":
        post.side.emulator.fail(kind, method, **more)
    else:
        post.side.emulator.fault(kind, method=method, **more)


def made(post) -> int:
    """How many calls to send there were."""
    calls = post.side.emulator.journal.calls
    calls = calls() if callable(calls) else calls
    return sum(one.method in ("sendMessage", "messages.send", "execute") for one in calls)


async def test_nothing_is_sent_before_a_flood_wait_has_lapsed_whatever_dies(post):
    await post.know(601, 602)
    telegram = post.side.name == "telegram"
    wait = 30 if telegram else 300
    details = {"retry_after": wait} if telegram else {"status": 9}
    plant(post, "flood" if telegram else "error", chat=601, **details)
    await post.queue("Письмо", 601)
    await post.send()
    for _ in range(3):
        await post.close()
        await post.open()
        await post.queue("Ответ", 601, lane=Lane.REPLY)  # another lane of the same chat
        await post.passes(wait / 4)
    assert made(post) == 1
    await post.queue("Ответ", 602, lane=Lane.REPLY)
    await post.send()
    assert made(post) == 2
    for _ in range(10):
        await post.passes(wait / 8)
    assert await post.states() == ["sent"] * 5
    assert (await post.rows())[0].tries == 1


async def test_a_whole_bots_wait_outlives_the_process_and_so_does_its_speed(post):
    accounts = range(700, 700 + 2 * EVERYBODY)
    await post.know(*accounts)
    telegram = post.side.name == "telegram"
    if telegram:
        plant(post, "flood", times=EVERYBODY, retry_after=40)
    else:
        plant(post, "error", status=29)
    lane = Lane.REPLY
    await post.queue("Привет", *accounts, lane=lane)
    if telegram:
        await post.send()
    else:  # one call at a time: VK says it once
        post.sender.concurrency = 1
        await post.send()
    asked = made(post)
    assert asked == (EVERYBODY if telegram else 1)
    bot = await post.bot()
    wait = 40 if telegram else 3600
    assert bot.retry_until_us == post.runner.house.wall_us + wait * 1_000_000
    slow = post.sender.pace.bucket.rate
    assert bot.rate == round(slow * 1_000)
    for _ in range(3):
        await post.close()
        await post.open()
        assert post.sender.pace.bucket.rate == slow
        await post.passes(wait / 4)
    assert made(post) == asked
    for _ in range(20):
        await post.passes(wait / 4)
    assert await post.states() == ["sent"] * len(accounts)
    assert (await post.bot()).retry_until_us is None


async def test_replies_of_one_turn_burst_and_a_long_queue_keeps_the_pace(post):
    await post.know(801)
    for number in range(8):
        await post.queue(f"Ответ {number}", 801, lane=Lane.REPLY)
    await post.send()
    telegram = post.side.name == "telegram"
    assert made(post) == (4 if telegram else 8)
    counts = []
    for _ in range(5):
        await post.passes(1)
        counts.append(made(post))
    assert counts == ([5, 6, 7, 8, 8] if telegram else [8] * 5)
    shown = [row.text for row in _delivered(post)]
    assert shown == [f"Ответ {number}" for number in range(8)]


def _delivered(post):
    journal = post.side.emulator.journal
    return journal.messages() if post.side.name == "telegram" else journal.delivered()


async def test_a_long_text_counts_each_of_its_parts(post):
    await post.know(901)
    await post.queue("слово " * 3000, 901, lane=Lane.REPLY)  # five parts
    await post.queue("Ещё", 901, lane=Lane.REPLY)
    await post.send()
    assert made(post) == (5 if post.side.name == "telegram" else 6)


async def test_letters_leave_calls_free_for_replies(post):
    accounts = range(2000, 2040)
    await post.know(*accounts)
    await post.passes(5)
    for account in accounts:
        await post.queue(f"Письмо {account}", account)
    post.sender.fold = 1
    await post.sender.step()
    assert len(post.sender.flying) <= post.sender.concurrency - 2
    await post.queue("Ответ", 2039, lane=Lane.REPLY)
    await post.sender.step()
    lanes = Counter(row.lane for row in await post.rows() if row.state == "sending")
    assert lanes[Lane.REPLY] == 1
    await post.sender.stop()


async def test_questions_count_under_vks_ceiling_and_typing_is_no_message_to_telegram(post):
    before = post.waited
    for number in range(50):
        await post.channel.profile(str(number))
        await post.channel.call(Call("typing", "501"))
    seconds = post.waited - before
    assert (seconds > 80 / LIMITS["vk"].calls) == (post.side.name == "vk")
    assert (seconds == 0) == (post.side.name == "telegram")


async def test_an_answer_to_a_press_waits_for_no_chat(post):
    await post.know(1101)
    await post.queue("Ответ", *[1101] * 6, lane=Lane.REPLY)
    await post.send()
    full = list(post.sender.pace.full())
    assert full == (["1101"] if post.side.name == "telegram" else [])
    (ack,) = await post.queue("", 1101, lane=Lane.ACK, op="answer")
    now_us, fence = post.runner.house.wall_us, post.sender.lease.fence
    claim = outbox.claim(post.sender.station.id, now_us, fence=fence, limit=9, full=full)
    assert ack in [row.id for row in await post.database.returning(*claim)]
