-- What every signed request says to PostgreSQL before its own query.

-- request_identify(token_hash bytea, roles int) -> void
-- States who asks for the rest of the transaction; raises not_signed_in or forbidden.
select auth.identify(:token_hash, :roles);

-- request_identify_key(hash bytea, asked int) -> void
-- The same for a key; asked: the mask of roles, and above bit 16 the scope.
select auth.identify_key(:hash, :asked);

-- request_replay(key text, fingerprint bytea) -> row?
-- Columns status, sealed body (hexadecimal) of the answer kept under this key; no row when the key is new and now ours.
select status, body from api.idempotency_begin(:key, :fingerprint);

-- request_keep(key text, status int, body bytea) -> void
-- Keeps the answer given under a key, sealed.
select api.idempotency_end(:key, :status, encode(:body, 'hex'));
