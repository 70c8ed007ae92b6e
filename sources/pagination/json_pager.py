"""How a JSON document says that its list has further pages: an address, a cursor, a total."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterator, Mapping
from typing import Any, NamedTuple

from sources.formats.links import absolute
from sources.model import Page

LARGEST = 2_000_000  # bytes of a document that is looked at
_BARE = re.compile(r"[A-Za-z_]\w*")
_ABOUT = re.compile(
    r"_?(?:meta|metadata|pagination|paging|pager|page|pages|page_?info|links|response_?metadata|info|result_?info|data|"
    r"result|results|response|search|d|cursors?)",
    re.IGNORECASE,
)
_LONGEST_NUMBER = 12  # digits
_LINK_NAMES = ("next", "nexturl", "nextpageurl", "nextpage", "nextlink", "odatanextlink", "nexthref")
_CURSORS = {
    "nextcursor": ("cursor",),
    "cursornext": ("cursor",),
    "endcursor": ("after", "cursor"),
    "cursor": ("cursor",),
    "after": ("after",),
    "nextpagetoken": ("pageToken", "page_token"),
    "nexttoken": ("nextToken", "next_token", "token"),
    "nextcursormark": ("cursorMark",),
    "continuation": ("continuation",),
    "continuationtoken": ("continuationToken", "continuation_token"),
    "resumptiontoken": ("resumptionToken",),
    "scrollid": ("scroll_id",),
    "next": ("cursor", "page", "next"),
    "nextpage": ("page", "cursor"),
    "nextoffset": ("offset",),
}
_MORE = ("hasmore", "hasnext", "hasnextpage", "more", "moreresults", "morepages")
_LAST = ("last", "islast", "islastpage")
_TOTAL_NAMES = """
    total totalcount totalresults totalelements totalitems totalrecords totalhits totalsize totalentries totalnumber
    numfound recordstotal recordsfiltered resultcount itemcount count ftotal hits
