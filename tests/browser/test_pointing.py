"""A page is pointed at, at both widths: by mouse on its picture, by keyboard, without script, without a browser."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import Page, expect

from tests.browser.accessibility import violations
from tests.browser.conftest import OpenTab
from tests.browser.serving import Served, serving
from tests.browser.test_accessibility import is_too_wide
from tests.browser.test_keyboard import tab_to
from tests.conftest import Site

HOSTILE = "<img src=x onerror=alert(1)>&quot;'"
FIRMS = "".join(f"<li><b>Firm {n}</b> <span>Town {n % 3}</span></li>" for n in range(9))
REGISTER = f"""<!doctype html><html><head><title>Register</title></head><body onload="window.ran=1">
<script>document.querySelector('#hidden').remove()</script><div id=hidden>Before</div>
<h1>Firms struck off</h1><p id=intro>These firms may no longer trade.</p><ol>{FIRMS}</ol>
<p>{HOSTILE.replace("<", "&lt;")}</p>
<table><tr><th>Officer<th>Since</tr><tr><td>Ada<td>2019</tr><tr><td>Grace<td>2021</tr></table></body></html>"""
SECONDS = 90_000  # ms for a page that is fetched, completed and drawn


def look(page: Page, site: Site) -> Page:
    """Look at the register, as the bookmarklet brings its address."""
    site.page("/firms", REGISTER, type="text/html")
    page.set_default_timeout(SECONDS)
    page.goto(f"/add?url={site.url('/firms')}")
    page.get_by_role("button", name="Look at it").click()
    expect(page.get_by_role("heading", name="Or point at what you want")).to_be_visible(timeout=SECONDS)
    return page


def expect_first(page: Page, title: str) -> None:
    expect(page.locator("#found .change .title").first).to_have_text(title)


def test_a_part_is_pressed_on_the_picture(page: Page, served: Served) -> None:
    look(page, served.site)
    asked = len(served.site.requests)
    expect_first(page, "Ada")
    page.locator("image").wait_for()
    button = page.get_by_role("button", name="Firm 4", exact=True)
    box = page.locator(f'rect[data-part="{button.get_attribute("value")}"]')
    box.hover()
    expect(button).to_have_class("at")
    box.click()
    expect_first(page, "Town 0")
    expect(button).to_have_attribute("aria-pressed", "true")
    expect(button).to_be_focused()
    expect(page.get_by_role("status").first).to_contain_text("elements")
    page.get_by_label("not this").check()
    page.get_by_role("button", name="Firm 3", exact=True).click()
    expect(page.get_by_role("alert")).to_contain_text("nothing can be read like that")
    page.get_by_role("button", name="not this: “Firm 3”").click()
    expect_first(page, "Town 0")
    assert violations(page) == []
    assert not is_too_wide(page)
    assert len(served.site.requests) == asked


def test_the_keyboard_alone_points_and_writes(page: Page, served: Served) -> None:
    look(page, served.site)
    page.get_by_label("a text to watch").focus()
    page.keyboard.press("Space")
    tab_to(page, "These firms may no longer trade.")
    page.keyboard.press("Enter")
    expect(page.locator("#found h2").first).to_contain_text("the text of p#intro")
    page.locator("h1").click()
    tab_to(page, "Take this")
    page.keyboard.press("Enter")
    write = page.get_by_role("button", name="to watch.toml")
    expect(write).to_be_visible(timeout=SECONDS)
    assert violations(page) == []
    tab_to(page, write.inner_text())
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Register", timeout=SECONDS)
    assert 'select = "p#intro"' in (served.folder / "watch.toml").read_text()


def test_without_script_each_part_is_a_button_and_the_picture_has_links(served: Served, open_tab: OpenTab) -> None:
    page = look(open_tab(served, java_script_enabled=False), served.site)
    page.get_by_label("the title of an entry").check()
    page.get_by_role("button", name="Town 1", exact=True).first.click()
    expect_first(page, "Town 0")
    page.get_by_role("button", name="the title of an entry: “Town 1”").click()
    expect_first(page, "Ada")
    firm = page.get_by_role("button", name="Firm 2", exact=True).get_attribute("value")
    page.locator(f'rect[data-part="{firm}"]').click()
    expect(page.locator(f'button[name=part][value="{firm}"]')).to_have_attribute("aria-pressed", "true")


def test_without_a_browser_the_text_is_pointed_at(served: Served, tmp_path: Path, open_tab: OpenTab) -> None:
    file = served.folder / "watch.toml"
    file.write_text(f'{file.read_text()}\n[browser]\ncommand = "/there-is-none"\n')
    with serving(served.folder, served.site) as other:
        page = look(open_tab(other), served.site)
        assert page.locator("svg image").count() == 0
        page.get_by_role("button", name="Firm 4", exact=True).click()
        expect_first(page, "Town 0")
        assert violations(page) == []
        assert not is_too_wide(page)
