"""What a limited reader finds in the state: each table as if it had only the rows that he may see.

Before each query stands a common table expression with the name of each table in it, which takes the table's place:
`WITH events AS (SELECT ... FROM main.events WHERE ...)`. So what is counted, joined, ordered and paged is his part,
whoever wrote the query, and what he may not see is not there. A table without a rule here is empty to him.

What is written goes to the whole state: who acts on a row looks for it first.
https://www.sqlite.org/lang_with.html, https://www.postgresql.org/docs/current/queries-with.html
"""

import re
import sqlite3
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from sqlalchemy import (
    JSON,
    BigInteger,
    ColumnElement,
    Dialect,
    Select,
    Table,
    Text,
    and_,
    case,
    cast,
    exists,
    false,
    func,
    literal,
    null,
    or_,
    select,
)
from sqlalchemy.dialects.postgresql import JSONB

from state.db.backend import Database
from state.db.tables import core, evidence, history, people, readers, rhythm
from state.db.tables.core import DELIVERIES, ENTRIES, EVENTS, MENTIONS, MESSAGES, SOURCES, TableRow
from state.model import EventKind, Standing

_QUERY = re.compile(r"\s*(SELECT\b|WITH\s+(?:RECURSIVE\b)?)", re.IGNORECASE)
_WORD = re.compile(r"\w+")
# Each has rows of persons, who ask for their own by name, or nothing that a source or an entity has said.
_OPEN = (
    *(core.LEASES, core.WORKERS, people.VISITS, people.FEED_KEYS, rhythm.BUDGET),
    *(readers.READERS, readers.FOLLOWS, readers.PUSHES, readers.TOKENS),
)
_OF_SOURCES = (core.STAGINGS, history.UNREAD, history.TALLIES, rhythm.RHYTHMS)
_HELD = "snapshot 0123456789ab of source "  # as long as any, before the name of the source
_MENTION, _DELIVERY = MENTIONS.alias(), DELIVERIES.alias()


class VisibleNames(NamedTuple):
    """The only sources and, unless it is None, the only entities that a limited reader may see; `cases` whether these
    are all sources with changes about them, so that also what is said of a case as a whole may be seen.
    """

    sources: tuple[str, ...]
    entities: tuple[str, ...] | None = None
    cases: bool = False


def limit(database: Database, names: VisibleNames) -> Database:
    """The database as a limited reader finds it. Raises StateError."""
    with database.reading() as connection:
        schema = connection.scalar(select(func.current_schema())) if connection.dialect.name != "sqlite" else "main"
        return database.rewriting(_Rewriting(names, connection.dialect, str(schema)))


class _Rewriting:
    """Puts what takes the place of tables before a query. Safe for threads."""

    def __init__(self, names: VisibleNames, dialect: Dialect, schema: str) -> None:
        self._rules = {table.name: rule for table, rule in _rules(names, dialect.name)}
        self._dialect, self._schema = dialect, schema
        hinted = dialect.name != "sqlite" or sqlite3.sqlite_version_info >= (3, 35)
        self._as = "AS NOT MATERIALIZED" if hinted else "AS"  # else a table that is named twice would be copied
        self._texts = dict[str, str]()

    def __call__(self, statement: str) -> str:
        """The statement over what may be seen."""
        begin = _QUERY.match(statement)
        tables = TableRow.metadata.tables.keys() & _WORD.findall(statement) if begin else ()
        if not begin or not tables:
            return statement
        views = ", ".join(f'"{name}" {self._as} ({self._view(name)})' for name in sorted(tables))
        if begin[1].upper() == "SELECT":
            return f"WITH {views} {statement}"
        return f"{begin[0]} {views}, {statement[begin.end() :]}"

    def _view(self, name: str) -> str:
        if name not in self._texts:
            table = TableRow.metadata.tables[name]
            made = self._rules.get(name, select(table).where(false())).compile(
                dialect=self._dialect,
                schema_translate_map={None: self._schema},
                render_schema_translate=True,
                compile_kwargs={"literal_binds": True},
            )
            self._texts[name] = str(made)
        return self._texts[name]


