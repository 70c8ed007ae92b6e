"""On paper: the content, black on white, without what only a screen can do."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

ADDRESSES = ("/", "/changes/4", "/cases/telegram", "/sources/companies", "/deliveries", "/evidence")
WHITE, BLACK = "rgb(255, 255, 255)", "rgb(0, 0, 0)"


@pytest.mark.parametrize("address", ADDRESSES)
def test_navigation_and_buttons_are_left_out(reader: Page, address: str) -> None:
    reader.goto(address)
    reader.emulate_media(media="print")
    expect(reader.get_by_role("heading", level=1)).to_be_visible()
    for hidden in (".top", ".skip", "button", "iframe", "input:not([type=hidden])"):
        assert [each for each in reader.locator(hidden).all() if each.is_visible()] == [], hidden


def test_it_is_black_on_white_also_where_the_screen_is_dark(reader: Page) -> None:
    reader.goto("/changes/4")
    reader.emulate_media(media="print", color_scheme="dark")
    for element, colour in (("body", BLACK), ("h1", BLACK)):
        assert reader.locator(element).first.evaluate("each => getComputedStyle(each).color") == colour
    for element in ("body", "article"):
        assert reader.locator(element).first.evaluate("each => getComputedStyle(each).backgroundColor") == WHITE
