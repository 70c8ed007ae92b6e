"""The repository of captures and the chain.

Files are removed as a whole: those that are too old, or too many. A file has everything that its records need, so that
others do not depend on it. Files with mentions of watched entities are kept longer. Links stay as long as later ones
depend on them.
"""

from __future__ import annotations

import logging
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, and_, bindparam, delete, exists, func, insert, or_, select, update

from state.db.backend import EVIDENCE
from state.db.repository import Repository
from state.db.tables.core import DELIVERIES, EVENTS, MENTIONS, MESSAGES
from state.db.tables.evidence import ANSWERS, BEGINS, CAPTURES, CHAIN, FAULTS, FILES, HOLDINGS, PROOFS
from state.db.tables.past import PAST_CAPTURES
from state.errors import StateError
from state.evidence.chain import ChainLink
from state.evidence.options import EvidenceOptions
from state.evidence.warc import Folder
from state.evidence.witnesses import STAMPING, WitnessAnswer, WitnessKind
from state.evidence.writer import EvidenceWriter, chain_id
from state.failpoint import reach
from state.model import Alert, Capture, Commit, SourceState
from state.storage.damage import find_unreadable

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class CaptureInfo:
    """A capture, and the place of its records. `file` is empty when they were removed for their age."""

    id: int
    source: str
    kind: str
    at: datetime
    previous: datetime | None
    file: str
    first: int
    last: int
    same_as: int | None
    link: bytes
    size: int


class Found(NamedTuple):
    """A record's place in its file."""

    link: ChainLink
    type: str
    record: UUID
    raw: bytes = b""


