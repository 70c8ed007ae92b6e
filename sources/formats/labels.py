"""The labels on a page about one, with their values: a firm's entry, a case, a notice.

A label and its value stand in one of four forms, whatever the page calls them: `dt` and `dd`; two cells of a table
without headings; two elements that alternate, by themselves or in rows; a line "Label: value". A value that has labels
itself is read as these, "Officer / Name". Menus, headers and footers do not count.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from itertools import chain, islice
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from sources.errors import BadDocument
from sources.formats.html import text_of
from sources.formats.tables import find_own_rows
from sources.text import clean

if TYPE_CHECKING:
    from lxml.html import HtmlElement

MOST_LABELS = 1000  # a page with more is a list
_LONGEST = 80  # characters of a label
_DEEPEST = 3  # labels within labels
_MOST_PARTS = 12  # elements in a label
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


Pair: TypeAlias = "tuple[HtmlElement | str, Sequence[HtmlElement | str]]"


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
    """Whether a table is one of labels at the left, and values; with `marked`, only <th> and colons make a label."""
    parts = list(_in_table(table, marked=marked))
    return sum(isinstance(part, tuple) for part in parts) * 2 > len(parts)


def _labels(root: HtmlElement, depth: int) -> Iterator[Label]:
    """The labels below an element, as they come."""
    heading, stack = "", list["HtmlElement | Pair"]([root])
    while stack:
        item = stack.pop()
        if isinstance(item, tuple):
            yield from _read_pair(item, heading, depth)
            continue
        if item.tag in _HEADINGS:
            heading = clean(text_of(item))[:_LONGEST]
            continue
        # those with a label are taken out of the children, all others are searched themselves
        stack.extend(reversed(list(_split(item))))


def _read_pair(pair: Pair, heading: str, depth: int) -> Iterator[Label]:
    label, values = pair
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
    value = "; ".join(filter(None, (clean(_text(each)) for each in values)))
    yield Label(name, value, heading, len(name) + len(value))


def _text(part: HtmlElement | str) -> str:
    return part if isinstance(part, str) else text_of(part)


def _split(element: HtmlElement) -> Iterator[HtmlElement | Pair]:
    """The parts of an element: pairs of a label and its values, and elements to search further."""
    if element.tag == "dl":
        yield from _in_list(element)
    elif element.tag == "table":
        yield from _in_table(element)
    elif lines := _in_lines(element):
        yield from lines
    else:
        yield from _in_children(element)


def _children(element: HtmlElement) -> list[HtmlElement]:
    """The child elements that may have text."""
    return [
        child
        for child in element
        if isinstance(child.tag, str) and child.tag not in _SILENT and child.get("role") not in _SILENT_ROLES
    ]


def _in_list(element: HtmlElement) -> Iterator[Pair]:
    """`dt` and `dd`, also where a <div> is around each pair."""
    label, values = None, list["HtmlElement | str"]()
    for part in chain.from_iterable([each] if each.tag in ("dt", "dd") else each for each in element):
        if part.tag == "dd":
            values.append(part)
        elif part.tag == "dt":
            if label is not None and values:
                yield label, values
            label, values = part, []
    if label is not None and values:
        yield label, values


def _in_table(table: HtmlElement, *, marked: bool = False) -> Iterator[HtmlElement | Pair]:
    """The rows of a table that has labels at the left; the cells of one that only serves the layout.

    A row that has only <th> is a heading: with others than labels below it, these are columns, which have no labels.
    """
    rows = [row for row in ([c for c in r if c.tag in ("td", "th")] for r in find_own_rows(table)) if row]
    headed = any(len(row) > 1 and all(cell.tag == "th" for cell in row) for row in rows)
    rows = [row for row in rows if not (len(row) > 1 and all(cell.tag == "th" for cell in row))]
    wide = [row for row in rows if len(row) > 1]
    led = [row[0].tag == "th" and all(cell.tag == "td" for cell in row[1::2]) for row in wide]
    if headed and not all(led[:MOST_LABELS]):
        return
    if headed and any(len(row) > 2 for row in wide):
        return
    first = [row[0] for row in wide[: MOST_LABELS + 1]]
    plain = (
        not marked
        and all(len(row) == 2 and row[0].tag == row[1].tag == "td" for row in wide)
        and all(map(_is_label, first))
    )
    plain = plain and len(set(map(text_of, first))) == len(first) > 1
    yield from table.iterchildren("caption")
    for row, is_led in zip(rows, _follow(rows, led), strict=True):
        if is_led and len(row) % 2 == 0 and all(cell.tag == "th" for cell in row[::2]):
            yield from ((label, [value]) for label, value in zip(row[::2], row[1::2], strict=True))
        elif is_led:
            yield row[0], row[1:]
        elif len(row) > 1 and len(row) % 2 == 0 and (plain or all(map(_ends_with_colon, row[::2]))):
            yield from ((label, [value]) for label, value in zip(row[::2], row[1::2], strict=True))
        else:
            yield from row


def _follow(rows: Sequence[Sequence[HtmlElement]], led: Sequence[bool]) -> Iterator[bool]:
    """For each row whether it has a label in <th>; `led` says so of those with several cells."""
    told = iter(led)
    return (len(row) > 1 and next(told) for row in rows)


def _in_lines(element: HtmlElement) -> list[HtmlElement | Pair]:
    """The lines "Label: value" of an element without blocks in it, if at least two are such, and most of all."""
    if element.tag in _INLINE or any(isinstance(each.tag, str) and each.tag not in _INLINE for each in element):
        return []
    lines = text_of(element).split("\n")
    found = [match for match in map(_LINE.fullmatch, lines) if match]
    if len(found) < 2 or len(found) * 2 < len(lines):
        return []
    return [(match[1], [match[2]]) for match in found]


def _in_children(element: HtmlElement) -> Iterator[HtmlElement | Pair]:
    """Labels and values that alternate, rows of a label and a value, and lines of their own."""
    children = _children(element)
    if len(children) > 2 and (pairs := _alternating(children)):
        yield from pairs
        return
    rows = [_alternating(_row(child)) or _line(child) for child in children]
    alike = defaultdict[str, int](int)
    for child, row in zip(children, rows, strict=True):
        alike[_kind(child)] += bool(row)
    for child, row in zip(children, rows, strict=True):
        if row and (alike[_kind(child)] > 1 or (not isinstance(row[0][0], str) and _ends_with_colon(row[0][0]))):
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


def _line(element: HtmlElement) -> list[Pair]:
    """The only line of an element, if it is "Label: value"."""
    if element.tag in _INLINE or len(element) > 2 * _DEEPEST:
        return []
    if any(isinstance(each.tag, str) and each.tag not in _INLINE for each in element.iterdescendants()):
        return []
    match = _LINE.fullmatch(text_of(element))
    return [(match[1], [match[2]])] if match else []


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
    return [(label, [value]) for label, value in zip(labels, values, strict=True)]


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
