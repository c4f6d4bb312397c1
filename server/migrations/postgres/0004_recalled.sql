-- What was refunded while a relay had it is asked for, and never handed on again.

ALTER TABLE outbox ADD COLUMN recalled boolean NOT NULL DEFAULT false;
