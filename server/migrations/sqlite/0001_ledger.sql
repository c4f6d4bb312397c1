-- The ledger. Amounts are millionths of the account's currency, times microseconds since 1970-01-01T00:00:00Z.
-- The columns are those of the records in src/ledger; a row that may change ends in `version`, which guards each change.

CREATE TABLE accounts (
    id BLOB NOT NULL PRIMARY KEY,
    name TEXT NOT NULL,
    currency TEXT NOT NULL,
    balance_micros INTEGER NOT NULL CHECK (balance_micros >= 0),
    entry_seq INTEGER NOT NULL CHECK (entry_seq >= 0),
    subscription_active INTEGER NOT NULL CHECK (subscription_active IN (0, 1)),
    day_cap_micros INTEGER CHECK (day_cap_micros >= 0),
    month_cap_micros INTEGER CHECK (month_cap_micros >= 0),
    day INTEGER NOT NULL,
    day_spent_micros INTEGER NOT NULL CHECK (day_spent_micros >= 0),
    month INTEGER NOT NULL,
    month_spent_micros INTEGER NOT NULL CHECK (month_spent_micros >= 0),
    low_balance_micros INTEGER CHECK (low_balance_micros >= 0),
    low_balance_told INTEGER NOT NULL CHECK (low_balance_told IN (0, 1)),
    out_of_credit_since INTEGER,
    opened_at INTEGER NOT NULL,
    touched_at INTEGER NOT NULL,
    version INTEGER NOT NULL
) STRICT;

CREATE TABLE auto_charges (
    account_id BLOB NOT NULL PRIMARY KEY REFERENCES accounts (id),
    active INTEGER NOT NULL CHECK (active IN (0, 1)),
    threshold_micros INTEGER NOT NULL CHECK (threshold_micros > 0),
    amount_micros INTEGER NOT NULL CHECK (amount_micros > 0),
    month_cap_micros INTEGER NOT NULL CHECK (month_cap_micros >= amount_micros),
    attempt_id BLOB,
    pending_micros INTEGER NOT NULL CHECK (pending_micros >= 0),
    failures INTEGER NOT NULL CHECK (failures >= 0),
    stopped INTEGER NOT NULL CHECK (stopped IN (0, 1)),
    next_at INTEGER NOT NULL,
    month INTEGER NOT NULL,
    month_micros INTEGER NOT NULL CHECK (month_micros >= 0),
    capped_month INTEGER,
    version INTEGER NOT NULL,
    CHECK ((attempt_id IS NULL) = (pending_micros = 0))
) STRICT;

CREATE TABLE webhooks (
    account_id BLOB NOT NULL PRIMARY KEY REFERENCES accounts (id),
    url TEXT,
    secret TEXT,
    version INTEGER NOT NULL
) STRICT;

-- Added to, never changed and never removed. Clustered by account, because that is how it is read.
CREATE TABLE entries (
    account_id BLOB NOT NULL REFERENCES accounts (id),
    seq INTEGER NOT NULL CHECK (seq > 0),
    kind TEXT NOT NULL,
    amount_micros INTEGER NOT NULL CHECK (amount_micros <> 0),
    balance_micros INTEGER NOT NULL CHECK (balance_micros >= 0),
    charge_id BLOB,
    reference TEXT,
    at INTEGER NOT NULL,
    PRIMARY KEY (account_id, seq)
) STRICT, WITHOUT ROWID;

CREATE TABLE charges (
    account_id BLOB NOT NULL REFERENCES accounts (id),
    id BLOB NOT NULL,
    idempotency_key TEXT,
    body_digest BLOB,
    channel TEXT NOT NULL,
    unit TEXT NOT NULL,
    quantity INTEGER NOT NULL CHECK (quantity > 0),
    amount_micros INTEGER NOT NULL CHECK (amount_micros > 0),
    rate_card TEXT NOT NULL,
    quote_id BLOB,
    lines TEXT NOT NULL,
    explanation TEXT,
    entry_seq INTEGER,
    balance_micros INTEGER NOT NULL CHECK (balance_micros >= 0),
    refusal TEXT,
    refunded_micros INTEGER NOT NULL CHECK (refunded_micros BETWEEN 0 AND amount_micros),
    created_at INTEGER NOT NULL,
    version INTEGER NOT NULL,
    PRIMARY KEY (account_id, id),
    CHECK ((entry_seq IS NULL) = (refusal IS NOT NULL)),
    CHECK (refusal IS NULL OR refunded_micros = 0)
) STRICT;
CREATE UNIQUE INDEX charges_by_key ON charges (account_id, idempotency_key) WHERE idempotency_key IS NOT NULL;

