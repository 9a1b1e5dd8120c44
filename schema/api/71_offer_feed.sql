-- Feeds of offers: what a partner's software sends, read by a layout, becomes offers of an organisation; changes follow,
-- what disappears is withdrawn, and never because a file was empty, broken or cut. A file that an adviser gives (adds) takes nothing away. The worker reads (worker/jobs/feed.c);
-- here is what a reading does.

-- --- offers of a feed --------------------------------------------------------------------------------------------------------

-- Whether this transaction is a feed that writes what its partner says: then an offer that the agreement lets it confirm
-- follows the feed also once it is confirmed.
create or replace function data.is_feeding() returns boolean
    language sql stable security definer set search_path = data, pg_temp
    begin atomic
        select exists (select from data.feed_run r where r.writing = pg_current_xact_id_if_assigned());
    end;

-- The code of a département from how people write it: 03, 3, « Allier », « Yvelines (78) », « 2A - Corse-du-Sud ».
create or replace function data.department_named(said text) returns text
    language sql stable strict security definer set search_path = data, pg_temp
    begin atomic
        select d.code from data.department d
         where d.code = regexp_replace(upper((regexp_match(department_named.said, '(?<![0-9A-Za-z])(2[ABab]|9[78][0-9]|[0-9]{1,2})(?![0-9A-Za-z])'))[1]), '^[0-9]$', '0\&')
            or d.key = data.title_key(regexp_replace(department_named.said, '[(][^()]*[)]', ''))
         order by d.code limit 1;
    end;

-- In which département one works, as a feed says it: by its name or code, by the beginning of a code of town, or where a town should stand.
create or replace function data.feed_department(given jsonb) returns text
    language sql stable security definer set search_path = data, pg_temp
    begin atomic
        select coalesce(data.department_named(feed_department.given ->> 'departement'), (
            select d.code from data.department d
             where d.code = (select case when c.code ~ '^9[78]' then left(c.code, 3) when c.code ~ '^20' then case when c.code < '20200' then '2A' else '2B' end else left(c.code, 2) end
                               from (select coalesce(feed_department.given ->> 'commune', feed_department.given ->> 'code_postal') as code) c)), (
            select d.code from data.department d where d.key = data.title_key(feed_department.given ->> 'ville')));
    end;

-- The commune where one works: as the feed says it, else as a person said, else the employer's, unless the feed says another département.
create or replace function data.feed_place(f data.feed_offer) returns text
    language sql stable security definer set search_path = data, ext, pg_temp
    begin atomic
        select coalesce(
            (select c.code from data.commune c where c.code = data.commune_today(f.given ->> 'commune')),
            (select c.code from data.commune c
              where c.postcodes @> array[f.given ->> 'code_postal'] and not exists (select from data.commune_former m where m.code = c.code)
              order by c.place_key = data.place_key(f.given ->> 'ville') desc nulls last, starts_with(c.place_key, data.place_key(f.given ->> 'ville')) desc nulls last, c.population desc nulls last, c.code limit 1),
            -- A town by its name and département, or by its name alone, when the territory has one of that name; a place by where it is.
            (select min(c.code) from data.commune c
              where c.place_key = data.place_key(f.given ->> 'ville') and c.department = data.department_named(f.given ->> 'departement')
                and not exists (select from data.commune_former m where m.code = c.code) having count(*) = 1),
            (select min(c.code) from data.commune c
               join data.territory_commune tc on tc.commune_code = c.code
               join data.organisation g on g.territory_id = tc.territory_id
               join data.feed s on s.organisation_id = g.id
              where s.id = f.feed_id and c.place_key = data.place_key(f.given ->> 'ville')
                and c.department = coalesce(data.department_named(f.given ->> 'departement'), c.department)
                and not exists (select from data.commune_former m where m.code = c.code) having count(*) = 1),
            (select min(c.code) from data.commune c
              where ext.st_covers(c.cell, ext.st_setsrid(ext.st_makepoint((f.given ->> 'longitude')::float8, (f.given ->> 'latitude')::float8), 4326))
                and not exists (select from data.commune_former m where m.code = c.code)),
            f.commune_code,
            (select e.commune_code from data.establishment e join data.commune c on c.code = e.commune_code
              where e.id = f.establishment_id and c.department = coalesce(data.feed_department(f.given), c.department)));
    end;

-- What an offer of a feed still lacks before it can be one.
create or replace function data.feed_lacks(f data.feed_offer) returns text[]
    language sql stable
    return array_remove(array[
        case when f.given ->> 'titre' is null then 'title' end,
        case when f.establishment_id is null then 'employer' end,
        case when f.rome is null then 'rome' end,
        case when f.contract is null then 'contract' end,
        case when f.establishment_id is not null and data.feed_department(f.given) is not null and data.feed_place(f) is null then 'place' end], null);

-- Skills, training, languages, licences and qualities, one a line each, as an offer keeps them: « Pétrissage (exigé) [1234] ».
create or replace function data.feed_requirements(given jsonb) returns jsonb
    language sql immutable parallel safe
    begin atomic
        select coalesce(jsonb_agg(jsonb_strip_nulls(jsonb_build_object('kind', x.kind, 'label', x.part[1], 'required', x.part[2] is not null, 'code', x.part[3])) order by x.k, x.n)
                            filter (where x.rank <= 40), '[]')
          from (select k.n as k, k.kind, l.n, regexp_match(l.label, '^(.*?)( \(exigé\))?(?: \[([^][]{1,20})\])?$') as part, row_number() over (order by k.n, l.n) as rank
                  from (values (1, 'skill', 'competences'), (2, 'training', 'formation'), (3, 'language', 'langues'), (4, 'licence', 'permis'), (5, 'quality', 'qualites')) k (n, kind, field)
                 cross join lateral unnest(string_to_array(feed_requirements.given ->> k.field, E'\n')) with ordinality l (label, n)) x;
    end;

-- The columns of an offer as a feed says them.
create or replace function data.feed_values(f data.feed_offer) returns jsonb
    language sql stable security definer set search_path = data, ext, pg_temp
    begin atomic
        select jsonb_build_object(
            'title', f.given ->> 'titre', 'rome', f.rome, 'contract', f.contract,
            'description', coalesce(f.given ->> 'description', ''), 'posts', coalesce((f.given ->> 'postes')::smallint, 1),
            'hours', (f.given ->> 'heures')::numeric(3, 1), 'starts_on', f.given ->> 'debut', 'ends_on', f.given ->> 'fin', 'salary', f.given ->> 'salaire',
            'origin_url', f.given ->> 'adresse_web',
            'salary_min', (f.given ->> 'salaire_min')::numeric(10, 2), 'salary_max', (f.given ->> 'salaire_max')::numeric(10, 2),
            'salary_period', f.given ->> 'salaire_periode', 'work_time', f.given ->> 'temps',
            'duration', split_part(f.given ->> 'duree', ' ', 1)::smallint, 'duration_unit', split_part(f.given ->> 'duree', ' ', 2),
            'experience', f.given ->> 'experience',
            'experience_months', case when f.given ->> 'experience' in ('wished', 'required') then (f.given ->> 'experience_mois')::smallint end,
            'requirements', data.feed_requirements(f.given), 'schedule', f.given ->> 'horaires',
            'salary_months', (f.given ->> 'salaire_mois')::numeric(3, 1), 'qualification', (f.given ->> 'qualification')::smallint,
            'benefits', coalesce(string_to_array(f.given ->> 'avantages', E'\n'), '{}'),
            'conditions', coalesce(string_to_array(f.given ->> 'conditions', E'\n'), '{}'),
            'travel', (f.given ->> 'deplacements')::smallint, 'accessible', (f.given ->> 'accessible')::boolean, 'adapted', (f.given ->> 'adaptee')::boolean,
            -- To the employer goes whoever can be told how.
            'apply_by', case when f.given ->> 'candidature' = 'employer' and f.given ?| '{courriel,telephone,adresse_postuler,consigne}'
                             then 'employer' else 'collector' end,
            'apply_name', f.given ->> 'contact', 'apply_phone', f.given ->> 'telephone', 'apply_email', f.given ->> 'courriel',
            'apply_url', f.given ->> 'adresse_postuler', 'apply_note', f.given ->> 'consigne',
            'commune_code', data.feed_place(f));
    end;

