"""The labels on a page about one, with their values: a firm's entry, a case, a notice.

A label and its value stand in one of four forms, whatever the page calls them: `dt` and `dd`; two cells of a table
without headings; two elements that alternate, by themselves or in rows; a line "Label: value". A value that has labels
itself is read as these, "Officer / Name". Menus, headers and footers do not count.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from itertools import chain, islice
from typing import NamedTuple, TypeAlias

from lxml.html import HtmlElement

from sources.errors import BadDocument
from sources.formats.html import text_of
from sources.formats.tables import find_own_rows
from sources.text import clean

MOST_LABELS = 1000  # a page with more is a list
_LONGEST = 80  # characters of a label
_DEEPEST = 3  # labels within labels
_MOST_PARTS, _MOST_LINES = 12, 10_000  # elements in a label, and in an element of lines
_SILENT_NAMES = """
    head script style noscript template svg img br hr wbr input select button textarea option iframe object nav header
    footer
"""
_SILENT = frozenset(_SILENT_NAMES.split())
_SILENT_ROLES = frozenset(("navigation", "banner", "contentinfo", "search", "menu", "menubar"))
_HEADINGS = frozenset(("h2", "h3", "h4", "h5", "h6", "caption", "legend", "summary"))
_INLINE_NAMES = """
    a abbr acronym b bdi bdo br cite code em font i label mark small span strong sub sup time u
