-- The node that a connection leads to, as it named itself when it was connected; empty if it did not.
-- A place in a stream belongs to one node, whatever its address.
ALTER TABLE connection ADD COLUMN node_id TEXT NOT NULL DEFAULT '';
