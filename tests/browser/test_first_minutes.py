"""From an empty folder to a webhook that has got the alert of a change, by clicks alone."""

from __future__ import annotations

import json
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import OpenTab
from tests.browser.serving import TOKEN, Served, command, surroundings
from tests.conftest import Site
from tests.torture.processes import until

MOST_CLICKS = 25
LOOKS = 120_000  # ms: Add has the page drawn by a browser of its own
LOOPBACK = '[http]\nprivate_addresses = "allow"\nspacing = "0s"\n'  # as the register, and the webhook, are here
FIRMS = [{"licence": f"L-{number}", "holder": f"Firm {number}", "status": "active"} for number in range(12)]


@pytest.fixture
def site() -> Iterator[Site]:
    opened = Site()
    yield opened
    opened.close()


@pytest.fixture
def up(tmp_path: Path, site: Site) -> Iterator[Served]:
    """`watch up` in an empty folder. What it has written is told that loopback may be asked."""
    log = tmp_path / "up.log"
    with (
        log.open("w") as errors,
        subprocess.Popen(
            command("up", "--listen", "127.0.0.1:0", "--token", TOKEN),
            cwd=tmp_path,
            env=surroundings(tmp_path),
            stdout=subprocess.PIPE,
            stderr=errors,
            stdin=subprocess.DEVNULL,
            text=True,
        ) as process,
    ):
        assert process.stdout
        try:
            first = process.stdout.readline()
            assert first.startswith("serving http://127.0.0.1:"), log.read_text()
            process.stdout.readline()
            with (tmp_path / "watch.toml").open("a") as file:
                file.write(LOOPBACK)
            process.send_signal(signal.SIGHUP)
            until(lambda: log.read_text().count("was read again") >= 2)
            yield Served(first.split()[-1], tmp_path, site)
        finally:
            process.terminate()
    assert "unexpected" not in log.read_text()


class Hand:
    """A hand that counts its clicks; what it types is not counted, nor where the program leads it."""

    def __init__(self, page: Page) -> None:
        self.page, self.clicks = page, 0

    def press(self, what: Locator) -> None:
        what.click()
        self.clicks += 1

    def button(self, name: str) -> None:
        self.press(self.page.get_by_role("button", name=name))


def told(site: Site) -> list[dict[str, Any]]:
    """What the webhook got about changes."""
    sent = [json.loads(asked.body) for asked in site.requests if asked.path == "/hook"]
    return [each for each in sent if "Firm 3" in json.dumps(each)]


def test_from_an_empty_folder_to_an_alert_by_clicks_alone(up: Served, open_tab: OpenTab) -> None:
    up.site.page("/register", FIRMS)
    up.site.page("/hook")
    page = open_tab(up)
    page.set_default_timeout(LOOKS)
    hand = Hand(page)
    expect(page.get_by_role("heading", level=1)).to_have_text("First steps")

    page.get_by_label("Names, one a line").fill("Firm 3")
    hand.button("Look for them")
    page.get_by_label("Its address").fill(up.site.url("/hook"))
    hand.press(page.get_by_role("button", name="Test it, and keep it").first)
    expect(page.get_by_text("It was sent to")).to_be_visible()
    page.get_by_label("Address of a register").fill(up.site.url("/register"))
    hand.button("Look at it")
    hand.press(page.get_by_role("button", name="Watch register"))
    expect(page.get_by_role("heading", level=1)).to_have_text("register")

    until(lambda: page.reload() is not None and page.locator("#health").inner_text() == "ok")
    up.site.page("/register", [{**firm, "status": "revoked"} if firm["holder"] == "Firm 3" else firm for firm in FIRMS])
    assert not told(up.site)
    hand.button("Check now")
    until(lambda: bool(told(up.site)))
    assert "revoked" in json.dumps(told(up.site))
    hand.press(page.get_by_role("link", name="Changes", exact=True))
    expect(page.locator(".change").first).to_contain_text("Firm 3")
    assert hand.clicks < MOST_CLICKS
