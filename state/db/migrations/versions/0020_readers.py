"""Readers: what each follows, comments, assignments, links that were handed on, and tokens of their own."""

from alembic import op

revision = "0020"
down_revision = "0019"

_WORDS = {
    "sqlite": {"once": " AUTOINCREMENT", "id": "INTEGER", "time": "DATETIME", "bytes": "BLOB", "number": "INTEGER"},
    "postgresql": {"once": "", "id": "BIGSERIAL", "time": "TIMESTAMPTZ", "bytes": "BYTEA", "number": "BIGINT"},
}
_STATEMENTS = (
    """CREATE TABLE readers (who VARCHAR NOT NULL, role VARCHAR, vouched {time}, mail VARCHAR,
    verified {time}, bounces INTEGER NOT NULL, stopped VARCHAR NOT NULL, CONSTRAINT pk_readers PRIMARY KEY (who))""",
    # a mail may name a follow for years: no other one gets its number
    """CREATE TABLE follows (id {id} NOT NULL CONSTRAINT pk_follows PRIMARY KEY{once}, who VARCHAR NOT NULL,
    entities JSON NOT NULL, sources JSON NOT NULL, find VARCHAR NOT NULL, by VARCHAR NOT NULL,
    "when" VARCHAR NOT NULL, at {time} NOT NULL,
    after {number} NOT NULL)""",
    "CREATE INDEX ix_follows_who ON follows (who)",
    """CREATE TABLE rounds ("when" VARCHAR NOT NULL, event {number} NOT NULL, due {time} NOT NULL,
    CONSTRAINT pk_rounds PRIMARY KEY ("when"))""",
    """CREATE TABLE letter_texts (id {id} NOT NULL, key VARCHAR NOT NULL, title VARCHAR NOT NULL, text VARCHAR NOT NULL,
    html VARCHAR NOT NULL, url VARCHAR NOT NULL, created {time} NOT NULL,
    CONSTRAINT pk_letter_texts PRIMARY KEY (id), CONSTRAINT uq_letter_texts_key UNIQUE (key))""",
    """CREATE TABLE letters (id {id} NOT NULL, who VARCHAR NOT NULL, by VARCHAR NOT NULL, push_id {number},
    address VARCHAR, follows JSON NOT NULL, events JSON NOT NULL, text_id {number}, created {time} NOT NULL,
    due {time} NOT NULL, state VARCHAR NOT NULL, attempts INTEGER NOT NULL, error VARCHAR, sent {time},
    CONSTRAINT pk_letters PRIMARY KEY (id))""",
    "CREATE INDEX ix_letters_state_due ON letters (state, due)",
    "CREATE INDEX ix_letters_who ON letters (who)",
    "CREATE INDEX ix_letters_text_id ON letters (text_id)",
    """CREATE TABLE push_subscriptions (id {id} NOT NULL, who VARCHAR NOT NULL, endpoint VARCHAR NOT NULL,
    p256dh VARCHAR NOT NULL, auth VARCHAR NOT NULL, at {time} NOT NULL,
    CONSTRAINT pk_push_subscriptions PRIMARY KEY (id),
    CONSTRAINT uq_push_subscriptions_endpoint UNIQUE (endpoint))""",
    "CREATE INDEX ix_push_subscriptions_who ON push_subscriptions (who)",
    """CREATE TABLE comments (id {id} NOT NULL, subject VARCHAR NOT NULL, who VARCHAR NOT NULL, at {time} NOT NULL,
    text VARCHAR NOT NULL, mentions JSON NOT NULL, CONSTRAINT pk_comments PRIMARY KEY (id))""",
    "CREATE INDEX ix_comments_subject_id ON comments (subject, id)",
    """CREATE TABLE marks (subject VARCHAR NOT NULL, assigned VARCHAR, importance VARCHAR, at {time} NOT NULL,
    CONSTRAINT pk_marks PRIMARY KEY (subject))""",
    """CREATE TABLE shares (id {id} NOT NULL, subject VARCHAR NOT NULL, digest {bytes} NOT NULL, who VARCHAR NOT NULL,
    at {time} NOT NULL, until {time} NOT NULL, ended {time}, CONSTRAINT pk_shares PRIMARY KEY (id),
    CONSTRAINT uq_shares_digest UNIQUE (digest))""",
    "CREATE INDEX ix_shares_subject ON shares (subject)",
    """CREATE TABLE api_tokens (id {id} NOT NULL, who VARCHAR NOT NULL, name VARCHAR NOT NULL, digest {bytes} NOT NULL,
    scope VARCHAR NOT NULL, at {time} NOT NULL, until {time}, CONSTRAINT pk_api_tokens PRIMARY KEY (id),
    CONSTRAINT uq_api_tokens_digest UNIQUE (digest))""",
    "CREATE INDEX ix_api_tokens_who ON api_tokens (who)",
)


def upgrade() -> None:
    """Create the tables."""
    connection = op.get_bind()
    for statement in _STATEMENTS:
        connection.exec_driver_sql(statement.format_map(_WORDS[connection.dialect.name]))
