-- The demo territory: the generator is in schema/seed/demo; these queries bring it to the database and tell the accounts.

-- demo_state() -> row
-- Whether the demo is there, and whether anything else is.
select i.demo, exists (select from data.organisation), data.now() from data.instance i;

-- demo_runner() -> void
-- Runs a script of several statements.
create function pg_temp.demo_run(script text) returns void
    language plpgsql set search_path = data, ext, pg_temp as $$ begin execute script; end $$;

-- demo_script(script text) -> void
select pg_temp.demo_run(:script);

-- demo_trade() -> copy
copy demo.trade from stdin (format csv, delimiter ';', header);

-- demo_job() -> copy
copy demo.job from stdin (format csv, delimiter ';', header);

-- demo_place() -> copy
copy demo.place from stdin (format csv, header);

-- demo_territories() -> void
call demo.territories_load();

-- demo_directory(hash text) -> void
call demo.directory_load(:hash);

-- demo_draw(seed int, count int) -> void
call demo.establishments_draw(:seed, :count);

-- demo_load() -> void
call demo.establishments_load();

-- demo_measure() -> void
analyze data.commune, data.organisation, data.company, data.establishment;

-- demo_plan() -> void
call demo.plan();

-- demo_replay() -> void
call demo.replay();

-- demo_segments() -> void
call demo.segments_load();

-- demo_finish() -> void
call demo.finish();

-- demo_partner() -> void
call demo.partner();

-- demo_unsigned() -> row*
-- Channels that sign and have nothing to sign with, and the number that the secret of each will have.
select c.id, nextval('data.channel_secret_id_seq')
  from data.channel c where c.kind in ('webhook', 'push') and not exists (select from data.channel_secret s where s.channel_id = c.id);

-- demo_sign(channel bigint, secret bigint, sealed bytea) -> void
insert into data.channel_secret (id, channel_id, sealed, made_at) overriding system value
select :secret, c.id, :sealed, c.made_at from data.channel c where c.id = :channel;

-- demo_feed() -> void
call demo.feed();

-- demo_clean() -> void
drop schema demo cascade;

-- demo_oppose() -> void
-- Some persons, once sealed and found by their hashes, did not want to be called any more: each some days after somebody met or
-- named them, over the past months.
do $$
declare
    c record;
begin
    for c in
        with asked as (
            select x.id, x.establishment_id, x.organisation_id, x.member_id,
                   greatest(x.created_at, (select max(v.planned_at) from data.visit v where v.contact_id = x.id)) as met_at
              from data.contact x
              join data.standing s on s.establishment_id = x.establishment_id and not s.opposed
             where x.shared and x.member_id is not null and x.source_record_id is null
               and not exists (select from data.visit v where v.contact_id = x.id and v.state = 'planned')
        ), placed as (
            select a.*, (data.working_day_after((a.met_at at time zone 'Europe/Paris')::date, 2 + (a.id % 9)::integer)
                         + make_interval(hours => 9 + (a.id % 8)::integer, mins => (a.id * 7 % 60)::integer)) at time zone 'Europe/Paris' as at
              from asked a
        ), turn as (
            -- One of each of the nine last months that have some.
            select p.*, row_number() over (partition by date_trunc('month', p.at) order by md5(p.id::text)) as n
              from placed p where p.at < data.now() - interval '1 hour'
        )
        select * from turn t where t.n = 1 order by t.at desc limit 9
    loop
        perform set_config('maillage.replay', c.at::text, true);
        insert into data.opposition (establishment_id, organisation_id, member_id, at, subject, contact_id, reason)
        values (c.establishment_id, c.organisation_id, c.member_id, c.at, 'person', c.id,
                (array['Ne souhaite plus être appelée', 'Demande écrite du responsable', 'A quitté ses fonctions de recrutement',
                       'Préfère que l’on passe par le siège'])[1 + c.id % 4]);
    end loop;
    perform set_config('maillage.replay', '', true);
end
$$;

-- demo_settle() -> void
-- Proposals that promises of the plan ended wait for nothing more.
update data.job j set state = 'done', finished_at = data.now()
 where j.state = 'waiting' and j.kind = 'proposal.expire'
   and not exists (select from data.proposal x where x.id = (j.payload ->> 'proposal')::bigint and x.state = 'proposed');

-- demo_remeasure() -> void
analyze data.company, data.establishment, data.promise, data.visit, data.report, data.report_note, data.contact,
    data.contact_event, data.standing, data.opposition, data.need, data.offer, data.offer_routing, data.offer_step,
    data.publication, data.event, data.event_unsealed, data.job, data.source_record, data.link, data.establishment_value;

-- demo_linkage() -> row*
-- Linkages that wait: job, file.
select j.id, (j.payload ->> 'file')::bigint from data.job j where j.kind = 'linkage.records' and j.state = 'waiting' order by j.id;

-- demo_linked(job bigint) -> void
update data.job set state = 'done', finished_at = data.now() where id = :job;

