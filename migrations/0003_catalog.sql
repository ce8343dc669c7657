-- What is on the shelf, and what was set aside.
CREATE TABLE category (
    id          TEXT PRIMARY KEY,
    merchant_id TEXT NOT NULL REFERENCES merchant (id),
    store_id    TEXT NOT NULL REFERENCES store (id),
    name        TEXT NOT NULL,
    tint        BIGINT NOT NULL DEFAULT 1,
    position    BIGINT NOT NULL DEFAULT 0
);
CREATE INDEX category_by_store ON category (store_id);

CREATE TABLE item (
    id            TEXT PRIMARY KEY,
    merchant_id   TEXT NOT NULL REFERENCES merchant (id),
    store_id      TEXT NOT NULL REFERENCES store (id),
    category_id   TEXT REFERENCES category (id),
    name          TEXT NOT NULL,
    price         BIGINT NOT NULL CHECK (price >= 0),
    tax_bp        BIGINT CHECK (tax_bp BETWEEN 0 AND 10000),
    tax_inclusive BIGINT CHECK (tax_inclusive IN (0, 1)),
    barcode       TEXT,
    sold_out      BIGINT NOT NULL DEFAULT 0,
    retired       BIGINT NOT NULL DEFAULT 0,
    position      BIGINT NOT NULL DEFAULT 0,
    UNIQUE (store_id, barcode)
);
CREATE INDEX item_by_store ON item (store_id);

CREATE TABLE parked (
    id          TEXT PRIMARY KEY,
    merchant_id TEXT NOT NULL REFERENCES merchant (id),
    store_id    TEXT NOT NULL REFERENCES store (id),
    staff_name  TEXT NOT NULL,
    name        TEXT NOT NULL,
    cart        TEXT NOT NULL,
    total       BIGINT NOT NULL,
    created_ms  BIGINT NOT NULL
);
CREATE INDEX parked_by_store ON parked (store_id);
