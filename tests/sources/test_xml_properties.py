"""Any XML document reads as an oracle reads it, which takes its elements one by one from the whole tree."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from itertools import islice
from typing import Any

import pytest
from hypothesis import strategies as st
from lxml import etree

from sources import Entry, Page
from sources.errors import SourceError
from sources.formats import xml
from sources.formats.archives import open_content
from sources.formats.dates import read_date
from sources.formats.links import absolute
from sources.formats.xml import SAFE, Element, ElementPath, local_name, paths_seen
from sources.kinds.xml import Xml
from sources.model.entry import each_alone
from sources.text import clean, join_texts
from tests.captures import CAPTURES, needed
from tests.fuzzing import fuzz, fuzzed

URL = "https://example.org/list.xml"
XSI = "{http://www.w3.org/2001/XMLSchema-instance}"
HEAD = """<?xml version="1.0"?><!DOCTYPE r [<!ENTITY own "text">]>
<r xmlns:x="http://x.example" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">"""
NAMES = st.sampled_from(["i", "i", "a", "b", "x:a", "x:i", "c", "d\u200db"])
TEXTS = st.sampled_from(
    ["", " ", "1", "2", "A  B", " A\n", "д\u0438\u0306", "&amp;", "&own;", "<![CDATA[<i>]]>", "<!-- c -->", "<?p i?>"]
)
GIVEN = st.sampled_from(["", "", "", ' id="7"', ' id=""', ' x:id="8" id=" 9 "', ' xsi:nil="true"', ' n="&amp;"'])
SIMPLE = st.builds("<{0}{1}>{2}{3}</{0}>".format, NAMES, GIVEN, TEXTS, TEXTS)
WITHIN = st.recursive(
    SIMPLE,
    lambda inner: st.builds(
        lambda name, own, parts: f"<{name}{own}>{''.join(parts)}</{name}>",
        NAMES,
        GIVEN,
        st.lists(st.one_of(inner, TEXTS), max_size=4),
    ),
    max_leaves=6,
)
PLAIN = st.lists(st.sampled_from(["<a>1</a>", "<b>B</b>", "<c> </c>", "<d/>"]), max_size=4).map("".join)
ITEMS = st.one_of(PLAIN, st.lists(st.one_of(WITHIN, TEXTS), max_size=4).map("".join)).map('<i id="1">{}</i>'.format)
DOCUMENTS = st.lists(st.one_of(ITEMS, ITEMS, WITHIN, TEXTS), max_size=12).map(
    lambda parts: f"{HEAD}{''.join(parts)}</r>"
)
PATHS = st.sampled_from(["a", "b", "@id", "a/b", "a/@id", ".", "*", "*/a", "x:a", "@x:id", "i/a", "@*"])
OPTIONS = st.fixed_dictionaries(
    {"items": st.sampled_from([["i"], ["i"], ["x:i", "a"], ["r/i"], ["r"], ["*"], ["i/b", "r/a"]]), "key": st.lists(PATHS, max_size=1).map(lambda some: ["@id?", *some, ".?", "*?"])},
    optional={
        "title": PATHS,
        "link": PATHS.map(lambda path: f"{path}?"),
        "published": PATHS.map(lambda path: f"{path}?"),
        "fields": st.dictionaries(st.sampled_from(["f", "g", " f", "d\u200db"]), PATHS.map(lambda path: f"{path}?"), max_size=3),
    },
)  # fmt: skip


def read_plainly(source: Xml, page: Page) -> Iterator[Entry]:
    """The entries as the options say, for documents in which there is an item and each path leads somewhere."""
    root = etree.fromstring(page.text.lstrip().encode(), etree.XMLParser(encoding="utf-8", **SAFE))
    items = [ElementPath.compile(path, source.namespaces) for path in source.items]
    for item in root.iter("*"):
        if is_item(item, items) and not any(is_item(outer, items) for outer in item.iterancestors()):

            def said(*paths: str | None, item: Element = item) -> str:
                compiled = [ElementPath.compile(path, source.namespaces) for path in paths if path]
                return join_texts(join_texts(values(each, item), "; ") for each in compiled)

            fields = {name: said(path) for name, path in source.fields.items()} or members(item)
            link, date = said(source.link), said(source.published)
            url = absolute(page.url, link) if link else None
            yield Entry(said(*source.key), said(*source.title), fields, url, read_date(date))


