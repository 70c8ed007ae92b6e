-- Readers: what each follows, comments, assignments, links that were handed on, and tokens of their own.

CREATE TABLE readers (who VARCHAR NOT NULL, role VARCHAR, vouched {time}, mail VARCHAR,
    verified {time}, bounces INTEGER NOT NULL, stopped VARCHAR NOT NULL, CONSTRAINT pk_readers PRIMARY KEY (who));
-- a mail may name a follow for years: no other one gets its number
CREATE TABLE follows (id {long_id} NOT NULL CONSTRAINT pk_follows PRIMARY KEY{once}, who VARCHAR NOT NULL,
    entities JSON NOT NULL, sources JSON NOT NULL, find VARCHAR NOT NULL, by VARCHAR NOT NULL,
    "when" VARCHAR NOT NULL, at {time} NOT NULL,
    after {long} NOT NULL);
CREATE INDEX ix_follows_who ON follows (who);
CREATE TABLE rounds ("when" VARCHAR NOT NULL, event {long} NOT NULL, due {time} NOT NULL,
    CONSTRAINT pk_rounds PRIMARY KEY ("when"));
CREATE TABLE letter_texts (id {long_id} NOT NULL, key VARCHAR NOT NULL, title VARCHAR NOT NULL, text VARCHAR NOT NULL,
    html VARCHAR NOT NULL, url VARCHAR NOT NULL, created {time} NOT NULL,
    CONSTRAINT pk_letter_texts PRIMARY KEY (id), CONSTRAINT uq_letter_texts_key UNIQUE (key));
CREATE TABLE letters (id {long_id} NOT NULL, who VARCHAR NOT NULL, by VARCHAR NOT NULL, push_id {long},
    address VARCHAR, follows JSON NOT NULL, events JSON NOT NULL, text_id {long}, created {time} NOT NULL,
    due {time} NOT NULL, state VARCHAR NOT NULL, attempts INTEGER NOT NULL, error VARCHAR, sent {time},
    CONSTRAINT pk_letters PRIMARY KEY (id));
CREATE INDEX ix_letters_state_due ON letters (state, due);
CREATE INDEX ix_letters_who ON letters (who);
CREATE INDEX ix_letters_text_id ON letters (text_id);
CREATE TABLE push_subscriptions (id {long_id} NOT NULL, who VARCHAR NOT NULL, endpoint VARCHAR NOT NULL,
    p256dh VARCHAR NOT NULL, auth VARCHAR NOT NULL, at {time} NOT NULL,
    CONSTRAINT pk_push_subscriptions PRIMARY KEY (id),
    CONSTRAINT uq_push_subscriptions_endpoint UNIQUE (endpoint));
CREATE INDEX ix_push_subscriptions_who ON push_subscriptions (who);
CREATE TABLE comments (id {long_id} NOT NULL, subject VARCHAR NOT NULL, who VARCHAR NOT NULL, at {time} NOT NULL,
    text VARCHAR NOT NULL, mentions JSON NOT NULL, CONSTRAINT pk_comments PRIMARY KEY (id));
CREATE INDEX ix_comments_subject_id ON comments (subject, id);
CREATE TABLE marks (subject VARCHAR NOT NULL, assigned VARCHAR, importance VARCHAR, at {time} NOT NULL,
    CONSTRAINT pk_marks PRIMARY KEY (subject));
CREATE TABLE shares (id {long_id} NOT NULL, subject VARCHAR NOT NULL, digest {bytes} NOT NULL, who VARCHAR NOT NULL,
    at {time} NOT NULL, until {time} NOT NULL, ended {time}, CONSTRAINT pk_shares PRIMARY KEY (id),
    CONSTRAINT uq_shares_digest UNIQUE (digest));
CREATE INDEX ix_shares_subject ON shares (subject);
CREATE TABLE api_tokens (id {long_id} NOT NULL, who VARCHAR NOT NULL, name VARCHAR NOT NULL, digest {bytes} NOT NULL,
    scope VARCHAR NOT NULL, at {time} NOT NULL, until {time}, CONSTRAINT pk_api_tokens PRIMARY KEY (id),
    CONSTRAINT uq_api_tokens_digest UNIQUE (digest));
CREATE INDEX ix_api_tokens_who ON api_tokens (who);
