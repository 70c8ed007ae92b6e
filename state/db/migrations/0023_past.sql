-- The past before the first own snapshot: captures of others, and the entries that were read in them.

CREATE TABLE past_captures (id {long_id} NOT NULL, source VARCHAR NOT NULL, at {time} NOT NULL, kind VARCHAR NOT NULL,
    place VARCHAR NOT NULL, body {bytes} NOT NULL, reading VARCHAR NOT NULL, reason VARCHAR NOT NULL,
    message VARCHAR NOT NULL, packed {bytes} NOT NULL, filled JSON NOT NULL, file VARCHAR NOT NULL,
    is_window BOOLEAN NOT NULL,
    CONSTRAINT pk_past_captures PRIMARY KEY (id),
    CONSTRAINT uq_past_captures_source_at_kind_place UNIQUE (source, at, kind, place));
CREATE TABLE past_entries (id {long_id} NOT NULL, source VARCHAR NOT NULL, mark {bytes} NOT NULL, key VARCHAR NOT NULL,
    title VARCHAR NOT NULL, url VARCHAR, published {time}, fields JSON NOT NULL, text VARCHAR NOT NULL,
    CONSTRAINT pk_past_entries PRIMARY KEY (id),
    CONSTRAINT uq_past_entries_source_mark UNIQUE (source, mark));
CREATE INDEX ix_past_entries_source_key ON past_entries (source, key);
