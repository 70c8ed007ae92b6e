"""The pages of entries (`detail`): which are read in a check, and what has changed on them.

Those of new and changed entries are read at once, all others in rotation, together at most `detail.max_pages` in a
check. The first reading of a page is no change. One that cannot be read keeps its last values.
"""

import logging
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import islice
from typing import NamedTuple, TypeAlias

from sources import Entry, FetchError, Get, Page, SourceError
from sources.http.exchange import Validators
from sources.options import WAIT_FOR
from sources.pagination.detail import Detailed, DetailOptions
from sources.reading.engine import read_page
from sources.reading.entry_fingerprints import entry_fingerprint
from state.compare.changes import field_changes
from state.compare.reader_fingerprints import body_fingerprint, reading_fingerprint
from state.model import Change, ChangeKind, Detail, DetailRead, Difference, DueDetail, SourceState
from watcher.check.context import CheckTarget
from watcher.check.fetching import CheckIO, keep, validators_of
from watcher.check.matching import find_mentions, news_of
from watcher.check.outcome import Accepted, DetailsChanged, DetailsRead, Found, Mentioning, Unchanged, without_frames

log = logging.getLogger(__name__)

AGAIN = timedelta(hours=1)  # until a page that could not be read is tried again
_MOST_CHANGES = 5_000  # of a list at once; beyond, they are told without the fields of their pages

# What came of the page of one entry: the page (its status is 304 if it has not changed), or the error; None without one
DetailPage: TypeAlias = tuple[DueDetail, Page | SourceError | None]


class ReadDetail(NamedTuple):
    """The page of one entry, read: the detail after it; `page` is the page if it has changed or is the first."""

    wanted: DueDetail
    detail: Detail
    due: datetime
    page: Page | None = None
    first: bool = False


async def with_details(io: CheckIO, target: CheckTarget, state: SourceState, found: Found, now: datetime) -> Found:
    """The outcome of a check together with that of the pages of entries that are read in it. Raises ReadError."""
    source = target.source
    if not isinstance(found, Accepted | Unchanged) or not isinstance(source, Detailed) or not source.detail:
        return found
    details = _Details(target, state, source, source.detail, now)
    wanted = await io.offload(details.choose, found)
    pages = await details.fetch(io, wanted)
    changed = isinstance(found, Accepted) and bool(found.difference.changes)
    return await io.offload(details.add_to, found, pages) if pages or changed else found


