"""Proposals for an HTML page: its tables, and the elements that repeat on it."""

import math
from collections.abc import Iterator
from datetime import datetime
from functools import partial
from typing import Any

from lxml.html import HtmlElement

from sources import Page, SourceError
from sources.errors import BadDocument
from sources.formats.html import text_of
from sources.formats.labels import has_labels, read_labels
from sources.formats.tables import HtmlTable, find_own_rows, find_table, read_table
from sources.text import headline
from watcher.propose import looks
from watcher.propose.html_groups import Group, Pointed, TextOutline, groups, score
from watcher.propose.html_parts import parts, selectors_of
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
    covered = min(1.0, sum(label.size for label in short) / outline.content)
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
