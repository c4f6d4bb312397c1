-- What was refunded while a relay had it is asked for, and never handed on again.

ALTER TABLE outbox ADD COLUMN recalled INTEGER NOT NULL DEFAULT 0 CHECK (recalled IN (0, 1));
