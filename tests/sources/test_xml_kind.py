from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from pydantic import ValidationError

from sources import BadDocument, BadEntry, Entry, NotFound, Page, WrongContent
from sources.formats.archives import open_content
from sources.formats.xml import ElementPath, elements
from sources.loader import kind
from sources.model.entry import each_alone

MakePage = Callable[..., Page]

URL = "https://example.org/list.xml"
LIST = """<?xml version="1.0"?>
<register xmlns="http://example.org/ns" xmlns:x="http://example.org/x" updated="today">
  <info><name>not an item</name></info>
  <persons>
    <person id="7"><name>Alpha <b>Ltd</b></name><alias>A</alias><alias>AL</alias><decision date="2025-05-01" number="1/2"/>
      <birth><year>1970</year><place>Perm</place></birth><x:ip ts="17">10.0.0.1</x:ip><link>/a/7</link></person>
    <person id="8"><name>Beta Inc</name><note/></person>
  </persons>
  <firms><firm id="9"><name>Gamma</name></firm></firms>
</register>
"""


def entries(page: Page, **options: object) -> list[Entry]:
    source = kind("xml").model_validate({"url": URL, "items": "person", "key": "@id", **options})
    return [item for item in each_alone(source.parse(page)) if isinstance(item, Entry)]


def test_all_that_an_item_has_is_a_field(make_page: MakePage) -> None:
    first, second = entries(make_page(LIST), title="name")
    assert first == Entry(
        "7",
        "Alpha Ltd",
        {
            "@id": "7",
            "name": "Alpha Ltd",
            "alias": "A; AL",
            "decision": "date: 2025-05-01, number: 1/2",
            "birth": "1970, Perm",
            "ip": "10.0.0.1, ts: 17",
            "link": "/a/7",
        },
    )
    assert second == Entry("8", "Beta Inc", {"@id": "8", "name": "Beta Inc"})


def test_places_are_paths_with_attributes(make_page: MakePage) -> None:
    fields = {"year": "birth/year", "decided": "decision/@date", "same": "decision@date", "all": "birth", "own": "name"}
    first, _ = entries(make_page(LIST), key=["name", "@id"], fields=fields, link="link", published="decision@date")
    wanted = {"year": "1970", "decided": "2025-05-01", "same": "2025-05-01", "all": "1970, Perm", "own": "Alpha Ltd"}
    moment = datetime(2025, 5, 1, tzinfo=UTC)
    assert first == Entry("Alpha Ltd | 7", "", wanted, "https://example.org/a/7", moment)


def test_fields_may_be_a_list_of_paths(make_page: MakePage) -> None:
    assert entries(make_page(LIST), fields=["name", "birth/year"])[0].fields == {
        "name": "Alpha Ltd",
        "birth/year": "1970",
    }


def test_items_of_several_kinds_and_by_longer_paths(make_page: MakePage) -> None:
    page = make_page(LIST)
    assert [entry.key for entry in entries(page, items=["persons/person", "firms/firm"])] == ["7", "8", "9"]
    assert [entry.key for entry in entries(page, items="/register/*/firm")] == ["9"]


def test_a_prefix_stands_for_a_namespace(make_page: MakePage) -> None:
    spaces = {"r": "http://example.org/ns", "x": "http://example.org/x"}
    first, _ = entries(make_page(LIST), items="r:person", fields={"ip": "x:ip"}, namespaces=spaces)
    assert first.fields == {"ip": "10.0.0.1"}
    with pytest.raises(NotFound, match="no item has 'r:ip'"):
        entries(make_page(LIST), fields={"ip": "r:ip"}, namespaces=spaces)


def test_an_item_inside_an_item_is_a_part_of_it(make_page: MakePage) -> None:
    page = make_page(
        "<r><person id='1'><boss><person id='2'><name>B</name></person></boss></person><person id='3'/></r>"
    )
    assert [entry.key for entry in entries(page)] == ["1", "3"]
    assert entries(page)[0].fields["boss"] == "id: 2, B"


