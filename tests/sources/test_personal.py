"""What is a private person's: left out of entries and of the page that the state keeps, unless `fields` names it."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from sources import Entry, Page
from sources.loader import kind
from sources.reading.engine import essence, read_here, read_page, without_personal
from watcher import cli

MakePage = Callable[..., Page]

CSV = "No,Name,Passport,Born\n1,Ivan Example,4509 123456,1970-01-01\n2,Anna Example,4509 654321,1980-02-02\n"
PEOPLE = {"people": [{"id": 1, "name": "Ivan", "more": {"born": "1970", "city": "Riga"}, "passport": "4509"}], "of": 1}


def fields(found: list[Entry]) -> list[dict[str, str]]:
    return [dict(entry.fields) for entry in found]


def test_personal_columns_are_in_no_entry_whatever_their_case(make_page: MakePage) -> None:
    source = kind("csv").model_validate(
        {"url": "https://example.org/a.csv", "key": "No", "title": "Name", "personal": ["passport", "Born"]}
    )
    page = make_page(CSV, "text/csv")
    assert fields(list(read_page(source, page))) == [
        {"No": "1", "Name": "Ivan Example"},
        {"No": "2", "Name": "Anna Example"},
    ]
    assert without_personal(source, page) is None  # of a table no page is written anew


def test_a_field_that_is_named_is_kept(make_page: MakePage) -> None:
    source = kind("csv").model_validate(
        {"url": "https://example.org/a.csv", "key": "No", "personal": ["passport", "Born"], "fields": ["Born"]}
    )
    assert source.left_out == {"passport"}
    assert fields(list(read_page(source, make_page(CSV, "text/csv")))) == [
        {"Born": "1970-01-01"},
        {"Born": "1980-02-02"},
    ]


def test_members_are_left_out_at_any_depth_and_of_the_page_that_is_kept_whatever_their_case(
    make_page: MakePage,
) -> None:
    source = kind("json").model_validate(
        {"url": "https://example.org/a", "items": "people", "key": "id", "personal": ["Born", "passport"]}
    )
    page = make_page(json.dumps(PEOPLE), "application/json")
    (entry,) = read_page(source, page)
    assert dict(entry.fields) == {"id": "1", "name": "Ivan", "more": '{"city": "Riga"}'}
    kept = without_personal(source, page)
    assert kept
    assert json.loads(kept) == {"people": [{"id": 1, "name": "Ivan", "more": {"city": "Riga"}}], "of": 1}
    assert list(read_page(source, replace(page, content=kept))) == [entry]


@pytest.mark.parametrize("named", [{"birth": "more.born"}, {"born": "more.city || 'none'"}])
def test_a_member_that_a_field_or_its_path_names_is_kept(named: dict[str, str], make_page: MakePage) -> None:
    options = {"url": "https://example.org/a", "items": "people", "key": "id", "personal": ["born", "passport"]}
    source = kind("json").model_validate({**options, "fields": named})
    assert source.left_out == {"passport"}
    kept = without_personal(source, make_page(json.dumps(PEOPLE), "application/json"))
    assert kept
    assert b"1970" in kept
    assert b"4509" not in kept


def test_lines_are_kept_as_lines(make_page: MakePage) -> None:
    options = {"url": "https://example.org/a", "items": "@", "key": "id", "lines": True, "personal": ["born"]}
    kept = without_personal(kind("json").model_validate(options), make_page('{"id": 1, "born": 2}\n{"id": 2}\n'))
    assert kept == b'{"id": 1}\n{"id": 2}'


def test_a_preset_names_what_is_personal_also_in_the_subprocess(tmp_path: Path, make_page: MakePage) -> None:
    (tmp_path / "people.toml").write_text(
        'kind = "json"\nhelp = "People."\nurl = "https://example.org/a"\nitems = "people"\nkey = "id"\n'
        'fields = { name = "name", more = "more" }\npersonal = ["born", "passport"]\n',
        "utf-8",
    )
    source = kind("people", tmp_path).model_validate({})
    many = {"people": [{"id": at, "name": "x" * 100, "more": {"born": "1970-01-01"}} for at in range(2000)]}
    page = make_page(json.dumps(many), "application/json")
    assert len(page.body) > 64_000  # beyond it, another process reads
    assert not any("1970" in str(entry.fields) for entry in read_page(source, page))
    kept = without_personal(source, page)
    assert kept
    assert b"born" not in kept


def test_a_page_with_what_is_left_out_is_never_the_same_by_its_essence(make_page: MakePage) -> None:
    table = "<table><tr><th>No<th>Born</tr><tr><td>1<td>1970</tr><tr><td>2<td>1971</tr></table>"
    options = {"url": "https://example.org/list", "key": "No"}
    assert essence(kind("table").model_validate(options), make_page(table))
    personal = kind("table").model_validate({**options, "personal": ["born"]})
    assert essence(personal, make_page(table)) == ""
    assert fields(list(read_here(personal, make_page(table)))) == [{"No": "1"}, {"No": "2"}]


def test_the_command_says_what_is_left_out(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["kinds", "minjust_registry"]) == 0
    assert "left out unless `fields` names it: personal tax number, SNILS, birth_date" in capsys.readouterr().out
    assert cli.main(["kinds", "egrul"]) == 0
    assert "left out unless `personal` is []: personal tax number" in capsys.readouterr().out
    assert cli.main(["kinds", "table"]) == 0
    assert "left out unless `fields` names it:" not in capsys.readouterr().out
