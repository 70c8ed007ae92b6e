"""What people say about changes, cases and held snapshots: comments, whom one is assigned to, how important it is; and
the links by which one is handed on.

A subject is a text: `change 12`, `case telegram`, `snapshot 1a2b3c4d5e6f of source fca`, and of a link also `proof 12`.
Whatever is written stands in the record of actions, too, in the same transaction.
"""

import secrets
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import ColumnElement, Connection, Row, Select, delete, func, insert, select, update

from state.db.repository import Repository, chunks, rows_in
from state.db.tables.people import HANDLED, VISITS
from state.db.tables.readers import COMMENTS, MARKS, READERS, SHARES
from state.model import UNMARKED, Comment, Event, Handled, Importance, Marks
from state.storage.desk import DESK, TOKEN_BYTES, Action, digest_token, record_action
from state.storage.translations import read_told

LAST = 20  # comments that go with a change
SHORT = 1000  # characters of a comment in a list of changes
_NORMAL: Importance = "normal"
_NOBODY = "nobody"
_SNAPSHOT = "snapshot "


def change_subject(number: int) -> str:
    """What is said about a change is kept under this."""
    return f"change {number}"


def case_subject(entity: str) -> str:
    """What is said about a case is kept under this."""
    return f"case {entity}"


def snapshot_subject(snapshot: str, source: str) -> str:
    """What is said about a held snapshot is kept under this."""
    return f"{_SNAPSHOT}{snapshot} of source {source}"


