"""What is said about a change, a case and a held snapshot, and the links by which one is handed on, at both widths."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from tests.browser.accessibility import violations
from tests.browser.conftest import OpenTab
from tests.browser.serving import Served
from tests.browser.test_accessibility import is_too_wide
from tests.browser.test_signing_in import sign_in

CHANGE = "/changes?title=messenger"


def open_change(page: Page) -> None:
    page.goto(CHANGE)
    page.locator("main a.title").first.click()
    expect(page.get_by_role("heading", name="Discussion")).to_be_visible()


def test_a_desk_talks_about_a_change_without_script(served: Served, open_tab: OpenTab) -> None:
    page = open_tab(served, signed_in=False, java_script_enabled=False)
    page.goto("/")
    sign_in(page, "vera")
    open_change(page)
    page.get_by_label("Comment (@name tells a colleague").fill("Is it ours, @ada? https://example.org/a")
    page.get_by_role("button", name="Comment", exact=True).click()
    expect(page.locator(".text", has_text="Is it ours, @ada?")).to_be_visible()
    expect(page.get_by_role("link", name="https://example.org/a")).to_have_attribute("rel", re.compile("noreferrer"))
    expect(page.get_by_label("Assigned to")).to_have_count(0)
    page.get_by_role("button", name="Delete the comment of vera").click()
    expect(page.get_by_text("Nobody has said anything yet.")).to_be_visible()


def test_an_editor_assigns_what_is_important_and_finds_it_again(page: Page) -> None:
    open_change(page)
    page.get_by_label("Assigned to").fill("ada")
    page.get_by_label("Importance").select_option("high")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_label("Assigned to")).to_have_value("ada")
    page.get_by_label("Comment (@name tells a colleague").fill("x" * 300)
    page.get_by_role("button", name="Comment", exact=True).click()
    assert violations(page) == []
    assert not is_too_wide(page)
    page.goto("/changes?importance=high")
    expect(page.locator(".change")).to_have_count(1)
    expect(page.locator(".change .meta")).to_contain_text("high importance · assigned to ada · 1 comment")
    assert violations(page) == []


def test_a_case_and_a_held_snapshot_are_talked_about(page: Page) -> None:
    for address in ("/cases/zenith", "/sources/companies/held"):
        page.goto(address)
        page.get_by_label("Comment (@name tells a colleague").fill("Whose is it?")
        page.get_by_role("button", name="Comment", exact=True).click()
        expect(page.locator(".text", has_text="Whose is it?")).to_be_visible()
        assert violations(page) == []
        assert not is_too_wide(page)


def test_a_change_with_its_proof_is_handed_on_and_taken_back(page: Page, served: Served, open_tab: OpenTab) -> None:
    open_change(page)
    change = page.url
    page.get_by_label("With the proof").check()
    page.get_by_role("button", name="Make a link").click()
    assert violations(page) == []
    assert not is_too_wide(page)
    link = str(page.get_by_role("status").get_by_role("link").get_attribute("href"))
    reader = open_tab(served, signed_in=False)
    reader.goto(f"/shared/{link.rpartition('/')[2]}")
    expect(reader.get_by_role("heading", level=1)).to_contain_text("Telegram Messenger")
    assert reader.get_by_role("navigation").count() == 0
    assert violations(reader) == []
    assert not is_too_wide(reader)
    with reader.expect_download():
        reader.get_by_role("link", name="proof.zip").click()
    page.goto(change)
    page.get_by_role("button", name="End all links").click()
    expect(page.get_by_text(re.compile("ended .* ago|ended now"))).to_be_visible()
    assert violations(page) == []
    answered = reader.reload()
    assert answered
    assert answered.status == 410
    page.goto("/shares")
    expect(page.locator("main li")).to_contain_text("by token")
    assert violations(page) == []


def test_a_case_is_handed_on(page: Page, served: Served, open_tab: OpenTab) -> None:
    page.goto("/cases/telegram")
    page.get_by_role("button", name="Make a link").click()
    link = str(page.get_by_role("status").get_by_role("link").get_attribute("href"))
    reader = open_tab(served, signed_in=False)
    reader.goto(f"/shared/{link.rpartition('/')[2]}")
    expect(reader.get_by_role("heading", level=1)).to_have_text("telegram")
    assert reader.locator('a[href^="/"]').count() == 0
    assert violations(reader) == []
    assert not is_too_wide(reader)
