"""The first ten minutes: from a folder in which nothing is configured to a test alert, at both widths and without script."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from state.store import Store
from tests.browser.accessibility import violations
from tests.browser.conftest import OpenTab
from tests.browser.serving import Served, serving
from tests.browser.test_accessibility import is_too_wide
from tests.conftest import Site
from watcher.config.load import load


@pytest.fixture
def begun(tmp_path: Path, register: Site) -> Iterator[Served]:
    """A desk in the folder that `watch up` begins with."""
    (tmp_path / "watch.toml").write_text('state = "sqlite:///state.db"\n', "utf-8")
    Store.open(load(tmp_path / "watch.toml").state).close()
    register.page("/steps")
    with serving(tmp_path, register) as served:
        yield served


def take_steps(page: Page, served: Served) -> Iterator[None]:
    """Go from step to step, as far as a test alert; the page is stopped at after each."""
    page.goto("/")
    expect(page.get_by_role("heading", level=1)).to_have_text("First steps")
    yield
    page.get_by_role("button", name="Watch an example").click()
    expect(page.locator(".step.done")).to_have_count(1)
    page.get_by_label("Names").fill("Sable Capital\nСейбл Капитал")
    page.get_by_role("button", name="Look for them").click()
    expect(page.locator(".step.done")).to_have_count(2)
    yield
    page.get_by_label("Its address").fill("json://127.0.0.1:1/nobody")
    page.get_by_role("button", name="Test it").first.click()
    expect(page.get_by_role("alert")).to_contain_text("not sent")
    yield
    page.get_by_label("Its address").fill(served.site.url("/steps").replace("http", "json"))
    page.get_by_role("button", name="Test it").first.click()
    expect(page.get_by_role("status")).to_contain_text("It was sent to json-1")
    expect(page.locator(".step.done")).to_have_count(4)
    yield
    page.get_by_role("button", name="Send one to json-1").click()
    expect(page.get_by_role("status")).to_contain_text("It was sent to json-1")
    page.get_by_role("link", name="go to Today").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Today")


def test_the_steps_lead_to_a_test_alert(begun: Served, open_tab: OpenTab) -> None:
    page, before = open_tab(begun), len(begun.site.sent("/steps"))
    for _ in take_steps(page, begun):
        assert violations(page) == []
        assert not is_too_wide(page)
    assert len(begun.site.sent("/steps")) == before + 2


def test_they_need_no_script(begun: Served, open_tab: OpenTab) -> None:
    for _ in take_steps(open_tab(begun, java_script_enabled=False), begun):
        pass