class Discussion(Repository):
    """The part of the Store for comments, assignments and importance."""

    def find(self, subjects: Collection[str], *, last: int = LAST, longest: int | None = None) -> dict[str, Marks]:
        """What was said about those of these subjects that anything was said about, with the `last` comments, and of
        each the first `longest` characters.
        """
        number = select(func.count()).where(COMMENTS.c.subject == MARKS.c.subject).correlate(MARKS).scalar_subquery()
        comments = defaultdict[str, list[Comment]](list)
        with self._database.reading() as connection:
            rows = list(rows_in(connection, select(MARKS, number.label("number")), MARKS.c.subject, subjects))
            said = [row.subject for row in rows if row.number] if last else []
            for row in rows_in(connection, _last(last, longest), MARKS.c.subject, said):
                comments[row.subject].append(_comment(row))
        return {
            row.subject: Marks(None, row.assigned, row.importance or _NORMAL, tuple(comments[row.subject]), row.number)
            for row in rows
        }

    def of_changes(
        self, events: Collection[int], *, last: int = LAST, longest: int | None = SHORT, told: bool = False
    ) -> dict[int, Marks]:
        """As `find`, by the numbers of changes, with who handled them; with what machines made of them, if `told`."""
        subjects = {change_subject(number): number for number in events}
        found = {subjects[each]: marks for each, marks in self.find(subjects, last=last, longest=longest).items()}
        with self._database.reading() as connection:
            for row in rows_in(connection, select(HANDLED), HANDLED.c.event_id, events):
                marks = found.get(row.event_id, UNMARKED)
                found[row.event_id] = marks._replace(handled=Handled(row.who, row.at))
            for number, (translations, summaries) in read_told(connection, events if told else ()).items():
                marks = found.get(number, UNMARKED)
                found[number] = marks._replace(translations=translations, summaries=summaries)
        return found

    def along(self, events: Iterable[Event]) -> Iterator[tuple[Event, Marks]]:
        """Changes, each with what people, and machines that translate, made of it."""
        for some in chunks(events):
            found = self.of_changes([event.id for event in some], told=True)
            yield from ((event, found.get(event.id, UNMARKED)) for event in some)

    def of_change(self, event: int) -> Marks:
        """What was said about one change, with its last comments in full."""
        return self.of_changes([event], longest=None, told=True).get(event, UNMARKED)

    def comments(self, subject: str, *, below: int | None = None, limit: int = 50) -> list[Comment]:
        """The comments about a subject, the newest first, with numbers below a given one."""
        wanted = select(COMMENTS).where(COMMENTS.c.subject == subject).order_by(COMMENTS.c.id.desc()).limit(limit)
        if below is not None:
            wanted = wanted.where(COMMENTS.c.id < below)
        return list(map(_comment, self._rows(wanted)))

    def comment(self, subject: str, who: str, text: str, mentions: Sequence[str], at: datetime) -> Comment:
        """Say something about a subject."""
        text = self._redactor.hide(text)
        row = {"subject": subject, "who": who, "at": at, "text": text, "mentions": list(mentions)}
        with self._database.writing(DESK) as connection:
            _touch(connection, subject, at)
            number = connection.scalars(insert(COMMENTS).returning(COMMENTS.c.id), [row]).one()
            record_action(self._database, connection, Action(at, who, "comment", f"comment {number} on {subject}"))
        return Comment(number, who, at, text)

    def delete_comment(self, subject: str, number: int, who: str, at: datetime, *, others: bool) -> bool:
        """Delete a comment, also one of `others` than who deletes it; whether there was one. That it was stays in the
        record.
        """
        mine = (COMMENTS.c.subject == subject, COMMENTS.c.id == number)
        with self._database.writing(DESK) as connection:
            author = connection.scalar(select(COMMENTS.c.who).where(*mine))
            if author is None or (author != who and not others):
                return False
            connection.execute(delete(COMMENTS).where(*mine))
            about = f"comment {number} of {author} on {subject}"
            record_action(self._database, connection, Action(at, who, "delete", about))
            return True

    def mark(
        self, subject: str, name: Literal["assigned", "importance"], value: str | None, who: str, at: datetime
    ) -> None:
        """Assign a subject, or say how important it is. The record says what it was before."""
        column, none = MARKS.c[name], _NORMAL if name == "importance" else _NOBODY
        with self._database.writing(DESK) as connection:
            before = connection.scalar(select(column).where(MARKS.c.subject == subject))
            if (before or none) == (value or none):
                return
            _touch(connection, subject, at)
            connection.execute(update(MARKS).where(MARKS.c.subject == subject).values({column: value}))
            what, said = "assign" if name == "assigned" else name, f"{value or none}, before {before or none}"
            record_action(self._database, connection, Action(at, who, what, f"{subject}: {said}"))

    def assignees(self, limit: int = 500) -> list[str]:
        """Whom anything is assigned to, by name."""
        wanted = select(MARKS.c.assigned).where(MARKS.c.assigned.is_not(None)).distinct()
        return [row.assigned for row in self._rows(wanted.order_by(MARKS.c.assigned).limit(limit))]

    def people(self, among: Collection[str] | None = None, limit: int = 500) -> list[str]:
        """Who has signed in here at some time, by name: all, or those `among` these."""
        found = set[str]()
        for column in (READERS.c.who, VISITS.c.who):
            wanted = select(column).order_by(column).limit(limit)
            found |= {row[0] for row in self._rows(wanted if among is None else wanted.where(column.in_(among)))}
        return sorted(found)[:limit]


def _touch(connection: Connection, subject: str, at: datetime) -> None:
    """Let a subject have its row, changed at a time."""
    if not connection.execute(update(MARKS).where(MARKS.c.subject == subject).values(at=at)).rowcount:
        row = {"subject": subject, "assigned": None, "importance": None, "at": at}
        connection.execute(insert(MARKS), [row])


def _last(number: int, longest: int | None) -> Select[Any]:
    """The last comments about subjects of MARKS: however many there are, an index has where they begin."""
    every = COMMENTS.alias()
    place = select(every.c.id).where(every.c.subject == MARKS.c.subject).order_by(every.c.id.desc())
    begin = place.limit(1).offset(max(number - 1, 0)).correlate(MARKS).scalar_subquery()
    among = (COMMENTS.c.subject == MARKS.c.subject) & (COMMENTS.c.id >= func.coalesce(begin, 0))
    text: ColumnElement[str] = COMMENTS.c.text if longest is None else func.substr(COMMENTS.c.text, 1, longest)
    columns = (COMMENTS.c.id, COMMENTS.c.subject, COMMENTS.c.who, COMMENTS.c.at, text.label("text"))
    return select(*columns).select_from(MARKS.join(COMMENTS, among)).order_by(COMMENTS.c.id)


