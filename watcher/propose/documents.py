"""Proposals for documents other than HTML, and for pages that have a kind of their own.

Each function gives sketches for a page (unordered), of which at most `limit` bytes are unpacked. They raise SourceError
if the page cannot be read as such a document.
"""

import csv
import json
import math
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from functools import partial
from itertools import islice
from typing import Any
from urllib.parse import urljoin, urlsplit

from lxml.etree import XMLSyntaxError

from sources import Get, Page, Source, SourceError, WrongContent
from sources.formats.archives import open_content
from sources.formats.decode import name_binary
from sources.formats.delimited import unique_names
from sources.formats.feeds import read_feed
from sources.formats.json_paths import json_lines
from sources.formats.pdf import read_tables
from sources.formats.tables import HtmlTable
from sources.formats.workbooks import is_packed_excel, read_rows
from sources.formats.xml import Batch, ElementPath, elements, paths_seen
from sources.loader import kinds
from sources.pagination.json_pager import path_of
from sources.reading import pool
from sources.reading.placement import job
from sources.reading.pool import Doing
from sources.text import clean, value_text
from watcher.propose import looks
from watcher.propose.html import headings_are_data
from watcher.propose.proposal import Proposal, Sketch, count_shared, propose_columns

_SURE, _FEED, _ROWS, _PDF = 5.0, 3.0, 2.5, 2.0  # scores
_FEED_TYPES = ("application/rss+xml", "application/atom+xml", "application/feed+json", "application/rdf+xml")
_MOST_ROWS = 3000  # rows of a file, or lines of a text, to look at
_MOST_ELEMENTS = 1500  # elements of an XML document to look at
_SIGNS = ",;\t|"
_MOST_LINES_ABOVE = 10  # lines of notes above the rows of a text
_MOST_ROWS_ABOVE = 30  # rows of titles and notes above the headings of a sheet
_XML = re.compile(rb"(\xef\xbb\xbf)?\s*<(?!!doctype html|html\b)", re.IGNORECASE)


def propose_own_kind(page: Page, _limit: int | None) -> Iterator[Sketch]:
    """Every kind with this address as its own: it reads its site better than a generic kind."""
    for name, model in kinds().items():
        # no options, or its one required option from the path
        needed = [field for field, about in model.model_fields.items() if about.is_required()]
        given: list[dict[str, Any]] = [] if needed else [{}]
        if len(needed) == 1 and needed != ["url"]:
            given = [{needed[0]: part} for part in urlsplit(page.get.url).path.split("/") if part]
        for options in given:
            if _requests(model, options, page.get.url):
                what = f"a page that the kind {name} was made for"
                yield Sketch(_SURE, partial(Proposal, name, options, what, own_address=True))


def _requests(model: type[Source], options: Mapping[str, Any], address: str) -> bool:
    """Whether a kind requests that page of a site; the path may be shorter than the kind's, as people write it.

    A query that differs from the kind's requests something else.
    """
    try:
        own = model.model_validate(options).start().url
    except (NotImplementedError, ValueError):  # one of pydantic's, too
        return False
    one, other = urlsplit(own), urlsplit(address)
    if other.query not in ("", one.query):
        return False
    steps, asked = (part.path.strip("/").split("/") for part in (one, other))
    return bool(own) and one.hostname == other.hostname and asked[-1] in ("", steps[-1]) and set(asked) <= {*steps, ""}


def propose_feed(page: Page, _limit: int | None) -> Iterator[Sketch]:
    """The feed."""
    items = read_feed(page)
    columns = {name: [getattr(item, name) for item in items] for name in ("id", "link", "title")}
    columns["author"] = [item.fields.get("author", "") for item in items]
    columns["published"] = [item.published.isoformat() if item.published else "" for item in items]
    columns["text"] = [item.text for item in items]
    columns = {name: values for name, values in columns.items() if any(values)}

    def work_out() -> Proposal:
        usual = next(name for name in columns if all(columns[name]) or name in ("title", "text"))
        # with the id in the key, a later item of the same title is another entry
        keys = [[usual], *([usual, name] for name in columns if name != usual)]
        names = min(keys, key=partial(count_shared, columns))
        options: dict[str, Any] = {"key": names} if len(names) > 1 else {}
        return Proposal("feed", options, f"a feed of {len(items)} items", names, columns)

    if items and columns:
        yield Sketch(_FEED, work_out)


