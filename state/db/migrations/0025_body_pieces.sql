-- Large bodies in pieces.

ALTER TABLE bodies ADD COLUMN pieces {bytes};
CREATE TABLE body_pieces (source_id INTEGER NOT NULL, pieces {bytes} NOT NULL, position INTEGER NOT NULL,
    written {time} NOT NULL, piece {bytes} NOT NULL,
    CONSTRAINT pk_body_pieces PRIMARY KEY (source_id, pieces, position),
    CONSTRAINT fk_body_pieces_source_id_sources FOREIGN KEY(source_id) REFERENCES sources (id) ON DELETE CASCADE);
