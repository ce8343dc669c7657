-- What the dashboard adds up.
CREATE INDEX sale_by_closing ON sale (store_id, closed_ms);
