"""A source's contract refuses a snapshot: the alert, and the way out through `watch --once`, accept and status."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from tests.configurations import DESK, LOOPBACK

HEAD = f"""{LOOPBACK}{DESK}
[[alerts]]
health = true
to = ["desk"]
[entities.telegram]
names = ["Telegram"]
[sources.list]
kind = "json"
url = "{{site}}/list"
items = "items"
key = "name"
"""


class Register:
    """A JSON register whose items the test sets, checked by `check`."""

    def __init__(self, site: Any, configure: Any, watch: Any) -> None:
        self.site, self.watch, self._configure = site, watch, configure
        self.options("")
        site.page("/hook")

    def options(self, text: str) -> None:
        head = HEAD.format(site=self.site.url(""), hook=self.site.url("").replace("http", "json"))
        self._configure(f"{head}\n{text}")

    def check(self, *items: dict[str, Any], **beside: Any) -> dict[str, Any]:
        self.site.page("/list", {"items": list(items), **beside})
        said: dict[str, Any] = json.loads(self.watch("--once", "--json").out)["sources"][0]
        return said

    def accept(self, *argv: str) -> Any:
        held = json.loads(self.watch("status", "list", "--json").out)["sources"][0]["held"]
        return self.watch("accept", "list", "--yes", held["snapshot"], *argv)

    @property
    def titles(self) -> list[str]:
        return [told["title"] for told in self.site.sent("/hook")]

    @property
    def texts(self) -> list[str]:
        return [told["message"] for told in self.site.sent("/hook")]


@pytest.fixture
def register(site: Any, configure: Any, watch: Callable[..., Any]) -> Register:
    return Register(site, configure, watch)


def rows(count: int, **fields: Any) -> list[dict[str, Any]]:
    return [{"name": f"Company {number}", **fields} for number in range(count)]


@pytest.mark.parametrize(
    ("contract", "items", "reason"),
    [
        ("max_entries = 10", rows(11), "too_many_entries"),
        ('required = ["date"]', [*rows(3, date="2025"), {"name": "X"}], "field_missing"),
        ('filled = { date = "90 %" }', [*rows(8, date="2025"), {"name": "X"}, {"name": "Y"}], "field_unfilled"),
        ('key_pattern = "Company [0-9]+"', [*rows(3), {"name": "Name of company"}], "odd_key"),
        ('total = "total"', rows(3), "wrong_total"),
    ],
)
def test_a_snapshot_that_breaks_its_contract_is_not_believed(
    register: Register, contract: str, items: list[dict[str, Any]], reason: str
) -> None:
    register.options(f"[sources.list.expect]\n{contract}")
    said = register.check(*items, total=12)
    assert (said["status"], said["reason"], said["entries"]) == ("suspicious", reason, 0)


def test_a_snapshot_that_keeps_its_contract_is_believed(register: Register) -> None:
    terms = 'max_entries = 10\nrequired = ["date"]\nfilled = { date = 1 }\nkey_pattern = "Company .*"\ntotal = "total"'
    register.options(f"[sources.list.expect]\n{terms}")
    assert register.check(*rows(3, date="2025"), total="of 3 entries")["status"] == "baseline"


def test_a_pattern_that_would_take_for_ever_elsewhere_is_matched_in_linear_time(register: Register) -> None:
    register.options('[sources.list.expect]\nkey_pattern = "(a+)+"')
    said = register.check({"name": "a" * 9_000 + "b"}, {"name": "aaa"})  # by backtracking it would never end
    assert (said["status"], said["reason"]) == ("suspicious", "odd_key")


def test_a_number_of_a_thousand_digits_is_no_total(register: Register) -> None:
    register.options('[sources.list.expect]\ntotal = "total"')
    said = register.check(*rows(3), total="9" * 5000)
    assert (said["status"], said["reason"]) == ("failing", "not_found")


@pytest.mark.parametrize(("had", "lose", "believed"), [(8, 5, True), (8, 6, False), (60, 12, True), (60, 13, False)])
def test_without_a_contract_a_field_that_empties_at_once_is_suspicious(
    register: Register, had: int, lose: int, believed: bool
) -> None:
    items = [*rows(had, phone="1"), *({"name": f"Other {number}"} for number in range(100))]
    assert register.check(*items)["status"] == "baseline"
    for item in items[:lose]:
        del item["phone"]
    said = register.check(*items)
    assert said["status"] == ("ok" if believed else "suspicious")
    assert believed or said["reason"] == "field_emptied"


def test_of_those_that_lose_a_field_at_once_only_known_ones_are_counted(register: Register) -> None:
    items = rows(13, phone="1")
    register.check(*items)
    register.check(*items[:12])
    said = register.check(*rows(13))
    assert said["message"] == "12 of the 12 entries that had 'phone' lost it at once"
    assert said["message"] is None or "'phone'" in said["message"]


def test_the_alert_says_the_rule_and_whom_the_held_changes_mention(register: Register) -> None:
    register.check(*rows(40), {"name": "Telegram"})
    register.check(*rows(10))
    assert register.titles[-1].startswith("SUSPICIOUS: list")
    assert "31 of 41 entries gone at once, more than 8 (max_lost)" in register.texts[-1]
    assert "telegram: Telegram" in register.texts[-1]
    assert "watch accept list" in register.texts[-1]
    assert "mass_loss" in register.watch("status").out


def test_accept_takes_exactly_what_was_held(register: Register, site: Any) -> None:
    register.check(*rows(40))
    register.check(*rows(10))
    site.page("/list", {"items": rows(25)})
    asked = len(site.requests)
    ran = register.accept()
    assert (ran.code, len(site.requests)) == (0, asked)
    assert "list: accepted, 10 entries, 30 changes (not alerted)" in ran.out
    said = register.check(*rows(10))
    assert (said["status"], said["entries"]) == ("unchanged", 10)
    assert not any(title.startswith("RECORD") for title in register.titles)


def test_accept_with_alert_sends_what_was_held_back(register: Register) -> None:
    register.check(*rows(40))
    register.check(*rows(10))
    assert "alerted at the next delivery" in register.accept("--alert").out
    register.check(*rows(10))
    assert any(title.startswith("Company 10: removed") for title in register.titles)
    again = register.watch("accept", "list")
    assert (again.code, "no snapshot is held" in again.err) == (2, True)


def test_a_later_believable_snapshot_clears_what_was_held(register: Register) -> None:
    register.check(*rows(40))
    register.check(*rows(10))
    assert register.check(*rows(39))["status"] == "ok"
    assert "no snapshot is held" in register.watch("accept", "list").err


def test_a_window_that_has_nothing_in_common_with_the_last_one_is_a_gap(register: Register) -> None:
    register.options('listing = "window"')
    register.check({"name": "a"}, {"name": "b"})
    said = register.check({"name": "c"}, {"name": "d"})
    assert [change["change"] for change in said["changes"]] == ["added", "added"]
    assert "Entries may have come and gone between two checks" in register.texts[-1]
    told = len(register.texts)
    register.check({"name": "d"}, {"name": "e"})
    assert "may have come" not in register.texts[told]


def test_a_field_that_changes_at_every_check_is_told_with_the_line_that_silences_it(register: Register) -> None:
    for visit in range(8):
        register.check(
            {"name": "a", "views": visit, "state": "open"}, {"name": "b", "views": 2 * visit, "state": "open"}
        )
    noisy = [text for text in register.texts if "ignore = " in text]
    assert len(noisy) == 1
    assert '"views" changed in each of the last 5 checks; to ignore it: ignore = ["views"]' in noisy[0]
    register.options('ignore = ["views"]')
    register.check({"name": "a", "views": 100, "state": "open"}, {"name": "b", "views": 7, "state": "open"})
    said = register.check({"name": "a", "views": 200, "state": "shut"}, {"name": "b", "views": 9, "state": "open"})
    assert [change["fields"] for change in said["changes"]] == [{"state": {"before": "open", "after": "shut"}}]


def test_a_pattern_that_re2_does_not_know_is_a_configuration_error(register: Register) -> None:
    register.options('[sources.list.expect]\nkey_pattern = "(?=a)"')
    ran = register.watch("check-config")
    assert ran.code == 2
    assert "sources.list.expect.key_pattern" in ran.err
    assert "no regular expression" in ran.err


CHALLENGE = "<html><head><title>Just a moment...</title></head><body><form id='challenge-form'></form></body></html>"


@pytest.mark.parametrize(("any_page", "reason"), [("false", "challenge_page"), ("true", "wrong_content_type")])
def test_a_page_that_is_taken_for_a_challenge_can_be_read_all_the_same(
    register: Register, site: Any, any_page: str, reason: str
) -> None:
    register.options(f"[sources.list.expect]\nany_page = {any_page}")
    site.page("/list", CHALLENGE)
    assert json.loads(register.watch("--once", "--json").out)["sources"][0]["reason"] == reason
