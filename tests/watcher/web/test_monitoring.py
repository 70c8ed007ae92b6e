"""/metrics and /healthz, over a real state."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from inspect import getsource
from pathlib import Path
from typing import Any

import pytest
from prometheus_client.parser import text_string_to_metric_families
from starlette.testclient import TestClient

from state.errors import StateError
from state.model import Approval, Commit, Event, Health, Route, SourceState, Status
from state.storage.daemons import DaemonSeen
from tests.watcher.web.conftest import NOW, TOKEN
from watcher.web.desk import Desk
from watcher.web.monitoring import _of_workers

MONITORING = Path(__file__).parents[3] / "docs/monitoring"
HOUR = timedelta(hours=1)
REPORT = {"outcomes": {"checks": {"unchanged": 5, "failing": 2}, "seconds": 3.5}}


def source(desk: Desk, status: Status = Status.OK, **times: Any) -> None:
    state = SourceState("fca", health=Health(status), **times)
    desk.store.commit("fca", lambda _: Commit(state))


def delivery(desk: Desk, event: Event, due: timedelta) -> None:
    desk.store.log.add_alert((event, [Route("desk", NOW + due)]))


@pytest.fixture
def metrics(nobody: TestClient) -> Callable[[], dict[tuple[str, ...], float]]:
    """All samples by name and labels, as Prometheus' own parser reads them."""

    def read() -> dict[tuple[str, ...], float]:
        answer = nobody.get("/metrics", headers={"authorization": f"Bearer {TOKEN}"})
        assert answer.status_code == 200
        families = text_string_to_metric_families(answer.text)
        samples = [sample for family in families for sample in family.samples]
        return {
            (each.name.removeprefix("registry_watch_"), *map(str, each.labels.values())): each.value for each in samples
        }

    return read


def test_the_metrics_of_a_watch_that_works(
    metrics: Callable[[], dict[tuple[str, ...], float]], desk: Desk, changed: Callable[..., Event]
) -> None:
    source(desk, Status.SUSPICIOUS, checked=NOW - HOUR, due=NOW - 2 * HOUR)
    desk.store.daemons.note(DaemonSeen("host:1:a", "host", NOW, NOW - timedelta(seconds=30), REPORT))
    delivery(desk, changed(hours=5), due=-3 * HOUR)
    found = metrics()
    assert {
        ("sources", "suspicious"): 1,
        ("sources", "ok"): 0,
        ("held_snapshots",): 1,
        ("source_age_seconds", "fca"): 3600,
        ("source_overdue_seconds", "fca"): 7200,
        ("deliveries", "pending"): 1,
        ("outbox_age_seconds",): 3 * 3600,
        ("delivery_age_seconds", "held"): 0,
        ("checks_total", "host:1:a", "unchanged"): 5,
        ("checks_total", "host:1:a", "ok"): 0,
        ("check_duration_seconds_sum", "host:1:a"): 3.5,
        ("check_duration_seconds_count", "host:1:a"): 7,
        ("daemon_report_age_seconds", "host:1:a"): 30,
        ("daemons",): 1,
        ("evidence_bytes",): 0,
    }.items() <= found.items()
    assert found[("state_bytes",)] > 0


def test_an_empty_state_has_metrics_too(metrics: Callable[[], dict[tuple[str, ...], float]]) -> None:
    found = metrics()
    assert (found[("daemons",)], found[("outbox_age_seconds",)], found[("deliveries", "sent")]) == (0, 0, 0)


@pytest.fixture
def health(nobody: TestClient) -> Callable[[], tuple[int, list[str]]]:
    def ask() -> tuple[int, list[str]]:
        answer = nobody.get("/healthz")
        return answer.status_code, answer.json().get("reasons", [])

    return ask


@pytest.fixture
def well(desk: Desk, health: Callable[[], tuple[int, list[str]]]) -> None:
    """A watch that works."""
    source(desk, due=NOW - timedelta(minutes=1))
    desk.store.daemons.note(DaemonSeen("host:1:a", "host", NOW, NOW, {}))
    assert health() == (200, [])


def test_a_daemon_that_is_silent_is_a_reason(health: Any, desk: Desk) -> None:
    assert health() == (503, ["no daemon has reported to this state"])
    desk.store.daemons.note(DaemonSeen("host:1:a", "host", NOW, NOW - timedelta(minutes=6), {}))
    assert health() == (503, ["the daemon last reported 360 s ago"])


@pytest.mark.usefixtures("well")
def test_sources_that_nobody_checks_are_a_reason(health: Any, desk: Desk) -> None:
    source(desk, due=NOW - timedelta(minutes=11))
    assert health() == (503, ["1 source overdue"])


