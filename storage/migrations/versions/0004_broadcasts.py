"""Broadcasts and their recipients.

The table `broadcasts` of revision 0001 was never written to and is made anew: a name that is given
once for all, what pacing needs, and the moments. A program of revision 0001 may go on working with
the database: it sends no broadcasts.
"""

from alembic import op

from storage import crash
from storage.migrations import frozen

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

COMPATIBLE_FROM = "0001"


def upgrade() -> None:
    """Make both tables."""
    connection = op.get_bind()
    for statement in frozen.statements(revision, connection.dialect.name):
        connection.exec_driver_sql(statement)
        crash.point("migration.statement")
