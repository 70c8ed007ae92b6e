"""Documents that a hostile site may serve: each with the kind that reads it and what has to come of it."""

from __future__ import annotations

import io
import os
import zipfile
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

from sources import Get, Page, Source
from sources.loader import kind
from tests.pdf_writers import bomb, pages_of

URL = "https://register.example/list"
ENDED = "reader_too_slow, reader_too_large"
TABLE = "<table><tr><th>A<th>B<tr><td>1<td>2</table>"
HEADINGS = "<!doctype html><html><body>"
MAZE = f"{HEADINGS}{TABLE}{('<div>' * 200 + '<b>1</b>' * 200 + '</div>' * 200) * 100}</body></html>"


class Document(NamedTuple):
    """One document. `expected` is the error's code, or one of several, or "N entries"."""

    name: str
    source: Callable[[], Source]
    make: Callable[[], str | bytes]
    expected: str
    type: str = "text/html"

    def page(self) -> Page:
        made = self.make()
        body = made.encode("utf-8", "surrogatepass") if isinstance(made, str) else made
        return Page(Get(URL), URL, 200, {"content-type": self.type}, body, datetime.now(UTC))


def reads(name: str, **options: object) -> Callable[[], Source]:
    return lambda: kind(name).model_validate({"url": URL} | options)


def archive(**files: str | bytes) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as opened:
        for name, content in files.items():
            opened.writestr(name, content)
    return packed.getvalue()


def workbook(sheet: str | bytes, **more: str | bytes) -> bytes:
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    relations = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    book = f'<workbook xmlns="{main}" xmlns:r="{relations}"><sheets><sheet name="a" sheetId="1" r:id="r1"/></sheets></workbook>'
    links = (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        f'<Relationship Id="r1" Type="{relations}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>'
    )
    parts = {"[Content_Types].xml": "<Types/>", "xl/workbook.xml": book, "xl/_rels/workbook.xml.rels": links}
    return archive(**parts, **{"xl/worksheets/sheet1.xml": sheet}, **more)


def rss(items: str, before: str = "") -> str:
    return f'{before}<rss version="2.0"><channel><title>t</title>{items}</channel></rss>'


def laughs(root: str) -> str:
    """A document type whose last entity is a billion laughs."""
    levels = "".join(f'<!ENTITY e{level} "{f"&e{level - 1};" * 10}">' for level in range(1, 10))
    return f'<!DOCTYPE {root} [<!ENTITY e0 "ha">{levels}]>'


def outside(root: str, file: Path) -> str:
    """A document type whose entities are a file of ours and an address."""
    return f'<!DOCTYPE {root} [<!ENTITY x SYSTEM "file://{file}"><!ENTITY y SYSTEM "http://127.0.0.1:9/y">]>'


def wide(columns: int, rows: int = 1) -> str:
    head = "<th>A" + "".join(f"<th>c{number}" for number in range(columns))
    return f"{HEADINGS}<table><tr>{head}{('<tr>' + '<td>1' * (columns + 1)) * rows}</table></body></html>"


