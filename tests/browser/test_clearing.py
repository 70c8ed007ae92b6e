"""A hit is cleared at the page of its entry, also without a script, and a change says what has ended that."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.accessibility import violations
from tests.browser.conftest import OpenTab
from tests.browser.serving import Served, checked, serving
from tests.browser.test_accessibility import is_too_wide
from tests.browser.test_signing_in import sign_in
from tests.conftest import Site

LISTED = {"id": "EU.4711.12", "name": "Viktor Petrov", "names": "Viktor Petrov; Виктор Петров", "country": "Belarus"}
WATCHED = """
[entities.petrov]
names = ["Viktor Petrov"]
[sources.sanctions]
kind = "json"
url = "{url}"
items = "@"
key = "id"
title = "name"
label = "Sanctions list"
"""


@pytest.fixture
def served(story: Path, tmp_path: Path, register: Site) -> Iterator[Served]:
    """A desk over a copy of the story, beside which a list was read that mentions somebody."""
    folder = tmp_path / "desk"
    shutil.copytree(story, folder)
    with (folder / "watch.toml").open("a") as file:
        file.write(WATCHED.format(url=register.url("/sanctions")))
    register.page("/sanctions", [LISTED | {"birth_date": "1957-02-11"}])
    assert checked(folder, "sanctions") == {"sanctions": "baseline"}
    with serving(folder, register) as served:
        yield served


def look(page: Page) -> None:
    assert violations(page) == []
    assert not is_too_wide(page)


def clear(page: Page, why: str) -> str:
    """Clears the entry of the list at its page; the address of that."""
    page.goto("/entries?find=petrov&source=sanctions")
    page.locator("main a.title").first.click()
    page.get_by_label("Not about").fill("petrov")
    page.get_by_label("Why").fill(why)
    page.get_by_label("Until").fill("2100-01-31")
    page.get_by_role("button", name="Clear").click()
    expect(page.get_by_role("button", name="End it for petrov")).to_be_visible()
    return page.url


def test_a_hit_is_cleared_and_the_change_that_ends_it_says_so(page: Page, served: Served) -> None:
    entry = clear(page, "Our customer was born in 1960, and is a dentist.\n" * 3)
    look(page)
    page.goto("/cases/petrov")
    page.get_by_text("1 entry is cleared for ").click()
    look(page)
    served.site.page("/sanctions", [LISTED | {"birth_date": "1960-03-12"}])
    assert checked(served.folder, "sanctions") == {"sanctions": "ok"}
    page.goto("/changes?source=sanctions")
    expect(page.locator(".change")).to_contain_text("had been cleared for petrov")
    look(page)
    page.locator("main a.title").first.click()
    expect(page.locator("article .note")).to_contain_text("That no longer holds: birth_date changed.")
    look(page)
    page.goto(entry)
    expect(page.locator("section", has=page.get_by_role("heading", name="Cleared"))).to_contain_text("Ended")
    look(page)


def test_a_hit_is_cleared_and_that_is_ended_without_script(served: Served, open_tab: OpenTab) -> None:
    page = open_tab(served, signed_in=False, java_script_enabled=False)
    page.goto("/")
    sign_in(page, "ada")
    clear(page, "another person")
    page.get_by_role("button", name="End it for petrov").click()
    expect(page.get_by_role("button", name="End it for petrov")).to_have_count(0)
    expect(page.get_by_text("by ada: ended by hand")).to_be_visible()
