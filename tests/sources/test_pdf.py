"""Tables and text of PDF files: what three programs write is read as it was, and what cannot be read says why."""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from sources import BadDocument, Entry, Get, NotFound, Page, ReaderFailed, ReadError, WrongContent
from sources.formats.pdf import PageTable, join_divided, join_tables, to_logical, unwrap
from sources.loader import kind
from sources.reading.engine import read_page
from tests.pdf_writers import FONT, WRITERS, bomb, pages_of

HEADINGS = ("Number", "Наименование", "שם", "Status", "Date")
LONG = "Active and registered since the first of the year; its licence is under review by the regulator"
URL = "https://register.test/list.pdf"


def made(rows: int) -> list[tuple[str, ...]]:
    """Rows in Latin, Cyrillic and Hebrew; every third one has a cell of several lines."""
    return [
        (
            f"{at:04}",
            f"Банк «Север {at}»",
            f"שלום {at} בע״מ",
            LONG if at % 3 == 0 else "Active",
            f"{at % 28 + 1:02}.07.2025",
        )
        for at in range(1, rows + 1)
    ]


def read(body: bytes, name: str = "pdf_table", **options: Any) -> list[Entry]:
    source = kind(name).model_validate({"url": URL, **({"key": "Number"} if name == "pdf_table" else {}), **options})
    page = Page(Get(URL), URL, 200, {"content-type": "application/pdf"}, body, datetime(2025, 7, 16, tzinfo=UTC))
    return [item for item in read_page(source, page) if isinstance(item, Entry)]


def table(rows: Sequence[Sequence[str]], **style: Any) -> bytes:
    """A PDF file with a table of plain cells."""
    from reportlab.platypus import LongTable, SimpleDocTemplate

    out = io.BytesIO()
    grid = [("GRID", (0, 0), (-1, -1), 0.5, "black")]
    SimpleDocTemplate(out).build([LongTable(rows, repeatRows=1, style=grid, **style)])
    return out.getvalue()


def lines(*pages: Sequence[Sequence[str]], at: Sequence[int] = (60, 110, 330, 430)) -> bytes:
    """A PDF file with a table of columns `at` points from the left and no lines, between a title and a foot."""
    from reportlab.pdfgen.canvas import Canvas

    out = io.BytesIO()
    canvas = Canvas(out)
    for number, rows in enumerate(pages, 1):
        canvas.setFont("Helvetica", 9)
        canvas.drawString(60, 800, "Register of the firms that have a licence of the authority, in the year 2025")
        for down, row in enumerate(rows):
            for x, text in zip(at, row, strict=True):
                canvas.drawString(x, 770 - 13 * down, text)
        canvas.drawString(250, 30, f"Page {number} of {len(pages)}")
        canvas.showPage()
    canvas.save()
    return out.getvalue()


@pytest.mark.timeout(300)
@pytest.mark.parametrize("writer", WRITERS)
def test_a_table_over_pages_is_read_as_it_was_written(writer: str, tmp_path: Path) -> None:
    rows = made(200)
    entries = read(WRITERS[writer]([HEADINGS, *rows], tmp_path))
    assert [tuple(entry.fields[name] for name in HEADINGS) for entry in entries] == rows
    pages = [int((entry.url or "").partition("#page=")[2]) for entry in entries]
    assert pages == sorted(pages)
    assert len(set(pages)) >= 5


def test_a_word_that_reaches_over_a_border_is_whole() -> None:
    rows = [("Number", "Name", "Status"), *((f"{at}", f"Sable Capital Holdings{at % 7}", "Active") for at in range(20))]
    body = table(rows, colWidths=(60, 94, 120))  # the border goes through the last word
    assert [entry.fields["Name"] for entry in read(body)] == [row[1] for row in rows[1:]]
    assert {entry.fields["Status"] for entry in read(body)} == {"Active"}


