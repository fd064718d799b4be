"""Where Alembic gets its connection: from storage/migration.py, which has begun the transaction."""

from alembic import context
from sqlalchemy import Connection

from storage.tables import METADATA

connection: Connection | None = context.config.attributes.get("connection")
if connection is None:
    message = "Migrations are run by the program: see storage/migration.py."
    raise SystemExit(message)

context.configure(
    connection=connection,
    target_metadata=METADATA,
    transactional_ddl=True,
    render_as_batch=connection.dialect.name == "sqlite",
)
with context.begin_transaction():
    context.run_migrations()
