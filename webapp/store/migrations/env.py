"""Alembic's door: runs on the connection that `migrate` opened."""

from alembic import context

from webapp.store.tables import Base

connection = context.config.attributes["connection"]
context.configure(connection=connection, target_metadata=Base.metadata, compare_type=True)
with context.begin_transaction():
    context.run_migrations()