def linked_feeds(page: Page) -> list[str]:
    """The addresses of the feeds that a page links to."""
    try:
        links = list(page.html.iter("link"))
    except SourceError:
        return []
    feeds = [link for link in links if "alternate" in (link.get("rel") or "") and link.get("type") in _FEED_TYPES]
    return list(dict.fromkeys(urljoin(page.url, link.get("href", "").strip()) for link in feeds if link.get("href")))


def propose_delimited(page: Page, limit: int | None) -> Iterator[Sketch]:
    """The rows of a delimited text, also in a ZIP archive."""
    file = open_content(page, limit=limit)
    if name_binary(file.begins()) or re.match(rb"(\xef\xbb\xbf)?\s*[<{\[]", file.begins()):
        return
    with file.text() as text:
        lines = list(islice(text, _MOST_ROWS))
    # the delimiter that gives most lines, and some at least, the same number of values
    least, sign, width = 1 if page.content_type in ("text/csv", "text/tab-separated-values") else 5, "", 0
    for each in _SIGNS:
        widths = Counter(len(row) for row in csv.reader(lines, delimiter=each) if any(row))
        for size, times in widths.most_common(1):
            if times >= 0.8 * widths.total() and times >= least and size > width:
                sign, width = each, size

    def work_out() -> Proposal | None:
        rows = list(csv.reader(lines, delimiter=sign, skipinitialspace=True))
        above = next((at for at, row in enumerate(rows[:_MOST_LINES_ABOVE]) if len(row) == width), 0)
        columns, headed = _name_columns([[clean(value) for value in row] for row in rows[above:] if len(row) == width])
        # the kind finds the delimiter that gives the first line most values by itself
        others = (next(csv.reader([lines[above]], delimiter=other)) for other in _SIGNS if other != sign)
        plain = all(len(row) < len(rows[above]) for row in others)
        options: dict[str, Any] = {} if plain else {"delimiter": sign}
        if not headed:
            options |= {"columns": list(columns)} | ({"header": above} if above else {})
        elif above:
            options["header"] = above + 1
        made = propose_columns("csv", options, f"a text of rows with {width} columns", columns)
        # without headings, the lines of a text may look like rows
        uneven = any(len(row) < width or any(map(str.strip, row[width:])) for row in rows[above:] if any(row))
        said = "some rows have more or fewer values than there are columns: they are taken as they are (ragged)"
        return made.adding({"ragged": True}, said) if made and headed and uneven else made

    if width > 1:
        yield Sketch(_ROWS, work_out)


def propose_workbook(page: Page, limit: int | None) -> Iterator[Sketch]:
    """The rows of an Excel workbook's first sheet."""
    if not is_packed_excel(page):  # the size of others cannot be known before they are read
        return
    rows = [list(map(clean, row)) for row in islice(read_rows(page, None, limit), _MOST_ROWS)]
    widest = max((sum(map(bool, row)) for row in rows), default=0)
    above = next((at for at, row in enumerate(rows[:_MOST_ROWS_ABOVE]) if sum(map(bool, row)) > 0.7 * widest), None)

    def work_out() -> Proposal | None:
        below = rows[above or 0 :]
        width = max(at for at, name in enumerate(below[0], 1) if name)
        columns, headed = _name_columns([row[:width] for row in below])
        options = {"header_row": above + 1} if above else {}
        return propose_columns("xlsx", options, f"a sheet of rows with {width} columns", columns) if headed else None

    if widest > 1 and above is not None and len(rows) > above + 1:
        yield Sketch(_ROWS, work_out)


