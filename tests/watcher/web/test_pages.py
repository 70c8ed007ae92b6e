"""Every page that can be reached from Today, over a state in which everything that a source says is hostile."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from typing import Any
from urllib.parse import urldefrag, urljoin, urlsplit

import pytest
from bs4 import BeautifulSoup
from starlette.testclient import TestClient

from watcher.web.server import STATIC

HOSTILE = "<script>alert(1)</script><img src=x onerror=alert(1)>'>{{ 7 * 7 }}\u202e\u200b\u2066"
LONG = "x" * 10_000
NAME = "<b onmouseover=alert(1)>&'/.. 100%#"
MOST = 120  # pages
ALIKE = 4  # pages whose addresses differ in a number
OUR_SCRIPTS = {f"/static/{file.name}" for file in STATIC.glob("*.js")}


@pytest.fixture
def browser(kept: Any, looking: Callable[[], TestClient]) -> TestClient:
    """A desk over a baseline, changes of all kinds, and a snapshot that is held."""
    kept.configure(
        more=f'[sources."{NAME}"]\nkind = "json"\nlabel = "{HOSTILE}"\nurl = "{kept.site.url("/odd")}"\nitems = "@"\n'
        'key = "name"\n[entities.telegram]\nnames = ["Telegram"]\n[channels.c]\nurl = "json://127.0.0.1:1/"\n'
        '[[alerts]]\nto = ["c"]\n'
    )
    rows = [{"name": f"Telegram {number} {HOSTILE}", HOSTILE: HOSTILE, "long": LONG} for number in range(30)]
    for change in (
        rows[:29],
        [*rows[1:], {"name": LONG}],
        [{**rows[5], "long": HOSTILE}, *rows[6:], {"name": LONG}],
        rows[:2],
    ):
        kept.site.page("/odd", change)
        kept.check()
    return looking()


def test_no_page_has_markup_of_a_source(browser: TestClient) -> None:
    shapes = Counter[tuple[str, bool]]()
    seen, waiting = set[str](), ["/", "/add", "/entries?find=telegram", "/changes?title=telegram"]
    while waiting and len(seen) < MOST:
        address = waiting.pop(0)
        shape = re.sub(r"\d+", "1", urlsplit(address).path), "?" in address
        if address in seen or shapes[shape] == ALIKE:
            continue
        seen.add(address)
        shapes[shape] += 1
        answer = browser.get(address)
        assert answer.status_code == 200, (address, answer.text[:200])
        if not answer.headers["content-type"].startswith("text/html"):
            continue
        page = BeautifulSoup(answer.text, "lxml")
        assert {script["src"] for script in page.select("script")} <= OUR_SCRIPTS, address
        assert not page.select("img, [onerror], [onmouseover], [style], main b[onmouseover]"), address
        assert not {"\u202e", "\u200b", "\u2066"} & set(answer.text), address
        assert ">49<" not in answer.text
        links = [urljoin(address, link.get("href") or link["src"]) for link in page.select("a[href], iframe")]
        waiting += [urldefrag(link).url for link in links if not urlsplit(link).scheme]
    pages = {urlsplit(address).path.split("/")[1] for address in seen}
    assert pages >= {"", "changes", "entries", "cases", "sources", "deliveries", "evidence", "add"}
    assert [address for address in seen if address.endswith("/held")]
    assert [address for address in seen if address.endswith("/proof.zip")]
