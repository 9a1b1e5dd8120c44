-- Segments: the narrow row of each establishment, the list that a compiled rule filters, versions, members, tags, codes.

-- --- the labour market of an activity ---------------------------------------------------------------------------------

-- What the register and the labour market say of an employer's hirings, 0 to 100. Half of it is the size (the logarithm of the
-- middle of the band, full at 500; an unknown size counts as one employee), a third the rank of the activity by hirings among
-- all activities, the rest the hiring projects of its occupations in the bassin (logarithm, full at 2,000). Unknown parts
-- of the market count as the middle. What partners know is added to it (82_potential); docs/potential.md says what it is worth.
create or replace function data.potential_size(size smallint) returns double precision
    language sql immutable parallel safe
    return least(1, ln(1 + case when size is null then 1 when size = 0 then 0.5 when size = 1 then 1.5 when size = 2 then 4
                                when size = 3 then 7.5 when size = 11 then 14 when size = 12 then 32 when size = 21 then 70
                                when size = 22 then 140 when size = 31 then 220 when size = 32 then 350 else 500 end)
                    / ln(501));
create or replace function data.potential_activity(activity real) returns double precision
    language sql immutable parallel safe
    return coalesce(activity, 0.5);
create or replace function data.potential_market(projects integer) returns double precision
    language sql immutable parallel safe
    return case when projects is null then 0.5 else least(1, ln(1 + projects) / ln(2001)) end;
create or replace function data.hiring_potential(size smallint, activity real, projects integer) returns smallint
    language sql immutable parallel safe
    return round(100 * (0.50 * data.potential_size(size) + 0.35 * data.potential_activity(activity) + 0.15 * data.potential_market(projects)))::smallint;
-- With what partners know.
create or replace function data.potential_sum(base smallint, known smallint) returns smallint
    language sql immutable parallel safe
    return case when base is not null then greatest(0, least(100, base + known))::smallint end;

-- Computes data.outlook anew from hirings, BMO and tension, then what the facets take from it. An activity's occupations
-- are those that make at least a twentieth of its hirings; families of occupations count once. Difficulty and tension are
-- means weighted by hirings over the occupations for which they are known. Returns the number of rows.
create or replace function data.outlook_refresh() returns bigint
    language plpgsql security definer set search_path = data, pg_temp as $$
declare
    made bigint;
begin
    delete from outlook;
    with share as (
        select h.naf, h.rome, h.hires, h.hires::real / sum(h.hires) over (partition by h.naf) as part from hiring h
    ), occupation as (
        select * from share where part >= 0.05
    ), rank as (
        select naf, percent_rank() over (order by sum(hires))::real as activity from hiring group by naf
    ), family as (
        select distinct o.naf, f.fap from occupation o join fap_rome f on f.rome = o.rome
    ), survey as (
        select b.bassin, f.naf, sum(b.projects)::integer as projects,
               (100 * sum(b.difficult) / nullif(sum(b.projects) filter (where b.difficult is not null), 0))::smallint as difficult
          from family f join bmo b on b.fap = f.fap group by b.bassin, f.naf
    ), strain as (
        select t.bassin, o.naf, round(10 * sum(o.part * t.level) / sum(o.part))::smallint as tension
          from occupation o join tension t on t.rome = o.rome group by t.bassin, o.naf
    )
    insert into outlook (bassin, naf, projects, difficult, tension, activity)
    select coalesce(s.bassin, t.bassin, ''), r.naf, s.projects, case when s.difficult > 100 then 100 else s.difficult end, t.tension, r.activity
      from rank r
      left join (survey s full join strain t using (bassin, naf)) on coalesce(s.naf, t.naf) = r.naf
    union all
    select '', r.naf, null, null, null, r.activity from rank r
     where exists (select from survey s where s.naf = r.naf) or exists (select from strain t where t.naf = r.naf);
    get diagnostics made = row_count;
    perform data.facet_rebuild();
    return made;
end
$$;

-- --- the narrow row -------------------------------------------------------------------------------------------------------

