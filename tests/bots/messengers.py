"""The emulated messengers behind one set of words, so that one suite holds every channel to it."""

import re
from pathlib import Path

from bots.channel import Arrival, Call
from bots.telegram.channel import TelegramChannel
from bots.uploads import RememberedUploads
from bots.vk.channel import VkChannel
from flows.markup import RichText
from flows.messages import Button, Media, Message
from tests.emulators.telegram.media import sample_png
from tests.emulators.telegram.places import post
from tests.emulators.telegram.server import TelegramEmulator
from tests.emulators.vk.server import VkEmulator

PERSON = 501
CANARY = "CANARYcanaryCANARYcanaryCANARY00000"
TOKEN = {"telegram": f"77:{CANARY}", "vk": f"vk1.a.{CANARY}"}


def message(text="Привет", *labels, columns=None, media=(), **fields) -> Message:
    """A message whose buttons all act."""
    buttons = tuple(Button(label, action={"press": label}) for label in labels)
    rich = text if isinstance(text, RichText) else RichText.of(text)
    return Message(text=rich, buttons=buttons, columns=columns, media=tuple(media), **fields)


def sending(said: Message, chat="501", **fields) -> Call:
    """The call that sends the message; tokens are `1.0.token`, `1.1.token`…"""
    tokens = tuple(f"1.{n}.token" if b.action else "" for n, b in enumerate(said.buttons))
    links = tuple(button.url for button in said.buttons)
    fields = {"random_id": 77, **fields}
    return Call("send", chat, message=said, tokens=tokens, links=links, **fields)


async def arrivals(channel, cursor="") -> tuple[list[Arrival], str]:
    """What the next fetch brings, and the cursor after it."""
    batch = await channel.fetch(cursor)
    return list(batch.arrivals), batch.cursor


class Telegram:
    """Telegram with one bot and one person who has started it."""

    name = "telegram"
    limit = 4096

    def __init__(self, folder: Path) -> None:
        self.emulator = TelegramEmulator(callback_seconds=60)
        self.folder = folder
        self.uploads = RememberedUploads()

    async def start(self) -> None:
        """Open the messenger; the start itself is confirmed already."""
        await self.emulator.start()
        self.bot = self.emulator.add_bot(TOKEN["telegram"], "london_bot", reads_all=True)
        self.person = self.emulator.add_user(PERSON, "Анна", last_name="Ли", username="anna")
        self.person.start()
        self.bot.queue.pending.clear()

    async def stop(self) -> None:
        """Close it."""
        await self.emulator.stop()

    def channel(self, **options) -> TelegramChannel:
        """A new channel of the bot, as after a restart."""
        options = {"api_url": self.emulator.url, "poll_seconds": 0, **options}
        return TelegramChannel(
            TOKEN["telegram"], bot="tg", media=self.folder, uploads=self.uploads, **options
        )

    def write(self, text: str) -> None:
        """The person writes."""
        self.person.write(text)

    def open(self, code: str) -> None:
        """The person follows a deep link."""
        self.person.start(code)

    def press(self, label: str) -> None:
        """The person presses a button."""
        self.person.press(label)

    def stick(self) -> None:
        """The person sends what is no text."""
        self.person.send_file("voice")

    def block(self) -> None:
        """The person wants nothing more."""
        self.person.block()

    def allow(self) -> None:
        """The person wants messages again."""
        self.person.unblock()

    def comment(self, text: str) -> None:
        """The person comments a post."""
        group = self.emulator.add_group("Обсуждение")
        news = self.emulator.add_channel("Новости", discussion=group)
        self.emulator.put_bot(group, self.bot, self.person, admin=True)
        written = post(self.emulator.world, news, "Набор открыт")
        self.bot.queue.pending.clear()
        self.person.comment(written, text)

    def team(self) -> str:
        """A chat of managers that the bot and the person are in."""
        self.group = self.emulator.add_group("Продажи")
        self.emulator.put_bot(self.group, self.bot, self.person)
        self.bot.queue.pending.clear()
        return str(self.group.id)

    def write_in_team(self, text: str) -> None:
        """The person writes there."""
        self.person.write(text, chat=self.group)

    def press_in_team(self, label: str) -> None:
        """The person presses there."""
        self.person.press(label, chat=self.group)

    def poison(self) -> None:
        """An update of the person that breaks every promise of the platform."""
        chat = {"id": PERSON, "type": "private"}
        broken = {"message_id": 9, "date": 0, "chat": chat, "from": {"id": PERSON}, "text": 5}
        self.bot.queue.push_raw({"message": broken})

    def strange(self) -> None:
        """An update of a kind that nobody knows yet."""
        self.bot.queue.push_raw({"telepathy": {"thought": "?"}})

    def texts(self) -> list[str]:
        """What the bot's messages to the person say now, oldest first."""
        shown = self.person.chat().shown()
        return [message.text for message in shown if message.by_bot]

    def labels(self) -> list[list[str]]:
        """The buttons of the bot's newest message, row by row."""
        shown = [message for message in self.person.chat().shown() if message.by_bot]
        return [[button["text"] for button in row] for row in shown[-1].buttons]

    def media(self) -> list[str]:
        """The kinds of files the bot sent."""
        return [kind for row in self.emulator.journal.messages() for kind in row.media]

    def popups(self) -> list[str]:
        """The pop-ups shown."""
        return [press.text for press in self.bot.presses.values() if press.answered]

    def comments(self) -> list[str]:
        """What the bot answered under posts, in public."""
        return [row.text for row in self.emulator.journal.messages() if row.reply_to]

    def fault(self, kind: str, **details) -> None:
        """The next send fails so."""
        self.emulator.fail(kind, "sendMessage", **details)


