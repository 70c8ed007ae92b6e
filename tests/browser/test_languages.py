"""The desk in the language of the browser, or of the person; and from right to left as well as from left to right."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from alerts.language import Language, phrase, speaking
from tests.browser.accessibility import violations
from tests.browser.conftest import OpenTab
from tests.browser.serving import Served
from tests.browser.states import PASSWORD
from tests.browser.test_accessibility import STARTS, is_too_wide
from tests.browser.walk import walk


def is_in(page: Page, language: Language, heading: str) -> None:
    """The page says that it is in a language, is written in its direction, and its heading is in it."""
    with speaking(language):
        expect(page.get_by_role("heading", level=1)).to_have_text(phrase(heading))
    shown = page.locator("html")
    expect(shown).to_have_attribute("lang", language)
    expect(shown).to_have_css("direction", "rtl" if language == "ar" else "ltr")


@pytest.mark.parametrize("language", ["en", "de", "ar"])
def test_the_desk_is_in_the_language_of_the_browser(shown: Served, open_tab: OpenTab, language: Language) -> None:
    page = open_tab(shown, locale=language)
    is_in(page, language, "Today")
    page.goto("/changes")
    is_in(page, language, "Changes")


def test_who_has_chosen_a_language_has_it_in_any_browser(shown: Served, open_tab: OpenTab) -> None:
    page = open_tab(shown, signed_in=False, locale="de")
    page.goto("/changes")
    is_in(page, "de", "Sign in")
    page.locator("[name=name]").fill("nura")
    page.locator("[name=password]").fill(PASSWORD)
    page.locator("[name=password]").press("Enter")
    is_in(page, "ar", "Changes")


def test_no_page_in_arabic_breaks_a_rule_or_scrolls_to_the_side(shown: Served, open_tab: OpenTab) -> None:
    page, found = open_tab(shown, locale="ar"), list[str]()
    for address in walk(page, *STARTS):
        found += violations(page)
        found += [f"{address} is too wide"] * is_too_wide(page)
    assert found == []