-- Makes the offer that a feed names, and confirms it when the agreement with its sender says so.
create or replace function data.feed_offer_make(f data.feed_offer) returns bigint
    language plpgsql security definer set search_path = data, pg_temp as $$
declare
    source feed;
    made   bigint;
    giver  bigint; -- of a file: the offers are theirs
    wanted jsonb := data.feed_values(f);
begin
    select * into source from feed x where x.id = f.feed_id;
    select r.asked_by into giver from feed_run r join membership b on b.member_id = r.asked_by and b.organisation_id = source.organisation_id
     where r.id = f.seen_run and source.adds;
    insert into offer (establishment_id, organisation_id, member_id, origin, feed_id, origin_reference, origin_url, title, rome, contract,
                       description, posts, hours, starts_on, ends_on, salary, commune_code, salary_min, salary_max, salary_period, work_time, duration,
                       duration_unit, experience, experience_months, requirements, schedule, salary_months, qualification, benefits, conditions,
                       travel, accessible, adapted, apply_by, apply_name, apply_phone, apply_email, apply_url, apply_note)
    select f.establishment_id, source.organisation_id, coalesce(giver, source.member_id), case when source.adds then 'csv' else 'feed' end, source.id, f.reference, v.origin_url, v.title, v.rome, v.contract,
           v.description, v.posts, v.hours, v.starts_on, v.ends_on, v.salary, v.commune_code, v.salary_min, v.salary_max, v.salary_period, v.work_time, v.duration,
           v.duration_unit, v.experience, v.experience_months, v.requirements, v.schedule, v.salary_months, v.qualification, v.benefits, v.conditions,
           v.travel, v.accessible, v.adapted, v.apply_by, v.apply_name, v.apply_phone, v.apply_email, v.apply_url, v.apply_note
      from jsonb_populate_record(null::offer, wanted) v
    returning id into made;
    if source.confirmed_with is not null then
        update offer o set state = 'confirmed', confirmed_with = source.confirmed_with where o.id = made;
        update offer o set state = 'reserved' where o.id = made;
    end if;
    update feed_offer x
       set state = 'offer', offer_id = made, applied = (select to_jsonb(o) from offer o where o.id = made), version = x.version + 1
     where x.id = f.id;
    return made;
end
$$;

-- Columns that say one thing together: a person who changed one of them has said them all. Any other stands alone.
create or replace function data.feed_unit(field text) returns text
    language sql immutable parallel safe
    return case when feed_unit.field in ('salary_min', 'salary_max', 'salary_period') then 'salary_range'
                when feed_unit.field like 'duration%' then 'duration'
                when feed_unit.field like 'experience%' then 'experience'
                when feed_unit.field like 'apply\_%' then 'apply' else feed_unit.field end;

-- Writes into its offer what the feed has changed since it was last written. What a person changed in the meantime stays as
-- the person wrote it. False when there is nothing to change, or somebody must say first: the offer was confirmed with
-- its employer by a person.
create or replace function data.feed_offer_write(f data.feed_offer, told boolean default false) returns boolean
    language plpgsql security definer set search_path = data, pg_temp as $$
declare
    o      offer;
    wanted jsonb;
    patch  jsonb;
begin
    select x.* into o from offer x where x.id = f.offer_id for update;
    wanted := data.feed_values(f);
    select coalesce(jsonb_object_agg(k.key, k.value), '{}') into patch
      from jsonb_each(wanted) k
     where k.value is distinct from f.applied -> k.key
       and not exists (select from jsonb_object_keys(wanted) t
                        where data.feed_unit(t) = data.feed_unit(k.key) and to_jsonb(o) -> t is distinct from f.applied -> t)
       and not (k.value = 'null' and k.key in ('title', 'rome', 'contract', 'commune_code', 'requirements'));
    if patch = '{}' then
        update feed_offer x set applied = x.applied || wanted where x.id = f.id;
        return false;
    end if;
    if o.state = 'draft' or feed_offer_write.told or (select s.confirmed_with is not null from feed s where s.id = f.feed_id) then
        update offer x
           set (title, rome, contract, description, posts, hours, starts_on, ends_on, salary, commune_code, origin_url, salary_min, salary_max, salary_period,
                work_time, duration, duration_unit, experience, experience_months, requirements, schedule, salary_months, qualification, benefits,
                conditions, travel, accessible, adapted, apply_by, apply_name, apply_phone, apply_email, apply_url, apply_note)
             = (select v.title, v.rome, v.contract, v.description, greatest(v.posts, o.posts_filled + 1), v.hours, v.starts_on, v.ends_on, v.salary, v.commune_code, v.origin_url, v.salary_min, v.salary_max, v.salary_period,
                       v.work_time, v.duration, v.duration_unit, v.experience, v.experience_months, v.requirements, v.schedule, v.salary_months,
                       v.qualification, v.benefits, v.conditions, v.travel, v.accessible, v.adapted, v.apply_by, v.apply_name, v.apply_phone,
                       v.apply_email, v.apply_url, v.apply_note
                  from jsonb_populate_record(o, patch) v)
         where x.id = o.id;
        update feed_offer x set applied = x.applied || wanted, version = x.version + 1 where x.id = f.id;
        return true;
    end if;
    update feed_offer x set version = x.version + 1 where x.id = f.id;
    return false;
end
$$;

-- --- a reading -----------------------------------------------------------------------------------------------------------------

-- Asks for a reading; the one that waits already is as good. When it has begun, what is given now is read after it.
create or replace function data.feed_ask(feed bigint, cause text) returns bigint
    language plpgsql security definer set search_path = data, pg_temp as $$
declare
    made bigint;
begin
    insert into feed_run (feed_id, cause, asked_by, asked_at) values (feed_ask.feed, feed_ask.cause, auth.member(), data.now())
    on conflict (feed_id) where state = 'waiting' do nothing
    returning id into made;
    if made is not null then
        perform data.job_add('feed.read', jsonb_build_object('run', made));
        return made;
    end if;
    update feed_run r set again = case when feed_ask.cause in ('upload', 'layout') then feed_ask.cause else r.again end
     where r.feed_id = feed_ask.feed and r.state = 'waiting' returning r.id into made;
    return made;
end
$$;

-- Ends what waits for somebody, as a draft or for what it lacks, until after the day to which its feed says that it holds; a feed that
-- does not change is not read again, and a file that a person gave comes only once. What is reserved or open ends by itself (data.offer_expire).
create or replace function data.feed_over() returns void
    language plpgsql security definer set search_path = data, pg_temp as $$
declare
    o record;
begin
    for o in select x.id, f.name from feed_offer x join feed f on f.id = x.feed_id left join offer v on v.id = x.offer_id
              where x.is_present and x.given ? 'fin' and x.given ->> 'fin' < data.today()::text
                and (x.state = 'incomplete' or x.state = 'offer' and v.state = 'draft' and coalesce(v.ends_on < data.today(), false))
              order by x.id limit 1000 for update of x skip locked
    loop
        perform data.feed_offer_gone(x, data.feed_past(o.name, x.given ->> 'fin')) from feed_offer x where x.id = o.id;
    end loop;
