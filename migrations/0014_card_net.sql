-- Cards over the network: our cards at other tills, other cards at ours, top-ups by Lightning.

-- What a proven tap that another till shows is traded for (LUD-03's k1, of which only the hash is
-- kept): good for one payment, for a little while. `used_ms` is set by the first invoice shown with
-- it, whatever came of that; `why` says what it was refused for.
CREATE TABLE card_ticket (
    k1_hash    TEXT PRIMARY KEY,
    card_id    TEXT NOT NULL REFERENCES card (id),
    version    BIGINT NOT NULL,
    counter    BIGINT NOT NULL,
    expires_ms BIGINT NOT NULL,
    used_ms    BIGINT,
    why        TEXT NOT NULL DEFAULT '',
    UNIQUE (card_id, version, counter)
);
CREATE INDEX card_ticket_by_age ON card_ticket (expires_ms);

-- A card's payment to another till. It is reserved (amount and fee limit are off the card), sent (the
-- node may have it), and then paid, failed for certain, or not known until the node is asked again.
CREATE TABLE card_payout (
    id             TEXT PRIMARY KEY,
    k1_hash        TEXT NOT NULL UNIQUE,
    card_id        TEXT NOT NULL,
    money          TEXT NOT NULL,
    merchant_id    TEXT NOT NULL REFERENCES merchant (id),
    store_id       TEXT NOT NULL REFERENCES store (id),
    connection_id  TEXT NOT NULL,
    rail           TEXT NOT NULL,
    payment_hash   TEXT NOT NULL,
    request        TEXT NOT NULL,
    msat           BIGINT NOT NULL CHECK (msat > 0),
    fee_limit_msat BIGINT NOT NULL CHECK (fee_limit_msat >= 0),
    fee_msat       BIGINT NOT NULL DEFAULT 0 CHECK (fee_msat >= 0),
    day            TEXT NOT NULL,
    state          TEXT NOT NULL CHECK (state IN ('reserved', 'sent', 'unknown', 'paid', 'failed')),
    why            TEXT NOT NULL DEFAULT '',
    holder         TEXT NOT NULL,
    expires_ms     BIGINT NOT NULL,
    created_ms     BIGINT NOT NULL,
    sent_ms        BIGINT,
    left_ms        BIGINT,
    ended_ms       BIGINT,
    next_check_ms  BIGINT NOT NULL,
    UNIQUE (merchant_id, payment_hash),
    FOREIGN KEY (card_id, money) REFERENCES card (id, money)
);
CREATE INDEX card_payout_to_check ON card_payout (state, next_check_ms);
CREATE INDEX card_payout_by_card ON card_payout (card_id, created_ms);

-- The unguessable address at which a card is topped up (LUD-06); it names no card.
CREATE TABLE card_pay_link (
    token      TEXT PRIMARY KEY,
    card_id    TEXT NOT NULL UNIQUE REFERENCES card (id),
    created_ms BIGINT NOT NULL
);

-- An invoice that puts money on a card. `reference` is its payment hash, `at_rail` the rail's own name.
CREATE TABLE card_top_up (
    id            TEXT PRIMARY KEY,
    card_id       TEXT NOT NULL,
    money         TEXT NOT NULL,
    merchant_id   TEXT NOT NULL REFERENCES merchant (id),
    store_id      TEXT NOT NULL REFERENCES store (id),
    connection_id TEXT NOT NULL,
    rail          TEXT NOT NULL,
    reference     TEXT NOT NULL,
    at_rail       TEXT NOT NULL,
    request       TEXT NOT NULL,
    msat          BIGINT NOT NULL CHECK (msat > 0),
    comment       TEXT NOT NULL,
    state         TEXT NOT NULL CHECK (state IN ('open', 'paid', 'found', 'over')),
    paid_msat     BIGINT,
    paid_ms       BIGINT,
    expires_ms    BIGINT NOT NULL,
    created_ms    BIGINT NOT NULL,
    next_check_ms BIGINT NOT NULL,
    UNIQUE (merchant_id, rail, reference),
    FOREIGN KEY (card_id, money) REFERENCES card (id, money)
);
CREATE INDEX card_top_up_to_check ON card_top_up (state, next_check_ms);
CREATE INDEX card_top_up_by_card ON card_top_up (card_id, created_ms);

-- The tap of another issuer's card at a till of ours: asked of its server once, ever. `answer` is what
-- that server said, sealed, while a PIN is waited for.
CREATE TABLE card_charge (
    tap_hash       TEXT PRIMARY KEY,
    merchant_id    TEXT NOT NULL REFERENCES merchant (id),
    sale_id        TEXT NOT NULL REFERENCES sale (id),
    host           TEXT NOT NULL,
    answer         BYTEA,
    state          TEXT NOT NULL CHECK (state IN
                       ('asked', 'pin', 'sent', 'accepted', 'refused', 'unknown')),
    why            TEXT NOT NULL DEFAULT '',
    created_ms     BIGINT NOT NULL,
    ended_ms       BIGINT
);
CREATE INDEX card_charge_by_sale ON card_charge (sale_id, created_ms);
