"""An XML register of which only the altered items are read has the difference that it has when it is read whole."""

from __future__ import annotations

import gzip
import io
import zipfile
from contextlib import suppress

import pytest
from hypothesis import strategies as st

from sources.errors import SourceError
from sources.reading.records import find_altered
from tests.altered import Compared, compare, page_of, source_of
from tests.fuzzing import fuzz, fuzzed

HEAD = b'<?xml version="1.0"?>\n<!-- as of 1 May -->\n<r xmlns="http://a.example" date="1 May"><info>x</info><list>'
ENDS = b"\n</list></r>\n<!-- made in 3 s -->"
ITEMS = [
    b"\n<item id='%d'><name>Company %d</name>%s</item>" % (at, at * 7, b"<was>X</was>" * (at % 3)) for at in range(5000)
]


def of_xml(before: bytes, after: bytes, **options: object) -> Compared:
    places = {"items": "list/item", "key": "@id", "title": "name", **options}
    return compare(source_of("xml", **places), page_of(before), page_of(after))


def content(items: list[bytes], head: bytes = HEAD, ends: bytes = ENDS) -> bytes:
    return head + b"".join(items) + ends


ALTERED = [
    ITEMS[0].replace(b"Company", b"Firm"),
    *ITEMS[1:500],
    ITEMS[500].replace(b"Company", b"  Company"),
    b"\n<item id='new'><name>New &amp; \xd0\x96</name><was><![CDATA[<b>]]><!-- c --></was></item>",
    *ITEMS[502:4999],
]


@pytest.mark.parametrize("head", [HEAD, HEAD.replace(b"May", b"June"), HEAD.replace(b"list>", b"list\n>")])
def test_changed_added_and_removed_items(head: bytes) -> None:
    found = of_xml(content(ITEMS), content(ALTERED, head))
    assert found.altered == found.whole
    assert sorted(change.kind for change in found.whole["changes"]) == ["added", "changed", "removed", "removed"]


def test_a_prefix_an_archive_and_fields_that_few_items_have() -> None:
    def packed(items: list[bytes]) -> bytes:
        text = content(items, HEAD.replace(b"xmlns", b"xmlns:x"))
        body = io.BytesIO()
        with zipfile.ZipFile(body, "w") as archive:
            archive.writestr("a.xml", text.replace(b"<item", b"<x:item").replace(b"</item", b"</x:item"))
            archive.writestr("b.txt", "")
        return body.getvalue()

    spaces = {"a": "http://a.example"}
    found = of_xml(packed(ITEMS), packed(ALTERED), items="a:item", namespaces=spaces, member="*.xml", fields=["was"])
    assert found.altered == found.whole
    assert found.whole["changes"]


def test_a_packed_file_and_one_in_another_encoding() -> None:
    pages = [gzip.compress(content(items).decode().encode("cp1251")) for items in (ITEMS, ALTERED)]
    source = source_of("xml", items="list/item", key="@id")
    found = compare(source, *(page_of(page, encoding="cp1251") for page in pages))
    assert found.altered == found.whole


@pytest.mark.parametrize(
    "after",
    [
        content([b"\n<item id='n'><name><![CDATA[</item>]]></name></item>", *ITEMS]),
        content([*ITEMS[:3], b"\n<!-- <item id='n'> -->", *ITEMS[3:]]),
        content([*ITEMS[:3], b"\n<?item?>", *ITEMS[3:]]),
        content(ITEMS, HEAD[:-6] + b"<!-- <list>" + ITEMS[0] + b"--><list>"),
        content(ITEMS, b"<!DOCTYPE r [<!ENTITY own 'text'>]>" + HEAD[22:]),
        content([b"\n<item id='o'><name>O</name><item id='i'/></item>", *ITEMS, b"<item id='p'/>"]),
        content([b"\n<item id='o'><name>O</name><item id='i'></item></item>", *ITEMS]),
        content([b"\n<item id='o'><name>O</name></item ><item id='p'><name>P</name></item>", *ITEMS]),
        content([*ITEMS, b"\n<other/>", ITEMS[0].replace(b"'0'", b"'n'")]),
        content(ITEMS, HEAD.replace(b"a.example", b"b.example")),
        content(ITEMS, HEAD.replace(b"<list", b"<list xmlns:b='http://b.example'")),
        content(ITEMS, ends=b"\n</list><more/></r>"),
        content(ITEMS).decode().encode("utf-16"),
    ],
)
def test_what_is_not_sure_is_read_whole(after: bytes) -> None:
    with suppress(SourceError):
        assert of_xml(content(ITEMS), after).altered is None