class Vk:
    """VK with one community and one person who has written to it."""

    name = "vk"
    limit = 4096
    group = 9

    def __init__(self, folder: Path) -> None:
        self.emulator = VkEmulator()
        self.folder = folder
        self.uploads = RememberedUploads()

    async def start(self) -> None:
        """Open the messenger; the first message is forgotten already."""
        await self.emulator.start()
        self.community = self.emulator.add_community(self.group, TOKEN["vk"])
        self.people = self.emulator.people
        self.emulator.add_user(PERSON, first_name="Анна", last_name="Ли", screen_name="anna")
        self.people.set_relation(self.group, PERSON, allowed=True)
        self.post = self.people.add_post(self.group, "Набор открыт")

    async def stop(self) -> None:
        """Close it."""
        await self.emulator.stop()

    def channel(self, **options) -> VkChannel:
        """A new channel of the community, as after a restart."""
        options = {"api_url": self.emulator.url, "poll_seconds": 0, **options}
        return VkChannel(TOKEN["vk"], bot="vk", media=self.folder, uploads=self.uploads, **options)

    def write(self, text: str) -> None:
        """The person writes."""
        self.people.write(self.group, PERSON, text)

    def open(self, code: str) -> None:
        """The person follows a deep link."""
        self.people.open_link(self.group, PERSON, code)
        self.people.start(self.group, PERSON)

    def press(self, label: str) -> None:
        """The person presses a button."""
        self.people.press(self.group, PERSON, label)

    def stick(self) -> None:
        """The person sends what is no text."""
        self.people.add_media("audio_message1_2")
        self.people.write(self.group, PERSON, attachments=["audio_message1_2"])

    def block(self) -> None:
        """The person wants nothing more."""
        self.people.deny(self.group, PERSON)

    def allow(self) -> None:
        """The person wants messages again."""
        self.people.allow(self.group, PERSON)

    def comment(self, text: str) -> None:
        """The person comments a post."""
        self.people.comment(self.group, PERSON, self.post, text)

    def team(self) -> str:
        """A chat of managers that the bot and the person are in."""
        self.chat = self.people.add_chat(self.group, [PERSON])
        return str(self.chat)

    def write_in_team(self, text: str) -> None:
        """The person writes there."""
        self.people.write(self.group, PERSON, text, self.chat)

    def press_in_team(self, label: str) -> None:
        """The person presses there."""
        self.people.press(self.group, PERSON, label, self.chat)

    def poison(self) -> None:
        """An event of the person that breaks every promise of the platform."""
        broken = {"from_id": PERSON, "peer_id": PERSON, "text": 5}
        self.community.longpoll.produce("message_new", {"message": broken})

    def strange(self) -> None:
        """An event of a kind that nobody knows yet."""
        event = {"type": "telepathy", "event_id": "e1", "object": {"thought": "?"}}
        self.community.longpoll.repeat(event)

    def _shown(self) -> list:
        return [item for item in self.community.dialog(PERSON).messages if item.out]

    def texts(self) -> list[str]:
        """What the community's messages to the person say now, oldest first."""
        return [message.text for message in self._shown()]

    def labels(self) -> list[list[str]]:
        """The buttons of the community's newest message, row by row."""
        board = self._shown()[-1].keyboard or {"buttons": []}
        return [[button["action"]["label"] for button in row] for row in board["buttons"]]

    def media(self) -> list[str]:
        """The kinds of files the community sent."""
        names = (name for message in self._shown() for name in message.attachments)
        return [re.match("[a-z_]+", name)[0] for name in names]

    def popups(self) -> list[str]:
        """The pop-ups shown."""
        return [answer.snackbar or "" for answer in self.emulator.journal.answers()]

    def comments(self) -> list[str]:
        """What the community answered under posts, in public."""
        return [comment.text for comment in self.emulator.journal.comments()]

    def fault(self, kind: str, **details) -> None:
        """The next send fails so."""
        self.emulator.fault(kind, method="messages.send", **details)


MESSENGERS = {"telegram": Telegram, "vk": Vk}
PICTURE = Media("photo", "student.png")


def put_picture(folder: Path) -> None:
    """A picture where funnels keep theirs."""
    (folder / PICTURE.path).write_bytes(sample_png())
