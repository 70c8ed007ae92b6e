from __future__ import annotations

import io
import subprocess
import sys
import textwrap
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from pydantic import ValidationError

from sources import BadDocument, Entry, NotFound, Page, TooLarge, WrongContent
from sources.loader import kind
from sources.reading.placement import needs_subprocess

MakePage = Callable[..., Page]

URL = "https://example.org/list.xlsx"
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
DATE, TIME = ' s="1"', ' s="2"'


def cell(place: str, value: object, style: str = "") -> str:
    if isinstance(value, str):
        return f'<c r="{place}" t="inlineStr"{style}><is><t>{value}</t></is></c>'
    return f'<c r="{place}"{style}><v>{value}</v></c>'


def row(number: int, *values: object) -> str:
    cells = (cell(f"{chr(65 + at)}{number}", value) for at, value in enumerate(values) if value is not None)
    return f'<row r="{number}">{"".join(cells)}</row>'


def workbook(*sheets: str, names: tuple[str, ...] = ("List", "Notes"), more: dict[str, str] | None = None) -> bytes:
    """A workbook of these sheets, each given as its rows."""
    used = names[: len(sheets)]
    listed = "".join(f'<sheet name="{name}" sheetId="{at}" r:id="r{at}"/>' for at, name in enumerate(used, 1))
    links = "".join(
        f'<Relationship Id="r{at}" Type="{RELATIONS}/worksheet" Target="worksheets/sheet{at}.xml"/>'
        for at in range(1, len(sheets) + 1)
    )
    styles = f'<Relationship Id="s" Type="{RELATIONS}/styles" Target="styles.xml"/>'
    package = "http://schemas.openxmlformats.org/package/2006"
    files = {
        "[Content_Types].xml": f'<Types xmlns="{package}/content-types"/>',
        "_rels/.rels": f'<Relationships xmlns="{package}/relationships"><Relationship Id="w" Type="{RELATIONS}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{RELATIONS}"><sheets>{listed}</sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{package}/relationships">{links}{styles}</Relationships>',
        "xl/styles.xml": f'<styleSheet xmlns="{MAIN}"><cellXfs><xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="22"/></cellXfs></styleSheet>',
        **{
            f"xl/worksheets/sheet{at}.xml": f'<worksheet xmlns="{MAIN}"><sheetData>{rows}</sheetData></worksheet>'
            for at, rows in enumerate(sheets, 1)
        },
        **(more or {}),
    }
    body = io.BytesIO()
    with zipfile.ZipFile(body, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in files.items():
            archive.writestr(name, text)
    return body.getvalue()


LIST = row(1, "No", "Name") + row(2, 1, "Alpha Ltd") + row(3, 2, "Beta Inc")


def entries(page: Page, **options: object) -> list[Entry]:
    source = kind("xlsx").model_validate({"url": URL, "key": "No", **options})
    return [item for item in source.parse(page) if isinstance(item, Entry)]


def test_a_part_without_a_name_is_left_out(make_page: MakePage) -> None:
    page = make_page(workbook(LIST, more={"odd.xml": "<a/>"}).replace(b"odd.xml", b"\0dd.xml"))
    assert [entry.key for entry in entries(page)] == ["1", "2"]


def test_each_row_of_the_first_sheet_is_an_entry(make_page: MakePage) -> None:
    assert entries(make_page(workbook(LIST, row(1, "Other"))), title="Name") == [
        Entry("1", "Alpha Ltd", {"No": "1", "Name": "Alpha Ltd"}),
        Entry("2", "Beta Inc", {"No": "2", "Name": "Beta Inc"}),
    ]


def test_values_are_text_as_people_read_them(make_page: MakePage) -> None:
    cells = [
        cell("A2", 17.0),
        cell("B2", 45854, DATE),
        cell("C2", 45854.75, TIME),
        '<c r="D2" t="b"><v>1</v></c>',
        cell("E2", 2.5),
        '<c r="F2" t="e"><v>#N/A</v></c>',
    ]
    sheet = row(1, "No", "Day", "Moment", "Active", "Share", "Error") + f'<row r="2">{"".join(cells)}</row>'
    (entry,) = entries(make_page(workbook(sheet)))
    assert entry.fields == {
        "No": "17",
        "Day": "2025-07-16",
        "Moment": "2025-07-16T18:00:00",
        "Active": "true",
        "Share": "2.5",
    }


def test_a_sheet_is_chosen_by_name_or_number(make_page: MakePage) -> None:
    page = make_page(workbook(row(1, "About"), LIST))
    assert len(entries(page, sheet="Notes")) == len(entries(page, sheet=2)) == 2
    for sheet in ("Lists", 3):
        with pytest.raises(NotFound, match=r'no sheet .*"List", "Notes"'):
            entries(page, sheet=sheet)


def test_headings_may_stand_further_down(make_page: MakePage) -> None:
    sheet = row(1, "Register") + row(4, None, "No", "Name") + row(6, None, 7, "Alpha")
    page = make_page(workbook(sheet))
    assert [entry.fields for entry in entries(page, header_row=4)] == [{"No": "7", "Name": "Alpha"}]
    with pytest.raises(NotFound, match="no headings in row 2"):
        entries(page, header_row=2)
    with pytest.raises(NotFound, match=r'no column "Nr"; |no column "Nr"'):
        entries(page, header_row=4, key="Nr")


def test_empty_rows_and_the_remark_below_them_are_no_entries(make_page: MakePage) -> None:
    sheet = row(1, "No", "Name", "Since") + row(2, 1, "Alpha", "May") + row(4, "Applied filters: all of 2025")
    assert [entry.key for entry in entries(make_page(workbook(sheet)))] == ["1"]


@pytest.mark.parametrize(
    "sheet",
    [
        row(1, "No") + '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>',
        row(1, "No") + '<row r="2"><c r="ZZZZZZZZZZ99999999999"><v>1</v></c></row>',
        row(1, "No") + '<row r="900000"><c><v>1</v></c></row><row><c r="AAA5"><v>1</v></c></row>',
    ],
)
def test_a_cell_far_away_does_not_end_the_program(sheet: str) -> None:
    """In a process of its own, since it would end with that."""
    code = textwrap.dedent("""
        import sys
        from datetime import UTC, datetime
        from sources import BadDocument, Get, Page
        from sources.loader import kind
        body = sys.stdin.buffer.read()
        page = Page(Get("https://e.org"), "https://e.org", 200, {}, body, datetime.now(UTC))
        try:
            list(kind("xlsx")(url="https://e.org", key="No").parse(page))
        except BadDocument as error:
            print(error.message)
    """)
    done = subprocess.run(
        [sys.executable, "-c", code], check=False, input=workbook(sheet), capture_output=True, timeout=60
    )
    assert b"too large to be read" in done.stdout or b"is damaged" in done.stdout, done.stderr[-300:]


def test_a_sheet_with_a_document_type_is_refused(make_page: MakePage) -> None:
    sheet = '<!DOCTYPE x [<!ENTITY a "AAAA">]><worksheet><sheetData/></worksheet>'
    with pytest.raises(BadDocument, match="document type"):
        entries(make_page(workbook(LIST, more={"xl/worksheets/sheet1.xml": sheet})))


def test_a_workbook_that_unpacks_to_too_much_is_refused(make_page: MakePage) -> None:
    page = make_page(workbook(LIST, more={"xl/sharedStrings.xml": " " * 5_000_000}))
    with pytest.raises(TooLarge, match="max_bytes"):
        entries(page, max_bytes=1_000_000)
    pictures = make_page(workbook(LIST, more={"xl/media/photo.bin": " " * 5_000_000}))
    assert len(entries(pictures, max_bytes=1_000_000)) == 2


def test_what_is_no_workbook_is_refused(make_page: MakePage) -> None:
    for body in (b"<html>", workbook(LIST).replace(b"xl/workbook.xml", b"xl/worksheet.xm")):
        with pytest.raises(WrongContent, match="no workbook"):
            entries(make_page(body))


@pytest.mark.parametrize("cut", [100, 1500])
def test_a_damaged_workbook_is_an_error(cut: int, make_page: MakePage) -> None:
    with pytest.raises(BadDocument, match="damaged"):
        entries(make_page(workbook(LIST)[:-cut]))
    with pytest.raises(BadDocument, match="damaged"):
        entries(make_page(workbook("<row")))
    with pytest.raises(BadDocument, match="damaged workbook"):
        entries(make_page(workbook(LIST, more={"xl/workbook.xml": "<workbook"})))


@pytest.mark.parametrize("options", [{"sheet": 0}, {"header_row": 0}, {"key": []}, {"columns": "a"}])
def test_options_are_checked_at_load(options: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        kind("xlsx").model_validate({"url": URL, "key": "No", **options})


def test_a_column_may_hold_the_link(make_page: MakePage) -> None:
    page = make_page(workbook(row(1, "No", "Page") + row(2, "1", "/firms/1") + row(3, "2", None)))
    assert [entry.url for entry in entries(page, link="page")] == ["https://example.org/firms/1", None]


@pytest.mark.parametrize("file", ["list.xls", "list.ods"])
def test_an_old_workbook_and_one_of_opendocument_are_read_as_well(make_page: MakePage, file: str) -> None:
    page = make_page((Path(__file__).parent / "fixtures" / file).read_bytes())
    assert entries(page, title="Name") == [
        Entry("1", "Alpha", {"No": "1", "Name": "Alpha", "Since": "2025-07-16"}),
        Entry("2", "Бета", {"No": "2", "Name": "Бета", "Since": "2025-07-17"}),
    ]


@pytest.mark.parametrize("file", ["list.xls", "list.ods"])
def test_of_a_damaged_one_nothing_is_read(make_page: MakePage, file: str) -> None:
    body = (Path(__file__).parent / "fixtures" / file).read_bytes()
    with pytest.raises((BadDocument, WrongContent)):
        entries(make_page(body[: len(body) // 2]))


def test_what_is_no_packed_workbook_is_read_in_the_subprocess(make_page: MakePage) -> None:
    body = (Path(__file__).parent / "fixtures" / "list.xls").read_bytes()
    assert needs_subprocess(kind("xlsx").model_validate({"url": URL, "key": "No"}), make_page(body))
