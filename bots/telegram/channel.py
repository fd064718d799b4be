"""One bot on Telegram: fetches updates, makes calls, says what became of them."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from aiogram import Bot
from aiogram.exceptions import ClientDecodeError
from aiogram.methods import (
    AnswerCallbackQuery,
    DeleteWebhook,
    GetMe,
    GetWebhookInfo,
    SendChatAction,
    TelegramMethod,
)
from aiogram.utils.token import TokenValidationError

from bots.channel import (
    Batch,
    BotHalted,
    Call,
    CallFailed,
    Conflict,
    Delivery,
    Doubtful,
    Heard,
    TryLater,
)
from bots.rates import Ceiling
from bots.telegram import membership, updates
from bots.telegram.client import RawUpdates, Session, request
from bots.telegram.failures import failure
from bots.telegram.sending import Outgoing
from bots.uploads import Uploads
from flows.events import Profile

_UNCOUNTED = (AnswerCallbackQuery, SendChatAction)
_SLACK_SECONDS = 15  # how much longer than asked a long poll may take


class TelegramChannel:
    """A :class:`bots.channel.Channel` over aiogram's client.

    ``bot`` is the bot's key in source keys. ``media`` is the folder that media paths start from,
    ``uploads`` remembers file ids. ``api_url`` is another Bot API server, ``proxy`` an HTTP proxy;
    ``poll_seconds`` is how long a fetch waits for an update; ``hooked`` says that updates come by
    webhook, which is then left as it stands. Messages and edits stay under the ``ceiling``. Raises
    :class:`BotHalted` when the token cannot be one.
    """

    def __init__(
        self,
        token: str,
        *,
        bot: str,
        media: Path,
        uploads: Uploads,
        api_url: str = "",
        proxy: str = "",
        poll_seconds: int = 25,
        hooked: bool = False,
        ceiling: Ceiling | None = None,
    ) -> None:
        try:
            self._bot = Bot(token, session=Session(api_url, proxy))
        except TokenValidationError:
            raise BotHalted("this is no Telegram token") from None
        self._key = bot
        self._poll_seconds = poll_seconds
        self._hooked = hooked
        self._given: tuple[str, ...] = ()
        self._username = ""
        self._ceiling = ceiling
        self._outgoing = Outgoing(self._called, media, uploads)

    async def prepare(self, *, consent: bool) -> str:
        """The bot's id; its updates are ours to fetch from now on.

        A foreign webhook is removed only with ``consent`` (updates that wait are kept), else
        :class:`Conflict` names its host: its address may hold a secret.
        """
        me = await self.ask(GetMe())
        self._username = me.username or ""
        if self._hooked:
            return str(me.id)
        webhook = await self.ask(GetWebhookInfo())
        if webhook.url:
            if not consent:
                host = urlsplit(webhook.url).hostname
                raise Conflict(f"a webhook at {host} gets this bot's updates")
            await self.ask(DeleteWebhook())
        return str(me.id)

    async def fetch(self, cursor: str) -> Batch:
        """Updates after those that ``cursor`` confirms; waits for the first one.

        Only a cursor that this object gave confirms anything: update ids start anew after an idle
        week, so one kept from before a restart could skip updates.
        """
        offset = int(cursor) if cursor in self._given else None
        method = RawUpdates(
            offset=offset,
            timeout=self._poll_seconds,
            allowed_updates=list(updates.ALLOWED_UPDATES),
        )
        found = await self.ask(method, seconds=self._poll_seconds + _SLACK_SECONDS)
        whole = [raw for raw in found or () if updates.numbered(raw)]
        if not whole:
            return Batch((), cursor)
        following = str(max(raw["update_id"] for raw in whole) + 1)
        self._given = (*self._given[-1:], following)
        return Batch(tuple(updates.arrival(self._key, raw) for raw in whole), following)

    def hear(self, raw: dict[str, Any]) -> Heard | None:
        """What one raw update says, as in :func:`bots.telegram.updates.hear`."""
        return updates.hear(raw)

    async def call(self, call: Call) -> Delivery:
        """Make the call once; Telegram knows no repeats, so a lost answer is :class:`Doubtful`."""
        return await self._outgoing.make(call)

    async def find(self, call: Call) -> Delivery | None:  # noqa: ARG002  # Telegram shows a bot no history
        """Never asked: bots cannot read what they wrote."""
        return None

    async def profile(self, sender: str) -> Profile:  # noqa: ARG002  # every update tells it
        """Nothing new: Telegram's updates carry the person's name."""
        return Profile()

    async def member(self, channel: str, sender: str) -> bool | None:
        """What ``getChatMember`` says; the bot must be an administrator of the channel."""
        try:
            found = await self.ask(membership.question(channel, sender))
        except CallFailed as failed:
            if membership.is_stranger(failed):
                return False
            raise
        return membership.is_inside(found)

    def deep_link(self, code: str) -> str:
        """``https://t.me/<username>?start=CODE``; the bot must have been prepared."""
        return f"https://t.me/{self._username}" + (f"?start={code}" if code else "")

    async def close(self) -> None:
        """Let the connections go."""
        await self._bot.session.close()

    async def ask(self, method: TelegramMethod[Any], *, seconds: float = 0) -> Any:
        """The answer to a question, which may be asked again whatever happened to it."""
        try:
            return await self._make(method, seconds=seconds)
        except Doubtful as lost:
            raise TryLater(str(lost), timedelta(seconds=1), whole_bot=True) from None
        except TryLater as later:
            raise TryLater(str(later), later.retry_after, whole_bot=True) from None

    async def _called(self, method: TelegramMethod[Any], *, seconds: float = 0) -> Any:
        """The method's result, in its turn where Telegram counts it as a message."""
        if self._ceiling is not None and not isinstance(method, _UNCOUNTED):
            await self._ceiling.turn()
        return await self._make(method, seconds=seconds)

    async def _make(self, method: TelegramMethod[Any], *, seconds: float = 0) -> Any:
        """The method's result, or the failure alone: aiogram's errors carry the request."""
        try:
            return await request(self._bot, method, seconds=seconds)
        except ClientDecodeError as error:
            if isinstance(error.data, dict) and error.data.get("ok") is True:
                return error.data.get("result")  # done, though aiogram does not know the shape
            problem: CallFailed = failure(error)
        except Exception as error:  # noqa: BLE001  # whatever it is, it must not show the URL
            problem = failure(error)
        raise problem