end
$$;

-- The job feed.follow: asks for a reading of each feed whose hour has come; returns how many. A reading whose job is dead would
-- keep every other one of its feed away: it has failed, and somebody has to look at once, for a file given by hand comes only once.
create or replace function data.feed_follow() returns integer
    language plpgsql security definer set search_path = data, pg_temp as $$
declare
    f    feed;
    dead bigint;
    n    integer := 0;
begin
    perform data.feed_over();
    for dead in select r.id from job j join feed_run r on r.id = (j.payload ->> 'run')::bigint
                 where j.state = 'dead' and j.kind = 'feed.read' and r.state = 'waiting' order by r.id loop
        perform data.feed_end(dead, 'failed', null, 'La lecture s’est interrompue plusieurs fois : rien n’a changé. L’administrateur en trouve la cause dans le journal du serveur.');
        perform data.feed_task(x, 'feed.failing', dead) from feed_run r join feed x on x.id = r.feed_id where r.id = dead;
    end loop;
    for f in select x.* from feed x where x.state = 'active' and x.next_at <= data.now() order by x.next_at limit 100 for update skip locked loop
        perform data.feed_ask(f.id, 'schedule');
        -- An address that fails is asked less often, once a day at least.
        update feed x set next_at = data.now() + least(make_interval(mins => f.every_minutes) * power(2, least(f.failures, 6)),
                                                       greatest(interval '1 day', make_interval(mins => f.every_minutes)))
         where x.id = f.id;
        n := n + 1;
    end loop;
    return n;
end
$$;

-- What a reading needs. No row when there is nothing to read any more. What was given before now is part of it; by what it
-- asks whether the feed has changed (etag, modified, sha256) is absent as long as nobody read to its end what they tell.
create or replace function data.feed_take(run bigint)
    returns table (feed bigint, file bigint, cause text, address text, etag text, modified text, layout text, content text, sha256 text)
    language sql security definer set search_path = data, pg_temp
    begin atomic
        update data.feed_run r set cause = coalesce(r.again, r.cause), again = null
          from data.feed f left join data.source_file s on s.id = f.file_id
         where r.id = feed_take.run and r.state = 'waiting' and f.id = r.feed_id and f.state <> 'removed'
        returning f.id, f.file_id, r.cause, f.address, case when f.is_read then f.etag end, case when f.is_read then f.modified end, f.layout,
                  case when f.address is null or r.cause in ('upload', 'layout') then encode(s.content, 'hex') end,
                  case when f.is_read then encode(s.sha256, 'hex') end;
    end;

-- Keeps what was fetched.
create or replace function data.feed_keep(run bigint, status integer, sha256 bytea, bytes bigint, sealed bytea, etag text, modified text) returns void
    language plpgsql security definer set search_path = data, pg_temp as $$
begin
    update source_file s set sha256 = feed_keep.sha256, bytes = feed_keep.bytes, content = feed_keep.sealed, is_sealed = true, received_at = data.now()
      from feed_run r join feed f on f.id = r.feed_id
     where r.id = feed_keep.run and s.id = f.file_id;
    update feed f set etag = feed_keep.etag, modified = feed_keep.modified, is_read = false from feed_run r where r.id = feed_keep.run and f.id = r.feed_id;
    update feed_run r set status = feed_keep.status, bytes = feed_keep.bytes where r.id = feed_keep.run;
end
$$;

-- Asks whoever set a feed up, or the whole organisation when they left it, to look at a reading; what was asked before is replaced.
create or replace function data.feed_task(f data.feed, kind text, run bigint) returns void
    language plpgsql security definer set search_path = data, pg_temp as $$
begin
    update task t set done_at = data.now() where t.feed_id = f.id and t.kind = feed_task.kind and t.done_at is null;
    insert into task (kind, mark, organisation_id, member_id, feed_id, due_on, raised_at)
    select feed_task.kind, feed_task.run::text, f.organisation_id,
           (select b.member_id from membership b join member m on m.id = b.member_id
             where b.member_id = f.made_by and b.organisation_id = f.organisation_id and m.disabled_at is null and (b.ended_on is null or b.ended_on > data.today())),
           f.id, data.today(), data.now()
    on conflict do nothing;
end
$$;

-- Nothing more is asked of it: of one kind, of all when null.
create or replace function data.feed_task_over(feed bigint, kind text default null) returns void
    language sql security definer set search_path = data, pg_temp
    begin atomic
        update data.task t set done_at = data.now()
         where t.feed_id = feed_task_over.feed and t.done_at is null and t.kind = coalesce(feed_task_over.kind, t.kind);
    end;

-- Asks for what was given while a reading, now over, went on.
create or replace function data.feed_ask_again(run bigint) returns void
    language sql security definer set search_path = data, pg_temp
    begin atomic
        select data.feed_ask(r.feed_id, r.again) from data.feed_run r where r.id = feed_ask_again.run and r.again is not null;
    end;

-- Ends a reading that changes nothing: the feed is as it was (unchanged), or it could not be read (failed), and why.
create or replace function data.feed_end(run bigint, state text, status integer, error text) returns void
    language plpgsql security definer set search_path = data, pg_temp as $$
declare
    f feed;
begin
    update feed_run r
       set state = feed_end.state, finished_at = data.now(), status = coalesce(nullif(feed_end.status, 0), r.status), error = left(feed_end.error, 500)
     where r.id = feed_end.run and r.state = 'waiting';
    if not found then
        return;
    end if;
    update feed x set failures = case when feed_end.state = 'failed' then x.failures + 1 else 0 end
      from feed_run r where r.id = feed_end.run and x.id = r.feed_id
    returning x.* into f;
    if feed_end.state = 'failed' then
        -- What came last is not what was read last: asked anew, it comes whole.
        update feed x set is_read = false where x.id = f.id;
        perform data.log('feed.failed', null, null, jsonb_build_object('feed', f.id, 'name', f.name, 'error', left(feed_end.error, 200)), null, f.organisation_id);
        -- Once may be the network; a third time somebody has to look.
        if f.failures = 3 then
            perform data.feed_task(f, 'feed.failing', feed_end.run);
        end if;
    else
        perform data.feed_task_over(f.id, 'feed.failing');
    end if;
    perform data.feed_ask_again(feed_end.run);
end
$$;

-- The occupation of a title, of what it is called, or of the number of that; null when there is none, or several.
create or replace function data.rome_named(title text) returns text
    language plpgsql stable strict security definer set search_path = data, pg_temp as $$
declare
    called text[] := data.title_forms(rome_named.title);
    found text[];
begin
    if rome_named.title ~ '^[0-9]{4,9}$' then
        return (select min(a.rome) from appellation a where a.ogr = rome_named.title::integer having count(distinct a.rome) = 1);
    end if;
    found := array(select r.code from rome r where data.fold(r.label) = any (called || data.fold(rome_named.title)) limit 2);
    if cardinality(found) = 0 then
        found := array(select distinct a.rome from appellation a where a.forms && called limit 2);
    end if;
    return case when cardinality(found) = 1 then found[1] end;
end
$$;

-- The three occupations whose label, or one of the names that they go by, is nearest to a title.
create or replace function data.rome_near(title text) returns table (code text, label text, near real)
    language plpgsql stable security definer set search_path = data, ext, pg_temp as $$
#variable_conflict use_column
declare
    words constant text := data.offer_words(rome_near.title);
begin
    return query
    select r.code, r.label, max(x.near)
      from (select z.code, word_similarity(words, z.search) as near from rome z
            union all
            select a.rome, word_similarity(words, a.search) from appellation a where words <% a.search) x
      join rome r on r.code = x.code
     where x.near > 0.3
     group by r.code, r.label
     order by 3 desc, 1 limit 3;
