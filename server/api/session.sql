-- session_account(email text) -> row?
-- Columns member_id, password_hash of the account with this address.
select member_id, password_hash from auth.login_lookup(:email);

-- session_create(member bigint, organisation bigint?, token_hash bytea, address text, agent text) -> json
-- Opens a session acting for the organisation (NULL: the last one) and returns its document.
select auth.session_open(:member, :organisation, :token_hash, :address, :agent);

-- session_read() -> json
-- The document of the session that asks.
select auth.session_document();

-- session_act_for(token_hash bytea, organisation bigint) -> json
-- The session now acts for another organisation of its member.
select auth.session_switch(:token_hash, :organisation);

-- session_end(token_hash bytea) -> void
select auth.session_close(:token_hash);

-- session_rehash(member bigint, hash text) -> void
-- Keeps the same password hashed at today's cost.
select auth.password_rehash(:member, :hash);
