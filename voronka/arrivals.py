"""What came from the messengers, as figures: repeats, and how webhook requests were answered."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from prometheus_client.core import CounterMetricFamily, Metric

from bots.fetching import Fetching
from bots.receiving import Receiving


class Arrivals:
    """A collector over the bots' doors; no label tells anything of a person."""

    def __init__(self, fetchers: Mapping[str, Fetching]) -> None:
        self._fetchers = fetchers

    def collect(self) -> Iterable[Metric]:
        """The counters."""
        repeats = _counter("repeated_updates", "Updates that came again", "bot")
        requests = _counter("webhook_requests", "Webhook requests by outcome", "bot", "outcome")
        retries = _counter("webhook_retries", "Requests that VK sent again", "bot")
        for name, fetcher in self._fetchers.items():
            repeats.add_metric([name], fetcher.repeats)
            if isinstance(fetcher, Receiving):
                retries.add_metric([name], fetcher.retries)
                for outcome, count in fetcher.outcomes.items():
                    requests.add_metric([name, outcome], count)
        yield from (repeats, requests, retries)


def _counter(name: str, told: str, *labels: str) -> CounterMetricFamily:
    return CounterMetricFamily(f"voronka_{name}", told, labels=labels)