def _name_columns(rows: Sequence[Sequence[str]]) -> tuple[dict[str, list[str]], bool]:
    """The columns of rows of the same length, by names from the first row, unless that is a record like the others; and
    whether the names are from there.
    """
    head, body = rows[0], rows[1:] or rows
    headed = all(head[:-1]) and not headings_are_data(HtmlTable([(name,) if name else () for name in head], body))
    names = unique_names(list(head)) if headed else [f"column {at}" for at in range(1, len(head) + 1)]
    return {name: [row[at] for row in (body if headed else rows)] for at, name in enumerate(names)}, headed


def propose_xml(page: Page, limit: int | None) -> Iterator[Sketch]:
    """The repeated elements of an XML document other than a feed."""
    if page.content_type == "text/html":  # it may be valid XML, too
        return
    file = open_content(page, limit=limit)
    if not _XML.match(file.begins()):
        return
    try:
        seen = paths_seen(file)
    except XMLSyntaxError:
        return

    def work_out(path: str) -> Proposal | None:
        of_path = [ElementPath.compile(path, {})]
        found = Batch(list(islice(elements(file, of_path), _MOST_ELEMENTS))).members()
        names = list(dict.fromkeys(name for item in found for name in item))
        columns = {name: [item.get(name, "") for item in found] for name in names}
        made = propose_columns("xml", {"items": path}, f"XML elements {path}", columns)
        links = [name for name, values in columns.items() if looks.share(values, looks.is_link) > 0.9 and all(values)]
        title = made.options.get("title") if made else None
        optional = {"title": f"{title}?"} if title and not all(columns[title]) else {}
        return made and made.adding({**optional, **({"link": links[0]} if links else {})})

    most = max(seen.values(), default=0)
    for path, times in seen.items():
        below = {other for other in seen if other.rpartition("/")[0] == path}
        if times > 1 and below and "/" in path:
            rich = math.sqrt(min(1.0, len(below) / 6))  # least number of members that makes an XML element an entry
            score = 2 * rich * 0.8 ** path.count("/") * math.sqrt(times / most)
            yield Sketch(score, partial(work_out, path.partition("/")[2]))


def propose_pdf(page: Page, _limit: int | None) -> Iterator[Sketch]:
    """The text of a PDF file, and its first table. It is read in the process that reads pages."""

    def work_out() -> Proposal | None:
        whose = urlsplit(page.url).hostname or ""
        doing = Doing(f"looking for a table in {page.url}", "reader_too_slow", 20.0, whose)
        headings, *rows = json.loads(pool.ask(first_table, page.body, doing)) or [[]]
        columns = {name: [row[at] for row in rows] for at, name in enumerate(unique_names(headings))} if rows else {}
        return propose_columns("pdf_table", {}, f"a table in a PDF file, of {len(headings)} columns", columns)

    if page.body.startswith(b"%PDF-"):
        yield Sketch(_PDF + 0.1, work_out)
        what = 'a PDF file: its text, as one entry; kind = "pdf_table" with borders = false reads a table without lines'
        yield Sketch(_PDF, partial(Proposal, "pdf_text", {}, what))


@job
def first_table(document: bytes) -> bytes:
    """The rows of the first table with lines in a PDF file, as JSON; empty if there is none. Runs in the subprocess."""
    page = Page(Get(""), "", 200, {}, document, datetime.now(UTC))
    found = (table.rows for table in read_tables(page) if len(table.rows) > 1)
    return json.dumps(next(found, ())).encode()


_RICH_OBJECT = 8  # least number of members that makes an object an entry rather than a pair
_DAY_NAMES = ("publi", "posted", "filed", "issued", "date", "created", "time")


