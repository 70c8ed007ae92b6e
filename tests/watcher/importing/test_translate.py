"""What becomes of single watches and jobs: requests, steps, hours, settings of a whole backup, what is no text of a page."""

from __future__ import annotations

import io
import json
import tomllib
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

WEEK = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


class Import:
    """Imports a list into an empty configuration."""

    def __init__(self, configure: Callable[..., Path], watch: Callable[..., Any], folder: Path) -> None:
        self.configure, self.watch, self.folder = configure, watch, folder
        self.said: dict[str, Any] = {}

    def sources(self, name: str, content: bytes) -> list[dict[str, Any]]:
        (self.folder / name).write_bytes(content)
        file = self.configure("")
        ran = self.watch("import", name, "--yes", "--json")
        assert ran.code in {0, 1}, ran
        self.said = json.loads(ran.out)
        assert self.watch("check-config", "--offline").code == 0
        return list(tomllib.loads(file.read_text("utf-8")).get("sources", {}).values())

    def watch_of(self, *, settings: Mapping[str, Any] | None = None, **given: Any) -> dict[str, Any]:
        """The source of one watch of changedetection.io."""
        tree = {"watching": {"u": {"url": "https://a.example/page", **given}}, "settings": settings or {}}
        (source,) = self.sources("url-watches.json", json.dumps(tree).encode())
        return source

    def job_of(self, **given: Any) -> dict[str, Any]:
        """The source of one job of urlwatch or webchanges."""
        (source,) = self.sources("jobs.yaml", json.dumps({"url": "https://a.example/page", **given}).encode())
        return source

    @property
    def without(self) -> str:
        return " ".join(line for each in self.said["imported"] for line in each["without"])

    def left(self, **given: Any) -> str:
        """Why a watch becomes no source."""
        tree = {"watching": {"u": {"url": "https://a.example/page", **given}}}
        assert self.sources("url-watches.json", json.dumps(tree).encode()) == []
        return str(self.said["left"][0]["reason"])


@pytest.fixture
def given(configure: Callable[..., Path], watch: Callable[..., Any], folder: Path) -> Import:
    return Import(configure, watch, folder)


def test_a_watch_of_an_old_version_keeps_its_selector_and_its_time(given: Import) -> None:
    source = given.watch_of(css_filter="#main", minutes_between_check=60)
    assert (source["select"], source["every"]) == ("#main", "1h")
    settings = {"requests": {"minutes_between_check": 180}}
    source = given.watch_of(css_filter="//div[@id='x']", settings=settings)
    assert (source["select"], source["every"]) == ("xpath://div[@id='x']", "3h")
    assert given.watch_of(time_between_check={"days": 1, "hours": 0})["every"] == "1d"


def test_the_time_of_all_counts_where_a_watch_says_so(given: Import) -> None:
    settings = {"requests": {"time_between_check": {"hours": 3}}}
    own = {"minutes": 5}
    assert (
        given.watch_of(settings=settings, time_between_check=own, time_between_check_use_default=True)["every"] == "3h"
    )
    assert (
        given.watch_of(settings=settings, time_between_check=own, time_between_check_use_default=False)["every"] == "5m"
    )


@pytest.mark.parametrize(
    ("sent", "options"),
    [
        ({"body": "q=bank&page="}, {"method": "POST", "form": {"q": "bank", "page": ""}}),
        ({"body": '{"q": [{"name": "x"}], "n": 5}'}, {"method": "POST", "body": {"q": [{"name": "x"}], "n": 5}}),
        (
            {"method": "PUT", "body": "{}", "headers": {"content-type": "application/json"}},
            {"method": "PUT", "body": {}},
        ),
        ({"body": "day={% now 'utc', '%d.%m.%Y' %}"}, {"method": "POST", "form": {"day": "{today:%d.%m.%Y}"}}),
    ],
)
def test_what_a_watch_sends(sent: dict[str, Any], options: dict[str, Any], given: Import) -> None:
    source = given.watch_of(**{"method": "POST", **sent})
    assert {name: source.get(name) for name in options} == options
    assert "headers" not in source


def test_what_a_job_sends(given: Import, site: Any) -> None:
    assert given.job_of(data={"q": 1})["form"] == {"q": "1"}
    assert given.job_of(data={"q": [1]}, data_as_json=True)["body"] == {"q": [1]}
    assert (
        given.job_of(params={"a": "x y", "b": [1, 2]}, url="https://a.example/?c=1")["url"]
        == "https://a.example/?c=1&a=x+y&b=1&b=2"
    )
    assert given.job_of(data={"q": 1}, method="GET")["url"] == "https://a.example/page?q=1"
    assert given.job_of(initialization_url="https://a.example/first")["before"] == {"url": "https://a.example/first"}


