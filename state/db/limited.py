"""What a limited reader finds in the state: each table as if it had only the rows that he may see.

Before each query stands a common table expression with the name of each table in it, which takes the table's place:
`WITH events AS (SELECT ... FROM main.events WHERE ...)`. So what is counted, joined, ordered and paged is his part,
whoever wrote the query, and what he may not see is not there. A table without a rule here is empty to him.

What is written goes to the whole state: who acts on a row looks for it first.
https://www.sqlite.org/lang_with.html, https://www.postgresql.org/docs/current/queries-with.html
"""

import re
import sqlite3
from collections.abc import Iterator
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
# What is kept of a whole source, or of the whole watch, is nothing to who may see some entities alone.
_OF_SOURCES = (core.STAGINGS, history.UNREAD, history.TALLIES, rhythm.RHYTHMS)
_OF_WHOLE_SOURCES = (core.WINDOWS, core.BODIES, core.PAGES, history.UNDOS)
_OF_EVIDENCE = (evidence.FILES, evidence.CHAIN, evidence.HOLDINGS, evidence.ANSWERS)
_HELD = "snapshot 0123456789ab of source "  # as long as any, before the name of the source
_MENTION, _DELIVERY = MENTIONS.alias(), DELIVERIES.alias()


class VisibleNames(NamedTuple):
    """The only sources and, unless it is None, the only entities that a limited reader may see."""

    sources: tuple[str, ...]
    entities: tuple[str, ...] | None = None


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


def _rules(names: VisibleNames, dialect: str) -> Iterator[tuple[Table, Select[Any]]]:
    """Of each table that has something for a limited reader, the rows, and where he sees less of them, the columns."""
    source = SOURCES.c.name.in_(names.sources)
    event: ColumnElement[bool] = EVENTS.c.source.in_(names.sources)
    if names.entities is not None:
        mine = exists().where(_MENTION.c.event_id == EVENTS.c.id, _MENTION.c.entity.in_(names.entities))
        event = and_(event, EVENTS.c.kind == EventKind.CHANGE.value, mine)

    def of_event(number: ColumnElement[Any]) -> ColumnElement[bool]:
        return exists().where(EVENTS.c.id == number, event)

    def of_source(number: ColumnElement[Any]) -> ColumnElement[bool]:
        return number.in_(select(SOURCES.c.id).where(source))

    def of_subject(subject: ColumnElement[str]) -> ColumnElement[bool]:
        """Whether a text such as `change 12`, `proof 12`, `case telegram` or `snapshot 1a2b of source fca` is about
        something that he may see.
        """

        def about(kind: str) -> tuple[ColumnElement[bool], ColumnElement[str]]:
            return subject.startswith(f"{kind} "), func.substr(subject, len(kind) + 2)

        is_case, entity = about("case")
        seen = is_case if names.entities is None else and_(is_case, entity.in_(names.entities))
        for kind in ("change", "proof") if names.entities is None else ("change",):
            is_kind, number = about(kind)
            seen = or_(seen, of_event(case((is_kind, cast(number, BigInteger)), else_=null())))
        is_held, _ = about(_HELD.split(maxsplit=1)[0])
        held = and_(is_held, func.substr(subject, len(_HELD) + 1).in_(names.sources))
        return or_(seen, held) if names.entities is None else seen

    def of_message(number: ColumnElement[Any]) -> ColumnElement[bool]:
        """Whether all that went into a message may be seen."""
        parts = exists().where(_DELIVERY.c.message_id == number)
        return and_(parts.where(of_event(_DELIVERY.c.event_id)), ~parts.where(~of_event(_DELIVERY.c.event_id)))

    for table in _OPEN:
        yield table, select(table)
    for table in (*_OF_SOURCES, *(_OF_WHOLE_SOURCES if names.entities is None else ())):
        yield table, select(table).where(of_source(table.c.source_id))
    for table in (people.HANDLED, people.ESCALATIONS):
        yield table, select(table).where(of_event(table.c.event_id))
    for table in (readers.COMMENTS, readers.MARKS, readers.SHARES):
        yield table, select(table).where(of_subject(table.c.subject))
    requests, message = core.CHECK_REQUESTS, DELIVERIES.c.message_id
    yield requests, select(requests).where(requests.c.source.in_(names.sources))
    yield DELIVERIES, select(DELIVERIES).where(of_event(DELIVERIES.c.event_id), message.is_(None) | of_message(message))
    yield MESSAGES, select(MESSAGES).where(of_message(MESSAGES.c.id))
    yield people.APPROVALS, select(people.APPROVALS).where(of_message(people.APPROVALS.c.message_id))
    if names.entities is None:
        for table in _OF_EVIDENCE:
            yield table, select(table)
        captures, proofs = evidence.CAPTURES, evidence.PROOFS
        yield captures, select(captures).where(captures.c.source.in_(names.sources))
        yield proofs, select(proofs).where(of_event(proofs.c.event_id))
        yield SOURCES, select(SOURCES).where(source)
        yield ENTRIES, select(ENTRIES).where(of_source(ENTRIES.c.source_id))
        yield EVENTS, select(EVENTS).where(event)
        yield MENTIONS, select(MENTIONS).where(of_event(MENTIONS.c.event_id))
        return
    yield MENTIONS, select(MENTIONS).where(MENTIONS.c.entity.in_(names.entities or ()), of_event(MENTIONS.c.event_id))
    # What a change tells of others that it stands for may be about somebody else.
    data = EVENTS.c.data
    alone = (
        func.json_remove(data, "$.more")
        if dialect == "sqlite"
        else cast(cast(data, JSONB).op("-")(literal("more", Text)), JSON)
    )
    yield EVENTS, _replace(EVENTS, data=alone).where(event)
    told = and_(EVENTS.c.source == SOURCES.c.name, EVENTS.c.entry_key == ENTRIES.c.key, event)
    entry = exists().where(SOURCES.c.id == ENTRIES.c.source_id, told)
    yield ENTRIES, select(ENTRIES).where(of_source(ENTRIES.c.source_id), entry)
    # The reason of a doubt or a failure may quote an entry; its number of entries, and its past, are of all of them.
    present = ENTRIES.c.standing == Standing.PRESENT.value
    entries = select(func.count()).where(ENTRIES.c.source_id == SOURCES.c.id, present, exists().where(told))
    yield (
        SOURCES,
        _replace(
            SOURCES, message=null(), held=literal(b""), history_from=null(), entries=entries.scalar_subquery()
        ).where(source),
    )


def _replace(table: Table, **columns: ColumnElement[Any]) -> Select[Any]:
    """All of a table, with other values in some columns."""
    return select(*(columns.get(column.name, column).label(column.name) for column in table.c))
