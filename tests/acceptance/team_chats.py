"""A team's chat in each messenger: what managers press and write there, and what stands in it."""

from dataclasses import dataclass

from tests.acceptance.telegram_side import Telegram
from tests.acceptance.vk_side import Vk
from tests.acceptance.web_side import Web


@dataclass
class Shown:
    """A message of the bot as it stands in the chat now."""

    text: str
    labels: list[str]


class TelegramTeam:
    """The supergroup."""

    def __init__(self, side: Telegram, group=None) -> None:
        self.side = side
        self.group = group or side.group

    @property
    def id(self) -> int:
        """The chat's id."""
        return self.group.id

    def messages(self) -> list[Shown]:
        """What the bot has said there."""
        said = [message for message in self.group.shown() if message.by_bot]
        return [Shown(one.text, [b["text"] for row in one.buttons for b in row]) for one in said]

    def card(self) -> Shown:
        """The newest card."""
        return self.messages()[-1]

    def press(self, who: int, label: str) -> None:
        """A manager presses."""
        self.side.managers[who].press(label, chat=self.group)

    def remember_button(self, label: str):
        """A button as an old screen still shows it."""
        for message in reversed(self.group.shown()):
            for button in (each for row in message.buttons for each in row):
                if button["text"] == label:
                    return message, button["value"]
        raise LookupError(label)

    def press_remembered(self, who: int, button) -> None:
        """A manager presses on the old screen."""
        self.side.managers[who].press_data(*button)

    def write(self, who: int, text: str) -> None:
        """A manager writes."""
        self.side.managers[who].write(text, chat=self.group)

    def reply(self, who: int, text: str, number: str) -> None:
        """A manager answers a message of the bot."""
        answered = self.group.messages[int(number)]
        self.side.managers[who].write(text, chat=self.group, reply_to=answered)

    def numbered(self, text: str) -> str:
        """The number of the newest message of the bot with the text."""
        said = [one for one in self.group.shown() if one.by_bot and text in one.text]
        return str(said[-1].id)

    def popups(self) -> list[str]:
        """What the presses in this chat were answered with."""
        mine = [one for one in self.side.bot.presses.values() if one.chat is self.group]
        assert all(press.answered for press in mine)
        return [press.text for press in mine]

    def private_messages(self, who: int) -> list:
        """What the bot wrote to a manager alone."""
        return self.side.emulator.journal.messages(who)

    def another(self) -> "TelegramTeam":
        """A plain group with the bot inside."""
        group = self.side.emulator.add_group("Кухня", kind="group")
        self.side.emulator.put_bot(group, self.side.bot, self.side.managers[111])
        return TelegramTeam(self.side, group)


class VkTeam:
    """The chat of the community."""

    def __init__(self, side: Vk, chat: int = 0) -> None:
        self.side = side
        self.id = chat or side.chat

    @property
    def _dialog(self):
        return self.side.community.dialog(self.id)

    def messages(self) -> list[Shown]:
        """What the community has said there."""
        return [
            Shown(one.text, [b["action"]["label"] for row in _rows(one) for b in row])
            for one in self._dialog.messages
            if one.out
        ]

    def card(self) -> Shown:
        """The newest card."""
        return self.messages()[-1]

    def press(self, who: int, label: str) -> None:
        """A manager presses."""
        self.side.people.press(self.side.group, who, label, self.id)

    def remember_button(self, label: str):
        """A button as an old screen still shows it."""
        for message in reversed(self._dialog.messages):
            for action in (b["action"] for row in _rows(message) for b in row):
                if action.get("label") == label:
                    return message, dict(action)
        raise LookupError(label)

    def press_remembered(self, who: int, button) -> None:
        """A manager presses on the old screen."""
        self.side.people._press_callback(self.side.community, who, *button)

    def write(self, who: int, text: str) -> None:
        """A manager writes."""
        self.side.people.write(self.side.group, who, text, self.id)

    def reply(self, who: int, text: str, number: str) -> None:
        """A manager answers a message of the community."""
        self.side.people.write(self.side.group, who, text, self.id, reply_to=int(number))

    def numbered(self, text: str) -> str:
        """The number of the newest message of the community with the text."""
        said = [one for one in self._dialog.messages if one.out and text in one.text]
        return str(said[-1].cmid)

    def popups(self) -> list[str]:
        """What the presses in this chat were answered with."""
        presses = self.side.community.presses.values()
        assert all(press.answered for press in presses)
        answers = self.side.emulator.journal.answers(peer=self.id)
        return [answer.snackbar or "" for answer in answers]

    def private_messages(self, who: int) -> list:
        """What the community wrote to a manager alone."""
        return self.side.emulator.journal.delivered(peer=who)

    def another(self) -> "VkTeam":
        """Another chat with the community inside."""
        return VkTeam(self.side, self.side.people.add_chat(self.side.group, [111], "Кухня"))


def _rows(message) -> list:
    return (message.keyboard or {}).get("buttons", [])


def _beside_web(side: Web) -> TelegramTeam:
    return TelegramTeam(side.messenger)


TEAMS = {"telegram": TelegramTeam, "vk": VkTeam, "web": _beside_web}
