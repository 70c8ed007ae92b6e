"""The desk in the language of who asks: which it is, and that no sentence of a page stays English."""

from __future__ import annotations

import gettext
import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any
from urllib.parse import urldefrag, urljoin, urlsplit

import pytest
from bs4 import BeautifulSoup
from starlette.testclient import TestClient

from alerts.language import Language
from tests.watcher.web.conftest import ADDRESS
from watcher.config.settings import WebOptions, WebUser
from watcher.web.desk import Desk
from watcher.web.render import templates
from watcher.web.server import create_app
from watcher.web.viewers import COOKIE


@pytest.mark.parametrize(
    ("own", "accepted", "of_all", "spoken"),
    [
        ("ar", "de", "en", "ar"),
        (None, "fi, pl;q=0.5, de;q=0.9", "en", "de"),
        (None, "fi", "uk", "uk"),
        (None, "", "en", "en"),
    ],
)
def test_a_page_is_in_the_language_of_the_user_else_of_the_browser_else_of_the_configuration(
    desk: Desk, own: Language | None, accepted: str, of_all: Language, spoken: str
) -> None:
    users = {"ana": WebUser(language=own)}
    desk.use(replace(desk.config, web=WebOptions(users=users), language=of_all))
    client = TestClient(create_app(desk), ADDRESS, cookies={COOKIE: desk.sessions.begin("ana")})
    answer = client.get("/changes", headers={"accept-language": accepted})
    assert answer.headers["content-language"] == spoken
    assert answer.headers["vary"] == "Accept-Language"
    assert f'<html lang="{spoken}" dir="{"rtl" if spoken == "ar" else "ltr"}">' in answer.text


@pytest.mark.parametrize("address", ["/sign-in", "/nowhere", "/shared/none", "/unsubscribe/none"])
def test_who_is_not_signed_in_has_the_language_of_the_browser(nobody: TestClient, address: str) -> None:
    assert '<html lang="de" dir="ltr">' in nobody.get(address, headers={"accept-language": "de-AT"}).text


def test_a_feed_is_in_the_language_of_its_reader_and_not_of_what_fetches_it(browser: TestClient, desk: Desk) -> None:
    head = {"accept-language": "de"}
    tag = browser.get("/feeds/changes.atom", headers=head).headers["etag"]
    assert browser.get("/feeds/changes.atom", headers=head | {"if-none-match": tag}).status_code == 304
    desk.use(replace(desk.config, language="fr"))
    assert browser.get("/feeds/changes.atom", headers=head | {"if-none-match": tag}).status_code == 200


class Marking(gettext.NullTranslations):
    """A catalogue that has each sentence, between marks."""

    def gettext(self, message: str) -> str:
        return f"⟦{message}⟧"

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        return f"⟦{msgid1 if n == 1 else msgid2}⟧"


# What is nobody's sentence: times by CLDR, code, keys, what is said to be English, and what somebody types.
APART = "time, code, pre, [lang=en], [translate=no], textarea, script, style"
TOLD = ("title", "aria-label", "alt", "placeholder", "data-label")  # attributes that people are told
# The program's and others' names, and those of examples, a zone, an address, and keys and reason codes in brackets
NAMES = re.compile(
    r"Registry Watch|Atom|proof\.zip|UTC|CSV|JSON|Apprise|Push|[a-z]+://\S*|watch\.toml|\[[a-z]+\]|\([a-z_]+\)"
    r"|Sable Capital|smtp\.example\.org|STARTTLS|TLS"
    r'|[a-z-]+="[^"]*"'  # attributes that a macro puts into a tag
)
STATE = """[evidence]
[http]
private_addresses = "allow"
spacing = "0s"
[web]
edit = true
[web.users."Ана"]
role = "admin"
language = "de"
[entities."Соболь"]
names = ["Соболь Капитал"]
[channels."дежурный"]
url = "{hook}/one"
[channels."газета"]
url = "{hook}/two"
approve = ["дежурный"]
[[alerts]]
to = ["дежурный"]
[[alerts]]
name = "все"
to = ["газета"]
[sources."реестр"]
kind = "json"
label = "Реестр"
url = "{site}/list"
items = "@"
key = '"имя"'
[sources."закрыт"]
kind = "json"
url = "{site}/closed"
items = "@"
key = '"имя"'
"""
ROWS = [{"имя": f"Фирма {number}", "статус": "жив"} for number in range(30)]
STARTS = ("/", "/add", "/welcome", "/me", "/changes?title=нет", "/entries?find=нет", "/entries?find=фирма", "/nowhere")
MOST, ALIKE = 150, 3  # pages, and pages whose addresses differ in a number


