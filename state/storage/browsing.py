"""Pages of what is stored, for people and programs that look: changes, with their counts, and entries."""

from collections.abc import Collection, Iterator, Sequence
from datetime import date, datetime
from itertools import accumulate
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Row, Select, Text, cast, exists, func, literal, select, text, tuple_

from sources import Entry
from sources.text import fold_case
from state.db.repository import Repository
from state.db.rows import read_stored_entry
from state.db.tables.core import ENTRIES, EVENTS, MENTIONS, SOURCES
from state.db.tables.people import HANDLED
from state.db.tables.readers import MARKS
from state.db.tables.seldom import TOLD_CHANGES
from state.model import Event, EventKind, Standing
from state.storage.entries import of_source
from state.storage.events import read_events
from state.storage.staging import VALID

MOST = 500  # changes or entries on one page
MOST_BYTES = 8_000_000  # characters of all changes on one page, as they are stored
_SIZE = func.length(cast(EVENTS.c.data, Text))


class PageEnd(NamedTuple):
    """Where a page of events ended: the next one begins below it."""

    at: datetime
    id: int


class ChangeFilter(NamedTuple):
    """Which changes are wanted; None means all. `after` and `before` are exclusive.

    `title` is looked for in the entry's title, without regard to case where the database knows the script, and in what
    machines translated. `entity` may be `*`: any watched entity, or "": none. `key` is that of the entry. `handled`
    tells new (False) from handled ones (True). They are `assigned` to somebody, and of an `importance`.
    """

    source: str | None = None
    entity: str | None = None
    change: str | None = None
    authority: str | None = None
    after: datetime | None = None
    before: datetime | None = None
    title: str | None = None
    handled: bool | None = None
    key: str | None = None
    assigned: str | None = None
    importance: str | None = None

    @property
    def is_about_marks(self) -> bool:
        """Whether it asks what people made of changes, which may be another thing without a new change."""
        return (self.handled, self.assigned, self.importance) != (None, None, None)


ANY_CHANGE = ChangeFilter()


class Daily(NamedTuple):
    """The number of changes of one kind on one day (UTC)."""

    day: date
    change: str
    number: int


class EntityMentions(NamedTuple):
    """An entity, how many events mention it, and when the last of them was."""

    entity: str
    events: int
    last: datetime


class ChangePage(NamedTuple):
    """Some changes, newest first, and where the next page begins, if there is one."""

    events: Sequence[Event]
    next: PageEnd | None


class Browsing(Repository):
    """The part of the Store that looks through the log in pages."""

    def changes(
        self, wanted: ChangeFilter = ANY_CHANGE, *, below: PageEnd | None = None, limit: int = 50
    ) -> ChangePage:
        """At most `limit` (500 at most) changes that pass the filter, newest first, from below a place; fewer where all
        would have more than `MOST_BYTES`.
        """
        limit = min(limit, MOST)
        statement = select(EVENTS).where(*_conditions(wanted)).order_by(EVENTS.c.at.desc(), EVENTS.c.id.desc())
        if below is not None:
            statement = statement.where(tuple_(EVENTS.c.at, EVENTS.c.id) < tuple_(below.at, below.id))
        with self._database.reading() as connection:
            sizes = connection.scalars(statement.with_only_columns(_SIZE).limit(limit + 1)).all()
            fitting = max(1, sum(size <= MOST_BYTES for size in accumulate(sizes[:limit])))
            events = read_events(connection, statement.limit(fitting))
        end = PageEnd(events[-1].at, events[-1].id) if events and len(sizes) > fitting else None
        return ChangePage(events, end)

    def in_order(self, wanted: ChangeFilter) -> Iterator[Event]:
        """All changes that pass the filter, the oldest first; `MOST` are in memory at once."""
        place: PageEnd | None = None
        while True:
            statement = select(EVENTS).where(*_conditions(wanted)).order_by(EVENTS.c.at, EVENTS.c.id).limit(MOST)
            if place is not None:
                statement = statement.where(tuple_(EVENTS.c.at, EVENTS.c.id) > tuple_(place.at, place.id))
            events = self._ask(read_events, statement)
            yield from events
            if len(events) < MOST:
                return
            place = PageEnd(events[-1].at, events[-1].id)

    def daily(self, source: str, since: datetime) -> list[Daily]:
        """The changes of a source by day and kind; an event that stands for several counts as so many."""
        day, kind = func.date(EVENTS.c.at), EVENTS.c.data["change"].as_string()
        number = func.sum(1 + func.coalesce(EVENTS.c.data[("more", "count")].as_integer(), 0))
        wanted = select(day, kind, number).group_by(text("1"), text("2")).order_by(text("1"))
        wanted = wanted.where(EVENTS.c.source == source, EVENTS.c.at >= since, EVENTS.c.kind == EventKind.CHANGE.value)
        rows = self._rows(wanted)
        return [Daily(date.fromisoformat(str(day)), change, int(count)) for day, change, count in rows]

    def sources_about(self, entities: Collection[str]) -> list[str]:
        """The names of the sources with changes that mention one of these entities."""
        mentioned = MENTIONS.join(EVENTS, EVENTS.c.id == MENTIONS.c.event_id)
        wanted = select(EVENTS.c.source).distinct().select_from(mentioned).where(MENTIONS.c.entity.in_(entities))
        rows = self._rows(wanted.where(EVENTS.c.kind == EventKind.CHANGE.value).order_by(EVENTS.c.source))
        return [row.source for row in rows]

    def count_mentions(self) -> list[EntityMentions]:
        """The entities that events mention, the last mentioned first."""
        counts = select(MENTIONS.c.entity, func.count(MENTIONS.c.event_id.distinct()), func.max(MENTIONS.c.event_id))
        with self._database.reading() as connection:
            found = connection.execute(counts.group_by(MENTIONS.c.entity)).all()
            last = select(EVENTS.c.id, EVENTS.c.at).where(EVENTS.c.id.in_([event for _, _, event in found]))
            times = {row.id: row.at for row in connection.execute(last)}
        named = [EntityMentions(entity, count, times[event]) for entity, count, event in found if event in times]
        return sorted(named, key=lambda each: each.last, reverse=True)


