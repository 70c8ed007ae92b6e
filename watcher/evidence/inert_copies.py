"""The pages of a proof as files that are safe to open: nothing in them is executed or loaded.

Types that a browser executes (HTML, XML with stylesheets, SVG) are kept byte for byte under a name that is shown as
text. For an HTML page there is another file with its visible text. The page with the row of the changed entry comes
first, and the row is marked in a text.
"""

import codecs
import json
import logging
import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from alerts.proof.facts import MARK, PageFile
from sources import Entry, Get, Page, SourceError
from sources.formats.decode import decode
from sources.loader import kind
from sources.reading.engine import read_page
from state.evidence.reading import Shown

log = logging.getLogger(__name__)

_ENDINGS = {
    "text/html": "html",
    "application/xhtml+xml": "xhtml",
    "application/json": "json",
    "text/csv": "csv",
    "application/pdf": "pdf",
    "application/zip": "zip",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": "xlsx",
    "text/plain": "txt",
}
_HTML = ("html", "xhtml")
_RUN = (*_HTML, "xml")  # executed by browsers
_AS_TEXT = ".txt"
_WORD = re.compile(r"\w+")
_PIECE = 64 * 1024  # bytes of a page that show whether it is text


def copies(
    pages: Sequence[Shown], what: str, *, texts: bool, change: Mapping[str, Any] | None
) -> tuple[list[PageFile], dict[str, bytes]]:
    """Pages as a proof shows them: the facts about each, and the files by name, such as `page-after.json` and
    `page-after-2.html.txt`. With `texts`, also the visible text of HTML.
    """
    told, files = list[PageFile](), dict[str, bytes]()
    read = [(shown, _text_of(shown) if texts and _plain_ending(shown) in _HTML else "") for shown in pages]
    for number, (shown, text) in enumerate(row_first(read, what, change), 1):
        stem, plain = f"page-{what}{f'-{number}' if len(pages) > 1 else ''}", _plain_ending(shown)
        name = f"{stem}.{plain}{_AS_TEXT if plain in _RUN else ''}"
        text_file, picture = f"{stem}{_AS_TEXT}" if text else "", f"{stem}.png" if shown.picture else ""
        told.append(PageFile(name, shown.told, text_file, picture))
        if text:
            files[text_file] = codecs.BOM_UTF8 + text.encode("utf-8", "replace")
        files |= {name: shown.body, **({picture: shown.picture} if picture else {})}
    return told, files


def readable(
    pages: Sequence[Shown], what: str, encoding: str | None, change: Mapping[str, Any] | None
) -> list[tuple[Shown, str]]:
    """Pages with what they say, as `row_first` has them; "" for what is no text."""
    markup = [shown for shown in pages if _plain_ending(shown) in _HTML]
    read = [(shown, (_text_of(shown) if shown in markup else "") or _source_of(shown, encoding)) for shown in pages]
    return row_first(read, what, change)


def row_first(
    read: Sequence[tuple[Shown, str]], what: str, change: Mapping[str, Any] | None
) -> list[tuple[Shown, str]]:
    """Pages with their texts, that with the row of a changed entry first, and the row marked: of the lines with all
    words of its title, the one with most words of its values.
    """
    if change is None or not read:
        return list(read)
    sides = {name: each.get(what) for name, each in (change.get("fields") or {}).items()}
    values = {**change.get("entry", {}), "title": change.get("title") or change["key"], **sides}
    title = {*_WORD.findall(str(values["title"]))}
    wanted, probe = {*_WORD.findall(" ".join(map(str, values.values())))}, max(title, key=len, default="\n")
    best, first, row = 0, 0, 0
    for at, (shown, text) in enumerate(read):
        for number, line in enumerate((text or _source_of(shown, None)).split("\n")):
            words = {*_WORD.findall(line)} if probe in line else set()
            if title and title <= words and len(wanted & words) > best:
                best, first, row = len(wanted & words), at, number
    shown, text = read[first]
    lines = text.split("\n")
    if best and text:
        lines[row] = f"{MARK}{lines[row]}"
    return [(shown, "\n".join(lines)), *read[:first], *read[first + 1 :]]


def _source_of(shown: Shown, encoding: str | None) -> str:
    """A page as it came, JSON in lines; "" if it is no text."""
    body = shown.body
    if b"\0" in body[:_PIECE] and not body.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return ""
    text = decode(body, shown.headers.get("content-type", ""), encoding)
    try:
        return json.dumps(json.loads(text), ensure_ascii=False, indent=1) if _plain_ending(shown) == "json" else text
    except (ValueError, RecursionError):
        return text


def _plain_ending(shown: Shown) -> str:
    return ending_of(shown.told["type"].partition(";")[0].strip().lower())


def ending_of(media: str) -> str:
    """The ending of a file with a content of this media type, `bin` if there is none."""
    return _ENDINGS.get(media, next((each for each in ("xml", "json") if media.endswith(each)), "bin"))


def _text_of(shown: Shown) -> str:
    """The visible text of an HTML page; "" if it cannot be read. A large page is read in a subprocess."""
    url = shown.told["url"]
    page = Page(Get(url), url, 200, shown.headers, shown.body, datetime.fromisoformat(shown.told["fetched"]))
    try:
        entries = [each for each in read_page(kind("text")(url=url), page) if isinstance(each, Entry)]
    except SourceError as error:
        log.info("the proof shows no text of the page: %s", error)
        return ""
    return "\n".join(each.text for each in entries)