CREATE TABLE outbox (
    account_id BLOB NOT NULL,
    charge_id BLOB NOT NULL,
    number INTEGER NOT NULL,
    recipients TEXT NOT NULL,
    amount_micros INTEGER NOT NULL CHECK (amount_micros >= 0),
    payload TEXT,
    state TEXT NOT NULL,
    attempts INTEGER NOT NULL,
    due_at INTEGER,
    doubtful INTEGER NOT NULL CHECK (doubtful IN (0, 1)),
    provider_reference TEXT,
    reason TEXT,
    created_at INTEGER NOT NULL,
    settled_at INTEGER,
    version INTEGER NOT NULL,
    PRIMARY KEY (account_id, charge_id, number),
    FOREIGN KEY (account_id, charge_id) REFERENCES charges (account_id, id),
    CHECK ((due_at IS NULL) = (settled_at IS NOT NULL))
) STRICT;
CREATE INDEX outbox_due ON outbox (due_at) WHERE due_at IS NOT NULL;
CREATE INDEX outbox_unknown ON outbox (account_id) WHERE state = 'unknown';

-- The one key that does not begin with the account: a payment counts once in the whole ledger.
CREATE TABLE payments (
    provider TEXT NOT NULL,
    payment TEXT NOT NULL,
    account_id BLOB NOT NULL REFERENCES accounts (id),
    amount_micros INTEGER NOT NULL CHECK (amount_micros > 0),
    entry_seq INTEGER NOT NULL,
    balance_micros INTEGER NOT NULL,
    attempt_id BLOB,
    created_at INTEGER NOT NULL,
    PRIMARY KEY (provider, payment)
) STRICT;

CREATE TABLE applications (
    account_id BLOB NOT NULL REFERENCES accounts (id),
    idempotency_key TEXT NOT NULL,
    body_digest BLOB NOT NULL,
    id BLOB NOT NULL,
    amount_micros INTEGER NOT NULL CHECK (amount_micros >= 0),
    entry_seq INTEGER,
    created_at INTEGER NOT NULL,
    PRIMARY KEY (account_id, idempotency_key),
    CHECK ((entry_seq IS NULL) = (amount_micros = 0))
) STRICT;

CREATE TABLE attempts (
    account_id BLOB NOT NULL REFERENCES accounts (id),
    id BLOB NOT NULL,
    amount_micros INTEGER NOT NULL CHECK (amount_micros > 0),
    clamped INTEGER NOT NULL CHECK (clamped IN (0, 1)),
    state TEXT NOT NULL,
    provider TEXT,
    payment TEXT,
    reason TEXT,
    tries INTEGER NOT NULL,
    due_at INTEGER,
    created_at INTEGER NOT NULL,
    settled_at INTEGER,
    version INTEGER NOT NULL,
    PRIMARY KEY (account_id, id),
    CHECK ((due_at IS NULL) = (settled_at IS NOT NULL))
) STRICT;
CREATE INDEX attempts_due ON attempts (due_at) WHERE due_at IS NOT NULL;

CREATE TABLE quotes (
    account_id BLOB NOT NULL REFERENCES accounts (id),
    id BLOB NOT NULL,
    body_digest BLOB NOT NULL,
    amount_micros INTEGER NOT NULL CHECK (amount_micros > 0),
    document TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    charge_id BLOB,
    version INTEGER NOT NULL,
    PRIMARY KEY (account_id, id)
) STRICT;

CREATE TABLE api_keys (
    digest BLOB NOT NULL PRIMARY KEY,
    account_id BLOB NOT NULL REFERENCES accounts (id),
    id BLOB NOT NULL,
    label TEXT NOT NULL,
    scopes TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    expires_at INTEGER,
    revoked_at INTEGER,
    version INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX api_keys_by_id ON api_keys (account_id, id);

CREATE TABLE rate_cards (
    id TEXT NOT NULL PRIMARY KEY,
    digest BLOB NOT NULL,
    document TEXT NOT NULL,
    created_at INTEGER NOT NULL
) STRICT;

CREATE TABLE events (
    account_id BLOB NOT NULL REFERENCES accounts (id),
    id BLOB NOT NULL,
    kind TEXT NOT NULL,
    body TEXT NOT NULL,
    state TEXT NOT NULL,
    attempts INTEGER NOT NULL,
    due_at INTEGER,
    reason TEXT,
    created_at INTEGER NOT NULL,
    version INTEGER NOT NULL,
    PRIMARY KEY (account_id, id)
) STRICT;
CREATE INDEX events_due ON events (due_at) WHERE due_at IS NOT NULL;

CREATE TABLE beats (
    id INTEGER NOT NULL PRIMARY KEY CHECK (id = 1),
    at INTEGER NOT NULL,
    version INTEGER NOT NULL
) STRICT;
