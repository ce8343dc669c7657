-- Where a sale's story stands is the number of its last event: it needs no counter of its own, which
-- cost a new version of the sale's row for each event.
ALTER TABLE sale DROP COLUMN seq;