class _Details:
    """The pages of entries in one check. `made` is the fingerprint of how they are read: after an edit, the next
    reading of each is a first one.
    """

    def __init__(
        self, target: CheckTarget, state: SourceState, source: Detailed, options: DetailOptions, now: datetime
    ) -> None:
        self._target, self._state, self._source, self._options, self._now = target, state, source, options, now
        self._stored, self._ignore = target.store.details, source.uncompared
        self._made = reading_fingerprint(source.detail_reader(options), target.hide)[:16]

    def choose(self, found: Accepted | Unchanged) -> list[DueDetail]:
        """The entries whose pages are read now: the new and changed ones, then those that are due."""
        most, new, changed = self._options.max_pages, list[DueDetail](), set[str]()
        if isinstance(found, Accepted):
            keys = [change.entry.key for change in islice(found.difference.changes, _MOST_CHANGES) if change.after]
            known = {} if found.baseline else self._stored.of(self._target.name, keys[:most])
            entries = (change.after for change in found.difference.changes if change.after)
            for entry in islice(entries, most):
                new.append(DueDetail(entry_fingerprint(entry, self._ignore), entry, _only(known.get(entry.key, ()))))
            if found.baseline or len(new) >= most:
                return new
            changed = {change.entry.key for change in found.difference.changes}
        due = self._stored.due(self._target.name, self._made, self._now, most + len(changed))
        return [*new, *(each for each in due if each.entry.key not in changed)][:most]

    async def fetch(self, io: CheckIO, wanted: Sequence[DueDetail]) -> list[DetailPage]:
        """The pages, one after the other: each waits for its host. Stops if the site is silent, or asks to wait."""
        pages, failures = list[DetailPage](), 0
        for each in wanted:
            request, known = detail_request(self._source, each.entry), each.detail
            if not request:
                pages.append((each, None))
                continue
            same = known and known.made == self._made  # else the page is needed as it is
            validators = Validators(known.etag, known.last_modified, known.url) if known and same else None
            try:
                pages.append((each, await io.fetch(request, validators)))
                failures = 0
            except FetchError as error:
                pages.append((each, without_frames(error)))
                failures += 1
                if error.retry_after or failures >= 3:  # one after the other; beyond, the check asks for no more pages
                    break
        return pages

    def add_to(self, found: Accepted | Unchanged, pages: Sequence[DetailPage]) -> Found:
        """Read the pages, and add what has changed on them to the outcome. Raises ReadError."""
        read = [self._read(*each) for each in pages]
        details = self._details_read(read, new=isinstance(found, Accepted) and found.baseline)
        if isinstance(found, Unchanged):
            return self._add_to_unchanged(found, read, details)
        if found.baseline:  # the entries that mention somebody, with what is on the pages that were read
            with_fields = [
                Change(ChangeKind.ADDED, None, after, {})
                for each in read
                if each.page and (after := merge_fields(each.wanted.entry, each.detail.fields))
            ]
            found_in = find_mentions(self._target, with_fields)
            by_key = {change.entry.key: Mentioning(change.entry, names) for change, names in found_in if names}
            mentioning = [*(by_key.pop(each.entry.key, each) for each in found.mentioning), *by_key.values()]
            return replace(found, mentioning=mentioning, details=details)
        if found.further or len(found.difference.changes) > _MOST_CHANGES:
            return replace(found, details=details)
        listed = found.difference.changes
        changes = [*self._with_fields(listed, read), *self._changes_on_pages(read, listed)]
        news, mentioning = news_of(self._target, changes, found.mass, baseline=False)
        difference = replace(found.difference, changes=changes)
        return replace(found, difference=difference, news=news, mentioning=mentioning, details=details)

    def _add_to_unchanged(
        self, found: Unchanged, read: Sequence[ReadDetail], details: DetailsRead
    ) -> Unchanged | DetailsChanged:
        changes = list(self._changes_on_pages(read, ()))
        if not changes:
            return found._replace(details=details)
        name, store = self._target.name, self._target.store
        news, mentioning = news_of(self._target, changes, None, baseline=False)
        validators = {page.body_hash: (page.etag, page.last_modified) for page in found.validators or ()}
        known = [(page, validators.get(page.body_hash)) for page in store.pages(name)]
        pages = [page._replace(etag=now[0], last_modified=now[1]) if now else page for page, now in known]
        same = Difference((), (), {}, {}, self._state.digest, self._state.entries, store.known(name).order)
        return DetailsChanged(same, pages, found.full, news, mentioning, details)

    def _read(self, wanted: DueDetail, page: Page | SourceError | None) -> ReadDetail:
        """Read one page. An error is an outcome: the last values stay."""
        known, made = wanted.detail or Detail(), self._made
        due, again = self._now + self._options.reread, self._now + min(AGAIN, self._options.reread)
        if isinstance(page, SourceError):
            return ReadDetail(wanted, known._replace(trouble=page.message), again)
        if page is None:  # it has no page of its own
            return ReadDetail(wanted, known._replace(made=made, trouble=""), due)
        if page.status == 304:
            return ReadDetail(wanted, known._replace(trouble=""), due)
        body, etag, modified = body_fingerprint(page.content).hex(), *validators_of(page)
        if known.made == made and body == known.body:
            return ReadDetail(wanted, Detail(known.fields, made, page.url, etag, modified, body), due)
        try:
            fields = read_fields(self._source, self._options, page)
        except SourceError as failed:
            return ReadDetail(wanted, known._replace(trouble=without_frames(failed).message), again)
        detail = Detail(fields, made, page.url, etag, modified, body)
        return ReadDetail(wanted, detail, due, page, first=known.made != made)

    def _changes_on_pages(self, read: Sequence[ReadDetail], listed: Sequence[Change]) -> Iterator[Change]:
        """The changes on pages of entries that are in the list as they were; `listed` are those of the list."""
        moved = {change.entry.key for change in listed}
        for each in read:
            if each.page is None or each.first or each.wanted.entry.key in moved:
                continue
            entry, known = each.wanted.entry, each.wanted.detail or Detail()
            before, after = merge_fields(entry, known.fields), merge_fields(entry, each.detail.fields)
            fields = field_changes(before, after, self._ignore, about_one=True)
            if fields:
                yield Change(ChangeKind.CHANGED, before, after, fields)

    def _with_fields(self, changes: Sequence[Change], read: Sequence[ReadDetail]) -> Iterator[Change]:
        """The changes of the list, with the fields of the pages of their entries on both sides."""
        # One that was rekeyed has the page that was read under its former key.
        known = self._stored.of(self._target.name, [(change.before or change.entry).key for change in changes])
        by_mark = {each.wanted.mark: each for each in read}
        for change in changes:
            old = _only(known.get((change.before or change.entry).key, ()))
            detail = by_mark.get(entry_fingerprint(change.after, self._ignore)) if change.after else None
            was = old.fields if old and change.before else {}
            now = detail.detail.fields if detail else was
            if detail and change.before and (old is None or old.made != self._made):
                was = now  # the first reading of a page is no change
            before, after = merge_fields(change.before, was), merge_fields(change.after, now)
            fields = field_changes(before, after, self._ignore, about_one=True)
            yield Change(change.kind, before, after, fields)

    def _details_read(self, read: Sequence[ReadDetail], *, new: bool) -> DetailsRead:
        """What to write of the pages; those that were read anew are evidence. A `new` source has no stored ones."""
        troubles = {} if new else self._stored.troubles(self._target.name)
        for each in read:
            troubles.pop(each.wanted.entry.key, None)
            if each.detail.trouble:
                troubles[each.wanted.entry.key] = each.detail.trouble
        trouble = ""
        if troubles:
            trouble = f"{len(troubles)} details could not be read, the last: {list(troubles.values())[-1]}"
            log.warning("%s: %s", self._target.name, trouble)
        reads = [DetailRead(each.wanted.mark, each.detail, each.due) for each in read]
        return DetailsRead(reads, [keep(self._target.source, each.page) for each in read if each.page], trouble)


def detail_request(source: Detailed, entry: Entry) -> Get | None:
    """The request for an entry's own page, None if it has none."""
    url = source.detail_url(entry)
    if not url or not source.detail:
        return None
    # What a browser waits for in the list is not on the page of an entry.
    return Get(url, carry={WAIT_FOR: source.detail.reader.wait_for} if source.fetch == "browser" else {})


def read_fields(source: Detailed, options: DetailOptions, page: Page) -> dict[str, str]:
    """The fields on the page of an entry. Raises SourceError."""
    items = read_page(source.detail_reader(options), page)
    return options.fields_of([item for item in items if isinstance(item, Entry)], page.url)


def merge_fields(entry: Entry | None, fields: Mapping[str, str]) -> Entry | None:
    """The entry with the fields of its own page; of two with one name, that of the page."""
    if entry is None or not fields:
        return entry
    return Entry.of_parts(entry.key, entry.title, {**entry.fields, **fields}, entry.url, entry.published, entry.text)


def _only(found: Sequence[Detail]) -> Detail | None:
    """The detail of the only entry with a key."""
    return found[0] if len(found) == 1 else None