def test_a_path_that_leads_nowhere_lists_what_is_there(make_page: MakePage) -> None:
    for options in ({"key": "@nr"}, {"title": "nom"}, {"fields": {"x": "birth/day"}}):
        with pytest.raises(NotFound, match=r'no item has .*"@id", "name".*\?'):
            entries(make_page(LIST), **options)
    assert entries(make_page(LIST), fields={"ended": "ended?", "name": "name"})[0].fields == {"name": "Alpha Ltd"}
    with pytest.raises(NotFound, match=r'no element people.*"register/persons/person \(2\)"'):
        entries(make_page(LIST), items="people")


def test_an_item_without_a_key_is_an_error(make_page: MakePage) -> None:
    with pytest.raises(BadEntry):
        entries(make_page(LIST.replace('id="8"', "")))


def test_an_empty_list_has_no_entries_but_another_document_is_an_error(make_page: MakePage) -> None:
    assert entries(make_page("<register><persons/></register>"), items="persons/person") == []
    assert entries(make_page("<register/>"), min_entries=0) == []
    with pytest.raises(NotFound, match='"Error/Code'):
        entries(make_page("<Error><Code>AccessDenied</Code></Error>"), items="persons/person")


@pytest.mark.parametrize("cut", [10, 100, 300])
def test_a_document_that_was_cut_off_is_an_error(cut: int, make_page: MakePage) -> None:
    with pytest.raises(BadDocument, match="not well-formed XML, or cut off"):
        entries(make_page(LIST.rstrip()[:-cut]))


def test_what_is_no_xml_is_refused(make_page: MakePage) -> None:
    for body in ("<!DOCTYPE html><html><br></html>", "<html>", '{"a": 1}', "%PDF-1.7"):
        with pytest.raises(WrongContent, match="no XML document"):
            entries(make_page(body))
    with pytest.raises(BadDocument):
        entries(make_page("<a><b></a>"))


def test_nothing_is_fetched_and_nothing_is_expanded(make_page: MakePage, tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("hidden")
    doctype = f'<!DOCTYPE r [<!ENTITY file SYSTEM "{secret.as_uri()}"><!ENTITY own "text">]>'
    (entry,) = entries(make_page(f"{doctype}<r><person id='1'><name>&file; &own;</name></person></r>"))
    assert entry.fields["name"] == "&file; &own;"
    bombs = "".join(f'<!ENTITY l{at} "{f"&l{at - 1};" * 10}">' for at in range(1, 9))
    bomb = f'<!DOCTYPE r [<!ENTITY l0 "lol">{bombs}]><r><person id="&l8;"><name>&l8;</name></person></r>'
    with pytest.raises(BadDocument):
        entries(make_page(bomb))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "cp1251", "koi8-r", "ibm866"])
def test_the_encoding_is_found_whatever_is_declared(encoding: str, make_page: MakePage) -> None:
    declared = encoding if encoding != "cp1251" else "utf-8"
    text = f"\n<?xml version='1.0' encoding='{declared}'?><r><person id='1'><name>Общество с ограниченной ответственностью</name></person></r>"
    assert entries(make_page(text.encode(encoding)))[0].fields["name"] == "Общество с ограниченной ответственностью"


def test_a_document_in_an_archive(make_page: MakePage) -> None:
    body = io.BytesIO()
    with zipfile.ZipFile(body, "w") as archive:
        archive.writestr("dump.xml", LIST)
        archive.writestr("dump.xml.sig", b"\0\1")
    assert len(entries(make_page(body.getvalue()))) == len(entries(make_page(body.getvalue()), member="*.xml")) == 2


def test_what_was_read_is_forgotten(make_page: MakePage) -> None:
    item = "<person id='{}'><note>" + "x" * 200 + "</note></person><other><deep>y</deep></other>"
    page = make_page("<r>" + "".join(item.format(at) for at in range(20_000)) + "</r>")
    kept = []
    for number, element in enumerate(elements(open_content(page), [ElementPath.compile("person", {})])):
        assert element.get("id") == str(number)
        kept.append(element.getparent().index(element))  # type: ignore[union-attr]
    assert len(kept) == 20_000
    assert max(kept) < 5_000  # of 40,000: what a piece of the document holds


@pytest.mark.parametrize(
    "options",
    [
        {"items": "@id"},
        {"items": "."},
        {"key": "a b"},
        {"key": "x:id"},
        {"fields": {"a": "b//@"}},
        {"key": []},
        {"rows": 1},
    ],
)
def test_options_are_checked_at_load(options: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        kind("xml").model_validate({"url": URL, "items": "person", "key": "@id", **options})
