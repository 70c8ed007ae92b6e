"""`watch report`: a period by source and entity, with how closely it was watched."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from bs4 import BeautifulSoup

from state.model import Clearing
from state.store import Store
from tests.storing import came
from watcher.config.load import load
from watcher.reports.period import CHANGES, change_rows

NOON = datetime(2026, 3, 3, 12, tzinfo=UTC)
HOSTILE = "=cmd()<script>alert(1)</script>"


class Month:
    """Two lists on loopback that are checked in March."""

    def __init__(self, site: Any, configure: Callable[..., Path], watch: Callable[..., Any]) -> None:
        self.site, self.watch = site, watch
        configure(
            '[evidence]\n[http]\nprivate_addresses = "allow"\nspacing = "0s"\n[entities.max]\nnames = ["Max"]\n'
            + "".join(
                f'[sources.{name}]\nkind = "json"\nurl = "{site.url(f"/{name}")}"\nitems = "@"\nkey = "name"\nevery = "1d"\n'
                for name in ("one", "two")
            )
        )
        self.show("two", ("x", "1"))

    def show(self, name: str, *rows: tuple[str, str], **page: Any) -> None:
        self.site.page(f"/{name}", [{"name": key, "value": value} for key, value in rows], **page)

    def passes(self) -> None:
        """Checked daily for ten days; a change on the second and third day, two days failing, then a change in April."""
        for day in range(10):
            rows = [("a", "1" if day < 1 else "2"), ("b", "1")]
            self.show("one", *(rows if day < 2 else [*rows, ("Max", HOSTILE)]), status=500 if day in {5, 6} else 200)
            self.check(day)
        self.show("one", ("a", "3"), ("b", "1"), ("Max", HOSTILE))
        self.check(30)

    def check(self, days: float) -> None:
        with time_machine.travel(NOON + timedelta(days=days), tick=False):
            self.watch("--once")

    def report(self, *argv: str, code: int = 0) -> Any:
        with time_machine.travel(NOON + timedelta(days=60), tick=False):
            ran = self.watch("report", "--since", "2026-03-01", "--until", "2026-04-01", *argv)
        assert ran.code == code, ran.err
        return ran.out

    def facts(self, *argv: str) -> Any:
        return json.loads(self.report("--json", *argv))


@pytest.fixture
def month(
    site: Any, configure: Callable[..., Path], watch: Callable[..., Any], once: Callable[[Callable[[], None]], None]
) -> Month:
    """The month is over: there is nothing to do but to report of it."""
    made = Month(site, configure, watch)
    once(made.passes)
    return made


def test_a_period_may_begin_a_length_of_time_ago(month: Month) -> None:
    with time_machine.travel(NOON + timedelta(days=2), tick=False):
        found = json.loads(month.watch("report", "--since", "2d", "--json").out)
    assert datetime.fromisoformat(found["since"]) == NOON


def test_changes_are_counted_by_source_and_entity(month: Month) -> None:
    said = month.facts()
    assert {source["name"]: source["changes"] for source in said["sources"]} == {
        "one": {"changed": 1, "added": 1},
        "two": {},
    }
    assert said["entities"] == {"max": 1}
    assert [change["key"] for change in said["changes"]] == ["a", "Max"]


def test_checks_and_times_without_a_reading_are_told(month: Month) -> None:
    one, two = month.facts()["sources"]
    assert one["checks"] == {"read": 8, "failed": 2, "days": 10}
    assert two["checks"] == {"read": 10, "failed": 0, "days": 10}
    day = 86_400
    assert [gap["why"] for gap in one["gaps"]] == ["first", "failing", "not_checked"]
    last = 19.5 * day  # from the check of 12 March at noon to the end of the month
    assert one["unread"] == {"seconds": 3 * day + last, "longest": last}


def test_one_entity_and_one_source_narrow_it(month: Month) -> None:
    assert [change["key"] for change in month.facts("--entity", "max")["changes"]] == ["Max"]
    assert [source["name"] for source in month.facts("--source", "two")["sources"]] == ["two"]
    for argv in (["--entity", "nobody"], ["--source", "none"]):
        month.report(*argv, code=2)


def test_a_csv_has_a_row_for_each_field_and_no_formula(month: Month, folder: Path) -> None:
    month.report("--csv", "out.csv")
    rows = list(csv.DictReader(io.StringIO((folder / "out.csv").read_text(encoding="utf-8"))))
    assert [(row["kind"], row["key"], row["field"], row["before"], row["after"]) for row in rows] == [
        ("changed", "a", "value", "1", "2"),
        ("added", "Max", "", "", json.dumps({"name": "Max", "value": HOSTILE})),
    ]
    assert all(row["proof"] and row["checked_before"] < row["at"] for row in rows)
    assert [row["entities"] for row in rows] == ["", "max"]


def test_a_workbook_has_the_sources_too(month: Month, folder: Path) -> None:
    from python_calamine import CalamineWorkbook

    month.report("--xlsx", "out.xlsx")
    book = CalamineWorkbook.from_path(folder / "out.xlsx")
    heads, one, _ = book.get_sheet_by_name("sources").to_python()
    assert dict(zip(heads, one, strict=True))["checks_that_failed"] == "2"
    assert len(book.get_sheet_by_name("changes").to_python()) == 3


@pytest.fixture
def cleared(month: Month, folder: Path) -> Month:
    """Of four decisions about hits, one was made and ended before the month, and one is of another source."""
    config = load(folder / "watch.toml")

    def clear(key: str, source: str, day: int, why: str, end: int | None = None) -> None:
        made = Clearing("max", source, key, why, "anna", NOON + timedelta(days=day), NOON + timedelta(days=400))
        store.clearings.clear(made, lambda entries: {"title": [entry.title for entry in entries]})
        if end is not None:
            assert store.clearings.end("max", source, key, "ben", NOON + timedelta(days=end))

    with Store.open(config.state) as store:
        clear("a", "one", -20, "long ago", -10)
        clear("b", "one", -9, "another birth date", 3)
        clear("Max", "one", 4, HOSTILE)
        clear("x", "two", 5, "a name of a street")
    return month


def test_an_auditor_reads_which_hits_were_cleared_by_whom_and_why(cleared: Month, folder: Path) -> None:
    told = cleared.facts("--source", "one")["clearings"]
    assert [(each["key"], each["who"], each["ended"], each["who_ended"]) for each in told] == [
        ("b", "anna", "2026-03-06T12:00:00+00:00", "ben"),
        ("Max", "anna", None, None),
    ]
    assert told[0]["why_ended"] == "ended by hand"
    cleared.report("--clearings", code=2)
    cleared.report("--clearings", "--csv", "cleared.csv")
    rows = list(csv.DictReader(io.StringIO((folder / "cleared.csv").read_text(encoding="utf-8"))))
    assert [(row["source"], row["title"], row["why"]) for row in rows] == [
        ("one", "b", "another birth date"),
        ("one", "Max", f"'{HOSTILE}"),
        ("two", "x", "a name of a street"),
    ]
    assert [row["at"][:10] for row in rows] == ["2026-02-22", "2026-03-07", "2026-03-08"]


def test_decisions_about_hits_are_in_every_form(cleared: Month, folder: Path) -> None:
    from python_calamine import CalamineWorkbook

    assert "b (one) is not max: cleared until 2027-04-07" in cleared.report()
    cleared.report("--xlsx", "out.xlsx")
    assert len(CalamineWorkbook.from_path(folder / "out.xlsx").get_sheet_by_name("clearings").to_python()) == 4
    cleared.report("--html", "out.html")
    page = BeautifulSoup((folder / "out.html").read_text(encoding="utf-8"), "lxml")
    assert HOSTILE in page.text
    assert not page.select("script")
    assert cleared.facts("--entity", "max", "--source", "two")["clearings"][0]["why"] == "a name of a street"


def test_a_row_says_for_whom_its_entry_was_cleared() -> None:
    event = came("Max", NOON, source="one")
    rows = change_rows([event, replace(event, data=event.data | {"cleared": ["max"]})])
    assert [dict(zip(CHANGES, row, strict=True))["cleared"] for row in rows] == ["", "max"]


def test_a_page_shows_all_of_it_and_runs_nothing(month: Month, folder: Path) -> None:
    month.report("--html", "out.html")
    page = BeautifulSoup((folder / "out.html").read_text(encoding="utf-8"), "lxml")
    assert not page.select("script")
    assert [row.text for row in page.select("tbody th")] == ["onerecord", "tworecord"]
    assert [title.text for title in page.select("ol h3")] == ["a", "Max"]
    assert "failing (at last http_500)" in page.text


def test_a_page_speaks_the_language_of_the_configuration_and_the_text_does_not(
    month: Month, folder: Path, catalogue: Callable[..., None]
) -> None:
    catalogue({
        "{first} to {last}": "{first} bis {last}",
        "changed": "geändert",
        ("of {number} source", "of {number} sources"): ("von {number} Quelle", "von {number} Quellen"),
        ("{number} change {sources}", "{number} changes {sources}"): ("{number} Änderung {sources}", "{number} Änderungen {sources}"),
    })  # fmt: skip
    file = folder / "watch.toml"
    file.write_text(f'language = "de"\n{file.read_text("utf-8")}', "utf-8")
    month.report("--html", "out.html")
    page = BeautifulSoup((folder / "out.html").read_text(encoding="utf-8"), "lxml")
    assert page.html
    assert page.html["lang"] == "de"
    assert "2 Änderungen von 2 Quellen" in page.text
    assert [each.text for each in page.select("li.changed .kind")] == ["geändert"]
    assert "2 changes of 2 sources" in month.report()


def test_the_text_shows_a_table_and_the_changes(month: Month) -> None:
    said = month.report()
    assert said.splitlines()[1].split()[:8] == ["one", "1", "1", "0", "0", "0", "8", "2"]
    assert "one: changed a: value: 1 → 2" in said
    assert "2 changes of 2 sources" in said


def test_a_file_that_is_there_is_left_as_it_is(month: Month, folder: Path) -> None:
    (folder / "mine.html").write_text("mine")
    month.report("--html", "mine.html", code=2)
    assert (folder / "mine.html").read_text() == "mine"
    month.report("--html", "mine.html", "--force")
    assert (folder / "mine.html").read_text() != "mine"


def test_a_period_that_ends_before_it_begins_is_refused(month: Month) -> None:
    month.report("--until", "2026-02-01", code=2)


KEPT = {
    "2019-02-01": {"A": "Active", "Sable": "Applied"},
    "2019-04-13": {"A": "Active", "Sable": "Active", "Max": "Active"},
    "2019-04-20": {"A": "Suspended", "Sable": "Active"},
}


def test_what_others_saw_of_watched_entities_is_told_apart_and_counted_nowhere(
    seen_before: Callable[..., None], watch: Callable[..., Any], folder: Path
) -> None:
    seen_before(KEPT, {"A": "Suspended", "B": "Active"})
    said = json.loads(watch("report", "--since", "2019-02-02", "--until", "2019-12-31", "--json").out)
    assert (said["changes"], said["entities"]) == ([], {})
    assert [(each["change"], each["title"], each["entities"]) for each in said["past"]] == [
        ("changed", "Sable", ["sable"]),
        ("added", "Max", ["max"]),
        ("removed", "Max", ["max"]),
    ]
    assert {each["id"] for each in said["past"]} == {None}
    assert said["past"][2]["interval"] == {"after": "2019-04-13T00:00:00+00:00", "before": "2019-04-20T00:00:00+00:00"}
    assert said["past"][2]["witness"]["where"] == "2019-04-20.json"
    text = watch("report", "--since", "2019-01-01", "--entity", "sable").out
    text = " ".join(text.split())
    assert "list: first Sable; 2019-02-01 00:00 UTC or before (a folder of saved pages)" in text
    assert (
        "list: changed Sable: status: Applied → Active; between 2019-02-01 00:00 UTC and 2019-04-13 00:00 UTC" in text
    )
    assert "Max" not in text
    text = " ".join(watch("report", "--since", "2019-04-21").out.split())
    assert "list: removed Sable; between 2019-04-20 00:00 UTC and 2" in text
    watch("report", "--since", "2019-02-02", "--html", "page.html")
    page = BeautifulSoup((folder / "page.html").read_text(), "html.parser")
    assert [each.h3.text for each in page.select("li.others")] == ["Sable", "Max", "Max", "Sable"]
