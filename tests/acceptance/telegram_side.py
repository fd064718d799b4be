"""Telegram with the bot, the person, and the supergroup of the team."""

import itertools
from pathlib import PurePosixPath

from bots.channel import Channel
from bots.runner import Runner
from bots.telegram.channel import TelegramChannel
from bots.uploads import RememberedUploads
from flows.events import Profile
from flows.project import Notified
from flows.prompting import Said
from flows.sent import read_coordinates
from flows.transcripts import SENDABLE, Line
from tests.acceptance.sides import (
    BOT,
    FUNNELS,
    MANAGERS,
    PERSON,
    STRANGER,
    Heard,
    label_like,
    moment_us,
)
from tests.emulators.telegram.server import TelegramEmulator

SHARING = {"contact", "location"}


class Telegram:
    """A private chat with the bot, and the supergroup of the team."""

    name = "telegram"
    profile = Profile(first_name="Мария", last_name="Ли", username="masha")
    sender = str(PERSON)

    def __init__(self, bot: str = BOT) -> None:
        self.emulator = TelegramEmulator()
        self.bot_name = bot
        self.taken = 0

    async def start(self) -> None:
        """Open the messenger; the managers and a stranger are in the team's group."""
        await self.emulator.start()
        self.bot = self.emulator.add_bot("77:acceptance", "london_bot")
        self.person = self.emulator.add_user(PERSON, "Мария", last_name="Ли", username="masha")
        names = {**MANAGERS, STRANGER: "Вера"}
        self.managers = {at: self.emulator.add_user(at, name) for at, name in names.items()}
        self.group = self.emulator.add_group("Продажи")
        self.emulator.put_bot(self.group, self.bot, self.managers[111])
        self.bot.queue.pending.clear()

    def channels(self) -> dict[str, Channel]:
        """The bot."""
        return {
            self.bot_name: TelegramChannel(
                "77:acceptance",
                bot=self.bot_name,
                media=FUNNELS,
                uploads=RememberedUploads(),
                api_url=self.emulator.url,
                poll_seconds=0,
            )
        }

    @property
    def team(self) -> Notified:
        """The team's group."""
        return Notified(telegram=str(self.group.id))

    async def opened(self, runner: Runner) -> None:
        """Nothing more is needed."""

    async def act(self, line: Line) -> None:
        """What the line makes the person do."""
        match line.kind:
            case "open":
                self.person.start(line.value)
            case "press":
                self.person.press(label_like(line.value, self.labels()))
            case "contact":
                assert "contact" in self.shared(), "there is no button to share the contact"
                self.person.share_contact(line.value)
            case "send":
                self.send(line.value)
            case "block":
                (self.person.block if line.value == "true" else self.person.unblock)()
            case _:
                self.person.write(line.value)

    def send(self, told: dict[str, str]) -> None:
        """A file or a place of the person's."""
        if "location" in told:
            self.person.send_location(*read_coordinates(told["location"]))
            return
        kind = next(kind for kind in SENDABLE if kind in told)
        name, caption = PurePosixPath(told[kind]).name, told.get("caption", "")
        self.person.send_file("document" if kind == "file" else kind, name=name, caption=caption)

    def labels(self) -> list[str]:
        """What can be pressed, the newest message's buttons first."""
        shown = reversed(self.person.chat().shown())
        return [button["text"] for message in shown for row in message.buttons for button in row]

    def shared(self) -> list[str]:
        """The kinds of buttons under the input field."""
        rows = (self.person.chat().keyboard or {}).get("keyboard", [])
        kinds = {"request_contact": "contact", "request_location": "location"}
        keys = [key for row in rows for key in row]
        return [next((kinds[name] for name in kinds if key.get(name)), "text") for key in keys]

    async def heard(self) -> list[Heard]:
        """What was delivered since the last look."""
        journal = self.emulator.journal
        new = [row for row in journal.after(self.taken) if row.method != "answerCallbackQuery"]
        self.taken = max((row.seq for row in new), default=self.taken)
        return [found for row in new if (found := self._heard(row))]

    def _heard(self, row) -> Heard | None:
        op = "edit" if row.method.startswith("edit") else "send"
        kind = {PERSON: "bot", self.group.id: "team"}[row.chat]
        if (kind, op) == ("bot", "edit") or (kind == "team" and row.media):
            return None  # a file that follows its card is told by nobody
        shown = itertools.chain.from_iterable(row.buttons if kind == "bot" else ())
        buttons = tuple(button["text"] for button in shown if button["kind"] not in SHARING)
        said = Said(kind, row.text, buttons, moment_us(row.at))
        return Heard((op, str(row.chat), str(row.message_id)), said)

    async def stop(self) -> None:
        """Close it."""
        await self.emulator.stop()
