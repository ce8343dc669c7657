-- Who is who: merchants, their owners, stores, tills and staff, and how they are let in.
CREATE TABLE merchant (
    id         TEXT PRIMARY KEY,
    name       TEXT NOT NULL,
    created_ms BIGINT NOT NULL
);

CREATE TABLE owner (
    id              TEXT PRIMARY KEY,
    merchant_id     TEXT NOT NULL REFERENCES merchant (id),
    email           TEXT NOT NULL UNIQUE,
    password_hash   TEXT NOT NULL,
    failed          BIGINT NOT NULL DEFAULT 0,
    locked_until_ms BIGINT NOT NULL DEFAULT 0,
    created_ms      BIGINT NOT NULL
);

-- `money` is the wall between practice and real: a sandbox rail only fits a practice store.
CREATE TABLE store (
    id              TEXT PRIMARY KEY,
    merchant_id     TEXT NOT NULL REFERENCES merchant (id),
    name            TEXT NOT NULL,
    money           TEXT NOT NULL CHECK (money IN ('practice', 'real')),
    currency        TEXT NOT NULL,
    exponent        BIGINT NOT NULL,
    tax_name        TEXT NOT NULL,
    tax_bp          BIGINT NOT NULL CHECK (tax_bp BETWEEN 0 AND 10000),
    tax_inclusive   BIGINT NOT NULL CHECK (tax_inclusive IN (0, 1)),
    tax_number      TEXT NOT NULL DEFAULT '',
    tips_bp         TEXT NOT NULL DEFAULT '[]',
    address         TEXT NOT NULL DEFAULT '',
    time_zone       TEXT NOT NULL,
    cash_step       BIGINT NOT NULL DEFAULT 1 CHECK (cash_step > 0),
    cash_tie_up     BIGINT NOT NULL DEFAULT 1 CHECK (cash_tie_up IN (0, 1)),
    sale_cap        BIGINT NOT NULL CHECK (sale_cap > 0),
    offer_seconds   BIGINT NOT NULL DEFAULT 600 CHECK (offer_seconds BETWEEN 30 AND 86400),
    rate_settings   TEXT NOT NULL DEFAULT '{}',
    receipt_footer  TEXT NOT NULL DEFAULT '',
    created_ms      BIGINT NOT NULL,
    UNIQUE (id, money)
);
CREATE INDEX store_by_merchant ON store (merchant_id);

CREATE TABLE till (
    id              TEXT PRIMARY KEY,
    merchant_id     TEXT NOT NULL REFERENCES merchant (id),
    store_id        TEXT NOT NULL REFERENCES store (id),
    name            TEXT NOT NULL,
    prefix          TEXT NOT NULL,
    next_receipt    BIGINT NOT NULL DEFAULT 1,
    failed          BIGINT NOT NULL DEFAULT 0,
    locked_until_ms BIGINT NOT NULL DEFAULT 0,
    retired         BIGINT NOT NULL DEFAULT 0,
    created_ms      BIGINT NOT NULL,
    UNIQUE (store_id, prefix)
);

CREATE TABLE pairing (
    code_hash  TEXT PRIMARY KEY,
    till_id    TEXT NOT NULL REFERENCES till (id),
    expires_ms BIGINT NOT NULL,
    used_ms    BIGINT
);

CREATE TABLE staff (
    id              TEXT PRIMARY KEY,
    merchant_id     TEXT NOT NULL REFERENCES merchant (id),
    store_id        TEXT NOT NULL REFERENCES store (id),
    name            TEXT NOT NULL,
    role            TEXT NOT NULL CHECK (role IN ('cashier', 'manager')),
    pin_hash        TEXT NOT NULL,
    failed          BIGINT NOT NULL DEFAULT 0,
    locked_until_ms BIGINT NOT NULL DEFAULT 0,
    retired         BIGINT NOT NULL DEFAULT 0,
    created_ms      BIGINT NOT NULL
);
CREATE INDEX staff_by_store ON staff (store_id);

-- Whoever holds the token behind `token_hash` is in. A till's session outlives the cashier's.
CREATE TABLE session (
    token_hash  TEXT PRIMARY KEY,
    kind        TEXT NOT NULL CHECK (kind IN ('owner', 'till', 'setup')),
    subject     TEXT NOT NULL,
    merchant_id TEXT NOT NULL,
    staff_id    TEXT,
    staff_until_ms BIGINT NOT NULL DEFAULT 0,
    csrf        TEXT NOT NULL,
    created_ms  BIGINT NOT NULL,
    expires_ms  BIGINT NOT NULL
);
CREATE INDEX session_by_subject ON session (subject);

-- A rail as set up for a store: its first, or the second that stands in for it. The composite key
-- keeps the sandbox away from real money.
CREATE TABLE connection (
    id           TEXT PRIMARY KEY,
    merchant_id  TEXT NOT NULL REFERENCES merchant (id),
    store_id     TEXT NOT NULL,
    rail         TEXT NOT NULL CHECK (rail IN ('sandbox', 'lnd', 'btcpay')),
    place        BIGINT NOT NULL DEFAULT 1 CHECK (place IN (1, 2)),
    money        TEXT NOT NULL,
    secrets      BYTEA,
    label        TEXT NOT NULL,
    add_index    BIGINT NOT NULL DEFAULT 0,
    settle_index BIGINT NOT NULL DEFAULT 0,
    lease_holder TEXT,
    lease_until_ms BIGINT NOT NULL DEFAULT 0,
    created_ms   BIGINT NOT NULL,
    UNIQUE (store_id, rail),
    FOREIGN KEY (store_id, money) REFERENCES store (id, money),
    CHECK ((rail = 'sandbox') = (money = 'practice'))
);

-- Append-only; each row hashes the one before within its merchant.
CREATE TABLE audit (
    merchant_id TEXT NOT NULL,
    seq         BIGINT NOT NULL,
    at_ms       BIGINT NOT NULL,
    who         TEXT NOT NULL,
    what        TEXT NOT NULL,
    detail      TEXT NOT NULL,
    hash        TEXT NOT NULL,
    PRIMARY KEY (merchant_id, seq)
);
