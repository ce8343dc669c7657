-- The last good value of each rate source with its time, so that its age goes on across a restart.
-- Belongs to no merchant: the market is the same for all. `at_ms` is when the value was true (by the
-- source's word if `stamped`), `moved_ms` when it last changed, `heard_ms` when its answer came.
CREATE TABLE rate_last (
    source    TEXT NOT NULL,
    pair      TEXT NOT NULL,
    bid       TEXT NOT NULL,
    ask       TEXT NOT NULL,
    at_ms     BIGINT NOT NULL,
    stamped   BIGINT NOT NULL CHECK (stamped IN (0, 1)),
    moved_ms  BIGINT NOT NULL,
    heard_ms  BIGINT NOT NULL,
    published TEXT,
    PRIMARY KEY (source, pair)
);
