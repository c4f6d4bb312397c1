-- Campaigns: a list that is paid in advance by a hold and sent row by row. What is held is a part of the balance that
-- nothing else may spend; it is no entry, because nothing has moved.

ALTER TABLE accounts ADD COLUMN held_micros INTEGER NOT NULL DEFAULT 0
    CHECK (held_micros BETWEEN 0 AND balance_micros);
-- What was left after an application: what was held.
ALTER TABLE applications ADD COLUMN balance_micros INTEGER NOT NULL DEFAULT 0 CHECK (balance_micros >= 0);

CREATE TABLE campaigns (
    account_id BLOB NOT NULL REFERENCES accounts (id),
    id BLOB NOT NULL,
    idempotency_key TEXT,
    body_digest BLOB,
    name TEXT,
    channel TEXT NOT NULL,
    unit TEXT NOT NULL,
    rate_card TEXT NOT NULL,
    sender TEXT NOT NULL,
    funds TEXT NOT NULL,
    state TEXT NOT NULL,
    reason TEXT,
    refusal TEXT,
    row_count INTEGER NOT NULL CHECK (row_count >= 0),
    sendable INTEGER NOT NULL CHECK (sendable BETWEEN 0 AND row_count),
    total_micros INTEGER NOT NULL CHECK (total_micros >= 0),
    covered_rows INTEGER NOT NULL CHECK (covered_rows BETWEEN 0 AND row_count),
    covered INTEGER NOT NULL CHECK (covered BETWEEN 0 AND sendable),
    next_row INTEGER NOT NULL CHECK (next_row BETWEEN 0 AND covered_rows),
    sent INTEGER NOT NULL CHECK (sent BETWEEN 0 AND covered),
    hold_micros INTEGER NOT NULL CHECK (hold_micros BETWEEN 0 AND total_micros),
    held_micros INTEGER NOT NULL CHECK (held_micros >= 0),
    captured_micros INTEGER NOT NULL CHECK (captured_micros >= 0),
    released_micros INTEGER NOT NULL CHECK (released_micros >= 0),
    sweep_from INTEGER,
    created_at INTEGER NOT NULL,
    touched_at INTEGER NOT NULL,
    ended_at INTEGER,
    version INTEGER NOT NULL,
    PRIMARY KEY (account_id, id),
    CHECK (hold_micros = held_micros + captured_micros + released_micros),
    CHECK (held_micros = 0 OR state IN ('sending', 'paused')),
    CHECK ((idempotency_key IS NULL) = (body_digest IS NULL)),
    CHECK ((refusal IS NULL) = (state <> 'refused'))
) STRICT;
CREATE UNIQUE INDEX campaigns_by_key ON campaigns (account_id, idempotency_key) WHERE idempotency_key IS NOT NULL;
CREATE INDEX campaigns_by_state ON campaigns (state, account_id, id);
CREATE INDEX campaigns_to_sweep ON campaigns (account_id, id) WHERE sweep_from IS NOT NULL;

-- What a campaign says and was quoted: written once, so that it is not written again with every row that is sent.
CREATE TABLE campaign_papers (
    account_id BLOB NOT NULL,
    campaign_id BLOB NOT NULL,
    template TEXT NOT NULL,
    settings TEXT NOT NULL,
    not_sendable TEXT NOT NULL,
    quote TEXT NOT NULL,
    PRIMARY KEY (account_id, campaign_id),
    FOREIGN KEY (account_id, campaign_id) REFERENCES campaigns (account_id, id)
) STRICT;

-- The rows of its list, in the list's order. A text is dropped when it is handed on, or will not be.
CREATE TABLE campaign_rows (
    account_id BLOB NOT NULL,
    campaign_id BLOB NOT NULL,
    number INTEGER NOT NULL CHECK (number >= 0),
    line INTEGER NOT NULL CHECK (line >= 0),
    recipient TEXT NOT NULL,
    territory TEXT,
    reason TEXT,
    quantity INTEGER NOT NULL CHECK (quantity >= 0),
    per_unit_micros INTEGER NOT NULL CHECK (per_unit_micros >= 0),
    payload TEXT,
    explanation TEXT,
    charge_id BLOB,
    version INTEGER NOT NULL,
    PRIMARY KEY (account_id, campaign_id, number),
    FOREIGN KEY (account_id, campaign_id) REFERENCES campaigns (account_id, id)
) STRICT;
