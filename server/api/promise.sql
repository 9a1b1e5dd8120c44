-- Promises: made, extended, given back. The rules are in schema/api/40_promise.sql.

-- promise_new(establishment bigint, due_on date, override_reason text?) -> row
-- Promises to visit an establishment before a date; returns the promise's id.
select api.promise_make(:establishment, :due_on, :override_reason);

-- promise_edit(id bigint, due_on date?, state text?, reason text) -> void
-- Extends it (due_on) or gives it back (state returned).
select api.promise_change(:id, :due_on, :state, :reason);

-- promise_document(id bigint) -> json
select row_to_json(p) from api.promise_row p where p.id = :id;

-- promises_list(scope text?, member bigint?, state text?, q text?, after text?, most bigint) -> json*
-- Active promises of the organisation (its teams included: scope team), or only mine, soonest due first. `state`: soon
-- (within seven days), late, suspended, transfer (one is pending), unplanned (no visit planned).
select row_to_json(r), x.due_on || ' ' || x.id
  from data.promise x
  join api.promise_row r on r.id = x.id
 where x.state = 'active'
   and case coalesce(:scope, 'mine')
            when 'mine' then x.organisation_id = auth.organisation() and x.member_id = auth.member()
            when 'team' then x.team_id in (select p.team_id from data.team_partner p where p.organisation_id = auth.organisation())
            else x.organisation_id = auth.organisation() end
   and (:member is null or x.member_id = :member)
   and (:q is null or x.establishment_id in (select api.establishment_match(:q)))
   and case :state when 'soon' then x.due_on between data.today() and data.today() + 7
                   when 'late' then x.due_on < data.today()
                   when 'suspended' then data.absent_until(x.member_id, x.organisation_id) is not null
                   when 'transfer' then exists (select from data.transfer t where t.promise_id = x.id and t.state = 'proposed')
                   when 'unplanned' then not exists (select from data.visit v where v.promise_id = x.id and v.state = 'planned')
                   else true end
   and (:after is null or (x.due_on, x.id) > (split_part(:after, ' ', 1)::date, split_part(:after, ' ', 2)::bigint))
 order by x.due_on, x.id
 limit :most;

-- promises_counts(scope text?, member bigint?) -> json
-- How many there are of each, and how many questions wait for our answer.
select json_build_object(
    'active', count(*), 'soon', count(*) filter (where x.due_on between data.today() and data.today() + 7),
    'late', count(*) filter (where x.due_on < data.today()),
    'suspended', count(*) filter (where data.absent_until(x.member_id, x.organisation_id) is not null),
    'transfer', count(*) filter (where exists (select from data.transfer t where t.promise_id = x.id and t.state = 'proposed')),
    'unplanned', count(*) filter (where not exists (select from data.visit v where v.promise_id = x.id and v.state = 'planned')),
    'transfers', (select count(*) from data.transfer t where t.state = 'proposed' and t.organisation_id <> auth.organisation()
                     and case t.kind when 'give' then t.to_organisation_id else t.from_organisation_id end = auth.organisation()),
    'proposals', (select count(*) from data.proposal p where p.state = 'proposed' and p.organisation_id = auth.organisation()),
    'invitations', (select count(*) from data.visit_partner p join data.visit v on v.id = p.visit_id
                     where p.state = 'invited' and v.state = 'planned'
                       and case when p.asked then v.organisation_id else p.organisation_id end = auth.organisation()))
  from data.promise x
 where x.state = 'active'
   and case coalesce(:scope, 'mine')
            when 'mine' then x.organisation_id = auth.organisation() and x.member_id = auth.member()
            when 'team' then x.team_id in (select p.team_id from data.team_partner p where p.organisation_id = auth.organisation())
            else x.organisation_id = auth.organisation() end
   and (:member is null or x.member_id = :member);

-- promises_bulk(act text, establishments bigint[], member bigint?, organisation bigint?, team bigint?, due_on date?, reason text?) -> json
-- The same act on many employers; who was refused, and why.
select api.promise_bulk(:act, :establishments, :member, :organisation, :team, :due_on, :reason);

-- promises_undo(batch bigint) -> json
select api.promise_batch_undo(:batch);

-- promises_figures() -> json*
-- Twelve months, partner by partner of the territory: what was promised and what became of it, rest periods overridden,
-- visits made alone and together. A joint visit counts for both partners, and once in the totals.
select row_to_json(r) from (select * from api.promise_figures()) r;
