"""Evidence: the hash chain over the records of WARC files, and the captures that prove events."""

from datetime import datetime

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    _files()
    _chain()
    _captures()
    _stamps()
    op.add_column("messages", sa.Column("attached", sa.JSON(), nullable=False, server_default="[]"))


def _number(name: str, *, key: bool = False, null: bool = False) -> sa.Column[int]:
    kind = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    return sa.Column(name, kind, primary_key=key, nullable=null, autoincrement=False if key else "auto")


def _text(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.String(), nullable=False)


def _bytes(name: str) -> sa.Column[bytes]:
    return sa.Column(name, sa.LargeBinary(), nullable=False)


def _time(name: str, *, null: bool = False) -> sa.Column[datetime]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=null)


def _file(*, null: bool = False) -> sa.Column[int]:
    return sa.Column("file_id", sa.Integer(), sa.ForeignKey("evidence_files.id"), nullable=null)


def _files() -> None:
    op.create_table(
        "evidence_files",
        sa.Column("id", sa.Integer(), primary_key=True),
        _text("name"),
        _text("day"),
        sa.Column("mentions", sa.Boolean(), nullable=False),
        _number("size"),
        _time("removed", null=True),
        sa.UniqueConstraint("name"),
    )
    op.create_index("ix_evidence_files_day", "evidence_files", ["day"])


def _chain() -> None:
    op.create_table(
        "chain",
        _number("number", key=True),
        _bytes("sha256"),
        _bytes("link"),
        _file(null=True),
        _number("offset"),
        _number("length"),
        _text("type"),
        _bytes("record"),
    )
    op.create_index("ix_chain_file_id_offset", "chain", ["file_id", "offset"])
    op.create_table(
        "holdings",
        sa.Column("file_id", sa.Integer(), sa.ForeignKey("evidence_files.id", ondelete="CASCADE"), primary_key=True),
        sa.Column("what", sa.String(), primary_key=True),
        sa.Column("mark", sa.LargeBinary(), primary_key=True),
        _bytes("record"),
        _text("uri"),
        _time("at"),
    )


def _captures() -> None:
    op.create_table(
        "captures",
        sa.Column("id", sa.Integer(), primary_key=True),
        _text("source"),
        _text("kind"),
        _time("at"),
        _time("previous", null=True),
        _file(),
        _number("first"),
        _number("last"),
        _bytes("link"),
        _bytes("pages"),
        _number("same_as", null=True),
    )
    op.create_index("ix_captures_source_id", "captures", ["source", "id"])
    op.create_index("ix_captures_file_id", "captures", ["file_id"])
    op.create_table(
        "proofs",
        _number("event_id", key=True),
        sa.Column("capture_id", sa.Integer(), sa.ForeignKey("captures.id", ondelete="CASCADE"), nullable=False),
    )
    op.create_index("ix_proofs_capture_id", "proofs", ["capture_id"])


def _stamps() -> None:
    op.create_table(
        "stamps", _number("number", key=True), _bytes("link"), _time("at"), _text("authority"), _bytes("answer")
    )
