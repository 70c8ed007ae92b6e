"""PDF files: the rows of their tables by pdfplumber, their text by PDFium. Both need the extra `pdf`.

What cannot be read is a typed failure. Only the subprocess that parses should open a file: a page of a few bytes may
unpack to gigabytes.
"""

import io
import re
from bisect import bisect
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from importlib.util import find_spec
from itertools import groupby
from operator import itemgetter
from typing import Any, NamedTuple, TypeAlias

from sources.errors import BadDocument, NotFound, ReadError, WrongContent
from sources.formats.decode import name_binary
from sources.formats.delimited import unique_names
from sources.formats.download import Download
from sources.text import clean, clean_lines, fold_name, listing

MOST_PAGES = 2_000


def check_extra() -> None:
    """Raise ValueError when the libraries of the extra `pdf` are not installed."""
    if find_spec("pdfplumber") is None or find_spec("pypdfium2") is None:
        raise ValueError('PDF files need the extra "pdf": pip install "registry-watch[pdf]"')


@contextmanager
def open_pdf(page: Download, most_pages: int = MOST_PAGES) -> Iterator[Any]:
    """The document of PDFium.

    Raises WrongContent for what is no PDF file, and BadDocument: `truncated`, `pdf_encrypted`, `pdf_too_long`.
    """
    import pypdfium2  # noqa: PLC0415 - slow to import; few sources need it

    if not page.body.startswith(b"%PDF-"):
        raise WrongContent(
            f"{page.url} is no PDF file but {name_binary(page.body) or page.content_type or 'something else'}"
        )
    if b"%%EOF" not in page.body[-2_048:]:  # bytes at the end in which the end must be marked
        raise BadDocument(f"{page.url} breaks off: its end is missing", code="truncated")
    try:
        document = pypdfium2.PdfDocument(page.body)
    except pypdfium2.PdfiumError as error:
        if "password" in str(error).lower():
            raise BadDocument(f"{page.url} is encrypted: it needs a password", code="pdf_encrypted") from None
        raise BadDocument(f"{page.url} is a damaged PDF file: {error}") from None
    try:
        if len(document) > most_pages:
            raise BadDocument(
                f"{page.url} has {len(document):,} pages; at most {most_pages:,} are read", code="pdf_too_long"
            )
        yield document
    finally:
        document.close()


@contextmanager
def translate_faults(where: str) -> Iterator[None]:
    """Translate whatever the libraries raise for a malformed file to BadDocument."""
    try:
        yield
    except (ReadError, MemoryError):
        raise
    except Exception as error:  # noqa: BLE001 - pdfminer raises whatever a malformed object leads to
        raise BadDocument(f"{where} is a damaged PDF file: {type(error).__name__}: {error}"[:300]) from None


_NO_TEXT = "{} has no text: its pages are empty, or pictures, as a scan makes"
_HEAD = 5  # rows of a table, or of its part on a page, in which the headings may stand
MOST_PAGES_WITH_TABLES = 500  # a page of a table takes about a tenth of a second
# Gaps between characters, in parts of their height: within a word, the least of a space, and the least between columns
_TOUCHING, _GAP, _SPACE = 0.1, 0.15, 0.6
_HYPHEN = re.compile(r"(?<=\w)[-\u00ad\u2010]\n(?=[^\W\d_])")

_Row: TypeAlias = tuple[int, Sequence[str]]  # the number of the page where it begins, and its values
_Run: TypeAlias = tuple[float, float, str]  # from where to where it reaches on its line, and its text
_Char: TypeAlias = tuple[str, tuple[float, float, float, float]]  # and its place: left, bottom, right and top


class PageTable(NamedTuple):
    """A table on one page: the page's number from 1, and its rows."""

    page: int
    rows: Sequence[Sequence[str]]


def read_tables(page: Download, *, borders: bool = True) -> Iterator[PageTable]:
    """The tables of a PDF file, page by page. Without `borders` each line is a row of one table, over all pages.

    Raises WrongContent, and BadDocument as `open_pdf` does, also for a file without text.
    """
    import pdfplumber  # noqa: PLC0415 - slow to import; few sources need it

    with open_pdf(page, MOST_PAGES_WITH_TABLES):
        pass
    texts, lines = False, list[tuple[int, list[_Run]]]()
    with translate_faults(page.url), pdfplumber.open(io.BytesIO(page.body)) as document:
        for sheet in document.pages:
            texts = texts or bool(sheet.chars)
            if not borders:
                lines += ((sheet.page_number, line) for line in _lines(sheet))
            elif found := sheet.find_tables():
                chars = _placed(sheet)
                yield from (PageTable(sheet.page_number, list(_cells(table, chars))) for table in found)
            sheet.close()  # forgets its objects, of which a long file has millions
    if not texts:
        raise BadDocument(_NO_TEXT.format(page.url), code="pdf_no_text")
    ends = _column_ends([line for _, line in lines if len(line) > 1])
    for number, of_page in groupby(lines, itemgetter(0)):
        yield PageTable(number, [_columns(line, ends) for _, line in of_page])


