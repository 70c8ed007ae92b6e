from __future__ import annotations

from datetime import datetime

from watcher.check.outcome import Result
from watcher.service.presence import CheckCounts, SourcesHealth

DUE = datetime(2026, 9, 1, 14, 31, 7)  # noqa: DTZ001 - only its hour is shown


def counted(tally: CheckCounts, **statuses: int) -> None:
    for status, number in statuses.items():
        for _ in range(number):
            tally.add(Result("list", status, 1))


def test_the_status_line_tells_how_all_stands_who_is_in_trouble_and_what_is_next() -> None:
    standing = SourcesHealth()
    standing.watch(["tass", "durov", "list"], {"tass": "ok", "gone": "ok"})
    standing.add(Result("durov", "failing", 3))
    assert (
        standing.line(0, DUE, "tass")
        == "3 sources: 1 ok, 1 failing (durov), 1 not yet checked; next check 14:31:07 (tass)"
    )
    standing.add(Result("durov", "unchanged", 3))
    assert standing.line(2, None, "") == "3 sources: 2 ok, 1 not yet checked; 2 deliveries waiting"


def test_of_many_sources_in_trouble_three_are_named() -> None:
    standing = SourcesHealth()
    standing.watch("abcde", {})
    for name in "abcde":
        standing.add(Result(name, "suspicious", 0))
    assert standing.line(0, None, "") == "5 sources: 5 suspicious (a, b, c, ...)"


def test_what_happens_is_summed_up_once_a_minute_at_most() -> None:
    tally = CheckCounts(0)
    counted(tally, unchanged=200, ok=2, failing=1)
    assert tally.sum_up(59, 0) is None
    assert tally.sum_up(60, 5) == "in 60 s: 203 checks, 2 with changes, 1 failing; 5 alerts sent"
    counted(tally, ok=1)
    assert tally.sum_up(100, 5) is None
    assert tally.sum_up(125, 5) == "in 65 s: 1 check, 1 with changes"


def test_while_nothing_happens_there_is_one_line_an_hour() -> None:
    tally = CheckCounts(0)
    counted(tally, unchanged=50)
    assert tally.sum_up(3599, 0) is None
    assert tally.sum_up(3600, 0) == "in 60 min: 50 checks, all unchanged"


def test_without_a_check_there_is_no_line() -> None:
    assert CheckCounts(0).sum_up(10_000, 0) is None
