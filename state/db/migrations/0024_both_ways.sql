-- What goes both ways: messages with buttons, what people press, and what programs push.

CREATE TABLE chat_messages (id {long_id} NOT NULL, message_id {long} NOT NULL, chat VARCHAR NOT NULL,
    remote VARCHAR NOT NULL, shown VARCHAR NOT NULL, at {time} NOT NULL,
    CONSTRAINT pk_chat_messages PRIMARY KEY (id),
    CONSTRAINT uq_chat_messages_message_id_chat_remote UNIQUE (message_id, chat, remote),
    CONSTRAINT fk_chat_messages_message_id_messages FOREIGN KEY(message_id) REFERENCES messages (id) ON DELETE CASCADE);
CREATE TABLE chat_presses (bot VARCHAR NOT NULL, press VARCHAR NOT NULL, at {time} NOT NULL, who VARCHAR NOT NULL,
    what VARCHAR NOT NULL, message_key VARCHAR NOT NULL, answer VARCHAR NOT NULL,
    CONSTRAINT pk_chat_presses PRIMARY KEY (bot, press));
CREATE TABLE pushed_requests (source VARCHAR NOT NULL, key VARCHAR NOT NULL, body {bytes} NOT NULL, answer JSON,
    at {time} NOT NULL,
    CONSTRAINT pk_pushed_requests PRIMARY KEY (source, key));
