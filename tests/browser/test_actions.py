"""What an editor does: accept a held snapshot, retry and drop deliveries, check now, add a source, verify the evidence."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Page, expect

from tests.browser.serving import Served, checked, command, surroundings
from tests.browser.states import ANSWER, COMPANIES
from tests.torture.processes import until

FIRMS = [{"licence": f"X-{number}", "holder": f"Holder {number}", "status": "active"} for number in range(12)]


def status(page: Page) -> str:
    return page.locator("#health").inner_text()


def test_a_held_snapshot_is_looked_at_and_accepted(page: Page) -> None:
    page.get_by_role("region", name="Needs a hand").get_by_role("link", name="companies").click()
    assert status(page) == "suspicious"
    page.get_by_role("link", name="See what the held snapshot would bring").click()
    expect(page.locator(".tallies")).to_contain_text(f"{len(COMPANIES) - 5} removed")
    page.get_by_role("button", name="Accept this snapshot").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Register of companies")
    assert status(page) == "ok"
    page.goto("/changes?source=companies&change=removed")
    expect(page.locator(".change").first).to_contain_text("Firm")


def test_a_snapshot_that_is_no_longer_held_is_not_taken(page: Page, served: Served) -> None:
    page.goto("/sources/companies/held")
    served.site.page("/companies", COMPANIES)
    assert checked(served.folder, "companies") == {"companies": "ok"}
    page.get_by_role("button", name="Accept this snapshot").click()
    expect(page.get_by_text("it may have been accepted, or ended by a later check")).to_be_visible()
    page.goto("/sources/companies")
    expect(page.locator("dd").first).to_have_text(str(len(COMPANIES)))


def test_a_delivery_is_retried_and_sent(page: Page, served: Served) -> None:
    page.goto("/deliveries")
    expect(page.locator(".answer").first).to_contain_text(ANSWER)
    served.site.page("/pager")
    buttons = page.get_by_role("button", name="Retry now")
    number = buttons.count()
    for place in range(number):
        buttons.nth(place).click()
    expect(page.locator(".change", has_text="next attempt due now")).to_have_count(number)
    checked(served.folder, "companies")
    page.get_by_role("link", name="Sent").click()
    expect(page.locator(".change", has_text="to pager")).not_to_have_count(0)


def test_a_delivery_is_dropped_and_taken_up_again(page: Page) -> None:
    page.goto("/deliveries")
    number = page.locator(".change").count()
    page.get_by_role("button", name="Drop").first.click()
    expect(page.locator(".change")).to_have_count(number - 1)
    page.get_by_role("link", name="Given up").click()
    expect(page.locator(".change")).to_have_count(1)
    page.get_by_role("button", name="Retry now").click()
    page.get_by_role("link", name="Waiting").click()
    expect(page.locator(".change")).to_have_count(number)


@pytest.mark.parametrize(("button", "done"), [("Approve", "approve"), ("Reject", "reject")])
def test_a_message_for_the_public_is_read_and_decided(page: Page, button: str, done: str) -> None:
    page.goto("/deliveries")
    held = page.locator(".change", has_text="has to be approved").filter(has=page.locator("details"))
    number = held.count()
    held.first.locator("summary").click()
    expect(held.first.locator("pre")).to_contain_text("revoked")
    held.first.get_by_role("button", name=button).click()
    expect(held).to_have_count(number - 1)
    page.goto("/evidence")
    expect(page.locator("main ul.plain li").first).to_contain_text(f"token {done}")


@contextmanager
def daemon(served: Served) -> Iterator[None]:
    """The daemon beside the desk, once it watches."""
    log = served.folder / "daemon.log"
    with (
        log.open("w") as errors,
        subprocess.Popen(command(), cwd=served.folder, env=surroundings(served.folder), stderr=errors) as process,
    ):
        try:
            until(lambda: "watching " in log.read_text() or process.poll() is not None)
            yield
        finally:
            process.terminate()


def test_a_source_is_checked_now_by_the_daemon(page: Page, served: Served) -> None:
    served.site.page("/companies", COMPANIES)
    page.goto("/sources/companies")
    with daemon(served):
        asked = served.site.paths.count("/companies")
        page.get_by_role("button", name="Check now").click()
        expect(page.get_by_role("status")).to_contain_text("A check was asked for")
        until(lambda: served.site.paths.count("/companies") > asked)
        until(lambda: page.reload() and status(page) == "ok")
    expect(page.get_by_role("status")).to_have_count(0)


def test_a_check_that_nobody_will_do_says_so(page: Page) -> None:
    page.goto("/sources/companies")
    page.get_by_role("button", name="Check now").click()
    expect(page.get_by_role("status")).to_contain_text("it waits, as no daemon runs")


def test_a_source_is_added_from_a_page(page: Page, served: Served) -> None:
    served.site.page("/register", FIRMS)
    page.get_by_role("link", name="Sources", exact=True).click()
    page.get_by_role("link", name="Add a source").click()
    page.get_by_label("Address of the page").fill(served.site.url("/register"))
    page.get_by_role("button", name="Look at it").click()
    expect(page.locator("article").first).to_contain_text("Holder 3")
    page.get_by_role("button", name="Write register to watch.toml").first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("register")
    assert served.watch("check-config").returncode == 0
    assert checked(served.folder, "register") == {"register": "baseline"}


def test_a_source_is_added_by_what_the_catalogue_calls_it(page: Page, served: Served) -> None:
    page.goto("/add")
    page.get_by_label("Address of the page").fill("telegram")
    page.get_by_role("button", name="Look at it").click()
    expect(page.locator("article")).to_contain_text("The posts of a public Telegram channel")
    page.get_by_label("channel: its name").fill("durov")
    page.get_by_role("button", name="Write telegram to watch.toml").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("telegram")
    assert '[sources.telegram]\nkind = "telegram"\nchannel = "durov"\n' in (served.folder / "watch.toml").read_text()


def test_a_page_that_is_not_there_says_what_is_wrong(page: Page, served: Served) -> None:
    page.goto("/add")
    page.get_by_label("Address of the page").fill(served.site.url("/nowhere"))
    page.get_by_role("button", name="Look at it").click()
    expect(page.get_by_role("alert")).to_contain_text("404")
    expect(page.get_by_label("Address of the page")).to_have_value(served.site.url("/nowhere"))


def test_the_evidence_is_verified_and_the_record_says_who_asked(page: Page) -> None:
    page.get_by_role("link", name="Evidence").click()
    page.get_by_role("button", name="Verify now").click()
    expect(page.get_by_role("status")).to_contain_text("all is as it was written")
    expect(page.locator("main ul.plain li").first).to_contain_text("token verify evidence")