-- What a facet takes from its establishment, and from nothing else that changes by itself. One that was absorbed lies
-- nowhere: it is in nobody's list.
create or replace view data.facet_source as
select e.id, case when e.merged_into is null then data.commune_number(e.commune_code) end as commune, data.naf_number(e.naf) as naf,
       round(ext.ST_X(e.location) * 100000)::integer as lon, round(ext.ST_Y(e.location) * 100000)::integer as lat,
       case when c.legal_form ~ '^[0-9]{4}$' then c.legal_form::smallint end as legal, e.size_band::smallint as size,
       o.projects, o.difficult, o.tension,
       data.hiring_potential(e.size_band::smallint, coalesce(o.activity, w.activity), o.projects) as base,
       e.status = 'A' as active
  from data.establishment e
  left join data.company c on c.siren = e.siren
  left join data.bassin_commune b on b.commune_code = e.commune_code
  left join data.outlook o on o.bassin = b.bassin and o.naf = e.naf
  left join data.outlook w on w.bassin = '' and w.naf = e.naf;

-- Each source of a facet writes its own columns only: two transactions that touch the same employer cannot undo each other.
create or replace function data.facet_of_establishments() returns trigger
    language plpgsql security definer set search_path = data, pg_temp as $$
declare
    changed bigint[];
begin
    if tg_op = 'INSERT' then
        changed := array(select n.id from fresh n);
    else
        -- A file of a partner changes thousands of telephones, which no facet holds.
        changed := array(select n.id
                           from (select id, merged_into, commune_code, naf, location::text, siren, size_band, status from fresh
                                 except
                                 select id, merged_into, commune_code, naf, location::text, siren, size_band, status from stale) n);
    end if;
    with made as (
        insert into facet as f (id, commune, naf, lon, lat, legal, size, projects, difficult, tension, base, potential, active)
        select s.id, s.commune, s.naf, s.lon, s.lat, s.legal, s.size, s.projects, s.difficult, s.tension, s.base, s.base, s.active
          from facet_source s
         where s.id = any (changed)
         order by s.id
        on conflict (id) do update
           set commune = excluded.commune, naf = excluded.naf, lon = excluded.lon, lat = excluded.lat, legal = excluded.legal,
               size = excluded.size, projects = excluded.projects, difficult = excluded.difficult, tension = excluded.tension,
               base = excluded.base, potential = data.potential_sum(excluded.base, f.known), active = excluded.active
         where (f.commune, f.naf, f.lon, f.lat, f.legal, f.size, f.projects, f.difficult, f.tension, f.base, f.active)
               is distinct from (excluded.commune, excluded.naf, excluded.lon, excluded.lat, excluded.legal, excluded.size,
                                 excluded.projects, excluded.difficult, excluded.tension, excluded.base, excluded.active)
        returning f.id
    )
    insert into segment_touched (establishment_id) select m.id from made m where exists (select from segment);
    -- Names are criteria too.
    if tg_op = 'UPDATE' then
        insert into segment_touched (establishment_id)
        select n.id from (select id, sort_name, siret from fresh except select id, sort_name, siret from stale) n
         where exists (select from segment);
    end if;
    return null;
end
$$;
create or replace trigger facet_of_new after insert on data.establishment
    referencing new table as fresh for each statement execute function data.facet_of_establishments();
create or replace trigger facet_of_changed after update on data.establishment
    referencing new table as fresh old table as stale for each statement execute function data.facet_of_establishments();

create or replace function data.segment_touch_gone() returns trigger
    language plpgsql security definer set search_path = data, pg_temp as $$
begin
    insert into segment_touched (establishment_id) select g.id from gone g where exists (select from segment);
    return null;
end
$$;
create or replace trigger facet_of_gone after delete on data.establishment
    referencing old table as gone for each statement execute function data.segment_touch_gone();

create or replace function data.facet_of_standings() returns trigger
    language plpgsql security definer set search_path = data, pg_temp as $$
