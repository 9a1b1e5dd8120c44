-- The summary by mail. The rules are in schema/api/73_digest.sql.

-- digest_document() -> json
select api.digest_state();

-- digest_set(frequency text) -> void
select api.digest_choose(:frequency);

-- digest_end(member bigint, organisation bigint) -> row
-- False when there was nothing to end.
select api.digest_stop(:member, :organisation);
