"""Writes one capture, within the transaction of its check.

The records are on disk (fsync) before the transaction commits. If it does not commit, they are truncated later. A lock
lets one process write at a time, so that the files have the same order as the chain.
"""

from __future__ import annotations

import errno
import json
import logging
import secrets
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from hashlib import sha256
from typing import Any

from sqlalchemy import Connection, delete, insert, select, update

from state.db.redaction import Redactor
from state.db.tables.evidence import BEGINS, CAPTURES, CHAIN, FILES, HOLDINGS, PROOFS
from state.evidence.chain import LARGEST_BODY, next_link
from state.evidence.options import EvidenceOptions
from state.evidence.records import Holdings, PageInfo, about, make_pieces, make_rendered, make_resource, warcinfo
from state.evidence.warc import DECISION, Folder, WarcRecord, name_of, record
from state.model import Capture, CaptureKind, Event, Proof, SourceState, StoredPage
from state.storage.pages import read_pages

log = logging.getLogger(__name__)

_ID = 8  # hexadecimal digits of the chain's first link in the files' names
_MOST_FILES = 9  # of one day and sort: a further one is only begun if one was damaged


class EvidenceWriter:
    """Writes captures to a folder."""

    def __init__(self, options: EvidenceOptions) -> None:
        self.options = options
        self.folder = Folder(options.path)
        self.tried = False  # whether a capture was attempted
        self.trouble = ""  # why the last capture could not be kept, "" if it could

    def settle(self, connection: Connection) -> None:
        """Create the folder, and truncate what aborted transactions left in it."""
        try:
            self.folder.make()
            if genesis := connection.scalar(select(CHAIN.c.link).where(CHAIN.c.number == 0)):
                files = connection.execute(select(FILES.c.name, FILES.c.size, FILES.c.removed)).all()
                ends = {file.name: file.size for file in files if file.removed is None}
                removed = {file.name for file in files if file.removed is not None}
                self.folder.settle(ends, removed, chain_id(genesis))
        except OSError as error:
            self._complain(error)

    def keep(
        self,
        connection: Connection,
        source_id: int,
        capture: Capture,
        before: SourceState,
        events: Sequence[Event],
        redactor: Redactor,
    ) -> list[Event]:
        """Write the pages of a check, the pages stored before it, and the check's description.

        Returns the events with their proof. An alert is more important than its proof: if nothing can be written, it
        goes out without one.
        """
        # Proofs with the ids of new events: SQLite may reuse the ids of deleted events.
        connection.execute(delete(PROOFS).where(PROOFS.c.event_id.in_([event.id for event in events])))
        pages_before = list[StoredPage]()
        if capture.kind is not CaptureKind.BASELINE and before.revision:
            pages_before = read_pages(connection, source_id, redactor, held=False)
        bodies = sha256(b"".join(stored.body_hash for stored in capture.pages)).digest()
        same_as = _captured_before(connection, capture, bodies)

        def make(holdings: Holdings) -> Iterator[WarcRecord]:
            """The records in order; the last one describes them."""
            infos, infos_before = list[PageInfo](), list[PageInfo]()
            for stored in capture.pages:
                if rendering := stored.page.rendering:
                    records, info = make_rendered(stored, rendering, holdings, redactor, events)
                else:
                    records, info = make_pieces(stored, holdings, redactor)
                yield from records
                infos.append(info)
            for stored in pages_before:
                records, info = make_resource(stored, holdings, redactor)
                yield from records
                infos_before.append(info)
            yield about(capture, before, infos, infos_before, events, same_as)

        self.tried = True
        try:
            if any(len(stored.page.content) > LARGEST_BODY for stored in (*capture.pages, *pages_before)):
                raise OSError(errno.EFBIG, f"a page has more than {LARGEST_BODY:,} bytes")
            self.folder.make()
            mentions = any(event.mentions for event in events)
            file_id, rows = self._write(connection, capture.began, make, mentions=mentions)
        except OSError as error:
            self._complain(error)
            return list(events)
        self.trouble = ""
        values = {
            "source": capture.source["name"],
            "kind": capture.kind.value,
            "at": capture.began,
            "previous": before.checked,
            "file_id": file_id,
            "first": rows[0]["number"],
            "last": rows[-1]["number"],
            "link": rows[-1]["link"],
            "pages": bodies,
            "same_as": same_as,
            "size": sum(row["length"] for row in rows),
        }
        number = connection.scalars(insert(CAPTURES).returning(CAPTURES.c.id), values).one()
        if events:
            connection.execute(insert(PROOFS), [{"event_id": event.id, "capture_id": number} for event in events])
        return [replace(event, proof=Proof(number, rows[-1]["link"].hex())) for event in events]

    def note(self, connection: Connection, content: Mapping[str, Any], at: datetime) -> None:
        """Write a decision of a person into the chain, as JSON without secrets. If nothing can be written, it stays in
        the log of actions alone.
        """
        block = json.dumps(content, ensure_ascii=False, indent=1).encode("utf-8", "replace")
        decision = record("metadata", block, DECISION, at=at)
        try:
            self.folder.make()
            self._write(connection, at, lambda _: [decision], mentions=True)
        except OSError as error:
            self._complain(error)

    def _write(
        self, connection: Connection, at: datetime, make: _Make, *, mentions: bool
    ) -> tuple[int, list[dict[str, Any]]]:
        """Append records to the day's file, or to another one if that is damaged, and to the chain; returns the file's
        number, and the new rows of the chain. Raises OSError.
        """
        (before, link, genesis), day = _head(connection), at.date()
        for number in range(1, _MOST_FILES + 1):
            name = name_of(day, chain_id(genesis), mentions=mentions, number=number)
            file = connection.execute(select(FILES).where(FILES.c.name == name)).one_or_none()
            if file and file.removed:
                continue
            holdings = Holdings(connection, file.id if file else 0)
            made = [*([] if file else [warcinfo(name, at)]), *make(holdings)]
            end = file.size if file else 0
            if self.folder.append(name, end, b"".join(each.data for each in made)):
                break
        else:
            raise OSError(None, f"all files of {day} are damaged")
        if file is None:
            # The files of days before this one are complete.
            earlier = select(FILES.c.id).where(FILES.c.day < day.isoformat(), FILES.c.mentions == mentions)
            connection.execute(delete(HOLDINGS).where(HOLDINGS.c.file_id.in_(earlier)))
            values = {"name": name, "day": day.isoformat(), "mentions": mentions, "size": 0}
            file_id = int(connection.scalars(insert(FILES).returning(FILES.c.id), values).one())
        else:
            file_id = file.id
        holdings.write(file_id)
        rows = []
        for at_number, each in enumerate(made, before + 1):
            hashed = each.sha256
            link = next_link(link, hashed)
            place = {"number": at_number, "file_id": file_id, "offset": end, "length": len(each.data)}
            rows.append(place | {"sha256": hashed, "link": link, "type": each.type, "record": each.id.bytes})
            end += len(each.data)
        connection.execute(insert(CHAIN), rows)
        connection.execute(update(FILES).where(FILES.c.id == file_id).values(size=end))
        return file_id, rows

    def _complain(self, error: OSError) -> None:
        why = f"{self.folder.path}: {error.strerror or error}"
        if why != self.trouble:
            log.error("evidence cannot be kept in %s", why)
        self.trouble = why


