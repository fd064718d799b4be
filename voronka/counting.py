"""What the process counts while it works: calls to messengers, requests outside, alarms."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from prometheus_client import CollectorRegistry, Counter, ProcessCollector

from bots.channel import (
    Batch,
    BotHalted,
    Call,
    CallFailed,
    Channel,
    ChatMoved,
    Conflict,
    Delivery,
    Doubtful,
    Heard,
    MessageRejected,
    PersonUnreachable,
    Together,
    ToRepeatAlone,
    TryLater,
)
from bots.house import Alarm
from bots.outside.asked import Answer, Answered, Asked
from flows.events import Profile

_OUTCOMES: dict[type[Exception], str] = {
    TryLater: "later",
    Doubtful: "doubtful",
    PersonUnreachable: "unreachable",
    MessageRejected: "rejected",
    ChatMoved: "moved",
    BotHalted: "halted",
    Conflict: "conflict",
    ToRepeatAlone: "later",
}


class Counts:
    """Counters of one process; no label tells anything of a person."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        ProcessCollector(registry=self.registry)
        self.calls = self._counter("calls", "Calls to messengers", "bot", "op", "outcome")
        self.requests = self._counter("requests", "Requests outside", "kind", "outcome")
        self.alarms = self._counter("alarms", "What the log told of", "kind")

    def _counter(self, name: str, told: str, *labels: str) -> Counter:
        return Counter(f"voronka_{name}", told, labels, registry=self.registry)

    def alarm(self, alarm: Alarm) -> Alarm:
        """The alarm, counted."""

        def counted(kind: str, facts: Mapping[str, str]) -> None:
            self.alarms.labels(kind).inc()
            alarm(kind, facts)

        return counted

    def answer(self, answer: Answer) -> Answer:
        """What makes requests, counted by how they ended."""

        async def counted(asked: Asked) -> Answered:
            try:
                answered = await answer(asked)
            except Exception as failed:
                self.requests.labels(asked.kind, _outcome(failed)).inc()
                raise
            outcome = "ok" if answered.result.get("ok") else "refused"
            self.requests.labels(asked.kind, outcome).inc()
            return answered

        return counted


class CountedChannel:
    """A :class:`bots.channel.Channel` whose calls are counted by how they ended."""

    def __init__(self, channel: Channel, bot: str, counts: Counts) -> None:
        self._channel = channel
        self._bot = bot
        self._counts = counts

    async def call(self, call: Call) -> Delivery:
        """Make the call once, and count it."""
        try:
            delivery = await self._channel.call(call)
        except Exception as failed:
            self._counts.calls.labels(self._bot, call.op, _outcome(failed)).inc()
            raise
        self._counts.calls.labels(self._bot, call.op, "ok").inc()
        return delivery

    async def prepare(self, *, consent: bool) -> str:
        """As the channel does."""
        return await self._channel.prepare(consent=consent)

    async def fetch(self, cursor: str) -> Batch:
        """As the channel does."""
        return await self._channel.fetch(cursor)

    def hear(self, raw: dict[str, Any]) -> Heard | None:
        """As the channel does."""
        return self._channel.hear(raw)

    async def find(self, call: Call) -> Delivery | None:
        """As the channel does."""
        return await self._channel.find(call)

    async def profile(self, sender: str) -> Profile:
        """As the channel does."""
        return await self._channel.profile(sender)

    async def member(self, channel: str, sender: str) -> bool | None:
        """As the channel does."""
        return await self._channel.member(channel, sender)

    def deep_link(self, code: str) -> str:
        """As the channel does."""
        return self._channel.deep_link(code)

    async def close(self) -> None:
        """As the channel does."""
        await self._channel.close()


class _CountedTogether(CountedChannel):
    """Over a channel that makes several calls by one request; the sender asks for the type."""

    _channel: Any

    def batch_key(self, call: Call) -> str | None:
        """As the channel does."""
        key: str | None = self._channel.batch_key(call)
        return key

    async def call_all(self, calls: Sequence[Call]) -> list[Delivery | CallFailed]:
        """Make the calls at once, and count each."""
        ended: list[Delivery | CallFailed]
        try:
            ended = await self._channel.call_all(calls)
        except Exception as failed:
            self._counts.calls.labels(self._bot, "send", _outcome(failed)).inc(len(calls))
            raise
        for one in ended:
            outcome = "ok" if isinstance(one, Delivery) else _outcome(one)
            self._counts.calls.labels(self._bot, "send", outcome).inc()
        return ended


def counted_channel(channel: Channel, bot: str, counts: Counts) -> Channel:
    """The channel with its calls counted; it makes calls together if the channel does."""
    kind = _CountedTogether if isinstance(channel, Together) else CountedChannel
    return kind(channel, bot, counts)


def _outcome(failed: Exception) -> str:
    # a channel has finer kinds of its own: the common one is told
    for kind in type(failed).__mro__:
        if kind in _OUTCOMES:
            return _OUTCOMES[kind]
    return "rejected" if isinstance(failed, CallFailed) else "broken"
