-- The first schema: its tables in the order in which they refer to each other.
--
-- It bears the number of the last of the migrations before the first release, 0001 to 0017, whose result it is: a state
-- that they made is at this schema, and needs no migration.
-- The table of the version has the name that alembic gave it, by which those migrations were made.

CREATE TABLE alembic_version (
    version_num VARCHAR(32) NOT NULL,
    CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)
);
INSERT INTO alembic_version VALUES ('0017');

CREATE TABLE actions (
    id {long_id} NOT NULL,
    at {time} NOT NULL,
    who VARCHAR NOT NULL,
    what VARCHAR NOT NULL,
    subject VARCHAR NOT NULL,
    CONSTRAINT pk_actions PRIMARY KEY (id)
);
CREATE INDEX ix_actions_at ON actions (at);

CREATE TABLE budget (
    id INTEGER NOT NULL,
    credit FLOAT NOT NULL,
    at FLOAT NOT NULL,
    scale FLOAT NOT NULL,
    planned FLOAT NOT NULL,
    mark VARCHAR NOT NULL,
    used FLOAT NOT NULL,
    passed FLOAT NOT NULL,
    CONSTRAINT pk_budget PRIMARY KEY (id)
);

CREATE TABLE channels (
    name VARCHAR NOT NULL,
    since {time} NOT NULL,
    told BOOLEAN NOT NULL,
    CONSTRAINT pk_channels PRIMARY KEY (name)
);

CREATE TABLE check_requests (
    source VARCHAR NOT NULL,
    at {time} NOT NULL,
    CONSTRAINT pk_check_requests PRIMARY KEY (source)
);

CREATE TABLE entities (
    id VARCHAR NOT NULL,
    definition VARCHAR NOT NULL,
    CONSTRAINT pk_entities PRIMARY KEY (id)
);

CREATE TABLE events (
    id {long_id} NOT NULL,
    kind VARCHAR NOT NULL,
    source VARCHAR NOT NULL,
    label VARCHAR NOT NULL,
    authority VARCHAR NOT NULL,
    at {time} NOT NULL,
    previous {time},
    data JSON NOT NULL,
    entry_key VARCHAR,
    CONSTRAINT pk_events PRIMARY KEY (id)
);
CREATE INDEX ix_events_at ON events (at);
CREATE INDEX ix_events_source_at ON events (source, at);
CREATE INDEX ix_events_source_entry_key ON events (source, entry_key);

CREATE TABLE evidence_files (
    id {id} NOT NULL,
    name VARCHAR NOT NULL,
    day VARCHAR NOT NULL,
    mentions BOOLEAN NOT NULL,
    size {long} NOT NULL,
    removed {time},
    CONSTRAINT pk_evidence_files PRIMARY KEY (id),
    CONSTRAINT uq_evidence_files_name UNIQUE (name)
);
CREATE INDEX ix_evidence_files_day ON evidence_files (day);

CREATE TABLE feed_keys (
    feed VARCHAR NOT NULL,
    value {bytes} NOT NULL,
    CONSTRAINT pk_feed_keys PRIMARY KEY (feed)
);

CREATE {unlogged} TABLE hosts (
    name VARCHAR NOT NULL,
    next_at {time} NOT NULL,
    busy JSON DEFAULT '{}' NOT NULL,
    CONSTRAINT pk_hosts PRIMARY KEY (name)
);

CREATE TABLE leases (
    name VARCHAR NOT NULL,
    holder VARCHAR NOT NULL,
    renewed {time} NOT NULL,
    until {time} NOT NULL,
    session INTEGER,
    began {time},
    CONSTRAINT pk_leases PRIMARY KEY (name)
);

CREATE TABLE messages (
    id {long_id} NOT NULL,
    key VARCHAR NOT NULL,
    channel VARCHAR NOT NULL,
    title VARCHAR NOT NULL,
    text VARCHAR NOT NULL,
    html VARCHAR NOT NULL,
    created {time} NOT NULL,
    attempts INTEGER NOT NULL,
    tried {time},
    next_try {time} NOT NULL,
    attached JSON DEFAULT '[]' NOT NULL,
    sent {time},
    wait_until {time},
    held BOOLEAN DEFAULT false NOT NULL,
    thread JSON,
    CONSTRAINT pk_messages PRIMARY KEY (id),
    CONSTRAINT uq_messages_key UNIQUE (key)
);
CREATE INDEX ix_messages_sent_next_try ON messages (sent, next_try);

