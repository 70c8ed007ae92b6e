"""How alembic runs the migrations: on the connection that state/db/migrate.py gives, inside its transaction."""

from alembic import context

from state.db.tables import Row

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Row.metadata,
    render_as_batch=True,  # SQLite alters a table by building it anew
)
with context.begin_transaction():
    context.run_migrations()
