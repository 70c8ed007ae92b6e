"""How long evidence is kept: old files are deleted whole, and the rest can be verified and shown."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from state.evidence.options import EvidenceOptions
from state.evidence.store import KeptFile, find_expired

NOW = datetime(2025, 7, 14, 12, tzinfo=UTC)


def day(number: int, ago: int, *, mentions: bool = False, size: int = 100) -> KeptFile:
    return KeptFile(number, f"{number}", date(2025, 7, 14) - timedelta(days=ago), mentions, size)


def gone(files: list[KeptFile], **options: Any) -> tuple[list[int], list[int]]:
    found = find_expired(files, EvidenceOptions(**options), NOW)
    return [file.id for file in found.old], [file.id for file in found.many]


def test_what_is_older_than_keep_goes_and_mentions_stay_longer() -> None:
    files = [day(1, 401), day(2, 400), day(3, 401, mentions=True), day(4, 3651, mentions=True)]
    assert gone(files) == ([1, 4], [])
    assert gone(files, keep="4000d") == ([], [])  # mentions are never kept for a shorter time


def test_for_want_of_room_the_oldest_go_those_without_mentions_first() -> None:
    files = [day(1, 9, mentions=True), day(2, 8), day(3, 7), day(4, 0), day(5, 1)]
    assert gone(files, max_size=400) == ([], [2])
    assert gone(files, max_size="250") == ([], [2, 3, 1])
    assert gone(files, max_size=10) == ([], [2, 3, 1])  # today's file may still be written to, and yesterday's
    assert gone(files, max_size=500) == ([], [])


@pytest.mark.parametrize("size", ["20 GB", "20gb", 20_000_000_000, "20000 MB"])
def test_a_size_is_written_in_many_ways(size: Any) -> None:
    assert EvidenceOptions(max_size=size).max_size == 20_000_000_000


@pytest.mark.parametrize(
    "bad", [{"max_size": "much"}, {"max_size": 0}, {"keep": "1h"}, {"timestamp": "ftp://x"}, {"x": 1}]
)
def test_what_cannot_be_meant_is_refused(bad: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"size|least|web address|xtra"):
        EvidenceOptions(**bad)


@pytest.fixture
def years(kept: Any, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Any]:
    """Checks of a list on other days: `years(days_ago, branch)`."""
    kept.configure(evidence='[evidence]\nkeep = "30d"', more='[entities.telegram]\nnames = ["Telegram"]')

    def check(ago: int, branch: str, *more: str) -> Any:
        at = datetime.now(UTC) - timedelta(days=ago)
        monkeypatch.setattr("watcher.service.once._now", lambda: at)
        kept.show(branch, *more)
        return kept.check()

    return check


def test_old_files_go_and_the_rest_is_verified_and_shown(kept: Any, years: Any, watch: Callable[..., Any]) -> None:
    years(90, "A")  # mentions telegram
    years(80, "A", "Zoom")
    years(70, "A", "Zoom", "Max")
    years(60, "B", "Zoom", "Max")
    assert len(kept.files) == 4
    (event,) = years(1, "B", "Zoom", "Max", "Signal")["changes"]
    assert [file.name.endswith("mentions.warc.gz") for file in kept.files] == [True, True, False]
    assert watch("verify").code == 0
    assert watch("evidence", str(event["id"])).code == 0
    assert "removed for its age" in watch("evidence", "2").err
    found = json.loads(watch("verify", "--json").out)
    assert (found["files"], found["linked"] > 0) == (3, True)


def test_a_chain_that_lost_its_beginning_goes_on(kept: Any, years: Any, watch: Callable[..., Any]) -> None:
    kept.configure(evidence='[evidence]\nkeep = "30d"')
    years(90, "A")
    years(80, "B")
    years(1, "C")
    found = json.loads(watch("verify", "--json").out)
    assert (found["ok"], found["files"], found["linked"]) == (
        True,
        1,
        0,
    )  # what is before the oldest record is forgotten
    assert found["head"]["number"] == 14
    years(0, "D")
    assert watch("verify").code == 0


def test_the_last_file_may_go_too(kept: Any, years: Any, watch: Callable[..., Any]) -> None:
    kept.configure(evidence='[evidence]\nkeep = "30d"')
    years(90, "A")
    years(0, "A")
    assert (kept.files, watch("verify").code) == ([], 0)
    years(0, "B")
    assert (len(kept.files), watch("verify").code) == (1, 0)


def test_room_is_made_and_that_is_said(
    kept: Any, years: Any, watch: Callable[..., Any], caplog: pytest.LogCaptureFixture
) -> None:
    kept.configure(evidence='[evidence]\nmax_size = "3 KB"')
    for ago, branch in ((9, "A"), (8, "B"), (7, "C")):
        years(ago, branch)
    assert "removed for want of room" in caplog.text
    assert sum(file.stat().st_size for file in kept.files) < 6000  # three days take 7,500
    assert watch("verify").code == 0