@pytest.mark.parametrize(
    ("sent", "reason"),
    [
        ({"method": "DELETE"}, "DELETE"),
        ({"method": "POST", "body": "a text"}, "neither a form nor JSON"),
        ({"method": "POST", "body": "a=1&a=2"}, "several values"),
        ({"method": "POST", "body": f"{'[' * 300}1{']' * 300}"}, "50 levels"),
        ({"method": "POST", "body": '{"a": null}'}, "null"),
        ({"method": "POST", "body": "<a/>", "headers": {"Content-Type": "text/xml; charset=utf-8"}}, "text/xml"),
        ({"url": "https://a.example/{% now 'utc', '%H' %}"}, "time of the check"),
        ({"url": "https://a.example/{{ watch }}"}, "template"),
        ({"url": "https://a.example/{% now 'utc' - 'days=1', '%d' %}"}, "template"),
        ({"url": "https://a.example/map.PNG"}, "picture"),
        ({"url": "https://a.example/list.xlsx"}, "workbook"),
        ({"processor": "restock_diff"}, "prices and stock"),
        ({"browser_steps": [{"operation": "Execute JS", "optional_value": "1"}]}, "runs a script"),
        ({"browser_steps": [{"operation": "Click element", "selector": "//a/@href"}]}, "attribute"),
        ({"browser_steps": [{"operation": "Dance"}]}, "unknown"),
    ],
)
def test_what_no_source_can_say_is_left_out_with_its_reason(sent: dict[str, Any], reason: str, given: Import) -> None:
    assert reason in given.left(**sent)


def test_a_day_in_an_address(given: Import) -> None:
    assert (
        given.watch_of(url="https://a.example/{% now 'Europe/Oslo', '%Y-%m-%d' %}/x")["url"]
        == "https://a.example/{today:%Y-%m-%d}/x"
    )
    assert "the zone Europe/Oslo" in given.without


def test_steps_in_a_browser(given: Import) -> None:
    steps = [
        {"operation": "Goto site"},
        {"operation": "Click element if exists", "selector": "#cookies", "optional_value": ""},
        {"operation": "Enter text in field", "selector": "//input[@name='q']", "optional_value": '${HOME} "x"'},
        {"operation": "Select by label", "selector": "#year", "optional_value": "2026"},
        {"operation": "Click element containing text", "optional_value": "Search"},
        {"operation": "Wait for text in element", "selector": "#list", "optional_value": "Found"},
        {"operation": "Press Enter"},
        {"operation": "Wait for seconds", "optional_value": "5"},
        {"operation": "Remove elements", "selector": ".ads"},
        {"operation": "Choose one"},
    ]
    source = given.watch_of(browser_steps=steps)
    assert source["fetch"] == "browser"
    assert source["remove"] == [".ads"]
    assert source["steps"] == [
        {"click": "#cookies"},
        {"fill": "xpath://input[@name='q']", "text": '$${HOME} "x"'},
        {"select": "#year", "value": "2026"},
        {"click": "text=Search"},
        {"wait_for": '#list:has-text("Found")'},
        {"press": "Enter"},
    ]
    assert "where it does not exist the check fails" in given.without
    assert given.job_of(use_browser=True, wait_for_selector="table")["wait_for"] == "table"


def test_a_weekly_schedule_becomes_hours(given: Import) -> None:
    def day(begin: str, hours: str) -> dict[str, Any]:
        return {"enabled": True, "start_time": begin, "duration": {"hours": hours, "minutes": "30"}}

    week = {name: day("08:00", "9") for name in WEEK[:5]} | {
        "saturday": day("22:00", "3"),
        "sunday": {"enabled": False},
    }
    source = given.watch_of(time_schedule_limit={"enabled": True, "timezone": "Europe/Berlin", **week})
    assert source["hours"] == "mon,tue,wed,thu,fri 08:00-17:30, sat 22:00-01:30"
    assert source["zone"] == "Europe/Berlin"
    always = {name: {"enabled": True, "start_time": "00:00", "duration": {"hours": "24"}} for name in WEEK}
    assert "hours" not in given.watch_of(time_schedule_limit={"enabled": True, **always})


def test_the_settings_of_a_backup_hold_for_each_watch(given: Import) -> None:
    settings = {
        "headers": {"Accept-Language": "de"},
        "requests": {
            "extra_proxies": [
                {"proxy_name": "", "proxy_url": ""},
                {"proxy_name": "P", "proxy_url": "http://p.example:3128"},
            ]
        },
        "application": {"global_subtractive_selectors": ["nav"], "global_ignore_text": ["Cookies"]},
    }
    source = given.watch_of(settings=settings, proxy="ui-0P", headers={"X-A": "1"}, subtractive_selectors=["footer"])
    assert source["headers"] == {"X-A": "1", "Accept-Language": "de"}
    assert source["remove"] == ["footer", "nav"]
    assert source["remove_lines"] == ["(?i:Cookies)"]
    assert source["proxy"] == "http://p.example:3128"
    assert "proxy" not in given.watch_of(settings=settings, proxy="no-proxy")


