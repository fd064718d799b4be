DROP TABLE broadcasts
;;
CREATE TABLE broadcasts (
    id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    name TEXT NOT NULL,
    bots TEXT NOT NULL,
    body_sealed BLOB NOT NULL,
    state TEXT NOT NULL,
    planned_us BIGINT NOT NULL,
    cursor BIGINT NOT NULL,
    listed SMALLINT NOT NULL,
    next_us BIGINT NOT NULL,
    begun_us BIGINT,
    done_us BIGINT,
    counts TEXT NOT NULL,
    CONSTRAINT uq_broadcasts_name UNIQUE (name),
    CONSTRAINT ck_broadcasts_state CHECK (state IN ('planned', 'running', 'stopped', 'done'))
)
;;
CREATE INDEX ix_broadcasts_state ON broadcasts (state)
;;
CREATE TABLE recipients (
    broadcast_id BIGINT NOT NULL,
    identity_id BIGINT NOT NULL,
    bot_id BIGINT NOT NULL,
    state TEXT NOT NULL,
    reason TEXT NOT NULL,
    planned_us BIGINT NOT NULL,
    due_us BIGINT NOT NULL,
    tries SMALLINT NOT NULL,
    CONSTRAINT pk_recipients PRIMARY KEY (broadcast_id, identity_id),
    CONSTRAINT ck_recipients_state CHECK (state IN ('planned', 'taken', 'queued', 'skipped', 'failed')),
    CONSTRAINT fk_recipients_broadcast_id FOREIGN KEY(broadcast_id) REFERENCES broadcasts (id),
    CONSTRAINT fk_recipients_identity_id FOREIGN KEY(identity_id) REFERENCES identities (id),
    CONSTRAINT fk_recipients_bot_id FOREIGN KEY(bot_id) REFERENCES bots (id)
)
;;
CREATE INDEX ix_recipients_identity_id ON recipients (identity_id)
;;
CREATE INDEX ix_recipients_planned ON recipients (broadcast_id, bot_id, due_us, identity_id) WHERE state = 'planned'
;;
CREATE INDEX ix_recipients_taken ON recipients (bot_id, broadcast_id) WHERE state = 'taken'
