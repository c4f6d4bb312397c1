-- Campaigns: a list that is paid in advance by a hold and sent row by row. What is held is a part of the balance that
-- nothing else may spend; it is no entry, because nothing has moved.

ALTER TABLE accounts ADD COLUMN held_micros bigint NOT NULL DEFAULT 0
    CHECK (held_micros BETWEEN 0 AND balance_micros);
-- What was left after an application: what was held.
ALTER TABLE applications ADD COLUMN balance_micros bigint NOT NULL DEFAULT 0 CHECK (balance_micros >= 0);

CREATE TABLE campaigns (
    account_id uuid NOT NULL,
    id uuid NOT NULL,
    idempotency_key text,
    body_digest bytea,
    name text,
    channel text NOT NULL,
    unit text NOT NULL,
    rate_card text NOT NULL,
    sender text NOT NULL,
    funds text NOT NULL,
    state text NOT NULL,
    reason text,
    refusal text,
    row_count bigint NOT NULL CHECK (row_count >= 0),
    sendable bigint NOT NULL CHECK (sendable BETWEEN 0 AND row_count),
    total_micros bigint NOT NULL CHECK (total_micros >= 0),
    covered_rows bigint NOT NULL CHECK (covered_rows BETWEEN 0 AND row_count),
    covered bigint NOT NULL CHECK (covered BETWEEN 0 AND sendable),
    next_row bigint NOT NULL CHECK (next_row BETWEEN 0 AND covered_rows),
    sent bigint NOT NULL CHECK (sent BETWEEN 0 AND covered),
    hold_micros bigint NOT NULL CHECK (hold_micros BETWEEN 0 AND total_micros),
    held_micros bigint NOT NULL CHECK (held_micros >= 0),
    captured_micros bigint NOT NULL CHECK (captured_micros >= 0),
    released_micros bigint NOT NULL CHECK (released_micros >= 0),
    sweep_from bigint,
    created_at bigint NOT NULL,
    touched_at bigint NOT NULL,
    ended_at bigint,
    version bigint NOT NULL,
    PRIMARY KEY (account_id, id),
    CHECK (hold_micros = held_micros + captured_micros + released_micros),
    CHECK (held_micros = 0 OR state IN ('sending', 'paused')),
    CHECK ((idempotency_key IS NULL) = (body_digest IS NULL)),
    CHECK ((refusal IS NULL) = (state <> 'refused'))
) WITH (fillfactor = 70); -- room to update in place: its counts change with every round
CREATE UNIQUE INDEX campaigns_by_key ON campaigns (account_id, idempotency_key) WHERE idempotency_key IS NOT NULL;
CREATE INDEX campaigns_by_state ON campaigns (state, account_id, id);
CREATE INDEX campaigns_to_sweep ON campaigns (account_id, id) WHERE sweep_from IS NOT NULL;

-- What a campaign says and was quoted: written once, so that it is not written again with every row that is sent.
CREATE TABLE campaign_papers (
    account_id uuid NOT NULL,
    campaign_id uuid NOT NULL,
    template text NOT NULL,
    settings text NOT NULL,
    not_sendable text NOT NULL,
    quote text NOT NULL,
    PRIMARY KEY (account_id, campaign_id)
);

-- The rows of its list, in the list's order. A text is dropped when it is handed on, or will not be.
CREATE TABLE campaign_rows (
    account_id uuid NOT NULL,
    campaign_id uuid NOT NULL,
    number bigint NOT NULL CHECK (number >= 0),
    line bigint NOT NULL CHECK (line >= 0),
    recipient text NOT NULL,
    territory text,
    reason text,
    quantity bigint NOT NULL CHECK (quantity >= 0),
    per_unit_micros bigint NOT NULL CHECK (per_unit_micros >= 0),
    payload text,
    explanation text,
    charge_id uuid,
    version bigint NOT NULL,
    PRIMARY KEY (account_id, campaign_id, number)
);
