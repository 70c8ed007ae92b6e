"""Any input: no kind raises other than its documented errors, none hangs, and its entries can be compared and stored.

Inputs are mutated saved pages, if available, and small pages of every format; see tests/fuzzing.py for the duration.
"""

from __future__ import annotations

import json
import tomllib
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import strategies as st

from sources import Entry, Get, Page, ReaderFailed, Source, SourceError, kinds
from sources.formats.decode import decode
from sources.loader import kind
from sources.reading.engine import TASKS, read_here
from sources.reading.entry_fingerprints import entry_fingerprint
from sources.reading.messages import check_entries, entry_of, parts
from tests.captures import CAPTURES
from tests.fuzzing import fuzz, fuzzed

LARGEST = 40_000  # bytes of a saved page that are used
URL = "https://register.example/list"

ROW = "<tr><td>{0}</td><td>name {0}</td><td><a href='/e?id={0}'>x</a></td></tr>"
TABLE = "<table><tr><th>A</th><th colspan=2>B</th></tr>" + "".join(map(ROW.format, range(4))) + "</table>"
ITEM = "<item><guid>{0}</guid><title>t&amp;{0}</title><link>/{0}</link><pubDate>Tue, 15 Jul 2025 10:0{0}:00 MSK</pubDate></item>"
SEEDS = [
    f"<!doctype html><html><head><meta charset=utf-8><title>t</title></head><body>{TABLE}</body></html>",
    '<?xml version="1.0"?><rss version="2.0"><channel><title>t</title>' + "".join(map(ITEM.format, range(4))) + "</channel></rss>",
    '<feed xmlns="http://www.w3.org/2005/Atom"><entry><id>1</id><title type="html">&lt;b&gt;x</title><updated>2025-07-15T10:00:00Z</updated></entry></feed>',
    '{"version": "https://jsonfeed.org/version/1", "items": [{"id": "1", "content_html": "<p>x", "tags": ["a"], "authors": [{"name": "n"}]}]}',
    '[{"a": 1, "title": "x", "when": "2025-07-15", "inner": {"b": [1, null, true]}}, {"a": "2"}]',
    'a,b,c\n1,"x ""y""",2025-07-15\n2,,z\n',
    "a;b\n1;ж\n",
    '<list xmlns:x="u"><p id="1"><n>x</n><x:m>y</x:m></p><p id="2"/></list>',
    '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"><url><loc>https://a.example/1</loc><lastmod>2025-07-15</lastmod></url></urlset>',
    '[{"id": 1, "link": "https://a.example/1", "title": {"rendered": "x"}, "content": {"rendered": "<p>y"}, "date_gmt": "2025-07-15T10:00:00"}]',
    '<div class="tgme_widget_message" data-post="durov/1"><div class="tgme_widget_message_text">x<br>y</div><time datetime="2025-07-15T10:00:00+00:00"></time></div>',
]  # fmt: skip
TOKENS = [
    *("<", ">", "</", "/>", "<!--", "-->", "<![CDATA[", "]]>", "<!DOCTYPE x [<!ENTITY a 'b'>]>", "<?xml ", "&", "&a;", "&#x0;", "&#1114112;"),
    *("<table>", "</table>", "<tr>", "<td colspan=99999 rowspan=0>", "<th rowspan=-1>", "<thead>", "<tfoot>", "<caption>", "<pre>", "<br>"),
    *("<base href='x:'>", "<a href='http://['>", "<a href='//x:y/'>", "<script>", "<meta charset=utf-16>", "<template>", "<svg>", "<div hidden>"),
    *("<item>", "</item>", "<entry>", "<guid>", "<link>", "<link href='http://[::1'/>", "<author>", "<pubDate>99999-99-99</pubDate>", "<content:encoded>"),
    *("[", "]", "{", "}", '"', "'", ",", ":", "null", "1e999", "-", "9" * 400, "NaN", "\\ud800", "\\u0000", "[[[[[[[[", '{"a":{"a":{"a":'),
    *("\0", "\r", "\n", "\t", ";", "|", "\x1a", "\ufeff", "\u202e", "\u200b", "\x85", "\u2028", "\U0001f600", "é", "\u0301" * 9, "ß", "İ"),
    *("99999-01-01", "0000-00-00", "31.02.2025", "Tue, 99 Foo 10000 25:61:61 +9999", "13.07.20255555", "1752566400000", "-1", "٣", "²"),
]  # fmt: skip
TYPES = [
    *("text/html", "text/html; charset=utf-16", "text/html; charset=hz", "application/json", "application/rss+xml", "text/csv", "", "x"),
    *('text/html; charset="', "text/html; charset=unicode_escape", "application/xml; charset=windows-1251", "text/plain; =;;charset==", "image/png"),
]  # fmt: skip
CHARSETS = ["utf-8", "cp1251", "utf-16", "utf-16-le", "koi8-r", "cp932", "gb18030", "utf-32", "iso2022_jp", "utf-7"]


