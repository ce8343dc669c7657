-- What moves a card's balance is more than taps at a till: payments to other tills over Lightning and
-- what they give back, top-ups by Lightning, points turned into balance, a lost card's balance moved.
-- `version` and `counter` name the tap, where there was one; `reference` what else it hangs on (a
-- payment hash, another card). Each may move money once.
CREATE TABLE card_move_new (
    id           TEXT PRIMARY KEY,
    card_id      TEXT NOT NULL,
    money        TEXT NOT NULL,
    version      BIGINT,
    counter      BIGINT,
    merchant_id  TEXT NOT NULL REFERENCES merchant (id),
    store_id     TEXT NOT NULL REFERENCES store (id),
    kind         TEXT NOT NULL CHECK (kind IN
                     ('top_up', 'payment', 'withdrawal', 'returned', 'points', 'moved_in', 'moved_out')),
    sale_id      TEXT,
    reference    TEXT,
    currency     TEXT NOT NULL,
    amount       BIGINT NOT NULL CHECK (amount >= 0),
    msat         BIGINT NOT NULL CHECK (msat > 0),
    balance_msat BIGINT NOT NULL CHECK (balance_msat >= 0),
    who          TEXT NOT NULL,
    at_ms        BIGINT NOT NULL,
    UNIQUE (card_id, version, counter),
    UNIQUE (card_id, kind, reference),
    FOREIGN KEY (card_id, money) REFERENCES card (id, money),
    FOREIGN KEY (sale_id, money) REFERENCES sale (id, money),
    CHECK ((version IS NULL) = (counter IS NULL)),
    CHECK (kind <> 'payment' OR sale_id IS NOT NULL)
);
INSERT INTO card_move_new (id, card_id, money, version, counter, merchant_id, store_id, kind, sale_id,
    currency, amount, msat, balance_msat, who, at_ms)
SELECT id, card_id, money, version, counter, merchant_id, store_id, kind, sale_id,
    currency, amount, msat, balance_msat, who, at_ms FROM card_move;
DROP TABLE card_move;
ALTER TABLE card_move_new RENAME TO card_move;
CREATE INDEX card_move_by_card ON card_move (card_id, at_ms);
