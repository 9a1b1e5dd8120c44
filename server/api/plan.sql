-- Joint plans. The rules are in schema/api/74_plan.sql.

-- plan_rows(state text?, mine boolean, deadlocked boolean, before bigint, most bigint) -> json*
select row_to_json(r), r.id::text
  from (select p.*, (select s.summary -> 'covered' from data.plan_version v join data.plan_scenario s on s.id = v.scenario_id
                      where v.plan_id = p.id and v.version = p.version) as lines,
               (select count(*) from data.promise q where q.plan_id = p.id) as promised,
               (select count(*) from data.promise q where q.plan_id = p.id and q.state = 'kept') as kept
          from api.plan_row p) r
 where r.id < :before and (:state is null or r.state = :state) and (not :mine or r.ours) and (not :deadlocked or r.deadlocked)
 order by r.id desc
 limit :most;

-- plan_new(content json) -> row
-- Returns its id.
select api.plan_make(:content::jsonb);

-- plan_changed(id bigint, edit bigint, content json, note text?) -> void
select api.plan_save(:id, :edit::integer, :content::jsonb, :note);

-- plan_chosen(id bigint, edit bigint, scenario bigint) -> void
select api.plan_choose(:id, :edit::integer, :scenario);

-- plan_proposed(id bigint, edit bigint) -> void
select api.plan_propose(:id, :edit::integer);

-- plan_answered(id bigint, version bigint, hash text, answer text, reason text?) -> void
select api.plan_answer(:id, :version::integer, :hash, :answer, :reason);

-- plan_activated(id bigint, version bigint) -> void
select api.plan_activate(:id, :version::integer);

-- plan_abandoned(id bigint, reason text) -> void
select api.plan_abandon(:id, :reason);

-- plan_evaluated(id bigint, conclusion text) -> void
select api.plan_evaluate(:id, :conclusion);

-- plan_commented(id bigint, part text?, segment bigint?, establishment bigint?, words text) -> void
select api.plan_comment(:id, :part, :segment, :establishment, :words);

-- plan_document(id bigint) -> json
select row_to_json(d)
  from (
    select p.*, t.name as territory, v.content, v.scenario_id as scenario, encode(v.hash, 'hex') as hash,
           x.abandoned_at, x.abandoned_reason, x.evaluated_at, x.conclusion,
           (select coalesce(json_agg(json_build_object('version', w.version, 'state', w.state, 'content', w.content, 'scenario', w.scenario_id,
                       'hash', encode(w.hash, 'hex'), 'note', w.note, 'member', json_build_object('id', m.id, 'name', m.name), 'made_at', w.made_at,
                       'proposed_at', w.proposed_at, 'agreed_at', w.agreed_at, 'activated_at', w.activated_at, 'ended_at', w.ended_at,
                       'answers', api.plan_answers(w.plan_id, w.version)) order by w.version desc), '[]')
              from data.plan_version w join data.member m on m.id = w.member_id where w.plan_id = p.id) as versions,
           (select coalesce(json_agg(row_to_json(s) order by s.id), '[]') from api.scenario_row s
             where s.plan = p.id and s.archived_at is null) as scenarios,
           (select coalesce(json_agg(json_build_object('id', c.id, 'version', c.version, 'part', c.part, 'segment', c.segment_id,
                       'establishment', case when e.id is not null then json_build_object('id', e.id, 'name', e.name) end, 'text', c.text, 'at', c.at,
                       'member', json_build_object('id', m.id, 'name', m.name), 'organisation', api.organisation_ref(o)) order by c.id desc), '[]')
              from data.plan_comment c join data.member m on m.id = c.member_id join data.organisation o on o.id = c.organisation_id
              left join data.establishment e on e.id = c.establishment_id
             where c.plan_id = p.id) as comments,
           (select coalesce(json_agg(json_build_object('id', g.id, 'name', g.name, 'version', g.version, 'members', g.members,
                                                       'lead', g.lead) order by g.name), '[]')
              from data.segment g
             where g.id in (select (k ->> 'segment')::bigint from data.plan_version w cross join lateral jsonb_array_elements(w.content -> 'segments') k
                             where w.plan_id = p.id)) as segments,
           (select coalesce(json_agg(api.organisation_ref(o) order by n.rank, o.short_name), '[]')
              from data.organisation o join data.network n on n.code = o.network
             where o.id in (select unnest(data.plan_partners(w.content)) from data.plan_version w where w.plan_id = p.id)) as organisations
      from api.plan_row p
      join data.plan x on x.id = p.id
      join data.territory t on t.id = p.territory_id
      join data.plan_version v on v.plan_id = p.id and v.version = p.version
     where p.id = :id
  ) d;

-- plan_tables() -> json
select json_build_object(
    'weights', (select json_agg(row_to_json(w) order by w.ordinal) from data.plan_weight w),
    'publics', (select json_agg(row_to_json(p) order by n.rank, p.criterion, p.value)
                  from data.plan_public p join data.network n on n.code = p.network));

-- plan_events(id bigint) -> json
select json_build_object('events', api.plan_history(:id),
    'edits', (select coalesce(json_agg(json_build_object('edit', e.edit, 'version', e.version, 'content', e.content, 'note', e.note, 'at', e.at,
                         'member', m.name, 'organisation', api.organisation_ref(o)) order by e.edit desc), '[]')
                from (select * from data.plan_edit x where x.plan_id = :id order by x.edit desc limit 200) e
                join data.member m on m.id = e.member_id join data.organisation o on o.id = e.organisation_id))
 where exists (select from data.plan p where p.id = :id);

-- plan_outcome(id bigint) -> json
select api.plan_results(:id) where exists (select from data.plan p where p.id = :id);

-- plan_skips(id bigint) -> json*
select json_build_object('establishment', json_build_object('id', e.id, 'name', e.name, 'city', e.city), 'organisation', api.organisation_ref(o),
                         'version', s.version, 'reason', s.reason, 'detail', s.detail)
  from data.plan_skip s
  join data.establishment e on e.id = s.establishment_id
  join data.organisation o on o.id = s.organisation_id
 where s.plan_id = :id
 order by s.version desc, o.short_name, e.sort_name, e.id
 limit 5000;