def _placed(sheet: Any) -> list[tuple[float, float, Any]]:
    """The characters of a page, each where its cell is told: across by the middle of its word, so that a border cuts
    none, and down by its own."""
    across = {id(char): (char["x0"] + char["x1"]) / 2 for char in sheet.chars}
    for word in sheet.extract_words(x_tolerance_ratio=_TOUCHING, use_text_flow=True, return_chars=True):
        across |= dict.fromkeys(map(id, word["chars"]), (word["x0"] + word["x1"]) / 2)
    return [(across[id(char)], (char["top"] + char["bottom"]) / 2, char) for char in sheet.chars]


def _cells(table: Any, chars: Sequence[tuple[float, float, Any]]) -> Iterator[list[str]]:
    """The texts of a table's cells, row by row."""
    from pdfplumber.utils.text import extract_text  # noqa: PLC0415 - slow to import

    for row in table.rows:
        _, top, _, bottom = row.bbox
        inside = [each for each in chars if top <= each[1] < bottom]
        boxes = [cell or (0, 0, 0, 0) for cell in row.cells]  # none where another one reaches over
        yield [
            unwrap(extract_text([char for x, y, char in inside if left <= x < right and y < end]))
            for left, _, right, end in boxes
        ]


def _lines(sheet: Any) -> Iterator[list[_Run]]:
    """The lines of a page, but for those that stand apart from all that has columns, as its title and its foot do."""
    from pdfplumber.utils.clustering import cluster_objects  # noqa: PLC0415 - slow to import

    words = sheet.extract_words(x_tolerance_ratio=_GAP)
    near, end = list[list[_Run]](), 0.0
    for line in cluster_objects(words, itemgetter("bottom"), 3):
        if line[0]["top"] - end > line[0]["height"]:
            yield from near if any(len(runs) > 1 for runs in near) else ()
            near = []
        near.append(_runs(line))
        end = line[0]["bottom"]
    yield from near if any(len(runs) > 1 for runs in near) else ()


def _runs(line: Iterable[Any]) -> list[_Run]:
    """The words of a line; those at the distance of a space are one run."""
    runs = list[_Run]()
    for word in sorted(line, key=itemgetter("x0")):
        left, right, text = word["x0"], word["x1"], word["text"]
        if runs and abs(left - runs[-1][1]) < _SPACE * word["height"]:
            runs[-1] = runs[-1][0], right, f"{runs[-1][2]} {text}"
        else:
            runs.append((left, right, text))
    return runs


def _column_ends(lines: Sequence[Sequence[_Run]]) -> list[float]:
    """Where columns end: in the middle of what all lines, but for a twentieth of them, leave free."""
    few, over, free = len(lines) // 20, 0, None
    ends = list[float]()
    steps = [step for line in lines for left, right, _ in line for step in ((left, -1), (right, 1))]
    for at, step in sorted(steps):  # at one place what begins is before what ends
        over -= step
        if step > 0 and over == few:
            free = at
        elif step < 0 and over == few + 1 and free is not None:
            ends.append((free + at) / 2)
    return ends


def _columns(line: Sequence[_Run], ends: Sequence[float]) -> list[str]:
    """A line's texts by columns: a run stands whole in the one where it begins."""
    texts = [""] * (len(ends) + 1)
    for left, _, text in line:
        at = bisect(ends, left)
        texts[at] = clean(f"{texts[at]} {to_logical(text)}")
    return texts


def join_tables(
    tables: Iterable[PageTable], key: Sequence[str], where: str, *, borders: bool = True
) -> tuple[list[str], Iterator[_Row]]:
    """The columns' names, and the rows of the table that has the columns of `key`, over all its pages.

    A row is the number of the page where it begins, and its values. Headings that are repeated on each page are left
    out. A row that goes on at the top of the next page, or without `borders` on the next line, is one. Raises NotFound,
    which lists the headings that were seen, and BadDocument where the columns differ between pages.
    """
    wanted, seen, rest = set(map(fold_name, key)), dict[str, None](), iter(tables)
    for table in rest:
        for at, row in enumerate(table.rows[:_HEAD]):
            if wanted <= set(map(fold_name, row)):
                first = PageTable(table.page, table.rows[at + 1 :])
                places = [at for at, name in enumerate(row) if fold_name(name) in wanted]
                return unique_names(row), _whole_rows(_rows(first, rest, row, where), places, borders)
        seen |= dict.fromkeys(filter(None, map(clean, table.rows[0] if table.rows else ())))
    found = (
        f"the first rows of its tables have {listing(seen, most=30)}"
        if seen
        else "it has no table" + " with borders" * borders
    )
    raise NotFound(f"{where} has no table with the columns {listing(key)} (option key); {found}")


def unwrap(text: str) -> str:
    """The text of a cell as one line: words that were divided at the end of a line are joined."""

    def join(found: re.Match[str]) -> str:
        after = found.string[found.end()]
        return "" if after.islower() or found[0][0] == "\u00ad" else "-"

    return clean(_HYPHEN.sub(join, "\n".join(map(to_logical, text.split("\n")))))


