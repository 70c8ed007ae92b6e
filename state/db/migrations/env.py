"""alembic's environment: migrations run on the connection of state/db/migrate.py, inside its transaction."""

from alembic import context

from state.db.migrate import all_tables

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=all_tables(),
    render_as_batch=True,  # SQLite alters a table by rebuilding it
)
with context.begin_transaction():
    context.run_migrations()