"""
_TOTALS = frozenset(_TOTAL_NAMES.split())
_PAGE_TOTALS = frozenset(("totalpages", "pagecount", "pagestotal", "lastpage", "numpages", "pages", "numberofpages"))
_PAGE_NUMBERS = ("page", "pagenumber", "currentpage", "pageno", "pageindex", "number", "p")
_OFFSETS = ("offset", "start", "skip", "startindex", "from", "first")
_OFTEN = ("page", "offset", "start", "skip", "p", "pageNumber")  # parameters that are tried where nothing names one
_LINK_HEADER = re.compile(r"<([^<>]{1,8000})>\s{0,9};[^<>,]{0,200}?\brel\s{0,3}=\s{0,3}\"?next\b", re.IGNORECASE)


class JsonMember(NamedTuple):
    """A member of the document: its JMESPath, its name and its value."""

    path: str
    name: str
    value: Any


class JsonPager(NamedTuple):
    """What a document says: the address of the next page (its path, "" where an HTTP header has it), the next page's
    cursor with the parameters that may send it, how many pages and entries there are, whether there are more, and which
    page or offset this is.
    """

    following: str = ""
    next: JsonMember | None = None
    cursor: JsonMember | None = None
    parameters: tuple[str, ...] = ()
    pages: JsonMember | None = None
    total: JsonMember | None = None
    more: bool | None = None
    numbers: tuple[JsonMember, ...] = ()

    def of_all(self, here: int) -> JsonPager:
        """The same without a total that is no more than the entries `here`: it may count those of this page alone."""
        return self._replace(total=None) if self.total and self.total.value <= here else self


def find_json_pager(page: Page, document: Any) -> JsonPager:
    """The pager of a document."""
    header = _LINK_HEADER.search(page.headers.get("link", "")[:10_000])
    found = JsonPager(following=absolute(page.url, header[1]) if header else "")
    for member in _members(document, "", 1):
        found = _add(found, member, page.url)
    return found


def count_pages(found: JsonPager) -> int | None:
    """How many pages there are, where the document says so: "pages" alone may be those of a book."""
    said = found.pages and (found.numbers or found.total or _letters(found.pages.name) != "pages")
    return int(found.pages.value) if found.pages and said else None


def suggest_options(found: JsonPager) -> list[dict[str, Any]]:
    """The options that may lead to the next page, those first that the document itself suggests."""
    ways: list[dict[str, Any]] = [{"next": found.next.path}] if found.next else []
    if found.cursor:
        ways += [{"pages": {"parameter": name, "path": found.cursor.path}} for name in found.parameters]
    return ways + [_counting(found, member.name, member.value) for member in found.numbers if member.value <= 1]


def suggest_more_options(found: JsonPager, taken: Collection[str]) -> list[dict[str, Any]]:
    """What else may be tried where the document only says that there is more: the usual parameters, but for `taken`."""
    return [_counting(found, name, None) for name in _OFTEN if name not in taken]


def _counting(found: JsonPager, name: str, now: int | None) -> dict[str, Any]:
    """The option `pages` for a parameter, which says `now` where the document does not begin as they usually do."""
    offset = _letters(name) in _OFFSETS
    counted: dict[str, Any] = {"parameter": name} | ({"step": "entries"} if offset else {})
    if now is not None and now != (0 if offset else 1):
        counted["first"] = now
    total = found.total if offset else found.pages
    if total and not counted.get("first"):
        counted["total"] = total.path
    elif found.total and not offset:
        counted["entries"] = found.total.path
    return {"pages": counted}


def path_of(path: str, name: str) -> str:
    """The JMESPath of a member."""
    step = name if _BARE.fullmatch(name) else json.dumps(name, ensure_ascii=False)
    return f"{path}.{step}" if path else step


def _members(value: Any, path: str, depth: int) -> Iterator[JsonMember]:
    """The plain members that may speak of the list as a whole: the document's own, and of what is called "meta"."""
    if not isinstance(value, Mapping) or depth > 3:  # members within members
        return
    for name, member in value.items():
        place = path_of(path, name)
        if isinstance(member, Mapping):
            if _letters(name) in ("next", "total", "hits"):  # {"next": {"href": ...}}, {"total": {"value": 60}}
                inner = next((each for each in ("href", "url", "value") if each in member), None)
                yield from [JsonMember(path_of(place, inner), name, member[inner])] if inner else []
            if _ABOUT.fullmatch(name) or _letters(name) == "hits":
                yield from _members(member, place, depth + 1)
        elif not isinstance(member, list):
            yield JsonMember(place, name, member)


def _letters(name: str) -> str:
    return re.sub(r"[^a-z]", "", name.lower())


def _add(found: JsonPager, member: JsonMember, base: str) -> JsonPager:
    """The pager with what one member says."""
    name, value = _letters(member.name), member.value
    text = value.strip() if isinstance(value, str) else ""
    is_address = bool(re.match(r"https?://|[/?]", text, re.IGNORECASE))
    is_number_as_text = text == value and text.isascii() and text.isdigit() and len(text) <= _LONGEST_NUMBER
    number = int(text) if is_number_as_text else value
    says: dict[str, Any] = {}
    if isinstance(value, bool):
        if found.more is None and name in (*_MORE, *_LAST):
            says = {"more": value == (name in _MORE)}
    elif name in _LINK_NAMES and not found.next and is_address:
        says = {"next": member, "following": absolute(base, text)}
    elif name in _CURSORS and not found.cursor and value not in (None, "", 0, "0") and not is_address:
        says = {"cursor": member, "parameters": _CURSORS[name]}
    elif isinstance(number, int) and 0 <= number < 10**_LONGEST_NUMBER:
        counted = member._replace(value=number)
        if name in _PAGE_TOTALS and not found.pages and number:
            says = {"pages": counted}
        elif name in _TOTALS and (not found.total or number > found.total.value):
            says = {"total": counted}
        elif name in (*_PAGE_NUMBERS, *_OFFSETS) and len(found.numbers) < 10:
            says = {"numbers": (*found.numbers, counted)}
    return found._replace(**says)
