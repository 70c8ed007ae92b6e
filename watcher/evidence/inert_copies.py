"""The pages of a proof as files that are safe to open: nothing in them is executed or loaded.

Types that a browser executes (HTML, XML with stylesheets, SVG) are kept byte for byte under a name that is shown as
text. For an HTML page there is another file with its visible text.
"""

from __future__ import annotations

import codecs
import logging
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from alerts.proof.facts import PageFile
from sources import Entry, Get, Page, SourceError
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


class Copies(NamedTuple):
    """Pages as a proof shows them: the facts about each, and the files by name."""

    pages: Sequence[PageFile]
    files: Mapping[str, bytes]


def copies(pages: Sequence[Shown], what: str, *, texts: bool) -> Copies:
    """The files of pages: `page-after.json`, `page-after-2.html.txt`. With `texts`, also the visible text of HTML."""
    told, files = list[PageFile](), dict[str, bytes]()
    for number, shown in enumerate(pages, 1):
        stem = f"page-{what}{f'-{number}' if len(pages) > 1 else ''}"
        plain = ending_of(shown.told["type"].partition(";")[0].strip().lower())
        ending = f"{plain}{_AS_TEXT}" if plain in _RUN else plain
        text = _text_of(shown) if texts and plain in _HTML else ""
        picture = f"{stem}.png" if shown.picture else ""
        file = PageFile(f"{stem}.{ending}", shown.told, f"{stem}{_AS_TEXT}" if text else "", picture)
        told.append(file)
        if text:
            files[file.text] = codecs.BOM_UTF8 + text.encode("utf-8", "replace")
        files[file.name] = shown.body
        if picture:
            files[picture] = shown.picture
    return Copies(told, files)


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