end
$$;

-- Whether an offer surely lies outside the territory of a feed's organisation.
create or replace function data.feed_is_away(f data.feed, given jsonb) returns boolean
    language plpgsql stable security definer set search_path = data, pg_temp as $$
declare
    place text := data.feed_place(jsonb_populate_record(null::feed_offer, jsonb_build_object('feed_id', f.id, 'given', feed_is_away.given)));
    here  bigint := (select g.territory_id from organisation g where g.id = f.organisation_id);
begin
    if place is not null then
        return not exists (select from territory_commune t where t.territory_id = here and t.commune_code = place);
    end if;
    return coalesce(data.feed_department(feed_is_away.given) not in (select c.department from territory_commune t join commune c on c.code = t.commune_code where t.territory_id = here), false);
end
$$;

-- Whether an offer of a feed still waits for somebody, for what it lacks or as a draft, whose end no person has put off meanwhile.
create or replace function data.feed_waits(f data.feed_offer) returns boolean
    language sql stable security definer set search_path = data, pg_temp
    begin atomic
        select f.state = 'incomplete' or f.state = 'offer' and exists (select from data.offer v where v.id = f.offer_id and v.state = 'draft'
                                                             and (v.ends_on is not distinct from (f.applied ->> 'ends_on')::date or v.ends_on < data.today()));
    end;

-- Meets what the reading found (data.feed_line) with what the feed said before, and ties employers by their SIRET.
create or replace function data.feed_meet(run bigint) returns void
    language plpgsql security definer set search_path = data, ext, pg_temp as $$
declare
    f feed;
begin
    select x.* into f from feed_run r join feed x on x.id = r.feed_id where r.id = feed_meet.run for update of x;
    -- What holds no longer is over, as if the feed had said so; unless the employer said meanwhile that it stands for longer.
    with past as (
        update feed_line l set given = l.given || '{"etat": "closed"}'
         where l.run_id = feed_meet.run and l.given ->> 'fin' < data.today()::text and l.given ->> 'etat' is distinct from 'closed'
           and not exists (select from feed_offer x join offer v on v.id = x.offer_id
                            where x.feed_id = f.id and x.reference = l.given ->> 'reference' and x.is_present and v.closed_at is null
                              and v.ends_on is distinct from (x.applied ->> 'ends_on')::date and coalesce(v.ends_on >= data.today(), true))
        returning l.ordinal, l.line, l.given)
    insert into feed_fault (run_id, ordinal, line, reference, field, code, message)
    select feed_meet.run, 1300000 + p.ordinal, p.line, p.given ->> 'reference', 'fin', 'past',
           'Valable jusqu’au ' || to_char((p.given ->> 'fin')::date, 'DD/MM/YYYY') || ' : comptée comme close'
      from past p where p.ordinal is not null order by p.ordinal limit 1000;
    -- Of a feed of the whole country only what lies in the territory, or may lie there; an offer that there is already stays.
    if f.only_here then
        with away as (
            delete from feed_line l
             where l.run_id = feed_meet.run and l.given ->> 'etat' is distinct from 'closed' and data.feed_is_away(f, l.given)
               and not exists (select from feed_offer x where x.feed_id = f.id and x.reference = l.given ->> 'reference' and x.is_present and x.state <> 'incomplete')
            returning l.given ->> 'reference' as reference
        ), left_out as (
            update feed_offer x set is_present = false, version = x.version + 1
              from away a where x.feed_id = f.id and x.reference = a.reference and x.is_present
        ), quiet as (
            delete from feed_fault t using away a where t.run_id = feed_meet.run and t.reference = a.reference
        )
        update feed_run r set outside = (select count(*) from away) where r.id = feed_meet.run;
    end if;
    insert into feed_fault (run_id, ordinal, line, reference, field, code, message)
    select feed_meet.run, 1000000 + l.ordinal, l.line, l.reference, 'reference', 'duplicate', 'Cette référence vient deux fois ; la première compte'
      from (select x.ordinal, x.line, x.given ->> 'reference' as reference,
                   row_number() over (partition by x.given ->> 'reference' order by x.ordinal) as n
              from feed_line x where x.run_id = feed_meet.run) l
     where l.n > 1
     limit 1000;
    insert into feed_fault (run_id, ordinal, line, reference, field, code, message)
    select feed_meet.run, 1100000 + l.ordinal, l.line, l.given ->> 'reference', 'rome', 'unknown',
           'Le code ROME « ' || (l.given ->> 'rome') || ' » n’est pas dans le répertoire de cette installation : son administrateur le complète par « maillage-admin import rome »'
      from feed_line l where l.run_id = feed_meet.run and l.given ->> 'rome' is not null and data.rome_of(l.given ->> 'rome') is null
     order by l.ordinal limit 1000;
    insert into feed_fault (run_id, ordinal, line, reference, field, code, message)
    select feed_meet.run, 1200000 + l.ordinal, l.line, o.reference, 'etat', 'closed', 'Dite close ; un fichier déposé ne retire rien : retirez l’offre vous-même si elle est pourvue'
      from feed_line l join feed_offer o on o.feed_id = f.id and o.reference = l.given ->> 'reference' and o.is_present
     where f.adds and l.run_id = feed_meet.run and l.given ->> 'etat' = 'closed' and (l.given ->> 'fin' < data.today()::text and data.feed_waits(o)) is not true
     order by l.ordinal limit 1000;
    insert into feed_offer as o (feed_id, reference, line, print, given, state, first_at, seen_at, first_run, seen_run, rome, contract)
    select f.id, l.given ->> 'reference', l.line, l.print, l.given, 'incomplete', data.now(), data.now(), feed_meet.run, feed_meet.run,
           data.rome_of(l.given ->> 'rome'), (select k.code from contract k where k.code = l.given ->> 'contrat')
      from (select distinct on (x.given ->> 'reference') x.* from feed_line x where x.run_id = feed_meet.run
             order by x.given ->> 'reference', x.ordinal) l
     where l.given ->> 'etat' is distinct from 'closed'
     order by l.ordinal
    on conflict (feed_id, reference) do update
       set line = excluded.line, given = excluded.given, seen_at = excluded.seen_at, seen_run = excluded.seen_run,
           -- What ended, and came back after it had gone, begins anew.
           state = case when not o.is_present and o.state = 'ended' then 'incomplete' else o.state end,
           offer_id = case when not o.is_present and o.state = 'ended' then null else o.offer_id end,
           applied = case when not o.is_present and o.state = 'ended' then null else o.applied end,
           is_present = true, print = excluded.print,
           version = o.version + case when o.print <> excluded.print then 1 else 0 end,
           rome = coalesce(excluded.rome, o.rome), contract = coalesce(excluded.contract, o.contract),
           -- Another employer than before is looked for again.
           establishment_id = case when o.state = 'incomplete' and o.tied_by <> 'person'
                                        and (o.given -> 'siret', o.given -> 'siren', o.given -> 'entreprise') is distinct from (excluded.given -> 'siret', excluded.given -> 'siren', excluded.given -> 'entreprise')
                                   then null else o.establishment_id end,
           tied_by = case when o.state = 'incomplete' and o.tied_by <> 'person'
                               and (o.given -> 'siret', o.given -> 'siren', o.given -> 'entreprise') is distinct from (excluded.given -> 'siret', excluded.given -> 'siren', excluded.given -> 'entreprise')
                          then null else o.tied_by end;
    update feed_offer o set establishment_id = coalesce(e.merged_into, e.id), tied_by = 'siret', resembling = '[]'
      from establishment e
      join territory_commune tc on tc.commune_code = e.commune_code
      join organisation g on g.territory_id = tc.territory_id
     where o.feed_id = f.id and o.seen_run = feed_meet.run and o.state = 'incomplete' and o.establishment_id is null
       and e.siret = o.given ->> 'siret' and g.id = f.organisation_id;
    -- By its SIREN: the only establishment of it in the town, or in the territory; else a person chooses among them.
    update feed_offer o set establishment_id = w.only, tied_by = case when w.only is not null then 'siren' end, resembling = case when w.only is null then w.list else '[]' end
      from (select x.id,
                   case when count(*) filter (where x.is_there) = 1 then min(x.establishment) filter (where x.is_there)
                        when count(*) = 1 then min(x.establishment) end as only,
                   coalesce(jsonb_agg(jsonb_build_object('establishment', x.establishment, 'probability', null) order by x.is_there desc, x.establishment) filter (where x.rank <= 5), '[]') as list
              from (select p.id, e.id as establishment, e.commune_code is not distinct from p.place as is_there,
                           row_number() over (partition by p.id order by e.commune_code is not distinct from p.place desc, e.id) as rank
                      from (select y.id, y.given ->> 'siren' as siren, data.feed_place(y) as place from feed_offer y
                             where y.feed_id = f.id and y.seen_run = feed_meet.run and y.state = 'incomplete' and y.establishment_id is null and y.given ? 'siren') p
                      join establishment e on e.siren = p.siren and e.merged_into is null and e.status <> 'F'
                      join territory_commune tc on tc.commune_code = e.commune_code
                      join organisation g on g.territory_id = tc.territory_id and g.id = f.organisation_id) x
             group by x.id) w
     where o.id = w.id;
    -- The occupation: named by its number, its label or what it is called, or as people said of the same title before.
    update feed_offer o
       set rome = coalesce(data.rome_named(o.given ->> 'appellation'), data.rome_named(o.given ->> 'titre'),
                           (select x.rome from offer x where x.organisation_id = f.organisation_id and data.title_key(x.title) = data.title_key(o.given ->> 'titre')
                             group by x.rome order by count(*) desc, x.rome limit 1))
     where o.feed_id = f.id and o.seen_run = feed_meet.run and o.state = 'incomplete' and o.rome is null;
