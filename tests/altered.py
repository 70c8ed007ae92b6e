"""Compares two pages of one source in both ways: by their altered records, and whole."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, NamedTuple

from sources import Get, Page, Source, SourceError
from sources.loader import kind
from sources.reading.engine import steps
from sources.reading.records import find_altered
from state.compare.diff import Differ
from state.model import NOTHING, Difference
from watcher.check.context import differ
from watcher.trials.try_source import Register

URL = "https://example.org/list"


class Compared(NamedTuple):
    """The difference read whole, and the one by the altered records: None where these were not enough; `error` is why
    the later page cannot be read whole.
    """

    whole: Mapping[str, Any]
    altered: Mapping[str, Any] | None
    error: SourceError | None = None


def source_of(name: str, **options: object) -> Source:
    return kind(name).model_validate({"url": URL, **options})


def page_of(body: bytes, content_type: str = "", encoding: str | None = None) -> Page:
    headers = {"content-type": content_type} if content_type else {}
    return Page(Get(URL), URL, 200, headers, body, datetime(2025, 7, 16, tzinfo=UTC), encoding)


def compare(source: Source, before: Page, after: Page) -> Compared:
    """Both differences between two pages. Raises SourceError where either cannot be read whole."""
    found = compare_any(source, before, after)
    if found.error:
        raise found.error
    return found


def compare_any(source: Source, before: Page, after: Page) -> Compared:
    """As `compare`, where the later page may be one that cannot be read. Raises SourceError for the earlier one."""
    first = _read(source, before, differ(source, NOTHING, b""))
    difference = first.finish()
    entries = dict(iter(difference.insert))
    register = Register(
        {mark: at for at, mark in enumerate(entries)}, {mark: each.key for mark, each in entries.items()}
    )
    contents = list(entries.values())
    known = register.known(lambda ids: {at: contents[at] for at in ids}, is_window=source.listing == "window")
    state = register.state("list", None)  # type: ignore[arg-type]
    whole, error = differ(source, known, state.digest), None
    try:
        _read(source, after, whole)
    except SourceError as fault:
        error = fault
    by_altered = differ(source, known, state.digest)
    altered = find_altered(source, before, after, state.entries)
    taken = altered is not None and by_altered.take_altered(altered, first.profile.filled)
    return Compared({} if error else _told(whole), _told(by_altered) if taken else None, error)


def _read(source: Source, page: Page, by: Differ) -> Differ:
    reading = steps(source, 1, by=by.take)
    next(reading)
    for _ in _answers(reading, page):
        pass
    return by


def _answers(reading: Any, page: Page) -> Any:
    try:
        yield reading.send(page)
        yield from reading
    except StopIteration:
        return


def _told(by: Differ) -> Mapping[str, Any]:
    taken, profile = by.taken, by.profile
    difference: Difference = by.finish()
    said = {name: getattr(difference, name) for name in Difference.__slots__}
    said |= {name: list(said[name]) for name in ("changes", "insert")}
    return said | {"taken": taken, "profile": (profile.entries, dict(profile.filled), profile.lacking, profile.odd)}
