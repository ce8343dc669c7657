-- Sales, the tries to collect them, and the money that arrived.
CREATE TABLE sale (
    id             TEXT PRIMARY KEY,
    merchant_id    TEXT NOT NULL REFERENCES merchant (id),
    store_id       TEXT NOT NULL REFERENCES store (id),
    till_id        TEXT NOT NULL REFERENCES till (id),
    staff_id       TEXT NOT NULL REFERENCES staff (id),
    staff_name     TEXT NOT NULL,
    name           TEXT NOT NULL,
    state          TEXT NOT NULL CHECK (state IN ('open', 'paid', 'voided', 'part_refunded', 'refunded')),
    money          TEXT NOT NULL CHECK (money IN ('practice', 'real')),
    currency       TEXT NOT NULL,
    exponent       BIGINT NOT NULL,
    cart           TEXT NOT NULL,
    bill           BIGINT NOT NULL,
    tip            BIGINT NOT NULL CHECK (tip >= 0),
    total          BIGINT NOT NULL CHECK (total > 0),
    rounding       BIGINT NOT NULL DEFAULT 0,
    credited       BIGINT NOT NULL DEFAULT 0 CHECK (credited >= 0),
    tendered       BIGINT NOT NULL DEFAULT 0,
    change_given   BIGINT NOT NULL DEFAULT 0 CHECK (change_given >= 0),
    receipt_number BIGINT,
    receipt_token  TEXT NOT NULL UNIQUE,
    opened_ms      BIGINT NOT NULL,
    closed_ms      BIGINT,
    UNIQUE (till_id, receipt_number)
);
CREATE INDEX sale_by_till ON sale (till_id, opened_ms);
CREATE INDEX sale_by_store ON sale (store_id, opened_ms);

-- One try to collect (part of) a sale over one rail. `reference` is the rail's exact name for it,
-- unique within the merchant: nobody's node speaks of another merchant's offers.
CREATE TABLE attempt (
    id            TEXT PRIMARY KEY,
    sale_id       TEXT NOT NULL REFERENCES sale (id),
    merchant_id   TEXT NOT NULL,
    store_id      TEXT NOT NULL REFERENCES store (id),
    connection_id TEXT,
    rail          TEXT NOT NULL,
    reference     TEXT NOT NULL,
    state         TEXT NOT NULL CHECK (state IN
                      ('offered', 'seen', 'settled', 'expired', 'cancelled', 'failed', 'unknown',
                       'lost')),
    amount        BIGINT NOT NULL CHECK (amount >= 0),
    asked_msat    BIGINT NOT NULL CHECK (asked_msat >= 0),
    request       TEXT,
    quote         TEXT,
    offered_ms    BIGINT NOT NULL,
    expires_ms    BIGINT NOT NULL,
    checked_ms    BIGINT NOT NULL,
    next_check_ms BIGINT NOT NULL,
    ended_ms      BIGINT,
    cancelled_ms  BIGINT,
    UNIQUE (merchant_id, rail, reference)
);
CREATE INDEX attempt_by_sale ON attempt (sale_id);
CREATE INDEX attempt_to_check ON attempt (state, next_check_ms);

-- Money that arrived, by its exact reference. `credited` went to the sale, `owed` is the payer's.
CREATE TABLE payment (
    id          TEXT PRIMARY KEY,
    rail        TEXT NOT NULL,
    reference   TEXT NOT NULL,
    offer       TEXT NOT NULL,
    merchant_id TEXT NOT NULL REFERENCES merchant (id),
    store_id    TEXT NOT NULL REFERENCES store (id),
    connection_id TEXT,
    sale_id     TEXT REFERENCES sale (id),
    attempt_id  TEXT REFERENCES attempt (id),
    kind        TEXT NOT NULL CHECK (kind IN
                    ('due', 'under', 'over', 'late', 'extra', 'found', 'marked', 'gone')),
    msat        BIGINT NOT NULL CHECK (msat >= 0),
    currency    TEXT,
    credited    BIGINT NOT NULL DEFAULT 0,
    owed        BIGINT NOT NULL DEFAULT 0,
    owed_msat   BIGINT NOT NULL DEFAULT 0,
    given_back_ms BIGINT,
    gone_ms     BIGINT,
    paid_ms     BIGINT NOT NULL,
    received_ms BIGINT NOT NULL,
    UNIQUE (merchant_id, rail, reference)
);
CREATE INDEX payment_by_sale ON payment (sale_id);
CREATE INDEX payment_by_attempt ON payment (attempt_id);
CREATE INDEX payment_by_store ON payment (store_id, kind);

-- What happened to a sale, in order; written in the transaction that made it happen. It is the
-- outbox of the live page, and the trail the merchant reads.
CREATE TABLE event (
    sale_id     TEXT NOT NULL REFERENCES sale (id),
    seq         BIGINT NOT NULL,
    merchant_id TEXT NOT NULL,
    kind        TEXT NOT NULL,
    body        TEXT NOT NULL,
    at_ms       BIGINT NOT NULL,
    PRIMARY KEY (sale_id, seq)
);

-- The first answer to a money-moving request, kept in the transaction that moved the money.
CREATE TABLE idempotency (
    scope      TEXT NOT NULL,
    key        TEXT NOT NULL,
    body_hash  TEXT NOT NULL,
    answer     TEXT NOT NULL,
    created_ms BIGINT NOT NULL,
    PRIMARY KEY (scope, key)
);
CREATE INDEX idempotency_by_age ON idempotency (created_ms);