def _rows(first: PageTable, rest: Iterable[PageTable], headings: Sequence[str], where: str) -> Iterator[_Row]:
    yield from ((first.page, row) for row in first.rows)
    names = list(map(fold_name, headings))
    for table in rest:
        head = list(map(fold_name, table.rows[0])) if table.rows else []
        if len(head) == len(names):
            above = (at for at, row in enumerate(table.rows[:_HEAD], 1) if list(map(fold_name, row)) == names)
            yield from ((table.page, row) for row in table.rows[next(above, 0) :])
        elif set(filter(None, head)) & set(names) - {""}:
            raise BadDocument(f"{where}: the table on page {table.page} has other columns than before: {listing(head)}")


def _whole_rows(rows: Iterable[_Row], key: Sequence[int], borders: bool) -> Iterator[_Row]:
    """The rows; one without a key at the top of a page, or without borders, goes on from the one before."""
    held: _Row | None = None
    for page, values in rows:
        if not any(values):
            continue
        if held and not any(values[at] for at in key) and (held[0] < page or not borders):
            pairs = zip(held[1], values, strict=True)
            held = held[0], [unwrap(f"{one}\n{two}") if one and two else one or two for one, two in pairs]
            continue
        if held:
            yield held
        held = page, values
    if held:
        yield held


# PDFium marks a word that is divided at the end of a line by U+FFFE, or leaves the hyphen.
_DIVIDED = re.compile(r"(?<=\w)(?:[\u00ad\ufffe\x02]\n?|[-\u2010]\n(?=[^\W\d_A-ZА-ЯЁ]))([^\W\d_]*)[ \t]*\n?")


def read_texts(page: Download) -> Iterator[tuple[int, str]]:
    """The number of each page, from 1, and its text, line by line. Divided words are joined.

    Raises WrongContent, and BadDocument as `open_pdf` does, also for a file without text.
    """
    any_text = False
    with translate_faults(page.url), open_pdf(page) as document:
        for number, sheet in enumerate(document, 1):
            found = sheet.get_textpage()
            text = clean_lines(join_divided(_text(found)))
            found.close()
            sheet.close()
            any_text = any_text or bool(text)
            yield number, text
    if not any_text:
        raise BadDocument(_NO_TEXT.format(page.url), code="pdf_no_text")


def join_divided(text: str) -> str:
    """The text with words joined that are divided at the end of a line: the word's end moves up to its beginning."""
    return _DIVIDED.sub(lambda found: f"{found[1]}\n", text)


def _text(page: Any) -> str:
    text: str = page.get_text_range().replace("\r\n", "\n").replace("\r", "\n")
    if not _ANY_RIGHT.search(text):
        return text
    import pypdfium2.raw as pdfium  # noqa: PLC0415 - slow to import

    lines: list[list[_Char]] = [[]]
    for at in range(page.count_chars()):
        char = chr(pdfium.FPDFText_GetUnicode(page, at))
        if char in "\r\n":
            lines.append([])
        elif not char.isspace() and char.isprintable():
            lines[-1].append((char, page.get_charbox(at, loose=True)))
    return "\n".join(_line(line) for line in lines if line)


def _line(chars: Sequence[_Char]) -> str:
    """A line in the order in which it is read. PDFium puts the characters of each word in order, but not the words."""
    text, end = "", None
    for char, (left, bottom, right, top) in sorted(chars, key=lambda each: each[1][0] + each[1][2]):
        if end is not None and left - end > _GAP * (top - bottom):
            text += " "
        text += char
        end = right
    return to_logical(text)


_RIGHT = "\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufeff"
_LEFT = rf"[^\W\d_{_RIGHT}]"
_RUN_TO_LEFT = re.compile(rf"[{_RIGHT}](?:(?:(?!{_LEFT}).)*[{_RIGHT}])?")
# What keeps its order inside a line from right to left: Latin words with what stands between them, and numbers.
_KEPT = re.compile(rf"{_LEFT}(?:[^{_RIGHT}]*(?:{_LEFT}|\d))?|\d+(?:[.,/:\-+]\d+)*|.", re.DOTALL)
_ANY_RIGHT = re.compile(rf"[{_RIGHT}]")
_ANY_LEFT = re.compile(_LEFT)
_MIRRORED = str.maketrans("()[]{}<>«»", ")(][}{><»«")


def to_logical(line: str) -> str:
    """A line in the order in which it is read; `line` has its characters from left to right."""
    right = len(_ANY_RIGHT.findall(line))
    if not right:
        return line
    if right >= len(_ANY_LEFT.findall(line)):
        return _turn(line)
    return _RUN_TO_LEFT.sub(lambda found: _turn(found[0]), line)


def _turn(line: str) -> str:
    parts = _KEPT.findall(line)
    return "".join(part if len(part) > 1 else part.translate(_MIRRORED) for part in reversed(parts))
