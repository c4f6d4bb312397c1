-- A workspace has so many working keys at most: those that work longest are found without reading all that have ended.

CREATE INDEX api_keys_by_end ON api_keys (account_id, COALESCE(expires_at, 9223372036854775807))
    WHERE revoked_at IS NULL;