end
$$;

-- An offer is no longer in its feed, for this reason. False when nothing ends with it.
create or replace function data.feed_offer_gone(f data.feed_offer, reason text) returns boolean
    language plpgsql security definer set search_path = data, pg_temp as $$
declare
    ended boolean;
begin
    update offer v set state = 'withdrawn', withdrawal = 'feed', reason = left(feed_offer_gone.reason, 500)
     where v.id = f.offer_id and v.state in ('draft', 'confirmed', 'reserved', 'open');
    ended := found or f.state = 'incomplete';
    update feed_offer x set is_present = false, state = case when x.state = 'offer' then 'ended' else x.state end, version = x.version + 1 where x.id = f.id;
    return ended;
end
$$;

-- Why an offer goes that its feed said to hold until a day that is over.
create or replace function data.feed_past(name text, day text) returns text
    language sql stable parallel safe
    return 'Valable jusqu’au ' || to_char(feed_past.day::date, 'DD/MM/YYYY') || ' d’après « ' || feed_past.name || ' »';

-- Ends what was in a feed before this reading and is not any more: what it says is over, or all that it does not name. Returns how many.
-- A file that only adds ends nothing but what waits and is past, as its day would have.
drop function if exists data.feed_withdraw(bigint), data.feed_close(bigint);
create or replace function data.feed_end(run bigint, is_said boolean) returns integer
    language plpgsql security definer set search_path = data, pg_temp as $$
declare
    f   feed;
    o   feed_offer;
    why text;
    fin text;
    n   integer := 0;
begin
    select x.* into f from feed_run r join feed x on x.id = r.feed_id where r.id = feed_end.run;
    why := case when feed_end.is_said then 'Close d’après « ' || f.name || ' »' else 'N’est plus dans « ' || f.name || ' »' end;
    for o in
        select x.* from feed_offer x
         where x.feed_id = f.id and x.is_present and x.seen_run <> feed_end.run
           and (not feed_end.is_said or exists (select from feed_line l where l.run_id = feed_end.run and l.given ->> 'reference' = x.reference
                                                   and (not f.adds or l.given ->> 'fin' < data.today()::text and data.feed_waits(x))))
         order by x.id for update
    loop
        select l.given ->> 'fin' into fin from feed_line l where feed_end.is_said and l.run_id = feed_end.run and l.given ->> 'reference' = o.reference;
        n := n + data.feed_offer_gone(o, case when fin < data.today()::text then data.feed_past(f.name, fin) else why end)::integer;
    end loop;
    return n;
end
$$;

-- Does to one offer of a feed what this reading asks for: 'made', 'changed', null. What the rules refuse is told as a fault and
-- keeps nothing else from coming.
create or replace function data.feed_offer_apply(f data.feed_offer, run bigint) returns text
    language plpgsql security definer set search_path = data, pg_temp as $$
begin
    if f.state = 'incomplete' and cardinality(data.feed_lacks(f)) = 0 then
        perform data.feed_offer_make(f);
        return 'made';
    elsif f.state = 'offer' and exists (select from offer v where v.id = f.offer_id and v.state in ('filled', 'withdrawn', 'expired')) then
        update feed_offer x set state = 'ended', version = x.version + 1 where x.id = f.id; -- somebody ended it: it does not come back by itself
    elsif f.state = 'offer' and data.feed_values(f) is distinct from (select jsonb_object_agg(k, f.applied -> k) from jsonb_object_keys(data.feed_values(f)) k)
          and data.feed_offer_write(f) then
        return 'changed';
    end if;
    return null;
exception when integrity_constraint_violation or data_exception or sqlstate 'ML000' then
    insert into feed_fault (run_id, ordinal, line, reference, code, message)
    select feed_offer_apply.run, greatest(max(x.ordinal), 1999999) + 1, f.line, f.reference, 'refused', 'L’offre n’a pas pu être enregistrée (' || left(sqlerrm, 120) || ')'
      from feed_fault x where x.run_id = feed_offer_apply.run;
    return null;
end
$$;

-- Does what a reading asks for, and ends it. `elements`: how many the feed has; `nameless`: how many of them without a reference.
-- What the feed says is over is withdrawn; so is what silently disappeared, unless that is so much, or the feed so damaged, or a
-- person gave the file, that a person must say. `partial`: the feed only tells what changed, what it does not name is still there.
drop function if exists data.feed_apply(bigint, integer, integer);
create or replace function data.feed_apply(run bigint, elements integer, nameless integer, partial boolean default false) returns text
    language plpgsql security definer set search_path = data, pg_temp as $$
declare
    f       feed;
    o       feed_offer;
    did     text;
    n       record;
    n_made  integer := 0;
    n_new   integer := 0;
    outcome text := 'done';
    gone    integer;
    before  integer;
    taken   integer;
