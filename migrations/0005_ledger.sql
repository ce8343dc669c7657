-- Double entry. A posting is balanced in each of its units; entries are never changed.
CREATE TABLE posting (
    id          TEXT PRIMARY KEY,
    merchant_id TEXT NOT NULL,
    store_id    TEXT NOT NULL,
    sale_id     TEXT REFERENCES sale (id),
    payment_id  TEXT REFERENCES payment (id),
    reason      TEXT NOT NULL,
    at_ms       BIGINT NOT NULL
);
CREATE INDEX posting_by_sale ON posting (sale_id);

CREATE TABLE entry (
    posting_id TEXT NOT NULL REFERENCES posting (id),
    line       BIGINT NOT NULL,
    account    TEXT NOT NULL,
    unit       TEXT NOT NULL,
    side       TEXT NOT NULL CHECK (side IN ('debit', 'credit')),
    amount     BIGINT NOT NULL CHECK (amount > 0),
    PRIMARY KEY (posting_id, line)
);