begin
    with made as (
        update facet f
           set last_visit_at = n.last_visit_at, last_contact_at = n.last_contact_at, contact_by = n.last_contact_by,
               rest_until = n.rest_until, opposed = n.opposed
          from fresh n
         where f.id = n.establishment_id
           and (f.last_visit_at, f.last_contact_at, f.contact_by, f.rest_until, f.opposed)
               is distinct from (n.last_visit_at, n.last_contact_at, n.last_contact_by::integer, n.rest_until, n.opposed)
        returning f.id
    )
    insert into segment_touched (establishment_id) select m.id from made m where exists (select from segment);
    return null;
end
$$;
create or replace trigger facet_of_new after insert on data.standing
    referencing new table as fresh for each statement execute function data.facet_of_standings();
create or replace trigger facet_of_changed after update on data.standing
    referencing new table as fresh for each statement execute function data.facet_of_standings();

-- Who holds an employer: of a promise made or ended. A promise is made only while none is active (promise_one_active).
create or replace function data.facet_of_promises() returns trigger
    language plpgsql security definer set search_path = data, pg_temp as $$
begin
    with made as (
        update facet f
           set holder = (select p.organisation_id from promise p where p.establishment_id = f.id and p.state = 'active')
         where f.id in (select n.establishment_id from fresh n)
           and f.holder is distinct from (select p.organisation_id from promise p
                                           where p.establishment_id = f.id and p.state = 'active')
        returning f.id
    )
    insert into segment_touched (establishment_id) select m.id from made m where exists (select from segment);
    return null;
end
$$;
create or replace trigger facet_of_new after insert on data.promise
    referencing new table as fresh for each statement execute function data.facet_of_promises();
create or replace trigger facet_of_changed after update on data.promise
    referencing new table as fresh for each statement execute function data.facet_of_promises();

create or replace function data.facet_of_companies() returns trigger
    language plpgsql security definer set search_path = data, pg_temp as $$
begin
    with made as (
        update facet f
           set legal = case when n.legal_form ~ '^[0-9]{4}$' then n.legal_form::smallint end
          from fresh n join establishment e on e.siren = n.siren
         where f.id = e.id
           and f.legal is distinct from case when n.legal_form ~ '^[0-9]{4}$' then n.legal_form::smallint end
        returning f.id
    )
    insert into segment_touched (establishment_id) select m.id from made m where exists (select from segment);
    return null;
end
$$;
create or replace trigger facet_of_new after insert on data.company
    referencing new table as fresh for each statement execute function data.facet_of_companies();
create or replace trigger facet_of_changed after update on data.company
    referencing new table as fresh for each statement execute function data.facet_of_companies();

-- Makes all facets anew, and lets every segment be refreshed whole. For what changes them all, and after a load that went
-- around the triggers. Returns how many changed.
create or replace function data.facet_rebuild() returns bigint
    language plpgsql security definer set search_path = data, pg_temp as $$
declare
    made bigint;
begin
    insert into facet as f (id, commune, naf, lon, lat, legal, size, projects, difficult, tension, base, known, potential, active,
                            last_visit_at, last_contact_at, contact_by, rest_until, opposed, holder)
    select s.id, s.commune, s.naf, s.lon, s.lat, s.legal, s.size, s.projects, s.difficult, s.tension, s.base, coalesce(k.points, 0),
           data.potential_sum(s.base, coalesce(k.points, 0::smallint)), s.active, t.last_visit_at, t.last_contact_at, t.last_contact_by, t.rest_until, coalesce(t.opposed, false), p.organisation_id
      from facet_source s
      left join standing t on t.establishment_id = s.id
      left join promise p on p.establishment_id = s.id and p.state = 'active'
      left join known k on k.establishment_id = s.id
     order by s.id
    on conflict (id) do update
       set commune = excluded.commune, naf = excluded.naf, lon = excluded.lon, lat = excluded.lat, legal = excluded.legal,
           size = excluded.size, projects = excluded.projects, difficult = excluded.difficult, tension = excluded.tension,
           base = excluded.base, known = excluded.known, potential = excluded.potential, active = excluded.active, last_visit_at = excluded.last_visit_at,
           last_contact_at = excluded.last_contact_at, contact_by = excluded.contact_by, rest_until = excluded.rest_until,
           opposed = excluded.opposed, holder = excluded.holder
     where f.* is distinct from excluded.*;
    get diagnostics made = row_count;
    if made > 0 then
        perform data.segments_stale();
    end if;
    return made;
