-- The ledger. Amounts are millionths of the account's currency, times microseconds since 1970-01-01T00:00:00Z.
-- The columns are those of the records in src/ledger; a row that may change ends in `version`, which guards each change.
-- No foreign keys: every row's account is held by the transaction that writes it, and a check per row would cost more
-- than the row. `reconcile` finds what has no account.

CREATE TABLE accounts (
    id uuid NOT NULL PRIMARY KEY,
    name text NOT NULL,
    currency text NOT NULL,
    balance_micros bigint NOT NULL CHECK (balance_micros >= 0),
    entry_seq bigint NOT NULL CHECK (entry_seq >= 0),
    subscription_active boolean NOT NULL,
    day_cap_micros bigint CHECK (day_cap_micros >= 0),
    month_cap_micros bigint CHECK (month_cap_micros >= 0),
    day bigint NOT NULL,
    day_spent_micros bigint NOT NULL CHECK (day_spent_micros >= 0),
    month bigint NOT NULL,
    month_spent_micros bigint NOT NULL CHECK (month_spent_micros >= 0),
    low_balance_micros bigint CHECK (low_balance_micros >= 0),
    low_balance_told boolean NOT NULL,
    out_of_credit_since bigint,
    opened_at bigint NOT NULL,
    touched_at bigint NOT NULL,
    version bigint NOT NULL
) WITH (fillfactor = 70); -- room to update in place: the balance changes with every batch

CREATE TABLE auto_charges (
    account_id uuid NOT NULL PRIMARY KEY,
    active boolean NOT NULL,
    threshold_micros bigint NOT NULL CHECK (threshold_micros > 0),
    amount_micros bigint NOT NULL CHECK (amount_micros > 0),
    month_cap_micros bigint NOT NULL CHECK (month_cap_micros >= amount_micros),
    attempt_id uuid,
    pending_micros bigint NOT NULL CHECK (pending_micros >= 0),
    failures bigint NOT NULL CHECK (failures >= 0),
    stopped boolean NOT NULL,
    next_at bigint NOT NULL,
    month bigint NOT NULL,
    month_micros bigint NOT NULL CHECK (month_micros >= 0),
    capped_month bigint,
    version bigint NOT NULL,
    CHECK ((attempt_id IS NULL) = (pending_micros = 0))
);

CREATE TABLE webhooks (
    account_id uuid NOT NULL PRIMARY KEY,
    url text,
    secret text,
    version bigint NOT NULL
);

-- Added to, never changed and never removed.
CREATE TABLE entries (
    account_id uuid NOT NULL,
    seq bigint NOT NULL CHECK (seq > 0),
    kind text NOT NULL,
    amount_micros bigint NOT NULL CHECK (amount_micros <> 0),
    balance_micros bigint NOT NULL CHECK (balance_micros >= 0),
    charge_id uuid,
    reference text,
    at bigint NOT NULL,
    PRIMARY KEY (account_id, seq)
);

CREATE TABLE charges (
    account_id uuid NOT NULL,
    id uuid NOT NULL,
    idempotency_key text,
    body_digest bytea,
    channel text NOT NULL,
    unit text NOT NULL,
    quantity bigint NOT NULL CHECK (quantity > 0),
    amount_micros bigint NOT NULL CHECK (amount_micros > 0),
    rate_card text NOT NULL,
    quote_id uuid,
    lines text NOT NULL,
    explanation text,
    entry_seq bigint,
    balance_micros bigint NOT NULL CHECK (balance_micros >= 0),
    refusal text,
    refunded_micros bigint NOT NULL CHECK (refunded_micros BETWEEN 0 AND amount_micros),
    created_at bigint NOT NULL,
    version bigint NOT NULL,
    PRIMARY KEY (account_id, id),
    CHECK ((entry_seq IS NULL) = (refusal IS NOT NULL)),
    CHECK (refusal IS NULL OR refunded_micros = 0)
);
CREATE UNIQUE INDEX charges_by_key ON charges (account_id, idempotency_key) WHERE idempotency_key IS NOT NULL;

