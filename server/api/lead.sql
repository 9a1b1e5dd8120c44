-- Leads of contributors. The rules are in schema/api/59_lead.sql.

-- lead_new(kind text, establishment bigint?, employer text?, commune text?, told text, confidential boolean, recipient bigint, recipient_member bigint?) -> row
-- Returns the id.
select api.lead_send(:kind, :establishment, :employer, :commune, :told, :confidential, :recipient, :recipient_member);

-- lead_document(id bigint) -> json
select row_to_json(x), x.version::text from (
    select r.*, (select coalesce(json_agg(s order by s.id), '[]') from (
                    select y.id, y.from_state as "from", y.to_state as "to", y.at, m.name as member, o.short_name as organisation
                      from data.lead_step y left join data.member m on m.id = y.member_id left join data.organisation o on o.id = y.organisation_id
                     where y.lead_id = r.id) s) as steps
      from api.lead_row r where r.id = :id) x;

-- leads_list(scope text, state text?, before bigint, most bigint) -> json*
-- Newest first: those sent by my organisation, received by it, or all that I may read.
select row_to_json(r), r.id::text
  from api.lead_row r
 where r.id in (
    select l.id from data.lead l
     where l.id < :before and (:state is null or l.state = :state)
       and case :scope when 'sent' then l.organisation_id = auth.organisation() when 'received' then l.recipient_id = auth.organisation() else true end
     order by l.id desc limit :most)
 order by r.id desc;

-- lead_employers_found(q text, most bigint) -> json*
select row_to_json(e) from api.lead_employers(:q, :most::integer) e;

-- lead_recipients() -> json*
-- Partners of the territory, and who works there.
select row_to_json(r) from (
    select o.id, o.short_name as name, o.network,
           (select coalesce(json_agg(json_build_object('id', m.id, 'name', m.name) order by m.name), '[]') from data.membership s join data.member m on m.id = s.member_id
             where s.organisation_id = o.id and s.role in ('adviser', 'manager') and (s.ended_on is null or s.ended_on > current_date) and not m.technical) as members
      from data.organisation o join data.network n on n.code = o.network
     where n.kind = 'partner' and o.territory_id = auth.territory() and o.sandbox_of is null
     order by n.rank, o.name) r;

-- lead_step(id bigint, state text, answer text?) -> void
select api.lead_move(:id, :state, :answer);

-- lead_back(id bigint) -> void
select api.lead_withdraw(:id);

-- lead_about(id bigint, establishment bigint) -> void
select api.lead_tie(:id, :establishment);

-- lead_to_need(id bigint, rome text, posts bigint?, horizon text, answer text?) -> row
select api.lead_need(:id, :rome, :posts::integer, :horizon, :answer);

-- lead_to_promise(id bigint, due_on date, answer text?, override_reason text?) -> row
select api.lead_promise(:id, :due_on, :answer, :override_reason);

-- lead_to_task(id bigint, member bigint?, due_on date, answer text?) -> void
select api.lead_task(:id, :member, :due_on, :answer);
