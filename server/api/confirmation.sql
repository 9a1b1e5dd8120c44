-- The employer's link. The rules are in schema/api/61_offer_link.sql.

-- confirmation_read(token_hash bytea) -> json
select api.confirmation_read(:token_hash);

-- confirmation_settle(token_hash bytea, answer text, name text, comment text?) -> json
select api.confirmation_answer(:token_hash, :answer, :name, :comment);