begin
    select x.* into f from feed_run r join feed x on x.id = r.feed_id where r.id = feed_apply.run and r.state = 'waiting' for update of x, r;
    if not found then
        return null;
    end if;
    update feed_run r set writing = pg_current_xact_id() where r.id = feed_apply.run;
    taken := data.feed_end(feed_apply.run, true);
    select count(*) filter (where x.seen_run <> feed_apply.run), count(*) filter (where x.first_run <> feed_apply.run)
      into gone, before
      from feed_offer x
     where x.feed_id = f.id and x.is_present and x.state in ('offer', 'incomplete') and not f.adds and not feed_apply.partial;
    for o in select x.* from feed_offer x where x.feed_id = f.id and x.seen_run = feed_apply.run and x.state in ('offer', 'incomplete')
              order by x.state desc, x.id for update loop
        did := data.feed_offer_apply(o, feed_apply.run);
        n_made := n_made + (did is not distinct from 'made')::integer;
        n_new := n_new + (did is not distinct from 'changed')::integer;
    end loop;
    if gone > 0 then
        if f.address is null or (gone >= 3 and gone * 2 > before) or feed_apply.nameless > 0
           or not exists (select from feed_line l where l.run_id = feed_apply.run and l.given ->> 'etat' is distinct from 'closed')
              and not exists (select from feed_run r where r.id = feed_apply.run and r.outside > 0) then
            outcome := 'held';
        else
            taken := taken + data.feed_end(feed_apply.run, false);
            gone := 0;
        end if;
    end if;
    select count(*) as todo into n from feed_offer x where x.feed_id = f.id and x.seen_run = feed_apply.run and x.state = 'incomplete';
    update feed_run r
       set state = outcome, finished_at = data.now(), elements = feed_apply.elements, made = n_made, changed = n_new, withdrawn = taken,
           missing = gone, incomplete = n.todo, faults = (select count(*) from feed_fault x where x.run_id = r.id), writing = null
     where r.id = feed_apply.run;
    delete from feed_line l where l.run_id = feed_apply.run;
    update feed x set failures = 0, is_read = true where x.id = f.id;
    perform data.feed_task_over(f.id);
    if outcome = 'held' then
        perform data.feed_task(f, 'feed.held', feed_apply.run);
    end if;
    if n_made + n_new + taken > 0 or outcome = 'held' then
        perform data.log('feed.' || case outcome when 'held' then 'held' else 'read' end, null, null,
            jsonb_build_object('feed', f.id, 'name', f.name, 'made', n_made, 'changed', n_new, 'withdrawn', taken, 'missing', gone), null, f.organisation_id);
    end if;
    -- What is older than the last fifty readings is not asked for any more.
    delete from feed_fault x where x.run_id in (select r.id from feed_run r where r.feed_id = f.id order by r.id desc offset 50);
    perform data.feed_ask_again(feed_apply.run);
    return outcome;
end
$$;

-- --- what people do --------------------------------------------------------------------------------------------------------------

create or replace function data.feed_guard() returns trigger
    language plpgsql security definer set search_path = data, pg_temp as $$
begin
    if tg_op = 'INSERT' then
        if 50 <= (select count(*) from feed f where f.organisation_id = new.organisation_id and f.state <> 'removed') then
            perform auth.refuse('feed_too_many');
        end if;
        return new;
    end if;
    if old.state = 'removed' then
        perform auth.refuse('not_found');
    end if;
    if (new.organisation_id, new.member_id, new.made_by, new.made_at, new.adds) is distinct from (old.organisation_id, old.member_id, old.made_by, old.made_at, old.adds) then
        perform auth.refuse('forbidden');
    end if;
    if new.address is distinct from old.address then
        new.etag := null;
        new.modified := null;
        new.is_read := false;
        new.failures := 0;
    end if;
    if new.only_here <> old.only_here then
        new.is_read := false; -- what it has is read again
    end if;
    if new.address is null or new.state <> 'active' then
        new.next_at := null;
    elsif (new.address, new.every_minutes, new.state) is distinct from (old.address, old.every_minutes, old.state) then
        new.next_at := data.now();
    end if;
    return new;
end
$$;
create or replace trigger feed_guard before insert or update on data.feed
    for each row execute function data.feed_guard();

-- A feed for the organisation acted for, with the technical member that signs its offers and the file that holds its last bytes;
-- or, by anybody who writes, a file that only adds.
drop function if exists api.offer_feed_make(text, text, integer, text, boolean);
create or replace function api.offer_feed_make(name text, address text, every_minutes integer, confirmed_with text, adds boolean default false, only_here boolean default false) returns bigint
    language plpgsql security definer set search_path = data, pg_temp as $$
#variable_conflict use_column
declare
    agent bigint;
    file  bigint;
    made  bigint;
begin
    if not auth.is_accountable() and not (offer_feed_make.adds and auth.can_write()) then
        perform auth.refuse('forbidden');
    end if;
    if exists (select from feed f where f.organisation_id = auth.organisation() and lower(f.name) = lower(trim(offer_feed_make.name)) and f.state <> 'removed') then
        perform auth.refuse('feed_name_taken', json_build_object('field', 'name'));
    end if;
    insert into member (email, name, technical)
    values ('flux-' || replace(gen_random_uuid()::text, '-', '') || '@technique.invalid', trim(offer_feed_make.name) || ' (flux d’offres)', true)
    returning id into agent;
    insert into membership (member_id, organisation_id, role) values (agent, auth.organisation(), 'program');
    insert into source_file (kind, organisation_id, member_id, name, sha256, bytes, state)
    values ('feed', auth.organisation(), auth.member(), trim(offer_feed_make.name), sha256(''), 0, 'done')
    returning id into file;
    insert into feed (organisation_id, member_id, file_id, name, address, every_minutes, confirmed_with, adds, only_here, made_by, made_at, next_at)
    values (auth.organisation(), agent, file, trim(offer_feed_make.name), offer_feed_make.address, offer_feed_make.every_minutes,
            nullif(trim(offer_feed_make.confirmed_with), ''), offer_feed_make.adds, coalesce(offer_feed_make.only_here, false), auth.member(), data.now(), case when offer_feed_make.address is not null then data.now() end)
    returning id into made;
    perform data.log('feed.made', null, null, jsonb_build_object('feed', made, 'name', trim(offer_feed_make.name)));
    return made;
end
$$;

-- A feed of one's own, locked. Of a file that only adds, whoever writes answers.
create or replace function data.feed_held(feed bigint, accountable boolean) returns data.feed
    language plpgsql security definer set search_path = data, pg_temp as $$
declare
    f feed;
begin
    select * into f from feed x where x.id = feed_held.feed and x.state <> 'removed' and x.organisation_id = auth.organisation() for update;
    if f.id is null or not auth.can_write() and not auth.is_accountable() then
        perform auth.refuse('not_found');
    end if;
    if feed_held.accountable and not f.adds and not auth.is_accountable() then
        perform auth.refuse('forbidden');
    end if;
    return f;
end
$$;

-- Changes what is given; an empty text takes away. False when the version is no longer that one.
drop function if exists api.offer_feed_change(bigint, integer, text, text, integer, text, text);
create or replace function api.offer_feed_change(feed bigint, version integer, name text, address text, every_minutes integer, confirmed_with text, state text, only_here boolean default null)
    returns boolean
    language plpgsql security definer set search_path = data, pg_temp as $$
declare
    f feed := data.feed_held(offer_feed_change.feed, true);
