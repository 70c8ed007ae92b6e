"""Every page, at both widths: WCAG 2.2 A and AA by axe-core, light and dark, and no scrolling to the side."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser.accessibility import SCHEMES, violations
from tests.browser.conftest import OpenTab
from tests.browser.serving import Served
from tests.browser.walk import walk

ALL = {"", "changes", "entries", "cases", "sources", "deliveries", "evidence", "add", "config"}
STARTS = (
    "/changes?title=nothing+like+it",
    "/changes?state=handled",
    "/entries?find=telegram",
    "/entries?find=nothing+like+it",
    "/deliveries?state=dead",
    "/sources/companies/held",
    "/welcome",
    "/sources/nowhere",
    "/changes?after=tomorrow",
)
NARROWEST = 320  # pixels to which a page of 1280 is zoomed: WCAG 1.4.10


def is_too_wide(page: Page) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"))


@pytest.mark.parametrize("scheme", SCHEMES)
def test_what_breaks_a_rule_is_found(reader: Page, scheme: str) -> None:
    reader.goto("/changes")
    reader.evaluate("document.querySelector('h1').style.color = 'light-dark(#aaa, #444)'")
    reader.evaluate("document.querySelector('main').append(document.createElement('img'))")
    found = " ".join(each for each in violations(reader) if f" {scheme} " in each)
    assert "color-contrast" in found
    assert "image-alt" in found


def test_no_page_breaks_a_rule(reader: Page) -> None:
    found, seen = list[str](), set[str]()
    for address in walk(reader, *STARTS):
        found += violations(reader)
        seen.add(address.split("?")[0].split("/")[1])
    assert found == []
    assert seen >= ALL


def test_no_form_breaks_a_rule_once_it_is_sent(page: Page, served: Served) -> None:
    served.site.page("/register", [{"licence": f"X-{number}", "holder": f"Holder {number}"} for number in range(12)])
    page.goto("/add")
    for path, shown in (("/register", "article"), ("/nowhere", "[role=alert]")):
        page.get_by_label("Address of the page").fill(served.site.url(path))
        page.get_by_role("button", name="Look at it").click()
        expect(page.locator(shown).first).to_be_visible()
        assert violations(page) == []
    for address, button in (("/evidence", "Verify now"), ("/sources/companies", "Check now"), ("/changes/4", "Mark")):
        page.goto(address)
        with page.expect_navigation():
            page.get_by_role("button", name=button).click()
        assert violations(page) == []


def test_signing_in_breaks_no_rule(served: Served, open_tab: OpenTab) -> None:
    page = open_tab(served, signed_in=False)
    page.goto("/")
    assert violations(page) == []
    page.get_by_label("Token").fill("not the token")
    page.get_by_role("button", name="Sign in with the token").click()
    expect(page.get_by_role("alert")).to_be_visible()
    assert violations(page) == []


def test_no_page_scrolls_to_the_side(reader: Page, width: int) -> None:
    found = list[str]()
    for address in walk(reader, *STARTS):
        for pixels in {width, NARROWEST if width < 640 else width}:
            reader.set_viewport_size({"width": pixels, "height": 800})
            found += [f"{address} at {pixels}"] * is_too_wide(reader)
            reader.evaluate("document.documentElement.dir = 'rtl'")
            found += [f"{address} at {pixels}, from right to left"] * is_too_wide(reader)
            reader.evaluate("document.documentElement.dir = 'ltr'")
    assert found == []