CREATE TABLE outbox (
    account_id uuid NOT NULL,
    charge_id uuid NOT NULL,
    number bigint NOT NULL,
    recipients text NOT NULL,
    amount_micros bigint NOT NULL CHECK (amount_micros >= 0),
    payload text,
    state text NOT NULL,
    attempts bigint NOT NULL,
    due_at bigint,
    doubtful boolean NOT NULL,
    provider_reference text,
    reason text,
    created_at bigint NOT NULL,
    settled_at bigint,
    version bigint NOT NULL,
    PRIMARY KEY (account_id, charge_id, number),
    CHECK ((due_at IS NULL) = (settled_at IS NOT NULL))
);
CREATE INDEX outbox_due ON outbox (due_at) WHERE due_at IS NOT NULL;
CREATE INDEX outbox_unknown ON outbox (account_id) WHERE state = 'unknown';

-- The one key that does not begin with the account: a payment counts once in the whole ledger.
CREATE TABLE payments (
    provider text NOT NULL,
    payment text NOT NULL,
    account_id uuid NOT NULL,
    amount_micros bigint NOT NULL CHECK (amount_micros > 0),
    entry_seq bigint NOT NULL,
    balance_micros bigint NOT NULL,
    attempt_id uuid,
    created_at bigint NOT NULL,
    PRIMARY KEY (provider, payment)
);

CREATE TABLE applications (
    account_id uuid NOT NULL,
    idempotency_key text NOT NULL,
    body_digest bytea NOT NULL,
    id uuid NOT NULL,
    amount_micros bigint NOT NULL CHECK (amount_micros >= 0),
    entry_seq bigint,
    created_at bigint NOT NULL,
    PRIMARY KEY (account_id, idempotency_key),
    CHECK ((entry_seq IS NULL) = (amount_micros = 0))
);

CREATE TABLE attempts (
    account_id uuid NOT NULL,
    id uuid NOT NULL,
    amount_micros bigint NOT NULL CHECK (amount_micros > 0),
    clamped boolean NOT NULL,
    state text NOT NULL,
    provider text,
    payment text,
    reason text,
    tries bigint NOT NULL,
    due_at bigint,
    created_at bigint NOT NULL,
    settled_at bigint,
    version bigint NOT NULL,
    PRIMARY KEY (account_id, id),
    CHECK ((due_at IS NULL) = (settled_at IS NOT NULL))
);
CREATE INDEX attempts_due ON attempts (due_at) WHERE due_at IS NOT NULL;

CREATE TABLE quotes (
    account_id uuid NOT NULL,
    id uuid NOT NULL,
    body_digest bytea NOT NULL,
    amount_micros bigint NOT NULL CHECK (amount_micros > 0),
    document text NOT NULL,
    created_at bigint NOT NULL,
    expires_at bigint NOT NULL,
    charge_id uuid,
    version bigint NOT NULL,
    PRIMARY KEY (account_id, id)
);

CREATE TABLE api_keys (
    digest bytea NOT NULL PRIMARY KEY,
    account_id uuid NOT NULL,
    id uuid NOT NULL,
    label text NOT NULL,
    scopes text NOT NULL,
    created_at bigint NOT NULL,
    expires_at bigint,
    revoked_at bigint,
    version bigint NOT NULL
);
CREATE UNIQUE INDEX api_keys_by_id ON api_keys (account_id, id);

CREATE TABLE rate_cards (
    id text NOT NULL PRIMARY KEY,
    digest bytea NOT NULL,
    document text NOT NULL,
    created_at bigint NOT NULL
);

CREATE TABLE events (
    account_id uuid NOT NULL,
    id uuid NOT NULL,
    kind text NOT NULL,
    body text NOT NULL,
    state text NOT NULL,
    attempts bigint NOT NULL,
    due_at bigint,
    reason text,
    created_at bigint NOT NULL,
    version bigint NOT NULL,
    PRIMARY KEY (account_id, id)
);
CREATE INDEX events_due ON events (due_at) WHERE due_at IS NOT NULL;

CREATE TABLE beats (
    id bigint NOT NULL PRIMARY KEY CHECK (id = 1),
    at bigint NOT NULL,
    version bigint NOT NULL
);
