"""A person's own page: follow by a button, an address by the link of a mail, unsubscribe, and alerts in a browser."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Collection, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx
import pytest
from playwright.sync_api import Page, expect

from tests.browser.accessibility import violations
from tests.browser.conftest import OpenTab
from tests.browser.serving import Served, checked, serving
from tests.browser.states import COMPANIES
from tests.browser.test_accessibility import is_too_wide
from tests.certificates import self_signed
from tests.conftest import PostOffice, Site
from tests.push_services import NOW, playing
from watcher.config.load import load
from watcher.delivery.push import public_key, send_push

READER = "reader@example.org"


@pytest.fixture
def served(story: Path, tmp_path: Path, register: Site, post_office: PostOffice) -> Iterator[Served]:
    """A desk over a copy of the story, which can mail to readers."""
    folder = tmp_path / "desk"
    shutil.copytree(story, folder)
    with (folder / "watch.toml").open("a") as file:
        file.write(f'\n[channels.letters]\nurl = "{post_office.url("{reader}")}"\nreaders = true\n')
    register.page("/companies", revoked({"Firm 3", "Firm 7"}))
    with serving(folder, register) as served:
        yield served


def revoked(names: Collection[str]) -> list[dict[str, str]]:
    """The register, where these firms have lost their licence: of the story two."""
    return [{**firm, "status": "revoked"} if firm["name"] in names else firm for firm in COMPANIES]


def follow(page: Page, address: str, *, by: str) -> None:
    page.goto(address)
    page.get_by_text("Follow", exact=False).first.click()
    page.get_by_label("How").select_option(by)
    page.get_by_role("button", name="Follow").click()
    expect(page).to_have_url(re.compile("/me$"))


def path_in(text: str, begins: str) -> str:
    """The path of a link in a mail: `base_url` names no port of this desk."""
    found = re.search(rf"http://127\.0\.0\.1:1({begins}[\w.~%-]+)", text)
    assert found, text
    return found[1]


def text_of(mail: Any) -> str:
    return str(mail.get_body(("plain",)).get_content())


def test_what_a_button_follows_is_changed_and_ended_without_script(served: Served, open_tab: OpenTab) -> None:
    page = open_tab(served, java_script_enabled=False)
    for address in ("/cases/telegram", "/sources/companies", "/changes?title=firm", "/entries?find=licence"):
        follow(page, address, by="atom")
    assert page.locator("li.change").count() == 4
    first = page.locator("li.change").first
    first.get_by_label("When").select_option("daily")
    first.get_by_role("button", name="Change").click()
    expect(page.locator("li.change", has_text="telegram").get_by_label("When")).to_have_value("daily")
    for left in (3, 2, 1, 0):
        page.locator("li.change").first.get_by_role("button", name="End").click()
        expect(page.locator("li.change")).to_have_count(left)


def test_the_pages_break_no_rule(served: Served, page: Page) -> None:
    for address in ("/cases/telegram", "/sources/companies", "/changes?title=firm", "/entries?find=firm"):
        page.goto(address)
        page.get_by_text("Follow", exact=False).first.click()
        assert violations(page) == []
        assert not is_too_wide(page)
    follow(page, "/cases/telegram", by="mail")
    page.get_by_label("Name").fill("nightly")
    page.get_by_role("button", name="Make a token").click()
    expect(page.get_by_text("not shown again")).to_be_visible()
    assert violations(page) == []
    assert not is_too_wide(page)


def test_an_address_is_verified_by_its_mail_and_a_mail_unsubscribes(
    served: Served, page: Page, open_tab: OpenTab, post_office: PostOffice
) -> None:
    follow(page, "/sources/companies", by="mail")
    page.get_by_label("Mail address").fill(READER)
    page.get_by_role("button", name="Send a link").click()
    expect(page.get_by_text("waits for you to open the link")).to_be_visible()
    assert violations(page) == []
    checked(served.folder, "companies")
    (asked,) = post_office.mails
    assert asked["To"] == READER
    stranger = open_tab(served, signed_in=False)
    stranger.goto(path_in(text_of(asked), "/act/"))
    assert violations(stranger) == []
    page.reload()
    expect(page.get_by_text("waits for you to open the link")).to_be_visible()  # a look verifies nothing
    stranger.get_by_role("button", name="Yes: send alerts there").click()
    expect(stranger.get_by_role("status")).to_contain_text(READER)
    page.reload()
    expect(page.get_by_text("What you follow by mail goes to")).to_be_visible()

    served.site.page("/companies", revoked({"Firm 3", "Firm 5", "Firm 7"}))
    assert checked(served.folder, "companies") == {"companies": "ok"}
    told = post_office.mails[1:]
    assert told, "nothing was mailed of what is followed"
    assert {mail["To"] for mail in told} == {READER}
    assert told[0]["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    path = path_in(told[0]["List-Unsubscribe"], "/unsubscribe/")
    stranger.goto(path)
    assert violations(stranger) == []
    assert not is_too_wide(stranger)
    page.reload()
    expect(page.locator("li.change", has_text="companies")).to_have_count(1)  # a look ends nothing
    body = {"List-Unsubscribe": "One-Click"}
    answer = httpx.post(served.address.rstrip("/") + path, data=body, headers={"Origin": "https://mail.example"})
    assert answer.status_code == 200
    page.reload()
    expect(page.locator("li.change", has_text="companies")).to_have_count(0)
    stranger.get_by_role("button", name="Unsubscribe").click()
    expect(stranger.get_by_role("heading", level=1)).to_have_text("Unsubscribed")


# The service of Chromium's maker is not there, so what it answers a browser that subscribes is played.
SUBSCRIBED = """key => { PushManager.prototype.subscribe = async options => {
  window.asked = options;
  return { toJSON: () => key };
}; }"""


def test_an_alert_is_shown_in_a_browser_as_it_was_sent(served: Served, open_tab: OpenTab, tmp_path: Path) -> None:
    certificate = self_signed(tmp_path)
    if certificate is None:
        pytest.skip("no openssl")
    page = open_tab(served, permissions=["notifications"])
    with playing(certificate) as browser:
        to = browser.at()
        told = {"endpoint": to.endpoint, "keys": {"p256dh": to.p256dh, "auth": to.auth}}
        page.context.add_init_script(f"({SUBSCRIBED})({json.dumps(told)})")
        page.goto("/me")
        tools = page.context.new_cdp_session(page)
        seen = list[dict[str, Any]]()
        tools.on("ServiceWorker.workerRegistrationUpdated", lambda told: seen.extend(told["registrations"]))
        tools.send("ServiceWorker.enable")
        page.get_by_role("button", name="Show alerts in this browser").click()
        expect(page.locator("li.change", has_text="localhost")).to_have_count(1)
        assert violations(page) == []

        file = tmp_path / "push.toml"
        file.write_text(f'[http]\nca_file = "{certificate}"\nprivate_addresses = ["127.0.0.0/8", "::1/128"]\n')
        link = "https://watch.example.org/changes?source=companies"
        config = load(file)
        public_key(config)
        sending = (config, to, "Firm 3: changed", "status: revoked", link, lambda: NOW)
        with ThreadPoolExecutor() as pool:  # Playwright has an event loop in this thread
            assert pool.submit(send_push, *sending).result() is None
        (asked,) = browser.service.requests
    page.wait_for_function("navigator.serviceWorker.ready.then(worker => worker.active.state === 'activated')")
    alert = {"registrationId": seen[-1]["registrationId"], "data": json.dumps(browser.open(asked))}
    shown = list[list[str]]()
    for _ in range(20):  # a browser with much to do loses what its tools deliver
        tools.send("ServiceWorker.deliverPushMessage", {"origin": served.address.rstrip("/"), **alert})
        page.wait_for_timeout(500)
        if shown := page.evaluate(
            """async () => {
                const worker = await navigator.serviceWorker.ready;
                return (await worker.getNotifications()).map(each => [each.title, each.body, each.data]);
            }"""
        ):
            break
    assert shown[:1] == [["Firm 3: changed", "status: revoked", "/changes?source=companies"]]


def test_the_desk_can_be_installed(served: Served, page: Page) -> None:
    tools = page.context.new_cdp_session(page)
    assert tools.send("Page.getAppManifest")["errors"] == []
    faults = tools.send("Page.getInstallabilityErrors")["installabilityErrors"]
    assert {each["errorId"] for each in faults} <= {"in-incognito"}  # as each tab of a test is
