"""One community on VK: fetches events, makes calls, says what became of them."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

from bots.channel import Batch, BotHalted, Call, CallFailed, Delivery, Doubtful, Heard, TryLater
from bots.rates import Ceiling
from bots.uploads import Uploads
from bots.vk import membership, updates
from bots.vk.client import Client
from bots.vk.longpoll import LongPoll
from bots.vk.sending import Outgoing
from bots.vk.together import batch_key
from flows.events import Profile

_API_VERSION = "5.199"
_PROFILES = 10_000
_GENDERS = {1: "f", 2: "m"}  # users.get, field sex


class VkChannel:
    """A :class:`bots.channel.Channel` over vkbottle's API object.

    ``bot`` is the bot's key in source keys, ``group`` the community's id (0: the key's own).
    ``media`` is the folder that media paths start from, ``uploads`` remembers attachments.
    ``api_url`` is another VK server, ``proxy`` an HTTP proxy; ``poll_seconds`` is how long a fetch
    waits for an event (VK: up to 90). ``ceiling`` is what all of the key's calls stay under.
    """

    def __init__(
        self,
        token: str,
        *,
        bot: str,
        media: Path,
        uploads: Uploads,
        group: int = 0,
        api_url: str = "",
        proxy: str = "",
        poll_seconds: int = 25,
        ceiling: Ceiling | None = None,
    ) -> None:
        self._client = Client(token, api_url, proxy, ceiling)
        self._key = bot
        self._group = group
        self._poll_seconds = poll_seconds
        self._longpoll = LongPoll(self._client, poll_seconds)
        self._outgoing = Outgoing(self._client, media, uploads)
        self._profiles: OrderedDict[str, Profile] = OrderedDict()

    async def prepare(self, *, consent: bool) -> str:  # noqa: ARG002  # VK's poll disturbs nobody
        """The community's id; its long poll is on, with the events a funnel needs.

        Raises :class:`BotHalted` when the key is another community's or lacks the right to manage.
        """
        found = await self.ask("groups.getById")
        groups = found.get("groups") if isinstance(found, dict) else found
        if not groups:
            raise BotHalted("this is no community's key")
        number = int(groups[0]["id"])
        if self._group and self._group != number:
            raise BotHalted(f"the key belongs to community {number}, not {self._group}")
        self._group = self._longpoll.group = self._outgoing.files.group = number
        await self._switch_on()
        return str(number)

    async def _switch_on(self) -> None:
        try:
            settings = await self.ask("groups.getLongPollSettings", group_id=self._group)
            events = settings.get("events", {})
            if settings.get("is_enabled") and all(events.get(n) for n in updates.EVENT_TYPES):
                return
            wanted = dict.fromkeys(updates.EVENT_TYPES, 1)
            await self.ask(
                "groups.setLongPollSettings",
                group_id=self._group,
                enabled=1,
                api_version=_API_VERSION,
                **wanted,
            )
        except (TryLater, BotHalted):
            raise
        except CallFailed as refused:
            raise BotHalted(f"the long poll cannot be switched on: {refused}") from None

    @property
    def group(self) -> int:
        """The community's id; 0 until VK has told it."""
        return self._group

    async def fetch(self, cursor: str) -> Batch:
        """Events after ``cursor`` (VK's ``ts``); waits for the first one.

        With "" it only tells, at once, the place to begin at.
        """
        found, following, lost = await self._longpoll.after(cursor)
        arrivals = [updates.arrival(self._key, raw) for raw in found if isinstance(raw, dict)]
        return Batch(tuple(arrivals), following, lost)

    def hear(self, raw: dict[str, Any]) -> Heard | None:
        """What one raw event says, as in :func:`bots.vk.updates.hear`."""
        return updates.hear(raw)

    async def call(self, call: Call) -> Delivery:
        """Make the call once; the same ``random_id`` within an hour sends nothing twice."""
        return await self._outgoing.make(call)

    def batch_key(self, call: Call) -> str | None:
        """What the call says; None: it goes alone."""
        return batch_key(call)

    async def call_all(self, calls: Sequence[Call]) -> list[Delivery | CallFailed]:
        """The same words by one ``messages.send``, different ones by ``execute``."""
        return await self._outgoing.make_all(calls)

    async def find(self, call: Call) -> Delivery | None:
        """What of the message stands among the dialog's last 200, by its parts' random ids."""
        try:
            return await self._outgoing.find(call)
        except Doubtful as lost:  # a question may be asked again whatever became of it
            raise TryLater(str(lost)) from None

    async def profile(self, sender: str) -> Profile:
        """The person's names and gender ("f", "m", ""), remembered; empty when VK does not say."""
        if sender in self._profiles:
            self._profiles.move_to_end(sender)
            return self._profiles[sender]
        try:
            found = await self.ask("users.get", user_ids=sender, fields="sex,screen_name")
            profile = _profile(found[0])
        except (CallFailed, LookupError, TypeError, AttributeError):
            return Profile()
        self._profiles[sender] = profile
        if len(self._profiles) > _PROFILES:
            self._profiles.popitem(last=False)
        return profile

    async def member(self, channel: str, sender: str) -> bool | None:
        """What ``groups.isMember`` says."""
        group = membership.community(channel)
        return membership.is_inside(
            await self.ask("groups.isMember", group_id=group, user_id=sender)
        )

    def deep_link(self, code: str) -> str:
        """``https://vk.me/club<ID>?ref=CODE``; the bot must have been prepared."""
        return f"https://vk.me/club{self._group}" + (f"?ref={code}" if code else "")

    async def close(self) -> None:
        """Let the connections go."""
        await self._client.close()

    async def ask(self, method: str, **params: Any) -> Any:
        """The answer to a question, which may be asked again whatever happened to it."""
        try:
            return await self._client.method(method, **params)
        except Doubtful as lost:
            raise TryLater(str(lost), timedelta(seconds=1), whole_bot=True) from None


def _profile(user: dict[str, Any]) -> Profile:
    return Profile(
        first_name=user.get("first_name", ""),
        last_name=user.get("last_name", ""),
        username=user.get("screen_name", ""),
        gender=_GENDERS.get(user.get("sex", 0), ""),
    )
