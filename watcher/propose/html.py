"""Proposals for an HTML page: its tables, and the elements that repeat on it, with their parts: title, link and date,
and other parts that differ between them.

CSS selectors find an element again, also after the page has grown.
"""

import math
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from functools import partial
from typing import Any

from lxml.html import HtmlElement

from sources import Page, SourceError
from sources.errors import BadDocument
from sources.formats.html import text_of
from sources.formats.labels import has_labels, read_labels
from sources.formats.selectors import class_names, css_tag, select
from sources.formats.tables import HtmlTable, find_own_rows, find_table, read_table
from sources.text import clean, headline
from watcher.propose import looks
from watcher.propose.html_groups import Group, Pointed, TextOutline, groups, looks_random, score
from watcher.propose.proposal import Proposal, Sketch, choose_key, propose_columns
from watcher.terminal.words import count

_NAMED_COLUMNS = 1.4  # factor for a table with headings: the fields have names
_HEADED = 0.3  # added for headings, however short the table is
_SHORTEST = 0.41  # the score of a table with one row: a register, if nothing else on the page is
_SECTIONS = 0.6  # factor for a table with rows that are headings of the rows below
_LONGEST_HEADING = 80
LEAST_SCORE = 0.4  # what scores less repeats, but is no register
_INSTEAD_OF_TEXT = 0.25  # score of a page about one that has much else on it
_FEWEST = 3  # labels of a page about one
_LONGEST_VALUE = 300  # characters of a label and its value: a longer one is a text
_MANY_VALUES, _ALIKE = 5, 0.6  # more values than these are of several forms, or they are a column


def propose_html(page: Page, _limit: int | None = None, pointed: Pointed = Pointed()) -> Iterator[Sketch]:  # noqa: B008 - frozen
    """All proposals for the page, unordered, whose entries may be those pointed at. Raises SourceError if it is not
    HTML.
    """
    outline = TextOutline(page.html)
    if record := _record(page, outline):
        yield record
    for table in page.html.iter("table"):
        is_of_labels = table not in outline.text or has_labels(table, marked=record is None)
        if not is_of_labels and (sketch := _table(page, outline, table, pointed)):
            yield sketch
    for group in groups(outline, pointed)[:8]:
        yield Sketch(group.score, partial(_list, group, page.fetched))


def _record(page: Page, outline: TextOutline) -> Sketch | None:
    """The labels on a page, if it is about one: most of its text is labels with short values, and these are of several
    kinds, while those of a column are alike.
    """
    try:
        labels = [label for label in read_labels(page.html) if label.value and any(map(str.isalpha, label.name))]
    except BadDocument:
        return None
    short = [label for label in labels if label.size < _LONGEST_VALUE]
    _, share = looks.common_shape([label.value for label in labels])
    numbered = sum(any(map(str.isdigit, label.name)) for label in labels)
    if len(short) < _FEWEST or numbered * 2 > len(labels) or (len(short) > _MANY_VALUES and share > _ALIKE):
        return None
    said, more = sum(label.size for label in short), len(labels) - len(short)
    if more >= _FEWEST and said * 2 < sum(label.size for label in labels):  # paragraphs that begin with a word in bold
        return None
    covered = min(1.0, said / outline.content)
    score = math.sqrt(covered) * len(short) / (len(short) + 3) * len(short) / len(labels)
    if score <= _INSTEAD_OF_TEXT:  # where nothing repeats, labels say more than the text
        return None
    what = f"a page about one, with {len(labels)} labels and their values"
    return Sketch(max(score, _SHORTEST + 0.01), partial(Proposal, "record", {}, what))


def _table(page: Page, outline: TextOutline, element: HtmlElement, pointed: Pointed) -> Sketch | None:
    """A table as the kind `table` would read it; None for one that only serves the layout, has no headings, or whose
    rows are not what is pointed at.
    """
    table = _headed_table(element)
    if table is None or not table.rows or len(table.columns) < 2 or not any(table.headings):
        return None
    columns = table.columns
    rows = [row for row in find_own_rows(element) if row in outline.text][-len(table.rows) :]
    if not pointed.admits(rows):
        return None
    values = {name: [row[at] for row in table.rows] for at, name in enumerate(columns)}
    filled = sum(map(looks.filled_share, values.values())) / len(values)
    named = sum(map(bool, table.headings)) / len(columns)
    value = score(outline, rows, named=True) * _NAMED_COLUMNS * (0.5 + 0.5 * filled) + _HEADED * named * filled
    if _is_marked(element) and len(columns) > 2 and not outline.is_furniture(element):
        value = max(value, _SHORTEST)
    if any(row[0] and sum(map(bool, row)) < 2 < len(columns) for row in table.rows):
        value *= _SECTIONS  # the kind `list` can leave them out
    what = f"a table of {len(table.rows)} rows and {len(values)} columns"
    return Sketch(value, lambda: propose_columns("table", _which_table(page, element, table), what, values))


