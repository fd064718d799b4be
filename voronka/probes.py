"""``/readyz`` and ``/metrics``: whether the process is at work, and in figures how it is doing."""

from __future__ import annotations

import asyncio
import hmac
import time
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass, field

from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from bots.clocks import Clock, now_us
from bots.runner import Runner
from bots.web.security import guarded
from flows.secrecy import Secret
from storage import notes
from storage.migration import HOLD
from storage.work import Database, StorageFailed
from voronka.counting import Counts
from voronka.speech import Mistake
from voronka.vitals import Vitals, vitals

TOKEN = "VORONKA_METRICS_TOKEN"  # noqa: S105 - the setting's name
SHORTEST = 16
_ANSWER_SECONDS = 3.0
_REMEMBERED_SECONDS = 1.0

Held = Callable[[], bool]


def held(runner: Runner) -> bool:
    """Whether the process has every lease that its parts at work need."""
    halted = {each.name for each in runner.house.stations.values() if each.halted}
    parts = [runner.ticker.lease, runner.requester.lease]
    parts += [each.lease for name, each in runner.senders.items() if name not in halted]
    parts += [each.lease for name, each in runner.fetchers.items() if name not in halted]
    return all(lease.held for lease in parts)


def token_of(secret: Secret) -> Secret:
    """The token of the metrics; a ``Mistake`` when it could be guessed."""
    if secret and len(secret.reveal()) < SHORTEST:
        raise Mistake(
            f"{TOKEN} короче {SHORTEST} знаков: его могут подобрать. Сделайте длиннее или уберите.",
            f"{TOKEN} is shorter than {SHORTEST} characters: make it longer, or remove it.",
        )
    return secret


@dataclass(slots=True)
class Readiness:
    """Tells what keeps the process from work; asked often, it looks once a second."""

    database: Database
    held: Held
    monotonic: Callable[[], float] = time.monotonic
    _told: tuple[str, ...] = ()
    _until: float = float("-inf")
    _one: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def missing(self) -> tuple[str, ...]:
        """Words of what is not as it should be: ``database``, ``hold``, ``leases``."""
        async with self._one:
            if self.monotonic() >= self._until:
                self._told = await self._look()
                self._until = self.monotonic() + _REMEMBERED_SECONDS
            return self._told

    async def _look(self) -> tuple[str, ...]:
        try:
            async with asyncio.timeout(_ANSWER_SECONDS):
                rows = await self.database.fetch(notes.find(HOLD))
        except (StorageFailed, TimeoutError):
            return ("database",)
        hold = ("hold",) if rows and rows[0].value else ()
        return (*hold, *(() if self.held() else ("leases",)))

    async def answer(self, _request: Request) -> Response:
        """200 when nothing is missing, else 503."""
        missing = await self.missing()
        told = {"ready": not missing, "missing": list(missing)}
        return guarded(JSONResponse(told, status_code=503 if missing else 200))


@dataclass(slots=True)
class Metrics:
    """What Prometheus reads, with the token only; without one there is no such page."""

    database: Database
    clock: Clock
    counts: Counts
    token: Secret

    async def answer(self, request: Request) -> Response:
        """The figures as text."""
        given = request.headers.get("authorization", "").removeprefix("Bearer ")
        if not hmac.compare_digest(given.encode(), self.token.reveal().encode()):
            refused = Response("", status_code=401, headers={"WWW-Authenticate": "Bearer"})
            return guarded(refused)
        text = await self._text()
        return guarded(Response(text, headers={"Content-Type": CONTENT_TYPE_LATEST}))

    async def _text(self) -> bytes:
        try:
            async with asyncio.timeout(_ANSWER_SECONDS):
                found = await vitals(self.database, now_us(self.clock))
        except (StorageFailed, TimeoutError):
            found = None
        registry = CollectorRegistry()
        registry.register(_Read(found))
        return generate_latest(self.counts.registry) + generate_latest(registry)


class _Read:
    """What the database told, as a collector."""

    def __init__(self, found: Vitals | None) -> None:
        self._found = found

    def collect(self) -> Iterable[Metric]:
        """The gauges."""
        yield _gauge("database_up", "Whether the database answers", 1.0 if self._found else 0.0)
        if self._found is not None:
            yield from _plain(self._found)
            yield from _labelled(self._found)


def _plain(found: Vitals) -> Iterable[Metric]:
    yield _gauge("hold", "Whether sending is on hold", float(bool(found.hold)))
    yield _gauge("unread_events", "Events that wait to be played", found.unread)
    yield _gauge("unread_oldest_seconds", "Age of the oldest unread event", found.unread_age)
    yield _gauge("timers", "Timers", found.timers)
    yield _gauge("timers_due", "Timers whose time has come", found.timers_due)
    yield _gauge("timers_late_seconds", "Lateness of the oldest due timer", found.timers_age)
    yield _gauge("doubtful_calls", "Calls that perhaps arrived", found.doubtful)
    yield _gauge("runs_alive", "Passes through funnels that go on", found.runs)
    yield _gauge("database_bytes", "Size of the database", found.bytes)


def _labelled(found: Vitals) -> Iterable[Metric]:
    queue = GaugeMetricFamily(
        "voronka_queue", "Calls that have not ended", labels=["bot", "lane", "state"]
    )
    for each in found.queue:
        if not each.decided:
            queue.add_metric([each.bot, each.lane, each.state], each.count)
    yield queue
    letters = GaugeMetricFamily("voronka_dead_letters", "Given up", labels=["kind"])
    for kind, count in found.dead.items():
        letters.add_metric([kind], count)
    yield letters
    outside = GaugeMetricFamily("voronka_requests_waiting", "Requests outside", labels=["state"])
    for state in ("queued", "calling"):
        outside.add_metric([state], found.requests.get(state, 0))
    yield outside
    bots = GaugeMetricFamily("voronka_bot_up", "Whether the bot is at work", labels=["bot"])
    for bot in found.bots:
        bots.add_metric([bot.name], float(bot.state == "run"))
    yield bots
    mailed = GaugeMetricFamily(
        "voronka_broadcast_left", "People whom a broadcast has not reached", labels=["broadcast"]
    )
    for sending in found.broadcasts:
        mailed.add_metric([sending.name], sending.left)
    yield mailed


def _gauge(name: str, told: str, value: float) -> Metric:
    return GaugeMetricFamily(f"voronka_{name}", told, value=value)


def probes(readiness: Readiness, metrics: Metrics) -> list[Route]:
    """The routes; without a token there is no ``/metrics``."""
    found: list[tuple[str, Callable[[Request], Awaitable[Response]]]] = [
        ("/readyz", readiness.answer)
    ]
    if metrics.token:
        found.append(("/metrics", metrics.answer))
    return [Route(path, answer, methods=["GET"]) for path, answer in found]
