-- What programs show to use the API: what they may do, in which store, at which till and in whose
-- name. The token itself is shown once and never kept; `token_hash` is its SHA-256.
CREATE TABLE api_token (
    id          TEXT PRIMARY KEY,
    merchant_id TEXT NOT NULL REFERENCES merchant (id),
    store_id    TEXT NOT NULL REFERENCES store (id),
    till_id     TEXT NOT NULL REFERENCES till (id),
    staff_id    TEXT NOT NULL REFERENCES staff (id),
    name        TEXT NOT NULL,
    scopes      TEXT NOT NULL,
    token_hash  TEXT NOT NULL UNIQUE,
    created_ms  BIGINT NOT NULL,
    used_ms     BIGINT,
    revoked_ms  BIGINT
);
CREATE INDEX api_token_by_store ON api_token (store_id);