def headings_are_data(table: HtmlTable, *, marked: bool = False) -> bool:
    """Whether the first record was taken for headings, as there are none: it has the same form as the others.

    Headings `marked` as such must look more like data than others.
    """
    columns = [[row[at] for row in table.rows] for at in range(len(table.headings))]
    for heading, values in zip(("".join(levels[-1:]) for levels in table.headings), columns, strict=True):
        (common, share), shape = looks.common_shape(values), looks.shape(heading)
        alike = (shape == common and share > 0.5) or (not marked and shape in set(map(looks.shape, values)))
        is_value = len(heading) > 2 * _LONGEST_HEADING or looks.is_date(heading)
        repeats = len(values) > 1 and values.count(heading) * 2 > len(values)
        if heading and (is_value or repeats or (alike and any(map(str.isdigit, heading)))):
            return True
    return False


def _which_table(page: Page, element: HtmlElement, table: HtmlTable) -> dict[str, Any]:
    """The option `table`, unless the kind finds the table without it: CSS whose first match has it as its first one."""
    if find_table(page, None) is element:
        return {}
    heading = next((levels[-1] for levels in table.headings if levels and len(levels[-1]) < _LONGEST_HEADING), "")
    *named, place = selectors_of(element)
    if heading and '"' not in heading and "\\" not in heading:
        named += [f'{css}:has(th:contains("{heading}"))' for css in (*named, "table")]
    for css in (*named, place):
        if next((inner for match in page.html.cssselect(css) for inner in match.iter("table")), None) is element:
            return {"table": css}
    return {}


def headings_of(row: HtmlElement) -> list[str]:
    """The names of a table row's cells; none if the table has no headings, or the row does not match them."""
    around = next(row.iterancestors("table"), None) if row.tag == "tr" else None
    table = None if around is None else _headed_table(around)
    return table.columns if table and len(table.columns) == len(row) else []


def _headed_table(element: HtmlElement) -> HtmlTable | None:
    """A table with headings; None for one without, or that cannot be read."""
    try:
        table = read_table(element)
    except SourceError:
        return None
    return None if headings_are_data(table, marked=_is_marked(element)) else table


def _is_marked(table: HtmlElement) -> bool:
    return next(table.iter("th", "thead"), None) is not None


def _list(group: Group, now: datetime) -> Proposal | None:
    """A group as the kind `list` would read it."""
    css, items, left_out = group.css, group.items, list(group.left_out)
    headings = headings_of(items[0])
    found, values = parts(items, headings, now)
    link = found.get("link", "")
    if items[0].tag == "tr" and "@" in link and not all(values[link]):
        # Rows without a link where the others have theirs are not entries.
        cell = link.partition("@")[0]
        css = f"{css.removesuffix(':has(a[href])')}:has({cell}[href])"
        linked = list(zip(items, values[link], strict=True))
        left_out = [item for item, address in linked if not address] + left_out
        items = [item for item, address in linked if address]
        found, values = parts(items, headings, now)
    key = choose_key(values, most=1)
    if not key:
        return None
    options = {"item": css}
    options |= {"listing": "complete"} if headings else {}  # the rows of a table with names are a register
    options |= found | ({"key": key[0]} if key != (found.get("link"),) else {})
    first = f"such as “{headline(text_of(left_out[0]))}”" if left_out else ""
    said = f"{count(len(left_out), 'element')} without a link left out, {first}" if left_out else ""
    return Proposal("list", options, f"{len(items)} elements {css}", key, values).adding({}, said)


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
_NAMES = {"a": "link text", "p": "text", "li": "point", "dt": "term", "dd": "description", "time": "date", "*": "text"}


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
        if name == "id" or re.fullmatch(r"data-[\w.-]+", name):
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
    named = next((f"{css_tag(element)}.{token}" for token in class_names(element) if not looks_random(token)), None)
    parent = element.getparent()
    if named or parent is None:
        return named or css_tag(element)
    cell = element.tag in ("td", "th")
    at = _nth_child(element) if cell else _nth_of_type(element)
    own = f"{css_tag(element)}{at}"
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
        yield f"{css_tag(element)}#{own}"
    yield from (f"{css_tag(element)}.{token}" for token in class_names(element) if not looks_random(token))
    yield path(element)


def path(element: HtmlElement) -> str:
    """The path to an element from its nearest ancestor with an id, by positions among siblings."""
    steps: list[str] = []
    for node in (element, *element.iterancestors()):
        own = _id(node)
        steps.append(f"#{own}" if own else f"{css_tag(node)}{_nth_of_type(node)}")
        if own or node.tag == "body":
            break
    return " > ".join(reversed(steps))


def _id(element: HtmlElement) -> str:
    """The id of an element, if it stays the same and needs no escaping in CSS; "" else."""
    own = element.get("id") or ""
    return own if own.isascii() and own.isidentifier() and not looks_random(own) else ""


def _nth_child(node: HtmlElement) -> str:
    return f":nth-child({len(list(node.itersiblings('*', preceding=True))) + 1})"


def _nth_of_type(node: HtmlElement) -> str:
    """ ":nth-of-type(2)" for the second of several siblings of one tag; "" if there is only one."""
    if (tag := css_tag(node)) == "*":
        return _nth_child(node)
    before = len(list(node.itersiblings(tag, preceding=True)))
    only = not before and next(node.itersiblings(tag), None) is None
    return "" if only else f":nth-of-type({before + 1})"
