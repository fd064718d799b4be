"""F20: people block the bot, come back, delete their accounts, a fifth of them at random (R40).

The bot hears of it only from the refusal of its next message: updates that would tell it are lost.
"""

from __future__ import annotations

import random
from collections import defaultdict
from datetime import timedelta

import pytest

from bots import endings
from storage.database import open_database
from tests.bots.messengers import MESSENGERS
from tests.bots.post import Post
from tests.emulators.vk.scripts import calls_of
from tests.experiments.figures import LONG, seeds, tell

pytestmark = pytest.mark.timeout(3600 if LONG else 120)

PEOPLE = 400 if LONG else 20
ROUNDS = 12 if LONG else 3
SHARE = 0.2
DAYS = 3
"""Between people's coming and going: as many letters come due."""
LETTERS = "\n".join(
    f"      - {{id: l{day}, when: +1d, say: Письмо {day}}}" for day in range(1, 60)
)
FUNNEL = f"""
funnel: school
title: Письма
language: ru
entry: [start, words: [урок]]
flows:
  main:
    - Здравствуйте! Будем писать каждый день.
    - start: letters
series:
  letters:
    letters:
{LETTERS}
"""
SENDS = ("sendMessage", "messages.send", "execute")


@pytest.fixture(params=sorted(MESSENGERS))
async def crowd(request, tmp_path, new_sqlite):
    """People of one messenger who have begun a funnel."""
    side = MESSENGERS[request.param](tmp_path)
    await side.start()
    database = await open_database(new_sqlite(), exclusive=True)
    crowd = Crowd(await Post(database, side, funnel=FUNNEL).open())
    yield crowd
    await crowd.post.close()
    await database.close()
    await side.stop()


class Crowd:
    """Who is here, who has left, and what the bot was told of them."""

    def __init__(self, post: Post) -> None:
        self.post, self.side = post, post.side
        self.vk = post.side.name == "vk"
        self.people = list(range(10_000, 10_000 + PEOPLE))
        self.away: set[int] = set()
        self.gone: set[int] = set()
        self.refused: set[int] = set()
        self.seen = 0
        self.figures: dict[str, int] = defaultdict(int)

    def arrive(self) -> None:
        """Everybody is there."""
        for account in self.people:
            if self.vk:
                self.side.emulator.add_user(account, first_name="Анна")
            else:
                self.side.emulator.add_user(account, "Анна")
            self.write(account)

    def write(self, account: int) -> None:
        """The person begins, or says something."""
        if self.vk:
            self.side.people.allow(self.side.group, account)
            self.side.people.write(self.side.group, account, "урок")
        else:
            self.side.emulator.people[account].start()

    def leave(self, account: int, *, for_good: bool) -> None:
        """The person blocks the bot without its hearing of it, or deletes the account."""
        (self.gone if for_good else self.away).add(account)
        if self.vk:
            flags = {"blacklisted": True} if for_good else {"allowed": False}
            self.side.people.set_relation(self.side.group, account, **flags)
        elif for_good:
            self.side.emulator.people[account].delete_account()
        else:
            pending = self.side.bot.queue.pending
            before = len(pending)
            self.side.emulator.people[account].block()
            while len(pending) > before:
                pending.pop()

    async def hears(self) -> None:
        """The bot fetches what happened and plays it."""
        (fetcher,) = self.post.runner.fetchers.values()
        for _ in range(1 + len(self.people) // 50):
            await fetcher.once()
        await self.post.runner.settle()
        self.look()

    async def day(self) -> None:
        """The next letters come due."""
        self.post.clock.move(timedelta(days=1))
        await self.post.runner.settle()
        self.look()

    def look(self) -> None:
        """Count what the journal tells since the last look: calls to those who had refused one."""
        calls = self.side.emulator.journal.calls
        rows = calls() if callable(calls) else calls
        for row in rows[self.seen :]:
            if row.method not in SENDS:
                continue
            for account, refused in self.told(row):
                self.figures["calls"] += 1
                self.figures["after_refusal"] += account in self.refused
                if refused:
                    self.figures["refusals"] += 1
                    self.refused.add(account)
        self.seen = len(rows)

    def told(self, row) -> list[tuple[int, bool]]:
        """Whom the call was for, and whether it was refused."""
        if not self.vk:
            return [(int(row.chat), row.status == 403)]
        code = row.params.get("code")
        sent = [params for _, params in calls_of(code)] if code else [row.params]
        peers = [int(peer) for params in sent for peer in params["peer_ids"].split(",")]
        return [(peer, peer in self.away | self.gone) for peer in peers]

    def shown(self) -> dict[int, int]:
        """How many messages each of them has got."""
        found: dict[int, int] = defaultdict(int)
        journal = self.side.emulator.journal
        for one in journal.delivered() if self.vk else journal.messages():
            found[one.peer if self.vk else one.chat] += 1
        return found


async def live(crowd: Crowd, seed: int) -> dict[str, int]:
    """Rounds of leaving, silence and coming back; what was counted."""
    dice = random.Random(seed)
    await crowd.hears()  # VK's first fetch only tells where to begin
    crowd.arrive()
    await crowd.hears()
    for _ in range(ROUNDS):
        here = [one for one in crowd.people if one not in crowd.away | crowd.gone]
        for account in dice.sample(here, int(len(here) * SHARE)):
            crowd.leave(account, for_good=dice.random() < 0.2)
        for _ in range(DAYS):
            await crowd.day()
        back = [one for one in sorted(crowd.away) if dice.random() < 0.5]
        before = crowd.shown()
        for account in back:
            crowd.away.discard(account)
            crowd.refused.discard(account)
            crowd.write(account)
        await crowd.hears()
        after = crowd.shown()
        crowd.figures["came_back"] += len(back)
        crowd.figures["revived"] += sum(after[one] > before[one] for one in back)
    return dict(crowd.figures)


@pytest.mark.parametrize("seed", seeds())
async def test_nobody_who_left_is_called_again_and_all_who_return_are_answered(crowd, seed):
    found = await live(crowd, seed)
    left = len(crowd.away | crowd.gone)
    tell("F20", messenger=crowd.side.name, seed=seed, people=PEOPLE, still_away=left, **found)
    assert found["refusals"] > ROUNDS
    assert found["came_back"] > 0
    assert found["after_refusal"] == 0
    assert found["revived"] == found["came_back"]


async def test_forgetting_who_left_would_be_noticed(crowd, monkeypatch):
    """The planted bug: the refusal is written down and nobody is told."""
    monkeypatch.setattr(endings.inbox, "add", lambda _events: [])
    found = await live(crowd, 1)
    assert found["after_refusal"] > 0