def documents(secret: Path) -> list[Document]:
    """All of them, small ones first. `secret` is a file whose content must not be read."""
    table, feed = reads("table", key="A"), reads("feed")
    items, rows = reads("json", items="@", key="a"), reads("csv", key="a")
    sheet, people = reads("xlsx", key="a"), reads("xml", items="list/p", key="@id")
    posts, whole = reads("list", item="div", title="."), reads("text")
    json, xml, csv, zipped, xlsx = "application/json", "application/xml", "text/csv", "application/zip", "application/x"
    pages, texts, pdf = reads("pdf_table", key="a"), reads("pdf_text"), "application/pdf"
    firm, lei = '{"rows": [{"o": "1027700000001", "i": "7700000001", "n": "A"}]}', "00000000000000INVE01"
    deep = f"{HEADINGS}{TABLE}{'<div>' * 50_000}x{'</div>' * 50_000}</body></html>"
    return [
        Document("50,000 nested divs: table", table, lambda: deep, "bad_document"),
        Document("50,000 nested divs: list", posts, lambda: deep, "bad_document"),
        Document("50,000 nested divs: text", whole, lambda: deep, "bad_document"),
        Document("50,000 nested tables", table, lambda: HEADINGS + "<table><tr><td>" * 50_000, "bad_document, truncated"),
        Document("a table of 100,000 columns", table, lambda: wide(100_000), "bad_document"),
        Document("a table of 10,000 columns", table, lambda: wide(10_000), "1 entries"),
        Document("a row that spans 5,000,000 places", table, lambda: HEADINGS + "<table><tr>" + "<td colspan=1000 rowspan=65000>A" * 5_000 + "<tr><td>1" * 9 + "</table></body></html>", "bad_document"),
        Document("a cell of 1 MB over 1,000 rows", table, lambda: HEADINGS + "<table><tr><th>A<th>B<tr><td>0<td rowspan=1000>" + "x" * 1_000_000 + "".join(f"<tr><td>{n}" for n in range(1, 1000)) + "</table></body></html>", "bad_document"),
        Document("a charset that does not exist", table, lambda: HEADINGS + TABLE + "ж</body></html>", "1 entries", "text/html; charset=utf-1024"),
        Document("a charset that lies", table, lambda: (HEADINGS + TABLE + "жизнь</body></html>").encode("koi8-r"), "1 entries", "text/html; charset=utf-16"),
        Document("a charset that runs code elsewhere", table, lambda: HEADINGS + TABLE + "ж</body></html>", "1 entries", "text/html; charset=unicode_escape"),
        Document("a charset of a megabyte", table, lambda: HEADINGS + TABLE + "ж</body></html>", "1 entries", "text/html; charset=" + "x" * 1_000_000),
        Document("random bytes as HTML", table, lambda: os.urandom(5_000_000), "not_found, bad_document, wrong_content_type, empty_body", "text/html"),
        Document("XML with an external entity", people, lambda: outside("list", secret) + '<list><p id="1">a&x;&y;</p></list>', "1 entries", xml),
        Document("XML with an external document type", people, lambda: '<!DOCTYPE list SYSTEM "http://127.0.0.1:9/"><list><p id="1"/></list>', "1 entries", xml),
        Document("XML: a billion laughs", people, lambda: laughs("list") + '<list><p id="1">&e9;</p></list>', "bad_document", xml),
        Document("XML: a billion laughs in an attribute", people, lambda: laughs("list") + '<list><p id="&e9;"/></list>', "bad_document", xml),
        Document("XML: quadratic laughs", people, lambda: f'<!DOCTYPE list [<!ENTITY a "{"x" * 100_000}">]><list><p id="1">{"&a;" * 100_000}</p></list>', "bad_document", xml),
        Document("XML 50,000 levels deep", people, lambda: "<list>" + "<p>" * 50_000 + "</p>" * 50_000 + "</list>", "bad_document", xml),
        Document("feed with an external entity", feed, lambda: rss("<item><guid>1</guid><title>a&x;&y;</title></item>", outside("rss", secret)), "1 entries", xml),
        Document("feed: a billion laughs", feed, lambda: rss("<item><guid>1</guid><title>&e9;</title></item>", laughs("rss")), "1 entries", xml),
        Document("feed: a date in the year 99999", feed, lambda: rss("<item><guid>1</guid><pubDate>Fri, 01 Jan 99999 00:00:00 GMT</pubDate></item>"), "1 entries", xml),
        Document("feed: a date of a megabyte", feed, lambda: rss(f"<item><guid>1</guid><pubDate>{'1' * 1_000_000}</pubDate></item>"), "1 entries", xml),
        Document("feed: a name of a megabyte", feed, lambda: rss(f"<item><guid>1</guid><author>{'a@' * 500_000}</author></item>"), "1 entries", xml),
        Document("feed: a key of a megabyte", feed, lambda: rss(f"<item><guid>{'k' * 1_000_000}</guid></item>"), "bad_entry", xml),
        Document("JSON 100,000 levels deep", items, lambda: "[" * 100_000 + "]" * 100_000, "wrong_content_type", json),
        Document("JSON 900 levels deep", items, lambda: '[{"a": 1, "b": ' + "[" * 900 + "]" * 900 + "}]", "1 entries", json),
        Document("JSON: a number of a million digits", items, lambda: f'[{{"a": {"9" * 1_000_000}}}]', "wrong_content_type", json),
        Document("JSON: 10^999999, NaN, a million decimals", items, lambda: f'[{{"a": 1, "b": 1e999999, "c": NaN, "d": 0.{"9" * 1_000_000}}}]', "1 entries", json),
        Document("JSON: a key of a megabyte", items, lambda: f'[{{"a": "{"k" * 1_000_000}"}}]', "bad_entry", json),
        Document("JSON: a name of a megabyte", items, lambda: f'[{{"a": 1, "{"n" * 1_000_000}": 2}}]', "1 entries", json),
        Document("JSON: halves of characters", items, lambda: r'[{"a": "\ud800x", "\udc00": "\ud83d"}]', "1 entries", json),
        Document("JSON: a date in the year 99999", reads("json", items="@", key="a", published="a"), lambda: '[{"a": "99999-01-01"}]', "1 entries", json),
        Document("JSON: a total of a million digits", reads("json", items="i", key="a", expect={"total": "n"}), lambda: f'{{"i": [{{"a": 1}}], "n": "{"9" * 1_000_000}"}}', "not_found", json),
        Document("egrul: the answer to another number", reads("egrul", query="1027700000002"), lambda: firm, "wrong_content_type", json),
        Document("egrul: a total that is missing", reads("egrul", query="1027700000001"), lambda: firm, "1 entries", json),
        Document("app_store: another app", reads("app_store", app=1), lambda: '{"results": [{"wrapperType": "software", "trackId": 2, "bundleId": "b"}]}', "wrong_content_type", json),
        Document("app_store: an author", reads("app_store", app=1), lambda: '{"results": [{"wrapperType": "artist", "artistId": 1}]}', "wrong_content_type", json),
        Document("gleif: another LEI", reads("gleif", search=lei), lambda: '{"data": [{"id": "00000000000000INVE02", "attributes": {}, "relationships": {}}]}', "wrong_content_type", json),
        Document("gleif: a page in place of a file", reads("gleif"), lambda: HEADINGS + TABLE + "</body></html>", "wrong_content_type"),
        Document("feed: two items of one id", feed, lambda: rss("<item><guid>1</guid><title>a</title></item><item><guid>1</guid><title>b</title></item>"), "2 entries", xml),
        Document("CSV with NULs", rows, lambda: "a,b\n1,\0\0\n", "bad_document", csv),
        Document("CSV: a quote never closed", rows, lambda: 'a,b\n1,"' + "x\n" * 8_000_000, "bad_document", csv),
        Document("CSV of 1,000,000 columns", rows, lambda: "a," + ",".join(f"c{n}" for n in range(1_000_000)) + "\n" + "1," * 1_000_000 + "1\n", "bad_document", csv),
        Document("ZIP: a member outside the folder", rows, lambda: archive(**{"../../../tmp/slip.csv": "a,b\n1,2\n"}), "1 entries", zipped),
        Document("ZIP bomb, 1 GB", rows, lambda: archive(**{"a.csv": b"a,b\n" + b"1,2\n" * 250_000_000}), "too_large", zipped),
        Document("ZIP bomb below the limit, 480 MB", rows, lambda: archive(**{"a.csv": b"a,b\n" + b"1,2\n" * 120_000_000}), ENDED, zipped),
        Document("ZIP of 100,000 members", rows, lambda: archive(**{f"{n}.csv": "" for n in range(100_000)}), "not_found", zipped),
        Document("ZIP, damaged", rows, lambda: archive(**{"a.csv": "a,b\n1,2\n"})[:-30], "bad_document", zipped),
        Document("XLSX bomb, 300 MB", sheet, lambda: workbook(b"<a>" + b" " * 300_000_000 + b"</a>"), "too_large", xlsx),
        Document("XLSX: a value in the last possible cell", sheet, lambda: workbook('<worksheet><sheetData><row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData></worksheet>'), "bad_document", xlsx),
        Document("XLSX: a billion laughs", sheet, lambda: workbook(laughs("worksheet") + "<worksheet>&e9;</worksheet>"), "bad_document", xlsx),
        Document("XLSX: a billion laughs in its texts", sheet, lambda: workbook('<worksheet><sheetData><row r="1"><c r="A1" t="inlineStr"><is><t>a</t></is></c></row></sheetData></worksheet>', **{"xl/sharedStrings.xml": laughs("sst") + "<sst><si><t>&e9;</t></si></sst>"}), "0 entries, bad_document", xlsx),
        Document("PDF of 10,000 pages", texts, lambda: pages_of(*["page"] * 10_000), "pdf_too_long", pdf),
        Document("PDF of 400 pages of text, as a table", pages, lambda: pages_of(*["word " * 200] * 400), f"not_found, {ENDED}", pdf),
        Document("PDF bomb, 2 GB", pages, bomb, f"{ENDED}, bad_document, not_found, pdf_no_text", pdf),
        Document("PDF bomb, 2 GB: its text", texts, bomb, f"{ENDED}, bad_document, pdf_no_text", pdf),
        Document("PDF, encrypted", pages, lambda: pages_of("secret", password="open sesame"), "pdf_encrypted", pdf),
        Document("PDF, cut off", pages, lambda: pages_of("cut off")[:-200], "truncated", pdf),
        Document("PDF of a picture", texts, lambda: pages_of(""), "pdf_no_text", pdf),
        Document("PDF of random bytes", pages, lambda: b"%PDF-1.7\n" + os.urandom(1_000_000) + b"%%EOF", "bad_document", pdf),
        Document("feed: one entry a million times", feed, lambda: rss("<item><guid>1</guid></item>" * 1_000_000), ENDED, xml),
        Document("JSON: one entry a million times", items, lambda: "[" + '{"a":1},' * 1_000_000 + '{"a":1}]', f"1000001 entries, {ENDED}", json),
        Document("HTML of 48 MB in 12,000,000 elements", table, lambda: HEADINGS + TABLE + "<p>a" * 12_000_000, f"{ENDED}, truncated", "text/html"),
        Document("HTML: 2,000,000 attributes in one tag", table, lambda: HEADINGS + TABLE + "<p " + " ".join(f"a{n}=1" for n in range(2_000_000)) + "></body></html>", f"1 entries, {ENDED}"),
        Document("JSON of 48 MB in 16,000,000 lists", items, lambda: "[" + "[]," * 16_000_000 + "[]]", f"{ENDED}, bad_entry", json),
        Document("HTML: a total that takes for ever to find", reads("table", key="A", expect={"total": "div div div div b"}), lambda: MAZE, ENDED),
        Document("XML of 4,000,000 elements in one entry", people, lambda: '<list><p id="1">' + "<m>1</m>" * 4_000_000 + "</p></list>", ENDED, xml),
    ]  # fmt: skip