CREATE TABLE snoozes (
    kind VARCHAR NOT NULL,
    name VARCHAR NOT NULL,
    at {time} NOT NULL,
    until {time} NOT NULL,
    who VARCHAR NOT NULL,
    CONSTRAINT pk_snoozes PRIMARY KEY (kind, name)
);

CREATE TABLE sources (
    id {id} NOT NULL,
    name VARCHAR NOT NULL,
    revision INTEGER NOT NULL,
    status VARCHAR NOT NULL,
    reason VARCHAR,
    message VARCHAR,
    since {time},
    failures INTEGER NOT NULL,
    told BOOLEAN NOT NULL,
    told_as VARCHAR,
    alerted_snapshots VARCHAR,
    alerted_at {time},
    checked {time},
    tried {time},
    due {time},
    wait_until {time},
    accepted {time},
    reread {time},
    entries INTEGER NOT NULL,
    digest {bytes} NOT NULL,
    reading VARCHAR NOT NULL,
    place VARCHAR NOT NULL,
    held {bytes} NOT NULL,
    habits JSON NOT NULL,
    watched BOOLEAN DEFAULT false NOT NULL,
    lease {time},
    holder VARCHAR,
    tally {long} DEFAULT '0' NOT NULL,
    history_from {time},
    history_why VARCHAR,
    CONSTRAINT pk_sources PRIMARY KEY (id),
    CONSTRAINT uq_sources_name UNIQUE (name)
) {room};
CREATE INDEX ix_sources_due ON sources (due) WHERE watched;

CREATE TABLE stamps (
    number {long} NOT NULL,
    link {bytes} NOT NULL,
    at {time} NOT NULL,
    authority VARCHAR NOT NULL,
    answer {bytes} NOT NULL,
    CONSTRAINT pk_stamps PRIMARY KEY (number)
);

CREATE TABLE visits (
    who VARCHAR NOT NULL,
    at {time} NOT NULL,
    before {time},
    CONSTRAINT pk_visits PRIMARY KEY (who)
);

CREATE TABLE workers (
    name VARCHAR NOT NULL,
    host VARCHAR NOT NULL,
    started {time} NOT NULL,
    seen {time} NOT NULL,
    state JSON NOT NULL,
    CONSTRAINT pk_workers PRIMARY KEY (name)
);

CREATE TABLE approvals (
    id {long_id} NOT NULL,
    message_id {long} NOT NULL,
    asked {time} NOT NULL,
    until {time},
    "then" VARCHAR NOT NULL,
    asked_by JSON NOT NULL,
    state VARCHAR NOT NULL,
    who VARCHAR,
    decided {time},
    CONSTRAINT pk_approvals PRIMARY KEY (id),
    CONSTRAINT fk_approvals_message_id FOREIGN KEY (message_id)
        REFERENCES messages (id) ON DELETE CASCADE
);
CREATE INDEX ix_approvals_message_id ON approvals (message_id);
CREATE INDEX ix_approvals_state_until ON approvals (state, until);

CREATE TABLE bodies (
    source_id INTEGER NOT NULL,
    hash {bytes} NOT NULL,
    body {bytes} NOT NULL,
    CONSTRAINT pk_bodies PRIMARY KEY (source_id, hash),
    CONSTRAINT fk_bodies_source_id FOREIGN KEY (source_id)
        REFERENCES sources (id) ON DELETE CASCADE
);

CREATE TABLE captures (
    id {id} NOT NULL,
    source VARCHAR NOT NULL,
    kind VARCHAR NOT NULL,
    at {time} NOT NULL,
    previous {time},
    file_id INTEGER NOT NULL,
    first {long} NOT NULL,
    last {long} NOT NULL,
    link {bytes} NOT NULL,
    pages {bytes} NOT NULL,
    same_as {long},
    size {long} DEFAULT '0' NOT NULL,
    CONSTRAINT pk_captures PRIMARY KEY (id),
    CONSTRAINT fk_captures_file_id FOREIGN KEY (file_id)
        REFERENCES evidence_files (id)
);
CREATE INDEX ix_captures_file_id ON captures (file_id);
CREATE INDEX ix_captures_source_id ON captures (source, id);

