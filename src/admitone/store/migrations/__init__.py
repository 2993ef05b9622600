"""What Alembic runs: each released step of the schema, frozen."""
