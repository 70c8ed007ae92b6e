from __future__ import annotations

import gzip
import io
import sys
import tracemalloc
import zipfile
from collections.abc import Callable
from typing import Any

import pytest
from pydantic import ValidationError

from sources import BadDocument, BadEntry, Entry, NotFound, Page, TooLarge, WrongContent
from sources.formats import delimited
from sources.loader import kind
from sources.model.entry import each_alone
from tests.growth import growth

MakePage = Callable[..., Page]

URL = "https://example.org/list.csv"
LIST = "No,Name,Since\n1,Alpha Ltd,1 May\n2,Beta Inc,2 May\n"


def entries(page: Page, **options: object) -> list[Entry]:
    source = kind("csv").model_validate({"url": URL, "key": "No", **options})
    return list(each_alone(source.parse(page)))


def keys(page: Page, **options: object) -> list[str]:
    return [entry.key for entry in entries(page, **options)]


def zipped(files: dict[str, bytes], how: int = zipfile.ZIP_DEFLATED) -> bytes:
    body = io.BytesIO()
    with zipfile.ZipFile(body, "w", how) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return body.getvalue()


def test_each_row_is_an_entry_with_all_columns(make_page: MakePage) -> None:
    assert entries(make_page(LIST, "text/csv"), title="Name") == [
        Entry("1", "Alpha Ltd", {"No": "1", "Name": "Alpha Ltd", "Since": "1 May"}),
        Entry("2", "Beta Inc", {"No": "2", "Name": "Beta Inc", "Since": "2 May"}),
    ]


@pytest.mark.parametrize("sign", [",", ";", "\t", "|"])
def test_the_delimiter_is_the_one_that_divides_the_headings(sign: str, make_page: MakePage) -> None:
    body = LIST.replace(",", sign).replace("Ltd", "Ltd, London; a|b" if sign == "\t" else "Ltd")
    assert keys(make_page(body)) == ["1", "2"]
    assert keys(make_page(body), delimiter=sign) == ["1", "2"]


def test_a_tab_can_be_written_as_people_write_it(make_page: MakePage) -> None:
    assert keys(make_page("No\tName, etc.\n1\tx\n"), delimiter="\\t") == ["1"]
    assert keys(make_page("No\tName, etc.\n1\tx\n"), delimiter="tab") == ["1"]


def test_a_file_without_headings_takes_the_names_given(make_page: MakePage) -> None:
    body = "Updated: 2025-07-16, 12:00\n10.0.0.1;a.example;7;1,5\n10.0.0.2;b.example;8;2,5\n"
    first, _ = entries(make_page(body), header=1, columns=["ip", "domain", "No", "rate"], title="domain")
    assert first == Entry("7", "a.example", {"ip": "10.0.0.1", "domain": "a.example", "No": "7", "rate": "1,5"})
    with pytest.raises(BadDocument, match=r"line 1 has 1 values for 4 columns"):
        entries(make_page(body), columns=["ip", "domain", "No", "rate"], delimiter=";")


def test_what_stands_above_the_headings_is_left_out(make_page: MakePage) -> None:
    page = make_page('Register "of persons\nas of today\n' + LIST)
    assert keys(page, header=3) == ["1", "2"]
    with pytest.raises(BadDocument, match=r"only 5 lines.*option header"):
        keys(page, header=9)


def test_quotes_that_come_only_in_later_rows(make_page: MakePage) -> None:
    body = LIST + '3,"Gamma, Delta & ""Sons""",3 May\n4,"two\nlines",4 May\n5, "after a space, quoted",5 May\n'
    names = [entry.fields["Name"] for entry in entries(make_page(body))]
    assert names[2:] == ['Gamma, Delta & "Sons"', "two lines", "after a space, quoted"]


def test_a_quote_inside_an_unquoted_value_is_a_character(make_page: MakePage) -> None:
    assert entries(make_page('No,Name\n1,5" pipe\n'))[0].fields["Name"] == '5" pipe'


@pytest.mark.parametrize("row", ['3,"Gamma,3 May\n', '3,"Gam"ma",3 May\n'])
def test_unbalanced_quotes_swallow_no_rows(row: str, make_page: MakePage) -> None:
    with pytest.raises(BadDocument, match=r"line 4.*quote"):
        entries(make_page(LIST + row))
    assert keys(make_page(LIST + row), quote="") == ["1", "2", "3"]


def test_a_row_that_does_not_fit_is_an_error_that_names_its_line(make_page: MakePage) -> None:
    for row in ("3,Gamma, Ltd,3 May\n", "3,Gamma"):
        with pytest.raises(BadDocument, match=r"line 4 has \d values for 3 columns: \"No\", \"Name\", \"Since\""):
            entries(make_page(LIST + row))


