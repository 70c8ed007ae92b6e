"""The way of a person whose browser runs no script: sign in, find the change, read it, act, search, sign out."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import OpenTab
from tests.browser.serving import Served
from tests.browser.test_signing_in import sign_in


@pytest.fixture
def page(served: Served, open_tab: OpenTab) -> Page:
    page = open_tab(served, signed_in=False, java_script_enabled=False)
    page.goto("/")
    sign_in(page, "ada")
    return page


def test_the_change_is_found_read_and_handled(page: Page) -> None:
    page.get_by_role("link", name="Changes", exact=True).click()
    page.get_by_label("Title").fill("messenger")
    page.get_by_role("button", name="Show").click()
    page.get_by_role("link", name="Telegram Messenger Inc.: telegram.org").click()
    expect(page.locator("ins")).to_have_text("в стадии согласования")
    page.get_by_role("button", name="Mark as handled").click()
    expect(page.get_by_text("Handled by ada")).to_be_visible()
    with page.expect_download():
        page.get_by_role("link", name="proof.zip").click()


def test_an_entry_is_found_and_the_held_snapshot_accepted(page: Page) -> None:
    page.goto("/entries")
    page.get_by_label("Words").fill("firm 7")
    page.get_by_role("button", name="Search").click()
    expect(page.get_by_role("link", name="Firm 7", exact=True)).to_be_visible()
    page.goto("/sources/companies/held")
    page.get_by_role("button", name="Accept this snapshot").click()
    expect(page.locator("#health")).to_have_text("ok")


def test_signing_out_ends_it(page: Page) -> None:
    page.get_by_role("button", name="Sign out").click()
    page.goto("/changes")
    expect(page.get_by_role("heading", level=1)).to_have_text("Sign in")
