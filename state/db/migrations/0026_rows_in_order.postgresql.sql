-- Entries are found by their source in the order of their rows, no longer by their fingerprints: to keep an index in
-- the order of these took half of the time of writing a large register.

ALTER TABLE entries DROP CONSTRAINT uq_entries_source_id_mark;
CREATE INDEX ix_entries_source_id_id ON entries (source_id, id);
