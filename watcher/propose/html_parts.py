"""The parts of the elements that repeat: title, link and date, and other parts that differ between them.

CSS selectors find an element again, also after the page has grown.
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from lxml.html import HtmlElement

from sources.formats.html import text_of
from sources.formats.selectors import class_names, select
from sources.text import clean
from watcher.propose import looks
from watcher.propose.html_groups import looks_random

_SAMPLE = 40  # items that are searched for parts
_MOST = 12  # most fields of an entry
_COMMON = 0.3  # least share of the items that have a part
_INLINE = frozenset(("b", "br", "em", "font", "i", "img", "mark", "small", "strong", "sub", "sup", "u", "wbr"))
_SILENT = ("script", "style", "button", "svg")
_TITLED = re.compile(r"title|name|headline|heading|subject|caption", re.IGNORECASE)
_NO_LINK = re.compile(r"#|javascript:|mailto:|tel:", re.IGNORECASE)
_COUNTED = re.compile(r"view|like|count|share|vote|reaction|comment|hit", re.IGNORECASE)
_ELSEWHERE = 0.3  # share of a table's rows with their link in another cell than the rest: they are headings or notes
_UNTOLD = 20  # characters in no part: from then on the whole text is a field of its own
_NAMES = {"a": "link text", "p": "text", "li": "point", "dt": "term", "dd": "description", "time": "date"}


def parts(
    items: Sequence[HtmlElement], headings: Sequence[str], now: datetime
) -> tuple[dict[str, Any], dict[str, Sequence[str]]]:
    """The parts of the items of a group: their places (CSS below an item, `css@attribute`) as options of the kind
    `list`, and the values at each place, by item. `headings` are the names of table cells.
    """
    values = dict[str, Sequence[str]]()
    for place in _places(items):
        texts = texts_at(items, place)
        there = [text for text in texts if text]
        varies = len(set(there)) > 1 or (len(there) == 1 and len(texts) < 3)
        if varies and texts not in values.values():  # each different column once, under its outermost place
            values[place] = texts
    link = _link(items)
    title = _title(values, link)
    published = _find_published(items, values, headings, now)
    dates = texts_at(items, published.partition("@")[0]) if published else []
    fields: dict[str, str] = {}
    for place, column in values.items():
        same = sum(map(str.__eq__, column, values.get(title, ())))
        repeats = column == dates or same > 0.9 * len(column)
        counts = bool(_COUNTED.search(place)) and looks.share(column, looks.is_count) > 0.8  # changes at every load
        if not repeats and not counts and len(fields) < _MOST:
            name = field_name(place, column, headings)
            numbered = (f"{name} {number}" for number in range(2, len(fields) + 3))
            fields[next(each for each in (name, *numbered) if each not in fields)] = place
    whole = texts_at(items, ".")
    said = looks.mean_length(values.get(title, ())) + sum(looks.mean_length(values[at]) for at in fields.values())
    if title != "." and looks.mean_length(whole) > said + _UNTOLD:
        fields["all"] = "."
        values["."] = whole
    columns: dict[str, Sequence[str]] = {title: texts_at(items, title)}
    columns |= {place: values[place] for place in fields.values()}
    if link:
        columns[link] = texts_at(items, link)
    # the attributes of an item that identify it: its id, its data-..., if all items have different ones
    for name in items[0].keys():  # noqa: SIM118 - no mapping
        if name == "id" or name.startswith("data-"):
            own = texts_at(items, f"@{name}")
            if all(own) and looks.distinct(own) == 1 and looks.mean_length(own) < 64:
                columns[f"@{name}"] = own
    options = {"title": "" if title == "." else title, "link": link, "published": published, "fields": fields}
    return {name: place for name, place in options.items() if place}, columns


def texts_at(items: Sequence[HtmlElement], place: str) -> list[str]:
    """The text of the first element at a place in each item, or its attribute (`css@attribute`); "" if there is none.
    The item itself is at "" and ".".
    """
    css, is_attribute, name = place.partition("@")
    texts = list[str]()
    for item in items:
        found = item if css in ("", ".") else next((each for each in select(item, css) if each is not item), None)
        text = "" if found is None else found.get(name) or "" if is_attribute else text_of(found)
        texts.append(clean(text))
    return texts


def _places(items: Sequence[HtmlElement]) -> list[str]:
    """The places below an item that have text of their own, in document order."""
    sample = items[:: max(1, len(items) // _SAMPLE)]
    seen: Counter[str] = Counter()
    for item in sample:
        found = dict.fromkeys(place_in(item, element) for element in item.iterdescendants() if _tells(element))
        seen.update(found.keys())
    often = [place for place, times in seen.items() if times >= max(1, _COMMON * len(sample))]
    return often[: 3 * _MOST]


def _tells(element: HtmlElement) -> bool:
    if not isinstance(element.tag, str) or element.tag in _INLINE or element.tag in _SILENT:
        return False
    own = [element.text, *(child.tail for child in element)]
    inline = len(element) > 0 and all(child.tag in _INLINE for child in element if isinstance(child.tag, str))
    return element.tag in ("td", "th") or any(text and text.strip() for text in own) or inline


def place_in(item: HtmlElement, element: HtmlElement) -> str:
    """The CSS of an element below its item: by class if it has one, else by tag and position."""
    named = next((f"{element.tag!s}.{token}" for token in class_names(element) if not looks_random(token)), None)
    parent = element.getparent()
    if named or parent is None:
        return named or str(element.tag)
    cell = element.tag in ("td", "th")
    at = f":nth-child({parent.index(element) + 1})" if cell else nth_of_type(element)
    own = f"{element.tag!s}{at}"
    return own if parent is item else f"{place_in(item, parent)} > {own}"


def _link(items: Sequence[HtmlElement]) -> str | None:
    """The link that most items have and fewest share."""
    if items[0].tag == "a":
        places = ["@href"]
    else:
        sample = items[:: max(1, len(items) // _SAMPLE)]
        seen = Counter(place_in(item, link) for item in sample for link in item.iter("a") if link.get("href"))
        places = [f"{place}@href" for place, _ in seen.most_common(_MOST)] + ["a@href"]
    best, value = None, 0.3
    for place in places:
        found = [href for href in texts_at(items, place) if href and not _NO_LINK.match(href)]
        worth = len(set(found)) / len(items)
        if worth > value + (_ELSEWHERE if best and items[0].tag == "tr" else 0.05):
            best, value = place, worth
    return best


def _title(values: Mapping[str, Sequence[str]], link: str | None) -> str:
    """The place of the title: a heading, an element named so, the text of the link, a name; else all text."""

    def worth(place: str) -> float:
        texts = values[place]
        last = place.rpartition("> ")[2]
        length = looks.mean_length(texts)
        value = looks.filled_share(texts) * (0.2 + 0.8 * looks.distinct(texts)) + min(length, 60) / 200
        value += 0.6 if re.match(r"h[1-6]\b", last) else 0
        value += 0.35 if _TITLED.search(last) else 0
        value += 0.3 if link and place == link.rpartition("@")[0] else 0
        no_name = any(looks.share(texts, test) > 0.5 for test in (looks.is_date, looks.is_clock, looks.is_count))
        return value - (0.6 if no_name else 0) - (0.6 if length > 300 else 0)

    usable = [place for place, texts in values.items() if looks.filled_share(texts) > 0.8]
    return max(usable, key=worth, default=".")


def _find_published(
    items: Sequence[HtmlElement], values: Mapping[str, Sequence[str]], headings: Sequence[str], now: datetime
) -> str | None:
    """The place of the publication date: the `datetime` of a <time>, or a part named so; never a future date."""
    stamped = texts_at(items, "time[datetime]@datetime")
    if looks.filled_share(stamped) > 0.8 and looks.are_days_past(stamped, now):
        return "time[datetime]@datetime"
    for place, texts in values.items():
        last, number = _last_step(place)
        # the heading of a cell, else the class or tag
        name = "".join(headings[number - 1 : number]) if number else re.sub(r":nth-of-type\(\d+\)", "", last)
        if looks.is_called_a_date(name) and looks.filled_share(texts) > 0.8 and looks.are_days_past(texts, now):
            return place
    return None


def _last_step(place: str) -> tuple[str, int]:
    """The last step to a place, and the number of the table cell that it is; 0 if it is none."""
    last = place.rpartition("> ")[2]
    cell = re.fullmatch(r"t[dh]:nth-child\((\d+)\)", last)
    return last, int(cell[1]) if cell else 0


def field_name(place: str, texts: Sequence[str], headings: Sequence[str]) -> str:
    """What a field is called: by the heading of its column, a date, its class, its tag."""
    last, number = _last_step(place)
    if number:
        return "".join(headings[number - 1 : number]) or f"column {number}"
    if looks.share(texts, looks.is_date) > 0.5:
        return "date"
    tag, _, token = last.partition(".")
    words = re.findall(r"[A-Z]?[a-z]+", token.partition(":")[0])[-2:]
    return " ".join(words).lower() or _NAMES.get(tag.partition(":")[0], tag.partition(":")[0])


def selectors_of(element: HtmlElement) -> Iterator[str]:
    """CSS that may find an element: by id, by class, at last by position, which what is inserted above changes."""
    if own := _id(element):
        yield f"{element.tag!s}#{own}"
    yield from (f"{element.tag!s}.{token}" for token in class_names(element) if not looks_random(token))
    yield path(element)


def path(element: HtmlElement) -> str:
    """The path to an element from its nearest ancestor with an id, by positions among siblings."""
    steps: list[str] = []
    for node in (element, *element.iterancestors()):
        own = _id(node)
        steps.append(f"#{own}" if own else f"{node.tag!s}{nth_of_type(node)}")
        if own or node.tag == "body":
            break
    return " > ".join(reversed(steps))


def _id(element: HtmlElement) -> str:
    """The id of an element, if it stays the same and needs no escaping in CSS; "" else."""
    own = element.get("id") or ""
    return own if own.isascii() and own.isidentifier() and not looks_random(own) else ""


def nth_of_type(node: HtmlElement) -> str:
    """ ":nth-of-type(2)" for the second of several siblings of one tag; "" if there is only one."""
    tag = str(node.tag)
    before = len(list(node.itersiblings(tag, preceding=True)))
    only = not before and next(node.itersiblings(tag), None) is None
    return "" if only else f":nth-of-type({before + 1})"
