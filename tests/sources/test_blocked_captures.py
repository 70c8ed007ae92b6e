"""Blocked pages against content, on saved pages of real sites, if available. `pytest -s` prints the tables."""

from __future__ import annotations

import json
import os
import zlib
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import lxml.html
import pytest

from sources import BadDocument, Page, SourceError
from sources.blocked.classify import KnownResponse, check_content, classify
from tests.captures import CAPTURES
from tests.growth import cheapest

MakePage = Callable[..., Page]

TYPES = {
    ".atom": "application/atom+xml",
    ".csv": "text/csv",
    ".html": "text/html",
    ".json": "application/json",
    ".rss": "application/rss+xml",
    ".txt": "text/plain",
    ".xml": "application/xml",
}

BLOCKED = {
    "cfscrape-cf_recaptcha_15_04_2019.html": "captcha",
    "cfscrape-js_challenge_09_06_2016.html": "challenge_page",
    "cfscrape-js_challenge_10_04_2019.html": "challenge_page",
    "cloudflare-bfm_07_01_2021.html": "challenge_page",
    "cloudflare-js_challenge1_16_05_2020.html": "challenge_page",
    "cloudflare-js_challenge_11_12_2019.html": "challenge_page",
    "cloudflare-reCaptcha_challenge_12_12_2019.html": "captcha",
    "qrator-rbc-2026-05-21.html": "challenge_page",
}
# Others that are not the content of anything, by the folder and the end of the name.
NO_CONTENT = {
    ("broken-files", "empty.txt"): "empty_body",
    ("eu-fsf-errors", "eu-fsf-2021-02-09.xml"): "error_page",
    ("opensanctions-delta", "zbn-entities.delta.json"): "empty_body",  # a first version has no differences
    ("wayback-memento", "-302.txt"): "empty_body",
    ("us-ca-fire-incidents", "T0509-788ffdd.json"): "empty_body",
    ("us-sec-edgar-getcurrent", "-http503.html"): "maintenance",
    ("us-sec-errors", "-http403-1.xml"): "http_403",
    ("us-sec-errors", "-http403-2.xml"): "http_403",
}


def captures(folder: str, pattern: str) -> list[Path]:
    found = sorted(path for path in (CAPTURES / folder).rglob(pattern) if path.is_file())
    if not found and os.environ.get("CI") == "true":
        pytest.fail(f"no captures in {CAPTURES / folder}")
    if not found:
        pytest.skip(f"no captures in {CAPTURES / folder}")
    return found


def verdict(page: Page) -> str:
    try:
        check_content(page)
    except SourceError as error:
        return error.code
    return "content"


def show(title: str, rows: list[tuple[str, str, str]]) -> None:
    wrong = [row for row in rows if row[1] != row[2]]
    print(f"\n{title}: {len(rows) - len(wrong)} of {len(rows)} as expected")
    for name, got, expected in rows:
        print(f"  {name[-84:]:84}  {got:15} {expected}{'' if got == expected else '   <-- WRONG'}")
    assert not wrong


def test_every_challenge_page_is_told(make_page: MakePage) -> None:
    rows = [(path.name, verdict(make_page(path)), BLOCKED[path.name]) for path in captures("blocked-pages", "*.html")]
    show("blocked-pages", rows)
    assert len(rows) == len(BLOCKED)


def test_a_challenge_page_is_told_whatever_was_due(make_page: MakePage) -> None:
    for path in captures("blocked-pages", "*.html"):
        for content_type in ("application/json", "text/csv", "application/xml", ""):
            assert verdict(make_page(path, content_type)) == BLOCKED[path.name]


def expected(path: Path) -> str:
    folder = path.relative_to(CAPTURES).parts[0]
    return next((code for (of, end), code in NO_CONTENT.items() if of == folder and path.name.endswith(end)), "content")


def test_no_normal_page_is_taken_for_a_block(make_page: MakePage) -> None:
    rows = []
    for path in captures(".", "*"):
        if path.parent.name.startswith("blocked-") or path.parent == CAPTURES:
            continue
        own = TYPES.get(path.suffix, "application/octet-stream")
        status = next((code for code in (403, 503) if f"http{code}" in path.name), 200)
        for content_type in (own, "text/html", ""):
            page = make_page(path, content_type)
            got = verdict(Page(page.get, page.url, status, page.headers, page.body, page.fetched))
            rows.append((f"{path.relative_to(CAPTURES)} {content_type}", got, expected(path)))
    show("all other captures, under three content types", rows)
    print(Counter(Path(name).parts[0] for name, _, _ in rows))


def record(path: Path) -> KnownResponse:
    """What a saved record holds of a response: all but the body, which few have."""
    data: dict[str, Any] = json.loads(path.read_text("utf-8"))["data"]
    body = path.with_suffix(".body")
    raw = body.read_bytes() if body.exists() else b""
    with suppress(zlib.error):
        raw = zlib.decompress(raw, 47)
    led_to = (data["source_metadata"] or {}).get("redirected_url") or data["url"]
    headers = {name.lower(): value for name, value in data["headers"].items()}
    return KnownResponse(data["status"], headers, data["url"], led_to, raw.decode("utf-8", "replace"), data["title"])


def test_block_records_are_told_from_genuine_ones() -> None:
    """The number in a name is the record's quality: 0.0 is a block, 1.0 a genuine page, or a genuine 404.

    Between them are answers of the site's own server or of its guard, all with an error status, so they are never
    parsed. Those from 0.1 to 0.25 refuse us (403, 429) and count as blocks. Those at 0.5 are outages (502, 503) without
    a reason: no block; the status is the reason.
    """
    rows = []
    for path in captures("blocked-snapshot-metadata", "*.json"):
        quality = float(path.name.partition("__")[0].rpartition("-")[2])
        answer = record(path)
        block = classify(answer)
        kind = "no block" if block is None else "block"
        reason = block.code if block else f"http_{answer.status}" if answer.status >= 400 else "content"
        rows.append((f"{path.name[:44]} {answer.status} {reason}", kind, "block" if quality < 0.5 else "no block"))
    show("blocked-snapshot-metadata", rows)
    assert len(rows) == 24


def test_a_large_page_costs_little(make_page: MakePage) -> None:
    for path in captures("us-court-opinion-lists", "*huge.html"):
        page = make_page(path)
        page.text  # noqa: B018 - decoding is the reader's cost
        assert (
            cheapest(lambda page=page: check_content(page))
            < cheapest(lambda page=page: lxml.html.fromstring(page.body)) / 2
        )


@pytest.mark.parametrize("share", [0.2, 0.5, 0.8, 0.97])
def test_a_cut_page_is_told_or_left_to_its_reader(share: float, make_page: MakePage) -> None:
    """Of real pages cut anywhere most are recognised; the others end where nothing shows it."""
    cut: list[str] = []
    for folder in ("us-court-opinion-lists", "news-article-pages", "us-blm", "my-bnm-consumer-alert"):
        for path in captures(folder, "*.html"):
            body = path.read_bytes()
            with suppress(BadDocument):
                check_content(make_page(body[: int(len(body) * share)]))
                cut.append(path.name)
    print(f"\ncut at {share:.0%}, not told: {cut}")
    assert len(cut) <= 4