@pytest.mark.usefixtures("well")
def test_deliveries_that_do_not_move_are_a_reason(health: Any, desk: Desk, changed: Callable[..., Event]) -> None:
    delivery(desk, changed(hours=3), due=-2 * HOUR)
    assert health() == (503, ["1 delivery due for more than an hour"])


def test_a_state_that_cannot_be_read_is_a_reason(health: Any, desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    def locked() -> None:
        raise StateError("locked")

    monkeypatch.setattr(desk.store, "source_statuses", locked)
    assert health()[0] == 503


def test_prometheus_is_told_in_json_why_it_gets_nothing(
    nobody: TestClient, desk: Desk, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    assert "Bearer TOKEN" in nobody.get("/metrics").json()["error"]

    def away() -> None:
        raise StateError("away")

    monkeypatch.setattr(desk.store.evidence, "size", away)
    answer = nobody.get("/metrics", headers={"authorization": f"Bearer {TOKEN}"})
    assert (answer.status_code, "cannot be used for now" in answer.json()["error"]) == (503, True)
    assert [getattr(line, "lasts", False) for line in caplog.records] == [True]  # it is asked every few seconds


def test_the_board_and_the_alert_rules_ask_for_metrics_that_are_there(
    metrics: Callable[[], dict[tuple[str, ...], float]], desk: Desk
) -> None:
    source(desk, checked=NOW, due=NOW)
    desk.store.daemons.note(DaemonSeen("host:1:a", "host", NOW, NOW, REPORT))
    there = {name for name, *_ in metrics()} | set(re.findall(r'_one\("(\w+)"', getsource(_of_workers)))
    for file in ("grafana.json", "alerts.yml"):
        asked = re.findall(r"registry_watch_(\w+)", (MONITORING / file).read_text())
        assert asked
        assert set(asked) <= there
    board = json.loads((MONITORING / "grafana.json").read_text())
    assert all(panel["targets"] for panel in board["panels"])


def test_the_board_names_series_by_labels_that_they_have(nobody: TestClient, desk: Desk) -> None:
    source(desk, checked=NOW, due=NOW)
    desk.store.daemons.note(DaemonSeen("host:1:a", "host", NOW, NOW, REPORT))
    text = nobody.get("/metrics", headers={"authorization": f"Bearer {TOKEN}"}).text
    samples = [sample for family in text_string_to_metric_families(text) for sample in family.samples]
    labels = {(each.name, label) for each in samples for label in each.labels}
    board = json.loads((MONITORING / "grafana.json").read_text())
    targets = [target for panel in board["panels"] for target in panel["targets"]]
    named = [
        (target["expr"], label) for target in targets for label in re.findall(r"{{(\w+)}}", target["legendFormat"])
    ]
    assert len(named) >= 4
    for expression, label in named:
        assert {(name, label) for name in re.findall(r"registry_watch_\w+", expression)} <= labels


def test_there_are_five_alert_rules_each_with_a_sentence_for_people() -> None:
    text = (MONITORING / "alerts.yml").read_text()
    assert [len(re.findall(rf"^ +{part}: \S", text, re.MULTILINE)) for part in ("- alert", "expr", "summary")] == [
        5
    ] * 3


@pytest.mark.usefixtures("well")
def test_what_waits_for_its_time_or_for_somebody_is_not_late(
    health: Any, desk: Desk, changed: Callable[..., Event]
) -> None:
    delivery(desk, changed(hours=0), due=6 * HOUR)  # a digest, or quiet hours
    event, approval = changed(hours=9), Approval(("desk",), None)
    desk.store.log.add_alert((event, [Route("public", NOW - 9 * HOUR, approval=approval)]))
    (waiting,) = (each for each in desk.store.outbox.due(NOW) if each.channel == "public")
    asks = (changed(hours=9), [])
    desk.store.outbox.compose(
        "public", "k", "title", "text", "", [waiting.id], NOW, approval=approval, ask=lambda _: asks
    )
    assert health() == (200, [])
    (held,) = desk.store.approvals.waiting()
    assert desk.store.approvals.decide(held.id, approve=True, who="ada", now=NOW)
    assert health() == (200, [])


def test_a_source_that_is_disabled_is_neither_failing_nor_late(
    metrics: Callable[[], dict[tuple[str, ...], float]], desk: Desk
) -> None:
    source(desk, Status.FAILING, checked=NOW - HOUR, due=NOW - HOUR)
    fca = desk.config.sources["fca"].model_copy(update={"enabled": False})
    desk.use(replace(desk.config, sources={"fca": fca}))
    found = metrics()
    assert (found[("sources", "disabled")], found[("sources", "failing")]) == (1, 0)
    assert ("source_overdue_seconds", "fca") not in found


def test_a_source_that_nobody_has_read_yet_is_new(metrics: Callable[[], dict[tuple[str, ...], float]]) -> None:
    assert metrics()["sources", "new"] == 1