@pytest.mark.parametrize("ends", [b"/>", b"></item >"])
def test_two_items_with_one_end_tag_and_one_twice_are_no_removal(ends: bytes) -> None:
    items = [
        *ITEMS[:5],
        b"\n<item id='n'" + ends + ITEMS[5],
        *ITEMS[6:3000],
        ITEMS[3].replace(b"ny", b"ny "),
        *ITEMS[3000:],
    ]
    found = of_xml(content(items), content([*items[:3], *items[4:]]))
    assert (found.altered, found.whole["changes"]) == (None, [])


def test_of_a_page_that_cannot_be_read_there_is_no_answer() -> None:
    source = source_of("xml", items="list/item", key="@id")
    for after in (content(ITEMS, ends=b""), content(ITEMS, HEAD + b"&"), content([*ITEMS, b"\n<item></item>"])):
        assert find_altered(source, page_of(content(ITEMS)), page_of(after), len(ITEMS)) is None
    kept = source_of("xml", items="list/item", key="@id", fields=["name", "since"])
    assert find_altered(kept, *[page_of(content(items)) for items in (ITEMS, ALTERED)], len(ITEMS)) is None


PARTS = st.sampled_from(
    [
        *("<i><k>1</k></i>", "<i><k>2</k></i>", " <i><k>3</k><b>A</b></i>", "\n<i a='1'><k>4</k></i>", "<i><k>5</k></i >"),
        *("<i/>", "<i k='1'/>", "<i><i><k>6</k></i></i>", "<i><k>7</k><i/></i>", "<x><i><k>8</k></i></x>", "<i", "<k>0</k>"),
        *("<!-- ", " -->", "<![CDATA[", "]]>", "<?p ", "?>", "</i>", "<i>", "<i><k>9</k>", "text", "&", "<y/>", "</r>", "<r>"),
    ]
)  # fmt: skip
SOUND = st.lists(st.integers(1, 30), unique=True, max_size=12).map(lambda ids: [f"\n<i><k>{at}</k></i>" for at in ids])


@fuzzed
def test_fuzz_both_ways_agree_whatever_the_document() -> None:
    agreed = 0

    def check(heads: tuple[str, str], before: list[str], after: list[str], odd: list[str], places: list[int]) -> None:
        nonlocal agreed
        texts = [[*before], [*after]]
        for part, place in zip(odd, places, strict=False):
            texts[place % 2].insert(place % 13, part)
        pages = [f"{head}{''.join(text)}</r>".encode() for head, text in zip(heads, texts, strict=True)]
        source = source_of("xml", items="r/i", key="k?", min_entries=0)
        try:
            found = compare(source, *map(page_of, pages))
        except SourceError:
            with suppress(SourceError):
                entries = len(compare(source, page_of(pages[0]), page_of(pages[0])).whole["insert"])
                assert find_altered(source, *map(page_of, pages), entries) is None
            return
        assert found.altered in (None, found.whole)
        agreed += found.altered is not None

    heads = st.sampled_from(
        ["<r>", "<r>", "<r d='1'>", "<r><d>1</d>", "<r xmlns='u:u'>", "<r><!-- <i -->", "<!-- --><r>"]
    )
    places = st.lists(st.integers(0, 99), min_size=3, max_size=3)
    fuzz("altered xml", check, st.tuples(heads, heads), SOUND, SOUND, st.lists(PARTS, max_size=3), places)
    assert agreed > 3
