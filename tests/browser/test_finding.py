"""Finding something: the filters of the log, the search over entries, the list of sources."""

from __future__ import annotations

import json
import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.accessibility import violations
from tests.browser.conftest import OpenTab
from tests.browser.serving import Served
from tests.browser.states import COMPANIES
from tests.browser.test_accessibility import is_too_wide


@pytest.mark.parametrize(
    ("label", "choice", "titles"),
    [
        ("Source", "durov", ["Telegram has not opened an office"]),
        ("Kind", "changed", ["Firm", "Firm", "Telegram Messenger"]),
        ("Authority", "report", ["Telegram is opening an office"]),
        ("Mentions", "telegram", ["Telegram has not", "Telegram is opening", "Telegram Messenger"]),
        ("State", "handled", []),
    ],
)
def test_the_log_is_filtered(reader: Page, label: str, choice: str, titles: list[str]) -> None:
    reader.goto("/changes")
    choices = reader.get_by_role("combobox", name=label, exact=True)
    choices.select_option(choice)
    reader.get_by_role("button", name="Show").click()
    found = reader.locator("main .change a.title")
    expect(found).to_have_count(len(titles))
    assert all(text.startswith(title) for text, title in zip(found.all_inner_texts(), titles, strict=True))
    expect(choices).to_have_value(choice)


def test_the_log_of_some_days_is_shown(reader: Page) -> None:
    reader.goto("/changes")
    reader.get_by_label("From").fill("2025-07-17")
    reader.get_by_label("To", exact=True).fill("2025-07-18")
    reader.get_by_role("button", name="Show").click()
    expect(reader.locator("main .change")).to_have_count(3)


@pytest.mark.parametrize(
    ("words", "found"), [("СОГЛАСОВ telegram", 1), ("firm revoked", 2), ("firm", 40), ("nothing like it", 0)]
)
def test_entries_are_found_by_the_beginnings_of_words(reader: Page, words: str, found: int) -> None:
    reader.get_by_role("link", name="Entries").click()
    expect(reader.get_by_text("The search index is being built")).to_have_count(0)
    reader.get_by_label("Words").fill(words)
    reader.get_by_label("Words").press("Enter")
    expect(reader.locator("main .change")).to_have_count(found)


def test_two_times_of_a_register_stand_side_by_side(reader: Page) -> None:
    reader.goto("/sources/rkn-landing")
    reader.get_by_role("link", name="Two times side by side").click()
    reader.get_by_label("From").fill("2025-07-17T18:58")
    reader.get_by_label("To").fill("2025-07-17T19:10")
    reader.get_by_role("button", name="Compare").click()
    expect(reader.locator("del")).to_have_text("не исполнено")
    expect(reader.locator("ins")).to_have_text("в стадии согласования")


def test_a_register_is_shown_as_it_was_at_a_time(reader: Page) -> None:
    reader.goto("/sources/rkn-landing")
    reader.get_by_role("link", name="As it was at a time").click()
    reader.get_by_label("Time").fill("2025-07-17T18:58")
    reader.get_by_label("Words").fill("telegram")
    reader.get_by_role("button", name="Show").click()
    expect(reader.locator("main .change")).to_have_count(1)
    expect(reader.locator("main .change")).to_contain_text("не исполнено")


def test_an_entry_shows_its_fields_and_its_history(reader: Page) -> None:
    reader.goto("/entries?find=Firm+3+revoked")
    reader.get_by_role("link", name="Firm 3", exact=True).click()
    expect(reader.locator("dl.facts").first).to_contain_text("revoked")
    reader.locator("ul.changes a.title").click()
    expect(reader.locator("del")).to_have_text("active")


def test_sources_are_shown_by_health_and_name_those_that_need_a_look_first(reader: Page) -> None:
    reader.get_by_role("link", name="Sources", exact=True).click()
    expect(reader.locator("a.title")).to_have_text(["companies", "closed", "agency", "durov", "rkn-landing"])
    reader.get_by_role("link", name="failing").click()
    expect(reader.locator("a.title")).to_have_text(["closed"])
    reader.get_by_role("link", name="All").click()
    reader.get_by_label("Name").fill("companies")
    reader.get_by_role("button", name="Show").click()
    expect(reader.locator("a.title")).to_have_text(["companies"])
    reader.get_by_role("link", name="companies").click()
    expect(reader.locator("dd").first).to_have_text(str(len(COMPANIES)))


def test_a_line_of_time_has_what_others_saw_before_the_watch_began(served: Served, open_tab: OpenTab) -> None:
    (served.folder / "pages").mkdir()
    for name, status in (("2019-04-13", "applied"), ("2020-06-01", "active"), ("b-2020-06-01", "applied")):
        firms = [{**firm, "status": status} if firm["name"] == "Firm 3" else firm for firm in COMPANIES]
        (served.folder / "pages" / f"{name}.json").write_text(json.dumps(firms))
    read = served.watch("past", "companies", "--folder", "pages")
    assert read.returncode == 0, read.stderr
    for language in ("en", "ar"):
        page = open_tab(served, locale=language)
        page.goto("/entries?find=L-3")
        page.locator("main .change a.title", has_text=re.compile("^Firm 3$")).click()
        expect(page.locator("ol.life > .others")).to_have_count(3)
        expect(page.locator("ol.life > .others").nth(2).locator("strong")).to_be_visible()
        own = page.locator("ol.life > li:not(.others):not(.unknown)")
        own.first.scroll_into_view_if_needed()
        expect(own.first).to_be_in_viewport()
        assert violations(page) == []
        assert not is_too_wide(page)
