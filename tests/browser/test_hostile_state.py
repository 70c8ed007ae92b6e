"""A state in which every text of a source tries to run something: in a browser nothing runs, and nothing leaves."""

from __future__ import annotations

from urllib.parse import quote

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import OpenTab
from tests.browser.serving import Served
from tests.browser.states import ENTITY, HOSTILE, LINK, NAME
from tests.browser.test_accessibility import is_too_wide
from tests.browser.walk import walk
from tests.browser.watchman import Watchman

STARTS = (
    f"/changes?title={quote(HOSTILE)}&source={quote(HOSTILE)}&key={quote(HOSTILE)}",
    f"/changes?after={quote(HOSTILE)}",
    f"/entries?find={quote(HOSTILE)}",
    f"/sources?find={quote(HOSTILE)}&status={quote(HOSTILE)}",
    f"/sources/{quote(NAME, safe='')}/held",
    f"/sources/{quote(HOSTILE, safe='')}",
    f"/cases/{quote(ENTITY, safe='')}",
    f"/{quote(HOSTILE, safe='')}",
)
# What a page would run if it had the text as markup: by being shown, or by a pointer or the keyboard upon it.
_TOUCH = """() => { for (const each of document.querySelectorAll("*"))
  for (const what of ["mouseover", "focus", "error", "load"]) each.dispatchEvent(new Event(what, {bubbles: false})); }"""
_LINKS = """links => links.filter(link => (!/^https?:$/.test(link.protocol) && link.id !== "bookmarklet")
  || (link.host && link.host !== location.host && link.rel !== "noreferrer noopener")).map(link => link.outerHTML)"""


def test_nothing_runs_on_any_page(poisoned: Served, open_tab: OpenTab) -> None:
    page, bad, shown = open_tab(poisoned), list[str](), 0
    page.goto(f"/sources/{quote(NAME, safe='')}")
    page.get_by_role("button", name="Check now").click()
    for address in walk(page, *STARTS):
        page.evaluate(_TOUCH)
        shown += "onerror" in page.locator("body").inner_text()
        bad += [f"ran: {address}"] * (page.evaluate("window.ran") is not None)
        bad += [f"too wide: {address}"] * is_too_wide(page)
        bad += [f"link: {address} {link}" for link in page.locator("a[href]").evaluate_all(_LINKS)]
    assert bad == []
    assert shown > 20  # as text


def test_the_pages_of_a_proof_are_text(poisoned: Served, open_tab: OpenTab) -> None:
    page = open_tab(poisoned)
    page.goto(f"/changes?source={quote(NAME, safe='')}")
    page.locator("main .change a.title").first.click()
    page.get_by_text("The page before the change", exact=True).click()
    for side in ("before", "after"):
        frame = page.frame_locator(f'iframe[title="The page {side} the change"]')
        expect(frame.locator("body")).to_contain_text("onerror=window.ran=1")
        expect(frame.locator("script, img, svg, iframe, a")).to_have_count(0)


def test_a_failure_is_shown_with_its_text(poisoned: Served, open_tab: OpenTab) -> None:
    page = open_tab(poisoned)
    page.goto("/deliveries")
    expect(page.locator(".answer").first).to_contain_text("<script>")
    page.goto("/sources/broken")
    expect(page.locator("#health")).to_have_text("failing")


@pytest.mark.parametrize("address", [LINK, "//elsewhere.test/", "https://elsewhere.test/", "/\\elsewhere.test"])
def test_signing_in_leads_nowhere_else(shown: Served, open_tab: OpenTab, address: str) -> None:
    page = open_tab(shown, signed_in=False)
    page.goto(f"{shown.link}&next={quote(address, safe='')}")
    assert page.url == shown.address


@pytest.mark.parametrize("policy", [{}, {"Content-Security-Policy": "script-src 'self'"}])
def test_what_runs_would_be_noticed(shown: Served, open_tab: OpenTab, policy: dict[str, str]) -> None:
    shown.site.page("/attack", f"<p>{HOSTILE}</p>", headers=policy)
    page = open_tab(shown)
    with page.context.browser.new_context() as context:  # type: ignore[union-attr]
        watchman = Watchman(context, shown.site.url())
        attacked: Page = context.new_page()
        attacked.goto(shown.site.url("/attack"))
        attacked.evaluate(_TOUCH)
        saw = " ".join(watchman.saw)
    assert "request: http://elsewhere.test/x" in saw
    assert ("dialog: 1" in saw, "Content Security Policy" in saw) == (not policy, bool(policy))
