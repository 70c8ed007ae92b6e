"""The Atom feeds."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import feedparser
import pytest
from bs4 import BeautifulSoup
from starlette.testclient import TestClient

from alerts.options import AlertRule
from sources.loader import kinds
from sources.model import Page
from state.model import Event
from state.storage.objects import NEW, Edit
from state.storage.readers import Interest
from tests.watcher.web.conftest import NOW, csrf
from watcher.config.edit import apply
from watcher.config.load import Config, load
from watcher.config.settings import WebOptions
from watcher.reports.feeds import address_of, feed_of_reader, find_feed, make_key, write_feeds
from watcher.web.desk import Desk

Changed = Callable[..., Event]
HOSTILE = "<script>alert(1)</script> ]]> & \x00\x1b[2J\u202e \ud800 " + "x" * 10_000


def read(answer: Any) -> Any:
    parsed = feedparser.parse(answer.content, response_headers=dict(answer.headers))
    assert not parsed.bozo, parsed.get("bozo_exception")
    return parsed


def keyed(desk: Desk, name: str) -> str:
    feed = find_feed(desk.config, name)
    assert feed
    return f"/{feed.path}?key={make_key(feed.name, desk.store)}"


def use(desk: Desk, **values: Any) -> None:
    desk.use(Config(**{**vars(desk.config), **values}))


def test_a_feed_has_its_changes_under_ids_that_stay(nobody: TestClient, desk: Desk, changed: Changed) -> None:
    use(desk, web=WebOptions(base_url="https://watch.test"))
    changed("Another Ltd")
    event = changed("Sable Capital", hours=0)
    whole, about = (read(nobody.get(keyed(desk, name))) for name in ("changes", "entities/sable"))
    assert [entry.title for entry in whole.entries] == [
        "Sable Capital: Active → Revoked (FCA register)",
        "Another Ltd: Active → Revoked (FCA register)",
    ]
    assert [entry.id for entry in about.entries] == [f"tag:watch.test,2025-07-14:changes/{event.id}"]
    assert about.entries[0].id == whole.entries[0].id
    assert about.entries[0].link == f"https://watch.test/changes/{event.id}"
    assert "Status: Active → Revoked" in about.entries[0].content[0].value


def test_of_a_text_a_feed_has_the_words_that_changed(nobody: TestClient, desk: Desk, changed: Changed) -> None:
    text = "Statement on supervision\n" + "Whoever doubts an entry may ask the registry.\n" * 50
    changed(fields={"text": {"before": text, "after": text.replace("supervision", "oversight <b>")}})
    content = read(nobody.get(keyed(desk, "changes"))).entries[0].content[0].value
    assert "<del>Statement on <b>supervision</b></del>" in content
    assert "<ins>Statement on <b>oversight &lt;b&gt;</b></ins>" in content
    assert "Whoever" not in content


def test_of_a_line_that_was_moved_a_feed_says_so(nobody: TestClient, desk: Desk, changed: Changed) -> None:
    changed(fields={"text": {"before": "Fees.\nTerms.\nScope.", "after": "Terms.\nScope.\nFees."}})
    content = read(nobody.get(keyed(desk, "changes"))).entries[0].content[0].value
    assert "<p><span>moved in the text: Fees.</span></p>" in content


def test_who_reads_a_feed_gets_the_text_of_an_article_and_a_link_to_its_source(
    nobody: TestClient, desk: Desk, changed: Changed
) -> None:
    changed(
        "Sable news", change="added", fields={}, entry={"Author": "A. Clerk"}, text="First line.\nThe licence is gone."
    )
    changed(
        "Row", change="removed", fields={}, entry={"Status": "Active"}, url=None, register="https://fca.example/list"
    )
    row, news = read(nobody.get(keyed(desk, "changes"))).entries
    assert "<p>Author: A. Clerk</p><p>First line.</p><p>The licence is gone.</p>" in news.content[0].value
    assert row.title == "Row: removed (FCA register)"
    assert "<p>Status: Active</p>" in row.content[0].value
    assert row.link == "https://fca.example/list"


def test_whatever_a_source_says_is_text_in_a_valid_feed(nobody: TestClient, desk: Desk, changed: Changed) -> None:
    changed(HOSTILE, before=HOSTILE, after=HOSTILE, url="javascript:alert(1)")
    parsed = read(nobody.get(keyed(desk, "sources/fca")))
    assert "<script" not in parsed.entries[0].content[0].value
    assert "links" not in parsed.entries[0]
    assert len(parsed.entries[0].title) <= 320


def test_our_own_kind_reads_it(nobody: TestClient, desk: Desk, changed: Changed) -> None:
    changed("Another Ltd")
    changed("Sable Capital", hours=0)
    answer = nobody.get(keyed(desk, "changes"))
    source = kinds()["feed"](url="http://127.0.0.1:8350/feeds/changes.atom")
    page = Page(source.start(), source.start().url, 200, dict(answer.headers), answer.content, NOW)
    titles = [entry.title for entry in source.parse(page)]
    assert titles == ["Sable Capital: Active → Revoked (FCA register)", "Another Ltd: Active → Revoked (FCA register)"]


def test_a_reader_that_has_it_gets_304_until_something_changes(
    nobody: TestClient, desk: Desk, changed: Changed
) -> None:
    changed()
    address = keyed(desk, "changes")
    tag = {"if-none-match": nobody.get(address).headers["etag"]}
    again = nobody.get(address, headers=tag)
    assert (again.status_code, again.content) == (304, b"")
    changed("Another Ltd")
    assert nobody.get(address, headers=tag).status_code == 200


def test_an_edited_rule_is_another_feed_for_who_has_it(nobody: TestClient, desk: Desk, changed: Changed) -> None:
    changed()
    use(desk, alerts=(AlertRule(name="all", to=["c"]),))
    address = keyed(desk, "rules/all")
    tag = {"if-none-match": nobody.get(address).headers["etag"]}
    assert nobody.get(address, headers=tag).status_code == 304
    use(desk, alerts=(AlertRule(name="all", to=["c"], sources=["other"]),))
    edited = nobody.get(address, headers=tag)
    assert (edited.status_code, read(edited).entries) == (200, [])
    use(desk, web=WebOptions(base_url="https://moved.test"))
    assert nobody.get(address, headers={"if-none-match": edited.headers["etag"]}).status_code == 200


def test_only_who_has_the_key_reads_a_feed(nobody: TestClient, desk: Desk) -> None:
    address = keyed(desk, "changes")
    for path in ("/feeds/changes.atom", "/feeds/changes.atom?key=guess", "/feeds/sources/fca.atom?" + address[-37:]):
        assert nobody.get(path).status_code == 404
    assert nobody.get("/feeds/nothing.atom?key=guess").status_code == 404


def test_a_key_is_renewed(browser: TestClient, desk: Desk) -> None:
    old = keyed(desk, "changes")
    token = csrf(browser.get("/").text)
    assert browser.post("/feeds/changes.atom/renew").status_code == 403
    new = browser.post("/feeds/changes.atom/renew", data={"csrf": token}).headers["location"]
    assert (browser.get(old).status_code, browser.get(new).status_code) == (404, 200)
    assert new == keyed(desk, "changes")


def test_a_rule_with_a_name_has_a_feed(nobody: TestClient, desk: Desk, changed: Changed) -> None:
    use(desk, alerts=(AlertRule(name="what matters", entities=("sable",), to=("desk",)),))
    changed("Another Ltd")
    changed("Sable Capital")
    [entry] = read(nobody.get(keyed(desk, "rules/what matters"))).entries
    assert entry.title.startswith("Sable Capital: Active")


@pytest.mark.parametrize("name", ["../../etc/passwd", "a/b", "ü ?#&", "..", "x.atom"])
def test_a_source_may_have_any_name(
    nobody: TestClient, desk: Desk, changed: Changed, name: str, tmp_path: Path
) -> None:
    use(desk, sources={name: desk.config.sources["fca"]})
    assert nobody.get(keyed(desk, f"sources/{name}")).status_code == 200
    out = tmp_path / "out"
    assert write_feeds(desk.config, desk.store, out) == 3
    assert sorted(file.parent.relative_to(out).as_posix() for file in out.rglob("*.atom")) == [
        ".",
        "entities",
        "sources",
    ]


def linked(page: str) -> str:
    """The address of the feed that a page offers to programs: the one that its reader sees, too."""
    soup = BeautifulSoup(page, "lxml")
    (link,) = soup.select("link[rel=alternate][type='application/atom+xml'][title]")
    assert [a["href"] for a in soup.select("main a[type='application/atom+xml']")] == [link["href"]]
    return str(link["href"])


def test_a_feed_is_in_the_language_of_its_address_else_of_its_reader_else_of_the_configuration(
    nobody: TestClient, desk: Desk, changed: Changed, catalogue: Callable[..., None]
) -> None:
    catalogue({"All changes": "Alle Änderungen"})
    changed("Sable Capital")
    place = keyed(desk, "changes")
    english, german = nobody.get(place), nobody.get(f"{place}&language=de")
    assert read(english).feed.title == "Registry Watch: All changes"
    assert read(german).feed.title == "Registry Watch: Alle Änderungen"
    assert english.headers["etag"] != german.headers["etag"]
    use(desk, language="de")
    assert read(nobody.get(place)).feed.title == "Registry Watch: Alle Änderungen"
    assert read(nobody.get(f"{place}&language=en")).feed.title == "Registry Watch: All changes"
    assert read(nobody.get(f"{place}&language=xx")).feed.title == "Registry Watch: Alle Änderungen"


@pytest.mark.parametrize(
    "filters",
    ["", "?entity=sable", "?title=firm&change=changed", "?source=fca&after=2025-07-14", "?entry=Firm+2", "?state=new"],
)
def test_a_reader_finds_the_feed_of_a_page_of_changes_with_its_filters(
    browser: TestClient, desk: Desk, changed: Changed, filters: str
) -> None:
    events = [
        changed(title, hours=hours) for hours, title in enumerate(("Sable Capital", "Firm 1", "Firm 2", "Old"), 9)
    ]
    desk.store.desk.handle(events[1].id, "ada", NOW)
    page = browser.get(f"/changes{filters}").text
    rows = [link.text for link in BeautifulSoup(page, "lxml").select(".change a.title")]
    browser.cookies.clear()  # a reader has the address alone
    feed = read(browser.get(linked(page)))
    assert [entry.title.partition(":")[0] for entry in feed.entries] == rows
    assert 1 <= len(rows) <= 4


@pytest.mark.parametrize(
    ("page", "feed"), [("/", "changes"), ("/sources/fca", "sources/fca"), ("/cases/sable", "entities/sable")]
)
def test_a_page_links_the_feed_of_what_it_shows(browser: TestClient, desk: Desk, page: str, feed: str) -> None:
    assert linked(browser.get(page).text) == keyed(desk, feed)


def test_the_page_of_a_rule_links_its_feed(browser: TestClient, desk: Desk) -> None:
    edits = [Edit("channel", "c", {"url": "json://127.0.0.1:9/"}, NEW), Edit("rule", "mine", {"to": ["c"]}, NEW)]
    apply(desk.config, desk.store, edits, "ada", NOW)
    desk.use(load(desk.config.path))
    assert linked(browser.get("/config/rules/mine").text) == keyed(desk, "rules/mine")
    assert "alternate" not in browser.get("/config/channels/c").text


def test_the_key_of_some_changes_opens_no_others(browser: TestClient, changed: Changed) -> None:
    changed()
    address = linked(browser.get("/changes?entity=sable&source=fca").text)
    browser.cookies.clear()
    assert browser.get(address).status_code == 200
    _, _, key = address.partition("key=")
    for other in ("", "entity=sable&", "source=fca&", "entity=other&source=fca&"):
        assert browser.get(f"/feeds/changes.atom?{other}key={key}").status_code == 404
    assert browser.get(address.replace("changes.atom", "sources/fca.atom")).status_code == 404


def test_a_mark_takes_a_change_out_of_the_feed_of_new_ones(browser: TestClient, desk: Desk, changed: Changed) -> None:
    event, address = changed(), linked(browser.get("/changes?state=new").text)
    first = browser.get(address)
    assert (len(read(first).entries), "etag" in first.headers) == (1, False)
    desk.store.desk.handle(event.id, "ada", NOW)
    assert read(browser.get(address)).entries == []


def test_a_page_that_nobody_signed_in_for_links_no_feed(nobody: TestClient, desk: Desk) -> None:
    assert "alternate" not in nobody.get("/sign-in").text
    assert desk.store.feed_keys.value("changes") is None


def test_a_bad_filter_of_a_feed_is_said(browser: TestClient) -> None:
    answer = browser.get("/feeds/changes.atom?after=yesterday")
    assert (answer.status_code, "is not a time" in answer.text) == (400, True)


def test_a_reader_s_own_feed_has_what_he_follows_and_may_see(
    nobody: TestClient, browser: TestClient, desk: Desk, changed: Changed
) -> None:
    use(desk, web=WebOptions.model_validate({"users": {"ann": {}, "bob": {"sources": ["other"]}}}))
    for who in ("ann", "bob", "token"):
        desk.store.readers.follow(who, Interest(find="revoked sable", by="atom"), NOW)
        desk.store.readers.follow(who, Interest(find="other"), NOW)
    changed()
    changed("Other Capital")
    addresses = {who: address_of(feed_of_reader(desk.store, who), desk.store, "") for who in ("ann", "bob", "token")}
    nobody.cookies.clear()
    told = {who: [entry.title for entry in read(nobody.get(place)).entries] for who, place in addresses.items()}
    assert told == {"ann": ["Sable Capital: Active → Revoked (FCA register)"], "bob": [], "token": told["ann"]}
    assert nobody.get(addresses["ann"].replace("for=ann", "for=token")).status_code == 404
    assert nobody.get(addresses["ann"].replace("for=ann", "for=gone")).status_code == 404
    assert nobody.get("/me/feed.atom").status_code == 404
    desk.store.readers.unfollow(desk.store.readers.follows("ann")[0].id, "ann")
    assert read(nobody.get(addresses["ann"])).entries == []
