"""A web chat over a real database with a scripted bot in the engine's place."""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import httpx2
from sqlalchemy import select
from starlette.applications import Starlette

from bots.bodies import frozen_button, sealed_message
from bots.buttons import read_token
from bots.channel import Call
from bots.house import House, Station
from bots.web.assembly import web_chat
from bots.web.bells import Bells
from bots.web.channel import WebChannel, hear
from bots.web.chat import MESSAGES_A_MINUTE, NEW_VISITORS_A_MINUTE, WebChat
from bots.web.documents import WebDocument
from bots.web.limits import Limit
from bots.web.pages import WebBot
from bots.web.server import routes
from flows.events import Opened, Pressed, Typed
from flows.formatting import format_text
from flows.markup import RichText
from flows.messages import Button, Media, Message
from storage import bots as bot_rows
from storage import delivery, inbox, messages, outbox
from storage.database import open_database
from storage.seal import Seal
from storage.tables import identities as identities_table
from storage.tables import messages as messages_table
from storage.tables import outbox as outbox_table
from tests.bots.web_project import bundles

BASE = "http://chat.test"
SITE = WebBot(1, "site", "Школа «Лондонский мост»")
SHOP = WebBot(2, "shop", "Gift shop", "en")


class WallClock:
    """The moment as the computer tells it."""

    def now(self) -> datetime:
        """Now."""
        return datetime.now(UTC)


def said(text: str, *buttons: str | Button, **parts) -> Message:
    """A message in the author's marks; a bare label is a button that acts."""
    made = tuple(Button(b, action={"option": b}) if isinstance(b, str) else b for b in buttons)
    return Message(format_text(text), made, **parts)


STORY = (
    said(
        "Здравствуйте! Это школа **«Лондонский мост»**. За неделю пришлём пять писем: два "
        "видеоурока, историю ученика и приглашение на консультацию.",
        "Присылайте",
        "Не сейчас",
    ),
    said(
        "Чтобы писать вам, нам нужно согласие на "
        "[обработку персональных данных](https://example.ru/pd).",
        "Согласен",
        "Нет",
    ),
    said(
        "Какой у вас сейчас уровень?",
        "С нуля",
        "Читаю со словарём",
        "Разговариваю",
    ),
    said("Оставьте телефон — позвоним и подберём время."),
    said(
        "Спасибо! Менеджер напишет вам _в рабочее время_. А пока — первый урок:",
        Button("Смотреть урок", url="https://example.ru/1", track="video_1"),
        media=(Media("photo", "media/student.png"),),
    ),
)


