-- Keys of the API. The rules are in schema/api/06_key.sql.

-- key_new(name text, scopes text[], expires_on date, sandbox boolean, hash bytea, prefix text) -> row
-- Returns the id.
select api.key_make(:name, :scopes, :expires_on, :sandbox, :hash, :prefix);

-- key_new_secret(id bigint, hours int, hash bytea, prefix text) -> void
-- A second secret; the others end in so many hours.
select api.key_rotate(:id, :hours, :hash, :prefix);

-- key_edit(id bigint, scopes text[]?, expires_on date?) -> void
select api.key_change(:id, :scopes, :expires_on);

-- key_end(id bigint) -> void
select api.key_revoke(:id);

-- key_document(id bigint) -> json
select row_to_json(k) from api.key_row k where k.id = :id;

-- keys_list(before bigint, most bigint) -> json*
-- Those of the organisation and of its sandbox, newest first.
select row_to_json(k), k.id::text from api.key_row k where k.id < :before order by k.id desc limit :most;

-- key_self() -> json
-- What the key that asks is.
select api.key_self();