"""
_INLINE = frozenset(_INLINE_NAMES.split())
_LINE = re.compile(rf"([^:：]{{1,{_LONGEST}}}?)\s*(?::\s+|：\s*)(\S.*)")
_COLON = re.compile(r"\s*[:：]+\s*$")


class Label(NamedTuple):
    """A label, without its colon, and its value; the heading above, "" if there is none; and the characters of both."""

    name: str
    value: str
    heading: str = ""
    size: int = 0


Pair: TypeAlias = tuple[HtmlElement | str, ...]  # a label, and its values


def read_labels(root: HtmlElement) -> list[Label]:
    """The labels below an element, in its order, each name once.

    The name is the label; of a label that stands in several parts of the page, with the heading of its part before it.
    The values of one that repeats in its part are joined. Raises BadDocument when there are more than MOST_LABELS.
    """
    alive = list(root.iter())  # lxml's proxies: to let one go takes as long as the page is deep
    found = defaultdict[tuple[str, str], list[Label]](list)
    for number, each in enumerate(_labels(root, 0)):
        if number == MOST_LABELS:
            raise BadDocument(f"the page has more than {MOST_LABELS:,} labels: it is a list, not a page about one")
        found[each.name, each.heading].append(each)
    del alive
    parts, labels = Counter(name for name, _ in found), list[Label]()
    for (name, heading), same in found.items():
        whole = f"{heading} / {name}" if heading and parts[name] > 1 else name
        value = "; ".join(dict.fromkeys(one.value for one in same if one.value))
        labels.append(Label(whole, value, heading, sum(one.size for one in same)))
    return labels


def has_labels(table: HtmlElement, *, marked: bool) -> bool:
    """Whether a table is one of labels at the left, and values."""
    parts = list(_in_table(table, marked=marked))
    return sum(isinstance(part, tuple) for part in parts) * 2 > len(parts)


def _labels(root: HtmlElement, depth: int) -> Iterator[Label]:
    """The labels below an element, as they come."""
    heading, stack = "", list[HtmlElement | Pair]([root])
    while stack:
        item = stack.pop()
        if isinstance(item, tuple):
            yield from _read_pair(item, heading, depth)
            continue
        if item.tag in _HEADINGS:
            heading = clean(text_of(item))[:_LONGEST]
            continue
        # pairs of a label and its values are taken out of the children, all others are searched themselves
        if item.tag in ("dl", "table"):
            parts = list[HtmlElement | Pair](_in_list(item) if item.tag == "dl" else _in_table(item))
        else:
            lines = _lines(item)
            parts = list(lines if len(lines) > 1 else _in_children(item))
        stack.extend(reversed(parts))


def _read_pair(pair: Pair, heading: str, depth: int) -> Iterator[Label]:
    label, *values = pair
    name = _COLON.sub("", clean(_text(label)))
    inner = [
        within
        for value in values
        if depth < _DEEPEST and not isinstance(value, str) and len(value)
        for within in _labels(value, depth + 1)
    ]
    if inner:
        yield from (each._replace(name=f"{name} / {each.name}", heading=heading) for each in inner)
        return
    if any(next(value.iter("table"), None) is not None for value in values if not isinstance(value, str)):
        return  # a list of its own
    value = "; ".join(filter(None, map(clean, chain.from_iterable(map(_texts, values)))))
    yield Label(name, value, heading, len(name) + len(value))


def _texts(value: HtmlElement | str) -> Sequence[str]:
    """The text of a value; of one that is a list, those of its items."""
    items = [] if isinstance(value, str) else list(value.iterfind(".//li"))
    texts, whole = [text_of(item) for item in items], _text(value)
    return texts if "".join("".join(texts).split()) == "".join(whole.split()) else [whole]


def _text(part: HtmlElement | str) -> str:
    return part if isinstance(part, str) else text_of(part)


def _children(element: HtmlElement) -> list[HtmlElement]:
    """The child elements that may have text."""
    return [
        child
        for child in element
        if isinstance(child.tag, str) and child.tag not in _SILENT and child.get("role") not in _SILENT_ROLES
    ]


def _in_list(element: HtmlElement) -> Iterator[Pair]:
    """`dt` and `dd`, also where a <div> is around each pair."""
    pair = list[HtmlElement | str]()
    for part in chain.from_iterable([each] if each.tag in ("dt", "dd") else each for each in element):
        if part.tag == "dt":
            if len(pair) > 1:
                yield tuple(pair)
            pair = [part]
        elif part.tag == "dd" and pair:
            pair.append(part)
    if len(pair) > 1:
        yield tuple(pair)


def _in_table(table: HtmlElement, *, marked: bool = False) -> Iterator[HtmlElement | Pair]:
    """The rows of a table that has labels at the left; the cells of one that only serves the layout.

    A row that has only <th> is a heading: with others than labels below it, these are columns, which have no labels.
    With `marked`, only <th> and colons make a label.
    """
    rows = [[cell for cell in row if cell.tag in ("td", "th")] for row in find_own_rows(table)]
    body = [row for row in rows if len(row) < 2 or any(cell.tag == "td" for cell in row)]
    wide = [row for row in body if len(row) > 1][: MOST_LABELS + 1]
    if len(body) < len(rows) and not all(len(row) == 2 and row[0].tag == "th" for row in wide):
        return
    names = [row[0] for row in wide]
    plain = not marked and all(len(row) == 2 for row in wide) and all(map(_is_label, names))
    plain = plain and len(set(map(text_of, names))) == len(names) > 1
    yield from table.iterchildren("caption")
    for row in body:
        labels, values = row[::2], row[1::2]
        named = all(cell.tag == "th" for cell in labels) and all(cell.tag == "td" for cell in values)
        if len(labels) == len(values) and (named or plain or all(map(_ends_with_colon, labels))):
            yield from zip(labels, values, strict=True)
        elif len(row) > 1 and row[0].tag == "th" and all(cell.tag == "td" for cell in row[1:]):
            yield tuple(row)
        else:
            yield from row


def _lines(element: HtmlElement) -> list[Pair]:
    """The lines "Label: value" of an element without blocks in it, if these are most of its lines."""
    tags = (each.tag for each in islice(element.iterdescendants(), _MOST_LINES))
    if element.tag in _INLINE or any(isinstance(tag, str) and tag not in _INLINE for tag in tags):
        return []
    lines = text_of(element).split("\n")
    found = [match.groups() for match in map(_LINE.fullmatch, lines) if match]
    return list(found) if len(found) * 2 >= len(lines) else []


def _in_children(element: HtmlElement) -> Iterator[HtmlElement | Pair]:
    """Labels and values that alternate, rows of a label and a value, and lines of their own."""
    children = _children(element)
    if len(children) > 2 and (pairs := _alternating(children)):
        yield from pairs
        return
    rows = [_alternating(_row(child)) or _lines(child) for child in children]
    alike = Counter(_kind(child) for child, row in zip(children, rows, strict=True) if row)
    for child, row in zip(children, rows, strict=True):
        label = row[0][0] if row else ""
        if row and (
            len(row) > 1 or alike[_kind(child)] > 1 or (not isinstance(label, str) and _ends_with_colon(label))
        ):
            yield from row
        else:
            yield child


def _row(element: HtmlElement) -> list[HtmlElement]:
    """The children of an element, or those of its only child."""
    for _ in range(_DEEPEST):
        if (element.text or "").strip() or element.tag in ("dl", "table", "ul", "ol", "tr", "tbody"):
            return []
        children = _children(element)
        if len(children) != 1:
            return children if not any((child.tail or "").strip() for child in element) else []
        element = children[0]
    return []


def _alternating(elements: Sequence[HtmlElement]) -> list[Pair]:
    """Elements that are in turn a label and its value: the labels of one kind, the values of others, or with colons."""
    labels, values = elements[::2], elements[1::2]
    if not values or len(labels) != len(values):
        return []
    kinds = set(map(_kind, labels))
    apart = len(kinds) == 1 and kinds.isdisjoint(map(_kind, values))
    if not all(map(_is_label, labels)) or not (apart or all(map(_ends_with_colon, labels))):
        return []
    if any(value.tag in _HEADINGS or value.tag == "h1" for value in values):
        return []
    return list(zip(labels, values, strict=True))


def _kind(element: HtmlElement) -> str:
    return f"{element.tag!s}.{next(iter((element.get('class') or '').split()), '')}"


def _is_label(element: HtmlElement) -> bool:
    """Whether an element may be a label: a short line with more letters than digits, that leads nowhere."""
    parts = list(islice(element.iter(), _MOST_PARTS + 1))  # before the text of what may be the whole page
    if len(parts) > _MOST_PARTS or any(part.tag == "a" and part.get("href") for part in parts):
        return False
    text = text_of(element)
    letters = sum(map(str.isalpha, text[: _LONGEST + 1]))
    return "\n" not in text and len(text) <= _LONGEST and letters > sum(map(str.isdigit, text))


def _ends_with_colon(element: HtmlElement) -> bool:
    return _is_label(element) and bool(_COLON.search(text_of(element)))
