"""Times that people book with teams (`answer: slot`).

A program of revision 0001 may go on working with the database: it knows nothing of bookings.
"""

from alembic import op

from storage import crash
from storage.migrations import frozen

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

COMPATIBLE_FROM = "0001"


def upgrade() -> None:
    """Create the table and its index."""
    connection = op.get_bind()
    for statement in frozen.statements(revision, connection.dialect.name):
        connection.exec_driver_sql(statement)
        crash.point("migration.statement")
