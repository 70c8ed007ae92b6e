"""What a limited reader finds in the state: each table as if it had only the rows that he may see.

Before each query stands a common table expression with the name of each table in it, which takes the table's place:
`WITH events AS (SELECT ... FROM main.events WHERE ...)`. So what is counted, joined, ordered and paged is his part,
whoever wrote the query, and what he may not see is not there. A table without a rule here is empty to him.

What is written goes to the whole state: who acts on a row looks for it first.
https://www.sqlite.org/lang_with.html, https://www.postgresql.org/docs/current/queries-with.html
"""

import re
import sqlite3
from typing import Any, NamedTuple

from sqlalchemy import (
    JSON,
    BigInteger,
    ColumnElement,
    Dialect,
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
    true,
)
from sqlalchemy.dialects.postgresql import JSONB

from state.db.backend import Database
from state.db.tables import core, evidence, past, people, readers, seldom
from state.db.tables.core import DELIVERIES, ENTRIES, EVENTS, MENTIONS, MESSAGES, METADATA, SOURCES
from state.model import EventKind, Standing

_QUERY = re.compile(r"\s*(SELECT\b|WITH\s+(?:RECURSIVE\b)?)", re.IGNORECASE)
_WORD = re.compile(r"\w+")
# Each has rows of persons, who ask for their own by name, or nothing that a source or an entity has said.
_OPEN = (
    *(core.LEASES, core.WORKERS, people.VISITS, people.FEED_KEYS, core.BUDGET),
    *(readers.READERS, readers.FOLLOWS, readers.PUSHES, readers.TOKENS),
)
_OF_SOURCES = (core.STAGINGS, core.UNREAD, core.TALLIES, core.RHYTHMS)
# Nothing to who may see some entities alone: pages and the past of whole sources, and fingerprints of all.
_OF_WHOLE_SOURCES = (core.WINDOWS, core.BODIES, core.BODY_PIECES, core.PAGES, core.UNDOS)
_OF_NAMES = (seldom.SCREENED_NAMES, seldom.NAME_KEYS)
_OF_EVIDENCE = (evidence.FILES, evidence.CHAIN, evidence.HOLDINGS, evidence.ANSWERS)
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
        self._rules, self._columns = _find_rules(names, dialect.name)
        self._dialect, self._schema = dialect, schema
        hinted = dialect.name != "sqlite" or sqlite3.sqlite_version_info >= (3, 35)
        self._as = "AS NOT MATERIALIZED" if hinted else "AS"  # else a table that is named twice would be copied
        self._texts = dict[str, str]()

    def __call__(self, statement: str) -> str:
        """The statement over what may be seen."""
        begin = _QUERY.match(statement)
        tables = METADATA.tables.keys() & _WORD.findall(statement) if begin else ()
        if not begin or not tables:
            return statement
        views = ", ".join(f'"{name}" {self._as} ({self._view(name)})' for name in sorted(tables))
        if begin[1].upper() == "SELECT":
            return f"WITH {views} {statement}"
        return f"{begin[0]} {views}, {statement[begin.end() :]}"

    def _view(self, name: str) -> str:
        if name not in self._texts:
            table = METADATA.tables[name]
            columns = (self._columns.get(column, column).label(column.name) for column in table.c)
            made = select(*columns).where(self._rules.get(table, false()))
            self._texts[name] = str(
                made.compile(
                    dialect=self._dialect,
                    schema_translate_map={None: self._schema},
                    render_schema_translate=True,
                    compile_kwargs={"literal_binds": True},
                )
            )
        return self._texts[name]


class _Visible:
    """The conditions for what may be seen: of a source, an event, and of what belongs to one."""

    def __init__(self, names: VisibleNames) -> None:
        self.sources, self.entities = names.sources, names.entities
        self.cases = (names.entities or ()) if names.cases else ()
        self.source = SOURCES.c.name.in_(names.sources)
        # Of several sources SQLite would sort all events; with an expression it goes through them by their time.
        name = EVENTS.c.source if len(names.sources) == 1 and names.entities is None else EVENTS.c.source.concat("")
        self.event: ColumnElement[bool] = name.in_(names.sources)
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


