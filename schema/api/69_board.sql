-- The public board as pages: open offers found by words, place and contract. Nothing of the employer but the commune.

-- The commune that a visitor means by a name, a postcode or an INSEE code: the largest one. Of one that has become part of another, by
-- whose name people go on, the one of today.
create or replace function api.board_place(place text) returns table (code text, name text)
    language plpgsql stable security definer set search_path = data, ext, pg_temp
    -- Planning takes ten times as long as looking.
    set plan_cache_mode = 'force_generic_plan' as $$
#variable_conflict use_column
begin
    return query
    select t.code, t.name
      from (select c.code, c.name, 1 as rank, c.population from data.commune c
             where c.code = board_place.place or c.postcodes @> array[board_place.place] or c.place_key = data.place_key(board_place.place)
            union all
            select c.code, c.name, 2, c.population from data.commune c
             where length(board_place.place) >= 4 and c.place_key >= data.place_key(board_place.place)
               and c.place_key < data.place_key(board_place.place) || 'zzzz') x
      join data.commune t on t.code = data.commune_today(x.code)
     order by x.rank, x.population desc nulls last, x.code
     limit 1;
end
$$;

-- Whether an offer is open: one that stands behind it is then not shown (data.offer_twin).
create or replace function data.is_open(offer bigint) returns boolean
    language sql stable security definer set search_path = data, pg_temp
    begin atomic
        select exists (select from data.offer o where o.id = is_open.offer and o.state = 'open');
    end;

-- Each open offer has its line, in the transaction that opens, changes or closes it.
create or replace function data.board_follow() returns trigger
    language plpgsql security definer set search_path = data, pg_temp as $$
begin
    delete from board_line b using fresh n where b.offer_id = n.id and (n.state <> 'open' or n.sandbox);
    insert into board_line as b (offer_id, opened_at, replaced_by, on_board, on_atom, on_sitemap, commune_code, contract, rome, search)
    select n.id, n.opened_at, n.replaced_by, 'board' = any (n.channels), 'atom' = any (n.channels), 'sitemap' = any (n.channels), n.commune_code, n.contract, n.rome, n.search
      from fresh n where n.state = 'open' and not n.sandbox
    on conflict (offer_id) do update
       set (opened_at, replaced_by, on_board, on_atom, on_sitemap, commune_code, contract, rome, search)
         = (excluded.opened_at, excluded.replaced_by, excluded.on_board, excluded.on_atom, excluded.on_sitemap, excluded.commune_code, excluded.contract,
            excluded.rome, excluded.search)
     where b.* is distinct from excluded.*;
    return null;
end
$$;
create or replace trigger board_new after insert on data.offer
    referencing new table as fresh for each statement execute function data.board_follow();
create or replace trigger board_changed after update on data.offer
    referencing new table as fresh for each statement execute function data.board_follow();

-- Open offers, newest first, after a position. Words: at most six, all of them in the title or the occupation, or together the beginning of
-- a name that the occupation goes by; `near`: INSEE code, and `km` around its centre. `outlet`: what the agreements must have named, the board
-- or its Atom feed. Planned for what is asked: a rare word, a small place and everything are not alike.
drop function if exists api.board_search(text, text, integer, text, timestamptz, bigint, integer);
drop function if exists api.public_offers(text, text, timestamptz, bigint, integer);
create or replace function api.board_search(q text, near text, km integer, contract text, before_at timestamptz, before_id bigint, most integer,
                                            outlet text default 'board')
    returns setof api.public_offer_line
    language plpgsql stable security definer set search_path = data, ext, pg_temp set plan_cache_mode = 'force_generic_plan' as $$
declare
    folded text := trim(translate(data.fold(left(board_search.q, 100)), '\%_', ''));
    words  text[] := array(select '%' || w || '%' from regexp_split_to_table(folded, '\s+') w where w <> '' limit 6);
    middle geometry := (select c.centre from commune c where c.code = board_search.near);
    places text[] := case when middle is null then array[board_search.near]
                          else array(select c.code from commune c
                                      where c.centre && ST_Expand(middle, board_search.km / 70.0, board_search.km / 110.0)
                                        -- On a plane that touches there: a thousandth off at a hundred kilometres.
                                        and ((ST_X(c.centre) - ST_X(middle)) * cosd(ST_Y(middle))) ^ 2 + (ST_Y(c.centre) - ST_Y(middle)) ^ 2
                                            <= (board_search.km / 111.2) ^ 2) end;
    romes  text[];
    filter text := case board_search.outlet when 'atom' then 'f.on_atom' else 'f.on_board' end;
    found  bigint[];
