"""Sign in by the printed link, or with a password; sign out; what a viewer may not do."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import OpenTab
from tests.browser.serving import TOKEN, Served
from tests.browser.states import PASSWORD

FOUND = "/changes?title=Telegram"


def sign_in(page: Page, name: str, password: str = PASSWORD) -> None:
    page.get_by_label("Name").fill(name)
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Sign in", exact=True).click()


def heading(page: Page, text: str) -> None:
    expect(page.get_by_role("heading", level=1)).to_have_text(text)


def test_the_printed_link_signs_in_and_its_token_leaves_the_address(reader: Page, shown: Served) -> None:
    heading(reader, "Today")
    assert reader.url == shown.address
    expect(reader.get_by_role("button", name="Sign out")).to_be_visible()


def test_a_user_signs_in_with_a_password_and_is_where_the_link_led(shown: Served, open_tab: OpenTab) -> None:
    page = open_tab(shown, signed_in=False)
    page.goto(FOUND)
    heading(page, "Sign in")
    sign_in(page, "ada")
    heading(page, "Changes")
    assert page.url == f"{shown.address.rstrip('/')}{FOUND}"


def test_the_token_can_be_typed(shown: Served, open_tab: OpenTab) -> None:
    page = open_tab(shown, signed_in=False)
    page.goto("/")
    page.get_by_label("Token").fill(TOKEN)
    page.get_by_role("button", name="Sign in with the token").click()
    heading(page, "Today")


@pytest.mark.parametrize("name", ["ada", "nobody"])
def test_a_wrong_password_is_told_as_an_unknown_name_is(served: Served, open_tab: OpenTab, name: str) -> None:
    page = open_tab(served, signed_in=False)
    page.goto("/")
    sign_in(page, name, "incorrect")
    expect(page.get_by_role("alert")).to_have_text("That did not match. Nothing else is said about why.")


def test_nothing_can_be_seen_after_signing_out_not_even_by_going_back(reader: Page) -> None:
    reader.goto(FOUND)
    reader.get_by_role("button", name="Sign out").click()
    heading(reader, "Sign in")
    reader.go_back()
    heading(reader, "Sign in")


def test_a_viewer_looks_at_everything_and_finds_no_button_to_act(shown: Served, open_tab: OpenTab) -> None:
    page = open_tab(shown, signed_in=False)
    page.goto("/")
    sign_in(page, "vera")
    for address in (FOUND, "/deliveries", "/sources/companies/held", "/sources/companies", "/evidence", "/add"):
        page.goto(address)
        acts = 'main form[method=post]:not([action="/me/follows"], [action$="/comments"])'  # all may do those
        buttons = page.locator(f"{acts} button")
        expect(buttons).to_have_count(0)