def propose_json(page: Page, _limit: int | None) -> Iterator[Sketch]:
    """All proposals for the document, unordered. Raises WrongContent if it is not JSON."""
    lines: Mapping[str, bool] = {}
    try:
        document = page.json()
    except WrongContent:
        document, lines = list(json_lines(page)), {"lines": True}
    whole = max(1, len(json.dumps(document)))
    for path, items, size, further in _find_lists(document, ""):
        objects = [item for item in items if isinstance(item, dict)]
        if objects and len(objects) == len(items):
            # the values of the members by their path, also of nested ones and of lists with one item
            flat = [dict(_flatten(item, "", 1)) for item in objects]
            names = dict.fromkeys(name for row in flat for name in row)
            columns = {name: [row.get(name, "") for row in flat] for name in names}
            rich = math.sqrt(min(1.0, len(columns) / _RICH_OBJECT))
            value = 2 * math.sqrt(size / whole) * (len(objects) / (len(objects) + 1)) * rich
            work_out = partial(_work_out, path or "@", columns, {**further, **lines}, page.fetched)
            yield Sketch(value, work_out)


def _find_lists(value: Any, path: str, depth: int = 0) -> Iterator[tuple[str, Sequence[Any], int, dict[str, bool]]]:
    """The lists in a document, also those in columns, or as an object of objects: the path, the items, their length in
    characters of JSON, and further options for the kind.
    """
    if depth > 6:
        return
    if isinstance(value, list):
        yield path, value, len(json.dumps(value)), {}
    elif isinstance(value, dict):
        for name, member in value.items():
            yield from _find_lists(member, path_of(path, name), depth + 1)
        inner = [member for member in value.values() if isinstance(member, dict)]
        if len(inner) == len(value) > 2:
            common = set(inner[0]).intersection(*inner[1:])
            if len(common) * 2 > len(set().union(*inner)) and len(common) > 1:
                yield f"values({path or '@'})", inner, len(json.dumps(inner)), {}
        lists = [member for member in value.values() if isinstance(member, list)]
        plain = not any(isinstance(item, dict | list) for member in lists for item in member)
        # an object of lists of the same length, with plain values
        if plain and len(lists) == len(value) > 1 and len(set(map(len, lists))) == 1 and len(lists[0]) > 1:
            rows = [dict(zip(value, row, strict=True)) for row in zip(*value.values(), strict=True)]
            yield path, rows, len(json.dumps(value)), {"columns": True}


def _flatten(item: Mapping[str, Any], path: str, depth: int) -> Iterator[tuple[str, str]]:
    for name, value in item.items():
        place = path_of(path, name)
        if isinstance(value, list) and len(value) == 1 and isinstance(value[0], dict):
            value, place = value[0], f"{place}[0]"  # noqa: PLW2901 - a list of one is that one
        if isinstance(value, dict) and depth < 3:  # depth of members that may be a key or a title
            yield from _flatten(value, place, depth + 1)
        elif not isinstance(value, dict | list):
            yield place, value_text(value)


def _work_out(path: str, columns: dict[str, list[str]], further: Mapping[str, bool], now: datetime) -> Proposal | None:
    links, dates = list[str](), list[str]()
    for name, values in columns.items():
        filled, last = looks.filled_share(values), name.rpartition(".")[2]
        if filled > 0.5 and looks.share(values, looks.is_link) > 0.9 and looks.distinct(values) > 0.9:
            links.append(name)  # an entry's own page
        if filled > 0.8 and looks.is_called_a_date(last) and looks.are_days_past(values, now):
            dates.append(name)  # the time of publication: by its name, and without future dates
    where = "the document itself" if path == "@" else path
    what = f"a JSON list of {len(next(iter(columns.values()), ()))} objects ({where})"
    made = propose_columns("json", {"items": path, **further}, what, columns)
    own = {"link": min(links, key=partial(_rank, ("html_url", "url", "link", "href", "web")), default=None)}
    own["published"] = min(dates, key=partial(_rank, _DAY_NAMES), default=None)
    return made and made.adding({option: name for option, name in own.items() if name and (name,) != made.key})


def _rank(wanted: Sequence[str], name: str) -> int:
    lower = name.rpartition(".")[2].lower()
    return next((at for at, part in enumerate(wanted) if part in lower), len(wanted))


READERS = (propose_own_kind, propose_feed, propose_json, propose_delimited, propose_workbook, propose_xml, propose_pdf)
