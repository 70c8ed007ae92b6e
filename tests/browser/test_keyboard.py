"""The keyboard alone: every control is reached, its focus is seen, and every action can be taken."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Page, expect

ADDRESSES = ("/", "/changes", "/changes/4", "/entries", "/cases/telegram", "/sources", "/sources/companies",
             "/sources/companies/past", "/sources/companies/between", "/sources/companies/held", "/deliveries", "/evidence", "/add")  # fmt: skip
MOST = 300  # stops of a page
_CONTROLS = """() => [...document.querySelectorAll("a[href], button, input, select, summary, [tabindex='0']")]
  .filter(each => each.type !== "hidden" && each.checkVisibility()).map(each => each.outerHTML.slice(0, 200))"""
_FOCUSED = """() => { const each = document.activeElement, style = getComputedStyle(each), box = each.getBoundingClientRect();
  return each === document.body ? null : {
    html: each.outerHTML.slice(0, 200), frame: each.tagName === "IFRAME",
    outlined: style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2,
    seen: box.bottom > 0 && box.right > 0 && box.top < innerHeight && box.left < innerWidth }; }"""


def stops(page: Page) -> Iterator[dict[str, Any]]:
    """Where the focus is after each Tab, until the end of the page."""
    for _ in range(MOST):
        page.keyboard.press("Tab")
        stop = page.evaluate(_FOCUSED)
        if stop is None:
            return
        yield stop
    raise AssertionError("the focus never leaves the page")


def tab_to(page: Page, name: str) -> None:
    """Tab until the button with this name has the focus."""
    button = page.get_by_role("button", name=name).first
    for _ in stops(page):
        if button.evaluate("each => each === document.activeElement"):
            return
    raise AssertionError(f"no way to {name}")


@pytest.mark.parametrize("address", ADDRESSES)
def test_every_control_is_reached_and_its_focus_is_seen(reader: Page, address: str) -> None:
    reader.goto(address)
    there, reached = set(reader.evaluate(_CONTROLS)), [stop for stop in stops(reader) if not stop["frame"]]
    assert there - {stop["html"] for stop in reached} == set()
    assert [stop["html"] for stop in reached if not (stop["outlined"] and stop["seen"])] == []
    assert 'class="skip"' in reached[0]["html"]


def test_the_skip_link_leads_past_the_navigation(reader: Page) -> None:
    reader.goto("/changes")
    reader.keyboard.press("Tab")
    reader.keyboard.press("Enter")
    reader.keyboard.press("Tab")
    assert reader.locator("main :focus").count() == 1


def test_a_change_is_opened_and_marked_as_handled(page: Page) -> None:
    page.goto("/changes?title=Telegram")
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    page.wait_for_url("**/changes/*")  # and for its script, which hears keys
    expect(page.get_by_role("heading", level=1)).to_contain_text("Telegram")
    page.keyboard.press("h")
    expect(page.get_by_text("Handled by token")).to_be_visible()


def test_j_and_k_move_between_the_rows(reader: Page) -> None:
    reader.goto("/changes")
    rows = reader.locator("main a.title")
    for key, row in (("j", 0), ("j", 1), ("k", 0), ("j", 1), ("j", 2)):
        reader.keyboard.press(key)
        expect(rows.nth(row)).to_be_focused()


def test_the_slash_goes_to_the_search_where_letters_are_text(reader: Page) -> None:
    reader.goto("/entries")
    reader.keyboard.press("/")
    reader.keyboard.type("jhk/")
    expect(reader.get_by_label("Words")).to_have_value("jhk/")


@pytest.mark.parametrize(
    ("address", "button", "then"),
    [
        ("/changes/4", "Mark as handled", "Handled by token"),
        ("/sources/companies/held", "Accept this snapshot", "Its life"),
        ("/deliveries", "Retry now", "next attempt due now"),
        ("/sources/companies", "Check now", "A check was asked for"),
        ("/evidence", "Verify now", "all is as it was written"),
        ("/", "Sign out", "Sign in with the token"),
    ],
)
def test_an_action_is_taken(page: Page, address: str, button: str, then: str) -> None:
    page.goto(address)
    tab_to(page, button)
    page.keyboard.press("Enter")
    expect(page.get_by_text(then).first).to_be_visible()