def test_ragged_rows_can_be_taken_as_they_are(make_page: MakePage) -> None:
    third, fourth = entries(make_page(LIST + "3,Gamma,3 May,late\n4,Delta\n"), ragged=True)[2:]
    assert third.fields == {"No": "3", "Name": "Gamma", "Since": "3 May late"}
    assert fourth.fields == {"No": "4", "Name": "Delta"}


def test_empty_columns_and_rows_at_the_end_are_no_columns_and_rows(make_page: MakePage) -> None:
    body = "No,Name,,\n1,Alpha,,\n\n,,,\n2,Beta,,\n\x1a"
    assert [entry.fields for entry in entries(make_page(body))] == [
        {"No": "1", "Name": "Alpha"},
        {"No": "2", "Name": "Beta"},
    ]


def test_an_end_mark_behind_the_last_value_is_not_part_of_it(make_page: MakePage) -> None:
    assert entries(make_page("No,Name\r\n1,Alpha\x1a"))[0].fields["Name"] == "Alpha"


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("odd", ["8,x", '8,"x, y"', "8,x,y", " ,z", "", "8, -0-"])
def test_how_many_lines_are_read_at_once_changes_nothing(
    odd: str, end: str, make_page: MakePage, monkeypatch: pytest.MonkeyPatch
) -> None:
    body = end.join(["No,Name", *(f"{at + 10},{at * '.'}" for at in range(9)), odd, "9,-0-", ""])

    def outcome() -> list[Entry] | str:
        try:
            return entries(make_page(body), null="-0-")
        except (BadDocument, BadEntry) as error:
            return error.message

    with monkeypatch.context() as all_by_the_csv_module:
        all_by_the_csv_module.setattr(delimited, "split_plain", lambda *_: [])
        whole = outcome()
    for size in (*range(40), 1000):
        monkeypatch.setattr(delimited, "_BLOCK", size)
        assert outcome() == whole


def test_values_that_say_that_there_is_none(make_page: MakePage) -> None:
    (entry,) = entries(make_page("No,Name,Type\n1,Alpha,-0- \n"), null="-0-")
    assert entry.fields == {"No": "1", "Name": "Alpha"}


def test_columns_of_fixed_widths(make_page: MakePage) -> None:
    body = "Index of forms\n\nForm  Name        File\n----------------------\n10-K  Alpha Ltd   a.txt\n8-K   Beta, Inc.  b/c.txt  \n"
    first, second = entries(make_page(body), widths=[6, 12, 5], header=3, key="File", title="Name")
    assert first == Entry("a.txt", "Alpha Ltd", {"Form": "10-K", "Name": "Alpha Ltd", "File": "a.txt"})
    assert second.key == "b/c.txt"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1251", "koi8-r"])
def test_the_encoding_is_found_also_far_into_a_file(encoding: str, make_page: MakePage) -> None:
    rows = "".join(f"{at},plain,text\n" for at in range(60_000))
    body = f"No,Name,City\n{rows}x,Общество с ограниченной ответственностью,Москва\n"
    assert entries(make_page(body.encode(encoding), "text/csv"))[-1].fields["City"] == "Москва"


def test_what_is_no_text_of_rows_is_refused(make_page: MakePage) -> None:
    for body in (
        "<!DOCTYPE html><p>No,Name",
        "\n<html>",
        "<?xml version='1.0'?><Error/>",
        "%PDF-1.7",
        b"\xd0\xcf\x11\xe0",
    ):
        with pytest.raises(WrongContent):
            entries(make_page(body, "text/csv"))
    with pytest.raises(BadDocument, match=r"NUL character in line 3.*encoding"):
        entries(make_page(LIST.replace("Beta", "B\0ta")))
    with pytest.raises(BadDocument, match="no line of headings"):
        entries(make_page(",,\n"))
    with pytest.raises(BadDocument, match="has 30,000 columns; at most 20,000"):
        entries(make_page(",".join(map(str, range(30_000))) + "\n"))


def test_a_column_that_is_not_there_lists_those_that_are(make_page: MakePage) -> None:
    with pytest.raises(NotFound, match=r'no column "Nr".*"No", "Name", "Since"'):
        entries(make_page(LIST), key="Nr")
    with pytest.raises(BadEntry):
        entries(make_page(LIST + ",Gamma,3 May\n"))


def test_the_file_in_an_archive(make_page: MakePage) -> None:
    one = make_page(zipped({"list.csv": LIST.encode()}))
    several = make_page(zipped({"read me.pdf": b"%PDF", "a/list-1.csv": LIST.encode(), "a/list-2.csv": b"No\n9\n"}))
    assert keys(one) == keys(one, member="*.csv") == ["1", "2"]
    assert keys(several, member="*-2.csv") == keys(several, member="a/list-2.csv") == ["9"]
    with pytest.raises(NotFound, match=r'several members.*"a/list-1.csv", "a/list-2.csv"'):
        keys(several)
    with pytest.raises(NotFound, match=r"no member 'b\.csv'"):
        keys(several, member="b.csv")
    with pytest.raises(NotFound, match="no ZIP archive"):
        keys(make_page(LIST), member="b.csv")


