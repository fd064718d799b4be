"""A bot whose letters are put into its queue without a funnel, with its real client and an emulator.

Time stands until it is moved: the pace, the ceilings and the queue go by one clock.
"""

import asyncio
from datetime import timedelta

from sqlalchemy import select, update

from bots.bodies import sealed_message
from bots.clocks import SetClock
from bots.rates import Bucket, Ceiling, Limits
from bots.runner import Runner
from bots.sender import Sender
from flows.loading import bundle_of, read_program
from flows.messages import Message
from storage import messages, outbox, people
from storage.outbox import Lane
from storage.tables import bots, identities, inbox, journal
from storage.tables import messages as messages_table
from storage.tables import outbox as outbox_table
from storage.tables import people as people_table
from storage.work import Database, Do, Row
from tests.bots.messengers import MESSENGERS, message
from tests.bots.runtime import SEAL, START, loaded

NAMES = {"telegram": "tg", "vk": "vk"}
PLACE = "main.level"


class _Timed(Runner):
    """A runner whose sender goes by the test's monotonic time."""

    async def _station(self, row, channel, bundle):
        station = await super()._station(row, channel, bundle)
        for sender in self.senders.values():
            sender.pace.monotonic = self.seconds
            sender.pace.bucket = Bucket(station.kind, self.seconds)
        return station


class Post:
    """One bot; `limits` and a ceiling of so many `calls` hold it where they are given."""

    def __init__(
        self, database: Database, side, limits: Limits | None = None, calls: int = 0, **funnel: str
    ) -> None:
        self.project = loaded(**funnel)
        self.database, self.side, self.limits, self.calls = database, side, limits, calls
        self.clock = SetClock(START)
        self.alarms: list[tuple[str, dict]] = []
        self.people: dict[str, tuple[int, int]] = {}
        self.waited = 0.0

    async def open(self) -> "Post":
        """Begin, or begin again as after a restart: nothing is remembered but the database."""
        name, project = NAMES[self.side.name], self.project
        ceiling = Ceiling(self.calls, self.seconds, self.wait) if self.calls else None
        self.channel = self.side.channel(ceiling=ceiling)
        texts = {one.hash: project.texts[key] for key, one in project.programs.items()}
        self.runner = _Timed(
            self.database,
            SEAL,
            self.clock,
            self.clock,
            {name: (self.channel, bundle_of(project, project.project.bots[name]))},
            texts=texts,
            read=lambda funnel, text: read_program(text, f"funnels/{funnel}.yaml"),
            alarm=lambda kind, facts: self.alarms.append((kind, dict(facts))),
            alone=True,
        )
        self.runner.limits, self.runner.seconds = {self.side.name: self.limits}, self.seconds
        await self.runner.open()
        return self

    async def close(self) -> None:
        await self.channel.close()

    @property
    def sender(self) -> Sender:
        (sender,) = self.runner.senders.values()
        return sender

    def seconds(self) -> float:
        """Monotonic time."""
        return (self.clock.now() - START).total_seconds()

    async def wait(self, seconds: float) -> None:
        """What the ceiling waits moves the clock."""
        self.waited += seconds
        self.clock.move(timedelta(seconds=seconds, microseconds=1))  # clocks have no finer grain
        await asyncio.sleep(0)

    async def know(self, *accounts: int) -> None:
        """Give people accounts, and rows as if they had begun."""
        ids = await self.database.ids(people_table, len(accounts))
        identity_ids = await self.database.ids(identities, len(accounts))
        bot_id = self.sender.station.id
        rows = []
        for account, person_id, identity_id in zip(accounts, ids, identity_ids, strict=True):
            self._meet(account)
            self.people[str(account)] = (person_id, identity_id)
            named = {"person_id": person_id, "identity_id": identity_id, "bot_id": bot_id}
            rows.append({**named, "uid": f"u{account}", "external_id": str(account)})
        await self.database.commit(people.create(rows))

    def _meet(self, account: int) -> None:
        emulator = self.side.emulator
        if self.side.name == "telegram":
            emulator.add_user(account, "Анна").start()
            self.side.bot.queue.pending.clear()
        else:
            emulator.add_user(account, first_name="Анна")
            emulator.people.set_relation(self.side.group, account, allowed=True)

    async def queue(
        self, said: Message | str, *chats: int | str, lane: Lane = Lane.LETTER, **columns
    ) -> list[int]:
        """Queue the same message for chats; the ids of the calls."""
        said = message(said) if isinstance(said, str) else said
        ids = await self.database.ids(messages_table, len(chats))
        calls = await self.database.ids(outbox_table, len(chats))
        known = [self.people.get(str(chat), (None, None)) for chat in chats]
        sealed = sealed_message(SEAL, said)
        told = [
            {
                "id": row_id,
                "person_id": person,
                "identity_id": identity,
                "direction": "out",
                "key": f"post:{row_id}",
                "place": PLACE,
                "at_us": self.runner.house.now_us,
                **sealed,
            }
            for row_id, (person, identity) in zip(ids, known, strict=True)
        ]
        rows = [
            {
                "id": call,
                "message_id": row_id,
                "bot_id": self.sender.station.id,
                "chat": str(chat),
                "person_id": person,
                "lane": int(lane),
                "due_us": self.runner.house.wall_us,
                **columns,
            }
            for call, row_id, chat, (person, _) in zip(calls, ids, chats, known, strict=True)
        ]
        await self.database.commit([*messages.add(told), *outbox.add(rows)])
        return calls

    async def send(self) -> None:
        """Send what can be sent at this moment."""
        await self.sender.drain()

    async def passes(self, seconds: float) -> None:
        """Time goes by, and what became due is sent."""
        self.clock.move(timedelta(seconds=seconds))
        await self.send()

    async def rows(self, *where) -> list[Row]:
        """The calls, by id."""
        return await self._found(outbox_table, *where)

    async def states(self) -> list[str]:
        """How the calls stand, by id."""
        return [row.state for row in await self.rows()]

    async def notes(self, kind: str) -> list[Row]:
        return await self._found(journal, journal.c.kind == kind)

    async def blocked(self, account: int) -> bool:
        """Whether the person counts as one who cannot be written to, once their events are played."""
        await self.runner.player.drain()
        (one,) = await self._found(identities, identities.c.external_id == str(account))
        return one.blocked_us is not None

    async def bot(self) -> Row:
        (row,) = await self._found(bots)
        return row

    async def run_again(self) -> None:
        """Let a halted bot work on."""
        self.sender.station.halted = ""
        await self.database.commit([Do(update(bots).values(state="run", reason=""))])

    def told(self, kind: str) -> list[dict]:
        """The facts of the alarms of a kind."""
        return [facts for name, facts in self.alarms if name == kind]

    async def _found(self, table, *where) -> list[Row]:
        return await self.database.fetch(select(table).where(*where).order_by(table.c.id))


__all__ = ["MESSENGERS", "PLACE", "Lane", "Post", "inbox"]
