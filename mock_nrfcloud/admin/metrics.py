"""Figures in the text format of Prometheus, counted when they are asked for: serving costs
nothing for them."""

from __future__ import annotations

from collections.abc import Iterator

from prometheus_client import CollectorRegistry, ProcessCollector, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from mock_nrfcloud.spaces import Spaces


class _Figures(Collector):
    def __init__(self, spaces: Spaces, uptime: float) -> None:
        self._spaces = spaces
        self._uptime = uptime

    def collect(self) -> Iterator[Metric]:
        """All namespaces together: their names come and go with each run."""
        every = [space for _, space in self._spaces]
        journals = [space.journal for space in every]
        past = self._spaces.past
        requests = past.requests + sum(each.next - 1 for each in journals)
        unanswered = past.unanswered + sum(each.unanswered for each in every)
        yield CounterMetricFamily("mock_requests", "Requests received.", requests)
        yield CounterMetricFamily("mock_unmatched_requests", "Without a stub.", unanswered)
        yield GaugeMetricFamily(
            "mock_journal_requests",
            "Requests in the journals.",
            sum(each.next - each.first for each in journals),
        )
        yield GaugeMetricFamily(
            "mock_journal_bytes", "Memory of the journals.", sum(each.size for each in journals)
        )
        yield GaugeMetricFamily(
            "mock_stubs", "Stubs that can answer.", sum(each.store.count() for each in every)
        )
        yield GaugeMetricFamily("mock_namespaces", "Besides the root.", len(every) - 1)
        yield GaugeMetricFamily("mock_uptime_seconds", "Since the start.", self._uptime)


def metrics(spaces: Spaces, uptime: float) -> bytes:
    """The figures of the mock, and of its process."""
    registry = CollectorRegistry(auto_describe=False)
    registry.register(_Figures(spaces, uptime))
    ProcessCollector(registry=registry)
    return generate_latest(registry)
