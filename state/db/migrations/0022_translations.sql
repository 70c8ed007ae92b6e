-- Machine translation: what engines answered, and how changes were told in other languages.

CREATE TABLE translated_texts (digest {bytes} NOT NULL, language VARCHAR NOT NULL, text VARCHAR NOT NULL,
    engine VARCHAR NOT NULL, at {time} NOT NULL, CONSTRAINT pk_translated_texts PRIMARY KEY (digest, language));
CREATE TABLE told_changes (event_id {long} NOT NULL, language VARCHAR NOT NULL, data JSON, words VARCHAR NOT NULL,
    summary JSON, CONSTRAINT pk_told_changes PRIMARY KEY (event_id, language),
    CONSTRAINT fk_told_changes_event_id_events FOREIGN KEY(event_id) REFERENCES events (id) ON DELETE CASCADE);