def _comment(row: Row[Any]) -> Comment:
    return Comment(row.id, row.who, row.at, row.text)


def forget_subjects(connection: Connection, events: Collection[int], before: datetime) -> None:
    """Delete what was said about these changes, and about snapshots of before a moment, and all links to them or that
    were over by then.
    """
    old = connection.scalars(select(MARKS.c.subject).where(MARKS.c.subject.startswith(_SNAPSHOT), MARKS.c.at < before))
    gone = [*old, *map(change_subject, events), *(f"proof {number}" for number in events)]
    for some in chunks(gone):
        for table in (COMMENTS, MARKS, SHARES):
            connection.execute(delete(table).where(table.c.subject.in_(some)))
    connection.execute(delete(SHARES).where(SHARES.c.until < before))


def forget_snapshots(connection: Connection, source: str) -> None:
    """Delete what was said about the held snapshots of a source."""
    begin = len(snapshot_subject("1a2b3c4d5e6f", "")) + 1
    for table in (COMMENTS, MARKS):
        its = (table.c.subject.startswith(_SNAPSHOT), func.substr(table.c.subject, begin) == source)
        connection.execute(delete(table).where(*its))


@dataclass(frozen=True, slots=True)
class Share:
    """A link to one subject: who gave it out, until when it is good, and when somebody ended it."""

    id: int
    subject: str
    who: str
    at: datetime
    until: datetime
    ended: datetime | None

    def is_open(self, now: datetime) -> bool:
        """Whether it still shows its subject."""
        return self.ended is None and now < self.until


_SHARE = tuple(SHARES.c[each.name] for each in fields(Share))


class Shares(Repository):
    """The part of the Store for links that were handed on. Of a token it keeps the SHA-256 alone."""

    def add(self, subject: str, who: str, until: datetime, at: datetime) -> str:
        """Give out a link to a subject; returns its token, which nobody can learn again."""
        token = secrets.token_urlsafe(TOKEN_BYTES)
        row = {"subject": subject, "digest": digest_token(token), "who": who, "at": at, "until": until, "ended": None}
        with self._database.writing(DESK) as connection:
            number = connection.scalars(insert(SHARES).returning(SHARES.c.id), [row]).one()
            about = f"{subject} by link {number} until {until.isoformat()}"
            record_action(self._database, connection, Action(at, who, "share", about))
        return token

    def find(self, token: str) -> Share | None:
        """The link with this token, also one that is over."""
        rows = self._rows(select(*_SHARE).where(SHARES.c.digest == digest_token(token)))
        return Share(*rows[0]) if rows else None

    def given_out(self, subjects: Collection[str] = (), *, below: int | None = None, limit: int = 50) -> list[Share]:
        """The links to any of these subjects, or to any at all, the newest first, with numbers below a given one."""
        wanted = select(*_SHARE).order_by(SHARES.c.id.desc()).limit(limit)
        if subjects:
            wanted = wanted.where(SHARES.c.subject.in_(subjects))
        if below is not None:
            wanted = wanted.where(SHARES.c.id < below)
        return [Share(*row) for row in self._rows(wanted)]

    def end(self, subjects: Collection[str], who: str, at: datetime) -> None:
        """End all links to these subjects that are not over."""
        open_ = (SHARES.c.subject.in_(subjects), SHARES.c.ended.is_(None), SHARES.c.until > at)
        with self._database.writing(DESK) as connection:
            for row in connection.execute(select(SHARES.c.id, SHARES.c.subject).where(*open_)).all():
                connection.execute(update(SHARES).where(SHARES.c.id == row.id).values(ended=at))
                ended = Action(at, who, "end link", f"{row.subject} by link {row.id}")
                record_action(self._database, connection, ended)
