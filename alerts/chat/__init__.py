"""Messages with buttons, as each chat service has them; and the tables `[bots.*]`."""
