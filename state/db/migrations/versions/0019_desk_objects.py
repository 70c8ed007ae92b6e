"""The configuration that is made at the desk, by revision; and links that bind each action to the one before it."""

from alembic import op

revision = "0019"
down_revision = "0018"

_WORDS = {
    "sqlite": {"id": "INTEGER", "time": "DATETIME", "bytes": "BLOB"},
    "postgresql": {"id": "SERIAL", "time": "TIMESTAMPTZ", "bytes": "BYTEA"},
}
_STATEMENTS = (
    """CREATE TABLE config_revisions (id {id} NOT NULL, object VARCHAR NOT NULL, name VARCHAR NOT NULL,
    document VARCHAR, who VARCHAR NOT NULL, at {time} NOT NULL, is_current BOOLEAN NOT NULL,
    CONSTRAINT pk_config_revisions PRIMARY KEY (id))""",
    "CREATE UNIQUE INDEX ix_config_revisions_object_name ON config_revisions (object, name) WHERE is_current",
    "ALTER TABLE actions ADD COLUMN link {bytes}",
)


def upgrade() -> None:
    """Create the table, and the column."""
    connection = op.get_bind()
    for statement in _STATEMENTS:
        connection.exec_driver_sql(statement.format_map(_WORDS[connection.dialect.name]))
