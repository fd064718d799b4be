"""All tables of the first release.

They follow the table list of the design with these changes, each for a reason:

- `runs.number` is the person's counter at entry, unique with the identity: the engine, which knows
  no ids of the database, names a run by it. `messages.number` does the same for a message.
- `inbox.payload` holds what a timer tells the player (plain JSON, nothing personal), because due
  timers become inbox rows inside the database, where nothing can be sealed.
- `outbox.message_id` may be empty and `outbox.payload_sealed` holds the body then: an answer to a
  press has no message of its own.
- `journal.until_us` is the moment until which something is held, so that it can be sorted.
- `programs.files` holds the hashes of documents and media that belong to the program.
- `leads.captured_us` is when the lead was captured; `web_visitors` is the web chat's cookie.
- `people.retry_us` has a small index: the claim leaves out those who wait for another try.

The schema is frozen as SQL in `0001.sqlite.sql` and `0001.postgresql.sql`, so that later changes of
`storage.tables` do not change what this revision made.
"""

from alembic import op

from storage import crash
from storage.migrations import frozen

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

COMPATIBLE_FROM = "0001"


def upgrade() -> None:
    """Create the tables, their indexes and the triggers."""
    connection = op.get_bind()
    for statement in frozen.statements(revision, connection.dialect.name):
        connection.exec_driver_sql(statement)
        crash.point("migration.statement")
