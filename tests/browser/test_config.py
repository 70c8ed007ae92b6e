"""The configuration at the desk in a browser: lists and forms at both widths, what they find while one writes, and what
works without script.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Locator, Page, Route, expect

from tests.browser.accessibility import violations
from tests.browser.conftest import OpenTab
from tests.browser.serving import Served
from tests.browser.test_accessibility import NARROWEST, is_too_wide

TABLES = ("sources", "groups", "entities", "channels", "rules")
ROWS = [{"name": "Zenith Bank", "status": "active"}, {"name": "Nobody Ltd", "status": "revoked"}]


@pytest.fixture
def sound(page: Page, width: int) -> Iterator[list[str]]:
    """What is wrong with the pages that a test has come by: it has none."""
    found = list[str]()

    def look() -> None:
        found.extend(violations(page))
        for pixels in {width, NARROWEST if width < 640 else width}:
            page.set_viewport_size({"width": pixels, "height": 800})
            found.extend([f"{page.url} at {pixels}"] * is_too_wide(page))
        page.set_viewport_size({"width": width, "height": 800})

    page.look = look  # type: ignore[attr-defined]
    yield found
    assert found == []


def look(page: Page) -> None:
    """Every rule holds on the page that is open, with all that it can unfold."""
    page.evaluate("document.querySelectorAll('details').forEach(each => each.open = true)")
    page.look()  # type: ignore[attr-defined]


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()


def field(page: Page, name: str) -> Locator:
    """A field by its key path: tables within a table have options that are called the same."""
    return page.locator(f'[name="{name}"]')


def begin(page: Page, table: str, name: str) -> None:
    page.goto(f"/config/{table}")
    page.get_by_role("link", name=re.compile("^New ")).click()
    page.get_by_label("Name", exact=True).fill(name)


def test_no_list_and_no_form_breaks_a_rule(page: Page, sound: list[str]) -> None:
    page.get_by_role("link", name="Set up").click()
    for table in TABLES:
        page.goto("/config")
        page.get_by_role("navigation", name="What is configured").get_by_role("link", name=table, exact=False).click()
        expect(page.locator("[aria-current=page]").last).to_have_text(table.capitalize())
        look(page)
        page.goto(f"/config/{table}/-new")
        look(page)
    page.goto("/config/sources/companies")
    expect(page.locator(".note").first).to_contain_text("It stands in watch.toml, line")
    look(page)


def test_an_entity_is_made_and_found_while_one_writes(page: Page, sound: list[str]) -> None:
    begin(page, "entities", "messenger")
    page.get_by_label("Names").fill("Telegram Messenger")
    expect(page.locator("#tried h2")).to_contain_text(re.compile(r"Found in [1-9]\d* changes? of the last 1,000"))
    expect(page.locator("#tried .field").first).to_contain_text("the name “Telegram Messenger”")
    look(page)
    page.get_by_label("Names").fill("")
    press(page, "Save")
    expect(page.locator("#p-names")).to_contain_text("is missing")
    look(page)
    page.get_by_label("Names").fill("Telegram Messenger")
    press(page, "Save")
    expect(page.get_by_role("heading", level=1)).to_have_text("messenger")
    expect(page.get_by_text("Revision 1, by token")).to_be_visible()


def test_a_rule_says_what_it_would_have_sent(page: Page, sound: list[str]) -> None:
    begin(page, "rules", "revoked")
    page.get_by_label("pager").first.check()
    page.get_by_label("changed", exact=True).check()
    expect(page.locator("#tried h2")).to_contain_text(re.compile(r"It would have sent [1-9]\d* changes?"))
    expect(page.locator("#tried .meta").first).to_contain_text("to pager")
    press(page, "Save")
    expect(page.get_by_role("heading", level=1)).to_have_text("revoked")
    look(page)


def test_a_kind_that_is_chosen_before_the_script_is_read_shows_its_options(page: Page) -> None:
    late = list[Route]()

    def hold(route: Route) -> None:
        late.append(route)

    page.route("**/forms.js*", hold)
    page.goto("/config/sources/-new", wait_until="commit")
    page.get_by_label("Name", exact=True).fill("firms")
    field(page, "kind").select_option("json")
    expect(field(page, "items")).to_have_count(0)
    late[0].continue_()
    expect(field(page, "items")).to_be_visible()
    expect(page.get_by_label("Name", exact=True)).to_have_value("firms")


def test_a_source_is_tried_saved_paused_archived_and_deleted(page: Page, served: Served, sound: list[str]) -> None:
    served.site.page("/firms", ROWS)
    begin(page, "sources", "firms")
    field(page, "kind").select_option("json")  # its options appear
    field(page, "url").fill(served.site.url("/firms"))
    field(page, "items").fill("@")
    field(page, "key").fill("name")
    press(page, "Try it: read it once")
    expect(page.locator("#tried h2")).to_have_text("2 entries")
    expect(page.locator("#tried .entity")).to_have_text("zenith")
    look(page)
    press(page, "Save")
    expect(page.get_by_role("heading", level=1)).to_have_text("firms")
    press(page, "Pause")
    expect(page.get_by_text("It is paused, by token.")).to_be_visible()
    look(page)
    press(page, "Resume")
    press(page, "Archive")
    expect(page.get_by_text("It is archived")).to_be_visible()
    press(page, "Undo revision 4")
    expect(page.get_by_text("It is archived")).to_have_count(0)
    page.get_by_role("link", name="Copy").click()
    expect(field(page, "url")).to_have_value(served.site.url("/firms"))
    page.goto("/config/sources?find=firms")
    page.get_by_label("Choose firms").check()
    press(page, "Delete")
    expect(page.get_by_text("Nothing here is called that.")).to_be_visible()
    expect(page.get_by_text("firms (deleted)")).to_be_visible()
    look(page)
    page.get_by_role("button", name="Undo revision").first.click()
    expect(page.get_by_role("link", name="firms", exact=True)).to_be_visible()


def test_many_sources_move_to_a_group(page: Page, served: Served, sound: list[str]) -> None:
    begin(page, "groups", "slow")
    page.get_by_label("Every").fill("6h")
    press(page, "Save")
    for name in ("one", "two"):
        begin(page, "sources", name)
        field(page, "kind").select_option("text")
        field(page, "url").fill(served.site.url(f"/{name}"))
        press(page, "Save")
    page.goto("/config/sources")
    for name in ("one", "two"):
        page.get_by_label(f"Choose {name}").check()
    page.locator("select[name=form-group]").select_option("slow")
    press(page, "Move to the group")
    expect(page.get_by_text("group slow")).to_have_count(2)
    look(page)


def test_two_editors_see_both_texts(page: Page, served: Served, open_tab: OpenTab, sound: list[str]) -> None:
    begin(page, "entities", "both")
    page.get_by_label("Names").fill("First")
    press(page, "Save")
    other = open_tab(served)
    other.goto("/config/entities/both")
    other.get_by_label("Names").fill("Theirs")
    press(other, "Save")
    expect(other.get_by_text("Revision 2, by")).to_be_visible()
    page.get_by_label("Names").fill("Mine")
    press(page, "Save")
    expect(page.get_by_role("alert")).to_contain_text("was edited by somebody else meanwhile")
    expect(page.get_by_role("region", name="As it is now")).to_contain_text("Theirs")
    expect(page.get_by_role("region", name="As you have it")).to_contain_text("Mine")
    look(page)
    press(page, "Save")
    expect(page.get_by_text("Revision 3, by")).to_be_visible()


def test_all_of_it_works_without_script(served: Served, open_tab: OpenTab) -> None:
    served.site.page("/firms", ROWS)
    page = open_tab(served, java_script_enabled=False)
    begin(page, "sources", "firms")
    field(page, "kind").select_option("json")
    press(page, "Show its options")
    field(page, "url").fill(served.site.url("/firms"))
    field(page, "items").fill("@")
    field(page, "key").fill("name")
    press(page, "Try it: read it once")
    expect(page.locator("#tried h2")).to_have_text("2 entries")
    field(page, "key").press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("firms")
    begin(page, "entities", "messenger")
    page.get_by_label("Names").fill("Telegram Messenger")
    press(page, "Look for it in the last changes")
    expect(page.locator("#tried h2")).to_contain_text("Found in")


def test_an_editor_finds_no_form(served: Served, open_tab: OpenTab) -> None:
    from tests.browser.test_signing_in import sign_in

    page = open_tab(served, signed_in=False)
    page.goto("/")
    sign_in(page, "ada")
    expect(page.get_by_role("link", name="Set up")).to_have_count(0)
    page.goto("/config/sources/-new")
    expect(page.get_by_text("ada may not configure anything: the role is not admin")).to_be_visible()
    expect(page.locator("main form")).to_have_count(0)