@pytest.fixture
def marked(
    monkeypatch: pytest.MonkeyPatch, kept: Any, configure: Any, site: Any, looking: Callable[[], TestClient]
) -> TestClient:
    """A browser of somebody who reads a language of marks, at a desk over a state that has nothing in Latin letters:
    changes of each kind, whom they mention, a held snapshot, a source that fails, and messages that wait or were given up.
    """
    configure(STATE.format(site=site.url("").rstrip("/"), hook=site.url("").replace("http", "json").rstrip("/")))
    site.page("/one")
    site.page("/two")
    site.page("/closed", status=403)
    other = [{**each, "статус": "мёртв"} for each in ROWS[:3]]
    for rows in (
        ROWS[:29],
        [*ROWS[1:], {"имя": "Соболь Капитал", "статус": "жив"}],
        [*other, *ROWS[3:], {"имя": "Соболь Капитал", "статус": "мёртв"}],
        ROWS[:2],
    ):
        site.page("/list", rows)
        kept.run("--once", "--json")
    browser = looking()
    desk: Desk = browser.app.state.desk  # type: ignore[attr-defined]
    browser.cookies.set(COOKIE, desk.sessions.begin("Ана"))
    desk.store.discussion.comment("change 2", "Ана", "Привет", [], desk.clock())
    desk.store.discussion.mark("change 2", "importance", "high", "Ана", desk.clock())
    desk.store.desk.handle(3, "Ана", desk.clock())
    monkeypatch.setattr("alerts.language._catalogue", lambda _: Marking())
    return browser


def test_nothing_at_the_desk_stays_english(marked: TestClient) -> None:
    found, shapes = dict[str, str](), Counter[tuple[str, bool]]()
    seen, waiting = set[str](), list(STARTS)
    while waiting and len(seen) < MOST:
        address = waiting.pop(0)
        shape = re.sub(r"\d+", "1", urlsplit(address).path), "?" in address
        if address in seen or shapes[shape] == ALIKE:
            continue
        seen.add(address)
        shapes[shape] += 1
        answer = marked.get(address)
        if answer.headers.get("content-type", "").startswith("text/html"):
            page = BeautifulSoup(answer.text, "lxml")
            found = dict.fromkeys(english_in(page), address) | found
            links = (urldefrag(urljoin(address, str(link["href"]))).url for link in page.select("a[href]"))
            waiting += [link for link in links if not urlsplit(link).netloc]
    assert len(seen) > 40
    assert [f"{address}: {text}" for text, address in found.items()] == []


@pytest.mark.parametrize("name", templates().list_templates())
def test_no_template_has_a_sentence_of_its_own(name: str) -> None:
    source, _, _ = templates().loader.get_source(templates(), name)  # type: ignore[union-attr]
    markup = "".join(text for _, kind, text in templates().lex(source) if kind == "data")
    assert list(english_in(BeautifulSoup(markup, "lxml"))) == []


def english_in(page: BeautifulSoup) -> Iterator[str]:
    """The words of a page in Latin letters that no catalogue has said."""
    told = [str(tag[name]) for tag in page.select("*") for name in TOLD if tag.get(name)]
    for apart in page.select(APART):
        apart.decompose()
    for whole in [page.get_text("\n"), *told]:
        text = whole
        while (plain := re.sub(r"⟦[^⟦⟧]*⟧", "", text)) != text:
            text = plain
        yield from (line.strip() for line in text.split("\n") if re.search("[A-Za-z]", NAMES.sub("", line)))