Rules = dict[Table, ColumnElement[bool]]
Columns = dict[ColumnElement[Any], ColumnElement[Any]]


def _find_rules(names: VisibleNames, dialect: str) -> tuple[Rules, Columns]:
    """Which rows a limited reader sees of each table that has something for him; and what stands in the place of some
    columns.
    """
    seen = _Visible(names)
    rules: Rules = dict.fromkeys(_OPEN, true())
    rules |= {table: seen.of_source(table.c.source_id) for table in (*_OF_SOURCES, *_OF_NAMES)}
    about_events = (people.HANDLED, people.ESCALATIONS, seldom.TOLD_CHANGES)
    rules |= {table: seen.of_event(table.c.event_id) for table in about_events}
    rules |= {table: seen.of_subject(table.c.subject) for table in (readers.COMMENTS, readers.MARKS, readers.SHARES)}
    rules |= {SOURCES: seen.source, EVENTS: seen.event, MESSAGES: seen.of_message(MESSAGES.c.id)}
    rules |= {
        table: table.c.source.in_(names.sources) for table in (core.CHECK_REQUESTS, evidence.CAPTURES, core.PUSHED)
    }
    mine = true() if names.entities is None else seldom.CLEARINGS.c.entity.in_(names.entities)
    rules[seldom.CLEARINGS] = and_(seldom.CLEARINGS.c.source.in_(names.sources), mine)
    whole = DELIVERIES.c.message_id.is_(None) | seen.of_message(DELIVERIES.c.message_id)
    rules[DELIVERIES] = and_(seen.of_event(DELIVERIES.c.event_id), whole)
    rules[people.APPROVALS] = seen.of_message(people.APPROVALS.c.message_id)
    rules[MENTIONS], rules[ENTRIES] = seen.of_event(MENTIONS.c.event_id), seen.of_source(ENTRIES.c.source_id)
    if names.entities is None:
        rules |= {table: seen.of_source(table.c.source_id) for table in _OF_WHOLE_SOURCES}
        rules |= {table: table.c.source.in_(names.sources) for table in (past.PAST_CAPTURES, past.PAST_ENTRIES)}
        rules |= dict.fromkeys(_OF_EVIDENCE, true())
        rules[evidence.PROOFS] = seen.of_event(evidence.PROOFS.c.event_id)
        return rules, {}
    del rules[evidence.CAPTURES]
    rules[MENTIONS] = and_(rules[MENTIONS], MENTIONS.c.entity.in_(names.entities))
    told = and_(EVENTS.c.source == SOURCES.c.name, EVENTS.c.entry_key == ENTRIES.c.key, seen.event)
    rules[ENTRIES] = and_(rules[ENTRIES], exists().where(SOURCES.c.id == ENTRIES.c.source_id, told))
    rules |= {table: exists().where(ENTRIES.c.id == table.c.entry_id, rules[ENTRIES]) for table in _OF_NAMES}
    # What a change tells of others that it stands for, and the reason of a doubt or a failure, may be about somebody
    # else. The number of a source's entries, and its past, are of all of them.
    data, more = EVENTS.c.data, literal("more", Text)
    less = func.json_remove(data, "$.more") if dialect == "sqlite" else cast(cast(data, JSONB).op("-")(more), JSON)
    present = ENTRIES.c.standing == Standing.PRESENT.value
    number = select(func.count()).where(ENTRIES.c.source_id == SOURCES.c.id, present, exists().where(told))
    columns: Columns = {SOURCES.c.message: null(), SOURCES.c.held: literal(b""), SOURCES.c.history_from: null()}
    return rules, columns | {SOURCES.c.entries: number.scalar_subquery(), data: less}
