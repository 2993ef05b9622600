"""This file is what Alembic calls: it runs the steps on the connection that `store.engine.migrate` lends."""

from alembic import context

from admitone.store.tables import metadata

# Where a transaction is open already, that is the one for all steps.
context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    transactional_ddl=True,
    transaction_per_migration=True,
)
with context.begin_transaction():
    context.run_migrations()