end
$$;

-- What else is a criterion: needs, tags, codes. The employer is looked at again.
create or replace function data.segment_touch() returns trigger
    language plpgsql security definer set search_path = data, pg_temp as $$
begin
    insert into segment_touched (establishment_id)
    select n.establishment_id from fresh n where exists (select from segment);
    return null;
end
$$;
do $$
declare
    t text;
begin
    foreach t in array array['need', 'establishment_tag', 'own_code'] loop
        execute format('create or replace trigger segment_touch_new after insert on data.%I
                        referencing new table as fresh for each statement execute function data.segment_touch()', t);
        execute format('create or replace trigger segment_touch_changed after update on data.%I
                        referencing new table as fresh for each statement execute function data.segment_touch()', t);
        execute format('create or replace trigger segment_touch_gone after delete on data.%I
                        referencing old table as fresh for each statement execute function data.segment_touch()', t);
    end loop;
end
$$;

-- --- the list that a rule filters -----------------------------------------------------------------------------------------

-- One line per establishment that the person who asks may see. Runs as its owner, checks the territory by its runs, found
-- once; a compiled rule is a condition over this view and the three below, and nothing else. The check is a coalesce because
-- the planner takes a comparison with a value it does not know yet for one that keeps nearly nothing.
create or replace view api.segment_list as
select f.id, f.last_visit_at, f.last_contact_at, f.commune, f.naf, f.lon, f.lat, f.projects, f.contact_by, f.holder,
       f.rest_until, f.legal, f.size, f.difficult, f.tension, f.potential, f.active, f.opposed
  from data.facet f
 where auth.is_partner()
   and coalesce(f.commune <@ (select t.runs from data.territory t where t.id = auth.territory()), false);

-- Needs that still stand.
create or replace view api.segment_need as
select n.establishment_id, n.rome
  from data.need n
 where n.state in ('declared', 'confirmed', 'offer') and auth.is_partner();
-- Tags of one's organisation, and those that the others of the territory show.
create or replace view api.segment_tag as
select x.establishment_id, x.tag_id
  from data.establishment_tag x
  join data.tag t on t.id = x.tag_id
  join data.organisation o on o.id = t.organisation_id
 where auth.is_partner()
   and (t.organisation_id = auth.organisation() or (t.shared and o.territory_id = auth.territory()));
-- One's own codes.
create or replace view api.segment_code as
select c.establishment_id, c.name, c.code
  from data.own_code c
 where auth.is_partner() and c.organisation_id = auth.organisation();

-- --- segments and their versions ------------------------------------------------------------------------------------------

create or replace function data.segment_version_frozen() returns trigger
    language plpgsql as $$
begin
    perform auth.refuse('segment_version_fixed');
    return null;
end
$$;
create or replace trigger segment_version_frozen before update or delete on data.segment_version
    for each row execute function data.segment_version_frozen();
create or replace trigger segment_version_frozen_all before truncate on data.segment_version
    for each statement execute function data.segment_version_frozen();

-- A version follows the one before it, and becomes the current one.
create or replace function data.segment_version_guard() returns trigger
    language plpgsql security definer set search_path = data, pg_temp as $$
declare
    s segment;
begin
    select x.* into s from segment x where x.id = new.segment_id for no key update;
    if s.archived_at is not null then
        perform auth.refuse('segment_archived');
    end if;
    if new.version <> s.version + 1 then
        perform auth.refuse('segment_version_taken', json_build_object('version', s.version));
    end if;
    new.at := data.now();
    return new;
end
$$;
create or replace trigger segment_version_guard before insert on data.segment_version
    for each row execute function data.segment_version_guard();

create or replace function data.segment_version_told() returns trigger
    language plpgsql security definer set search_path = data, pg_temp as $$
declare
    s segment;
begin
    update segment x set version = new.version where x.id = new.segment_id returning x.* into s;
    perform data.log(case when new.version = 1 then 'segment.made' else 'segment.changed' end, null, null,
                     jsonb_build_object('segment', new.segment_id, 'version', new.version, 'shared', s.shared),
                     new.member_id, s.organisation_id);
    perform data.job_add('segment.refresh', jsonb_build_object('segment', new.segment_id));
    return null;
end
$$;
create or replace trigger segment_version_told after insert on data.segment_version
    for each row execute function data.segment_version_told();

create or replace function data.segment_guard() returns trigger
    language plpgsql security definer set search_path = data, pg_temp as $$
begin
    new.name := regexp_replace(trim(new.name), '\s+', ' ', 'g');
    if new.lead is not null and not exists (select from network n where n.code = new.lead and n.kind = 'partner') then
        perform auth.refuse('invalid', json_build_object('field', 'lead'));
    end if;
    if tg_op = 'INSERT' then
        new.territory_id := (select o.territory_id from organisation o where o.id = new.organisation_id);
        new.made_at := data.now();
        new.version := 0;
        new.edit := 1;
    elsif (new.organisation_id, new.territory_id, new.made_by, new.made_at)
          is distinct from (old.organisation_id, old.territory_id, old.made_by, old.made_at) then
        perform auth.refuse('forbidden');
    elsif (new.name, new.lead, new.shared, new.archived_at) is distinct from (old.name, old.lead, old.shared, old.archived_at) then
        new.edit := old.edit + 1;
        if new.archived_at is not null and old.archived_at is null then
            new.archived_at := data.now();
        end if;
    end if;
    return new;
end
$$;
create or replace trigger segment_guard before insert or update on data.segment
    for each row execute function data.segment_guard();

create or replace function data.segment_told() returns trigger
    language plpgsql security definer set search_path = data, pg_temp as $$
begin
    if new.edit <> old.edit then
        perform data.log('segment.edited', null, null, jsonb_strip_nulls(jsonb_build_object('segment', new.id, 'name', new.name,
            'lead', new.lead, 'shared', new.shared, 'archived', new.archived_at is not null)), null, new.organisation_id);
    end if;
    return null;
end
$$;
create or replace trigger segment_told after update on data.segment
    for each row execute function data.segment_told();

-- A new segment with its first version; returns its id.
create or replace function api.segment_make(name text, lead text, shared boolean, rule jsonb, note text) returns bigint
    language plpgsql as $$
declare
    made bigint;
begin
    insert into data.segment (organisation_id, name, lead, shared, made_by)
    values (auth.organisation(), segment_make.name, segment_make.lead, coalesce(segment_make.shared, true), auth.member())
    returning id into made;
    insert into data.segment_version (segment_id, version, rule, note, member_id)
    values (made, 1, segment_make.rule, nullif(trim(segment_make.note), ''), auth.member());
    return made;
end
$$;

-- The version after `base`. When somebody else was quicker: segment_version_taken, with what they saved.
create or replace function api.segment_save(segment bigint, base integer, rule jsonb, note text) returns void
    language plpgsql as $$
declare
    s record;
begin
    select x.organisation_id into s from data.segment x where x.id = segment_save.segment;
    if not found then
        perform auth.refuse('not_found');
    end if;
    if s.organisation_id <> auth.organisation() then
        perform auth.refuse('forbidden');
    end if;
    perform from data.segment x where x.id = segment_save.segment for no key update;
    select x.version into s from data.segment x where x.id = segment_save.segment;
    if s.version <> segment_save.base then
        perform auth.refuse('segment_version_taken', (
            select json_build_object('version', v.version, 'rule', v.rule, 'note', v.note, 'at', v.at, 'member', m.name)
              from data.segment_version v join data.member m on m.id = v.member_id
             where v.segment_id = segment_save.segment and v.version = s.version));
    end if;
    insert into data.segment_version (segment_id, version, rule, note, member_id)
    values (segment_save.segment, segment_save.base + 1, segment_save.rule, nullif(trim(segment_save.note), ''), auth.member());
end
$$;

-- Name, lead, sharing, archive: if `edit` is still the current one.
create or replace function api.segment_edit(segment bigint, edit integer, name text, lead text, shared boolean, archived boolean)
    returns void
    language plpgsql as $$
declare
    s record;
begin
    select x.organisation_id, x.edit into s from data.segment x where x.id = segment_edit.segment;
    if not found then
        perform auth.refuse('not_found');
    end if;
    if s.organisation_id <> auth.organisation() then
        perform auth.refuse('forbidden');
    end if;
    update data.segment x
       set name = coalesce(segment_edit.name, x.name),
           lead = case segment_edit.lead when '' then null else coalesce(segment_edit.lead, x.lead) end,
           shared = coalesce(segment_edit.shared, x.shared),
           archived_at = case when segment_edit.archived then coalesce(x.archived_at, data.now())
                              when not segment_edit.archived then null else x.archived_at end
     where x.id = segment_edit.segment and x.edit = segment_edit.edit;
    if not found then
        perform auth.refuse('precondition_failed', json_build_object('version', s.edit));
    end if;
end
$$;

-- A segment as lists show it.
create or replace view api.segment_row with (security_invoker = true) as
select s.id, s.name, s.lead, s.shared, s.version, s.edit, s.archived_at, s.members, s.refreshed_at,
       s.member_version = s.version as fresh,
       api.organisation_ref(o) as organisation, s.organisation_id = auth.organisation() as mine,
       v.rule, v.note, v.at as changed_at, json_build_object('id', m.id, 'name', m.name) as changed_by,
       (select coalesce(json_agg(json_build_object('day', d.day, 'entered', d.entered, 'gone', d.gone, 'members', d.members)
                                 order by d.day), '[]')
          from data.segment_day d where d.segment_id = s.id and d.day > data.today() - 90) as days
  from data.segment s
  join data.organisation o on o.id = s.organisation_id
  left join data.segment_version v on v.segment_id = s.id and v.version = s.version
  left join data.member m on m.id = v.member_id;

-- One line per member, for whoever reads them all.
create or replace view data.segment_member as
select b.segment_id, b.block * 512::bigint + x.n as establishment_id
  from data.segment_block b
 cross join lateral (select n from generate_series(0, 511) n where get_bit(b.members, n) = 1) x;

-- --- refreshing --------------------------------------------------------------------------------------------------------

-- For the rest of the transaction, speaks as an adviser of the segment's organisation: what its rule may see is what they see.
create or replace function data.segment_speak(segment bigint) returns void
    language sql security definer set search_path = data, pg_temp
    begin atomic
        select set_config('maillage.member', '', true), set_config('maillage.organisation', s.organisation_id::text, true),
               set_config('maillage.network', o.network, true), set_config('maillage.territory', s.territory_id::text, true),
               set_config('maillage.role', 'adviser', true)
          from data.segment s join data.organisation o on o.id = s.organisation_id
         where s.id = segment_speak.segment;
    end;

-- Writes down what a refresh changed.
create or replace function data.segment_counted(segment bigint, version integer, entered integer, gone integer) returns void
    language plpgsql security definer set search_path = data, pg_temp as $$
declare
    n integer;
begin
    update segment s
       set members = coalesce(s.members, 0) + segment_counted.entered - segment_counted.gone, refreshed_at = data.now(),
           member_version = segment_counted.version
     where s.id = segment_counted.segment
    returning s.members into n;
    insert into segment_day as d (segment_id, day, entered, gone, members)
    values (segment_counted.segment, data.today(), segment_counted.entered, segment_counted.gone, n)
    on conflict (segment_id, day) do update
       set entered = d.entered + excluded.entered, gone = d.gone + excluded.gone, members = excluded.members;
end
$$;

-- Lets every segment be computed anew. They are held in the order in which the worker holds those that it follows: neither waits for the other in turn.
create or replace function data.segments_stale() returns void
    language sql security definer set search_path = data, pg_temp
    begin atomic
        with held as materialized (select s.id from data.segment s where s.member_version <> 0 order by s.territory_id, s.id for update)
        update data.segment s set member_version = 0 from held h where s.id = h.id;
    end;

-- --- tags and codes --------------------------------------------------------------------------------------------------------

create or replace function api.tag_make(label text, shared boolean) returns bigint
    language plpgsql as $$
declare
    made bigint;
begin
    insert into data.tag (organisation_id, label, shared, made_by, made_at)
    values (auth.organisation(), regexp_replace(trim(tag_make.label), '\s+', ' ', 'g'), coalesce(tag_make.shared, false),
            auth.member(), data.now())
    returning id into made;
    return made;
end
$$;

-- Puts exactly these tags of one's own organisation on an employer; those of others stay.
create or replace function api.tags_put(establishment bigint, tags bigint[]) returns void
    language plpgsql as $$
begin
    if not exists (select from data.establishment e where e.id = tags_put.establishment) then
        perform auth.refuse('not_found');
    end if;
    if exists (select from unnest(tags_put.tags) w
                where not exists (select from data.tag t where t.id = w and t.organisation_id = auth.organisation())) then
        perform auth.refuse('invalid', json_build_object('field', 'tags'));
    end if;
    delete from data.establishment_tag x
     using data.tag t
     where t.id = x.tag_id and t.organisation_id = auth.organisation() and x.establishment_id = tags_put.establishment
       and x.tag_id <> all (tags_put.tags);
    insert into data.establishment_tag (tag_id, establishment_id, member_id, at)
    select distinct w, tags_put.establishment, auth.member(), data.now() from unnest(tags_put.tags) w
    on conflict do nothing;
end
$$;
create or replace function data.establishment_tag_told() returns trigger
    language plpgsql security definer set search_path = data, pg_temp as $$
declare
    r establishment_tag := coalesce(new, old);
    t tag := (select x from tag x where x.id = r.tag_id);
begin
    -- The word itself is told only to those who may read it.
    perform data.log(case when tg_op = 'INSERT' then 'tag.put' else 'tag.removed' end, r.establishment_id, null,
                     jsonb_build_object('tag', r.tag_id) || case when t.shared then jsonb_build_object('label', t.label) else '{}' end,
                     r.member_id, t.organisation_id);
    return null;
end
$$;
create or replace trigger establishment_tag_told after insert or delete on data.establishment_tag
    for each row execute function data.establishment_tag_told();

-- The codes of a column of one organisation, read again from the lines tied to employers.
create or replace function data.own_codes_read(organisation bigint, name text) returns void
    language sql security definer set search_path = data, pg_temp
    begin atomic
        insert into data.own_code (organisation_id, name, code, establishment_id)
        select own_codes_read.organisation, own_codes_read.name, left(trim(r.received ->> own_codes_read.name), 60), l.establishment_id
          from data.source_file f
          join data.source_record r on r.file_id = f.id
          join data.link l on l.source_record_id = r.id and l.undone_at is null
         where f.organisation_id = own_codes_read.organisation and f.kind = 'partner'
           and trim(r.received ->> own_codes_read.name) <> ''
        on conflict do nothing;
    end;

-- Columns of the organisation's files that may be codes: few short values that repeat, under a name that speaks neither of
-- persons nor of what the import reads itself.
create or replace function api.own_columns() returns table (name text, "values" bigint, chosen boolean)
    language sql stable security definer set search_path = data, pg_temp
    begin atomic
        with mine as (
            select f.id from data.source_file f
             where f.organisation_id = auth.organisation() and auth.is_partner() and f.kind = 'partner' and f.state = 'done'
             order by f.id desc limit 20
        ), cell as (
            select k.key, trim(k.value) as value
              from mine m
              join data.source_record r on r.file_id = m.id
              cross join lateral jsonb_each_text(r.received) k
             where trim(k.value) <> ''
               and data.fold(k.key) !~ '(nom|name|contact|interlocut|responsable|dirigeant|tel|portable|mail|courriel|adresse|rue|voie|civil|fonction|siret|siren|ville|commune|postal|^cp|enseigne|employeur|raison|naissance|commentaire|remarque|note)'
        ), seen as (
            select c.key, count(*) as filled, count(distinct c.value) as n, max(length(c.value)) as longest from cell c group by c.key
        )
        select coalesce(s.key, o.name), coalesce(s.n, 0), o.name is not null
          from seen s
          full join (select w.name from data.own_column w
                      where w.organisation_id = auth.organisation() and auth.is_partner()) o on o.name = s.key
         where o.name is not null or (s.n between 1 and 60 and s.n * 2 <= s.filled and s.longest <= 60 and length(s.key) <= 80)
         order by 3 desc, 1;
    end;

-- Chooses which columns hold codes; what the others held is forgotten here (files keep it).
create or replace function api.own_columns_choose(names text[]) returns void
    language plpgsql security definer set search_path = data, pg_temp as $$
declare
    w text;
begin
    if not auth.can_write() then
        perform auth.refuse('forbidden');
    end if;
    if cardinality(own_columns_choose.names) > 20
       or exists (select from unnest(own_columns_choose.names) n
                   where not exists (select from api.own_columns() c where c.name = n)) then
        perform auth.refuse('invalid', json_build_object('field', 'columns'));
    end if;
    delete from own_code c where c.organisation_id = auth.organisation() and c.name <> all (own_columns_choose.names);
    delete from own_column c where c.organisation_id = auth.organisation() and c.name <> all (own_columns_choose.names);
    foreach w in array own_columns_choose.names loop
        insert into own_column (organisation_id, name, chosen_by, chosen_at)
        values (auth.organisation(), w, auth.member(), data.now())
        on conflict do nothing;
        if found then
            perform data.own_codes_read(auth.organisation(), w);
        end if;
    end loop;
    perform data.log('segment.codes', null, null, jsonb_build_object('columns', own_columns_choose.names));
end
$$;

-- Codes follow the links of lines to employers.
create or replace function data.own_codes_follow() returns trigger
    language plpgsql security definer set search_path = data, pg_temp as $$
begin
    insert into own_code (organisation_id, name, code, establishment_id)
    select o.organisation_id, o.name, left(trim(r.received ->> o.name), 60), n.establishment_id
      from fresh n
      join source_record r on r.id = n.source_record_id
      join source_file f on f.id = r.file_id
      join own_column o on o.organisation_id = f.organisation_id
     where n.undone_at is null and trim(r.received ->> o.name) <> ''
    on conflict do nothing;
    -- Untied: the code goes unless another line of theirs says the same.
    delete from own_code c
     using fresh n join source_record r on r.id = n.source_record_id join source_file f on f.id = r.file_id
     where n.undone_at is not null and c.organisation_id = f.organisation_id and c.establishment_id = n.establishment_id
       and c.code = left(trim(r.received ->> c.name), 60)
       and not exists (select from link l join source_record s on s.id = l.source_record_id join source_file g on g.id = s.file_id
                        where l.establishment_id = c.establishment_id and l.undone_at is null
                          and g.organisation_id = c.organisation_id and left(trim(s.received ->> c.name), 60) = c.code);
    return null;
end
$$;
create or replace trigger own_codes_of_new after insert on data.link
    referencing new table as fresh for each statement execute function data.own_codes_follow();
create or replace trigger own_codes_of_changed after update on data.link
    referencing new table as fresh for each statement execute function data.own_codes_follow();

-- A list that was there before its facets, or was loaded around the triggers.
do $$
begin
    if not exists (select from data.facet) then
        perform data.facet_rebuild();
    end if;
end
$$;
