-- Promises: made, extended, given back. The rules are in schema/api/40_promise.sql.

-- promise_new(establishment bigint, due_on date, override_reason text?) -> row
-- Promises to visit an establishment before a date; returns the promise's id.
select api.promise_make(:establishment, :due_on, :override_reason);

-- promise_edit(id bigint, due_on date?, state text?, reason text) -> void
-- Extends it (due_on) or gives it back (state returned).
select api.promise_change(:id, :due_on, :state, :reason);

-- promise_document(id bigint) -> json
select row_to_json(p) from api.promise_row p where p.id = :id;

-- promises_list(mine boolean, after text?, most bigint) -> json*
-- Active promises of the organisation, or only mine, soonest due first.
select row_to_json(r), x.due_on || ' ' || x.id
  from data.promise x
  join api.promise_row r on r.id = x.id
 where x.state = 'active' and x.organisation_id = auth.organisation()
   and (not :mine or x.member_id = auth.member())
   and (:after is null or (x.due_on, x.id) > (split_part(:after, ' ', 1)::date, split_part(:after, ' ', 2)::bigint))
 order by x.due_on, x.id
 limit :most;