begin
    if f.version <> offer_feed_change.version then
        return false;
    end if;
    if exists (select from feed x where x.organisation_id = f.organisation_id and x.id <> f.id and lower(x.name) = lower(trim(offer_feed_change.name)) and x.state <> 'removed') then
        perform auth.refuse('feed_name_taken', json_build_object('field', 'name'));
    end if;
    update feed x
       set name = coalesce(trim(offer_feed_change.name), x.name),
           address = case when offer_feed_change.address = '' then null else coalesce(offer_feed_change.address, x.address) end,
           every_minutes = case when offer_feed_change.address = '' then null
                                when x.address is null and offer_feed_change.address is null then null
                                else coalesce(offer_feed_change.every_minutes, x.every_minutes, 60) end,
           confirmed_with = case when offer_feed_change.confirmed_with = '' then null else coalesce(trim(offer_feed_change.confirmed_with), x.confirmed_with) end,
           state = coalesce(offer_feed_change.state, x.state), only_here = coalesce(offer_feed_change.only_here, x.only_here), version = x.version + 1
     where x.id = f.id;
    if offer_feed_change.state in ('paused', 'removed') or coalesce(offer_feed_change.address, f.address) is distinct from f.address then
        perform data.feed_task_over(f.id, 'feed.failing'); -- it was looked at
    end if;
    if offer_feed_change.state = 'removed' then
        perform data.feed_task_over(f.id);
        update source_file s set content = null where s.id = f.file_id;
        update feed_run r set state = 'failed', finished_at = data.now(), error = 'Le flux a été supprimé.' where r.feed_id = f.id and r.state = 'waiting';
        update membership m set ended_on = data.today() where m.member_id = f.member_id;
    end if;
    perform data.log('feed.' || case when coalesce(offer_feed_change.state, f.state) = f.state then 'changed' when offer_feed_change.state = 'active' then 'resumed' else offer_feed_change.state end,
        null, null, jsonb_build_object('feed', f.id, 'name', coalesce(trim(offer_feed_change.name), f.name)));
    return true;
end
$$;

-- How the feed is read from now on; what it holds is read again. False when the version is no longer that one.
create or replace function api.offer_feed_layout(feed bigint, version integer, layout text) returns boolean
    language plpgsql security definer set search_path = data, pg_temp as $$
declare
    f feed := data.feed_held(offer_feed_layout.feed, true);
begin
    if f.version <> offer_feed_layout.version then
        return false;
    end if;
    update feed x set layout = offer_feed_layout.layout, is_read = false, version = x.version + 1 where x.id = f.id;
    perform data.log('feed.described', null, null, jsonb_build_object('feed', f.id, 'name', f.name));
    if (select s.content is not null from source_file s where s.id = f.file_id) then
        perform data.feed_ask(f.id, 'layout');
    end if;
    return true;
end
$$;

-- The file of a feed: its number, for which its bytes are sealed; for whoever writes for the organisation.
create or replace function api.offer_feed_file(feed bigint) returns bigint
    language plpgsql security definer set search_path = data, pg_temp as $$
begin
    return (data.feed_held(offer_feed_file.feed, false)).file_id;
end
$$;

-- Keeps a file given by hand, and asks for its reading.
create or replace function api.offer_feed_give(feed bigint, name text, sha256 bytea, bytes bigint, sealed bytea) returns void
    language plpgsql security definer set search_path = data, pg_temp as $$
declare
    f feed := data.feed_held(offer_feed_give.feed, false);
begin
    if f.state <> 'active' then
        perform auth.refuse('feed_paused');
    end if;
    update source_file s set name = left(offer_feed_give.name, 200), sha256 = offer_feed_give.sha256, bytes = offer_feed_give.bytes,
           content = offer_feed_give.sealed, is_sealed = true, received_at = data.now(), member_id = auth.member()
     where s.id = f.file_id;
    update feed x set is_read = false where x.id = f.id;
    perform data.log('feed.given', null, null, jsonb_build_object('feed', f.id, 'name', f.name, 'file', left(offer_feed_give.name, 200)));
    perform data.feed_ask(f.id, 'upload');
end
$$;

create or replace function api.offer_feed_read(feed bigint) returns void
    language plpgsql security definer set search_path = data, pg_temp as $$
declare
    f feed := data.feed_held(offer_feed_read.feed, false);
begin
    if f.state <> 'active' then
        perform auth.refuse('feed_paused');
    end if;
    if f.address is null and (select s.content is null from source_file s where s.id = f.file_id) then
        perform auth.refuse('feed_empty');
    end if;
    perform data.feed_ask(f.id, 'asked');
end
$$;

-- Somebody says what becomes of the offers that a reading no longer found.
create or replace function api.offer_feed_decide(feed bigint, run bigint, decision text) returns void
    language plpgsql security definer set search_path = data, pg_temp as $$
declare
    f feed := data.feed_held(offer_feed_decide.feed, true);
    n integer := 0;
begin
    if not exists (select from feed_run r where r.id = offer_feed_decide.run and r.feed_id = f.id and r.state = 'held' and r.decision is null
                      and r.id = (select max(x.id) from feed_run x where x.feed_id = f.id and x.state in ('done', 'held'))) then
        perform auth.refuse('feed_decided');
    end if;
    if offer_feed_decide.decision = 'withdraw' then
        n := data.feed_end(offer_feed_decide.run, false);
    else
        update feed_offer x set seen_run = offer_feed_decide.run where x.feed_id = f.id and x.is_present;
    end if;
    update feed_run r
       set decision = offer_feed_decide.decision, decided_by = auth.member(), decided_at = data.now(), state = 'done', withdrawn = r.withdrawn + n
     where r.id = offer_feed_decide.run;
    perform data.feed_task_over(f.id, 'feed.held');
    perform data.log('feed.decided', null, null, jsonb_build_object('feed', f.id, 'name', f.name, 'decision', offer_feed_decide.decision, 'withdrawn', n));
end
$$;

-- One's own offer of a feed, locked.
create or replace function data.feed_offer_held(offer bigint) returns data.feed_offer
    language plpgsql security definer set search_path = data, pg_temp as $$
declare
    o feed_offer;
begin
    select x.* into o from feed_offer x join feed f on f.id = x.feed_id
     where x.id = feed_offer_held.offer and f.organisation_id = auth.organisation() and f.state <> 'removed' for update of x;
    if o.id is null or not auth.can_write() then
        perform auth.refuse('not_found');
    end if;
    return o;
end
$$;

-- Says what an offer of a feed lacks; it becomes an offer as soon as nothing is lacking. The same employer's other offers, which
-- waited for the same answer, follow. False when the version is no longer that one.
drop function if exists api.feed_offer_complete(bigint, integer, bigint, text, text);
create or replace function api.feed_offer_complete(offer bigint, version integer, establishment bigint, rome text, contract text, commune text default null) returns boolean
    language plpgsql security definer set search_path = data, pg_temp as $$
declare
    o    feed_offer := data.feed_offer_held(feed_offer_complete.offer);
    twin feed_offer;
begin
    if o.version <> feed_offer_complete.version then
        return false;
    end if;
    if o.state <> 'incomplete' then
        perform auth.refuse('feed_offer_over', json_build_object('state', o.state));
    end if;
    if feed_offer_complete.establishment is not null and not auth.sees(feed_offer_complete.establishment) then
        perform auth.refuse('invalid', json_build_object('field', 'establishment'));
    end if;
    if feed_offer_complete.rome is not null and not exists (select from rome r where r.code = feed_offer_complete.rome) then
        perform auth.refuse('invalid', json_build_object('field', 'rome'));
    end if;
    if feed_offer_complete.commune is not null and not exists (select from commune c where c.code = feed_offer_complete.commune) then
        perform auth.refuse('invalid', json_build_object('field', 'commune'));
    end if;
    update feed_offer x
       set establishment_id = coalesce(feed_offer_complete.establishment, x.establishment_id), commune_code = coalesce(feed_offer_complete.commune, x.commune_code),
           tied_by = case when feed_offer_complete.establishment is not null then 'person' else x.tied_by end,
           rome = coalesce(feed_offer_complete.rome, x.rome), contract = coalesce(feed_offer_complete.contract, x.contract), version = x.version + 1
     where x.id = o.id;
    if feed_offer_complete.establishment is not null and o.given ?| '{entreprise,siren}' then
        update feed_offer x set establishment_id = feed_offer_complete.establishment, tied_by = 'person', version = x.version + 1
         where x.feed_id = o.feed_id and x.id <> o.id and x.state = 'incomplete' and x.establishment_id is null
           and (x.given ->> 'entreprise', x.given ->> 'siret', x.given ->> 'siren', x.given ->> 'code_postal', x.given ->> 'ville')
               is not distinct from (o.given ->> 'entreprise', o.given ->> 'siret', o.given ->> 'siren', o.given ->> 'code_postal', o.given ->> 'ville');
    end if;
    for twin in select x.* from feed_offer x where x.feed_id = o.feed_id and x.state = 'incomplete' and x.is_present and (x.id = o.id or x.tied_by = 'person') order by x.id for update loop
        if cardinality(data.feed_lacks(twin)) = 0 then
            perform data.feed_offer_make(twin);
        end if;
    end loop;
    return true;
