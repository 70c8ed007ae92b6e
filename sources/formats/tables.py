"""HTML tables as displayed: every cell in its column, with spans, nesting and repeated headings resolved.

A table is parsed in three steps: its own rows, section by section; a grid, in which a cell fills every place that it
spans; then headings and records, by position and not by markup, since half of all pages have no <thead>, and some no
<th>.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from copy import deepcopy
from dataclasses import dataclass
from functools import lru_cache
from html import unescape
from itertools import groupby, takewhile

from lxml import etree
from lxml.html import HtmlElement

from sources.errors import BadDocument, NotFound
from sources.formats.delimited import MOST_COLUMNS, unique_names
from sources.formats.download import Download
from sources.formats.html import text_of
from sources.formats.selectors import select
from sources.text import clean, clean_all, clean_lines, listing

_WIDEST, _LONGEST = 1000, 65534  # the limits of browsers for one cell's spans
_MOST_PLACES = 5_000_000  # spans could expand a small page without limit
_EMPTY_CELL = re.compile(r"<(t[dh])(?: [^<>]*)?/>")
_CELL_TEXT = re.compile(r"<t[dh](?: [^<>]*)?>([^<]*)<")
_HEADINGS = r"<tr(?: [^<>]*)?>\s*(?:<th(?: [^<>]*)?>[^<]*</th>\s*)+</tr>\s*"
_SIMPLE_HEAD = re.compile(
    rf"<table(?: [^<>]*)?>\s*(?:<thead(?: [^<>]*)?>\s*{_HEADINGS}</thead>\s*"
    rf"|(?P<body><tbody(?: [^<>]*)?>\s*)?{_HEADINGS})"
)
_SPAN = re.compile(r"\s*\+?(\d{1,9})")
_STYLE = "translate(concat(';', normalize-space(@style)), 'ABDEHILNOPSTVY ', 'abdehilnopstvy')"
_HIDDEN = etree.XPath(
    f"descendant::*[@hidden or contains({_STYLE}, ';display:none') or contains({_STYLE}, ';visibility:hidden')]"
)


@dataclass(frozen=True, slots=True)
class HtmlTable:
    """A table's columns and records.

    `headings` has one tuple per column: its headings from the top down, such as ("Dates", "from"). `rows` have one text
    per column, with the line breaks of the cell, "" where the row has no cell. `links` has the same shape, with the
    address of each cell's first link; it is empty where no cell has a link.
    """

    headings: Sequence[tuple[str, ...]]
    rows: Sequence[Sequence[str]]
    links: Sequence[Sequence[str]] = ()

    @property
    def columns(self) -> list[str]:
        """The columns' unique names: "Dates / from"; a second "Date" is "Date (2)", an empty one "column 3"."""
        return unique_names(" / ".join(parts) for parts in self.headings)


class _Cell:
    __slots__ = ("columns", "heading", "link", "rows", "text")

    def __init__(self, text: str, heading: bool, rows: int, columns: int, link: str) -> None:
        self.text, self.heading, self.rows, self.columns, self.link = text, heading, rows, columns, link


_NO_CELL = _Cell("", heading=False, rows=1, columns=1, link="")


@dataclass(frozen=True, slots=True, eq=False)
class _Line:
    """A row of the grid: the cell in each place, and the places where a cell begins."""

    section: str
    cells: Sequence[_Cell | None]
    begins: Sequence[int]

    @property
    def own(self) -> set[_Cell]:
        return {cell for cell in self.cells if cell}

    def is_empty(self) -> bool:
        return not any(cell.text for cell in self.cells if cell)

    def is_note(self) -> bool:
        """Whether one cell spans the table: a title, a remark, a section."""
        return len(self.begins) <= 1 and len(self.own) == 1 and any(cell.columns > 1 for cell in self.own)

    def is_heading(self) -> bool:
        return all(cell.heading for cell in self.cells if cell)

    def at(self, places: Iterable[int]) -> list[_Cell]:
        return [(self.cells[at] if at < len(self.cells) else None) or _NO_CELL for at in places]


def read_table(table: HtmlElement) -> HtmlTable:
    """Parse one table. Raises BadDocument when its spans make it too large.

    Left out are notes (one cell across several columns), headings repeated in the body, empty rows and the footer. The
    text of a nested table belongs to the cell around it, as displayed; its rows are not rows of this table.
    """
    markup = _markup(table)
    return read_simple_table(markup) or read_grid(_as_shown(table, markup))


def table_of(page: Download, css: str | None) -> HtmlTable:
    """As `read_table`, for the table of `find_table`. Raises the errors of both."""
    markup = find_markup(page, css)
    return read_simple_table(markup) or read_grid(_as_shown(find_table(page, css), markup))


def find_markup(page: Download, css: str | None) -> str:
    """The markup of the table of `find_table`. Raises its errors."""
    return page.once((find_markup, css), lambda: _markup(find_table(page, css)))


def _markup(table: HtmlElement) -> str:
    markup: str = etree.tostring(table, encoding="unicode", with_tail=False)
    return markup


