-- Minor units of a payment that were given back in cash before its rail counted it no more and then
-- counted it again: they are not owed a second time.
ALTER TABLE payment ADD COLUMN returned BIGINT NOT NULL DEFAULT 0;
