-- The life of a Flash Card: PIN, limits, expiry, re-issue, alarm, wipe.

-- `pin_failed` counts wrong PINs in a row: three block it. `pin_counter` is the last tap a PIN was
-- tried with, so that a tap is good for one try. `tap_limit_msat` and `day_limit_msat` are what holds;
-- the holder may lower them, never above `tap_most_msat` and `day_most_msat`, which are the merchant's.
-- `next_version` is that of keys given out anew, until the first tap by them.
ALTER TABLE card ADD COLUMN pin_hash TEXT;
ALTER TABLE card ADD COLUMN pin_from_msat BIGINT NOT NULL DEFAULT 0 CHECK (pin_from_msat >= 0);
ALTER TABLE card ADD COLUMN pin_failed BIGINT NOT NULL DEFAULT 0 CHECK (pin_failed BETWEEN 0 AND 3);
ALTER TABLE card ADD COLUMN pin_counter BIGINT NOT NULL DEFAULT -1;
ALTER TABLE card ADD COLUMN balance_limit_msat BIGINT CHECK (balance_limit_msat > 0);
ALTER TABLE card ADD COLUMN tap_most_msat BIGINT NOT NULL DEFAULT 0;
ALTER TABLE card ADD COLUMN day_most_msat BIGINT NOT NULL DEFAULT 0;
ALTER TABLE card ADD COLUMN expires_ms BIGINT;
ALTER TABLE card ADD COLUMN next_version BIGINT CHECK (next_version > 0);
ALTER TABLE card ADD COLUMN frozen_by TEXT NOT NULL DEFAULT '' CHECK (frozen_by IN ('', 'staff', 'holder', 'alarm'));
ALTER TABLE card ADD COLUMN replaced_by TEXT;
ALTER TABLE card ADD COLUMN wiped_ms BIGINT;
UPDATE card SET tap_most_msat = tap_limit_msat, day_most_msat = day_limit_msat;
UPDATE card SET frozen_by = 'staff' WHERE state = 'frozen';

-- Every tap that reaches us, kept before it is judged: a hash of its link, never the link, and once it
-- is proven the card and its counter. `store_id` is where our own till read it.
CREATE TABLE card_tap (
    id          TEXT PRIMARY KEY,
    link_hash   TEXT NOT NULL,
    place       TEXT NOT NULL CHECK (place IN ('till', 'top_up', 'look', 'lnurl', 'portal', 'wipe')),
    merchant_id TEXT,
    store_id    TEXT,
    card_id     TEXT,
    version     BIGINT,
    counter     BIGINT,
    outcome     TEXT NOT NULL DEFAULT 'arrived',
    at_ms       BIGINT NOT NULL,
    CHECK ((card_id IS NULL) = (version IS NULL) AND (card_id IS NULL) = (counter IS NULL))
);
CREATE INDEX card_tap_by_card ON card_tap (card_id, version, counter);
CREATE INDEX card_tap_by_time ON card_tap (at_ms);

-- A card that may have been copied: taps say so. `seen_ms` is when a person settled it.
CREATE TABLE card_alarm (
    id          TEXT PRIMARY KEY,
    card_id     TEXT NOT NULL REFERENCES card (id),
    merchant_id TEXT NOT NULL REFERENCES merchant (id),
    kind        TEXT NOT NULL CHECK (kind IN ('older_tap', 'two_places')),
    detail      TEXT NOT NULL,
    froze       BIGINT NOT NULL CHECK (froze IN (0, 1)),
    tap_id      TEXT NOT NULL UNIQUE,
    at_ms       BIGINT NOT NULL,
    seen_ms     BIGINT
);
CREATE INDEX card_alarm_by_merchant ON card_alarm (merchant_id, seen_ms);

-- What a store's cards begin with, and what an alarm does to them. A store without a row has the
-- usual ones.
CREATE TABLE card_policy (
    store_id           TEXT PRIMARY KEY REFERENCES store (id),
    merchant_id        TEXT NOT NULL REFERENCES merchant (id),
    alarm_freezes      BIGINT NOT NULL CHECK (alarm_freezes IN (0, 1)),
    apart_minutes      BIGINT NOT NULL CHECK (apart_minutes BETWEEN 0 AND 1440),
    tap_limit_msat     BIGINT NOT NULL CHECK (tap_limit_msat > 0),
    day_limit_msat     BIGINT NOT NULL CHECK (day_limit_msat > 0),
    balance_limit_msat BIGINT CHECK (balance_limit_msat > 0),
    batch_days         BIGINT NOT NULL CHECK (batch_days BETWEEN 1 AND 365)
);

-- A leave may be for one very card that is issued again (`again_for`), or one of a batch, whose
-- tokens are kept sealed so that their links can be read again until they are used.
ALTER TABLE card_setup ADD COLUMN again_for TEXT;
ALTER TABLE card_setup ADD COLUMN balance_limit_msat BIGINT CHECK (balance_limit_msat > 0);
ALTER TABLE card_setup ADD COLUMN card_expires_ms BIGINT;
ALTER TABLE card_setup ADD COLUMN batch_id TEXT;
ALTER TABLE card_setup ADD COLUMN batch_no BIGINT;
ALTER TABLE card_setup ADD COLUMN sealed BYTEA;
CREATE TABLE card_batch (
    id          TEXT PRIMARY KEY,
    merchant_id TEXT NOT NULL REFERENCES merchant (id),
    store_id    TEXT NOT NULL REFERENCES store (id),
    label       TEXT NOT NULL,
    many        BIGINT NOT NULL CHECK (many BETWEEN 1 AND 500),
    expires_ms  BIGINT NOT NULL,
    who         TEXT NOT NULL,
    created_ms  BIGINT NOT NULL
);
CREATE INDEX card_setup_by_batch ON card_setup (batch_id, batch_no);

-- A manager's leave to read one card's keys, to wipe its chip: short, and for that card alone.
CREATE TABLE card_wipe (
    token_hash  TEXT PRIMARY KEY,
    card_id     TEXT NOT NULL REFERENCES card (id),
    merchant_id TEXT NOT NULL REFERENCES merchant (id),
    who         TEXT NOT NULL,
    expires_ms  BIGINT NOT NULL,
    used_ms     BIGINT
);
