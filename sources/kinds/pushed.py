"""The kind `pushed`."""

from collections.abc import Iterator
from typing import Any, ClassVar, TypeVar

import msgspec
from pydantic import Field

from sources.errors import BadDocument, BadEntry, WrongContent
from sources.formats.dates import read_date
from sources.formats.links import is_web_address
from sources.model import Entry, Get, Page, Proven, Source
from sources.model.entry import LONGEST_KEY
from sources.model.page import PUSH
from sources.text import clean

_T = TypeVar("_T")
_LONGEST = 300  # characters of what is said of a body: it may quote the names in it


class GivenEntry(msgspec.Struct, forbid_unknown_fields=True):
    """An entry as a program hands it over."""

    key: str
    title: str | None = None
    url: str | None = None
    published: str | None = None
    fields: dict[str, Any] | None = None
    text: str | None = None


class _Outline(msgspec.Struct):
    complete: bool = False


class PushedBody(_Outline, forbid_unknown_fields=True, kw_only=True):
    """What a program pushes. If it is `complete`, what is absent was removed, else these are added or changed."""

    entries: list[GivenEntry]


class Pushed(Source):
    """Entries that programs hand over, to `POST /api/v1/sources/NAME/entries`: nothing is requested."""

    proven: ClassVar[Proven | None] = "documents"
    polled: ClassVar[bool] = False

    url: str | None = Field(default=None, description="a page about it, for people: it is not requested")

    def start(self) -> Get:
        """What a push answers."""
        return Get(self.url or "", PUSH)

    def requested(self) -> Get:
        """The list is the same whatever page tells people of it."""
        return Get("", PUSH)

    def parse(self, page: Page) -> Iterator[Entry]:
        """One entry for each that was handed over. Raises WrongContent, BadDocument and BadEntry, which say where."""
        seen = dict[str, GivenEntry]()
        for at, given in enumerate(_decode(page.body, PushedBody).entries):
            fault = _find_fault(given)
            if not fault and seen.setdefault(clean(given.key), given) != given:
                fault = "key: an entry before it has the same one, and says something else"
            if fault:
                raise BadEntry(f"entries.{at}.{fault}")
            published = read_date(given.published)
            yield Entry(given.key, given.title or "", given.fields, given.url, published, given.text or "")


def says_complete(body: bytes) -> bool:
    """Whether a body says that its entries are all that there are. Raises WrongContent and BadDocument."""
    return _decode(body, _Outline).complete


def _decode(body: bytes, form: type[_T]) -> _T:
    try:
        return msgspec.json.decode(body, type=form)
    except msgspec.ValidationError as error:
        raise BadDocument(str(error)[:_LONGEST]) from None
    except (msgspec.DecodeError, UnicodeError, RecursionError) as error:
        raise WrongContent(f"this is no JSON: {error}"[:_LONGEST]) from None


def _find_fault(given: GivenEntry) -> str:
    """The first part of an entry that cannot be used, and why; "" if there is none."""
    if not 0 < len(clean(given.key)) <= LONGEST_KEY:
        return f"key: it has 1 to {LONGEST_KEY:,} characters that can be seen"
    if given.url and not is_web_address(given.url.strip()):
        return "url: it begins with http:// or https://, and names a host"
    if given.published and read_date(given.published) is None:
        return "published: this is no date such as 2026-03-03 or 2026-03-03T18:57:00+03:00"
    return ""
