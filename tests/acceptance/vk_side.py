"""VK with the community, the person, and the chat of the team."""

import itertools
import json
from pathlib import PurePosixPath

from bots.channel import Channel
from bots.runner import Runner
from bots.uploads import RememberedUploads
from bots.vk.channel import VkChannel
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
from tests.emulators.vk import screen
from tests.emulators.vk.journal import Delivered, Edited
from tests.emulators.vk.server import VkEmulator

ATTACHED = {"file": "doc", "voice": "audio_message"}


class Vk:
    """A dialog with the community, and the chat of the team."""

    name = "vk"
    profile = Profile(first_name="Мария", last_name="Ли", username="masha", gender="f")
    sender = str(PERSON)
    group = 9

    def __init__(self) -> None:
        self.emulator = VkEmulator()
        self.taken = 0

    async def start(self) -> None:
        """Open the messenger; the managers and a stranger are in the team's chat."""
        await self.emulator.start()
        self.community = self.emulator.add_community(self.group, "vk1.a.acceptance")
        names = {"first_name": "Мария", "last_name": "Ли", "screen_name": "masha", "sex": 1}
        self.emulator.add_user(PERSON, **names)
        for user_id, name in {**MANAGERS, STRANGER: "Вера"}.items():
            self.emulator.add_user(user_id, first_name=name)
        self.people = self.emulator.people
        self.chat = self.people.add_chat(self.group, [*MANAGERS, STRANGER])

    def channels(self) -> dict[str, Channel]:
        """The community."""
        uploads = RememberedUploads()
        options = {"bot": BOT, "media": FUNNELS, "uploads": uploads, "poll_seconds": 0}
        return {BOT: VkChannel("vk1.a.acceptance", api_url=self.emulator.url, **options)}

    @property
    def team(self) -> Notified:
        """The team's chat."""
        return Notified(vk=str(self.chat))

    async def opened(self, runner: Runner) -> None:
        """The first poll tells from where on events are kept."""
        await runner.fetchers[BOT].once()

    async def act(self, line: Line) -> None:
        """What the line makes the person do."""
        group = self.group
        match line.kind:
            case "open":
                if line.value:
                    self.people.open_link(group, PERSON, line.value)
                self.people.start(group, PERSON)
            case "press":
                shown = screen.labels(self.community.dialog(PERSON))
                self.people.press(group, PERSON, label_like(line.value, shown))
            case "send":
                self.send(line.value)
            case "block":
                (self.people.deny if line.value == "true" else self.people.allow)(group, PERSON)
            case _:
                self.people.write(group, PERSON, line.value)

    def send(self, told: dict[str, str]) -> None:
        """A file or a place of the person's."""
        if "location" in told:
            self.people.send_location(self.group, PERSON, *read_coordinates(told["location"]))
            return
        kind = next(kind for kind in SENDABLE if kind in told)
        name, caption = PurePosixPath(told[kind]).name, told.get("caption", "")
        self.people.send_file(self.group, PERSON, ATTACHED.get(kind, kind), name, caption)

    async def heard(self) -> list[Heard]:
        """What was delivered since the last look."""
        entries = self.emulator.journal.entries
        new, self.taken = entries[self.taken :], len(entries)
        return [found for entry in new if (found := self._heard(entry))]

    def _heard(self, entry) -> Heard | None:
        if not isinstance(entry, Delivered | Edited):
            return None
        op = "edit" if isinstance(entry, Edited) else "send"
        kind = {PERSON: "bot", self.chat: "team"}[entry.peer]
        if (kind, op) == ("bot", "edit") or (kind == "team" and entry.attachments):
            return None  # a file that follows its card is told by nobody
        shown = itertools.chain.from_iterable(entry.buttons if kind == "bot" else ())
        buttons = tuple(button["label"] for button in shown if button.get("label"))
        said = Said(kind, entry.text, buttons, moment_us(entry.at))
        return Heard((op, str(entry.peer), str(entry.conversation_message_id)), said)

    def boards(self) -> list[dict]:
        """The keyboards of all messages, as they were asked for."""
        calls = [*self.emulator.journal.calls(method="messages.send")]
        calls += self.emulator.journal.calls(method="messages.edit")
        return [json.loads(one.params["keyboard"]) for one in calls if "keyboard" in one.params]

    async def stop(self) -> None:
        """Close it."""
        await self.emulator.stop()
