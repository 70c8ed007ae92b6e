"""The pages of entries (`detail`): which are read in a check, and what has changed on them.

Those of new and changed entries are read at once, all others in rotation, together at most `detail.max_pages` in a
check. The first reading of a page is no change. One that cannot be read keeps its last values.
"""

from __future__ import annotations

import logging
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import islice
from typing import NamedTuple

from sources import Entry, FetchError, Get, Page, SourceError
from sources.http.request import Validators
from sources.options import WAIT_FOR
from sources.pagination.detail import Detailed
from sources.reading.engine import read_page
from sources.reading.fingerprints import entry_fingerprint
from state.compare.changes import field_changes
from state.compare.fingerprints import body_fingerprint, reading_fingerprint
from state.model import Change, ChangeKind, Detail, DetailRead, DueDetail
from watcher.check.context import CheckTarget
from watcher.check.fetching import CheckIO, keep
from watcher.check.matching import mentioned, news_of
from watcher.check.outcome import Accepted, DetailsChanged, DetailsRead, Found, Mentioning, Unchanged

log = logging.getLogger(__name__)

AGAIN = timedelta(hours=1)  # until a page that could not be read is tried again
_MOST_FAILURES = 3  # one after the other; beyond, the check asks for no more pages
_MOST_CHANGES = 5_000  # of a list at once; beyond, they are told without the fields of their pages


class Came(NamedTuple):
    """What came of one entry's page: the page (its status is 304 if it has not changed), or the error."""

    wanted: DueDetail
    page: Page | None = None
    error: SourceError | None = None


class Outcome(NamedTuple):
    """One entry's page, read: the detail before and after; `page` is the page if it has changed or is the first."""

    wanted: DueDetail
    detail: Detail
    due: datetime
    page: Page | None = None
    first: bool = False


async def with_details(io: CheckIO, target: CheckTarget, found: Found, now: datetime) -> Found:
    """The outcome of a check together with that of the pages of entries that are read in it. Raises ReadError."""
    source = target.source
    if not isinstance(found, Accepted | Unchanged) or not isinstance(source, Detailed) or not source.detail:
        return found
    wanted = await io.offload(_wanted, target, source, found, now)
    made = feed_fingerprint(target, source)
    came = await _fetched(io, source, wanted, made)
    changed = isinstance(found, Accepted) and bool(found.difference.changes)
    return await io.offload(_told, target, source, found, came, made, now) if came or changed else found


def _wanted(target: CheckTarget, source: Detailed, found: Accepted | Unchanged, now: datetime) -> list[DueDetail]:
    """The entries whose pages are read now: the new and changed ones, then those that are due."""
    assert source.detail  # noqa: S101 - checked by the caller
    most, ignore = source.detail.max_pages, source.uncompared
    new = list[DueDetail]()
    if isinstance(found, Accepted):
        keys = [change.entry.key for change in islice(found.difference.changes, _MOST_CHANGES) if change.after]
        known = {} if found.baseline else target.store.details.of(target.name, keys[:most])
        entries = (change.after for change in found.difference.changes if change.after)
        for entry in islice(entries, most):
            new.append(DueDetail(entry_fingerprint(entry, ignore), entry, _only(known.get(entry.key, ()))))
        if found.baseline or len(new) >= most:
            return new
        changed = {change.entry.key for change in found.difference.changes}
    else:
        changed = set()
    due = target.store.details.due(target.name, feed_fingerprint(target, source), now, most + len(changed))
    return [*new, *(each for each in due if each.entry.key not in changed)][:most]


def feed_fingerprint(target: CheckTarget, source: Detailed) -> str:
    """The fingerprint of how the pages of entries are read. After an edit, each one's next reading is a first one."""
    assert source.detail  # noqa: S101 - checked by the caller
    return reading_fingerprint(source.detail.reader, target.hide)[:16]


