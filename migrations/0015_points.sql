-- Points: what a merchant promises to the holders of Flash Cards for buying from him, out of budgets.

-- The card whose points a sale is about; the first that was tapped for it.
ALTER TABLE sale ADD COLUMN card_id TEXT;
CREATE INDEX sale_by_card ON sale (card_id) WHERE card_id IS NOT NULL;

-- A merchant's programme, one for each kind of money. `rules` is JSON, read whole by `domain`.
CREATE TABLE points_programme (
    id          TEXT PRIMARY KEY,
    merchant_id TEXT NOT NULL REFERENCES merchant (id),
    money       TEXT NOT NULL CHECK (money IN ('practice', 'real')),
    currency    TEXT NOT NULL,
    rules       TEXT NOT NULL,
    running     BIGINT NOT NULL CHECK (running IN (0, 1)),
    changed_ms  BIGINT NOT NULL,
    UNIQUE (merchant_id, money),
    UNIQUE (id, money)
);

-- A campaign with a rate of its own, for a while. `stores` is a JSON list, empty for all.
CREATE TABLE points_event (
    id            TEXT PRIMARY KEY,
    programme_id  TEXT NOT NULL,
    merchant_id   TEXT NOT NULL REFERENCES merchant (id),
    money         TEXT NOT NULL,
    name          TEXT NOT NULL,
    rate_bp       BIGINT NOT NULL CHECK (rate_bp BETWEEN 0 AND 10000),
    minimum       BIGINT NOT NULL CHECK (minimum >= 0),
    from_ms       BIGINT NOT NULL,
    to_ms         BIGINT NOT NULL,
    stores        TEXT NOT NULL,
    most_cards    BIGINT CHECK (most_cards > 0),
    most_per_card BIGINT CHECK (most_per_card > 0),
    stopped_ms    BIGINT,
    created_ms    BIGINT NOT NULL,
    FOREIGN KEY (programme_id, money) REFERENCES points_programme (id, money),
    CHECK (from_ms < to_ms)
);
CREATE INDEX points_event_by_programme ON points_event (programme_id, to_ms);

-- What a programme or an event (the same id) may give in all; no `most` is no limit. What is promised
-- is set aside until its sale is final.
CREATE TABLE points_budget (
    id          TEXT PRIMARY KEY,
    merchant_id TEXT NOT NULL REFERENCES merchant (id),
    most        BIGINT CHECK (most >= 0),
    promised    BIGINT NOT NULL DEFAULT 0 CHECK (promised >= 0),
    spent       BIGINT NOT NULL DEFAULT 0 CHECK (spent >= 0),
    CHECK (most IS NULL OR promised + spent <= most)
);

-- A card's points. `owed` is what was taken back after it had been spent; the next points go there.
CREATE TABLE points_card (
    card_id     TEXT PRIMARY KEY,
    money       TEXT NOT NULL,
    merchant_id TEXT NOT NULL REFERENCES merchant (id),
    held        BIGINT NOT NULL DEFAULT 0 CHECK (held >= 0),
    owed        BIGINT NOT NULL DEFAULT 0 CHECK (owed >= 0),
    birthday    TEXT,
    created_ms  BIGINT NOT NULL,
    FOREIGN KEY (card_id, money) REFERENCES card (id, money),
    CHECK (held = 0 OR owed = 0)
);
CREATE INDEX points_card_by_merchant ON points_card (merchant_id, money);

-- Points by when they came, for those that expire; the oldest are spent first.
CREATE TABLE points_lot (
    id         TEXT PRIMARY KEY,
    card_id    TEXT NOT NULL REFERENCES points_card (card_id),
    at_ms      BIGINT NOT NULL,
    expires_ms BIGINT,
    left_over  BIGINT NOT NULL CHECK (left_over >= 0)
);
CREATE INDEX points_lot_by_card ON points_lot (card_id, at_ms);
CREATE INDEX points_lot_by_expiry ON points_lot (expires_ms);