CREATE TABLE chain (
    number {long} NOT NULL,
    sha256 {bytes} NOT NULL,
    link {bytes} NOT NULL,
    file_id INTEGER,
    "offset" {long} NOT NULL,
    length {long} NOT NULL,
    type VARCHAR NOT NULL,
    record {bytes} NOT NULL,
    CONSTRAINT pk_chain PRIMARY KEY (number),
    CONSTRAINT fk_chain_file_id FOREIGN KEY (file_id)
        REFERENCES evidence_files (id)
);
CREATE INDEX ix_chain_file_id_offset ON chain (file_id, "offset");

CREATE TABLE deliveries (
    id {long_id} NOT NULL,
    event_id {long} NOT NULL,
    channel VARCHAR NOT NULL,
    state VARCHAR NOT NULL,
    created {time} NOT NULL,
    due {time} NOT NULL,
    digest BOOLEAN NOT NULL,
    attempts INTEGER NOT NULL,
    error VARCHAR,
    approval JSON,
    message_id {long},
    CONSTRAINT pk_deliveries PRIMARY KEY (id),
    CONSTRAINT uq_deliveries_event_id_channel UNIQUE (event_id, channel),
    CONSTRAINT fk_deliveries_event_id FOREIGN KEY (event_id)
        REFERENCES events (id) ON DELETE CASCADE,
    CONSTRAINT fk_deliveries_message_id FOREIGN KEY (message_id)
        REFERENCES messages (id)
);
CREATE INDEX ix_deliveries_message_id ON deliveries (message_id);
CREATE INDEX ix_deliveries_state_due ON deliveries (state, due);

CREATE TABLE entries (
    id {long_id} NOT NULL,
    source_id INTEGER NOT NULL,
    standing VARCHAR NOT NULL,
    mark {bytes} NOT NULL,
    key VARCHAR NOT NULL,
    title VARCHAR NOT NULL,
    url VARCHAR,
    published {time},
    fields JSON NOT NULL,
    text VARCHAR NOT NULL,
    "left" {time},
    staged {long},
    detail JSON,
    detail_due {time},
    CONSTRAINT pk_entries PRIMARY KEY (id),
    CONSTRAINT uq_entries_source_id_mark UNIQUE (source_id, mark),
    CONSTRAINT fk_entries_source_id FOREIGN KEY (source_id)
        REFERENCES sources (id) ON DELETE CASCADE
);
CREATE INDEX ix_entries_left ON entries ("left") WHERE "left" IS NOT NULL;

CREATE TABLE escalations (
    id {long_id} NOT NULL,
    event_id {long} NOT NULL,
    channel VARCHAR NOT NULL,
    every INTEGER NOT NULL,
    began {time} NOT NULL,
    next_at {time} NOT NULL,
    times INTEGER NOT NULL,
    CONSTRAINT pk_escalations PRIMARY KEY (id),
    CONSTRAINT uq_escalations_event_id_channel UNIQUE (event_id, channel),
    CONSTRAINT fk_escalations_event_id FOREIGN KEY (event_id)
        REFERENCES events (id) ON DELETE CASCADE
);
CREATE INDEX ix_escalations_next_at ON escalations (next_at);

CREATE TABLE handled (
    event_id {long} NOT NULL,
    at {time} NOT NULL,
    who VARCHAR NOT NULL,
    CONSTRAINT pk_handled PRIMARY KEY (event_id),
    CONSTRAINT fk_handled_event_id FOREIGN KEY (event_id)
        REFERENCES events (id) ON DELETE CASCADE
);

CREATE TABLE holdings (
    file_id INTEGER NOT NULL,
    what VARCHAR NOT NULL,
    mark {bytes} NOT NULL,
    record {bytes} NOT NULL,
    uri VARCHAR NOT NULL,
    at {time} NOT NULL,
    CONSTRAINT pk_holdings PRIMARY KEY (file_id, what, mark),
    CONSTRAINT fk_holdings_file_id FOREIGN KEY (file_id)
        REFERENCES evidence_files (id) ON DELETE CASCADE
);

