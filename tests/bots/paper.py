"""A messenger on paper: updates are lines to fetch, what arrived is a journal that outlives kills."""

import asyncio
import json
import os
from pathlib import Path

from bots.channel import Arrival, Batch, Call, Conflict, Delivery, Heard
from flows.channels import CHANNELS
from flows.events import (
    BotAllowed,
    BotBlocked,
    Commented,
    ContactShared,
    Opened,
    Pressed,
    Profile,
    Typed,
    Unreadable,
)


class PaperChannel:
    """Implements `bots.channel.Channel`; `knows_repeats` drops a `random_id` seen before, as VK does.

    `faults` are raised by calls in turn (None: the call succeeds); `after` raises once a call has
    been delivered; with `news` a fetch waits for it. Updates and the journal of deliveries may lie
    in files.
    """

    def __init__(self, key="tg", name="telegram", folder: Path | None = None) -> None:
        self.key, self.name = key, name
        self.folder = folder
        self.updates: list[dict] = []
        self.delivered: list[dict] = []
        self.calls: list[Call] = []
        self.faults: list[Exception | None] = []
        self.after: list[Exception | None] = []
        self.find_faults: list[Exception | None] = []
        self.sought: list[Call] = []
        self.knows_repeats = name == "vk"
        self.conflict = False
        self.news: asyncio.Event | None = None
        self.made = asyncio.Event()
        self.gate: asyncio.Event | None = None
        self.in_flight: dict[str, int] = {}
        self.overlaps = 0
        self.members: dict[str, bool] = {}
        assert name in CHANNELS

    async def prepare(self, *, consent: bool) -> str:
        return self.key

    def puts(self, **raw) -> dict:
        """The person did something: `who`, and one of text, start, press, contact, comment, block."""
        raw = {"id": len(self._updates()) + 1, "who": "7", **raw}
        if self.folder is None:
            self.updates.append(raw)
        else:
            _append(self.folder / f"{self.key}.updates", raw)
        return raw

    async def fetch(self, cursor: str) -> Batch:
        if self.conflict:
            raise Conflict("another poller")
        start = int(cursor or 0)
        if self.news is not None and not self._updates()[start:]:
            await self.news.wait()
            self.news.clear()
        new = self._updates()[start:]
        return Batch(tuple(self.arrival(raw) for raw in new), str(start + len(new)))

    def arrival(self, raw) -> Arrival:
        chat = str(raw.get("chat", raw["who"]))
        kind = raw.get("kind", "comment" if "comment" in raw else "person")
        token = raw.get("press", "")
        key = f"{self.key}:{raw['id']}"
        answered = str(raw.get("answers", ""))
        kind = "reply" if answered else kind
        return Arrival(key, kind, raw, str(raw["who"]), chat, token, answered)

    def hear(self, raw) -> Heard | None:
        if raw.get("poison"):
            raise ValueError("a secret that must not be kept")
        profile = Profile(first_name=raw.get("name", ""), username=raw.get("username", ""))
        if "press" in raw:
            return Heard(
                Pressed(None),
                profile,
                token=raw["press"],
                press={"id": f"press{raw['id']}"},
                pressed_external=raw.get("external", ""),
            )
        event = _event(raw)
        comment = {"under": raw["id"]} if "comment" in raw else {}
        return Heard(event, profile, comment=comment) if event else None

    async def call(self, call: Call) -> Delivery:
        self.calls.append(call)
        if call.op in ("send", "edit"):
            self.in_flight[call.chat] = self.in_flight.get(call.chat, 0) + 1
            self.overlaps += self.in_flight[call.chat] > 1
        try:
            return await self._make(call)
        finally:
            if call.op in ("send", "edit"):
                self.in_flight[call.chat] -= 1

    async def _make(self, call: Call) -> Delivery:
        if self.gate is not None:
            await self.gate.wait()
        await asyncio.sleep(0)
        fault = self.faults.pop(0) if self.faults and call.op != "answer" else None
        if fault is not None:
            raise fault
        external = self._deliver(call)
        lost = self.after.pop(0) if self.after and call.op != "answer" else None
        if lost is not None:
            raise lost
        return Delivery(external)

    def _deliver(self, call: Call) -> str:
        seen = self.journal()
        if self.knows_repeats and call.op == "send":
            for line in seen:
                if line["random_id"] == call.random_id:
                    return line["external"]
        text = call.message.text.plain if call.message else call.text
        line = {
            "op": call.op,
            "chat": call.chat,
            "text": text,
            "random_id": call.random_id,
            "external": f"m{len(seen) + 1}",
            "tokens": list(call.tokens),
            "labels": [b.text for b in call.message.buttons] if call.message else [],
            "edited": call.external_id,
            "chosen": call.chosen,
        }
        self.delivered.append(line)
        self.made.set()
        if self.folder is not None:
            _append(self.folder / f"{self.key}.journal", line)
        return line["external"]

    def journal(self) -> list[dict]:
        """Everything that truly arrived."""
        if self.folder is None:
            return self.delivered
        return _lines(self.folder / f"{self.key}.journal")

    def texts(self, chat="7", op="send") -> list[str]:
        """What a chat was sent."""
        return [one["text"] for one in self.journal() if (one["chat"], one["op"]) == (chat, op)]

    def number(self, text: str, chat="-100") -> str:
        """The channel's id of the newest message of the chat that holds the text."""
        said = [one for one in self.journal() if (one["chat"], one["op"]) == (chat, "send")]
        return next(one["external"] for one in reversed(said) if text in one["text"])

    def shown(self, text: str, chat="-100") -> tuple[str, list[str]]:
        """What the newest message with the text shows by now, and the buttons that can be pressed."""
        mine = [one for one in self.journal() if one["chat"] == chat and text in one["text"]]
        last = mine[-1]
        drawn = zip(last["labels"], last["tokens"] or [""] * len(last["labels"]), strict=True)
        return last["text"], [label for label, token in drawn if token]

    def button(self, label: str, chat="7") -> str:
        """The token of the newest button with this label."""
        for line in reversed(self.journal()):
            if line["chat"] == chat and label in line["labels"] and line["tokens"]:
                return line["tokens"][line["labels"].index(label)]
        raise AssertionError(f"no button {label}")

    async def find(self, call: Call) -> Delivery | None:
        self.sought.append(call)
        fault = self.find_faults.pop(0) if self.find_faults else None
        if fault is not None:
            raise fault
        seen = [line for line in self.journal() if line["random_id"] == call.random_id]
        return Delivery(seen[0]["external"]) if seen else None

    async def profile(self, sender: str) -> Profile:
        return Profile(first_name="Лена", gender="f") if self.name == "vk" else Profile()

    async def member(self, channel: str, sender: str) -> bool | None:
        return self.members.get(channel)

    def deep_link(self, code: str) -> str:
        return f"https://paper.test/{code}"

    async def close(self) -> None:
        pass

    def _updates(self) -> list[dict]:
        if self.folder is None:
            return self.updates
        return _lines(self.folder / f"{self.key}.updates")


def _event(raw):
    if "text" in raw:
        return Typed(raw["text"])
    if "start" in raw:
        return Opened(raw["start"])
    if "sticker" in raw:
        return Unreadable("sticker")
    if "contact" in raw:
        return ContactShared(raw["contact"], verified=True)
    if "comment" in raw:
        return Commented(raw["comment"])
    if "block" in raw:
        return BotBlocked() if raw["block"] else BotAllowed()
    return None


def _append(path: Path, line: dict) -> None:
    with path.open("a", encoding="utf-8") as file:
        file.write(json.dumps(line, ensure_ascii=False) + "\n")
        file.flush()
        os.fsync(file.fileno())


def _lines(path: Path) -> list[dict]:
    if not path.exists():
        return []
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