-- What one sale earns: one row for each sale, whatever repeats. `points` is the purchase's and the
-- bonuses' together; `net` what of the sale counted, in minor units.
CREATE TABLE points_earning (
    sale_id     TEXT PRIMARY KEY,
    card_id     TEXT NOT NULL REFERENCES points_card (card_id),
    money       TEXT NOT NULL,
    merchant_id TEXT NOT NULL REFERENCES merchant (id),
    store_id    TEXT NOT NULL REFERENCES store (id),
    budget_id   TEXT NOT NULL REFERENCES points_budget (id),
    bonus_id    TEXT NOT NULL REFERENCES points_budget (id),
    event_id    TEXT REFERENCES points_event (id),
    state       TEXT NOT NULL CHECK (state IN ('promised', 'earned', 'released')),
    net         BIGINT NOT NULL CHECK (net >= 0),
    points      BIGINT NOT NULL CHECK (points >= 0),
    sign_up     BIGINT NOT NULL DEFAULT 0 CHECK (sign_up >= 0),
    birthday    BIGINT NOT NULL DEFAULT 0 CHECK (birthday >= 0),
    by_points   BIGINT NOT NULL DEFAULT 0 CHECK (by_points >= 0),
    refunded    BIGINT NOT NULL DEFAULT 0 CHECK (refunded >= 0),
    clawed      BIGINT NOT NULL DEFAULT 0 CHECK (clawed >= 0),
    times       BIGINT NOT NULL DEFAULT 0,
    why         TEXT NOT NULL,
    day         TEXT NOT NULL,
    at_ms       BIGINT NOT NULL,
    FOREIGN KEY (card_id, money) REFERENCES card (id, money),
    FOREIGN KEY (sale_id, money) REFERENCES sale (id, money),
    CHECK (clawed <= points + sign_up + birthday)
);
CREATE INDEX points_earning_by_card ON points_earning (card_id, at_ms);
CREATE INDEX points_earning_by_event ON points_earning (event_id, card_id);

-- What went back of a sale, each time once.
CREATE TABLE points_refund (
    sale_id   TEXT NOT NULL REFERENCES points_earning (sale_id),
    reference TEXT NOT NULL,
    refunded  BIGINT NOT NULL CHECK (refunded > 0),
    points    BIGINT NOT NULL CHECK (points >= 0),
    at_ms     BIGINT NOT NULL,
    PRIMARY KEY (sale_id, reference)
);

-- What moved a card's points, each once by what it hangs on.
CREATE TABLE points_move (
    id          TEXT PRIMARY KEY,
    card_id     TEXT NOT NULL REFERENCES points_card (card_id),
    money       TEXT NOT NULL,
    merchant_id TEXT NOT NULL REFERENCES merchant (id),
    store_id    TEXT NOT NULL REFERENCES store (id),
    kind        TEXT NOT NULL CHECK (kind IN ('earned', 'tap', 'spent', 'returned', 'taken_back',
                    'refunded', 'expired', 'converted', 'moved_in', 'moved_out')),
    reference   TEXT NOT NULL,
    sale_id     TEXT REFERENCES sale (id),
    points      BIGINT NOT NULL CHECK (points > 0),
    held        BIGINT NOT NULL CHECK (held >= 0),
    owed        BIGINT NOT NULL CHECK (owed >= 0),
    who         TEXT NOT NULL,
    at_ms       BIGINT NOT NULL,
    UNIQUE (card_id, kind, reference)
);
CREATE INDEX points_move_by_card ON points_move (card_id, at_ms);
CREATE INDEX points_move_by_sale ON points_move (sale_id);

-- Points of a card whose balance lies at BTCPay, on their way there as a payout of the store's. They
-- leave the card when this row is written, and come back only if the payout is known to be cancelled.
CREATE TABLE points_payout (
    id          TEXT PRIMARY KEY,
    card_id     TEXT NOT NULL REFERENCES points_card (card_id),
    merchant_id TEXT NOT NULL REFERENCES merchant (id),
    store_id    TEXT NOT NULL REFERENCES store (id),
    state       TEXT NOT NULL CHECK (state IN ('reserved', 'sent', 'completed', 'cancelled', 'unknown')),
    points      BIGINT NOT NULL CHECK (points > 0),
    msat        BIGINT NOT NULL CHECK (msat > 0),
    reference   TEXT,
    created_ms  BIGINT NOT NULL,
    changed_ms  BIGINT NOT NULL
);
CREATE INDEX points_payout_by_state ON points_payout (state, changed_ms);
