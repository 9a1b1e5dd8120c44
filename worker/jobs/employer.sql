-- The letters to employers. The rules are in schema/api/61_offer_link.sql.

-- employer_token(link bigint, token_hash bytea) -> row
-- Gives the link its token; false when it is over.
select data.offer_link_token(:link, :token_hash);
