"""What of a page a script has still to fill: by its form, in any language, and not on pages that have their content."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from sources import Blocked, Entry, NotFound, Page, SourceError
from sources.blocked.classify import explain_sign_in, explain_unfilled
from sources.blocked.outline import is_html
from sources.kinds.table import Table
from sources.kinds.text import Text
from sources.reading.engine import read_page
from tests import captures
from tests.growth import growth
from tests.shells import SHELLS

MakePage = Callable[..., Page]
URL = "https://example.org/list"
SCRIPT = "<script src='/app.js'></script>"
FRAME = "<!doctype html><header><a href='/'>Office</a></header>{}<footer>1 Harbour Street</footer>" + SCRIPT
STATEMENT = "<h1>Statement</h1><p>The authority has withdrawn the licence of Northgate Payments Ltd as of today. {}</p>"
SHORT_LIST = "<ul><li>Northgate Ltd, licensed</li><li>Southgate Ltd, licensed</li><li>Westgate Ltd, refused</li></ul>"
SPINNER = "<div class='page-loader'><i class='spinner'></i></div>"

FILLED = {
    "a statement of some length under a spinner": SPINNER + STATEMENT.format("It may appeal to the tribunal. " * 4),
    "a short list under a spinner": f"{SPINNER}<main>{SHORT_LIST}</main>",
    "a spinner that is not shown": f"<div class='spinner' style='display: none'></div>{STATEMENT.format('')}",
    "one sentence": f"<main>{STATEMENT.format('')}</main>",
    "a teaser that ends in dots": f"{STATEMENT.format('')}<a href='/more'>The tribunal has heard...</a>",
    "a table of the layout": f"<table><tr><td><img src='/pixel.gif'></td></tr></table>{STATEMENT.format('')}",
    "a root with its content": f"<div id='root'><main>{STATEMENT.format('')}</main></div>",
    "a short notice below its heading": "<main><h1>Status</h1><p>All systems work.</p></main>",
    "a form around the whole page": "<form><table><tr><td>Northgate Ltd, licensed</td></tr></table>"
    + "<p>Us.</p>" * 200
    + "</form>",
    "a film in an article": f"<main>{STATEMENT.format('It may appeal. ' * 20)}<iframe src='/film'></iframe></main>",
}


@pytest.mark.parametrize("name", [name for name in SHELLS if name not in ("ASP.NET", "load more")])
def test_a_page_that_a_script_fills_is_not_watched_as_the_word_loading(name: str, make_page: MakePage) -> None:
    for source in (Text(url=URL), Table(url=URL, key=["Number"])):
        with pytest.raises(Blocked) as caught:
            list(read_page(source, make_page(SHELLS[name])))
        assert caught.value.code == ("html_redirect" if name == "iframe" else "needs_javascript")


@pytest.mark.parametrize("words", ["Loading…", "Загрузка...", "読み込み中…", "<b class='spinner-border'></b>", ""])
def test_a_row_that_says_that_rows_will_come_is_no_entry(words: str, make_page: MakePage) -> None:
    page = make_page(FRAME.format(f"<table><tr><th>Number<th>Name</tr><tr><td colspan=2>{words}</td></tr></table>"))
    with pytest.raises(Blocked, match=r"only JavaScript would fill \(its table has no rows\): find"):
        list(read_page(Table(url=URL, key=["Number"]), page))


@pytest.mark.parametrize("words", ["Please wait", "Bitte haben Sie einen Augenblick Geduld.", "お待ちください", ""])
def test_a_page_whose_only_sentence_has_no_heading_waits_for_its_script(words: str, make_page: MakePage) -> None:
    page = make_page(FRAME.format(f"<div id=content>{words}</div>"))
    with pytest.raises(Blocked, match="it has hardly a word, and no heading"):
        list(read_page(Text(url=URL), page))
    with pytest.raises(Blocked, match="it has hardly a word, and no heading"):
        list(read_page(Text(url=URL, remove=["footer"]), page))
    assert list(read_page(Text(url=URL, expect={"any_page": True}), page))
    assert not words or list(read_page(Text(url=URL, select="#content"), page))
    assert list(read_page(Text(url=URL), make_page(page.text.replace(SCRIPT, ""))))


@pytest.mark.parametrize("name", FILLED)
def test_a_page_with_its_content_waits_for_no_script(name: str, make_page: MakePage) -> None:
    page = make_page(FRAME.format(FILLED[name]))
    assert explain_unfilled(page) is None
    (entry,) = read_page(Text(url=URL), page)
    assert isinstance(entry, Entry)


def test_an_empty_table_without_a_script_is_an_empty_table(make_page: MakePage) -> None:
    page = make_page("<h1>Register</h1><table><thead><tr><th>Number<th>Name</tr></thead><tbody></tbody></table>")
    assert list(read_page(Table(url=URL, key=["Number"]), page)) == []
    scripted = make_page(page.text + SCRIPT)
    assert list(read_page(Table(url=URL, key=["Number"], min_entries=0), scripted)) == []


def test_the_watched_part_alone_counts(make_page: MakePage) -> None:
    page = make_page(FRAME.format(f"{STATEMENT.format('It may appeal. ' * 40)}<div id=status>Loading…</div>"))
    assert list(read_page(Text(url=URL, select="p"), page))
    with pytest.raises(NotFound, match="a script has still to fill it"):
        list(read_page(Text(url=URL, select="#status"), page))


def test_a_page_that_shows_another_one_in_a_frame_says_which(make_page: MakePage) -> None:
    with pytest.raises(Blocked, match=r"give that address as url: https://example\.org/frame"):
        list(read_page(Text(url=URL), make_page(SHELLS["iframe"])))


def test_a_sign_in_form_is_told_from_a_page_with_one(make_page: MakePage) -> None:
    form = "<form><label>Name <input name=user></label><label>Password <input type=password></label></form>"
    assert explain_sign_in(make_page(FRAME.format(f"<h1>Members</h1>{form}<p>Forgot your password?</p>")))
    assert not explain_sign_in(make_page(FRAME.format(f"{form}<main>{SHORT_LIST}</main>")))


@captures.needed
def test_of_the_saved_pages_none_with_its_content_waits_for_a_script(make_page: MakePage) -> None:
    pages, found = 0, set[str]()
    for path in sorted(captures.CAPTURES.rglob("*.html")):
        if path.parent.name in ("blocked-pages", "script-filled-pages") or "errors" in path.parent.name:
            continue
        page = make_page(path)
        try:
            if not is_html(page.text):
                continue
            page.html  # noqa: B018 - whether it can be parsed
        except SourceError:
            continue
        pages += 1
        if explain_unfilled(page):
            found.add(str(path.relative_to(captures.CAPTURES)))
    print(f"{pages} saved pages with their content, {len(found)} of them taken for shells: {sorted(found)}")
    assert pages > 100
    assert not found


@captures.needed
def test_the_saved_shells_wait_for_a_script(make_page: MakePage) -> None:
    folder = captures.CAPTURES / "script-filled-pages"
    waiting = {path.name for path in folder.glob("*.html") if explain_unfilled(make_page(path))}
    assert waiting == {"HankookIlbo_2026_01_29.html", "chi_citycouncil.html", "uscfc_example_2.html"}


@pytest.mark.parametrize("part", ["<div class='loading'>", "<header>", "<ul><li>", "<table><tr><th>x</th><td>"])
def test_a_hostile_page_costs_no_more_than_its_length(part: str, make_page: MakePage) -> None:
    def look(size: int) -> None:
        explain_unfilled(make_page(SCRIPT + part * size))

    assert growth(look, 60, 240) < 3
