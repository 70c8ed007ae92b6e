"""What is known: entries, changes, deliveries and health, in one database."""
