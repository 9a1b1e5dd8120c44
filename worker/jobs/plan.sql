-- Scenarios of joint plans; what they read is said in schema/api/75_scenario.sql. {rule} stands for what
-- server/segment/rule.h compiles, over one line f of api.segment_list.

-- plan_scenario_of(job bigint) -> row?
select (j.payload ->> 'scenario')::bigint from data.job j where j.id = :job;

-- plan_scenario_begin(scenario bigint) -> row
-- The plan; null when nobody waits for it any more.
select data.scenario_begin(:scenario);

-- plan_scenario_step(scenario bigint, progress bigint) -> row
-- False when it was cancelled.
select data.scenario_step(:scenario, :progress::integer);

-- plan_scenario_done(scenario bigint, told json) -> row
select data.scenario_done(:scenario, :told::jsonb);

-- plan_scenario_failed(scenario bigint) -> void
select data.scenario_failed(:scenario);

-- plan_rules(scenario bigint) -> row*
-- The rules of its segments, as frozen in the plan, and who leads on them.
select (k ->> 'segment')::bigint, v.rule::text, coalesce((k ->> 'lead')::bigint, 0)
  from data.plan_scenario s
 cross join lateral jsonb_array_elements(s.content -> 'segments') k
  join data.segment_version v on v.segment_id = (k ->> 'segment')::bigint and v.version = (k ->> 'version')::integer
 where s.id = :scenario
 order by 1;

-- plan_speak(segment bigint) -> void
select data.segment_speak(:segment);

-- plan_members() -> row*
select f.id from api.segment_list f where {rule};

-- plan_partners(scenario bigint) -> row*
-- Each partner: its name, the bit of its network, its shares in percent.
select o.id, o.short_name, 1 << (n.rank - 1),
       coalesce((h.share ->> 'least')::integer, 0), coalesce((h.share ->> 'most')::integer, 100)
  from (select data.scenario_effective(x.content, x.settings) as c from data.plan_scenario x where x.id = :scenario) s
 cross join lateral unnest(data.plan_partners(s.c)) p
  join data.organisation o on o.id = p
  join data.network n on n.code = o.network
  left join lateral (select k as share from jsonb_array_elements(s.c -> 'shares') k where (k ->> 'organisation')::bigint = o.id) h on true
 order by o.id;

-- plan_advisers(scenario bigint) -> row*
select a.member, a.organisation, a.name, a.lon, a.lat, a.visits from data.scenario_advisers(:scenario) a;

-- plan_facts(scenario bigint, ids bigint[]) -> row*
select f.id, f.lon, f.lat, f.potential, f.needs, f.silence, f.tension, f.is_first, f.is_small, f.commune, f.fits, f.state, f.why, f.previous
  from data.scenario_facts(:scenario, :ids) f;

-- plan_ties(scenario bigint, ids bigint[]) -> row*
select t.id, t.organisation, t.fruitful, t.known from data.scenario_ties(:scenario, :ids) t order by t.id;

-- plan_weights(scenario bigint) -> row*
-- Points of each component: those of the scenario, else those of the table.
select w.ordinal, w.code, coalesce((s.settings #>> array['weights', w.code])::integer, w.points)
  from data.plan_weight w cross join data.plan_scenario s where s.id = :scenario order by w.ordinal;

-- plan_rule_figures(scenario bigint) -> row
select (s.c #>> '{rules,never_visited}')::integer, (s.c #>> '{rules,small}')::integer, (s.c #>> '{rules,each_commune}')::integer,
       coalesce((s.c #>> '{rules,km_most}')::integer, 0)
  from (select data.scenario_effective(x.content, x.settings) as c from data.plan_scenario x where x.id = :scenario) s;

-- plan_communes(scenario bigint) -> row*
select tc.number, c.name
  from data.plan_scenario s join data.plan p on p.id = s.plan_id
  join data.territory_commune tc on tc.territory_id = p.territory_id
  join data.commune c on c.code = tc.commune_code
 where s.id = :scenario order by tc.number;

-- plan_stage() -> void
create temporary table planned (establishment_id bigint, organisation_id bigint, member_id bigint, worth integer, km smallint,
    is_first boolean, is_small boolean, reason text, points integer[], why text) on commit drop;

-- plan_load() -> copy
copy planned (establishment_id, organisation_id, member_id, worth, km, is_first, is_small, reason, points, why) from stdin;

-- plan_keep(scenario bigint) -> void
insert into data.plan_line (scenario_id, establishment_id, organisation_id, member_id, worth, km, is_first, is_small, reason, points, why)
select :scenario, p.* from planned p order by p.establishment_id;
