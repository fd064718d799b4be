"""VK's Callback API: https://dev.vk.com/api/callback/getting-started."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from bots.channel import BotHalted, CallFailed, TryLater
from bots.hooks import REFUSED, Hook, HookState, Reply, Take, host_of, readable
from bots.vk import updates

API_VERSION = "5.199"
TITLE = "voronka"  # VK takes 14 letters
LONGEST_SECRET = 50
_UNCONFIRMED = "VK has not got the confirmation from the address"
_CODE_SECONDS = 5.0

Ask = Callable[..., Awaitable[Any]]


class VkCallback:
    """A :class:`bots.hooks.Webhook`; ``ask`` asks VK as the community, ``group`` tells its id.

    ``pause`` is how long to wait between looks whether VK has confirmed the address, ``looks`` how
    many of them there are.
    """

    sweeps = True  # the long poll keeps the same events

    def __init__(
        self,
        ask: Ask,
        group: Callable[[], int],
        hook: Hook,
        *,
        pause: float = 0.5,
        looks: int = 20,
    ) -> None:
        self._ask = ask
        self._group = group
        self.hook = hook
        self._pause = pause
        self._looks = looks
        self._code = ""
        self._asked = float("-inf")
        self._asking = asyncio.Lock()

    def twin(self, raw: dict[str, Any]) -> str:
        """What happened, as in :func:`bots.vk.updates.twin`."""
        return updates.twin(raw)

    # --- at VK --------------------------------------------------------------------------------

    async def stand(self, *, consent: bool, anew: bool = False) -> HookState:  # noqa: ARG002  # servers do not disturb each other
        """Our server is there, confirmed, and gets every event a funnel needs."""
        try:
            return await self._stand(anew=anew)
        except (TryLater, BotHalted):
            raise
        except CallFailed as refused:
            raise BotHalted(f"the callback server cannot be set: {refused}") from None

    async def _stand(self, *, anew: bool) -> HookState:
        group = await self._number()
        ours = await self._ours(group)
        known = await self.hook.memory.known() == self.hook.mark
        told = {"url": self.hook.url, "title": TITLE, "secret_key": self.hook.secret}
        if not ours:
            self._asked = float("-inf")
            made = await self._ask("groups.addCallbackServer", group_id=group, **told)
            server = int(made["server_id"])
        else:
            server = int(ours[0]["id"])
            if anew or not known or not self._stands(ours[0]):
                self._asked = float("-inf")
                given = {"group_id": group, "server_id": server}
                await self._ask("groups.editCallbackServer", **given, **told)
        for other in ours[1:]:
            await self._ask("groups.deleteCallbackServer", group_id=group, server_id=other["id"])
        await self._switch_on(group, server)
        await self._confirmed(group, server)
        await self.hook.memory.keep(self.hook.mark)
        return await self.look()

    def _stands(self, server: dict[str, Any]) -> bool:
        return server["url"] == self.hook.url and server["status"] in {"ok", "wait"}

    async def _switch_on(self, group: int, server: int) -> None:
        told = {"group_id": group, "server_id": server}
        if await self._lacking(group, server):
            wanted = dict.fromkeys(updates.EVENT_TYPES, 1)
            await self._ask(
                "groups.setCallbackSettings", api_version=API_VERSION, **told, **wanted
            )

    async def _lacking(self, group: int, server: int) -> tuple[str, ...]:
        found = await self._ask("groups.getCallbackSettings", group_id=group, server_id=server)
        events = found.get("events", {})
        return tuple(name for name in updates.EVENT_TYPES if not events.get(name))

    async def _confirmed(self, group: int, server: int) -> None:
        """Wait until VK has asked us for the code and found it right."""
        for _ in range(self._looks):
            status = next(
                (s["status"] for s in await self._servers(group) if s["id"] == server), ""
            )
            if status == "ok":
                return
            if status == "failed":
                break
            await asyncio.sleep(self._pause)
        raise TryLater(_UNCONFIRMED)

    async def look(self) -> HookState:
        """What VK says of our server."""
        group = await self._number()
        ours = await self._ours(group)
        if not ours:
            return HookState()
        lacking = await self._lacking(group, int(ours[0]["id"]))
        status = str(ours[0]["status"])
        return HookState(host_of(ours[0]["url"]), ours=True, status=status, lacking=lacking)

    async def fall(self) -> bool:
        """Delete our servers; the long poll keeps what they were not told."""
        if not await self.hook.is_known():
            return False
        group = await self._number()
        ours = await self._ours(group)
        for server in ours:
            await self._ask("groups.deleteCallbackServer", group_id=group, server_id=server["id"])
        await self.hook.memory.keep("")
        return bool(ours)

    async def _ours(self, group: int) -> list[dict[str, Any]]:
        return [one for one in await self._servers(group) if await self.hook.is_ours(one["url"])]

    async def _servers(self, group: int) -> list[dict[str, Any]]:
        found = await self._ask("groups.getCallbackServers", group_id=group)
        return [one for one in found.get("items", ()) if isinstance(one, dict)]

    async def _number(self) -> int:
        if self._group():
            return self._group()
        found = await self._ask("groups.getById")
        return int(found["groups"][0]["id"])

    # --- what VK brings -----------------------------------------------------------------------

    async def answer(self, headers: Mapping[str, str], body: bytes, take: Take) -> Reply:  # noqa: ARG002  # VK's secret is in the body
        """``ok`` once the event is stored, or the code that confirms the address.

        VK is never answered ``remove``, which would delete the server. A wrong secret or community
        stores nothing (R10), and the secret itself is not stored.
        """
        raw = readable(body)
        if not isinstance(raw, dict):
            return Reply(400, outcome="unreadable")
        if raw.get("group_id") != await self._number():
            return Reply(403, outcome="refused")
        if raw.get("type") == "confirmation":
            return Reply(200, await self._confirmation(), outcome="confirmed")
        secret = raw.pop("secret", "")
        if not isinstance(secret, str) or not self.hook.fits(secret):
            return REFUSED
        await take(updates.arrival(self.hook.bot, raw))
        return Reply(200, "ok")

    async def _confirmation(self) -> str:
        """The code, which VK changes now and then; whoever asks again and again gets the last one."""
        async with self._asking:
            now = asyncio.get_running_loop().time()
            if now - self._asked > _CODE_SECONDS:
                group = await self._number()
                found = await self._ask("groups.getCallbackConfirmationCode", group_id=group)
                self._code, self._asked = str(found["code"]), now
            return self._code