@cache
def seeds() -> list[str]:
    """Small pages of every format, and the beginnings of saved ones, which never become part of a report."""
    files = [file for file in sorted(CAPTURES.rglob("*")) if file.is_file()] if CAPTURES.is_dir() else []
    return SEEDS + [file.read_bytes()[:LARGEST].decode("utf-8", "surrogateescape") for file in files]


MUTATIONS = st.lists(
    st.tuples(
        st.sampled_from(["insert", "delete", "repeat", "swap", "splice", "cut", "flip"]),
        st.floats(0, 1),
        st.integers(0, 200),
        st.integers(0, 10_000),
    ),
    max_size=8,
)


def mutated(number: int, mutations: list[tuple[str, float, int, int]]) -> str:
    """A mutated page. `number` chooses it: a small one half of the time."""
    texts = seeds()
    text = texts[(number // 2) % len(texts)] if number % 2 else SEEDS[(number // 2) % len(SEEDS)]
    for what, where, size, choice in mutations:
        at = int(where * len(text))
        piece = text[at : at + size]
        match what:
            case "insert":
                text = text[:at] + TOKENS[choice % len(TOKENS)] * (size % 30 + 1) + text[at:]
            case "delete":
                text = text[:at] + text[at + size :]
            case "repeat":
                text = text[:at] + piece * (choice % 9) + text[at:]
            case "swap":
                text = text[at:] + text[:at]
            case "splice":
                other = texts[choice % len(texts)]
                text = text[:at] + other[choice % (len(other) or 1) :][: size * 10] + text[at:]
            case "cut":
                text = text[:at] if choice % 4 == 0 else text
            case "flip" if piece:
                text = text[:at] + chr((ord(piece[0]) ^ (1 << choice % 8)) or 1) + text[at + 1 :]
    return text[: 2 * LARGEST]


bodies = st.builds(
    lambda number, mutations, charset: mutated(number, mutations).encode(CHARSETS[charset] if charset < len(CHARSETS) else "utf-8", "replace"),
    st.integers(0, 5000), MUTATIONS, st.integers(0, 25),
)  # fmt: skip

OPTIONS: dict[str, dict[str, Any]] = {
    "table": {"key": "A"},
    "list": {"item": "tr, item, li, div", "link": "a@href?", "published": "time@datetime?", "title": "."},
    "feed": {},
    "json": {"items": "@", "key": "a || id || `1`", "published": "when", "link": "link"},
    "csv": {"key": "a"},
    "xml": {"items": ["list/p", "item", "entry", "url"], "key": ["@id?", "guid?", "id?", "loc?", "."]},
    "record": {},
    "text": {"remove": "script"},
    "sitemap": {},
    "wordpress": {},
    "xlsx": {"key": "a"},
}
FIXTURES = Path(__file__).with_name("kinds")
KINDS = sorted(file.stem for file in Path(kinds.__file__).parent.glob("[!_]*.py"))


def fuzzed_source(name: str) -> Source:
    """A source of a kind that is a class: with the options above, or with those of its fixture in tests/sources/kinds."""
    options, fixture = OPTIONS.get(name), FIXTURES / f"{name}.toml"
    if options is None:
        options = tomllib.loads(fixture.read_text("utf-8")) if fixture.exists() else {}
    return kind(name).model_validate({"url": URL} | options)


def pages(body: bytes, content_type: str) -> Page:
    return Page(Get(URL), URL, 200, {"content-type": content_type}, body, datetime(2025, 7, 15, tzinfo=UTC))


@fuzzed
def test_decoding_gives_text_whatever_the_bytes_are() -> None:
    def check(body: bytes, content_type: str) -> None:
        for encoding in (None, "utf-16", "no such"):
            assert isinstance(decode(body, content_type, encoding), str)

    fuzz("decode", check, bodies, st.sampled_from(TYPES))


@fuzzed
@pytest.mark.parametrize("name", KINDS)
def test_a_kind_reads_or_says_why_not(name: str) -> None:
    source = fuzzed_source(name)

    def check(body: bytes, content_type: str) -> None:
        try:
            for item in read_here(source, pages(body, content_type)):
                if isinstance(item, Entry):
                    assert_storable(item)
        except ReaderFailed as error:
            raise AssertionError(error.message) from error
        except SourceError as error:
            if "\n" in error.message:
                raise AssertionError(f"a message of several lines: {error.message}") from None

    fuzz(name, check, bodies, st.sampled_from(TYPES))


@fuzzed
def test_what_else_is_asked_of_a_page_is_answered_or_said_why_not() -> None:
    """Its total, and the request for earlier pages, of the kinds that have them."""
    total = {"url": URL, "item": "li", "expect": {"total": "length(@) || items || @"}}
    asked = [
        ("total", kind("list").model_validate(total)),
        ("total", kind("list").model_validate(total | {"expect": {"total": "td, a, p"}})),
    ]
    asked += [("earlier", fuzzed_source(name)) for name in ("feed", "telegram", "wordpress")]

    def check(body: bytes, content_type: str) -> None:
        for task, source in asked:
            try:
                assert len(list(TASKS[task](source, pages(body, content_type)))) <= 1
            except ReaderFailed as error:
                raise AssertionError(f"{task}: {error.message}") from error
            except SourceError as error:
                if "\n" in error.message:
                    raise AssertionError(f"a message of several lines: {error.message}") from None

    fuzz("total and earlier", check, bodies, st.sampled_from(TYPES))


def assert_storable(entry: Entry) -> None:
    assert entry.key
    assert len(entry_fingerprint(entry, ())) == 16
    told = json.dumps([entry.key, entry.title, dict(entry.fields), entry.text], ensure_ascii=False)
    told.encode()
    assert entry.published is None or entry.published.astimezone(UTC).isoformat()
    check_entries([parts(entry)])
    assert entry_of(parts(entry)) == entry


def zipped(data: bytes) -> bytes:
    import io
    import zipfile

    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("a.csv", data)
    return packed.getvalue()


@fuzzed
@pytest.mark.parametrize("name", ["csv", "xlsx", "xml"])
def test_an_archive_with_flipped_bytes_is_read_or_refused(name: str) -> None:
    files = (
        [file.read_bytes() for file in sorted(CAPTURES.rglob("*.xlsx"))] if name == "xlsx" and CAPTURES.is_dir() else []
    )
    files = [file for file in files if len(file) < 300_000] or [zipped(b"a,b\n1,2\n" * 50)]
    source = fuzzed_source(name)

    def check(body: bytes, content_type: str) -> None:
        file = bytearray(files[len(body) % len(files)])
        for at, byte in enumerate(body[:12]):
            file[int.from_bytes(body[at : at + 3].ljust(3, b"x"), "big") % len(file)] ^= byte & 0x7F or 1
        try:
            list(read_here(source, pages(bytes(file), content_type)))
        except ReaderFailed as error:
            raise AssertionError(error.message) from error
        except SourceError:
            pass

    fuzz(f"{name} in an archive", check, bodies, st.sampled_from(TYPES))
