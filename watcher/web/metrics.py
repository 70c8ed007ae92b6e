"""/metrics for Prometheus: read from the state at each scrape, so that they are right whoever did the work."""

from __future__ import annotations

from collections.abc import Iterator

from fastapi import APIRouter
from prometheus_client import CollectorRegistry
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest
from prometheus_client.registry import Collector
from starlette.responses import Response

from state.model import Status
from watcher.web.desk import Desk, TheDesk
from watcher.web.viewers import TheViewer

router = APIRouter(include_in_schema=False)


@router.get("/metrics")
def metrics(desk: TheDesk, viewer: TheViewer) -> Response:  # noqa: ARG001 - somebody has to be signed in
    """The text format of Prometheus."""
    registry = CollectorRegistry()
    registry.register(StateCollector(desk))
    return Response(generate_latest(registry), media_type=CONTENT_TYPE_LATEST)


class StateCollector(Collector):
    """Collects from one state."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def describe(self) -> Iterator[Metric]:
        """Nothing is said beforehand: that would read the whole state twice."""
        return iter(())

    def collect(self) -> Iterator[Metric]:
        """The metrics, each with its help. Raises StateError."""
        now, store = self._desk.clock(), self._desk.store
        statuses = store.source_statuses()
        sources = GaugeMetricFamily("registry_watch_sources", "Sources by status", labels=["status"])
        for status in Status:
            sources.add_metric([status.value], sum(each.status == status for each in statuses))
        yield sources
        age = GaugeMetricFamily(
            "registry_watch_source_age_seconds", "Seconds since a source was last read", labels=["source"]
        )
        for each in statuses:
            if each.checked:
                age.add_metric([each.name], (now - each.checked).total_seconds())
        yield age
        deliveries = GaugeMetricFamily("registry_watch_deliveries", "Deliveries by state", labels=["state"])
        for state, number in store.outbox.counts(now).items():
            deliveries.add_metric([state], number)
        yield deliveries
