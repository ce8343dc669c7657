-- Flash Cards: NTAG 424 DNA chips whose taps pay out of a balance that the merchant owes. A chip's
-- serial number is never kept: `card.id` is derived from it by the issuer's key.

-- The key that every card of this installation comes from, sealed. There is one.
CREATE TABLE issuer (
    id         TEXT PRIMARY KEY CHECK (id = 'own'),
    sealed     BYTEA NOT NULL,
    created_ms BIGINT NOT NULL
);

-- `counter` is the highest that a tap has shown, -1 before the first. What was spent counts for
-- `spent_day` alone, the date in the store that took the tap.
CREATE TABLE card (
    id             TEXT PRIMARY KEY,
    merchant_id    TEXT NOT NULL REFERENCES merchant (id),
    store_id       TEXT NOT NULL REFERENCES store (id),
    money          TEXT NOT NULL CHECK (money IN ('practice', 'real')),
    version        BIGINT NOT NULL CHECK (version >= 0),
    state          TEXT NOT NULL CHECK (state IN ('new', 'active', 'frozen', 'gone')),
    counter        BIGINT NOT NULL DEFAULT -1 CHECK (counter BETWEEN -1 AND 16777215),
    balance_msat   BIGINT NOT NULL DEFAULT 0 CHECK (balance_msat >= 0),
    tap_limit_msat BIGINT NOT NULL CHECK (tap_limit_msat > 0),
    day_limit_msat BIGINT NOT NULL CHECK (day_limit_msat > 0),
    spent_msat     BIGINT NOT NULL DEFAULT 0 CHECK (spent_msat >= 0),
    spent_day      TEXT NOT NULL DEFAULT '',
    label          TEXT NOT NULL,
    created_ms     BIGINT NOT NULL,
    confirmed_ms   BIGINT,
    tapped_ms      BIGINT,
    UNIQUE (id, money)
);
CREATE INDEX card_by_merchant ON card (merchant_id, money);

-- An owner's leave to set one card up, for a few minutes. `card_id` is the card that used it.
CREATE TABLE card_setup (
    token_hash     TEXT PRIMARY KEY,
    merchant_id    TEXT NOT NULL REFERENCES merchant (id),
    store_id       TEXT NOT NULL REFERENCES store (id),
    money          TEXT NOT NULL CHECK (money IN ('practice', 'real')),
    label          TEXT NOT NULL,
    tap_limit_msat BIGINT NOT NULL CHECK (tap_limit_msat > 0),
    day_limit_msat BIGINT NOT NULL CHECK (day_limit_msat > 0),
    expires_ms     BIGINT NOT NULL,
    card_id        TEXT
);

-- What a tap moved. The composite keys keep a practice card from a real sale, and the reverse; the
-- unique one lets a tap move money once.
CREATE UNIQUE INDEX sale_with_money ON sale (id, money);
CREATE TABLE card_move (
    id           TEXT PRIMARY KEY,
    card_id      TEXT NOT NULL,
    money        TEXT NOT NULL,
    version      BIGINT NOT NULL,
    counter      BIGINT NOT NULL,
    merchant_id  TEXT NOT NULL REFERENCES merchant (id),
    store_id     TEXT NOT NULL REFERENCES store (id),
    kind         TEXT NOT NULL CHECK (kind IN ('top_up', 'payment')),
    sale_id      TEXT,
    currency     TEXT NOT NULL,
    amount       BIGINT NOT NULL CHECK (amount > 0),
    msat         BIGINT NOT NULL CHECK (msat > 0),
    balance_msat BIGINT NOT NULL CHECK (balance_msat >= 0),
    who          TEXT NOT NULL,
    at_ms        BIGINT NOT NULL,
    UNIQUE (card_id, version, counter),
    FOREIGN KEY (card_id, money) REFERENCES card (id, money),
    FOREIGN KEY (sale_id, money) REFERENCES sale (id, money),
    CHECK ((kind = 'payment') = (sale_id IS NOT NULL))
);
