"""A post with comments in each messenger, and the people who write them."""

from tests.acceptance.telegram_side import Telegram
from tests.acceptance.vk_side import Vk
from tests.emulators.telegram import places


class TelegramPost:
    """A post of a channel with a discussion group, where the bot is an administrator."""

    link = "https://t.me/london_bot"

    def __init__(self, side: Telegram) -> None:
        self.side = side
        self.group = side.emulator.add_group("Обсуждение")
        news = side.emulator.add_channel("Новости", discussion=self.group)
        side.emulator.put_bot(self.group, side.bot, side.managers[111], admin=True)
        self.post = places.post(side.emulator.world, news, "Подарки к празднику")

    def comment(self, who: int, text: str) -> int:
        """Somebody writes a comment; its number."""
        return self.side.emulator.people[who].comment(self.post, text).id

    def follow(self, who: int) -> None:
        """Somebody opens the link and presses START."""
        self.side.emulator.people[who].start()

    def answers(self) -> list[tuple[int, str]]:
        """What the bot wrote in the discussion: under which comment, and the words."""
        said = self.side.emulator.journal.messages(self.group.id)
        return [(row.reply_to, row.text) for row in said]

    def private(self, who: int) -> list[str]:
        """What the bot wrote to somebody alone."""
        return [row.text for row in self.side.emulator.journal.messages(who)]


class VkPost:
    """A post on the community's wall."""

    link = "https://vk.me/club9"

    def __init__(self, side: Vk) -> None:
        self.side = side
        self.post = side.people.add_post(side.group, "Подарки к празднику")

    def comment(self, who: int, text: str) -> int:
        """Somebody writes a comment; its number."""
        return self.side.people.comment(self.side.group, who, self.post, text)

    def follow(self, who: int) -> None:
        """Somebody opens the link and presses the start button."""
        self.side.people.start(self.side.group, who)

    def answers(self) -> list[tuple[int, str]]:
        """What the community wrote under the post: under which comment, and the words."""
        said = self.side.emulator.journal.comments(post=self.post)
        return [(row.reply_to_comment, row.text) for row in said]

    def private(self, who: int) -> list[str]:
        """What the community wrote to somebody alone."""
        return [row.text for row in self.side.emulator.journal.delivered(peer=who)]


POSTS = {"telegram": TelegramPost, "vk": VkPost}