def test_a_member_without_a_name_is_none(make_page: MakePage) -> None:
    body = zipped({"1.csv": b"x", "2.csv": LIST.encode()}).replace(b"1.csv", b"\0.csv")  # zipfile ends a name there
    assert keys(make_page(body)) == ["1", "2"]
    with pytest.raises(NotFound, match="no such file"):
        keys(make_page(body.replace(b"2.csv", b"\0.csv")))


@pytest.fixture
def zstd() -> Any:
    return pytest.importorskip("compression.zstd" if sys.version_info >= (3, 14) else "backports.zstd")


def test_a_file_packed_by_zstandard(make_page: MakePage, zstd: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    packed = zstd.compress(LIST.encode()) + zstd.compress(b"3,c,1\n")
    assert keys(make_page(packed)) == ["1", "2", "3"]
    for damaged in (packed[:-12], packed[:6] + b"\xff" * 9 + packed[15:]):
        with pytest.raises(BadDocument, match="damaged or cut off"):
            keys(make_page(damaged))
    with pytest.raises(TooLarge, match="max_bytes"):
        keys(make_page(zstd.compress(bytes(3_000_000))), max_bytes=1_000_000)
    monkeypatch.setitem(sys.modules, zstd.__name__, None)
    with pytest.raises(BadDocument, match=r"pip install backports\.zstd"):
        keys(make_page(packed))


def test_a_gzipped_file(make_page: MakePage) -> None:
    assert keys(make_page(gzip.compress(LIST.encode()))) == ["1", "2"]
    with pytest.raises(BadDocument, match="damaged or cut off"):
        keys(make_page(gzip.compress(LIST.encode())[:-12]))


def test_what_unpacks_to_too_much_is_refused_unread(make_page: MakePage) -> None:
    bomb = b"No,Name\n" + b"0" * 30_000_000
    for body in (zipped({"a.csv": bomb}), gzip.compress(bomb)):
        tracemalloc.start()
        with pytest.raises(TooLarge, match="max_bytes"):
            keys(make_page(body), max_bytes=1_000_000)
        assert tracemalloc.get_traced_memory()[1] < 15_000_000
        tracemalloc.stop()


def test_a_size_that_lies_is_damage_not_memory(make_page: MakePage) -> None:
    body = zipped({"a.csv": LIST.encode() + b"3,x,y\n" * 1000})
    size = (len(LIST) + 6000).to_bytes(4, "little")
    with pytest.raises(BadDocument, match="damaged"):
        keys(make_page(body.replace(size, (len(LIST)).to_bytes(4, "little"))))


def test_a_damaged_archive_is_an_error(make_page: MakePage) -> None:
    body = zipped({"a.csv": LIST.encode()})
    for broken in (body[:60], body[:40] + b"\xff\xff\xff" + body[43:]):
        with pytest.raises(BadDocument, match="damaged or cut off"):
            keys(make_page(broken))
    with pytest.raises(WrongContent, match="the kind xlsx"):
        keys(make_page(zipped({"[Content_Types].xml": b"", "xl/workbook.xml": b""})))


@pytest.mark.parametrize(
    "options",
    [{"header": 0}, {"delimiter": "ab"}, {"quote": "''"}, {"widths": [0]}, {"key": []}, {"columns": [""]}, {"skip": 1}],
)
def test_options_are_checked_at_load(options: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        kind("csv").model_validate({"url": URL, "key": "No", **options})


def test_very_many_rows_cost_no_more_than_their_number(make_page: MakePage) -> None:
    source = kind("csv").model_validate({"url": URL, "key": "No"})

    def read(rows: int) -> None:
        lines = "".join(f"{at},Company {at},Street {at},1 May\n" for at in range(rows))
        assert sum(map(len, source.parse(make_page(f"No,Name,Place,Since\n{lines}")))) == rows

    assert growth(read, 6_000, 48_000, runs=3) < 3


def test_a_column_may_hold_the_link(make_page: MakePage) -> None:
    page = make_page("No,Page\n1,/firms/1\n2,\n", "text/csv")
    assert [entry.url for entry in entries(page, link="Page")] == ["https://example.org/firms/1", None]


@pytest.mark.parametrize(
    "signs", [{"delimiter": '"'}, {"delimiter": "|", "quote": "|"}, {"quote": " "}, {"delimiter": "\n"}]
)
def test_signs_that_cannot_divide_are_refused(signs: dict[str, str]) -> None:
    with pytest.raises(ValidationError, match="have to be two signs"):
        kind("csv").model_validate({"url": URL, "key": "No", **signs})


def test_what_quotes_values_does_not_divide_them(make_page: MakePage) -> None:
    (entry,) = entries(make_page("No;Name\n1;|a;b||c|\n"), quote="|")
    assert entry.fields == {"No": "1", "Name": "a;b|c"}