def read_grid(table: HtmlElement) -> HtmlTable:
    """The general case of `read_table`: builds the grid."""
    lines = [line for line in _lines(table) if line.section != "tfoot" and not line.is_empty()]
    heads, body = _split([line for line in lines if not line.is_note()] or lines)
    # A place where no cell ever begins is no column: "colspan" is often larger than the table.
    places = sorted({at for line in (*heads, *body) for at in line.begins})
    above = [[cell.text for cell in line.at(places)] for line in heads]
    headings = [
        tuple(part for part, _ in groupby(filter(None, (clean(texts[at]) for texts in above))))
        for at in range(len(places))
    ]
    repeated = [*above, ["".join(parts[-1:]) for parts in headings]]
    found = []
    for line in body:
        cells = line.at(places)
        texts = [cell.text for cell in cells]
        if any(texts) and texts not in repeated:
            found.append(cells)
    used = [at for at, parts in enumerate(headings) if parts or any(cells[at].text for cells in found)]
    rows = [[cells[at].text for at in used] for cells in found]
    links = [[cells[at].link for at in used] for cells in found]
    return HtmlTable([headings[at] for at in used], rows, links if any(map(any, links)) else ())


def read_simple_table(markup: str) -> HtmlTable | None:
    """The simple case of `read_table`, from a table's markup, many times faster; None for any other table.

    Simple is one row of headings, then rows of as many cells, with text only.
    """
    if "span=" in markup:
        return None
    if "/>" in markup:
        markup = _EMPTY_CELL.sub(r"<\1></\1>", markup)
    head = _SIMPLE_HEAD.match(markup)
    names = _cell_texts(head[0]) if head else []
    if not head or not 2 <= len(names) <= MOST_COLUMNS or not any(names):
        return None
    inside, wide = bool(head["body"]), len(names)
    if not _simple_rows(wide, inside=inside).fullmatch(markup, head.end()):
        return None
    texts = _cell_texts(markup, head.end())
    rows = [texts[at : at + wide] for at in range(0, len(texts), wide)]
    rows = [row for row in rows if any(row) and row != names]
    if not rows:
        return None
    used = [at for at, name in enumerate(names) if name or any(row[at] for row in rows)]
    headings = [(names[at],) if names[at] else () for at in used]
    return HtmlTable(headings, rows if len(used) == wide else [[row[at] for at in used] for row in rows])


def _cell_texts(markup: str, start: int = 0) -> Sequence[str]:
    texts: list[str] = _CELL_TEXT.findall(markup, start)
    return clean_all(list(map(unescape, texts)) if markup.find("&", start) >= 0 else texts)


@lru_cache(maxsize=256)
def _simple_rows(columns: int, *, inside: bool) -> re.Pattern[str]:
    """The pattern of the rows after the headings of a simple table with so many columns; `inside` its <tbody>
    or not.
    """
    rows = rf"(?:<tr(?: [^<>]*)?>\s*(?:<td(?: [^<>]*)?>[^<]*</td>\s*){{{columns}}}</tr>\s*)*"
    body = rf"{rows}</tbody>\s*" if inside else rf"(?:<tbody(?: [^<>]*)?>\s*{rows}</tbody>\s*|{rows})"
    return re.compile(f"{body}</table>")


def _as_shown(table: HtmlElement, markup: str) -> HtmlElement:
    """The table without what its cells hide beside what they show: a key by which a script sorts the rows, a menu."""
    lower = markup.lower()  # few tables have the words: they are found in less than a hundredth of the reading
    if ("hidden" in lower or "none" in lower) and _HIDDEN(table):
        table = deepcopy(table)
        for cell in {next(each.iterancestors("td", "table"), table) for each in _HIDDEN(table)}:
            if cell.tag == "td":
                shown = deepcopy(cell)
                for each in _HIDDEN(shown):
                    each.drop_tree()
                if text_of(shown):
                    cell.text, cell[:] = shown.text, shown[:]
    return table


def find_own_rows(table: HtmlElement) -> Iterator[HtmlElement]:
    """The table's rows without those of nested tables, also where the markup is malformed."""
    return (row for row in table.iter("tr") if next(row.iterancestors("table"), None) is table)


def _lines(table: HtmlElement) -> Iterator[_Line]:
    room = _MOST_PLACES
    for section, rows in groupby(find_own_rows(table), key=lambda row: row.getparent()):
        for line in _expand(section.tag, list(rows)):
            room -= len(line.cells)
            if room < 0:
                raise BadDocument(f"a table's cells span more than {_MOST_PLACES:,} places: choose another table")
            yield line


