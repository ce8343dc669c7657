-- What a card's holder has: a name for it, where receipts go, and a page of its own.
ALTER TABLE card ADD COLUMN nickname TEXT NOT NULL DEFAULT '';
ALTER TABLE card ADD COLUMN npub TEXT NOT NULL DEFAULT '';

-- The version of the keys that a leave for a card that is issued again gives out, once.
ALTER TABLE card_setup ADD COLUMN again_version BIGINT;

-- Whoever tapped a card is at its page for a quarter of an hour. It can spend nothing.
CREATE TABLE card_session (
    token_hash  TEXT PRIMARY KEY,
    card_id     TEXT NOT NULL REFERENCES card (id),
    merchant_id TEXT NOT NULL REFERENCES merchant (id),
    version     BIGINT NOT NULL,
    csrf        TEXT NOT NULL,
    created_ms  BIGINT NOT NULL,
    expires_ms  BIGINT NOT NULL
);
CREATE INDEX card_session_by_card ON card_session (card_id);

-- A link to that page, made at a till after a tap: good once, for a few minutes.
CREATE TABLE card_link (
    token_hash  TEXT PRIMARY KEY,
    card_id     TEXT NOT NULL REFERENCES card (id),
    merchant_id TEXT NOT NULL REFERENCES merchant (id),
    expires_ms  BIGINT NOT NULL,
    used_ms     BIGINT
);
