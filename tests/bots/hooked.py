"""A runtime over both emulated messengers and the server they knock at, restarted in either mode."""

import asyncio
from contextlib import asynccontextmanager
from pathlib import Path

from sqlalchemy import select

from bots.hooks import Hook, StoredMemory
from bots.runner import Runner
from bots.telegram.channel import TelegramChannel
from bots.telegram.webhook import TelegramWebhook
from bots.uploads import RememberedUploads
from bots.vk.callback import VkCallback
from bots.vk.channel import VkChannel
from bots.web.hooks import hook_routes
from flows.loading import bundle_of, read_program
from flows.secrecy import Secret
from storage.tables import inbox, leads, people
from tests.bots.runtime import SEAL, loaded
from tests.emulators.telegram.server import TelegramEmulator
from tests.emulators.vk.server import VkEmulator
from voronka.clocks import SystemClock
from voronka.server import Server, application, bind

TG_TOKEN, VK_TOKEN, GROUP = "77:hooked-telegram-token", "vk1.a.hooked", 5
SECRET = "a-secret-of-the-tests-that-is-long-enough_0"
GLANCE = 0.01


class Hooked:
    """Both messengers, a database, and the program between them while it is open."""

    def __init__(self, database, folder: Path) -> None:
        self.database = database
        self.folder = folder
        self.tg = TelegramEmulator(local_webhooks=True)
        self.vk = VkEmulator()
        self.port = 0
        self.alarms: list[tuple[str, dict]] = []
        self.runner: Runner | None = None
        self.secret = SECRET

    async def start(self) -> None:
        """Open the messengers; nobody has written yet."""
        await self.tg.start()
        await self.vk.start()
        self.bot = self.tg.add_bot(TG_TOKEN, "london_bot")
        self.community = self.vk.add_community(GROUP, VK_TOKEN)
        self.community.callbacks.haste = 0.003
        with bind("127.0.0.1:0") as taken:
            self.port = taken.getsockname()[1]

    async def stop(self) -> None:
        """Close everything."""
        await self.close()
        await self.tg.stop()
        await self.vk.stop()

    def url(self, bot: str) -> str:
        return f"http://127.0.0.1:{self.port}/hooks/{bot}"

    def hook(self, bot: str, updates: str) -> Hook:
        on = updates == "webhook"
        secrets = (Secret(self.secret),) if on else ()
        return Hook(bot, self.url(bot), secrets, on, StoredMemory(self.database, bot))

    async def open(self, tg="webhook", vk="webhook", *, consent=False) -> None:
        """Begin a life of the program."""
        given = {"media": self.folder, "uploads": RememberedUploads()}
        self.tg_channel = TelegramChannel(
            TG_TOKEN,
            bot="tg",
            api_url=self.tg.url,
            poll_seconds=1,
            hooked=tg == "webhook",
            **given,
        )
        self.vk_channel = VkChannel(
            VK_TOKEN,
            bot="vk",
            group=GROUP,
            api_url=self.vk.url,
            poll_seconds=int(vk == "polling"),
            **given,
        )
        self.hooks = {
            "tg": TelegramWebhook(self.tg_channel.ask, self.hook("tg", tg)),
            "vk": VkCallback(
                self.vk_channel.ask, lambda: self.vk_channel.group, self.hook("vk", vk), pause=0.02
            ),
        }
        project = loaded()
        channels = {"tg": self.tg_channel, "vk": self.vk_channel}
        self.runner = Runner(
            self.database,
            SEAL,
            SystemClock(),
            SystemClock(),
            {name: (one, bundle_of(project, project.project.bots[name]))
             for name, one in channels.items()},
            texts={program.hash: project.texts[name] for name, program in project.programs.items()},
            read=lambda funnel, text: read_program(text, f"funnels/{funnel}.yaml"),
            alarm=lambda kind, facts: self.alarms.append((kind, dict(facts))),
            alone=True,
            consent=consent,
            hooks=self.hooks,
        )  # fmt: skip
        listening = bind(f"127.0.0.1:{self.port}")
        self.server = Server(application(hook_routes(self.runner.receiver), None), listening)
        await self.runner.start()
        self.serving = asyncio.create_task(self.server.run())
        self.listening = listening

    async def close(self) -> None:
        """End the life in good order."""
        if self.runner is None:
            return
        self.server.stop()
        await self.runner.stop()
        await self.serving
        self.listening.close()
        self.runner = None

    # --- waiting ------------------------------------------------------------------------------

    async def until(self, done, seconds=20.0) -> None:
        """Wait until it is so; a test that waits in vain fails."""
        async with asyncio.timeout(seconds):
            while not (await found if asyncio.iscoroutine(found := done()) else found):
                await asyncio.sleep(GLANCE)

    async def standing(self) -> None:
        """Both webhooks stand, and the program knows it."""
        doors = [self.runner.receiver(name) for name in ("tg", "vk")]
        await self.until(lambda: all(one is None or one.stands for one in doors))

    def statuses(self) -> list[str]:
        return [one.status for one in self.community.callbacks.servers.values()]

    async def settled(self) -> None:
        """Everything that people did is stored and answered."""

        async def done() -> bool:
            quiet = not self.bot.queue.pending and self.tg.webhooks.quiet
            return quiet and self.community.callbacks.quiet and await self.runner.idle()

        await self.until(done)

    # --- looking ------------------------------------------------------------------------------

    async def rows(self, table, *where):
        return await self.database.fetch(select(table).where(*where).order_by(table.c.id))

    async def events(self):
        return await self.rows(inbox)

    async def leads(self):
        return await self.rows(leads)

    async def people(self):
        return await self.rows(people)

    def told(self, kind) -> list[dict]:
        return [facts for name, facts in self.alarms if name == kind]

    def texts(self, person: int) -> list[str]:
        """What Telegram showed a person."""
        return [row.text for row in self.tg.journal.messages(person) if row.method != "in"]


@asynccontextmanager
async def hooked(database, folder):
    """The messengers around a block."""
    house = Hooked(database, folder)
    await house.start()
    try:
        yield house
    finally:
        await house.stop()


__all__ = ["GROUP", "SECRET", "Hooked", "hooked"]
