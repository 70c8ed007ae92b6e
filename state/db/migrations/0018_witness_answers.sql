-- One table for what any third party answered about the evidence: that of time stamps becomes `witness_answers`.

CREATE TABLE witness_answers (id {id} NOT NULL, kind VARCHAR NOT NULL, authority VARCHAR NOT NULL,
    number {long} NOT NULL, link {bytes} NOT NULL, page VARCHAR NOT NULL, at {time} NOT NULL, answer {bytes} NOT NULL,
    CONSTRAINT pk_witness_answers PRIMARY KEY (id));
CREATE INDEX ix_witness_answers_kind_number ON witness_answers (kind, number);
INSERT INTO witness_answers (kind, authority, number, link, page, at, answer)
    SELECT 'timestamp', authority, number, link, '', at, answer FROM stamps ORDER BY number;
DROP TABLE stamps;