end
$$;

-- Puts an offer of a feed aside: it becomes none, whatever the feed says later; or takes it back.
create or replace function api.feed_offer_put(offer bigint, aside boolean) returns void
    language plpgsql security definer set search_path = data, pg_temp as $$
declare
    o feed_offer := data.feed_offer_held(feed_offer_put.offer);
begin
    if o.state <> (case when feed_offer_put.aside then 'incomplete' else 'aside' end) then
        perform auth.refuse('feed_offer_over', json_build_object('state', o.state));
    end if;
    update feed_offer x set state = case when feed_offer_put.aside then 'aside' else 'incomplete' end, version = x.version + 1 where x.id = o.id;
    perform data.log('feed.' || case when feed_offer_put.aside then 'aside' else 'back' end, null, null,
        jsonb_build_object('feed', o.feed_id, 'reference', o.reference, 'title', o.given ->> 'titre'));
end
$$;

-- Puts several offers of a feed that wait aside at once, or takes them back, as many as the server lets be named in one request (500);
-- returns how many. What has become something else meanwhile stays.
drop function if exists api.feed_offers_put(bigint, bigint[]);
create or replace function api.feed_offers_put(feed bigint, offers bigint[], aside boolean default true) returns integer
    language plpgsql security definer set search_path = data, pg_temp as $$
declare
    f feed := data.feed_held(feed_offers_put.feed, false);
    n integer;
begin
    if not auth.can_write() then
        perform auth.refuse('forbidden');
    end if;
    update feed_offer x set state = case when feed_offers_put.aside then 'aside' else 'incomplete' end, version = x.version + 1
     where x.feed_id = f.id and x.id = any (feed_offers_put.offers) and x.state = case when feed_offers_put.aside then 'incomplete' else 'aside' end;
    get diagnostics n = row_count;
    if n > 0 then
        perform data.log('feed.' || case when feed_offers_put.aside then 'aside' else 'back' end, null, null, jsonb_build_object('feed', f.id, 'count', n));
    end if;
    return n;
end
$$;

-- The feed changed an offer that a person confirmed with its employer: what it says now is taken over.
create or replace function api.feed_offer_take(offer bigint) returns void
    language plpgsql security definer set search_path = data, pg_temp as $$
declare
    o feed_offer := data.feed_offer_held(feed_offer_take.offer);
begin
    if o.state <> 'offer' then
        perform auth.refuse('feed_offer_over', json_build_object('state', o.state));
    end if;
    update feed_run r set writing = pg_current_xact_id() where r.id = o.seen_run;
    perform data.feed_offer_write(o, true);
    update feed_run r set writing = null where r.id = o.seen_run;
end
$$;

-- What the feed says of an offer and its offer does not, column by column, when a person has to say.
create or replace function data.feed_difference(f data.feed_offer) returns jsonb
    language sql stable security definer set search_path = data, pg_temp
    begin atomic
        select coalesce(jsonb_agg(jsonb_build_object('field', k.key, 'was', f.applied -> k.key, 'now', k.value) order by k.key), '[]')
          from jsonb_each(data.feed_values(f)) k
         where f.state = 'offer' and f.applied is not null and k.value is distinct from f.applied -> k.key and k.value <> 'null';
    end;

-- --- what pages show ----------------------------------------------------------------------------------------------------------------

create or replace view api.feed_run_row with (security_invoker = true) as
select r.id, r.feed_id as feed, r.cause, m.name as asked_by, r.asked_at, r.state, r.finished_at, r.status, r.bytes, r.elements, r.made, r.changed,
       r.incomplete, r.withdrawn, r.missing, r.faults, r.error, d.name as decided_by, r.decided_at, r.decision, r.outside
  from data.feed_run r
  left join data.member m on m.id = r.asked_by
  left join data.member d on d.id = r.decided_by;

create or replace view api.offer_feed_row with (security_invoker = true) as
select f.id, f.name, f.address, f.every_minutes, f.confirmed_with, f.state, f.failures, f.next_at, f.made_at, m.name as made_by, f.version,
       f.layout, s.name as file_name, s.bytes as file_bytes, s.received_at as file_at, s.content is not null as has_file,
       (select row_to_json(r) from api.feed_run_row r where r.feed = f.id order by r.id desc limit 1) as last_run,
       (select r.finished_at from data.feed_run r where r.feed_id = f.id and r.state in ('done', 'held', 'unchanged') order by r.id desc limit 1) as read_at,
       n.offers, n.incomplete, n.aside, n.ended, f.adds, f.only_here
  from data.feed f
  join data.member m on m.id = f.made_by
  join data.source_file s on s.id = f.file_id
 cross join lateral (select count(*) filter (where o.state = 'offer') as offers, count(*) filter (where o.state = 'incomplete' and o.is_present) as incomplete,
                            count(*) filter (where o.state = 'aside') as aside, count(*) filter (where o.state = 'ended') as ended
                       from data.feed_offer o where o.feed_id = f.id) n
 where f.state <> 'removed';

create or replace view api.feed_offer_row with (security_invoker = true) as
select o.id, o.feed_id as feed, o.reference, o.line, o.state, o.is_present, o.given, data.feed_lacks(o) as lacks, o.tied_by,
       (select json_build_object('id', e.id, 'name', e.name, 'city', e.city) from data.establishment e where e.id = o.establishment_id) as establishment,
       case when o.state = 'incomplete' and o.establishment_id is null then
           (select coalesce(json_agg(json_build_object('id', e.id, 'name', e.name, 'city', e.city, 'siret', e.siret, 'probability', (x.value ->> 'probability')::numeric)
                                     order by (x.value ->> 'probability')::numeric desc nulls last, x.ordinality), '[]')
              from jsonb_array_elements(o.resembling) with ordinality x join data.establishment e on e.id = (x.value ->> 'establishment')::bigint) else '[]' end as resembling,
       o.rome, r.label as rome_label,
       case when o.state = 'incomplete' and o.rome is null then
           (select coalesce(json_agg(json_build_object('code', x.code, 'label', x.label) order by x.near desc, x.code), '[]')
              from data.rome_near(o.given ->> 'titre') x) else '[]' end as rome_near,
       o.contract, o.offer_id as offer, v.state as offer_state, o.first_at, o.seen_at, o.version,
       case when o.state = 'offer' then data.feed_difference(o) else '[]' end as difference
  from data.feed_offer o
  left join data.rome r on r.code = o.rome
  left join data.offer v on v.id = o.offer_id;

-- The faults of a reading as a table.
create or replace function api.feed_fault_lines(feed bigint, run bigint)
    returns table ("Ligne" integer, "Référence" text, "Champ" text, "Faute" text, "Explication" text)
    language sql stable set search_path = data, pg_temp
    begin atomic
        select x.line, x.reference, x.field, x.code, x.message from data.feed_fault x join data.feed_run r on r.id = x.run_id
         where x.run_id = feed_fault_lines.run and r.feed_id = feed_fault_lines.feed order by x.ordinal;
    end;
