-- The configuration that is made at the desk, by revision; and links that bind each action to the one before it.

CREATE TABLE config_revisions (id {id} NOT NULL, object VARCHAR NOT NULL, name VARCHAR NOT NULL,
    document VARCHAR, who VARCHAR NOT NULL, at {time} NOT NULL, is_current BOOLEAN NOT NULL,
    CONSTRAINT pk_config_revisions PRIMARY KEY (id));
CREATE UNIQUE INDEX ix_config_revisions_object_name ON config_revisions (object, name) WHERE is_current;
ALTER TABLE actions ADD COLUMN link {bytes};
