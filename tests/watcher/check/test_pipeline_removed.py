"""A watched firm is missing in a complete register: it is looked for once more before anybody is told, in one check."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Sequence
from typing import Any

import pytest

from tests.watcher.conftest import Desk, rows

Register = Callable[..., Any]


def without(*names: str) -> list[dict[str, Any]]:
    return [row for row in rows() if row["name"] not in names]


def told(desk: Desk) -> list[str]:
    return [text.partition("\n")[0] for text in desk.heard("desk") if not text.startswith("Watching")]


def look_at(desk: Desk, *answers: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """One check that gets these answers, each once."""
    left = list(answers)
    desk.site.page("/list", lambda _: list(left.pop(0)))
    said = desk.check()
    assert left == []
    return said


def test_a_firm_that_is_back_at_the_second_look_was_never_removed(desk: Desk, caplog: pytest.LogCaptureFixture) -> None:
    desk.check(*rows())
    with caplog.at_level(logging.WARNING):
        said = look_at(desk, without("Sable Capital", "Company 1"), rows())
    assert (said["status"], said["entries"], said["changes"]) == ("unchanged", 21, [])
    assert "list: missing at the first look, there at the second, so not removed: Sable Capital" in caplog.text
    desk.check(*rows())
    assert told(desk) == []


def test_a_firm_that_is_missing_twice_is_removed_by_one_check(desk: Desk) -> None:
    desk.check(*rows())
    said = look_at(desk, without("Sable Capital"), without("Sable Capital"))
    assert [change["change"] for change in said["changes"]] == ["removed"]
    assert told(desk) == ["Sable Capital: removed (list)"]


def test_a_register_that_is_half_written_for_a_moment_removes_nobody(desk: Desk) -> None:
    desk.check(*rows())
    desk.configure(http='spacing = "100ms"')
    asked = list[float]()

    def serve(_: object) -> list[dict[str, Any]]:
        asked.append(time.monotonic())
        return rows()[5:] if asked[-1] < asked[0] + 0.3 else rows()

    desk.site.page("/list", serve)
    assert desk.check()["status"] == "unchanged"
    assert (len(asked), told(desk)) == (2, [])


def test_the_removal_of_a_firm_that_nobody_watches_costs_no_second_look(desk: Desk) -> None:
    desk.check(*rows())
    said = look_at(desk, without("Company 1"))
    assert [change["change"] for change in said["changes"]] == ["removed"]


def test_half_of_a_register_that_is_back_at_the_second_look_is_not_held(desk: Desk) -> None:
    desk.check(*rows())
    assert look_at(desk, rows()[11:], rows())["status"] == "unchanged"
    assert desk.heard("ops") == []


def test_a_second_look_that_fails_tells_nothing(desk: Desk) -> None:
    desk.check(*rows())
    left = [without("Sable Capital")]
    desk.site.page("/list", lambda _: list(left.pop()) if left else desk.site.Reply("away", 503))
    assert desk.check()["status"] == "failing"
    assert look_at(desk, rows())["status"] == "unchanged"
    assert told(desk) == []


def test_what_only_the_first_look_had_is_looked_for_again_though_the_page_stays(desk: Desk) -> None:
    desk.check(*rows())
    said = look_at(desk, without("Sable Capital"), without("Company 1"))
    assert said["changes"] == []
    said = look_at(desk, without("Company 1"))
    assert [(change["change"], change["title"]) for change in said["changes"]] == [("removed", "Company 1")]


FIRMS = ["Sable Capital", *(f"Company {number}" for number in range(1, 21))]
SINCE = {firm: at for at, firm in enumerate(FIRMS, 1)}  # the last one since 21 March, and 21 of them


@pytest.fixture
def page(desk: Desk) -> Register:
    """A register as a page that says how many firms it has, and one check of it."""
    desk.configure(more=f'[sources.page]\nkind = "table"\nurl = "{desk.site.url("/page")}"\nkey = "Firm"\n')

    def check(firms: Sequence[str], said: str) -> dict[str, Any]:
        cells = "".join(f"<tr><td>{firm}<td>licensed<td>{SINCE[firm]} March 2021" for firm in firms)
        table = f"<table><tr><th>Firm<th>Status<th>Since{cells}</table>"
        desk.site.page("/page", f"<h1>Register</h1><p>{said}</p>{table}", type="text/html")
        return desk.check(source="page")

    return check


@pytest.mark.parametrize(
    ("before", "after", "status"),
    [
        ("21 licensed firms", "21 licensed firms", "suspicious"),
        ("21 licensed firms", "20 licensed firms", "ok"),
        ("As of 3 March 2021: 21 firms", "As of 4 March 2021: 21 firms", "suspicious"),
        ("30 licensed firms", "30 licensed firms", "ok"),  # it never counted these rows
        ("see also article 21", "see also article 20", "ok"),
        ("no number", "no number", "ok"),
    ],
)
def test_a_page_that_still_counts_the_firm_is_not_believed(
    desk: Desk, page: Register, before: str, after: str, status: str
) -> None:
    assert page(FIRMS, before)["status"] == "baseline"
    said = page(FIRMS[1:], after)
    assert said["status"] == status
    if status == "ok":
        assert told(desk) == ["Sable Capital: removed (page)"]
    else:
        assert said["reason"] == "wrong_total"
        assert said["message"] == "20 entries read, the page says that there are 21 (total)"
        assert told(desk) == ["Not believed yet: Sable Capital: removed (page)"]


def test_a_document_that_states_more_than_it_has_removes_nobody(desk: Desk) -> None:
    url = desk.site.url("/document")
    desk.configure(more=f'[sources.document]\nkind = "json"\nurl = "{url}"\nitems = "items"\nkey = "name"\n')
    desk.site.page("/document", {"total": 21, "items": rows()})
    desk.check(source="document")
    desk.site.page("/document", {"total": 21, "items": without("Sable Capital")})
    said = desk.check(source="document")
    assert (said["status"], said["changes"], told(desk)) == ("unchanged", [], [])
