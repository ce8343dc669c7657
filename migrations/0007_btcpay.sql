-- What BTCPay Server sends us, kept before it is judged. A repetition has the original's id.
CREATE TABLE delivery (
    connection_id TEXT NOT NULL,
    original_id   TEXT NOT NULL,
    kind          TEXT NOT NULL,
    invoice       TEXT,
    store         TEXT,
    body          TEXT NOT NULL,
    state         TEXT NOT NULL CHECK (state IN ('new', 'done', 'kept')),
    note          TEXT NOT NULL DEFAULT '',
    tries         BIGINT NOT NULL DEFAULT 0,
    next_ms       BIGINT NOT NULL,
    received_ms   BIGINT NOT NULL,
    PRIMARY KEY (connection_id, original_id, kind)
);
CREATE INDEX delivery_to_do ON delivery (state, next_ms);
CREATE INDEX delivery_by_age ON delivery (connection_id, received_ms);

-- A merchant on the way to BTCPay's consent page and back: the answer comes to a one-time address.
CREATE TABLE consent (
    token_hash  TEXT PRIMARY KEY,
    merchant_id TEXT NOT NULL REFERENCES merchant (id),
    store_id    TEXT NOT NULL REFERENCES store (id),
    server      TEXT NOT NULL,
    granted     BYTEA,
    expires_ms  BIGINT NOT NULL,
    used_ms     BIGINT
);
