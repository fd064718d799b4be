"""Indexes over dead letters: monitors count them all day long.

A program of revision 0001 may go on working with the database: it need not know of indexes.
"""

from alembic import op

from storage import crash
from storage.migrations import frozen

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

COMPATIBLE_FROM = "0001"


def upgrade() -> None:
    """Create the indexes."""
    connection = op.get_bind()
    for statement in frozen.statements(revision, connection.dialect.name):
        connection.exec_driver_sql(statement)
        crash.point("migration.statement")
