"""The web chat as a page asks it, and the team in Telegram."""

import itertools
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory
from urllib.parse import quote

import httpx2
from starlette.applications import Starlette

from bots.channel import Channel
from bots.clocks import microseconds, moment_of
from bots.runner import Runner
from bots.vault import Vault
from bots.web.assembly import web_chat
from bots.web.bells import Bells
from bots.web.channel import WebChannel
from bots.web.server import routes
from bots.web.visiting import Visitor, _hash, cookie_name
from flows.events import Profile
from flows.project import Notified
from flows.prompting import Said, bare
from flows.transcripts import SENDABLE, Line
from tests.acceptance.sides import BOT, FUNNELS, PUBLIC_URL, TEAM_BOT, Heard
from tests.acceptance.telegram_side import Telegram
from tests.emulators.telegram.media import sample_png


class Web:
    """A visitor's page; the team is told in Telegram by a bot of its own."""

    name = "web"
    profile = Profile()

    def __init__(self) -> None:
        self.messenger = Telegram(TEAM_BOT)
        self.bells = Bells()
        self.shown: dict[int, dict] = {}
        self.after = ""
        self.numbers = itertools.count(1)
        self.folder = TemporaryDirectory()

    async def start(self) -> None:
        """Open the team's messenger."""
        await self.messenger.start()
        transport = httpx2.ASGITransport(app=self._serve)
        self.browser = httpx2.AsyncClient(transport=transport, base_url=PUBLIC_URL)

    async def _serve(self, scope, receive, send) -> None:
        await self.app(scope, receive, send)

    def channels(self) -> dict[str, Channel]:
        """The chat, and the bot in Telegram."""
        return {BOT: WebChannel(BOT, PUBLIC_URL, self.bells.show), **self.messenger.channels()}

    @property
    def team(self) -> Notified:
        """The team's group."""
        return self.messenger.team

    async def opened(self, runner: Runner) -> None:
        """Mount the pages and open the chat: a new visitor gets a cookie."""
        runner.house.vault = Vault(Path(self.folder.name), runner.seal)
        self.chat = web_chat(runner.house, self.bells, funnels=FUNNELS)
        self.app = Starlette(routes=routes(self.chat))
        (await self.browser.get(f"/chat/{BOT}")).raise_for_status()

    @property
    def sender(self) -> str:
        """The visitor's name, which the cookie's hash tells."""
        return Visitor(_hash(self.browser.cookies[cookie_name(BOT)])).name

    async def act(self, line: Line) -> None:
        """What the line makes the visitor do."""
        match line.kind:
            case "open":
                told = {"kind": "open", "code": line.value}
            case "press":
                button = self._button(line.value)
                told = {"kind": "press", "token": button["token"], "text": button["text"]}
            case _:
                told = {"kind": "text", "text": line.value}
        if line.kind == "send":
            await self.send(line)
            return
        told["client_id"] = f"page-{next(self.numbers):08}"
        (await self.browser.post(f"/chat/{BOT}/say", json=told)).raise_for_status()

    async def send(self, line: Line) -> None:
        """Post a file; a place is typed here, and so are the words under a file."""
        told = line.value
        if "location" in told:
            await self.act(Line(line.mark, "type", told["location"]))
            return
        kind = next(kind for kind in SENDABLE if kind in told)
        name = PurePosixPath(told[kind]).name
        data = sample_png() if kind == "photo" or name.endswith(".png") else b"%PDF"
        answer = await self.browser.post(
            f"/chat/{BOT}/upload",
            params={"id": f"page-{next(self.numbers):08}"},
            content=data,
            headers={"X-File-Name": quote(name), "Content-Type": "application/x-any"},
        )
        answer.raise_for_status()

    def _button(self, label: str) -> dict:
        for entry in reversed(self.shown.values()):
            for button in itertools.chain.from_iterable(entry.get("rows", ())):
                if "token" in button and bare(button["text"]) == bare(label):
                    return button
        raise LookupError(f"there is no button {label!r} on the page")

    async def heard(self) -> list[Heard]:
        """What came to the page and to the team's group since the last look."""
        found, more = await self.messenger.heard(), True
        while more:
            answer = await self.browser.get(f"/chat/{BOT}/messages", params={"after": self.after})
            page = answer.raise_for_status().json()
            for entry in page["messages"]:
                if entry["id"] not in self.shown and entry["from"] != "person":
                    found.append(self._heard(entry))
                self.shown[entry["id"]] = entry
            self.after, more = page["after"], page["more"]
        return found

    def _heard(self, entry: dict) -> Heard:
        text = "".join(one if isinstance(one, str) else one["text"] for one in entry["text"])
        rows = itertools.chain.from_iterable(entry.get("rows", ()))
        buttons = tuple(button["text"] for button in rows)
        said = Said("bot", text, buttons, microseconds(moment_of(entry["at"] * 1_000)))
        return Heard(("send", "page", str(entry["id"])), said)

    async def stop(self) -> None:
        """Close everything."""
        self.chat.close()
        await self.browser.aclose()
        await self.messenger.stop()
        self.folder.cleanup()