CREATE TABLE mentions (
    id {long_id} NOT NULL,
    event_id {long} NOT NULL,
    entity VARCHAR NOT NULL,
    name VARCHAR NOT NULL,
    words VARCHAR NOT NULL,
    field VARCHAR NOT NULL,
    CONSTRAINT pk_mentions PRIMARY KEY (id),
    CONSTRAINT fk_mentions_event_id FOREIGN KEY (event_id)
        REFERENCES events (id) ON DELETE CASCADE
);
CREATE INDEX ix_mentions_entity_event_id ON mentions (entity, event_id);
CREATE INDEX ix_mentions_event_id ON mentions (event_id);

CREATE TABLE rhythms (
    source_id INTEGER NOT NULL,
    packed {bytes} NOT NULL,
    mean FLOAT NOT NULL,
    levels {bytes} NOT NULL,
    CONSTRAINT pk_rhythms PRIMARY KEY (source_id),
    CONSTRAINT fk_rhythms_source_id FOREIGN KEY (source_id)
        REFERENCES sources (id) ON DELETE CASCADE
);

CREATE TABLE stagings (
    number {long} NOT NULL,
    source_id INTEGER NOT NULL,
    after {long} NOT NULL,
    renewed {time},
    CONSTRAINT pk_stagings PRIMARY KEY (number),
    CONSTRAINT fk_stagings_source_id FOREIGN KEY (source_id)
        REFERENCES sources (id) ON DELETE CASCADE
);
CREATE INDEX ix_stagings_source_id ON stagings (source_id);

CREATE TABLE tallies (
    source_id INTEGER NOT NULL,
    month VARCHAR NOT NULL,
    days VARCHAR NOT NULL,
    CONSTRAINT pk_tallies PRIMARY KEY (source_id, month),
    CONSTRAINT fk_tallies_source_id FOREIGN KEY (source_id)
        REFERENCES sources (id) ON DELETE CASCADE
);

CREATE TABLE undos (
    id {long_id} NOT NULL,
    source_id INTEGER NOT NULL,
    at {time} NOT NULL,
    previous {time},
    kind VARCHAR NOT NULL,
    packed {bytes} NOT NULL,
    CONSTRAINT pk_undos PRIMARY KEY (id),
    CONSTRAINT fk_undos_source_id FOREIGN KEY (source_id)
        REFERENCES sources (id) ON DELETE CASCADE
);
CREATE INDEX ix_undos_source_id_id ON undos (source_id, id);

CREATE TABLE unread (
    id {long_id} NOT NULL,
    source_id INTEGER NOT NULL,
    since {time} NOT NULL,
    until {time} NOT NULL,
    why VARCHAR NOT NULL,
    reason VARCHAR NOT NULL,
    CONSTRAINT pk_unread PRIMARY KEY (id),
    CONSTRAINT fk_unread_source_id FOREIGN KEY (source_id)
        REFERENCES sources (id) ON DELETE CASCADE
);
CREATE INDEX ix_unread_source_id_id ON unread (source_id, id);

CREATE TABLE windows (
    source_id INTEGER NOT NULL,
    packed {bytes} NOT NULL,
    CONSTRAINT pk_windows PRIMARY KEY (source_id),
    CONSTRAINT fk_windows_source_id FOREIGN KEY (source_id)
        REFERENCES sources (id) ON DELETE CASCADE
);

CREATE TABLE pages (
    id {long_id} NOT NULL,
    source_id INTEGER NOT NULL,
    held BOOLEAN NOT NULL,
    position INTEGER NOT NULL,
    request JSON NOT NULL,
    response JSON NOT NULL,
    fetched {time} NOT NULL,
    body_hash {bytes} NOT NULL,
    CONSTRAINT pk_pages PRIMARY KEY (id),
    CONSTRAINT fk_pages_source_id FOREIGN KEY (source_id)
        REFERENCES sources (id) ON DELETE CASCADE,
    CONSTRAINT fk_pages_source_id_body_hash FOREIGN KEY (source_id, body_hash)
        REFERENCES bodies (source_id, hash)
);
CREATE INDEX ix_pages_source_id_held_position ON pages (source_id, held, position);

CREATE TABLE proofs (
    event_id {long} NOT NULL,
    capture_id INTEGER NOT NULL,
    CONSTRAINT pk_proofs PRIMARY KEY (event_id),
    CONSTRAINT fk_proofs_capture_id FOREIGN KEY (capture_id)
        REFERENCES captures (id) ON DELETE CASCADE
);
CREATE INDEX ix_proofs_capture_id ON proofs (capture_id);

