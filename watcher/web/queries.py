"""What addresses of pages and of the API ask for: numbers that the database can hold, filters, times, cursors; and the
addresses of pages.
"""

from collections.abc import Mapping
from datetime import UTC, datetime, tzinfo
from typing import Annotated, Any
from urllib.parse import quote, urlencode

from fastapi import HTTPException, Path, Query

from alerts.language import mark, phrase
from alerts.message.wording import label_text, word
from state.model import Event, EventKind, SourceStatus
from state.storage.browsing import ChangeFilter, PageEnd, SeenEntry
from watcher.config.arguments import parse_past_time, parse_time
from watcher.errors import UsageError
from watcher.reports.feeds import ALL, AtomFeed
from watcher.reports.past import SourcePast
from watcher.web.desk import Desk

LARGEST = (1 << 63) - 1  # what a database takes as a number
FILTERS = (  # of changes
    # Translators: the labels of the values that changes are filtered by: source: fca, after: 2025-07-14
    *(mark("source"), mark("entity"), mark("change"), mark("authority"), mark("after"), mark("before")),
    *(mark("title"), mark("entry"), mark("state"), mark("assigned"), mark("importance")),
)
_STATES = {"new": False, "handled": True}
_WORDED = {"change", "authority", "state", "importance"}  # of the filters: their values are words of ours

IdInPath = Annotated[int, Path(ge=0, le=LARGEST)]
IdInQuery = Annotated[int | None, Query(ge=0, le=LARGEST)]


def query(values: Mapping[str, str]) -> str:
    """What follows the "?" of an address, without what is empty."""
    return urlencode({name: value for name, value in values.items() if value})


def source_path(name: str) -> str:
    """The address of a source's page; its name may have any character."""
    return f"/sources/{quote(name, safe='')}"


def find_change(desk: Desk, number: int) -> Event:
    """The change with this number. Raises HTTPException (404)."""
    event = desk.store.log.event(number) if 0 < number <= LARGEST else None
    if event is None or event.kind is not EventKind.CHANGE:
        raise HTTPException(404, phrase("there is no change {number}", number=number))
    return event


def find_entry(desk: Desk, number: int) -> SeenEntry:
    """The entry with this number. Raises HTTPException (404)."""
    if found := desk.store.entries.entries([number]).get(number):
        return found
    raise HTTPException(404, phrase("there is no entry {number}", number=number))


def find_source(desk: Desk, name: str) -> SourceStatus:
    """A source that is configured, or in the state. Raises HTTPException (404)."""
    if found := desk.statuses().get(name):
        return found
    raise HTTPException(404, phrase("there is no such source"))


def given_filters(parameters: Mapping[str, str]) -> dict[str, str]:
    """The filters in an address of changes, or of their feed, where `key` is another one: all of `FILTERS`."""
    return {name: parameters.get(name, "").strip() for name in FILTERS}


def filter_of(given: Mapping[str, str], zone: tzinfo) -> ChangeFilter:
    """The filter that an address asks for; empty texts ask for nothing. Raises UsageError for a bad time."""
    wanted: dict[str, Any] = {name: value for name, value in given.items() if value and name in ChangeFilter._fields}
    wanted |= {name: parse_time(wanted[name], name, zone) for name in ("after", "before") if name in wanted}
    wanted |= {"key": given.get("entry") or wanted.get("key"), "handled": _STATES.get(given.get("state", ""))}
    return ChangeFilter(**wanted)


def feed_of(desk: Desk, given: Mapping[str, str]) -> AtomFeed:
    """The feed of the changes that pass these filters. Raises UsageError for a bad time."""
    asked = {name: given[name] for name in FILTERS if given[name]}
    told = [label_text(phrase(name), word(value) if name in _WORDED else value) for name, value in asked.items()]
    title = ", ".join([phrase("Changes"), *told]) if told else phrase("All changes")
    wanted = filter_of(given, desk.config.timezone)
    return AtomFeed(ALL, title, wanted, query=f"?{query(asked)}" if asked else "")


def place_of(text: str) -> PageEnd | None:
    """The place that a cursor (`2026-03-01T09:30:00+00:00~17`) stands for. Raises UsageError."""
    if not text:
        return None
    at, _, number = text.partition("~")
    try:
        place = PageEnd(datetime.fromisoformat(at).astimezone(UTC), int(number))
        if not 0 <= place.id <= LARGEST:
            raise ValueError(number)
    except (ValueError, OverflowError):
        raise UsageError(phrase("the address of this page is broken: begin again without a cursor")) from None
    return place


def cursor_of(place: PageEnd) -> str:
    """A place as a cursor in an address."""
    return f"{place.at.isoformat()}~{place.id}"


def times_of(desk: Desk, past: SourcePast, since: str, until: str) -> tuple[datetime, datetime]:
    """The earlier and the later time; "" is now. Raises UsageError for what is no time, or the wrong way round."""
    zone = desk.config.timezone
    first = parse_past_time(since, "from", zone, past.now) if since else past.now
    last = parse_past_time(until, "to", zone, past.now) if until else past.now
    if first > last:
        raise UsageError(phrase("from: it is later than to"))
    return first, last
