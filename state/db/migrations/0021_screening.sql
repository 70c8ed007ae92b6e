-- Screening: pairs that were cleared, and an index of the names of entries.

CREATE TABLE clearings (id {long_id} NOT NULL, entity VARCHAR NOT NULL, source VARCHAR NOT NULL,
    key VARCHAR NOT NULL, why VARCHAR NOT NULL, who VARCHAR NOT NULL, at {time} NOT NULL, until {time},
    facts JSON NOT NULL, ended {time}, why_ended VARCHAR, who_ended VARCHAR,
    CONSTRAINT pk_clearings PRIMARY KEY (id));
CREATE INDEX ix_clearings_source_key ON clearings (source, key);
CREATE TABLE screened_sources (source_id {long} NOT NULL, revision {long} NOT NULL, accepted {time},
    checked {time}, made VARCHAR NOT NULL, CONSTRAINT pk_screened_sources PRIMARY KEY (source_id));
CREATE TABLE screened_names (entry_id {long} NOT NULL, source_id {long} NOT NULL, mark {bytes} NOT NULL,
    detail VARCHAR NOT NULL, packed {bytes} NOT NULL, CONSTRAINT pk_screened_names PRIMARY KEY (entry_id));
CREATE INDEX ix_screened_names_source_id ON screened_names (source_id);
CREATE TABLE name_keys (key VARCHAR NOT NULL, source_id {long} NOT NULL, entry_id {long} NOT NULL,
    CONSTRAINT pk_name_keys PRIMARY KEY (key, source_id, entry_id)){alone};
