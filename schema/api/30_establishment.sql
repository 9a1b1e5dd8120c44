-- Establishments: search, standing, opposition.

-- An organisation as every document names it.
create or replace function api.organisation_ref(o data.organisation) returns json
    language sql stable
    return json_build_object('id', o.id, 'name', o.name, 'short_name', o.short_name, 'network', o.network);

-- The name of a town as commune.place_key has it, from what people write: "ST GERAND DE VAUX", "St Pourçain s/ Sioule", "MOULINS CEDEX 9",
-- "Lyon 4ème".
create or replace function data.place_key(place text) returns text
    language sql immutable strict parallel safe
    return regexp_replace(regexp_replace(regexp_replace(regexp_replace(regexp_replace(regexp_replace(trim(regexp_replace(regexp_replace(regexp_replace(
        data.fold(place), '\ms/s(/|\M)', ' sous ', 'g'), '\ms/', ' sur ', 'g'), '[^a-z0-9]+', ' ', 'g')),
        ' cedex( [0-9]+)?$', ''), '\mst\M', 'saint', 'g'), '\mste\M', 'sainte', 'g'), '\s+', ' ', 'g'),
        '^(paris|lyon|marseille) 0*1(er|e|ere)?( arr(ondissement)?)?$', '\1 1er arrondissement'),
        '^(paris|lyon|marseille) 0*([1-9][0-9]?)(e|eme)?( arr(ondissement)?)?$', '\1 \2e arrondissement');

-- The commune of today that a code of whatever year names: communes merge, registers and files go on naming them.
create or replace function data.commune_today(code text) returns text
    language sql stable parallel safe
    return coalesce((select f.commune_code from data.commune_former f where f.code = commune_today.code), commune_today.code);

-- The communes of a territory as runs: between two of them that follow each other in the list of all communes, no other
-- commune lies, so a run has no hole that matters. A département is one run, a bassin d’emploi some sixty.
create or replace function data.territory_runs(territory bigint) returns int4multirange
    language sql stable security definer set search_path = data, pg_temp
    begin atomic
        with every as (
            select data.commune_number(c.code) as n, row_number() over (order by data.commune_number(c.code)) as place from data.commune c
        ), mine as (
            select e.n, e.place - row_number() over (order by e.n) as run
              from every e join data.territory_commune t on t.number = e.n and t.territory_id = territory_runs.territory
        ), span as (
            select int4range(min(m.n), max(m.n), '[]') as span from mine m group by m.run
        )
        select coalesce(range_agg(s.span), '{}') from span s;
    end;
create or replace function data.territory_runs_keep() returns trigger
    language plpgsql security definer set search_path = data, pg_temp as $$
begin
    update territory t set runs = data.territory_runs(t.id) where t.runs is distinct from data.territory_runs(t.id);
    return null;
end
$$;
create or replace trigger territory_runs_keep after insert or update or delete or truncate on data.territory_commune
    for each statement execute function data.territory_runs_keep();
create or replace trigger territory_runs_keep after insert or update of code or delete on data.commune
    for each statement execute function data.territory_runs_keep();
update data.territory t set runs = data.territory_runs(t.id) where t.runs is distinct from data.territory_runs(t.id);

create or replace function data.standing_of(establishment bigint) returns void
    language plpgsql security definer set search_path = data, pg_temp as $$
