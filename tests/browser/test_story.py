"""The demo's change: found, read before and after, proved, marked as handled; and the case that it belongs to."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.serving import Served

ROW = "Telegram Messenger Inc.: telegram.org"
WAS, NOW = "не исполнено", "в стадии согласования"


def opened(page: Page) -> Page:
    """The page of the change, found as a person would: Changes, its filter, the row."""
    page.get_by_role("link", name="Changes", exact=True).click()
    page.get_by_label("Source").select_option("rkn-landing")
    page.get_by_role("button", name="Show").click()
    page.get_by_role("link", name=ROW).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(ROW)
    return page


@pytest.fixture
def change(reader: Page) -> Page:
    """The page of the change, to be looked at."""
    return opened(reader)


def framed(page: Page, side: str) -> Locator:
    return page.frame_locator(f'iframe[title="The page {side} the change"]').locator("body")


def test_today_shows_what_happened_last_where_nothing_is_new(page: Page) -> None:
    page.goto("/")
    expect(page.locator("main .change a.title").first).to_be_visible()


def test_the_field_is_shown_before_and_after(change: Page) -> None:
    fields = change.get_by_role("table").get_by_role("row").filter(has_text="branch")
    expect(fields.locator("del")).to_have_text(WAS)
    expect(fields.locator("ins")).to_have_text(NOW)
    expect(change.locator("#alerted + ul")).to_contain_text("desk")


def test_the_pages_before_and_after_are_in_frames_where_nothing_runs(change: Page) -> None:
    expect(framed(change, "after")).to_contain_text(NOW)
    change.get_by_text("The page before the change", exact=True).click()
    expect(framed(change, "before")).to_contain_text("Telegram Messenger Inc.")
    expect(framed(change, "before")).not_to_contain_text(NOW)


def test_the_proof_is_downloaded_and_others_can_verify_it(change: Page, shown: Served, tmp_path: Path) -> None:
    with change.expect_download() as downloading:
        change.get_by_role("link", name="proof.zip").click()
    proof = tmp_path / downloading.value.suggested_filename
    downloading.value.save_as(proof)
    ran = shown.watch("verify", str(proof))
    assert ran.returncode == 0, ran.stdout + ran.stderr


def test_it_is_marked_as_handled_and_can_be_marked_as_new_again(page: Page) -> None:
    change = opened(page)
    address = change.url
    change.get_by_role("button", name="Mark as handled").click()
    expect(change.get_by_text("Handled by token")).to_be_visible()
    change.goto("/changes?state=handled")
    expect(change.locator(".change")).to_have_count(1)
    expect(change.locator(".change")).to_contain_text("handled by token")
    change.goto(address)
    change.get_by_role("button", name="Mark as new").click()
    expect(change.get_by_role("button", name="Mark as handled")).to_be_visible()


def test_its_case_tells_record_report_and_statement_in_order(change: Page) -> None:
    change.get_by_role("link", name="telegram", exact=True).first.click()
    expect(change.locator(".timeline > li .badge")).to_have_text(["record", "record", "report", "statement"])
    change.get_by_role("link", name="Cases").click()
    expect(change.get_by_role("link", name="zenith")).to_be_visible()
    change.get_by_role("link", name="telegram", exact=True).click()
    expect(change.get_by_role("heading", level=1)).to_have_text("telegram")


def test_all_changes_of_its_entry_are_a_link_away(change: Page) -> None:
    change.get_by_role("link", name="all changes of this entry").click()
    expect(change.locator(".change a.title")).to_have_text([ROW])
