"""Both emulators with taps: every call may be answered by a kill, every delivery is stamped."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Self

from tests.crash.people import Act, Person
from tests.emulators.faults import Fault
from tests.emulators.telegram.server import TelegramEmulator
from tests.emulators.vk.journal import Delivered as VkDelivered
from tests.emulators.vk.server import VkEmulator
from tests.emulators.vk.world import CHATS

TG_TOKEN = "123456:emulated-telegram-token-000000000000"
VK_TOKEN = "vk1.emulated"
VK_GROUP = 77
TG_TEAM, VK_TEAM = -1_001_000_000_777, CHATS + 1
MANAGER = 999


@dataclass(frozen=True)
class Delivered:
    """A message that reached a chat; `at_us` is the test's clock."""

    bot: str
    chat: int
    text: str
    labels: tuple[str, ...]
    at_us: int

    @property
    def key(self) -> str:
        """Whose chat it is."""
        return f"{self.bot}:{self.chat}"


def _nothing(*_: Any) -> None:
    pass


class Messengers:
    """Telegram and VK; `called` may answer a call with a fault, `arrived` hears of deliveries."""

    def __init__(self) -> None:
        self.tg = TelegramEmulator()
        self.vk = VkEmulator()
        self.delivered: list[Delivered] = []
        self.now_us: Callable[[], int] = lambda: 0
        self.called: Callable[[str], Fault | None] = _nothing
        self.arrived: Callable[[Delivered], None] = _nothing
        self._tap_telegram()
        self._tap_vk()

    async def __aenter__(self) -> Self:
        await self.tg.start()
        await self.vk.start()
        manager = self.tg.add_user(MANAGER, "Менеджер")
        bot = self.tg.add_bot(TG_TOKEN)
        self.tg.put_bot(self.tg.add_group("Продажи", chat_id=TG_TEAM), bot, manager)
        self.vk.add_community(VK_GROUP, VK_TOKEN)
        self.vk.add_user(MANAGER)
        assert self.vk.people.add_chat(VK_GROUP, [MANAGER]) == VK_TEAM
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.tg.stop()
        await self.vk.stop()

    def know(self, prospect: Person) -> None:
        """Give the prospect an account."""
        if prospect.bot == "tg":
            self.tg.add_user(prospect.account, prospect.first_name)
        else:
            self.vk.add_user(prospect.account, first_name=prospect.first_name)

    def do(self, prospect: Person, act: Act) -> None:
        """Let the prospect do it."""
        if prospect.bot == "tg":
            self._do_on_telegram(prospect.account, act)
        else:
            self._do_on_vk(prospect.account, act)

    def dawdle(self, share: float, seconds: float) -> None:
        """From now on answer this share of messages so much later."""
        for faults, method in ((self.tg.faults, "sendMessage"), (self.vk.faults, "messages.send")):
            fault = Fault("slow", method, times=None, probability=share, delay=seconds)
            faults.add(fault)

    def taken(self, vk_cursor: str) -> bool:
        """Whether the bots have confirmed every update."""
        (bot,) = self.tg.world.bots.values()
        polled = self.vk.world.communities[VK_GROUP].longpoll
        return not bot.queue.pending and vk_cursor == str(polled.ts)

    def _do_on_telegram(self, account: int, act: Act) -> None:
        person = self.tg.people[account]
        if act.kind == "open":
            person.start(act.value)
        elif act.kind == "press":
            person.press(act.value)
        elif act.kind == "contact":
            person.share_contact(act.value)
        else:
            person.write(act.value)

    def _do_on_vk(self, account: int, act: Act) -> None:
        people = self.vk.people
        if act.kind == "open":
            if act.value:
                people.open_link(VK_GROUP, account, act.value)
            people.start(VK_GROUP, account)
        elif act.kind == "press":
            people.press(VK_GROUP, account, act.value)
        else:
            people.write(VK_GROUP, account, act.value)

    def _tap_telegram(self) -> None:
        journal, write = self.tg.journal, self.tg.journal.message

        def message(bot: Any, method: str, said: Any) -> Any:
            row = write(bot, method, said)
            if method.startswith("send"):
                labels = tuple(label for line in row.labels for label in line)
                self._arrive("tg", row.chat, row.text, labels)
            return row

        journal.message = message  # type: ignore[method-assign]
        self._tap_calls(self.tg)

    def _tap_vk(self) -> None:
        journal, add = self.vk.journal, self.vk.journal.add

        def written(entry: Any) -> Any:
            add(entry)
            if isinstance(entry, VkDelivered):
                self._arrive("vk", entry.peer, entry.text, tuple(entry.labels))
            return entry

        journal.add = written  # type: ignore[method-assign]
        self._tap_calls(self.vk)

    def _tap_calls(self, emulator: Any) -> None:
        take = emulator.faults.take

        def taken(method: str, chat: Any = None, **more: Any) -> Fault | None:
            return self.called(method) or take(method, chat, **more)

        emulator.faults.take = taken

    def _arrive(self, bot: str, chat: int, text: str, labels: tuple[str, ...]) -> None:
        one = Delivered(bot, chat, text, labels, self.now_us())
        self.delivered.append(one)
        self.arrived(one)