@dataclass
class Stage:
    """The chat, its application, and the bot that plays the story."""

    chat: WebChat
    house: House
    story: tuple[Message, ...] = STORY
    stopping: bool = False
    clients: list[httpx2.AsyncClient] = field(default_factory=list)

    @property
    def app(self) -> Starlette:
        """The pages as a server mounts them."""
        return Starlette(routes=routes(self.chat))

    def browser(self, address: str = "203.0.113.5") -> httpx2.AsyncClient:
        """A client with cookies of its own, from that address."""
        transport = httpx2.ASGITransport(app=self.app, client=(address, 50000))
        client = httpx2.AsyncClient(transport=transport, base_url=BASE)
        self.clients.append(client)
        return client

    async def play(self) -> int:
        """Play what waits in the inbox; how many rows it was."""
        head = select(inbox.inbox).where(inbox.inbox.c.state == "new").order_by(inbox.inbox.c.id)
        rows = await self.house.database.fetch(head)
        for row in rows:
            await self._answer(row)
            await self.house.database.commit(inbox.finish([row.id]))
        return len(rows)

    async def _answer(self, row) -> None:
        if row.kind == "click":
            return
        heard = hear(self.house.seal.open_json("inbox.raw_sealed", row.raw_sealed))
        match heard.event:
            case Typed(text):
                await self._hear(row, text)
            case Pressed():
                await self._choose(row, heard.token)
            case Opened(code):
                await self._hear(row, f"/start {code}".strip())
        asked = await self._asked(row.identity_id)
        for message in self.story[asked : asked + 1]:
            await self.say(row, f"say:{row.id}", message)

    async def _hear(self, row, words: str) -> None:
        parts = {"direction": "in", "author": "person"}
        await self._store(row, f"in:{row.id}", Message(RichText.of(words)), **parts)

    async def _asked(self, identity_id: int) -> int:
        table = messages_table
        mine = select(table.c.id).where(table.c.identity_id == identity_id)
        return len(await self.house.database.fetch(mine.where(table.c.direction == "out")))

    async def _choose(self, row, token: str) -> None:
        message_id, index = read_token(self.house.seal, token)
        [pressed] = await self.house.database.fetch(messages.load([message_id]))
        label = frozen_button(self.house.seal, pressed.buttons_sealed, index)[0]
        await self._hear(row, label)
        told = self.house.seal.seal_json("outbox.payload_sealed", {"chosen": label})
        await self.call(row, message_id, op="edit", revision=row.id, payload_sealed=told)

    async def say(self, row, key: str, message: Message) -> int:
        """Store a message and deliver it; its id."""
        message_id = await self._store(row, key, message, direction="out", author="bot")
        await self.call(row, message_id)
        return message_id

    async def _store(self, row, key: str, message: Message, **parts) -> int:
        [message_id] = await self.house.database.ids(messages_table, 1)
        stored = {
            "id": message_id,
            "key": key,
            "identity_id": row.identity_id,
            "person_id": row.person_id,
            "at_us": self.house.now_us,
            **sealed_message(self.house.seal, message),
            **parts,
        }
        await self.house.database.commit(messages.add([stored]))
        return message_id

    async def call(self, row, message_id: int, **parts) -> None:
        """Queue a call and make it, as the sender does."""
        [call_id] = await self.house.database.ids(outbox_table, 1)
        bare = {"id": call_id, "bot_id": row.bot_id, "chat": await self._chat(row.identity_id)}
        queued = {**bare, "lane": 1, "due_us": 0, "message_id": message_id, **parts}
        await self.house.database.commit(outbox.add([queued]))
        claim = outbox.claim(row.bot_id, self.house.wall_us, fence=1, limit=1)
        await self.house.database.returning(*claim)
        ended = {
            "id": call_id,
            "state": "sent",
            "external_id": "web",
            "final_us": self.house.wall_us,
            "error": "",
        }
        self.chat.bells.show(Call("send", bare["chat"]))
        await self.house.database.commit(delivery.finish([ended]))

    async def _chat(self, identity_id: int) -> str:
        table = identities_table
        found = select(table.c.external_id).where(table.c.id == identity_id)
        return (await self.house.database.fetch(found))[0].external_id

    async def close(self) -> None:
        """Let everything go."""
        self.chat.close()
        for client in self.clients:
            await client.aclose()
        await self.house.database.close()


async def open_stage(url: str, media: Path | None = None) -> Stage:
    """The stage on a migrated database."""
    database = await open_database(url, exclusive=True)
    clock = WallClock()
    seal = Seal({"k1": b"k" * 32})
    house = House(database, seal, clock, clock, lambda word, facts: None)
    for bot in (SITE, SHOP):
        account = {"name": bot.name, "channel": "web", "external_id": bot.name}
        await database.commit(bot_rows.register([account]))
    texts = {"personal_data": WebDocument("Согласие", "3", "# Согласие\n\nЯ **разрешаю** <b>.")}
    files = {"media/student.png": media} if media else {}
    bells, played = Bells(), bundles()
    for bot in (SITE, SHOP):
        channel = WebChannel(bot.name, BASE, bells.show)
        house.stations[bot.id] = Station(bot.id, bot.name, channel, played[bot.name])
    chat = web_chat(house, bells, funnels=Path(), documents=texts)
    chat.media = files
    # the limits' own minute stands still: no test waits for it
    chat.newcomers = Limit(NEW_VISITORS_A_MINUTE, lambda: 0.0)
    chat.talkers = Limit(MESSAGES_A_MINUTE, lambda: 0.0)
    return Stage(chat, house)
