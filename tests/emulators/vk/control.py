"""The control side over HTTP: what the tests do to the emulated VK from another process."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from aiohttp import web

from tests.emulators.vk.people import Impossible, People

if TYPE_CHECKING:
    from tests.emulators.vk.server import VkEmulator

ACTIONS = sorted(name for name in vars(People) if not name.startswith("_"))


def routes(emulator: VkEmulator) -> list[web.RouteDef]:
    """Return the routes under /_control."""
    control = Control(emulator)
    return [
        web.get("/_control/journal", control.journal),
        web.get("/_control/actions", control.actions),
        web.get("/_control/faults", control.faults),
        web.post("/_control/{action}", control.act),
    ]


class Control:
    """JSON in, JSON out; an action that cannot be done answers 409 and says why."""

    def __init__(self, emulator: VkEmulator) -> None:
        self._emulator = emulator
        self._own = {
            "add_community": self._add_community,
            "add_user": lambda **details: asdict(emulator.world.add_user(**details)),
            "fault": lambda **fault: asdict(emulator.fault(**fault)),
            "clear_faults": emulator.faults.clear,
            "release": emulator.release,
            "held": emulator.held,
            "rate_limit": emulator.limit_rate,
        }

    async def journal(self, request: web.Request) -> web.Response:
        """Answer with what happened after ?after=seq."""
        after = int(request.query.get("after", "0"))
        return _answer(self._emulator.journal.since(after))

    async def actions(self, request: web.Request) -> web.Response:
        """Answer with the names of all actions."""
        return _answer({"actions": sorted([*ACTIONS, *self._own])})

    async def faults(self, request: web.Request) -> web.Response:
        """Answer with the faults still to come."""
        return _answer({"faults": self._emulator.faults.pending()})

    async def act(self, request: web.Request) -> web.Response:
        """Do an action; its arguments are the fields of the JSON body."""
        name = request.match_info["action"]
        body = await request.text()
        action = self._own.get(name)
        if action is None and name in ACTIONS:
            action = getattr(self._emulator.people, name)
        if action is None:
            return _answer({"error": f"there is no action {name}"}, status=404)
        try:
            result = action(**(json.loads(body) if body else {}))
        except (Impossible, ValueError, TypeError, LookupError) as error:
            return _answer({"error": f"{type(error).__name__}: {error}"}, status=409)
        return _answer({"result": result})

    def _add_community(self, **details: Any) -> dict[str, Any]:
        community = self._emulator.world.add_community(**details)
        return {"group_id": community.id, "method_url": self._emulator.method_url}


def _answer(data: dict[str, Any], status: int = 200) -> web.Response:
    return web.json_response(data, status=status, dumps=_dumps)


def _dumps(data: Any) -> str:
    return json.dumps(data, ensure_ascii=False)