class Evidence(Repository):
    """The part of the Store that keeps pages as evidence, if enabled."""

    keeper: EvidenceWriter | None = None

    def keep(self, options: EvidenceOptions | None) -> None:
        """Enable evidence in the options' folder; None disables it.

        Truncates what aborted transactions left in the folder. If the folder cannot be written, or the state is locked,
        that is logged and not raised: the next capture tries again.
        """
        self.keeper = EvidenceWriter(options) if options else None
        if self.keeper:
            try:
                with self._database.writing(EVIDENCE) as connection:
                    self.keeper.settle(connection)
            except StateError as error:
                log.warning("evidence: what was left unfinished stays for now: %s", error)

    def admit(
        self, connection: Connection, after: SourceState, commit: Commit
    ) -> tuple[SourceState, Sequence[Alert], Capture | None]:
        """The source's state, the alerts, and the capture to keep: None when the source has used up its room for
        evidence, which is alerted once. Half of the room is reserved for captures with mentions.
        """
        capture, alerts, alerted = commit.capture, commit.alerts, after.habits.evidence_told
        if not capture or not self.keeper:
            return after, alerts, None
        taken = connection.scalar(TAKEN, {"its_source": capture.source["name"]}) or 0
        most = self.keeper.options.max_source
        if taken < (most if any(event.mentions for event, _ in alerts) else most // 2):
            alerted = alerted and taken >= most // 4
        else:
            alerts = [(replace(event, data={**event.data, "unproven": True}), routes) for event, routes in alerts]
            alerts += [commit.unkept()] if commit.unkept and not alerted else []
            alerted, capture = True, None
        return replace(after, habits=replace(after.habits, evidence_told=alerted)), alerts, capture

    def note(self, connection: Connection, content: Mapping[str, Any], at: datetime) -> None:
        """Write a decision of a person into the chain, in the caller's transaction, if evidence is kept."""
        if self.keeper:
            self._database.lock_further(connection, EVIDENCE)
            self.keeper.note(connection, content, at)

    def expire(self, now: datetime) -> ExpiredFiles:
        """Remove the files that are too old, or too many; returns them. Raises StateError.

        The rows are deleted before the files; if the process dies in between, the next start deletes the files.
        """
        if self.keeper is None:
            return ExpiredFiles((), ())
        with self._database.reading() as connection:  # nearly always none: avoids the write lock
            there = select(FILES).where(FILES.c.removed.is_(None)).order_by(FILES.c.day, FILES.c.name)
            rows = connection.execute(there).all()
        kept = [KeptFile(row.id, row.name, date.fromisoformat(row.day), row.mentions, row.size) for row in rows]
        found = find_expired(kept, self.keeper.options, now)
        names = [file.name for file in (*found.old, *found.many)]
        if names:
            with self._database.writing(EVIDENCE) as connection:
                _forget_files(connection, [file.id for file in (*found.old, *found.many)], now)
            reach("evidence_forgotten")
            for name in names:
                self.keeper.folder.remove(name)
        return found

    def chain(self, first: int | None = None, last: int | None = None) -> Iterator[ChainLink]:
        """The links in order; all of them, or those with the numbers `first` to `last`.

        The predecessor of the first one is unknown: it is the chain's beginning, or the last link before the remaining
        records.
        """
        joined = CHAIN.outerjoin(FILES, FILES.c.id == CHAIN.c.file_id)
        wanted = select(CHAIN, FILES.c.name, FILES.c.removed).select_from(joined).order_by(CHAIN.c.number)
        with self._database.reading() as connection:
            begins = connection.scalar(select(func.max(CHAIN.c.number)).where(CHAIN.c.type == BEGINS)) or 0
            wanted = wanted.where(CHAIN.c.number >= max(begins, first or 0))
            wanted = wanted if last is None else wanted.where(CHAIN.c.number <= last)
            for row in connection.execution_options(yield_per=1000).execute(wanted):
                there = row.name if row.name and row.removed is None else ""
                yield ChainLink(row.number, row.sha256, row.link, there, row.offset, row.length)

    def head(self) -> ChainLink | None:
        """The last link of the chain; None where it has none."""
        rows = self._rows(select(CHAIN).order_by(CHAIN.c.number.desc()).limit(1))
        return next((ChainLink(row.number, row.sha256, row.link) for row in rows), None)

    def size(self) -> tuple[int, int]:
        """How many files there are, and their bytes in all."""
        wanted = select(func.count(), func.coalesce(func.sum(FILES.c.size), 0)).where(FILES.c.removed.is_(None))
        files, size = self._rows(wanted)[0]
        return files, int(size)

    def witness_answers(self, *kinds: WitnessKind, numbers: Iterable[int] | None = None) -> list[WitnessAnswer]:
        """The answers of third parties in the order of the chain: of some kinds, or all; about some records, or all."""
        wanted = select(ANSWERS).where(ANSWERS.c.kind.in_(kinds or [*WitnessKind]), _ANSWERED)
        wanted = wanted if numbers is None else wanted.where(ANSWERS.c.number.in_(list(numbers)))
        rows = self._rows(wanted.order_by(ANSWERS.c.number, ANSWERS.c.authority))
        return [WitnessAnswer(WitnessKind(row.kind), *(row[2:])) for row in rows]

    def stamps(self, since: int | None = None) -> list[WitnessAnswer]:
        """The answers about one link: the last that has any, or the first from the record `since` on."""
        wanted = select(func.max(ANSWERS.c.number) if since is None else func.min(ANSWERS.c.number))
        wanted = wanted.where(ANSWERS.c.kind.in_(STAMPING), _ANSWERED, ANSWERS.c.number >= (since or 0))
        number = self._rows(wanted)[0][0]
        return [] if number is None else self.witness_answers(*STAMPING, numbers=[number])

    def claim(self, question: WitnessAnswer, now: datetime) -> bool:
        """Store that a question is asked, and is not to be asked again before its `at`. False if it was answered, or is
        asked already, by another process too. Raises StateError.
        """
        asked = or_(_ANSWERED, ANSWERS.c.at > now)
        with self._database.writing(EVIDENCE) as connection:
            known = connection.scalar(select(func.count()).where(*_same(question), asked))
            if not known:
                _put(connection, question)
            return not known

    def add_witness_answer(self, answer: WitnessAnswer) -> None:
        """Store an answer, in place of an earlier one to the same question. Raises StateError."""
        with self._database.writing(EVIDENCE) as connection:
            _put(connection, answer)

    def faults(self, asked: WitnessAnswer) -> int:
        """How often in a row the witness of a question could not be asked, by any process."""
        rows = self._rows(select(ANSWERS.c.link).where(*_same(asked._replace(number=FAULTS))))
        return int.from_bytes(rows[0].link) if rows else 0

    def note_faults(self, asked: WitnessAnswer, faults: int) -> None:
        """Store that, for a run of the program from cron to go on counting. Raises StateError."""
        self.add_witness_answer(asked._replace(number=FAULTS, link=faults.to_bytes(4), page="", answer=b""))

    def find_unsaved(self, since: datetime, now: datetime) -> CaptureInfo | None:
        """The newest capture of changes since a time whose page no archive was asked to save."""
        about = (ANSWERS.c.kind == WitnessKind.ARCHIVE, ANSWERS.c.number == CAPTURES.c.last)
        asked = exists().where(*about, or_(_ANSWERED, ANSWERS.c.at > now))
        there = CAPTURES.join(FILES, FILES.c.id == CAPTURES.c.file_id)
        wanted = select(func.max(CAPTURES.c.id)).select_from(there)
        recent = (FILES.c.day >= since.date().isoformat(), FILES.c.removed.is_(None), CAPTURES.c.at >= since)
        number = self._rows(wanted.where(*recent, CAPTURES.c.kind == "changed", ~asked))[0][0]
        return self.capture(number) if number else None

    def count_saved(self, since: datetime) -> int:
        """How often an archive was asked since a time."""
        mine = (ANSWERS.c.kind == WitnessKind.ARCHIVE, ANSWERS.c.page != "", ANSWERS.c.at >= since)
        return int(self._rows(select(func.count()).select_from(ANSWERS).where(*mine))[0][0])

    def find_copies(self, events: Collection[int]) -> dict[int, bytes]:
        """What an archive answered about the captures of events, by event."""
        captured = PROOFS.join(CAPTURES, CAPTURES.c.id == PROOFS.c.capture_id)
        joined = captured.join(ANSWERS, ANSWERS.c.number == CAPTURES.c.last)
        mine = (ANSWERS.c.kind == WitnessKind.ARCHIVE, _ANSWERED, PROOFS.c.event_id.in_(events))
        rows = self._rows(select(PROOFS.c.event_id, ANSWERS.c.answer).select_from(joined).where(*mine))
        return {row.event_id: row.answer for row in rows}

    def capture(self, number: int) -> CaptureInfo | None:
        """A capture by its number."""
        return next(iter(self._captures(CAPTURES.c.id == number)), None)

    def capture_of(self, event_id: int) -> CaptureInfo | None:
        """The capture that proves an event."""
        proof = select(PROOFS.c.capture_id).where(PROOFS.c.event_id == event_id)
        return next(iter(self._captures(CAPTURES.c.id.in_(proof))), None)

    def captures(self, source: str | None = None) -> list[CaptureInfo]:
        """The captures that still have records, in order: of one source, or of all."""
        of = () if source is None else (CAPTURES.c.source == source,)
        return [each for each in self._captures(FILES.c.removed.is_(None), *of) if each.file]

    def find_unfounded(self) -> list[int]:
        """The events whose capture does not exist, which is an error: expiry deletes both."""
        there = exists().where(CAPTURES.c.id == PROOFS.c.capture_id)
        return [row.event_id for row in self._rows(select(PROOFS.c.event_id).where(~there).order_by(PROOFS.c.event_id))]

    def find_misplaced(self) -> list[int]:
        """The captures whose file is unknown, which is an error."""
        there = exists().where(FILES.c.id == CAPTURES.c.file_id)
        return [row.id for row in self._rows(select(CAPTURES.c.id).where(~there).order_by(CAPTURES.c.id))]

    def proven_by(self, capture: int) -> set[int]:
        """The events of which the state says that a capture proves them."""
        return {row.event_id for row in self._rows(select(PROOFS.c.event_id).where(PROOFS.c.capture_id == capture))}

    def find_damaged(self) -> Iterator[str]:
        """The rows of the log and of the evidence whose values cannot be read, one by one: table and number."""
        for table in (EVENTS, MENTIONS, FILES, CHAIN, CAPTURES, PROOFS, ANSWERS, PAST_CAPTURES):
            with self._database.reading() as connection:
                yield from (f"{table.name} {number}" for number in find_unreadable(connection, table))

    def find_told_proofs(self) -> Iterator[tuple[int, str, str]]:
        """Events, each with the text of a sent message that alerted it, and the current link of its capture: empty if
        there is none. Those of days whose files were removed are left out.
        """
        proofs = PROOFS.outerjoin(CAPTURES, CAPTURES.c.id == PROOFS.c.capture_id)
        sent = DELIVERIES.join(MESSAGES, MESSAGES.c.id == DELIVERIES.c.message_id)
        told = sent.join(EVENTS, EVENTS.c.id == DELIVERIES.c.event_id)
        wanted = select(EVENTS.c.id, EVENTS.c.at, MESSAGES.c.text, CAPTURES.c.link).order_by(EVENTS.c.id)
        wanted = wanted.select_from(told.outerjoin(proofs, PROOFS.c.event_id == EVENTS.c.id))
        wanted = wanted.where(MESSAGES.c.sent.is_not(None))
        with self._database.reading() as connection:
            removed = set(connection.scalars(select(FILES.c.day).where(FILES.c.removed.is_not(None))))
            for row in connection.execution_options(yield_per=100).execute(wanted):
                if row.at.date().isoformat() not in removed:
                    yield row.id, row.text, row.link.hex() if row.link else ""

    def records(self, first: int, last: int) -> list[Found]:
        """The places of the records with these numbers."""
        return self._records(CHAIN.c.number >= first, CHAIN.c.number <= last)

    def find_records(self, file: str, names: Iterable[UUID]) -> list[Found]:
        """The places of records of one file by their ids, and of its first one, which describes the file."""
        wanted = [name.bytes for name in names]
        return self._records(FILES.c.name == file, or_(CHAIN.c.record.in_(wanted), CHAIN.c.offset == 0))

    def _captures(self, *where: ColumnElement[bool]) -> list[CaptureInfo]:
        joined = CAPTURES.join(FILES, FILES.c.id == CAPTURES.c.file_id)
        wanted = select(CAPTURES, FILES.c.name, FILES.c.removed).select_from(joined).where(*where)
        names = ("id", "source", "kind", "at", "previous", "first", "last", "same_as", "link", "size")
        return [
            CaptureInfo(file="" if row.removed else row.name, **{name: getattr(row, name) for name in names})
            for row in self._rows(wanted.order_by(CAPTURES.c.id))
        ]

    def _records(self, *where: ColumnElement[bool]) -> list[Found]:
        wanted = select(CHAIN, FILES.c.name).select_from(CHAIN.join(FILES, FILES.c.id == CHAIN.c.file_id)).where(*where)
        rows = self._rows(wanted.order_by(CHAIN.c.number))
        links = (ChainLink(row.number, row.sha256, row.link, row.name, row.offset, row.length) for row in rows)
        return [Found(link, row.type, UUID(bytes=row.record)) for link, row in zip(links, rows, strict=True)]

    def find_unsettled(self, names: Collection[str], folder: Path) -> set[str]:
        """Those of these files whose length is wrong, while writers are locked out."""
        wanted = select(FILES).where(FILES.c.name.in_(names), FILES.c.removed.is_(None))
        with self._database.writing(EVIDENCE) as connection:
            files = [(row.name, folder / row.name, row.size) for row in connection.execute(wanted)]
            return {name for name, file, size in files if (file.stat().st_size if file.exists() else -1) != size}

    def strangers(self, folder: Path) -> list[str]:
        """The files of this chain in the folder that the state does not have, while writers are locked out."""
        with self._database.writing(EVIDENCE) as connection:
            genesis = connection.scalar(select(CHAIN.c.link).where(CHAIN.c.number == 0))
            known = set(connection.scalars(select(FILES.c.name).where(FILES.c.removed.is_(None))))
            found = Folder(folder).ours(chain_id(genesis)) if genesis else []
            return [file.name for file in found if file.name not in known]


TAKEN = select(func.sum(CAPTURES.c.size)).where(CAPTURES.c.source == bindparam("its_source"))
_ANSWERED = ANSWERS.c.answer != b""


def _same(asked: WitnessAnswer) -> Sequence[ColumnElement[bool]]:
    """The rows with the same question to the same witness."""
    columns = (ANSWERS.c.kind, ANSWERS.c.authority, ANSWERS.c.number)
    return [column == value for column, value in zip(columns, asked, strict=False)]


def _put(connection: Connection, answer: WitnessAnswer) -> None:
    connection.execute(delete(ANSWERS).where(*_same(answer)))
    connection.execute(insert(ANSWERS), answer._asdict() | {"kind": answer.kind.value})


def _forget_files(connection: Connection, ids: Sequence[int], now: datetime) -> None:
    """Delete the files' captures, and the links before the first remaining record, except the last of these, on which
    later ones depend.
    """
    connection.execute(update(FILES).where(FILES.c.id.in_(ids)).values(removed=now))
    for table in (CAPTURES, HOLDINGS):
        connection.execute(delete(table).where(table.c.file_id.in_(ids)))
    there = select(FILES.c.id).where(FILES.c.removed.is_(None))
    first = connection.scalar(select(func.min(CHAIN.c.number)).where(CHAIN.c.file_id.in_(there)))
    # If no records remain, the chain continues from its last link.
    last_before = connection.scalar(select(func.max(CHAIN.c.number))) or 0 if first is None else first - 1
    of_gone = and_(ANSWERS.c.kind == WitnessKind.ARCHIVE, ~exists().where(CAPTURES.c.last == ANSWERS.c.number))
    never_came = and_(~_ANSWERED, ANSWERS.c.at < now - timedelta(days=1))  # younger ones count as asked: count_saved
    connection.execute(delete(ANSWERS).where(ANSWERS.c.number != FAULTS, or_(of_gone, never_came)))
    if last_before > 0:
        connection.execute(delete(CHAIN).where(CHAIN.c.number > 0, CHAIN.c.number < last_before))
        connection.execute(update(CHAIN).where(CHAIN.c.number == last_before).values(type=BEGINS))


class KeptFile(NamedTuple):
    """A file: its day (UTC), whether it is one with mentions, and its bytes."""

    id: int
    name: str
    day: date
    mentions: bool
    size: int


class ExpiredFiles(NamedTuple):
    """Files to remove: those that are too old, and those that exceed the limit of size."""

    old: Sequence[KeptFile]
    many: Sequence[KeptFile]


def find_expired(files: Sequence[KeptFile], options: EvidenceOptions, now: datetime) -> ExpiredFiles:
    """The files to remove; never today's or yesterday's, which may still be written to."""
    today = now.astimezone(UTC).date()
    closed = [file for file in files if file.day < today - timedelta(days=1)]
    mentioning = max(options.keep, options.keep_mentions)
    old = [file for file in closed if today - file.day > (mentioning if file.mentions else options.keep)]
    gone = {file.id for file in old}
    surplus = sum(file.size for file in files if file.id not in gone) - (options.max_size or 0)
    many: list[KeptFile] = []
    for file in sorted(closed, key=lambda file: (file.mentions, file.day, file.name)):
        if options.max_size and surplus > 0 and file.id not in gone:
            many.append(file)
            surplus -= file.size
    return ExpiredFiles(old, many)
