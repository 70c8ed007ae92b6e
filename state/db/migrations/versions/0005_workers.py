"""Workers on one database: claims of sources, leases, the pace of hosts; and 64-bit row numbers."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0003"

_NUMBERED = ("entries", "pages", "events", "mentions", "messages", "deliveries")
_REFERENCES = (("mentions", "event_id"), ("deliveries", "event_id"), ("deliveries", "message_id"))


def upgrade() -> None:
    server = op.get_bind().dialect.name == "postgresql"
    _claims()
    _leases()
    _hosts(server)
    _workers()
    if server:
        _long_numbers()


def _claims() -> None:
    op.add_column("sources", sa.Column("watched", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("sources", sa.Column("lease", sa.DateTime(timezone=True), nullable=True))
    op.add_column("sources", sa.Column("holder", sa.String(), nullable=True))
    watched = sa.text("watched")
    op.create_index("ix_sources_due", "sources", ["due"], sqlite_where=watched, postgresql_where=watched)


def _leases() -> None:
    op.create_table(
        "leases",
        sa.Column("name", sa.String(), primary_key=True),
        sa.Column("holder", sa.String(), nullable=False),
        sa.Column("renewed", sa.DateTime(timezone=True), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("session", sa.Integer(), nullable=True),
        sa.Column("began", sa.DateTime(timezone=True), nullable=True),
    )


def _hosts(server: bool) -> None:
    op.create_table(
        "hosts",
        sa.Column("name", sa.String(), primary_key=True),
        sa.Column("next_at", sa.DateTime(timezone=True), nullable=False),
        # Lost in a crash of the server, after which no host was asked recently.
        prefixes=["UNLOGGED"] if server else [],
    )


def _workers() -> None:
    op.create_table(
        "workers",
        sa.Column("name", sa.String(), primary_key=True),
        sa.Column("host", sa.String(), nullable=False),
        sa.Column("started", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.JSON(), nullable=False),
    )


def _long_numbers() -> None:
    """Numbers of short-lived rows exceed 32 bits within years."""
    for table in _NUMBERED:
        op.execute(f"ALTER TABLE {table} ALTER COLUMN id TYPE bigint")
        op.execute(f"ALTER SEQUENCE {table}_id_seq AS bigint")
    for table, column in _REFERENCES:
        op.execute(f"ALTER TABLE {table} ALTER COLUMN {column} TYPE bigint")
    op.execute("ALTER TABLE sources SET (fillfactor = 80)")  # room for updates within a row's page
