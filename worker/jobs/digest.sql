-- The summary by mail. The rules are in schema/api/73_digest.sql.

-- digest_due(configured bool, site text?) -> row
-- Writes the letters that are due; how many.
select data.digest_due(:configured, :site);