def test_without_borders_what_the_lines_leave_free_tells_the_columns() -> None:
    head = ("Number", "Name of the firm", "Status", "Since")
    rows = [
        (
            f"{at}",
            f"Sable Capital {chr(65 + at)} and Partners",
            ["Active", "Revoked by the court"][at % 2],
            "04.07.2025",
        )
        for at in range(26)
    ]
    entries = read(lines([head, *rows[:20]], [head, *rows[20:]]), borders=False)
    assert [tuple(entry.fields[name] for name in head) for entry in entries] == rows
    assert [entry.url for entry in entries] == [f"{URL}#page={1 + (at >= 20)}" for at in range(26)]


def test_without_borders_a_line_without_a_key_goes_on_with_the_row_above() -> None:
    rows = [
        ("Number", "Name", "Status", "Since"),
        ("1", "Sable Capital", "Active", "2024"),
        ("", "of the North", "", ""),
    ]
    entries = read(lines([*rows, ("2", "Alpha", "Revoked", "2025")]), borders=False)
    assert [entry.fields["Name"] for entry in entries] == ["Sable Capital of the North", "Alpha"]


def test_without_borders_one_long_value_takes_no_column_away() -> None:
    rows = [("Number", "Name", "Status", "Since"), *((f"{at}", f"Firm {at}", "Active", "2025") for at in range(40))]
    rows[9] = ("8", "A name so long that it goes on into what the other lines leave free", "", "2025")
    entries = read(lines(rows), borders=False)
    assert [len(entry.fields) for entry in entries] == [3 if at == 8 else 4 for at in range(40)]
    assert entries[8].fields["Name"] == rows[9][1]


def test_a_text_without_columns_has_no_table() -> None:
    with pytest.raises(NotFound, match="has no table with the columns"):
        read(pages_of("One line\nand another one"), borders=False)


def test_the_link_of_an_entry_leads_to_its_page_and_is_no_change() -> None:
    source = kind("pdf_table").model_validate({"url": URL, "key": "Number"})
    entries = read(table([HEADINGS[:1], *([str(at)] for at in range(100))]))
    assert (entries[0].url, entries[-1].url) == (f"{URL}#page=1", f"{URL}#page=3")
    assert " url" in source.uncompared


def test_a_file_of_ten_thousand_pages_is_refused() -> None:
    with pytest.raises(BadDocument) as told:
        read(pages_of(*["page"] * 10_000), "pdf_text")
    assert (told.value.code, "10,000 pages" in told.value.message) == ("pdf_too_long", True)


def test_a_page_that_unpacks_to_gigabytes_ends_its_reader_alone() -> None:
    with pytest.raises(ReadError) as told:
        read(bomb())
    assert isinstance(told.value, ReaderFailed | BadDocument)


@pytest.mark.parametrize("name", ["pdf_table", "pdf_text"])
@pytest.mark.parametrize(
    ("body", "code"),
    [
        (lambda: pages_of("secret", password="open sesame"), "pdf_encrypted"),
        (lambda: pages_of("cut off")[:-200], "truncated"),
        (lambda: pages_of("", ""), "pdf_no_text"),
        (lambda: b"%PDF-1.7\n" + bytes(500) + b"%%EOF", "bad_document"),
        (lambda: b"<html><body>The file has moved to another place.</body></html>", "wrong_content_type"),
    ],
)
def test_what_cannot_be_read_says_why(name: str, body: Callable[[], bytes], code: str) -> None:
    with pytest.raises((BadDocument, WrongContent)) as told:
        read(body(), name)
    assert told.value.code == code


def test_a_missing_column_lists_the_headings_that_are_there() -> None:
    with pytest.raises(NotFound, match=r'no table with the columns "Number".*"Name", "Status"'):
        read(table([("Name", "Status"), ("Alpha", "Active")]))


def test_a_page_with_other_columns_is_a_failure_and_loses_no_row() -> None:
    tables = [PageTable(1, [["No", "Name"], ["1", "A"]]), PageTable(2, [["No", "Name", "Since"], ["2", "B", "2025"]])]
    _, rows = join_tables(tables, ["No"], "it")
    with pytest.raises(BadDocument, match="page 2 has other columns"):
        list(rows)


