"""The link in a message to those who approve: a page with one button, which needs nobody signed in."""

from __future__ import annotations

import json
import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.accessibility import violations
from tests.browser.conftest import OpenTab
from tests.browser.serving import Served
from tests.browser.test_accessibility import is_too_wide


@pytest.fixture
def links(served: Served) -> list[str]:
    """The paths of the signed links to approve and to reject a message, as the editors got them."""
    bodies = [json.loads(asked.body) for asked in served.site.requests if asked.path.startswith("/editors")]
    found = re.findall(r"http://127\.0\.0\.1:1(/act/[\w.~%-]+)", " ".join(each["message"] for each in bodies))
    assert len(found) >= 2
    return found[:2]


def answered(page: Page, path: str, button: str) -> None:
    page.goto(path)
    expect(page.locator("pre")).to_contain_text("revoked")
    page.get_by_role("button", name=button).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Done")


@pytest.mark.parametrize(("place", "button"), [(0, "Approve: send it"), (1, "Reject: do not send it")])
def test_a_message_is_decided_once(
    served: Served, links: list[str], open_tab: OpenTab, place: int, button: str
) -> None:
    page = open_tab(served, signed_in=False)
    answered(page, links[place], button)
    for path in links:
        page.goto(path)
        expect(page.get_by_role("status")).to_contain_text("ed: ")
        expect(page.get_by_role("button")).to_have_count(0)


def test_the_page_breaks_no_rule_and_needs_no_script(served: Served, links: list[str], open_tab: OpenTab) -> None:
    page = open_tab(served, signed_in=False)
    page.goto(links[0])
    assert violations(page) == []
    assert not is_too_wide(page)
    answered(open_tab(served, signed_in=False, java_script_enabled=False), links[0], "Approve: send it")