class _Visible:
    """The conditions for what may be seen: of a source, an event, and of what belongs to one."""

    def __init__(self, names: VisibleNames) -> None:
        self.sources, self.entities = names.sources, names.entities
        self.cases = (names.entities or ()) if names.cases else ()
        self.source = SOURCES.c.name.in_(names.sources)
        self.event: ColumnElement[bool] = EVENTS.c.source.in_(names.sources)
        if names.entities is not None:
            mine = exists().where(_MENTION.c.event_id == EVENTS.c.id, _MENTION.c.entity.in_(names.entities))
            self.event = and_(self.event, EVENTS.c.kind == EventKind.CHANGE.value, mine)

    def of_event(self, number: ColumnElement[Any]) -> ColumnElement[bool]:
        return exists().where(EVENTS.c.id == number, self.event)

    def of_source(self, number: ColumnElement[Any]) -> ColumnElement[bool]:
        return number.in_(select(SOURCES.c.id).where(self.source))

    def of_message(self, number: ColumnElement[Any]) -> ColumnElement[bool]:
        """Whether all that went into a message may be seen."""
        part, seen = exists().where(_DELIVERY.c.message_id == number), self.of_event(_DELIVERY.c.event_id)
        return and_(part.where(seen), ~part.where(~seen))

    def of_subject(self, subject: ColumnElement[str]) -> ColumnElement[bool]:
        """Whether a text such as `change 12`, `proof 12`, `case telegram` or `snapshot 1a2b of source fca` is about
        something that may be seen.
        """
        kinds = ("change ", "proof ") if self.entities is None else ("change ",)
        numbers = {each: cast(func.substr(subject, len(each) + 1), BigInteger) for each in kinds}
        seen = [self.of_event(case((subject.startswith(each), numbers[each]), else_=null())) for each in kinds]
        seen.append(subject.in_([f"case {entity}" for entity in self.cases]))
        if self.entities is None:
            held = func.substr(subject, len(_HELD) + 1).in_(self.sources)
            seen.append(and_(subject.startswith("snapshot "), held))
        return or_(*seen)


def _rules(names: VisibleNames, dialect: str) -> Iterator[tuple[Table, Select[Any]]]:
    """Of each table that has something for a limited reader, the rows, and where he sees less of them, the columns."""
    seen = _Visible(names)
    for table in _OPEN:
        yield table, select(table)
    for table in _OF_SOURCES:
        yield table, select(table).where(seen.of_source(table.c.source_id))
    for table in (people.HANDLED, people.ESCALATIONS):
        yield table, select(table).where(seen.of_event(table.c.event_id))
    for table in (readers.COMMENTS, readers.MARKS, readers.SHARES):
        yield table, select(table).where(seen.of_subject(table.c.subject))
    requests, message = core.CHECK_REQUESTS, DELIVERIES.c.message_id
    yield requests, select(requests).where(requests.c.source.in_(names.sources))
    whole = message.is_(None) | seen.of_message(message)
    yield DELIVERIES, select(DELIVERIES).where(seen.of_event(DELIVERIES.c.event_id), whole)
    yield MESSAGES, select(MESSAGES).where(seen.of_message(MESSAGES.c.id))
    yield people.APPROVALS, select(people.APPROVALS).where(seen.of_message(people.APPROVALS.c.message_id))
    yield from _of_whole_sources(seen) if names.entities is None else _of_some_entities(seen, names.entities, dialect)


def _of_whole_sources(seen: _Visible) -> Iterator[tuple[Table, Select[Any]]]:
    captures, proofs = evidence.CAPTURES, evidence.PROOFS
    for table in (core.WINDOWS, core.BODIES, core.PAGES, history.UNDOS):
        yield table, select(table).where(seen.of_source(table.c.source_id))
    for table in (evidence.FILES, evidence.CHAIN, evidence.HOLDINGS, evidence.ANSWERS):  # fingerprints, of all sources
        yield table, select(table)
    yield captures, select(captures).where(captures.c.source.in_(seen.sources))
    yield proofs, select(proofs).where(seen.of_event(proofs.c.event_id))
    yield SOURCES, select(SOURCES).where(seen.source)
    yield ENTRIES, select(ENTRIES).where(seen.of_source(ENTRIES.c.source_id))
    yield EVENTS, select(EVENTS).where(seen.event)
    yield MENTIONS, select(MENTIONS).where(seen.of_event(MENTIONS.c.event_id))


def _of_some_entities(seen: _Visible, entities: Sequence[str], dialect: str) -> Iterator[tuple[Table, Select[Any]]]:
    """What is kept of a whole page is nothing to who may see some entities alone: neither captures nor the past."""
    yield MENTIONS, select(MENTIONS).where(MENTIONS.c.entity.in_(entities), seen.of_event(MENTIONS.c.event_id))
    data = EVENTS.c.data  # what a change tells of others that it stands for may be about somebody else
    less: ColumnElement[Any] = func.json_remove(data, "$.more")
    if dialect != "sqlite":
        less = cast(cast(data, JSONB).op("-")(literal("more", Text)), JSON)
    yield EVENTS, _replace(EVENTS, data=less).where(seen.event)
    told = and_(EVENTS.c.source == SOURCES.c.name, EVENTS.c.entry_key == ENTRIES.c.key, seen.event)
    entry = exists().where(SOURCES.c.id == ENTRIES.c.source_id, told)
    yield ENTRIES, select(ENTRIES).where(seen.of_source(ENTRIES.c.source_id), entry)
    # the reason of a doubt or a failure may quote an entry; its number of entries is of all of them
    present = ENTRIES.c.standing == Standing.PRESENT.value
    number = select(func.count()).where(ENTRIES.c.source_id == SOURCES.c.id, present, exists().where(told))
    hidden = _replace(SOURCES, message=null(), held=literal(b""), history_from=null(), entries=number.scalar_subquery())
    yield SOURCES, hidden.where(seen.source)


def _replace(table: Table, **columns: ColumnElement[Any]) -> Select[Any]:
    """All of a table, with other values in some columns."""
    return select(*(columns.get(column.name, column).label(column.name) for column in table.c))
