-- Transfers of promises. The rules are in schema/api/41_promise_life.sql.

-- transfer_new(promise bigint, kind text, organisation bigint?, member bigint?, message text?) -> row
-- Proposes one (give), or asks for it (ask); returns the id.
select api.transfer_propose(:promise, :kind, :organisation, :member, :message);

-- transfer_step(id bigint, state text, reason text?, member bigint?) -> void
select api.transfer_answer(:id, :state, :reason, :member);

-- transfer_document(id bigint) -> json
select row_to_json(x) from api.transfer_row x where x.id = :id;

-- transfers_list(open boolean, before bigint, most bigint) -> json*
-- Those of our organisation, proposed by us or to us, latest first; those that wait for an answer, or that had one.
select row_to_json(r), r.id::text
  from api.transfer_row r
 where r.id in (select x.id from data.transfer x
                 where x.id < :before and (x.state = 'proposed') = :open
                 order by x.id desc limit :most)
 order by r.id desc;
