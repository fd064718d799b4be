CREATE TABLE meta (
    "key" TEXT NOT NULL,
    value TEXT NOT NULL,
    CONSTRAINT pk_meta PRIMARY KEY ("key")
)
;;
CREATE TABLE leases (
    name TEXT NOT NULL,
    owner TEXT NOT NULL,
    fence BIGINT NOT NULL,
    until_us BIGINT NOT NULL,
    next_at_us BIGINT,
    CONSTRAINT pk_leases PRIMARY KEY (name)
)
;;
CREATE TABLE bots (
    id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    name TEXT NOT NULL,
    channel TEXT NOT NULL,
    external_id TEXT NOT NULL,
    state TEXT NOT NULL,
    reason TEXT NOT NULL,
    cursor TEXT NOT NULL,
    retry_until_us BIGINT,
    rate BIGINT,
    CONSTRAINT uq_bots_name UNIQUE (name),
    CONSTRAINT uq_bots_channel_external_id UNIQUE (channel, external_id),
    CONSTRAINT ck_bots_state CHECK (state IN ('run', 'paused', 'halted'))
)
;;
CREATE TABLE audit (
    id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    at_us BIGINT NOT NULL,
    who TEXT NOT NULL,
    action TEXT NOT NULL,
    subject TEXT NOT NULL,
    data TEXT NOT NULL
)
;;
CREATE INDEX ix_audit_subject ON audit (subject)
;;
CREATE INDEX ix_audit_at_us ON audit (at_us)
;;
CREATE TABLE journal (
    id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    person_id BIGINT,
    run_id BIGINT,
    lead_id BIGINT,
    at_us BIGINT NOT NULL,
    kind TEXT NOT NULL,
    place TEXT NOT NULL,
    option TEXT NOT NULL,
    reason TEXT NOT NULL,
    until_us BIGINT,
    data_sealed BLOB
)
;;
CREATE INDEX ix_journal_run_id_id ON journal (run_id, id)
;;
CREATE INDEX ix_journal_person_id_id ON journal (person_id, id)
;;
CREATE INDEX ix_journal_kind_at_us ON journal (kind, at_us)
;;
CREATE INDEX ix_journal_lead_id_id ON journal (lead_id, id)
;;
CREATE TABLE broadcasts (
    id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    title TEXT NOT NULL,
    segment TEXT NOT NULL,
    body_sealed BLOB,
    state TEXT NOT NULL,
    planned_us BIGINT,
    cursor BIGINT NOT NULL,
    counts TEXT NOT NULL,
    CONSTRAINT ck_broadcasts_state CHECK (state IN ('draft', 'planned', 'running', 'paused', 'done', 'cancelled'))
)
;;
CREATE INDEX ix_broadcasts_state ON broadcasts (state)
;;
CREATE TABLE people (
    id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    uid TEXT NOT NULL,
    zone TEXT NOT NULL,
    zone_source TEXT NOT NULL,
    tags TEXT NOT NULL,
    visit BIGINT NOT NULL,
    sent_us TEXT NOT NULL,
    retry_us BIGINT,
    tries SMALLINT NOT NULL,
    merged_into BIGINT,
    erased_us BIGINT,
    person_sealed BLOB,
    CONSTRAINT uq_people_uid UNIQUE (uid),
    CONSTRAINT fk_people_merged_into FOREIGN KEY(merged_into) REFERENCES people (id)
)
;;
CREATE INDEX ix_people_merged_into ON people (merged_into)
;;
CREATE INDEX ix_people_retry ON people (retry_us) WHERE retry_us IS NOT NULL
;;
CREATE TABLE programs (
    id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    funnel TEXT NOT NULL,
    hash TEXT NOT NULL,
    language TEXT NOT NULL,
    text TEXT NOT NULL,
    files TEXT NOT NULL,
    live SMALLINT NOT NULL,
    added_us BIGINT NOT NULL,
    CONSTRAINT uq_programs_funnel_hash UNIQUE (funnel, hash)
)
;;
CREATE UNIQUE INDEX uq_programs_live ON programs (funnel) WHERE live = 1
;;
CREATE TABLE documents (
    id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    name TEXT NOT NULL,
    version TEXT NOT NULL,
    sha256 TEXT NOT NULL,
    text TEXT NOT NULL,
    CONSTRAINT uq_documents_name_version UNIQUE (name, version)
)
;;
CREATE TABLE uploads (
    bot_id BIGINT NOT NULL,
    sha256 TEXT NOT NULL,
    kind TEXT NOT NULL,
    file_ref TEXT NOT NULL,
    CONSTRAINT pk_uploads PRIMARY KEY (bot_id, sha256, kind),
    CONSTRAINT fk_uploads_bot_id FOREIGN KEY(bot_id) REFERENCES bots (id)
)
;;
CREATE TABLE codes (
    id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    pool TEXT NOT NULL,
    code TEXT NOT NULL,
    person_id BIGINT,
    issued_us BIGINT,
    valid_us BIGINT,
    redeemed_us BIGINT,
    CONSTRAINT uq_codes_pool_code UNIQUE (pool, code),
    CONSTRAINT fk_codes_person_id FOREIGN KEY(person_id) REFERENCES people (id)
)
;;
CREATE INDEX ix_codes_person_id ON codes (person_id)
;;
CREATE INDEX ix_codes_free ON codes (pool, id) WHERE person_id IS NULL
;;
CREATE TABLE requests (
    id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    "key" TEXT NOT NULL,
    target TEXT NOT NULL,
    person_id BIGINT,
    run_id BIGINT,
    visit BIGINT NOT NULL,
    lead_id BIGINT,
    request_sealed BLOB,
    state TEXT NOT NULL,
    due_us BIGINT NOT NULL,
    tries SMALLINT NOT NULL,
    fence BIGINT,
    answer_sealed BLOB,
    error TEXT NOT NULL,
    CONSTRAINT uq_requests_key UNIQUE ("key"),
    CONSTRAINT ck_requests_state CHECK (state IN ('queued', 'calling', 'done', 'dead', 'withdrawn')),
    CONSTRAINT fk_requests_person_id FOREIGN KEY(person_id) REFERENCES people (id)
)
;;
CREATE INDEX ix_requests_due ON requests (target, due_us) WHERE state = 'queued'
;;
CREATE INDEX ix_requests_fence ON requests (fence) WHERE state = 'calling'
;;
CREATE INDEX ix_requests_person_id ON requests (person_id)
;;
CREATE TABLE identities (
    id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    person_id BIGINT NOT NULL,
    bot_id BIGINT NOT NULL,
    external_id TEXT NOT NULL,
    can_write SMALLINT NOT NULL,
    blocked_us BIGINT,
    name_sealed BLOB,
    migrated_to TEXT,
    CONSTRAINT uq_identities_bot_id_external_id UNIQUE (bot_id, external_id),
    CONSTRAINT fk_identities_person_id FOREIGN KEY(person_id) REFERENCES people (id),
    CONSTRAINT fk_identities_bot_id FOREIGN KEY(bot_id) REFERENCES bots (id)
)
;;
CREATE INDEX ix_identities_person_id ON identities (person_id)
;;
CREATE TABLE contacts (
    id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    person_id BIGINT NOT NULL,
    kind TEXT NOT NULL,
    digest BLOB NOT NULL,
    last4_digest BLOB,
    value_sealed BLOB NOT NULL,
    verified_us BIGINT,
    CONSTRAINT uq_contacts_person_id_kind_digest UNIQUE (person_id, kind, digest),
    CONSTRAINT ck_contacts_kind CHECK (kind IN ('phone', 'email')),
    CONSTRAINT fk_contacts_person_id FOREIGN KEY(person_id) REFERENCES people (id)
)
;;
CREATE UNIQUE INDEX uq_contacts_verified ON contacts (kind, digest) WHERE verified_us IS NOT NULL
;;
CREATE INDEX ix_contacts_last4_digest ON contacts (last4_digest)
;;
CREATE INDEX ix_contacts_kind_digest ON contacts (kind, digest)
;;
CREATE TABLE facts (
    person_id BIGINT NOT NULL,
    funnel TEXT NOT NULL,
    name TEXT NOT NULL,
    value TEXT,
    value_sealed BLOB,
    at_us BIGINT NOT NULL,
    CONSTRAINT pk_facts PRIMARY KEY (person_id, funnel, name),
    CONSTRAINT fk_facts_person_id FOREIGN KEY(person_id) REFERENCES people (id)
)
;;
CREATE INDEX ix_facts_plain ON facts (funnel, name, value) WHERE value IS NOT NULL
;;
CREATE TABLE users (
    id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    name TEXT NOT NULL,
    role TEXT NOT NULL,
    hash TEXT,
    identity_id BIGINT,
    CONSTRAINT uq_users_name UNIQUE (name),
    CONSTRAINT fk_users_identity_id FOREIGN KEY(identity_id) REFERENCES identities (id)
)
;;
CREATE INDEX ix_users_identity_id ON users (identity_id)
;;
CREATE TABLE web_visitors (
    id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    key_hash BLOB NOT NULL,
    bot_id BIGINT NOT NULL,
    identity_id BIGINT,
    created_us BIGINT NOT NULL,
    CONSTRAINT uq_web_visitors_key_hash UNIQUE (key_hash),
    CONSTRAINT fk_web_visitors_bot_id FOREIGN KEY(bot_id) REFERENCES bots (id),
    CONSTRAINT fk_web_visitors_identity_id FOREIGN KEY(identity_id) REFERENCES identities (id)
)
;;
CREATE INDEX ix_web_visitors_identity_id ON web_visitors (identity_id)
;;
CREATE INDEX ix_web_visitors_created_us ON web_visitors (created_us)
;;
CREATE TABLE messages (
    id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    identity_id BIGINT,
    person_id BIGINT,
    run_id BIGINT,
    broadcast_id BIGINT,
    lead_id BIGINT,
    direction TEXT NOT NULL,
    author TEXT NOT NULL,
    place TEXT NOT NULL,
    visit BIGINT NOT NULL,
    number BIGINT,
    kind TEXT NOT NULL,
    "key" TEXT NOT NULL,
    external_id TEXT,
    body_sealed BLOB,
    buttons_sealed BLOB,
    at_us BIGINT NOT NULL,
    CONSTRAINT uq_messages_key UNIQUE ("key"),
    CONSTRAINT uq_messages_broadcast_id_identity_id UNIQUE (broadcast_id, identity_id),
    CONSTRAINT uq_messages_identity_id_number UNIQUE (identity_id, number),
    CONSTRAINT ck_messages_direction CHECK (direction IN ('in', 'out')),
    CONSTRAINT ck_messages_author CHECK (author IN ('person', 'bot', 'manager')),
    CONSTRAINT fk_messages_identity_id FOREIGN KEY(identity_id) REFERENCES identities (id),
    CONSTRAINT fk_messages_person_id FOREIGN KEY(person_id) REFERENCES people (id)
)
;;
CREATE INDEX ix_messages_run_id_place ON messages (run_id, place)
;;
CREATE INDEX ix_messages_identity_id_id ON messages (identity_id, id)
;;
CREATE INDEX ix_messages_person_id_id ON messages (person_id, id)
;;
CREATE TABLE consents (
    id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    "key" TEXT NOT NULL,
    identity_id BIGINT NOT NULL,
    person_id BIGINT NOT NULL,
    document_id BIGINT NOT NULL,
    action TEXT NOT NULL,
    at_us BIGINT NOT NULL,
    proof TEXT NOT NULL,
    run_id BIGINT,
    place TEXT NOT NULL,
    CONSTRAINT uq_consents_key UNIQUE ("key"),
    CONSTRAINT ck_consents_action CHECK (action IN ('given', 'refused', 'withdrawn')),
    CONSTRAINT fk_consents_identity_id FOREIGN KEY(identity_id) REFERENCES identities (id),
    CONSTRAINT fk_consents_person_id FOREIGN KEY(person_id) REFERENCES people (id),
    CONSTRAINT fk_consents_document_id FOREIGN KEY(document_id) REFERENCES documents (id)
)
;;
CREATE INDEX ix_consents_person_id_document_id_id ON consents (person_id, document_id, id)
;;
CREATE TRIGGER consents_keep_update BEFORE update ON consents
BEGIN SELECT RAISE(ABORT, 'consents are only added'); END
;;
CREATE TRIGGER consents_keep_delete BEFORE delete ON consents
BEGIN SELECT RAISE(ABORT, 'consents are only added'); END
;;
CREATE TABLE runs (
    id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    identity_id BIGINT NOT NULL,
    person_id BIGINT NOT NULL,
    funnel TEXT NOT NULL,
    program_id BIGINT NOT NULL,
    number BIGINT NOT NULL,
    place TEXT NOT NULL,
    visit BIGINT NOT NULL,
    status TEXT NOT NULL,
    score DOUBLE NOT NULL,
    entered_us BIGINT NOT NULL,
    ended_us BIGINT,
    link TEXT NOT NULL,
    source TEXT NOT NULL,
    rev BIGINT NOT NULL,
    state_sealed BLOB NOT NULL,
    CONSTRAINT uq_runs_identity_id_number UNIQUE (identity_id, number),
    CONSTRAINT fk_runs_identity_id FOREIGN KEY(identity_id) REFERENCES identities (id),
    CONSTRAINT fk_runs_person_id FOREIGN KEY(person_id) REFERENCES people (id),
    CONSTRAINT fk_runs_program_id FOREIGN KEY(program_id) REFERENCES programs (id)
)
;;
CREATE UNIQUE INDEX uq_runs_alive ON runs (identity_id, funnel) WHERE ended_us IS NULL
;;
CREATE INDEX ix_runs_person_id ON runs (person_id)
;;
CREATE INDEX ix_runs_funnel_entered_us ON runs (funnel, entered_us)
;;
CREATE INDEX ix_runs_place ON runs (program_id, place) WHERE ended_us IS NULL
;;
CREATE TABLE inbox (
    id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    source_key TEXT NOT NULL,
    bot_id BIGINT,
    identity_id BIGINT,
    person_id BIGINT,
    class SMALLINT NOT NULL,
    kind TEXT NOT NULL,
    raw_sealed BLOB,
    payload TEXT,
    received_us BIGINT NOT NULL,
    state TEXT NOT NULL,
    error TEXT NOT NULL,
    CONSTRAINT uq_inbox_source_key UNIQUE (source_key),
    CONSTRAINT ck_inbox_state CHECK (state IN ('new', 'done', 'dead', 'ignored')),
    CONSTRAINT fk_inbox_bot_id FOREIGN KEY(bot_id) REFERENCES bots (id),
    CONSTRAINT fk_inbox_identity_id FOREIGN KEY(identity_id) REFERENCES identities (id),
    CONSTRAINT fk_inbox_person_id FOREIGN KEY(person_id) REFERENCES people (id)
)
;;
CREATE INDEX ix_inbox_unread ON inbox (class, id) WHERE state = 'new'
;;
CREATE INDEX ix_inbox_read ON inbox (received_us) WHERE state IN ('done', 'ignored')
;;
CREATE INDEX ix_inbox_person ON inbox (person_id, class, id) WHERE state = 'new'
;;
CREATE INDEX ix_inbox_dead ON inbox (id) WHERE state = 'dead'
;;
CREATE INDEX ix_inbox_identity_id ON inbox (identity_id)
;;
CREATE TABLE sessions (
    token_hash BLOB NOT NULL,
    user_id BIGINT NOT NULL,
    seen_us BIGINT NOT NULL,
    ends_us BIGINT NOT NULL,
    CONSTRAINT pk_sessions PRIMARY KEY (token_hash),
    CONSTRAINT fk_sessions_user_id FOREIGN KEY(user_id) REFERENCES users (id) ON DELETE CASCADE
)
;;
CREATE INDEX ix_sessions_user_id ON sessions (user_id)
;;
CREATE TABLE leads (
    id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    uid TEXT NOT NULL,
    person_id BIGINT NOT NULL,
    run_id BIGINT,
    title TEXT NOT NULL,
    team TEXT NOT NULL,
    priority TEXT NOT NULL,
    status TEXT NOT NULL,
    manager TEXT,
    taken_us BIGINT,
    value DOUBLE,
    answers_sealed BLOB,
    source TEXT NOT NULL,
    captured_us BIGINT NOT NULL,
    revision BIGINT NOT NULL,
    CONSTRAINT uq_leads_uid UNIQUE (uid),
    CONSTRAINT uq_leads_run_id_title UNIQUE (run_id, title),
    CONSTRAINT ck_leads_priority CHECK (priority IN ('urgent', 'normal', 'low')),
    CONSTRAINT fk_leads_person_id FOREIGN KEY(person_id) REFERENCES people (id),
    CONSTRAINT fk_leads_run_id FOREIGN KEY(run_id) REFERENCES runs (id)
)
;;
CREATE INDEX ix_leads_team_status_id ON leads (team, status, id)
;;
CREATE INDEX ix_leads_person_id ON leads (person_id)
;;
CREATE TABLE outbox (
    id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    message_id BIGINT,
    part SMALLINT NOT NULL,
    op TEXT NOT NULL,
    revision BIGINT NOT NULL,
    bot_id BIGINT NOT NULL,
    chat TEXT NOT NULL,
    person_id BIGINT,
    lane SMALLINT NOT NULL,
    due_us BIGINT NOT NULL,
    expires_us BIGINT,
    state TEXT NOT NULL,
    fence BIGINT,
    tries SMALLINT NOT NULL,
    rule TEXT NOT NULL,
    random_id BIGINT,
    external_id TEXT,
    final_us BIGINT,
    error TEXT NOT NULL,
    payload_sealed BLOB,
    CONSTRAINT uq_outbox_message_id_part_op_revision UNIQUE (message_id, part, op, revision),
    CONSTRAINT ck_outbox_op CHECK (op IN ('send', 'edit', 'answer', 'delete', 'comment')),
    CONSTRAINT ck_outbox_rule CHECK (rule IN ('resend', 'skip')),
    CONSTRAINT ck_outbox_state CHECK (state IN ('queued', 'sending', 'sent', 'failed', 'doubtful', 'withdrawn', 'expired')),
    CONSTRAINT fk_outbox_message_id FOREIGN KEY(message_id) REFERENCES messages (id),
    CONSTRAINT fk_outbox_bot_id FOREIGN KEY(bot_id) REFERENCES bots (id),
    CONSTRAINT fk_outbox_person_id FOREIGN KEY(person_id) REFERENCES people (id)
)
;;
CREATE INDEX ix_outbox_person ON outbox (person_id) WHERE state = 'queued'
;;
CREATE INDEX ix_outbox_due ON outbox (bot_id, lane, due_us, id) WHERE state = 'queued'
;;
CREATE INDEX ix_outbox_expires ON outbox (expires_us) WHERE state = 'queued' AND expires_us IS NOT NULL
;;
CREATE INDEX ix_outbox_final ON outbox (final_us) WHERE final_us IS NOT NULL
;;
CREATE INDEX ix_outbox_chat ON outbox (bot_id, chat, lane, id) WHERE state IN ('queued', 'sending')
;;
CREATE INDEX ix_outbox_fence ON outbox (bot_id, fence) WHERE state IN ('sending', 'doubtful')
;;
CREATE TABLE run_places (
    run_id BIGINT NOT NULL,
    play SMALLINT NOT NULL,
    place TEXT NOT NULL,
    visit BIGINT NOT NULL,
    CONSTRAINT pk_run_places PRIMARY KEY (run_id, play),
    CONSTRAINT fk_run_places_run_id FOREIGN KEY(run_id) REFERENCES runs (id) ON DELETE CASCADE
)
;;
CREATE INDEX ix_run_places_place ON run_places (place)
;;
CREATE TABLE lead_cards (
    id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    lead_id BIGINT NOT NULL,
    bot_id BIGINT NOT NULL,
    chat TEXT NOT NULL,
    message_id TEXT,
    revision BIGINT NOT NULL,
    CONSTRAINT uq_lead_cards_lead_id_bot_id_chat UNIQUE (lead_id, bot_id, chat),
    CONSTRAINT fk_lead_cards_lead_id FOREIGN KEY(lead_id) REFERENCES leads (id) ON DELETE CASCADE,
    CONSTRAINT fk_lead_cards_bot_id FOREIGN KEY(bot_id) REFERENCES bots (id)
)
;;
CREATE INDEX ix_lead_cards_bot_id_chat_message_id ON lead_cards (bot_id, chat, message_id)
;;
CREATE TABLE timers (
    id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    person_id BIGINT NOT NULL,
    run_id BIGINT,
    lead_id BIGINT,
    name TEXT NOT NULL,
    visit BIGINT NOT NULL,
    due_us BIGINT NOT NULL,
    rule TEXT NOT NULL,
    zone TEXT NOT NULL,
    after_message_id BIGINT,
    CONSTRAINT uq_timers_run_id_name_visit UNIQUE (run_id, name, visit),
    CONSTRAINT uq_timers_lead_id_name UNIQUE (lead_id, name),
    CONSTRAINT fk_timers_person_id FOREIGN KEY(person_id) REFERENCES people (id),
    CONSTRAINT fk_timers_run_id FOREIGN KEY(run_id) REFERENCES runs (id) ON DELETE CASCADE,
    CONSTRAINT fk_timers_lead_id FOREIGN KEY(lead_id) REFERENCES leads (id) ON DELETE CASCADE
)
;;
CREATE INDEX ix_timers_person_id ON timers (person_id)
;;
CREATE INDEX ix_timers_after ON timers (after_message_id) WHERE after_message_id IS NOT NULL
;;
CREATE INDEX ix_timers_due_us_id ON timers (due_us, id)
;;