-- demo_plans_open() -> void
call demo.plans_open();

-- demo_scenarios() -> row*
-- Scenarios that wait.
select j.id from data.job j where j.kind = 'plan.scenario' and j.state = 'waiting' order by j.id;

-- demo_clock(job bigint) -> void
-- It is when this scenario was asked for; for another, it is now.
select set_config('maillage.replay', coalesce((select (s.asked_at + interval '20 seconds')::text
                                                 from data.job j join data.plan_scenario s on s.id = (j.payload ->> 'scenario')::bigint
                                                where j.id = :job and s.asked_at < now() - interval '1 hour'), ''), false);

-- demo_plans_sign() -> void
call demo.plans_sign();

-- demo_events_order() -> void
call demo.events_order();

-- demo_targets() -> void
call demo.targets();

-- demo_actors() -> void
call demo.actors();

-- demo_committees() -> void
call demo.committees();

-- demo_widest() -> row
-- The territory that holds the others.
select t.territory_id from data.territory_commune t group by t.territory_id order by count(*) desc, 1 limit 1;

-- demo_paired() -> void
-- Its establishments were compared: nothing more to do until something comes.
with told as (
    update data.job set state = 'done', finished_at = data.now() where kind = 'linkage.pairs' and state = 'waiting'
)
insert into data.job (kind, payload, run_at, state, finished_at)
select 'linkage.pairs', jsonb_build_object('territory', t.id, 'at', data.now()), data.now(), 'done', data.now() from data.territory t;

-- demo_given() -> row*
-- Two files that were given and not imported yet: one that only waits for a yes, one whose columns somebody has to name.
with who as (
    select s.organisation_id, s.member_id
      from data.membership s join data.organisation o on o.id = s.organisation_id
     where o.network = 'ft' and s.role = 'adviser' and s.ended_on is null
     order by s.organisation_id, s.member_id limit 1
), employer as materialized (
    select e.*, row_number() over (order by md5(e.siret)) as n
      from data.establishment e
     where e.status = 'A' and e.diffusion = 'O' and e.name is not null and e.siret is not null
     order by md5(e.siret) limit 40
), given (name, text) as (
    select 'Forum emploi de Moulins.csv',
           E'SIRET;Raison sociale;Adresse;Code postal;Ville\r\n'
           || string_agg(concat_ws(';', case when e.n % 4 > 0 then e.siret else '' end, e.name, coalesce(e.address, ''), e.postcode, e.city), E'\r\n' order by e.n)
           || E'\r\n;Saveurs du Bocage;2 chemin du Lavoir;03000;Moulins\r\n;;;;Vichy\r\n'
      from employer e
    union all
    select 'Relevé de terrain.csv',
           E'Réf;Qui;Où;Quand\r\n' || string_agg(concat_ws(';', 'A' || e.n, e.name, e.city, '03/11'), E'\r\n' order by e.n) || E'\r\n'
      from employer e where e.n <= 12
)
insert into data.source_file (kind, organisation_id, member_id, name, sha256, bytes, content, received_at, state)
select 'partner', w.organisation_id, w.member_id, g.name, sha256(b.bytes), length(b.bytes), b.bytes, data.now(), 'preview'
  from who w cross join given g cross join lateral (select convert_to(g.text, 'UTF8') as bytes) b
 order by g.name
returning id;

-- demo_looked(file bigint) -> void
update data.job set state = 'done', finished_at = data.now()
 where kind = 'import.preview' and state = 'waiting' and (payload ->> 'file')::bigint = :file;

-- demo_seal() -> row
select data.event_seal_next(5000);

-- demo_accounts(password text) -> row
-- The accounts as the file lists them, one line each.
select '[' || E'\n  ' || string_agg(a.line, E',\n  ' order by a.id) || E'\n]\n'
  from (select m.id, json_strip_nulls(json_build_object(
                   'email', m.email, 'password', :password, 'name', m.name,
                   'role', (array_agg(s.role order by s.since, o.id))[1],
                   'organisation', (array_agg(o.name order by s.since, o.id))[1],
                   'network', (array_agg(o.network order by s.since, o.id))[1],
                   'organisations', case when count(*) > 1
                        then json_agg(json_build_object('organisation', o.name, 'network', o.network, 'role', s.role)
                                      order by s.since, o.id) end))::text as line
          from data.member m
          join data.membership s on s.member_id = m.id
          join data.organisation o on o.id = s.organisation_id
         where m.email like '%.example'
         group by m.id) a;

-- demo_passwords(hash text) -> void
-- A new password for the demo accounts, whose old one is lost.
update data.member set password_hash = :hash where email like '%.example';

-- demo_counts() -> row
select (select count(*) from data.establishment), (select count(*) from data.promise), (select count(*) from data.report),
       (select count(*) from data.contact_event), (select count(*) from data.offer), (select count(*) from data.member);
