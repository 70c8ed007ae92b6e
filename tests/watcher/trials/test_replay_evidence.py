"""`watch replay NAME --evidence`: the pages kept as evidence are read again."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.captures import CAPTURES, needed
from watcher.trials.saved_pages import content_type, find_pages


def again(kept: Any) -> list[dict[str, Any]]:
    steps: list[dict[str, Any]] = json.loads(kept.run("replay", "list", "--evidence", "--json").out)["steps"]
    return steps


def told(result: dict[str, Any]) -> list[Any]:
    """What of changes is the same whenever they are seen."""
    return [(each["change"], each["key"], each["title"], each["fields"]) for each in result["changes"]]


def test_the_same_reader_says_the_same(kept: Any) -> None:
    results = []
    for branch in ("A", "B", "B", "A"):
        kept.show(branch)
        results.append(kept.check())
    steps = again(kept)
    assert [(step["capture"], step["kind"], step["status"]) for step in steps] == [
        (1, "baseline", "baseline"),
        (2, "changed", "ok"),
        (3, "changed", "ok"),
    ]
    assert [told(step) for step in steps] == [told(each) for each in results if each["status"] != "unchanged"]
    assert kept.check()["status"] == "unchanged"  # nothing was altered


def test_a_corrected_reader_says_what_it_would_have_said(kept: Any) -> None:
    kept.configure(source='fields = { state = "name" }')  # a slip: another member was meant
    kept.show("A")
    kept.check()
    kept.show("B", "Zoom")
    assert [each["title"] for each in kept.check()["changes"]] == ["Zoom"]
    kept.configure(source='fields = { state = "branch" }')
    first, *_ = again(kept)[1]["changes"]
    assert (first["title"], first["fields"]) == ("Telegram", {"state": {"before": "A", "after": "B"}})


def test_a_source_of_several_pages_is_read_in_full(kept: Any) -> None:
    kept.configure(source='next = "next"')
    text = Path("watch.toml").read_text().replace('items = "@"', 'items = "rows"')
    Path("watch.toml").write_text(text)

    def serve(branch: str) -> None:
        kept.site.page("/list", {"rows": [{"name": "Zoom", "branch": "none"}], "next": "/more"})
        kept.site.page("/more", {"rows": [{"name": "Telegram", "branch": branch}], "next": None})

    serve("A")
    assert kept.check()["entries"] == 2
    serve("B")
    (change,) = kept.check()["changes"]
    steps = again(kept)
    assert [step["entries"] for step in steps] == [2, 2]
    assert told(steps[1]) == told({"changes": [change]})
    assert [head["WARC-Type"] for head, _, _ in kept.records()].count("revisit") == 1  # the page that stayed


def test_what_was_accepted_by_hand_is_accepted_again(kept: Any) -> None:
    kept.show("A", *(f"Company {number}" for number in range(30)))
    kept.check()
    kept.show("A")
    kept.check()
    kept.run("accept", "list", "--yes", kept.held())
    kept.show("B")
    kept.check()
    steps = again(kept)
    assert [step["status"] for step in steps] == ["baseline", "suspicious", "ok", "ok"]
    assert [len(step["changes"]) for step in steps] == [0, 0, 30, 1]


def test_it_is_printed_for_people_too(kept: Any) -> None:
    kept.check()
    kept.show("B")
    kept.check()
    ran = kept.run("replay", "list", "--evidence")
    assert (ran.code, "capture 2  ok  1 entry, 1 change" in ran.out) == (0, True)
    assert "2 captures in the order of their times: 1 change; nothing was sent" in ran.out


@pytest.mark.parametrize(
    ("argv", "says"),
    [
        (["list"], "name the folder"),
        (["list", "evidence", "--evidence"], "name the folder"),
        (["list", "--evidence"], "no page of it is kept"),
        (["other", "--evidence"], 'no source "other"'),
    ],
)
def test_what_cannot_be_replayed_is_said(kept: Any, argv: list[str], says: str) -> None:
    ran = kept.run("replay", *argv)
    assert (ran.code, says in ran.err) == (2, True)


IADB = 'kind = "xlsx"\nkey = ["Title", "Entity", "Nationality", "From", "To", "Grounds"]\nmax_lost = "100 %"'
SETS = [
    ("us-cuba-restricted-list", "*", 'kind = "text"\nselect = "div.wp-block-classic"'),
    ("my-bnm-consumer-alert", "*", 'kind = "table"\nkey = "Name of unauthorised entities/individual"'),
    ("us-ca-fire-incidents", "*", 'kind = "json"\nitems = "AllYearIncidents"\nkey = "UniqueId"'),
    ("iadb-sanctions-xlsx", "*", IADB),
    ("feeds-before-after", "*", 'kind = "feed"'),
    ("ru-minjust-inoagent-json", "*", 'kind = "json"\nitems = "@"\nkey = "id"\ntitle = "fullName"'),
    ("us-fara-register", "*Registrants*", 'kind = "csv"\nkey = "Registration_Number"'),
]


@needed
@pytest.mark.parametrize(("name", "match", "options"), SETS, ids=[name for name, _, _ in SETS])
def test_captures_give_the_same_changes_through_evidence(
    name: str,
    match: str,
    options: str,
    site: Any,
    configure: Callable[..., Path],
    watch: Callable[..., Any],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    head = '[evidence]\n[http]\nprivate_addresses = "allow"\nspacing = "0s"\n'
    configure(f'{head}[sources.list]\nurl = "{site.url("/list")}"\nmax_pages = 1\nmax_bytes = 500000000\n{options}\n')
    direct = json.loads(watch("replay", "list", str(CAPTURES / name), "--match", match, "--json").out)["steps"]
    began = datetime.now(UTC) - timedelta(days=100)
    for number, capture in enumerate(find_pages(CAPTURES / name, match=match)):
        body = capture.file.read_bytes()
        site.page("/list", body, type=content_type(capture.file.name, body))
        monkeypatch.setattr("watcher.service.once._now", lambda at=began + timedelta(days=number): at)
        watch("--once", "--json")
    steps = json.loads(watch("replay", "list", "--evidence", "--json").out)["steps"]
    shown = [step for step in direct if step["status"] in {"baseline", "ok", "suspicious"}]
    assert [told(step) for step in steps] == [told(step) for step in shown]
    assert watch("verify").code == 0
