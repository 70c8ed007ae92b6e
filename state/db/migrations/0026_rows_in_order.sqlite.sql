-- Entries are found by their source in the order of their rows, no longer by their fingerprints: to keep an index in
-- the order of these took half of the time of writing a large register.

CREATE TABLE entries_in_order (
    id INTEGER NOT NULL,
    source_id INTEGER NOT NULL,
    standing VARCHAR NOT NULL,
    mark BLOB NOT NULL,
    key VARCHAR NOT NULL,
    title VARCHAR NOT NULL,
    url VARCHAR,
    published DATETIME,
    fields JSON NOT NULL,
    text VARCHAR NOT NULL,
    "left" DATETIME,
    staged INTEGER,
    detail JSON,
    detail_due DATETIME,
    CONSTRAINT pk_entries PRIMARY KEY (id),
    CONSTRAINT fk_entries_source_id FOREIGN KEY (source_id)
        REFERENCES sources (id) ON DELETE CASCADE
);
INSERT INTO entries_in_order SELECT * FROM entries ORDER BY id;
DROP TABLE entries;
ALTER TABLE entries_in_order RENAME TO entries;
CREATE INDEX ix_entries_left ON entries ("left") WHERE "left" IS NOT NULL;
CREATE INDEX ix_entries_source_id_id ON entries (source_id, id);