def is_item(element: Element, items: list[ElementPath]) -> bool:
    def leads(steps: tuple[str, ...], place: Element | None) -> bool:
        here = place is not None and any(place is each for each in place.iter(steps[-1]))
        return here and (len(steps) == 1 or leads(steps[:-1], place.getparent()))  # type: ignore[union-attr]

    return any(leads(path.steps, element) for path in items)


def values(path: ElementPath, element: Element) -> list[str]:
    found = [element]
    for step in path.steps:
        found = [child for parent in found for child in parent.iterchildren(step)]
    if path.attribute:
        uri, name = path.attribute[1:].split("}")
        wanted = re.compile(f"(\\{{{'.*' if uri == '*' else re.escape(uri)}\\}})?{'.*' if name == '*' else name}")
        return [
            str(value)
            for place in found
            for key, value in place.items()
            if wanted.fullmatch(str(key)) and (uri == "*" or str(key)[0] == "{")
        ]
    return [text_in(place) for place in found]


def members(element: Element) -> dict[str, str]:
    found: dict[str, list[str]] = {}
    for name, value in element.items():
        if not str(name).startswith(XSI):
            found.setdefault(f"@{local_name(name)}", []).append(str(value))
    for child in element.iterchildren("*"):
        found.setdefault(local_name(child.tag), []).append(", ".join(describe(child)))
    if not len(element) and (element.text or "").strip():
        found["."] = [element.text or ""]
    return {name: join_texts(texts, "; ") for name, texts in found.items()}


def describe(element: Element) -> list[str]:
    own = [f"{local_name(k)}: {clean(str(v))}" for k, v in element.items() if not str(k).startswith(XSI)]
    children = list(element.iterchildren("*"))
    if not children or is_mixed(element):
        return list(filter(None, [clean(text_in(element)), *own]))
    return own + [part for child in children for part in describe(child)]


def text_in(element: Element) -> str:
    pieces = [str(piece) for piece in element.itertext("*", etree.Entity)]
    return "".join(pieces) if is_mixed(element) else ", ".join(filter(None, map(clean, pieces)))


def is_mixed(element: Element) -> bool:
    texts = (element.text, *(child.tail for child in element))
    return any((text or "").strip() for text in texts) or any(True for _ in element.iterchildren(etree.Entity))


def assert_read_alike(source: Xml, page: Page) -> int:
    """The number of entries. A fault is alike where the oracle has it, too; what leads nowhere it does not know."""
    try:
        found = [entry for entry in each_alone(source.parse(page)) if isinstance(entry, Entry)]
    except SourceError as error:
        if not re.search("no item has|has no element|well-formed", error.message):
            with pytest.raises(type(error), match=re.escape(error.message)):
                list(read_plainly(source, page))
        return 0
    wanted = list(read_plainly(source, page))
    assert [(entry, list(entry.fields)) for entry in found] == [(entry, list(entry.fields)) for entry in wanted]
    return len(found)


@fuzzed
def test_fuzz_any_document_reads_as_the_oracle_reads_it(
    make_page: Callable[..., Page], monkeypatch: pytest.MonkeyPatch
) -> None:
    read = 0

    def check(document: str, options: dict[str, Any], piece: int) -> None:
        nonlocal read
        monkeypatch.setattr(xml, "_PIECE", piece)
        spaces = {"x": "http://x.example"}
        source = Xml.model_validate({"url": URL, "namespaces": spaces, "min_entries": 0, **options})
        read += assert_read_alike(source, make_page(document))

    fuzz("xml", check, DOCUMENTS, OPTIONS, st.sampled_from([7, 50, 100_000]))
    assert read > 20


@needed
def test_captures_read_as_the_oracle_reads_them(make_page: Callable[..., Page]) -> None:
    read = 0
    for file in sorted(CAPTURES.rglob("*.xml")):
        page = make_page(file.read_bytes())
        try:
            seen = paths_seen(open_content(page))
        except (SourceError, etree.XMLSyntaxError):
            continue
        for path in islice((path for path, _ in seen.most_common() if ":" not in path), 2):
            read += assert_read_alike(Xml.model_validate({"url": URL, "items": path, "key": [".", "@*?"]}), page)
    assert read > 10_000