async def _fetched(io: CheckIO, source: Detailed, wanted: Sequence[DueDetail], made: str) -> list[Came]:
    """The pages, one after the other: each waits for its host. Stops when the site does not answer, or asks to wait."""
    came, failures = list[Came](), 0
    for each in wanted:
        url = source.detail_url(each.entry)
        if not url:
            came.append(Came(each))
            continue
        known = each.detail
        same = known and known.made == made  # else the page is needed as it is
        validators = Validators(known.etag, known.last_modified, known.url) if known and same else None
        try:
            came.append(Came(each, await io.fetch(_request(source, url), validators)))
            failures = 0
        except FetchError as error:
            came.append(Came(each, error=_bare(error)))
            failures += 1
            if error.retry_after or failures >= _MOST_FAILURES:
                break
    return came


def _request(source: Detailed, url: str) -> Get:
    """The request for an entry's page. What a browser waits for in the list is not there."""
    assert source.detail  # noqa: S101 - checked by the caller
    return Get(url, carry={WAIT_FOR: source.detail.reader.wait_for} if source.fetch == "browser" else {})


def _told(
    target: CheckTarget,
    source: Detailed,
    found: Accepted | Unchanged,
    came: Sequence[Came],
    made: str,
    now: datetime,
) -> Found:
    """Read the pages, and add what has changed on them to the outcome. Raises ReadError."""
    outcomes = [_read(source, each, made, now) for each in came]
    details = _written(target, outcomes, new=isinstance(found, Accepted) and found.baseline)
    if isinstance(found, Unchanged):
        return _of_unchanged(target, found, outcomes, details)
    if found.baseline:
        return replace(found, mentioning=_mentioning_too(target, found.mentioning, outcomes), details=details)
    if found.further or len(found.difference.changes) > _MOST_CHANGES:
        return replace(found, details=details)
    changes = [
        *_merged(target, found.difference.changes, outcomes),
        *_changes(source.uncompared, outcomes, found.difference.changes),
    ]
    news, mentioning = news_of(target, changes, found.mass, baseline=False)
    difference = replace(found.difference, changes=changes)
    return replace(
        found,
        difference=difference,
        news=news,
        mentioning=mentioning,
        details=details,
    )


def _of_unchanged(
    target: CheckTarget, found: Unchanged, outcomes: Sequence[Outcome], details: DetailsRead
) -> Unchanged | DetailsChanged:
    changes = list(_changes(target.source.uncompared, outcomes, ()))
    if not changes:
        return replace(found, details=details)
    news, mentioning = news_of(target, changes, None, baseline=False)
    stored = target.store.pages(target.name)
    moved = {page.body_hash: page for page in found.validators or ()}
    pages = [
        replace(page, etag=new.etag, last_modified=new.last_modified) if (new := moved.get(page.body_hash)) else page
        for page in stored
    ]
    order = target.store.known(target.name).order
    return DetailsChanged(pages, order, found.full, news, mentioning, details)


def _read(source: Detailed, came: Came, made: str, now: datetime) -> Outcome:
    """Read one page. An error is an outcome: the last values stay."""
    assert source.detail  # noqa: S101 - checked by the caller
    options, (wanted, page, error) = source.detail, came
    known = wanted.detail or Detail()
    due, again = now + options.reread, now + min(AGAIN, options.reread)
    if page is None:
        if error:
            return Outcome(wanted, known._replace(trouble=error.message), again)
        return Outcome(wanted, known._replace(made=made, trouble=""), due)  # it has no page of its own
    if page.status == 304:
        return Outcome(wanted, known._replace(trouble=""), due)
    body, etag, modified = (
        body_fingerprint(page.body).hex(),
        page.headers.get("etag"),
        page.headers.get("last-modified"),
    )
    if known.made == made and body == known.body:
        return Outcome(wanted, Detail(known.fields, made, page.url, etag, modified, body), due)
    try:
        entries = [item for item in read_page(options.reader, page) if isinstance(item, Entry)]
        fields = options.fields_of(entries, page.url)
    except SourceError as failed:
        return Outcome(wanted, known._replace(trouble=_bare(failed).message), again)
    detail = Detail(fields, made, page.url, etag, modified, body)
    return Outcome(wanted, detail, due, page, first=known.made != made)