def test_a_row_that_goes_on_at_the_top_of_the_next_page_is_one() -> None:
    tables = [
        PageTable(1, [["No", "Name"], ["1", "A"], ["2", "The register of the mi-"]]),
        PageTable(2, [["No", "Name"], ["", "nistry"], ["3", "C"]]),
    ]
    names, rows = join_tables(tables, ["no"], "it")
    assert (names, [values for _, values in rows][1]) == (["No", "Name"], ["2", "The register of the ministry"])


@pytest.mark.parametrize(
    ("text", "whole"),
    [
        ("регистра-\nция", "регистрация"),
        ("Санкт-\nПетербург", "Санкт-Петербург"),
        ("two\nlines", "two lines"),
        ("regis\u00ad\ntration", "registration"),
        ("2024-\n2025", "2024- 2025"),
    ],
)
def test_a_word_that_is_divided_at_the_end_of_a_line_is_joined(text: str, whole: str) -> None:
    assert unwrap(text) == whole


def test_in_a_text_the_end_of_a_divided_word_moves_up() -> None:
    assert join_divided("of Telegram Messen-\nger Inc\nand others") == "of Telegram Messenger\nInc\nand others"


@pytest.mark.parametrize(
    ("printed", "read"),
    [
        ("1 םלוע םולש", "שלום עולם 1"),
        ("04.07.2025 ךיראת", "תאריך 04.07.2025"),
        ("2025 תנשמ ,Telegram Inc םולש תרבח", "חברת שלום Telegram Inc, משנת 2025"),
        ("Bank םולש Ltd of the north", "Bank שלום Ltd of the north"),
        ("Only Latin (1)", "Only Latin (1)"),
    ],
)
def test_hebrew_is_read_from_right_to_left(printed: str, read: str) -> None:
    assert to_logical(printed) == read


def test_a_text_is_one_entry_with_the_numbers_of_its_pages() -> None:
    (entry,) = read(pages_of("Official gazette\nFirst notice", "Second notice"), "pdf_text")
    assert (entry.title, entry.text) == (
        "Official gazette",
        "[page 1]\nOfficial gazette\nFirst notice\n[page 2]\nSecond notice",
    )


@pytest.mark.parametrize(
    ("first", "second", "title"),
    [
        ("Page 1\nRegister of firms", "Page 2\nAlpha", "Register of firms"),
        ("Gazette no. 12\n1 / 2\nNotices", "Gazette no. 12\n2 / 2", "Gazette no. 12"),
        ("Page 1", "Page 2", "Page 1"),
    ],
)
def test_a_page_number_is_not_the_title_of_a_whole_file(first: str, second: str, title: str) -> None:
    (entry,) = read(pages_of(first, second), "pdf_text")
    assert entry.title == title


def test_each_page_can_be_an_entry_with_a_link_to_it() -> None:
    entries = read(pages_of("First notice", "", "Third notice"), "pdf_text", each_page=True)
    assert [(entry.key, entry.url, entry.text) for entry in entries] == [
        ("page 1", f"{URL}#page=1", "First notice"),
        ("page 3", f"{URL}#page=3", "Third notice"),
    ]


@pytest.mark.skipif(not FONT.exists(), reason=f"there is no font {FONT}")
def test_hebrew_text_is_in_the_order_in_which_it_is_read(tmp_path: Path) -> None:
    (entry,) = read(WRITERS["reportlab"]([("שלום עולם",), ("רישיון 12 פעיל",)], tmp_path), "pdf_text")
    assert entry.text.split("\n")[1:] == ["שלום עולם", "רישיון 12 פעיל"]


def test_without_the_extra_the_configuration_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sources.formats.pdf.find_spec", lambda _: None)
    with pytest.raises(ValueError, match=r"registry-watch\[pdf\]"):
        kind("pdf_text").model_validate({"url": URL})