_Make = Callable[[Holdings], Iterable[WarcRecord]]  # the records for a file with these holdings


def chain_id(genesis: bytes) -> str:
    """The identification of a chain in the names of its files."""
    return genesis.hex()[:_ID]


def _captured_before(connection: Connection, capture: Capture, bodies: bytes) -> int | None:
    """The capture that was made when a suspicious snapshot came, of one that is accepted now."""
    if any(stored.page.transcript or stored.page.rendering for stored in capture.pages):
        return None
    mine = [CAPTURES.c.source == capture.source["name"], CAPTURES.c.pages == bodies]
    if any(stored.page.pushed_by for stored in capture.pages):  # the same may be pushed again
        mine.append(CAPTURES.c.at == capture.began)
    return connection.scalar(select(CAPTURES.c.id).where(*mine).order_by(CAPTURES.c.id.desc()).limit(1))


def _head(connection: Connection) -> tuple[int, bytes, bytes]:
    """The last link of the chain with its number, and the first one, which is created for a new chain."""
    last = connection.execute(select(CHAIN).order_by(CHAIN.c.number.desc()).limit(1)).one_or_none()
    if last is None:
        genesis = secrets.token_bytes(32)
        row = {"number": 0, "sha256": b"", "link": genesis, "offset": 0, "length": 0, "type": BEGINS, "record": b""}
        connection.execute(insert(CHAIN), row)
        return 0, genesis, genesis
    genesis = connection.scalars(select(CHAIN.c.link).where(CHAIN.c.number == 0)).one()
    return last.number, last.link, genesis
