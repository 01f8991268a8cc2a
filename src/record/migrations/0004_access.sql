-- 0004 access: users, roles, sessions and keys; the audit log becomes a hash chain; jobs, approvals of exports, notes
-- on customers, and what remains of a person who was erased.
-- New tables and two columns of audit; the program chains the entries that are there in the same transaction, about
-- a second for 100,000 of them. One transaction.
--
-- *_hash columns are keyed fingerprints as 32 hex digits: a secret itself is never kept. version counts the changes
-- of a row, so that two people who edit it at once are told (ETag).

CREATE TABLE users (
    id {id},
    name TEXT NOT NULL UNIQUE,          -- folded: what is typed to sign in
    display_name TEXT NOT NULL,
    role_id BIGINT NOT NULL,            -- up to 99 built in (auth/roles.cpp), else of table roles
    language TEXT NOT NULL,             -- 'zh-CN', 'en'
    password_hash TEXT NOT NULL,        -- Argon2id with its salt and limits; '': none set yet
    totp_sealed TEXT,                   -- the second factor's secret; NULL: none
    totp_pending_sealed TEXT,           -- shown, not confirmed yet
    totp_step BIGINT NOT NULL,          -- of the last code that was accepted: none is accepted twice
    disabled INTEGER NOT NULL,
    created_at BIGINT NOT NULL,
    last_sign_in_at BIGINT,
    version INTEGER NOT NULL
);

CREATE TABLE recovery_codes (
    user_id BIGINT NOT NULL,
    code_hash TEXT NOT NULL,
    PRIMARY KEY (user_id, code_hash)
) {clustered};

CREATE TABLE roles (
    id {id},                            -- from 100 on
    name TEXT NOT NULL UNIQUE,
    permissions TEXT NOT NULL,          -- names, separated by blanks
    version INTEGER NOT NULL
);

CREATE TABLE sessions (
    id {id},
    user_id BIGINT NOT NULL,
    token_hash TEXT NOT NULL UNIQUE,
    second_factor INTEGER NOT NULL,     -- 1: the password was right, the code is awaited
    created_at BIGINT NOT NULL,
    seen_at BIGINT NOT NULL,
    address_sealed TEXT,
    agent TEXT NOT NULL
);
CREATE INDEX sessions_user ON sessions (user_id);

CREATE TABLE api_keys (
    id {id},
    name TEXT NOT NULL,
    key_hash TEXT NOT NULL UNIQUE,
    beginning TEXT NOT NULL,            -- 'shk_Ab3d', to tell keys apart
    scopes TEXT NOT NULL,               -- permissions, separated by blanks
    created_by TEXT NOT NULL,
    owner_id BIGINT,                    -- the user who made it; NULL: made on the command line
    created_at BIGINT NOT NULL,
    expires_at BIGINT,
    last_used_at BIGINT,
    revoked_at BIGINT
);

-- Failed sign-ins by account (kind 1) and by address (kind 2), also of accounts that do not exist.
CREATE TABLE login_attempts (
    kind INTEGER NOT NULL,
    subject_hash TEXT NOT NULL,
    failures INTEGER NOT NULL,
    last_at BIGINT NOT NULL,
    blocked_until BIGINT NOT NULL,
    PRIMARY KEY (kind, subject_hash)
) {clustered};

CREATE TABLE one_time_tokens (
    token_hash TEXT PRIMARY KEY,
    purpose INTEGER NOT NULL,           -- 1 first administrator, 2 new password
    user_id BIGINT,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL
);

-- Each entry's hash covers the entry and the hash before it; the last entry of each transaction is sealed with the
-- record's key (record/audit_chain.h).
ALTER TABLE audit ADD COLUMN hash TEXT NOT NULL DEFAULT '';
ALTER TABLE audit ADD COLUMN seal TEXT NOT NULL DEFAULT '';
CREATE INDEX audit_at ON audit (at);
CREATE TABLE audit_head (
    id {id},
    entry_id BIGINT NOT NULL,           -- of the newest entry
    hash TEXT NOT NULL,
    seal TEXT NOT NULL
);

CREATE TABLE jobs (
    id {id},
    kind TEXT NOT NULL,
    title TEXT NOT NULL,
    state INTEGER NOT NULL,             -- 1 queued, 2 running, 3 awaiting approval, 4 done, 5 failed, 6 cancelled
    done BIGINT NOT NULL,
    total BIGINT NOT NULL,              -- 0: not known
    unit TEXT NOT NULL,
    message TEXT NOT NULL,
    result TEXT NOT NULL,               -- JSON; '': none
    created_by TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    started_at BIGINT,
    ended_at BIGINT
);
CREATE INDEX jobs_state ON jobs (state);

CREATE TABLE export_requests (
    id {id},
    job_id BIGINT NOT NULL,
    asked_by TEXT NOT NULL,
    asker_kind INTEGER NOT NULL,        -- 1 user, 2 key, 3 command line
    asker_user BIGINT NOT NULL,         -- the person: the user, or who made the key; 0: nobody known
    parameters_sealed TEXT NOT NULL,    -- JSON: what is exported
    reason TEXT NOT NULL,
    row_count BIGINT NOT NULL,          -- when it was asked for
    state INTEGER NOT NULL,             -- 1 waiting, 2 approved, 3 rejected, 4 used
    asked_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    decided_by TEXT,
    decided_at BIGINT,
    decision_reason TEXT
);
CREATE INDEX export_requests_job ON export_requests (job_id);

CREATE TABLE customer_notes (
    id {id},
    customer_id BIGINT NOT NULL,
    author TEXT NOT NULL,
    text_sealed TEXT NOT NULL,
    at BIGINT NOT NULL
);
CREATE INDEX customer_notes_customer ON customer_notes (customer_id);

-- Answers to writes that carried an Idempotency-Key: the same key again gets the same answer.
CREATE TABLE idempotency_keys (
    principal TEXT NOT NULL,
    key TEXT NOT NULL,
    request_hash TEXT NOT NULL,
    status INTEGER NOT NULL,            -- of HTTP; 0: still being worked on
    body_sealed TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (principal, key)
) {clustered};
CREATE INDEX idempotency_keys_age ON idempotency_keys (created_at);

-- Accounts whose person was erased: facts dated before that bring no personal data back.
CREATE TABLE erasures (
    account_id {id},
    customer_id BIGINT NOT NULL,
    erased_at BIGINT NOT NULL
);
CREATE INDEX erasures_customer ON erasures (customer_id);

-- What the erased accounts were known by, as keyed fingerprints: the key of the account and its identifiers.
CREATE TABLE erased_fingerprints (
    value_high BIGINT NOT NULL,
    value_low BIGINT NOT NULL,
    account_id BIGINT NOT NULL,
    PRIMARY KEY (value_high, value_low)
) {clustered};