def _changes(ignore: Collection[str], outcomes: Sequence[Outcome], listed: Sequence[Change]) -> Iterator[Change]:
    """The changes on pages of entries that are in the list as they were; `listed` are those of the list."""
    moved = {change.entry.key for change in listed}
    for each in outcomes:
        if each.page is None or each.first or each.wanted.entry.key in moved:
            continue
        entry, known = each.wanted.entry, each.wanted.detail or Detail()
        before, after = merged(entry, known.fields), merged(entry, each.detail.fields)
        fields = field_changes(before, after, ignore)
        if fields:
            yield Change(ChangeKind.CHANGED, before, after, fields)


def _merged(target: CheckTarget, changes: Sequence[Change], outcomes: Sequence[Outcome]) -> Iterator[Change]:
    """The changes of the list, with the fields of the entries' own pages on both sides."""
    known = target.store.details.of(target.name, [change.entry.key for change in changes])
    read = {each.wanted.mark: each for each in outcomes}
    ignore = target.source.uncompared
    for change in changes:
        old = _only(known.get(change.entry.key, ()))
        outcome = read.get(entry_fingerprint(change.after, ignore)) if change.after else None
        yield _with_fields(change, old, outcome, ignore)


def _with_fields(change: Change, old: Detail | None, outcome: Outcome | None, ignore: Collection[str]) -> Change:
    was = old.fields if old and change.before else {}
    now = outcome.detail.fields if outcome else was
    if outcome and outcome.first and change.before:
        was = now  # the first reading of a page is no change
    before, after = merged(change.before, was), merged(change.after, now)
    return Change(change.kind, before, after, field_changes(before, after, ignore))


def merged(entry: Entry | None, fields: Mapping[str, str]) -> Entry | None:
    """The entry with the fields of its own page; of two with one name, that of the page."""
    if entry is None or not fields:
        return entry
    return Entry.of_parts(entry.key, entry.title, {**entry.fields, **fields}, entry.url, entry.published, entry.text)


def _mentioning_too(
    target: CheckTarget, mentioning: Sequence[Mentioning], outcomes: Sequence[Outcome]
) -> list[Mentioning]:
    """The entries of a baseline that mention somebody, with what stands on the pages that were read."""
    changes = [
        Change(ChangeKind.ADDED, None, after, {})
        for each in outcomes
        if each.page and (after := merged(each.wanted.entry, each.detail.fields))
    ]
    read = {change.entry.key: Mentioning(change.entry, found) for change, found in mentioned(target, changes) if found}
    return [*(read.pop(each.entry.key, each) for each in mentioning), *read.values()]


def _written(target: CheckTarget, outcomes: Sequence[Outcome], *, new: bool) -> DetailsRead:
    """What to write of the pages; those that were read anew are evidence. A `new` source has no stored ones."""
    troubles = {} if new else target.store.details.troubles(target.name)
    for each in outcomes:
        troubles.pop(each.wanted.entry.key, None)
        if each.detail.trouble:
            troubles[each.wanted.entry.key] = each.detail.trouble
    said = ""
    if troubles:
        said = f"{len(troubles)} details could not be read, the last: {list(troubles.values())[-1]}"
        log.warning("%s: %s", target.name, said)
    reads = [DetailRead(each.wanted.mark, each.detail, each.due) for each in outcomes]
    return DetailsRead(reads, [keep(each.page) for each in outcomes if each.page], said)


def _only(found: Sequence[Detail]) -> Detail | None:
    """The detail of the only entry with a key."""
    return found[0] if len(found) == 1 else None


def _bare(error: SourceError) -> SourceError:
    """The error without what refers to the frames of the check."""
    error.__traceback__ = error.__context__ = None
    return error