begin
    if words <> '{}' then
        if length(folded) >= 4 then
            execute 'select array(select distinct a.rome from data.appellation a where a.search like $1 or a.search like $2)'
               into romes using folded || '%', '%/ ' || folded || '%';
        end if;
        filter := filter || ' and (' || (select string_agg('f.search like $1[' || i || ']', ' and ') from generate_subscripts(words, 1) i)
                         || case when romes <> '{}' then ' or f.rome = any ($7))' else ')' end;
    end if;
    if board_search.near is not null then
        -- What many places hold is looked at line by line when words are few: a list of it all would cost more.
        filter := filter || ' and ' || case when words <> '{}' and cardinality(places) > 4 then '(f.commune_code || '''')' else 'f.commune_code' end || ' = any ($2)';
    end if;
    if board_search.contract is not null then
        filter := filter || ' and f.contract = $3';
    end if;
    if board_search.before_at is not null then
        filter := filter || ' and (f.opened_at, f.offer_id) < ($4, $5)';
    end if;
    -- Which, planned for what is asked; their lines, by a plan that is kept.
    execute 'select array(select f.offer_id from data.board_line f where ' || filter
            || ' and (f.replaced_by is null or not data.is_open(f.replaced_by)) order by f.opened_at desc, f.offer_id desc limit $6)'
       into found
        using words, places, board_search.contract, board_search.before_at, board_search.before_id, least(board_search.most, 1001), romes;
    return query select o.* from unnest(found) with ordinality u (id, n) join api.public_offer_line o on o.id = u.id order by u.n;
end
$$;

-- The same for programs: one commune, the board.
create or replace function api.public_offers(q text, commune text, before_at timestamptz, before_id bigint, most integer)
    returns setof api.public_offer_line
    language sql stable
    begin atomic
        select o.* from api.board_search(public_offers.q, public_offers.commune, 0, null, public_offers.before_at, public_offers.before_id,
                                         least(public_offers.most, 101)) o;
    end;

-- Occupations whose name resembles what was written, for whoever found nothing.
create or replace function api.board_meant(q text) returns setof text
    language plpgsql stable security definer set search_path = data, ext, pg_temp set plan_cache_mode = 'force_generic_plan' as $$
declare
    wanted text := data.fold(left(board_meant.q, 60));
begin
    return query
    select m.label
      from (select r.code, r.label, ext.word_similarity(wanted, r.search) as likeness from data.rome r where wanted operator(ext.<%) r.search) m
     where exists (select from data.board_line b where b.rome = m.code and b.on_board)
     order by m.likeness desc, m.label limit 4;
end
$$;

-- Whether an offer was open once and is no longer: the page says so, and search engines forget it.
create or replace function api.board_gone(id bigint) returns boolean
    language sql stable security definer set search_path = data, pg_temp
    begin atomic
        select exists (select from data.offer o where o.id = board_gone.id and o.opened_at is not null and o.state <> 'open' and not o.sandbox and 'board' = any (o.channels));
    end;

-- A title as search engines want it: the name of the job, without the reference that some write behind it.
create or replace function data.posting_title(title text) returns text
    language sql immutable parallel safe
    return coalesce(nullif(regexp_replace(posting_title.title, '[[:space:]]*[-–—,/([]*[[:space:]]*\m(réf|ref)(érence|erence)?[[:space:].:°n#]*[[:alnum:]_/-]*[0-9][[:alnum:]_/-]*[])]*[[:space:]]*$', '', 'i'), ''),
                    posting_title.title);

-- An open offer as schema.org/JobPosting. The employer's name is not published: the organisation that collected it stands
-- for it. No `<` in the text: it stands in a page.
create or replace function api.board_posting(id bigint, site text) returns text
    language plpgsql stable security definer set search_path = data, pg_temp as $$
begin
    return (
        select replace(json_strip_nulls(json_build_object(
            '@context', 'https://schema.org', '@type', 'JobPosting',
            'title', data.posting_title(o.title),
            'description', coalesce(nullif('<p>' || replace(replace(replace(replace(o.description, '&', '&amp;'), '<', '&lt;'), '>', '&gt;'), E'\n', '<br>') || '</p>', '<p></p>'),
                                    '<p>' || r.label || ', ' || k.label || '</p>'),
            'identifier', json_build_object('@type', 'PropertyValue', 'name', 'Maillage', 'value', o.id::text),
            'url', board_posting.site || '/offres/' || o.id,
            'datePosted', to_char(o.opened_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'),
            'validThrough', to_char(o.closes_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'),
            'employmentType', case when o.work_time = 'part' or o.work_time is null and o.hours < 35 then 'PART_TIME' else case o.contract when 'cdi' then 'FULL_TIME' when 'interim' then 'TEMPORARY' when 'internship' then 'INTERN'
                              when 'apprenticeship' then 'OTHER' when 'professionalisation' then 'OTHER' else 'TEMPORARY' end end,
            'baseSalary', case when (o.salary_min is not null or o.salary_max is not null) and o.salary_period in ('hour', 'month', 'year') then json_build_object('@type', 'MonetaryAmount', 'currency', 'EUR',
                'value', json_build_object('@type', 'QuantitativeValue', 'value', case when o.salary_min is null or o.salary_max is null or o.salary_min = o.salary_max then coalesce(o.salary_min, o.salary_max) end,
                                           'minValue', case when o.salary_min < o.salary_max then o.salary_min end, 'maxValue', case when o.salary_min < o.salary_max then o.salary_max end,
                                           'unitText', case o.salary_period when 'hour' then 'HOUR' when 'month' then 'MONTH' when 'year' then 'YEAR' end)) end,
            'experienceRequirements', case when o.experience = 'none' then to_json('no requirements'::text)
                when o.experience_months is not null then json_build_object('@type', 'OccupationalExperienceRequirements', 'monthsOfExperience', o.experience_months) end,
            'skills', (select string_agg(q.value ->> 'label', ', ') from jsonb_array_elements(o.requirements) q where q.value ->> 'kind' in ('skill', 'language', 'licence')),
            'jobBenefits', nullif(array_to_string(o.benefits, ', '), ''),
            'occupationalCategory', o.rome || ' ' || r.label,
            'totalJobOpenings', o.posts - o.posts_filled,
            'workHours', case when o.hours is not null then replace(trim_scale(o.hours)::text, '.', ',') || ' heures par semaine' end,
            'jobStartDate', o.starts_on,
            'directApply', false,
            'hiringOrganization', json_build_object('@type', 'Organization', 'name', g.name),
            'jobLocation', json_build_object('@type', 'Place', 'address', json_build_object('@type', 'PostalAddress',
                'addressLocality', c.name, 'postalCode', c.postcodes[1], 'addressRegion', coalesce((select z.name from data.zone z where z.level = 'region' and z.code = c.region),
                                                             (select z.name from data.zone z where z.level = 'departement' and z.code = c.department), c.department),
                'addressCountry', 'FR')),
            'applicationContact', json_build_object('@type', 'ContactPoint', 'telephone', case when o.apply_by = 'employer' then o.apply_phone else g.phone end,
                                                    'email', case when o.apply_by = 'employer' then o.apply_email else g.email end)))::text, '<', '\u003c')
          from data.offer o
          join data.rome r on r.code = o.rome
          join data.contract k on k.code = o.contract
          join data.organisation g on g.id = o.organisation_id
          join data.commune c on c.code = o.commune_code -- one that is nowhere is no posting
         where o.id = board_posting.id and o.state = 'open' and not o.sandbox and 'posting' = any (o.channels));
end
$$;

-- Addresses for search engines: every open offer, a page of fifty thousand at a time, by id.
create or replace function api.board_ids(after bigint, most integer) returns table (id bigint, opened_at timestamptz)
    language sql stable security definer set search_path = data, pg_temp
    begin atomic
        select b.offer_id, b.opened_at from data.board_line b
         where b.on_sitemap and (b.replaced_by is null or not data.is_open(b.replaced_by)) and b.offer_id > board_ids.after
         order by b.offer_id limit least(board_ids.most, 50000);
    end;

-- A day as people read it: 3 juin 2026.
create or replace function api.board_day(day date) returns text
    language sql immutable strict parallel safe
    return extract(day from day) || case when extract(day from day) = 1 then 'er ' else ' ' end
           || (array['janvier', 'février', 'mars', 'avril', 'mai', 'juin', 'juillet', 'août', 'septembre', 'octobre', 'novembre', 'décembre'])[extract(month from day)::integer]
           || ' ' || extract(year from day);

-- The numbers after which each file of fifty thousand addresses begins.
create or replace function api.board_parts() returns setof bigint
    language sql stable security definer set search_path = data, pg_temp
    begin atomic
        select 0::bigint
        union all
        select x.id
          from (select b.offer_id as id, row_number() over (order by b.offer_id) as n from data.board_line b
                 where b.on_sitemap and (b.replaced_by is null or not data.is_open(b.replaced_by))) x
         where x.n % 50000 = 0;
    end;

-- What people wrote, as printers set it: no line breaks before ; : ! ? % » €. What the web app does when it shows words.
create or replace function api.board_french(words text) returns text
    language sql immutable strict parallel safe
    return regexp_replace(regexp_replace(words, '(\S) ([;:!?%»€])(?=[[:space:]<).,/]|$)', '\1' || chr(8239) || '\2', 'g'), '« ', '«' || chr(8239), 'g');

-- What is asked of one kind, in words.
create or replace function data.offer_asked(requirements jsonb, kind text) returns text
    language sql immutable parallel safe
    return (select string_agg(r.value ->> 'label' || case when (r.value ->> 'required')::boolean then ' (exigé)' else '' end, ', ' order by r.ordinality)
              from jsonb_array_elements(offer_asked.requirements) with ordinality r where r.value ->> 'kind' = offer_asked.kind);

-- What else an offer says, line by line, as its page shows it.
create or replace function data.offer_facts(id bigint) returns table (label text, value text)
    language plpgsql stable security definer set search_path = data, pg_temp as $$
#variable_conflict use_column
begin
    return query
    select v.label, api.board_french(v.value)
      from data.offer o
     cross join lateral (values
        (1, 'Durée du contrat', o.duration || case o.duration_unit when 'day' then ' jour' when 'week' then ' semaine' else ' mois' end
                                || case when o.duration > 1 and o.duration_unit <> 'month' then 's' else '' end),
        (2, 'Temps de travail', case o.work_time when 'full' then 'Temps plein' when 'part' then 'Temps partiel' end),
        (3, 'Horaires', o.schedule),
        (4, 'Avantages', array_to_string(o.benefits, ', ')),
        (5, 'Expérience', case o.experience when 'none' then 'Débutant accepté' when 'wished' then 'Souhaitée' when 'required' then 'Exigée' end
                          || case when o.experience <> 'none' and o.experience_months is not null then
                                 ', ' || case when o.experience_months % 12 = 0 then o.experience_months / 12 || case when o.experience_months > 12 then ' ans' else ' an' end
                                              else o.experience_months || ' mois' end else '' end),
        (6, 'Qualification', (array['Manœuvre', 'Ouvrier spécialisé', 'Ouvrier qualifié (P1, P2)', 'Ouvrier qualifié (P3, P4, OHQ)', 'Employé non qualifié',
                                    'Employé qualifié', 'Technicien', 'Agent de maîtrise', 'Cadre'])[o.qualification]),
        (7, 'Compétences', data.offer_asked(o.requirements, 'skill')),
        (8, 'Qualités', data.offer_asked(o.requirements, 'quality')),
        (9, 'Formation', data.offer_asked(o.requirements, 'training')),
        (10, 'Langues', data.offer_asked(o.requirements, 'language')),
        (11, 'Permis', data.offer_asked(o.requirements, 'licence')),
        (12, 'Conditions', array_to_string(o.conditions, ', ')),
        (13, 'Déplacements', (array['Jamais', 'Ponctuels', 'Fréquents', 'Quotidiens'])[o.travel]),
        (14, 'Handicap', nullif(concat_ws(', ', case when o.accessible then 'Poste accessible' end, case when o.adapted then 'Entreprise adaptée' end), ''))) v (rank, label, value)
     where o.id = offer_facts.id and v.value <> ''
     order by v.rank;
end
$$;

create or replace function api.board_facts(id bigint) returns table (label text, value text)
    language plpgsql stable security definer set search_path = data, pg_temp as $$
begin
    if exists (select from data.offer o where o.id = board_facts.id and o.state = 'open' and not o.sandbox and 'board' = any (o.channels)) then
        return query select f.label, f.value from data.offer_facts(board_facts.id) f;
    end if;
end
$$;

-- The same to the employer, by its link.
create or replace function api.confirmation_facts(token_hash bytea) returns table (label text, value text)
    language plpgsql stable security definer set search_path = data, pg_temp as $$
begin
    return query select f.label, f.value from data.offer_link l cross join lateral data.offer_facts(l.offer_id) f
                  where l.token_hash = confirmation_facts.token_hash
    union all select 'Valable jusqu’au', api.board_day(o.ends_on) from data.offer_link l join data.offer o on o.id = l.offer_id
                  where l.token_hash = confirmation_facts.token_hash and o.ends_on is not null;
end
$$;

-- How one applies at the employer's, when the employer wants to be asked itself; and the offer that stands for this one.
create or replace function api.board_ways(id bigint)
    returns table (is_employer boolean, name text, url text, email text, phone text, note text, shown bigint, shown_title text)
    language plpgsql stable security definer set search_path = data, pg_temp as $$
#variable_conflict use_column
begin
    return query
    select o.apply_by = 'employer', o.apply_name, o.apply_url, o.apply_email, o.apply_phone, api.board_french(o.apply_note), t.id, api.board_french(t.title)
      from data.offer o
      left join data.offer t on t.id = o.replaced_by and t.state = 'open' and not t.sandbox and 'board' = any (t.channels)
     where o.id = board_ways.id and o.state = 'open' and not o.sandbox and 'board' = any (o.channels);
end
$$;
