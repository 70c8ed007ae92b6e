"""A large register, of whose next versions only the altered records are read: checks, alerts and doubts are as ever."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from state.compare.diff import Differ
from watcher.check import newest

LINES = [f"{number},Company {number} of the register of companies,valid" for number in range(15_000)]


@pytest.fixture
def check(site: Any, configure: Callable[..., Any], watch: Callable[..., Any]) -> Callable[..., dict[str, Any]]:
    """Checks the register with these lines, once; further options at the first call."""

    def once(lines: list[str], options: str = "") -> dict[str, Any]:
        if options:
            address = site.url("/list")
            http = '[http]\nprivate_addresses = "allow"\nspacing = "0s"\n'
            configure(f'{http}[sources.list]\nkind = "csv"\nurl = "{address}"\nkey = "No"\n{options}\n')
        site.page("/list", "\n".join(["No,Name,Status", *lines]).encode())
        return dict(json.loads(watch("--once", "--json").out)["sources"][0])

    return once


@pytest.fixture
def read_whole(monkeypatch: pytest.MonkeyPatch) -> list[bool]:
    """Whether each check had to read all, since the first."""
    found, read_altered = list[bool](), newest.read_altered

    def note(*given: Any) -> Differ | None:
        found.append(not (enough := read_altered(*given)))
        return enough

    monkeypatch.setattr(newest, "read_altered", note)
    return found


def test_changes_are_found_check_after_check(check: Callable[..., Any], read_whole: list[bool]) -> None:
    assert check(LINES, 'title = "Name"')["status"] == "baseline"
    for at in (3, 14_000):
        now = [*LINES[:at], LINES[at].replace("valid", "revoked"), *LINES[at + 1 :]]
        found = check(now)
        assert [change["key"] for change in found["changes"]] == sorted({"3", str(at)}, key=int)
    assert check([*LINES, "99999,A new one,valid"])["entries"] == 15_001
    assert read_whole == [False, False, False]


def test_what_is_doubted_is_the_whole_page(check: Callable[..., Any], read_whole: list[bool]) -> None:
    check(LINES, 'expect = { required = ["Status"] }')
    found = check([*LINES, "99999,A new one,"])
    assert (found["status"], found["reason"]) == ("suspicious", "field_missing")
    assert found["message"].startswith("1 of 15001 entries have no 'Status'")
    assert read_whole == [False]
    assert check(LINES[:100])["reason"] == "mass_loss"