begin
    insert into data.standing as s (establishment_id, visits, last_visit_at, last_contact_at, last_contact_by, rest_until, opposed)
    select standing_of.establishment,
           (select count(*) from data.contact_event c where c.establishment_id = standing_of.establishment and c.kind = 'visit'),
           (select max(c.at) from data.contact_event c where c.establishment_id = standing_of.establishment and c.kind = 'visit'),
           last.at, last.organisation_id,
           -- The agreement is asked once for each network and kind, not for each of the events: there may be hundreds.
           (select max(c.day + case c.kind when 'visit' then a.rest_visit_days when 'call' then a.rest_call_days
                                           when 'mail' then a.rest_mail_days else a.rest_forum_days end)
              from (select o.network, x.kind, max((x.at at time zone 'Europe/Paris')::date) as day
                      from data.contact_event x
                      join data.organisation o on o.id = x.organisation_id
                     where x.establishment_id = standing_of.establishment
                     group by o.network, x.kind) c
              cross join lateral data.agreement_in_force(c.network) a),
           exists (select from data.opposition p
                    where p.establishment_id = standing_of.establishment and p.subject = 'establishment' and p.lifted_at is null)
      from (select 1) one
      left join lateral (select c.at, c.organisation_id from data.contact_event c
                          where c.establishment_id = standing_of.establishment
                          order by c.at desc, c.id desc limit 1) last on true
    on conflict (establishment_id) do update
       set visits = excluded.visits, last_visit_at = excluded.last_visit_at, last_contact_at = excluded.last_contact_at,
           last_contact_by = excluded.last_contact_by, rest_until = excluded.rest_until, opposed = excluded.opposed;
end
$$;

create or replace function data.standing_follows() returns trigger
    language plpgsql security definer set search_path = data, pg_temp as $$
begin
    perform standing_of(new.establishment_id);
    return null;
end
$$;
create or replace trigger standing_follows after insert on data.contact_event
    for each row execute function data.standing_follows();
create or replace trigger standing_follows after insert or update on data.opposition
    for each row when (new.subject = 'establishment') execute function data.standing_follows();

-- An opposition waits for promises being made on the same employer, and they for it (promise_guard): the row is the lock.
create or replace function data.opposition_guard() returns trigger
    language plpgsql security definer set search_path = data, pg_temp as $$
begin
    if tg_op = 'UPDATE' and data.is_moving() then
        return new; -- with its employer (data.merge_do)
    end if;
    perform from establishment e where e.id = new.establishment_id for no key update;
    if tg_op = 'INSERT' then
        new.at := data.now();
        new.lifted_at := null;
        if new.subject = 'person' and not exists (select from contact c where c.id = new.contact_id and c.erased_at is null
                                                     and c.establishment_id = new.establishment_id) then
            perform auth.refuse('invalid', json_build_object('field', 'contact'));
        end if;
    elsif old.lifted_at is not null or new.lifted_at is null or coalesce(new.lifted_reason, '') = '' then
        perform auth.refuse('reason_required');
    else
        new.lifted_at := data.now();
    end if;
    return new;
end
$$;
create or replace trigger opposition_guard before insert or update on data.opposition
    for each row execute function data.opposition_guard();

create or replace function data.opposition_told() returns trigger
    language plpgsql security definer set search_path = data, pg_temp as $$
declare
    p record;
begin
    if tg_op = 'UPDATE' and data.is_moving() then
        return null;
    end if;
    perform data.log(case when tg_op = 'INSERT' then 'opposition.recorded' else 'opposition.lifted' end,
                     new.establishment_id, null,
                     case when new.subject = 'person' then jsonb_build_object('contact', new.contact_id) else '{}' end,
                     new.member_id, new.organisation_id);
    if new.subject = 'person' then
        if tg_op = 'INSERT' then
            perform data.opposition_bind(new.id);
        else
            perform data.opposition_unbind(new.id);
        end if;
    elsif tg_op = 'INSERT' then
        -- A refusal ends what was planned, whoever planned it.
        for p in select id from promise where establishment_id = new.establishment_id and state = 'active' loop
            update visit set state = 'cancelled', reason = 'Opposition de l’employeur' where promise_id = p.id and state = 'planned';
            update promise set state = 'returned', reason = 'Opposition de l’employeur' where id = p.id;
        end loop;
    end if;
    return null;
end
$$;
create or replace trigger opposition_told after insert or update on data.opposition
    for each row execute function data.opposition_told();

-- Ids of the territory's establishments whose names hold every word of the text, whose SIRET starts with its digits, or
-- where somebody has this phone number or e-mail address.
-- Runs as the owner because an index may not be searched with LIKE under a row policy; the territory is checked here,
-- and the caller's query applies the policy again.
create or replace function api.establishment_match(q text) returns setof bigint
    language plpgsql stable security definer set search_path = data, ext, pg_temp rows 100 as $$