def _expand(section: str, rows: Sequence[HtmlElement]) -> Iterator[_Line]:
    """The rows of one section, with each cell in all places that it spans; no cell spans beyond its section."""
    # By place: the cell from above, and the number of further rows it covers.
    spanning: dict[int, tuple[_Cell, int]] = {}
    for number, row in enumerate(rows):
        own = [_cell(element, len(rows) - number) for element in row.iterchildren("td", "th")]
        if not spanning and len(own) <= MOST_COLUMNS and all(cell.rows == cell.columns == 1 for cell in own):
            yield _Line(section, own, range(len(own)))
            continue
        cells: list[_Cell | None] = []
        begins: list[int] = []
        hung, spanning = spanning, {at: (cell, more - 1) for at, (cell, more) in spanning.items() if more > 1}
        for cell in own:
            while len(cells) in hung:
                cells.append(hung[len(cells)][0])
            begins.append(len(cells))
            if len(cells) + cell.columns > MOST_COLUMNS:
                raise BadDocument(f"a row of a table spans more than {MOST_COLUMNS:,} columns: choose another table")
            if cell.rows > 1:
                spanning.update((len(cells) + step, (cell, cell.rows - 1)) for step in range(cell.columns))
            cells.extend([cell] * cell.columns)
        cells.extend([None] * (max(hung, default=-1) + 1 - len(cells)))
        for at, (cell, _) in hung.items():
            cells[at] = cells[at] or cell
        yield _Line(section, cells, begins)


def _cell(element: HtmlElement, rows_left: int) -> _Cell:
    columns = rows = 1
    if wide := element.get("colspan"):
        columns = min(max(_span(wide), 1), _WIDEST)
    if tall := element.get("rowspan"):
        rows = min(_span(tall) or rows_left, rows_left, _LONGEST)  # 0: to the end of the section
    text = clean_lines(text_of(element)) if len(element) else clean(element.text or "")
    if not text:  # a green tick is often the only "yes"
        pictures = (picture.get("alt") or picture.get("title") for picture in element.iter("img", "i", "svg", "span"))
        text = clean(" ".join(filter(None, pictures)))
    link = next((href for anchor in element.iter("a") if (href := anchor.get("href"))), "") if len(element) else ""
    return _Cell(text, element.tag == "th", rows, columns, link)


def _span(value: str) -> int:
    match = _SPAN.match(value)
    return int(match[1]) if match else 1


def _split(lines: Sequence[_Line]) -> tuple[Sequence[_Line], Sequence[_Line]]:
    """The heading rows and the records.

    Without <thead>, rows of <th> are headings, else the first row with more than one cell.
    """
    heads = list(takewhile(lambda line: line.section == "thead", lines))
    if not heads:
        widest = max((len(line.begins) for line in lines), default=0)
        start = next((at for at, line in enumerate(lines) if len(line.begins) > 1 or widest < 2), 0)
        lines = lines[start:]
        marked = len(list(takewhile(_Line.is_heading, lines)))
        heads = list(lines[: max(marked if marked < len(lines) else 1, _depth(lines))])
    body = [line for line in lines[len(heads) :] if line.section != "thead"]
    return heads, [line for line in body if not line.is_heading()] or body


def _depth(lines: Sequence[_Line]) -> int:
    """The number of heading rows, by the spans in the first of them."""
    if len(lines) < 2 or not any(cell.columns > 1 for cell in lines[0].own):
        return 1
    first, second = lines[:2]
    deepest = max(cell.rows for cell in first.own)
    if deepest > 1 and any(cell.rows == 1 for cell in first.own):
        return min(deepest, len(lines))
    # No span decides, but if the second row has texts only below headings that span columns, these are sub-headings.
    under = zip(first.cells, second.cells, strict=False)
    return 1 if any(head and cell and cell.text and head.columns == 1 for head, cell in under) else 2


def find_table(page: Download, css: str | None) -> HtmlElement:
    """The table that `css` selects, by itself or by an ancestor; without `css`, the table with most rows.

    Raises NotFound, which lists the existing tables, and BadDocument when the page was truncated.
    """
    tables = list(page.html.iter("table"))
    if css:
        found = next((table for match in select(page.html, css) for table in match.iter("table")), None)
    else:
        found = max(tables, key=_rows_of(page).__getitem__) if len(tables) > 1 else next(iter(tables), None)
    if found is None:
        what = f"nothing that matches {css!r}" if css else "no table"
        rows = _rows_of(page)
        seen = listing(f"{_label(table)} ({rows[table]} rows)" for table in tables)
        raise NotFound(f"{page.url} has {what}; the tables seen: {seen}")
    check_whole(page)
    return found


def check_whole(page: Download) -> None:
    """Raise BadDocument when the page ends inside its last table: its missing rows were not removed."""
    begins = max(page.text.rfind("<table"), page.text.rfind("<TABLE"))
    tail = page.text[begins:].lower()
    if begins >= 0 and not any(end in tail for end in ("</table", "</body", "</html")):
        raise BadDocument(f"{page.url} ends in the middle of a table: the answer was cut off")


def _rows_of(page: Download) -> Counter[HtmlElement | None]:
    """The number of rows of each table."""
    return Counter(next(row.iterancestors("table"), None) for row in page.html.iter("tr"))


def _label(table: HtmlElement) -> str:
    name = table.get("id")
    return "table" + (f"#{name}" if name else "") + "".join(f".{part}" for part in (table.get("class") or "").split())