def _conditions(wanted: ChangeFilter) -> list[ColumnElement[bool]]:
    conditions = [EVENTS.c.kind == EventKind.CHANGE.value]
    exact = (
        (EVENTS.c.source, wanted.source),
        (EVENTS.c.authority, wanted.authority),
        (EVENTS.c.entry_key, wanted.key),
        (EVENTS.c.data["change"].as_string(), wanted.change),
    )
    conditions += [column == value for column, value in exact if value is not None]
    if wanted.title:
        told = exists().where(TOLD_CHANGES.c.event_id == EVENTS.c.id)
        told = told.where(TOLD_CHANGES.c.words.icontains(wanted.title, autoescape=True))
        conditions.append(EVENTS.c.data["title"].as_string().icontains(wanted.title, autoescape=True) | told)
    if wanted.after is not None:
        conditions.append(EVENTS.c.at > wanted.after)
    if wanted.before is not None:
        conditions.append(EVENTS.c.at < wanted.before)
    if wanted.entity is not None:
        mentions = exists().where(MENTIONS.c.event_id == EVENTS.c.id)
        of_one = mentions.where(MENTIONS.c.entity == wanted.entity)
        conditions.append({"*": mentions, "": ~mentions}.get(wanted.entity, of_one))
    return [*conditions, *_conditions_on_marks(wanted)] if wanted.is_about_marks else conditions


def _conditions_on_marks(wanted: ChangeFilter) -> list[ColumnElement[bool]]:
    conditions, subject = list[ColumnElement[bool]](), literal("change ").concat(cast(EVENTS.c.id, Text))
    if wanted.handled is not None:
        is_handled = exists().where(HANDLED.c.event_id == EVENTS.c.id)
        conditions.append(is_handled if wanted.handled else ~is_handled)
    if wanted.assigned is not None:
        conditions.append(subject.in_(select(MARKS.c.subject).where(MARKS.c.assigned == wanted.assigned)))
    if wanted.importance == "normal":
        conditions.append(subject.not_in(select(MARKS.c.subject).where(MARKS.c.importance != wanted.importance)))
    elif wanted.importance is not None:
        conditions.append(subject.in_(select(MARKS.c.subject).where(MARKS.c.importance == wanted.importance)))
    return conditions


_NAMES = ("id", "standing", "left", "key", "title", "url", "published", "fields", "detail")
_COLUMNS = tuple(ENTRIES.c[name] for name in _NAMES)


class SeenEntry(NamedTuple):
    """A stored entry: its number, its source, and its standing. `left` is when it was seen to be absent."""

    id: int
    source: str
    standing: Standing
    left: datetime | None
    entry: Entry


class EntryPage(NamedTuple):
    """Some entries in the order of their numbers, and the number that the next page is beyond, if there is one."""

    entries: Sequence[SeenEntry]
    next: int | None


class EntryFingerprint(NamedTuple):
    """The fingerprint of an entry (of key and content), its number, and its standing, with the beginning of the
    fingerprint of its detail: they change with the entry.
    """

    mark: bytes
    id: int
    standing: str


