"""For those who monitor the watch. /healthz: whether it works, without signing in; and /metrics for Prometheus.

Both are read from the state at each request, so that they are right whoever did the work.

What only a daemon knows (its checks by outcome, and how long they took) it reports once a minute, since its own start.
docs/monitoring.md describes each metric.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta

from fastapi import APIRouter
from prometheus_client import CollectorRegistry
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric, SummaryMetricFamily
from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest
from prometheus_client.registry import Collector
from starlette.responses import JSONResponse, Response

from state.errors import StateError
from state.model import Status
from state.storage.daemons import DaemonSeen
from state.store import Store
from watcher.config.settings import is_server
from watcher.service.presence import SILENT, WORKER_SILENT, fleet
from watcher.terminal.words import count
from watcher.web.desk import Desk, WholeDesk
from watcher.web.viewers import SIGNED_IN, WHOLE, TheDesk

health = APIRouter(include_in_schema=False)
metrics = APIRouter(include_in_schema=False, dependencies=[SIGNED_IN, WHOLE])

OLD = timedelta(minutes=5)  # a daemon reports once a minute
OVERDUE = timedelta(minutes=10)  # that a check may be late
STUCK = timedelta(hours=1)  # that a delivery which is due may wait

OUTCOMES = ("ok", "unchanged", "baseline", "failing", "suspicious")
_PREFIX = "registry_watch_"


@health.get("/healthz")
def healthz(desk: WholeDesk) -> JSONResponse:
    """200 `{"status": "ok"}`, or 503 with the reasons. They name no source: anybody may read them."""
    try:
        reasons = list(troubles(desk))
    except StateError:
        reasons = ["the state cannot be read"]
    if reasons:
        return JSONResponse({"status": "failing", "reasons": reasons}, 503)
    return JSONResponse({"status": "ok"})


def troubles(desk: Desk) -> Iterator[str]:
    """Each reason why the watch does not work, in a line. Raises StateError."""
    now = desk.clock()
    seen = [daemon.seen for daemon in desk.store.daemons.all(workers=True)]
    if not seen:
        yield "no daemon has reported to this state"
    elif now - max(seen) > OLD:
        yield f"the daemon last reported {int((now - max(seen)).total_seconds())} s ago"
    statuses = [each for each in desk.store.source_statuses() if each.name in desk.config.checked]
    if late := sum(each.due is not None and now - each.due > OVERDUE for each in statuses):
        yield f"{count(late, 'source')} overdue"
    if waiting := desk.store.outbox.overdue(now, STUCK):
        yield f"{count(waiting, 'delivery', 'deliveries')} due for more than an hour"


@metrics.get("/metrics")
def scrape(desk: TheDesk) -> Response:
    """The text format of Prometheus."""
    registry = CollectorRegistry()
    registry.register(StateCollector(desk))
    return Response(generate_latest(registry), media_type=CONTENT_TYPE_LATEST)


class StateCollector(Collector):
    """Collects from one state."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def collect(self) -> Iterator[Metric]:
        """The metrics, each with its help. Raises StateError."""
        store, now = self._desk.store, self._desk.clock()
        yield from _of_sources(self._desk, now)
        yield from _of_deliveries(store, now)
        yield from _of_daemons(store.daemons.all(workers=True), now)
        if is_server(self._desk.config.state):
            yield from _of_workers(store)
        yield _one("state_bytes", "Size of the state", store.database.size())
        yield _one("evidence_bytes", "Size of the evidence that is kept", store.evidence.size()[1])


def _of_sources(desk: Desk, now: datetime) -> Iterator[Metric]:
    statuses = [each for name, each in desk.statuses().items() if name in desk.config.checked]
    numbers = {"disabled": sum(not each.enabled for each in desk.config.sources.values())}
    numbers |= {"paused": len(desk.config.paused)}
    numbers |= {status.value: sum(each.status == status for each in statuses) for status in Status}
    age = {each.name: _seconds(now, each.checked) for each in statuses if each.checked}
    late = {each.name: _seconds(now, each.due) for each in statuses if each.due}
    yield _gauge("sources", "Sources by status", "status", numbers)
    yield _one("held_snapshots", "Snapshots that are held as suspicious", numbers[Status.SUSPICIOUS.value])
    yield _gauge("source_age_seconds", "Seconds since a source was last read", "source", age)
    yield _gauge("source_overdue_seconds", "Seconds since a source is due; 0 before", "source", late)


def _of_deliveries(store: Store, now: datetime) -> Iterator[Metric]:
    since = store.outbox.waiting_since(now)
    age = {state: _seconds(now, since.get(state, now)) for state in ("pending", "held")}
    yield _gauge("deliveries", "Deliveries by state", "state", store.outbox.counts(now))
    yield _gauge("delivery_age_seconds", "Age of the oldest delivery: since it is due, or held", "state", age)
    yield _one("outbox_age_seconds", "Seconds that the oldest due delivery waits", age["pending"])


def _of_daemons(seen: list[DaemonSeen], now: datetime) -> Iterator[Metric]:
    """Of daemons and workers alike; those that an earlier version wrote have no outcomes."""
    alive = sum(now - each.seen < SILENT for each in seen)
    yield _one("daemons", "Daemons and workers that reported lately", alive)
    checks = CounterMetricFamily(f"{_PREFIX}checks", "Checks since a daemon's start", labels=["daemon", "outcome"])
    took = SummaryMetricFamily(f"{_PREFIX}check_duration_seconds", "How long checks took", labels=["daemon"])
    age = {each.name: _seconds(now, each.seen) for each in seen}
    for each in seen:
        outcomes = each.state.get("outcomes", {})
        numbers = outcomes.get("checks", {})
        for outcome in OUTCOMES:
            checks.add_metric([each.name, outcome], numbers.get(outcome, 0))
        took.add_metric([each.name], count_value=sum(numbers.values()), sum_value=outcomes.get("seconds", 0.0))
    yield from (checks, took)
    yield _gauge("daemon_report_age_seconds", "Seconds since a daemon or worker reported", "daemon", age)


def _of_workers(store: Store) -> Iterator[Metric]:
    """Of a state on a server."""
    found = fleet(store)
    backlog = found.backlog if found else store.claims().backlog()
    alive = sum(each.ago < WORKER_SILENT for each in found.workers) if found else 0
    yield _one("workers", "Workers that are at work", alive)
    yield _one("due_sources", "Sources that are due, or being checked by workers", backlog.due)
    yield _one("due_lag_seconds", "Seconds since the first of them is due", backlog.lag)
    yield _one("jobs", "Sources that are due and that no worker has taken yet", backlog.jobs)


def _gauge(name: str, what: str, label: str, values: Mapping[str, float]) -> GaugeMetricFamily:
    """A value for each of what the label tells apart."""
    made = GaugeMetricFamily(f"{_PREFIX}{name}", what, labels=[label])
    for each, value in values.items():
        made.add_metric([each], value)
    return made


def _one(name: str, what: str, value: float) -> GaugeMetricFamily:
    return GaugeMetricFamily(f"{_PREFIX}{name}", what, value=value)


def _seconds(now: datetime, since: datetime) -> float:
    return max(0.0, (now - since).total_seconds())
