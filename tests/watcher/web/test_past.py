"""The past at the desk and in the API: a register at a time, an entry's values, two times side by side."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from tests.watcher.web.conftest import TOKEN, read

Looking = Callable[[], TestClient]


@pytest.fixture
def moment(kept: Any) -> str:
    """Between two checks: before it there was one entry, with it changed and another one added."""
    kept.show("A")
    kept.check()
    now = datetime.now(UTC).isoformat()
    kept.show("B", "Max")
    kept.check()
    return now


@pytest.fixture
def api(moment: str, looking: Looking) -> TestClient:
    browser = looking()
    browser.headers["authorization"] = f"Bearer {TOKEN}"
    browser.base_url = browser.base_url.join("/api/v1/")
    return browser


def test_a_source_is_shown_as_it_was(moment: str, looking: Looking) -> None:
    browser = looking()
    then = read(browser, f"/sources/list/past?at={moment.replace('+', '%2B')}")
    assert [title.text for title in then.select("a.title")] == ["Telegram"]
    assert "branch: A" in then.text
    now = read(browser, "/sources/list/past")
    assert [title.text for title in now.select("a.title")] == ["Telegram", "Max"]
    assert [title.text for title in read(browser, "/sources/list/past?find=max").select("a.title")] == ["Max"]


def test_a_register_of_which_only_others_know_has_no_numbers_of_entries(
    kept: Any, api: TestClient, folder: Path
) -> None:
    (folder / "pages").mkdir()
    rows = [{"name": name, "branch": "Z"} for name in ("Max", "Telegram")]
    (folder / "pages" / "2019-04-01.json").write_text(json.dumps(rows))
    assert kept.run("past", "list", "--folder", "pages").code == 0
    first = api.get("sources/list/entries?at=2020-01-01&limit=1").json()
    last = api.get(f"sources/list/entries?at=2020-01-01&limit=1&cursor={first['next']}").json()
    told = [(each["id"], each["title"], each["witness"]["where"]) for each in (*first["items"], *last["items"])]
    assert told == [(None, "Max", "2019-04-01.json"), (None, "Telegram", "2019-04-01.json")]
    assert (first["gaps"][0]["why"], last["next"]) == ("captures", None)
    changed = api.get("sources/list/diff?from=2020-01-01").json()["changed"]
    assert [each["fields"]["branch"]["before"] for each in changed] == ["Z", "Z"]


def test_two_times_stand_side_by_side(moment: str, looking: Looking) -> None:
    page = read(looking(), f"/sources/list/between?since={moment.replace('+', '%2B')}")
    assert ([each.text for each in page.select("del")], [each.text for each in page.select("ins")]) == (["A"], ["B"])
    assert [row.select_one("th").contents[0] for row in page.select("tr.added")] == ["Max"]


def test_an_entry_has_its_values_in_order_of_time(moment: str, looking: Looking) -> None:
    browser = looking()
    link = next(title["href"] for title in read(browser, "/entries").select("a.title") if title.text == "Telegram")
    life = read(browser, link).select("ol.life > li")
    assert [each.select_one(".kind").text for each in life] == ["first", "changed"]
    assert [part in each.text for part, each in zip(("branch: A", "branch: B"), life, strict=True)] == [True, True]


def test_the_pages_of_a_source_lead_to_its_past(moment: str, looking: Looking) -> None:
    links = [link["href"] for link in read(looking(), "/sources/list").select("main a[href]")]
    assert {"/sources/list/past", "/sources/list/between"} <= set(links)


def test_the_api_answers_for_a_time_in_pages(moment: str, api: TestClient) -> None:
    then = api.get("sources/list/entries", params={"at": moment}).json()
    assert [(item["key"], item["fields"]["branch"]) for item in then["items"]] == [("Telegram", "A")]
    assert (then["at"], then["gaps"], then["next"]) == (moment, [], None)
    now = datetime.now(UTC).isoformat()
    first = api.get("sources/list/entries", params={"at": now, "limit": 1}).json()
    second = api.get("sources/list/entries", params={"at": now, "limit": 1, "cursor": first["next"]}).json()
    assert [item["key"] for item in (*first["items"], *second["items"])] == ["Telegram", "Max"]
    assert second["next"] is None


def test_the_api_has_an_entrys_values_and_a_difference(moment: str, api: TestClient) -> None:
    number = api.get("sources/list/entries").json()["items"][0]["id"]
    values = api.get(f"entries/{number}").json()["values"]
    assert [(value["kind"], value["fields"]["branch"]) for value in values] == [("first", "A"), ("changed", "B")]
    told = api.get("sources/list/diff", params={"from": moment}).json()
    assert [[entry["key"] for entry in told[kind]] for kind in ("added", "changed")] == [["Max"], ["Telegram"]]


def test_before_the_first_snapshot_the_answer_says_that_nothing_is_known(api: TestClient) -> None:
    said = api.get("sources/list/entries", params={"at": "2020-01-01"}).json()
    assert (said["items"], said["gaps"][0]["why"]) == ([], "first")


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("/sources/no/past", 404),
        ("/sources/no/between", 404),
        ("/sources/list/past?at=yesterday", 400),
        ("/sources/list/past?at=2099-01-01", 400),
        ("/sources/list/between?since=2026-02-01&until=2026-01-01", 400),
        ("/api/v1/sources/list/entries?at=9999-12-31T23:59-23:59", 400),
        ("/api/v1/sources/list/diff", 422),
    ],
)
def test_a_bad_address_is_refused(moment: str, looking: Looking, address: str, status: int) -> None:
    assert looking().get(address).status_code == status


def test_two_times_of_which_one_is_before_all_that_is_known_are_not_said_to_be_the_same(
    moment: str, looking: Looking
) -> None:
    page = read(looking(), "/sources/list/between?since=2020-01-01").text
    assert "nothing is known before" in page
    assert not {text for text in ("Nothing differs", "0 added") if text in page}
