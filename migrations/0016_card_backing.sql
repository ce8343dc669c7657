-- Cards whose money is a pull payment at the merchant's BTCPay Server, which pays them at our tills as
-- at any other. What is left on such a card is BTCPay's to say: `card.balance_msat` stays zero.

-- `server` and `there` are the server's address and the store's id at it: a connection is another one
-- after each pairing. `link` is where the card's taps lead. `left_msat` is what BTCPay said at `seen_ms`.
CREATE TABLE card_backing (
    card_id     TEXT PRIMARY KEY REFERENCES card (id),
    merchant_id TEXT NOT NULL REFERENCES merchant (id),
    server      TEXT NOT NULL,
    there       TEXT NOT NULL,
    purse       TEXT NOT NULL,
    link        TEXT NOT NULL,
    imported    BIGINT NOT NULL CHECK (imported IN (0, 1)),
    left_msat   BIGINT,
    seen_ms     BIGINT,
    ended_ms    BIGINT,
    CHECK ((left_msat IS NULL) = (seen_ms IS NULL))
);
CREATE INDEX card_backing_by_merchant ON card_backing (merchant_id);

-- K0 to K4 of such a card, sealed, by version: those before the last are kept until a tap confirms the
-- last. `setup` is the leave that they were given out for.
CREATE TABLE card_key (
    card_id TEXT NOT NULL REFERENCES card (id),
    version BIGINT NOT NULL CHECK (version >= 0),
    sealed  BYTEA NOT NULL,
    setup   TEXT,
    PRIMARY KEY (card_id, version)
);

-- K1 of a server, sealed: one for all of its cards, it opens what any of them says.
CREATE TABLE card_opener (
    merchant_id TEXT NOT NULL REFERENCES merchant (id),
    server      TEXT NOT NULL,
    sealed      BYTEA NOT NULL,
    PRIMARY KEY (merchant_id, server)
);

-- What a leave to set a card up is for, when its money is at BTCPay: `sats` are set aside, none if the
-- card is there already and is set up again. `reference` is in the pull
-- payment's name, by which it is found again when the answer was lost.
CREATE TABLE card_setup_backing (
    token_hash  TEXT PRIMARY KEY,
    merchant_id TEXT NOT NULL REFERENCES merchant (id),
    server      TEXT NOT NULL,
    there       TEXT NOT NULL,
    reference   TEXT NOT NULL UNIQUE,
    sats        BIGINT NOT NULL CHECK (sats >= 0),
    purse       TEXT,
    expires_ms  BIGINT NOT NULL,
    settled_ms  BIGINT
);
CREATE INDEX card_setup_backing_open ON card_setup_backing (settled_ms, expires_ms);

-- A tap of such a card at a till of ours: BTCPay was asked to pay `invoice`. It holds what it reserved
-- of the card's limits until BTCPay's own word proves that nothing was paid.
CREATE TABLE card_claim (
    id          TEXT PRIMARY KEY,
    card_id     TEXT NOT NULL REFERENCES card (id),
    version     BIGINT NOT NULL,
    counter     BIGINT NOT NULL,
    merchant_id TEXT NOT NULL REFERENCES merchant (id),
    store_id    TEXT NOT NULL REFERENCES store (id),
    sale_id     TEXT NOT NULL,
    attempt_id  TEXT NOT NULL,
    invoice     TEXT NOT NULL,
    msat        BIGINT NOT NULL CHECK (msat > 0),
    day         TEXT NOT NULL,
    state       TEXT NOT NULL CHECK (state IN ('reserved', 'paid', 'failed')),
    why         TEXT NOT NULL DEFAULT '',
    tries       BIGINT NOT NULL DEFAULT 0,
    made_ms     BIGINT NOT NULL,
    dead_ms     BIGINT NOT NULL,
    next_ms     BIGINT NOT NULL,
    ended_ms    BIGINT,
    UNIQUE (card_id, version, counter)
);
CREATE INDEX card_claim_to_do ON card_claim (state, next_ms);
CREATE INDEX card_claim_by_sale ON card_claim (sale_id);

-- Money that goes onto such a card by a payout of the store's: once for each `reference`, which is in
-- the payout's metadata, by which it is found again.
CREATE TABLE card_grant (
    reference   TEXT PRIMARY KEY,
    card_id     TEXT NOT NULL REFERENCES card (id),
    merchant_id TEXT NOT NULL REFERENCES merchant (id),
    server      TEXT NOT NULL,
    there       TEXT NOT NULL,
    msat        BIGINT NOT NULL CHECK (msat > 0),
    invoice     TEXT NOT NULL,
    payout      TEXT,
    state       TEXT NOT NULL CHECK (state IN ('wanted', 'sent', 'done', 'failed')),
    why         TEXT NOT NULL DEFAULT '',
    tries       BIGINT NOT NULL DEFAULT 0,
    made_ms     BIGINT NOT NULL,
    dead_ms     BIGINT NOT NULL,
    next_ms     BIGINT NOT NULL,
    ended_ms    BIGINT
);
CREATE INDEX card_grant_to_do ON card_grant (state, next_ms);