class SourceStamp(NamedTuple):
    """What changes whenever a source's stored entries do. `accepted` tells a state from another one in its place."""

    id: int
    name: str
    revision: int
    digest: bytes
    accepted: datetime | None


class EntryBrowsing(Repository):
    """The part of the Store that looks at stored entries."""

    def entries(self, numbers: Collection[int], *, longest: int | None = None) -> dict[int, SeenEntry]:
        """Those of these entries that are there, by number. Of their texts, the first `longest` characters."""
        return {row.id: _seen(row) for row in self._rows_in(_select(longest), ENTRIES.c.id, numbers)}

    def newest(self, *, below: int | None = None, limit: int = 50, longest: int | None = None) -> list[SeenEntry]:
        """The entries that were stored last, the newest first, with numbers below a given one."""
        wanted = _select(longest).order_by(ENTRIES.c.id.desc()).limit(limit)
        if below is not None:
            wanted = wanted.where(ENTRIES.c.id < below)
        return list(map(_seen, self._rows(wanted)))

    def page(self, source: str, *, above: int = 0, limit: int = 50) -> EntryPage:
        """At most `limit` (500 at most) present entries of a source with numbers above one."""
        limit, present = min(limit, MOST), ENTRIES.c.standing == Standing.PRESENT.value
        with self._database.reading() as connection:  # the numbers first: beside the sources all rows would be sorted
            mine = of_source(connection, connection.scalar(select(SOURCES.c.id).where(SOURCES.c.name == source)) or 0)
            wanted = select(ENTRIES.c.id).where(mine, present, ENTRIES.c.id > above, VALID)
            numbers = connection.scalars(wanted.order_by(ENTRIES.c.id).limit(limit + 1)).all()
        there = self.entries(numbers[:limit])
        entries = [there[number] for number in numbers[:limit] if number in there]
        return EntryPage(entries, numbers[limit - 1] if len(numbers) > limit else None)

    def search(self, sources: Sequence[str], words: str, above: int = 0) -> Iterator[tuple[SeenEntry, bool]]:
        """Look through the present entries of these sources, in the first one from those with numbers above one on:
        each, and whether it has all words.
        """
        for source in sources:
            following: int | None = above
            while following is not None:
                page = self.page(source, above=following, limit=MOST)
                yield from ((each, has_words(each.entry, words)) for each in page.entries)
                following = page.next
            above = 0

    def numbers(self) -> list[int]:
        """The numbers of all entries."""
        return [row.id for row in self._rows(select(ENTRIES.c.id).where(VALID))]

    def source_number(self, name: str) -> int | None:
        """The number of the source with this name, or None."""
        return next((row.id for row in self._rows(select(SOURCES.c.id).where(SOURCES.c.name == name))), None)

    def stamps(self) -> list[SourceStamp]:
        """The stamp of each source that is in the state."""
        wanted = select(*(SOURCES.c[name] for name in SourceStamp._fields)).order_by(SOURCES.c.id)
        return [SourceStamp(*row) for row in self._rows(wanted)]

    def fingerprints(self, source: int, after: int, limit: int) -> list[EntryFingerprint]:
        """The fingerprints of a source's entries with numbers above one, in their order: read in parts along an index,
        so that no transaction takes long.
        """
        detail = ENTRIES.c.detail["body"].as_string().label("detail")
        columns = (ENTRIES.c.mark, ENTRIES.c.id, ENTRIES.c.standing, detail)
        wanted = select(*columns).where(ENTRIES.c.source_id == source, ENTRIES.c.id > after, VALID)
        return [
            EntryFingerprint(bytes(mark), number, f"{standing} {body[:16]}" if body else standing)
            for mark, number, standing, body in self._rows(wanted.order_by(ENTRIES.c.id).limit(limit))
        ]


def has_words(entry: Entry, words: str) -> bool:
    """Whether an entry has all words somewhere, without regard to case."""
    text = fold_case("\n".join((entry.title, entry.key, entry.url or "", *entry.fields.values(), entry.text)))
    return all(word in text for word in fold_case(words).split())


def _select(longest: int | None) -> Select[Any]:
    text: ColumnElement[str] = ENTRIES.c.text if longest is None else func.substr(ENTRIES.c.text, 1, longest)
    joined = ENTRIES.join(SOURCES, SOURCES.c.id == ENTRIES.c.source_id)
    return select(*_COLUMNS, text.label("text"), SOURCES.c.name.label("source")).select_from(joined).where(VALID)


def _seen(row: Row[Any]) -> SeenEntry:
    return SeenEntry(row.id, row.source, Standing(row.standing), row.left, read_stored_entry(row))