def test_the_lines_that_a_watch_extracts_are_those_that_count(given: Import) -> None:
    source = given.watch_of(extract_text=["/v\\d+/i", "stable."])
    assert source["keep_lines"] == ["(?i:v\\d+)|(?i:stable\\.)"]
    assert "the lines with it count as a whole" in given.without


def test_a_pattern_of_the_markup_leaves_no_source_blind(given: Import) -> None:
    source = given.job_of(filter=[{"grep": "<a href.*>source</a>"}])
    assert "keep_lines" not in source
    assert "that is of the page's markup" in given.without


def test_an_attribute_is_read_from_a_list(given: Import, site: Any, watch: Callable[..., Any]) -> None:
    source = given.job_of(filter=[{"xpath": "//div[@class='files']//a/@href"}])
    assert (source["kind"], source["item"], source["key"]) == ("list", "xpath://div[@class='files']//a[@href]", "@href")


def test_a_pdf_file_is_read_as_such(given: Import) -> None:
    assert given.job_of(url="https://a.example/licence.PDF")["kind"] == "pdf_text"
    assert given.watch_of(url="https://a.example/a.pdf?x=1")["kind"] == "pdf_text"


def test_a_kind_of_hooks_is_no_page(given: Import) -> None:
    jobs = json.dumps({"url": "https://a.example/", "kind": "custom-login"}).encode()
    assert given.sources("jobs.yaml", jobs) == []
    assert "custom-login is of hooks.py" in given.said["left"][0]["reason"]


def backup(files: Mapping[str, Any], folder: str = "") -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name, value in files.items():
            archive.writestr(folder + name, json.dumps(value))
    return packed.getvalue()


@pytest.mark.parametrize("above", ["", "datastore/"])
def test_of_a_backup_with_an_old_index_the_newer_files_count(above: str, given: Import) -> None:
    files = {
        "url-watches.json": {"watching": {"u": {"url": "https://a.example/of-last-year"}}},
        "changedetection.json": {"settings": {"application": {"tags": {}}}},
        "u/watch.json": {"url": "https://a.example/now", "tags": ["t"]},
        "u/history.txt": "",
        "t/tag.json": {"title": "Regulators", "overrides_watch": True, "subtractive_selectors": ["nav"]},
        "w/tag.json": {
            "title": "By address",
            "url_match_pattern": "*.EXAMPLE/*",
            "overrides_watch": True,
            "ignore_text": ["x"],
        },
    }
    (source,) = given.sources("backup.zip", backup(files, above))
    assert (source["url"], source["remove"], source["remove_lines"]) == ("https://a.example/now", ["nav"], ["(?i:x)"])
    assert "Regulators, By address" in (given.folder / "watch.toml").read_text("utf-8")


def test_settings_alone_are_refused_with_what_to_do(given: Import) -> None:
    (given.folder / "changedetection.json").write_text(json.dumps({"settings": {}}))
    given.configure("")
    ran = given.watch("import", "changedetection.json", "--yes")
    assert (ran.code, "import the backup" in ran.err) == (2, True)


def test_one_part_by_its_place(given: Import) -> None:
    source = given.job_of(filter=[{"xpath": "(//div[@class='release']//h4)[1]/a"}, "html2text"])
    assert (source["select"], "part" in source) == ("xpath:(//div[@class='release']//h4)[1]/a", False)
    assert given.job_of(filter=[{"css": {"selector": "h4", "skip": 2, "maxitems": 1}}])["part"] == 3
    assert given.watch_of(include_filters=["(//h4)[last()]"])["select"] == "xpath:(//h4)[last()]"
    assert given.watch_of(include_filters=["(//h4)[last()]", "p"])["select"] == "xpath:(//h4)[last()] | //p"
    source = given.job_of(filter=[{"xpath": "(//div)[2]"}, {"css": "p"}])
    assert source["select"] == "xpath:((//div)[2])/descendant::p"
    source = given.job_of(filter=[{"xpath": "(//div)[2]"}, {"css": {"selector": "body", "exclude": "a"}}])
    assert (source["select"], source["remove"]) == ("xpath:(//div)[2]", ["a"])


def test_what_many_jobs_lose_is_said_once_and_what_is_missing_at_the_end(
    configure: Callable[..., Path], watch: Callable[..., Any], folder: Path
) -> None:
    jobs = [{"url": f"https://a.example/{n}", "filter": ["sort"] if n != 3 else ["reverse"]} for n in range(1, 40)]
    jobs += [{"url": f"https://b.example/{n}", "filter": ["hexdump"] if n % 2 else []} for n in range(40, 80)]
    (folder / "jobs.yaml").write_text(json.dumps(jobs))
    configure("")
    said = " ".join(watch("import", "jobs.yaml", "--yes").out.split())
    assert "filter sort: the order of lines counts: 38 jobs (job 1-2, 4-39)" in said
    assert "job 3: https://a.example/3: filter reverse" in said
    assert "and 8 more, which --json names)" in said
    assert "no channel is configured yet" in said