declare
    digits text := regexp_replace(q, '[[:space:].]', '', 'g');
    words  text[];
begin
    if not auth.is_partner() then
        return;
    end if;
    -- A phone number or an e-mail address, as the server hands it on: its hash, then the text as typed.
    if q ~ '^contact:[0-9a-f]{32} ' then
        return query
            select distinct c.establishment_id
              from contact_key k
              join contact c on c.id = k.contact_id
              join establishment e on e.id = c.establishment_id
             where k.hash = decode(substr(q, 9, 32), 'hex') and (c.shared or c.organisation_id = auth.organisation())
               and exists (select from territory_commune tc
                            where tc.territory_id = auth.territory() and tc.commune_code = e.commune_code);
        q := substr(q, 42);
        digits := regexp_replace(q, '[[:space:].]', '', 'g');
    end if;
    if digits ~ '^[0-9]{5,14}$' then
        return query
            select coalesce(e.merged_into, e.id) from establishment e
             where e.siret >= digits and e.siret < rpad(digits, 15, ':')
               and exists (select from territory_commune tc
                            where tc.territory_id = auth.territory() and tc.commune_code = e.commune_code);
        return;
    end if;
    -- Four words are enough to find anything; the rest would only cost.
    words := array(select replace(replace(replace(w, '\', '\\'), '%', '\%'), '_', '\_')
                     from regexp_split_to_table(trim(data.fold(left(q, 200))), '\s+') w where w <> '');
    if cardinality(words) = 0 then
        return;
    end if;
    return query
        select coalesce(e.merged_into, e.id) from establishment e
         where e.search like '%' || words[1] || '%'
           and (words[2] is null or e.search like '%' || words[2] || '%')
           and (words[3] is null or e.search like '%' || words[3] || '%')
           and (words[4] is null or e.search like '%' || words[4] || '%')
           and exists (select from territory_commune tc
                        where tc.territory_id = auth.territory() and tc.commune_code = e.commune_code);
end
$$;

-- One line of the list: the establishment, who holds it and in which state it stands for prospecting. Runs as its owner
-- and checks the territory once, where policies on each of the three tables would check it three times for every line
-- (2.8 s instead of 0.2 s for counting 120,000 lines). The tests attack it like a table.
create or replace view api.establishment_line as
select e.id, e.siret, e.name, e.siren, e.sort_name, e.city, e.commune_code, e.naf, e.size_band, e.status, e.diffusion,
       e.location, s.last_visit_at, s.visits, s.rest_until, s.last_contact_by,
       p.id as promise_id, p.organisation_id as holder_id, p.member_id as holder_member_id, p.due_on,
       case when s.opposed then 'opposed'
            when p.id is not null then 'promised'
            when s.rest_until >= (select data.today()) then 'resting'
            else 'free' end as state,
       s.opposed
  from data.establishment e
  left join data.standing s on s.establishment_id = e.id
  left join data.promise p on p.establishment_id = e.id and p.state = 'active'
 where (select auth.is_partner()) and e.merged_into is null
   -- `is true` keeps this a look-up in one hash per query; as a join it is misjudged next to `last_visit_at is null`.
   and (e.commune_code in (select tc.commune_code from data.territory_commune tc
                            where tc.territory_id = (select auth.territory()))) is true;

-- The divisions (two digits) of a list of NAF sections and beginnings of codes, and the patterns that say the rest, null
-- when the divisions say it all. Called immutable, though they read the classification, so that the planner knows their
-- values: the queries of the list are planned at each run.
create or replace function api.naf_divisions(naf text) returns text[]
    language plpgsql immutable parallel safe set search_path = data, pg_temp as $$
declare
    divisions text[] := '{}';
    w         text;
begin
    foreach w in array string_to_array(naf_divisions.naf, ',') loop
        if w ~ '^[0-9][0-9]' then
            divisions := divisions || left(w, 2);
        elsif w ~ '^[0-9A-Z]$' then
            divisions := divisions || array(select n.code from naf n where n.level = 2 and (n.section = w or left(n.code, 1) = w));
        end if;
    end loop;
    return divisions;
end
$$;
create or replace function api.naf_patterns(naf text) returns text[]
    language plpgsql immutable parallel safe set search_path = data, pg_temp as $$
begin
    if naf_patterns.naf ~ '^[0-9A-Z]{1,2}(,[0-9A-Z]{1,2})*$' then
        return null;
    end if;
    return array(select n.code || '%' from naf n where n.level = 2 and n.section = any (string_to_array(naf_patterns.naf, ','))
                 union all
                 select w || '%' from unnest(string_to_array(naf_patterns.naf, ',')) w where w ~ '^[0-9][0-9.A-Z]*$');
end
$$;

-- The states of a line that a list of states leaves out.
create or replace function api.states_besides(states text) returns text[]
    language plpgsql immutable parallel safe as $$
begin
    return array(select x from unnest(array['free', 'promised', 'resting', 'opposed']) x
                  where x <> all (string_to_array(states_besides.states, ',')));
end
$$;

-- Whether the person sees this segment: a partner of its territory, and of its organisation when it is kept private.
create or replace function auth.sees_segment(segment bigint) returns boolean
    language plpgsql stable security definer set search_path = data, pg_temp as $$
begin
    return auth.is_partner()
           and exists (select from segment s where s.id = sees_segment.segment and s.territory_id = auth.territory()
                          and (s.shared or s.organisation_id = auth.organisation()));
end
$$;

-- The members of a segment that the person sees. Its own check, once; the caller's query applies that of the list again.
create or replace function api.segment_members(segment bigint) returns setof bigint
    language plpgsql stable security definer set search_path = data, pg_temp rows 2000 as $$
begin
    if auth.sees_segment(segment_members.segment) then
        return query select m.establishment_id from segment_member m where m.segment_id = segment_members.segment;
    end if;
end
$$;

-- The lines of the list that pass the filters; null means no filter. Inlined into the query that calls it, so that a page
-- sorted by name walks the index and stops. Lists are comma-separated: communes, size bands (`unknown`: none known), NAF
-- sections or beginnings of codes, states (free, promised, resting, opposed; mine and ours: held by me, by my
-- organisation).
--
-- The queries that call it are planned for the values of each run, and what is said here is for the planner. One value is
-- said by `=`, since only that lets an index give its rows in the order of names. The planner knows nothing of computed
-- columns, and takes `= 'free'` or `is null` for rare where nearly every line is (a second instead of 2 ms): common states
-- are said by what they are not, rare ones also by the columns that make them, and never visited by a comparison.
drop function if exists api.establishment_filter(text, text, text, text, text, text, boolean);
create or replace function api.establishment_filter(q text, communes text, naf text, sizes text, states text, visited text,
                                                    segment bigint, closed boolean)
    returns setof api.establishment_line
    language sql stable as $$
    select l.* from api.establishment_line l
     where (establishment_filter.closed or l.status = 'A')
       and (establishment_filter.q is null or l.id in (select api.establishment_match(establishment_filter.q)))
       and (establishment_filter.segment is null or l.id in (select api.segment_members(establishment_filter.segment)))
       and (establishment_filter.communes is null
            or (establishment_filter.communes !~ ',' and l.commune_code = establishment_filter.communes)
            or (establishment_filter.communes ~ ',' and l.commune_code = any (string_to_array(establishment_filter.communes, ','))))
       and (establishment_filter.naf is null
            or (establishment_filter.naf ~ '^[0-9]{2}[^,]*$' and left(l.naf, 2) = left(establishment_filter.naf, 2))
            or (establishment_filter.naf !~ '^[0-9]{2}[^,]*$' and left(l.naf, 2) = any (api.naf_divisions(establishment_filter.naf))))
       and (establishment_filter.naf is null or api.naf_patterns(establishment_filter.naf) is null
            or l.naf like any (api.naf_patterns(establishment_filter.naf)))
       and (establishment_filter.sizes is null
            or (establishment_filter.sizes = 'unknown' and l.size_band is null)
            or (establishment_filter.sizes !~ ',' and l.size_band = establishment_filter.sizes)
            or (establishment_filter.sizes ~ ',' and l.size_band = any (string_to_array(establishment_filter.sizes, ',')))
            or (establishment_filter.sizes ~ ',unknown|unknown,' and l.size_band is null))
       and (establishment_filter.states is null or l.state <> all (api.states_besides(establishment_filter.states))
            or (l.holder_id = (select auth.organisation())
                and ('ours' = any (string_to_array(establishment_filter.states, ','))
                     or ('mine' = any (string_to_array(establishment_filter.states, ',')) and l.holder_member_id = (select auth.member())))))
       and (establishment_filter.states is null or not string_to_array(establishment_filter.states, ',') <@ '{promised,mine,ours}'
            or l.promise_id is not null)
       and (establishment_filter.states is null or not string_to_array(establishment_filter.states, ',') <@ '{mine,ours}'
            or l.holder_id = (select auth.organisation()))
       and (establishment_filter.states is null or establishment_filter.states <> 'resting'
            or l.rest_until >= (select data.today()))
       and (establishment_filter.states is null or establishment_filter.states <> 'opposed' or l.opposed)
       and (establishment_filter.visited is null
            or (establishment_filter.visited = 'never' and coalesce(l.last_visit_at, '-infinity') < '0001-01-01')
            or (establishment_filter.visited = 'year' and l.last_visit_at >= (select data.now()) - interval '12 months')
            or (establishment_filter.visited = 'older' and l.last_visit_at < (select data.now()) - interval '12 months'))
$$;

-- How well a folded name answers what was typed, best first: the name itself; its words among others, in this order and then in any;
-- the beginning of the name; the beginnings of its words; anything else that the search finds (a town, letters within a word).
-- `said` is what was typed, as api.establishment_said has it. Neither looks anything up, so that a plan made for one question works out once what
-- depends on it alone, and what is left is compared row by row, be they a hundred thousand.
drop function if exists api.establishment_rank(text, text);
create or replace function api.establishment_said(q text) returns text
    language sql immutable parallel safe
    return coalesce(regexp_replace(trim(data.fold(left(q, 200))), '\s+', ' ', 'g'), '');
create or replace function api.establishment_starts(said text) returns text[]
    language sql immutable parallel safe
    return string_to_array('% ' || replace(translate(said, '\%_', ''), ' ', '%' || chr(31) || '% ') || '%', chr(31));
create or replace function api.establishment_rank(said text, name text) returns text
    language sql immutable parallel safe
    return case when establishment_rank.said = '' then '5'
                when establishment_rank.name = establishment_rank.said then '0'
                when strpos(' ' || establishment_rank.name || ' ', ' ' || establishment_rank.said || ' ') > 0 then '1'
                when string_to_array(establishment_rank.said, ' ') <@ string_to_array(establishment_rank.name, ' ') then '2'
                when starts_with(establishment_rank.name, establishment_rank.said) then '3'
                when ' ' || establishment_rank.name like all (api.establishment_starts(establishment_rank.said)) then '4'
                else '5' end;

-- Where the values of an establishment come from, one row per field, without what the source keeps to itself. In
-- PL/pgSQL, whose plan is kept: as SQL it would be planned again for each sheet.
create or replace function api.provenance(establishment bigint)
    returns table (field text, source text, organisation_id bigint, rule text, at timestamptz)
    language plpgsql stable security definer set search_path = data, pg_temp rows 12 as $$
#variable_conflict use_column
begin
    if not auth.sees(provenance.establishment) then
        return;
    end if;
    return query
        select v.field, coalesce(o.name, f.name), o.id, v.rule, v.since
          from establishment_value v
          left join value_statement t on t.id = v.statement_id
          left join source_record r on r.id = v.source_record_id
          left join source_file f on f.id = r.file_id
          left join organisation o on o.id = coalesce(t.organisation_id, f.organisation_id)
         where v.establishment_id = provenance.establishment
        union all
        select 'register', f.name, null::bigint, f.kind, coalesce(e.register_date::timestamptz, f.received_at)
          from establishment e
          join source_file f on f.id = e.register_file
         where e.id = provenance.establishment;
end
$$;
