"""The tables of evidence. The records themselves are in files."""

from datetime import datetime

from sqlalchemy import Index
from sqlmodel import Field

from state.db.tables.core import Number, Utc
from state.db.tables.rows import TableRow, table


class EvidenceFileRow(TableRow, table=True):
    """A WARC file: its day (UTC), its committed length, and when it was removed for its age."""

    id: int | None = Field(default=None, primary_key=True)
    name: str = Field(unique=True)
    day: str
    mentions: bool
    size: int = Field(sa_type=Number)
    removed: datetime | None = Field(sa_type=Utc)


class ChainRow(TableRow, table=True):
    """A record's link in the chain. Link 0 has no record: it is random, so that no two chains are alike.

    A link with an empty `type` is the first one that is still known.
    """

    number: int = Field(primary_key=True, sa_type=Number, sa_column_kwargs={"autoincrement": False})
    sha256: bytes
    link: bytes
    file_id: int | None = Field(foreign_key="evidence_files.id")
    offset: int = Field(sa_type=Number)
    length: int = Field(sa_type=Number)
    type: str
    record: bytes  # the record's UUID


class CaptureRow(TableRow, table=True):
    """The pages of one check: records `first` to `last`, `size` bytes; `pages` is the fingerprint of their bodies."""

    id: int | None = Field(default=None, primary_key=True)
    source: str
    kind: str
    at: datetime = Field(sa_type=Utc)
    previous: datetime | None = Field(sa_type=Utc)
    file_id: int = Field(foreign_key="evidence_files.id")
    first: int = Field(sa_type=Number)
    last: int = Field(sa_type=Number)
    link: bytes
    pages: bytes
    same_as: int | None = Field(sa_type=Number)
    size: int = Field(default=0, sa_type=Number, sa_column_kwargs={"server_default": "0"})


class ProofRow(TableRow, table=True):
    """The capture of an event. It outlives the event, as pages may be kept longer than the log."""

    event_id: int = Field(primary_key=True, sa_type=Number, sa_column_kwargs={"autoincrement": False})
    capture_id: int = Field(foreign_key="captures.id", ondelete="CASCADE", index=True)


class HoldingRow(TableRow, table=True):
    """What a file already has while it is still written to, so that nothing is written twice."""

    file_id: int = Field(foreign_key="evidence_files.id", ondelete="CASCADE", primary_key=True)
    what: str = Field(primary_key=True)
    mark: bytes = Field(primary_key=True)
    record: bytes
    uri: str
    at: datetime = Field(sa_type=Utc)


class WitnessAnswerRow(TableRow, table=True):
    """What a third party answered about a link of the chain, or about the page of the capture that ends with it.

    Without an answer, the row says that the question is not asked again before `at`; without a `page` either, that the
    page is none to ask an archive about. One with the number FAULTS counts, in its `link`, how often in a row its
    authority could not be asked.
    """

    id: int | None = Field(default=None, primary_key=True)
    kind: str
    authority: str
    number: int = Field(sa_type=Number)
    link: bytes
    page: str
    at: datetime = Field(sa_type=Utc)
    answer: bytes


FAULTS = -1  # no number of a link
BEGINS = ""  # the type of the first known link

FILES = table("evidence_files", EvidenceFileRow, Index(None, "day"))
CHAIN = table("chain", ChainRow, Index(None, "file_id", "offset"))
CAPTURES = table("captures", CaptureRow, Index(None, "source", "id"), Index(None, "file_id"))
PROOFS = table("proofs", ProofRow)
HOLDINGS = table("holdings", HoldingRow)
ANSWERS = table("witness_answers", WitnessAnswerRow, Index(None, "kind", "number"))
