"""The tables of evidence. The records themselves are in files."""

from sqlalchemy import Boolean, Column, ForeignKey, Index, Integer, LargeBinary, String

from state.db.tables.core import Number, Utc, columns, make_table, parent

FAULTS = -1  # no number of a link
BEGINS = ""  # the type of the first known link

# A WARC file: its day (UTC), its committed length, and when it was removed for its age.
FILES = make_table(
    "evidence_files",
    *columns(Integer, "id", primary_key=True),
    *columns(String, "name", unique=True),
    *columns(String, "day"),
    *columns(Boolean, "mentions"),
    *columns(Number, "size"),
    *columns(Utc, "removed", nullable=True),
    Index(None, "day"),
)
# A record's link in the chain. Link 0 has no record: it is random, so that no two chains are alike.
# A link with an empty `type` is the first one that is still known.
CHAIN = make_table(
    "chain",
    *columns(Number, "number", primary_key=True, autoincrement=False),
    *columns(LargeBinary, "sha256", "link"),
    Column("file_id", Integer, ForeignKey("evidence_files.id"), nullable=True),
    *columns(Number, "offset", "length"),
    *columns(String, "type"),
    *columns(LargeBinary, "record"),
    Index(None, "file_id", "offset"),
)
# The pages of one check: records `first` to `last`, `size` bytes; `pages` is the fingerprint of their bodies.
CAPTURES = make_table(
    "captures",
    *columns(Integer, "id", primary_key=True),
    *columns(String, "source", "kind"),
    *columns(Utc, "at"),
    *columns(Utc, "previous", nullable=True),
    Column("file_id", Integer, ForeignKey("evidence_files.id"), nullable=False),
    *columns(Number, "first", "last"),
    *columns(LargeBinary, "link", "pages"),
    *columns(Number, "same_as", nullable=True),
    *columns(Number, "size", server_default="0"),
    Index(None, "source", "id"),
    Index(None, "file_id"),
)
# The capture of an event. It outlives the event, as pages may be kept longer than the log.
PROOFS = make_table(
    "proofs",
    *columns(Number, "event_id", primary_key=True, autoincrement=False),
    parent("capture_id", "captures", index=True),
)
# What a file already has while it is still written to, so that nothing is written twice.
HOLDINGS = make_table(
    "holdings",
    parent("file_id", "evidence_files", primary_key=True),
    *columns(String, "what", primary_key=True),
    *columns(LargeBinary, "mark", primary_key=True),
    *columns(LargeBinary, "record"),
    *columns(String, "uri"),
    *columns(Utc, "at"),
)
# What a third party answered about a link of the chain, or about the page of the capture that ends with it.
# Without an answer, the row says that the question is not asked again before `at`; without a `page` either, that the
# page is none to ask an archive about. One with the number FAULTS counts, in its `link`, how often in a row its
# authority could not be asked.
ANSWERS = make_table(
    "witness_answers",
    *columns(Integer, "id", primary_key=True),
    *columns(String, "kind", "authority"),
    *columns(Number, "number"),
    *columns(LargeBinary, "link"),
    *columns(String, "page"),
    *columns(Utc, "at"),
    *columns(LargeBinary, "answer"),
    Index(None, "kind", "number"),
)
