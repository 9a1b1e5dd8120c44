
CREATE SCHEMA api;

CREATE SCHEMA auth;

CREATE SCHEMA data;

CREATE SCHEMA ext;

CREATE EXTENSION IF NOT EXISTS pg_trgm WITH SCHEMA ext;

COMMENT ON EXTENSION pg_trgm IS 'text similarity measurement and index searching based on trigrams';

CREATE EXTENSION IF NOT EXISTS postgis WITH SCHEMA ext;

COMMENT ON EXTENSION postgis IS 'PostGIS geometry and geography spatial types and functions';

CREATE FUNCTION api.absence_change(absence bigint, last_on date, cancelled boolean) RETURNS void
    LANGUAGE plpgsql
    AS $$
begin
    update data.absence a
       set last_on = coalesce(absence_change.last_on, a.last_on),
           cancelled_at = case when absence_change.cancelled then data.now() else a.cancelled_at end
     where a.id = absence_change.absence;
    if not found then
        perform auth.refuse(case when exists (select from data.absence a where a.id = absence_change.absence) then 'forbidden' else 'not_found' end);
    end if;
end
$$;

CREATE FUNCTION api.absence_declare(member bigint, closure boolean, first_on date, last_on date) RETURNS bigint
    LANGUAGE plpgsql
    AS $$
declare
    made bigint;
begin
    if (absence_declare.closure or absence_declare.member <> auth.member()) and auth.role() <> 'manager' then
        perform auth.refuse('forbidden');
    end if;
    insert into data.absence (organisation_id, member_id, first_on, last_on, made_by)
    values (auth.organisation(), case when not absence_declare.closure then coalesce(absence_declare.member, auth.member()) end,
            absence_declare.first_on, absence_declare.last_on, auth.member())
    returning id into made;
    return made;
end
$$;

CREATE FUNCTION api.absorbed_by(establishment bigint) RETURNS json
    LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path TO 'data', 'pg_temp'
    AS $$
begin
    return (select coalesce(json_agg(json_build_object('merge', m.id, 'id', e.id, 'name', e.name, 'siret', e.siret, 'kind', m.kind, 'at', m.at,
                       'since', s.since, 'member', b.name, 'reason', m.reason,
                       'organisation', (select api.organisation_ref(o) from organisation o where o.id = m.organisation_id),
                       'visible', auth.sees(e.id)) order by m.id desc), '[]')
              from establishment e
              join merge m on m.absorbed_id = e.id and m.undone_at is null
              left join succession s on s.id = m.succession_id
              left join member b on b.id = m.member_id
             where e.merged_into = absorbed_by.establishment and auth.is_partner());
end
$$;

CREATE TABLE data.questionnaire (
    id bigint NOT NULL,
    network text,
    version integer NOT NULL,
    questions jsonb NOT NULL,
    organisation_id bigint,
    member_id bigint,
    made_at timestamp with time zone NOT NULL,
    CONSTRAINT questionnaire_questions CHECK (((jsonb_typeof(questions) = 'array'::text) AND (jsonb_array_length(questions) <= 30)))
);

CREATE TABLE data.report_answer (
    visit_id bigint NOT NULL,
    questionnaire_id bigint NOT NULL,
    code text NOT NULL,
    value text NOT NULL,
    network text,
    CONSTRAINT report_answer_value CHECK (((length(value) >= 1) AND (length(value) <= 1000)))
);

CREATE TABLE data.report_answer_revision (
    visit_id bigint NOT NULL,
    version integer NOT NULL,
    questionnaire_id bigint NOT NULL,
    code text NOT NULL,
    value text NOT NULL,
    network text
);

CREATE FUNCTION api.answers_of(visit bigint, version integer DEFAULT NULL::integer) RETURNS json
    LANGUAGE sql STABLE
    RETURN (SELECT COALESCE(json_agg(json_build_object('questionnaire', g.questionnaire_id, 'code', g.code, 'label', (e.q ->> 'label'::text), 'kind', (e.q ->> 'kind'::text), 'network', g.network, 'values', g."values") ORDER BY g.network NULLS FIRST, e.place), '[]'::json) AS "coalesce" FROM (((SELECT a.questionnaire_id, a.code, a.network, json_agg(a.value ORDER BY a.value) AS "values" FROM (SELECT x.questionnaire_id, x.code, x.network, x.value FROM data.report_answer x WHERE ((x.visit_id = answers_of.visit) AND (answers_of.version IS NULL)) UNION ALL SELECT x.questionnaire_id, x.code, x.network, x.value FROM data.report_answer_revision x WHERE ((x.visit_id = answers_of.visit) AND (x.version = answers_of.version))) a GROUP BY a.questionnaire_id, a.code, a.network) g JOIN data.questionnaire n ON ((n.id = g.questionnaire_id))) CROSS JOIN LATERAL jsonb_array_elements(n.questions) WITH ORDINALITY e(q, place)) WHERE ((e.q ->> 'code'::text) = g.code));

CREATE FUNCTION api.board_day(day date) RETURNS text
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    RETURN ((((EXTRACT(day FROM day) || CASE WHEN (EXTRACT(day FROM day) = (1)::numeric) THEN 'er '::text ELSE ' '::text END) || (ARRAY['janvier'::text, 'février'::text, 'mars'::text, 'avril'::text, 'mai'::text, 'juin'::text, 'juillet'::text, 'août'::text, 'septembre'::text, 'octobre'::text, 'novembre'::text, 'décembre'::text])[(EXTRACT(month FROM day))::integer]) || ' '::text) || EXTRACT(year FROM day));

CREATE FUNCTION api.board_french(words text) RETURNS text
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    RETURN regexp_replace(regexp_replace(words, '(\S) ([;:!?%»])(?=[[:space:]<).,]|$)'::text, (('\1'::text || chr(8239)) || '\2'::text), 'g'::text), '« '::text, ('«'::text || chr(8239)), 'g'::text);

CREATE TABLE data.offer (
    id bigint NOT NULL,
    establishment_id bigint NOT NULL,
    organisation_id bigint NOT NULL,
    member_id bigint NOT NULL,
    visit_id bigint,
    need_id bigint,
    title text NOT NULL,
    rome text NOT NULL COLLATE pg_catalog."C",
    contract text NOT NULL,
    posts smallint DEFAULT 1 NOT NULL,
    description text DEFAULT ''::text NOT NULL,
    starts_on date,
    hours numeric(3,1),
    salary text,
    publics text[] DEFAULT '{}'::text[] NOT NULL,
    commune_code text COLLATE pg_catalog."C",
    state text DEFAULT 'draft'::text NOT NULL,
    reason text,
    confirmed_with text,
    confirmed_at timestamp with time zone,
    opens_at timestamp with time zone,
    opened_at timestamp with time zone,
    closed_at timestamp with time zone,
    created_at timestamp with time zone NOT NULL,
    version integer DEFAULT 1 NOT NULL,
    posts_filled smallint DEFAULT 0 NOT NULL,
    closes_at timestamp with time zone,
    search text DEFAULT ''::text NOT NULL,
    sandbox boolean DEFAULT false NOT NULL,
    CONSTRAINT offer_closes CHECK (((opened_at IS NULL) = (closes_at IS NULL))),
    CONSTRAINT offer_confirmed CHECK (((state = ANY (ARRAY['draft'::text, 'withdrawn'::text])) OR (confirmed_at IS NOT NULL))),
    CONSTRAINT offer_confirmed_with CHECK ((length(confirmed_with) <= 160)),
    CONSTRAINT offer_description CHECK ((length(description) <= 6000)),
    CONSTRAINT offer_filled_whole CHECK (((state = ANY (ARRAY['filled'::text, 'withdrawn'::text, 'expired'::text])) OR (posts_filled < posts))),
    CONSTRAINT offer_hours CHECK (((hours >= (1)::numeric) AND (hours <= (48)::numeric))),
    CONSTRAINT offer_opened CHECK (((state <> 'open'::text) OR (opened_at IS NOT NULL))),
    CONSTRAINT offer_posts CHECK (((posts >= 1) AND (posts <= 500))),
    CONSTRAINT offer_posts_filled CHECK (((posts_filled >= 0) AND (posts_filled <= posts))),
    CONSTRAINT offer_reason CHECK ((length(reason) <= 500)),
    CONSTRAINT offer_reserved_until CHECK (((state = ANY (ARRAY['draft'::text, 'confirmed'::text, 'withdrawn'::text])) OR (opens_at IS NOT NULL))),
    CONSTRAINT offer_salary CHECK ((length(salary) <= 120)),
    CONSTRAINT offer_state CHECK ((state = ANY (ARRAY['draft'::text, 'confirmed'::text, 'reserved'::text, 'open'::text, 'filled'::text, 'withdrawn'::text, 'expired'::text]))),
    CONSTRAINT offer_title CHECK (((length(title) >= 3) AND (length(title) <= 160)))
);

CREATE FUNCTION api.board_gone(id bigint) RETURNS boolean
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'data', 'pg_temp'
    BEGIN ATOMIC
 SELECT (EXISTS ( SELECT
            FROM data.offer o
           WHERE ((o.id = board_gone.id) AND (o.opened_at IS NOT NULL) AND (o.state <> 'open'::text) AND (NOT o.sandbox)))) AS "exists";
END;

CREATE FUNCTION api.board_ids(after bigint, most integer) RETURNS TABLE(id bigint, opened_at timestamp with time zone)
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'data', 'pg_temp'
    BEGIN ATOMIC
 SELECT o.id,
     o.opened_at
    FROM data.offer o
   WHERE ((o.state = 'open'::text) AND (NOT o.sandbox) AND (o.id > board_ids.after))
   ORDER BY o.id
  LIMIT LEAST(board_ids.most, 50000);
END;

CREATE FUNCTION data.fold(value text) RETURNS text
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    RETURN lower(translate(replace(replace(value, 'œ'::text, 'oe'::text), 'Œ'::text, 'OE'::text), 'ÀÂÄÁÃÅÇÉÈÊËÎÏÍÌÔÖÓÒÕÛÜÙÚŸÑàâäáãåçéèêëîïíìôöóòõûüùúÿñ’-'''::text, 'AAAAAACEEEEIIIIOOOOOUUUUYNaaaaaaceeeeiiiiooooouuuuyn   '::text));

CREATE TABLE data.rome (
    code text NOT NULL COLLATE pg_catalog."C",
    label text NOT NULL,
    search text GENERATED ALWAYS AS (data.fold(((code || ' '::text) || label))) STORED NOT NULL,
    CONSTRAINT rome_code CHECK ((code ~ '^[A-N][0-9]{4}$'::text))
);

CREATE FUNCTION api.board_meant(q text) RETURNS SETOF text
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'data', 'ext', 'pg_temp'
    BEGIN ATOMIC
 SELECT r.label
    FROM data.rome r
   WHERE ((data.fold("left"(board_meant.q, 60)) OPERATOR(ext.<%) r.search) AND (EXISTS ( SELECT
            FROM data.offer o
           WHERE ((o.rome = r.code) AND (o.state = 'open'::text) AND (NOT o.sandbox)))))
   ORDER BY (ext.word_similarity(data.fold("left"(board_meant.q, 60)), r.search)) DESC, r.label
  LIMIT 4;
END;

CREATE FUNCTION api.board_parts() RETURNS SETOF bigint
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'data', 'pg_temp'
    BEGIN ATOMIC
 SELECT (0)::bigint AS int8
 UNION ALL
  SELECT x.id
    FROM ( SELECT o.id,
             row_number() OVER (ORDER BY o.id) AS n
            FROM data.offer o
           WHERE ((o.state = 'open'::text) AND (NOT o.sandbox))) x
   WHERE ((x.n % (50000)::bigint) = 0);
END;

CREATE FUNCTION data.commune_number(code text) RETURNS integer
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    RETURN ((((ascii(code) - 48) * 12000) + ((POSITION((substr(code, 2, 1)) IN ('0123456789AB'::text)) - 1) * 1000)) + (substr(code, 3))::integer);

CREATE TABLE data.commune (
    code text NOT NULL COLLATE pg_catalog."C",
    name text NOT NULL,
    department text NOT NULL COLLATE pg_catalog."C",
    region text COLLATE pg_catalog."C",
    postcodes text[] DEFAULT '{}'::text[] NOT NULL,
    population integer,
    centre ext.geometry(Point,4326),
    cell ext.geometry(MultiPolygon,4326),
    cell_kind text,
    place_key text GENERATED ALWAYS AS (regexp_replace(regexp_replace(regexp_replace(data.fold(name), '\s+'::text, ' '::text, 'g'::text), '\mst\M'::text, 'saint'::text, 'g'::text), '\mste\M'::text, 'sainte'::text, 'g'::text)) STORED COLLATE pg_catalog."C",
    search text GENERATED ALWAYS AS (data.fold(name)) STORED NOT NULL,
    number integer GENERATED ALWAYS AS (data.commune_number(code)) STORED,
    CONSTRAINT commune_cell CHECK (((cell IS NULL) = (cell_kind IS NULL))),
    CONSTRAINT commune_cell_kind CHECK ((cell_kind = ANY (ARRAY['voronoi'::text, 'contour'::text]))),
    CONSTRAINT commune_code CHECK ((code ~ '^[0-9][0-9AB][0-9]{3}$'::text))
);

CREATE FUNCTION api.board_place(place text) RETURNS TABLE(code text, name text)
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'data', 'ext', 'pg_temp'
    BEGIN ATOMIC
 SELECT x.code,
     x.name
    FROM ( SELECT c.code,
             c.name,
             1 AS rank,
             c.population
            FROM data.commune c
           WHERE ((c.code = board_place.place) OR (c.postcodes @> ARRAY[board_place.place]) OR (c.search = data.fold(board_place.place)))
         UNION ALL
          SELECT c.code,
             c.name,
             2,
             c.population
            FROM data.commune c
           WHERE ((length(board_place.place) >= 4) AND (c.search ~>=~ data.fold(board_place.place)) AND (c.search ~<~ (data.fold(board_place.place) || 'zzzz'::text)))) x
   ORDER BY x.rank, x.population DESC NULLS LAST, x.code
  LIMIT 1;
END;

CREATE TABLE data.contract (
    code text NOT NULL,
    label text NOT NULL,
    rank smallint NOT NULL
);

CREATE TABLE data.organisation (
    id bigint NOT NULL,
    network text NOT NULL,
    territory_id bigint NOT NULL,
    name text NOT NULL,
    short_name text NOT NULL,
    address text,
    commune_code text COLLATE pg_catalog."C",
    base ext.geometry(Point,4326),
    phone text,
    email text,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    sandbox_of bigint,
    CONSTRAINT organisation_name_length CHECK ((((length(name) >= 2) AND (length(name) <= 120)) AND ((length(short_name) >= 2) AND (length(short_name) <= 40))))
);

CREATE FUNCTION api.board_posting(id bigint, site text) RETURNS text
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'data', 'pg_temp'
    BEGIN ATOMIC
 SELECT replace((json_strip_nulls(json_build_object('@context', 'https://schema.org', '@type', 'JobPosting', 'title', o.title, 'description', COALESCE(NULLIF((('<p>'::text || replace(replace(replace(replace(o.description, '&'::text, '&amp;'::text), '<'::text, '&lt;'::text), '>'::text, '&gt;'::text), '
'::text, '<br>'::text)) || '</p>'::text), '<p></p>'::text), (((('<p>'::text || r.label) || ', '::text) || k.label) || '</p>'::text)), 'identifier', json_build_object('@type', 'PropertyValue', 'name', 'Maillage', 'value', (o.id)::text), 'url', ((board_posting.site || '/offres/'::text) || o.id), 'datePosted', to_char((o.opened_at AT TIME ZONE 'UTC'::text), 'YYYY-MM-DD"T"HH24:MI:SS"Z"'::text), 'validThrough', to_char((o.closes_at AT TIME ZONE 'UTC'::text), 'YYYY-MM-DD"T"HH24:MI:SS"Z"'::text), 'employmentType',
         CASE o.contract
             WHEN 'cdi'::text THEN 'FULL_TIME'::text
             WHEN 'interim'::text THEN 'TEMPORARY'::text
             WHEN 'internship'::text THEN 'INTERN'::text
             WHEN 'apprenticeship'::text THEN 'OTHER'::text
             WHEN 'professionalisation'::text THEN 'OTHER'::text
             ELSE 'TEMPORARY'::text
         END, 'occupationalCategory', ((o.rome || ' '::text) || r.label), 'totalJobOpenings', (o.posts - o.posts_filled), 'workHours',
         CASE
             WHEN (o.hours IS NOT NULL) THEN (replace((trim_scale(o.hours))::text, '.'::text, ','::text) || ' heures par semaine'::text)
             ELSE NULL::text
         END, 'jobStartDate', o.starts_on, 'directApply', false, 'hiringOrganization', json_build_object('@type', 'Organization', 'name', g.name), 'jobLocation', json_build_object('@type', 'Place', 'address', json_build_object('@type', 'PostalAddress', 'addressLocality', c.name, 'postalCode', c.postcodes[1], 'addressRegion', c.department, 'addressCountry', 'FR')), 'applicationContact', json_build_object('@type', 'ContactPoint', 'telephone', g.phone, 'email', g.email))))::text, '<'::text, '\u003c'::text) AS replace
    FROM ((((data.offer o
      JOIN data.rome r ON ((r.code = o.rome)))
      JOIN data.contract k ON ((k.code = o.contract)))
      JOIN data.organisation g ON ((g.id = o.organisation_id)))
      LEFT JOIN data.commune c ON ((c.code = o.commune_code)))
   WHERE ((o.id = board_posting.id) AND (o.state = 'open'::text) AND (NOT o.sandbox));
END;

CREATE VIEW api.public_offer_line AS
 SELECT o.id,
    o.title,
    o.rome,
    r.label AS rome_label,
    o.contract,
    k.label AS contract_label,
    (o.posts - o.posts_filled) AS posts,
    o.description,
    o.starts_on,
    o.hours,
    o.salary,
    o.commune_code,
    c.name AS commune,
    o.opened_at,
    g.name AS organisation,
    g.phone AS organisation_phone,
    g.email AS organisation_email,
    g.network
   FROM ((((data.offer o
     JOIN data.rome r ON ((r.code = o.rome)))
     JOIN data.contract k ON ((k.code = o.contract)))
     JOIN data.organisation g ON ((g.id = o.organisation_id)))
     LEFT JOIN data.commune c ON ((c.code = o.commune_code)))
  WHERE ((o.state = 'open'::text) AND (NOT o.sandbox));

CREATE FUNCTION api.board_search(q text, near text, km integer, contract text, before_at timestamp with time zone, before_id bigint, most integer) RETURNS SETOF api.public_offer_line
    LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path TO 'data', 'ext', 'pg_temp'
    AS $_$
declare
    words  text[] := array(select '%' || replace(replace(replace(w, '\', ''), '%', ''), '_', '') || '%'
                             from regexp_split_to_table(trim(data.fold(left(board_search.q, 100))), '\s+') w where w <> '' limit 6);
    middle geometry := (select c.centre from commune c where c.code = board_search.near);
    places text[] := case when middle is null then array[board_search.near]
                          else array(select c.code from commune c
                                      where c.centre && ST_Expand(middle, board_search.km / 70.0, board_search.km / 110.0)
                                        and ST_DWithin(c.centre::geography, middle::geography, board_search.km * 1000)) end;
    filter text := '';
begin
    for i in 1 .. cardinality(words) loop
        filter := filter || ' and f.search like $1[' || i || ']';
    end loop;
    if board_search.near is not null then
        filter := filter || ' and f.commune_code = any ($2)';
    end if;
    if board_search.contract is not null then
        filter := filter || ' and f.contract = $3';
    end if;
    if board_search.before_at is not null then
        filter := filter || ' and (f.opened_at, f.id) < ($4, $5)';
    end if;
    return query execute
        'select o.* from (select f.id, f.opened_at from data.offer f where f.state = ''open'' and not f.sandbox' || filter
        || ' order by f.opened_at desc, f.id desc limit $6) x join api.public_offer_line o on o.id = x.id order by x.opened_at desc, x.id desc'
        using words, places, board_search.contract, board_search.before_at, board_search.before_id, least(board_search.most, 1001);
end
$_$;

CREATE FUNCTION api.call_list(mine boolean) RETURNS json
    LANGUAGE sql STABLE
    AS $$
    with due as (
        select p.establishment_id, p.id as promise_id, p.member_id, p.due_on, p.made_at as since
          from data.promise p
         where p.organisation_id = auth.organisation() and p.state = 'active' and (not call_list.mine or p.member_id = auth.member())
           and not exists (select from data.visit v where v.promise_id = p.id and v.state = 'planned')
        union all
        select c.establishment_id, null, c.member_id, null, null
          from data.call c
         where c.organisation_id = auth.organisation() and c.next_on is not null and (not call_list.mine or c.member_id = auth.member())
           and not exists (select from data.call x where x.establishment_id = c.establishment_id and x.organisation_id = c.organisation_id and x.id > c.id)
           and not exists (select from data.promise p where p.establishment_id = c.establishment_id and p.state = 'active')
    ), last as (
        select d.*, l.next_on, l.at as called_at
          from due d
          left join lateral (select c.next_on, c.at from data.call c
                              where c.establishment_id = d.establishment_id and c.organisation_id = auth.organisation()
                                and c.at >= coalesce(d.since, c.at)
                              order by c.id desc limit 1) l on true
    )
    select json_build_object('items', coalesce(json_agg(json_build_object(
               'establishment', json_build_object('id', e.id, 'name', e.name, 'city', e.city, 'phone', e.phone),
               'promise', l.promise_id, 'due_on', l.due_on, 'member', json_build_object('id', m.id, 'name', m.name),
               'next_on', l.next_on, 'called_at', l.called_at,
               'bounds', case when l.promise_id is not null then api.visit_bounds(l.establishment_id, l.promise_id) end,
               'contacts', (select coalesce(json_agg(json_build_object('id', k.id, 'sealed', api.sealed(k), 'channel', k.channel) order by k.confirmed_on desc nulls last, k.id), '[]')
                              from data.contact k
                             where k.establishment_id = l.establishment_id and k.erased_at is null and k.opposition_id is null),
               'calls', (select coalesce(json_agg(json_build_object('id', c.id, 'at', c.at, 'outcome', c.outcome, 'outcome_label', c.outcome_label,
                                                                    'reached', c.reached, 'note', c.note, 'next_on', c.next_on, 'member', c.member) order by c.id desc), '[]')
                           from (select * from api.call_row r where r.establishment_id = l.establishment_id order by r.id desc limit 5) c))
               order by coalesce(l.next_on, data.today()) > data.today(), l.due_on nulls last, l.establishment_id), '[]'))
      from (select * from last order by due_on nulls last, establishment_id limit 100) l
      join data.establishment e on e.id = l.establishment_id
      join data.member m on m.id = l.member_id
$$;

CREATE FUNCTION api.call_make(establishment bigint, contact bigint, outcome text, note text, next_on date, override_reason text) RETURNS bigint
    LANGUAGE plpgsql
    AS $$
declare
    made bigint;
begin
    if not exists (select from data.establishment e where e.id = call_make.establishment) then
        perform auth.refuse('not_found');
    end if;
    insert into data.call (establishment_id, organisation_id, member_id, contact_id, outcome, note, next_on, override_reason)
    values (call_make.establishment, auth.organisation(), auth.member(), call_make.contact, call_make.outcome,
            nullif(trim(call_make.note), ''), call_make.next_on, call_make.override_reason)
    returning id into made;
    return made;
end
$$;

CREATE FUNCTION api.channel_change(channel bigint, version integer, name text, target text, events text[], state text) RETURNS boolean
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'data', 'pg_temp'
    AS $$
declare
    c channel := data.channel_held(channel_change.channel);
begin
    if c.version <> channel_change.version then
        return false;
    end if;
    update channel x
       set name = coalesce(trim(channel_change.name), x.name), target = coalesce(channel_change.target, x.target),
           events = coalesce(channel_change.events, x.events), state = coalesce(channel_change.state, x.state), version = x.version + 1
     where x.id = c.id;
    return true;
end
$$;

CREATE FUNCTION api.channel_make(kind text, name text, target text, events text[], sandbox boolean, secret bigint, sealed bytea) RETURNS bigint
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'data', 'pg_temp'
    AS $$
#variable_conflict use_column
declare
    made  bigint;
    whose bigint := auth.organisation();
begin
    if not auth.is_accountable() then
        perform auth.refuse('forbidden');
    end if;
    if channel_make.sandbox then
        whose := data.sandbox_of(whose);
    end if;
    insert into channel (organisation_id, kind, name, target, events, made_by)
    values (whose, channel_make.kind, trim(channel_make.name), channel_make.target, channel_make.events, auth.member())
    on conflict (organisation_id, lower(name)) where state <> 'removed' do nothing
    returning id into made;
    if made is null then
        perform auth.refuse('channel_name_taken', json_build_object('field', 'name'));
    end if;
    insert into channel_secret (id, channel_id, sealed, made_at) overriding system value
    values (channel_make.secret, made, channel_make.sealed, data.now());
    return made;
end
$$;

CREATE FUNCTION api.channel_rotate(channel bigint, secret bigint, sealed bytea) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'data', 'pg_temp'
    AS $$
declare
    c channel := data.channel_held(channel_rotate.channel);
begin
    update channel_secret s set ends_at = data.now() + interval '1 day' where s.channel_id = c.id and s.ends_at is null;
    insert into channel_secret (id, channel_id, sealed, made_at) overriding system value
    values (channel_rotate.secret, c.id, channel_rotate.sealed, data.now());
    update channel x set version = x.version + 1 where x.id = c.id;
    perform data.log('channel.rotated', null, null, jsonb_build_object('channel', c.id, 'kind', c.kind, 'name', c.name));
end
$$;

CREATE TABLE data.channel_secret (
    id bigint NOT NULL,
    channel_id bigint NOT NULL,
    sealed bytea NOT NULL,
    made_at timestamp with time zone NOT NULL,
    ends_at timestamp with time zone
);

ALTER TABLE data.channel_secret ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME data.channel_secret_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE FUNCTION api.channel_secret_number() RETURNS bigint
    LANGUAGE sql SECURITY DEFINER
    SET search_path TO 'data', 'pg_temp'
    BEGIN ATOMIC
 SELECT nextval('data.channel_secret_id_seq'::regclass) AS nextval;
END;

CREATE FUNCTION api.channel_test(channel bigint) RETURNS bigint
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'data', 'pg_temp'
    AS $$
declare
    c    channel := data.channel_held(channel_test.channel);
    made bigint := nextval('data.delivery_id_seq');
begin
    if c.state <> 'active' then
        perform auth.refuse('channel_paused');
    end if;
    insert into delivery (id, channel_id, kind, message, body, due_at, made_at) overriding system value
    values (made, c.id, 'webhook.test', 'msg_test_' || made,
            json_build_object('type', 'webhook.test', 'timestamp', to_char(data.now() at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'),
                              'data', json_build_object('channel', c.id))::text, data.now(), data.now());
    return made;
end
$$;

CREATE FUNCTION api.claim_make(establishment bigint, kind text, detail text) RETURNS bigint
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'data', 'pg_temp'
    AS $$
begin
    if not auth.can_write() then
        perform auth.refuse('forbidden');
    end if;
    if not auth.sees(claim_make.establishment) then
        perform auth.refuse('not_found');
    end if;
    return data.claim_say(claim_make.establishment, claim_make.kind, claim_make.detail, null, auth.organisation(), auth.member());
end
$$;

CREATE FUNCTION api.claim_settle(claim bigint, state text, reason text) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'data', 'pg_temp'
    AS $$
declare
    c data.claim;
begin
    select * into c from data.claim x where x.id = claim_settle.claim for update;
    if c.id is null or not auth.sees(c.establishment_id) then
        perform auth.refuse('not_found');
    end if;
    if not auth.can_write() or (claim_settle.state = 'withdrawn' and c.organisation_id <> auth.organisation()) then
        perform auth.refuse('forbidden');
    end if;
    if claim_settle.state <> 'withdrawn' and (c.organisation_id = auth.organisation() or c.member_id = auth.member()) then
        perform auth.refuse('claim_own');
    end if;
    if claim_settle.state = 'denied' and length(trim(coalesce(claim_settle.reason, ''))) < 3 then
        perform auth.refuse('reason_required', json_build_object('field', 'reason'));
    end if;
    update data.claim x
       set state = claim_settle.state, settled_how = case claim_settle.state when 'withdrawn' then 'author' else 'partner' end,
           settled_by = auth.organisation(), settled_member = auth.member(), reason = nullif(trim(claim_settle.reason), '')
     where x.id = c.id;
end
$$;

CREATE FUNCTION api.confirmation_answer(token_hash bytea, answer text, name text, comment text) RETURNS json
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'data', 'pg_temp'
    AS $$
declare
    l     offer_link;
    o     offer;
    fault text;
begin
    select x.offer_id into l.offer_id from offer_link x where x.token_hash = confirmation_answer.token_hash;
    if not found then
        perform auth.refuse('not_found');
    end if;
    perform data.offer_hold(l.offer_id);
    select * into l from offer_link x where x.token_hash = confirmation_answer.token_hash for update;
    fault := data.offer_link_fault(l);
    if fault is not null then
        perform auth.refuse(fault);
    end if;
    if confirmation_answer.answer = 'corrected' and coalesce(trim(confirmation_answer.comment), '') = '' then
        perform auth.refuse('reason_required', json_build_object('field', 'comment'));
    end if;
    update offer_link x
       set answer = confirmation_answer.answer, answered_at = data.now(), answered_by = trim(confirmation_answer.name),
           comment = nullif(trim(confirmation_answer.comment), '')
     where x.id = l.id;
    select * into o from offer x where x.id = l.offer_id;
    if confirmation_answer.answer = 'confirmed' then
        update offer x set state = 'confirmed', confirmed_with = trim(confirmation_answer.name),
                           reason = 'Confirmée en ligne par l’employeur' where x.id = o.id;
        update offer x set state = 'reserved', reason = null where x.id = o.id;
    else
        insert into task (kind, mark, organisation_id, member_id, establishment_id, offer_id, due_on, raised_at)
        values ('offer.correct', l.id::text, o.organisation_id, o.member_id, o.establishment_id, o.id,
                data.working_day_after(data.today(), 1), data.now());
        perform data.log('offer.correction', o.establishment_id, o.id, jsonb_build_object('offer', o.id), null, o.organisation_id);
    end if;
    return api.confirmation_read(confirmation_answer.token_hash);
end
$$;

CREATE FUNCTION api.confirmation_read(token_hash bytea) RETURNS json
    LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path TO 'data', 'pg_temp'
    AS $$
declare
    l offer_link := (select x from offer_link x where x.token_hash = confirmation_read.token_hash);
begin
    if l.id is null then
        perform auth.refuse('not_found');
    end if;
    return (select json_build_object(
               'fault', data.offer_link_fault(l), 'answer', l.answer, 'expires_at', l.expires_at,
               'employer', e.name, 'reservation_days', (data.agreement_in_force(g.network)).reservation_days,
               'organisation', json_build_object('name', g.name, 'network', g.network, 'phone', g.phone), 'member', m.name,
               'title', o.title, 'rome_label', r.label, 'contract_label', k.label, 'posts', o.posts, 'description', o.description,
               'starts_on', o.starts_on, 'hours', o.hours, 'salary', o.salary, 'commune', c.name)
              from offer o
              join establishment e on e.id = o.establishment_id
              join organisation g on g.id = o.organisation_id
              join member m on m.id = l.member_id
              join rome r on r.code = o.rome
              join contract k on k.code = o.contract
              left join commune c on c.code = o.commune_code
             where o.id = l.offer_id);
end
$$;

CREATE FUNCTION api.contact_add(contact bigint, establishment bigint, person bytea, keys json, channel text, shared boolean) RETURNS void
    LANGUAGE plpgsql
    AS $$
begin
    if not exists (select from data.establishment e where e.id = contact_add.establishment) then
        perform auth.refuse('not_found');
    end if;
    insert into data.contact (id, establishment_id, organisation_id, member_id, person, channel, shared, confirmed_on)
    values (contact_add.contact, contact_add.establishment, auth.organisation(), auth.member(), contact_add.person,
            contact_add.channel, contact_add.shared, data.today());
    perform api.contact_keys_set(contact_add.contact, contact_add.keys);
    perform api.contact_unopposed(contact_add.contact);
end
$$;

CREATE FUNCTION api.contact_change(contact bigint, version integer, person bytea, keys json, channel text, shared boolean, confirmed boolean) RETURNS void
    LANGUAGE plpgsql
    AS $$
declare
    c record;
begin
    select x.organisation_id, x.version, x.erased_at into c from data.contact x where x.id = contact_change.contact;
    if not found or c.erased_at is not null then
        perform auth.refuse('not_found');
    end if;
    if c.organisation_id <> auth.organisation() then
        perform auth.refuse('forbidden');
    end if;
    perform api.contact_unopposed(contact_change.contact);
    update data.contact x
       set person = coalesce(contact_change.person, x.person), channel = coalesce(contact_change.channel, x.channel),
           shared = coalesce(contact_change.shared, x.shared),
           confirmed_on = case when contact_change.confirmed then data.today() else x.confirmed_on end,
           confirmed_by = case when contact_change.confirmed then auth.member() else x.confirmed_by end
     where x.id = contact_change.contact and x.version = contact_change.version;
    if not found then
        perform auth.refuse('precondition_failed', json_build_object('version', c.version));
    end if;
    if contact_change.person is not null then
        perform api.contact_keys_set(contact_change.contact, contact_change.keys);
        perform api.contact_unopposed(contact_change.contact);
    end if;
end
$$;

CREATE FUNCTION api.contact_dossier(contact bigint) RETURNS json
    LANGUAGE plpgsql
    AS $$
declare
    ids bigint[];
begin
    if not auth.is_accountable() then
        perform auth.refuse('forbidden');
    end if;
    ids := array(select c.id from data.contact c
                  where c.id in (select api.contact_same(contact_dossier.contact)) and c.erased_at is null order by c.id);
    if not contact_dossier.contact = any (ids) then
        perform auth.refuse('not_found');
    end if;
    perform api.contact_handed(ids);
    return api.dossier(ids);
end
$$;

CREATE FUNCTION api.contact_erase_own(contact bigint) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'data', 'pg_temp'
    AS $$
begin
    if not exists (select from contact c
                    where c.id = contact_erase_own.contact and auth.sees(c.establishment_id)
                      and case auth.role() when 'manager' then c.organisation_id = auth.organisation()
                                           when 'administrator' then c.shared or c.organisation_id = auth.organisation()
                                           else false end) then
        perform auth.refuse('forbidden');
    end if;
    perform data.contact_erase(contact_erase_own.contact, 'request');
end
$$;

CREATE FUNCTION api.contact_forget(contact bigint) RETURNS void
    LANGUAGE plpgsql
    AS $$
declare
    c record;
begin
    select x.organisation_id, x.erased_at into c from data.contact x where x.id = contact_forget.contact;
    if not found or c.erased_at is not null then
        perform auth.refuse('not_found');
    end if;
    if not auth.is_accountable() or (auth.role() = 'manager' and c.organisation_id <> auth.organisation()) then
        perform auth.refuse('forbidden');
    end if;
    perform api.contact_erase_own(contact_forget.contact);
end
$$;

CREATE FUNCTION api.contact_handed(contacts bigint[]) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'data', 'pg_temp'
    AS $$
begin
    perform data.log('contact.exported', c.establishment_id, null, jsonb_build_object('contact', c.id))
       from contact c where c.id = any (contact_handed.contacts) and auth.is_accountable() and auth.sees(c.establishment_id);
end
$$;

CREATE FUNCTION api.contact_keys_set(contact bigint, keys json) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'data', 'pg_temp'
    AS $$
begin
    if not exists (select from contact c where c.id = contact_keys_set.contact and c.organisation_id = auth.organisation()) then
        perform auth.refuse('forbidden');
    end if;
    delete from contact_key k where k.contact_id = contact_keys_set.contact;
    insert into contact_key (contact_id, kind, hash)
    select distinct contact_keys_set.contact, k.kind, decode(k.hash, 'hex')
      from json_to_recordset(contact_keys_set.keys) k (kind text, hash text);
end
$$;

CREATE TABLE data.contact (
    id bigint NOT NULL,
    establishment_id bigint NOT NULL,
    organisation_id bigint NOT NULL,
    member_id bigint,
    source_record_id bigint,
    channel text,
    shared boolean DEFAULT true NOT NULL,
    confirmed_on date,
    created_at timestamp with time zone NOT NULL,
    version integer DEFAULT 1 NOT NULL,
    person bytea,
    confirmed_by bigint,
    opposition_id bigint,
    erased_at timestamp with time zone,
    erased_why text,
    CONSTRAINT contact_channel CHECK ((channel = ANY (ARRAY['phone'::text, 'email'::text, 'visit'::text]))),
    CONSTRAINT contact_erased CHECK ((((erased_at IS NULL) = (erased_why IS NULL)) AND ((erased_at IS NULL) OR (person IS NULL)))),
    CONSTRAINT contact_erased_why CHECK ((erased_why = ANY (ARRAY['request'::text, 'retention'::text]))),
    CONSTRAINT contact_person CHECK (((length(person) >= 43) AND (length(person) <= 8300)))
);

ALTER TABLE data.contact ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME data.contact_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE FUNCTION api.contact_number() RETURNS bigint
    LANGUAGE sql SECURITY DEFINER
    SET search_path TO 'data', 'pg_temp'
    BEGIN ATOMIC
 SELECT nextval('data.contact_id_seq'::regclass) AS nextval;
END;

CREATE FUNCTION api.contact_same(contact bigint) RETURNS SETOF bigint
    LANGUAGE plpgsql STABLE SECURITY DEFINER ROWS 5
    SET search_path TO 'data', 'pg_temp'
    AS $$
begin
    if auth.is_accountable() then
        return query select data.contact_same(contact_same.contact);
    end if;
end
$$;

CREATE FUNCTION api.contact_search(hashes bytea[]) RETURNS SETOF bigint
    LANGUAGE plpgsql STABLE SECURITY DEFINER ROWS 20
    SET search_path TO 'data', 'pg_temp'
    AS $$
begin
    if auth.is_accountable() then
        return query select distinct k.contact_id from contact_key k where k.hash = any (contact_search.hashes);
    end if;
end
$$;

CREATE FUNCTION api.contact_unopposed(contact bigint) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'data', 'pg_temp'
    AS $$
declare
    x record;
begin
    select o.at, g.id, g.name, g.short_name, g.network into x
      from contact c
      join opposition o on o.id = c.opposition_id
      join organisation g on g.id = o.organisation_id
     where c.id = contact_unopposed.contact;
    if found then
        perform auth.refuse('contact_opposed', json_build_object('at', x.at, 'organisation',
            json_build_object('id', x.id, 'name', x.name, 'short_name', x.short_name, 'network', x.network)));
    end if;
end
$$;

CREATE FUNCTION api.delivery_replay(delivery bigint) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'data', 'pg_temp'
    AS $$
declare
    d record;
    c channel;
begin
    select x.id, x.channel_id, x.state into d from delivery x where x.id = delivery_replay.delivery;
    if not found then
        perform auth.refuse('not_found');
    end if;
    c := data.channel_held(d.channel_id);
    if c.state <> 'active' then
        perform auth.refuse('channel_paused');
    end if;
    update delivery x set state = 'waiting', attempts = 0, due_at = data.now(), settled_at = null where x.id = d.id and x.state = 'dead';
    if not found then
        perform auth.refuse('delivery_not_dead', json_build_object('state', d.state));
    end if;
    perform data.job_add('channel.send', jsonb_build_object('delivery', d.id));
    perform data.log('delivery.replayed', null, null, jsonb_build_object('delivery', d.id, 'channel', c.id));
end
$$;

CREATE TABLE data.agreement (
    id bigint NOT NULL,
    network text,
    version integer NOT NULL,
    valid_from date NOT NULL,
    reservation_days smallint DEFAULT 15 NOT NULL,
    promise_days smallint DEFAULT 15 NOT NULL,
    promise_days_most smallint DEFAULT 60 NOT NULL,
    grace_days smallint DEFAULT 5 NOT NULL,
    extensions_most smallint DEFAULT 2 NOT NULL,
    rest_visit_days smallint DEFAULT 60 NOT NULL,
    rest_call_days smallint DEFAULT 14 NOT NULL,
    rest_mail_days smallint DEFAULT 7 NOT NULL,
    rest_forum_days smallint DEFAULT 0 NOT NULL,
    retention_months smallint DEFAULT 36 NOT NULL,
    open_days smallint DEFAULT 30 NOT NULL,
    referrals_most smallint DEFAULT 5 NOT NULL,
    unserved_days smallint DEFAULT 7 NOT NULL,
    suspension_days_most smallint DEFAULT 40 NOT NULL,
    transfer_days smallint DEFAULT 5 NOT NULL,
    proposal_days smallint DEFAULT 3 NOT NULL,
    CONSTRAINT agreement_extensions CHECK (((extensions_most >= 0) AND (extensions_most <= 10))),
    CONSTRAINT agreement_grace CHECK (((grace_days >= 0) AND (grace_days <= 30))),
    CONSTRAINT agreement_open CHECK (((open_days >= 1) AND (open_days <= 180))),
    CONSTRAINT agreement_promise CHECK (((promise_days >= 1) AND (promise_days <= 120))),
    CONSTRAINT agreement_promise_most CHECK (((promise_days_most >= promise_days) AND (promise_days_most <= 250))),
    CONSTRAINT agreement_proposal CHECK (((proposal_days >= 1) AND (proposal_days <= 30))),
    CONSTRAINT agreement_referrals CHECK (((referrals_most >= 1) AND (referrals_most <= 50))),
    CONSTRAINT agreement_reservation CHECK (((reservation_days >= 0) AND (reservation_days <= 60))),
    CONSTRAINT agreement_rest_call CHECK (((rest_call_days >= 0) AND (rest_call_days <= 730))),
    CONSTRAINT agreement_rest_forum CHECK (((rest_forum_days >= 0) AND (rest_forum_days <= 730))),
    CONSTRAINT agreement_rest_mail CHECK (((rest_mail_days >= 0) AND (rest_mail_days <= 730))),
    CONSTRAINT agreement_rest_visit CHECK (((rest_visit_days >= 0) AND (rest_visit_days <= 730))),
    CONSTRAINT agreement_retention CHECK (((retention_months >= 1) AND (retention_months <= 120))),
    CONSTRAINT agreement_suspension CHECK (((suspension_days_most >= 0) AND (suspension_days_most <= 120))),
    CONSTRAINT agreement_transfer CHECK (((transfer_days >= 1) AND (transfer_days <= 30))),
    CONSTRAINT agreement_unserved CHECK (((unserved_days >= 1) AND (unserved_days <= 60)))
);

CREATE FUNCTION data.agreement_in_force(of_network text) RETURNS data.agreement
    LANGUAGE plpgsql STABLE
    SET search_path TO 'data', 'pg_temp'
    AS $$
declare
    a data.agreement;
begin
    select x.* into a from data.agreement x
     where (x.network = of_network or x.network is null) and x.valid_from <= data.today()
     order by x.network nulls last, x.valid_from desc, x.version desc
     limit 1;
    return a;
end
$$;

CREATE FUNCTION data.now() RETURNS timestamp with time zone
    LANGUAGE plpgsql STABLE PARALLEL SAFE
    SET search_path TO 'data', 'pg_temp'
    AS $$
declare
    replay text := current_setting('maillage.replay', true);
    c      data.clock;
begin
    if replay <> '' and session_user = 'maillage_owner' then
        return replay;
    end if;
    select * into c from data.clock;
    return case when c.set_to is null then pg_catalog.now() else c.set_to + (pg_catalog.now() - c.set_at) end;
end
$$;

CREATE TABLE data.report (
    visit_id bigint NOT NULL,
    establishment_id bigint NOT NULL,
    organisation_id bigint NOT NULL,
    member_id bigint NOT NULL,
    contact_id bigint,
    outcome text NOT NULL,
    done_at timestamp with time zone NOT NULL,
    written_at timestamp with time zone NOT NULL,
    next_action text,
    next_action_on date,
    shared_note text,
    version integer DEFAULT 1 NOT NULL,
    despite text,
    CONSTRAINT report_despite CHECK ((despite = 'cancelled'::text)),
    CONSTRAINT report_next_action CHECK ((length(next_action) <= 300)),
    CONSTRAINT report_shared_note CHECK ((length(shared_note) <= 4000))
);

CREATE TABLE data.visit (
    id bigint NOT NULL,
    establishment_id bigint NOT NULL,
    organisation_id bigint NOT NULL,
    member_id bigint NOT NULL,
    promise_id bigint NOT NULL,
    contact_id bigint,
    planned_at timestamp with time zone NOT NULL,
    minutes smallint DEFAULT 60 NOT NULL,
    state text DEFAULT 'planned'::text NOT NULL,
    reason text,
    version integer DEFAULT 1 NOT NULL,
    changed_at timestamp with time zone NOT NULL,
    CONSTRAINT visit_minutes CHECK (((minutes >= 10) AND (minutes <= 480))),
    CONSTRAINT visit_reason CHECK ((length(reason) <= 500)),
    CONSTRAINT visit_state CHECK ((state = ANY (ARRAY['planned'::text, 'done'::text, 'cancelled'::text])))
);

CREATE VIEW data.contact_clock WITH (security_invoker='true') AS
 SELECT c.id AS contact_id,
    c.establishment_id,
    c.organisation_id,
    w.last_on,
    ((w.last_on + make_interval(months => (a.retention_months)::integer)))::date AS keep_until
   FROM (((data.contact c
     JOIN data.organisation o ON ((o.id = c.organisation_id)))
     CROSS JOIN LATERAL data.agreement_in_force(o.network) a(id, network, version, valid_from, reservation_days, promise_days, promise_days_most, grace_days, extensions_most, rest_visit_days, rest_call_days, rest_mail_days, rest_forum_days, retention_months, open_days, referrals_most, unserved_days, suspension_days_most, transfer_days, proposal_days))
     CROSS JOIN LATERAL ( SELECT GREATEST(((c.created_at AT TIME ZONE 'Europe/Paris'::text))::date, c.confirmed_on, ( SELECT max(((r.done_at AT TIME ZONE 'Europe/Paris'::text))::date) AS max
                   FROM data.report r
                  WHERE (r.contact_id = c.id)), ( SELECT max(((v.planned_at AT TIME ZONE 'Europe/Paris'::text))::date) AS max
                   FROM data.visit v
                  WHERE ((v.contact_id = c.id) AND (v.state = 'planned'::text)))) AS last_on) w)
  WHERE (c.erased_at IS NULL);

CREATE TABLE data.establishment (
    id bigint NOT NULL,
    siret text COLLATE pg_catalog."C",
    siren text GENERATED ALWAYS AS ("left"(siret, 9)) STORED COLLATE pg_catalog."C",
    legal_name text,
    usual_name text,
    brand text,
    name text GENERATED ALWAYS AS (COALESCE(brand, usual_name, legal_name)) STORED,
    sort_name text GENERATED ALWAYS AS (data.fold(COALESCE(brand, usual_name, legal_name, ('zzz '::text || siret), 'zzz'::text))) STORED NOT NULL COLLATE pg_catalog."C",
    search text GENERATED ALWAYS AS (data.fold(((((COALESCE(brand, ''::text) || ' '::text) || COALESCE(usual_name, ''::text)) || ' '::text) || COALESCE(legal_name, ''::text)))) STORED NOT NULL,
    address text,
    postcode text,
    city text,
    commune_code text COLLATE pg_catalog."C",
    location ext.geometry(Point,4326),
    naf text COLLATE pg_catalog."C",
    naf_legacy text,
    size_band text COLLATE pg_catalog."C",
    size_year smallint,
    is_head boolean,
    status text DEFAULT 'A'::text NOT NULL,
    diffusion text DEFAULT 'O'::text NOT NULL,
    opened_on date,
    closed_on date,
    phone text,
    email text,
    register_file bigint,
    register_date date,
    merged_into bigint,
    CONSTRAINT establishment_diffusion CHECK ((diffusion = ANY (ARRAY['O'::text, 'P'::text]))),
    CONSTRAINT establishment_naf CHECK ((naf ~ '^[0-9]{2}\.[0-9]{2}[A-Z]$'::text)),
    CONSTRAINT establishment_not_itself CHECK ((merged_into <> id)),
    CONSTRAINT establishment_siret CHECK ((siret ~ '^[0-9]{14}$'::text)),
    CONSTRAINT establishment_status CHECK ((status = ANY (ARRAY['A'::text, 'F'::text])))
)
WITH (fillfactor='85');

CREATE TABLE data.event (
    id bigint NOT NULL,
    xid xid8 DEFAULT pg_current_xact_id() NOT NULL,
    at timestamp with time zone NOT NULL,
    kind text NOT NULL,
    member_id bigint,
    organisation_id bigint,
    establishment_id bigint,
    offer_id bigint,
    data jsonb DEFAULT '{}'::jsonb NOT NULL,
    CONSTRAINT event_kind CHECK ((kind ~ '^[a-z]+\.[a-z_]+$'::text))
);

CREATE TABLE data.member (
    id bigint NOT NULL,
    email text NOT NULL,
    name text NOT NULL,
    password_hash text,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    disabled_at timestamp with time zone,
    technical boolean DEFAULT false NOT NULL,
    CONSTRAINT member_email CHECK (((email ~ '^[^@\s]{1,64}@[^@\s]{1,190}$'::text) AND (email = lower(email)))),
    CONSTRAINT member_name CHECK (((length(name) >= 2) AND (length(name) <= 120)))
);

CREATE TABLE data.opposition (
    id bigint NOT NULL,
    establishment_id bigint NOT NULL,
    organisation_id bigint NOT NULL,
    member_id bigint,
    at timestamp with time zone NOT NULL,
    reason text,
    lifted_at timestamp with time zone,
    lifted_reason text,
    subject text DEFAULT 'establishment'::text NOT NULL,
    contact_id bigint,
    CONSTRAINT opposition_lifted_reason CHECK ((length(lifted_reason) <= 500)),
    CONSTRAINT opposition_of_person CHECK (((subject = 'person'::text) = (contact_id IS NOT NULL))),
    CONSTRAINT opposition_reason CHECK ((length(reason) <= 500)),
    CONSTRAINT opposition_subject CHECK ((subject = ANY (ARRAY['establishment'::text, 'person'::text])))
);

CREATE TABLE data.outcome (
    code text NOT NULL,
    label text NOT NULL,
    reached boolean NOT NULL,
    rank smallint NOT NULL
);

CREATE TABLE data.source_file (
    id bigint NOT NULL,
    kind text NOT NULL,
    organisation_id bigint,
    member_id bigint,
    name text NOT NULL,
    sha256 bytea NOT NULL,
    bytes bigint NOT NULL,
    content bytea,
    received_at timestamp with time zone NOT NULL,
    state text DEFAULT 'received'::text NOT NULL,
    finished_at timestamp with time zone,
    encoding text,
    separator text,
    summary jsonb DEFAULT '{}'::jsonb NOT NULL,
    layout jsonb,
    preview jsonb,
    previewed_at timestamp with time zone,
    reverted_by bigint,
    reverted_at timestamp with time zone,
    is_sealed boolean DEFAULT false NOT NULL,
    compared pg_snapshot,
    seen bytea,
    columns jsonb,
    CONSTRAINT source_file_hash CHECK ((length(sha256) = 32)),
    CONSTRAINT source_file_kind CHECK ((kind = ANY (ARRAY['sirene'::text, 'companies'::text, 'partner'::text, 'contours'::text, 'demo'::text, 'successions'::text]))),
    CONSTRAINT source_file_owner CHECK (((kind = 'partner'::text) = (organisation_id IS NOT NULL))),
    CONSTRAINT source_file_seen_length CHECK ((length(seen) >= 43)),
    CONSTRAINT source_file_state CHECK ((state = ANY (ARRAY['received'::text, 'running'::text, 'done'::text, 'refused'::text, 'preview'::text, 'ready'::text, 'cancelled'::text, 'reverting'::text, 'reverted'::text])))
);

CREATE TABLE data.source_record (
    id bigint NOT NULL,
    file_id bigint NOT NULL,
    line integer NOT NULL,
    received jsonb DEFAULT '{}'::jsonb NOT NULL,
    siret text COLLATE pg_catalog."C",
    own_key text,
    fields jsonb DEFAULT '{}'::jsonb NOT NULL,
    state text NOT NULL,
    reason text,
    sealed bytea,
    CONSTRAINT source_record_sealed_length CHECK ((length(sealed) >= 43)),
    CONSTRAINT source_record_siret CHECK ((siret ~ '^[0-9]{14}$'::text)),
    CONSTRAINT source_record_state CHECK ((state = ANY (ARRAY['linked'::text, 'review'::text, 'unusable'::text, 'reverted'::text])))
);

CREATE FUNCTION api.dossier(contacts bigint[]) RETURNS json
    LANGUAGE sql STABLE
    RETURN json_build_object('made_at', data.now(), 'contacts', (SELECT COALESCE(json_agg(k.* ORDER BY k.id), '[]'::json) AS "coalesce" FROM (SELECT c.id, ((('p'::text || c.id) || '.'::text) || translate(encode(c.person, 'base64'::text), '
'::text, ''::text)) AS sealed, c.channel, c.shared, json_build_object('id', e.id, 'siret', e.siret, 'name', e.name, 'city', e.city) AS establishment, o.name AS organisation, m.name AS given_by, c.created_at, c.confirmed_on, n.name AS confirmed_by, f.name AS file, f.received_at AS file_received_at, x.last_on, x.keep_until FROM (((((((data.contact c JOIN data.establishment e ON ((e.id = c.establishment_id))) JOIN data.organisation o ON ((o.id = c.organisation_id))) JOIN data.contact_clock x ON ((x.contact_id = c.id))) LEFT JOIN data.member m ON ((m.id = c.member_id))) LEFT JOIN data.member n ON ((n.id = c.confirmed_by))) LEFT JOIN data.source_record s ON ((s.id = c.source_record_id))) LEFT JOIN data.source_file f ON ((f.id = s.file_id))) WHERE (c.id = ANY (dossier.contacts))) k), 'visits', (SELECT COALESCE(json_agg(v.* ORDER BY v.planned_at, v.id), '[]'::json) AS "coalesce" FROM (SELECT w.id, w.contact_id AS contact, w.planned_at, w.state, o.name AS organisation, m.name AS member, u.label AS outcome, r.done_at FROM ((((data.visit w JOIN data.organisation o ON ((o.id = w.organisation_id))) JOIN data.member m ON ((m.id = w.member_id))) LEFT JOIN data.report r ON ((r.visit_id = w.id))) LEFT JOIN data.outcome u ON ((u.code = r.outcome))) WHERE ((w.contact_id = ANY (dossier.contacts)) OR (r.contact_id = ANY (dossier.contacts)))) v), 'oppositions', (SELECT COALESCE(json_agg(p.* ORDER BY p.at), '[]'::json) AS "coalesce" FROM (SELECT x.id, x.contact_id AS contact, x.at, x.reason, x.lifted_at, x.lifted_reason, o.name AS organisation FROM (data.opposition x JOIN data.organisation o ON ((o.id = x.organisation_id))) WHERE ((x.contact_id = ANY (dossier.contacts)) OR (x.id IN (SELECT c.opposition_id FROM data.contact c WHERE (c.id = ANY (dossier.contacts)))))) p), 'events', (SELECT COALESCE(json_agg(v.* ORDER BY v.id), '[]'::json) AS "coalesce" FROM (SELECT t.id, t.at, t.kind, o.name AS organisation, m.name AS member FROM ((data.event t LEFT JOIN data.organisation o ON ((o.id = t.organisation_id))) LEFT JOIN data.member m ON ((m.id = t.member_id))) WHERE ((t.establishment_id IN (SELECT c.establishment_id FROM data.contact c WHERE (c.id = ANY (dossier.contacts)))) AND (t.kind ~ '^(contact|opposition)\.'::text) AND (((t.data ->> 'contact'::text))::bigint = ANY (dossier.contacts)))) v));

CREATE FUNCTION auth.role() RETURNS text
    LANGUAGE sql STABLE PARALLEL SAFE
    RETURN NULLIF(current_setting('maillage.role'::text, true), ''::text);

CREATE FUNCTION auth.is_partner() RETURNS boolean
    LANGUAGE sql STABLE PARALLEL SAFE
    RETURN COALESCE((auth.role() = ANY (ARRAY['adviser'::text, 'manager'::text, 'administrator'::text])), false);

CREATE FUNCTION auth.territory() RETURNS bigint
    LANGUAGE sql STABLE PARALLEL SAFE
    RETURN (NULLIF(current_setting('maillage.territory'::text, true), ''::text))::bigint;

CREATE FUNCTION data.today() RETURNS date
    LANGUAGE sql STABLE PARALLEL SAFE
    RETURN ((data.now() AT TIME ZONE 'Europe/Paris'::text))::date;

CREATE TABLE data.promise (
    id bigint NOT NULL,
    establishment_id bigint NOT NULL,
    organisation_id bigint NOT NULL,
    member_id bigint NOT NULL,
    made_at timestamp with time zone NOT NULL,
    due_on date NOT NULL,
    lapses_on date NOT NULL,
    extensions smallint DEFAULT 0 NOT NULL,
    state text DEFAULT 'active'::text NOT NULL,
    ended_at timestamp with time zone,
    reason text,
    override_reason text,
    plan_id bigint,
    plan_version integer,
    base_due_on date NOT NULL,
    base_at timestamp with time zone NOT NULL,
    clock integer DEFAULT 0 NOT NULL,
    team_id bigint,
    transfer_id bigint,
    CONSTRAINT promise_ended CHECK (((state = 'active'::text) = (ended_at IS NULL))),
    CONSTRAINT promise_override_reason CHECK ((length(override_reason) <= 500)),
    CONSTRAINT promise_plan_both CHECK (((plan_id IS NULL) = (plan_version IS NULL))),
    CONSTRAINT promise_reason CHECK ((length(reason) <= 500)),
    CONSTRAINT promise_state CHECK ((state = ANY (ARRAY['active'::text, 'kept'::text, 'returned'::text, 'lapsed'::text, 'suspended'::text, 'transferred'::text, 'undone'::text])))
);

CREATE TABLE data.standing (
    establishment_id bigint NOT NULL,
    visits integer DEFAULT 0 NOT NULL,
    last_visit_at timestamp with time zone,
    last_contact_at timestamp with time zone,
    last_contact_by bigint,
    rest_until date,
    opposed boolean DEFAULT false NOT NULL
);

CREATE TABLE data.territory_commune (
    territory_id bigint NOT NULL,
    commune_code text NOT NULL COLLATE pg_catalog."C",
    number integer GENERATED ALWAYS AS (data.commune_number(commune_code)) STORED
);

CREATE VIEW api.establishment_line AS
 SELECT e.id,
    e.siret,
    e.name,
    e.siren,
    e.sort_name,
    e.city,
    e.commune_code,
    e.naf,
    e.size_band,
    e.status,
    e.diffusion,
    e.location,
    s.last_visit_at,
    s.visits,
    s.rest_until,
    s.last_contact_by,
    p.id AS promise_id,
    p.organisation_id AS holder_id,
    p.member_id AS holder_member_id,
    p.due_on,
        CASE
            WHEN s.opposed THEN 'opposed'::text
            WHEN (p.id IS NOT NULL) THEN 'promised'::text
            WHEN (s.rest_until >= ( SELECT data.today() AS today)) THEN 'resting'::text
            ELSE 'free'::text
        END AS state,
    s.opposed
   FROM ((data.establishment e
     LEFT JOIN data.standing s ON ((s.establishment_id = e.id)))
     LEFT JOIN data.promise p ON (((p.establishment_id = e.id) AND (p.state = 'active'::text))))
  WHERE (( SELECT auth.is_partner() AS is_partner) AND (e.merged_into IS NULL) AND ((e.commune_code IN ( SELECT tc.commune_code
           FROM data.territory_commune tc
          WHERE (tc.territory_id = ( SELECT auth.territory() AS territory)))) IS TRUE));

CREATE FUNCTION api.establishment_filter(q text, communes text, naf text, sizes text, states text, visited text, segment bigint, closed boolean) RETURNS SETOF api.establishment_line
    LANGUAGE sql STABLE
    AS $_$
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
$_$;

CREATE FUNCTION api.establishment_match(q text) RETURNS SETOF bigint
    LANGUAGE plpgsql STABLE SECURITY DEFINER ROWS 100
    SET search_path TO 'data', 'ext', 'pg_temp'
    AS $_$
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
$_$;

CREATE FUNCTION api.event_names(data jsonb) RETURNS jsonb
    LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path TO 'data', 'pg_temp'
    AS $$
begin
    if not event_names.data ?| array['to_member', 'from_member', 'to_organisation', 'from_organisation', 'team', 'transfer'] then
        return '{}';
    end if;
    return jsonb_strip_nulls(jsonb_build_object(
        'to_member_name', (select m.name from member m where m.id = (event_names.data ->> 'to_member')::bigint),
        'from_member_name', (select m.name from member m where m.id = (event_names.data ->> 'from_member')::bigint),
        'to_organisation_name', (select o.short_name from organisation o where o.id = (event_names.data ->> 'to_organisation')::bigint),
        'from_organisation_name', (select o.short_name from organisation o where o.id = coalesce((event_names.data ->> 'from_organisation')::bigint,
            (select t.from_organisation_id from transfer t where t.id = (event_names.data ->> 'transfer')::bigint))),
        'team_name', (select t.name from team t where t.id = (event_names.data ->> 'team')::bigint)));
end
$$;

CREATE FUNCTION api.family(establishment bigint) RETURNS SETOF bigint
    LANGUAGE sql STABLE SECURITY DEFINER ROWS 2
    SET search_path TO 'data', 'pg_temp'
    BEGIN ATOMIC
 SELECT family.establishment AS establishment
 UNION ALL
  SELECT e.id
    FROM data.establishment e
   WHERE (e.merged_into = family.establishment);
END;

CREATE FUNCTION api.feed_make(token_hash bytea) RETURNS timestamp with time zone
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'data', 'pg_temp'
    AS $$
begin
    if not auth.can_write() then
        perform auth.refuse('forbidden');
    end if;
    perform from membership m where m.member_id = auth.member() and m.organisation_id = auth.organisation() for no key update;
    update calendar_feed f set revoked_at = data.now()
     where f.member_id = auth.member() and f.organisation_id = auth.organisation() and f.revoked_at is null;
    insert into calendar_feed (member_id, organisation_id, token_hash, made_at)
    values (auth.member(), auth.organisation(), feed_make.token_hash, data.now());
    perform data.log('calendar.made', null, null, '{}');
    return data.now();
end
$$;

CREATE FUNCTION api.feed_open(token_hash bytea, reader text) RETURNS TABLE(feed bigint, member text, organisation text)
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'data', 'pg_temp'
    AS $$
#variable_conflict use_column
begin
    return query
        select f.id, p.name, o.short_name
          from calendar_feed f
          join membership m on m.member_id = f.member_id and m.organisation_id = f.organisation_id
          join member p on p.id = f.member_id
          join organisation o on o.id = f.organisation_id
         where f.token_hash = feed_open.token_hash and f.revoked_at is null and p.disabled_at is null
           and (m.ended_on is null or m.ended_on > current_date);
    if found then
        update calendar_feed f set read_at = data.now(), reader = left(feed_open.reader, 120)
         where f.token_hash = feed_open.token_hash and (f.read_at is null or f.read_at < data.now() - interval '10 minutes');
    end if;
end
$$;

CREATE FUNCTION api.feed_revoke() RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'data', 'pg_temp'
    AS $$
begin
    update calendar_feed f set revoked_at = data.now()
     where f.member_id = auth.member() and f.organisation_id = auth.organisation() and f.revoked_at is null;
    if found then
        perform data.log('calendar.revoked', null, null, '{}');
    end if;
end
$$;

CREATE FUNCTION auth.member() RETURNS bigint
    LANGUAGE sql STABLE PARALLEL SAFE
    RETURN (NULLIF(current_setting('maillage.member'::text, true), ''::text))::bigint;

CREATE FUNCTION auth.organisation() RETURNS bigint
    LANGUAGE sql STABLE PARALLEL SAFE
    RETURN (NULLIF(current_setting('maillage.organisation'::text, true), ''::text))::bigint;

CREATE TABLE data.calendar_feed (
    id bigint NOT NULL,
    member_id bigint NOT NULL,
    organisation_id bigint NOT NULL,
    token_hash bytea NOT NULL,
    made_at timestamp with time zone NOT NULL,
    revoked_at timestamp with time zone,
    read_at timestamp with time zone,
    reader text,
    CONSTRAINT calendar_feed_reader CHECK ((length(reader) <= 120)),
    CONSTRAINT calendar_feed_token CHECK ((length(token_hash) = 32))
);

CREATE FUNCTION api.feed_state() RETURNS json
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'data', 'pg_temp'
    BEGIN ATOMIC
 SELECT json_build_object('feed', ( SELECT json_build_object('made_at', f.made_at, 'read_at', f.read_at, 'reader', f.reader) AS json_build_object
            FROM data.calendar_feed f
           WHERE ((f.member_id = auth.member()) AND (f.organisation_id = auth.organisation()) AND (f.revoked_at IS NULL)))) AS json_build_object;
END;

CREATE FUNCTION api.feed_visits(feed bigint) RETURNS TABLE(visit bigint, sequence integer, state text, starts text, minutes integer, changed text, establishment bigint, name text, address text, lon double precision, lat double precision, phone text, sealed text, due_on date)
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'data', 'ext', 'pg_temp'
    AS $$
    select v.id, v.version - 1, v.state, to_char(v.planned_at at time zone 'Europe/Paris', 'YYYYMMDD"T"HH24MISS'), v.minutes::integer,
           to_char(v.changed_at at time zone 'UTC', 'YYYYMMDD"T"HH24MISS"Z"'), e.id, e.name,
           concat_ws(', ', e.address, trim(concat_ws(' ', e.postcode, e.city))), ST_X(e.location), ST_Y(e.location), e.phone,
           (select api.sealed(c) from contact c
             where c.id = v.contact_id and c.erased_at is null and c.opposition_id is null and (c.shared or c.organisation_id = f.organisation_id)),
           p.due_on
      from calendar_feed f
      join organisation o on o.id = f.organisation_id
      join visit v on v.member_id = f.member_id and v.organisation_id = f.organisation_id
      join promise p on p.id = v.promise_id
      join establishment e on e.id = v.establishment_id
     where f.id = feed_visits.feed and f.revoked_at is null and v.planned_at > data.now() - interval '90 days'
       and exists (select from territory_commune tc where tc.territory_id = o.territory_id and tc.commune_code = e.commune_code)
     order by v.planned_at, v.id
     limit 2000
$$;

ALTER TABLE data.source_file ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME data.source_file_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE FUNCTION api.file_number() RETURNS bigint
    LANGUAGE sql SECURITY DEFINER
    SET search_path TO 'data', 'pg_temp'
    BEGIN ATOMIC
 SELECT nextval('data.source_file_id_seq'::regclass) AS nextval;
END;

CREATE FUNCTION api.holder(promise bigint) RETURNS json
    LANGUAGE plpgsql STABLE STRICT
    SET search_path TO 'data', 'pg_temp'
    AS $$
begin
    return (select json_build_object('promise', p.id, 'organisation', json_build_object('id', o.id, 'name', o.name,
                       'short_name', o.short_name, 'network', o.network, 'phone', o.phone),
                   'member', json_build_object('id', m.id, 'name', m.name), 'due_on', p.due_on, 'lapses_on', p.lapses_on,
                   'suspended_until', data.absent_until(p.member_id, p.organisation_id),
                   'team', (select t.name from team t where t.id = p.team_id),
                   'visit', (select json_build_object('id', v.id, 'planned_at', v.planned_at) from visit v
                              where v.promise_id = p.id and v.state = 'planned' and v.planned_at > data.now()))
              from promise p
              join organisation o on o.id = p.organisation_id
              join member m on m.id = p.member_id
             where p.id = holder.promise);
end
$$;

CREATE FUNCTION api.idempotency_begin(key text, fingerprint bytea) RETURNS TABLE(status integer, body text)
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'data', 'pg_temp'
    AS $$
#variable_conflict use_column
declare
    kept record;
begin
    insert into idempotency (member_id, key, fingerprint)
    values (auth.member(), idempotency_begin.key, idempotency_begin.fingerprint)
    on conflict (member_id, key) do nothing;
    if found then
        return;
    end if;
    select i.fingerprint, i.status, i.body into kept from idempotency i
     where i.member_id = auth.member() and i.key = idempotency_begin.key;
    if kept.fingerprint <> idempotency_begin.fingerprint then
        perform auth.refuse('idempotency_mismatch');
    end if;
    status := kept.status;
    body := kept.body;
    return next;
end
$$;

CREATE TABLE data.idempotency (
    member_id bigint NOT NULL,
    key text NOT NULL,
    fingerprint bytea NOT NULL,
    status integer,
    body text,
    at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT idempotency_key CHECK (((length(key) >= 8) AND (length(key) <= 128)))
);

CREATE FUNCTION api.idempotency_end(key text, status integer, body text) RETURNS void
    LANGUAGE sql SECURITY DEFINER
    SET search_path TO 'data', 'pg_temp'
    BEGIN ATOMIC
 UPDATE data.idempotency i SET status = idempotency_end.status, body = idempotency_end.body
   WHERE ((i.member_id = auth.member()) AND (i.key = idempotency_end.key) AND (i.status IS NULL));
END;

CREATE FUNCTION api.import_cancel(file bigint) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'data', 'pg_temp'
    AS $$
declare
    f source_file := data.import_own(file);
begin
    if f.state not in ('preview', 'ready', 'received', 'running') then
        perform auth.refuse('import_state', json_build_object('state', f.state));
    end if;
    insert into import_progress (file_id, step, began_at, told_at, cancel_by)
    values (f.id, 'waiting', data.now(), data.now(), auth.member())
    on conflict (file_id) do update set cancel_by = excluded.cancel_by;
    if exists (select from source_file x where x.id = f.id and x.state in ('preview', 'ready', 'received')
                  for no key update skip locked) then
        update source_file x
           set state = 'cancelled', finished_at = data.now(), content = null, preview = null, seen = null, layout = null, compared = null
         where x.id = f.id;
        delete from import_line l where l.file_id = f.id;
        delete from import_verdict v where v.file_id = f.id;
    end if;
end
$$;

CREATE FUNCTION api.import_layout(file bigint, layout json) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'data', 'pg_temp'
    AS $$
declare
    f source_file := data.import_own(file);
begin
    if f.state not in ('preview', 'ready', 'refused') or f.content is null then
        perform auth.refuse('import_state', json_build_object('state', f.state));
    end if;
    update source_file x
       set layout = jsonb_strip_nulls(import_layout.layout::jsonb), state = 'preview', finished_at = null
     where x.id = f.id and x.state in ('preview', 'ready', 'refused');
    if not found then
        perform auth.refuse('import_state', json_build_object('state', 'received'));
    end if;
    delete from source_error e where e.file_id = f.id;
end
$$;

CREATE FUNCTION api.import_revert(file bigint) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'data', 'pg_temp'
    AS $$
declare
    f source_file := data.import_own(file);
begin
    update source_file x set state = 'reverting', reverted_by = auth.member(), reverted_at = data.now()
     where x.id = f.id and x.state = 'done';
    if not found then
        perform auth.refuse('import_state', json_build_object('state', f.state));
    end if;
end
$$;

CREATE FUNCTION api.import_start(file bigint) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'data', 'pg_temp'
    AS $$
declare
    f source_file := data.import_own(file);
begin
    if f.state <> 'ready' then
        perform auth.refuse('import_state', json_build_object('state', f.state));
    end if;
    if not (f.preview ->> 'usable')::boolean then
        perform auth.refuse('import_no_key');
    end if;
    update source_file x set state = 'received' where x.id = f.id and x.state = 'ready';
    if not found then
        perform auth.refuse('import_state', json_build_object('state', 'received'));
    end if;
    perform data.log('import.started', null, null, jsonb_build_object('file', f.id, 'name', f.name));
end
$$;

CREATE FUNCTION api.indicator_document(level text, within text, from_month integer, to_month integer, network text, organisation bigint, segment bigint, naf text, sizes text, codes text) RETURNS json
    LANGUAGE sql STABLE
    AS $$
    with f as materialized (
        select * from api.indicator_figures(level, within, from_month, to_month, network, organisation, segment, naf, sizes, codes)
    ), item as (
        select f.area, f.name, min(f.ord) as ord,
               json_object_agg(f.code, json_build_object('n', f.n, 'out_of', f.out_of, 'value', f.value, 'hidden', f.hidden)) as figures
          from (select *, row_number() over () as ord from f) f
         group by f.area, f.name
    )
    select json_build_object(
        'level', indicator_document.level, 'within', indicator_document.within,
        'from', data.month_text(from_month), 'to', data.month_text(to_month), 'at', data.now(),
        'whole', (select i.figures from item i where i.name = 'Ensemble' and i.area = ''),
        'items', (select coalesce(json_agg(json_build_object('area', i.area, 'name', i.name, 'figures', i.figures) order by i.ord), '[]')
                    from item i where not (i.name = 'Ensemble' and i.area = '' and indicator_document.level <> 'all')))
$$;

CREATE FUNCTION api.indicator_employers(indicator text, within text, from_month integer, to_month integer, network text, organisation bigint, segment bigint, naf text, sizes text) RETURNS TABLE(id bigint, name text, city text, siret text, n bigint)
    LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path TO 'data', 'pg_temp'
    AS $$
#variable_conflict use_column
begin
    if not auth.is_partner() then
        return;
    end if;
    if indicator_employers.segment is not null and not auth.sees_segment(indicator_employers.segment) then
        perform auth.refuse('not_found');
    end if;
    return query
    select e.id, e.name, e.city, e.siret::text, i.n
      from data.indicators('employer', within, from_month, to_month, network, organisation, segment, naf, sizes) i
      join establishment e on e.id = i.key
     where i.code = indicator_employers.indicator and i.n > 0
     order by i.n desc, e.sort_name, e.id;
end
$$;

CREATE FUNCTION api.indicator_figures(level text, within text, from_month integer, to_month integer, network text, organisation bigint, segment bigint, naf text, sizes text, codes text) RETURNS TABLE(area text, name text, code text, n bigint, out_of bigint, value numeric, hidden boolean)
    LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path TO 'data', 'pg_temp'
    AS $$
#variable_conflict use_column
declare
    reserved boolean := auth.role() = 'observer';
    wanted   text[] := string_to_array(indicator_figures.codes, ',');
begin
    if auth.role() is null or auth.role() = 'contributor' then
        return;
    end if;
    if level = 'employer' or from_month > to_month or to_month - from_month >= 120 then
        perform auth.refuse('invalid', json_build_object('field', case when level = 'employer' then 'level' else 'to' end));
    end if;
    if indicator_figures.segment is not null and (reserved or not auth.sees_segment(indicator_figures.segment)) then
        perform auth.refuse('not_found');
    end if;
    return query
    with raw as materialized (
        select k.area, k.name, x.code, coalesce(i.n, 0) as n,
               case when d.out_of is not null then coalesce(i.out_of, 0) end as out_of, false as is_whole
          from data.indicator_keys(level, within, from_month, to_month) k
         cross join (select d.code from indicator d where wanted is null or d.code = any (wanted)) x
          join indicator d on d.code = x.code
          left join data.indicators(level, within, from_month, to_month, network, organisation, segment, naf, sizes) i
                 on i.key = k.key and i.code = x.code
         union all
        -- There is always a whole, also of nothing.
        select '', 'Ensemble', d.code, coalesce(i.n, 0), case when d.out_of is not null then coalesce(i.out_of, 0) end, true
          from indicator d
          left join data.indicators('all', within, from_month, to_month, network, organisation, segment, naf, sizes) i on i.code = d.code
         where (wanted is null or d.code = any (wanted)) and level <> 'all'
    ), sized as (
        select r.*, reserved and (r.n between 1 and 4 or coalesce(r.out_of, 0) between 1 and 4) as small,
               -- The place of what is not small among its kind, the smallest first.
               row_number() over (partition by r.code, r.is_whole, reserved and (r.n between 1 and 4 or coalesce(r.out_of, 0) between 1 and 4), r.n = 0
                                  order by coalesce(r.out_of, r.n), r.n, r.area) as place
          from raw r
    ), alone as (
        select s.code, count(*) filter (where s.small) as small, count(*) filter (where not s.small and s.n > 0) as others
          from sized s where not s.is_whole group by s.code
    ), shown as (
        select s.area, s.name, s.code, s.is_whole,
               coalesce(s.small or (not s.is_whole and a.small = 1 and s.n > 0 and s.place = 1)
                        -- A whole that is only the hidden cell tells it.
                        or (s.is_whole and a.small > 0 and a.others = 0), false) as hide,
               case when reserved then s.n - s.n % 5 else s.n end as n,
               case when reserved then s.out_of - s.out_of % 5 else s.out_of end as out_of
          from sized s left join alone a on a.code = s.code
    )
    select w.area, w.name, w.code, case when not w.hide then w.n end, case when not w.hide then w.out_of end,
           case when w.hide then null
                when d.out_of is null then w.n::numeric
                else round(w.n * case d.unit when 'per100' then 100 else 1 end / nullif(w.out_of, 0)::numeric, 4) end,
           w.hide
      from shown w join indicator d on d.code = w.code
     where level not in ('sector', 'size') or w.is_whole or w.hide or w.n > 0 or w.out_of > 0
     order by not w.is_whole, w.name, w.area, d.rank;
end
$$;

CREATE FUNCTION api.key_change(key bigint, scopes text[], expires_on date) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'data', 'pg_temp'
    AS $$
declare
    k    api_key := data.api_key_held(key_change.key);
    ends timestamptz := coalesce((key_change.expires_on + 1)::timestamp at time zone 'Europe/Paris', k.expires_at);
begin
    if key_change.expires_on is not null or key_change.scopes is not null then
        perform data.api_key_check(coalesce(key_change.scopes, k.scopes), case when key_change.expires_on is null then pg_catalog.now() + interval '1 day' else ends end);
    end if;
    update api_key x set scopes = coalesce(key_change.scopes, x.scopes), expires_at = ends where x.id = k.id;
    perform data.log('key.changed', null, null, jsonb_strip_nulls(jsonb_build_object('key', k.id, 'name', k.name, 'scopes', key_change.scopes, 'expires_on', key_change.expires_on)));
end
$$;

CREATE FUNCTION api.key_make(name text, scopes text[], expires_on date, sandbox boolean, hash bytea, prefix text) RETURNS bigint
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'data', 'pg_temp'
    AS $$
declare
    whose bigint := auth.organisation();
    agent bigint;
    made  bigint;
begin
    if not auth.is_accountable() then
        perform auth.refuse('forbidden');
    end if;
    if key_make.sandbox then
        whose := data.sandbox_of(whose);
    end if;
    perform data.api_key_check(key_make.scopes, (key_make.expires_on + 1)::timestamp at time zone 'Europe/Paris');
    if exists (select from api_key k where k.organisation_id = whose and lower(k.name) = lower(trim(key_make.name)) and k.revoked_at is null) then
        perform auth.refuse('key_name_taken', json_build_object('field', 'name'));
    end if;
    if 20 <= (select count(*) from api_key k where k.organisation_id = whose and k.revoked_at is null) then
        perform auth.refuse('key_too_many');
    end if;
    insert into member (email, name, technical)
    values ('cle-' || lower(replace(key_make.prefix, '_', '-')) || '-' || encode(substr(key_make.hash, 1, 6), 'hex') || '@technique.invalid',
            trim(key_make.name) || ' (clé d’API)', true)
    returning id into agent;
    insert into membership (member_id, organisation_id, role) values (agent, whose, 'program');
    insert into api_key (organisation_id, member_id, name, scopes, expires_at, made_by, made_at)
    values (whose, agent, trim(key_make.name), key_make.scopes, (key_make.expires_on + 1)::timestamp at time zone 'Europe/Paris', auth.member(), data.now())
    returning id into made;
    insert into api_secret (hash, key_id, prefix) values (key_make.hash, made, key_make.prefix);
    perform data.log('key.made', null, null, jsonb_build_object('key', made, 'name', trim(key_make.name), 'scopes', key_make.scopes, 'sandbox', key_make.sandbox));
    return made;
end
$$;

CREATE FUNCTION api.key_revoke(key bigint) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'data', 'pg_temp'
    AS $$
declare
    k api_key := data.api_key_held(key_revoke.key);
begin
    update api_key x set revoked_at = data.now(), revoked_by = auth.member() where x.id = k.id;
    perform data.log('key.revoked', null, null, jsonb_build_object('key', k.id, 'name', k.name));
end
$$;

CREATE FUNCTION api.key_rotate(key bigint, hours integer, hash bytea, prefix text) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'data', 'pg_temp'
    AS $$
declare
    k api_key := data.api_key_held(key_rotate.key);
begin
    update api_secret s set ends_at = least(s.ends_at, pg_catalog.now() + make_interval(hours => key_rotate.hours)) where s.key_id = k.id;
    insert into api_secret (hash, key_id, prefix) values (key_rotate.hash, k.id, key_rotate.prefix);
    perform data.log('key.rotated', null, null, jsonb_build_object('key', k.id, 'name', k.name, 'hours', key_rotate.hours));
end
$$;

CREATE TABLE data.api_key (
    id bigint NOT NULL,
    organisation_id bigint NOT NULL,
    member_id bigint NOT NULL,
    name text NOT NULL,
    scopes text[] NOT NULL,
    expires_at timestamp with time zone NOT NULL,
    made_by bigint NOT NULL,
    made_at timestamp with time zone NOT NULL,
    revoked_at timestamp with time zone,
    revoked_by bigint,
    CONSTRAINT api_key_name CHECK (((length(name) >= 2) AND (length(name) <= 60))),
    CONSTRAINT api_key_scopes CHECK (((cardinality(scopes) >= 1) AND (cardinality(scopes) <= 20)))
);

CREATE TABLE data.territory (
    id bigint NOT NULL,
    name text NOT NULL,
    kind text NOT NULL,
    runs int4multirange DEFAULT '{}'::int4multirange NOT NULL,
    CONSTRAINT territory_kind CHECK ((kind = ANY (ARRAY['bassin'::text, 'departement'::text, 'region'::text, 'project'::text])))
);
ALTER TABLE ONLY data.territory ALTER COLUMN runs SET STORAGE PLAIN;

CREATE FUNCTION api.key_self() RETURNS json
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'data', 'pg_temp'
    BEGIN ATOMIC
 SELECT json_build_object('name', k.name, 'scopes', k.scopes, 'expires_at', k.expires_at, 'organisation', json_build_object('id', o.id, 'name', o.name, 'network', o.network), 'sandbox', (o.sandbox_of IS NOT NULL), 'territory', t.name, 'now', data.now()) AS json_build_object
    FROM ((data.api_key k
      JOIN data.organisation o ON ((o.id = k.organisation_id)))
      JOIN data.territory t ON ((t.id = o.territory_id)))
   WHERE (k.member_id = auth.member());
END;

CREATE FUNCTION auth.sees(establishment bigint) RETURNS boolean
    LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path TO 'data', 'pg_temp'
    AS $$
begin
    return auth.is_partner()
           and exists (select from establishment e
                         join territory_commune tc on tc.commune_code = e.commune_code and tc.territory_id = auth.territory()
                        where e.id = sees.establishment);
end
$$;

CREATE TABLE data.merge (
    id bigint NOT NULL,
    survivor_id bigint NOT NULL,
    absorbed_id bigint NOT NULL,
    kind text NOT NULL,
    succession_id bigint,
    organisation_id bigint,
    member_id bigint,
    reason text,
    at timestamp with time zone NOT NULL,
    followers bigint[] DEFAULT '{}'::bigint[] NOT NULL,
    bound bigint[] DEFAULT '{}'::bigint[] NOT NULL,
    undone_at timestamp with time zone,
    undone_by bigint,
    undone_reason text,
    moving xid8,
    CONSTRAINT merge_kind CHECK ((kind = ANY (ARRAY['person'::text, 'review'::text, 'succession'::text]))),
    CONSTRAINT merge_of_succession CHECK (((kind = 'succession'::text) = (succession_id IS NOT NULL))),
    CONSTRAINT merge_reason CHECK ((length(reason) <= 500)),
    CONSTRAINT merge_two CHECK ((survivor_id <> absorbed_id)),
    CONSTRAINT merge_undone CHECK (((undone_at IS NOT NULL) OR ((undone_by IS NULL) AND (undone_reason IS NULL)))),
    CONSTRAINT merge_undone_reason CHECK ((length(undone_reason) <= 500))
);

CREATE FUNCTION api.merge_document(merge bigint) RETURNS json
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'data', 'pg_temp'
    BEGIN ATOMIC
 SELECT json_build_object('id', m.id, 'survivor', m.survivor_id, 'absorbed', m.absorbed_id, 'kind', m.kind, 'at', m.at, 'reason', m.reason, 'undone_at', m.undone_at) AS json_build_object
    FROM data.merge m
   WHERE ((m.id = merge_document.merge) AND auth.sees(m.absorbed_id));
END;

CREATE FUNCTION api.merge_make(a bigint, b bigint, reason text) RETURNS bigint
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'data', 'pg_temp'
    AS $$
declare
    best bigint := data.merge_survivor(merge_make.a, merge_make.b);
begin
    if not auth.can_write() then
        perform auth.refuse('forbidden');
    end if;
    if merge_make.a = merge_make.b or not auth.sees(merge_make.a) or not auth.sees(merge_make.b) then
        perform auth.refuse('not_found');
    end if;
    return data.merge_do(best, case when best = merge_make.a then merge_make.b else merge_make.a end, 'person', null,
                         nullif(trim(merge_make.reason), ''), auth.member(), auth.organisation());
end
$$;

CREATE FUNCTION api.merge_preview(a bigint, b bigint) RETURNS json
    LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path TO 'data', 'pg_temp'
    AS $_$
declare
    best  bigint := data.merge_survivor(merge_preview.a, merge_preview.b);
    other bigint := case when best = merge_preview.a then merge_preview.b else merge_preview.a end;
    c     record;
    n     bigint;
    moved jsonb := '{}';
    later promise;
begin
    if merge_preview.a = merge_preview.b or not auth.sees(merge_preview.a) or not auth.sees(merge_preview.b) then
        return null;
    end if;
    for c in select * from data.merge_columns() loop
        execute format('select count(*) from %1$s x where x.%2$I = $2%3$s', c.source, c.field, data.merge_movable(c.source, c.field))
            into n using best, other;
        if n > 0 then
            moved := moved || jsonb_build_object(c.source::text, coalesce((moved ->> c.source::text)::bigint, 0) + n);
        end if;
    end loop;
    if (select count(*) from promise p where p.establishment_id in (best, other) and p.state = 'active') = 2 then
        select * into later from promise p where p.establishment_id in (best, other) and p.state = 'active' order by p.made_at desc, p.id desc limit 1;
    end if;
    return json_build_object('survivor', api.merge_side(best), 'absorbed', api.merge_side(other), 'moved', moved,
                             'obstacle', data.merge_obstacle(best, other, auth.organisation()), 'suspended', api.holder(later.id));
end
$_$;

CREATE TABLE data.naf (
    code text NOT NULL COLLATE pg_catalog."C",
    level smallint NOT NULL,
    section text NOT NULL COLLATE pg_catalog."C",
    label text NOT NULL,
    CONSTRAINT naf_level CHECK (((level >= 1) AND (level <= 5)))
);

CREATE FUNCTION api.merge_side(establishment bigint) RETURNS json
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'data', 'pg_temp'
    BEGIN ATOMIC
 SELECT json_build_object('id', e.id, 'status', e.status, 'siret', e.siret, 'name', e.name, 'legal_name', e.legal_name, 'brand', e.brand, 'address', e.address, 'postcode', e.postcode, 'city', e.city, 'naf', e.naf, 'naf_label', n.label, 'phone', e.phone, 'email', e.email) AS json_build_object
    FROM (data.establishment e
      LEFT JOIN data.naf n ON ((n.code = e.naf)))
   WHERE ((e.id = merge_side.establishment) AND auth.sees(e.id));
END;

CREATE FUNCTION api.merge_unmake(merge bigint, reason text) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'data', 'pg_temp'
    AS $$
declare
    m merge;
begin
    if not auth.can_write() then
        perform auth.refuse('forbidden');
    end if;
    select * into m from merge x where x.id = merge_unmake.merge;
    if not found or not auth.sees(m.absorbed_id) or not auth.sees((select coalesce(e.merged_into, e.id) from establishment e where e.id = m.survivor_id)) then
        perform auth.refuse('not_found');
    end if;
    perform data.merge_undo(m.id, nullif(trim(merge_unmake.reason), ''), auth.member(), auth.organisation());
end
$$;

CREATE FUNCTION api.merged_into(establishment bigint) RETURNS json
    LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path TO 'data', 'pg_temp'
    AS $$
begin
    return (select json_build_object('merge', m.id, 'id', r.id, 'name', case when v.sees then r.name end, 'siret', case when v.sees then r.siret end,
                       'kind', m.kind, 'at', m.at, 'since', s.since, 'member', b.name, 'reason', m.reason,
                       'organisation', (select api.organisation_ref(o) from organisation o where o.id = m.organisation_id), 'visible', v.sees)
              from establishment e
              join establishment r on r.id = e.merged_into
              join merge m on m.absorbed_id = e.id and m.undone_at is null
             cross join lateral (select auth.sees(r.id) as sees) v
              left join succession s on s.id = m.succession_id
              left join member b on b.id = m.member_id
             where e.id = merged_into.establishment and auth.is_partner());
end
$$;

CREATE FUNCTION api.naf_divisions(naf text) RETURNS text[]
    LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
    SET search_path TO 'data', 'pg_temp'
    AS $_$
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
$_$;

CREATE FUNCTION api.naf_patterns(naf text) RETURNS text[]
    LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
    SET search_path TO 'data', 'pg_temp'
    AS $_$
begin
    if naf_patterns.naf ~ '^[0-9A-Z]{1,2}(,[0-9A-Z]{1,2})*$' then
        return null;
    end if;
    return array(select n.code || '%' from naf n where n.level = 2 and n.section = any (string_to_array(naf_patterns.naf, ','))
                 union all
                 select w || '%' from unnest(string_to_array(naf_patterns.naf, ',')) w where w ~ '^[0-9][0-9.A-Z]*$');
end
$_$;

CREATE FUNCTION api.offer_fill(offer bigint, posts integer, reason text) RETURNS void
    LANGUAGE plpgsql
    AS $$
declare
    o record;
    n integer;
begin
    select x.state, x.organisation_id, x.posts, x.posts_filled into o from data.offer x where x.id = offer_fill.offer;
    if not found then
        perform auth.refuse('not_found');
    end if;
    if o.organisation_id <> auth.organisation() then
        perform auth.refuse('forbidden');
    end if;
    select x.state, x.posts, x.posts_filled into o.state, o.posts, o.posts_filled from data.offer x where x.id = offer_fill.offer for update;
    n := o.posts_filled + coalesce(offer_fill.posts, o.posts - o.posts_filled);
    if o.state not in ('reserved', 'open') then
        perform auth.refuse('offer_transition', json_build_object('from', o.state, 'to', 'filled'));
    end if;
    if n < 0 or n > o.posts then
        perform auth.refuse('offer_posts', json_build_object('field', 'posts', 'posts', o.posts, 'posts_filled', o.posts_filled));
    end if;
    if n = o.posts then
        update data.offer x set state = 'filled', reason = offer_fill.reason where x.id = offer_fill.offer;
    else
        update data.offer x set posts_filled = n where x.id = offer_fill.offer;
    end if;
end
$$;

CREATE FUNCTION api.offer_link_make(offer bigint, token_hash bytea) RETURNS timestamp with time zone
    LANGUAGE plpgsql
    AS $$
declare
    o   record;
    out timestamptz;
begin
    select x.state, x.organisation_id, x.version into o from data.offer x where x.id = offer_link_make.offer;
    if not found then
        perform auth.refuse('not_found');
    end if;
    if o.organisation_id <> auth.organisation() then
        perform auth.refuse('forbidden');
    end if;
    -- Held, so that two links made at once are made one after the other.
    perform data.offer_hold(offer_link_make.offer);
    select x.state, x.version into o.state, o.version from data.offer x where x.id = offer_link_make.offer;
    if o.state <> 'draft' then
        perform auth.refuse('offer_transition', json_build_object('from', o.state, 'to', 'confirmed'));
    end if;
    update data.offer_link l set revoked_at = data.now()
     where l.offer_id = offer_link_make.offer and l.answer is null and l.revoked_at is null;
    insert into data.offer_link (offer_id, offer_version, organisation_id, member_id, token_hash)
    values (offer_link_make.offer, o.version, auth.organisation(), auth.member(), offer_link_make.token_hash)
    returning expires_at into out;
    return out;
end
$$;

CREATE FUNCTION api.offer_move(offer bigint, verb text, confirmed_with text, reason text) RETURNS void
    LANGUAGE plpgsql
    AS $$
declare
    o record;
begin
    select x.state, x.organisation_id into o from data.offer x where x.id = offer_move.offer;
    if not found then
        perform auth.refuse('not_found');
    end if;
    if o.organisation_id <> auth.organisation() then
        perform auth.refuse('forbidden');
    end if;
    case offer_move.verb
    when 'confirm' then
        update data.offer x set state = 'confirmed', confirmed_with = offer_move.confirmed_with, reason = null where x.id = offer_move.offer;
        update data.offer x set state = 'reserved' where x.id = offer_move.offer;
    when 'open' then
        if coalesce(trim(offer_move.reason), '') = '' then
            perform auth.refuse('reason_required', json_build_object('field', 'reason'));
        end if;
        update data.offer x set state = 'open', reason = offer_move.reason where x.id = offer_move.offer;
    when 'withdraw' then
        update data.offer x set state = 'withdrawn', reason = offer_move.reason where x.id = offer_move.offer;
    end case;
end
$$;

CREATE FUNCTION api.offer_prolong(offer bigint, confirmed_with text) RETURNS void
    LANGUAGE plpgsql
    AS $$
begin
    if not exists (select from data.offer o where o.id = offer_prolong.offer) then
        perform auth.refuse('not_found');
    end if;
    insert into data.offer_prolongation (offer_id, organisation_id, member_id, confirmed_with)
    values (offer_prolong.offer, auth.organisation(), auth.member(), trim(offer_prolong.confirmed_with));
end
$$;

CREATE FUNCTION api.opening_hours_set(establishment bigint, hours jsonb) RETURNS void
    LANGUAGE plpgsql
    AS $$
begin
    if not exists (select from data.establishment e where e.id = opening_hours_set.establishment) then
        perform auth.refuse('not_found');
    end if;
    insert into data.opening_hours as h (establishment_id, hours, organisation_id, member_id, stated_at)
    values (opening_hours_set.establishment, opening_hours_set.hours, auth.organisation(), auth.member(), data.now())
    on conflict (establishment_id) do update
       set hours = excluded.hours, organisation_id = excluded.organisation_id, member_id = excluded.member_id,
           stated_at = excluded.stated_at;
end
$$;

CREATE FUNCTION api.oppose_person(contact bigint, reason text, spared text) RETURNS bigint
    LANGUAGE plpgsql
    AS $$
declare
    made bigint;
    c    record;
begin
    select x.establishment_id into c from data.contact x where x.id = oppose_person.contact and x.erased_at is null;
    if not found then
        perform auth.refuse('not_found');
    end if;
    perform set_config('maillage.spared', coalesce(oppose_person.spared, ''), true);
    insert into data.opposition (establishment_id, organisation_id, member_id, subject, contact_id, reason)
    values (c.establishment_id, auth.organisation(), auth.member(), 'person', oppose_person.contact, oppose_person.reason)
    on conflict (contact_id) where lifted_at is null and subject = 'person' do nothing
    returning id into made;
    perform set_config('maillage.spared', '', true);
    return coalesce(made, (select x.id from data.opposition x
                            where x.contact_id = oppose_person.contact and x.lifted_at is null));
end
$$;

CREATE FUNCTION api.organisation_ref(o data.organisation) RETURNS json
    LANGUAGE sql STABLE
    RETURN json_build_object('id', (o).id, 'name', (o).name, 'short_name', (o).short_name, 'network', (o).network);

CREATE TABLE data.own_column (
    organisation_id bigint NOT NULL,
    name text NOT NULL,
    chosen_by bigint NOT NULL,
    chosen_at timestamp with time zone NOT NULL,
    CONSTRAINT own_column_name CHECK (((length(name) >= 1) AND (length(name) <= 80)))
);

CREATE FUNCTION api.own_columns() RETURNS TABLE(name text, "values" bigint, chosen boolean)
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'data', 'pg_temp'
    BEGIN ATOMIC
 WITH mine AS (
          SELECT f.id
            FROM data.source_file f
           WHERE ((f.organisation_id = auth.organisation()) AND auth.is_partner() AND (f.kind = 'partner'::text) AND (f.state = 'done'::text))
           ORDER BY f.id DESC
          LIMIT 20
         ), cell AS (
          SELECT k.key,
             TRIM(BOTH FROM k.value) AS value
            FROM ((mine m
              JOIN data.source_record r ON ((r.file_id = m.id)))
              CROSS JOIN LATERAL jsonb_each_text(r.received) k(key, value))
           WHERE ((TRIM(BOTH FROM k.value) <> ''::text) AND (data.fold(k.key) !~ '(nom|name|contact|interlocut|responsable|dirigeant|tel|portable|mail|courriel|adresse|rue|voie|civil|fonction|siret|siren|ville|commune|postal|^cp|enseigne|employeur|raison|naissance|commentaire|remarque|note)'::text))
         ), seen AS (
          SELECT c.key,
             count(*) AS filled,
             count(DISTINCT c.value) AS n,
             max(length(c.value)) AS longest
            FROM cell c
           GROUP BY c.key
         )
  SELECT COALESCE(s.key, o.name) AS "coalesce",
     COALESCE(s.n, (0)::bigint) AS "coalesce",
     (o.name IS NOT NULL)
    FROM (seen s
      FULL JOIN ( SELECT w.name
            FROM data.own_column w
           WHERE ((w.organisation_id = auth.organisation()) AND auth.is_partner())) o ON ((o.name = s.key)))
   WHERE ((o.name IS NOT NULL) OR (((s.n >= 1) AND (s.n <= 60)) AND ((s.n * 2) <= s.filled) AND (s.longest <= 60) AND (length(s.key) <= 80)))
   ORDER BY (o.name IS NOT NULL) DESC, COALESCE(s.key, o.name);
END;

CREATE FUNCTION api.own_columns_choose(names text[]) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'data', 'pg_temp'
    AS $$
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

CREATE FUNCTION api.plan_abandon(plan bigint, reason text) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'data', 'pg_temp'
    AS $$
declare
    p plan := data.plan_hold(plan_abandon.plan, true);
    n integer;
begin
    if coalesce(length(trim(plan_abandon.reason)), 0) < 3 then
        perform auth.refuse('reason_required', json_build_object('field', 'reason'));
    end if;
    update plan_version v set state = 'dropped' where v.plan_id = p.id and v.state in ('draft', 'proposed', 'agreed');
    get diagnostics n = row_count;
    if not exists (select from plan_version v where v.plan_id = p.id and v.state = 'active') then
        update plan x set abandoned_at = data.now(), abandoned_reason = trim(plan_abandon.reason) where x.id = p.id;
    elsif n = 0 then
        perform auth.refuse('plan_running');
    end if;
    perform data.plan_log(p.id, 'abandoned', jsonb_build_object('version', p.version, 'reason', trim(plan_abandon.reason)));
end
$$;

CREATE FUNCTION api.plan_activate(plan bigint, version integer) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'data', 'pg_temp'
    AS $$
declare
    p       plan := data.plan_hold(plan_activate.plan, true);
    figures jsonb;
    code    text;
begin
    if p.version <> plan_activate.version then
        perform auth.refuse('plan_version_stale', json_build_object('version', p.version));
    end if;
    update plan_version v set state = 'closed' where v.plan_id = p.id and v.state = 'active'
       and exists (select from plan_version n where n.plan_id = p.id and n.version = p.version and n.state = 'agreed');
    update plan_version v set state = 'active', activated_by = auth.member() where v.plan_id = p.id and v.version = p.version;
    -- A call or a visit recorded between our look and our promise is refused by the rules of a promise: looked at again.
    for attempt in 1 .. 4 loop
        begin
            figures := data.plan_promise_all(p.id, p.version);
            exit;
        exception when sqlstate 'ML000' then
            get stacked diagnostics code = message_text;
            if attempt = 4 or code not in ('establishment_resting', 'establishment_opposed', 'establishment_closed') then
                raise;
            end if;
        end;
    end loop;
    perform data.plan_log(p.id, 'activated', figures || jsonb_build_object('version', p.version));
end
$$;

CREATE FUNCTION api.plan_answer(plan bigint, version integer, hash text, answer text, reason text) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'data', 'pg_temp'
    AS $$
declare
    p plan := data.plan_hold(plan_answer.plan, true);
begin
    if p.version <> plan_answer.version then
        perform auth.refuse('plan_version_stale', json_build_object('version', p.version));
    end if;
    insert into plan_signature as s (plan_id, version, organisation_id, member_id, answer, hash, reason)
    values (p.id, p.version, auth.organisation(), auth.member(), plan_answer.answer, decode(plan_answer.hash, 'hex'),
            nullif(trim(plan_answer.reason), ''))
    on conflict on constraint plan_signature_once do update
       set answer = excluded.answer, member_id = excluded.member_id, hash = excluded.hash, reason = excluded.reason;
    perform data.plan_log(p.id, plan_answer.answer, jsonb_build_object('version', p.version, 'hash', plan_answer.hash,
                                                                       'reason', nullif(trim(plan_answer.reason), '')));
    if data.plan_signed(p.id, p.version, decode(plan_answer.hash, 'hex')) then
        update plan_version v set state = 'agreed' where v.plan_id = p.id and v.version = p.version;
        perform data.plan_log(p.id, 'agreed', jsonb_build_object('version', p.version));
    end if;
end
$$;

CREATE FUNCTION data.plan_partners(content jsonb) RETURNS bigint[]
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    SET search_path TO 'data', 'pg_temp'
    RETURN COALESCE((SELECT array_agg((p.value)::bigint ORDER BY (p.value)::bigint) AS array_agg FROM jsonb_array_elements_text((plan_partners.content -> 'partners'::text)) p(value)), '{}'::bigint[]);

CREATE TABLE data.plan_version (
    plan_id bigint NOT NULL,
    version integer NOT NULL,
    state text DEFAULT 'draft'::text NOT NULL,
    content jsonb NOT NULL,
    scenario_id bigint,
    hash bytea,
    note text,
    member_id bigint NOT NULL,
    made_at timestamp with time zone NOT NULL,
    proposed_at timestamp with time zone,
    proposed_by bigint,
    agreed_at timestamp with time zone,
    activated_at timestamp with time zone,
    activated_by bigint,
    ended_at timestamp with time zone,
    CONSTRAINT plan_version_content CHECK ((length((content)::text) <= 200000)),
    CONSTRAINT plan_version_ended CHECK (((ended_at IS NULL) = (state <> ALL (ARRAY['closed'::text, 'dropped'::text])))),
    CONSTRAINT plan_version_hash CHECK (
CASE state
    WHEN 'draft'::text THEN (hash IS NULL)
    WHEN 'dropped'::text THEN true
    ELSE ((hash IS NOT NULL) AND (scenario_id IS NOT NULL))
END),
    CONSTRAINT plan_version_note CHECK ((length(note) <= 500)),
    CONSTRAINT plan_version_positive CHECK ((version > 0)),
    CONSTRAINT plan_version_state CHECK ((state = ANY (ARRAY['draft'::text, 'proposed'::text, 'agreed'::text, 'active'::text, 'closed'::text, 'dropped'::text])))
);

CREATE FUNCTION data.plan_signers(plan bigint, version integer) RETURNS bigint[]
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'data', 'pg_temp'
    BEGIN ATOMIC
 SELECT array_agg(DISTINCT p.p ORDER BY p.p) AS array_agg
    FROM (data.plan_version v
      CROSS JOIN LATERAL unnest(data.plan_partners(v.content)) p(p))
   WHERE ((v.plan_id = plan_signers.plan) AND ((v.version = plan_signers.version) OR ((v.state = 'active'::text) AND (v.version < plan_signers.version))));
END;

CREATE TABLE data.network (
    code text NOT NULL,
    name text NOT NULL,
    kind text NOT NULL,
    rank smallint NOT NULL,
    CONSTRAINT network_kind CHECK ((kind = ANY (ARRAY['partner'::text, 'contributor'::text, 'observer'::text])))
);

CREATE TABLE data.plan_signature (
    plan_id bigint NOT NULL,
    version integer NOT NULL,
    organisation_id bigint NOT NULL,
    member_id bigint NOT NULL,
    answer text NOT NULL,
    hash bytea NOT NULL,
    reason text,
    at timestamp with time zone NOT NULL,
    CONSTRAINT plan_signature_answer CHECK ((answer = ANY (ARRAY['signed'::text, 'refused'::text]))),
    CONSTRAINT plan_signature_hash CHECK ((length(hash) = 32)),
    CONSTRAINT plan_signature_reason CHECK (((length(reason) >= 3) AND (length(reason) <= 500))),
    CONSTRAINT plan_signature_refused CHECK (((answer = 'refused'::text) = (reason IS NOT NULL)))
);

CREATE FUNCTION api.plan_answers(plan bigint, version integer) RETURNS json
    LANGUAGE sql STABLE
    BEGIN ATOMIC
 SELECT COALESCE(json_agg(json_build_object('organisation', api.organisation_ref(o.*), 'answer', s.answer, 'reason', s.reason, 'at', s.at, 'member', m.name, 'mine', (o.id = auth.organisation())) ORDER BY n.rank, o.short_name), '[]'::json) AS "coalesce"
    FROM ((((( SELECT unnest(data.plan_signers(plan_answers.plan, plan_answers.version)) AS unnest
         UNION
          SELECT x.organisation_id
            FROM data.plan_signature x
           WHERE ((x.plan_id = plan_answers.plan) AND (x.version = plan_answers.version))) s0(p)
      JOIN data.organisation o ON ((o.id = s0.p)))
      JOIN data.network n ON ((n.code = o.network)))
      LEFT JOIN data.plan_signature s ON (((s.plan_id = plan_answers.plan) AND (s.version = plan_answers.version) AND (s.organisation_id = s0.p))))
      LEFT JOIN data.member m ON ((m.id = s.member_id)));
END;

CREATE FUNCTION api.plan_choose(plan bigint, edit integer, scenario bigint) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'data', 'pg_temp'
    AS $$
begin
    perform data.plan_write(plan_choose.plan, plan_choose.edit, null, plan_choose.scenario, null);
end
$$;

CREATE FUNCTION api.plan_comment(plan bigint, part text, segment bigint, establishment bigint, text text) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'data', 'pg_temp'
    AS $$
declare
    p plan;
begin
    -- The committee, which is no partner, says what it thinks of every plan of its territory.
    if auth.role() = 'administrator' then
        select * into p from plan x where x.id = plan_comment.plan and x.territory_id = auth.territory() for share;
        if p.id is null then
            perform auth.refuse('not_found');
        end if;
    else
        p := data.plan_hold(plan_comment.plan);
    end if;
    if plan_comment.establishment is not null and not auth.sees(plan_comment.establishment) then
        perform auth.refuse('not_found');
    end if;
    insert into plan_comment (plan_id, version, part, segment_id, establishment_id, text, member_id, organisation_id, at)
    values (p.id, p.version, plan_comment.part, plan_comment.segment, plan_comment.establishment, trim(plan_comment.text),
            auth.member(), auth.organisation(), data.now());
    perform data.plan_log(p.id, 'commented', jsonb_build_object('version', p.version, 'part', plan_comment.part, 'segment', plan_comment.segment,
                                                                'establishment', plan_comment.establishment));
end
$$;

CREATE FUNCTION api.plan_evaluate(plan bigint, conclusion text) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'data', 'pg_temp'
    AS $$
declare
    p plan := data.plan_hold(plan_evaluate.plan, true);
    v plan_version;
begin
    select * into v from plan_version x where x.plan_id = p.id and x.state = 'active';
    if v.plan_id is null or (v.content ->> 'ends_on')::date > data.today() then
        perform auth.refuse('plan_not_over', json_build_object('ends_on', v.content ->> 'ends_on'));
    end if;
    update plan_version x set state = 'dropped' where x.plan_id = p.id and x.state in ('draft', 'proposed', 'agreed');
    update plan_version x set state = 'closed' where x.plan_id = p.id and x.state = 'active';
    update plan x set evaluated_at = data.now(), conclusion = trim(plan_evaluate.conclusion) where x.id = p.id;
    perform data.plan_log(p.id, 'evaluated', jsonb_build_object('version', v.version));
end
$$;

CREATE TABLE data.plan (
    id bigint NOT NULL,
    territory_id bigint NOT NULL,
    organisation_id bigint NOT NULL,
    made_by bigint NOT NULL,
    made_at timestamp with time zone NOT NULL,
    version integer DEFAULT 0 NOT NULL,
    edit integer DEFAULT 0 NOT NULL,
    abandoned_at timestamp with time zone,
    abandoned_reason text,
    evaluated_at timestamp with time zone,
    conclusion text,
    CONSTRAINT plan_abandoned CHECK (((abandoned_at IS NULL) = (abandoned_reason IS NULL))),
    CONSTRAINT plan_abandoned_reason CHECK (((length(abandoned_reason) >= 3) AND (length(abandoned_reason) <= 500))),
    CONSTRAINT plan_conclusion CHECK (((length(conclusion) >= 3) AND (length(conclusion) <= 4000))),
    CONSTRAINT plan_evaluated CHECK (((evaluated_at IS NULL) = (conclusion IS NULL))),
    CONSTRAINT plan_one_end CHECK (((abandoned_at IS NULL) OR (evaluated_at IS NULL)))
);

CREATE FUNCTION api.plan_history(plan bigint) RETURNS json
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'data', 'pg_temp'
    BEGIN ATOMIC
 SELECT COALESCE(json_agg(json_build_object('at', e.at, 'kind', e.kind, 'member', m.name, 'organisation',
         CASE
             WHEN (o.id IS NOT NULL) THEN api.organisation_ref(o.*)
             ELSE NULL::json
         END, 'data', (e.data - 'plan'::text)) ORDER BY e.id DESC), '[]'::json) AS "coalesce"
    FROM ((( SELECT x.id,
             x.xid,
             x.at,
             x.kind,
             x.member_id,
             x.organisation_id,
             x.establishment_id,
             x.offer_id,
             x.data
            FROM data.event x
           WHERE ((x.kind ~~ 'plan.%'::text) AND (((x.data ->> 'plan'::text))::bigint = plan_history.plan) AND (EXISTS ( SELECT
                    FROM data.plan p
                   WHERE ((p.id = plan_history.plan) AND auth.is_partner() AND (p.territory_id = auth.territory())))))
           ORDER BY x.id DESC
          LIMIT 300) e
      LEFT JOIN data.member m ON ((m.id = e.member_id)))
      LEFT JOIN data.organisation o ON ((o.id = e.organisation_id)));
END;

CREATE FUNCTION api.plan_make(content jsonb) RETURNS bigint
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'data', 'pg_temp'
    AS $$
declare
    made bigint;
begin
    if not auth.can_write() or auth.organisation() <> all (data.plan_partners(plan_make.content)) then
        perform auth.refuse('forbidden');
    end if;
    insert into plan (territory_id, organisation_id, made_by, made_at, edit)
    values (auth.territory(), auth.organisation(), auth.member(), data.now(), 1) returning id into made;
    insert into plan_version (plan_id, version, content, member_id) values (made, 1, plan_make.content, auth.member());
    update plan p set version = 1 where p.id = made;
    insert into plan_edit (plan_id, edit, version, content, member_id, organisation_id, at)
    select made, 1, 1, v.content, auth.member(), auth.organisation(), data.now() from plan_version v where v.plan_id = made;
    perform data.plan_log(made, 'made', jsonb_build_object('version', 1, 'name', data.plan_normal(plan_make.content) ->> 'name'));
    return made;
end
$$;

CREATE FUNCTION api.plan_propose(plan bigint, edit integer) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'data', 'pg_temp'
    AS $$
declare
    p plan := data.plan_hold(plan_propose.plan, true);
begin
    if p.edit <> plan_propose.edit then
        perform auth.refuse('plan_edit_taken', json_build_object('edit', p.edit, 'version', p.version));
    end if;
    update plan_version v set state = 'proposed', proposed_by = auth.member() where v.plan_id = p.id and v.version = p.version;
    perform data.plan_log(p.id, 'proposed', (select jsonb_build_object('version', v.version, 'hash', encode(v.hash, 'hex'))
                                               from plan_version v where v.plan_id = p.id and v.version = p.version));
end
$$;

CREATE TABLE data.need (
    id bigint NOT NULL,
    establishment_id bigint NOT NULL,
    organisation_id bigint NOT NULL,
    member_id bigint,
    visit_id bigint,
    rome text NOT NULL COLLATE pg_catalog."C",
    posts smallint DEFAULT 1 NOT NULL,
    horizon text NOT NULL,
    contract text,
    state text DEFAULT 'declared'::text NOT NULL,
    declared_at timestamp with time zone NOT NULL,
    CONSTRAINT need_horizon CHECK ((horizon = ANY (ARRAY['now'::text, 'quarter'::text, 'half'::text, 'year'::text]))),
    CONSTRAINT need_posts CHECK (((posts >= 1) AND (posts <= 500))),
    CONSTRAINT need_state CHECK ((state = ANY (ARRAY['declared'::text, 'confirmed'::text, 'offer'::text, 'filled'::text, 'abandoned'::text])))
);

CREATE TABLE data.plan_line (
    scenario_id bigint NOT NULL,
    establishment_id bigint NOT NULL,
    organisation_id bigint,
    member_id bigint,
    worth integer DEFAULT 0 NOT NULL,
    km smallint,
    is_first boolean DEFAULT false NOT NULL,
    is_small boolean DEFAULT false NOT NULL,
    reason text NOT NULL,
    points integer[],
    why text NOT NULL,
    CONSTRAINT plan_line_both CHECK (((organisation_id IS NULL) = (member_id IS NULL))),
    CONSTRAINT plan_line_why CHECK ((length(why) <= 1000))
);

CREATE TABLE data.plan_skip (
    plan_id bigint NOT NULL,
    version integer NOT NULL,
    establishment_id bigint NOT NULL,
    organisation_id bigint NOT NULL,
    reason text NOT NULL,
    detail jsonb DEFAULT '{}'::jsonb NOT NULL,
    CONSTRAINT plan_skip_reason CHECK ((reason = ANY (ARRAY['promised'::text, 'resting'::text, 'opposed'::text, 'closed'::text, 'merged'::text, 'member_gone'::text])))
);

CREATE FUNCTION api.plan_results(plan bigint) RETURNS json
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'data', 'pg_temp'
    BEGIN ATOMIC
 WITH p AS (
          SELECT x.id
            FROM data.plan x
           WHERE ((x.id = plan_results.plan) AND auth.is_partner() AND (x.territory_id = auth.territory()))
         ), v AS (
          SELECT w.plan_id,
             w.version,
             w.state,
             w.content,
             w.scenario_id,
             w.hash,
             w.note,
             w.member_id,
             w.made_at,
             w.proposed_at,
             w.proposed_by,
             w.agreed_at,
             w.activated_at,
             w.activated_by,
             w.ended_at
            FROM (data.plan_version w
              JOIN p ON ((p.id = w.plan_id)))
           WHERE (w.state = ANY (ARRAY['active'::text, 'closed'::text]))
           ORDER BY w.version DESC
          LIMIT 1
         ), promised AS (
          SELECT q.id,
             q.organisation_id,
             q.state,
             q.due_on,
             l.is_first,
             l.is_small
            FROM (((data.promise q
              JOIN p ON ((p.id = q.plan_id)))
              JOIN data.plan_version w ON (((w.plan_id = q.plan_id) AND (w.version = q.plan_version))))
              LEFT JOIN data.plan_line l ON (((l.scenario_id = w.scenario_id) AND (l.establishment_id = q.establishment_id))))
         ), seen AS (
          SELECT x.organisation_id,
             x.is_first,
             x.is_small,
             r.visit_id
            FROM (((promised x
              JOIN data.visit y ON ((y.promise_id = x.id)))
              JOIN data.report r ON ((r.visit_id = y.id)))
              JOIN data.outcome o ON (((o.code = r.outcome) AND o.reached)))
         ), figures AS (
          SELECT o.id,
             count(x.id) AS promised,
             count(x.id) FILTER (WHERE (x.state = 'active'::text)) AS running,
             count(x.id) FILTER (WHERE ((x.state = 'active'::text) AND (x.due_on < data.today()))) AS late,
             count(x.id) FILTER (WHERE (x.state = 'kept'::text)) AS kept,
             count(x.id) FILTER (WHERE (x.state = 'returned'::text)) AS returned,
             count(x.id) FILTER (WHERE (x.state = 'lapsed'::text)) AS lapsed,
             ( SELECT count(*) AS count
                    FROM seen s
                   WHERE (s.organisation_id = o.id)) AS visits,
             ( SELECT count(*) AS count
                    FROM seen s
                   WHERE ((s.organisation_id = o.id) AND s.is_first)) AS first_contacts,
             ( SELECT count(*) AS count
                    FROM seen s
                   WHERE ((s.organisation_id = o.id) AND s.is_small)) AS small,
             ( SELECT count(*) AS count
                    FROM (seen s
                      JOIN data.need n ON ((n.visit_id = s.visit_id)))
                   WHERE (s.organisation_id = o.id)) AS needs,
             ( SELECT count(*) AS count
                    FROM (seen s
                      JOIN data.offer f ON ((f.visit_id = s.visit_id)))
                   WHERE ((s.organisation_id = o.id) AND (f.state <> 'draft'::text))) AS offers
            FROM (((v
              CROSS JOIN LATERAL unnest(data.plan_partners(v.content)) k(k))
              JOIN data.organisation o ON ((o.id = k.k)))
              LEFT JOIN promised x ON ((x.organisation_id = o.id)))
           GROUP BY o.id
         )
  SELECT json_build_object('version', ( SELECT v.version
            FROM v), 'starts_on', ( SELECT (v.content ->> 'starts_on'::text)
            FROM v), 'ends_on', ( SELECT (v.content ->> 'ends_on'::text)
            FROM v), 'today', data.today(), 'partners', COALESCE(( SELECT json_agg(json_build_object('organisation', api.organisation_ref(o.*), 'promised', f.promised, 'running', f.running, 'late', f.late, 'kept', f.kept, 'returned', f.returned, 'lapsed', f.lapsed, 'small', f.small, 'visits', json_build_object('done', f.visits, 'agreed', ((b.goal ->> 'visits'::text))::integer), 'first_contacts', json_build_object('done', f.first_contacts, 'agreed', ((b.goal ->> 'first_contacts'::text))::integer), 'needs', json_build_object('done', f.needs, 'agreed', ((b.goal ->> 'needs'::text))::integer), 'offers', json_build_object('done', f.offers, 'agreed', ((b.goal ->> 'offers'::text))::integer)) ORDER BY n.rank, o.short_name) AS json_agg
            FROM (((figures f
              JOIN data.organisation o ON ((o.id = f.id)))
              JOIN data.network n ON ((n.code = o.network)))
              LEFT JOIN LATERAL ( SELECT x.value AS goal
                    FROM v,
                     LATERAL jsonb_array_elements((v.content -> 'objectives'::text)) x(value)
                   WHERE (((x.value ->> 'organisation'::text))::bigint = f.id)) b ON (true))), '[]'::json), 'skipped', COALESCE(( SELECT json_agg(json_build_object('reason', s.reason, 'establishments', s.n) ORDER BY s.n DESC) AS json_agg
            FROM ( SELECT k.reason,
                     count(*) AS n
                    FROM (data.plan_skip k
                      JOIN v ON (((v.plan_id = k.plan_id) AND (v.version = k.version))))
                   GROUP BY k.reason) s), '[]'::json)) AS json_build_object;
END;

CREATE FUNCTION api.plan_save(plan bigint, edit integer, content jsonb, note text) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'data', 'pg_temp'
    AS $$
begin
    perform data.plan_write(plan_save.plan, plan_save.edit, plan_save.content, null, plan_save.note);
end
$$;

CREATE FUNCTION api.promise_act(act text, establishment bigint, member bigint, organisation bigint, team bigint, due_on date, reason text, OUT promise bigint, OUT was jsonb) RETURNS record
    LANGUAGE plpgsql
    AS $$
declare
    p record;
begin
    was := '{}';
    if promise_act.act = 'make' then
        promise := api.promise_make_for(promise_act.establishment, coalesce(promise_act.member, auth.member()), promise_act.due_on, promise_act.reason);
        return;
    end if;
    select x.* into p from data.promise x where x.establishment_id = promise_act.establishment and x.state = 'active';
    if not found then
        perform auth.refuse(case when exists (select from data.establishment e where e.id = promise_act.establishment)
                                 then 'promise_not_active' else 'not_found' end);
    end if;
    if p.organisation_id <> auth.organisation() then
        perform auth.refuse('promise_taken', json_build_object('holder', api.holder(p.id)));
    end if;
    promise := p.id;
    if promise_act.act = 'hand' then
        was := jsonb_build_object('member', p.member_id, 'due_on', p.due_on, 'lapses_on', p.lapses_on, 'base_due_on', p.base_due_on, 'base_at', p.base_at);
        update data.promise x set member_id = promise_act.member where x.id = p.id and x.member_id <> promise_act.member;
        if not found then
            perform auth.refuse('promise_already_theirs');
        end if;
        -- The appointment goes with it.
        update data.visit v set member_id = promise_act.member
         where v.promise_id = p.id and v.state = 'planned' and v.planned_at > data.now() and v.organisation_id = auth.organisation();
    elsif promise_act.act = 'return' then
        was := jsonb_build_object('visits', coalesce((select jsonb_agg(v.id) from data.visit v where v.promise_id = p.id and v.state = 'planned'), '[]'),
                                  'reason', p.reason);
        perform api.promise_change(p.id, null, 'returned', promise_act.reason);
    elsif promise_act.act = 'transfer' then
        was := jsonb_build_object('transfer', api.transfer_propose(p.id, 'give', promise_act.organisation, promise_act.member, promise_act.reason));
    elsif promise_act.act = 'team' then
        was := jsonb_build_object('team', p.team_id, 'base_due_on', p.base_due_on, 'base_at', p.base_at);
        update data.promise x set team_id = promise_act.team where x.id = p.id and x.team_id is distinct from promise_act.team;
    else
        perform auth.refuse('invalid', json_build_object('field', 'act'));
    end if;
end
$$;

CREATE FUNCTION api.promise_batch_undo(batch bigint) RETURNS json
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'data', 'pg_temp'
    AS $$
declare
    b    promise_batch;
    r    record;
    p    promise;
    kept json[] := '{}';
    why  text;
    n    integer := 0;
begin
    select * into b from promise_batch x where x.id = promise_batch_undo.batch and x.member_id = auth.member() for update;
    if not found then
        perform auth.refuse('not_found');
    end if;
    if b.undone_at is not null or b.at < data.now() - interval '2 minutes' then
        perform auth.refuse('batch_too_late');
    end if;
    for r in select x.*, y.establishment_id from promise_batch_row x join promise y on y.id = x.promise_id
              where x.batch_id = b.id order by y.establishment_id loop
        perform data.promise_hold(r.promise_id);
        select * into p from promise x where x.id = r.promise_id;
        why := data.batch_obstacle(b, p, r.was);
        if why is null then
            if b.act = 'transfer' then
                update transfer t set state = 'withdrawn' where t.id = (r.was ->> 'transfer')::bigint;
            else
                update promise_batch x set undoing = pg_current_xact_id() where x.id = b.id;
                perform data.batch_back(b, p, r.was);
                update promise_batch x set undoing = null where x.id = b.id;
                perform data.log('promise.taken_back', p.establishment_id, null, jsonb_build_object('promise', p.id, 'act', b.act, 'due_on', p.due_on));
            end if;
            n := n + 1;
        else
            kept := kept || json_build_object('establishment', p.establishment_id, 'code', why, 'detail', '{}'::json);
        end if;
    end loop;
    update promise_batch x set undone_at = data.now() where x.id = b.id;
    return json_build_object('batch', b.id, 'done', n, 'refused', cardinality(kept), 'rows', array_to_json(kept));
end
$$;

CREATE FUNCTION api.promise_bulk(act text, establishments bigint[], member bigint, organisation bigint, team bigint, due_on date, reason text) RETURNS json
    LANGUAGE plpgsql
    AS $$
declare
    batch   bigint := data.batch_open(promise_bulk.act);
    e       bigint;
    done    record;
    code    text;
    detail  text;
    results json[] := '{}';
    n       integer := 0;
begin
    -- In the order that everybody keeps.
    for e in select distinct x from unnest(promise_bulk.establishments) x order by x loop
        begin
            select a.promise, a.was into done
              from api.promise_act(promise_bulk.act, e, promise_bulk.member, promise_bulk.organisation, promise_bulk.team, promise_bulk.due_on,
                                   promise_bulk.reason) a;
            perform data.batch_note(batch, done.promise, done.was);
            results := results || json_build_object('establishment', e, 'promise', done.promise);
            n := n + 1;
        exception
            when sqlstate 'ML000' then
                get stacked diagnostics code = message_text, detail = pg_exception_detail;
                results := results || json_build_object('establishment', e, 'code', code, 'detail', detail::json);
            when unique_violation then
                results := results || json_build_object('establishment', e, 'code', 'transfer_open', 'detail', '{}'::json);
        end;
    end loop;
    return json_build_object('batch', batch, 'done', n, 'refused', cardinality(results) - n, 'rows', array_to_json(results));
end
$$;

CREATE FUNCTION api.promise_change(promise bigint, due_on date, state text, reason text) RETURNS void
    LANGUAGE plpgsql
    AS $$
begin
    update data.promise p
       set due_on = coalesce(promise_change.due_on, p.due_on), state = coalesce(promise_change.state, p.state),
           reason = promise_change.reason
     where p.id = promise_change.promise;
    if not found then
        perform auth.refuse(case when exists (select from data.promise p where p.id = promise_change.promise)
                                 then 'forbidden' else 'not_found' end);
    end if;
    if promise_change.state = 'returned' then
        update data.visit v set state = 'cancelled', reason = promise_change.reason
         where v.promise_id = promise_change.promise and v.state = 'planned';
    end if;
end
$$;

CREATE FUNCTION api.promise_figures() RETURNS TABLE(organisation json, active bigint, made bigint, kept bigint, returned bigint, lapsed bigint, transferred bigint, received bigint, overrides bigint, visits bigint, joint bigint)
    LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path TO 'data', 'pg_temp'
    AS $$
#variable_conflict use_column
declare
    since timestamptz := data.now() - interval '1 year';
begin
    if coalesce(auth.role() not in ('manager', 'administrator'), true) then
        perform auth.refuse('forbidden');
    end if;
    return query
    with org as (
        select o from organisation o join network n on n.code = o.network and n.kind = 'partner' where o.territory_id = auth.territory()),
    p as (
        select x.organisation_id, count(*) filter (where x.state = 'active') as active,
               count(*) filter (where x.made_at >= since and x.state <> 'undone') as made,
               count(*) filter (where x.state = 'kept' and x.ended_at >= since) as kept,
               count(*) filter (where x.state = 'returned' and x.ended_at >= since) as returned,
               count(*) filter (where x.state = 'lapsed' and x.ended_at >= since) as lapsed,
               count(*) filter (where x.state = 'transferred' and x.ended_at >= since) as transferred,
               count(*) filter (where x.transfer_id is not null and x.made_at >= since) as received,
               count(*) filter (where x.override_reason is not null and x.made_at >= since and x.state <> 'undone') as overrides
          from promise x group by x.organisation_id),
    v as (
        select x.organisation_id, count(*) as visits, 0::bigint as joint from report x where x.done_at >= since group by 1),
    j as (
        select y.organisation_id, count(*) as n
          from (select w.visit_id, w.organisation_id, r.done_at, r.organisation_id as first from visit_partner w join report r on r.visit_id = w.visit_id
                 where w.state = 'accepted' and r.done_at >= since) x
         cross join lateral (values (x.organisation_id), (x.first)) y (organisation_id)
         group by 1),
    second as (
        select w.organisation_id, count(*) as n from visit_partner w join report r on r.visit_id = w.visit_id
         where w.state = 'accepted' and r.done_at >= since group by 1),
    line as (
        select (g.o).id as id, (g.o).name as name, api.organisation_ref(g.o) as organisation, coalesce(p.active, 0) as active, coalesce(p.made, 0) as made,
               coalesce(p.kept, 0) as kept, coalesce(p.returned, 0) as returned, coalesce(p.lapsed, 0) as lapsed,
               coalesce(p.transferred, 0) as transferred, coalesce(p.received, 0) as received, coalesce(p.overrides, 0) as overrides,
               coalesce(v.visits, 0) + coalesce(s.n, 0) as visits, coalesce(j.n, 0) as joint, coalesce(s.n, 0) as twice
          from org g
          left join p on p.organisation_id = (g.o).id
          left join v on v.organisation_id = (g.o).id
          left join j on j.organisation_id = (g.o).id
          left join second s on s.organisation_id = (g.o).id)
    (select l.organisation, l.active, l.made, l.kept, l.returned, l.lapsed, l.transferred, l.received, l.overrides, l.visits, l.joint
       from line l order by l.name)
    union all
    select null, sum(l.active)::bigint, sum(l.made)::bigint, sum(l.kept)::bigint, sum(l.returned)::bigint, sum(l.lapsed)::bigint,
           sum(l.transferred)::bigint, sum(l.received)::bigint, sum(l.overrides)::bigint, (sum(l.visits) - sum(l.twice))::bigint, sum(l.twice)::bigint
      from line l;
end
$$;

CREATE FUNCTION api.promise_make(establishment bigint, due_on date, override_reason text) RETURNS bigint
    LANGUAGE plpgsql
    AS $$
begin
    return api.promise_make_for(promise_make.establishment, auth.member(), promise_make.due_on, promise_make.override_reason);
end
$$;

CREATE FUNCTION api.promise_make_for(establishment bigint, member bigint, due_on date, override_reason text) RETURNS bigint
    LANGUAGE plpgsql
    AS $$
declare
    made  bigint;
    taken record;
begin
    if not exists (select from data.establishment e where e.id = promise_make_for.establishment) then
        perform auth.refuse('not_found');
    end if;
    for attempt in 1 .. 3 loop
        insert into data.promise (establishment_id, organisation_id, member_id, due_on, override_reason)
        values (promise_make_for.establishment, auth.organisation(), promise_make_for.member, promise_make_for.due_on,
                promise_make_for.override_reason)
        on conflict (establishment_id) where state = 'active' do nothing
        returning id into made;
        if made is not null then
            return made;
        end if;
        select p.id into taken from data.promise p
         where p.establishment_id = promise_make_for.establishment and p.state = 'active';
        if found then
            perform auth.refuse('promise_taken', json_build_object('holder', api.holder(taken.id)));
        end if;
        -- The holder let go between the two statements: try again.
    end loop;
    perform auth.refuse('busy');
end
$$;

CREATE FUNCTION api.proposal_answer(proposal bigint, accepted boolean, member bigint, due_on date, reason text) RETURNS bigint
    LANGUAGE plpgsql
    AS $$
declare
    x record;
begin
    select p.establishment_id into x from data.proposal p where p.id = proposal_answer.proposal;
    if not found then
        perform auth.refuse('not_found');
    end if;
    if auth.role() <> 'manager' then
        perform auth.refuse('forbidden');
    end if;
    perform data.establishment_hold(x.establishment_id);
    update data.proposal p set state = case when proposal_answer.accepted then 'accepted' else 'declined' end, reason = nullif(trim(proposal_answer.reason), '')
     where p.id = proposal_answer.proposal;
    if not found then
        perform auth.refuse('forbidden');
    end if;
    if proposal_answer.accepted then
        return api.promise_make_for(x.establishment_id, coalesce(proposal_answer.member, auth.member()), proposal_answer.due_on, null);
    end if;
    return null;
end
$$;

CREATE FUNCTION api.provenance(establishment bigint) RETURNS TABLE(field text, source text, organisation_id bigint, rule text, at timestamp with time zone)
    LANGUAGE plpgsql STABLE SECURITY DEFINER ROWS 12
    SET search_path TO 'data', 'pg_temp'
    AS $$
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

CREATE FUNCTION api.public_offer(id bigint) RETURNS TABLE(id bigint, title text, rome text, rome_label text, contract text, contract_label text, posts smallint, description text, starts_on date, hours numeric, salary text, commune_code text, commune text, opened_at timestamp with time zone, organisation text, organisation_phone text, organisation_email text, network text)
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'data', 'ext', 'pg_temp'
    BEGIN ATOMIC
 SELECT o.id,
     o.title,
     o.rome,
     o.rome_label,
     o.contract,
     o.contract_label,
     o.posts,
     o.description,
     o.starts_on,
     o.hours,
     o.salary,
     o.commune_code,
     o.commune,
     o.opened_at,
     o.organisation,
     o.organisation_phone,
     o.organisation_email,
     o.network
    FROM api.public_offer_line o
   WHERE (o.id = public_offer.id);
END;

CREATE FUNCTION api.public_offers(q text, commune text, before_at timestamp with time zone, before_id bigint, most integer) RETURNS TABLE(id bigint, title text, rome text, rome_label text, contract text, contract_label text, posts smallint, description text, starts_on date, hours numeric, salary text, commune_code text, commune text, opened_at timestamp with time zone, organisation text, organisation_phone text, organisation_email text, network text)
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'data', 'ext', 'pg_temp'
    BEGIN ATOMIC
 SELECT o.id,
     o.title,
     o.rome,
     o.rome_label,
     o.contract,
     o.contract_label,
     o.posts,
     o.description,
     o.starts_on,
     o.hours,
     o.salary,
     o.commune_code,
     o.commune,
     o.opened_at,
     o.organisation,
     o.organisation_phone,
     o.organisation_email,
     o.network
    FROM api.public_offer_line o
   WHERE (((public_offers.q IS NULL) OR (data.fold(((o.title || ' '::text) || o.rome_label)) ~~ (('%'::text || replace(replace(data.fold(public_offers.q), '%'::text, ''::text), '_'::text, ''::text)) || '%'::text))) AND ((public_offers.commune IS NULL) OR (o.commune_code = public_offers.commune)) AND ((public_offers.before_at IS NULL) OR (ROW(o.opened_at, o.id) < ROW(public_offers.before_at, public_offers.before_id))))
   ORDER BY o.opened_at DESC, o.id DESC
  LIMIT LEAST(public_offers.most, 101);
END;

CREATE TABLE data.instance (
    singleton boolean DEFAULT true NOT NULL,
    name text DEFAULT 'Maillage'::text NOT NULL,
    demo boolean DEFAULT false NOT NULL,
    CONSTRAINT instance_singleton_check CHECK (singleton)
);

CREATE FUNCTION api.public_site() RETURNS json
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'data', 'pg_temp'
    BEGIN ATOMIC
 SELECT json_build_object('name', i.name, 'demo', i.demo, 'offers_open', ( SELECT count(*) AS count
            FROM data.offer o
           WHERE ((o.state = 'open'::text) AND (NOT o.sandbox)))) AS json_build_object
    FROM data.instance i;
END;

CREATE FUNCTION api.questionnaire_publish(is_common boolean, version integer, questions json) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'data', 'pg_temp'
    AS $$
declare
    of      text := case when not is_common then auth.network() end;
    current integer;
    fault   text;
begin
    if not coalesce(auth.role() = 'administrator' or not is_common and auth.role() = 'manager', false) then
        perform auth.refuse('forbidden');
    end if;
    perform pg_advisory_xact_lock(hashtextextended('maillage.questionnaire', 0));
    select coalesce(max(q.version), 0) into current from questionnaire q where q.network is not distinct from of;
    if current <> questionnaire_publish.version then
        perform auth.refuse('precondition_failed', json_build_object('version', current));
    end if;
    fault := data.question_fault(questionnaire_publish.questions::jsonb);
    if fault is not null then
        perform auth.refuse('invalid', json_build_object('field', fault));
    end if;
    insert into questionnaire (network, version, questions, organisation_id, member_id, made_at)
    values (of, current + 1, questionnaire_publish.questions::jsonb, auth.organisation(), auth.member(), data.now());
    perform data.log('questionnaire.published', null, null, jsonb_strip_nulls(jsonb_build_object('network', of, 'version', current + 1)));
end
$$;

CREATE FUNCTION auth.network() RETURNS text
    LANGUAGE sql STABLE PARALLEL SAFE
    RETURN NULLIF(current_setting('maillage.network'::text, true), ''::text);

CREATE FUNCTION api.questionnaires() RETURNS json
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'data', 'pg_temp'
    BEGIN ATOMIC
 WITH latest AS (
          SELECT DISTINCT ON (q.network) q.network,
             json_build_object('id', q.id, 'version', q.version, 'questions', q.questions, 'made_at', q.made_at, 'member', ( SELECT json_build_object('id', m.id, 'name', m.name) AS json_build_object
                    FROM data.member m
                   WHERE (m.id = q.member_id))) AS document
            FROM data.questionnaire q
           WHERE ((q.network IS NULL) OR (q.network = auth.network()))
           ORDER BY q.network, q.version DESC
         )
  SELECT json_build_object('common', ( SELECT l.document
            FROM latest l
           WHERE (l.network IS NULL)), 'network', ( SELECT l.document
            FROM latest l
           WHERE (l.network IS NOT NULL)), 'edits_common', (auth.role() = 'administrator'::text), 'edits_network', (auth.role() = ANY (ARRAY['administrator'::text, 'manager'::text]))) AS json_build_object;
END;

CREATE FUNCTION api.referral_make(offer bigint, candidate text, public text) RETURNS bigint
    LANGUAGE plpgsql
    AS $_$
declare
    made bigint;
begin
    if not exists (select from data.offer o where o.id = referral_make.offer) then
        perform auth.refuse('not_found');
    end if;
    if trim(referral_make.candidate) !~ '^[A-Za-z0-9][A-Za-z0-9._/-]{1,39}$' or referral_make.candidate !~ '[0-9]' then
        perform auth.refuse('reference_personal', json_build_object('field', 'reference'));
    end if;
    insert into data.referral (offer_id, organisation_id, member_id, reference, public)
    values (referral_make.offer, auth.organisation(), auth.member(), trim(referral_make.candidate), referral_make.public)
    on conflict (offer_id, organisation_id, reference) where state <> 'withdrawn' do nothing
    returning id into made;
    if made is null then
        perform auth.refuse('referral_twice', json_build_object('field', 'reference'));
    end if;
    return made;
end
$_$;

CREATE FUNCTION api.referral_move(referral bigint, state text, refusal text) RETURNS void
    LANGUAGE plpgsql
    AS $$
declare
    r record;
begin
    select x.offer_id into r from data.referral x where x.id = referral_move.referral;
    if not found then
        perform auth.refuse('not_found');
    end if;
    perform data.offer_hold(r.offer_id);
    update data.referral x set state = referral_move.state, refusal = referral_move.refusal where x.id = referral_move.referral;
    if not found then
        perform auth.refuse('forbidden');
    end if;
end
$$;

CREATE FUNCTION api.report_answer(visit bigint, answers json) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'data', 'pg_temp'
    AS $$
declare
    r  report;
    a  record;
    q  record;
    it jsonb;
begin
    if report_answer.answers is null then
        return;
    end if;
    select * into r from report x where x.visit_id = report_answer.visit;
    if r.visit_id is null or r.organisation_id <> auth.organisation() or not auth.can_write() then
        perform auth.refuse('forbidden');
    end if;
    delete from report_answer x where x.visit_id = r.visit_id;
    for a in select x.questionnaire, x.code, trim(x.value) as value
               from json_to_recordset(report_answer.answers) x (questionnaire bigint, code text, value text) loop
        select * into q from questionnaire y where y.id = a.questionnaire and (y.network is null or y.network = auth.network());
        select e into it from jsonb_array_elements(q.questions) e where e ->> 'code' = a.code;
        if it is null or not data.answer_fits(it, a.value)
           or it ->> 'kind' <> 'choices' and exists (select from report_answer x where x.visit_id = r.visit_id and x.questionnaire_id = q.id
                                                         and x.code = a.code and x.value <> a.value) then
            perform auth.refuse('invalid', json_build_object('field', 'answers.' || left(a.code, 30)));
        end if;
        insert into report_answer (visit_id, questionnaire_id, code, value, network) values (r.visit_id, q.id, a.code, a.value, q.network)
        on conflict do nothing;
    end loop;
    for q in select y.id, e as question
               from questionnaire y cross join jsonb_array_elements(y.questions) e
              where y.id in (select x.questionnaire_id from report_answer x where x.visit_id = r.visit_id)
                and (e ->> 'required')::boolean
                and (not e ? 'outcomes' or e -> 'outcomes' ? r.outcome)
                and (not e ? 'when' or exists (select from report_answer x where x.visit_id = r.visit_id and x.questionnaire_id = y.id
                                                  and x.code = e #>> '{when,code}' and x.value = e #>> '{when,value}')) loop
        if not exists (select from report_answer x where x.visit_id = r.visit_id and x.questionnaire_id = q.id and x.code = q.question ->> 'code') then
            perform auth.refuse('invalid', json_build_object('field', 'answers.' || (q.question ->> 'code')));
        end if;
    end loop;
end
$$;

CREATE FUNCTION api.report_correct(visit bigint, version integer, outcome text, done_at timestamp with time zone, contact bigint, needs json, next_action text, next_action_on date, shared_note text, network_note text) RETURNS void
    LANGUAGE plpgsql
    AS $$
declare
    r record;
begin
    select x.version, x.organisation_id, x.establishment_id into r from data.report x where x.visit_id = report_correct.visit for update;
    if not found then
        if exists (select from data.report x where x.visit_id = report_correct.visit) then
            perform auth.refuse('forbidden'); -- another organisation's: seen, never written
        end if;
        perform auth.refuse('not_found');
    end if;
    if r.organisation_id <> auth.organisation() then
        perform auth.refuse('forbidden');
    end if;
    if r.version <> report_correct.version then
        perform auth.refuse('precondition_failed', json_build_object('version', r.version));
    end if;
    update data.report x
       set outcome = report_correct.outcome, done_at = coalesce(report_correct.done_at, x.done_at), contact_id = report_correct.contact,
           next_action = nullif(trim(report_correct.next_action), ''), next_action_on = report_correct.next_action_on,
           shared_note = nullif(trim(report_correct.shared_note), '')
     where x.visit_id = report_correct.visit;
    if nullif(trim(report_correct.network_note), '') is null then
        delete from data.report_note n where n.visit_id = report_correct.visit and n.organisation_id = auth.organisation();
    else
        insert into data.report_note (visit_id, organisation_id, network, note)
        values (report_correct.visit, auth.organisation(), auth.network(), trim(report_correct.network_note))
        on conflict (visit_id, organisation_id) do update set note = excluded.note;
    end if;
    -- The same need named again stays the same row, with what hangs on it.
    with named as (
        select n.rome, coalesce(n.posts, 1)::smallint as posts, coalesce(n.horizon, 'now') as horizon, n.contract,
               row_number() over (partition by n.rome, coalesce(n.posts, 1), coalesce(n.horizon, 'now'), n.contract) as copy
          from json_to_recordset(coalesce(report_correct.needs, '[]')) n (rome text, posts smallint, horizon text, contract text)),
    standing as (
        select d.id, d.rome, d.posts, d.horizon, d.contract, d.state,
               row_number() over (partition by d.rome, d.posts, d.horizon, d.contract order by d.id) as copy
          from data.need d where d.visit_id = report_correct.visit and d.state <> 'abandoned'),
    gone as (
        update data.need d set state = 'abandoned' from standing s
         where d.id = s.id and s.state in ('declared', 'confirmed')
           and not exists (select from named n where (n.rome, n.posts, n.horizon, n.contract, n.copy)
                                     is not distinct from (s.rome, s.posts, s.horizon, s.contract, s.copy)))
    insert into data.need (establishment_id, organisation_id, member_id, visit_id, rome, posts, horizon, contract)
    select r.establishment_id, auth.organisation(), auth.member(), report_correct.visit, n.rome, n.posts, n.horizon, n.contract
      from named n
     where not exists (select from standing s where (n.rome, n.posts, n.horizon, n.contract, n.copy)
                                 is not distinct from (s.rome, s.posts, s.horizon, s.contract, s.copy));
end
$$;

CREATE FUNCTION api.report_write(visit bigint, outcome text, done_at timestamp with time zone, contact bigint, needs json, next_action text, next_action_on date, shared_note text, network_note text, version integer DEFAULT NULL::integer, despite text DEFAULT NULL::text) RETURNS void
    LANGUAGE plpgsql
    AS $$
declare
    v record;
begin
    select x.establishment_id, x.organisation_id, x.state, x.version, p.team_id into v
      from data.visit x join data.promise p on p.id = x.promise_id where x.id = report_write.visit;
    if not found then
        perform auth.refuse('not_found');
    end if;
    if v.organisation_id <> auth.organisation() and not data.team_has(v.team_id, auth.member(), auth.organisation()) then
        perform auth.refuse('forbidden');
    end if;
    if v.state = 'planned' and v.version <> report_write.version then
        perform auth.refuse('precondition_failed', json_build_object('version', v.version));
    end if;
    insert into data.report (visit_id, establishment_id, organisation_id, member_id, contact_id, outcome, done_at,
                             next_action, next_action_on, shared_note, despite)
    values (report_write.visit, v.establishment_id, auth.organisation(), auth.member(), report_write.contact,
            report_write.outcome, coalesce(report_write.done_at, data.now()), nullif(trim(report_write.next_action), ''),
            report_write.next_action_on, nullif(trim(report_write.shared_note), ''), report_write.despite);
    if nullif(trim(report_write.network_note), '') is not null then
        insert into data.report_note (visit_id, organisation_id, network, note)
        values (report_write.visit, auth.organisation(), auth.network(), trim(report_write.network_note));
    end if;
    insert into data.need (establishment_id, organisation_id, member_id, visit_id, rome, posts, horizon, contract)
    select v.establishment_id, auth.organisation(), auth.member(), report_write.visit, n.rome, coalesce(n.posts, 1),
           coalesce(n.horizon, 'now'), n.contract
      from json_to_recordset(coalesce(report_write.needs, '[]')) n (rome text, posts smallint, horizon text, contract text);
end
$$;

CREATE FUNCTION api.review_decide(review bigint, verdict text) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'data', 'pg_temp'
    AS $$
declare
    r    review := data.review_lock(review_decide.review);
    m    text;
    best bigint;
    made bigint;
begin
    if r.state <> 'open' then
        select x.name into m from member x where x.id = r.decided_by;
        perform auth.refuse('review_decided', json_build_object('state', r.state, 'by', m));
    end if;
    if r.held_by <> auth.member() and r.held_until >= data.now() then
        select x.name into m from member x where x.id = r.held_by;
        perform auth.refuse('review_held', json_build_object('by', m, 'until', r.held_until));
    end if;
    if review_decide.verdict = 'skip' then
        insert into review_skip (review_id, member_id, at) values (r.id, auth.member(), data.now())
        on conflict (review_id, member_id) do update set at = excluded.at;
        update review x set held_by = null, held_until = null where x.id = r.id;
        return;
    end if;
    update review x
       set state = review_decide.verdict, decided_by = auth.member(), decided_at = data.now(), held_by = null, held_until = null
     where x.id = r.id;
    if r.other_id is not null then
        if review_decide.verdict = 'same' then
            best := data.merge_survivor(r.establishment_id, r.other_id);
            made := data.merge_do(best, case when best = r.other_id then r.establishment_id else r.other_id end, 'review', null, null,
                                  auth.member(), auth.organisation());
            update review x set merge_id = made where x.id = r.id;
        end if;
    elsif review_decide.verdict = 'same' then
        update review x set state = 'moot', held_by = null, held_until = null
         where x.source_record_id = r.source_record_id and x.state = 'open';
        perform data.record_link(r.source_record_id, r.establishment_id, r.probability, 'person', r.evidence, auth.member());
    elsif not exists (select from review x where x.source_record_id = r.source_record_id and x.state = 'open') then
        -- It is none of those it resembles: the list does not know it.
        perform data.record_create(r.source_record_id, 1 - r.probability, r.evidence, auth.member());
    end if;
    perform data.log('review.' || review_decide.verdict, case when review_decide.verdict = 'same' and r.other_id is null then r.establishment_id end,
                     null, jsonb_strip_nulls(jsonb_build_object('review', r.id, 'record', r.source_record_id,
                                                            'establishment', r.establishment_id, 'other', r.other_id)));
end
$$;

CREATE FUNCTION api.review_document(review bigint) RETURNS json
    LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path TO 'data', 'pg_temp'
    AS $$
begin
    return (
        select json_build_object(
            'id', r.id, 'probability', r.probability, 'reason', r.reason, 'evidence', r.evidence, 'state', r.state,
            'proposed_at', r.proposed_at, 'decided_at', r.decided_at,
            'decided_by', (select json_build_object('id', m.id, 'name', m.name) from member m where m.id = r.decided_by),
            'held_until', r.held_until,
            'merge', r.merge_id, 'other', case when r.other_id is not null then api.merge_side(r.other_id) end,
            'record', case when s.id is not null then json_build_object('id', s.id, 'line', s.line, 'file', f.id, 'file_name', f.name, 'siret', s.siret,
                'siren', s.fields ->> 'siren', 'name', s.fields ->> 'name', 'brand', s.fields ->> 'brand',
                'address', s.fields ->> 'address', 'postcode', s.fields ->> 'postcode', 'city', s.fields ->> 'city',
                'naf', s.fields ->> 'naf', 'phone', s.fields ->> 'phone', 'email', s.fields ->> 'email') end,
            'establishment', api.merge_side(e.id),
            'others', (select count(*) from review x
                        where x.source_record_id = r.source_record_id and x.id <> r.id and x.state = 'open'))
          from review r
          left join source_record s on s.id = r.source_record_id
          left join source_file f on f.id = s.file_id
          join establishment e on e.id = r.establishment_id
         where r.id = review_document.review and data.review_seen(r));
end
$$;

CREATE FUNCTION api.review_figures() RETURNS json
    LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path TO 'data', 'pg_temp'
    AS $$
begin
    return (
        select json_build_object(
            'open', count(*) filter (where r.state = 'open'),
            'held', count(*) filter (where r.state = 'open' and r.held_by <> auth.member() and r.held_until >= data.now()),
            'decided', count(*) filter (where r.decided_at is not null),
            'same', count(*) filter (where r.state = 'same'),
            'different', count(*) filter (where r.state = 'different'),
            'today', count(*) filter (where r.decided_by = auth.member()
                                            and (r.decided_at at time zone 'Europe/Paris')::date = data.today()),
            'agreed', count(*) filter (where r.decided_at is not null and (r.state = 'same') = (r.probability >= 0.5)))
          from review r
         where (r.organisation_id = auth.organisation() or r.other_id is not null) and data.review_seen(r) and data.review_stands(r));
end
$$;

CREATE TABLE data.import_undone (
    id bigint NOT NULL,
    file_id bigint NOT NULL,
    kind text NOT NULL,
    removed jsonb NOT NULL,
    CONSTRAINT import_undone_kind CHECK ((kind = ANY (ARRAY['establishment'::text, 'link'::text, 'value'::text, 'review'::text])))
);

CREATE FUNCTION api.review_labels_taken_back() RETURNS TABLE(source_record_id bigint, establishment_id bigint, siret text, name text, probability numeric, state text, decided_by bigint, decided_at timestamp with time zone)
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'data', 'pg_temp'
    BEGIN ATOMIC
 SELECT ((u.removed ->> 'source_record_id'::text))::bigint AS int8,
     ((u.removed ->> 'establishment_id'::text))::bigint AS int8,
     (e.removed ->> 'siret'::text),
     COALESCE((e.removed ->> 'name'::text), (e.removed ->> 'legal_name'::text)) AS "coalesce",
     ((u.removed ->> 'probability'::text))::numeric AS "numeric",
     (u.removed ->> 'state'::text),
     ((u.removed ->> 'decided_by'::text))::bigint AS int8,
     ((u.removed ->> 'decided_at'::text))::timestamp with time zone AS timestamptz
    FROM ((data.import_undone u
      JOIN data.source_file f ON ((f.id = u.file_id)))
      LEFT JOIN data.import_undone e ON (((e.file_id = u.file_id) AND (e.kind = 'establishment'::text) AND ((e.removed ->> 'id'::text) = (u.removed ->> 'establishment_id'::text)))))
   WHERE ((u.kind = 'review'::text) AND ((u.removed ->> 'decided_by'::text) IS NOT NULL) AND (f.organisation_id = auth.organisation()) AND auth.is_partner());
END;

CREATE FUNCTION api.review_take() RETURNS bigint
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'data', 'pg_temp'
    AS $$
declare
    taken bigint;
begin
    if not auth.can_write() then
        perform auth.refuse('forbidden');
    end if;
    select r.id into taken from review r
      left join review_skip k on k.review_id = r.id and k.member_id = auth.member()
     where r.state = 'open' and (r.organisation_id = auth.organisation() or (r.other_id is not null and data.review_seen(r)))
       and data.review_stands(r)
       and (r.held_by is null or r.held_by = auth.member() or r.held_until < data.now())
     order by k.at nulls first, coalesce(r.held_by = auth.member(), false) desc, r.rank desc, r.id
     limit 1
       for update of r skip locked;
    update review r set held_by = auth.member(), held_until = data.now() + interval '10 minutes' where r.id = taken;
    return taken;
end
$$;

CREATE FUNCTION api.review_undo(review bigint) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'data', 'pg_temp'
    AS $$
declare
    r review := data.review_lock(review_undo.review);
begin
    if r.decided_by is null then
        perform auth.refuse('review_open');
    end if;
    if r.other_id is null then
        perform data.record_unlink(r.source_record_id, auth.member());
    elsif r.merge_id is not null then
        perform data.merge_undo(r.merge_id, null, auth.member(), auth.organisation());
    end if;
    update review x set state = 'open', decided_by = null, decided_at = null,
                        held_by = auth.member(), held_until = data.now() + interval '10 minutes'
     where x.id = r.id;
    if r.state = 'same' and r.other_id is null then
        update review x set state = 'open' where x.source_record_id = r.source_record_id and x.state = 'moot';
    end if;
    perform data.log('review.undone', case when r.state = 'same' and r.other_id is null then r.establishment_id end, null,
                     jsonb_strip_nulls(jsonb_build_object('review', r.id, 'record', r.source_record_id,
                                                            'establishment', r.establishment_id, 'other', r.other_id)));
end
$$;

CREATE FUNCTION api.scenario_against(scenario bigint, reference bigint) RETURNS json
    LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path TO 'data', 'pg_temp'
    AS $$
begin
    if data.scenario_plan(scenario_against.scenario) <> data.scenario_plan(scenario_against.reference) then
        perform auth.refuse('not_found');
    end if;
    return (
        with a as (select l.* from plan_line l where l.scenario_id = scenario_against.reference and l.organisation_id is not null),
        b as (select l.* from plan_line l where l.scenario_id = scenario_against.scenario and l.organisation_id is not null),
        pairs as (select a.organisation_id as before, b.organisation_id as after, a.member_id as member_before, b.member_id as member_after,
                         coalesce(a.is_first, b.is_first) as is_first
                    from a full join b on b.establishment_id = a.establishment_id),
        sides as (
            select o.id, count(*) filter (where p.before = o.id and p.after = o.id) as kept,
                   count(*) filter (where p.before = o.id and p.after = o.id and p.member_before <> p.member_after) as moved,
                   count(*) filter (where p.after = o.id and p.before is distinct from o.id) as gained,
                   count(*) filter (where p.before = o.id and p.after is distinct from o.id) as lost,
                   count(*) filter (where p.before = o.id and p.after is distinct from o.id and p.after is not null) as ceded,
                   count(*) filter (where p.after = o.id and p.is_first) - count(*) filter (where p.before = o.id and p.is_first) as first
              from organisation o join pairs p on o.id in (p.before, p.after)
             group by o.id)
        select json_build_object('partners', coalesce(json_agg(json_build_object('organisation', api.organisation_ref(o), 'kept', s.kept, 'moved', s.moved,
                   'gained', s.gained, 'lost', s.lost, 'ceded', s.ceded, 'first', s.first) order by n.rank, o.short_name), '[]'))
          from sides s join organisation o on o.id = s.id join network n on n.code = o.network);
end
$$;

CREATE FUNCTION api.scenario_archive(scenario bigint) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'data', 'pg_temp'
    AS $$
declare
    p plan := data.plan_hold(data.scenario_plan(scenario_archive.scenario));
begin
    update plan_scenario s set archived_at = data.now() where s.id = scenario_archive.scenario and s.state not in ('waiting', 'running');
    if not found then
        perform auth.refuse('plan_scenario_over');
    end if;
    perform data.plan_log(p.id, 'archived', jsonb_build_object('scenario', scenario_archive.scenario));
end
$$;

CREATE FUNCTION api.scenario_cancel(scenario bigint) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'data', 'pg_temp'
    AS $$
declare
    p plan := data.plan_hold(data.scenario_plan(scenario_cancel.scenario));
begin
    update plan_scenario s set state = 'cancelled', cancelled_by = auth.member()
     where s.id = scenario_cancel.scenario and s.state in ('waiting', 'running');
    if not found then
        perform auth.refuse('plan_scenario_over');
    end if;
    perform data.plan_log(p.id, 'computed', jsonb_build_object('scenario', scenario_cancel.scenario, 'state', 'cancelled'));
end
$$;

CREATE FUNCTION api.scenario_make(plan bigint, name text, settings jsonb) RETURNS bigint
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'data', 'pg_temp'
    AS $$
declare
    p    plan := data.plan_hold(scenario_make.plan);
    v    plan_version;
    s    jsonb := data.scenario_normal(coalesce(scenario_make.settings, '{}'));
    made bigint;
begin
    select * into v from plan_version x where x.plan_id = p.id and x.version = p.version;
    perform data.plan_check(data.scenario_effective(v.content, s), p.territory_id);
    if exists (select from jsonb_object_keys(s -> 'weights') k where not exists (select from plan_weight w where w.code = k)) then
        perform data.plan_wrong('weights', 'Ce critère n’existe pas.');
    end if;
    if jsonb_array_length(v.content -> 'segments') = 0 then
        perform data.plan_wrong('segments', 'Choisissez d’abord un segment : il dit quels employeurs voir.');
    end if;
    if (select count(*) from plan_scenario x where x.plan_id = p.id and x.archived_at is null) >= 20
       or (select count(*) from plan_scenario x where x.plan_id = p.id and x.state in ('waiting', 'running')) >= 4 then
        perform auth.refuse('plan_scenarios_most');
    end if;
    insert into plan_scenario (plan_id, version, name, settings, content, member_id, organisation_id)
    values (p.id, p.version, trim(regexp_replace(scenario_make.name, '\s+', ' ', 'g')), s, v.content, auth.member(), auth.organisation())
    returning id into made;
    perform data.job_add('plan.scenario', jsonb_build_object('scenario', made));
    return made;
end
$$;

CREATE FUNCTION api.sealed(c data.contact) RETURNS text
    LANGUAGE sql STABLE
    RETURN (((CASE WHEN ((c).opposition_id IS NULL) THEN 'p'::text ELSE 'n'::text END || (c).id) || '.'::text) || translate(encode((c).person, 'base64'::text), '
'::text, ''::text));

CREATE FUNCTION api.segment_edit(segment bigint, edit integer, name text, lead text, shared boolean, archived boolean) RETURNS void
    LANGUAGE plpgsql
    AS $$
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

CREATE FUNCTION api.segment_make(name text, lead text, shared boolean, rule jsonb, note text) RETURNS bigint
    LANGUAGE plpgsql
    AS $$
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

CREATE FUNCTION api.segment_members(segment bigint) RETURNS SETOF bigint
    LANGUAGE plpgsql STABLE SECURITY DEFINER ROWS 2000
    SET search_path TO 'data', 'pg_temp'
    AS $$
begin
    if auth.sees_segment(segment_members.segment) then
        return query select m.establishment_id from segment_member m where m.segment_id = segment_members.segment;
    end if;
end
$$;

CREATE FUNCTION api.segment_save(segment bigint, base integer, rule jsonb, note text) RETURNS void
    LANGUAGE plpgsql
    AS $$
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

CREATE FUNCTION api.slot_days(first date) RETURNS TABLE(member bigint, day integer, opens integer, closes integer, lunch_from integer, lunch_to integer, lunch integer, lon double precision, lat double precision, density integer, most integer)
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'data', 'ext', 'pg_temp'
    AS $$
    select * from data.member_days(array[auth.member()], auth.organisation(), slot_days.first,
                                   slot_days.first + 7 - extract(isodow from slot_days.first)::integer)
     where auth.can_write()
$$;

CREATE FUNCTION api.slot_jobs(first date, establishment bigint, minutes integer, skip bigint) RETURNS TABLE(kind text, employer bigint, visit bigint, promise bigint, member bigint, length integer, at integer, lon double precision, lat double precision, density integer, rank integer, worth integer, windows integer[], past_at integer, past_member bigint, past_left boolean, locked boolean)
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'data', 'ext', 'pg_temp'
    AS $$
    with week as (
        select slot_jobs.first as first, slot_jobs.first + 7 - extract(isodow from slot_jobs.first)::integer as last
    ), want as (
        select 'visit' as kind, v.establishment_id, v.minutes::integer as minutes, data.tour_seconds(v.planned_at, w.first) as at, '{}'::integer[] as windows
          from week w join visit v on v.member_id = auth.member() and v.organisation_id = auth.organisation() and v.state = 'planned'
                                  and v.planned_at >= w.first::timestamp at time zone 'Europe/Paris'
                                  and v.planned_at < (w.last + 1)::timestamp at time zone 'Europe/Paris'
         where v.id is distinct from slot_jobs.skip
        union all
        select 'nearby', slot_jobs.establishment, slot_jobs.minutes, null,
               data.tour_windows((select h.hours from opening_hours h where h.establishment_id = slot_jobs.establishment), w.first, w.last,
                                 coalesce((select p.lapses_on from promise p where p.establishment_id = slot_jobs.establishment and p.state = 'active'
                                              and p.organisation_id = auth.organisation()), w.last), slot_jobs.minutes)
          from week w where auth.sees(slot_jobs.establishment)
    )
    select w.kind, w.establishment_id, null::bigint, null::bigint, auth.member(), w.minutes, w.at, ST_X(e.location), ST_Y(e.location),
           data.density_of(e.commune_code)::integer, 0, 0, w.windows, null::integer, null::bigint, false, false
      from want w join establishment e on e.id = w.establishment_id
     where auth.can_write()
     order by w.at nulls last
$$;

CREATE FUNCTION api.states_besides(states text) RETURNS text[]
    LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
    AS $$
begin
    return array(select x from unnest(array['free', 'promised', 'resting', 'opposed']) x
                  where x <> all (string_to_array(states_besides.states, ',')));
end
$$;

CREATE TABLE data.succession (
    id bigint NOT NULL,
    predecessor text NOT NULL COLLATE pg_catalog."C",
    successor text NOT NULL COLLATE pg_catalog."C",
    since date NOT NULL,
    is_head_transfer boolean NOT NULL,
    is_continued boolean NOT NULL,
    treated_on date,
    file_id bigint NOT NULL,
    first_seen_at timestamp with time zone NOT NULL,
    gone_at timestamp with time zone,
    outcome text,
    CONSTRAINT succession_outcome CHECK ((outcome = ANY (ARRAY['followed'::text, 'several'::text, 'opposed'::text, 'out_of_sight'::text, 'refused'::text, 'unknown'::text]))),
    CONSTRAINT succession_predecessor CHECK ((predecessor ~ '^[0-9]{14}$'::text)),
    CONSTRAINT succession_successor CHECK ((successor ~ '^[0-9]{14}$'::text)),
    CONSTRAINT succession_two CHECK ((predecessor <> successor))
);

CREATE FUNCTION api.successions_of(establishment bigint) RETURNS json
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'data', 'pg_temp'
    BEGIN ATOMIC
 SELECT COALESCE(json_agg(json_build_object('way',
         CASE
             WHEN (s.predecessor = e.siret) THEN 'after'::text
             ELSE 'before'::text
         END, 'siret',
         CASE
             WHEN (s.predecessor = e.siret) THEN s.successor
             ELSE s.predecessor
         END, 'id',
         CASE
             WHEN v.sees THEN o.id
             ELSE NULL::bigint
         END, 'name',
         CASE
             WHEN v.sees THEN o.name
             ELSE NULL::text
         END, 'since', s.since, 'continued', s.is_continued, 'outcome', s.outcome) ORDER BY s.since DESC, s.id DESC), '[]'::json) AS "coalesce"
    FROM (((data.establishment e
      JOIN data.succession s ON ((((s.predecessor = e.siret) OR (s.successor = e.siret)) AND (s.gone_at IS NULL))))
      LEFT JOIN data.establishment o ON ((o.siret =
         CASE
             WHEN (s.predecessor = e.siret) THEN s.successor
             ELSE s.predecessor
         END)))
      CROSS JOIN LATERAL ( SELECT ((o.id IS NOT NULL) AND auth.sees(o.id)) AS sees) v)
   WHERE ((e.id = successions_of.establishment) AND auth.sees(e.id));
END;

CREATE FUNCTION api.tag_make(label text, shared boolean) RETURNS bigint
    LANGUAGE plpgsql
    AS $$
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

CREATE FUNCTION api.tags_put(establishment bigint, tags bigint[]) RETURNS void
    LANGUAGE plpgsql
    AS $$
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

CREATE FUNCTION api.task_settle(task bigint, later_on date) RETURNS void
    LANGUAGE plpgsql
    AS $$
begin
    if not exists (select from data.task t where t.id = task_settle.task) then
        perform auth.refuse('not_found');
    end if;
    if task_settle.later_on is null then
        update data.task t set done_at = data.now(), done_by = auth.member() where t.id = task_settle.task and t.done_at is null;
    else
        update data.task t set later_on = task_settle.later_on where t.id = task_settle.task;
    end if;
end
$$;

CREATE FUNCTION api.team_agree(team bigint, members bigint[]) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'data', 'pg_temp'
    AS $$
declare
    t team := data.team_manager(team_agree.team);
begin
    if t.state = 'ended' then
        perform auth.refuse('team_not_active');
    end if;
    perform data.team_members_set(t.id, team_agree.members);
    update team_partner p set agreed_by = auth.member(), agreed_at = data.now()
     where p.team_id = t.id and p.organisation_id = auth.organisation() and p.agreed_at is null;
    if found then
        update task x set done_at = data.now(), done_by = auth.member()
         where x.team_id = t.id and x.organisation_id = auth.organisation() and x.done_at is null;
        perform data.log('team.agreed', null, null, jsonb_build_object('team', t.id));
        if not exists (select from team_partner p where p.team_id = t.id and p.agreed_at is null) then
            update team x set state = 'active' where x.id = t.id;
        end if;
    else
        perform data.log('team.changed', null, null, jsonb_build_object('team', t.id));
    end if;
end
$$;

CREATE FUNCTION api.team_end(team bigint, reason text) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'data', 'pg_temp'
    AS $$
declare
    t team := data.team_manager(team_end.team);
begin
    update team x set state = 'ended', reason = trim(team_end.reason) where x.id = t.id;
end
$$;

CREATE FUNCTION api.team_propose(name text, purpose text, segment bigint, organisations bigint[], members bigint[]) RETURNS bigint
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'data', 'pg_temp'
    AS $$
declare
    made bigint;
    o    bigint;
begin
    if auth.role() is distinct from 'manager' then
        perform auth.refuse('forbidden');
    end if;
    if cardinality(array_remove(organisations, auth.organisation())) = 0
       or exists (select from unnest(organisations) x
                   where not exists (select from organisation g join network n on n.code = g.network and n.kind = 'partner'
                                      where g.id = x and g.territory_id = auth.territory())) then
        perform auth.refuse('invalid', json_build_object('field', 'organisations'));
    end if;
    if team_propose.segment is not null and not exists (select from segment s where s.id = team_propose.segment
            and s.territory_id = auth.territory() and s.shared and s.archived_at is null) then
        perform auth.refuse('invalid', json_build_object('field', 'segment'));
    end if;
    insert into team (territory_id, name, purpose, segment_id, organisation_id, made_by)
    values (auth.territory(), trim(team_propose.name), nullif(trim(team_propose.purpose), ''), team_propose.segment, auth.organisation(), auth.member())
    returning id into made;
    insert into team_partner (team_id, organisation_id, agreed_by, agreed_at) values (made, auth.organisation(), auth.member(), data.now());
    perform data.team_members_set(made, team_propose.members);
    for o in select distinct x from unnest(organisations) x where x <> auth.organisation() order by x loop
        insert into team_partner (team_id, organisation_id) values (made, o);
        insert into task (kind, mark, organisation_id, team_id, due_on, raised_at)
        values ('team.agree', o::text, o, made, data.working_day_after(data.today(), 10), data.now());
    end loop;
    return made;
end
$$;

CREATE FUNCTION api.tour_accept(tour bigint, lines bigint[]) RETURNS json
    LANGUAGE plpgsql
    AS $$
declare
    t       data.tour := api.tour_hold(tour_accept.tour);
    l       record;
    made    bigint;
    code    text;
    detail  text;
    answers jsonb := '[]';
begin
    if t.state <> 'ready' then
        perform auth.refuse('tour_not_ready');
    end if;
    for l in
        select x.* from data.tour_line x
         where x.tour_id = t.id and x.id = any (tour_accept.lines) and x.member_id = auth.member() and x.state = 'proposed'
         order by x.starts_at, x.id
    loop
        begin
            made := api.visit_plan(l.establishment_id, l.starts_at, l.minutes, null, null);
            update data.tour_line x set state = 'accepted', visit_id = made, answer = null where x.id = l.id;
            answers := answers || jsonb_build_object('line', l.id, 'visit', made);
        exception when sqlstate 'ML000' then
            get stacked diagnostics code = message_text, detail = pg_exception_detail;
            update data.tour_line x set answer = jsonb_build_object('code', code) || detail::jsonb where x.id = l.id;
            answers := answers || jsonb_build_object('line', l.id, 'code', code, 'detail', detail::jsonb);
        end;
    end loop;
    return answers;
end
$$;

CREATE FUNCTION api.tour_again(tour bigint) RETURNS void
    LANGUAGE plpgsql
    AS $$
declare
    t data.tour := api.tour_hold(tour_again.tour);
begin
    update data.tour x set revision = x.revision + 1, state = 'waiting' where x.id = t.id;
end
$$;

CREATE FUNCTION api.tour_ask(first date, members bigint[], nearby boolean) RETURNS bigint
    LANGUAGE plpgsql
    AS $$
declare
    made bigint;
    whom bigint[] := coalesce(tour_ask.members, array[auth.member()]);
begin
    if auth.role() <> 'manager' and whom <> array[auth.member()] then
        perform auth.refuse('forbidden');
    end if;
    -- The former suggestion for the same people and week gives way.
    update data.tour t set state = 'closed'
     where t.organisation_id = auth.organisation() and t.members = whom and t.first_day = tour_ask.first and t.state in ('ready', 'failed');
    insert into data.tour (organisation_id, asked_by, members, first_day, last_day, nearby)
    values (auth.organisation(), auth.member(), whom, tour_ask.first, tour_ask.first + 7 - extract(isodow from tour_ask.first)::integer,
            coalesce(tour_ask.nearby, true))
    returning id into made;
    return made;
end
$$;

CREATE FUNCTION api.tour_document(tour bigint) RETURNS json
    LANGUAGE sql STABLE
    AS $$
    select json_build_object(
               'id', t.id, 'first', t.first_day, 'last', t.last_day, 'state', t.state, 'revision', t.revision, 'planned', t.planned,
               'progress', t.progress, 'asked_at', t.asked_at, 'finished_at', t.finished_at, 'milliseconds', t.milliseconds, 'moved', t.moved,
               'travel', t.travel, 'error', t.error, 'nearby', t.nearby,
               'asked_by', (select json_build_object('id', m.id, 'name', m.name) from data.member m where m.id = t.asked_by),
               'members', (select json_agg(json_build_object('id', m.id, 'name', m.name) order by m.name) from data.member m where m.id = any (t.members)),
               'days', (select coalesce(json_agg(json_build_object('member', d.member_id, 'day', d.day, 'leaves_at', d.leaves_at, 'returns_at', d.returns_at,
                                                                   'way_minutes', round(d.way_seconds / 60.0), 'kilometres', round(d.way_metres / 1000.0), 'visits', d.visits)
                                                 order by d.member_id, d.day), '[]') from data.tour_day d where d.tour_id = t.id),
               'lines', (select coalesce(json_agg(json_build_object(
                            'id', l.id, 'kind', l.kind, 'state', l.state, 'member', l.member_id, 'locked', l.locked, 'starts_at', l.starts_at, 'minutes', l.minutes,
                            'position', l.position, 'way_minutes', round(l.way_seconds / 60.0), 'kilometres', round(l.way_metres / 1000.0, 1),
                            'worth_minutes', l.worth_minutes, 'cost_minutes', l.cost_minutes, 'left_reason', l.left_reason, 'refusal', l.refusal,
                            'answer', l.answer ->> 'code', 'visit', l.visit_id, 'due_on', p.due_on,
                            'establishment', json_build_object('id', e.id, 'name', e.name, 'city', e.city, 'address', e.address, 'phone', e.phone,
                                                               'lon', ext.ST_X(e.location), 'lat', ext.ST_Y(e.location)))
                            order by l.starts_at, l.worth_minutes desc, l.id), '[]')
                           from data.tour_line l join data.establishment e on e.id = l.establishment_id
                           left join data.promise p on p.id = l.promise_id
                          where l.tour_id = t.id))
      from data.tour t where t.id = tour_document.tour
$$;

CREATE FUNCTION api.tour_end(tour bigint) RETURNS void
    LANGUAGE plpgsql
    AS $$
declare
    t data.tour := api.tour_hold(tour_end.tour);
begin
    update data.tour x set state = case when t.state in ('waiting', 'running') then 'cancelled' else 'closed' end where x.id = t.id;
end
$$;

CREATE TABLE data.tour (
    id bigint NOT NULL,
    organisation_id bigint NOT NULL,
    asked_by bigint NOT NULL,
    members bigint[] NOT NULL,
    first_day date NOT NULL,
    last_day date NOT NULL,
    nearby boolean DEFAULT true NOT NULL,
    state text DEFAULT 'waiting'::text NOT NULL,
    revision integer DEFAULT 1 NOT NULL,
    planned integer DEFAULT 0 NOT NULL,
    progress smallint DEFAULT 0 NOT NULL,
    asked_at timestamp with time zone NOT NULL,
    finished_at timestamp with time zone,
    milliseconds integer,
    moved integer,
    travel text,
    error text,
    CONSTRAINT tour_days CHECK (((last_day >= first_day) AND (last_day <= (first_day + 13)))),
    CONSTRAINT tour_members CHECK (((cardinality(members) >= 1) AND (cardinality(members) <= 40))),
    CONSTRAINT tour_progress CHECK (((progress >= 0) AND (progress <= 100))),
    CONSTRAINT tour_revision CHECK (((planned >= 0) AND (planned <= revision))),
    CONSTRAINT tour_state CHECK ((state = ANY (ARRAY['waiting'::text, 'running'::text, 'ready'::text, 'failed'::text, 'cancelled'::text, 'closed'::text]))),
    CONSTRAINT tour_travel CHECK ((travel = ANY (ARRAY['estimate'::text, 'matrix'::text])))
);

CREATE FUNCTION api.tour_hold(tour bigint) RETURNS data.tour
    LANGUAGE plpgsql
    AS $$
declare
    t data.tour;
begin
    select x.* into t from data.tour x where x.id = tour_hold.tour;
    if not found then
        perform auth.refuse('not_found');
    end if;
    if auth.member() <> t.asked_by and auth.member() <> all (t.members) then
        perform auth.refuse('forbidden');
    end if;
    update data.tour x set state = x.state where x.id = tour_hold.tour returning x.* into t;
    if t.state in ('closed', 'cancelled') then
        perform auth.refuse('tour_closed');
    end if;
    return t;
end
$$;

CREATE TABLE data.tour_line (
    id bigint NOT NULL,
    tour_id bigint NOT NULL,
    establishment_id bigint NOT NULL,
    member_id bigint,
    kind text NOT NULL,
    visit_id bigint,
    promise_id bigint,
    state text NOT NULL,
    locked boolean DEFAULT false NOT NULL,
    starts_at timestamp with time zone,
    minutes smallint NOT NULL,
    "position" smallint,
    way_seconds integer,
    way_metres integer,
    worth_minutes smallint DEFAULT 0 NOT NULL,
    cost_minutes integer,
    left_reason text,
    refusal text,
    answer jsonb,
    CONSTRAINT tour_line_accepted CHECK (((state <> 'accepted'::text) OR (visit_id IS NOT NULL))),
    CONSTRAINT tour_line_kind CHECK ((kind = ANY (ARRAY['visit'::text, 'promise'::text, 'nearby'::text]))),
    CONSTRAINT tour_line_left CHECK (((state = 'left'::text) = (left_reason IS NOT NULL))),
    CONSTRAINT tour_line_minutes CHECK (((minutes >= 10) AND (minutes <= 480))),
    CONSTRAINT tour_line_placed CHECK (((state <> ALL (ARRAY['fixed'::text, 'proposed'::text, 'accepted'::text])) OR ((starts_at IS NOT NULL) AND (member_id IS NOT NULL)))),
    CONSTRAINT tour_line_refusal CHECK ((length(refusal) <= 500)),
    CONSTRAINT tour_line_refused CHECK (((state = 'refused'::text) = (refusal IS NOT NULL))),
    CONSTRAINT tour_line_state CHECK ((state = ANY (ARRAY['fixed'::text, 'proposed'::text, 'accepted'::text, 'refused'::text, 'left'::text]))),
    CONSTRAINT tour_line_worth CHECK (((worth_minutes >= 0) AND (worth_minutes <= 240)))
);

CREATE FUNCTION api.tour_line_hold(tour bigint, line bigint) RETURNS data.tour_line
    LANGUAGE plpgsql
    AS $$
declare
    l data.tour_line;
begin
    select x.* into l from data.tour_line x where x.tour_id = tour_line_hold.tour and x.id = tour_line_hold.line;
    if not found then
        perform auth.refuse('not_found');
    end if;
    if l.state in ('fixed', 'accepted') then
        perform auth.refuse('tour_line_settled');
    end if;
    return l;
end
$$;

CREATE FUNCTION api.tour_place(tour bigint, line bigint, at timestamp with time zone, locked boolean) RETURNS void
    LANGUAGE plpgsql
    AS $$
declare
    t data.tour := api.tour_hold(tour_place.tour);
    l data.tour_line := api.tour_line_hold(tour_place.tour, tour_place.line);
    d date := (coalesce(tour_place.at, l.starts_at) at time zone 'Europe/Paris')::date;
begin
    if l.state = 'refused' or coalesce(tour_place.at, l.starts_at) is null then
        perform auth.refuse('tour_line_settled');
    end if;
    if d not between t.first_day and t.last_day or d < data.today() then
        perform auth.refuse('due_out_of_range', json_build_object('field', 'at', 'first_due_on', greatest(t.first_day, data.today()), 'last_due_on', t.last_day));
    end if;
    update data.tour_line x
       set starts_at = coalesce(tour_place.at, x.starts_at), locked = coalesce(tour_place.locked, true), state = 'proposed', left_reason = null,
           member_id = coalesce(x.member_id, auth.member()),
           position = case when tour_place.at is null then x.position end, way_seconds = case when tour_place.at is null then x.way_seconds end,
           way_metres = case when tour_place.at is null then x.way_metres end
     where x.id = l.id;
end
$$;

CREATE FUNCTION api.tour_refuse(tour bigint, line bigint, reason text) RETURNS void
    LANGUAGE plpgsql
    AS $$
declare
    t data.tour := api.tour_hold(tour_refuse.tour);
    l data.tour_line := api.tour_line_hold(tour_refuse.tour, tour_refuse.line);
begin
    if coalesce(trim(tour_refuse.reason), '') = '' then
        update data.tour_line x set state = 'left', refusal = null, left_reason = 'again' where x.id = l.id and x.state = 'refused';
    else
        update data.tour_line x set state = 'refused', refusal = trim(tour_refuse.reason), left_reason = null, locked = false where x.id = l.id;
    end if;
end
$$;

CREATE FUNCTION api.transfer_answer(transfer bigint, state text, reason text, member bigint) RETURNS void
    LANGUAGE plpgsql
    AS $$
declare
    x record;
begin
    select t.promise_id into x from data.transfer t where t.id = transfer_answer.transfer;
    if not found then
        perform auth.refuse('not_found');
    end if;
    perform data.promise_hold(x.promise_id);
    update data.transfer t
       set state = transfer_answer.state, reason = nullif(trim(transfer_answer.reason), ''),
           to_member_id = coalesce(transfer_answer.member, t.to_member_id)
     where t.id = transfer_answer.transfer;
    if not found then
        perform auth.refuse('forbidden');
    end if;
end
$$;

CREATE FUNCTION api.transfer_propose(promise bigint, kind text, organisation bigint, member bigint, message text) RETURNS bigint
    LANGUAGE plpgsql
    AS $$
declare
    p    record;
    made bigint;
begin
    select x.establishment_id, x.organisation_id, x.member_id into p from data.promise x where x.id = transfer_propose.promise;
    if not found then
        perform auth.refuse('not_found');
    end if;
    insert into data.transfer (kind, promise_id, establishment_id, from_organisation_id, from_member_id, to_organisation_id, to_member_id,
                               organisation_id, member_id, message)
    values (transfer_propose.kind, transfer_propose.promise, p.establishment_id, p.organisation_id, p.member_id,
            case transfer_propose.kind when 'ask' then auth.organisation() else transfer_propose.organisation end,
            case transfer_propose.kind when 'ask' then auth.member() else transfer_propose.member end,
            auth.organisation(), auth.member(), nullif(trim(transfer_propose.message), ''))
    returning id into made;
    return made;
end
$$;

CREATE FUNCTION api.value_pin(establishment bigint, field text, value text, reason text) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'data', 'pg_temp'
    AS $$
begin
    perform data.golden_own(value_pin.establishment);
    update value_statement t set ended_at = data.now(), ended_by = auth.member()
     where t.establishment_id = value_pin.establishment and t.field = value_pin.field and t.kind = 'pinned' and t.ended_at is null;
    insert into value_statement (establishment_id, organisation_id, member_id, kind, field, value, reason)
    values (value_pin.establishment, auth.organisation(), auth.member(), 'pinned', value_pin.field,
            data.value_plain(value_pin.field, value_pin.value), trim(value_pin.reason));
end
$$;

CREATE FUNCTION api.value_release(establishment bigint, field text) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'data', 'pg_temp'
    AS $$
begin
    perform data.golden_own(value_release.establishment);
    update value_statement t set ended_at = data.now(), ended_by = auth.member()
     where t.establishment_id = value_release.establishment and t.field = value_release.field and t.kind = 'pinned'
       and t.ended_at is null;
    if not found then
        perform auth.refuse('not_found');
    end if;
end
$$;

CREATE FUNCTION api.values_confirm(visit bigint, confirmed json) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'data', 'pg_temp'
    AS $$
begin
    insert into value_statement (establishment_id, organisation_id, member_id, kind, field, value, visit_id, at)
    select r.establishment_id, r.organisation_id, r.member_id, 'confirmed', c.field, data.value_plain(c.field, c.value), r.visit_id, r.done_at
      from report r
     cross join lateral (select distinct on (x.field) x.field, x.value
                           from json_to_recordset(values_confirm.confirmed) x (field text, value text)
                          order by x.field) c
     where r.visit_id = values_confirm.visit and r.member_id = auth.member() and r.organisation_id = auth.organisation();
end
$$;

CREATE FUNCTION api.values_of(establishment bigint) RETURNS json
    LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path TO 'data', 'pg_temp'
    AS $$
declare
    e establishment;
begin
    if not auth.sees(values_of.establishment) then
        return null;
    end if;
    select * into e from establishment x where x.id = values_of.establishment;
    return (
        with c as materialized (
            select c.* from data.golden_candidates(array[e.id]) c
        ), one as (
            -- The same value from the same source is said once, the latest time.
            select distinct on (c.field, c.value, c.source, c.organisation_id, c.is_pinned, c.is_confirmed) c.*
              from c order by c.field, c.value, c.source, c.organisation_id, c.is_pinned, c.is_confirmed, c.at desc
        )
        select json_build_object('items', json_agg(json_build_object(
            'field', f.field, 'value', f.value, 'pinnable', f.field <> 'commune_code',
            'rule', coalesce(v.rule, case when f.value is null then 'none' when f.others > 0 then 'trusted' else 'only' end),
            'since', case when isfinite(w.at) then w.at end,
            'by', case when v.statement_id is null and v.source_record_id is null then null
                       else (select api.organisation_ref(o) from organisation o where o.id = w.organisation_id) end,
            'member', (select m.name from member m where m.id = w.member_id and w.statement_id is not null),
            'source', case when v.field is null then 'register' when v.statement_id is not null then 'member' else 'file' end,
            'file', (select sf.name from source_record s join source_file sf on sf.id = s.file_id where s.id = w.source_record_id),
            'reason', (select t.reason from value_statement t where t.id = v.statement_id),
            'visit', (select t.visit_id from value_statement t where t.id = v.statement_id),
            'candidates', coalesce((select json_agg(json_build_object(
                    'value', o.value, 'source', case o.source when 'register' then 'register' when 'member' then 'member' else 'file' end,
                    'by', (select api.organisation_ref(g) from organisation g where g.id = o.organisation_id),
                    'member', (select m.name from member m where m.id = o.member_id and o.statement_id is not null),
                    'at', case when isfinite(o.at) then o.at end, 'confirmed', o.is_confirmed, 'counts', o.counts)
                    order by o.value <> f.value, o.at desc, o.value)
                from one o where o.field = f.field and not (o.is_pinned and o.value = f.value)), '[]')) order by f.place))
          from (select n.field, n.value, n.place,
                       (select count(*) from c where c.field = n.field and c.value <> n.value) as others
                  from (values ('legal_name', e.legal_name, 1), ('usual_name', e.usual_name, 2), ('brand', e.brand, 3), ('address', e.address, 4),
                               ('postcode', e.postcode, 5), ('city', e.city, 6), ('naf', e.naf, 7), ('size_band', e.size_band, 8),
                               ('phone', e.phone, 9), ('email', e.email, 10)) n (field, value, place)) f
          left join establishment_value v on v.establishment_id = e.id and v.field = f.field
          left join lateral (
              select x.at, x.organisation_id, x.member_id, x.statement_id, x.source_record_id from (
                  select c.at, c.organisation_id, c.member_id, c.statement_id, c.source_record_id from c
                   where c.field = f.field and v.field is not null
                     and (c.statement_id = v.statement_id or c.source_record_id = v.source_record_id)
                  union all
                  select coalesce(e.register_date::timestamptz, (select sf.received_at from source_file sf where sf.id = e.register_file)), null, null, null, null
                   where v.field is null and f.value is not null) x limit 1) w on true);
end
$$;

CREATE FUNCTION api.visit_bounds(establishment bigint, promise bigint) RETURNS json
    LANGUAGE sql STABLE
    AS $$
    select json_build_object(
        'hours', (select h.hours from data.opening_hours h where h.establishment_id = visit_bounds.establishment),
        'rest_until', (select s.rest_until from data.standing s where s.establishment_id = visit_bounds.establishment and s.rest_until >= data.today()),
        'rest_by', (select o.short_name from data.standing s join data.organisation o on o.id = s.last_contact_by
                     where s.establishment_id = visit_bounds.establishment and s.rest_until >= data.today()),
        'due_on', p.due_on, 'lapses_on', p.lapses_on)
      from data.promise p where p.id = visit_bounds.promise
$$;

CREATE FUNCTION api.visit_change(visit bigint, version integer, planned_at timestamp with time zone, minutes integer, contact bigint, state text, reason text) RETURNS void
    LANGUAGE plpgsql
    AS $$
declare
    v record;
begin
    select x.version, x.organisation_id into v from data.visit x where x.id = visit_change.visit;
    if not found then
        perform auth.refuse('not_found');
    end if;
    if v.organisation_id <> auth.organisation() then
        perform auth.refuse('forbidden');
    end if;
    update data.visit x
       set planned_at = coalesce(visit_change.planned_at, x.planned_at), minutes = coalesce(visit_change.minutes, x.minutes),
           contact_id = coalesce(visit_change.contact, x.contact_id), state = coalesce(visit_change.state, x.state),
           reason = visit_change.reason
     where x.id = visit_change.visit and (visit_change.version is null or x.version = visit_change.version);
    if not found then
        perform auth.refuse('precondition_failed', json_build_object('version', v.version));
    end if;
end
$$;

CREATE FUNCTION api.visit_invitation_answer(visit bigint, organisation bigint, state text, reason text, member bigint) RETURNS void
    LANGUAGE plpgsql
    AS $$
begin
    update data.visit_partner p
       set state = visit_invitation_answer.state, reason = nullif(trim(visit_invitation_answer.reason), ''),
           member_id = case when p.organisation_id = auth.organisation() then coalesce(visit_invitation_answer.member, p.member_id) else p.member_id end
     where p.visit_id = visit_invitation_answer.visit and p.organisation_id = visit_invitation_answer.organisation;
    if not found then
        perform auth.refuse(case when exists (select from data.visit v where v.id = visit_invitation_answer.visit) then 'forbidden' else 'not_found' end);
    end if;
end
$$;

CREATE FUNCTION api.visit_invite(visit bigint, organisation bigint, member bigint, message text) RETURNS void
    LANGUAGE plpgsql
    AS $$
declare
    v record;
begin
    select x.organisation_id into v from data.visit x where x.id = visit_invite.visit;
    if not found then
        perform auth.refuse('not_found');
    end if;
    insert into data.visit_partner as p (visit_id, organisation_id, member_id, asked, invited_by, message)
    select visit_invite.visit,
           case when v.organisation_id = auth.organisation() then visit_invite.organisation else auth.organisation() end,
           case when v.organisation_id = auth.organisation() then visit_invite.member else auth.member() end,
           v.organisation_id <> auth.organisation(), auth.member(), nullif(trim(visit_invite.message), '')
    on conflict (visit_id, organisation_id) do update
       set state = 'invited', member_id = excluded.member_id, asked = excluded.asked, invited_by = excluded.invited_by,
           message = excluded.message, reason = null
     where p.state in ('declined', 'withdrawn');
    if not found then
        perform auth.refuse('visit_joint');
    end if;
end
$$;

CREATE FUNCTION api.visit_note(visit bigint, note text) RETURNS void
    LANGUAGE plpgsql
    AS $$
begin
    if not exists (select from data.visit_partner p where p.visit_id = visit_note.visit and p.organisation_id = auth.organisation() and p.state = 'accepted') then
        perform auth.refuse('forbidden');
    end if;
    if not exists (select from data.report r where r.visit_id = visit_note.visit) then
        perform auth.refuse('visit_not_reported');
    end if;
    insert into data.report_note as n (visit_id, organisation_id, network, note)
    values (visit_note.visit, auth.organisation(), auth.network(), trim(visit_note.note))
    on conflict (visit_id, organisation_id) do update set note = excluded.note;
end
$$;

CREATE FUNCTION api.visit_plan(establishment bigint, planned_at timestamp with time zone, minutes integer, contact bigint, override_reason text) RETURNS bigint
    LANGUAGE plpgsql
    AS $$
declare
    p    record;
    made bigint;
    day  date := (visit_plan.planned_at at time zone 'Europe/Paris')::date;
begin
    if not exists (select from data.establishment e where e.id = visit_plan.establishment) then
        perform auth.refuse('not_found');
    end if;
    select x.id, x.organisation_id, x.team_id into p from data.promise x
     where x.establishment_id = visit_plan.establishment and x.state = 'active';
    if not found then
        p.id := api.promise_make(visit_plan.establishment, data.working_day_after(day, 0), visit_plan.override_reason);
    elsif p.organisation_id <> auth.organisation() and not data.team_has(p.team_id, auth.member(), auth.organisation()) then
        perform auth.refuse('promise_taken', json_build_object('holder', api.holder(p.id)));
    end if;
    if exists (select from data.visit v where v.promise_id = p.id and v.state = 'planned') then
        perform auth.refuse('visit_already_planned');
    end if;
    insert into data.visit (establishment_id, organisation_id, member_id, promise_id, contact_id, planned_at, minutes)
    values (visit_plan.establishment, auth.organisation(), auth.member(), p.id, visit_plan.contact, visit_plan.planned_at,
            coalesce(visit_plan.minutes, 60))
    returning id into made;
    return made;
end
$$;

CREATE FUNCTION api.webhook_events() RETURNS text[]
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN '{offer.reserved,offer.opened,offer.filled,offer.withdrawn,offer.expired,referral.made,referral.met,referral.hired,referral.refused,need.declared,visit.planned,visit.reported}'::text[];

CREATE FUNCTION api.week_document(member bigint, first date, last date) RETURNS json
    LANGUAGE plpgsql STABLE
    AS $$
declare
    who bigint := coalesce(week_document.member, auth.member());
begin
    if who <> auth.member() and not exists (select from api.week_member w where w.id = who) then
        perform auth.refuse('not_found');
    end if;
    return (select json_build_object(
        'member', (select json_build_object('id', m.id, 'name', m.name) from data.member m where m.id = who),
        'first', week_document.first, 'last', week_document.last,
        'hours', case when who = auth.member() then api.work_week() end,
        'base', (select json_build_object('name', o.short_name, 'lon', ext.ST_X(o.base), 'lat', ext.ST_Y(o.base)) from data.organisation o where o.id = auth.organisation()),
        'away', (select coalesce(json_agg(json_build_object('day', a.day, 'from', to_char(a."from", 'HH24:MI'), 'until', to_char(a.until, 'HH24:MI'),
                                                            'reason', a.reason) order by a.day), '[]')
                   from data.week_away(who, auth.organisation(), week_document.first, week_document.last) a),
        'visits', (select coalesce(json_agg(json_build_object('visit', r, 'bounds', api.visit_bounds(x.establishment_id, x.promise_id)) order by x.planned_at, x.id), '[]')
                     from data.visit x join api.visit_row r on r.id = x.id
                    where x.organisation_id = auth.organisation() and x.member_id = who and x.state <> 'cancelled'
                      and x.planned_at >= week_document.first::timestamp at time zone 'Europe/Paris'
                      and x.planned_at < (week_document.last + 1)::timestamp at time zone 'Europe/Paris'),
        'waiting', (select coalesce(json_agg(json_build_object('promise', r, 'bounds', api.visit_bounds(p.establishment_id, p.id)) order by p.due_on, p.id), '[]')
                      from (select x.* from data.promise x
                             where x.organisation_id = auth.organisation() and x.member_id = who and x.state = 'active'
                               and not exists (select from data.visit v where v.promise_id = x.id and v.state = 'planned')
                             order by x.due_on, x.id limit 100) p
                      join api.promise_row r on r.id = p.id),
        'tours', (select coalesce(json_agg(json_build_object('id', t.id, 'state', t.state, 'first', t.first_day, 'last', t.last_day, 'asked_at', t.asked_at,
                                                             'members', cardinality(t.members)) order by t.id desc), '[]')
                    from data.tour t
                   where t.organisation_id = auth.organisation() and who = any (t.members) and t.state in ('waiting', 'running', 'ready')
                     and t.first_day <= week_document.last and t.last_day >= week_document.first)));
end
$$;

CREATE FUNCTION api.week_team(first date, last date) RETURNS json
    LANGUAGE sql STABLE
    AS $$
    select json_build_object('first', week_team.first, 'last', week_team.last, 'members', coalesce(json_agg(json_build_object(
               'id', w.id, 'name', w.name,
               'away', (select coalesce(json_agg(json_build_object('day', a.day, 'from', to_char(a."from", 'HH24:MI'), 'until', to_char(a.until, 'HH24:MI'),
                                                                   'reason', a.reason) order by a.day), '[]')
                          from data.week_away(w.id, auth.organisation(), week_team.first, week_team.last) a),
               'waiting', (select count(*) from data.promise p
                            where p.member_id = w.id and p.organisation_id = auth.organisation() and p.state = 'active'
                              and not exists (select from data.visit v where v.promise_id = p.id and v.state = 'planned')),
               'visits', (select coalesce(json_agg(json_build_object('id', v.id, 'planned_at', v.planned_at, 'minutes', v.minutes, 'state', v.state,
                                                                     'establishment', v.establishment_id, 'name', e.name, 'city', e.city) order by v.planned_at, v.id), '[]')
                            from data.visit v join data.establishment e on e.id = v.establishment_id
                           where v.member_id = w.id and v.organisation_id = auth.organisation() and v.state <> 'cancelled'
                             and v.planned_at >= week_team.first::timestamp at time zone 'Europe/Paris'
                             and v.planned_at < (week_team.last + 1)::timestamp at time zone 'Europe/Paris')) order by w.name), '[]'))
      from api.week_member w
$$;

CREATE TABLE data.work_week (
    member_id bigint NOT NULL,
    organisation_id bigint NOT NULL,
    days smallint[] NOT NULL,
    opens time without time zone NOT NULL,
    closes time without time zone NOT NULL,
    lunch_from time without time zone NOT NULL,
    lunch_to time without time zone NOT NULL,
    lunch_minutes smallint NOT NULL,
    visit_minutes smallint NOT NULL,
    visits_most smallint NOT NULL,
    starts text NOT NULL,
    home_commune text COLLATE pg_catalog."C",
    CONSTRAINT work_week_days CHECK ((((cardinality(days) >= 1) AND (cardinality(days) <= 6)) AND (days <@ '{1,2,3,4,5,6}'::smallint[]))),
    CONSTRAINT work_week_home CHECK (((starts = 'agency'::text) OR (home_commune IS NOT NULL))),
    CONSTRAINT work_week_hours CHECK ((opens < closes)),
    CONSTRAINT work_week_lunch CHECK (((lunch_from <= lunch_to) AND ((lunch_to - lunch_from) >= make_interval(mins => (lunch_minutes)::integer)))),
    CONSTRAINT work_week_lunch_minutes CHECK (((lunch_minutes >= 0) AND (lunch_minutes <= 120))),
    CONSTRAINT work_week_starts CHECK ((starts = ANY (ARRAY['agency'::text, 'home'::text]))),
    CONSTRAINT work_week_visit_minutes CHECK (((visit_minutes >= 10) AND (visit_minutes <= 240))),
    CONSTRAINT work_week_visits_most CHECK (((visits_most >= 1) AND (visits_most <= 12)))
);

CREATE FUNCTION data.work_week_of(member bigint, organisation bigint) RETURNS data.work_week
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'data', 'pg_temp'
    BEGIN ATOMIC
 SELECT COALESCE(w.*, ROW(work_week_of.member, work_week_of.organisation, '{1,2,3,4,5}'::smallint[], '08:30:00'::time without time zone, '17:30:00'::time without time zone, '12:00:00'::time without time zone, '14:00:00'::time without time zone, (60)::smallint, (60)::smallint, (6)::smallint, 'agency'::text, NULL::text)::data.work_week) AS "coalesce"
    FROM (( SELECT 1 AS "?column?") one
      LEFT JOIN data.work_week w ON (((w.member_id = work_week_of.member) AND (w.organisation_id = work_week_of.organisation))));
END;

CREATE FUNCTION api.work_week() RETURNS json
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'data', 'pg_temp'
    BEGIN ATOMIC
 SELECT json_build_object('days', w.days, 'opens', to_char((w.opens)::interval, 'HH24:MI'::text), 'closes', to_char((w.closes)::interval, 'HH24:MI'::text), 'lunch_from', to_char((w.lunch_from)::interval, 'HH24:MI'::text), 'lunch_to', to_char((w.lunch_to)::interval, 'HH24:MI'::text), 'lunch_minutes', w.lunch_minutes, 'visit_minutes', w.visit_minutes, 'visits_most', w.visits_most, 'starts', w.starts, 'home_commune', w.home_commune, 'home_name', ( SELECT c.name
            FROM data.commune c
           WHERE (c.code = w.home_commune))) AS json_build_object
    FROM data.work_week_of(auth.member(), auth.organisation()) w(member_id, organisation_id, days, opens, closes, lunch_from, lunch_to, lunch_minutes, visit_minutes, visits_most, starts, home_commune);
END;

CREATE FUNCTION api.work_week_set(days smallint[], opens time without time zone, closes time without time zone, lunch_from time without time zone, lunch_to time without time zone, lunch_minutes integer, visit_minutes integer, visits_most integer, starts text, home_commune text) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'data', 'pg_temp'
    AS $$
begin
    if not auth.can_write() then
        perform auth.refuse('forbidden');
    end if;
    insert into work_week as w (member_id, organisation_id, days, opens, closes, lunch_from, lunch_to, lunch_minutes, visit_minutes,
                                visits_most, starts, home_commune)
    values (auth.member(), auth.organisation(), (select array_agg(distinct d order by d) from unnest(work_week_set.days) d),
            work_week_set.opens, work_week_set.closes, work_week_set.lunch_from, work_week_set.lunch_to, work_week_set.lunch_minutes,
            work_week_set.visit_minutes, work_week_set.visits_most, work_week_set.starts,
            case when work_week_set.starts = 'home' then work_week_set.home_commune end)
    on conflict (member_id, organisation_id) do update
       set (days, opens, closes, lunch_from, lunch_to, lunch_minutes, visit_minutes, visits_most, starts, home_commune)
         = (excluded.days, excluded.opens, excluded.closes, excluded.lunch_from, excluded.lunch_to, excluded.lunch_minutes,
            excluded.visit_minutes, excluded.visits_most, excluded.starts, excluded.home_commune);
    -- Where somebody lives is not told.
    perform data.log('member.hours', null, null, jsonb_build_object('member', auth.member()));
end
$$;

CREATE FUNCTION auth.can_write() RETURNS boolean
    LANGUAGE sql STABLE PARALLEL SAFE
    RETURN COALESCE((auth.role() = ANY (ARRAY['adviser'::text, 'manager'::text])), false);

CREATE FUNCTION auth.identify(token_hash bytea, roles integer) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'data', 'pg_temp'
    AS $$
declare
    who record;
begin
    select s.member_id, s.organisation_id, s.seen_at, o.network, o.territory_id, m.role
      into who
      from session s
      join membership m on m.member_id = s.member_id and m.organisation_id = s.organisation_id
      join organisation o on o.id = s.organisation_id
      join member p on p.id = s.member_id
     where s.token_hash = identify.token_hash
       and s.expires_at > pg_catalog.now() and s.seen_at > pg_catalog.now() - interval '2 hours'
       and p.disabled_at is null and (m.ended_on is null or m.ended_on > current_date);
    if not found then
        perform auth.refuse('not_signed_in');
    end if;
    if auth.role_bit(who.role) & identify.roles = 0 then
        perform auth.refuse('forbidden');
    end if;
    perform set_config('maillage.member', who.member_id::text, true),
            set_config('maillage.organisation', who.organisation_id::text, true),
            set_config('maillage.network', who.network, true),
            set_config('maillage.territory', who.territory_id::text, true),
            set_config('maillage.role', who.role, true);
    if who.seen_at < pg_catalog.now() - interval '5 minutes' then
        update session s set seen_at = pg_catalog.now() where s.token_hash = identify.token_hash;
    end if;
end
$$;

CREATE FUNCTION auth.identify_key(hash bytea, asked integer) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'data', 'pg_temp'
    AS $$
declare
    k     record;
    scope record;
begin
    select s.ends_at, s.used_at, x.id, x.member_id, x.organisation_id, x.scopes, x.expires_at, x.revoked_at, o.network, o.territory_id
      into k
      from api_secret s
      join api_key x on x.id = s.key_id
      join organisation o on o.id = x.organisation_id
     where s.hash = identify_key.hash;
    if not found then
        perform auth.refuse('key_invalid');
    end if;
    if k.revoked_at is not null then
        perform auth.refuse('key_revoked');
    end if;
    if least(k.ends_at, k.expires_at) <= pg_catalog.now() then
        perform auth.refuse('key_expired', json_build_object('expired_at', least(k.ends_at, k.expires_at)));
    end if;
    if auth.role_bit('adviser') & identify_key.asked = 0 then
        perform auth.refuse('forbidden');
    end if;
    if identify_key.asked >> 16 > 1 then
        select a.code into scope from api_scope a where a.bit = identify_key.asked >> 16;
        if not found or scope.code <> all (k.scopes) then
            perform auth.refuse('scope_missing', json_build_object('scope', scope.code));
        end if;
    end if;
    perform set_config('maillage.member', k.member_id::text, true),
            set_config('maillage.organisation', k.organisation_id::text, true),
            set_config('maillage.network', k.network, true),
            set_config('maillage.territory', k.territory_id::text, true),
            set_config('maillage.role', 'adviser', true);
    if k.used_at is null or k.used_at < pg_catalog.now() - interval '1 minute' then
        update api_secret s set used_at = pg_catalog.now() where s.hash = identify_key.hash;
    end if;
end
$$;

CREATE FUNCTION auth.is_accountable() RETURNS boolean
    LANGUAGE sql STABLE PARALLEL SAFE
    RETURN COALESCE((auth.role() = ANY (ARRAY['manager'::text, 'administrator'::text])), false);

CREATE FUNCTION auth.is_own(organisation bigint) RETURNS boolean
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'data', 'pg_temp'
    BEGIN ATOMIC
 SELECT ((organisation = auth.organisation()) OR (EXISTS ( SELECT
            FROM data.organisation o
           WHERE ((o.id = is_own.organisation) AND (o.sandbox_of = auth.organisation())))));
END;

CREATE FUNCTION auth.login_lookup(email text) RETURNS TABLE(member_id bigint, password_hash text)
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'data', 'pg_temp'
    BEGIN ATOMIC
 SELECT m.id,
     m.password_hash
    FROM data.member m
   WHERE ((m.email = lower(login_lookup.email)) AND (m.disabled_at IS NULL));
END;

CREATE FUNCTION auth.password_rehash(member bigint, hash text) RETURNS void
    LANGUAGE sql SECURITY DEFINER
    SET search_path TO 'data', 'pg_temp'
    BEGIN ATOMIC
 UPDATE data.member m SET password_hash = password_rehash.hash
   WHERE (m.id = password_rehash.member);
END;

CREATE FUNCTION auth.refuse(code text, detail json DEFAULT '{}'::json) RETURNS void
    LANGUAGE plpgsql
    AS $$
begin
    raise exception using errcode = 'ML000', message = code, detail = detail::text;
end
$$;

CREATE FUNCTION auth.role_bit(role text) RETURNS integer
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN CASE role WHEN 'adviser'::text THEN 1 WHEN 'manager'::text THEN 2 WHEN 'contributor'::text THEN 4 WHEN 'observer'::text THEN 8 WHEN 'administrator'::text THEN 16 ELSE 0 END;

CREATE FUNCTION auth.sees_segment(segment bigint) RETURNS boolean
    LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path TO 'data', 'pg_temp'
    AS $$
begin
    return auth.is_partner()
           and exists (select from segment s where s.id = sees_segment.segment and s.territory_id = auth.territory()
                          and (s.shared or s.organisation_id = auth.organisation()));
end
$$;

CREATE TABLE data.session (
    token_hash bytea NOT NULL,
    member_id bigint NOT NULL,
    organisation_id bigint NOT NULL,
    opened_at timestamp with time zone DEFAULT now() NOT NULL,
    seen_at timestamp with time zone DEFAULT now() NOT NULL,
    expires_at timestamp with time zone NOT NULL,
    address text,
    agent text,
    CONSTRAINT session_hash CHECK ((length(token_hash) = 32))
);

CREATE FUNCTION auth.session_close(token_hash bytea) RETURNS void
    LANGUAGE sql SECURITY DEFINER
    SET search_path TO 'data', 'pg_temp'
    BEGIN ATOMIC
 DELETE FROM data.session s
   WHERE (s.token_hash = session_close.token_hash);
END;

CREATE FUNCTION data.holidays(year integer) RETURNS date[]
    LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
    SET search_path TO 'data', 'pg_temp'
    AS $$
declare
    e date := data.easter(year);
begin
    return array[make_date(year, 1, 1), e + 1, make_date(year, 5, 1), make_date(year, 5, 8), e + 39, e + 50,
                 make_date(year, 7, 14), make_date(year, 8, 15), make_date(year, 11, 1), make_date(year, 11, 11),
                 make_date(year, 12, 25)];
end
$$;

CREATE FUNCTION data.working_day_after(day date, count integer) RETURNS date
    LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
    SET search_path TO 'data', 'pg_temp'
    AS $$
declare
    d    date := day;
    todo integer := count;
    year integer := extract(year from day);
    off  date[] := data.holidays(year);
begin
    if count < 0 or count > 1000 then
        raise exception 'working_day_after: % is not between 0 and 1000', count;
    end if;
    while todo > 0 or extract(isodow from d) >= 6 or d = any (off) loop
        d := d + 1;
        if extract(year from d) > year then
            year := year + 1;
            off := data.holidays(year);
        end if;
        if todo > 0 and extract(isodow from d) < 6 and d <> all (off) then
            todo := todo - 1;
        end if;
    end loop;
    return d;
end
$$;

CREATE TABLE data.membership (
    member_id bigint NOT NULL,
    organisation_id bigint NOT NULL,
    role text NOT NULL,
    since date DEFAULT CURRENT_DATE NOT NULL,
    ended_on date,
    CONSTRAINT membership_role CHECK ((role = ANY (ARRAY['adviser'::text, 'manager'::text, 'contributor'::text, 'observer'::text, 'administrator'::text, 'program'::text])))
);

CREATE FUNCTION auth.session_document() RETURNS json
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'data', 'ext', 'pg_temp'
    BEGIN ATOMIC
 SELECT json_build_object('member', json_build_object('id', p.id, 'name', p.name, 'email', p.email), 'role', auth.role(), 'organisation', json_build_object('id', o.id, 'name', o.name, 'short_name', o.short_name, 'network', o.network, 'network_name', n.name), 'organisations', ( SELECT json_agg(json_build_object('id', oo.id, 'name', oo.name, 'short_name', oo.short_name, 'network', oo.network, 'role', m.role) ORDER BY m.since, oo.id) AS json_agg
            FROM (data.membership m
              JOIN data.organisation oo ON ((oo.id = m.organisation_id)))
           WHERE ((m.member_id = p.id) AND ((m.ended_on IS NULL) OR (m.ended_on > CURRENT_DATE)))), 'territory', json_build_object('id', t.id, 'name', t.name), 'instance', json_build_object('name', i.name, 'demo', i.demo), 'now', data.now(), 'promise', json_build_object('days', a.promise_days, 'default_due_on', data.working_day_after(data.today(), (a.promise_days)::integer), 'last_due_on', data.working_day_after(data.today(), (a.promise_days_most)::integer), 'extensions_most', a.extensions_most, 'reservation_days', a.reservation_days), 'holidays', to_json((data.holidays((EXTRACT(year FROM data.today()))::integer) || data.holidays(((EXTRACT(year FROM data.today()))::integer + 1))))) AS json_build_object
    FROM (((((data.member p
      JOIN data.organisation o ON ((o.id = auth.organisation())))
      JOIN data.network n ON ((n.code = o.network)))
      JOIN data.territory t ON ((t.id = o.territory_id)))
      CROSS JOIN data.instance i)
      CROSS JOIN LATERAL data.agreement_in_force(o.network) a(id, network, version, valid_from, reservation_days, promise_days, promise_days_most, grace_days, extensions_most, rest_visit_days, rest_call_days, rest_mail_days, rest_forum_days, retention_months, open_days, referrals_most, unserved_days, suspension_days_most, transfer_days, proposal_days))
   WHERE (p.id = auth.member());
END;

CREATE FUNCTION auth.session_open(member bigint, organisation bigint, token_hash bytea, address text, agent text) RETURNS json
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'data', 'pg_temp'
    AS $$
declare
    chosen bigint;
begin
    delete from session s where s.member_id = session_open.member and s.expires_at < pg_catalog.now();
    -- The organisation asked for, else the one acted for last, else the oldest membership.
    select m.organisation_id into chosen
      from membership m
      left join lateral (select max(s.opened_at) as last from session s
                          where s.member_id = m.member_id and s.organisation_id = m.organisation_id) l on true
     where m.member_id = session_open.member
       and (m.ended_on is null or m.ended_on > current_date)
       and (session_open.organisation is null or m.organisation_id = session_open.organisation)
     order by l.last desc nulls last, m.since, m.organisation_id
     limit 1;
    if not found then
        perform auth.refuse('bad_credentials');
    end if;
    insert into session (token_hash, member_id, organisation_id, expires_at, address, agent)
    values (session_open.token_hash, session_open.member, chosen, pg_catalog.now() + interval '12 hours',
            left(session_open.address, 64), left(session_open.agent, 200));
    perform auth.identify(session_open.token_hash, 31);
    return auth.session_document();
end
$$;

CREATE FUNCTION auth.session_switch(token_hash bytea, organisation bigint) RETURNS json
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'data', 'pg_temp'
    AS $$
begin
    if not exists (select from membership m
                    where m.member_id = auth.member() and m.organisation_id = session_switch.organisation
                      and (m.ended_on is null or m.ended_on > current_date)) then
        perform auth.refuse('forbidden');
    end if;
    update session s set organisation_id = session_switch.organisation
     where s.token_hash = session_switch.token_hash and s.member_id = auth.member();
    perform auth.identify(session_switch.token_hash, 31);
    return auth.session_document();
end
$$;

CREATE FUNCTION data.absence_guard() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'data', 'pg_temp'
    AS $$
declare
    today date := data.today();
begin
    if tg_op = 'INSERT' then
        new.made_at := data.now();
        new.cancelled_at := null;
        if new.first_on < today - 30 or new.last_on > today + 400 or new.last_on < new.first_on or new.last_on > new.first_on + 200 then
            perform auth.refuse('absence_days', json_build_object('field', 'last_on', 'first_on', today - 30, 'last_on', today + 400));
        end if;
        if new.member_id is not null and not exists (select from membership m where m.member_id = new.member_id
                and m.organisation_id = new.organisation_id and m.role in ('adviser', 'manager') and (m.ended_on is null or m.ended_on > today)) then
            perform auth.refuse('invalid', json_build_object('field', 'member'));
        end if;
        return new;
    end if;
    if (new.organisation_id, new.member_id, new.first_on, new.made_by, new.made_at)
       is distinct from (old.organisation_id, old.member_id, old.first_on, old.made_by, old.made_at) then
        perform auth.refuse('absence_fixed');
    end if;
    if old.cancelled_at is not null or old.last_on < today then
        perform auth.refuse('absence_over');
    end if;
    if new.cancelled_at is not null then
        -- What has begun is cut short instead: the days that were missed stay missed.
        if old.first_on < today then
            perform auth.refuse('absence_begun', json_build_object('last_on', today - 1));
        end if;
        new.cancelled_at := data.now();
        new.last_on := old.last_on;
    elsif new.last_on < greatest(new.first_on, today - 1) or new.last_on > new.first_on + 200 or new.last_on > today + 400 then
        perform auth.refuse('absence_days', json_build_object('field', 'last_on', 'first_on', greatest(new.first_on, today - 1),
                                                              'last_on', least(new.first_on + 200, today + 400)));
    end if;
    return new;
end
$$;

CREATE FUNCTION data.absence_lock(organisation bigint, is_declaring boolean) RETURNS void
    LANGUAGE plpgsql
    AS $$
begin
    if is_declaring then
        perform pg_advisory_xact_lock(hashtextextended('maillage.absence', organisation));
    else
        perform pg_advisory_xact_lock_shared(hashtextextended('maillage.absence', organisation));
    end if;
end
$$;

CREATE FUNCTION data.absence_told() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'data', 'pg_temp'
    AS $$
declare
    o bigint;
begin
    for o in select m.organisation_id from membership m where m.member_id = new.member_id
             union select new.organisation_id order by 1 loop
        perform data.absence_lock(o, true);
    end loop;
    perform from promise p
     where p.state = 'active' and (p.member_id = new.member_id or new.member_id is null and p.organisation_id = new.organisation_id)
     order by p.id for update;
    update promise p set clock = p.clock + 1
     where p.state = 'active' and (p.member_id = new.member_id or new.member_id is null and p.organisation_id = new.organisation_id);
    perform data.log(case when tg_op = 'INSERT' then 'absence.declared' when new.cancelled_at is not null then 'absence.cancelled'
                          else 'absence.changed' end,
                     null, null, jsonb_build_object('absence', new.id), new.made_by, new.organisation_id);
    return null;
end
$$;

CREATE FUNCTION data.absent_until(member bigint, organisation bigint) RETURNS date
    LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path TO 'data', 'pg_temp'
    AS $$
declare
    today date := data.today();
begin
    return (select max(a.last_on) from absence a
             where a.cancelled_at is null and today between a.first_on and a.last_on
               and (a.member_id = absent_until.member or a.member_id is null and a.organisation_id = absent_until.organisation));
end
$$;

CREATE FUNCTION data.answer_fits(question jsonb, value text) RETURNS boolean
    LANGUAGE plpgsql IMMUTABLE
    SET search_path TO 'data', 'pg_temp'
    AS $_$
begin
    case question ->> 'kind'
        when 'yesno' then return value in ('yes', 'no');
        when 'choice', 'choices' then return question -> 'choices' ? value;
        when 'number' then return value ~ '^-?[0-9]{1,9}([.,][0-9]{1,3})?$';
        when 'date' then
            return value ~ '^[0-9]{4}-[0-9]{2}-[0-9]{2}$' and to_char(value::date, 'YYYY-MM-DD') = value;
        else return length(value) between 1 and 1000;
    end case;
exception when datetime_field_overflow or invalid_datetime_format then
    return false;
end
$_$;

CREATE FUNCTION data.api_key_check(scopes text[], expires_at timestamp with time zone) RETURNS void
    LANGUAGE plpgsql STABLE
    SET search_path TO 'data', 'pg_temp'
    AS $$
begin
    if exists (select from unnest(api_key_check.scopes) s where s not in (select a.code from api_scope a)) then
        perform auth.refuse('invalid', json_build_object('field', 'scopes'));
    end if;
    if api_key_check.expires_at not between pg_catalog.now() and pg_catalog.now() + interval '2 years' then
        perform auth.refuse('key_expiry', json_build_object('field', 'expires_on'));
    end if;
end
$$;

CREATE FUNCTION data.api_key_held(key bigint) RETURNS data.api_key
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'data', 'pg_temp'
    AS $$
declare
    k api_key;
begin
    select * into k from api_key x where x.id = api_key_held.key and auth.is_own(x.organisation_id) for update;
    if k.id is null or not auth.is_accountable() then
        perform auth.refuse('not_found');
    end if;
    if k.revoked_at is not null then
        perform auth.refuse('key_over');
    end if;
    return k;
end
$$;

CREATE FUNCTION data.away(member bigint, organisation bigint, after timestamp with time zone DEFAULT '-infinity'::timestamp with time zone) RETURNS datemultirange
    LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path TO 'data', 'pg_temp'
    AS $$
begin
    return (select coalesce(range_agg(daterange(a.first_on, a.last_on, '[]')), '{}') from absence a
             where a.cancelled_at is null and a.made_at > away.after
               and (a.member_id = away.member or a.member_id is null and a.organisation_id = away.organisation));
end
$$;

CREATE TABLE data.promise_batch (
    id bigint NOT NULL,
    organisation_id bigint NOT NULL,
    member_id bigint NOT NULL,
    act text NOT NULL,
    at timestamp with time zone NOT NULL,
    undoing xid8,
    undone_at timestamp with time zone,
    CONSTRAINT promise_batch_act CHECK ((act = ANY (ARRAY['make'::text, 'hand'::text, 'return'::text, 'transfer'::text, 'team'::text])))
);

CREATE FUNCTION data.batch_back(b data.promise_batch, p data.promise, was jsonb) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'data', 'pg_temp'
    AS $$
begin
    if b.act = 'make' then
        update promise x set state = 'undone', ended_at = data.now() where x.id = p.id;
    elsif b.act = 'return' then
        update promise x set state = 'active', ended_at = null, reason = was ->> 'reason' where x.id = p.id;
        update visit v set state = 'planned', reason = null, version = v.version + 1
         where v.id in (select value::bigint from jsonb_array_elements_text(was -> 'visits'));
    elsif b.act = 'hand' then
        update promise x set member_id = (was ->> 'member')::bigint, due_on = (was ->> 'due_on')::date, lapses_on = (was ->> 'lapses_on')::date,
                             base_due_on = (was ->> 'base_due_on')::date, base_at = (was ->> 'base_at')::timestamptz
         where x.id = p.id;
        update visit v set member_id = (was ->> 'member')::bigint, version = v.version + 1
         where v.promise_id = p.id and v.state = 'planned' and v.organisation_id = b.organisation_id and v.planned_at > data.now();
    else
        update promise x set team_id = (was ->> 'team')::bigint, base_due_on = (was ->> 'base_due_on')::date, base_at = (was ->> 'base_at')::timestamptz
         where x.id = p.id;
    end if;
end
$$;

CREATE TABLE data.promise_batch_row (
    batch_id bigint NOT NULL,
    promise_id bigint NOT NULL,
    was jsonb DEFAULT '{}'::jsonb NOT NULL
);

CREATE FUNCTION data.batch_note(batch bigint, promise bigint, was jsonb) RETURNS void
    LANGUAGE sql SECURITY DEFINER
    SET search_path TO 'data', 'pg_temp'
    BEGIN ATOMIC
 INSERT INTO data.promise_batch_row (batch_id, promise_id, was)  SELECT batch_note.batch AS batch,
             batch_note.promise AS promise,
             batch_note.was AS was
           WHERE (EXISTS ( SELECT
                    FROM data.promise_batch b
                   WHERE ((b.id = batch_note.batch) AND (b.member_id = auth.member()) AND (b.undone_at IS NULL))));
END;

CREATE FUNCTION data.batch_obstacle(b data.promise_batch, p data.promise, was jsonb) RETURNS text
    LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path TO 'data', 'pg_temp'
    AS $$
begin
    if b.act = 'make' and (p.state <> 'active' or p.extensions > 0 or exists (select from visit v where v.promise_id = p.id)
                           or exists (select from transfer t where t.promise_id = p.id))
       or b.act in ('hand', 'team') and p.state <> 'active'
       or b.act = 'return' and p.state <> 'returned'
       or b.act = 'transfer' and not exists (select from transfer t where t.id = (was ->> 'transfer')::bigint and t.state = 'proposed') then
        return 'promise_moved_on';
    end if;
    if b.act = 'return' then
        return case when exists (select from promise x where x.establishment_id = p.establishment_id and x.state = 'active') then 'promise_taken'
                    when exists (select from standing s where s.establishment_id = p.establishment_id and s.opposed) then 'establishment_opposed'
                    when p.lapses_on < data.today() then 'promise_moved_on' end;
    end if;
    return null;
end
$$;

CREATE FUNCTION data.batch_open(act text) RETURNS bigint
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'data', 'pg_temp'
    AS $$
declare
    made bigint;
begin
    insert into promise_batch (organisation_id, member_id, act, at) values (auth.organisation(), auth.member(), batch_open.act, data.now())
    returning id into made;
    return made;
end
$$;

CREATE FUNCTION data.call_guard() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'data', 'pg_temp'
    AS $$
declare
    e record;
    s record;
    p record;
begin
    if tg_op = 'UPDATE' then
        if data.is_moving() then
            return new; -- with its employer (data.merge_do)
        end if;
        perform auth.refuse('call_fixed');
    end if;
    new.at := data.now();
    -- Waits for an opposition being recorded, or is waited for, as a promise (promise_guard).
    select x.status into e from establishment x where x.id = new.establishment_id for share;
    if e.status = 'F' then
        perform auth.refuse('establishment_closed');
    end if;
    select st.opposed, st.rest_until, st.last_contact_at, o.id as organisation_id, o.name, o.network into s
      from standing st left join organisation o on o.id = st.last_contact_by
     where st.establishment_id = new.establishment_id;
    if s.opposed then
        perform auth.refuse('establishment_opposed');
    end if;
    select x.id, x.organisation_id into p from promise x where x.establishment_id = new.establishment_id and x.state = 'active';
    if found and p.organisation_id <> new.organisation_id then
        perform auth.refuse('promise_taken', json_build_object('holder', api.holder(p.id)));
    end if;
    if p.id is null and s.rest_until >= data.today() then
        if coalesce(trim(new.override_reason), '') = '' then
            perform auth.refuse('establishment_resting', json_build_object(
                'rest_until', s.rest_until, 'last_contact_at', s.last_contact_at,
                'organisation', json_build_object('id', s.organisation_id, 'name', s.name, 'network', s.network)));
        end if;
    else
        new.override_reason := null;
    end if;
    if new.contact_id is not null then
        perform data.contact_meetable(new.contact_id, new.establishment_id);
    end if;
    if new.next_on is not null and new.next_on not between data.today() and data.today() + 90 then
        perform auth.refuse('due_out_of_range', json_build_object('field', 'next_on', 'first_due_on', data.today(), 'last_due_on', data.today() + 90));
    end if;
    if (select o.reached from call_outcome o where o.code = new.outcome) then
        insert into contact_event (establishment_id, organisation_id, member_id, kind, at, override_reason)
        values (new.establishment_id, new.organisation_id, new.member_id, 'call', new.at, new.override_reason)
        returning id into new.contact_event_id;
    end if;
    return new;
end
$$;

CREATE FUNCTION data.call_told() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'data', 'pg_temp'
    AS $$
begin
    perform data.log('call.made', new.establishment_id, null,
                     jsonb_strip_nulls(jsonb_build_object('call', new.id, 'outcome', new.outcome, 'next_on', new.next_on)),
                     new.member_id, new.organisation_id);
    if new.outcome = 'refused' then
        insert into opposition (establishment_id, organisation_id, member_id, reason)
        values (new.establishment_id, new.organisation_id, new.member_id, 'Refus exprimé lors d’un appel')
        on conflict do nothing;
    end if;
    return null;
end
$$;

CREATE FUNCTION data.cells_draw(of_department text) RETURNS integer
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'data', 'ext', 'pg_temp'
    AS $$
declare
    n integer;
begin
    with centres as (
        select c.code, c.centre from commune c where c.department = of_department and c.centre is not null
    ), hull as (
        select ST_Buffer(ST_ConcaveHull(ST_Collect(c.centre), 0.4)::geography, 4000)::geometry as area from centres c
    ), cells as (
        select (ST_Dump(ST_VoronoiPolygons(ST_Collect(c.centre), 0, (select h.area from hull h)))).geom as cell from centres c
    )
    update commune c
       set cell = ST_Multi(ST_CollectionExtract(ST_ReducePrecision(ST_Intersection(v.cell, h.area), 0.00001), 3)), cell_kind = 'voronoi'
      from cells v, hull h
     where c.department = of_department and c.centre is not null and ST_Contains(v.cell, c.centre)
       and coalesce(c.cell_kind, 'voronoi') = 'voronoi';
    get diagnostics n = row_count;
    return n;
end
$$;

CREATE FUNCTION data.channel_guard() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'data', 'pg_temp'
    AS $$
begin
    if exists (select from unnest(new.events) e where e <> all (api.webhook_events())) then
        perform auth.refuse('invalid', json_build_object('field', 'events'));
    end if;
    if tg_op = 'INSERT' then
        new.state := 'active';
        new.made_at := data.now();
        new.version := 1;
        new.failures := 0;
        new.open_until := null;
        if 20 <= (select count(*) from channel c where c.organisation_id = new.organisation_id and c.state <> 'removed') then
            perform auth.refuse('channel_too_many');
        end if;
        return new;
    end if;
    if old.state = 'removed' then
        perform auth.refuse('not_found');
    end if;
    if (new.organisation_id, new.kind, new.made_by, new.made_at) is distinct from (old.organisation_id, old.kind, old.made_by, old.made_at) then
        perform auth.refuse('channel_fixed');
    end if;
    if new.state <> old.state and new.state = 'active' or new.target <> old.target then
        new.failures := 0;
        new.open_until := null;
        new.reason := null;
    end if;
    return new;
end
$$;

CREATE TABLE data.channel (
    id bigint NOT NULL,
    organisation_id bigint NOT NULL,
    kind text NOT NULL,
    name text NOT NULL,
    target text NOT NULL,
    events text[] DEFAULT '{}'::text[] NOT NULL,
    state text DEFAULT 'active'::text NOT NULL,
    reason text,
    failures integer DEFAULT 0 NOT NULL,
    open_until timestamp with time zone,
    made_by bigint NOT NULL,
    made_at timestamp with time zone NOT NULL,
    version integer DEFAULT 1 NOT NULL,
    CONSTRAINT channel_events CHECK (((kind <> 'webhook'::text) OR (state = 'removed'::text) OR (cardinality(events) > 0))),
    CONSTRAINT channel_kind CHECK ((kind = ANY (ARRAY['webhook'::text, 'push'::text, 'file'::text, 'mail'::text]))),
    CONSTRAINT channel_name CHECK (((length(name) >= 2) AND (length(name) <= 60))),
    CONSTRAINT channel_reason CHECK ((length(reason) <= 300)),
    CONSTRAINT channel_state CHECK ((state = ANY (ARRAY['active'::text, 'paused'::text, 'removed'::text]))),
    CONSTRAINT channel_target CHECK (((length(target) >= 3) AND (length(target) <= 500))),
    CONSTRAINT channel_url CHECK (((kind <> ALL (ARRAY['webhook'::text, 'push'::text])) OR (target ~ '^https?://[^[:space:]]+$'::text)))
);

CREATE FUNCTION data.channel_held(channel bigint) RETURNS data.channel
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'data', 'pg_temp'
    AS $$
declare
    c channel;
begin
    select * into c from channel x where x.id = channel_held.channel and x.state <> 'removed' and auth.is_own(x.organisation_id) for update;
    if c.id is null or not auth.is_accountable() then
        perform auth.refuse('not_found');
    end if;
    return c;
end
$$;

CREATE FUNCTION data.channel_told() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'data', 'pg_temp'
    AS $$
begin
    if tg_op = 'UPDATE' and (new.name, new.target, new.events, new.state) is not distinct from (old.name, old.target, old.events, old.state) then
        return null;
    end if;
    if tg_op = 'UPDATE' and new.state = 'active' and old.state = 'paused' then
        insert into job (kind, payload, run_at)
        select 'channel.send', jsonb_build_object('delivery', d.id), greatest(d.due_at, data.now()) from delivery d where d.channel_id = new.id and d.state = 'waiting';
    elsif new.state = 'removed' then
        update delivery d set state = 'dropped', settled_at = data.now() where d.channel_id = new.id and d.state = 'waiting';
        delete from channel_secret s where s.channel_id = new.id;
    end if;
    if auth.member() is not null then
        perform data.log('channel.' || case when tg_op = 'INSERT' then 'made' when new.state <> old.state and new.state = 'active' then 'resumed'
                                            when new.state <> old.state then new.state else 'changed' end, null, null,
            jsonb_build_object('channel', new.id, 'kind', new.kind, 'name', new.name));
    end if;
    return null;
end
$$;

CREATE FUNCTION data.claim_close(establishment bigint, said text) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'data', 'pg_temp'
    AS $$
begin
    update visit v set state = 'cancelled', reason = said
     where v.state = 'planned' and v.promise_id in (select p.id from promise p where p.establishment_id = claim_close.establishment and p.state = 'active');
    update promise p set state = 'returned', reason = said where p.establishment_id = claim_close.establishment and p.state = 'active';
end
$$;

CREATE FUNCTION data.claim_guard() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'data', 'pg_temp'
    AS $$
begin
    if data.is_moving() then
        return new; -- with its employer (data.merge_do)
    end if;
    if tg_op = 'INSERT' then
        new.state := 'open';
        new.made_at := data.now();
        new.settled_at := null;
        if exists (select from establishment e where e.id = new.establishment_id and e.status = 'F') then
            perform auth.refuse('establishment_closed');
        end if;
        return new;
    end if;
    if old.state <> 'open' and not (old.state = 'confirmed' and new.state = 'denied' and new.settled_how = 'register') then
        perform auth.refuse('claim_settled');
    end if;
    if (new.establishment_id, new.organisation_id, new.member_id, new.kind, new.made_at, new.detail, new.visit_id)
       is distinct from (old.establishment_id, old.organisation_id, old.member_id, old.kind, old.made_at, old.detail, old.visit_id) then
        perform auth.refuse('claim_settled');
    end if;
    if new.state = 'confirmed' and new.settled_how <> 'register'
       and (new.settled_by = old.organisation_id or new.settled_member = old.member_id) then
        perform auth.refuse('claim_own');
    end if;
    new.settled_at := data.now();
    return new;
end
$$;

CREATE FUNCTION data.claim_register() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'data', 'pg_temp'
    AS $$
declare
    c claim;
begin
    if current_setting('maillage.claim', true) = 'on' then
        return new;
    elsif new.status = 'F' and old.status = 'A' then
        update claim x set state = 'confirmed', settled_how = 'register'
         where x.establishment_id = new.id and x.state = 'open' and x.kind in ('closed', 'moved');
    elsif new.status = 'A' and old.status = 'F' then
        select * into c from claim x
         where x.establishment_id = new.id and x.state = 'confirmed' and x.kind in ('closed', 'moved') and x.settled_how = 'partner'
         order by x.id desc limit 1;
        if not found then
            return new;
        elsif new.register_date is not null and new.register_date > (c.settled_at at time zone 'Europe/Paris')::date then
            update claim x set state = 'denied', settled_how = 'register', settled_by = null, settled_member = null where x.id = c.id;
        else
            new.status := 'F';
            new.closed_on := old.closed_on;
        end if;
    end if;
    return new;
end
$$;

CREATE FUNCTION data.claim_report() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'data', 'pg_temp'
    AS $$
begin
    if data.is_moving() or (tg_op = 'UPDATE' and new.outcome = old.outcome) then
        return null;
    end if;
    if new.outcome = 'closed' and exists (select from establishment e where e.id = new.establishment_id and e.status = 'A') then
        perform data.claim_say(new.establishment_id, 'closed', null, new.visit_id, new.organisation_id, new.member_id);
    elsif (select o.reached from outcome o where o.code = new.outcome) then
        update claim c set state = 'denied', settled_how = 'visit', settled_by = new.organisation_id, settled_member = new.member_id
         where c.establishment_id = new.establishment_id and c.state = 'open' and c.made_at < new.done_at;
    end if;
    return null;
end
$$;

CREATE FUNCTION data.claim_say(establishment bigint, kind text, detail text, visit bigint, organisation bigint, member bigint) RETURNS bigint
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'data', 'pg_temp'
    AS $$
#variable_conflict use_column
declare
    c    claim;
    made bigint;
begin
    insert into claim as x (establishment_id, organisation_id, member_id, visit_id, kind, detail, made_at)
    values (claim_say.establishment, claim_say.organisation, claim_say.member, claim_say.visit, claim_say.kind,
            nullif(trim(claim_say.detail), ''), data.now())
    on conflict (establishment_id, kind) where state = 'open' do nothing
    returning x.id into made;
    if made is not null then
        return made;
    end if;
    select * into c from claim x
     where x.establishment_id = claim_say.establishment and x.kind = claim_say.kind and x.state = 'open' for update;
    if c.id is not null and c.organisation_id <> claim_say.organisation and c.member_id <> claim_say.member then
        update claim x set state = 'confirmed', settled_how = 'partner', settled_by = claim_say.organisation, settled_member = claim_say.member
         where x.id = c.id;
    end if;
    return c.id;
end
$$;

CREATE FUNCTION data.claim_told() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'data', 'pg_temp'
    AS $$
begin
    if data.is_moving() then
        return null;
    end if;
    perform data.log(case when tg_op = 'INSERT' then 'claim.made' else 'claim.' || new.state end, new.establishment_id, null,
        jsonb_strip_nulls(jsonb_build_object('claim', new.id, 'kind', new.kind, 'how', new.settled_how)),
        coalesce(new.settled_member, new.member_id), coalesce(new.settled_by, new.organisation_id));
    if new.state = 'confirmed' and new.kind in ('closed', 'moved') and new.settled_how <> 'register' then
        perform data.claim_close(new.establishment_id, case new.kind when 'moved' then 'Établissement déménagé, confirmé par un second partenaire'
                                                                     else 'Établissement fermé, confirmé par un second partenaire' end);
        perform set_config('maillage.claim', 'on', true); -- the register has said nothing (data.claim_register)
        update establishment e set status = 'F', closed_on = (new.made_at at time zone 'Europe/Paris')::date
         where e.id = new.establishment_id and e.status = 'A';
        perform set_config('maillage.claim', '', true);
    end if;
    return null;
end
$$;

CREATE TABLE data.clock (
    singleton boolean DEFAULT true NOT NULL,
    test_allowed boolean DEFAULT false NOT NULL,
    set_to timestamp with time zone,
    set_at timestamp with time zone,
    CONSTRAINT clock_both CHECK (((set_to IS NULL) = (set_at IS NULL))),
    CONSTRAINT clock_singleton_check CHECK (singleton),
    CONSTRAINT clock_test_only CHECK (((set_to IS NULL) OR test_allowed))
);

CREATE FUNCTION data.clock_set(at timestamp with time zone) RETURNS void
    LANGUAGE sql SECURITY DEFINER
    SET search_path TO 'data', 'pg_temp'
    BEGIN ATOMIC
 UPDATE data.clock c SET set_to = clock_set.at, set_at =
         CASE
             WHEN (clock_set.at IS NULL) THEN NULL::timestamp with time zone
             ELSE now()
         END;
 SELECT pg_notify('job'::text, 'clock'::text) AS pg_notify;
END;

CREATE FUNCTION data.contact_added() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'data', 'pg_temp'
    AS $$
begin
    insert into event (at, kind, member_id, organisation_id, establishment_id, data)
    select data.now(), 'contact.added', coalesce(auth.member(), f.member_id), coalesce(auth.organisation(), f.organisation_id),
           f.establishment_id, jsonb_build_object('contact', f.id)
      from fresh f where f.shared order by f.id;
    return null;
end
$$;

CREATE FUNCTION data.contact_erase(contact bigint, why text) RETURNS boolean
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'data', 'pg_temp'
    AS $$
declare
    c record;
begin
    select x.source_record_id into c from contact x where x.id = contact_erase.contact and x.erased_at is null for update;
    if not found then
        return false;
    end if;
    update contact x set person = null, channel = null, erased_at = data.now(), erased_why = contact_erase.why
     where x.id = contact_erase.contact;
    delete from contact_key k where k.contact_id = contact_erase.contact;
    delete from contact_plain p where p.contact_id = contact_erase.contact;
    delete from waiting_person w where w.source_record_id = c.source_record_id;
    update source_record r set received = jsonb_build_object('effacé le', data.today()), sealed = null, fields = r.fields - 'notes'
     where r.id = c.source_record_id;
    update source_file f set content = null, preview = null, seen = null
      from source_record r where r.id = c.source_record_id and f.id = r.file_id;
    return true;
end
$$;

CREATE FUNCTION data.contact_guard() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
begin
    if tg_op = 'INSERT' then
        new.created_at := coalesce(new.created_at, data.now());
        new.confirmed_by := case when new.confirmed_on is not null then coalesce(new.confirmed_by, new.member_id) end;
    else
        if old.erased_at is not null and (new.erased_at is null or new.person is not null) then
            perform auth.refuse('contact_erased');
        end if;
        if current_setting('maillage.sealing', true) is distinct from 'on' and not data.is_moving() then
            new.version := old.version + 1;
        end if;
    end if;
    return new;
end
$$;

CREATE FUNCTION data.contact_key_bound() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'data', 'pg_temp'
    AS $$
begin
    perform data.opposition_lock(false);
    update contact c set opposition_id = data.opposition_of(c.id)
     where c.opposition_id is null
       and c.id in (select k.contact_id from fresh k
                      join opposition_key o on o.hash = k.hash and o.kind = k.kind
                      join opposition x on x.id = o.opposition_id and x.lifted_at is null)
       and data.opposition_of(c.id) is not null;
    return null;
end
$$;

CREATE FUNCTION data.contact_meetable(contact bigint, establishment bigint) RETURNS void
    LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path TO 'data', 'pg_temp'
    AS $$
declare
    c record;
begin
    select x.opposition_id into c from contact x
     where x.id = contact_meetable.contact and x.establishment_id = contact_meetable.establishment and x.erased_at is null;
    if not found then
        perform auth.refuse('invalid', json_build_object('field', 'contact'));
    elsif c.opposition_id is not null then
        perform auth.refuse('contact_opposed', json_build_object('field', 'contact'));
    end if;
end
$$;

CREATE FUNCTION data.contact_plain_gone() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'data', 'pg_temp'
    AS $$
begin
    if exists (select from contact_plain p where p.contact_id = new.contact_id) then
        raise exception using errcode = '23514', constraint = 'contact_plain_gone', table = 'contact_plain', schema = 'data',
            message = 'persons are not kept in plain text';
    end if;
    return null;
end
$$;

CREATE FUNCTION data.contact_purge(most integer) RETURNS bigint
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'data', 'pg_temp'
    AS $$
declare
    erased bigint;
begin
    select count(*) filter (where data.contact_erase(k.contact_id, 'retention')) into erased
      from (select x.contact_id from contact_clock x where x.keep_until < data.today() order by x.contact_id limit contact_purge.most) k;
    return erased;
end
$$;

CREATE TABLE data.contact_key (
    contact_id bigint NOT NULL,
    kind text NOT NULL,
    hash bytea NOT NULL,
    CONSTRAINT contact_key_hash CHECK ((length(hash) = 16)),
    CONSTRAINT contact_key_kind CHECK ((kind = ANY (ARRAY['phone'::text, 'email'::text, 'name'::text, 'family'::text])))
);

CREATE FUNCTION data.contact_same(contact bigint) RETURNS SETOF bigint
    LANGUAGE sql STABLE SECURITY DEFINER ROWS 5
    SET search_path TO 'data', 'pg_temp'
    BEGIN ATOMIC
 SELECT contact_same.contact AS contact
 UNION
  SELECT o.contact_id
    FROM (((data.contact_key k
      JOIN data.contact_key o ON (((o.hash = k.hash) AND (o.kind = k.kind))))
      JOIN data.contact c ON ((c.id = k.contact_id)))
      JOIN data.contact d ON ((d.id = o.contact_id)))
   WHERE ((k.contact_id = contact_same.contact) AND (k.kind <> 'family'::text) AND ((k.kind <> 'name'::text) OR (d.establishment_id = c.establishment_id)));
END;

CREATE FUNCTION data.contact_seal(batch json) RETURNS bigint
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'data', 'pg_temp'
    AS $$
declare
    sealed bigint;
begin
    perform set_config('maillage.sealing', 'on', true);
    update contact c set person = decode(b.person, 'hex')
      from json_to_recordset(contact_seal.batch) b (id bigint, person text)
     where c.id = b.id and c.erased_at is null;
    get diagnostics sealed = row_count;
    insert into contact_key (contact_id, kind, hash)
    select distinct b.id, k.kind, decode(k.hash, 'hex')
      from json_to_recordset(contact_seal.batch) b (id bigint, keys json)
      join contact c on c.id = b.id and c.erased_at is null
     cross join lateral json_to_recordset(b.keys) k (kind text, hash text)
    on conflict do nothing;
    delete from contact_plain p using json_to_recordset(contact_seal.batch) b (id bigint) where p.contact_id = b.id;
    perform set_config('maillage.sealing', '', true);
    return sealed;
end
$$;

CREATE FUNCTION data.contact_sealed() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'data', 'pg_temp'
    AS $$
begin
    if exists (select from contact c where c.id = new.id and c.person is null and c.erased_at is null) then
        raise exception using errcode = '23514', constraint = 'contact_sealed', table = 'contact', schema = 'data',
            message = 'a contact must be sealed';
    end if;
    return null;
end
$$;

CREATE FUNCTION data.contact_told() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'data', 'pg_temp'
    AS $$
begin
    -- Being bound by an opposition is told by the opposition; being sealed with a new key is no change.
    if (new.establishment_id, new.person, new.channel, new.shared, new.confirmed_on, new.confirmed_by, new.erased_at)
       is not distinct from (old.establishment_id, old.person, old.channel, old.shared, old.confirmed_on, old.confirmed_by, old.erased_at)
       or current_setting('maillage.sealing', true) = 'on' and session_user = 'maillage_owner'
       or data.is_moving() then
        return null;
    end if;
    if new.erased_at is not null then
        if old.erased_at is null then
            perform data.log('contact.erased', new.establishment_id, null,
                             jsonb_build_object('contact', new.id, 'why', new.erased_why), null, new.organisation_id);
        end if;
        return null;
    end if;
    if new.shared then
        perform data.log('contact.changed', new.establishment_id, null, jsonb_build_object('contact', new.id), new.member_id, new.organisation_id);
    end if;
    return null;
end
$$;

CREATE FUNCTION data.csv_cell(value text, separator text) RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN CASE WHEN (value IS NULL) THEN ''::text WHEN ((value ~ '["\r\n]'::text) OR (POSITION((separator) IN (value)) > 0) OR (value ~ '^\s|\s$'::text)) THEN (('"'::text || replace(value, '"'::text, '""'::text)) || '"'::text) ELSE value END;

CREATE FUNCTION data.csv_line(cells text[], separator text) RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN (SELECT string_agg(data.csv_cell(c.value, csv_line.separator), csv_line.separator ORDER BY c.n) AS string_agg FROM unnest(csv_line.cells) WITH ORDINALITY c(value, n));

CREATE FUNCTION data.delivery_due() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'data', 'pg_temp'
    AS $$
begin
    insert into job (kind, payload, run_at) select 'channel.send', jsonb_build_object('delivery', f.id), f.due_at from fresh f where f.state = 'waiting';
    return null;
end
$$;

CREATE FUNCTION data.delivery_pause(attempts integer) RETURNS double precision
    LANGUAGE sql
    RETURN (LEAST(((5)::double precision * power((4)::double precision, ((LEAST(attempts, 10) - 1))::double precision)), (43200)::double precision) * ((0.75)::double precision + (random() / (2)::double precision)));

CREATE FUNCTION data.delivery_settle(delivery bigint, attempt integer, status integer, ms integer, error text, answer text, retry_after integer) RETURNS text
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'data', 'pg_temp'
    AS $$
#variable_conflict use_column
declare
    most constant integer := 10;
    d    delivery;
    ok   boolean := delivery_settle.status between 200 and 299;
    outcome text;
    due  timestamptz;
begin
    select * into d from delivery x where x.id = delivery_settle.delivery for update;
    insert into delivery_attempt (delivery_id, number, at, ms, status, error, answer)
    values (d.id, delivery_settle.attempt, data.now(), delivery_settle.ms, nullif(delivery_settle.status, 0), left(delivery_settle.error, 300),
            left(delivery_settle.answer, 500))
    on conflict do nothing;
    if d.state <> 'waiting' then
        return d.state;
    end if;
    outcome := case when ok then 'done' when delivery_settle.status = 410 or d.attempts >= most then 'dead' else 'waiting' end;
    due := data.now() + make_interval(secs => greatest(data.delivery_pause(d.attempts), least(coalesce(delivery_settle.retry_after, 0), 86400)));
    update delivery x
       set state = outcome, status = nullif(delivery_settle.status, 0), error = left(delivery_settle.error, 300),
           settled_at = case when outcome <> 'waiting' then data.now() end, due_at = case when outcome = 'waiting' then due else x.due_at end
     where x.id = d.id;
    if outcome = 'waiting' then
        perform data.job_add('channel.send', jsonb_build_object('delivery', d.id), due);
    end if;
    if ok then
        update channel c set failures = 0, open_until = null where c.id = d.channel_id and (c.failures > 0 or c.open_until is not null);
    else
        update channel c
           set failures = c.failures + 1,
               open_until = case when c.failures + 1 >= 5 then data.now() + make_interval(secs => least(30 * power(2, least(c.failures - 4, 6)), 1800)) end
         where c.id = d.channel_id;
    end if;
    if delivery_settle.status = 410 then -- gone: whoever receives wants no more of it
        update channel c set state = 'paused', reason = 'Le destinataire a répondu 410 : il ne veut plus rien recevoir.', version = c.version + 1
         where c.id = d.channel_id and c.state = 'active';
        perform data.log('channel.paused', null, null, jsonb_build_object('channel', d.channel_id, 'reason', '410'), null,
            (select c.organisation_id from channel c where c.id = d.channel_id));
    end if;
    return outcome;
end
$$;

CREATE FUNCTION data.delivery_take(job bigint) RETURNS TABLE(id bigint, kind text, target text, message text, body text, attempts integer, secrets text)
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'data', 'pg_temp'
    AS $$
#variable_conflict use_column
declare
    d record;
begin
    select x.id, x.channel_id, x.offer_id, x.kind, x.state, x.due_at, c.state as channel_state, c.open_until, c.failures
      into d
      from job j
      join delivery x on x.id = (j.payload ->> 'delivery')::bigint
      join channel c on c.id = x.channel_id
     where j.id = delivery_take.job
       for update of x, c;
    if d.id is null or d.state <> 'waiting' or d.channel_state <> 'active' or d.due_at > data.now() then
        return; -- another job of this delivery is the one, or a pause ends with new ones
    end if;
    -- What opened is told before what ended.
    if d.kind = 'offer.withdraw' and exists (select from delivery p where p.channel_id = d.channel_id and p.offer_id = d.offer_id
                                                and p.kind = 'offer.publish' and p.state = 'waiting') then
        d.open_until := greatest(d.open_until, data.now() + interval '10 seconds');
    end if;
    if d.open_until > data.now() then
        update delivery x set due_at = d.open_until where x.id = d.id;
        perform data.job_add('channel.send', jsonb_build_object('delivery', d.id), d.open_until);
        return;
    end if;
    if d.failures >= 5 then -- one goes and sees; the others wait for what it finds
        update channel c set open_until = data.now() + interval '30 seconds' where c.id = d.channel_id;
    end if;
    return query
        update delivery x set attempts = x.attempts + 1
          from channel c where x.id = d.id and c.id = d.channel_id
        returning x.id, c.kind, c.target, x.message, x.body, x.attempts,
            (select coalesce(string_agg(s.id || ' ' || encode(s.sealed, 'hex'), ' ' order by s.id desc), '')
               from channel_secret s where s.channel_id = c.id and (s.ends_at is null or s.ends_at > data.now()));
end
$$;

CREATE FUNCTION data.density_of(commune text) RETURNS smallint
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'data', 'pg_temp'
    BEGIN ATOMIC
 SELECT (COALESCE(( SELECT
                 CASE
                     WHEN (c.population >= 15000) THEN 1
                     WHEN (c.population >= 2500) THEN 2
                     ELSE 3
                 END AS "case"
            FROM data.commune c
           WHERE (c.code = density_of.commune)), 2))::smallint AS "coalesce";
END;

CREATE FUNCTION data.easter(year integer) RETURNS date
    LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
    AS $$
declare
    a integer := year % 19;
    b integer := year / 100;
    c integer := year % 100;
    d integer := b / 4;
    e integer := b % 4;
    f integer := (b + 8) / 25;
    g integer := (b - f + 1) / 3;
    h integer := (19 * a + b - d - g + 15) % 30;
    i integer := c / 4;
    k integer := c % 4;
    l integer := (32 + 2 * e + 2 * i - h - k) % 7;
    m integer := (a + 11 * h + 22 * l) / 451;
begin
    return make_date(year, (h + l - 7 * m + 114) / 31, (h + l - 7 * m + 114) % 31 + 1);
end
$$;

CREATE FUNCTION data.establishment_hold(establishment bigint) RETURNS void
    LANGUAGE sql SECURITY DEFINER
    SET search_path TO 'data', 'pg_temp'
    BEGIN ATOMIC
 SELECT
    FROM data.establishment e
   WHERE (e.id = establishment_hold.establishment)
  FOR NO KEY UPDATE OF e;
END;

CREATE FUNCTION data.establishment_tag_told() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'data', 'pg_temp'
    AS $$
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

CREATE FUNCTION data.establishment_unkeyed_changed() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'data', 'pg_temp'
    AS $$
begin
    insert into establishment_unkeyed (establishment_id)
    select f.id
      from (select id, siret, legal_name, usual_name, brand, address, postcode, city, commune_code, phone, email from fresh
            except
            select id, siret, legal_name, usual_name, brand, address, postcode, city, commune_code, phone, email from stale) f;
    if found or exists (select id, merged_into from fresh except select id, merged_into from stale) then
        perform data.list_changed();
    end if;
    return null;
end
$$;

CREATE FUNCTION data.establishment_unkeyed_new() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'data', 'pg_temp'
    AS $$
begin
    perform data.list_changed();
    insert into establishment_unkeyed (establishment_id) select f.id from fresh f;
    return null;
end
$$;

CREATE FUNCTION data.event_fanned() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'data', 'pg_temp'
    AS $$
begin
    if not exists (select from channel c where c.kind = 'webhook' and c.state = 'active')
       or current_setting('maillage.replay', true) <> '' and session_user = 'maillage_owner' then
        return null;
    end if;
    insert into delivery (channel_id, kind, message, offer_id, body, due_at, made_at)
    select c.id, f.kind, 'msg_' || f.id || '_' || c.id, o.id,
           json_build_object('type', f.kind, 'timestamp', to_char(f.at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'),
               'data', jsonb_strip_nulls(jsonb_build_object('offer', o.id, 'referral', f.data -> 'referral', 'visit', f.data -> 'visit',
                   'need', f.data -> 'need', 'organisation', f.organisation_id,
                   'establishment', case when seen.yes then f.establishment_id end)))::text,
           f.at, f.at
      from fresh f
      join channel c on c.kind = 'webhook' and c.state = 'active' and f.kind = any (c.events)
      join organisation g on g.id = c.organisation_id
      left join offer o on o.id = coalesce(f.offer_id, (f.data ->> 'offer')::bigint)
     cross join lateral (select exists (select from establishment e
                                          join territory_commune tc on tc.commune_code = e.commune_code and tc.territory_id = g.territory_id
                                         where e.id = f.establishment_id) as yes) seen
     where f.organisation_id = c.organisation_id
        or o.organisation_id = c.organisation_id
        or not o.sandbox and seen.yes
           and (f.kind in ('offer.opened', 'offer.filled', 'offer.withdrawn', 'offer.expired') and o.opened_at is not null
                or f.kind = 'offer.reserved' and exists (select from offer_routing r where r.offer_id = o.id and r.network = g.network))
    on conflict (message) do nothing;
    return null;
end
$$;

CREATE FUNCTION data.event_frozen() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
begin
    raise exception using errcode = 'ML000', message = 'event_frozen', detail = '{}';
end
$$;

CREATE FUNCTION data.event_seal_next(most integer DEFAULT 10000) RETURNS integer
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'data', 'pg_temp'
    AS $$
declare
    last_position bigint;
    link          bytea;
    e             event;
    n             integer := 0;
begin
    if not pg_try_advisory_xact_lock(hashtext('maillage.event_seal')) then
        return 0;
    end if;
    select s.position, s.hash into last_position, link from event_seal s order by s.position desc limit 1;
    last_position := coalesce(last_position, 0);
    link := coalesce(link, '\x');
    for e in
        select v.* from event_unsealed u join event v on v.id = u.event_id
         where v.xid < pg_snapshot_xmin(pg_current_snapshot()) or v.xid >= pg_snapshot_xmax(pg_current_snapshot())
         order by v.id
         limit most
    loop
        link := sha256(link || convert_to(event_text(e), 'UTF8'));
        n := n + 1;
        insert into event_seal (position, event_id, hash) values (last_position + n, e.id, link);
        delete from event_unsealed u where u.event_id = e.id;
    end loop;
    return n;
end
$$;

CREATE FUNCTION data.event_text(e data.event) RETURNS text
    LANGUAGE sql STABLE
    RETURN concat_ws('|'::text, (e).id, (e).xid, to_char(((e).at AT TIME ZONE 'UTC'::text), 'YYYY-MM-DD"T"HH24:MI:SS.US'::text), (e).kind, COALESCE(((e).member_id)::text, '-'::text), COALESCE(((e).organisation_id)::text, '-'::text), COALESCE(((e).establishment_id)::text, '-'::text), COALESCE(((e).offer_id)::text, '-'::text), ((e).data)::text);

CREATE FUNCTION data.event_told() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'data', 'pg_temp'
    AS $$
declare
    most constant integer := 100;
begin
    insert into event_unsealed (event_id) select f.id from fresh f;
    if current_setting('maillage.replay', true) <> '' and session_user = 'maillage_owner' then
        return null;
    end if;
    if (select count(*) from (select from fresh limit most + 1) f) > most then
        perform pg_notify('live', json_build_object(
            'seq', max(f.id), 'kind', f.kind, 'establishment', null, 'offer', null, 'organisation', f.organisation_id,
            'territories', coalesce(json_agg(distinct tc.territory_id) filter (where tc.territory_id is not null),
                                    (select json_agg(o.territory_id) from organisation o where o.id = f.organisation_id), '[]'),
            'at', max(f.at))::text)
           from fresh f
           left join establishment e on e.id = f.establishment_id
           left join territory_commune tc on tc.commune_code = e.commune_code
          where f.offer_id is null
          group by f.kind, f.organisation_id
          order by max(f.id);
    end if;
    perform pg_notify('live', json_build_object(
        'seq', f.id, 'kind', f.kind,
        'establishment', case when not q.is_quiet then f.establishment_id end,
        'offer', case when not q.is_quiet then f.offer_id end,
        'organisation', case when not q.is_quiet then f.organisation_id end,
        'territories', coalesce(
            (select json_agg(tc.territory_id) from establishment e
               join territory_commune tc on tc.commune_code = e.commune_code where e.id = f.establishment_id),
            (select json_agg(o.territory_id) from organisation o where o.id = f.organisation_id),
            '[]'),
        'at', f.at)::text)
       from fresh f
      cross join lateral (select f.offer_id is not null
                                 and not exists (select from offer o where o.id = f.offer_id and o.opened_at is not null) as is_quiet) q
      where f.offer_id is not null or (select count(*) from (select from fresh limit most + 1) x) <= most
      order by f.id;
    return null;
end
$$;

CREATE FUNCTION data.event_verify() RETURNS TABLE(sealed bigint, waiting bigint, broken_event bigint)
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'data', 'pg_temp'
    AS $$
declare
    s    record;
    link bytea := '\x';
    want bigint := 0;
begin
    sealed := 0;
    for s in
        select q.position, q.event_id, q.hash, v as e
          from event_seal q left join event v on v.id = q.event_id
         order by q.position
    loop
        want := want + 1;
        if s.position <> want or (s.e).id is null then
            broken_event := s.event_id;
            exit;
        end if;
        link := sha256(link || convert_to(event_text(s.e), 'UTF8'));
        if link <> s.hash then
            broken_event := s.event_id;
            exit;
        end if;
        sealed := sealed + 1;
    end loop;
    select count(*) into waiting from event_unsealed;
    return next;
end
$$;

CREATE FUNCTION data.facet_of_companies() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'data', 'pg_temp'
    AS $_$
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
$_$;

CREATE FUNCTION data.facet_of_establishments() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'data', 'pg_temp'
    AS $$
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
        insert into facet as f (id, commune, naf, lon, lat, legal, size, projects, difficult, tension, potential, active)
        select s.id, s.commune, s.naf, s.lon, s.lat, s.legal, s.size, s.projects, s.difficult, s.tension, s.potential, s.active
          from facet_source s
         where s.id = any (changed)
         order by s.id
        on conflict (id) do update
           set commune = excluded.commune, naf = excluded.naf, lon = excluded.lon, lat = excluded.lat, legal = excluded.legal,
               size = excluded.size, projects = excluded.projects, difficult = excluded.difficult, tension = excluded.tension,
               potential = excluded.potential, active = excluded.active
         where (f.commune, f.naf, f.lon, f.lat, f.legal, f.size, f.projects, f.difficult, f.tension, f.potential, f.active)
               is distinct from (excluded.commune, excluded.naf, excluded.lon, excluded.lat, excluded.legal, excluded.size,
                                 excluded.projects, excluded.difficult, excluded.tension, excluded.potential, excluded.active)
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

CREATE FUNCTION data.facet_of_promises() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'data', 'pg_temp'
    AS $$
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

CREATE FUNCTION data.facet_of_standings() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'data', 'pg_temp'
    AS $$
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

CREATE FUNCTION data.facet_rebuild() RETURNS bigint
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'data', 'pg_temp'
    AS $$
declare
    made bigint;
begin
    insert into facet as f (id, commune, naf, lon, lat, legal, size, projects, difficult, tension, potential, active,
                            last_visit_at, last_contact_at, contact_by, rest_until, opposed, holder)
    select s.id, s.commune, s.naf, s.lon, s.lat, s.legal, s.size, s.projects, s.difficult, s.tension, s.potential, s.active,
           t.last_visit_at, t.last_contact_at, t.last_contact_by, t.rest_until, coalesce(t.opposed, false), p.organisation_id
      from facet_source s
      left join standing t on t.establishment_id = s.id
      left join promise p on p.establishment_id = s.id and p.state = 'active'
     order by s.id
    on conflict (id) do update
       set commune = excluded.commune, naf = excluded.naf, lon = excluded.lon, lat = excluded.lat, legal = excluded.legal,
           size = excluded.size, projects = excluded.projects, difficult = excluded.difficult, tension = excluded.tension,
           potential = excluded.potential, active = excluded.active, last_visit_at = excluded.last_visit_at,
           last_contact_at = excluded.last_contact_at, contact_by = excluded.contact_by, rest_until = excluded.rest_until,
           opposed = excluded.opposed, holder = excluded.holder
     where f.* is distinct from excluded.*;
    get diagnostics made = row_count;
    if made > 0 then
        update segment s set member_version = 0 where s.member_version <> 0;
    end if;
    return made;
end
$$;

CREATE FUNCTION data.fact_follow(most integer DEFAULT 20000) RETURNS integer
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'data', 'pg_temp'
    AS $$
declare
    ids      bigint[];
    communes integer[];
    changed  integer[];
    taken    integer;
begin
    if not pg_try_advisory_xact_lock(hashtext('maillage.fact')) then
        return 0;
    end if;
    with first as (
        delete from fact_touched t where t.id in (select w.id from fact_touched w order by w.id limit most) returning t.establishment_id
    )
    select array_agg(distinct f.establishment_id), count(*) into ids, taken from first f;
    with first as (
        delete from stock_touched t where t.id in (select w.id from stock_touched w order by w.id limit most) returning t.commune
    )
    select array_agg(distinct f.commune) into communes from first f;
    if communes is not null then
        perform data.stock_make(communes);
        taken := taken + cardinality(communes);
    end if;
    if ids is not null then
        changed := data.fact_make(ids);
    end if;
    if communes is not null or changed is not null then
        perform data.figures_told(coalesce(communes, '{}') || coalesce(changed, '{}'));
    end if;
    return taken;
end
$$;

CREATE FUNCTION data.fact_make(ids bigint[]) RETURNS integer[]
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'data', 'pg_temp'
    AS $$
declare
    changed integer[];
begin
    with now_fact as materialized (
        select * from data.fact_source(fact_make.ids)
    ), gone as (
        delete from fact f
         where f.establishment_id = any (fact_make.ids)
           and not exists (select from now_fact n where n.establishment_id = f.establishment_id and n.month = f.month and n.organisation_id = f.organisation_id)
        returning f.commune
    ), made as (
        insert into fact as f select * from now_fact
        on conflict (establishment_id, month, organisation_id) do update
           set (network, commune, division, size, active, strong, contacts, visits, firsts, doubles, avoided, prev_seen, prev_seen_network,
                prev_seen_own, prev_reached, prev_reached_network, prev_reached_own, promises, kept, lapsed, given_back, keep_days, needs,
                need_posts, offers, offer_posts, filled_reserved, filled_open, fill_days, referrals, hired, persons, persons_shared)
             = (excluded.network, excluded.commune, excluded.division, excluded.size, excluded.active, excluded.strong, excluded.contacts,
                excluded.visits, excluded.firsts, excluded.doubles, excluded.avoided, excluded.prev_seen, excluded.prev_seen_network,
                excluded.prev_seen_own, excluded.prev_reached, excluded.prev_reached_network, excluded.prev_reached_own, excluded.promises,
                excluded.kept, excluded.lapsed, excluded.given_back, excluded.keep_days, excluded.needs, excluded.need_posts,
                excluded.offers, excluded.offer_posts, excluded.filled_reserved, excluded.filled_open, excluded.fill_days,
                excluded.referrals, excluded.hired, excluded.persons, excluded.persons_shared)
         where f.* is distinct from excluded.*
        returning f.commune
    )
    select array_agg(distinct c.commune) into changed
      from (select g.commune from gone g union all select m.commune from made m) c;
    return changed;
end
$$;

CREATE FUNCTION data.fact_rebuild() RETURNS bigint
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'data', 'pg_temp'
    AS $$
declare
    low  bigint;
    high bigint;
begin
    perform pg_advisory_xact_lock(hashtext('maillage.fact'));
    delete from fact_touched;
    delete from stock_touched;
    delete from stock;
    insert into stock (commune, division, size, establishments, strong)
    select f.commune, (f.naf / 3200)::smallint, f.size, count(*), count(*) filter (where f.potential >= data.strong_potential())
      from facet f
     where f.active and f.commune is not null
     group by f.commune, f.naf / 3200, f.size
     order by f.commune;
    delete from fact;
    select min(f.id), max(f.id) into low, high from facet f;
    while low <= high loop
        insert into fact
        select s.* from data.fact_source(array(select f.id from facet f where f.id >= low and f.id < low + 50000)) s;
        low := low + 50000;
    end loop;
    return (select count(*) from fact);
end
$$;

CREATE TABLE data.fact (
    establishment_id bigint NOT NULL,
    month smallint NOT NULL,
    network smallint NOT NULL,
    organisation_id integer NOT NULL,
    commune integer,
    division smallint,
    size smallint,
    active boolean NOT NULL,
    strong boolean NOT NULL,
    contacts smallint NOT NULL,
    visits smallint NOT NULL,
    firsts smallint NOT NULL,
    doubles smallint NOT NULL,
    avoided smallint NOT NULL,
    prev_seen smallint,
    prev_seen_network smallint,
    prev_seen_own smallint,
    prev_reached smallint,
    prev_reached_network smallint,
    prev_reached_own smallint,
    promises smallint NOT NULL,
    kept smallint NOT NULL,
    lapsed smallint NOT NULL,
    given_back smallint NOT NULL,
    keep_days smallint NOT NULL,
    needs smallint NOT NULL,
    need_posts smallint NOT NULL,
    offers smallint NOT NULL,
    offer_posts smallint NOT NULL,
    filled_reserved smallint NOT NULL,
    filled_open smallint NOT NULL,
    fill_days smallint NOT NULL,
    referrals smallint NOT NULL,
    hired smallint NOT NULL,
    persons smallint NOT NULL,
    persons_shared smallint NOT NULL
);

CREATE FUNCTION data.fact_source(ids bigint[]) RETURNS SETOF data.fact
    LANGUAGE sql STABLE
    SET search_path TO 'data', 'pg_temp'
    AS $$
    with touch as (
        select c.establishment_id, c.organisation_id, c.kind, c.at, month_of(c.at) as month,
               exists (select from contact_event d where d.establishment_id = c.establishment_id and d.organisation_id <> c.organisation_id
                          and (d.at < c.at or (d.at = c.at and d.id < c.id)) and d.at > c.at - interval '60 days') as is_double,
               c.kind = 'visit' and not exists (select from contact_event d where d.establishment_id = c.establishment_id and d.kind = 'visit'
                                                   and (d.at, d.id) < (c.at, c.id)) as is_first,
               case when c.kind = 'visit' then
                   (select count(distinct f.organisation_id) from link l
                      join source_record r on r.id = l.source_record_id
                      join source_file f on f.id = r.file_id
                     where l.establishment_id = c.establishment_id and l.undone_at is null and f.kind = 'partner'
                       and f.organisation_id <> c.organisation_id and f.received_at <= c.at
                       and not exists (select from contact_event d where d.establishment_id = c.establishment_id and d.organisation_id = f.organisation_id
                                          and d.at between c.at - interval '60 days' and c.at + interval '60 days')) else 0 end as avoided
          from contact_event c
         where c.establishment_id = any (fact_source.ids)
    ), happened (establishment_id, organisation_id, month, contacts, visits, firsts, doubles, avoided, promises, kept, lapsed,
                 given_back, keep_days, needs, need_posts, offers, offer_posts, filled_reserved, filled_open, fill_days,
                 referrals, hired, persons, persons_shared) as (
        select t.establishment_id, t.organisation_id, t.month,
               1, (t.kind = 'visit')::integer, t.is_first::integer, t.is_double::integer, t.avoided, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0
          from touch t
         union all
        select p.establishment_id, p.organisation_id, month_of(p.made_at),
               0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0
          from promise p where p.establishment_id = any (fact_source.ids)
         union all
        select p.establishment_id, p.organisation_id, month_of(p.ended_at),
               0, 0, 0, 0, 0, 0, (p.state = 'kept')::integer, (p.state = 'lapsed')::integer, (p.state = 'returned')::integer, case when p.state = 'kept' then least(1000, greatest(0, extract(day from p.ended_at - p.made_at)))::integer else 0 end, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0
          from promise p where p.establishment_id = any (fact_source.ids) and p.state in ('kept', 'lapsed', 'returned')
         union all
        select n.establishment_id, n.organisation_id, month_of(n.declared_at),
               0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, n.posts, 0, 0, 0, 0, 0, 0, 0, 0, 0
          from need n where n.establishment_id = any (fact_source.ids)
         union all
        select o.establishment_id, o.organisation_id, month_of(o.confirmed_at),
               0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, o.posts, 0, 0, 0, 0, 0, 0, 0
          from offer o where o.establishment_id = any (fact_source.ids) and o.confirmed_at is not null
         union all
        select o.establishment_id, o.organisation_id, month_of(o.closed_at),
               0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, (o.opened_at is null)::integer, (o.opened_at is not null)::integer, least(2000, greatest(0, extract(day from o.closed_at - o.confirmed_at)))::integer, 0, 0, 0, 0
          from offer o where o.establishment_id = any (fact_source.ids) and o.state = 'filled' and o.closed_at is not null
         union all
        select o.establishment_id, r.organisation_id, month_of(r.made_at),
               0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, (r.state = 'hired')::integer, 0, 0
          from offer o join referral r on r.offer_id = o.id
         where o.establishment_id = any (fact_source.ids) and r.state <> 'withdrawn'
         union all
        select c.establishment_id, c.organisation_id, month_of(c.created_at),
               0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, c.shared::integer
          from contact c where c.establishment_id = any (fact_source.ids)
    ), added as (
        select h.establishment_id, h.month, n.rank as network, h.organisation_id, sum(h.contacts) as contacts, sum(h.visits) as visits,
               sum(h.firsts) as firsts, sum(h.doubles) as doubles, sum(h.avoided) as avoided, sum(h.promises) as promises,
               sum(h.kept) as kept, sum(h.lapsed) as lapsed, sum(h.given_back) as given_back, sum(h.keep_days) as keep_days,
               sum(h.needs) as needs, sum(h.need_posts) as need_posts, sum(h.offers) as offers, sum(h.offer_posts) as offer_posts,
               sum(h.filled_reserved) as filled_reserved, sum(h.filled_open) as filled_open, sum(h.fill_days) as fill_days,
               sum(h.referrals) as referrals, sum(h.hired) as hired, sum(h.persons) as persons, sum(h.persons_shared) as persons_shared
          from happened h
          join organisation o on o.id = h.organisation_id
          join network n on n.code = o.network
         group by h.establishment_id, h.month, n.rank, h.organisation_id
    )
    select a.establishment_id, a.month, a.network, a.organisation_id::integer, f.commune, (f.naf / 3200)::smallint, f.size, f.active,
           f.active and coalesce(f.potential, 0) >= strong_potential(),
           a.contacts::smallint, a.visits::smallint, a.firsts::smallint, a.doubles::smallint, a.avoided::smallint,
           max(a.month) filter (where a.visits > 0) over anybody, max(a.month) filter (where a.visits > 0) over same_network,
           max(a.month) filter (where a.visits > 0) over itself,
           max(a.month) filter (where a.contacts > 0) over anybody, max(a.month) filter (where a.contacts > 0) over same_network,
           max(a.month) filter (where a.contacts > 0) over itself,
           a.promises::smallint, a.kept::smallint, a.lapsed::smallint, a.given_back::smallint, least(a.keep_days, 32000)::smallint,
           a.needs::smallint, least(a.need_posts, 32000)::smallint, a.offers::smallint, least(a.offer_posts, 32000)::smallint,
           a.filled_reserved::smallint, a.filled_open::smallint, least(a.fill_days, 32000)::smallint, a.referrals::smallint,
           a.hired::smallint, a.persons::smallint, a.persons_shared::smallint
      from added a
      join facet f on f.id = a.establishment_id
    window anybody as (partition by a.establishment_id order by a.month, a.organisation_id rows between unbounded preceding and 1 preceding),
           same_network as (partition by a.establishment_id, a.network order by a.month, a.organisation_id
                            rows between unbounded preceding and 1 preceding),
           itself as (partition by a.establishment_id, a.organisation_id order by a.month rows between unbounded preceding and 1 preceding)
$$;

CREATE FUNCTION data.fact_touch() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'data', 'pg_temp'
    AS $$
begin
    if tg_op = 'UPDATE' then
        insert into fact_touched (establishment_id)
        select n.establishment_id from fresh n union select o.establishment_id from stale o;
    elsif tg_op = 'INSERT' then
        insert into fact_touched (establishment_id) select distinct n.establishment_id from fresh n;
    else
        insert into fact_touched (establishment_id) select distinct o.establishment_id from stale o;
    end if;
    return null;
end
$$;

CREATE FUNCTION data.fact_touch_facet() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'data', 'pg_temp'
    AS $$
begin
    if tg_op = 'INSERT' then
        insert into stock_touched (commune) select distinct n.commune from fresh n where n.commune is not null;
    elsif tg_op = 'DELETE' then
        insert into stock_touched (commune) select distinct o.commune from stale o where o.commune is not null;
        insert into fact_touched (establishment_id) select o.id from stale o;
    else
        with now as materialized (
            select n.id, n.commune, n.active, n.size, n.naf / 3200 as division, coalesce(n.potential, 0) >= data.strong_potential() as strong from fresh n
        ), before as materialized (
            select o.id, o.commune, o.active, o.size, o.naf / 3200 as division, coalesce(o.potential, 0) >= data.strong_potential() as strong from stale o
        ), here as materialized (
            select * from now except select * from before
        ), there as (
            select * from before except select * from now
        ), told as (
            insert into fact_touched (establishment_id)
            select h.id from here h where exists (select from fact f where f.establishment_id = h.id)
        )
        insert into stock_touched (commune)
        select h.commune from here h where h.commune is not null union select t.commune from there t where t.commune is not null;
    end if;
    return null;
end
$$;

CREATE FUNCTION data.fact_touch_referral() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'data', 'pg_temp'
    AS $$
begin
    insert into fact_touched (establishment_id)
    select distinct o.establishment_id from fresh n join offer o on o.id = n.offer_id;
    return null;
end
$$;

CREATE FUNCTION data.figures_told(communes integer[]) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'data', 'pg_temp'
    AS $$
begin
    perform pg_notify('live', json_build_object('seq', (select coalesce(max(e.id), 0) from event e), 'kind', 'figure.changed', 'establishment', null,
        'offer', null, 'organisation', null, 'territories',
        (select coalesce(json_agg(distinct tc.territory_id), '[]') from territory_commune tc where tc.number = any (figures_told.communes)),
        'at', data.now())::text);
end
$$;

CREATE FUNCTION data.golden(establishments bigint[]) RETURNS bigint
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'data', 'pg_temp'
    AS $$
declare
    step    constant int := 1000;
    many    constant int := 5000;
    changed bigint := 0;
    ids     bigint[] := golden.establishments;
    simple  bigint[] := '{}';
    r       record;
begin
    -- In the order of the ids, so that two computations never wait for each other in a circle.
    perform from establishment e where e.id = any (golden.establishments) order by e.id for no key update;
    if cardinality(ids) > step then
        ids := array(select u.id from unnest(ids) u (id) except select u.id from unnest(data.golden_made(ids)) u (id) order by 1);
        for i in 0 .. (cardinality(ids) - 1) / many loop
            select o.done, o.changed into r from data.golden_once(ids[i * many + 1:(i + 1) * many]) o;
            simple := simple || r.done;
            changed := changed + r.changed;
        end loop;
        ids := array(select u.id from unnest(ids) u (id) except select u.id from unnest(simple) u (id) order by 1);
    end if;
    for i in 0 .. (cardinality(ids) - 1) / step loop
        changed := changed + data.golden_some(ids[i * step + 1:(i + 1) * step]);
    end loop;
    return changed;
end
$$;

CREATE FUNCTION data.golden_candidates(establishments bigint[], is_brief boolean DEFAULT false) RETURNS TABLE(establishment_id bigint, field text, value text, source text, source_record_id bigint, statement_id bigint, organisation_id bigint, member_id bigint, at timestamp with time zone, is_pinned boolean, is_confirmed boolean, counts boolean)
    LANGUAGE sql STABLE
    AS $$
    with unit as materialized (
        select e.*, r.is_registered
          from unnest(golden_candidates.establishments) u (id)
          join data.establishment e using (id)
         cross join lateral (select e.register_file is not null
                                    or not exists (select from data.link l
                                                    where l.establishment_id = e.id and l.method = 'created'
                                                      and not exists (select from data.merge_row w join data.merge m on m.id = w.merge_id
                                                                       where w.source = 'link' and w.key = jsonb_build_object('id', l.id)
                                                                         and m.undone_at is null)) as is_registered) r
         where e.merged_into is null
    ), lost as materialized (
        select x.field, x.network from data.golden_lost x where golden_candidates.is_brief
    ), tied as materialized (
        -- From the establishments to their rows, whatever the statistics say of rows that came a moment ago.
        select u.id as unit, l.method, s.id as record, s.fields, f.member_id, f.received_at, o.id as organisation, o.network, o.territory_id
          from unit u
         cross join lateral (select l.source_record_id, l.method from data.link l
                              where l.establishment_id = u.id and (l.undone_at is null or l.method = 'created') offset 0) l
         cross join lateral (select s.id, s.file_id, s.fields from data.source_record s where s.id = l.source_record_id offset 0) s
          join data.source_file f on f.id = s.file_id
          join data.organisation o on o.id = f.organisation_id
    ), held as materialized (
        select v.*
          from unit u
         cross join lateral (select v.establishment_id, v.field, v.value, v.register_value, v.source_record_id from data.establishment_value v
                              where v.establishment_id = u.id offset 0) v
    ), given as materialized (
        select u.id as unit, f.field, k.value, t.network as source, t.record, null::bigint as statement,
               t.organisation, t.member_id as member, t.received_at as at, false as is_pinned, false as is_confirmed,
               case when u.diffusion <> 'O'
                    then exists (select from held v where v.establishment_id = u.id and v.field = f.field and v.source_record_id = t.record)
                    when f.field = 'naf' then u.naf_legacy is null
                    when f.field = 'brand' then
                        not (u.is_registered
                             and exists (select from (values ('legal_name', u.legal_name), ('usual_name', u.usual_name), ('brand', u.brand)) n (field, value)
                                           left join data.establishment_value v on v.establishment_id = u.id and v.field = n.field
                                          where case when v.field is null then n.value else v.register_value end is not null))
                    else true end as counts
          from unit u
          join tied t on t.unit = u.id
         cross join lateral jsonb_each_text(t.fields) k
          join (values ('name', 'legal_name'), ('brand', 'brand'), ('address', 'address'), ('postcode', 'postcode'), ('city', 'city'),
                       ('commune_code', 'commune_code'), ('naf', 'naf'), ('phone', 'phone'), ('email', 'email')) f (key, field)
            on f.key = k.key
         where k.value is not null
           and not (u.is_registered
                    and (f.field, t.network) in (select x.field, x.network from lost x)
                    and case f.field when 'legal_name' then u.legal_name when 'brand' then u.brand when 'address' then u.address
                                     when 'postcode' then u.postcode when 'city' then u.city when 'commune_code' then u.commune_code
                                     when 'naf' then u.naf end is not null
                    and (u.id, f.field) not in (select v.establishment_id, v.field from held v)
                    and not exists (select from data.value_statement w
                                     where w.establishment_id = u.id and w.field = f.field and w.ended_at is null))
           -- An organisation speaks of the employers it sees, and of those it made known.
           and (t.method = 'created'
                or exists (select from data.territory_commune tc
                            where tc.territory_id = t.territory_id and tc.commune_code = u.commune_code))
        union all
        select u.id, t.field, t.value, 'member', null, t.id, t.organisation_id, t.member_id, t.at, t.kind = 'pinned',
               t.kind = 'confirmed', true
          from unit u
          join data.value_statement t on t.establishment_id = u.id and t.ended_at is null
    )
    select g.unit, g.field, g.value, g.source, g.record, g.statement, g.organisation, g.member, g.at, g.is_pinned, g.is_confirmed, g.counts
      from given g
    union all
    select w.unit, w.field, r.value, 'register', null, null, null, null,
           coalesce(u.register_date::timestamptz, (select f.received_at from data.source_file f where f.id = u.register_file), '-infinity'),
           false, false, true
      from (select g.unit, g.field from given g
            union
            select v.establishment_id, v.field from held v) w
      join unit u on u.id = w.unit
      left join held v on v.establishment_id = w.unit and v.field = w.field
     cross join lateral (select case when v.field is not null then v.register_value
                                     when u.is_registered then case w.field when 'legal_name' then u.legal_name when 'usual_name' then u.usual_name
                                               when 'brand' then u.brand when 'address' then u.address when 'postcode' then u.postcode
                                               when 'city' then u.city when 'commune_code' then u.commune_code when 'naf' then u.naf
                                               when 'size_band' then u.size_band when 'phone' then u.phone when 'email' then u.email end
                                end as value) r
     where r.value is not null
$$;

CREATE FUNCTION data.golden_made(establishments bigint[]) RETURNS bigint[]
    LANGUAGE sql SECURITY DEFINER
    SET search_path TO 'data', 'pg_temp'
    AS $$
    with made as materialized (
        select e.id, s.id as record, s.fields, f.received_at
          from unnest(golden_made.establishments) u (id)
         cross join lateral (select x.id from establishment x
                              where x.id = u.id and x.register_file is null and x.merged_into is null and x.diffusion = 'O' offset 0) e
         cross join lateral (select min(x.source_record_id) as record, count(*) as links, bool_and(x.method = 'created' and x.undone_at is null) as is_made
                               from link x where x.establishment_id = e.id) l
         cross join lateral (select x.id, x.file_id, x.fields from source_record x where x.id = l.record offset 0) s
          join source_file f on f.id = s.file_id
         where l.links = 1 and l.is_made
           and not exists (select from establishment_value v where v.establishment_id = e.id)
           and not exists (select from value_statement t where t.establishment_id = e.id)
    ), noted as (
        insert into establishment_value (establishment_id, field, value, source_record_id, rule, since)
        select m.id, f.field, k.value, m.record, 'only', m.received_at
          from made m
         cross join lateral jsonb_each_text(m.fields) k
          join (values ('name', 'legal_name'), ('brand', 'brand'), ('address', 'address'), ('postcode', 'postcode'), ('city', 'city'),
                       ('commune_code', 'commune_code'), ('naf', 'naf'), ('phone', 'phone'), ('email', 'email')) f (key, field)
            on f.key = k.key
         where k.value is not null
         order by m.id, f.field
    )
    select coalesce(array_agg(m.id), '{}') from made m;
$$;

CREATE FUNCTION data.golden_once(establishments bigint[], OUT done bigint[], OUT changed bigint) RETURNS record
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'data', 'pg_temp'
    SET plan_cache_mode TO 'force_custom_plan'
    AS $$
begin
    with unit as materialized (
        select e.id, e.legal_name, e.usual_name, e.brand, e.address, e.postcode, e.city, e.commune_code, e.naf, e.naf_legacy, e.phone, e.email,
               s.id as record, f.received_at, o.network,
               case when exists (select from territory_commune tc where tc.territory_id = o.territory_id and tc.commune_code = e.commune_code)
                    then s.fields else '{}' end as fields
          from unnest(golden_once.establishments) u (id)
         cross join lateral (select x.* from establishment x
                              where x.id = u.id and x.register_file is not null and x.merged_into is null and x.diffusion = 'O' offset 0) e
         cross join lateral (select min(x.source_record_id) as record, count(*) as links, bool_and(x.undone_at is null and x.method <> 'created') as is_live
                               from link x where x.establishment_id = e.id and (x.undone_at is null or x.method = 'created')) l
         cross join lateral (select x.id, x.file_id, x.fields from source_record x where x.id = l.record offset 0) s
          join source_file f on f.id = s.file_id
          join organisation o on o.id = f.organisation_id
         where l.links = 1 and l.is_live
           and not exists (select from establishment_value v where v.establishment_id = e.id)
           and not exists (select from value_statement t where t.establishment_id = e.id and t.ended_at is null)
    ), said as materialized (
        select u.id, u.record, u.received_at, k.field, k.value,
               case when k.field = 'naf' and u.naf_legacy is not null then 'left'
                    when k.field = 'brand' and coalesce(u.legal_name, u.usual_name, u.brand) is not null then 'left'
                    when r.value is null then 'stands'
                    when (k.field, u.network) in (select x.field, x.network from golden_lost x) then 'left'
                    else 'open' end as verdict
          from unit u
         cross join lateral (values ('legal_name', u.fields ->> 'name'), ('brand', u.fields ->> 'brand'), ('address', u.fields ->> 'address'),
                                    ('postcode', u.fields ->> 'postcode'), ('city', u.fields ->> 'city'), ('commune_code', u.fields ->> 'commune_code'),
                                    ('naf', u.fields ->> 'naf'), ('phone', u.fields ->> 'phone'), ('email', u.fields ->> 'email')) k (field, value)
         cross join lateral (select case k.field when 'legal_name' then u.legal_name when 'brand' then u.brand when 'address' then u.address
                                                 when 'postcode' then u.postcode when 'city' then u.city when 'commune_code' then u.commune_code
                                                 when 'naf' then u.naf when 'phone' then u.phone when 'email' then u.email end as value) r
         where k.value is not null
    ), plain as materialized (
        select u.id from unit u except select s.id from said s where s.verdict = 'open'
    ), noted as (
        insert into establishment_value (establishment_id, field, value, source_record_id, rule, since)
        select s.id, s.field, s.value, s.record, 'only', s.received_at
          from said s join plain using (id) where s.verdict = 'stands' order by s.id, s.field
    ), told as materialized (
        select s.id, jsonb_object_agg(s.field, s.value) as v from said s join plain using (id) where s.verdict = 'stands' group by s.id
    ), reached as (
        update establishment e set phone = coalesce(t.v ->> 'phone', e.phone), email = coalesce(t.v ->> 'email', e.email)
          from told t where e.id = t.id and t.v - '{phone,email}'::text[] = '{}'
        returning e.id
    ), written as (
        update establishment e
           set legal_name = coalesce(t.v ->> 'legal_name', e.legal_name), brand = coalesce(t.v ->> 'brand', e.brand),
               address = coalesce(t.v ->> 'address', e.address), postcode = coalesce(t.v ->> 'postcode', e.postcode),
               city = coalesce(t.v ->> 'city', e.city), commune_code = coalesce(t.v ->> 'commune_code', e.commune_code),
               naf = coalesce(t.v ->> 'naf', e.naf), phone = coalesce(t.v ->> 'phone', e.phone), email = coalesce(t.v ->> 'email', e.email)
          from told t where e.id = t.id and t.v - '{phone,email}'::text[] <> '{}'
        returning e.id
    )
    select coalesce((select array_agg(p.id) from plain p), '{}'), (select count(*) from reached) + (select count(*) from written)
      into done, changed;
end
$$;

CREATE FUNCTION data.golden_own(establishment bigint) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'data', 'pg_temp'
    AS $$
declare
    e record;
begin
    if not auth.can_write() then
        perform auth.refuse('forbidden');
    end if;
    if not auth.sees(golden_own.establishment) then
        perform auth.refuse('not_found');
    end if;
    select x.merged_into into e from establishment x where x.id = golden_own.establishment for no key update;
    if e.merged_into is not null then
        perform auth.refuse('establishment_merged', json_build_object('into', e.merged_into));
    end if;
end
$$;

CREATE FUNCTION data.golden_some(establishments bigint[]) RETURNS bigint
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'data', 'pg_temp'
    SET plan_cache_mode TO 'force_custom_plan'
    AS $$
declare
    changed bigint;
begin
    with ways as materialized (
        select s.field, max(s.rule) filter (where s.place = 1) as r1, max(s.rule) filter (where s.place = 2) as r2,
               max(s.rule) filter (where s.place = 3) as r3, max(s.rule) filter (where s.place = 4) as r4,
               max(s.holds) as holds
          from survivorship s group by s.field
    ), scored as (
        -- The least wins.
        select c.*, w.r1, w.r2, w.r3, w.r4, case when c.is_pinned then 0 else 1 end::double precision as pinned,
               -- What was seen right once gives way to what is said much later.
               case when c.is_confirmed and (max(c.at) filter (where not c.is_confirmed) over (partition by c.establishment_id, c.field)
                                             > c.at + w.holds) is not true
                    then -extract(epoch from c.at) else 0 end::double precision as confirmed,
               coalesce(t.rank, 5)::double precision as trusted, -extract(epoch from c.at)::double precision as recent
          from data.golden_candidates(golden_some.establishments, true) c
          join ways w using (field)
          left join source_trust t on t.field = c.field and t.source = c.source
         where c.counts
    ), keyed as materialized (
        select c.*,
               case c.r1 when 'pinned' then c.pinned when 'confirmed' then c.confirmed when 'trusted' then c.trusted when 'recent' then c.recent end as k1,
               case c.r2 when 'pinned' then c.pinned when 'confirmed' then c.confirmed when 'trusted' then c.trusted when 'recent' then c.recent end as k2,
               case c.r3 when 'pinned' then c.pinned when 'confirmed' then c.confirmed when 'trusted' then c.trusted when 'recent' then c.recent end as k3,
               case c.r4 when 'pinned' then c.pinned when 'confirmed' then c.confirmed when 'trusted' then c.trusted when 'recent' then c.recent end as k4
          from scored c
    ), placed as (
        select k.*, row_number() over best as place, first_value(k.value) over best as top,
               max(k.value) filter (where k.source = 'register') over (partition by k.establishment_id, k.field) as register_value
          from keyed k
        window best as (partition by k.establishment_id, k.field
                        order by k.k1, k.k2, k.k3, k.k4, k.source <> 'register', k.statement_id desc, k.source_record_id)
    ), rivals as (
        -- Of each field the value that wins, then the best one that differs.
        select distinct on (p.establishment_id, p.field, p.value <> p.top) p.*
          from placed p order by p.establishment_id, p.field, p.value <> p.top, p.place
    ), told_apart as (
        select r.*, count(*) over (partition by r.establishment_id, r.field) as sides,
               lead(r.k1) over next as b1, lead(r.k2) over next as b2, lead(r.k3) over next as b3, lead(r.k4) over next as b4
          from rivals r window next as (partition by r.establishment_id, r.field order by r.place)
    ), standing as materialized (
        select w.establishment_id, w.field, w.value, w.source_record_id, w.statement_id, w.at as since, w.source,
               case when w.is_pinned then 'pinned' when w.confirmed < 0 then 'confirmed' when w.sides = 1 then 'only'
                    when w.k1 <> w.b1 then w.r1 when w.k2 <> w.b2 then w.r2 when w.k3 <> w.b3 then w.r3 when w.k4 <> w.b4 then w.r4
                    else 'recent' end as rule,
               w.register_value
          from told_apart w where w.place = 1
    ), gone as (
        delete from establishment_value v
         using (select v.ctid
                  from unnest(golden_some.establishments) u (id)
                  join establishment e on e.id = u.id and e.merged_into is null
                 cross join lateral (select v.ctid, v.field from establishment_value v where v.establishment_id = e.id offset 0) v
                 where (e.id, v.field) not in (select s.establishment_id, s.field from standing s where s.source <> 'register')) old
         where v.ctid = old.ctid
        returning v.establishment_id, v.field, v.register_value
    ), noted as (
        insert into establishment_value as v
               (establishment_id, field, value, register_value, source_record_id, statement_id, rule, since)
        select s.establishment_id, s.field, s.value, s.register_value, s.source_record_id, s.statement_id, s.rule, s.since
          from standing s where s.source <> 'register'
        on conflict (establishment_id, field) do update
           set value = excluded.value, register_value = excluded.register_value, source_record_id = excluded.source_record_id,
               statement_id = excluded.statement_id, rule = excluded.rule, since = excluded.since
         where (v.value, v.register_value, v.source_record_id, v.statement_id, v.rule, v.since)
               is distinct from (excluded.value, excluded.register_value, excluded.source_record_id, excluded.statement_id,
                                 excluded.rule, excluded.since)
    ), told as (
        select s.establishment_id, s.field, s.value from standing s
        union all
        select g.establishment_id, g.field, null from gone g
         where (g.establishment_id, g.field) not in (select s.establishment_id, s.field from standing s)
    ), other as materialized (
        select t.establishment_id, jsonb_object_agg(t.field, t.value) as v
          from told t
          join establishment e on e.id = t.establishment_id
         where t.value is distinct from
               case t.field when 'legal_name' then e.legal_name when 'usual_name' then e.usual_name when 'brand' then e.brand
                            when 'address' then e.address when 'postcode' then e.postcode when 'city' then e.city
                            when 'commune_code' then e.commune_code when 'naf' then e.naf when 'size_band' then e.size_band
                            when 'phone' then e.phone when 'email' then e.email end
         group by t.establishment_id
    ), reached as (
        -- Most files change telephones and addresses of mail alone: what is computed from names is not computed again.
        update establishment e
           set phone = case when o.v ? 'phone' then o.v ->> 'phone' else e.phone end,
               email = case when o.v ? 'email' then o.v ->> 'email' else e.email end
          from other o where o.establishment_id = e.id and o.v - '{phone,email}'::text[] = '{}'
        returning e.id
    ), written as (
        update establishment e
           set legal_name = case when o.v ? 'legal_name' then o.v ->> 'legal_name' else e.legal_name end,
               usual_name = case when o.v ? 'usual_name' then o.v ->> 'usual_name' else e.usual_name end,
               brand = case when o.v ? 'brand' then o.v ->> 'brand' else e.brand end,
               address = case when o.v ? 'address' then o.v ->> 'address' else e.address end,
               postcode = case when o.v ? 'postcode' then o.v ->> 'postcode' else e.postcode end,
               city = case when o.v ? 'city' then o.v ->> 'city' else e.city end,
               commune_code = case when o.v ? 'commune_code' then o.v ->> 'commune_code' else e.commune_code end,
               naf = case when o.v ? 'naf' then o.v ->> 'naf' else e.naf end,
               size_band = case when o.v ? 'size_band' then o.v ->> 'size_band' else e.size_band end,
               phone = case when o.v ? 'phone' then o.v ->> 'phone' else e.phone end,
               email = case when o.v ? 'email' then o.v ->> 'email' else e.email end
          from other o where o.establishment_id = e.id and o.v - '{phone,email}'::text[] <> '{}'
        returning e.id
    )
    select (select count(*) from reached) + (select count(*) from written) into changed;
    return changed;
end
$$;

CREATE FUNCTION data.hiring_potential(size smallint, activity real, projects integer) RETURNS smallint
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN (round(((100)::double precision * ((((0.50)::double precision * LEAST((1)::double precision, ((ln(((1)::numeric + CASE WHEN (size IS NULL) THEN (1)::numeric WHEN (size = 0) THEN 0.5 WHEN (size = 1) THEN 1.5 WHEN (size = 2) THEN (4)::numeric WHEN (size = 3) THEN 7.5 WHEN (size = 11) THEN (14)::numeric WHEN (size = 12) THEN (32)::numeric WHEN (size = 21) THEN (70)::numeric WHEN (size = 22) THEN (140)::numeric WHEN (size = 31) THEN (220)::numeric WHEN (size = 32) THEN (350)::numeric ELSE (500)::numeric END)))::double precision / ln((501)::double precision)))) + ((0.35)::double precision * COALESCE(activity, (0.5)::real))) + ((0.15)::double precision * CASE WHEN (projects IS NULL) THEN (0.5)::double precision ELSE LEAST((1)::double precision, (ln(((1 + projects))::double precision) / ln((2001)::double precision))) END)))))::smallint;

CREATE FUNCTION data.hours_valid(hours jsonb) RETURNS boolean
    LANGUAGE plpgsql IMMUTABLE
    AS $_$
declare
    d record;
    p jsonb;
    t text := '';
begin
    if jsonb_typeof(hours) <> 'object' then
        return false;
    end if;
    for d in select * from jsonb_each(hours) loop
        if d.key !~ '^[1-7]$' or jsonb_typeof(d.value) <> 'array' or jsonb_array_length(d.value) > 3 then
            return false;
        end if;
        t := '';
        for p in select * from jsonb_array_elements(d.value) loop
            if jsonb_typeof(p) <> 'array' or jsonb_array_length(p) <> 2
               or coalesce(p ->> 0, '') !~ '^([01][0-9]|2[0-3]):[0-5][0-9]$' or coalesce(p ->> 1, '') !~ '^([01][0-9]|2[0-3]):[0-5][0-9]$'
               or p ->> 0 >= p ->> 1 or p ->> 0 < t then
                return false;
            end if;
            t := p ->> 1;
        end loop;
    end loop;
    return true;
end
$_$;

CREATE FUNCTION data.idempotency_purge() RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'data', 'pg_temp'
    AS $$
begin
    delete from idempotency where at < pg_catalog.now() - interval '30 days';
    update idempotency set body = null where at < pg_catalog.now() - interval '8 days' and body is not null;
    delete from idempotency i
     using (select x.member_id, (select y.at from idempotency y where y.member_id = x.member_id
                                  order by y.at desc offset 20000 limit 1) as last
              from idempotency x group by x.member_id having count(*) > 20000) m
     where i.member_id = m.member_id and i.at <= m.last and i.at < pg_catalog.now() - interval '4 days';
end
$$;

CREATE FUNCTION data.import_give_up(age interval) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'data', 'pg_temp'
    AS $$
begin
    delete from waiting_person w using source_record s, source_file f
     where s.id = w.source_record_id and f.id = s.file_id and f.received_at < data.now() - interval '1 year';
    with old as (
        update source_file f
           set state = 'cancelled', finished_at = data.now(), content = null, preview = null, seen = null, layout = null, compared = null
         where f.kind = 'partner' and f.state in ('ready', 'preview') and f.received_at < data.now() - age
        returning f.id
    ), lines as (
        delete from import_line l using old where l.file_id = old.id
    )
    delete from import_verdict v using old where v.file_id = old.id;
    -- Changes that every preview has seen.
    delete from list_change c
     where not exists (select from source_file f where f.compared is not null and not pg_visible_in_snapshot(c.xid, f.compared))
       and pg_visible_in_snapshot(c.xid, pg_current_snapshot());
end
$$;

CREATE FUNCTION data.import_in_use(target regclass, besides regclass[]) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'data', 'pg_temp'
    AS $$
declare
    k record;
begin
    for k in
        select c.conrelid::regclass as source, a.attname as field
          from pg_constraint c
          join pg_attribute a on a.attrelid = c.conrelid and a.attnum = c.conkey[1]
         where c.contype = 'f' and c.confrelid = target and cardinality(c.conkey) = 1 and c.conparentid = 0
           and c.conrelid <> all (besides::oid[])
    loop
        execute format('update taken_back t set kept = true where not t.kept and exists (select from %s r where r.%I = t.id)', k.source, k.field);
    end loop;
end
$$;

CREATE TABLE data.import_progress (
    file_id bigint NOT NULL,
    step text NOT NULL,
    done bigint DEFAULT 0 NOT NULL,
    total bigint DEFAULT 0 NOT NULL,
    began_at timestamp with time zone NOT NULL,
    told_at timestamp with time zone NOT NULL,
    cancel_by bigint,
    CONSTRAINT import_progress_step CHECK ((step = ANY (ARRAY['waiting'::text, 'reading'::text, 'matching'::text, 'creating'::text, 'keeping'::text, 'linking'::text, 'values'::text, 'contacts'::text, 'reverting'::text])))
);

CREATE FUNCTION data.import_over(file bigint) RETURNS void
    LANGUAGE sql SECURITY DEFINER
    SET search_path TO 'data', 'pg_temp'
    BEGIN ATOMIC
 DELETE FROM data.import_progress p
   WHERE (p.file_id = import_over.file);
END;

CREATE FUNCTION data.import_own(file bigint) RETURNS data.source_file
    LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path TO 'data', 'pg_temp'
    AS $$
declare
    f source_file;
begin
    select x.* into f from source_file x
     where x.id = file and x.kind = 'partner' and x.organisation_id = auth.organisation() and auth.can_write();
    if not found then
        perform auth.refuse('not_found');
    end if;
    return f;
end
$$;

CREATE FUNCTION data.import_step(file bigint, step text, done bigint, total bigint) RETURNS boolean
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'data', 'pg_temp'
    AS $$
declare
    asked boolean;
begin
    insert into import_progress as p (file_id, step, done, total, began_at, told_at)
    values (import_step.file, import_step.step, import_step.done, import_step.total, data.now(), data.now())
    on conflict (file_id) do update
       set step = excluded.step, done = excluded.done, total = excluded.total, told_at = excluded.told_at
    returning p.cancel_by is not null into asked;
    perform data.import_tell(file, 'progress');
    return asked;
end
$$;

CREATE FUNCTION data.import_take_back(file bigint) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'data', 'pg_temp'
    AS $$
declare
    f      source_file;
    gone   jsonb := '{}';
    n      bigint;
    now_at timestamptz := data.now();
begin
    perform pg_advisory_xact_lock(hashtextextended('maillage.import', 0));
    select x.* into f from source_file x where x.id = file and x.kind = 'partner' for no key update;
    if not found or f.state <> 'reverting' then
        return;
    end if;
    perform data.import_tell(file, 'progress');
    create temporary table taken_record on commit drop as
    select s.id from source_record s where s.file_id = file;
    create unique index on taken_record (id);
    analyze taken_record;

    -- Contacts that nobody confirmed, changed or refers to.
    create temporary table taken_back on commit drop as
    select c.id, c.version > 1 or c.confirmed_on is not null as kept from contact c join taken_record r on r.id = c.source_record_id;
    perform data.import_in_use('contact'::regclass, array['contact_key', 'contact_plain']::regclass[]);
    -- A person leaves no shadow: the file, kept as received, still names them.
    delete from contact_key k using taken_back t where t.id = k.contact_id and not t.kept;
    delete from contact_plain p using taken_back t where t.id = p.contact_id and not t.kept;
    delete from contact c using taken_back t where t.id = c.id and not t.kept;
    get diagnostics n = row_count;
    delete from waiting_person w using taken_record r where r.id = w.source_record_id;
    gone := gone || jsonb_build_object('contacts', n, 'contacts_kept', (select count(*) from taken_back t where t.kept));
    drop table taken_back;

    -- Establishments that it created. Links that were undone before do not hold them.
    create temporary table taken_back on commit drop as
    select distinct l.establishment_id as id, e.register_file is not null as kept
      from link l join taken_record r on r.id = l.source_record_id join establishment e on e.id = l.establishment_id
     where l.method = 'created';
    create unique index on taken_back (id);
    update taken_back t set kept = true
     where not t.kept
       and (exists (select from link l where l.establishment_id = t.id and l.undone_at is null
                                          and not exists (select from taken_record r where r.id = l.source_record_id))
            or exists (select from establishment_value v where v.establishment_id = t.id
                                          and (v.source_record_id is null
                                               or not exists (select from taken_record r where r.id = v.source_record_id)))
            or exists (select from review w where w.establishment_id = t.id
                                          and not exists (select from taken_record r where r.id = w.source_record_id)));
    perform data.import_in_use('establishment'::regclass, array['link', 'establishment_value', 'standing', 'review', 'facet', 'own_code',
                                                                'segment_member']::regclass[]);

    -- What linkage asked about its rows is no question any more; what people answered stays, but with what goes.
    insert into import_undone (file_id, kind, removed)
    select file, 'review', to_jsonb(w) from review w join taken_back t on t.id = w.establishment_id where not t.kept order by w.id;
    delete from review w using taken_back t where t.id = w.establishment_id and not t.kept;
    update review w set state = 'moot' from taken_record r where r.id = w.source_record_id and w.state = 'open';

    -- Values that stand because of it, on what stays and was there before: without its links, others win.
    create temporary table fallen on commit drop as
    select to_jsonb(v) as removed, v.establishment_id, v.field
      from establishment_value v
      join taken_record r on r.id = v.source_record_id
     where not exists (select from taken_back t where t.id = v.establishment_id);

    -- Links: undone where the establishment stays, kept aside where it goes.
    insert into import_undone (file_id, kind, removed)
    select file, 'link', to_jsonb(l) from link l join taken_back t on t.id = l.establishment_id where not t.kept order by l.id;
    select count(*) into n from link l join taken_record r on r.id = l.source_record_id where l.undone_at is null;
    gone := gone || jsonb_build_object('links', n);
    delete from link l using taken_back t where t.id = l.establishment_id and not t.kept;
    update link l set undone_at = now_at, undone_by = f.reverted_by from taken_record r where r.id = l.source_record_id and l.undone_at is null;
    perform data.golden(array(select distinct l.establishment_id from link l join taken_record r on r.id = l.source_record_id order by 1));
    insert into import_undone (file_id, kind, removed)
    select file, 'value', x.removed from fallen x
     where not exists (select from establishment_value v join taken_record r on r.id = v.source_record_id
                        where v.establishment_id = x.establishment_id and v.field = x.field);
    get diagnostics n = row_count;
    gone := gone || jsonb_build_object('values', n,
        'values_kept', (select count(*) from establishment_value v join taken_record r on r.id = v.source_record_id
                         where not exists (select from taken_back t where t.id = v.establishment_id and not t.kept)));

    insert into import_undone (file_id, kind, removed)
    select file, 'value', to_jsonb(v) from establishment_value v join taken_back t on t.id = v.establishment_id where not t.kept;
    delete from establishment_value v using taken_back t where t.id = v.establishment_id and not t.kept;
    delete from standing s using taken_back t where t.id = s.establishment_id and not t.kept;
    delete from segment_member m using taken_back t where t.id = m.establishment_id and not t.kept;
    insert into import_undone (file_id, kind, removed)
    select file, 'establishment', to_jsonb(e) from establishment e join taken_back t using (id) where not t.kept order by e.id;
    delete from establishment e using taken_back t where t.id = e.id and not t.kept;
    get diagnostics n = row_count;
    gone := gone || jsonb_build_object('establishments', n, 'establishments_kept', (select count(*) from taken_back t where t.kept));

    update source_record s set state = 'reverted' from taken_record r where r.id = s.id;
    update source_file x set state = 'reverted', summary = x.summary || jsonb_build_object('reverted', gone) where x.id = file;
    drop table taken_record, taken_back, fallen;
end
$$;

CREATE FUNCTION data.import_tell(file bigint, kind text) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'data', 'pg_temp'
    AS $$
begin
    perform pg_notify('live', json_build_object('seq', 0, 'kind', 'import.' || import_tell.kind, 'import', f.id, 'organisation', f.organisation_id,
                                                'territories', json_build_array(o.territory_id), 'at', data.now())::text)
       from source_file f join organisation o on o.id = f.organisation_id where f.id = file;
end
$$;

CREATE FUNCTION data.indicator_keys(level text, within text, from_month integer, to_month integer) RETURNS TABLE(key bigint, area text, name text)
    LANGUAGE plpgsql STABLE
    SET search_path TO 'data', 'pg_temp'
    AS $$
#variable_conflict use_column
begin
    if indicator_keys.level = 'commune' then
        return query
            select c.number::bigint, c.code::text, c.name from territory_commune tc join commune c on c.number = tc.number
             where tc.territory_id = auth.territory()
               and (indicator_keys.within = '' or indicator_keys.within = 'commune:' || c.code
                    or exists (select from zone_commune w join zone z on z.id = w.zone_id
                                where w.commune = tc.number and z.level || ':' || z.code = indicator_keys.within));
    elsif indicator_keys.level in ('epci', 'bassin', 'departement', 'region') then
        return query
            select distinct z.id::bigint, z.code::text, z.name
              from territory_commune tc
              join zone_commune w on w.level = indicator_keys.level and w.commune = tc.number
              join zone z on z.id = w.zone_id
             where tc.territory_id = auth.territory()
               and (indicator_keys.within = ''
                    or exists (select from zone_commune x join zone y on y.id = x.zone_id
                                where x.commune = tc.number and y.level || ':' || y.code = indicator_keys.within));
    elsif indicator_keys.level = 'month' then
        return query select g::bigint, month_text(g), month_text(g) from generate_series(from_month, to_month) g;
    elsif indicator_keys.level = 'network' then
        return query select n.rank::bigint, n.code, n.name from network n where n.kind = 'partner';
    elsif indicator_keys.level = 'organisation' then
        return query select o.id, o.id::text, o.name from organisation o join network n on n.code = o.network
                      where o.territory_id = auth.territory() and n.kind = 'partner';
    elsif indicator_keys.level = 'sector' then
        return query select n.code::bigint, n.code::text, n.label from naf n where n.level = 2
                     union all select -1::bigint, 'unknown', 'Activité inconnue';
    elsif indicator_keys.level = 'size' then
        return query select s.code::bigint, s.code::text, s.label from size_band s
                     union all select -1::bigint, 'unknown', 'Effectif inconnu';
    else
        return query select 0::bigint, '', 'Ensemble';
    end if;
end
$$;

CREATE FUNCTION data.indicators(level text, within text, from_month integer, to_month integer, network text, organisation bigint, segment bigint, naf text, sizes text) RETURNS TABLE(key bigint, code text, n bigint, out_of bigint)
    LANGUAGE sql STABLE
    SET search_path TO 'data', 'pg_temp'
    AS $$
    select m.key, v.code, v.n, v.out_of
      from data.measures(level, within, from_month, to_month, network, organisation, segment, naf, sizes) m
     cross join lateral (values
        ('establishments',  m.establishments, null::bigint),
        ('seen_share',      m.seen, m.establishments),
        ('white',           greatest(0, m.strong - m.seen_strong), null),
        ('white_share',     greatest(0, m.strong - m.seen_strong), m.strong),
        ('pressure',        m.contacts, m.reached),
        ('doubles',         m.doubles, null),
        ('double_share',    m.doubles, m.contacts),
        ('visits',          m.visits, null),
        ('promises',        m.promises, null),
        ('kept_share',      m.kept, m.kept + m.lapsed + m.given_back),
        ('lapsed',          m.lapsed, null),
        ('keep_delay',      m.keep_days, m.kept),
        ('shared_share',    m.persons_shared, m.persons),
        ('firsts',          m.firsts, null),
        ('small_seen',      m.seen_small, null),
        ('needs',           m.needs, null),
        ('offers',          m.offers, null),
        ('filled_reserved', m.filled_reserved, null),
        ('filled_open',     m.filled_open, null),
        ('fill_delay',      m.fill_days, m.filled_reserved + m.filled_open),
        ('referrals',       m.referrals, null),
        ('effect',          m.offers, m.visits),
        ('avoided',         m.avoided, null)) v (code, n, out_of)
$$;

CREATE FUNCTION data.is_moving() RETURNS boolean
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'data', 'pg_temp'
    BEGIN ATOMIC
 SELECT ((EXISTS ( SELECT
            FROM data.merge m
           WHERE (m.moving = pg_current_xact_id_if_assigned()))) OR (EXISTS ( SELECT
            FROM data.promise_batch b
           WHERE (b.undoing = pg_current_xact_id_if_assigned()))));
END;

CREATE FUNCTION data.is_worked(establishment bigint) RETURNS boolean
    LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path TO 'data', 'pg_temp'
    AS $_$
declare
    c   record;
    yes boolean;
begin
    for c in select * from data.merge_columns() where source <> 'data.review'::regclass loop
        execute format('select exists (select from %s x where x.%I = $1)', c.source, c.field) into yes using is_worked.establishment;
        if yes then
            return true;
        end if;
    end loop;
    return false;
end
$_$;

CREATE FUNCTION data.is_working_day(day date) RETURNS boolean
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN ((EXTRACT(isodow FROM day) < (6)::numeric) AND (day <> ALL (data.holidays((EXTRACT(year FROM day))::integer))));

CREATE FUNCTION data.job_add(kind text, payload jsonb, run_at timestamp with time zone DEFAULT NULL::timestamp with time zone) RETURNS bigint
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'data', 'pg_temp'
    AS $$
declare
    made bigint;
begin
    insert into job (kind, payload, run_at)
    values (job_add.kind, job_add.payload, coalesce(job_add.run_at, data.now()))
    returning id into made;
    return made;
end
$$;

CREATE FUNCTION data.job_announce() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'data', 'pg_temp'
    AS $$
begin
    perform pg_notify('job', '');
    return null;
end
$$;

CREATE TABLE data.job (
    id bigint NOT NULL,
    kind text NOT NULL,
    payload jsonb DEFAULT '{}'::jsonb NOT NULL,
    run_at timestamp with time zone NOT NULL,
    state text DEFAULT 'waiting'::text NOT NULL,
    attempts integer DEFAULT 0 NOT NULL,
    sent_at timestamp with time zone,
    finished_at timestamp with time zone,
    error text,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT job_kind CHECK ((kind ~ '^[a-z]+\.[a-z_]+$'::text)),
    CONSTRAINT job_state CHECK ((state = ANY (ARRAY['waiting'::text, 'sent'::text, 'done'::text, 'dead'::text])))
);

CREATE FUNCTION data.job_purge(keep interval, most integer DEFAULT 10000) RETURNS bigint
    LANGUAGE sql SECURITY DEFINER
    SET search_path TO 'data', 'pg_temp'
    BEGIN ATOMIC
 WITH old AS (
          SELECT j.id
            FROM data.job j
           WHERE ((j.state = 'done'::text) AND (j.finished_at < (now() - job_purge.keep)))
          LIMIT job_purge.most
          FOR UPDATE OF j SKIP LOCKED
         ), gone AS (
          DELETE FROM data.job j
            USING old
           WHERE (j.id = old.id)
           RETURNING 1 AS "?column?"
         )
  SELECT count(*) AS count
    FROM gone;
END;

CREATE FUNCTION data.job_retry(job bigint) RETURNS boolean
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'data', 'pg_temp'
    AS $$
begin
    update job j set state = 'waiting', attempts = 0, run_at = data.now(), sent_at = null, finished_at = null
     where j.id = job_retry.job and j.state = 'dead';
    if not found then
        return false;
    end if;
    perform pg_notify('job', '');
    return true;
end
$$;

CREATE FUNCTION data.line_seal(batch json) RETURNS bigint
    LANGUAGE sql SECURITY DEFINER
    SET search_path TO 'data', 'pg_temp'
    AS $$
    with sealed as (
        update source_record r
           set sealed = decode(b.sealed, 'hex'), received = coalesce(b.received, r.received), fields = r.fields - 'notes'
          from json_to_recordset(line_seal.batch) b (id bigint, sealed text, received jsonb)
         where r.id = b.id
        returning r.id
    )
    select count(*) from sealed;
$$;

CREATE FUNCTION data.link_followed() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'data', 'pg_temp'
    AS $$
begin
    perform data.list_changed();
    insert into establishment_unkeyed (establishment_id, source_record_id)
    select f.establishment_id, f.source_record_id from fresh f where f.undone_at is null;
    perform data.waiting_meet(array(select f.source_record_id from fresh f where f.undone_at is null));
    return null;
end
$$;

CREATE TABLE data.list_change (
    xid xid8 NOT NULL
);

CREATE FUNCTION data.list_changed() RETURNS void
    LANGUAGE sql SECURITY DEFINER
    SET search_path TO 'data', 'pg_temp'
    BEGIN ATOMIC
 INSERT INTO data.list_change (xid)
   VALUES (pg_current_xact_id()) ON CONFLICT DO NOTHING;
END;

CREATE FUNCTION data.list_changed_by() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'data', 'pg_temp'
    AS $$
begin
    perform data.list_changed();
    return null;
end
$$;

CREATE FUNCTION data.log(kind text, establishment bigint, offer bigint, data jsonb, author bigint DEFAULT NULL::bigint, organisation bigint DEFAULT NULL::bigint) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'data', 'pg_temp'
    AS $$
begin
    insert into event (at, kind, member_id, organisation_id, establishment_id, offer_id, data)
    values (data.now(), log.kind, coalesce(auth.member(), log.author), coalesce(auth.organisation(), log.organisation),
            log.establishment, log.offer, coalesce(log.data, '{}'));
end
$$;

CREATE FUNCTION data.measures(level text, within text, from_month integer, to_month integer, network text, organisation bigint, segment bigint, naf text, sizes text) RETURNS TABLE(key bigint, establishments bigint, strong bigint, seen bigint, seen_small bigint, seen_strong bigint, reached bigint, contacts bigint, visits bigint, firsts bigint, doubles bigint, avoided bigint, promises bigint, kept bigint, lapsed bigint, given_back bigint, keep_days bigint, needs bigint, offers bigint, filled_reserved bigint, filled_open bigint, fill_days bigint, referrals bigint, persons bigint, persons_shared bigint)
    LANGUAGE plpgsql STABLE
    SET search_path TO 'data', 'pg_temp'
    AS $_$
declare
    divisions smallint[] := case when measures.naf is not null then (select coalesce(array_agg(d::smallint), '{}') from unnest(api.naf_divisions(measures.naf)) d) end;
    bands     smallint[] := case when measures.sizes is not null then
                  array(select s::smallint from unnest(string_to_array(measures.sizes, ',')) s where s ~ '^[0-9]{2}$') end;
    nameless  boolean := measures.sizes ~ '\munknown\M';
    prev      text := case when measures.organisation is not null or level = 'organisation' then '_own'
                           when measures.network is not null or level = 'network' then '_network' else '' end;
    is_area   boolean := level in ('commune', 'epci', 'bassin', 'departement', 'region', 'all');
    of_fact   text := case when level in ('epci', 'bassin', 'departement', 'region') then 'p.zone' when level = 'commune' then 'f.commune'
                           when level = 'employer' then 'f.establishment_id' when level = 'month' then 'f.month'
                           when level = 'network' then 'f.network' when level = 'organisation' then 'f.organisation_id'
                           when level = 'sector' then 'coalesce(f.division, -1)' when level = 'size' then 'coalesce(f.size, -1)' else '0' end;
    of_stock  text := case when level in ('epci', 'bassin', 'departement', 'region') then 'p.zone' when level = 'commune' then 's.commune'
                           when level = 'employer' then 's.id' when level = 'sector' then 'coalesce(s.division, -1)'
                           when level = 'size' then 'coalesce(s.size, -1)' else '0' end;
    since     text := case when level = 'month' then 'f.month' else '$3' end;
    -- Communes of the acting territory within the area, with the zone they are shown in.
    place     text := format($p$
        select tc.number, %s as zone from territory_commune tc %s
         where tc.territory_id = $1 %s$p$,
        case when level in ('epci', 'bassin', 'departement', 'region') then 'z.zone_id' else '0' end,
        case when level in ('epci', 'bassin', 'departement', 'region')
             then format('join zone_commune z on z.level = %L and z.commune = tc.number', level) else '' end,
        case when split_part(within, ':', 1) = 'commune' then 'and tc.number = commune_number(split_part($2, '':'', 2))'
             when within <> '' then 'and tc.number in (select w.commune from zone_commune w join zone a on a.id = w.zone_id
                                      where a.level = split_part($2, '':'', 1) and a.code = split_part($2, '':'', 2))' else '' end);
    stock     text := case when segment is null and level <> 'employer'
                           then 'select s.commune, s.division, s.size, s.establishments, s.strong, 0::bigint as id from stock s'
                           else 'select f.commune, (f.naf / 3200)::smallint as division, f.size, 1 as establishments,
                                        (f.potential >= strong_potential())::integer as strong, f.id from facet f where f.active' end;
begin
    if level not in ('commune', 'epci', 'bassin', 'departement', 'region', 'all', 'employer', 'month', 'network', 'organisation', 'sector', 'size')
       or (within <> '' and within !~ '^(commune|epci|bassin|departement|region):[0-9A-Za-z]{1,40}$') then
        perform auth.refuse('invalid', json_build_object('field', 'level'));
    end if;
    return query execute format($q$
        with place as materialized (%1$s),
        counted as (
            select (%2$s)::bigint as key,
                   count(*) filter (where f.visits > 0 and f.active and coalesce(f.prev_seen%3$s, -1) < %4$s) as seen,
                   count(*) filter (where f.visits > 0 and f.active and coalesce(f.prev_seen%3$s, -1) < %4$s and f.size <= 3) as seen_small,
                   count(*) filter (where f.visits > 0 and f.strong and coalesce(f.prev_seen%3$s, -1) < %4$s) as seen_strong,
                   count(*) filter (where f.contacts > 0 and coalesce(f.prev_reached%3$s, -1) < %4$s) as reached,
                   sum(f.contacts) as contacts, sum(f.visits) as visits, sum(f.firsts) as firsts, sum(f.doubles) as doubles,
                   sum(f.avoided) as avoided, sum(f.promises) as promises, sum(f.kept) as kept, sum(f.lapsed) as lapsed,
                   sum(f.given_back) as given_back, sum(f.keep_days) as keep_days, sum(f.needs) as needs, sum(f.offers) as offers,
                   sum(f.filled_reserved) as filled_reserved, sum(f.filled_open) as filled_open, sum(f.fill_days) as fill_days,
                   sum(f.referrals) as referrals, sum(f.persons) as persons, sum(f.persons_shared) as persons_shared
              from fact f join place p on p.number = f.commune
             where f.month between $3 and $4
               and ($5::smallint is null or f.network = $5) and ($6::bigint is null or f.organisation_id = $6)
               and ($7::bigint is null or f.establishment_id in (select m.establishment_id from segment_member m where m.segment_id = $7))
               and ($8::smallint[] is null or f.division = any ($8))
               and ($9::smallint[] is null or f.size = any ($9) or ($10 and f.size is null))
             group by 1
        ), listed as (
            select (%5$s)::bigint as key, sum(s.establishments) as establishments, sum(s.strong) as strong
              from (%6$s) s join place p on p.number = s.commune
             where ($7::bigint is null or s.id in (select m.establishment_id from segment_member m where m.segment_id = $7))
               and ($8::smallint[] is null or s.division = any ($8))
               and ($9::smallint[] is null or s.size = any ($9) or ($10 and s.size is null))
             group by 1
        )
        select c.key, coalesce(l.establishments, 0), coalesce(l.strong, 0), coalesce(c.seen, 0), coalesce(c.seen_small, 0), coalesce(c.seen_strong, 0),
               coalesce(c.reached, 0), coalesce(c.contacts, 0), coalesce(c.visits, 0), coalesce(c.firsts, 0), coalesce(c.doubles, 0),
               coalesce(c.avoided, 0), coalesce(c.promises, 0), coalesce(c.kept, 0), coalesce(c.lapsed, 0), coalesce(c.given_back, 0),
               coalesce(c.keep_days, 0), coalesce(c.needs, 0), coalesce(c.offers, 0), coalesce(c.filled_reserved, 0), coalesce(c.filled_open, 0),
               coalesce(c.fill_days, 0), coalesce(c.referrals, 0), coalesce(c.persons, 0), coalesce(c.persons_shared, 0)
          from %7$s$q$,
        place, of_fact, prev, since, of_stock, stock,
        case when is_area or level in ('employer', 'sector', 'size')
             then '(select coalesce(c.key, l.key) as key, c.seen, c.seen_small, c.seen_strong, c.reached, c.contacts, c.visits, c.firsts, c.doubles,
                           c.avoided, c.promises, c.kept, c.lapsed, c.given_back, c.keep_days, c.needs, c.offers, c.filled_reserved, c.filled_open,
                           c.fill_days, c.referrals, c.persons, c.persons_shared, l.establishments, l.strong
                      from counted c full join listed l on l.key = c.key) c
                   cross join lateral (select c.establishments, c.strong) l'
             else 'counted c left join listed l on true' end)
    using auth.territory(), within, from_month, to_month, (select n.rank from network n where n.code = measures.network),
          measures.organisation, measures.segment, divisions, bands, coalesce(nameless, false);
end
$_$;

CREATE FUNCTION data.member_days(members bigint[], organisation bigint, first date, last date) RETURNS TABLE(member bigint, day integer, opens integer, closes integer, lunch_from integer, lunch_to integer, lunch integer, lon double precision, lat double precision, density integer, most integer)
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'data', 'ext', 'pg_temp'
    AS $$
    select m.id, d.n, d.n * 86400 + greatest(extract(epoch from coalesce(a.until, w.opens)), extract(epoch from w.opens), d.now)::integer,
           d.n * 86400 + least(extract(epoch from coalesce(a."from", w.closes)), extract(epoch from w.closes))::integer,
           d.n * 86400 + extract(epoch from w.lunch_from)::integer, d.n * 86400 + extract(epoch from w.lunch_to)::integer,
           w.lunch_minutes * 60, ST_X(p.at), ST_Y(p.at), data.density_of(p.commune)::integer, w.visits_most::integer
      from organisation o
     cross join lateral unnest(member_days.members) with ordinality m (id, n)
     cross join lateral data.work_week_of(m.id, o.id) w
      left join data.commune h on w.starts = 'home' and h.code = w.home_commune
     cross join lateral (select coalesce(h.centre, o.base) as at, coalesce(h.code, o.commune_code) as commune) p
     cross join lateral (select n::integer as n, member_days.first + n::integer as day,
                                case when member_days.first + n::integer = data.today()
                                     then data.tour_seconds(data.now(), data.today()) + 1800 else 0 end as now
                           from generate_series(0, member_days.last - member_days.first) n) d
      left join lateral (select bool_or(x."from" is null and x.until is null) as whole,
                                max(x.until) filter (where x."from" is null or x."from" <= w.opens) as until,
                                min(x."from") filter (where x."from" > w.opens) as "from"
                           from data.week_away(m.id, o.id, d.day, d.day) x) a on true
     where o.id = member_days.organisation and d.day >= data.today() and extract(isodow from d.day)::smallint = any (w.days)
       and a.whole is not true and p.at is not null
     order by m.n, d.n
$$;

CREATE FUNCTION data.merge_columns() RETURNS TABLE(source regclass, field name, key name[])
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'data', 'pg_temp'
    AS $$
    select c.conrelid::regclass, a.attname,
           (select coalesce(array_agg(k.attname order by k.attnum), '{}')
              from pg_index i join pg_attribute k on k.attrelid = i.indrelid and k.attnum = any (i.indkey)
             where i.indrelid = c.conrelid and i.indisprimary and k.attname <> a.attname)
      from pg_constraint c
      join pg_attribute a on a.attrelid = c.conrelid and a.attnum = c.conkey[1]
     where c.contype = 'f' and c.confrelid = 'data.establishment'::regclass and cardinality(c.conkey) = 1 and c.conparentid = 0
       and c.conrelid <> all (array['data.establishment', 'data.establishment_value', 'data.standing', 'data.merge',
                                   'data.facet', 'data.segment_member']::regclass[]::oid[])
       and (c.conrelid, a.attname) <> ('data.review'::regclass, 'other_id')
     order by c.conrelid::regclass::text, a.attname
$$;

CREATE FUNCTION data.merge_do(survivor bigint, absorbed bigint, kind text, succession bigint, reason text, who bigint, organisation bigint) RETURNS bigint
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'data', 'pg_temp'
    AS $_$
declare
    made     bigint;
    obstacle json;
    c        record;
    n        bigint;
    moved    jsonb := '{}';
    later    promise;
    s        establishment;
    a        establishment;
begin
    -- Imports change establishments in an order of their own: not at the same time.
    if not pg_try_advisory_xact_lock_shared(hashtextextended('maillage.import', 0)) then
        perform auth.refuse('import_running');
    end if;
    perform data.opposition_lock(false);
    -- Whatever is being tied to one of the two holds its row, and is waited for; what comes later sees what became of it.
    perform from establishment e where e.id in (merge_do.survivor, merge_do.absorbed) order by e.id for update;
    perform from promise p where p.establishment_id in (merge_do.survivor, merge_do.absorbed) and p.state = 'active' order by p.id for update;
    obstacle := data.merge_obstacle(merge_do.survivor, merge_do.absorbed, merge_do.organisation);
    if obstacle is not null then
        perform auth.refuse(obstacle ->> 'code', (obstacle::jsonb - 'code')::json);
    end if;
    perform data.golden(array[merge_do.survivor, merge_do.absorbed]);
    select * into s from establishment e where e.id = merge_do.survivor;
    select * into a from establishment e where e.id = merge_do.absorbed;
    insert into merge (survivor_id, absorbed_id, kind, succession_id, organisation_id, member_id, reason, at, moving)
    values (s.id, a.id, merge_do.kind, merge_do.succession, merge_do.organisation, merge_do.who, merge_do.reason, data.now(),
            pg_current_xact_id())
    returning id into made;

    select * into later from promise p where p.establishment_id in (s.id, a.id) and p.state = 'active' order by p.made_at desc, p.id desc limit 1;
    if (select count(*) from promise p where p.establishment_id in (s.id, a.id) and p.state = 'active') = 2 then
        insert into merge_row (merge_id, source, field, key, was)
        values (made, 'promise', 'state', jsonb_build_object('id', later.id), jsonb_build_object('state', later.state, 'reason', later.reason));
        update promise p set state = 'suspended', ended_at = data.now(), reason = 'Deux fiches réunies : l’engagement pris d’abord court seul'
         where p.id = later.id;
        perform data.log('promise.suspended', later.establishment_id, null,
                         jsonb_build_object('promise', later.id, 'due_on', later.due_on, 'merge', made), null, later.organisation_id);
    end if;

    for c in select * from data.merge_columns() loop
        execute format('with moved as (update %1$s x set %2$I = $1 where x.%2$I = $2%3$s returning x.*)
                        insert into data.merge_row (merge_id, source, field, key)
                        select $3, %4$L, %2$L, jsonb_build_object(%5$s) from moved m',
                       c.source, c.field, data.merge_movable(c.source, c.field), c.source::text,
                       (select string_agg(format('%1$L, m.%1$I', k), ', ') from unnest(c.key) k))
            using s.id, a.id, made;
        get diagnostics n = row_count;
        if n > 0 then
            moved := moved || jsonb_build_object(c.source::text, coalesce((moved ->> c.source::text)::bigint, 0) + n);
        end if;
    end loop;
    with f as (
        update establishment e set merged_into = s.id where e.merged_into = a.id returning e.id
    )
    update merge m set followers = coalesce((select array_agg(f.id order by f.id) from f), '{}') where m.id = made;
    update establishment e set merged_into = s.id where e.id = a.id;
    -- Somebody who does not want to be contacted is now at the same employer.
    with b as (
        update contact x set opposition_id = data.opposition_of(x.id)
         where x.establishment_id = s.id and x.opposition_id is null and x.erased_at is null and data.opposition_of(x.id) is not null
        returning x.id
    )
    update merge m set bound = coalesce((select array_agg(b.id order by b.id) from b), '{}') where m.id = made;
    perform data.merge_standing(a.id), data.merge_standing(s.id);
    perform data.golden(array[s.id]);
    update merge m set moving = null where m.id = made;
    perform data.log('establishment.merged', s.id, null, jsonb_strip_nulls(jsonb_build_object('merge', made, 'by', merge_do.kind,
                         'other', a.id, 'name', a.name, 'siret', a.siret, 'moved', moved, 'reason', merge_do.reason)),
                     merge_do.who, merge_do.organisation),
            data.log('establishment.absorbed', a.id, null, jsonb_strip_nulls(jsonb_build_object('merge', made, 'by', merge_do.kind,
                         'other', s.id, 'name', s.name, 'siret', s.siret, 'reason', merge_do.reason)),
                     merge_do.who, merge_do.organisation);
    return made;
end
$_$;

CREATE FUNCTION data.merge_movable(source regclass, field name) RETURNS text
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'data', 'pg_temp'
    AS $_$
    select coalesce(string_agg(format(' and not (%1$s and exists (select from %2$s y where y.%3$I = $1%4$s and (%1$s)))',
                                      coalesce(pg_get_expr(i.indpred, i.indrelid), 'true'), merge_movable.source, merge_movable.field,
                                      (select string_agg(format(' and y.%1$I = x.%1$I', k.attname), '') from pg_attribute k
                                        where k.attrelid = i.indrelid and k.attnum = any (i.indkey) and k.attname <> merge_movable.field))
                               , ''), '')
           || case when merge_movable.source = 'data.review'::regclass then ' and x.other_id is null' else '' end
      from pg_index i
      join pg_attribute a on a.attrelid = i.indrelid and a.attname = merge_movable.field and a.attnum = any (i.indkey)
     where i.indrelid = merge_movable.source and i.indisunique and not 0 = any (i.indkey)
$_$;

CREATE FUNCTION data.merge_obstacle(survivor bigint, absorbed bigint, who bigint) RETURNS json
    LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path TO 'data', 'pg_temp'
    AS $$
declare
    s     establishment;
    a     establishment;
    later promise;
    n     integer;
begin
    select * into s from establishment x where x.id = merge_obstacle.survivor;
    select * into a from establishment x where x.id = merge_obstacle.absorbed;
    if s.merged_into is not null or a.merged_into is not null then
        return json_build_object('code', 'establishment_merged', 'into', coalesce(a.merged_into, s.merged_into));
    end if;
    -- A partner of another territory would lose sight of its own work.
    if exists (select from (select x.organisation_id, x.establishment_id from visit x union all select x.organisation_id, x.establishment_id from promise x
                            union all select x.organisation_id, x.establishment_id from contact x
                            union all select x.organisation_id, x.establishment_id from need x
                            union all select x.organisation_id, x.establishment_id from offer x
                            union all select x.organisation_id, x.establishment_id from contact_event x
                            union all select x.organisation_id, x.establishment_id from value_statement x) w
                 join organisation o on o.id = w.organisation_id
                where w.establishment_id = a.id
                  and not exists (select from territory_commune tc where tc.territory_id = o.territory_id and tc.commune_code = s.commune_code)) then
        return json_build_object('code', 'merge_out_of_sight');
    end if;
    -- A refusal of the employer and an engagement do not go together.
    select count(distinct o.establishment_id) into n from opposition o
     where o.establishment_id in (s.id, a.id) and o.subject = 'establishment' and o.lifted_at is null;
    if n = 1 and exists (select from promise p where p.establishment_id in (s.id, a.id) and p.state = 'active') then
        return json_build_object('code', 'merge_opposed');
    end if;
    -- Of two engagements the later one is suspended; nobody suspends another's.
    select * into later from promise p where p.establishment_id in (s.id, a.id) and p.state = 'active' order by p.made_at desc, p.id desc limit 1;
    if found and merge_obstacle.who is not null and later.organisation_id <> merge_obstacle.who
       and (select count(*) from promise p where p.establishment_id in (s.id, a.id) and p.state = 'active') = 2 then
        return json_build_object('code', 'merge_promised', 'holder', api.holder(later.id));
    end if;
    return null;
end
$$;

CREATE FUNCTION data.merge_resume(promise bigint, was jsonb) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'data', 'pg_temp'
    AS $$
declare
    p   promise;
    why text;
begin
    select * into p from promise x where x.id = merge_resume.promise for update;
    if p.state <> 'suspended' then
        return;
    end if;
    why := case when p.lapses_on < data.today() then 'Échu pendant que les fiches étaient réunies'
                when exists (select from promise x where x.establishment_id = p.establishment_id and x.state = 'active')
                then 'Un autre engagement court depuis'
                when exists (select from opposition o where o.establishment_id = p.establishment_id and o.subject = 'establishment'
                                and o.lifted_at is null) then 'Opposition de l’employeur'
                when exists (select from establishment e where e.id = p.establishment_id and e.status = 'F') then 'Établissement fermé au répertoire' end;
    update promise x
       set state = case when why is null then merge_resume.was ->> 'state' when p.lapses_on < data.today() then 'lapsed' else 'returned' end,
           ended_at = case when why is not null then data.now() end,
           reason = coalesce(why, merge_resume.was ->> 'reason')
     where x.id = p.id;
    perform data.log(case when why is null then 'promise.resumed' when p.lapses_on < data.today() then 'promise.lapsed' else 'promise.returned' end,
                     p.establishment_id, null, jsonb_strip_nulls(jsonb_build_object('promise', p.id, 'due_on', p.due_on, 'reason', why)),
                     null, p.organisation_id);
end
$$;

CREATE FUNCTION data.merge_standing(establishment bigint) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'data', 'pg_temp'
    AS $$
begin
    if exists (select from contact_event c where c.establishment_id = merge_standing.establishment)
       or exists (select from opposition o where o.establishment_id = merge_standing.establishment and o.subject = 'establishment') then
        perform data.standing_of(merge_standing.establishment);
    else
        delete from standing s where s.establishment_id = merge_standing.establishment;
    end if;
end
$$;

CREATE FUNCTION data.merge_survivor(a bigint, b bigint) RETURNS bigint
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'data', 'pg_temp'
    BEGIN ATOMIC
 SELECT e.id
    FROM data.establishment e
   WHERE (e.id = ANY (ARRAY[merge_survivor.a, merge_survivor.b]))
   ORDER BY (e.siret IS NULL), (e.status <> 'A'::text), e.id
  LIMIT 1;
END;

CREATE FUNCTION data.merge_undo(merge bigint, reason text, who bigint, organisation bigint) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'data', 'pg_temp'
    AS $_$
declare
    m      merge;
    a      establishment;
    root   establishment;
    family bigint[];
    c      record;
    d      record;
begin
    if not pg_try_advisory_xact_lock_shared(hashtextextended('maillage.import', 0)) then
        perform auth.refuse('import_running');
    end if;
    perform data.opposition_lock(false);
    select * into m from merge x where x.id = merge_undo.merge;
    if not found then
        perform auth.refuse('not_found');
    end if;
    -- Another merge may have taken the survivor away while its row was waited for: all rows concerned are held at the end.
    loop
        select * into a from establishment e where e.id = m.absorbed_id;
        perform from establishment e where e.id in (m.absorbed_id, m.survivor_id, a.merged_into) order by e.id for update;
        exit when (select e.merged_into from establishment e where e.id = m.absorbed_id) is not distinct from a.merged_into;
    end loop;
    select * into m from merge x where x.id = merge_undo.merge for update;
    if m.undone_at is not null then
        perform auth.refuse('merge_undone');
    end if;
    family := array(select e.id from establishment e where e.id = a.merged_into or e.merged_into = a.merged_into);
    update merge x set moving = pg_current_xact_id() where x.id = m.id;

    update establishment e set merged_into = null where e.id = a.id;
    update establishment e set merged_into = a.id where e.id = any (m.followers) and e.merged_into = a.merged_into;
    for c in select * from data.merge_columns() loop
        execute format('with moved as (
                            update %1$s x set %2$I = $1
                              from data.merge_row r
                             where r.merge_id = $3 and r.source = %3$L and r.field = %2$L and x.%2$I = any ($2)
                               and r.key = jsonb_build_object(%4$s)
                            returning r.key)
                        -- Later merges moved it on: not any more.
                        delete from data.merge_row r using moved, data.merge l
                         where r.merge_id = l.id and l.id > $3 and l.undone_at is null and r.source = %3$L and r.field = %2$L and r.key = moved.key',
                       c.source, c.field, c.source::text, (select string_agg(format('%1$L, x.%1$I', k), ', ') from unnest(c.key) k))
            using a.id, family, m.id;
    end loop;
    update merge x set followers = (select coalesce(array_agg(f order by f), '{}') from unnest(x.followers) f where f <> a.id and f <> all (m.followers))
     where x.undone_at is null and x.id > m.id and x.followers && (m.followers || a.id);
    -- What was built since on what goes back goes with it.
    for d in
        select * from (values (1, 'visit', 'promise_id', 'promise', 'id'), (2, 'report', 'visit_id', 'visit', 'id'),
                              (3, 'contact_event', 'visit_id', 'visit', 'id'), (4, 'need', 'visit_id', 'visit', 'id'),
                              (5, 'value_statement', 'visit_id', 'visit', 'id'), (6, 'offer', 'visit_id', 'visit', 'id'),
                              (7, 'offer', 'need_id', 'need', 'id'), (8, 'opposition', 'contact_id', 'contact', 'id'),
                              (9, 'claim', 'visit_id', 'visit', 'id')) v (place, child, reference, parent, key)
         order by place
    loop
        execute format('update data.%1$I x set establishment_id = $1 from data.%3$I p
                         where p.%4$I = x.%2$I and p.establishment_id = $1 and x.establishment_id = any ($2)', d.child, d.reference, d.parent, d.key)
            using a.id, array_remove(family, a.id);
    end loop;
    perform data.merge_resume((r.key ->> 'id')::bigint, r.was) from merge_row r where r.merge_id = m.id and r.was is not null;
    update contact x set opposition_id = data.opposition_of(x.id)
     where x.id = any (m.bound) and x.opposition_id is not null and x.opposition_id is distinct from data.opposition_of(x.id);
    perform data.merge_standing(a.id), data.merge_standing(a.merged_into);
    perform data.golden(array[a.id, a.merged_into]);
    update review r set state = 'open', decided_by = null, decided_at = null, merge_id = null where r.merge_id = m.id;
    update succession s set outcome = case when merge_undo.who is null then null else 'refused' end where s.id = m.succession_id;
    update merge x set moving = null, undone_at = data.now(), undone_by = merge_undo.who, undone_reason = merge_undo.reason where x.id = m.id;
    select * into root from establishment e where e.id = a.merged_into;
    perform data.log('establishment.unmerged', root.id, null, jsonb_strip_nulls(jsonb_build_object('merge', m.id, 'by', m.kind, 'other', a.id,
                         'name', a.name, 'siret', a.siret, 'reason', merge_undo.reason)), merge_undo.who, merge_undo.organisation),
            data.log('establishment.restored', a.id, null, jsonb_strip_nulls(jsonb_build_object('merge', m.id, 'by', m.kind, 'other', root.id,
                         'name', root.name, 'siret', root.siret, 'reason', merge_undo.reason)), merge_undo.who, merge_undo.organisation);
end
$_$;

CREATE FUNCTION data.merged_to_root() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'data', 'pg_temp'
    AS $$
begin
    if exists (select from establishment e join establishment r on r.id = e.merged_into
                where e.id = new.id and r.merged_into is not null)
       or exists (select from establishment e join establishment x on x.merged_into = e.id where e.id = new.id and e.merged_into is not null) then
        raise exception using errcode = '23514', constraint = 'establishment_merged_to_root', table = 'establishment', schema = 'data',
            message = 'an absorbed establishment points to one that stands for itself';
    end if;
    return null;
end
$$;

CREATE FUNCTION data.month_number(month text) RETURNS smallint
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    RETURN (((((("left"(month, 4))::integer - 2000) * 12) + ("right"(month, 2))::integer) - 1))::smallint;

CREATE FUNCTION data.month_of(at timestamp with time zone) RETURNS smallint
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    RETURN (((((EXTRACT(year FROM (at AT TIME ZONE 'Europe/Paris'::text)) - (2000)::numeric) * (12)::numeric) + EXTRACT(month FROM (at AT TIME ZONE 'Europe/Paris'::text))) - (1)::numeric))::smallint;

CREATE FUNCTION data.month_text(month integer) RETURNS text
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    RETURN ((((2000 + (month / 12)))::text || '-'::text) || lpad((((month % 12) + 1))::text, 2, '0'::text));

CREATE FUNCTION data.naf_number(code text) RETURNS integer
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    RETURN ((((("left"(code, 2) || substr(code, 4, 2)))::integer * 32) + ascii("right"(code, 1))) - 64);

CREATE FUNCTION data.need_guard() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
begin
    new.declared_at := coalesce(new.declared_at, data.now());
    return new;
end
$$;

CREATE FUNCTION data.need_told() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'data', 'pg_temp'
    AS $$
begin
    if tg_op = 'INSERT' then
        perform data.log('need.declared', new.establishment_id, null,
            jsonb_build_object('need', new.id, 'rome', new.rome, 'posts', new.posts, 'horizon', new.horizon),
            new.member_id, new.organisation_id);
    elsif new.state <> old.state then
        perform data.log('need.' || new.state, new.establishment_id, null, jsonb_build_object('need', new.id),
            new.member_id, new.organisation_id);
    end if;
    return null;
end
$$;

CREATE FUNCTION data.not_on_absorbed() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'data', 'pg_temp'
    AS $$
declare
    into_ bigint;
begin
    -- A look-up for each row: as a join the whole list would be read for every row that is written.
    select x.merged_into into into_
      from (select (select e.merged_into from establishment e where e.id = f.establishment_id) as merged_into from fresh f) x
     where x.merged_into is not null limit 1;
    if found then
        perform auth.refuse('establishment_merged', json_build_object('into', into_));
    end if;
    return null;
end
$$;

CREATE FUNCTION data.offer_exchange(offer bigint) RETURNS json
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'data', 'ext', 'pg_temp'
    BEGIN ATOMIC
 SELECT json_strip_nulls(json_build_object('id', (o.id)::text, 'intitule', o.title, 'description', NULLIF(o.description, ''::text), 'dateCreation', to_char((o.opened_at AT TIME ZONE 'UTC'::text), 'YYYY-MM-DD"T"HH24:MI:SS"Z"'::text), 'dateFinPublication', to_char((o.closes_at AT TIME ZONE 'UTC'::text), 'YYYY-MM-DD"T"HH24:MI:SS"Z"'::text), 'lieuTravail', json_build_object('libelle', ((c.department || ' - '::text) || upper(c.name)), 'codePostal', c.postcodes[1], 'commune', c.code, 'latitude', round((ext.st_y(c.centre))::numeric, 6), 'longitude', round((ext.st_x(c.centre))::numeric, 6)), 'romeCode', o.rome, 'romeLibelle', r.label, 'entreprise', json_build_object('nom', g.name), 'typeContrat',
         CASE o.contract
             WHEN 'cdi'::text THEN 'CDI'::text
             WHEN 'interim'::text THEN 'MIS'::text
             WHEN 'seasonal'::text THEN 'SAI'::text
             ELSE 'CDD'::text
         END, 'typeContratLibelle', k.label, 'natureContrat',
         CASE o.contract
             WHEN 'apprenticeship'::text THEN 'Contrat apprentissage'::text
             WHEN 'professionalisation'::text THEN 'Cont. professionnalisation'::text
             WHEN 'subsidised'::text THEN 'Contrat aidé'::text
             ELSE 'Contrat travail'::text
         END, 'alternance', (o.contract = ANY (ARRAY['apprenticeship'::text, 'professionalisation'::text])), 'dureeTravailLibelle',
         CASE
             WHEN (o.hours IS NOT NULL) THEN (replace((trim_scale(o.hours))::text, '.'::text, ','::text) || 'H'::text)
             ELSE NULL::text
         END, 'dateDebut', o.starts_on, 'salaire',
         CASE
             WHEN (o.salary IS NOT NULL) THEN json_build_object('libelle', o.salary)
             ELSE NULL::json
         END, 'nombrePostes', (o.posts - o.posts_filled), 'contact', json_build_object('nom', g.name, 'telephone', g.phone, 'courriel', g.email), 'origineOffre', json_build_object('origine', '2'))) AS json_strip_nulls
    FROM ((((data.offer o
      JOIN data.rome r ON ((r.code = o.rome)))
      JOIN data.contract k ON ((k.code = o.contract)))
      JOIN data.organisation g ON ((g.id = o.organisation_id)))
      LEFT JOIN data.commune c ON ((c.code = o.commune_code)))
   WHERE (o.id = offer_exchange.offer);
END;

CREATE FUNCTION data.offer_expire(most integer) RETURNS integer
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'data', 'pg_temp'
    AS $$
declare
    n integer;
begin
    update offer o set state = 'expired', reason = null
     where o.id in (select x.id from offer x where x.state = 'open' and x.closes_at <= data.now()
                     order by x.closes_at limit offer_expire.most for update skip locked);
    get diagnostics n = row_count;
    return n;
end
$$;

CREATE FUNCTION data.offer_guard() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'data', 'pg_temp'
    AS $$
declare
    way offer_transition;
begin
    if tg_op = 'INSERT' or new.title <> old.title or new.rome <> old.rome then
        new.search := data.fold(new.title || ' ' || (select r.label from rome r where r.code = new.rome));
    end if;
    if tg_op = 'INSERT' then
        new.state := 'draft';
        new.created_at := data.now();
        new.version := 1;
        new.confirmed_at := null;
        new.opens_at := null;
        new.opened_at := null;
        new.closed_at := null;
        new.posts_filled := 0;
        new.closes_at := null;
        new.sandbox := (select o.sandbox_of is not null from organisation o where o.id = new.organisation_id);
        if new.commune_code is null then
            new.commune_code := (select e.commune_code from establishment e where e.id = new.establishment_id);
        end if;
        if exists (select from unnest(new.publics) p where p not in (select code from public)) then
            perform auth.refuse('invalid', json_build_object('field', 'publics'));
        end if;
        -- What it came from was said by this employer: anything else would settle a need that one may not even see.
        if new.need_id is not null and not exists (select from need n where n.id = new.need_id
                                                      and n.establishment_id = new.establishment_id) then
            perform auth.refuse('invalid', json_build_object('field', 'need'));
        end if;
        if new.visit_id is not null and not exists (select from visit v where v.id = new.visit_id
                                                       and v.establishment_id = new.establishment_id) then
            perform auth.refuse('invalid', json_build_object('field', 'visit'));
        end if;
        return new;
    end if;
    if data.is_moving() then
        return new; -- with its employer (data.merge_do)
    end if;
    new.version := old.version + 1;
    if (new.establishment_id, new.organisation_id, new.member_id, new.created_at)
       is distinct from (old.establishment_id, old.organisation_id, old.member_id, old.created_at) then
        perform auth.refuse('offer_fixed');
    end if;
    if new.state = old.state then
        -- Once confirmed, what was agreed with the employer stays: the reservation cannot be silently prolonged either.
        -- Only the posts filled are counted as they come, and an open offer lasts longer when the employer says so.
        if old.state <> 'draft'
           and (old.state not in ('reserved', 'open')
                or to_jsonb(new) - '{version,posts_filled,closes_at}'::text[]
                   is distinct from to_jsonb(old) - '{version,posts_filled,closes_at}'::text[]
                or new.closes_at is distinct from old.closes_at and not (old.state = 'open' and new.closes_at > old.closes_at)) then
            perform auth.refuse('offer_fixed');
        end if;
        return new;
    end if;
    select * into way from offer_transition t where t.from_state = old.state and t.to_state = new.state;
    if not found then
        perform auth.refuse('offer_transition', json_build_object('from', old.state, 'to', new.state));
    end if;
    if way.needs_reason and coalesce(trim(new.reason), '') = '' then
        perform auth.refuse('reason_required', json_build_object('field', 'reason'));
    end if;
    if new.state = 'confirmed' then
        if coalesce(trim(new.confirmed_with), '') = '' then
            perform auth.refuse('offer_not_confirmed', json_build_object('field', 'confirmed_with'));
        end if;
        new.confirmed_at := data.now();
    else
        new.confirmed_at := old.confirmed_at;
        new.confirmed_with := old.confirmed_with;
    end if;
    if new.state = 'reserved' then
        new.opens_at := data.reservation_end(old.confirmed_at,
            (data.agreement_in_force((select o.network from organisation o where o.id = new.organisation_id))).reservation_days);
    else
        new.opens_at := old.opens_at;
    end if;
    if new.state = 'open' then
        -- Never before its minute, unless the collector opens it early and says why.
        if data.now() < old.opens_at and coalesce(trim(new.reason), '') = '' then
            perform auth.refuse('offer_not_due', json_build_object('opens_at', old.opens_at));
        end if;
        new.opened_at := data.now();
        new.closes_at := data.reservation_end(new.opened_at,
            (data.agreement_in_force((select o.network from organisation o where o.id = new.organisation_id))).open_days);
    else
        new.opened_at := old.opened_at;
        new.closes_at := old.closes_at;
    end if;
    if new.state = 'expired' and data.now() < old.closes_at then
        perform auth.refuse('offer_not_due', json_build_object('closes_at', old.closes_at));
    end if;
    if new.state = 'filled' then
        new.posts_filled := new.posts;
    end if;
    if new.state in ('filled', 'withdrawn', 'expired') then
        new.closed_at := data.now();
    end if;
    return new;
end
$$;

CREATE FUNCTION data.offer_hold(offer bigint) RETURNS void
    LANGUAGE sql SECURITY DEFINER
    SET search_path TO 'data', 'pg_temp'
    BEGIN ATOMIC
 SELECT
    FROM data.offer o
   WHERE (o.id = offer_hold.offer)
  FOR UPDATE OF o;
END;

CREATE TABLE data.offer_link (
    id bigint NOT NULL,
    offer_id bigint NOT NULL,
    offer_version integer NOT NULL,
    organisation_id bigint NOT NULL,
    member_id bigint NOT NULL,
    token_hash bytea NOT NULL,
    made_at timestamp with time zone NOT NULL,
    expires_at timestamp with time zone NOT NULL,
    answer text,
    answered_at timestamp with time zone,
    answered_by text,
    comment text,
    revoked_at timestamp with time zone,
    CONSTRAINT offer_link_answer CHECK ((answer = ANY (ARRAY['confirmed'::text, 'corrected'::text]))),
    CONSTRAINT offer_link_answered CHECK ((((answer IS NULL) = (answered_at IS NULL)) AND ((answer IS NULL) = (answered_by IS NULL)))),
    CONSTRAINT offer_link_by CHECK (((length(answered_by) >= 2) AND (length(answered_by) <= 160))),
    CONSTRAINT offer_link_comment CHECK ((length(comment) <= 500)),
    CONSTRAINT offer_link_revoked CHECK (((answer IS NULL) OR (revoked_at IS NULL))),
    CONSTRAINT offer_link_token CHECK ((length(token_hash) = 32))
);

CREATE FUNCTION data.offer_link_fault(l data.offer_link) RETURNS text
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'data', 'pg_temp'
    BEGIN ATOMIC
 SELECT
         CASE
             WHEN ((offer_link_fault.l).answer IS NOT NULL) THEN 'link_answered'::text
             WHEN (((offer_link_fault.l).revoked_at IS NOT NULL) OR (o.state <> 'draft'::text) OR (o.version <> (offer_link_fault.l).offer_version)) THEN 'link_stale'::text
             WHEN ((offer_link_fault.l).expires_at <= data.now()) THEN 'link_expired'::text
             ELSE NULL::text
         END AS "case"
    FROM data.offer o
   WHERE (o.id = (offer_link_fault.l).offer_id);
END;

CREATE FUNCTION data.offer_link_guard() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'data', 'pg_temp'
    AS $$
begin
    if not exists (select from offer o where o.id = new.offer_id and o.organisation_id = new.organisation_id) then
        perform auth.refuse('forbidden');
    end if;
    new.made_at := data.now();
    new.expires_at := data.reservation_end(new.made_at, 7);
    return new;
end
$$;

CREATE TABLE data.public (
    code text NOT NULL,
    label text NOT NULL,
    network text NOT NULL
);

CREATE FUNCTION data.offer_networks(organisation bigint, publics text[], contract text) RETURNS SETOF text
    LANGUAGE sql STABLE
    BEGIN ATOMIC
 SELECT o.network
    FROM data.organisation o
   WHERE (o.id = offer_networks.organisation)
 UNION
  SELECT p.network
    FROM data.public p
   WHERE (p.code = ANY (offer_networks.publics))
 UNION
  SELECT 'ml'::text
   WHERE (offer_networks.contract = 'subsidised'::text);
END;

CREATE FUNCTION data.offer_open(offer bigint) RETURNS boolean
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'data', 'pg_temp'
    AS $$
begin
    perform from offer o where o.id = offer_open.offer and o.state = 'reserved' and o.opens_at <= data.now() for update;
    if not found then
        return false;
    end if;
    update offer o set state = 'open', reason = null where o.id = offer_open.offer and o.state = 'reserved';
    return found;
end
$$;

CREATE FUNCTION data.offer_open_many(jobs bigint[]) RETURNS bigint[]
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'data', 'pg_temp'
    AS $$
declare
    held bigint[];
begin
    select array_agg(h.id) into held
      from (select o.id from offer o
             where o.id in (select (j.payload ->> 'offer')::bigint from job j where j.id = any (offer_open_many.jobs))
             order by o.id
               for update skip locked) h;
    update offer o set state = 'open', reason = null
     where o.id = any (held) and o.state = 'reserved' and o.opens_at <= data.now();
    return array(select j.id from job j
                  where j.id = any (offer_open_many.jobs) and (j.payload ->> 'offer')::bigint = any (held));
end
$$;

CREATE FUNCTION data.offer_prolongation_guard() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'data', 'pg_temp'
    AS $$
declare
    o record;
begin
    select x.state, x.organisation_id, x.closes_at into o from offer x where x.id = new.offer_id for update;
    if o.state is distinct from 'open' then
        perform auth.refuse('offer_transition', json_build_object('from', o.state, 'to', 'open'));
    end if;
    if o.organisation_id <> new.organisation_id then
        perform auth.refuse('forbidden');
    end if;
    new.at := data.now();
    new.closes_at := data.reservation_end(new.at,
        (data.agreement_in_force((select x.network from organisation x where x.id = new.organisation_id))).open_days);
    if new.closes_at <= o.closes_at then
        perform auth.refuse('offer_prolonged');
    end if;
    update offer x set closes_at = new.closes_at where x.id = new.offer_id;
    update task t set done_at = new.at, done_by = new.member_id
     where t.offer_id = new.offer_id and t.kind = 'offer.closing' and t.done_at is null;
    return new;
end
$$;

CREATE FUNCTION data.offer_told() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'data', 'pg_temp'
    AS $$
begin
    if tg_op = 'UPDATE' and new.state = old.state then
        if new.posts_filled <> old.posts_filled then
            perform data.log('offer.posts_filled', new.establishment_id, new.id,
                jsonb_build_object('offer', new.id, 'filled', new.posts_filled, 'posts', new.posts), null, new.organisation_id);
        elsif new.closes_at is distinct from old.closes_at then
            perform data.log('offer.prolonged', new.establishment_id, new.id,
                jsonb_build_object('offer', new.id, 'closes_at', new.closes_at), null, new.organisation_id);
        end if;
        return null;
    end if;
    if tg_op = 'UPDATE' then
        update task set done_at = data.now() where offer_id = new.id and done_at is null and kind <> 'referral.answered'
           and (new.closed_at is not null or kind <> 'referral.answer');
    end if;
    insert into offer_step (offer_id, from_state, to_state, at, member_id, organisation_id, reason)
    values (new.id, case when tg_op = 'UPDATE' then old.state end, new.state, data.now(),
            coalesce(auth.member(), case when tg_op = 'INSERT' then new.member_id end),
            coalesce(auth.organisation(), case when tg_op = 'INSERT' then new.organisation_id end), new.reason);
    if new.state = 'reserved' then
        insert into offer_routing (offer_id, network)
        select new.id, n from data.offer_networks(new.organisation_id, new.publics, new.contract) n
        on conflict do nothing;
        perform data.job_add('offer.open', jsonb_build_object('offer', new.id), new.opens_at);
    elsif new.state = 'open' then
        if not new.sandbox then
            insert into publication (offer_id, channel, published_at) values (new.id, 'board', data.now());
        end if;
        insert into publication (offer_id, channel, channel_id, published_at)
        select new.id, c.kind, c.id, data.now() from channel c
         where c.organisation_id = new.organisation_id and c.kind = 'push' and c.state <> 'removed';
    elsif new.state in ('filled', 'withdrawn', 'expired') then
        update publication set withdrawn_at = data.now() where offer_id = new.id and withdrawn_at is null;
        update referral set state = 'refused', refusal = case new.state when 'filled' then 'filled' else 'withdrawn' end
         where offer_id = new.id and state in ('proposed', 'met');
        if new.need_id is not null then
            update need set state = case new.state when 'filled' then 'filled' else 'confirmed' end
             where id = new.need_id and state = 'offer';
        end if;
    end if;
    if tg_op = 'INSERT' and new.need_id is not null then
        update need set state = 'offer' where id = new.need_id and state in ('declared', 'confirmed');
    end if;
    perform data.log('offer.' || case when tg_op = 'INSERT' then 'drafted' when new.state = 'open' then 'opened' else new.state end,
        new.establishment_id, new.id,
        jsonb_strip_nulls(jsonb_build_object('offer', new.id, 'title', new.title, 'opens_at',
            case when new.state = 'reserved' then new.opens_at end, 'reason', case when tg_op = 'UPDATE' then new.reason end)),
        case when tg_op = 'INSERT' then new.member_id end, case when tg_op = 'INSERT' then new.organisation_id end);
    return null;
end
$$;

CREATE FUNCTION data.opening_hours_told() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'data', 'pg_temp'
    AS $$
begin
    if not data.is_moving() then
        perform data.log('establishment.hours', new.establishment_id, null, jsonb_build_object('hours', new.hours),
                         new.member_id, new.organisation_id);
    end if;
    return null;
end
$$;

CREATE FUNCTION data.opposition_bind(opposition bigint) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'data', 'pg_temp'
    AS $_$
declare
    x      record;
    spared bytea[] := array(select decode(h, 'hex') from regexp_split_to_table(coalesce(current_setting('maillage.spared', true), ''), ',') h
                             where h ~ '^[0-9a-f]{32}$');
    bound  bigint[];
begin
    perform data.opposition_lock(true);
    select * into x from opposition o where o.id = opposition_bind.opposition;
    insert into opposition_key (opposition_id, kind, hash)
    select x.id, k.kind, k.hash from contact_key k
     where k.contact_id = x.contact_id and k.kind <> 'family' and k.hash <> all (spared);
    with b as (
        update contact c set opposition_id = x.id
         where c.opposition_id is null and c.erased_at is null
           and (c.id = x.contact_id
                or c.id in (select k.contact_id from contact_key k
                              join opposition_key o on o.hash = k.hash and o.kind = k.kind
                              join contact y on y.id = k.contact_id
                             where o.opposition_id = x.id and (o.kind <> 'name' or y.establishment_id = x.establishment_id)))
        returning c.id
    )
    select array_agg(b.id) into bound from b;
    update visit v set state = 'cancelled', reason = 'Opposition de l’interlocuteur'
     where v.contact_id = any (bound) and v.state = 'planned';
end
$_$;

CREATE FUNCTION data.opposition_guard() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'data', 'pg_temp'
    AS $$
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

CREATE FUNCTION data.opposition_lock(is_recording boolean) RETURNS void
    LANGUAGE plpgsql
    AS $$
begin
    if is_recording then
        perform pg_advisory_xact_lock(hashtextextended('maillage.opposition', 0));
    else
        perform pg_advisory_xact_lock_shared(hashtextextended('maillage.opposition', 0));
    end if;
end
$$;

CREATE TABLE data.opposition_key (
    opposition_id bigint NOT NULL,
    kind text NOT NULL,
    hash bytea NOT NULL,
    CONSTRAINT opposition_key_hash CHECK ((length(hash) = 16)),
    CONSTRAINT opposition_key_kind CHECK ((kind = ANY (ARRAY['phone'::text, 'email'::text, 'name'::text])))
);

CREATE FUNCTION data.opposition_of(contact bigint) RETURNS bigint
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'data', 'pg_temp'
    BEGIN ATOMIC
 SELECT x.id
    FROM (data.contact c
      JOIN data.opposition x ON (((x.subject = 'person'::text) AND (x.lifted_at IS NULL))))
   WHERE ((c.id = opposition_of.contact) AND ((x.contact_id = c.id) OR (x.id IN ( SELECT o.opposition_id
            FROM ((data.contact_key k
              JOIN data.opposition_key o ON (((o.hash = k.hash) AND (o.kind = k.kind))))
              JOIN data.opposition y ON ((y.id = o.opposition_id)))
           WHERE ((k.contact_id = opposition_of.contact) AND ((k.kind <> 'name'::text) OR (y.establishment_id = c.establishment_id)))))))
   ORDER BY x.id
  LIMIT 1;
END;

CREATE FUNCTION data.opposition_told() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'data', 'pg_temp'
    AS $$
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

CREATE FUNCTION data.opposition_unbind(opposition bigint) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'data', 'pg_temp'
    AS $$
begin
    perform data.opposition_lock(true);
    update contact c set opposition_id = data.opposition_of(c.id) where c.opposition_id = opposition_unbind.opposition;
end
$$;

CREATE FUNCTION data.outlook_refresh() RETURNS bigint
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'data', 'pg_temp'
    AS $$
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

CREATE FUNCTION data.own_codes_follow() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'data', 'pg_temp'
    AS $$
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

CREATE TABLE data.link (
    id bigint NOT NULL,
    source_record_id bigint NOT NULL,
    establishment_id bigint NOT NULL,
    score numeric(5,4) NOT NULL,
    method text NOT NULL,
    evidence jsonb DEFAULT '{}'::jsonb NOT NULL,
    decided_by bigint,
    decided_at timestamp with time zone NOT NULL,
    undone_by bigint,
    undone_at timestamp with time zone,
    CONSTRAINT link_method CHECK ((method = ANY (ARRAY['siret'::text, 'created'::text, 'linkage'::text, 'person'::text]))),
    CONSTRAINT link_score CHECK (((score >= (0)::numeric) AND (score <= (1)::numeric)))
);

CREATE TABLE data.own_code (
    organisation_id bigint NOT NULL,
    name text NOT NULL,
    code text NOT NULL,
    establishment_id bigint NOT NULL,
    CONSTRAINT own_code_length CHECK (((length(code) >= 1) AND (length(code) <= 60)))
);

CREATE FUNCTION data.own_codes_read(organisation bigint, name text) RETURNS void
    LANGUAGE sql SECURITY DEFINER
    SET search_path TO 'data', 'pg_temp'
    BEGIN ATOMIC
 INSERT INTO data.own_code (organisation_id, name, code, establishment_id)  SELECT own_codes_read.organisation AS organisation,
             own_codes_read.name AS name,
             "left"(TRIM(BOTH FROM (r.received ->> own_codes_read.name)), 60) AS "left",
             l.establishment_id
            FROM ((data.source_file f
              JOIN data.source_record r ON ((r.file_id = f.id)))
              JOIN data.link l ON (((l.source_record_id = r.id) AND (l.undone_at IS NULL))))
           WHERE ((f.organisation_id = own_codes_read.organisation) AND (f.kind = 'partner'::text) AND (TRIM(BOTH FROM (r.received ->> own_codes_read.name)) <> ''::text)) ON CONFLICT DO NOTHING;
END;

CREATE FUNCTION data.pairs_ask(is_changed boolean DEFAULT false, territories bigint[] DEFAULT NULL::bigint[]) RETURNS bigint
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'data', 'pg_temp'
    AS $$
declare
    asked bigint;
begin
    select count(data.job_add('linkage.pairs', jsonb_build_object('territory', t.id, 'at', data.now()), data.now() + interval '1 minute')) into asked
      from territory t
     where (pairs_ask.territories is null or t.id = any (pairs_ask.territories))
       and not exists (select from job j where j.kind = 'linkage.pairs' and j.state in ('waiting', 'sent')
                          and (j.payload ->> 'territory')::bigint = t.id)
       and (not pairs_ask.is_changed
            or exists (select from link l
                         join establishment e on e.id = l.establishment_id
                         join territory_commune tc on tc.commune_code = e.commune_code and tc.territory_id = t.id
                        where l.decided_at > coalesce((select max((j.payload ->> 'at')::timestamptz) from job j
                                                        where j.kind = 'linkage.pairs' and (j.payload ->> 'territory')::bigint = t.id), '-infinity')));
    return asked;
end
$$;

CREATE FUNCTION data.pairs_keep() RETURNS bigint
    LANGUAGE plpgsql
    SET search_path TO 'data', 'pg_temp'
    AS $$
declare
    kept bigint;
begin
    insert into review (establishment_id, other_id, probability, reason, evidence, rank, proposed_at)
    select s.id, s.other, p.probability::numeric(5, 4), p.reason, p.evidence,
           1 - abs(2 * p.probability - 1)
               + case when exists (select from promise x where x.establishment_id in (s.id, s.other) and x.state = 'active') then 1 else 0 end
               + case when exists (select from standing x where x.establishment_id in (s.id, s.other) and x.visits > 0) then 0.5 else 0 end,
           data.now()
      from (select distinct on (least(p.a, p.b), greatest(p.a, p.b)) p.* from pg_temp.pair p
             order by least(p.a, p.b), greatest(p.a, p.b), p.probability desc) p
     cross join lateral (select data.merge_survivor(p.a, p.b) as id) k
     cross join lateral (select k.id, case when k.id = p.a then p.b else p.a end as other) s
      join establishment e on e.id = s.id and e.merged_into is null
      join establishment o on o.id = s.other and o.merged_into is null
     where (e.status = 'A' or o.status = 'A')
       and (o.siret is null
            or ((e.siren = o.siren or e.phone = o.phone or (data.fold(e.address) = data.fold(o.address) and e.commune_code = o.commune_code))
                and (data.is_worked(e.id) or data.is_worked(o.id))))
       -- What the register says of the two is settled by it.
       and not exists (select from succession x where x.gone_at is null and x.outcome = 'refused'
                          and (x.predecessor, x.successor) in ((e.siret, o.siret), (o.siret, e.siret)))
     order by s.id, s.other
    on conflict (least(establishment_id, other_id), greatest(establishment_id, other_id)) where other_id is not null do nothing;
    get diagnostics kept = row_count;
    return kept;
end
$$;

CREATE FUNCTION data.pairs_wait() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'data', 'pg_temp'
    AS $$
begin
    if new.kind = 'partner' then
        perform data.pairs_ask(false, array[o.territory_id]) from organisation o
          where o.id = new.organisation_id and (exists (select from source_record s where s.file_id = new.id and s.state = 'review')
                   or exists (select from source_record s join link l on l.source_record_id = s.id and l.method = 'created' where s.file_id = new.id));
    else
        perform data.pairs_ask(false, array(
            select distinct tc.territory_id from establishment e join territory_commune tc on tc.commune_code = e.commune_code
             where e.siret is null and e.merged_into is null));
    end if;
    return null;
end
$$;

CREATE FUNCTION data.plan_basis(content jsonb) RETURNS bytea
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    SET search_path TO 'data', 'pg_temp'
    RETURN sha256(convert_to((((content - 'name'::text) - 'objectives'::text))::text, 'UTF8'::name));

CREATE FUNCTION data.plan_check(c jsonb, territory bigint) RETURNS void
    LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path TO 'data', 'pg_temp'
    AS $$
declare
    partners bigint[] := data.plan_partners(c);
    starts   date := (c ->> 'starts_on')::date;
    ends     date := (c ->> 'ends_on')::date;
begin
    if length(c ->> 'name') not between 3 and 120 then
        perform data.plan_wrong('name', 'Le nom compte de 3 à 120 caractères.');
    elsif starts is null or ends is null or ends <= starts or ends > starts + 366 then
        perform data.plan_wrong('period', 'La période va d’un jour à un autre, un an plus tard au plus.');
    elsif cardinality(partners) not between 1 and 40
       or exists (select from unnest(partners) p
                   where not exists (select from organisation o join network n on n.code = o.network
                                      where o.id = p and o.territory_id = plan_check.territory and n.kind = 'partner')) then
        perform data.plan_wrong('partners', 'Les partenaires sont des structures du territoire, de une à quarante.');
    elsif exists (select from jsonb_array_elements_text(c -> 'communes') k
                   where not exists (select from territory_commune t where t.territory_id = plan_check.territory and t.commune_code = k)) then
        perform data.plan_wrong('communes', 'Une commune n’est pas de ce territoire.');
    elsif jsonb_array_length(c -> 'segments') > 50
       or (select count(*) <> count(distinct s -> 'segment') from jsonb_array_elements(c -> 'segments') s)
       or exists (select from jsonb_array_elements(c -> 'segments') s
                   where not exists (select from segment_version v join segment g on g.id = v.segment_id
                                      where g.id = (s ->> 'segment')::bigint and v.version = (s ->> 'version')::integer
                                        and g.territory_id = plan_check.territory and g.shared)) then
        perform data.plan_wrong('segments', 'Un segment n’est pas partagé dans ce territoire, ou y est deux fois.');
    elsif exists (select from jsonb_array_elements(c -> 'segments') s
                   where jsonb_typeof(s -> 'lead') = 'number' and (s ->> 'lead')::bigint <> all (partners)) then
        perform data.plan_wrong('segments', 'Le chef de file d’un segment est un partenaire du plan.');
    elsif (c #>> '{rules,visit_minutes}')::integer not between 15 and 600
       or (c #>> '{rules,never_visited}')::integer not between 0 and 100 or (c #>> '{rules,small}')::integer not between 0 and 100
       or (c #>> '{rules,each_commune}')::integer not between 0 and 50
       or coalesce((c #>> '{rules,km_most}')::integer, 1) not between 1 and 500 then
        perform data.plan_wrong('rules', 'Une règle dépasse ses limites.');
    elsif exists (select from jsonb_array_elements(c -> 'shares') s
                   where (s ->> 'organisation')::bigint <> all (partners) or (s ->> 'least')::integer not between 0 and (s ->> 'most')::integer
                      or (s ->> 'most')::integer > 100)
       or (select coalesce(sum((s ->> 'least')::integer), 0) > 100 or count(*) <> count(distinct s -> 'organisation')
             from jsonb_array_elements(c -> 'shares') s) then
        perform data.plan_wrong('shares', 'Les parts vont de 0 à 100 %, le minimum sous le maximum ; les minimums ne dépassent pas 100 % ensemble.');
    elsif exists (select from jsonb_array_elements(c -> 'capacities') k
                   where (k ->> 'organisation')::bigint <> all (partners) or coalesce((k ->> 'hours')::integer, -1) not between 0 and 50000
                      or (jsonb_typeof(k -> 'member') = 'number'
                          and not exists (select from membership m where m.member_id = (k ->> 'member')::bigint
                                                                     and m.organisation_id = (k ->> 'organisation')::bigint)))
       or (select count(*) <> count(distinct (k -> 'organisation', k -> 'member')) from jsonb_array_elements(c -> 'capacities') k) then
        perform data.plan_wrong('capacities', 'Les capacités sont les heures des partenaires du plan et de leurs membres.');
    elsif exists (select from jsonb_array_elements(c -> 'objectives') o
                   where (o ->> 'organisation')::bigint <> all (partners)
                      or least((o ->> 'visits')::integer, (o ->> 'first_contacts')::integer, (o ->> 'needs')::integer, (o ->> 'offers')::integer) < 0
                      or greatest((o ->> 'visits')::integer, (o ->> 'first_contacts')::integer, (o ->> 'needs')::integer, (o ->> 'offers')::integer) > 100000) then
        perform data.plan_wrong('objectives', 'Les objectifs sont ceux des partenaires du plan.');
    end if;
end
$$;

CREATE FUNCTION data.plan_due(p data.promise) RETURNS boolean
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'data', 'pg_temp'
    BEGIN ATOMIC
 SELECT (EXISTS ( SELECT
            FROM data.plan_version v
           WHERE ((v.plan_id = (plan_due.p).plan_id) AND (v.version = (plan_due.p).plan_version) AND (v.state = ANY (ARRAY['active'::text, 'closed'::text])) AND ((plan_due.p).due_on <= ((v.content ->> 'ends_on'::text))::date)))) AS "exists";
END;

CREATE FUNCTION data.plan_guard() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'data', 'pg_temp'
    AS $$
begin
    if old.abandoned_at is not null or old.evaluated_at is not null then
        perform auth.refuse('plan_over');
    end if;
    if (new.territory_id, new.organisation_id, new.made_by, new.made_at)
       is distinct from (old.territory_id, old.organisation_id, old.made_by, old.made_at) then
        perform auth.refuse('plan_fixed');
    end if;
    if new.abandoned_at is not null and exists (select from plan_version v where v.plan_id = new.id and v.state = 'active') then
        perform auth.refuse('plan_running');
    end if;
    if new.evaluated_at is not null and exists (select from plan_version v where v.plan_id = new.id and v.state in ('draft', 'proposed', 'agreed', 'active')) then
        perform auth.refuse('plan_running');
    end if;
    return new;
end
$$;

CREATE FUNCTION data.plan_hold(plan bigint, by_manager boolean DEFAULT false) RETURNS data.plan
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'data', 'pg_temp'
    AS $$
declare
    p plan;
begin
    select * into p from plan x where x.id = plan_hold.plan for update;
    if p.id is null or not auth.is_partner() or p.territory_id is distinct from auth.territory() then
        perform auth.refuse('not_found');
    end if;
    if not auth.can_write() or (plan_hold.by_manager and auth.role() <> 'manager')
       or auth.organisation() <> all (data.plan_signers(p.id, p.version)) then
        perform auth.refuse(case when plan_hold.by_manager and auth.can_write() then 'plan_not_signer' else 'forbidden' end);
    end if;
    if p.abandoned_at is not null or p.evaluated_at is not null then
        perform auth.refuse('plan_over');
    end if;
    return p;
end
$$;

CREATE FUNCTION data.plan_kept() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
begin
    perform auth.refuse('plan_fixed');
    return null;
end
$$;

CREATE FUNCTION data.plan_line_guard() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'data', 'pg_temp'
    AS $$
begin
    if exists (select from fresh f where not exists (select from plan_scenario s where s.id = f.scenario_id and s.state = 'running')) then
        perform auth.refuse('plan_fixed');
    end if;
    return null;
end
$$;

CREATE FUNCTION data.plan_log(plan bigint, kind text, more jsonb DEFAULT '{}'::jsonb) RETURNS void
    LANGUAGE sql SECURITY DEFINER
    SET search_path TO 'data', 'pg_temp'
    BEGIN ATOMIC
 SELECT data.log(('plan.'::text || kind), NULL::bigint, NULL::bigint, (jsonb_build_object('plan', plan) || jsonb_strip_nulls(more))) AS log;
END;

CREATE FUNCTION data.plan_normal(content jsonb) RETURNS jsonb
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    SET search_path TO 'data', 'pg_temp'
    RETURN jsonb_build_object('name', TRIM(BOTH FROM regexp_replace(COALESCE((content ->> 'name'::text), ''::text), '\s+'::text, ' '::text, 'g'::text)), 'starts_on', (content -> 'starts_on'::text), 'ends_on', (content -> 'ends_on'::text), 'communes', COALESCE((SELECT jsonb_agg(DISTINCT c.value ORDER BY c.value) AS jsonb_agg FROM jsonb_array_elements((plan_normal.content -> 'communes'::text)) c(value)), '[]'::jsonb), 'partners', COALESCE((SELECT jsonb_agg(DISTINCT p.value ORDER BY p.value) AS jsonb_agg FROM jsonb_array_elements((plan_normal.content -> 'partners'::text)) p(value)), '[]'::jsonb), 'segments', COALESCE((SELECT jsonb_agg(jsonb_build_object('segment', (s.value -> 'segment'::text), 'version', (s.value -> 'version'::text), 'lead', (s.value -> 'lead'::text)) ORDER BY ((s.value ->> 'segment'::text))::bigint) AS jsonb_agg FROM jsonb_array_elements((plan_normal.content -> 'segments'::text)) s(value)), '[]'::jsonb), 'rules', jsonb_build_object('visit_minutes', COALESCE((content #> '{rules,visit_minutes}'::text[]), '90'::jsonb), 'never_visited', COALESCE((content #> '{rules,never_visited}'::text[]), '0'::jsonb), 'small', COALESCE((content #> '{rules,small}'::text[]), '0'::jsonb), 'each_commune', COALESCE((content #> '{rules,each_commune}'::text[]), '0'::jsonb), 'km_most', COALESCE((content #> '{rules,km_most}'::text[]), 'null'::jsonb)), 'shares', COALESCE((SELECT jsonb_agg(jsonb_build_object('organisation', (s.value -> 'organisation'::text), 'least', COALESCE((s.value -> 'least'::text), '0'::jsonb), 'most', COALESCE((s.value -> 'most'::text), '100'::jsonb)) ORDER BY ((s.value ->> 'organisation'::text))::bigint) AS jsonb_agg FROM jsonb_array_elements((plan_normal.content -> 'shares'::text)) s(value)), '[]'::jsonb), 'capacities', COALESCE((SELECT jsonb_agg(jsonb_build_object('organisation', (c.value -> 'organisation'::text), 'member', (c.value -> 'member'::text), 'hours', (c.value -> 'hours'::text)) ORDER BY ((c.value ->> 'organisation'::text))::bigint, ((c.value ->> 'member'::text))::bigint NULLS FIRST) AS jsonb_agg FROM jsonb_array_elements((plan_normal.content -> 'capacities'::text)) c(value)), '[]'::jsonb), 'objectives', COALESCE((SELECT jsonb_agg(jsonb_build_object('organisation', (o.value -> 'organisation'::text), 'visits', COALESCE((o.value -> 'visits'::text), '0'::jsonb), 'first_contacts', COALESCE((o.value -> 'first_contacts'::text), '0'::jsonb), 'needs', COALESCE((o.value -> 'needs'::text), '0'::jsonb), 'offers', COALESCE((o.value -> 'offers'::text), '0'::jsonb)) ORDER BY ((o.value ->> 'organisation'::text))::bigint) AS jsonb_agg FROM jsonb_array_elements((plan_normal.content -> 'objectives'::text)) o(value)), '[]'::jsonb));

CREATE FUNCTION data.plan_promise_all(plan bigint, version integer) RETURNS jsonb
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'data', 'pg_temp'
    AS $$
declare
    v        plan_version := (select x from plan_version x where x.plan_id = plan_promise_all.plan and x.version = plan_promise_all.version);
    today    date := data.today();
    days     date[];
    returned integer;
    figures  jsonb;
begin
    select array_agg(d::date order by d) into days
      from generate_series(greatest(today, (v.content ->> 'starts_on')::date), (v.content ->> 'ends_on')::date, interval '1 day') d
     where data.is_working_day(d::date);
    if days is null then
        perform auth.refuse('plan_period_over', json_build_object('ends_on', v.content ->> 'ends_on'));
    end if;
    -- Held in one order: an opposition or a visit recorded at this instant is waited for, or waits for us.
    perform from establishment e
      where e.id in (select l.establishment_id from plan_line l where l.scenario_id = v.scenario_id and l.organisation_id is not null)
      order by e.id for share;
    -- Of an earlier version: what this one gives to others or to nobody goes back, unless a visit is in the agenda.
    update promise p
       set state = 'returned', reason = 'Version ' || v.version || ' du plan de prospection'
     where p.plan_id = v.plan_id and p.state = 'active'
       and not exists (select from plan_line l where l.scenario_id = v.scenario_id and l.establishment_id = p.establishment_id
                                                 and l.organisation_id = p.organisation_id)
       and not exists (select from visit x where x.promise_id = p.id and x.state = 'planned');
    get diagnostics returned = row_count;
    with members as materialized (
        select l.member_id, l.organisation_id, data.visits_for(l.member_id, l.organisation_id) as visits
          from (select distinct x.member_id, x.organisation_id from plan_line x
                 where x.scenario_id = v.scenario_id and x.organisation_id is not null) l
    ), line as materialized (
        select l.establishment_id, l.organisation_id, l.member_id, l.worth, q.id as held, s.rest_until,
               case when q.organisation_id = l.organisation_id and q.plan_id = v.plan_id then 'kept'
                    when q.id is not null then 'promised'
                    when s.opposed then 'opposed'
                    when s.rest_until >= today then 'resting'
                    when e.merged_into is not null then 'merged'
                    when e.status = 'F' then 'closed'
                    when not m.visits then 'member_gone' end as why
          from plan_line l
          join establishment e on e.id = l.establishment_id
          left join standing s on s.establishment_id = l.establishment_id
          left join promise q on q.establishment_id = l.establishment_id and q.state = 'active'
          join members m on m.member_id = l.member_id and m.organisation_id = l.organisation_id
         where l.scenario_id = v.scenario_id and l.organisation_id is not null
    ), dated as (
        select x.*, row_number() over w as k, count(*) over (partition by x.organisation_id, x.member_id) as n
          from line x where x.why is null
        window w as (partition by x.organisation_id, x.member_id order by x.worth desc, x.establishment_id)
    ), made as (
        insert into promise (establishment_id, organisation_id, member_id, due_on, plan_id, plan_version)
        select d.establishment_id, d.organisation_id, d.member_id, days[ceil(d.k * cardinality(days)::numeric / d.n)::integer], v.plan_id, v.version
          from dated d order by d.establishment_id
        on conflict (establishment_id) where state = 'active' do nothing
        returning establishment_id
    ), skipped as (
        insert into plan_skip (plan_id, version, establishment_id, organisation_id, reason, detail)
        select v.plan_id, v.version, x.establishment_id, x.organisation_id, coalesce(x.why, 'promised'),
               jsonb_strip_nulls(jsonb_build_object('promise', x.held, 'rest_until', case when x.why = 'resting' then x.rest_until end))
          from line x
         where x.why <> 'kept' or (x.why is null and not exists (select from made m where m.establishment_id = x.establishment_id))
        returning reason
    )
    select jsonb_build_object('made', (select count(*) from made), 'kept', (select count(*) from line x where x.why = 'kept'),
                              'returned', returned, 'skipped', (select count(*) from skipped)) into figures;
    return figures;
end
$$;

CREATE FUNCTION data.plan_promise_guard() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'data', 'pg_temp'
    AS $$
begin
    if exists (select from fresh f
                where f.plan_id is not null
                  and not exists (select from plan_version v join plan_line l on l.scenario_id = v.scenario_id
                                   where v.plan_id = f.plan_id and v.version = f.plan_version and v.state = 'active'
                                     and l.establishment_id = f.establishment_id and l.organisation_id = f.organisation_id
                                     and l.member_id = f.member_id)) then
        perform auth.refuse('plan_unsigned');
    end if;
    return null;
end
$$;

CREATE FUNCTION data.plan_promised() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'data', 'pg_temp'
    AS $$
begin
    if not exists (select from fresh f where f.plan_id is not null) then
        return null;
    end if;
    insert into event (at, kind, member_id, organisation_id, establishment_id, data)
    select data.now(), 'promise.made', f.member_id, f.organisation_id, f.establishment_id,
           jsonb_build_object('promise', f.id, 'due_on', f.due_on, 'by_plan', f.plan_id)
      from fresh f where f.plan_id is not null order by f.id;
    insert into job (kind, payload, run_at)
    select 'promise.lapse', jsonb_build_object('promise', f.id), (f.lapses_on + 1)::timestamp at time zone 'Europe/Paris'
      from fresh f where f.plan_id is not null order by f.id;
    return null;
end
$$;

CREATE FUNCTION data.plan_scenario_guard() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'data', 'pg_temp'
    AS $$
begin
    if tg_op = 'INSERT' then
        new.asked_at := data.now();
        new.basis := data.plan_basis(new.content);
        return new;
    end if;
    if (new.plan_id, new.version, new.settings, new.content, new.basis, new.member_id, new.organisation_id, new.asked_at)
       is distinct from (old.plan_id, old.version, old.settings, old.content, old.basis, old.member_id, old.organisation_id, old.asked_at) then
        perform auth.refuse('plan_fixed');
    end if;
    if old.state not in ('waiting', 'running') and (new.state, new.summary, new.lines_hash) is distinct from (old.state, old.summary, old.lines_hash) then
        perform auth.refuse('plan_scenario_over');
    end if;
    if new.archived_at is not null and exists (select from plan_version v where v.scenario_id = new.id and v.state <> 'dropped') then
        perform auth.refuse('plan_scenario_chosen');
    end if;
    if new.state not in ('waiting', 'running') then
        new.finished_at := coalesce(new.finished_at, data.now());
    end if;
    return new;
end
$$;

CREATE FUNCTION data.plan_signature_guard() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'data', 'pg_temp'
    AS $$
declare
    v plan_version;
begin
    perform from plan x where x.id = new.plan_id for update;
    select * into v from plan_version x where x.plan_id = new.plan_id and x.version = new.version;
    if tg_op = 'UPDATE' then
        if old.answer = 'signed' then
            perform auth.refuse('plan_signed');
        end if;
        if (new.plan_id, new.version, new.organisation_id) is distinct from (old.plan_id, old.version, old.organisation_id) then
            perform auth.refuse('plan_fixed');
        end if;
    end if;
    if v.state is distinct from 'proposed' or new.hash is distinct from v.hash then
        perform auth.refuse('plan_version_stale', json_build_object('state', v.state,
            'version', (select p.version from plan p where p.id = new.plan_id)));
    end if;
    if new.organisation_id <> all (data.plan_signers(new.plan_id, new.version))
       or not exists (select from membership m where m.member_id = new.member_id and m.organisation_id = new.organisation_id
                         and m.role = 'manager' and (m.ended_on is null or m.ended_on > data.today())) then
        perform auth.refuse('plan_not_signer');
    end if;
    new.at := data.now();
    return new;
end
$$;

CREATE FUNCTION data.plan_signed(plan bigint, version integer, hash bytea) RETURNS boolean
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'data', 'pg_temp'
    BEGIN ATOMIC
 SELECT (data.plan_signers(plan, version) <@ COALESCE(( SELECT array_agg(s.organisation_id) AS array_agg
            FROM data.plan_signature s
           WHERE ((s.plan_id = plan_signed.plan) AND (s.version = plan_signed.version) AND (s.answer = 'signed'::text) AND (s.hash = plan_signed.hash))), '{}'::bigint[]));
END;

CREATE FUNCTION data.plan_state(p data.plan) RETURNS text
    LANGUAGE sql STABLE
    SET search_path TO 'data', 'pg_temp'
    RETURN CASE WHEN ((p).abandoned_at IS NOT NULL) THEN 'abandoned'::text WHEN ((p).evaluated_at IS NOT NULL) THEN 'evaluated'::text WHEN (EXISTS (SELECT FROM data.plan_version v WHERE ((v.plan_id = (plan_state.p).id) AND (v.state = 'active'::text)))) THEN 'active'::text ELSE (SELECT v.state FROM data.plan_version v WHERE ((v.plan_id = (plan_state.p).id) AND (v.version = (plan_state.p).version))) END;

CREATE FUNCTION data.plan_version_guard() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'data', 'pg_temp'
    AS $$
declare
    p plan;
    s plan_scenario;
begin
    -- Whoever changes a version holds its plan: changes of one plan come one after the other.
    select * into p from plan x where x.id = new.plan_id for update;
    if tg_op = 'INSERT' then
        new.state := 'draft';
        new.hash := null;
        new.made_at := data.now();
        if new.version <> p.version + 1 then
            perform auth.refuse('plan_edit_taken', json_build_object('version', p.version));
        end if;
    elsif (new.plan_id, new.version, new.member_id, new.made_at, new.note)
          is distinct from (old.plan_id, old.version, old.member_id, old.made_at, old.note) then
        perform auth.refuse('plan_fixed');
    elsif new.state <> old.state then
        if not exists (select from plan_transition t where t.from_state = old.state and t.to_state = new.state) then
            perform auth.refuse('plan_transition', json_build_object('from', old.state, 'to', new.state));
        end if;
    end if;
    if tg_op = 'INSERT' or new.content is distinct from old.content then
        if tg_op = 'UPDATE' and old.state <> 'draft' then
            perform auth.refuse('plan_fixed');
        end if;
        new.content := data.plan_normal(new.content);
        perform data.plan_check(new.content, p.territory_id);
    end if;
    if new.scenario_id is not null and (tg_op = 'INSERT' or new.scenario_id is distinct from old.scenario_id) then
        if tg_op = 'UPDATE' and old.state <> 'draft' then
            perform auth.refuse('plan_fixed');
        end if;
        select * into s from plan_scenario x where x.id = new.scenario_id and x.plan_id = new.plan_id for share;
        if s.state is distinct from 'done' or s.basis <> data.plan_basis(new.content) then
            perform auth.refuse('plan_scenario_stale');
        end if;
    elsif tg_op = 'UPDATE' and new.scenario_id is null and old.scenario_id is not null and old.state <> 'draft' then
        perform auth.refuse('plan_fixed');
    end if;
    if tg_op = 'UPDATE' and new.state = 'proposed' and old.state = 'draft' then
        select * into s from plan_scenario x where x.id = new.scenario_id;
        if cardinality(data.plan_partners(new.content)) < 2 or jsonb_array_length(new.content -> 'segments') = 0 then
            perform data.plan_wrong(case when jsonb_array_length(new.content -> 'segments') = 0 then 'segments' else 'partners' end,
                                    'Un plan se propose avec deux partenaires au moins et un segment.');
        end if;
        if s.id is null then
            perform auth.refuse('plan_without_scenario');
        end if;
        if s.basis <> data.plan_basis(new.content) then
            perform auth.refuse('plan_scenario_stale');
        end if;
        new.hash := sha256(convert_to(new.content::text, 'UTF8') || s.lines_hash);
        new.proposed_at := data.now();
    elsif tg_op = 'UPDATE' and new.hash is distinct from old.hash then
        perform auth.refuse('plan_fixed');
    end if;
    if tg_op = 'UPDATE' and new.state in ('agreed', 'active') and new.state <> old.state then
        if not data.plan_signed(new.plan_id, new.version, new.hash) then
            perform auth.refuse('plan_unsigned');
        end if;
        if new.state = 'agreed' then
            new.agreed_at := data.now();
        else
            new.activated_at := data.now();
        end if;
    end if;
    new.ended_at := case when new.state in ('closed', 'dropped') then coalesce(new.ended_at, data.now()) end;
    return new;
end
$$;

CREATE FUNCTION data.plan_write(plan bigint, edit integer, content jsonb, scenario bigint, note text) RETURNS integer
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'data', 'pg_temp'
    AS $$
declare
    p    plan := data.plan_hold(plan_write.plan);
    v    plan_version;
    next jsonb;
    with_scenario bigint;
begin
    if p.edit <> plan_write.edit then
        perform auth.refuse('plan_edit_taken', (
            select json_build_object('edit', e.edit, 'version', e.version, 'at', e.at, 'content', e.content, 'note', e.note,
                                     'member', m.name, 'organisation', api.organisation_ref(o))
              from plan_edit e join member m on m.id = e.member_id join organisation o on o.id = e.organisation_id
             where e.plan_id = p.id and e.edit = p.edit));
    end if;
    select * into v from plan_version x where x.plan_id = p.id and x.version = p.version;
    next := data.plan_normal(coalesce(plan_write.content, v.content));
    with_scenario := coalesce(plan_write.scenario,
                              case when data.plan_basis(next) = data.plan_basis(v.content) then v.scenario_id end);
    if next = v.content and with_scenario is not distinct from v.scenario_id then
        return p.version;
    end if;
    if v.state = 'draft' then
        update plan_version x set content = next, scenario_id = with_scenario where x.plan_id = p.id and x.version = p.version;
    else
        if v.state in ('proposed', 'agreed') then
            update plan_version x set state = 'dropped' where x.plan_id = p.id and x.version = p.version;
        end if;
        insert into plan_version (plan_id, version, content, scenario_id, note, member_id)
        values (p.id, p.version + 1, next, with_scenario, nullif(trim(plan_write.note), ''), auth.member());
        p.version := p.version + 1;
    end if;
    update plan x set version = p.version, edit = p.edit + 1 where x.id = p.id;
    insert into plan_edit (plan_id, edit, version, content, scenario_id, note, member_id, organisation_id, at)
    values (p.id, p.edit + 1, p.version, next, with_scenario, nullif(trim(plan_write.note), ''), auth.member(), auth.organisation(), data.now());
    perform data.plan_log(p.id, case when v.state = 'draft' then 'changed' else 'versioned' end,
                          jsonb_build_object('version', p.version, 'edit', p.edit + 1, 'scenario', plan_write.scenario,
                                             'name', next ->> 'name', 'was', case when v.state <> 'draft' then v.state end));
    return p.version;
end
$$;

CREATE FUNCTION data.plan_wrong(field text, why text) RETURNS void
    LANGUAGE plpgsql
    AS $$
begin
    perform auth.refuse('plan_content', json_build_object('field', field, 'why', why));
end
$$;

CREATE FUNCTION data.present_day_after(day date, count integer, away datemultirange, most integer) RETURNS date
    LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
    SET search_path TO 'data', 'pg_temp'
    AS $$
declare
    d    date := day;
    todo integer := count;
    left_ integer := most;
begin
    if isempty(away) then
        return data.working_day_after(day, count);
    end if;
    while todo > 0 loop
        d := data.working_day_after(d, 1);
        if left_ > 0 and d <@ away then
            left_ := left_ - 1;
        else
            todo := todo - 1;
        end if;
    end loop;
    return d;
end
$$;

CREATE FUNCTION data.promise_clock(p data.promise, rule data.agreement, OUT due_on date, OUT lapses_on date) RETURNS record
    LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path TO 'data', 'pg_temp'
    AS $$
declare
    start date := (p.base_at at time zone 'Europe/Paris')::date;
    since datemultirange := data.away(p.member_id, p.organisation_id, p.base_at);
    days  integer;
begin
    due_on := p.base_due_on;
    if not isempty(since) and p.base_due_on >= start then
        select count(*) into days from generate_series(start, p.base_due_on, interval '1 day') d where data.is_working_day(d::date);
        due_on := data.present_day_after(start - 1, days, since, rule.suspension_days_most);
    end if;
    lapses_on := data.present_day_after(due_on, rule.grace_days, data.away(p.member_id, p.organisation_id), rule.suspension_days_most);
end
$$;

CREATE FUNCTION data.promise_guard() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'data', 'pg_temp'
    AS $$
declare
    rule  agreement := data.agreement_in_force((select o.network from organisation o where o.id = new.organisation_id));
    today date := data.today();
    e     record;
    s     record;
begin
    if tg_op = 'UPDATE' and data.is_moving() then
        return new; -- with its employer (data.merge_do)
    end if;
    if tg_op = 'UPDATE' and old.state <> 'active' then
        perform auth.refuse('promise_not_active', json_build_object('state', old.state));
    end if;
    if tg_op = 'UPDATE' and ((new.establishment_id, new.organisation_id, new.made_at, new.transfer_id, new.plan_id, new.plan_version)
                             is distinct from (old.establishment_id, old.organisation_id, old.made_at, old.transfer_id, old.plan_id, old.plan_version)
                             or new.state <> 'active' and (new.member_id, new.team_id) is distinct from (old.member_id, old.team_id)) then
        perform auth.refuse('promise_fixed');
    end if;

    if tg_op = 'INSERT' then
        new.made_at := data.now();
        new.state := 'active';
        new.extensions := 0;
        new.ended_at := null;
        new.base_due_on := new.due_on;
        new.base_at := new.made_at;
        perform data.absence_lock(new.organisation_id, false);
        new.team_id := coalesce(new.team_id, data.team_for(new.member_id, new.organisation_id, new.establishment_id));
        if new.plan_id is null then -- a plan looks at its members all at once
            perform data.promise_holdable(new.member_id, new.organisation_id, new.team_id);
        end if;
        -- Shared lock: an opposition being recorded at this instant is waited for, or waits for us.
        select x.status into e from establishment x where x.id = new.establishment_id for share;
        if e.status = 'F' then
            perform auth.refuse('establishment_closed');
        end if;
        select st.opposed, st.rest_until, st.last_contact_at, o.id as organisation_id, o.name, o.network into s
          from standing st left join organisation o on o.id = st.last_contact_by
         where st.establishment_id = new.establishment_id;
        if s.opposed then
            perform auth.refuse('establishment_opposed');
        end if;
        -- Whoever takes over a promise solicits nobody anew.
        if s.rest_until >= today and new.transfer_id is null and coalesce(trim(new.override_reason), '') = '' then
            perform auth.refuse('establishment_resting', json_build_object(
                'rest_until', s.rest_until, 'last_contact_at', s.last_contact_at,
                'organisation', json_build_object('id', s.organisation_id, 'name', s.name, 'network', s.network)));
        end if;
        if coalesce(s.rest_until < today, true) then
            new.override_reason := null;
        end if;
    elsif new.state = 'active' and new.clock <> old.clock then
        -- Its clock stops while its adviser is absent (43_absence.sql): no new choice of anybody.
        select c.due_on, c.lapses_on into new.due_on, new.lapses_on from data.promise_clock(new, rule) c;
        return new;
    elsif new.state = 'active' and (new.member_id, new.team_id) is distinct from (old.member_id, old.team_id) then
        -- Handed to a colleague, or to a team: the same promise, the same date.
        if new.due_on <> old.due_on then
            perform auth.refuse('promise_fixed');
        end if;
        perform data.promise_holdable(new.member_id, new.organisation_id, new.team_id);
        new.base_due_on := new.due_on;
        new.base_at := data.now();
        select c.lapses_on into new.lapses_on from data.promise_clock(new, rule) c;
        return new;
    elsif new.state = 'active' then
        if new.due_on <= old.due_on then
            perform auth.refuse('due_out_of_range', json_build_object('field', 'due_on', 'first_due_on', old.due_on + 1));
        end if;
        if coalesce(trim(new.reason), '') = '' then
            perform auth.refuse('reason_required', json_build_object('field', 'reason'));
        end if;
        if old.extensions >= rule.extensions_most then
            perform auth.refuse('promise_extended_enough', json_build_object('extensions_most', rule.extensions_most));
        end if;
        new.extensions := old.extensions + 1;
        new.base_due_on := new.due_on;
        new.base_at := data.now();
    else
        if new.state = 'returned' and coalesce(trim(new.reason), '') = '' then
            perform auth.refuse('reason_required', json_build_object('field', 'reason'));
        end if;
        if new.state = 'lapsed' and old.lapses_on >= today then
            perform auth.refuse('promise_not_due', json_build_object('lapses_on', old.lapses_on));
        end if;
        new.ended_at := data.now();
        new.due_on := old.due_on;
    end if;

    if new.state = 'active' then
        if not data.is_working_day(new.due_on) then
            perform auth.refuse('due_not_working_day', json_build_object('field', 'due_on',
                'next_working_day', data.working_day_after(new.due_on, 0)));
        end if;
        -- A plan that all partners signed may ask for it until its own end (data.plan_due).
        if new.due_on < today or not (new.plan_id is not null and data.plan_due(new))
                                 and new.due_on > data.working_day_after(today, rule.promise_days_most) then
            perform auth.refuse('due_out_of_range', json_build_object('field', 'due_on', 'first_due_on', today,
                'last_due_on', data.working_day_after(today, rule.promise_days_most)));
        end if;
        select c.lapses_on into new.lapses_on from data.promise_clock(new, rule) c;
    end if;
    return new;
end
$$;

CREATE FUNCTION data.promise_hold(promise bigint) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'data', 'pg_temp'
    AS $$
begin
    perform from establishment e where e.id = (select p.establishment_id from promise p where p.id = promise_hold.promise) for share;
    perform from promise p where p.id = promise_hold.promise for update;
end
$$;

CREATE FUNCTION data.promise_holdable(member bigint, organisation bigint, team bigint) RETURNS void
    LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path TO 'data', 'pg_temp'
    AS $$
begin
    -- A partner's program promises in its own name, and in nobody else's.
    if not data.visits_for(promise_holdable.member, promise_holdable.organisation)
       and not (promise_holdable.member is not distinct from auth.member()
                and exists (select from membership m where m.member_id = promise_holdable.member and m.role = 'program'
                                                       and m.organisation_id = promise_holdable.organisation)) then
        perform auth.refuse('member_not_here', json_build_object('field', 'member'));
    end if;
    if promise_holdable.team is not null
       and not exists (select from team t join team_partner p on p.team_id = t.id
                        where t.id = promise_holdable.team and t.state = 'active' and p.organisation_id = promise_holdable.organisation) then
        perform auth.refuse('team_not_active', json_build_object('field', 'team'));
    end if;
end
$$;

CREATE FUNCTION data.promise_lapse(promise bigint) RETURNS boolean
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'data', 'pg_temp'
    AS $$
begin
    update promise p set state = 'lapsed'
     where p.id = promise_lapse.promise and p.state = 'active' and p.lapses_on < data.today();
    if found then
        update visit v set state = 'cancelled', reason = 'Engagement échu' where v.promise_id = promise_lapse.promise and v.state = 'planned';
        return true;
    end if;
    return false;
end
$$;

CREATE FUNCTION data.promise_lapse_many(jobs bigint[]) RETURNS bigint[]
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'data', 'pg_temp'
    AS $$
declare
    held bigint[];
begin
    select array_agg(h.id) into held
      from (select p.id from promise p
             where p.id in (select (j.payload ->> 'promise')::bigint from job j where j.id = any (promise_lapse_many.jobs))
             order by p.id
               for update skip locked) h;
    perform data.promise_lapse(p) from unnest(held) p;
    return array(select j.id from job j
                  where j.id = any (promise_lapse_many.jobs) and (j.payload ->> 'promise')::bigint = any (held));
end
$$;

CREATE FUNCTION data.promise_over() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'data', 'pg_temp'
    AS $$
begin
    if data.is_moving() then
        return null;
    end if;
    update transfer x set state = 'void' where x.promise_id = new.id and x.state = 'proposed';
    if new.state in ('returned', 'lapsed') then
        perform data.job_add('proposal.next', jsonb_build_object('promise', new.id), data.now() + interval '2 minutes');
    end if;
    return null;
end
$$;

CREATE FUNCTION data.promise_told() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'data', 'pg_temp'
    AS $$
declare
    kind text := case when tg_op = 'INSERT' then 'promise.made'
                      when new.state = 'transferred' then null -- the transfer tells it
                      when new.state <> 'active' then 'promise.' || new.state
                      when new.clock <> old.clock then case when new.due_on <> old.due_on then 'promise.shifted' end
                      when new.member_id <> old.member_id then 'promise.handed'
                      when new.team_id is distinct from old.team_id then 'promise.team'
                      else 'promise.extended' end;
begin
    if tg_op = 'UPDATE' and data.is_moving() then
        return null; -- with its employer (data.merge_do)
    end if;
    if tg_op = 'INSERT' and new.plan_id is not null then
        return null; -- those of a plan are told together (data.plan_promised)
    end if;
    if kind is not null then
        perform data.log(kind, new.establishment_id, null,
            jsonb_strip_nulls(jsonb_build_object('promise', new.id, 'due_on', new.due_on,
                'was_due_on', case when tg_op = 'UPDATE' and new.due_on <> old.due_on then old.due_on end,
                'reason', case when tg_op = 'UPDATE' and kind not in ('promise.shifted', 'promise.handed', 'promise.team') then new.reason end,
                'to_member', case when kind = 'promise.handed' or tg_op = 'INSERT' and new.member_id <> auth.member() then new.member_id end,
                'from_member', case when kind = 'promise.handed' then old.member_id end,
                'team', case when kind in ('promise.team', 'promise.made') then new.team_id end,
                'transfer', case when tg_op = 'INSERT' then new.transfer_id end,
                'override_reason', new.override_reason)),
            case when tg_op = 'INSERT' or auth.member() is not null then new.member_id end, new.organisation_id);
    end if;
    if new.state = 'active' and (tg_op = 'INSERT' or new.lapses_on <> old.lapses_on) then
        perform data.job_add('promise.lapse', jsonb_build_object('promise', new.id),
                             ((new.lapses_on + 1)::timestamp at time zone 'Europe/Paris'));
    end if;
    return null;
end
$$;

CREATE FUNCTION data.proposal_expire(proposal bigint) RETURNS boolean
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'data', 'pg_temp'
    AS $$
begin
    perform from establishment e where e.id = (select x.establishment_id from proposal x where x.id = proposal_expire.proposal) for no key update;
    update proposal x set state = 'expired' where x.id = proposal_expire.proposal and x.state = 'proposed' and x.expires_on < data.today();
    return found;
end
$$;

CREATE FUNCTION data.proposal_guard() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'data', 'pg_temp'
    AS $$
begin
    if data.is_moving() then
        return new; -- with its employer (data.merge_do)
    end if;
    if old.state <> 'proposed' then
        perform auth.refuse('proposal_closed', json_build_object('state', old.state));
    end if;
    if (new.promise_id, new.establishment_id, new.organisation_id, new.place, new.score, new.why, new.made_at, new.expires_on)
       is distinct from (old.promise_id, old.establishment_id, old.organisation_id, old.place, old.score, old.why, old.made_at, old.expires_on) then
        perform auth.refuse('proposal_closed');
    end if;
    if new.state in ('accepted', 'declined') and (auth.organisation() is distinct from new.organisation_id or auth.role() <> 'manager') then
        perform auth.refuse('forbidden');
    end if;
    if new.state = 'declined' and coalesce(length(trim(new.reason)), 0) < 3 then
        perform auth.refuse('reason_required', json_build_object('field', 'reason'));
    end if;
    if new.state = 'expired' and old.expires_on >= data.today() or new.state = 'accepted' and old.expires_on < data.today() then
        perform auth.refuse('proposal_closed', json_build_object('state', case when old.expires_on < data.today() then 'expired' else 'proposed' end));
    end if;
    new.answered_at := data.now();
    new.answered_by := auth.member();
    return new;
end
$$;

CREATE FUNCTION data.proposal_next(promise bigint) RETURNS bigint
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'data', 'pg_temp'
    AS $$
declare
    most constant integer := 3;
    p    promise;
    best record;
    made bigint;
begin
    select * into p from promise x where x.id = proposal_next.promise;
    -- The establishment is the lock: promises and oppositions being made are waited for.
    perform from establishment e where e.id = p.establishment_id for no key update;
    if p.state not in ('returned', 'lapsed')
       or exists (select from establishment e where e.id = p.establishment_id and (e.status = 'F' or e.merged_into is not null))
       or exists (select from promise x where x.establishment_id = p.establishment_id and (x.state = 'active' or x.id > p.id))
       or exists (select from standing s where s.establishment_id = p.establishment_id and (s.opposed or s.rest_until >= data.today()))
       or exists (select from proposal x where x.establishment_id = p.establishment_id and x.state = 'proposed')
       or exists (select from proposal x where x.promise_id = p.id and x.state = 'accepted')
       or (select count(*) from proposal x where x.promise_id = p.id) >= most then
        return null;
    end if;
    select r.organisation_id, r.score, r.why, o.network into best
      from data.proposal_rank(p.establishment_id, p.organisation_id || array(select x.organisation_id from proposal x where x.promise_id = p.id)) r
      join organisation o on o.id = r.organisation_id
     limit 1;
    if not found then
        return null;
    end if;
    insert into proposal (promise_id, establishment_id, organisation_id, place, score, why, made_at, expires_on)
    values (p.id, p.establishment_id, best.organisation_id, 1 + (select count(*) from proposal x where x.promise_id = p.id), best.score, best.why,
            data.now(), data.working_day_after(data.today(), (data.agreement_in_force(best.network)).proposal_days))
    returning id into made;
    return made;
end
$$;

CREATE FUNCTION data.proposal_rank(establishment bigint, besides bigint[]) RETURNS TABLE(organisation_id bigint, score numeric, why jsonb)
    LANGUAGE plpgsql STABLE SECURITY DEFINER ROWS 10
    SET search_path TO 'data', 'ext', 'pg_temp'
    AS $$
#variable_conflict use_column
declare
    family bigint[] := array(select f from api.family(proposal_rank.establishment) f);
    since  timestamptz := data.now() - interval '3 years';
begin
    return query
    select o.id,
           round((40 * least(m.fruitful, 3) / 3.0 + case when m.known then 20 else 0 end + coalesce(25 * power(0.5, m.km / 14), 0)
                  + 15 * (1 - least(m.held, 30) / 30.0))::numeric, 2),
           jsonb_strip_nulls(jsonb_build_object('fruitful', m.fruitful, 'known', m.known, 'km', round(m.km::numeric, 1), 'held', round(m.held::numeric, 1)))
      from organisation o
      join network n on n.code = o.network and n.kind = 'partner'
      join establishment e on e.id = proposal_rank.establishment
      join territory_commune tc on tc.territory_id = o.territory_id and tc.commune_code = e.commune_code
     cross join lateral (select count(*) as advisers from membership s
                          where s.organisation_id = o.id and s.role = 'adviser' and (s.ended_on is null or s.ended_on > current_date)) a
     cross join lateral (
        select (select count(*) from report r where r.establishment_id = any (family) and r.organisation_id = o.id
                   and r.outcome in ('needs', 'later') and r.done_at >= since)
               + (select count(*) from offer f where f.establishment_id = any (family) and f.organisation_id = o.id and f.created_at >= since) as fruitful,
               exists (select from contact c where c.establishment_id = any (family) and c.organisation_id = o.id
                          and c.erased_at is null and c.opposition_id is null) as known,
               ST_Distance(o.base::geography, e.location::geography) / 1000 as km,
               (select count(*) from promise p where p.organisation_id = o.id and p.state = 'active')::numeric / greatest(a.advisers, 1) as held) m
     where a.advisers > 0 and o.id <> all (besides)
       and not exists (select from absence x where x.organisation_id = o.id and x.member_id is null and x.cancelled_at is null
                          and data.today() between x.first_on and x.last_on)
     order by 2 desc, o.id;
end
$$;

CREATE FUNCTION data.proposal_told() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'data', 'pg_temp'
    AS $$
begin
    if tg_op = 'UPDATE' and data.is_moving() then
        return null;
    end if;
    perform data.log('proposal.' || case when tg_op = 'INSERT' then 'made' else new.state end, new.establishment_id, null,
        jsonb_strip_nulls(jsonb_build_object('proposal', new.id, 'to_organisation', new.organisation_id, 'reason', new.reason,
            'expires_on', case when tg_op = 'INSERT' then new.expires_on end)), null, new.organisation_id);
    if tg_op = 'INSERT' then
        insert into task (kind, mark, organisation_id, establishment_id, promise_id, due_on, raised_at)
        values ('proposal.answer', new.id::text, new.organisation_id, new.establishment_id, new.promise_id, new.expires_on, data.now());
        perform data.job_add('proposal.expire', jsonb_build_object('proposal', new.id), ((new.expires_on + 1)::timestamp at time zone 'Europe/Paris'));
        return null;
    end if;
    update task t set done_at = data.now() where t.kind = 'proposal.answer' and t.mark = new.id::text and t.done_at is null;
    if new.state in ('declined', 'expired') then
        perform data.job_add('proposal.next', jsonb_build_object('promise', new.promise_id));
    end if;
    return null;
end
$$;

CREATE FUNCTION data.proposal_void() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'data', 'pg_temp'
    AS $$
begin
    update proposal x set state = 'void' where x.establishment_id = new.establishment_id and x.state = 'proposed';
    return null;
end
$$;

CREATE FUNCTION data.prospects(organisation bigint, establishment bigint) RETURNS boolean
    LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path TO 'data', 'pg_temp'
    AS $$
begin
    return exists (select from organisation o
                     join network n on n.code = o.network and n.kind = 'partner'
                     join territory_commune tc on tc.territory_id = o.territory_id
                     join establishment e on e.commune_code = tc.commune_code
                    where o.id = prospects.organisation and e.id = prospects.establishment);
end
$$;

CREATE FUNCTION data.publication_sent() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'data', 'pg_temp'
    AS $$
begin
    if tg_op = 'INSERT' then
        insert into delivery (channel_id, kind, message, offer_id, body, due_at, made_at)
        select f.channel_id, 'offer.publish', 'pub_' || f.offer_id || '_' || f.channel_id, f.offer_id,
               json_build_object('action', 'publish', 'offer', data.offer_exchange(f.offer_id))::text, f.published_at, f.published_at
          from fresh f where f.channel_id is not null;
        return null;
    end if;
    update delivery d set state = 'dropped', settled_at = data.now()
      from (select id, channel_id, offer_id, withdrawn_at from fresh except select id, channel_id, offer_id, withdrawn_at from stale) f
     where f.withdrawn_at is not null and f.channel_id is not null and d.channel_id = f.channel_id and d.offer_id = f.offer_id
       and d.kind = 'offer.publish' and d.state = 'waiting' and d.attempts = 0;
    insert into delivery (channel_id, kind, message, offer_id, body, due_at, made_at)
    select f.channel_id, 'offer.withdraw', 'out_' || f.offer_id || '_' || f.channel_id, f.offer_id,
           json_build_object('action', 'withdraw', 'offer', json_build_object('id', f.offer_id::text))::text, f.withdrawn_at, f.withdrawn_at
      from (select id, channel_id, offer_id, withdrawn_at from fresh except select id, channel_id, offer_id, withdrawn_at from stale) f
     where f.withdrawn_at is not null and f.channel_id is not null
       and exists (select from delivery d where d.channel_id = f.channel_id and d.offer_id = f.offer_id and d.kind = 'offer.publish' and d.state <> 'dropped');
    return null;
end
$$;

CREATE FUNCTION data.question_fault(questions jsonb) RETURNS text
    LANGUAGE plpgsql STABLE
    SET search_path TO 'data', 'pg_temp'
    AS $_$
declare
    q     jsonb;
    seen  jsonb := '{}'; -- code -> the values it may have, or null
    given jsonb;
    at    text;
begin
    if jsonb_typeof(questions) <> 'array' or jsonb_array_length(questions) > 30 then
        return 'questions';
    end if;
    for i in 0 .. jsonb_array_length(questions) - 1 loop
        q := questions -> i;
        at := format('questions[%s]', i);
        if jsonb_typeof(q) <> 'object'
           or exists (select from jsonb_object_keys(q) k where k not in ('code', 'label', 'help', 'kind', 'choices', 'required', 'outcomes', 'when')) then
            return at;
        end if;
        if jsonb_typeof(q -> 'code') is distinct from 'string' or q ->> 'code' !~ '^[a-z][a-z0-9_]{1,29}$' or seen ? (q ->> 'code') then
            return at || '.code';
        end if;
        if jsonb_typeof(q -> 'label') is distinct from 'string' or length(trim(q ->> 'label')) not between 3 and 160 then
            return at || '.label';
        end if;
        if q ? 'help' and (jsonb_typeof(q -> 'help') <> 'string' or length(q ->> 'help') > 300) then
            return at || '.help';
        end if;
        if coalesce(q ->> 'kind', '') not in ('yesno', 'choice', 'choices', 'number', 'text', 'date') then
            return at || '.kind';
        end if;
        if jsonb_typeof(coalesce(q -> 'required', 'false')) <> 'boolean' then
            return at || '.required';
        end if;
        if q ->> 'kind' in ('choice', 'choices') then
            if jsonb_typeof(q -> 'choices') is distinct from 'array' or jsonb_array_length(q -> 'choices') not between 2 and 12 then
                return at || '.choices';
            end if;
            if exists (select from jsonb_array_elements(q -> 'choices') c where jsonb_typeof(c) <> 'string' or length(trim(c #>> '{}')) not between 1 and 80)
               or (select count(distinct c) <> count(*) from jsonb_array_elements_text(q -> 'choices') c) then
                return at || '.choices';
            end if;
        elsif q ? 'choices' then
            return at || '.choices';
        end if;
        if q ? 'outcomes' then
            if jsonb_typeof(q -> 'outcomes') <> 'array' or jsonb_array_length(q -> 'outcomes') = 0 then
                return at || '.outcomes';
            end if;
            if exists (select from jsonb_array_elements_text(q -> 'outcomes') o where o not in (select code from outcome)) then
                return at || '.outcomes';
            end if;
        end if;
        if q ? 'when' then
            -- Only what was asked before, and could be answered so.
            given := seen -> coalesce(q #>> '{when,code}', '');
            if jsonb_typeof(given) is distinct from 'array' or not coalesce(given ? (q #>> '{when,value}'), false) then
                return at || '.when';
            end if;
        end if;
        seen := seen || jsonb_build_object(q ->> 'code', case when q ->> 'kind' = 'yesno' then '["yes", "no"]'::jsonb else q -> 'choices' end);
    end loop;
    return null;
end
$_$;

CREATE FUNCTION data.questionnaire_guard() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path TO 'data', 'pg_temp'
    AS $$
begin
    if tg_op <> 'INSERT' then
        perform auth.refuse('questionnaire_fixed');
    end if;
    if data.question_fault(new.questions) is not null then
        perform auth.refuse('invalid', json_build_object('field', data.question_fault(new.questions)));
    end if;
    return new;
end
$$;

CREATE FUNCTION data.record_create(record bigint, score numeric, evidence jsonb, who bigint) RETURNS bigint
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'data', 'pg_temp'
    AS $$
declare
    made bigint;
begin
    insert into establishment (siret, legal_name, brand, address, postcode, city, commune_code, naf, phone, email)
    select s.siret, s.fields ->> 'name', s.fields ->> 'brand', s.fields ->> 'address', s.fields ->> 'postcode',
           s.fields ->> 'city', s.fields ->> 'commune_code', s.fields ->> 'naf', s.fields ->> 'phone', s.fields ->> 'email'
      from source_record s
     where s.id = record_create.record and s.fields ->> 'commune_code' is not null
       and coalesce(s.fields ->> 'brand', s.fields ->> 'name') is not null
    on conflict (siret) do nothing
    returning id into made;
    if made is null then
        return null;
    end if;
    insert into link (source_record_id, establishment_id, score, method, evidence, decided_by, decided_at)
    values (record_create.record, made, record_create.score, 'created', record_create.evidence, record_create.who, data.now());
    update source_record s set state = 'linked' where s.id = record_create.record;
    perform data.record_values(record_create.record, made);
    return made;
end
$$;

CREATE FUNCTION data.record_link(record bigint, establishment bigint, score numeric, method text, evidence jsonb, who bigint) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'data', 'pg_temp'
    AS $$
declare
    root bigint;
begin
    -- One that was absorbed has nothing tied to it: the one that stands for it has.
    insert into link (source_record_id, establishment_id, score, method, evidence, decided_by, decided_at)
    select record_link.record, coalesce(e.merged_into, e.id), record_link.score, record_link.method, record_link.evidence,
           record_link.who, data.now()
      from establishment e where e.id = record_link.establishment
    returning establishment_id into root;
    update source_record s set state = 'linked' where s.id = record_link.record;
    perform data.record_values(record_link.record, root);
end
$$;

CREATE FUNCTION data.record_unlink(record bigint, who bigint) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'data', 'pg_temp'
    AS $$
declare
    l link;
begin
    select x.* into l from link x where x.source_record_id = record_unlink.record and x.undone_at is null for update;
    if not found then
        return;
    end if;
    update source_record s set state = 'review' where s.id = record_unlink.record;
    perform data.waiting_return(array[record_unlink.record]);
    perform from establishment e where e.id = l.establishment_id for update;
    if exists (select from establishment e where e.id = l.establishment_id and e.register_file is null)
       and exists (select from link x where x.establishment_id = l.establishment_id and x.method = 'created')
       and not exists (select from link x where x.establishment_id = l.establishment_id and x.id <> l.id)
       and not exists (select from review x where x.establishment_id = l.establishment_id)
       and not exists (select from contact x where x.establishment_id = l.establishment_id)
       and not exists (select from merge x where l.establishment_id in (x.survivor_id, x.absorbed_id))
       and not exists (select from event x where x.establishment_id = l.establishment_id) then
        -- Promises, visits, needs, offers and oppositions all leave an event.
        delete from link x where x.id = l.id;
        delete from establishment_value x where x.establishment_id = l.establishment_id;
        delete from standing x where x.establishment_id = l.establishment_id;
        delete from establishment x where x.id = l.establishment_id;
        return;
    end if;
    update link x set undone_by = record_unlink.who, undone_at = data.now() where x.id = l.id;
    perform data.golden(array[l.establishment_id]);
end
$$;

CREATE FUNCTION data.record_values(record bigint, establishment bigint) RETURNS void
    LANGUAGE sql SECURITY DEFINER
    SET search_path TO 'data', 'pg_temp'
    BEGIN ATOMIC
 SELECT data.golden(ARRAY[establishment]) AS golden;
END;

CREATE FUNCTION data.records_wait() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'data', 'pg_temp'
    AS $$
begin
    perform data.job_add('linkage.records', jsonb_build_object('file', new.id))
      where exists (select from source_record s where s.file_id = new.id and s.state = 'review');
    return null;
end
$$;

CREATE FUNCTION data.referral_guard() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'data', 'pg_temp'
    AS $_$
declare
    o    offer;
    way  referral_transition;
    most integer;
begin
    select * into o from offer x where x.id = new.offer_id for update;
    if tg_op = 'INSERT' then
        new.state := 'proposed';
        new.version := 1;
        new.made_at := data.now();
        new.refusal := null;
        new.answered_at := null;
        new.answered_by := null;
        if o.state not in ('reserved', 'open') then
            perform auth.refuse('referral_closed', json_build_object('state', o.state));
        end if;
        -- While it is reserved, an offer is for the networks of its routing.
        if o.state = 'reserved' and o.organisation_id <> new.organisation_id
           and not exists (select from offer_routing r join organisation g on g.network = r.network
                            where r.offer_id = o.id and g.id = new.organisation_id) then
            perform auth.refuse('forbidden');
        end if;
        -- A reference is a file number. What looks like a telephone or a social security number is somebody's.
        if new.reference ~ '^(0|00?33|33)[1-9]([./-]?[0-9]{2}){4}$' or new.reference ~ '^[12][0-9]{12}([0-9]{2})?$' then
            perform auth.refuse('reference_personal', json_build_object('field', 'reference'));
        end if;
        most := (data.agreement_in_force((select g.network from organisation g where g.id = new.organisation_id))).referrals_most;
        if most <= (select count(*) from referral x where x.offer_id = new.offer_id and x.organisation_id = new.organisation_id
                       and x.state in ('proposed', 'met')) then
            perform auth.refuse('referral_limit', json_build_object('referrals_most', most));
        end if;
        return new;
    end if;
    new.version := old.version + 1;
    if (new.offer_id, new.organisation_id, new.member_id, new.reference, new.public, new.made_at)
       is distinct from (old.offer_id, old.organisation_id, old.member_id, old.reference, old.public, old.made_at) then
        perform auth.refuse('referral_fixed');
    end if;
    select * into way from referral_transition t where t.from_state = old.state and t.to_state = new.state;
    if not found then
        perform auth.refuse('referral_transition', json_build_object('from', old.state, 'to', new.state));
    end if;
    -- Nobody is signed in when an offer that ends closes what hangs on it.
    if auth.organisation() is not null and o.closed_at is null
       and auth.organisation() <> (case when way.by_proposer then old.organisation_id else o.organisation_id end) then
        perform auth.refuse('forbidden');
    end if;
    if new.state = 'refused' and new.refusal is null then
        perform auth.refuse('reason_required', json_build_object('field', 'refusal'));
    end if;
    if new.state <> 'refused' then
        new.refusal := null;
    end if;
    new.answered_at := data.now();
    new.answered_by := auth.member();
    return new;
end
$_$;

CREATE FUNCTION data.referral_told() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'data', 'pg_temp'
    AS $$
declare
    o offer := (select x from offer x where x.id = new.offer_id);
begin
    perform data.log('referral.' || case when tg_op = 'INSERT' then 'made' else new.state end, null, null,
        jsonb_strip_nulls(jsonb_build_object('referral', new.id, 'offer', new.offer_id, 'refusal', new.refusal)),
        new.member_id, new.organisation_id);
    if tg_op = 'INSERT' then
        if o.organisation_id <> new.organisation_id then
            insert into task (kind, organisation_id, member_id, establishment_id, offer_id, referral_id, due_on, raised_at)
            values ('referral.answer', o.organisation_id, o.member_id, o.establishment_id, o.id, new.id,
                    data.working_day_after(data.today(), 2), data.now());
        end if;
        update task t set done_at = data.now() where t.offer_id = o.id and t.kind = 'offer.unserved' and t.done_at is null;
        return null;
    end if;
    update task t set done_at = data.now(), done_by = auth.member()
     where t.referral_id = new.id and t.kind in ('referral.answer', 'referral.answered') and t.done_at is null;
    if new.state <> 'withdrawn' and o.organisation_id <> new.organisation_id then
        insert into task (kind, mark, organisation_id, member_id, offer_id, referral_id, due_on, raised_at)
        values ('referral.answered', new.state, new.organisation_id, new.member_id, o.id, new.id, data.today(), data.now());
    end if;
    if new.state = 'hired' and o.closed_at is null then
        if o.posts_filled + 1 = o.posts then
            update offer x set state = 'filled', reason = null where x.id = o.id;
        else
            update offer x set posts_filled = x.posts_filled + 1 where x.id = o.id;
        end if;
    end if;
    return null;
end
$$;

CREATE FUNCTION data.register_follow(closing jsonb, OUT followed bigint, OUT undone bigint, OUT released bigint) RETURNS record
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'data', 'pg_temp'
    AS $$
declare
    c        record;
    s        record;
    root     bigint;
    obstacle json;
begin
    followed := 0;
    undone := 0;
    released := 0;
    for c in select (x ->> 'id')::bigint as id, x ->> 'on' as closed_on from jsonb_array_elements(register_follow.closing) x loop
        if data.is_worked(c.id) then
            perform data.log('establishment.closed', c.id, null, jsonb_strip_nulls(jsonb_build_object('closed_on', c.closed_on)));
        end if;
    end loop;

    for c in select m.id from merge m join succession x on x.id = m.succession_id
              where m.undone_at is null and (x.gone_at is not null or not x.is_continued) order by m.id desc loop
        perform data.merge_undo(c.id, 'Le répertoire ne dit plus cette succession', null, null);
        undone := undone + 1;
    end loop;

    for s in
        select x.id, p.id as predecessor, n.id as successor, x.since,
               count(*) over (partition by x.predecessor, x.since) as several
          from succession x
          join establishment p on p.siret = x.predecessor and p.status = 'F' and p.merged_into is null
          join establishment n on n.siret = x.successor
         where x.gone_at is null and x.is_continued and x.outcome is distinct from 'refused'
           and not exists (select from succession l
                            where l.predecessor = x.predecessor and l.gone_at is null and l.is_continued and l.since > x.since)
         order by x.since, x.id
    loop
        continue when not data.is_worked(s.predecessor);
        select coalesce(e.merged_into, e.id) into root from establishment e where e.id = s.successor;
        continue when root = s.predecessor
                   or exists (select from establishment e where e.id = s.predecessor and e.merged_into is not null);
        obstacle := data.merge_obstacle(root, s.predecessor, null);
        if s.several > 1 or obstacle is not null then
            update succession x set outcome = case when s.several > 1 then 'several' when obstacle ->> 'code' = 'merge_opposed' then 'opposed'
                                                   else 'out_of_sight' end
             where x.id = s.id;
        else
            perform data.merge_do(root, s.predecessor, 'succession', s.id, null, null, null);
            update succession x set outcome = 'followed' where x.id = s.id;
            followed := followed + 1;
        end if;
    end loop;

    for c in
        select p.id, e.closed_on from promise p join establishment e on e.id = p.establishment_id
         where p.state = 'active' and e.status = 'F' order by p.id
    loop
        update visit v set state = 'cancelled', reason = 'Établissement fermé au répertoire' where v.promise_id = c.id and v.state = 'planned';
        update promise p set state = 'returned', reason = 'Établissement fermé au répertoire' where p.id = c.id;
        released := released + 1;
    end loop;
end
$$;

CREATE FUNCTION data.report_corrected() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'data', 'pg_temp'
    AS $$
declare
    had  outcome := (select x from outcome x where x.code = old.outcome);
    has  outcome := (select x from outcome x where x.code = new.outcome);
begin
    if data.is_moving() then
        return new; -- with its employer (data.merge_do)
    end if;
    if had.reached and not has.reached then
        perform auth.refuse('report_reached', json_build_object('field', 'outcome'));
    end if;
    if new.done_at > data.now() + interval '5 minutes' then
        perform auth.refuse('report_in_the_future', json_build_object('field', 'done_at'));
    end if;
    if new.next_action is null and new.next_action_on is not null then
        perform auth.refuse('invalid', json_build_object('field', 'next_action'));
    end if;
    if new.contact_id is distinct from old.contact_id and new.contact_id is not null
       and not exists (select from contact c where c.id = new.contact_id
                          and c.establishment_id = new.establishment_id and c.erased_at is null) then
        perform auth.refuse('invalid', json_build_object('field', 'contact'));
    end if;
    insert into report_revision (visit_id, version, member_id, organisation_id, written_at, replaced_by, replaced_at, outcome,
                                 done_at, contact_id, next_action, next_action_on, shared_note, needs)
    values (old.visit_id, old.version, old.member_id, old.organisation_id, old.written_at, coalesce(auth.member(), old.member_id),
            data.now(), old.outcome, old.done_at, old.contact_id, old.next_action, old.next_action_on, old.shared_note,
            (select coalesce(jsonb_agg(jsonb_build_object('rome', n.rome, 'posts', n.posts, 'horizon', n.horizon,
                                                          'contract', n.contract) order by n.id), '[]')
               from need n where n.visit_id = old.visit_id and n.state <> 'abandoned'));
    insert into report_note_revision (visit_id, version, organisation_id, network, note)
    select n.visit_id, old.version, n.organisation_id, n.network, n.note from report_note n where n.visit_id = old.visit_id;
    new.version := old.version + 1;
    new.written_at := data.now();
    new.member_id := coalesce(auth.member(), old.member_id);
    return new;
end
$$;

CREATE FUNCTION data.report_corrected_answers() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'data', 'pg_temp'
    AS $$
begin
    if not data.is_moving() then
        insert into report_answer_revision (visit_id, version, questionnaire_id, code, value, network)
        select a.visit_id, old.version, a.questionnaire_id, a.code, a.value, a.network from report_answer a where a.visit_id = old.visit_id;
    end if;
    return null;
end
$$;

CREATE FUNCTION data.report_corrected_told() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'data', 'pg_temp'
    AS $$
declare
    has outcome := (select x from outcome x where x.code = new.outcome);
begin
    if data.is_moving() then
        return null;
    end if;
    perform data.log('report.corrected', new.establishment_id, null,
        jsonb_build_object('visit', new.visit_id, 'version', new.version, 'outcome', new.outcome, 'done_at', new.done_at),
        new.member_id, new.organisation_id);
    if has.reached and not exists (select from contact_event c where c.visit_id = new.visit_id) then
        update promise p set state = 'kept' from visit v
         where v.id = new.visit_id and p.id = v.promise_id and p.state = 'active';
        insert into contact_event (establishment_id, organisation_id, member_id, kind, at, visit_id)
        values (new.establishment_id, new.organisation_id, new.member_id, 'visit', new.done_at, new.visit_id);
    end if;
    if new.outcome = 'refused' and old.outcome <> 'refused' then
        insert into opposition (establishment_id, organisation_id, member_id, reason)
        values (new.establishment_id, new.organisation_id, new.member_id, 'Refus exprimé lors d’une visite')
        on conflict do nothing;
    end if;
    return null;
end
$$;

CREATE FUNCTION data.report_guard() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'data', 'pg_temp'
    AS $$
declare
    v visit;
begin
    select * into v from visit x where x.id = new.visit_id for update;
    if v.id is null or v.establishment_id <> new.establishment_id
       or v.organisation_id <> new.organisation_id
          and not data.team_has((select p.team_id from promise p where p.id = v.promise_id), new.member_id, new.organisation_id) then
        perform auth.refuse('not_found');
    end if;
    if v.state = 'planned' then
        new.despite := null;
    elsif v.state = 'done' or new.despite is distinct from 'cancelled' then
        perform auth.refuse(case v.state when 'done' then 'visit_done' else 'visit_cancelled' end);
    end if;
    new.written_at := data.now();
    new.version := 1;
    if new.done_at > data.now() + interval '5 minutes' then
        perform auth.refuse('report_in_the_future', json_build_object('field', 'done_at'));
    end if;
    if new.next_action is null and new.next_action_on is not null then
        perform auth.refuse('invalid', json_build_object('field', 'next_action'));
    end if;
    if new.contact_id is not null and not exists (select from contact c where c.id = new.contact_id
                                                     and c.establishment_id = new.establishment_id and c.erased_at is null) then
        perform auth.refuse('invalid', json_build_object('field', 'contact'));
    end if;
    return new;
end
$$;

CREATE FUNCTION data.report_told() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'data', 'pg_temp'
    AS $$
declare
    o outcome := (select x from outcome x where x.code = new.outcome);
begin
    update visit set state = 'done' where id = new.visit_id;
    if o.reached then
        update promise p set state = 'kept' from visit v
         where v.id = new.visit_id and p.id = v.promise_id and p.state = 'active';
        insert into contact_event (establishment_id, organisation_id, member_id, kind, at, visit_id)
        values (new.establishment_id, new.organisation_id, new.member_id, 'visit', new.done_at, new.visit_id);
    end if;
    perform data.log('visit.reported', new.establishment_id, null,
        jsonb_build_object('visit', new.visit_id, 'outcome', new.outcome, 'done_at', new.done_at),
        new.member_id, new.organisation_id);
    if new.outcome = 'refused' then
        insert into opposition (establishment_id, organisation_id, member_id, reason)
        values (new.establishment_id, new.organisation_id, new.member_id, 'Refus exprimé lors d’une visite')
        on conflict do nothing;
    end if;
    return null;
end
$$;

CREATE FUNCTION data.reservation_end(start timestamp with time zone, days integer) RETURNS timestamp with time zone
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN (((start AT TIME ZONE 'Europe/Paris'::text) + make_interval(days => days)) AT TIME ZONE 'Europe/Paris'::text);

CREATE TABLE data.review (
    id bigint NOT NULL,
    source_record_id bigint,
    establishment_id bigint NOT NULL,
    organisation_id bigint,
    probability numeric(5,4) NOT NULL,
    reason text NOT NULL,
    evidence jsonb NOT NULL,
    rank real NOT NULL,
    proposed_at timestamp with time zone NOT NULL,
    state text DEFAULT 'open'::text NOT NULL,
    decided_by bigint,
    decided_at timestamp with time zone,
    held_by bigint,
    held_until timestamp with time zone,
    other_id bigint,
    merge_id bigint,
    CONSTRAINT review_decided CHECK (((state = ANY (ARRAY['same'::text, 'different'::text])) = (decided_by IS NOT NULL))),
    CONSTRAINT review_decided_when CHECK (((decided_by IS NULL) = (decided_at IS NULL))),
    CONSTRAINT review_merge CHECK (((merge_id IS NULL) OR (other_id IS NOT NULL))),
    CONSTRAINT review_owner CHECK (((organisation_id IS NULL) = (other_id IS NOT NULL))),
    CONSTRAINT review_pair CHECK ((num_nonnulls(source_record_id, other_id) = 1)),
    CONSTRAINT review_probability CHECK (((probability >= (0)::numeric) AND (probability <= (1)::numeric))),
    CONSTRAINT review_reason CHECK ((reason = ANY (ARRAY['likely'::text, 'doubtful'::text, 'siret'::text]))),
    CONSTRAINT review_state CHECK ((state = ANY (ARRAY['open'::text, 'same'::text, 'different'::text, 'moot'::text]))),
    CONSTRAINT review_two CHECK ((other_id <> establishment_id))
);

CREATE FUNCTION data.review_lock(review bigint) RETURNS data.review
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'data', 'pg_temp'
    AS $$
declare
    r review;
begin
    if not auth.can_write() then
        perform auth.refuse('forbidden');
    end if;
    -- The row is the lock of all its pairs.
    perform from source_record s
       join review x on x.source_record_id = s.id
      where x.id = review_lock.review and x.organisation_id = auth.organisation()
        for update of s;
    select x.* into r from review x where x.id = review_lock.review and data.review_seen(x) for update;
    if not found then
        perform auth.refuse('not_found');
    end if;
    return r;
end
$$;

CREATE FUNCTION data.review_seen(r data.review) RETURNS boolean
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'data', 'pg_temp'
    BEGIN ATOMIC
 SELECT (auth.is_partner() AND
         CASE
             WHEN ((r).other_id IS NULL) THEN ((r).organisation_id = auth.organisation())
             ELSE (auth.sees((r).establishment_id) AND auth.sees((r).other_id))
         END);
END;

CREATE FUNCTION data.review_stands(r data.review) RETURNS boolean
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'data', 'pg_temp'
    BEGIN ATOMIC
 SELECT (((r).state <> 'open'::text) OR (NOT (EXISTS ( SELECT
            FROM data.establishment e
           WHERE ((e.id = ANY (ARRAY[(review_stands.r).establishment_id, (review_stands.r).other_id])) AND (e.merged_into IS NOT NULL))))));
END;

CREATE FUNCTION data.sandbox_of(organisation bigint) RETURNS bigint
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'data', 'ext', 'pg_temp'
    AS $$
declare
    made bigint;
    land bigint;
begin
    perform pg_advisory_xact_lock(hashtext('maillage.sandbox'));
    select o.id into made from organisation o where o.sandbox_of = sandbox_of.organisation;
    if found then
        return made;
    end if;
    select t.id into land from territory t where t.name = 'Bac à sable';
    if not found then
        insert into territory (name, kind) values ('Bac à sable', 'project') returning id into land;
        insert into commune (code, name, department, postcodes) values ('99999', 'Essai-sur-Sable', '99', '{99999}');
        insert into territory_commune (territory_id, commune_code) values (land, '99999');
        insert into establishment (siret, legal_name, commune_code, postcode, city, naf, size_band, status)
        select v.siret, v.name, '99999', '99999', 'ESSAI-SUR-SABLE', v.naf, v.band, 'A'
          from (values ('99999001300016', 'BOULANGERIE D’ESSAI', '10.71C', '02'), ('99999002100019', 'GARAGE D’ESSAI', '45.20A', '03'),
                       ('99999003900011', 'MAÇONNERIE D’ESSAI', '43.99C', '11'), ('99999004700014', 'HÔTEL D’ESSAI', '55.10Z', '12'),
                       ('99999005400010', 'MAISON DE RETRAITE D’ESSAI', '87.10A', '21'), ('99999006200013', 'SCIERIE D’ESSAI', '16.10A', '12'))
               v (siret, name, naf, band);
    end if;
    insert into organisation (network, territory_id, name, short_name, sandbox_of)
    select o.network, land, left('Bac à sable : ' || o.name, 120), left('Essai ' || o.short_name, 40), o.id
      from organisation o where o.id = sandbox_of.organisation
    returning id into made;
    return made;
end
$$;

CREATE FUNCTION data.scenario_effective(content jsonb, settings jsonb) RETURNS jsonb
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    SET search_path TO 'data', 'pg_temp'
    RETURN data.plan_normal(((content || CASE WHEN (settings ? 'shares'::text) THEN jsonb_build_object('shares', (settings -> 'shares'::text)) ELSE '{}'::jsonb END) || jsonb_build_object('rules', ((content -> 'rules'::text) || COALESCE((settings -> 'rules'::text), '{}'::jsonb)))));

CREATE TABLE data.facet (
    id bigint NOT NULL,
    commune integer,
    active boolean NOT NULL,
    opposed boolean DEFAULT false NOT NULL,
    size smallint,
    naf integer,
    potential smallint,
    legal smallint,
    last_visit_at timestamp with time zone,
    last_contact_at timestamp with time zone,
    contact_by integer,
    holder integer,
    rest_until date,
    lon integer,
    lat integer,
    projects integer,
    difficult smallint,
    tension smallint
)
WITH (fillfactor='90');

CREATE TABLE data.plan_scenario (
    id bigint NOT NULL,
    plan_id bigint NOT NULL,
    version integer NOT NULL,
    name text NOT NULL,
    settings jsonb DEFAULT '{}'::jsonb NOT NULL,
    content jsonb NOT NULL,
    basis bytea NOT NULL,
    state text DEFAULT 'waiting'::text NOT NULL,
    progress smallint DEFAULT 0 NOT NULL,
    member_id bigint NOT NULL,
    organisation_id bigint NOT NULL,
    asked_at timestamp with time zone NOT NULL,
    finished_at timestamp with time zone,
    cancelled_by bigint,
    summary jsonb DEFAULT '{}'::jsonb NOT NULL,
    lines_hash bytea,
    archived_at timestamp with time zone,
    CONSTRAINT plan_scenario_basis CHECK ((length(basis) = 32)),
    CONSTRAINT plan_scenario_done CHECK (((state = 'done'::text) = (lines_hash IS NOT NULL))),
    CONSTRAINT plan_scenario_lines CHECK ((length(lines_hash) = 32)),
    CONSTRAINT plan_scenario_name CHECK ((((length(name) >= 2) AND (length(name) <= 80)) AND (name = TRIM(BOTH FROM name)))),
    CONSTRAINT plan_scenario_progress CHECK (((progress >= 0) AND (progress <= 100))),
    CONSTRAINT plan_scenario_settings CHECK ((length((settings)::text) <= 40000)),
    CONSTRAINT plan_scenario_state CHECK ((state = ANY (ARRAY['waiting'::text, 'running'::text, 'done'::text, 'impossible'::text, 'cancelled'::text, 'failed'::text])))
);

CREATE FUNCTION data.scenario_advisers(scenario bigint) RETURNS TABLE(member bigint, organisation bigint, name text, lon double precision, lat double precision, visits integer)
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'data', 'pg_temp'
    BEGIN ATOMIC
 WITH s AS (
          SELECT x.id,
             x.plan_id,
             x.version,
             x.name,
             x.settings,
             x.content,
             x.basis,
             x.state,
             x.progress,
             x.member_id,
             x.organisation_id,
             x.asked_at,
             x.finished_at,
             x.cancelled_by,
             x.summary,
             x.lines_hash,
             x.archived_at,
             data.scenario_effective(x.content, x.settings) AS c
            FROM data.plan_scenario x
           WHERE (x.id = scenario_advisers.scenario)
         ), percent AS (
          SELECT ((h.value ->> 'organisation'::text))::bigint AS organisation,
             (((h.value ->> 'percent'::text))::numeric / (100)::numeric) AS part
            FROM (s
              CROSS JOIN LATERAL jsonb_array_elements((s.settings -> 'hours'::text)) h(value))
         ), given AS (
          SELECT ((k.value ->> 'organisation'::text))::bigint AS organisation,
             ((k.value ->> 'member'::text))::bigint AS member,
             (((k.value ->> 'hours'::text))::numeric * COALESCE(( SELECT p.part
                    FROM percent p
                   WHERE (p.organisation = ((k.value ->> 'organisation'::text))::bigint)), (1)::numeric)) AS hours
            FROM (s
              CROSS JOIN LATERAL jsonb_array_elements((s.c -> 'capacities'::text)) k(value))
         ), staff AS (
          SELECT m_1.member_id,
             m_1.organisation_id,
             g.hours AS own,
             row_number() OVER (PARTITION BY m_1.organisation_id, (g.hours IS NULL) ORDER BY m_1.member_id) AS k,
             count(*) OVER (PARTITION BY m_1.organisation_id, (g.hours IS NULL)) AS n
            FROM ((((s
              CROSS JOIN LATERAL unnest(data.plan_partners(s.c)) o_1(o))
              JOIN data.membership m_1 ON (((m_1.organisation_id = o_1.o) AND ((m_1.ended_on IS NULL) OR (m_1.ended_on > data.today())))))
              JOIN data.member p ON (((p.id = m_1.member_id) AND (p.disabled_at IS NULL))))
              LEFT JOIN given g ON (((g.organisation = m_1.organisation_id) AND (g.member = m_1.member_id))))
           WHERE ((m_1.role = 'adviser'::text) OR (g.hours IS NOT NULL))
         ), able AS (
          SELECT t.member_id,
             t.organisation_id,
                 CASE
                     WHEN (t.own IS NOT NULL) THEN floor(((t.own * (60)::numeric) / (((s.c #>> '{rules,visit_minutes}'::text[]))::integer)::numeric))
                     ELSE (floor(((floor(((h.hours * (60)::numeric) / (((s.c #>> '{rules,visit_minutes}'::text[]))::integer)::numeric)) * (t.k)::numeric) / (t.n)::numeric)) - floor(((floor(((h.hours * (60)::numeric) / (((s.c #>> '{rules,visit_minutes}'::text[]))::integer)::numeric)) * ((t.k - 1))::numeric) / (t.n)::numeric)))
                 END AS visits
            FROM ((s
              CROSS JOIN staff t)
              LEFT JOIN given h ON (((h.organisation = t.organisation_id) AND (h.member IS NULL))))
         )
  SELECT a.member_id,
     a.organisation_id,
     m.name,
     COALESCE((b.lon)::double precision, ext.st_x(o.base), ext.st_x(c.centre)) AS "coalesce",
     COALESCE((b.lat)::double precision, ext.st_y(o.base), ext.st_y(c.centre)) AS "coalesce",
     (a.visits)::integer AS visits
    FROM ((((able a
      JOIN data.member m ON ((m.id = a.member_id)))
      JOIN data.organisation o ON ((o.id = a.organisation_id)))
      LEFT JOIN data.commune c ON ((c.code = o.commune_code)))
      LEFT JOIN LATERAL ( SELECT (avg(f.lon) / 100000.0) AS lon,
             (avg(f.lat) / 100000.0) AS lat
            FROM (data.visit v
              JOIN data.facet f ON ((f.id = v.establishment_id)))
           WHERE ((v.member_id = a.member_id) AND (v.organisation_id = a.organisation_id) AND (v.planned_at > (data.now() - '1 year'::interval)) AND (f.lon IS NOT NULL))
          HAVING (count(*) >= 5)) b ON (true))
   WHERE (a.visits > (0)::numeric)
   ORDER BY a.organisation_id, a.member_id;
END;

CREATE FUNCTION data.scenario_begin(scenario bigint) RETURNS bigint
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'data', 'pg_temp'
    AS $$
declare
    taken bigint;
begin
    update plan_scenario s set state = 'running', progress = 2
     where s.id = scenario_begin.scenario and s.state in ('waiting', 'running') returning s.plan_id into taken;
    delete from plan_line l where taken is not null and l.scenario_id = scenario_begin.scenario;
    return taken;
end
$$;

CREATE FUNCTION data.scenario_done(scenario bigint, told jsonb) RETURNS boolean
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'data', 'pg_temp'
    AS $$
declare
    impossible boolean := scenario_done.told ? 'conflict';
begin
    update plan_scenario s
       set state = case when impossible then 'impossible' else 'done' end, progress = 100,
           lines_hash = case when not impossible then (
               select sha256(convert_to(coalesce(string_agg(l.establishment_id || ':' || l.organisation_id || ':' || l.member_id, ',' order by l.establishment_id), ''), 'UTF8'))
                 from plan_line l where l.scenario_id = s.id and l.organisation_id is not null) end,
           summary = scenario_done.told || (
               select jsonb_build_object(
                   'candidates', count(*) filter (where l.reason not in ('rest', 'opposition', 'promised')),
                   'resting', count(*) filter (where l.reason = 'rest'), 'opposed', count(*) filter (where l.reason = 'opposition'),
                   'promised', count(*) filter (where l.reason = 'promised'),
                   'covered', count(l.organisation_id), 'first', count(*) filter (where l.is_first and l.organisation_id is not null),
                   'small', count(*) filter (where l.is_small and l.organisation_id is not null), 'km', coalesce(sum(l.km), 0),
                   'worth', coalesce(sum(l.worth), 0),
                   'communes', count(distinct f.commune) filter (where l.reason not in ('rest', 'opposition', 'promised')),
                   'served', count(distinct f.commune) filter (where l.organisation_id is not null),
                   'never', count(*) filter (where l.is_first and l.reason not in ('rest', 'opposition', 'promised')))
                 from plan_line l join facet f on f.id = l.establishment_id where l.scenario_id = s.id)
           || jsonb_build_object('partners', (
               select coalesce(jsonb_agg(to_jsonb(x) order by x.organisation), '[]')
                 from (select l.organisation_id as organisation, count(*) as visits, count(*) filter (where l.is_first) as first,
                              count(*) filter (where l.is_small) as small, coalesce(sum(l.km), 0) as km, sum(l.worth) as worth,
                              count(distinct f.commune) as communes
                         from plan_line l join facet f on f.id = l.establishment_id
                        where l.scenario_id = s.id and l.organisation_id is not null group by 1) x))
     where s.id = scenario_done.scenario and s.state = 'running';
    if not found then
        return false;
    end if;
    perform data.log('plan.computed', null, null, jsonb_build_object('plan', s.plan_id, 'scenario', s.id, 'state', s.state, 'name', s.name),
                     s.member_id, s.organisation_id)
       from plan_scenario s where s.id = scenario_done.scenario;
    return true;
end
$$;

CREATE FUNCTION data.scenario_facts(scenario bigint, ids bigint[]) RETURNS TABLE(id bigint, lon integer, lat integer, potential integer, needs integer, silence integer, tension integer, is_first boolean, is_small boolean, commune integer, fits integer, state text, why text, previous bigint)
    LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path TO 'data', 'pg_temp'
    AS $$
declare
    s      plan_scenario := (select x from plan_scenario x where x.id = scenario_facts.scenario);
    first  date := greatest(data.today(), (s.content ->> 'starts_on')::date);
    now    timestamptz := data.now();
    chosen integer[] := (select array_agg(data.commune_number(c)) from jsonb_array_elements_text(s.content -> 'communes') c);
begin
    return query
    with f as materialized (
        select x.* from unnest(scenario_facts.ids) k join facet x on x.id = k
         where x.active and (chosen is null or x.commune = any (chosen))
    ), want as (
        select n.establishment_id, least(count(*), 5)::integer as n from need n
         where n.establishment_id in (select f.id from f) and n.state in ('declared', 'confirmed', 'offer') group by 1
    ), fit as (
        select f.id, bit_or(1 << (n.rank - 1)) as bits
          from f join establishment e on e.id = f.id
          left join size_band b on b.code = e.size_band
          join plan_public p on case p.criterion when 'size' then b.least >= p.value::integer else starts_with(e.naf, p.value) end
          join network n on n.code = p.network
         group by 1
    )
    select f.id, coalesce(f.lon, round(ext.ST_X(c.centre) * 100000)::integer), coalesce(f.lat, round(ext.ST_Y(c.centre) * 100000)::integer),
           coalesce(f.potential, 0) / 10, coalesce(w.n, 0),
           case when f.last_contact_at is null then 24 else least(24, extract(epoch from now - f.last_contact_at) / 2592000)::integer end,
           coalesce(f.tension, 0) / 10, f.last_visit_at is null, coalesce(f.size between 0 and 3, false), f.commune, coalesce(t.bits, 0),
           case when f.opposed then 'opposition' when q.id is not null and q.plan_id is distinct from s.plan_id then 'promised'
                when f.rest_until >= first then 'rest' else '' end,
           case when f.opposed then 'L’employeur s’oppose à toute sollicitation.'
                when q.id is not null and q.plan_id is distinct from s.plan_id
                then 'Déjà promis par ' || o.short_name || ' jusqu’au ' || to_char(q.due_on, 'DD/MM/YYYY') || '.'
                when f.rest_until >= first
                then 'En repos jusqu’au ' || to_char(f.rest_until, 'DD/MM/YYYY') || coalesce(', contacté par ' || g.short_name, '') || '.' end,
           case when q.plan_id = s.plan_id then q.member_id end
      from f
      join territory_commune tc on tc.number = f.commune and tc.territory_id = (select p.territory_id from plan p where p.id = s.plan_id)
      join data.commune c on c.code = tc.commune_code
      left join want w on w.establishment_id = f.id
      left join fit t on t.id = f.id
      left join promise q on q.establishment_id = f.id and q.state = 'active' and f.holder is not null
      left join organisation o on o.id = q.organisation_id
      left join organisation g on g.id = f.contact_by
     order by f.id;
end
$$;

CREATE FUNCTION data.scenario_failed(scenario bigint) RETURNS void
    LANGUAGE sql SECURITY DEFINER
    SET search_path TO 'data', 'pg_temp'
    BEGIN ATOMIC
 UPDATE data.plan_scenario s SET state = 'failed'::text
   WHERE ((s.id = scenario_failed.scenario) AND (s.state = ANY (ARRAY['waiting'::text, 'running'::text])));
END;

CREATE FUNCTION data.scenario_normal(settings jsonb) RETURNS jsonb
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    SET search_path TO 'data', 'pg_temp'
    RETURN jsonb_strip_nulls(jsonb_build_object('hours', (settings -> 'hours'::text), 'shares', (settings -> 'shares'::text), 'weights', (settings -> 'weights'::text), 'rules', (settings -> 'rules'::text)));

CREATE FUNCTION data.scenario_plan(scenario bigint) RETURNS bigint
    LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path TO 'data', 'pg_temp'
    AS $$
declare
    its bigint := (select s.plan_id from plan_scenario s join plan p on p.id = s.plan_id
                    where s.id = scenario_plan.scenario and auth.is_partner() and p.territory_id = auth.territory());
begin
    if its is null then
        perform auth.refuse('not_found');
    end if;
    return its;
end
$$;

CREATE FUNCTION data.scenario_step(scenario bigint, progress integer) RETURNS boolean
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'data', 'pg_temp'
    AS $$
begin
    update plan_scenario s set progress = scenario_step.progress where s.id = scenario_step.scenario and s.state = 'running';
    return found;
end
$$;

CREATE FUNCTION data.scenario_ties(scenario bigint, ids bigint[]) RETURNS TABLE(id bigint, organisation bigint, fruitful integer, known boolean)
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'data', 'pg_temp'
    BEGIN ATOMIC
 WITH k AS MATERIALIZED (
          SELECT unnest(scenario_ties.ids) AS id
         ), p AS MATERIALIZED (
          SELECT unnest(data.plan_partners(s.content)) AS id
            FROM data.plan_scenario s
           WHERE (s.id = scenario_ties.scenario)
         ), t AS (
          SELECT r.establishment_id,
             r.organisation_id,
             1 AS fruitful,
             false AS known
            FROM ((k
              JOIN data.report r ON ((r.establishment_id = k.id)))
              JOIN p ON ((p.id = r.organisation_id)))
           WHERE (r.outcome = ANY (ARRAY['needs'::text, 'later'::text]))
         UNION ALL
          SELECT c.establishment_id,
             c.organisation_id,
             0,
             true
            FROM ((k
              JOIN data.contact c ON ((c.establishment_id = k.id)))
              JOIN p ON ((p.id = c.organisation_id)))
           WHERE (c.erased_at IS NULL)
         )
  SELECT t.establishment_id,
     t.organisation_id,
     (LEAST(sum(t.fruitful), (5)::bigint))::integer AS "least",
     bool_or(t.known) AS bool_or
    FROM t
   GROUP BY t.establishment_id, t.organisation_id;
END;

CREATE FUNCTION data.segment_counted(segment bigint, version integer, entered integer, gone integer) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'data', 'pg_temp'
    AS $$
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

CREATE FUNCTION data.segment_guard() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'data', 'pg_temp'
    AS $$
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

CREATE TABLE data.segment (
    id bigint NOT NULL,
    territory_id bigint NOT NULL,
    organisation_id bigint NOT NULL,
    name text NOT NULL,
    lead text,
    shared boolean DEFAULT true NOT NULL,
    version integer DEFAULT 0 NOT NULL,
    edit integer DEFAULT 1 NOT NULL,
    made_by bigint NOT NULL,
    made_at timestamp with time zone NOT NULL,
    archived_at timestamp with time zone,
    members integer,
    member_version integer DEFAULT 0 NOT NULL,
    refreshed_at timestamp with time zone,
    CONSTRAINT segment_name CHECK ((((length(name) >= 3) AND (length(name) <= 80)) AND (name = TRIM(BOTH FROM name))))
);

CREATE FUNCTION data.segment_speak(segment bigint) RETURNS void
    LANGUAGE sql SECURITY DEFINER
    SET search_path TO 'data', 'pg_temp'
    BEGIN ATOMIC
 SELECT set_config('maillage.member'::text, ''::text, true) AS set_config,
     set_config('maillage.organisation'::text, (s.organisation_id)::text, true) AS set_config,
     set_config('maillage.network'::text, o.network, true) AS set_config,
     set_config('maillage.territory'::text, (s.territory_id)::text, true) AS set_config,
     set_config('maillage.role'::text, 'adviser'::text, true) AS set_config
    FROM (data.segment s
      JOIN data.organisation o ON ((o.id = s.organisation_id)))
   WHERE (s.id = segment_speak.segment);
END;

CREATE FUNCTION data.segment_told() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'data', 'pg_temp'
    AS $$
begin
    if new.edit <> old.edit then
        perform data.log('segment.edited', null, null, jsonb_strip_nulls(jsonb_build_object('segment', new.id, 'name', new.name,
            'lead', new.lead, 'shared', new.shared, 'archived', new.archived_at is not null)), null, new.organisation_id);
    end if;
    return null;
end
$$;

CREATE FUNCTION data.segment_touch() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'data', 'pg_temp'
    AS $$
begin
    insert into segment_touched (establishment_id)
    select n.establishment_id from fresh n where exists (select from segment);
    return null;
end
$$;

CREATE FUNCTION data.segment_touch_gone() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'data', 'pg_temp'
    AS $$
begin
    insert into segment_touched (establishment_id) select g.id from gone g where exists (select from segment);
    return null;
end
$$;

CREATE FUNCTION data.segment_version_frozen() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
begin
    perform auth.refuse('segment_version_fixed');
    return null;
end
$$;

CREATE FUNCTION data.segment_version_guard() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'data', 'pg_temp'
    AS $$
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

CREATE FUNCTION data.segment_version_told() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'data', 'pg_temp'
    AS $$
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

CREATE FUNCTION data.segments_stale() RETURNS void
    LANGUAGE sql SECURITY DEFINER
    SET search_path TO 'data', 'pg_temp'
    BEGIN ATOMIC
 UPDATE data.segment s SET member_version = 0
   WHERE (s.member_version <> 0);
END;

CREATE FUNCTION data.source_file_guard() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
begin
    new.received_at := coalesce(new.received_at, data.now());
    return new;
end
$$;

CREATE FUNCTION data.source_file_received() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'data', 'pg_temp'
    AS $$
begin
    delete from import_progress p where p.file_id = new.id;
    perform data.job_add(case new.state when 'received' then 'import.partner' when 'preview' then 'import.preview'
                                        else 'import.revert' end, jsonb_build_object('file', new.id));
    return null;
end
$$;

CREATE FUNCTION data.source_file_told() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'data', 'pg_temp'
    AS $$
begin
    if new.state in ('done', 'refused', 'cancelled', 'reverted') then
        perform data.log('import.' || new.state, null, null,
                         jsonb_build_object('file', new.id, 'name', new.name)
                         || case when new.state = 'reverted' then jsonb_build_object('reverted', new.summary -> 'reverted') else '{}' end,
                         case when new.state = 'reverted' then new.reverted_by else new.member_id end, new.organisation_id);
    else
        perform data.import_tell(new.id, new.state);
    end if;
    return null;
end
$$;

CREATE FUNCTION data.source_record_sealed() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'data', 'pg_temp'
    AS $$
begin
    if exists (select from source_record r where r.id = new.id and r.sealed is null and not r.received ? 'effacé le') then
        raise exception using errcode = '23514', constraint = 'source_record_sealed', table = 'source_record', schema = 'data',
            message = 'a line of a file must be sealed';
    end if;
    return null;
end
$$;

CREATE FUNCTION data.standing_follows() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'data', 'pg_temp'
    AS $$
begin
    perform standing_of(new.establishment_id);
    return null;
end
$$;

CREATE FUNCTION data.standing_of(establishment bigint) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'data', 'pg_temp'
    AS $$
begin
    insert into data.standing as s (establishment_id, visits, last_visit_at, last_contact_at, last_contact_by, rest_until, opposed)
    select standing_of.establishment,
           (select count(*) from data.contact_event c where c.establishment_id = standing_of.establishment and c.kind = 'visit'),
           (select max(c.at) from data.contact_event c where c.establishment_id = standing_of.establishment and c.kind = 'visit'),
           last.at, last.organisation_id,
           (select max(((c.at at time zone 'Europe/Paris')::date
                        + case c.kind when 'visit' then a.rest_visit_days when 'call' then a.rest_call_days
                                      when 'mail' then a.rest_mail_days else a.rest_forum_days end))
              from data.contact_event c
              join data.organisation o on o.id = c.organisation_id
              cross join lateral data.agreement_in_force(o.network) a
             where c.establishment_id = standing_of.establishment),
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

CREATE FUNCTION data.stock_make(communes integer[]) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'data', 'pg_temp'
    AS $$
begin
    delete from stock s where s.commune = any (stock_make.communes);
    insert into stock (commune, division, size, establishments, strong)
    select f.commune, (f.naf / 3200)::smallint, f.size, count(*), count(*) filter (where f.potential >= data.strong_potential())
      from facet f
     where f.active and f.commune = any (stock_make.communes)
     group by f.commune, f.naf / 3200, f.size;
end
$$;

CREATE FUNCTION data.strong_potential() RETURNS smallint
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN (60)::smallint;

CREATE FUNCTION data.task_action_over() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'data', 'pg_temp'
    AS $$
begin
    if tg_table_name = 'task' then
        update task t set done_at = new.done_at, done_by = new.done_by
         where t.promise_id = new.promise_id and t.kind = 'action.late' and split_part(t.mark, ' ', 1) = new.mark and t.done_at is null;
    elsif not data.is_moving() then
        update task t set done_at = data.now()
         where t.establishment_id = new.establishment_id and t.organisation_id = new.organisation_id
           and t.kind in ('action.due', 'action.late') and t.done_at is null;
    end if;
    return null;
end
$$;

CREATE FUNCTION data.task_follow() RETURNS integer
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'data', 'pg_temp'
    AS $$
declare
    at     timestamptz := data.now();
    today  date := data.today();
    raised integer;
begin
    with waiting as (
        -- The day after a visit its report is due.
        select 'report' as what, v.id as visit, v.promise_id, v.organisation_id, v.member_id, v.establishment_id,
               data.working_day_after((v.planned_at at time zone 'Europe/Paris')::date, 1) as due_on
          from visit v
         where v.state = 'planned' and v.planned_at < at and v.planned_at > at - interval '60 days'
        union all
        select 'action', r.visit_id, v.promise_id, r.organisation_id, r.member_id, r.establishment_id, r.next_action_on
          from report r join visit v on v.id = r.visit_id
         where r.next_action is not null and r.next_action_on between today - 60 and today
           -- Touched since by the same organisation: done.
           and not exists (select from contact_event c where c.establishment_id = r.establishment_id
                              and c.organisation_id = r.organisation_id and c.at > r.written_at)
           and not exists (select from visit w where w.establishment_id = r.establishment_id and w.organisation_id = r.organisation_id
                              and w.state = 'planned' and w.planned_at > at)),
    due (kind, mark, organisation_id, member_id, establishment_id, promise_id, due_on) as (
        select w.what || '.due', w.visit::text, w.organisation_id, w.member_id, w.establishment_id, w.promise_id, w.due_on
          from waiting w where w.due_on <= today
        union all
        -- Two working days later the managers hear of it too, unless it was put away.
        select w.what || '.late', w.visit || ' ' || m.member_id, w.organisation_id, m.member_id, w.establishment_id, w.promise_id, w.due_on
          from waiting w
          join membership m on m.organisation_id = w.organisation_id and m.role = 'manager' and m.member_id <> w.member_id
                           and (m.ended_on is null or m.ended_on > today)
         where data.working_day_after(w.due_on, 2) <= today
           and not exists (select from task t where t.kind = w.what || '.due' and t.mark = w.visit::text
                              and (t.done_at is not null or t.later_on > today))),
    made as (
        insert into task (kind, mark, organisation_id, member_id, establishment_id, promise_id, due_on, raised_at)
        select d.*, at from due d
         where not exists (select from task t where t.kind = d.kind and t.mark = d.mark and t.promise_id = d.promise_id)
        on conflict do nothing
        returning id)
    select count(*) into raised from made;
    return raised;
end
$$;

CREATE FUNCTION data.task_guard() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
begin
    if old.done_at is not null then
        perform auth.refuse('task_done');
    end if;
    if new.later_on is distinct from old.later_on and not new.later_on between data.today() + 1 and data.today() + 60 then
        perform auth.refuse('due_out_of_range', json_build_object('field', 'on', 'first_due_on', data.today() + 1,
                                                                  'last_due_on', data.today() + 60));
    end if;
    return new;
end
$$;

CREATE FUNCTION data.task_promise_over() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'data', 'pg_temp'
    AS $$
begin
    if data.is_moving() then
        return null; -- with its employer (data.merge_do)
    end if;
    -- A date that moves says nothing of what others were asked.
    update task t set done_at = data.now()
     where t.promise_id = new.id and t.done_at is null and (new.state <> 'active' or t.kind = 'promise.due') and t.kind <> 'transfer.answered';
    return null;
end
$$;

CREATE FUNCTION data.task_raise() RETURNS integer
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'data', 'pg_temp'
    AS $$
declare
    at     timestamptz := data.now();
    today  date := data.today();
    raised integer;
begin
    with due (kind, mark, organisation_id, member_id, establishment_id, offer_id, promise_id, due_on) as (
        -- Five days and one day before a reservation ends.
        select 'offer.opening', case when o.opens_at <= at + interval '1 day' then '1' else '5' end, o.organisation_id, o.member_id,
               o.establishment_id, o.id, null::bigint, (o.opens_at at time zone 'Europe/Paris')::date
          from offer o
         where o.state = 'reserved' and o.opens_at <= at + interval '5 days' and o.opens_at > at
        union all
        select 'offer.unserved', '', o.organisation_id, o.member_id, o.establishment_id, o.id, null, today
          from offer o
          join organisation g on g.id = o.organisation_id
          join (select n.code, (data.agreement_in_force(n.code)).unserved_days as days from network n) a on a.code = g.network
         where o.state in ('reserved', 'open') and o.confirmed_at <= at - make_interval(days => a.days) and o.posts_filled = 0
           and not exists (select from referral r where r.offer_id = o.id and r.state <> 'withdrawn')
        union all
        -- An open offer ends in five days: does it still stand? The mark is the end, so that each prolongation asks anew.
        select 'offer.closing', to_char(o.closes_at at time zone 'Europe/Paris', 'YYYY-MM-DD'), o.organisation_id, o.member_id,
               o.establishment_id, o.id, null, (o.closes_at at time zone 'Europe/Paris')::date
          from offer o
         where o.state = 'open' and o.closes_at <= at + interval '5 days' and o.closes_at > at
        union all
        -- Seven days and one day before a promise is due; the mark is the day, so that an extension asks anew.
        select 'promise.due', case when p.due_on <= today + 1 then '1 ' else '7 ' end || p.due_on, p.organisation_id, p.member_id,
               p.establishment_id, null, p.id, p.due_on
          from promise p
         where p.state = 'active' and p.due_on <= today + 7
           and data.absent_until(p.member_id, p.organisation_id) is null -- who is absent is asked nothing
           and not exists (select from visit v where v.promise_id = p.id and v.state = 'planned' and v.planned_at > at)),
    made as (
        insert into task (kind, mark, organisation_id, member_id, establishment_id, offer_id, promise_id, due_on, raised_at)
        select d.*, at from due d
         where not exists (select from task t where t.kind = d.kind and t.mark = d.mark
                              and coalesce(t.offer_id, t.promise_id) = coalesce(d.offer_id, d.promise_id)
                              and coalesce(t.referral_id, 0) = 0)
        on conflict do nothing
        returning id, kind, offer_id, promise_id),
    -- A second reminder takes the place of the first.
    replaced as (
        update task t set done_at = at from made m
         where t.id <> m.id and t.kind = m.kind and t.done_at is null and m.kind in ('offer.opening', 'promise.due')
           and (t.offer_id = m.offer_id or t.promise_id = m.promise_id))
    select count(*) into raised from made;
    -- An answer that nobody put away is old news after two weeks.
    update task t set done_at = at where t.kind in ('referral.answered', 'transfer.answered', 'visit.answered') and t.done_at is null and t.raised_at < at - interval '14 days';
    return raised;
end
$$;

CREATE FUNCTION data.task_reported() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'data', 'pg_temp'
    AS $$
begin
    if data.is_moving() then
        return null;
    end if;
    if tg_table_name = 'report' then
        update task t set done_at = data.now()
         where t.kind in ('report.due', 'report.late') and split_part(t.mark, ' ', 1) = new.visit_id::text and t.done_at is null;
        if tg_op = 'UPDATE' and new.next_action_on is distinct from old.next_action_on then
            update task t set done_at = data.now()
             where t.kind in ('action.due', 'action.late') and split_part(t.mark, ' ', 1) = new.visit_id::text and t.done_at is null;
        end if;
    else
        update task t set done_at = data.now()
         where t.kind in ('report.due', 'report.late') and split_part(t.mark, ' ', 1) = new.id::text and t.done_at is null;
    end if;
    return null;
end
$$;

CREATE FUNCTION data.task_visit_planned() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'data', 'pg_temp'
    AS $$
begin
    update task t set done_at = data.now() where t.promise_id = new.promise_id and t.done_at is null and t.kind = 'promise.due';
    return null;
end
$$;

CREATE FUNCTION data.team_for(member bigint, organisation bigint, establishment bigint) RETURNS bigint
    LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path TO 'data', 'pg_temp'
    AS $$
begin
    return (select t.id from team t
              join team_member m on m.team_id = t.id and m.member_id = team_for.member and m.organisation_id = team_for.organisation
              join segment_member s on s.segment_id = t.segment_id and s.establishment_id = team_for.establishment
             where t.state = 'active'
             order by t.id limit 1);
end
$$;

CREATE FUNCTION data.team_guard() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'data', 'pg_temp'
    AS $$
begin
    if tg_op = 'INSERT' then
        new.state := 'proposed';
        new.made_at := data.now();
        new.ended_at := null;
        return new;
    end if;
    if old.state = 'ended' then
        perform auth.refuse('team_not_active');
    end if;
    if (new.territory_id, new.organisation_id, new.made_by, new.made_at, new.segment_id)
       is distinct from (old.territory_id, old.organisation_id, old.made_by, old.made_at, old.segment_id) then
        perform auth.refuse('team_fixed');
    end if;
    -- In force by the agreement of each, and of two at least.
    if new.state = 'active' and old.state <> 'active'
       and ((select count(*) from team_partner p where p.team_id = new.id) < 2
            or exists (select from team_partner p where p.team_id = new.id and p.agreed_at is null)) then
        perform auth.refuse('team_not_agreed');
    end if;
    if new.state = 'ended' then
        new.ended_at := data.now();
        if coalesce(length(trim(new.reason)), 0) < 3 then
            perform auth.refuse('reason_required', json_build_object('field', 'reason'));
        end if;
    end if;
    return new;
end
$$;

CREATE FUNCTION data.team_has(team bigint, member bigint, organisation bigint) RETURNS boolean
    LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path TO 'data', 'pg_temp'
    AS $$
begin
    return team_has.team is not null
           and exists (select from team t join team_member m on m.team_id = t.id
                        where t.id = team_has.team and t.state = 'active'
                          and m.member_id = team_has.member and m.organisation_id = team_has.organisation);
end
$$;

CREATE TABLE data.team (
    id bigint NOT NULL,
    territory_id bigint NOT NULL,
    name text NOT NULL,
    purpose text,
    segment_id bigint,
    organisation_id bigint NOT NULL,
    made_by bigint NOT NULL,
    made_at timestamp with time zone NOT NULL,
    state text DEFAULT 'proposed'::text NOT NULL,
    ended_at timestamp with time zone,
    reason text,
    CONSTRAINT team_ended CHECK (((state = 'ended'::text) = (ended_at IS NOT NULL))),
    CONSTRAINT team_name CHECK (((length(name) >= 3) AND (length(name) <= 80))),
    CONSTRAINT team_purpose CHECK ((length(purpose) <= 500)),
    CONSTRAINT team_reason CHECK ((length(reason) <= 500)),
    CONSTRAINT team_state CHECK ((state = ANY (ARRAY['proposed'::text, 'active'::text, 'ended'::text])))
);

CREATE FUNCTION data.team_manager(team bigint) RETURNS data.team
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'data', 'pg_temp'
    AS $$
declare
    t team;
begin
    if auth.role() is distinct from 'manager' then
        perform auth.refuse('forbidden');
    end if;
    select * into t from team x where x.id = team_manager.team and x.territory_id = auth.territory() for update;
    if not found then
        perform auth.refuse('not_found');
    end if;
    if not exists (select from team_partner p where p.team_id = t.id and p.organisation_id = auth.organisation()) then
        perform auth.refuse('forbidden');
    end if;
    return t;
end
$$;

CREATE FUNCTION data.team_member_guard() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'data', 'pg_temp'
    AS $$
begin
    if not data.visits_for(new.member_id, new.organisation_id) then
        perform auth.refuse('member_not_here', json_build_object('field', 'members'));
    end if;
    return new;
end
$$;

CREATE FUNCTION data.team_members_set(team bigint, members bigint[]) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'data', 'pg_temp'
    AS $$
begin
    delete from team_member m where m.team_id = team_members_set.team and m.organisation_id = auth.organisation()
       and m.member_id <> all (members);
    insert into team_member (team_id, organisation_id, member_id)
    select distinct team_members_set.team, auth.organisation(), x from unnest(members) x
    on conflict do nothing;
    if not exists (select from team_member m where m.team_id = team_members_set.team and m.organisation_id = auth.organisation()) then
        perform auth.refuse('invalid', json_build_object('field', 'members'));
    end if;
end
$$;

CREATE FUNCTION data.team_told() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'data', 'pg_temp'
    AS $$
begin
    if tg_op = 'UPDATE' and new.state = old.state then
        return null;
    end if;
    perform data.log('team.' || new.state, null, null, jsonb_build_object('team', new.id), new.made_by, new.organisation_id);
    if new.state = 'ended' then
        -- What the team held stays with who promised it.
        update promise p set team_id = null where p.team_id = new.id and p.state = 'active';
        update task t set done_at = data.now() where t.team_id = new.id and t.done_at is null;
    end if;
    return null;
end
$$;

CREATE FUNCTION data.territory_runs(territory bigint) RETURNS int4multirange
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'data', 'pg_temp'
    BEGIN ATOMIC
 WITH every AS (
          SELECT data.commune_number(c.code) AS n,
             row_number() OVER (ORDER BY (data.commune_number(c.code))) AS place
            FROM data.commune c
         ), mine AS (
          SELECT e.n,
             (e.place - row_number() OVER (ORDER BY e.n)) AS run
            FROM (every e
              JOIN data.territory_commune t ON (((t.number = e.n) AND (t.territory_id = territory_runs.territory))))
         ), span AS (
          SELECT int4range(min(m.n), max(m.n), '[]'::text) AS span
            FROM mine m
           GROUP BY m.run
         )
  SELECT COALESCE(range_agg(s.span), '{}'::int4multirange) AS "coalesce"
    FROM span s;
END;

CREATE FUNCTION data.territory_runs_keep() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'data', 'pg_temp'
    AS $$
begin
    update territory t set runs = data.territory_runs(t.id) where t.runs is distinct from data.territory_runs(t.id);
    return null;
end
$$;

CREATE FUNCTION data.tour_begin(job bigint) RETURNS TABLE(tour bigint, revision integer, members integer, again boolean)
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'data', 'pg_temp'
    AS $$
begin
    return query
        update data.tour t set state = 'running', progress = 0, error = null
          from data.job j
         where j.id = tour_begin.job and t.id = (j.payload ->> 'tour')::bigint and t.revision = (j.payload ->> 'revision')::integer
           and t.state in ('waiting', 'running', 'ready') and t.planned < t.revision
        returning t.id, t.revision, cardinality(t.members), t.planned > 0;
end
$$;

CREATE FUNCTION data.tour_days(tour bigint) RETURNS TABLE(member bigint, day integer, opens integer, closes integer, lunch_from integer, lunch_to integer, lunch integer, lon double precision, lat double precision, density integer, most integer)
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'data', 'pg_temp'
    AS $$
    select d.* from tour t cross join lateral data.member_days(t.members, t.organisation_id, t.first_day, t.last_day) d
     where t.id = tour_days.tour
$$;

CREATE FUNCTION data.tour_fail(tour bigint, revision integer, error text) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'data', 'pg_temp'
    AS $$
begin
    update data.tour t set state = 'failed', error = tour_fail.error, finished_at = data.now()
     where t.id = tour_fail.tour and t.revision = tour_fail.revision and t.state = 'running';
    if found then
        perform data.tour_tell(tour_fail.tour, 'failed');
    end if;
end
$$;

CREATE FUNCTION data.tour_guard() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'data', 'pg_temp'
    AS $$
begin
    if tg_op = 'INSERT' then
        new.asked_at := data.now();
        new.state := 'waiting';
        new.revision := 1;
        if new.last_day < data.today() then
            perform auth.refuse('tour_in_the_past', json_build_object('field', 'first'));
        end if;
        if exists (select from unnest(new.members) w
                    where not exists (select from membership m where m.member_id = w and m.organisation_id = new.organisation_id
                                         and m.role in ('adviser', 'manager') and (m.ended_on is null or m.ended_on > data.today()))) then
            perform auth.refuse('invalid', json_build_object('field', 'members'));
        end if;
    elsif old.state in ('closed', 'cancelled') and new.state <> old.state then
        perform auth.refuse('tour_closed');
    end if;
    return new;
end
$$;

CREATE FUNCTION data.tour_jobs(tour bigint) RETURNS TABLE(kind text, establishment bigint, visit bigint, promise bigint, member bigint, minutes integer, at integer, lon double precision, lat double precision, density integer, rank integer, worth integer, windows integer[], past_at integer, past_member bigint, past_left boolean, locked boolean)
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'data', 'ext', 'pg_temp'
    AS $$
    with t as (
        select x.* from tour x where x.id = tour_jobs.tour
    ), want as (
        select 'visit' as kind, v.establishment_id, v.id as visit_id, v.promise_id, v.member_id, v.minutes::integer as minutes,
               data.tour_seconds(v.planned_at, t.first_day) as at, 3 as rank, 240 as worth, null::date as until
          from t join visit v on v.organisation_id = t.organisation_id and v.member_id = any (t.members) and v.state = 'planned'
                             and v.planned_at >= greatest(t.first_day, data.today())::timestamp at time zone 'Europe/Paris'
                             and v.planned_at < (t.last_day + 1)::timestamp at time zone 'Europe/Paris'
        union all
        select 'promise', p.establishment_id, null, p.id, p.member_id, w.visit_minutes, null,
               case when p.lapses_on <= t.last_day then 2 when p.due_on <= t.last_day + 7 then 1 else 0 end, 45, p.lapses_on
          from t join promise p on p.organisation_id = t.organisation_id and p.member_id = any (t.members) and p.state = 'active'
                               and p.lapses_on >= greatest(t.first_day, data.today())
         cross join lateral data.work_week_of(p.member_id, t.organisation_id) w
         where not exists (select from visit v where v.promise_id = p.id and v.state = 'planned')
           and not exists (select from tour_line l where l.tour_id = t.id and l.establishment_id = p.establishment_id and l.state = 'refused')
        union all
        select 'nearby', n.establishment, null, null, case when cardinality(t.members) = 1 then t.members[1] end, w.visit_minutes, null, 0, n.worth, null
          from t
         cross join lateral data.tour_nearby(t.id, 24 + 16 * cardinality(t.members)) n
         cross join lateral data.work_week_of(t.members[1], t.organisation_id) w
    )
    select w.kind, w.establishment_id, w.visit_id, w.promise_id,
           case when l.locked then l.member_id else w.member_id end, coalesce(case when l.locked then l.minutes end, w.minutes)::integer,
           coalesce(w.at, case when l.locked then data.tour_seconds(l.starts_at, t.first_day) end),
           ST_X(e.location), ST_Y(e.location), data.density_of(e.commune_code)::integer, w.rank, w.worth,
           case when w.at is null then data.tour_windows(h.hours, t.first_day, t.last_day, coalesce(w.until, t.last_day), w.minutes) else '{}' end,
           case when l.state = 'proposed' then data.tour_seconds(l.starts_at, t.first_day) end, l.member_id,
           coalesce(l.state = 'left' and l.left_reason <> 'again', false), coalesce(l.locked, false)
      from t
     cross join want w
      join establishment e on e.id = w.establishment_id
      left join opening_hours h on h.establishment_id = w.establishment_id
      left join tour_line l on l.tour_id = t.id and l.establishment_id = w.establishment_id and l.kind <> 'visit' and w.kind <> 'visit'
     order by w.rank desc, w.kind, w.establishment_id, w.visit_id
$$;

CREATE FUNCTION data.tour_line_guard() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'data', 'pg_temp'
    AS $$
begin
    if data.is_moving() then
        return new; -- with its employer (data.merge_do)
    end if;
    if old.state in ('fixed', 'accepted') and (new.state, new.starts_at, new.member_id) is distinct from (old.state, old.starts_at, old.member_id) then
        perform auth.refuse('tour_line_settled');
    end if;
    if new.state = 'accepted' and old.state <> 'accepted'
       and not exists (select from visit v where v.id = new.visit_id and v.establishment_id = new.establishment_id and v.member_id = new.member_id
                                             and v.planned_at = new.starts_at) then
        perform auth.refuse('forbidden');
    end if;
    return new;
end
$$;

CREATE FUNCTION data.tour_moment(seconds integer, first date) RETURNS timestamp with time zone
    LANGUAGE sql STABLE PARALLEL SAFE
    RETURN (((first)::timestamp without time zone + make_interval(secs => (seconds)::double precision)) AT TIME ZONE 'Europe/Paris'::text);

CREATE FUNCTION data.tour_nearby(tour bigint, most integer) RETURNS TABLE(establishment bigint, worth integer)
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'data', 'ext', 'pg_temp'
    AS $$
    with t as materialized (
        select t.*, o.network, o.territory_id, o.base, data.now() - interval '1 year' as long_ago
          from tour t join organisation o on o.id = t.organisation_id where t.id = tour_nearby.tour
    ), spot as materialized ( -- where one starts, and where one has to be anyway; about one for each two kilometres
        select distinct round(ST_X(o.at) * 75.7 / 2) * 2 as x, round(ST_Y(o.at) * 111 / 2) * 2 as y -- in kilometres
          from t cross join lateral (
              select t.base as at
              union select c.centre from work_week w join commune c on c.code = w.home_commune
                     where w.member_id = any (t.members) and w.organisation_id = t.organisation_id and w.starts = 'home'
              union select e.location from visit v join establishment e on e.id = v.establishment_id
                     where v.member_id = any (t.members) and v.organisation_id = t.organisation_id and v.state = 'planned'
                       and v.planned_at >= t.first_day::timestamp at time zone 'Europe/Paris'
                       and v.planned_at < (t.last_day + 1)::timestamp at time zone 'Europe/Paris'
              union select e.location from promise p join establishment e on e.id = p.establishment_id
                     where p.member_id = any (t.members) and p.organisation_id = t.organisation_id and p.state = 'active') o
         where o.at is not null
    ), near as materialized ( -- the best by potential and distance, cheaply told
        select f.id, f.potential, f.last_contact_at, d.km
          from t
          join territory_commune tc on tc.territory_id = t.territory_id
          join facet f on f.commune = tc.number and f.active and not f.opposed and f.holder is null
                      and (f.rest_until is null or f.rest_until < t.first_day)
                      and f.lon is not null and f.lat is not null and coalesce(f.size, 1) > 0
         cross join lateral (select sqrt(min((s.x - f.lon * 7.57e-4::float8) ^ 2 + (s.y - f.lat * 1.11e-3::float8) ^ 2)) as km from spot s) d
         where t.nearby and d.km < 30
         order by coalesce(f.potential, 30) / 4.0 - d.km / 1.5 desc, f.id
         limit tour_nearby.most * 6
    )
    select w.id, w.worth
      from (select n.id, n.km,
                   least(45, 5 + coalesce(n.potential, 30) / 4
                             + case when exists (select from segment_member m join segment s on s.id = m.segment_id
                                                  where m.establishment_id = n.id and s.territory_id = t.territory_id and s.archived_at is null
                                                    and (s.organisation_id = t.organisation_id or (s.shared and s.lead = t.network))) then 8 else 0 end
                             + case when n.last_contact_at is null then 7 when n.last_contact_at < t.long_ago then 5 else 0 end) as worth
              from t cross join near n
             where not exists (select from tour_line l where l.tour_id = t.id and l.establishment_id = n.id and l.state in ('refused', 'accepted'))
               and not exists (select from promise p where p.establishment_id = n.id and p.state = 'active')
               and not exists (select from visit v where v.establishment_id = n.id and v.state = 'planned')) w
     order by w.worth - w.km / 1.5 desc, w.id
     limit tour_nearby.most
$$;

CREATE FUNCTION data.tour_purge() RETURNS bigint
    LANGUAGE sql SECURITY DEFINER
    SET search_path TO 'data', 'pg_temp'
    BEGIN ATOMIC
 WITH gone AS (
          DELETE FROM data.tour t
           WHERE (t.last_day < (data.today() - 30))
           RETURNING 1 AS "?column?"
         )
  SELECT count(*) AS count
    FROM gone;
END;

CREATE FUNCTION data.tour_seconds(at timestamp with time zone, first date) RETURNS integer
    LANGUAGE sql STABLE PARALLEL SAFE
    RETURN (EXTRACT(epoch FROM ((at AT TIME ZONE 'Europe/Paris'::text) - (first)::timestamp without time zone)))::integer;

CREATE FUNCTION data.tour_settle(tour bigint, revision integer, lines json, days json, milliseconds integer, moved integer, travel text) RETURNS boolean
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'data', 'pg_temp'
    AS $$
declare
    t data.tour;
begin
    update data.tour x
       set state = 'ready', planned = tour_settle.revision, progress = 100, finished_at = data.now(), milliseconds = tour_settle.milliseconds,
           moved = tour_settle.moved, travel = tour_settle.travel
     where x.id = tour_settle.tour and x.revision = tour_settle.revision and x.state = 'running'
    returning * into t;
    if not found then
        return false;
    end if;
    delete from tour_line l where l.tour_id = t.id and l.state in ('fixed', 'proposed', 'left')
       and (l.kind = 'visit' or not exists (select from json_to_recordset(tour_settle.lines) n (establishment bigint, kind text)
                                             where n.establishment = l.establishment_id and n.kind <> 'visit'));
    insert into tour_line as l (tour_id, establishment_id, member_id, kind, visit_id, promise_id, state, locked, starts_at, minutes, position,
                                way_seconds, way_metres, worth_minutes, cost_minutes, left_reason)
    select t.id, n.establishment, n.member, n.kind, n.visit, n.promise,
           case when n.left_reason is not null then 'left' when n.kind = 'visit' then 'fixed' else 'proposed' end,
           n.locked and n.left_reason is null, data.tour_moment(n.at, t.first_day), n.minutes, n.position, n.way, n.metres, n.worth, n.cost, n.left_reason
      from json_to_recordset(tour_settle.lines) n (establishment bigint, member bigint, kind text, visit bigint, promise bigint, locked boolean,
               at integer, minutes smallint, position smallint, way integer, metres integer, worth smallint, cost integer, left_reason text)
    on conflict (tour_id, establishment_id) where kind <> 'visit' do update
       set (member_id, kind, visit_id, promise_id, state, locked, starts_at, minutes, position, way_seconds, way_metres, worth_minutes, cost_minutes,
            left_reason)
         = (excluded.member_id, excluded.kind, excluded.visit_id, excluded.promise_id, excluded.state, excluded.locked, excluded.starts_at,
            excluded.minutes, excluded.position, excluded.way_seconds, excluded.way_metres, excluded.worth_minutes, excluded.cost_minutes,
            excluded.left_reason)
     where l.state in ('proposed', 'left');
    delete from tour_day d where d.tour_id = t.id;
    insert into tour_day (tour_id, member_id, day, leaves_at, returns_at, way_seconds, way_metres, visits)
    select t.id, n.member, t.first_day + n.day, data.tour_moment(n.leaves, t.first_day), data.tour_moment(n.returns, t.first_day), n.way, n.metres, n.visits
      from json_to_recordset(tour_settle.days) n (member bigint, day integer, leaves integer, returns integer, way integer, metres integer, visits smallint);
    perform data.tour_tell(t.id, 'ready');
    return true;
end
$$;

CREATE FUNCTION data.tour_step(tour bigint, revision integer, percent integer) RETURNS boolean
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'data', 'pg_temp'
    AS $$
begin
    update data.tour t set progress = tour_step.percent
     where t.id = tour_step.tour and t.revision = tour_step.revision and t.state = 'running' and t.progress <> tour_step.percent;
    if found then
        perform data.tour_tell(tour_step.tour, 'progress');
    end if;
    return exists (select from data.tour t where t.id = tour_step.tour and t.revision = tour_step.revision and t.state = 'running');
end
$$;

CREATE FUNCTION data.tour_tell(tour bigint, what text) RETURNS void
    LANGUAGE sql SECURITY DEFINER
    SET search_path TO 'data', 'pg_temp'
    AS $$
    select pg_notify('live', json_build_object('seq', 0, 'kind', 'tour.' || tour_tell.what, 'establishment', null, 'offer', null,
                         'organisation', t.organisation_id, 'territories', json_build_array(o.territory_id), 'at', data.now())::text)
      from data.tour t join data.organisation o on o.id = t.organisation_id
     where t.id = tour_tell.tour
$$;

CREATE FUNCTION data.tour_told() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'data', 'pg_temp'
    AS $$
begin
    if tg_op = 'INSERT' or new.revision <> old.revision then
        perform data.job_add(case when cardinality(new.members) > 1 then 'tour.team' else 'tour.plan' end,
                             jsonb_build_object('tour', new.id, 'revision', new.revision));
    end if;
    if tg_op = 'INSERT' or (new.state <> old.state and new.state in ('cancelled', 'closed')) then
        perform data.log(case when tg_op = 'INSERT' then 'tour.asked' else 'tour.' || new.state end, null, null,
                         jsonb_build_object('tour', new.id, 'first', new.first_day, 'members', cardinality(new.members)),
                         new.asked_by, new.organisation_id);
    end if;
    return null;
end
$$;

CREATE FUNCTION data.tour_windows(hours jsonb, first date, last date, until date, minutes integer) RETURNS integer[]
    LANGUAGE sql IMMUTABLE
    AS $$
    select case when tour_windows.hours is null or tour_windows.hours = '{}'
                then case when tour_windows.until < tour_windows.last then array[0, (tour_windows.until - tour_windows.first + 1) * 86400 - 1] else '{}' end
                else coalesce((select array_agg(v.s order by d.n, p.o, v.k)
                       from generate_series(0, least(tour_windows.last, tour_windows.until) - tour_windows.first) d (n)
                      cross join lateral jsonb_array_elements(tour_windows.hours -> extract(isodow from tour_windows.first + d.n)::text) with ordinality p (pair, o)
                      cross join lateral (values (1, d.n * 86400 + extract(epoch from (p.pair ->> 0)::time)::integer),
                                                 (2, d.n * 86400 + extract(epoch from (p.pair ->> 1)::time)::integer - tour_windows.minutes * 60)) v (k, s)
                      where (p.pair ->> 1)::time - (p.pair ->> 0)::time >= make_interval(mins => tour_windows.minutes)), array[-2, -1]) end
$$;

CREATE TABLE data.transfer (
    id bigint NOT NULL,
    kind text NOT NULL,
    promise_id bigint NOT NULL,
    establishment_id bigint NOT NULL,
    from_organisation_id bigint NOT NULL,
    from_member_id bigint NOT NULL,
    to_organisation_id bigint NOT NULL,
    to_member_id bigint,
    organisation_id bigint NOT NULL,
    member_id bigint NOT NULL,
    message text,
    state text DEFAULT 'proposed'::text NOT NULL,
    reason text,
    made_at timestamp with time zone NOT NULL,
    expires_on date NOT NULL,
    answered_at timestamp with time zone,
    answered_by bigint,
    CONSTRAINT transfer_answered CHECK (((state = 'proposed'::text) = (answered_at IS NULL))),
    CONSTRAINT transfer_asked_by CHECK (((kind = 'give'::text) OR ((to_member_id IS NOT NULL) AND (length(TRIM(BOTH FROM message)) >= 3)))),
    CONSTRAINT transfer_kind CHECK ((kind = ANY (ARRAY['give'::text, 'ask'::text]))),
    CONSTRAINT transfer_message CHECK ((length(message) <= 500)),
    CONSTRAINT transfer_proposer CHECK ((organisation_id =
CASE kind
    WHEN 'give'::text THEN from_organisation_id
    ELSE to_organisation_id
END)),
    CONSTRAINT transfer_reason CHECK ((length(reason) <= 500)),
    CONSTRAINT transfer_refused CHECK (((state <> 'refused'::text) OR (length(TRIM(BOTH FROM reason)) >= 3))),
    CONSTRAINT transfer_state CHECK ((state = ANY (ARRAY['proposed'::text, 'accepted'::text, 'refused'::text, 'withdrawn'::text, 'expired'::text, 'void'::text]))),
    CONSTRAINT transfer_two CHECK ((from_organisation_id <> to_organisation_id))
);

CREATE FUNCTION data.transfer_done(x data.transfer) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'data', 'pg_temp'
    AS $$
declare
    rule  agreement := data.agreement_in_force((select o.network from organisation o where o.id = x.to_organisation_id));
    today date := data.today();
    p     promise;
    v     visit;
    made  bigint;
begin
    select * into p from promise y where y.id = x.promise_id for update;
    select * into v from visit y where y.promise_id = p.id and y.state = 'planned';
    if v.id is not null then
        update visit y set state = 'cancelled', reason = 'Engagement transféré : le rendez-vous est repris par le nouveau titulaire' where y.id = v.id;
    end if;
    update promise y set state = 'transferred' where y.id = p.id;
    insert into promise (establishment_id, organisation_id, member_id, due_on, transfer_id)
    values (p.establishment_id, x.to_organisation_id, x.to_member_id,
            greatest(least(p.due_on, data.working_day_after(today, rule.promise_days_most)), data.working_day_after(today, 5)), x.id)
    returning id into made;
    if v.id is not null then
        insert into visit (establishment_id, organisation_id, member_id, promise_id, contact_id, planned_at, minutes)
        values (p.establishment_id, x.to_organisation_id, x.to_member_id, made,
                (select c.id from contact c where c.id = v.contact_id and c.shared and c.erased_at is null and c.opposition_id is null),
                v.planned_at, v.minutes);
    end if;
end
$$;

CREATE FUNCTION data.transfer_expire(transfer bigint) RETURNS boolean
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'data', 'pg_temp'
    AS $$
begin
    perform data.promise_hold((select t.promise_id from transfer t where t.id = transfer_expire.transfer));
    update transfer t set state = 'expired' where t.id = transfer_expire.transfer and t.state = 'proposed' and t.expires_on < data.today();
    return found;
end
$$;

CREATE FUNCTION data.transfer_guard() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'data', 'pg_temp'
    AS $$
declare
    p        promise;
    today    date := data.today();
    answerer bigint;
    v        record;
begin
    if tg_op = 'UPDATE' and data.is_moving() then
        return new; -- with its employer (data.merge_do)
    end if;
    select * into p from promise x where x.id = new.promise_id for share;
    if tg_op = 'INSERT' then
        if p.id is null or p.state <> 'active' then
            perform auth.refuse('promise_not_active', json_build_object('state', p.state));
        end if;
        new.state := 'proposed';
        new.made_at := data.now();
        new.establishment_id := p.establishment_id;
        new.from_organisation_id := p.organisation_id;
        new.from_member_id := p.member_id;
        new.expires_on := data.working_day_after(today,
            (data.agreement_in_force((select o.network from organisation o where o.id = p.organisation_id))).transfer_days);
        if new.kind = 'give' and new.organisation_id <> p.organisation_id then
            perform auth.refuse('forbidden');
        end if;
        if new.to_organisation_id = p.organisation_id then
            perform auth.refuse('transfer_to_self', json_build_object('field', 'organisation'));
        end if;
        if not data.prospects(new.to_organisation_id, p.establishment_id) then
            perform auth.refuse('invalid', json_build_object('field', 'organisation'));
        end if;
        if new.to_member_id is not null and not data.visits_for(new.to_member_id, new.to_organisation_id) then
            perform auth.refuse('member_not_here', json_build_object('field', 'member'));
        end if;
        if new.kind = 'ask' and coalesce(length(trim(new.message)), 0) < 3 then
            perform auth.refuse('reason_required', json_build_object('field', 'message'));
        end if;
        return new;
    end if;

    if old.state <> 'proposed' then
        perform auth.refuse('transfer_closed', json_build_object('state', old.state));
    end if;
    if (new.kind, new.promise_id, new.establishment_id, new.from_organisation_id, new.from_member_id, new.to_organisation_id,
        new.organisation_id, new.member_id, new.message, new.made_at, new.expires_on)
       is distinct from (old.kind, old.promise_id, old.establishment_id, old.from_organisation_id, old.from_member_id, old.to_organisation_id,
                         old.organisation_id, old.member_id, old.message, old.made_at, old.expires_on) then
        perform auth.refuse('transfer_fixed');
    end if;
    new.answered_at := data.now();
    new.answered_by := auth.member();
    answerer := case new.kind when 'give' then new.to_organisation_id else new.from_organisation_id end;
    if new.state in ('accepted', 'refused') then
        if auth.organisation() is distinct from answerer then
            perform auth.refuse('forbidden');
        end if;
        -- Somebody named answers, or a manager.
        if auth.role() <> 'manager' and auth.member() <> coalesce(case new.kind when 'give' then old.to_member_id else p.member_id end, auth.member()) then
            perform auth.refuse('transfer_named', json_build_object('member', (select m.name from member m
                where m.id = case new.kind when 'give' then old.to_member_id else p.member_id end)));
        end if;
        if old.expires_on < today then
            perform auth.refuse('transfer_closed', json_build_object('state', 'expired'));
        end if;
    elsif new.state = 'withdrawn' then
        if auth.organisation() is distinct from new.organisation_id then
            perform auth.refuse('forbidden');
        end if;
    elsif new.state = 'expired' then
        if old.expires_on >= today then
            perform auth.refuse('transfer_not_due');
        end if;
    elsif new.state = 'void' then
        if p.state = 'active' then
            perform auth.refuse('transfer_not_due');
        end if;
    else
        perform auth.refuse('transfer_fixed');
    end if;
    if new.state = 'refused' and coalesce(length(trim(new.reason)), 0) < 3 then
        perform auth.refuse('reason_required', json_build_object('field', 'reason'));
    end if;
    if new.state = 'accepted' then
        if p.state <> 'active' then
            perform auth.refuse('promise_not_active', json_build_object('state', p.state));
        end if;
        new.to_member_id := coalesce(new.to_member_id, auth.member());
        if new.kind = 'ask' then
            new.to_member_id := old.to_member_id;
        end if;
        if not data.visits_for(new.to_member_id, new.to_organisation_id) then
            perform auth.refuse('member_not_here', json_build_object('field', 'member'));
        end if;
        select x.planned_at into v from visit x where x.promise_id = p.id and x.state = 'planned' and x.planned_at < data.now();
        if found then
            perform auth.refuse('visit_to_report', json_build_object('planned_at', v.planned_at));
        end if;
    elsif new.to_member_id is distinct from old.to_member_id then
        perform auth.refuse('transfer_fixed');
    end if;
    return new;
end
$$;

CREATE FUNCTION data.transfer_told() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'data', 'pg_temp'
    AS $$
declare
    answerer bigint := case new.kind when 'give' then new.to_organisation_id else new.from_organisation_id end;
begin
    if tg_op = 'UPDATE' and data.is_moving() then
        return null;
    end if;
    perform data.log('transfer.' || new.state, new.establishment_id, null,
        jsonb_strip_nulls(jsonb_build_object('transfer', new.id, 'promise', new.promise_id, 'by', new.kind,
            'from_organisation', new.from_organisation_id, 'from_member', new.from_member_id,
            'to_organisation', new.to_organisation_id, 'to_member', new.to_member_id,
            'expires_on', case when new.state = 'proposed' then new.expires_on end,
            'reason', case when new.state = 'proposed' then new.message else new.reason end)),
        new.member_id, new.organisation_id);
    if tg_op = 'INSERT' then
        insert into task (kind, mark, organisation_id, member_id, establishment_id, promise_id, due_on, raised_at)
        values ('transfer.answer', new.id::text, answerer, case new.kind when 'give' then new.to_member_id else new.from_member_id end,
                new.establishment_id, new.promise_id, new.expires_on, data.now());
        perform data.job_add('transfer.expire', jsonb_build_object('transfer', new.id),
                             ((new.expires_on + 1)::timestamp at time zone 'Europe/Paris'));
        return null;
    end if;
    if new.state = 'accepted' then
        perform data.transfer_done(new);
    end if;
    update task t set done_at = data.now() where t.kind = 'transfer.answer' and t.mark = new.id::text and t.done_at is null;
    if new.state in ('accepted', 'refused', 'expired') then
        insert into task (kind, mark, organisation_id, member_id, establishment_id, promise_id, due_on, raised_at)
        values ('transfer.answered', new.id::text, new.organisation_id, new.member_id, new.establishment_id, new.promise_id, data.today(), data.now());
    end if;
    return null;
end
$$;

CREATE FUNCTION data.value_plain(field text, value text) RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN CASE field WHEN 'phone'::text THEN regexp_replace(value, '[\s.()/-]'::text, ''::text, 'g'::text) WHEN 'email'::text THEN lower(TRIM(BOTH FROM value)) WHEN 'naf'::text THEN upper(TRIM(BOTH FROM value)) ELSE NULLIF(regexp_replace(TRIM(BOTH FROM value), '\s+'::text, ' '::text, 'g'::text), ''::text) END;

CREATE FUNCTION data.value_statement_guard() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'data', 'pg_temp'
    AS $_$
begin
    if tg_op = 'UPDATE' then
        if not data.is_moving() and ((to_jsonb(new) - 'ended_at' - 'ended_by') is distinct from (to_jsonb(old) - 'ended_at' - 'ended_by')
                                     or old.ended_at is not null) then
            perform auth.refuse('forbidden');
        end if;
        return new;
    end if;
    new.at := coalesce(new.at, data.now());
    if not (case new.field
           when 'phone' then new.value ~ '^\+?[0-9]{6,15}$'
           when 'email' then new.value ~ '^[^@\s]{1,64}@[^@\s]{1,190}$'
           when 'postcode' then new.value ~ '^[0-9]{5}$'
           when 'naf' then new.value ~ '^[0-9]{2}\.[0-9]{2}[A-Z]$'
           when 'size_band' then exists (select from size_band b where b.code = new.value)
           else new.value ~ '\S' end) then
        perform auth.refuse('invalid', json_build_object('field', 'value'));
    end if;
    return new;
end
$_$;

CREATE FUNCTION data.value_statement_told() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'data', 'pg_temp'
    AS $$
begin
    if tg_op = 'UPDATE' and (new.ended_at is null or old.ended_at is not null) then
        return null; -- moved with its employer
    end if;
    perform data.golden(array[new.establishment_id]);
    perform data.log('value.' || case when tg_op = 'UPDATE' then 'released' else new.kind end, new.establishment_id, null,
                     jsonb_strip_nulls(jsonb_build_object('field', new.field, 'value', new.value, 'visit', new.visit_id,
                         'reason', case when tg_op = 'INSERT' then new.reason end)), new.member_id, new.organisation_id);
    return null;
end
$$;

CREATE FUNCTION data.visit_changed() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path TO 'data', 'pg_temp'
    AS $$
begin
    -- With its employer (data.merge_do) it stays as it was.
    new.changed_at := case when tg_op = 'UPDATE' and data.is_moving() then old.changed_at else data.now() end;
    return new;
end
$$;

CREATE FUNCTION data.visit_guard() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'data', 'pg_temp'
    AS $$
declare
    p promise;
begin
    if tg_op = 'UPDATE' and data.is_moving() then
        return new; -- with its employer (data.merge_do)
    end if;
    select * into p from promise x where x.id = new.promise_id for share;
    if tg_op = 'INSERT' then
        new.state := 'planned';
        new.version := 1;
        if p.state <> 'active' or p.establishment_id <> new.establishment_id
           or p.organisation_id <> new.organisation_id and not data.team_has(p.team_id, new.member_id, new.organisation_id) then
            perform auth.refuse('promise_not_active');
        end if;
    else
        -- Cancelled while somebody without a network was on the way there: it took place (data.report_guard).
        if old.state <> 'planned' and not (old.state = 'cancelled' and new.state = 'done') then
            perform auth.refuse(case old.state when 'done' then 'visit_done' else 'visit_cancelled' end);
        end if;
        -- It goes to a colleague with the promise, and not otherwise.
        if (new.establishment_id, new.organisation_id, new.promise_id) is distinct from (old.establishment_id, old.organisation_id, old.promise_id)
           or new.member_id <> old.member_id and (new.member_id, new.organisation_id, new.state) is distinct from (p.member_id, p.organisation_id, 'planned') then
            perform auth.refuse('visit_fixed');
        end if;
        if new.state = 'cancelled' and coalesce(trim(new.reason), '') = '' then
            perform auth.refuse('reason_required', json_build_object('field', 'reason'));
        end if;
        -- Done is said by a report and by nothing else.
        if new.state = 'done' and not exists (select from report r where r.visit_id = new.id) then
            perform auth.refuse('visit_not_reported');
        end if;
        new.version := old.version + 1;
    end if;
    if new.state = 'planned' and (tg_op = 'INSERT' or new.planned_at <> old.planned_at) then
        if (new.planned_at at time zone 'Europe/Paris')::date < data.today() then
            perform auth.refuse('visit_in_the_past', json_build_object('field', 'planned_at'));
        end if;
        if (new.planned_at at time zone 'Europe/Paris')::date > p.lapses_on then
            perform auth.refuse('visit_after_due', json_build_object('field', 'planned_at', 'due_on', p.due_on, 'lapses_on', p.lapses_on));
        end if;
    end if;
    if new.contact_id is not null and (tg_op = 'INSERT' or new.contact_id is distinct from old.contact_id) then
        perform data.contact_meetable(new.contact_id, new.establishment_id);
    end if;
    return new;
end
$$;

CREATE FUNCTION data.visit_partner_follows() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'data', 'pg_temp'
    AS $$
begin
    if data.is_moving() then
        return null;
    end if;
    if new.state = 'cancelled' then
        update visit_partner x set state = 'withdrawn', reason = new.reason where x.visit_id = new.id and x.state in ('invited', 'accepted');
    else
        update visit_partner x set state = 'invited', reason = null where x.visit_id = new.id and x.state = 'accepted' and not x.asked;
    end if;
    return null;
end
$$;

CREATE FUNCTION data.visit_partner_guard() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'data', 'pg_temp'
    AS $$
declare
    v visit;
begin
    select * into v from visit x where x.id = new.visit_id for share;
    if tg_op = 'INSERT' or new.state = 'invited' then
        new.state := 'invited';
        new.invited_at := data.now();
        new.answered_at := null;
        if auth.organisation() is distinct from (case when new.asked then new.organisation_id else v.organisation_id end)
           and pg_trigger_depth() < 2 then
            perform auth.refuse('forbidden');
        end if;
        if v.state <> 'planned' then
            perform auth.refuse(case v.state when 'done' then 'visit_done' else 'visit_cancelled' end);
        end if;
        if v.planned_at < data.now() then
            perform auth.refuse('visit_in_the_past');
        end if;
        if new.organisation_id = v.organisation_id or not data.prospects(new.organisation_id, v.establishment_id) then
            perform auth.refuse('invalid', json_build_object('field', 'organisation'));
        end if;
        if not data.visits_for(new.member_id, new.organisation_id) then
            perform auth.refuse('member_not_here', json_build_object('field', 'member'));
        end if;
        return new;
    end if;
    if (new.visit_id, new.organisation_id, new.asked, new.invited_by, new.message, new.invited_at)
       is distinct from (old.visit_id, old.organisation_id, old.asked, old.invited_by, old.message, old.invited_at)
       or old.state in ('declined', 'withdrawn') or old.state = 'accepted' and new.state <> 'withdrawn' then
        perform auth.refuse('invitation_closed', json_build_object('state', old.state));
    end if;
    if new.state in ('accepted', 'declined')
       and auth.organisation() is distinct from (case when new.asked then v.organisation_id else new.organisation_id end) then
        perform auth.refuse('forbidden');
    end if;
    if new.state = 'accepted' then
        if v.state <> 'planned' then
            perform auth.refuse('visit_cancelled');
        end if;
        if not data.visits_for(new.member_id, new.organisation_id) then
            perform auth.refuse('member_not_here', json_build_object('field', 'member'));
        end if;
    elsif new.state = 'declined' and coalesce(length(trim(new.reason)), 0) < 3 then
        perform auth.refuse('reason_required', json_build_object('field', 'reason'));
    end if;
    new.answered_at := data.now();
    return new;
end
$$;

CREATE FUNCTION data.visit_partner_told() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'data', 'pg_temp'
    AS $$
declare
    v visit := (select x from visit x where x.id = new.visit_id);
    answerer bigint := case when new.asked then v.organisation_id else new.organisation_id end;
begin
    perform data.log('visit.' || case new.state when 'invited' then case when new.asked then 'asked' else 'invited' end
                                                when 'accepted' then 'joint' else 'joint_' || new.state end,
        v.establishment_id, null, jsonb_strip_nulls(jsonb_build_object('visit', v.id, 'planned_at', v.planned_at,
            'to_organisation', new.organisation_id, 'to_member', new.member_id,
            'reason', case new.state when 'invited' then new.message else new.reason end)), new.invited_by, v.organisation_id);
    update task t set done_at = data.now()
     where t.kind = 'visit.invited' and t.mark like new.visit_id || ' ' || new.organisation_id || ' %' and t.done_at is null;
    if new.state = 'invited' then
        insert into task (kind, mark, organisation_id, member_id, establishment_id, promise_id, due_on, raised_at)
        values ('visit.invited', concat_ws(' ', new.visit_id, new.organisation_id, v.version), answerer,
                case when new.asked then v.member_id else new.member_id end, v.establishment_id, v.promise_id,
                (v.planned_at at time zone 'Europe/Paris')::date, data.now())
        on conflict do nothing;
    elsif new.state in ('accepted', 'declined') then
        insert into task (kind, mark, organisation_id, member_id, establishment_id, promise_id, due_on, raised_at)
        values ('visit.answered', concat_ws(' ', new.visit_id, new.organisation_id, v.version),
                case when new.asked then new.organisation_id else v.organisation_id end, new.invited_by, v.establishment_id, v.promise_id,
                data.today(), data.now())
        on conflict do nothing;
    end if;
    return null;
end
$$;

CREATE FUNCTION data.visit_told() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'data', 'pg_temp'
    AS $$
begin
    if tg_op = 'UPDATE' and (new.state = 'done' or new.member_id <> old.member_id or data.is_moving()) then
        return null; -- the report tells it, or the promise, or it moved with its employer
    end if;
    perform data.log(
        case when tg_op = 'INSERT' then 'visit.planned' when new.state = 'cancelled' then 'visit.cancelled' else 'visit.moved' end,
        new.establishment_id, null,
        jsonb_strip_nulls(jsonb_build_object('visit', new.id, 'planned_at', new.planned_at, 'reason', new.reason)),
        new.member_id, new.organisation_id);
    return null;
end
$$;

CREATE FUNCTION data.visits_for(member bigint, organisation bigint) RETURNS boolean
    LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path TO 'data', 'pg_temp'
    AS $$
begin
    return exists (select from membership m join member p on p.id = m.member_id
                    where m.member_id = visits_for.member and m.organisation_id = visits_for.organisation
                      and m.role in ('adviser', 'manager') and (m.ended_on is null or m.ended_on > current_date) and p.disabled_at is null);
end
$$;

CREATE FUNCTION data.waiting_meet(records bigint[]) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'data', 'pg_temp'
    AS $$
begin
    if not exists (select from waiting_person p where p.source_record_id = any (waiting_meet.records)) then
        return;
    end if;
    with tied as materialized (
        select p.*, l.establishment_id, f.organisation_id, f.member_id
          from waiting_person p
         -- One row after the other, whatever the statistics say of what came a moment ago.
         cross join lateral (select x.establishment_id from link x where x.source_record_id = p.source_record_id and x.undone_at is null offset 0) l
         cross join lateral (select x.file_id from source_record x where x.id = p.source_record_id offset 0) s
          join source_file f on f.id = s.file_id
          join organisation o on o.id = f.organisation_id
          join establishment e on e.id = l.establishment_id
          join territory_commune tc on tc.territory_id = o.territory_id and tc.commune_code = e.commune_code
         where p.source_record_id = any (waiting_meet.records)
    ), gone as (
        delete from waiting_person p using tied t where t.source_record_id = p.source_record_id
    ), one as materialized (
        select distinct on (t.establishment_id, t.organisation_id, t.name) t.*
          from tied t
         where not exists (select from opposition_key k
                             join opposition x on x.id = k.opposition_id
                            where x.lifted_at is null
                              and (k.kind = 'name' and k.hash = t.name and x.establishment_id = t.establishment_id
                                   or k.kind = 'phone' and k.hash = any (t.phones) or k.kind = 'email' and k.hash = any (t.emails)))
           and not exists (select from (select c.id from contact c
                                         where c.establishment_id = t.establishment_id and c.organisation_id = t.organisation_id offset 0) c
                             join contact_key k on k.contact_id = c.id and k.kind = 'name' and k.hash = t.name)
         order by t.establishment_id, t.organisation_id, t.name, t.source_record_id
    ), made as (
        insert into contact (id, establishment_id, organisation_id, member_id, source_record_id, person, created_at)
        select o.contact_id, o.establishment_id, o.organisation_id, o.member_id, o.source_record_id, o.person, data.now()
          from one o order by o.contact_id
        returning id
    )
    insert into contact_key (contact_id, kind, hash)
    select m.id, k.kind, k.hash
      from made m
      join one o on o.contact_id = m.id
     cross join lateral (select 'name', o.name union all select 'family', o.family
                         union all select 'phone', h from unnest(o.phones) h union all select 'email', h from unnest(o.emails) h) k (kind, hash);
end
$$;

CREATE FUNCTION data.waiting_return(records bigint[]) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'data', 'pg_temp'
    AS $$
begin
    if not exists (select from contact c where c.source_record_id = any (waiting_return.records)) then
        return;
    end if;
    create temporary table taken_back on commit drop as
    select c.id, c.version > 1 or c.confirmed_on is not null or c.erased_at is not null as kept
      from contact c where c.source_record_id = any (waiting_return.records);
    perform data.import_in_use('contact'::regclass, array['contact_key', 'contact_plain']::regclass[]);
    insert into waiting_person (source_record_id, contact_id, person, name, family, phones, emails)
    select c.source_record_id, c.id, c.person, (select k.hash from contact_key k where k.contact_id = c.id and k.kind = 'name' limit 1),
           (select k.hash from contact_key k where k.contact_id = c.id and k.kind = 'family' limit 1),
           array(select k.hash from contact_key k where k.contact_id = c.id and k.kind = 'phone'),
           array(select k.hash from contact_key k where k.contact_id = c.id and k.kind = 'email')
      from contact c join taken_back t using (id)
     where not t.kept and exists (select from contact_key k where k.contact_id = c.id and k.kind = 'name')
       and exists (select from contact_key k where k.contact_id = c.id and k.kind = 'family')
    on conflict do nothing;
    delete from contact_key k using taken_back t where t.id = k.contact_id and not t.kept;
    delete from contact c using taken_back t where t.id = c.id and not t.kept;
    drop table taken_back;
end
$$;

CREATE FUNCTION data.week_away(member bigint, organisation bigint, first date, last date) RETURNS TABLE(day date, "from" time without time zone, until time without time zone, reason text)
    LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path TO 'data', 'pg_temp'
    AS $$
begin
    return query
        select d.day::date, null::time, null::time,
               case when not data.is_working_day(d.day::date) then 'Jour férié'
                    when exists (select from absence a where a.cancelled_at is null and a.member_id = week_away.member
                                                         and d.day between a.first_on and a.last_on) then 'Absence'
                    else 'Structure fermée' end
          from generate_series(week_away.first, week_away.last, interval '1 day') d (day)
         where extract(isodow from d.day) < 6
           and (not data.is_working_day(d.day::date)
                or d.day::date <@ data.away(week_away.member, week_away.organisation));
end
$$;

CREATE FUNCTION data.zone_shapes() RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'data', 'ext', 'pg_temp'
    AS $$
begin
    update zone z
       set shape = s.shape
      from (select w.zone_id, ST_Multi(ST_CollectionExtract(ST_MakeValid(ST_Union(ST_SnapToGrid(c.cell, 0.00001))), 3)) as shape
              from zone_commune w join commune c on c.number = w.commune
             where c.cell is not null
             group by w.zone_id) s
     where s.zone_id = z.id and z.shape is distinct from s.shape;
end
$$;

CREATE FUNCTION data.zones_refresh() RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'data', 'ext', 'pg_temp'
    AS $$
begin
    insert into zone (level, code, name)
    select 'region', c.region, 'Région ' || c.region from commune c where c.region is not null group by c.region
     union all
    select 'departement', c.department, 'Département ' || c.department from commune c group by c.department
     union all
    select 'bassin', b.code, b.name from bassin b where exists (select from bassin_commune x where x.bassin = b.code)
    on conflict (level, code) do nothing;
    update zone z set name = b.name from bassin b where z.level = 'bassin' and z.code = b.code and z.name <> b.name;
    insert into zone_commune as w (level, commune, zone_id)
    select 'region', c.number, z.id from commune c join zone z on z.level = 'region' and z.code = c.region
     union all
    select 'departement', c.number, z.id from commune c join zone z on z.level = 'departement' and z.code = c.department
     union all
    select 'bassin', data.commune_number(b.commune_code), z.id from bassin_commune b join zone z on z.level = 'bassin' and z.code = b.bassin
      join commune c on c.code = b.commune_code
    on conflict (level, commune) do update set zone_id = excluded.zone_id where w.zone_id <> excluded.zone_id;
    perform data.zone_shapes();
end
$$;

CREATE TABLE data.absence (
    id bigint NOT NULL,
    organisation_id bigint NOT NULL,
    member_id bigint,
    first_on date NOT NULL,
    last_on date NOT NULL,
    made_by bigint NOT NULL,
    made_at timestamp with time zone NOT NULL,
    cancelled_at timestamp with time zone,
    CONSTRAINT absence_days CHECK (((last_on >= first_on) AND (last_on <= (first_on + 200))))
);

CREATE VIEW api.absence_row WITH (security_invoker='true') AS
 SELECT a.id,
    a.first_on,
    a.last_on,
    a.made_at,
    a.cancelled_at,
    a.member_id,
    ( SELECT json_build_object('id', m.id, 'name', m.name) AS json_build_object
           FROM data.member m
          WHERE (m.id = a.member_id)) AS member,
    ( SELECT json_build_object('id', m.id, 'name', m.name) AS json_build_object
           FROM data.member m
          WHERE (m.id = a.made_by)) AS made_by,
        CASE
            WHEN (a.cancelled_at IS NOT NULL) THEN 'cancelled'::text
            WHEN (a.last_on < data.today()) THEN 'over'::text
            WHEN (a.first_on > data.today()) THEN 'coming'::text
            ELSE 'running'::text
        END AS state,
    ( SELECT count(*) AS count
           FROM generate_series((a.first_on)::timestamp with time zone, (a.last_on)::timestamp with time zone, '1 day'::interval) d(d)
          WHERE data.is_working_day((d.d)::date)) AS working_days,
    ( SELECT count(*) AS count
           FROM data.promise p
          WHERE ((p.state = 'active'::text) AND (p.organisation_id = a.organisation_id) AND ((a.member_id IS NULL) OR (p.member_id = a.member_id)))) AS promises,
    ( SELECT count(*) AS count
           FROM data.visit v
          WHERE ((v.state = 'planned'::text) AND (v.organisation_id = a.organisation_id) AND ((a.member_id IS NULL) OR (v.member_id = a.member_id)) AND ((((v.planned_at AT TIME ZONE 'Europe/Paris'::text))::date >= a.first_on) AND (((v.planned_at AT TIME ZONE 'Europe/Paris'::text))::date <= a.last_on)))) AS visits
   FROM data.absence a;

CREATE TABLE data.call (
    id bigint NOT NULL,
    establishment_id bigint NOT NULL,
    organisation_id bigint NOT NULL,
    member_id bigint NOT NULL,
    contact_id bigint,
    at timestamp with time zone NOT NULL,
    outcome text NOT NULL,
    note text,
    next_on date,
    override_reason text,
    contact_event_id bigint,
    CONSTRAINT call_next CHECK (((next_on IS NULL) OR (outcome = ANY (ARRAY['later'::text, 'message'::text, 'no_answer'::text, 'wrong'::text])))),
    CONSTRAINT call_note CHECK ((length(note) <= 500)),
    CONSTRAINT call_override_reason CHECK ((length(override_reason) <= 500))
);

CREATE TABLE data.call_outcome (
    code text NOT NULL,
    label text NOT NULL,
    reached boolean NOT NULL,
    rank smallint NOT NULL
);

CREATE VIEW api.call_row WITH (security_invoker='true') AS
 SELECT c.id,
    c.establishment_id,
    c.at,
    c.outcome,
    o.label AS outcome_label,
    o.reached,
    c.note,
    c.next_on,
    json_build_object('id', m.id, 'name', m.name) AS member
   FROM ((data.call c
     JOIN data.call_outcome o ON ((o.code = c.outcome)))
     JOIN data.member m ON ((m.id = c.member_id)));

CREATE TABLE data.delivery (
    id bigint NOT NULL,
    channel_id bigint NOT NULL,
    kind text NOT NULL,
    message text NOT NULL,
    offer_id bigint,
    body text NOT NULL,
    state text DEFAULT 'waiting'::text NOT NULL,
    attempts integer DEFAULT 0 NOT NULL,
    due_at timestamp with time zone NOT NULL,
    made_at timestamp with time zone NOT NULL,
    settled_at timestamp with time zone,
    status smallint,
    error text,
    CONSTRAINT delivery_body CHECK ((length(body) <= 65536)),
    CONSTRAINT delivery_kind CHECK ((kind ~ '^[a-z]+\.[a-z_]+$'::text)),
    CONSTRAINT delivery_state CHECK ((state = ANY (ARRAY['waiting'::text, 'done'::text, 'dead'::text, 'dropped'::text])))
);

CREATE VIEW api.channel_row WITH (security_invoker='true') AS
 SELECT c.id,
    c.kind,
    c.name,
    c.target,
    c.events,
    c.state,
    c.reason,
    c.failures,
    c.open_until,
    c.made_at,
    m.name AS made_by,
    c.version,
    (o.sandbox_of IS NOT NULL) AS sandbox,
    ( SELECT json_build_object('at', x.settled_at, 'status', x.status) AS json_build_object
           FROM data.delivery x
          WHERE ((x.channel_id = c.id) AND (x.state = 'done'::text))
          ORDER BY x.id DESC
         LIMIT 1) AS last_done,
    ( SELECT count(*) AS count
           FROM data.delivery x
          WHERE ((x.channel_id = c.id) AND (x.state = 'waiting'::text))) AS waiting,
    ( SELECT count(*) AS count
           FROM data.delivery x
          WHERE ((x.channel_id = c.id) AND (x.state = 'dead'::text))) AS dead
   FROM ((data.channel c
     JOIN data.organisation o ON ((o.id = c.organisation_id)))
     JOIN data.member m ON ((m.id = c.made_by)));

CREATE TABLE data.claim (
    id bigint NOT NULL,
    establishment_id bigint NOT NULL,
    organisation_id bigint NOT NULL,
    member_id bigint NOT NULL,
    visit_id bigint,
    kind text NOT NULL,
    detail text,
    made_at timestamp with time zone NOT NULL,
    state text DEFAULT 'open'::text NOT NULL,
    settled_at timestamp with time zone,
    settled_by bigint,
    settled_member bigint,
    settled_how text,
    reason text,
    CONSTRAINT claim_detail CHECK ((length(detail) <= 300)),
    CONSTRAINT claim_how CHECK ((settled_how = ANY (ARRAY['partner'::text, 'visit'::text, 'register'::text, 'author'::text]))),
    CONSTRAINT claim_kind CHECK ((kind = ANY (ARRAY['closed'::text, 'moved'::text, 'unreachable'::text]))),
    CONSTRAINT claim_reason CHECK ((length(reason) <= 300)),
    CONSTRAINT claim_second_partner CHECK (((state <> 'confirmed'::text) OR (settled_how = 'register'::text) OR ((settled_by IS NOT NULL) AND (settled_by <> organisation_id) AND (settled_member <> member_id)))),
    CONSTRAINT claim_settled CHECK ((((state = 'open'::text) = (settled_at IS NULL)) AND ((state = 'open'::text) = (settled_how IS NULL)))),
    CONSTRAINT claim_state CHECK ((state = ANY (ARRAY['open'::text, 'confirmed'::text, 'denied'::text, 'withdrawn'::text])))
);

CREATE VIEW api.claim_row WITH (security_invoker='true') AS
 SELECT c.id,
    c.establishment_id,
    c.kind,
    c.detail,
    c.made_at,
    c.state,
    c.settled_at,
    c.settled_how,
    c.reason,
    c.visit_id AS visit,
    api.organisation_ref(o.*) AS organisation,
    ( SELECT json_build_object('id', m.id, 'name', m.name) AS json_build_object
           FROM data.member m
          WHERE (m.id = c.member_id)) AS member,
    ( SELECT api.organisation_ref(s.*) AS organisation_ref
           FROM data.organisation s
          WHERE (s.id = c.settled_by)) AS settled_by,
    (c.organisation_id = auth.organisation()) AS mine
   FROM (data.claim c
     JOIN data.organisation o ON ((o.id = c.organisation_id)));

CREATE VIEW api.contact_ending WITH (security_invoker='true') AS
 SELECT c.id,
    c.establishment_id,
    api.sealed(c.*) AS sealed,
    json_build_object('id', e.id, 'name', e.name, 'siret', e.siret, 'city', e.city) AS establishment,
    api.organisation_ref(o.*) AS organisation,
    k.last_on,
    k.keep_until,
    c.organisation_id
   FROM (((data.contact_clock k
     JOIN data.contact c ON ((c.id = k.contact_id)))
     JOIN data.establishment e ON ((e.id = c.establishment_id)))
     JOIN data.organisation o ON ((o.id = c.organisation_id)))
  WHERE ( SELECT auth.is_accountable() AS is_accountable);

CREATE VIEW api.contact_row WITH (security_invoker='true') AS
 SELECT c.id,
    c.establishment_id,
    api.sealed(c.*) AS sealed,
    c.channel,
    c.shared,
    c.confirmed_on,
    c.created_at,
    ( SELECT json_build_object('id', m.id, 'name', m.name) AS json_build_object
           FROM data.member m
          WHERE (m.id = c.confirmed_by)) AS confirmed_by,
    ( SELECT json_build_object('id', m.id, 'name', m.name) AS json_build_object
           FROM data.member m
          WHERE (m.id = c.member_id)) AS given_by,
    (c.source_record_id IS NOT NULL) AS imported,
    api.organisation_ref(o.*) AS organisation,
    ( SELECT json_build_object('id', x.id, 'at', x.at, 'reason', x.reason, 'here', (x.contact_id = c.id), 'organisation', api.organisation_ref(g.*)) AS json_build_object
           FROM (data.opposition x
             JOIN data.organisation g ON ((g.id = x.organisation_id)))
          WHERE (x.id = c.opposition_id)) AS opposition,
    c.version
   FROM (data.contact c
     JOIN data.organisation o ON ((o.id = c.organisation_id)))
  WHERE (c.erased_at IS NULL);

CREATE TABLE data.delivery_attempt (
    delivery_id bigint NOT NULL,
    number integer NOT NULL,
    at timestamp with time zone NOT NULL,
    ms integer NOT NULL,
    status smallint,
    error text,
    answer text
);

CREATE VIEW api.delivery_row WITH (security_invoker='true') AS
 SELECT d.id,
    d.channel_id AS channel,
    c.name AS channel_name,
    c.kind AS channel_kind,
    d.kind,
    d.message,
    d.offer_id AS offer,
    (d.body)::json AS body,
    d.state,
    d.attempts,
    d.due_at,
    d.made_at,
    d.settled_at,
    d.status,
    d.error,
    ( SELECT COALESCE(json_agg(a.* ORDER BY a.number), '[]'::json) AS "coalesce"
           FROM ( SELECT x.number,
                    x.at,
                    x.ms,
                    x.status,
                    x.error,
                    x.answer
                   FROM data.delivery_attempt x
                  WHERE (x.delivery_id = d.id)
                  ORDER BY x.number DESC
                 LIMIT 20) a) AS tries
   FROM (data.delivery d
     JOIN data.channel c ON ((c.id = d.channel_id)));

CREATE VIEW api.need_row WITH (security_invoker='true') AS
 SELECT n.id,
    n.rome,
    r.label AS rome_label,
    n.posts,
    n.horizon,
    n.contract,
    n.state,
    n.declared_at,
    api.organisation_ref(o.*) AS organisation,
    n.visit_id AS visit,
    ( SELECT f.id
           FROM data.offer f
          WHERE ((f.need_id = n.id) AND (f.state <> 'withdrawn'::text))) AS offer
   FROM ((data.need n
     JOIN data.rome r ON ((r.code = n.rome)))
     JOIN data.organisation o ON ((o.id = n.organisation_id)));

CREATE TABLE data.report_note (
    visit_id bigint NOT NULL,
    organisation_id bigint NOT NULL,
    network text NOT NULL,
    note text NOT NULL,
    CONSTRAINT report_note_length CHECK (((length(note) >= 1) AND (length(note) <= 4000)))
);

CREATE TABLE data.size_band (
    code text NOT NULL COLLATE pg_catalog."C",
    label text NOT NULL,
    "least" integer NOT NULL,
    most integer
);

CREATE VIEW api.field_employer WITH (security_invoker='true') AS
 SELECT e.id,
    e.name,
    e.siret,
    e.address,
    e.postcode,
    e.city,
    e.phone,
    e.email,
    e.status,
    ext.st_x(e.location) AS lon,
    ext.st_y(e.location) AS lat,
    n.label AS naf_label,
    b.label AS size_label,
    ( SELECT COALESCE(json_agg(row_to_json(k.*) ORDER BY k.confirmed_on DESC NULLS LAST, k.id), '[]'::json) AS "coalesce"
           FROM ( SELECT k_1.id,
                    k_1.sealed,
                    k_1.channel,
                    k_1.confirmed_on
                   FROM api.contact_row k_1
                  WHERE ((k_1.establishment_id = e.id) AND (k_1.opposition IS NULL))
                  ORDER BY k_1.confirmed_on DESC NULLS LAST, k_1.id
                 LIMIT 10) k) AS contacts,
    ( SELECT COALESCE(json_agg(json_build_object('id', d.id, 'rome', d.rome, 'rome_label', d.rome_label, 'posts', d.posts, 'horizon', d.horizon, 'contract', d.contract, 'state', d.state, 'declared_at', d.declared_at, 'organisation', d.organisation) ORDER BY d.declared_at DESC, d.id), '[]'::json) AS "coalesce"
           FROM ( SELECT d_1.id,
                    d_1.rome,
                    d_1.rome_label,
                    d_1.posts,
                    d_1.horizon,
                    d_1.contract,
                    d_1.state,
                    d_1.declared_at,
                    d_1.organisation,
                    d_1.visit,
                    d_1.offer
                   FROM (api.need_row d_1
                     JOIN data.need w ON ((w.id = d_1.id)))
                  WHERE ((w.establishment_id = e.id) AND (w.state = ANY (ARRAY['declared'::text, 'confirmed'::text, 'offer'::text])))
                  ORDER BY d_1.declared_at DESC, d_1.id
                 LIMIT 10) d) AS needs,
    ( SELECT COALESCE(json_agg(json_build_object('id', v.id, 'at', v.at, 'kind', v.kind, 'organisation', v.organisation, 'member', v.member) ORDER BY v.id DESC), '[]'::json) AS "coalesce"
           FROM ( SELECT v_1.id,
                    v_1.at,
                    v_1.kind,
                        CASE
                            WHEN (o.id IS NOT NULL) THEN api.organisation_ref(o.*)
                            ELSE NULL::json
                        END AS organisation,
                    m.name AS member
                   FROM ((data.event v_1
                     LEFT JOIN data.organisation o ON ((o.id = v_1.organisation_id)))
                     LEFT JOIN data.member m ON ((m.id = v_1.member_id)))
                  WHERE ((v_1.establishment_id = e.id) AND (v_1.kind = ANY (ARRAY['promise.made'::text, 'promise.kept'::text, 'promise.returned'::text, 'promise.lapsed'::text, 'visit.reported'::text, 'visit.cancelled'::text, 'contact.made'::text, 'opposition.made'::text, 'opposition.lifted'::text, 'offer.opened'::text, 'offer.filled'::text, 'need.declared'::text, 'value.confirmed'::text])))
                  ORDER BY v_1.id DESC
                 LIMIT 6) v) AS events,
    ( SELECT COALESCE(json_agg(json_build_object('visit', r.visit_id, 'done_at', r.done_at, 'outcome_label', r.label, 'organisation', r.organisation, 'member', r.member, 'shared_note', r.shared_note, 'network_note', r.network_note) ORDER BY r.done_at DESC), '[]'::json) AS "coalesce"
           FROM ( SELECT r_1.visit_id,
                    r_1.done_at,
                    u.label,
                    api.organisation_ref(o.*) AS organisation,
                    m.name AS member,
                    r_1.shared_note,
                    ( SELECT string_agg(x.note, '

'::text ORDER BY x.organisation_id) AS string_agg
                           FROM data.report_note x
                          WHERE (x.visit_id = r_1.visit_id)) AS network_note
                   FROM (((data.report r_1
                     JOIN data.outcome u ON ((u.code = r_1.outcome)))
                     JOIN data.organisation o ON ((o.id = r_1.organisation_id)))
                     JOIN data.member m ON ((m.id = r_1.member_id)))
                  WHERE (r_1.establishment_id = e.id)
                  ORDER BY r_1.done_at DESC
                 LIMIT 3) r) AS reports,
    ( SELECT COALESCE(json_agg(json_build_object('id', c.id, 'kind', c.kind, 'state', c.state, 'made_at', c.made_at, 'organisation', c.organisation) ORDER BY c.id), '[]'::json) AS "coalesce"
           FROM api.claim_row c
          WHERE ((c.establishment_id = e.id) AND (c.state = ANY (ARRAY['open'::text, 'confirmed'::text])))) AS claims
   FROM ((data.establishment e
     LEFT JOIN data.naf n ON ((n.code = e.naf)))
     LEFT JOIN data.size_band b ON ((b.code = e.size_band)));

CREATE TABLE data.source_error (
    file_id bigint NOT NULL,
    ordinal integer NOT NULL,
    line integer,
    field text,
    code text NOT NULL,
    message text NOT NULL
);

CREATE VIEW api.file_row WITH (security_invoker='true') AS
 SELECT f.id,
    f.name,
        CASE
            WHEN ((f.state = 'received'::text) AND (p.step <> 'waiting'::text)) THEN 'running'::text
            ELSE f.state
        END AS state,
    f.received_at,
    f.finished_at,
    m.name AS member,
    f.bytes,
    f.encoding,
    f.separator,
    f.summary,
    ( SELECT count(*) AS count
           FROM data.source_error e
          WHERE (e.file_id = f.id)) AS errors,
        CASE
            WHEN ((f.state = ANY (ARRAY['received'::text, 'preview'::text, 'reverting'::text])) AND (p.file_id IS NOT NULL)) THEN json_build_object('step', p.step, 'done', p.done, 'total', p.total, 'stopping', (p.cancel_by IS NOT NULL))
            ELSE NULL::json
        END AS progress,
    (f.preview IS NOT NULL) AS previewed,
    f.reverted_at,
    r.name AS reverted_by
   FROM (((data.source_file f
     LEFT JOIN data.member m ON ((m.id = f.member_id)))
     LEFT JOIN data.member r ON ((r.id = f.reverted_by)))
     LEFT JOIN data.import_progress p ON ((p.file_id = f.id)))
  WHERE (f.kind = 'partner'::text);

CREATE TABLE data.api_secret (
    hash bytea NOT NULL,
    key_id bigint NOT NULL,
    prefix text NOT NULL,
    made_at timestamp with time zone DEFAULT now() NOT NULL,
    ends_at timestamp with time zone,
    used_at timestamp with time zone,
    CONSTRAINT api_secret_hash CHECK ((length(hash) = 32)),
    CONSTRAINT api_secret_prefix CHECK ((prefix ~ '^[A-Za-z0-9_-]{8}$'::text))
);

CREATE VIEW api.key_row WITH (security_invoker='true') AS
 SELECT k.id,
    k.name,
    k.scopes,
    k.expires_at,
    k.made_at,
    json_build_object('id', m.id, 'name', m.name) AS made_by,
    k.revoked_at,
    ( SELECT r.name
           FROM data.member r
          WHERE (r.id = k.revoked_by)) AS revoked_by,
    (o.sandbox_of IS NOT NULL) AS sandbox,
        CASE
            WHEN (k.revoked_at IS NOT NULL) THEN 'revoked'::text
            WHEN (k.expires_at <= now()) THEN 'expired'::text
            ELSE 'active'::text
        END AS state,
    s.secrets,
    s.used_at
   FROM (((data.api_key k
     JOIN data.organisation o ON ((o.id = k.organisation_id)))
     JOIN data.member m ON ((m.id = k.made_by)))
     CROSS JOIN LATERAL ( SELECT json_agg(json_build_object('prefix', x.prefix, 'made_at', x.made_at, 'ends_at', x.ends_at, 'used_at', x.used_at) ORDER BY x.made_at DESC) FILTER (WHERE COALESCE((x.ends_at > now()), true)) AS secrets,
            max(x.used_at) AS used_at
           FROM data.api_secret x
          WHERE (x.key_id = k.id)) s);

CREATE TABLE data.offer_routing (
    offer_id bigint NOT NULL,
    network text NOT NULL
);

CREATE VIEW api.offer_row WITH (security_invoker='true') AS
 SELECT f.id,
    f.title,
    f.state,
    f.rome,
    r.label AS rome_label,
    f.contract,
    f.posts,
    f.publics,
    api.organisation_ref(o.*) AS organisation,
    json_build_object('id', m.id, 'name', m.name) AS member,
    ( SELECT json_build_object('id', e.id, 'name', e.name, 'city', e.city) AS json_build_object
           FROM data.establishment e
          WHERE (e.id = f.establishment_id)) AS establishment,
    c.name AS commune,
    f.created_at,
    f.confirmed_at,
    f.opens_at,
    f.opened_at,
    f.closed_at,
    COALESCE(( SELECT json_agg(w.network ORDER BY n.rank) AS json_agg
           FROM (data.offer_routing w
             JOIN data.network n ON ((n.code = w.network)))
          WHERE (w.offer_id = f.id)), '[]'::json) AS networks,
    (f.organisation_id = ( SELECT auth.organisation() AS organisation)) AS mine,
    f.version,
    f.posts_filled,
    f.closes_at
   FROM ((((data.offer f
     JOIN data.rome r ON ((r.code = f.rome)))
     JOIN data.organisation o ON ((o.id = f.organisation_id)))
     JOIN data.member m ON ((m.id = f.member_id)))
     LEFT JOIN data.commune c ON ((c.code = f.commune_code)));

CREATE VIEW api.opposition_row WITH (security_invoker='true') AS
 SELECT x.id,
    x.subject,
    x.at,
    x.reason,
    x.lifted_at,
    x.lifted_reason,
    api.organisation_ref(o.*) AS organisation,
    json_build_object('id', e.id, 'name', e.name, 'siret', e.siret, 'city', e.city) AS establishment,
    ( SELECT row_to_json(k.*) AS row_to_json
           FROM ( SELECT c.id,
                    api.sealed(c.*) AS sealed
                   FROM data.contact c
                  WHERE ((c.id = x.contact_id) AND (c.erased_at IS NULL))) k) AS contact,
    ((x.subject = 'person'::text) AND (NOT (EXISTS ( SELECT
           FROM data.contact c
          WHERE ((c.id = x.contact_id) AND (c.erased_at IS NULL)))))) AS is_hidden,
    m.name AS member
   FROM (((data.opposition x
     JOIN data.establishment e ON ((e.id = x.establishment_id)))
     JOIN data.organisation o ON ((o.id = x.organisation_id)))
     LEFT JOIN data.member m ON ((m.id = x.member_id)));

CREATE VIEW api.plan_row WITH (security_invoker='true') AS
 SELECT p.id,
    (v.content ->> 'name'::text) AS name,
    data.plan_state(p.*) AS state,
    p.version,
    v.state AS version_state,
    p.edit,
    a.version AS running,
    (v.content ->> 'starts_on'::text) AS starts_on,
    (v.content ->> 'ends_on'::text) AS ends_on,
    api.plan_answers(p.id, p.version) AS answers,
    (auth.organisation() = ANY (data.plan_signers(p.id, p.version))) AS ours,
    ((v.state = 'proposed'::text) AND (auth.organisation() = ANY (data.plan_signers(p.id, p.version))) AND (NOT (EXISTS ( SELECT
           FROM data.plan_signature s
          WHERE ((s.plan_id = p.id) AND (s.version = p.version) AND (s.organisation_id = auth.organisation())))))) AS awaits_us,
    ((p.abandoned_at IS NULL) AND (p.evaluated_at IS NULL) AND (EXISTS ( SELECT
           FROM data.plan_signature s
          WHERE ((s.plan_id = p.id) AND (s.answer = 'refused'::text) AND (NOT (EXISTS ( SELECT
                   FROM data.plan_version w
                  WHERE ((w.plan_id = p.id) AND (w.version >= s.version) AND (w.agreed_at IS NOT NULL))))))))) AS deadlocked,
    p.made_at,
    api.organisation_ref(o.*) AS organisation,
    p.territory_id
   FROM (((data.plan p
     JOIN data.plan_version v ON (((v.plan_id = p.id) AND (v.version = p.version))))
     LEFT JOIN data.plan_version a ON (((a.plan_id = p.id) AND (a.state = 'active'::text) AND (a.version <> p.version))))
     JOIN data.organisation o ON ((o.id = p.organisation_id)));

CREATE VIEW api.promise_row WITH (security_invoker='true') AS
 SELECT p.id,
    json_build_object('id', e.id, 'name', e.name, 'siret', e.siret, 'city', e.city) AS establishment,
    p.organisation_id,
    json_build_object('id', m.id, 'name', m.name) AS member,
    p.made_at,
    p.due_on,
    p.lapses_on,
    p.extensions,
    p.state,
    p.reason,
    p.override_reason,
    p.base_due_on,
    data.absent_until(p.member_id, p.organisation_id) AS suspended_until,
    ( SELECT json_build_object('id', t.id, 'name', t.name) AS json_build_object
           FROM data.team t
          WHERE (t.id = p.team_id)) AS team,
    ( SELECT v.planned_at
           FROM data.visit v
          WHERE ((v.promise_id = p.id) AND (v.state = 'planned'::text))) AS visit_at,
    ( SELECT COALESCE(json_agg(json_build_object('id', x.id, 'kind', x.kind, 'to', api.organisation_ref(o.*), 'expires_on', x.expires_on) ORDER BY x.id), '[]'::json) AS "coalesce"
           FROM (data.transfer x
             JOIN data.organisation o ON ((o.id = x.to_organisation_id)))
          WHERE ((x.promise_id = p.id) AND (x.state = 'proposed'::text))) AS transfers
   FROM ((data.promise p
     JOIN data.establishment e ON ((e.id = p.establishment_id)))
     JOIN data.member m ON ((m.id = p.member_id)));

CREATE TABLE data.proposal (
    id bigint NOT NULL,
    promise_id bigint NOT NULL,
    establishment_id bigint NOT NULL,
    organisation_id bigint NOT NULL,
    place smallint NOT NULL,
    score numeric(6,2) NOT NULL,
    why jsonb NOT NULL,
    state text DEFAULT 'proposed'::text NOT NULL,
    reason text,
    made_at timestamp with time zone NOT NULL,
    expires_on date NOT NULL,
    answered_at timestamp with time zone,
    answered_by bigint,
    CONSTRAINT proposal_answered CHECK (((state = 'proposed'::text) = (answered_at IS NULL))),
    CONSTRAINT proposal_declined CHECK (((state <> 'declined'::text) OR (length(TRIM(BOTH FROM reason)) >= 3))),
    CONSTRAINT proposal_reason CHECK ((length(reason) <= 500)),
    CONSTRAINT proposal_state CHECK ((state = ANY (ARRAY['proposed'::text, 'accepted'::text, 'declined'::text, 'expired'::text, 'void'::text])))
);

CREATE VIEW api.proposal_row WITH (security_invoker='true') AS
 SELECT x.id,
    x.state,
    x.place,
    x.score,
    x.why,
    x.reason,
    x.made_at,
    x.expires_on,
    x.answered_at,
    json_build_object('id', e.id, 'name', e.name, 'siret', e.siret, 'city', e.city) AS establishment,
    api.organisation_ref(o.*) AS organisation,
    api.organisation_ref(f.*) AS past_holder,
    p.state AS past_state,
    p.ended_at AS past_ended_at
   FROM ((((data.proposal x
     JOIN data.establishment e ON ((e.id = x.establishment_id)))
     JOIN data.organisation o ON ((o.id = x.organisation_id)))
     JOIN data.promise p ON ((p.id = x.promise_id)))
     JOIN data.organisation f ON ((f.id = p.organisation_id)));

CREATE TABLE data.referral (
    id bigint NOT NULL,
    offer_id bigint NOT NULL,
    organisation_id bigint NOT NULL,
    member_id bigint NOT NULL,
    reference text NOT NULL,
    public text,
    state text DEFAULT 'proposed'::text NOT NULL,
    refusal text,
    made_at timestamp with time zone NOT NULL,
    answered_at timestamp with time zone,
    answered_by bigint,
    version integer DEFAULT 1 NOT NULL,
    CONSTRAINT referral_reference CHECK (((reference ~ '^[A-Za-z0-9][A-Za-z0-9._/-]{1,39}$'::text) AND (reference ~ '[0-9]'::text))),
    CONSTRAINT referral_refused CHECK (((state = 'refused'::text) = (refusal IS NOT NULL))),
    CONSTRAINT referral_state CHECK ((state = ANY (ARRAY['proposed'::text, 'met'::text, 'hired'::text, 'refused'::text, 'withdrawn'::text])))
);

CREATE TABLE data.referral_refusal (
    code text NOT NULL,
    label text NOT NULL,
    rank smallint NOT NULL
);

CREATE VIEW api.referral_row WITH (security_invoker='true') AS
 SELECT r.id,
    json_build_object('id', f.id, 'title', f.title, 'state', f.state) AS offer,
    api.organisation_ref(o.*) AS organisation,
    json_build_object('id', m.id, 'name', m.name) AS member,
    r.reference,
    r.public,
    r.state,
    r.refusal,
    x.label AS refusal_label,
    r.made_at,
    r.answered_at,
    (r.organisation_id = ( SELECT auth.organisation() AS organisation)) AS made_by_us,
    COALESCE((f.organisation_id = ( SELECT auth.organisation() AS organisation)), false) AS answered_by_us,
    r.version
   FROM ((((data.referral r
     LEFT JOIN data.offer f ON ((f.id = r.offer_id)))
     JOIN data.organisation o ON ((o.id = r.organisation_id)))
     JOIN data.member m ON ((m.id = r.member_id)))
     LEFT JOIN data.referral_refusal x ON ((x.code = r.refusal)));

CREATE TABLE data.report_note_revision (
    visit_id bigint NOT NULL,
    version integer NOT NULL,
    organisation_id bigint NOT NULL,
    network text NOT NULL,
    note text NOT NULL
);

CREATE TABLE data.report_revision (
    visit_id bigint NOT NULL,
    version integer NOT NULL,
    member_id bigint NOT NULL,
    organisation_id bigint NOT NULL,
    written_at timestamp with time zone NOT NULL,
    replaced_by bigint NOT NULL,
    replaced_at timestamp with time zone NOT NULL,
    outcome text NOT NULL,
    done_at timestamp with time zone NOT NULL,
    contact_id bigint,
    next_action text,
    next_action_on date,
    shared_note text,
    needs jsonb NOT NULL
);

CREATE VIEW api.report_revision_row WITH (security_invoker='true') AS
 SELECT v.visit_id,
    v.version,
    v.written_at,
    v.replaced_at,
    ( SELECT json_build_object('id', m.id, 'name', m.name) AS json_build_object
           FROM data.member m
          WHERE (m.id = v.member_id)) AS member,
    ( SELECT json_build_object('id', m.id, 'name', m.name) AS json_build_object
           FROM data.member m
          WHERE (m.id = v.replaced_by)) AS replaced_by,
    v.outcome,
    o.label AS outcome_label,
    v.done_at,
    v.next_action,
    v.next_action_on,
    v.shared_note,
    ( SELECT string_agg(n.note, '

'::text ORDER BY n.organisation_id) AS string_agg
           FROM data.report_note_revision n
          WHERE ((n.visit_id = v.visit_id) AND (n.version = v.version))) AS network_note,
    ( SELECT COALESCE(json_agg(json_build_object('rome', (n.value ->> 'rome'::text), 'rome_label', r.label, 'posts', (n.value -> 'posts'::text), 'horizon', (n.value ->> 'horizon'::text), 'contract', (n.value ->> 'contract'::text))), '[]'::json) AS "coalesce"
           FROM (jsonb_array_elements(v.needs) n(value)
             JOIN data.rome r ON ((r.code = (n.value ->> 'rome'::text))))) AS needs,
    api.answers_of(v.visit_id, v.version) AS answers
   FROM (data.report_revision v
     JOIN data.outcome o ON ((o.code = v.outcome)));

CREATE VIEW api.scenario_row WITH (security_invoker='true') AS
 SELECT s.id,
    s.plan_id AS plan,
    s.version,
    s.name,
    s.settings,
    s.state,
    s.progress,
    s.asked_at,
    s.finished_at,
    json_build_object('id', m.id, 'name', m.name) AS member,
    api.organisation_ref(o.*) AS organisation,
    s.summary,
    (s.basis = data.plan_basis(v.content)) AS fresh,
    (NOT (v.scenario_id IS DISTINCT FROM s.id)) AS chosen,
    s.archived_at
   FROM ((((data.plan_scenario s
     JOIN data.plan p ON ((p.id = s.plan_id)))
     JOIN data.plan_version v ON (((v.plan_id = p.id) AND (v.version = p.version))))
     JOIN data.member m ON ((m.id = s.member_id)))
     JOIN data.organisation o ON ((o.id = s.organisation_id)));

CREATE VIEW api.segment_code AS
 SELECT c.establishment_id,
    c.name,
    c.code
   FROM data.own_code c
  WHERE (auth.is_partner() AND (c.organisation_id = auth.organisation()));

CREATE VIEW api.segment_list AS
 SELECT f.id,
    f.last_visit_at,
    f.last_contact_at,
    f.commune,
    f.naf,
    f.lon,
    f.lat,
    f.projects,
    f.contact_by,
    f.holder,
    f.rest_until,
    f.legal,
    f.size,
    f.difficult,
    f.tension,
    f.potential,
    f.active,
    f.opposed
   FROM data.facet f
  WHERE (auth.is_partner() AND COALESCE((f.commune <@ ( SELECT t.runs
           FROM data.territory t
          WHERE (t.id = auth.territory()))), false));

CREATE VIEW api.segment_need AS
 SELECT n.establishment_id,
    n.rome
   FROM data.need n
  WHERE ((n.state = ANY (ARRAY['declared'::text, 'confirmed'::text, 'offer'::text])) AND auth.is_partner());

CREATE TABLE data.segment_day (
    segment_id bigint NOT NULL,
    day date NOT NULL,
    entered integer DEFAULT 0 NOT NULL,
    gone integer DEFAULT 0 NOT NULL,
    members integer NOT NULL
);

CREATE TABLE data.segment_version (
    segment_id bigint NOT NULL,
    version integer NOT NULL,
    rule jsonb NOT NULL,
    note text,
    member_id bigint NOT NULL,
    at timestamp with time zone NOT NULL,
    CONSTRAINT segment_version_note CHECK ((length(note) <= 300)),
    CONSTRAINT segment_version_positive CHECK ((version > 0)),
    CONSTRAINT segment_version_rule CHECK ((length((rule)::text) <= 40000))
);

CREATE VIEW api.segment_row WITH (security_invoker='true') AS
 SELECT s.id,
    s.name,
    s.lead,
    s.shared,
    s.version,
    s.edit,
    s.archived_at,
    s.members,
    s.refreshed_at,
    (s.member_version = s.version) AS fresh,
    api.organisation_ref(o.*) AS organisation,
    (s.organisation_id = auth.organisation()) AS mine,
    v.rule,
    v.note,
    v.at AS changed_at,
    json_build_object('id', m.id, 'name', m.name) AS changed_by,
    ( SELECT COALESCE(json_agg(json_build_object('day', d.day, 'entered', d.entered, 'gone', d.gone, 'members', d.members) ORDER BY d.day), '[]'::json) AS "coalesce"
           FROM data.segment_day d
          WHERE ((d.segment_id = s.id) AND (d.day > (data.today() - 90)))) AS days
   FROM (((data.segment s
     JOIN data.organisation o ON ((o.id = s.organisation_id)))
     LEFT JOIN data.segment_version v ON (((v.segment_id = s.id) AND (v.version = s.version))))
     LEFT JOIN data.member m ON ((m.id = v.member_id)));

CREATE TABLE data.establishment_tag (
    tag_id bigint NOT NULL,
    establishment_id bigint NOT NULL,
    member_id bigint NOT NULL,
    at timestamp with time zone NOT NULL
);

CREATE TABLE data.tag (
    id bigint NOT NULL,
    organisation_id bigint NOT NULL,
    label text NOT NULL,
    shared boolean DEFAULT false NOT NULL,
    made_by bigint NOT NULL,
    made_at timestamp with time zone NOT NULL,
    CONSTRAINT tag_label CHECK ((((length(label) >= 2) AND (length(label) <= 40)) AND (label = TRIM(BOTH FROM label))))
);

CREATE VIEW api.segment_tag AS
 SELECT x.establishment_id,
    x.tag_id
   FROM ((data.establishment_tag x
     JOIN data.tag t ON ((t.id = x.tag_id)))
     JOIN data.organisation o ON ((o.id = t.organisation_id)))
  WHERE (auth.is_partner() AND ((t.organisation_id = auth.organisation()) OR (t.shared AND (o.territory_id = auth.territory()))));

CREATE TABLE data.task (
    id bigint NOT NULL,
    kind text NOT NULL,
    mark text DEFAULT ''::text NOT NULL,
    organisation_id bigint NOT NULL,
    member_id bigint,
    establishment_id bigint,
    offer_id bigint,
    referral_id bigint,
    promise_id bigint,
    due_on date NOT NULL,
    raised_at timestamp with time zone NOT NULL,
    later_on date,
    done_at timestamp with time zone,
    done_by bigint,
    team_id bigint,
    CONSTRAINT task_subject CHECK ((num_nonnulls(offer_id, promise_id, team_id) = 1))
);

CREATE TABLE data.task_kind (
    code text NOT NULL,
    label text NOT NULL,
    rank smallint NOT NULL
);

CREATE VIEW api.task_row WITH (security_invoker='true') AS
 SELECT t.id,
    t.kind,
    k.label,
    k.rank,
    t.due_on,
    t.raised_at,
    t.later_on,
    t.organisation_id,
    t.member_id,
    ( SELECT json_build_object('id', m.id, 'name', m.name) AS json_build_object
           FROM data.member m
          WHERE (m.id = t.member_id)) AS member,
    ( SELECT json_build_object('id', e.id, 'name', e.name, 'city', e.city) AS json_build_object
           FROM data.establishment e
          WHERE (e.id = t.establishment_id)) AS establishment,
    ( SELECT json_build_object('id', f.id, 'title', f.title, 'state', f.state, 'opens_at', f.opens_at, 'closes_at', f.closes_at) AS json_build_object
           FROM data.offer f
          WHERE (f.id = t.offer_id)) AS offer,
    t.promise_id AS promise,
    ( SELECT json_build_object('id', r.id, 'reference', r.reference, 'state', r.state, 'refusal', x.label) AS json_build_object
           FROM (data.referral r
             LEFT JOIN data.referral_refusal x ON ((x.code = r.refusal)))
          WHERE (r.id = t.referral_id)) AS referral,
    ( SELECT l.comment
           FROM data.offer_link l
          WHERE ((l.offer_id = t.offer_id) AND (t.kind = 'offer.correct'::text) AND (l.answer = 'corrected'::text))
          ORDER BY l.id DESC
         LIMIT 1) AS comment,
    ( SELECT x.name
           FROM data.team x
          WHERE (x.id = t.team_id)) AS team,
    ( SELECT json_build_object('id', x.id, 'kind', x.kind, 'state', x.state, 'partner',
                CASE
                    WHEN (x.from_organisation_id = t.organisation_id) THEN g.short_name
                    ELSE f.short_name
                END, 'text',
                CASE
                    WHEN (x.state = 'proposed'::text) THEN x.message
                    ELSE x.reason
                END) AS json_build_object
           FROM ((data.transfer x
             JOIN data.organisation f ON ((f.id = x.from_organisation_id)))
             JOIN data.organisation g ON ((g.id = x.to_organisation_id)))
          WHERE ((t.kind = ANY (ARRAY['transfer.answer'::text, 'transfer.answered'::text])) AND (x.id = (t.mark)::bigint))) AS transfer,
    ( SELECT r.next_action
           FROM data.report r
          WHERE ((t.kind = ANY (ARRAY['action.due'::text, 'action.late'::text])) AND (r.visit_id = (split_part(t.mark, ' '::text, 1))::bigint))) AS action,
    ( SELECT json_build_object('id', m.id, 'name', m.name) AS json_build_object
           FROM (data.visit w
             JOIN data.member m ON ((m.id = w.member_id)))
          WHERE ((t.kind = ANY (ARRAY['report.late'::text, 'action.late'::text])) AND (w.id = (split_part(t.mark, ' '::text, 1))::bigint))) AS author
   FROM (data.task t
     JOIN data.task_kind k ON ((k.code = t.kind)))
  WHERE (t.done_at IS NULL);

CREATE TABLE data.team_member (
    team_id bigint NOT NULL,
    organisation_id bigint NOT NULL,
    member_id bigint NOT NULL
);

CREATE TABLE data.team_partner (
    team_id bigint NOT NULL,
    organisation_id bigint NOT NULL,
    agreed_by bigint,
    agreed_at timestamp with time zone,
    CONSTRAINT team_partner_agreed CHECK (((agreed_by IS NULL) = (agreed_at IS NULL)))
);

CREATE VIEW api.team_row WITH (security_invoker='true') AS
 SELECT t.id,
    t.name,
    t.purpose,
    t.state,
    t.made_at,
    t.ended_at,
    t.reason,
    ( SELECT json_build_object('id', s.id, 'name', s.name, 'members', s.members) AS json_build_object
           FROM data.segment s
          WHERE (s.id = t.segment_id)) AS segment,
    api.organisation_ref(g.*) AS organisation,
    ( SELECT json_agg(json_build_object('organisation', api.organisation_ref(o.*), 'agreed_at', p.agreed_at, 'agreed_by', ( SELECT m.name
                   FROM data.member m
                  WHERE (m.id = p.agreed_by)), 'members', ( SELECT COALESCE(json_agg(json_build_object('id', m.id, 'name', m.name) ORDER BY m.name), '[]'::json) AS "coalesce"
                   FROM (data.team_member x
                     JOIN data.member m ON ((m.id = x.member_id)))
                  WHERE ((x.team_id = t.id) AND (x.organisation_id = o.id)))) ORDER BY o.name) AS json_agg
           FROM (data.team_partner p
             JOIN data.organisation o ON ((o.id = p.organisation_id)))
          WHERE (p.team_id = t.id)) AS partners,
    (EXISTS ( SELECT
           FROM data.team_partner p
          WHERE ((p.team_id = t.id) AND (p.organisation_id = auth.organisation())))) AS ours,
    (EXISTS ( SELECT
           FROM data.team_partner p
          WHERE ((p.team_id = t.id) AND (p.organisation_id = auth.organisation()) AND (p.agreed_at IS NULL)))) AS asks_us,
    ( SELECT count(*) AS count
           FROM data.promise p
          WHERE ((p.team_id = t.id) AND (p.state = 'active'::text))) AS promises
   FROM (data.team t
     JOIN data.organisation g ON ((g.id = t.organisation_id)));

CREATE VIEW api.transfer_row WITH (security_invoker='true') AS
 SELECT x.id,
    x.kind,
    x.promise_id AS promise,
    x.state,
    x.message,
    x.reason,
    x.made_at,
    x.expires_on,
    x.answered_at,
    json_build_object('id', e.id, 'name', e.name, 'siret', e.siret, 'city', e.city) AS establishment,
    api.organisation_ref(f.*) AS from_organisation,
    json_build_object('id', fm.id, 'name', fm.name) AS from_member,
    api.organisation_ref(g.*) AS to_organisation,
    ( SELECT json_build_object('id', m.id, 'name', m.name) AS json_build_object
           FROM data.member m
          WHERE (m.id = x.to_member_id)) AS to_member,
    (x.organisation_id = auth.organisation()) AS ours,
    p.due_on,
    p.lapses_on,
    ( SELECT v.planned_at
           FROM data.visit v
          WHERE ((v.promise_id = p.id) AND (v.state = 'planned'::text))) AS visit_at,
    ( SELECT s.id
           FROM data.promise s
          WHERE (s.transfer_id = x.id)) AS successor
   FROM (((((data.transfer x
     JOIN data.establishment e ON ((e.id = x.establishment_id)))
     JOIN data.promise p ON ((p.id = x.promise_id)))
     JOIN data.organisation f ON ((f.id = x.from_organisation_id)))
     JOIN data.organisation g ON ((g.id = x.to_organisation_id)))
     JOIN data.member fm ON ((fm.id = x.from_member_id)));

CREATE TABLE data.visit_partner (
    visit_id bigint NOT NULL,
    organisation_id bigint NOT NULL,
    member_id bigint NOT NULL,
    asked boolean DEFAULT false NOT NULL,
    invited_by bigint NOT NULL,
    message text,
    state text DEFAULT 'invited'::text NOT NULL,
    reason text,
    invited_at timestamp with time zone NOT NULL,
    answered_at timestamp with time zone,
    CONSTRAINT visit_partner_answered CHECK (((state = 'invited'::text) = (answered_at IS NULL))),
    CONSTRAINT visit_partner_declined CHECK (((state <> 'declined'::text) OR (length(TRIM(BOTH FROM reason)) >= 3))),
    CONSTRAINT visit_partner_message CHECK ((length(message) <= 500)),
    CONSTRAINT visit_partner_reason CHECK ((length(reason) <= 500)),
    CONSTRAINT visit_partner_state CHECK ((state = ANY (ARRAY['invited'::text, 'accepted'::text, 'declined'::text, 'withdrawn'::text])))
);

CREATE VIEW api.visit_row WITH (security_invoker='true') AS
 SELECT v.id,
    json_build_object('id', e.id, 'name', e.name, 'siret', e.siret, 'city', e.city, 'address', e.address, 'postcode', e.postcode, 'lon', ext.st_x(e.location), 'lat', ext.st_y(e.location)) AS establishment,
    api.organisation_ref(o.*) AS organisation,
    json_build_object('id', m.id, 'name', m.name) AS member,
    v.promise_id AS promise,
    ( SELECT row_to_json(k.*) AS row_to_json
           FROM ( SELECT c.id,
                    api.sealed(c.*) AS sealed,
                    (c.opposition_id IS NOT NULL) AS opposed
                   FROM data.contact c
                  WHERE ((c.id = v.contact_id) AND (c.erased_at IS NULL))) k) AS contact,
    v.planned_at,
    v.minutes,
    v.state,
    v.reason,
    v.version,
    ( SELECT json_build_object('outcome', r.outcome, 'outcome_label', u.label, 'done_at', r.done_at, 'version', r.version, 'written_at', r.written_at, 'despite', r.despite, 'contact', r.contact_id, 'answers', api.answers_of(v.id), 'member', ( SELECT json_build_object('id', w.id, 'name', w.name) AS json_build_object
                   FROM data.member w
                  WHERE (w.id = r.member_id)), 'next_action', r.next_action, 'next_action_on', r.next_action_on, 'shared_note', r.shared_note, 'network_note', ( SELECT string_agg(n.note, '

'::text ORDER BY n.organisation_id) AS string_agg
                   FROM data.report_note n
                  WHERE (n.visit_id = v.id)), 'needs', COALESCE(( SELECT json_agg(n.* ORDER BY n.id) AS json_agg
                   FROM api.need_row n
                  WHERE (n.visit = v.id)), '[]'::json)) AS json_build_object
           FROM (data.report r
             JOIN data.outcome u ON ((u.code = r.outcome)))
          WHERE (r.visit_id = v.id)) AS report,
    ( SELECT json_build_object('organisation', api.organisation_ref(g.*), 'member', json_build_object('id', w.id, 'name', w.name), 'state', x.state, 'asked', x.asked, 'message', x.message, 'reason', x.reason) AS json_build_object
           FROM ((data.visit_partner x
             JOIN data.organisation g ON ((g.id = x.organisation_id)))
             JOIN data.member w ON ((w.id = x.member_id)))
          WHERE (x.visit_id = v.id)
          ORDER BY (x.state = ANY (ARRAY['invited'::text, 'accepted'::text])) DESC, x.invited_at DESC
         LIMIT 1) AS partner,
    ( SELECT json_build_object('id', t.id, 'name', t.name) AS json_build_object
           FROM (data.promise p
             JOIN data.team t ON ((t.id = p.team_id)))
          WHERE (p.id = v.promise_id)) AS team
   FROM (((data.visit v
     JOIN data.establishment e ON ((e.id = v.establishment_id)))
     JOIN data.organisation o ON ((o.id = v.organisation_id)))
     JOIN data.member m ON ((m.id = v.member_id)));

CREATE VIEW api.week_member WITH (security_invoker='true') AS
 SELECT m.id,
    m.name
   FROM (data.membership x
     JOIN data.member m ON ((m.id = x.member_id)))
  WHERE ((x.organisation_id = auth.organisation()) AND (x.role = ANY (ARRAY['adviser'::text, 'manager'::text])) AND ((x.ended_on IS NULL) OR (x.ended_on > data.today())) AND ((x.role = 'adviser'::text) OR (EXISTS ( SELECT
           FROM data.visit v
          WHERE ((v.member_id = x.member_id) AND (v.organisation_id = x.organisation_id) AND (v.state = 'planned'::text))))));

ALTER TABLE data.absence ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME data.absence_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

ALTER TABLE data.agreement ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME data.agreement_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

ALTER TABLE data.api_key ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME data.api_key_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE data.api_scope (
    code text NOT NULL,
    "bit" integer NOT NULL
);

CREATE TABLE data.bassin (
    code text NOT NULL COLLATE pg_catalog."C",
    name text NOT NULL,
    CONSTRAINT bassin_code CHECK (((length(code) >= 1) AND (length(code) <= 40)))
);

CREATE TABLE data.bassin_commune (
    commune_code text NOT NULL COLLATE pg_catalog."C",
    bassin text NOT NULL COLLATE pg_catalog."C"
);

CREATE TABLE data.bmo (
    bassin text NOT NULL COLLATE pg_catalog."C",
    fap text NOT NULL COLLATE pg_catalog."C",
    year smallint NOT NULL,
    label text NOT NULL,
    projects integer,
    difficult integer,
    seasonal integer,
    CONSTRAINT bmo_difficult CHECK ((difficult >= 0)),
    CONSTRAINT bmo_projects CHECK ((projects >= 0)),
    CONSTRAINT bmo_seasonal CHECK ((seasonal >= 0))
);

ALTER TABLE data.calendar_feed ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME data.calendar_feed_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

ALTER TABLE data.call ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME data.call_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

ALTER TABLE data.channel ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME data.channel_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

ALTER TABLE data.claim ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME data.claim_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE data.company (
    siren text NOT NULL COLLATE pg_catalog."C",
    name text,
    legal_form text,
    size_band text COLLATE pg_catalog."C",
    diffusion text DEFAULT 'O'::text NOT NULL,
    status text DEFAULT 'A'::text NOT NULL,
    file_id bigint,
    register_date date,
    CONSTRAINT company_diffusion CHECK ((diffusion = ANY (ARRAY['O'::text, 'P'::text]))),
    CONSTRAINT company_siren CHECK ((siren ~ '^[0-9]{9}$'::text)),
    CONSTRAINT company_status CHECK ((status = ANY (ARRAY['A'::text, 'F'::text])))
);

CREATE TABLE data.contact_event (
    id bigint NOT NULL,
    establishment_id bigint NOT NULL,
    organisation_id bigint NOT NULL,
    member_id bigint,
    kind text NOT NULL,
    at timestamp with time zone NOT NULL,
    visit_id bigint,
    override_reason text,
    CONSTRAINT contact_event_kind CHECK ((kind = ANY (ARRAY['visit'::text, 'call'::text, 'mail'::text, 'forum'::text]))),
    CONSTRAINT contact_event_override_reason CHECK ((length(override_reason) <= 500))
);

ALTER TABLE data.contact_event ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME data.contact_event_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE data.contact_plain (
    contact_id bigint NOT NULL,
    family_name text NOT NULL,
    given_name text,
    "position" text,
    phone text,
    email text
);

CREATE VIEW data.dead_job AS
 SELECT j.id,
    j.kind,
    j.payload,
    j.run_at,
    j.attempts,
    j.finished_at,
    j.error
   FROM data.job j
  WHERE (j.state = 'dead'::text);

ALTER TABLE data.delivery ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME data.delivery_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

ALTER TABLE data.establishment ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME data.establishment_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE data.establishment_key (
    key bigint NOT NULL,
    establishment_id bigint NOT NULL
);

CREATE TABLE data.establishment_unkeyed (
    establishment_id bigint NOT NULL,
    source_record_id bigint
);

CREATE TABLE data.establishment_value (
    establishment_id bigint NOT NULL,
    field text NOT NULL,
    value text NOT NULL,
    register_value text,
    source_record_id bigint,
    rule text NOT NULL,
    since timestamp with time zone NOT NULL,
    statement_id bigint,
    CONSTRAINT establishment_value_field CHECK ((field = ANY (ARRAY['legal_name'::text, 'usual_name'::text, 'brand'::text, 'address'::text, 'postcode'::text, 'city'::text, 'commune_code'::text, 'naf'::text, 'size_band'::text, 'phone'::text, 'email'::text]))),
    CONSTRAINT establishment_value_rule CHECK ((rule = ANY (ARRAY['only'::text, 'recent'::text, 'trusted'::text, 'confirmed'::text, 'pinned'::text])))
);

ALTER TABLE data.event ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME data.event_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE data.event_seal (
    "position" bigint NOT NULL,
    event_id bigint NOT NULL,
    hash bytea NOT NULL,
    CONSTRAINT event_seal_hash CHECK ((length(hash) = 32))
);

CREATE TABLE data.event_unsealed (
    event_id bigint NOT NULL
);

CREATE TABLE data.outlook (
    bassin text NOT NULL COLLATE pg_catalog."C",
    naf text NOT NULL COLLATE pg_catalog."C",
    projects integer,
    difficult smallint,
    tension smallint,
    activity real DEFAULT 0.5 NOT NULL,
    CONSTRAINT outlook_activity CHECK (((activity >= (0)::double precision) AND (activity <= (1)::double precision))),
    CONSTRAINT outlook_difficult CHECK (((difficult >= 0) AND (difficult <= 100))),
    CONSTRAINT outlook_tension CHECK (((tension >= 10) AND (tension <= 50)))
);

CREATE VIEW data.facet_source AS
 SELECT e.id,
        CASE
            WHEN (e.merged_into IS NULL) THEN data.commune_number(e.commune_code)
            ELSE NULL::integer
        END AS commune,
    data.naf_number(e.naf) AS naf,
    (round((ext.st_x(e.location) * (100000)::double precision)))::integer AS lon,
    (round((ext.st_y(e.location) * (100000)::double precision)))::integer AS lat,
        CASE
            WHEN (c.legal_form ~ '^[0-9]{4}$'::text) THEN (c.legal_form)::smallint
            ELSE NULL::smallint
        END AS legal,
    (e.size_band)::smallint AS size,
    o.projects,
    o.difficult,
    o.tension,
    data.hiring_potential((e.size_band)::smallint, COALESCE(o.activity, w.activity), o.projects) AS potential,
    (e.status = 'A'::text) AS active
   FROM ((((data.establishment e
     LEFT JOIN data.company c ON ((c.siren = e.siren)))
     LEFT JOIN data.bassin_commune b ON ((b.commune_code = e.commune_code)))
     LEFT JOIN data.outlook o ON (((o.bassin = b.bassin) AND (o.naf = e.naf))))
     LEFT JOIN data.outlook w ON (((w.bassin = ''::text) AND (w.naf = e.naf))));

CREATE TABLE data.fact_touched (
    id bigint NOT NULL,
    establishment_id bigint NOT NULL
);

ALTER TABLE data.fact_touched ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME data.fact_touched_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE data.fap_rome (
    fap text NOT NULL COLLATE pg_catalog."C",
    rome text NOT NULL COLLATE pg_catalog."C"
);

CREATE TABLE data.source_trust (
    field text NOT NULL,
    source text NOT NULL,
    rank smallint NOT NULL,
    CONSTRAINT source_trust_rank CHECK (((rank >= 1) AND (rank <= 9)))
);

CREATE TABLE data.survivorship (
    field text NOT NULL,
    place smallint NOT NULL,
    rule text NOT NULL,
    holds interval,
    CONSTRAINT survivorship_holds CHECK (((holds IS NULL) OR ((rule = 'confirmed'::text) AND (holds > '00:00:00'::interval)))),
    CONSTRAINT survivorship_place CHECK (((place >= 1) AND (place <= 4))),
    CONSTRAINT survivorship_rule CHECK ((rule = ANY (ARRAY['pinned'::text, 'confirmed'::text, 'trusted'::text, 'recent'::text])))
);

CREATE VIEW data.golden_lost AS
 SELECT y.field,
    n.code AS network
   FROM (((( SELECT s.field,
            s.place,
            ( SELECT min(o.place) AS min
                   FROM data.survivorship o
                  WHERE ((o.field = s.field) AND (o.rule = 'recent'::text))) AS recent
           FROM data.survivorship s
          WHERE (s.rule = 'trusted'::text)) y
     CROSS JOIN data.network n)
     LEFT JOIN data.source_trust t ON (((t.field = y.field) AND (t.source = n.code))))
     JOIN data.source_trust r ON (((r.field = y.field) AND (r.source = 'register'::text))))
  WHERE (((y.recent > y.place) IS NOT FALSE) AND (r.rank < COALESCE((t.rank)::integer, 5)));

CREATE TABLE data.hiring (
    naf text NOT NULL COLLATE pg_catalog."C",
    rome text NOT NULL COLLATE pg_catalog."C",
    hires integer NOT NULL,
    CONSTRAINT hiring_hires CHECK ((hires > 0))
);

CREATE TABLE data.import_line (
    file_id bigint NOT NULL,
    line integer NOT NULL,
    outcome text NOT NULL,
    code text,
    field text,
    message text,
    siret text COLLATE pg_catalog."C",
    name text,
    city text,
    establishment_id bigint,
    CONSTRAINT import_line_outcome CHECK ((outcome = ANY (ARRAY['linked'::text, 'created'::text, 'review'::text, 'unusable'::text])))
);

CREATE TABLE data.import_mapping (
    organisation_id bigint NOT NULL,
    fingerprint bytea NOT NULL,
    columns text NOT NULL,
    lines smallint NOT NULL,
    member_id bigint,
    used_at timestamp with time zone NOT NULL,
    CONSTRAINT import_mapping_hash CHECK ((length(fingerprint) = 32)),
    CONSTRAINT import_mapping_lines CHECK ((lines = ANY (ARRAY[1, 2])))
);

ALTER TABLE data.import_undone ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME data.import_undone_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE data.import_verdict (
    file_id bigint NOT NULL,
    line integer NOT NULL,
    establishment_id bigint,
    unit bigint NOT NULL,
    verdict text NOT NULL,
    probability double precision NOT NULL,
    reason text,
    evidence jsonb NOT NULL,
    CONSTRAINT import_verdict_verdict CHECK ((verdict = ANY (ARRAY['same'::text, 'review'::text, 'new'::text])))
);

CREATE TABLE data.indicator (
    code text NOT NULL,
    rank smallint NOT NULL,
    name text NOT NULL,
    sentence text NOT NULL,
    unit text NOT NULL,
    kind text NOT NULL,
    better text,
    counted text NOT NULL,
    out_of text,
    CONSTRAINT indicator_better CHECK ((better = ANY (ARRAY['more'::text, 'less'::text]))),
    CONSTRAINT indicator_code CHECK ((code ~ '^[a-z_]{3,30}$'::text)),
    CONSTRAINT indicator_kind CHECK ((kind = ANY (ARRAY['coverage'::text, 'means'::text, 'results'::text]))),
    CONSTRAINT indicator_unit CHECK ((unit = ANY (ARRAY['count'::text, 'percent'::text, 'ratio'::text, 'days'::text, 'per100'::text])))
);

ALTER TABLE data.job ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME data.job_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE VIEW data.job_overview AS
 SELECT j.kind,
    j.state,
    count(*) AS jobs,
    min(j.run_at) AS oldest_run_at,
    (GREATEST(EXTRACT(epoch FROM (data.now() - min(j.run_at))), (0)::numeric))::bigint AS late_seconds
   FROM data.job j
  WHERE (j.state <> 'done'::text)
  GROUP BY j.kind, j.state;

ALTER TABLE data.link ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME data.link_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

ALTER TABLE data.member ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME data.member_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

ALTER TABLE data.merge ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME data.merge_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE data.merge_row (
    merge_id bigint NOT NULL,
    source text NOT NULL,
    field text NOT NULL,
    key jsonb NOT NULL,
    was jsonb
);

ALTER TABLE data.need ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME data.need_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

ALTER TABLE data.offer ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME data.offer_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

ALTER TABLE data.offer_link ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME data.offer_link_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE data.offer_prolongation (
    id bigint NOT NULL,
    offer_id bigint NOT NULL,
    organisation_id bigint NOT NULL,
    member_id bigint NOT NULL,
    confirmed_with text NOT NULL,
    at timestamp with time zone NOT NULL,
    closes_at timestamp with time zone NOT NULL,
    CONSTRAINT offer_prolongation_with CHECK (((length(confirmed_with) >= 2) AND (length(confirmed_with) <= 160)))
);

ALTER TABLE data.offer_prolongation ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME data.offer_prolongation_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE data.offer_step (
    id bigint NOT NULL,
    offer_id bigint NOT NULL,
    from_state text,
    to_state text NOT NULL,
    at timestamp with time zone NOT NULL,
    member_id bigint,
    organisation_id bigint,
    reason text
);

ALTER TABLE data.offer_step ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME data.offer_step_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE data.offer_transition (
    from_state text NOT NULL,
    to_state text NOT NULL,
    needs_reason boolean NOT NULL
);

CREATE TABLE data.opening_hours (
    id bigint NOT NULL,
    establishment_id bigint NOT NULL,
    hours jsonb NOT NULL,
    organisation_id bigint NOT NULL,
    member_id bigint NOT NULL,
    stated_at timestamp with time zone NOT NULL,
    CONSTRAINT opening_hours_valid CHECK (data.hours_valid(hours))
);

ALTER TABLE data.opening_hours ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME data.opening_hours_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

ALTER TABLE data.opposition ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME data.opposition_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

ALTER TABLE data.organisation ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME data.organisation_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE data.plan_comment (
    id bigint NOT NULL,
    plan_id bigint NOT NULL,
    version integer NOT NULL,
    part text,
    segment_id bigint,
    establishment_id bigint,
    text text NOT NULL,
    member_id bigint NOT NULL,
    organisation_id bigint NOT NULL,
    at timestamp with time zone NOT NULL,
    CONSTRAINT plan_comment_part CHECK ((part = ANY (ARRAY['scope'::text, 'partners'::text, 'segments'::text, 'rules'::text, 'capacities'::text, 'objectives'::text, 'scenarios'::text, 'signatures'::text]))),
    CONSTRAINT plan_comment_subject CHECK ((num_nonnulls(part, segment_id, establishment_id) <= 1)),
    CONSTRAINT plan_comment_text CHECK (((length(text) >= 1) AND (length(text) <= 2000)))
);

ALTER TABLE data.plan_comment ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME data.plan_comment_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE data.plan_edit (
    plan_id bigint NOT NULL,
    edit integer NOT NULL,
    version integer NOT NULL,
    content jsonb NOT NULL,
    scenario_id bigint,
    note text,
    member_id bigint NOT NULL,
    organisation_id bigint NOT NULL,
    at timestamp with time zone NOT NULL,
    CONSTRAINT plan_edit_note CHECK ((length(note) <= 500))
);

ALTER TABLE data.plan ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME data.plan_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE data.plan_public (
    network text NOT NULL,
    criterion text NOT NULL,
    value text NOT NULL,
    label text NOT NULL,
    CONSTRAINT plan_public_criterion CHECK ((criterion = ANY (ARRAY['size'::text, 'naf'::text])))
);

ALTER TABLE data.plan_scenario ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME data.plan_scenario_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE data.plan_transition (
    from_state text NOT NULL,
    to_state text NOT NULL
);

CREATE TABLE data.plan_weight (
    code text NOT NULL,
    ordinal smallint NOT NULL,
    label text NOT NULL,
    unit text NOT NULL,
    points integer NOT NULL,
    help text NOT NULL,
    CONSTRAINT plan_weight_points CHECK (((points >= '-1000'::integer) AND (points <= 1000)))
);

ALTER TABLE data.promise_batch ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME data.promise_batch_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

ALTER TABLE data.promise ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME data.promise_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

ALTER TABLE data.proposal ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME data.proposal_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE data.publication (
    id bigint NOT NULL,
    offer_id bigint NOT NULL,
    channel text NOT NULL,
    published_at timestamp with time zone NOT NULL,
    withdrawn_at timestamp with time zone,
    channel_id bigint,
    CONSTRAINT publication_channel CHECK ((channel = ANY (ARRAY['board'::text, 'push'::text]))),
    CONSTRAINT publication_where CHECK (((channel = 'board'::text) = (channel_id IS NULL)))
);

ALTER TABLE data.publication ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME data.publication_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

ALTER TABLE data.questionnaire ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME data.questionnaire_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

ALTER TABLE data.referral ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME data.referral_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE data.referral_transition (
    from_state text NOT NULL,
    to_state text NOT NULL,
    by_proposer boolean NOT NULL
);

ALTER TABLE data.review ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME data.review_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE data.review_skip (
    review_id bigint NOT NULL,
    member_id bigint NOT NULL,
    at timestamp with time zone NOT NULL
);

ALTER TABLE data.segment ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME data.segment_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE data.segment_member (
    segment_id bigint NOT NULL,
    establishment_id bigint NOT NULL,
    since timestamp with time zone NOT NULL,
    version integer NOT NULL
);

CREATE TABLE data.segment_touched (
    id bigint NOT NULL,
    establishment_id bigint NOT NULL
);

ALTER TABLE data.segment_touched ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME data.segment_touched_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

ALTER TABLE data.source_record ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME data.source_record_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE data.stock (
    commune integer NOT NULL,
    division smallint,
    size smallint,
    establishments integer NOT NULL,
    strong integer NOT NULL
);

CREATE TABLE data.stock_touched (
    id bigint NOT NULL,
    commune integer NOT NULL
);

ALTER TABLE data.stock_touched ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME data.stock_touched_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

ALTER TABLE data.succession ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME data.succession_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

ALTER TABLE data.tag ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME data.tag_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

ALTER TABLE data.task ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME data.task_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

ALTER TABLE data.team ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME data.team_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE data.tension (
    bassin text NOT NULL COLLATE pg_catalog."C",
    rome text NOT NULL COLLATE pg_catalog."C",
    year smallint NOT NULL,
    level smallint NOT NULL,
    CONSTRAINT tension_level CHECK (((level >= 1) AND (level <= 5)))
);

ALTER TABLE data.territory ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME data.territory_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE data.tour_day (
    tour_id bigint NOT NULL,
    member_id bigint NOT NULL,
    day date NOT NULL,
    leaves_at timestamp with time zone NOT NULL,
    returns_at timestamp with time zone NOT NULL,
    way_seconds integer NOT NULL,
    way_metres integer NOT NULL,
    visits smallint NOT NULL
);

ALTER TABLE data.tour ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME data.tour_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

ALTER TABLE data.tour_line ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME data.tour_line_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

ALTER TABLE data.transfer ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME data.transfer_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE data.value_statement (
    id bigint NOT NULL,
    establishment_id bigint NOT NULL,
    organisation_id bigint NOT NULL,
    member_id bigint NOT NULL,
    kind text NOT NULL,
    field text NOT NULL,
    value text NOT NULL,
    visit_id bigint,
    reason text,
    at timestamp with time zone NOT NULL,
    ended_at timestamp with time zone,
    ended_by bigint,
    CONSTRAINT value_statement_ended CHECK (((ended_by IS NULL) OR (ended_at IS NOT NULL))),
    CONSTRAINT value_statement_field CHECK ((field = ANY (ARRAY['legal_name'::text, 'usual_name'::text, 'brand'::text, 'address'::text, 'postcode'::text, 'city'::text, 'naf'::text, 'size_band'::text, 'phone'::text, 'email'::text]))),
    CONSTRAINT value_statement_kind CHECK ((kind = ANY (ARRAY['confirmed'::text, 'pinned'::text]))),
    CONSTRAINT value_statement_reason CHECK (((length(reason) >= 3) AND (length(reason) <= 500))),
    CONSTRAINT value_statement_source CHECK (
CASE kind
    WHEN 'confirmed'::text THEN (visit_id IS NOT NULL)
    ELSE (reason IS NOT NULL)
END),
    CONSTRAINT value_statement_value CHECK (((length(value) >= 1) AND (length(value) <= 200)))
);

ALTER TABLE data.value_statement ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME data.value_statement_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

ALTER TABLE data.visit ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME data.visit_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE data.waiting_person (
    source_record_id bigint NOT NULL,
    contact_id bigint NOT NULL,
    person bytea NOT NULL,
    name bytea NOT NULL,
    family bytea NOT NULL,
    phones bytea[] DEFAULT '{}'::bytea[] NOT NULL,
    emails bytea[] DEFAULT '{}'::bytea[] NOT NULL,
    CONSTRAINT waiting_person_family CHECK ((length(family) = 16)),
    CONSTRAINT waiting_person_name CHECK ((length(name) = 16)),
    CONSTRAINT waiting_person_sealed CHECK (((length(person) >= 43) AND (length(person) <= 8300)))
);

CREATE TABLE data.zone (
    id integer NOT NULL,
    level text NOT NULL,
    code text NOT NULL COLLATE pg_catalog."C",
    name text NOT NULL,
    shape ext.geometry(MultiPolygon,4326),
    CONSTRAINT zone_code CHECK (((length(code) >= 1) AND (length(code) <= 40))),
    CONSTRAINT zone_level CHECK ((level = ANY (ARRAY['region'::text, 'departement'::text, 'epci'::text, 'bassin'::text])))
);

CREATE TABLE data.zone_commune (
    level text NOT NULL,
    commune integer NOT NULL,
    zone_id integer NOT NULL
);

ALTER TABLE data.zone ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME data.zone_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

ALTER TABLE ONLY data.absence
    ADD CONSTRAINT absence_pkey PRIMARY KEY (id);

ALTER TABLE ONLY data.agreement
    ADD CONSTRAINT agreement_pkey PRIMARY KEY (id);

ALTER TABLE ONLY data.api_key
    ADD CONSTRAINT api_key_pkey PRIMARY KEY (id);

ALTER TABLE ONLY data.api_scope
    ADD CONSTRAINT api_scope_bit_key UNIQUE ("bit");

ALTER TABLE ONLY data.api_scope
    ADD CONSTRAINT api_scope_pkey PRIMARY KEY (code);

ALTER TABLE ONLY data.api_secret
    ADD CONSTRAINT api_secret_pkey PRIMARY KEY (hash);

ALTER TABLE ONLY data.bassin_commune
    ADD CONSTRAINT bassin_commune_pkey PRIMARY KEY (commune_code);

ALTER TABLE ONLY data.bassin
    ADD CONSTRAINT bassin_pkey PRIMARY KEY (code);

ALTER TABLE ONLY data.bmo
    ADD CONSTRAINT bmo_pkey PRIMARY KEY (bassin, fap);

ALTER TABLE ONLY data.calendar_feed
    ADD CONSTRAINT calendar_feed_pkey PRIMARY KEY (id);

ALTER TABLE ONLY data.calendar_feed
    ADD CONSTRAINT calendar_feed_token_hash_key UNIQUE (token_hash);

ALTER TABLE ONLY data.call_outcome
    ADD CONSTRAINT call_outcome_pkey PRIMARY KEY (code);

ALTER TABLE ONLY data.call
    ADD CONSTRAINT call_pkey PRIMARY KEY (id);

ALTER TABLE ONLY data.channel
    ADD CONSTRAINT channel_pkey PRIMARY KEY (id);

ALTER TABLE ONLY data.channel_secret
    ADD CONSTRAINT channel_secret_pkey PRIMARY KEY (id);

ALTER TABLE ONLY data.claim
    ADD CONSTRAINT claim_pkey PRIMARY KEY (id);

ALTER TABLE ONLY data.clock
    ADD CONSTRAINT clock_pkey PRIMARY KEY (singleton);

ALTER TABLE ONLY data.commune
    ADD CONSTRAINT commune_pkey PRIMARY KEY (code);

ALTER TABLE ONLY data.company
    ADD CONSTRAINT company_pkey PRIMARY KEY (siren);

ALTER TABLE ONLY data.contact_event
    ADD CONSTRAINT contact_event_pkey PRIMARY KEY (id);

ALTER TABLE ONLY data.contact_event
    ADD CONSTRAINT contact_event_visit_once UNIQUE (visit_id);

ALTER TABLE ONLY data.contact_key
    ADD CONSTRAINT contact_key_pkey PRIMARY KEY (contact_id, kind, hash);

ALTER TABLE ONLY data.contact
    ADD CONSTRAINT contact_pkey PRIMARY KEY (id);

ALTER TABLE data.contact CLUSTER ON contact_pkey;

ALTER TABLE ONLY data.contact_plain
    ADD CONSTRAINT contact_plain_pkey PRIMARY KEY (contact_id);

ALTER TABLE ONLY data.contract
    ADD CONSTRAINT contract_pkey PRIMARY KEY (code);

ALTER TABLE ONLY data.delivery_attempt
    ADD CONSTRAINT delivery_attempt_pkey PRIMARY KEY (delivery_id, number);

ALTER TABLE ONLY data.delivery
    ADD CONSTRAINT delivery_once UNIQUE (message);

ALTER TABLE ONLY data.delivery
    ADD CONSTRAINT delivery_pkey PRIMARY KEY (id);

ALTER TABLE ONLY data.establishment_key
    ADD CONSTRAINT establishment_key_pkey PRIMARY KEY (key, establishment_id);

ALTER TABLE ONLY data.establishment
    ADD CONSTRAINT establishment_pkey PRIMARY KEY (id);

ALTER TABLE ONLY data.establishment
    ADD CONSTRAINT establishment_siret_once UNIQUE (siret);

ALTER TABLE ONLY data.establishment_tag
    ADD CONSTRAINT establishment_tag_pkey PRIMARY KEY (tag_id, establishment_id);

ALTER TABLE ONLY data.establishment_value
    ADD CONSTRAINT establishment_value_pkey PRIMARY KEY (establishment_id, field);

ALTER TABLE ONLY data.event
    ADD CONSTRAINT event_pkey PRIMARY KEY (id);

ALTER TABLE ONLY data.event_seal
    ADD CONSTRAINT event_seal_once UNIQUE (event_id);

ALTER TABLE ONLY data.event_seal
    ADD CONSTRAINT event_seal_pkey PRIMARY KEY ("position");

ALTER TABLE ONLY data.event_unsealed
    ADD CONSTRAINT event_unsealed_pkey PRIMARY KEY (event_id);

ALTER TABLE ONLY data.facet
    ADD CONSTRAINT facet_pkey PRIMARY KEY (id);

ALTER TABLE ONLY data.fact
    ADD CONSTRAINT fact_pkey PRIMARY KEY (establishment_id, month, organisation_id);

ALTER TABLE ONLY data.fact_touched
    ADD CONSTRAINT fact_touched_pkey PRIMARY KEY (id);

ALTER TABLE ONLY data.fap_rome
    ADD CONSTRAINT fap_rome_pkey PRIMARY KEY (fap, rome);

ALTER TABLE ONLY data.hiring
    ADD CONSTRAINT hiring_pkey PRIMARY KEY (naf, rome);

ALTER TABLE ONLY data.idempotency
    ADD CONSTRAINT idempotency_pkey PRIMARY KEY (member_id, key);

ALTER TABLE ONLY data.import_line
    ADD CONSTRAINT import_line_pkey PRIMARY KEY (file_id, line);

ALTER TABLE ONLY data.import_mapping
    ADD CONSTRAINT import_mapping_pkey PRIMARY KEY (organisation_id, fingerprint);

ALTER TABLE ONLY data.import_progress
    ADD CONSTRAINT import_progress_pkey PRIMARY KEY (file_id);

ALTER TABLE ONLY data.import_undone
    ADD CONSTRAINT import_undone_pkey PRIMARY KEY (id);

ALTER TABLE ONLY data.indicator
    ADD CONSTRAINT indicator_pkey PRIMARY KEY (code);

ALTER TABLE ONLY data.indicator
    ADD CONSTRAINT indicator_rank_once UNIQUE (rank);

ALTER TABLE ONLY data.instance
    ADD CONSTRAINT instance_pkey PRIMARY KEY (singleton);

ALTER TABLE ONLY data.job
    ADD CONSTRAINT job_pkey PRIMARY KEY (id);

ALTER TABLE ONLY data.link
    ADD CONSTRAINT link_pkey PRIMARY KEY (id);

ALTER TABLE ONLY data.list_change
    ADD CONSTRAINT list_change_pkey PRIMARY KEY (xid);

ALTER TABLE ONLY data.member
    ADD CONSTRAINT member_email_once UNIQUE (email);

ALTER TABLE ONLY data.member
    ADD CONSTRAINT member_pkey PRIMARY KEY (id);

ALTER TABLE ONLY data.membership
    ADD CONSTRAINT membership_pkey PRIMARY KEY (member_id, organisation_id);

ALTER TABLE ONLY data.merge
    ADD CONSTRAINT merge_pkey PRIMARY KEY (id);

ALTER TABLE ONLY data.merge_row
    ADD CONSTRAINT merge_row_pkey PRIMARY KEY (merge_id, source, field, key);

ALTER TABLE ONLY data.naf
    ADD CONSTRAINT naf_pkey PRIMARY KEY (code);

ALTER TABLE ONLY data.need
    ADD CONSTRAINT need_pkey PRIMARY KEY (id);

ALTER TABLE ONLY data.network
    ADD CONSTRAINT network_pkey PRIMARY KEY (code);

ALTER TABLE ONLY data.offer_link
    ADD CONSTRAINT offer_link_pkey PRIMARY KEY (id);

ALTER TABLE ONLY data.offer_link
    ADD CONSTRAINT offer_link_token_hash_key UNIQUE (token_hash);

ALTER TABLE ONLY data.offer
    ADD CONSTRAINT offer_pkey PRIMARY KEY (id);

ALTER TABLE ONLY data.offer_prolongation
    ADD CONSTRAINT offer_prolongation_pkey PRIMARY KEY (id);

ALTER TABLE ONLY data.offer_routing
    ADD CONSTRAINT offer_routing_pkey PRIMARY KEY (offer_id, network);

ALTER TABLE ONLY data.offer_step
    ADD CONSTRAINT offer_step_pkey PRIMARY KEY (id);

ALTER TABLE ONLY data.offer_transition
    ADD CONSTRAINT offer_transition_pkey PRIMARY KEY (from_state, to_state);

ALTER TABLE ONLY data.opening_hours
    ADD CONSTRAINT opening_hours_once UNIQUE (establishment_id);

ALTER TABLE ONLY data.opening_hours
    ADD CONSTRAINT opening_hours_pkey PRIMARY KEY (id);

ALTER TABLE ONLY data.opposition_key
    ADD CONSTRAINT opposition_key_pkey PRIMARY KEY (opposition_id, kind, hash);

ALTER TABLE ONLY data.opposition
    ADD CONSTRAINT opposition_pkey PRIMARY KEY (id);

ALTER TABLE ONLY data.organisation
    ADD CONSTRAINT organisation_name_once UNIQUE (name);

ALTER TABLE ONLY data.organisation
    ADD CONSTRAINT organisation_pkey PRIMARY KEY (id);

ALTER TABLE ONLY data.organisation
    ADD CONSTRAINT organisation_sandbox_once UNIQUE (sandbox_of);

ALTER TABLE ONLY data.outcome
    ADD CONSTRAINT outcome_pkey PRIMARY KEY (code);

ALTER TABLE ONLY data.outlook
    ADD CONSTRAINT outlook_pkey PRIMARY KEY (bassin, naf);

ALTER TABLE ONLY data.own_code
    ADD CONSTRAINT own_code_pkey PRIMARY KEY (organisation_id, name, code, establishment_id);

ALTER TABLE ONLY data.own_column
    ADD CONSTRAINT own_column_pkey PRIMARY KEY (organisation_id, name);

ALTER TABLE ONLY data.plan_comment
    ADD CONSTRAINT plan_comment_pkey PRIMARY KEY (id);

ALTER TABLE ONLY data.plan_edit
    ADD CONSTRAINT plan_edit_once PRIMARY KEY (plan_id, edit);

ALTER TABLE ONLY data.plan_line
    ADD CONSTRAINT plan_line_once PRIMARY KEY (scenario_id, establishment_id);

ALTER TABLE ONLY data.plan
    ADD CONSTRAINT plan_pkey PRIMARY KEY (id);

ALTER TABLE ONLY data.plan_public
    ADD CONSTRAINT plan_public_pkey PRIMARY KEY (network, criterion, value);

ALTER TABLE ONLY data.plan_scenario
    ADD CONSTRAINT plan_scenario_pkey PRIMARY KEY (id);

ALTER TABLE ONLY data.plan_signature
    ADD CONSTRAINT plan_signature_once PRIMARY KEY (plan_id, version, organisation_id);

ALTER TABLE ONLY data.plan_skip
    ADD CONSTRAINT plan_skip_once PRIMARY KEY (plan_id, version, establishment_id);

ALTER TABLE ONLY data.plan_transition
    ADD CONSTRAINT plan_transition_pkey PRIMARY KEY (from_state, to_state);

ALTER TABLE ONLY data.plan_version
    ADD CONSTRAINT plan_version_once PRIMARY KEY (plan_id, version);

ALTER TABLE ONLY data.plan_weight
    ADD CONSTRAINT plan_weight_ordinal UNIQUE (ordinal);

ALTER TABLE ONLY data.plan_weight
    ADD CONSTRAINT plan_weight_pkey PRIMARY KEY (code);

ALTER TABLE ONLY data.promise_batch
    ADD CONSTRAINT promise_batch_pkey PRIMARY KEY (id);

ALTER TABLE ONLY data.promise_batch_row
    ADD CONSTRAINT promise_batch_row_pkey PRIMARY KEY (batch_id, promise_id);

ALTER TABLE ONLY data.promise
    ADD CONSTRAINT promise_of_transfer_once UNIQUE (transfer_id);

ALTER TABLE ONLY data.promise
    ADD CONSTRAINT promise_pkey PRIMARY KEY (id);

ALTER TABLE ONLY data.proposal
    ADD CONSTRAINT proposal_once UNIQUE (promise_id, organisation_id);

ALTER TABLE ONLY data.proposal
    ADD CONSTRAINT proposal_pkey PRIMARY KEY (id);

ALTER TABLE ONLY data.public
    ADD CONSTRAINT public_pkey PRIMARY KEY (code);

ALTER TABLE ONLY data.publication
    ADD CONSTRAINT publication_pkey PRIMARY KEY (id);

ALTER TABLE ONLY data.questionnaire
    ADD CONSTRAINT questionnaire_pkey PRIMARY KEY (id);

ALTER TABLE ONLY data.referral
    ADD CONSTRAINT referral_pkey PRIMARY KEY (id);

ALTER TABLE ONLY data.referral_refusal
    ADD CONSTRAINT referral_refusal_pkey PRIMARY KEY (code);

ALTER TABLE ONLY data.referral_transition
    ADD CONSTRAINT referral_transition_pkey PRIMARY KEY (from_state, to_state);

ALTER TABLE ONLY data.report_answer
    ADD CONSTRAINT report_answer_pkey PRIMARY KEY (visit_id, questionnaire_id, code, value);

ALTER TABLE ONLY data.report_answer_revision
    ADD CONSTRAINT report_answer_revision_pkey PRIMARY KEY (visit_id, version, questionnaire_id, code, value);

ALTER TABLE ONLY data.report_note
    ADD CONSTRAINT report_note_pkey PRIMARY KEY (visit_id, organisation_id);

ALTER TABLE ONLY data.report_note_revision
    ADD CONSTRAINT report_note_revision_pkey PRIMARY KEY (visit_id, version, organisation_id);

ALTER TABLE ONLY data.report
    ADD CONSTRAINT report_pkey PRIMARY KEY (visit_id);

ALTER TABLE ONLY data.report_revision
    ADD CONSTRAINT report_revision_pkey PRIMARY KEY (visit_id, version);

ALTER TABLE ONLY data.review
    ADD CONSTRAINT review_once UNIQUE (source_record_id, establishment_id);

ALTER TABLE ONLY data.review
    ADD CONSTRAINT review_pkey PRIMARY KEY (id);

ALTER TABLE ONLY data.review_skip
    ADD CONSTRAINT review_skip_pkey PRIMARY KEY (review_id, member_id);

ALTER TABLE ONLY data.rome
    ADD CONSTRAINT rome_pkey PRIMARY KEY (code);

ALTER TABLE ONLY data.segment_day
    ADD CONSTRAINT segment_day_pkey PRIMARY KEY (segment_id, day);

ALTER TABLE ONLY data.segment_member
    ADD CONSTRAINT segment_member_pkey PRIMARY KEY (segment_id, establishment_id);

ALTER TABLE ONLY data.segment
    ADD CONSTRAINT segment_pkey PRIMARY KEY (id);

ALTER TABLE ONLY data.segment_touched
    ADD CONSTRAINT segment_touched_pkey PRIMARY KEY (id);

ALTER TABLE ONLY data.segment_version
    ADD CONSTRAINT segment_version_once PRIMARY KEY (segment_id, version);

ALTER TABLE ONLY data.session
    ADD CONSTRAINT session_pkey PRIMARY KEY (token_hash);

ALTER TABLE ONLY data.size_band
    ADD CONSTRAINT size_band_pkey PRIMARY KEY (code);

ALTER TABLE ONLY data.source_error
    ADD CONSTRAINT source_error_pkey PRIMARY KEY (file_id, ordinal);

ALTER TABLE ONLY data.source_file
    ADD CONSTRAINT source_file_pkey PRIMARY KEY (id);

ALTER TABLE ONLY data.source_record
    ADD CONSTRAINT source_record_line_once UNIQUE (file_id, line);

ALTER TABLE ONLY data.source_record
    ADD CONSTRAINT source_record_pkey PRIMARY KEY (id);

ALTER TABLE ONLY data.source_trust
    ADD CONSTRAINT source_trust_pkey PRIMARY KEY (field, source);

ALTER TABLE ONLY data.standing
    ADD CONSTRAINT standing_pkey PRIMARY KEY (establishment_id);

ALTER TABLE ONLY data.stock_touched
    ADD CONSTRAINT stock_touched_pkey PRIMARY KEY (id);

ALTER TABLE ONLY data.succession
    ADD CONSTRAINT succession_once UNIQUE (predecessor, successor, since);

ALTER TABLE ONLY data.succession
    ADD CONSTRAINT succession_pkey PRIMARY KEY (id);

ALTER TABLE ONLY data.survivorship
    ADD CONSTRAINT survivorship_pkey PRIMARY KEY (field, place);

ALTER TABLE ONLY data.survivorship
    ADD CONSTRAINT survivorship_rule_once UNIQUE (field, rule);

ALTER TABLE ONLY data.tag
    ADD CONSTRAINT tag_pkey PRIMARY KEY (id);

ALTER TABLE ONLY data.task_kind
    ADD CONSTRAINT task_kind_pkey PRIMARY KEY (code);

ALTER TABLE ONLY data.task
    ADD CONSTRAINT task_pkey PRIMARY KEY (id);

ALTER TABLE ONLY data.team_member
    ADD CONSTRAINT team_member_pkey PRIMARY KEY (team_id, member_id);

ALTER TABLE ONLY data.team_partner
    ADD CONSTRAINT team_partner_pkey PRIMARY KEY (team_id, organisation_id);

ALTER TABLE ONLY data.team
    ADD CONSTRAINT team_pkey PRIMARY KEY (id);

ALTER TABLE ONLY data.tension
    ADD CONSTRAINT tension_pkey PRIMARY KEY (bassin, rome);

ALTER TABLE ONLY data.territory_commune
    ADD CONSTRAINT territory_commune_pkey PRIMARY KEY (territory_id, commune_code);

ALTER TABLE ONLY data.territory
    ADD CONSTRAINT territory_name_once UNIQUE (name);

ALTER TABLE ONLY data.territory
    ADD CONSTRAINT territory_pkey PRIMARY KEY (id);

ALTER TABLE ONLY data.tour_day
    ADD CONSTRAINT tour_day_pkey PRIMARY KEY (tour_id, member_id, day);

ALTER TABLE ONLY data.tour_line
    ADD CONSTRAINT tour_line_pkey PRIMARY KEY (id);

ALTER TABLE ONLY data.tour
    ADD CONSTRAINT tour_pkey PRIMARY KEY (id);

ALTER TABLE ONLY data.transfer
    ADD CONSTRAINT transfer_pkey PRIMARY KEY (id);

ALTER TABLE ONLY data.value_statement
    ADD CONSTRAINT value_statement_pkey PRIMARY KEY (id);

ALTER TABLE ONLY data.visit_partner
    ADD CONSTRAINT visit_partner_pkey PRIMARY KEY (visit_id, organisation_id);

ALTER TABLE ONLY data.visit
    ADD CONSTRAINT visit_pkey PRIMARY KEY (id);

ALTER TABLE ONLY data.waiting_person
    ADD CONSTRAINT waiting_person_once UNIQUE (contact_id);

ALTER TABLE ONLY data.waiting_person
    ADD CONSTRAINT waiting_person_pkey PRIMARY KEY (source_record_id);

ALTER TABLE ONLY data.work_week
    ADD CONSTRAINT work_week_pkey PRIMARY KEY (member_id, organisation_id);

ALTER TABLE ONLY data.zone_commune
    ADD CONSTRAINT zone_commune_pkey PRIMARY KEY (level, commune);

ALTER TABLE ONLY data.zone
    ADD CONSTRAINT zone_once UNIQUE (level, code);

ALTER TABLE ONLY data.zone
    ADD CONSTRAINT zone_pkey PRIMARY KEY (id);

CREATE INDEX absence_of_member ON data.absence USING btree (member_id, last_on) WHERE (cancelled_at IS NULL);

CREATE INDEX absence_of_organisation ON data.absence USING btree (organisation_id, last_on) WHERE (cancelled_at IS NULL);

CREATE UNIQUE INDEX agreement_version_once ON data.agreement USING btree (COALESCE(network, ''::text), version);

CREATE UNIQUE INDEX api_key_name_once ON data.api_key USING btree (organisation_id, lower(name)) WHERE (revoked_at IS NULL);

CREATE INDEX api_secret_of ON data.api_secret USING btree (key_id, made_at);

CREATE INDEX bassin_commune_of ON data.bassin_commune USING btree (bassin);

CREATE UNIQUE INDEX calendar_feed_one ON data.calendar_feed USING btree (member_id, organisation_id) WHERE (revoked_at IS NULL);

CREATE INDEX call_of_establishment ON data.call USING btree (establishment_id, organisation_id, at DESC);

CREATE INDEX call_of_member ON data.call USING btree (member_id, at DESC);

CREATE INDEX channel_active ON data.channel USING btree (kind) WHERE (state = 'active'::text);

CREATE UNIQUE INDEX channel_name_once ON data.channel USING btree (organisation_id, lower(name)) WHERE (state <> 'removed'::text);

CREATE INDEX channel_secret_of ON data.channel_secret USING btree (channel_id, id);

CREATE INDEX claim_of ON data.claim USING btree (establishment_id, id);

CREATE UNIQUE INDEX claim_one_open ON data.claim USING btree (establishment_id, kind) WHERE (state = 'open'::text);

CREATE INDEX claim_waiting ON data.claim USING btree (made_at) WHERE (state = 'open'::text);

CREATE UNIQUE INDEX commune_by_number ON data.commune USING btree (number);

CREATE INDEX commune_cell_gist ON data.commune USING gist (cell);

CREATE INDEX commune_centre ON data.commune USING gist (centre);

CREATE INDEX commune_department ON data.commune USING btree (department);

CREATE INDEX commune_place_key ON data.commune USING btree (place_key);

CREATE INDEX commune_postcodes ON data.commune USING gin (postcodes);

CREATE INDEX commune_search ON data.commune USING btree (search text_pattern_ops);

CREATE INDEX contact_event_of ON data.contact_event USING btree (establishment_id, at DESC);

CREATE INDEX contact_from ON data.contact USING btree (source_record_id) WHERE (source_record_id IS NOT NULL);

CREATE INDEX contact_key_of ON data.contact_key USING btree (hash);

CREATE INDEX contact_of ON data.contact USING btree (establishment_id);

CREATE INDEX contact_of_record ON data.contact USING btree (source_record_id) WHERE (source_record_id IS NOT NULL);

CREATE INDEX contact_opposed ON data.contact USING btree (opposition_id) WHERE (opposition_id IS NOT NULL);

CREATE INDEX delivery_of_channel ON data.delivery USING btree (channel_id, id DESC);

CREATE INDEX delivery_of_offer ON data.delivery USING btree (offer_id, channel_id) WHERE (offer_id IS NOT NULL);

CREATE INDEX delivery_stuck ON data.delivery USING btree (channel_id, id DESC) WHERE (state = ANY (ARRAY['waiting'::text, 'dead'::text]));

CREATE INDEX establishment_absorbed ON data.establishment USING btree (merged_into) WHERE (merged_into IS NOT NULL);

CREATE INDEX establishment_by_activity ON data.establishment USING btree ("left"(naf, 2), sort_name, id);

CREATE INDEX establishment_by_commune ON data.establishment USING btree (commune_code, sort_name, id);

CREATE INDEX establishment_by_name ON data.establishment USING btree (sort_name, id);

CREATE INDEX establishment_by_siren ON data.establishment USING btree (siren);

CREATE INDEX establishment_by_size ON data.establishment USING btree (size_band, "left"(naf, 2), sort_name, id);

CREATE INDEX establishment_largest ON data.establishment USING btree (((lpad(((99 - COALESCE((size_band)::integer, '-1'::integer)))::text, 3, '0'::text) || sort_name)), id);

CREATE INDEX establishment_location ON data.establishment USING gist (location);

CREATE INDEX establishment_search ON data.establishment USING gin (search ext.gin_trgm_ops);

CREATE INDEX establishment_tag_of ON data.establishment_tag USING btree (establishment_id);

CREATE INDEX establishment_value_from ON data.establishment_value USING btree (source_record_id);

CREATE INDEX establishment_value_stated ON data.establishment_value USING btree (statement_id) WHERE (statement_id IS NOT NULL);

CREATE INDEX event_of_establishment ON data.event USING btree (establishment_id, id DESC);

CREATE INDEX event_of_offer ON data.event USING btree (offer_id) WHERE (offer_id IS NOT NULL);

CREATE INDEX event_of_plan ON data.event USING btree ((((data ->> 'plan'::text))::bigint), id) WHERE (kind ~~ 'plan.%'::text);

CREATE INDEX facet_commune ON data.facet USING btree (commune);

CREATE INDEX facet_naf ON data.facet USING btree (naf);

CREATE INDEX fact_of_commune ON data.fact USING btree (commune, month);

CREATE INDEX fact_of_month ON data.fact USING brin (month);

CREATE INDEX fap_rome_of ON data.fap_rome USING btree (rome);

CREATE INDEX idempotency_age ON data.idempotency USING btree (at);

CREATE INDEX import_line_of ON data.import_line USING btree (file_id, outcome, line);

CREATE INDEX import_undone_of ON data.import_undone USING btree (file_id, kind);

CREATE INDEX import_verdict_of ON data.import_verdict USING btree (file_id);

CREATE INDEX job_dead ON data.job USING btree (id) WHERE (state = 'dead'::text);

CREATE INDEX job_due ON data.job USING btree (run_at, id) WHERE (state = 'waiting'::text);

CREATE INDEX job_sent ON data.job USING btree (sent_at) WHERE (state = 'sent'::text);

CREATE INDEX link_of_any ON data.link USING btree (establishment_id);

CREATE INDEX link_of_establishment ON data.link USING btree (establishment_id) WHERE (undone_at IS NULL);

CREATE UNIQUE INDEX link_one_active ON data.link USING btree (source_record_id) WHERE (undone_at IS NULL);

CREATE INDEX membership_of ON data.membership USING btree (organisation_id);

CREATE INDEX merge_moving ON data.merge USING btree (moving) WHERE (moving IS NOT NULL);

CREATE INDEX merge_of_survivor ON data.merge USING btree (survivor_id);

CREATE UNIQUE INDEX merge_one_standing ON data.merge USING btree (absorbed_id) WHERE (undone_at IS NULL);

CREATE INDEX merge_row_of ON data.merge_row USING btree (source, key);

CREATE INDEX need_of_establishment ON data.need USING btree (establishment_id);

CREATE INDEX need_of_visit ON data.need USING btree (visit_id);

CREATE INDEX offer_closing ON data.offer USING btree (closes_at) WHERE (state = 'open'::text);

CREATE INDEX offer_confirmed_open ON data.offer USING btree (confirmed_at) WHERE (state = ANY (ARRAY['reserved'::text, 'open'::text]));

CREATE UNIQUE INDEX offer_link_one ON data.offer_link USING btree (offer_id) WHERE ((answer IS NULL) AND (revoked_at IS NULL));

CREATE INDEX offer_of_establishment ON data.offer USING btree (establishment_id);

CREATE UNIQUE INDEX offer_of_need_once ON data.offer USING btree (need_id) WHERE (state <> 'withdrawn'::text);

CREATE INDEX offer_of_organisation ON data.offer USING btree (organisation_id, state, id DESC);

CREATE INDEX offer_open ON data.offer USING btree (opened_at DESC, id DESC) WHERE (state = 'open'::text);

CREATE INDEX offer_open_commune ON data.offer USING btree (commune_code, opened_at DESC) WHERE (state = 'open'::text);

CREATE INDEX offer_open_search ON data.offer USING gin (search ext.gin_trgm_ops) WHERE (state = 'open'::text);

CREATE INDEX offer_prolongation_of ON data.offer_prolongation USING btree (offer_id, id);

CREATE INDEX offer_reserved ON data.offer USING btree (opens_at) WHERE (state = 'reserved'::text);

CREATE INDEX offer_step_of ON data.offer_step USING btree (offer_id, id);

CREATE UNIQUE INDEX offer_step_opens_once ON data.offer_step USING btree (offer_id) WHERE (to_state = 'open'::text);

CREATE INDEX opposition_key_of ON data.opposition_key USING btree (hash);

CREATE UNIQUE INDEX opposition_one_active ON data.opposition USING btree (establishment_id) WHERE ((lifted_at IS NULL) AND (subject = 'establishment'::text));

CREATE UNIQUE INDEX opposition_one_person ON data.opposition USING btree (contact_id) WHERE ((lifted_at IS NULL) AND (subject = 'person'::text));

CREATE INDEX organisation_of_territory ON data.organisation USING btree (territory_id);

CREATE INDEX own_code_of ON data.own_code USING btree (establishment_id);

CREATE INDEX plan_comment_of ON data.plan_comment USING btree (plan_id, id);

CREATE INDEX plan_line_of_establishment ON data.plan_line USING btree (establishment_id);

CREATE INDEX plan_line_of_member ON data.plan_line USING btree (scenario_id, organisation_id, member_id);

CREATE INDEX plan_of_territory ON data.plan USING btree (territory_id, id DESC);

CREATE INDEX plan_scenario_of ON data.plan_scenario USING btree (plan_id, id DESC);

CREATE INDEX plan_skip_of_establishment ON data.plan_skip USING btree (establishment_id);

CREATE UNIQUE INDEX plan_version_one_active ON data.plan_version USING btree (plan_id) WHERE (state = 'active'::text);

CREATE UNIQUE INDEX plan_version_one_open ON data.plan_version USING btree (plan_id) WHERE (state = ANY (ARRAY['draft'::text, 'proposed'::text, 'agreed'::text]));

CREATE INDEX promise_batch_undoing ON data.promise_batch USING btree (undoing) WHERE (undoing IS NOT NULL);

CREATE INDEX promise_made ON data.promise USING btree (made_at);

CREATE INDEX promise_of_establishment ON data.promise USING btree (establishment_id, id);

CREATE INDEX promise_of_member ON data.promise USING btree (member_id, due_on) WHERE (state = 'active'::text);

CREATE INDEX promise_of_organisation ON data.promise USING btree (organisation_id, due_on) WHERE (state = 'active'::text);

CREATE INDEX promise_of_plan ON data.promise USING btree (plan_id, establishment_id) WHERE (plan_id IS NOT NULL);

CREATE INDEX promise_of_team ON data.promise USING btree (team_id) WHERE (state = 'active'::text);

CREATE UNIQUE INDEX promise_one_active ON data.promise USING btree (establishment_id) WHERE (state = 'active'::text);

CREATE INDEX proposal_of ON data.proposal USING btree (organisation_id, id DESC);

CREATE UNIQUE INDEX proposal_one_open ON data.proposal USING btree (establishment_id) WHERE (state = 'proposed'::text);

CREATE INDEX publication_of_channel ON data.publication USING btree (channel_id, id DESC) WHERE (channel_id IS NOT NULL);

CREATE UNIQUE INDEX publication_once ON data.publication USING btree (offer_id, channel, COALESCE(channel_id, (0)::bigint));

CREATE UNIQUE INDEX questionnaire_once ON data.questionnaire USING btree (COALESCE(network, ''::text), version);

CREATE INDEX referral_of_offer ON data.referral USING btree (offer_id, id);

CREATE INDEX referral_of_organisation ON data.referral USING btree (organisation_id, id DESC);

CREATE UNIQUE INDEX referral_once ON data.referral USING btree (offer_id, organisation_id, reference) WHERE (state <> 'withdrawn'::text);

CREATE INDEX report_of_contact ON data.report USING btree (contact_id) WHERE (contact_id IS NOT NULL);

CREATE INDEX report_of_establishment ON data.report USING btree (establishment_id);

CREATE INDEX review_decisions ON data.review USING btree (organisation_id, decided_at DESC) WHERE (decided_at IS NOT NULL);

CREATE INDEX review_of_establishment ON data.review USING btree (establishment_id);

CREATE INDEX review_of_other ON data.review USING btree (other_id) WHERE (other_id IS NOT NULL);

CREATE UNIQUE INDEX review_one_same ON data.review USING btree (source_record_id) WHERE (state = 'same'::text);

CREATE UNIQUE INDEX review_pair_once ON data.review USING btree (LEAST(establishment_id, other_id), GREATEST(establishment_id, other_id)) WHERE (other_id IS NOT NULL);

CREATE INDEX review_queue ON data.review USING btree (organisation_id, rank DESC, id) WHERE (state = 'open'::text);

CREATE INDEX review_shared_queue ON data.review USING btree (rank DESC, id) WHERE ((state = 'open'::text) AND (other_id IS NOT NULL));

CREATE INDEX rome_search ON data.rome USING gin (search ext.gin_trgm_ops);

CREATE INDEX segment_member_of ON data.segment_member USING btree (establishment_id);

CREATE UNIQUE INDEX segment_name_once ON data.segment USING btree (organisation_id, data.fold(name)) WHERE (archived_at IS NULL);

CREATE INDEX segment_of_territory ON data.segment USING btree (territory_id);

CREATE INDEX session_expiry ON data.session USING btree (expires_at);

CREATE INDEX session_of_member ON data.session USING btree (member_id);

CREATE INDEX source_file_of ON data.source_file USING btree (organisation_id, id DESC);

CREATE UNIQUE INDEX source_file_once ON data.source_file USING btree (kind, COALESCE(organisation_id, (0)::bigint), sha256) WHERE (state <> ALL (ARRAY['refused'::text, 'cancelled'::text, 'reverting'::text, 'reverted'::text]));

CREATE INDEX source_record_siret_of ON data.source_record USING btree (siret);

CREATE INDEX stock_of_commune ON data.stock USING btree (commune);

CREATE INDEX succession_of_successor ON data.succession USING btree (successor);

CREATE UNIQUE INDEX tag_once ON data.tag USING btree (organisation_id, data.fold(label));

CREATE INDEX task_of_offer ON data.task USING btree (offer_id) WHERE (done_at IS NULL);

CREATE INDEX task_of_promise ON data.task USING btree (promise_id) WHERE (done_at IS NULL);

CREATE UNIQUE INDEX task_once ON data.task USING btree (kind, mark, COALESCE(offer_id, promise_id, team_id), COALESCE(referral_id, (0)::bigint));

CREATE INDEX task_open ON data.task USING btree (organisation_id, due_on) WHERE (done_at IS NULL);

CREATE INDEX team_member_of ON data.team_member USING btree (member_id);

CREATE UNIQUE INDEX team_name_once ON data.team USING btree (territory_id, lower(name)) WHERE (state <> 'ended'::text);

CREATE INDEX team_of_segment ON data.team USING btree (segment_id) WHERE (state = 'active'::text);

CREATE INDEX team_partner_of ON data.team_partner USING btree (organisation_id);

CREATE INDEX territory_commune_number ON data.territory_commune USING btree (territory_id, number);

CREATE INDEX territory_commune_of ON data.territory_commune USING btree (commune_code);

CREATE INDEX tour_line_of ON data.tour_line USING btree (tour_id, member_id, starts_at);

CREATE INDEX tour_line_of_establishment ON data.tour_line USING btree (establishment_id);

CREATE UNIQUE INDEX tour_line_once ON data.tour_line USING btree (tour_id, establishment_id) WHERE (kind <> 'visit'::text);

CREATE INDEX tour_of_organisation ON data.tour USING btree (organisation_id, id DESC);

CREATE UNIQUE INDEX tour_one_running ON data.tour USING btree (asked_by, organisation_id) WHERE (state = ANY (ARRAY['waiting'::text, 'running'::text]));

CREATE INDEX transfer_from ON data.transfer USING btree (from_organisation_id, id DESC);

CREATE INDEX transfer_of_establishment ON data.transfer USING btree (establishment_id);

CREATE UNIQUE INDEX transfer_one_open ON data.transfer USING btree (promise_id, to_organisation_id) WHERE (state = 'proposed'::text);

CREATE INDEX transfer_to ON data.transfer USING btree (to_organisation_id, id DESC);

CREATE UNIQUE INDEX value_confirmed_once ON data.value_statement USING btree (visit_id, field) WHERE (kind = 'confirmed'::text);

CREATE UNIQUE INDEX value_one_pin ON data.value_statement USING btree (establishment_id, field) WHERE ((kind = 'pinned'::text) AND (ended_at IS NULL));

CREATE INDEX value_statement_of ON data.value_statement USING btree (establishment_id) WHERE (ended_at IS NULL);

CREATE INDEX visit_changed_of ON data.visit USING btree (member_id, organisation_id, changed_at);

CREATE INDEX visit_of_contact ON data.visit USING btree (contact_id) WHERE (contact_id IS NOT NULL);

CREATE INDEX visit_of_establishment ON data.visit USING btree (establishment_id, planned_at);

CREATE INDEX visit_of_member ON data.visit USING btree (member_id, planned_at);

CREATE INDEX visit_of_organisation ON data.visit USING btree (organisation_id, planned_at);

CREATE UNIQUE INDEX visit_one_partner ON data.visit_partner USING btree (visit_id) WHERE (state = ANY (ARRAY['invited'::text, 'accepted'::text]));

CREATE UNIQUE INDEX visit_one_planned ON data.visit USING btree (promise_id) WHERE (state = 'planned'::text);

CREATE INDEX visit_partner_member_of ON data.visit_partner USING btree (member_id, state);

CREATE INDEX visit_partner_of ON data.visit_partner USING btree (organisation_id, state);

CREATE INDEX zone_commune_of ON data.zone_commune USING btree (zone_id);

CREATE INDEX zone_shape ON data.zone USING gist (shape);

CREATE TRIGGER absence_guard BEFORE INSERT OR UPDATE ON data.absence FOR EACH ROW EXECUTE FUNCTION data.absence_guard();

CREATE TRIGGER absence_told AFTER INSERT OR UPDATE ON data.absence FOR EACH ROW EXECUTE FUNCTION data.absence_told();

CREATE TRIGGER call_guard BEFORE INSERT OR UPDATE ON data.call FOR EACH ROW EXECUTE FUNCTION data.call_guard();

CREATE TRIGGER call_told AFTER INSERT ON data.call FOR EACH ROW EXECUTE FUNCTION data.call_told();

CREATE TRIGGER channel_guard BEFORE INSERT OR UPDATE ON data.channel FOR EACH ROW EXECUTE FUNCTION data.channel_guard();

CREATE TRIGGER channel_told AFTER INSERT OR UPDATE ON data.channel FOR EACH ROW EXECUTE FUNCTION data.channel_told();

CREATE TRIGGER claim_guard BEFORE INSERT OR UPDATE ON data.claim FOR EACH ROW EXECUTE FUNCTION data.claim_guard();

CREATE TRIGGER claim_register BEFORE UPDATE OF status ON data.establishment FOR EACH ROW WHEN ((new.status <> old.status)) EXECUTE FUNCTION data.claim_register();

CREATE TRIGGER claim_told AFTER INSERT OR UPDATE ON data.claim FOR EACH ROW EXECUTE FUNCTION data.claim_told();

CREATE TRIGGER contact_added AFTER INSERT ON data.contact REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION data.contact_added();

CREATE TRIGGER contact_guard BEFORE INSERT OR UPDATE ON data.contact FOR EACH ROW EXECUTE FUNCTION data.contact_guard();

CREATE TRIGGER contact_key_bound AFTER INSERT ON data.contact_key REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION data.contact_key_bound();

CREATE CONSTRAINT TRIGGER contact_plain_gone AFTER INSERT OR UPDATE ON data.contact_plain DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION data.contact_plain_gone();

CREATE CONSTRAINT TRIGGER contact_sealed AFTER INSERT OR UPDATE OF person, erased_at ON data.contact DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION data.contact_sealed();

CREATE TRIGGER contact_told AFTER UPDATE ON data.contact FOR EACH ROW EXECUTE FUNCTION data.contact_told();

CREATE TRIGGER delivery_due AFTER INSERT ON data.delivery REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION data.delivery_due();

CREATE TRIGGER establishment_tag_told AFTER INSERT OR DELETE ON data.establishment_tag FOR EACH ROW EXECUTE FUNCTION data.establishment_tag_told();

CREATE TRIGGER establishment_unkeyed_changed AFTER UPDATE ON data.establishment REFERENCING OLD TABLE AS stale NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION data.establishment_unkeyed_changed();

CREATE TRIGGER establishment_unkeyed_new AFTER INSERT ON data.establishment REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION data.establishment_unkeyed_new();

CREATE TRIGGER event_fanned AFTER INSERT ON data.event REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION data.event_fanned();

CREATE TRIGGER event_frozen BEFORE DELETE OR UPDATE ON data.event FOR EACH ROW EXECUTE FUNCTION data.event_frozen();

CREATE TRIGGER event_frozen_all BEFORE TRUNCATE ON data.event FOR EACH STATEMENT EXECUTE FUNCTION data.event_frozen();

CREATE TRIGGER event_seal_frozen BEFORE DELETE OR UPDATE ON data.event_seal FOR EACH ROW EXECUTE FUNCTION data.event_frozen();

CREATE TRIGGER event_seal_frozen_all BEFORE TRUNCATE ON data.event_seal FOR EACH STATEMENT EXECUTE FUNCTION data.event_frozen();

CREATE TRIGGER event_told AFTER INSERT ON data.event REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION data.event_told();

CREATE TRIGGER facet_of_changed AFTER UPDATE ON data.company REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION data.facet_of_companies();

CREATE TRIGGER facet_of_changed AFTER UPDATE ON data.establishment REFERENCING OLD TABLE AS stale NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION data.facet_of_establishments();

CREATE TRIGGER facet_of_changed AFTER UPDATE ON data.promise REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION data.facet_of_promises();

CREATE TRIGGER facet_of_changed AFTER UPDATE ON data.standing REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION data.facet_of_standings();

CREATE TRIGGER facet_of_gone AFTER DELETE ON data.establishment REFERENCING OLD TABLE AS gone FOR EACH STATEMENT EXECUTE FUNCTION data.segment_touch_gone();

CREATE TRIGGER facet_of_new AFTER INSERT ON data.company REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION data.facet_of_companies();

CREATE TRIGGER facet_of_new AFTER INSERT ON data.establishment REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION data.facet_of_establishments();

CREATE TRIGGER facet_of_new AFTER INSERT ON data.promise REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION data.facet_of_promises();

CREATE TRIGGER facet_of_new AFTER INSERT ON data.standing REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION data.facet_of_standings();

CREATE TRIGGER fact_touch_changed AFTER UPDATE ON data.contact REFERENCING OLD TABLE AS stale NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION data.fact_touch();

CREATE TRIGGER fact_touch_changed AFTER UPDATE ON data.contact_event REFERENCING OLD TABLE AS stale NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION data.fact_touch();

CREATE TRIGGER fact_touch_changed AFTER UPDATE ON data.facet REFERENCING OLD TABLE AS stale NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION data.fact_touch_facet();

CREATE TRIGGER fact_touch_changed AFTER UPDATE ON data.link REFERENCING OLD TABLE AS stale NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION data.fact_touch();

CREATE TRIGGER fact_touch_changed AFTER UPDATE ON data.need REFERENCING OLD TABLE AS stale NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION data.fact_touch();

CREATE TRIGGER fact_touch_changed AFTER UPDATE ON data.offer REFERENCING OLD TABLE AS stale NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION data.fact_touch();

CREATE TRIGGER fact_touch_changed AFTER UPDATE ON data.promise REFERENCING OLD TABLE AS stale NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION data.fact_touch();

CREATE TRIGGER fact_touch_changed AFTER UPDATE ON data.referral REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION data.fact_touch_referral();

CREATE TRIGGER fact_touch_gone AFTER DELETE ON data.contact REFERENCING OLD TABLE AS stale FOR EACH STATEMENT EXECUTE FUNCTION data.fact_touch();

CREATE TRIGGER fact_touch_gone AFTER DELETE ON data.contact_event REFERENCING OLD TABLE AS stale FOR EACH STATEMENT EXECUTE FUNCTION data.fact_touch();

CREATE TRIGGER fact_touch_gone AFTER DELETE ON data.facet REFERENCING OLD TABLE AS stale FOR EACH STATEMENT EXECUTE FUNCTION data.fact_touch_facet();

CREATE TRIGGER fact_touch_gone AFTER DELETE ON data.link REFERENCING OLD TABLE AS stale FOR EACH STATEMENT EXECUTE FUNCTION data.fact_touch();

CREATE TRIGGER fact_touch_gone AFTER DELETE ON data.need REFERENCING OLD TABLE AS stale FOR EACH STATEMENT EXECUTE FUNCTION data.fact_touch();

CREATE TRIGGER fact_touch_gone AFTER DELETE ON data.offer REFERENCING OLD TABLE AS stale FOR EACH STATEMENT EXECUTE FUNCTION data.fact_touch();

CREATE TRIGGER fact_touch_gone AFTER DELETE ON data.promise REFERENCING OLD TABLE AS stale FOR EACH STATEMENT EXECUTE FUNCTION data.fact_touch();

CREATE TRIGGER fact_touch_new AFTER INSERT ON data.contact REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION data.fact_touch();

CREATE TRIGGER fact_touch_new AFTER INSERT ON data.contact_event REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION data.fact_touch();

CREATE TRIGGER fact_touch_new AFTER INSERT ON data.facet REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION data.fact_touch_facet();

CREATE TRIGGER fact_touch_new AFTER INSERT ON data.link REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION data.fact_touch();

CREATE TRIGGER fact_touch_new AFTER INSERT ON data.need REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION data.fact_touch();

CREATE TRIGGER fact_touch_new AFTER INSERT ON data.offer REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION data.fact_touch();

CREATE TRIGGER fact_touch_new AFTER INSERT ON data.promise REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION data.fact_touch();

CREATE TRIGGER fact_touch_new AFTER INSERT ON data.referral REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION data.fact_touch_referral();

CREATE TRIGGER job_announce AFTER INSERT ON data.job FOR EACH STATEMENT EXECUTE FUNCTION data.job_announce();

CREATE TRIGGER link_followed AFTER INSERT ON data.link REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION data.link_followed();

CREATE TRIGGER list_changed AFTER DELETE OR UPDATE ON data.link FOR EACH STATEMENT EXECUTE FUNCTION data.list_changed_by();

CREATE TRIGGER list_changed AFTER UPDATE OF state ON data.review FOR EACH STATEMENT EXECUTE FUNCTION data.list_changed_by();

CREATE CONSTRAINT TRIGGER merged_to_root AFTER UPDATE OF merged_into ON data.establishment DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION data.merged_to_root();

CREATE TRIGGER need_guard BEFORE INSERT ON data.need FOR EACH ROW EXECUTE FUNCTION data.need_guard();

CREATE TRIGGER need_told AFTER INSERT OR UPDATE ON data.need FOR EACH ROW EXECUTE FUNCTION data.need_told();

CREATE TRIGGER not_on_absorbed AFTER INSERT ON data.call REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION data.not_on_absorbed();

CREATE TRIGGER not_on_absorbed AFTER INSERT ON data.claim REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION data.not_on_absorbed();

CREATE TRIGGER not_on_absorbed AFTER INSERT ON data.contact REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION data.not_on_absorbed();

CREATE TRIGGER not_on_absorbed AFTER INSERT ON data.contact_event REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION data.not_on_absorbed();

CREATE TRIGGER not_on_absorbed AFTER INSERT ON data.establishment_tag REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION data.not_on_absorbed();

CREATE TRIGGER not_on_absorbed AFTER INSERT ON data.link REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION data.not_on_absorbed();

CREATE TRIGGER not_on_absorbed AFTER INSERT ON data.need REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION data.not_on_absorbed();

CREATE TRIGGER not_on_absorbed AFTER INSERT ON data.offer REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION data.not_on_absorbed();

CREATE TRIGGER not_on_absorbed AFTER INSERT ON data.opening_hours REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION data.not_on_absorbed();

CREATE TRIGGER not_on_absorbed AFTER INSERT ON data.opposition REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION data.not_on_absorbed();

CREATE TRIGGER not_on_absorbed AFTER INSERT ON data.own_code REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION data.not_on_absorbed();

CREATE TRIGGER not_on_absorbed AFTER INSERT ON data.plan_comment REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION data.not_on_absorbed();

CREATE TRIGGER not_on_absorbed AFTER INSERT ON data.plan_line REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION data.not_on_absorbed();

CREATE TRIGGER not_on_absorbed AFTER INSERT ON data.plan_skip REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION data.not_on_absorbed();

CREATE TRIGGER not_on_absorbed AFTER INSERT ON data.promise REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION data.not_on_absorbed();

CREATE TRIGGER not_on_absorbed AFTER INSERT ON data.proposal REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION data.not_on_absorbed();

CREATE TRIGGER not_on_absorbed AFTER INSERT ON data.report REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION data.not_on_absorbed();

CREATE TRIGGER not_on_absorbed AFTER INSERT ON data.review REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION data.not_on_absorbed();

CREATE TRIGGER not_on_absorbed AFTER INSERT ON data.task REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION data.not_on_absorbed();

CREATE TRIGGER not_on_absorbed AFTER INSERT ON data.tour_line REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION data.not_on_absorbed();

CREATE TRIGGER not_on_absorbed AFTER INSERT ON data.transfer REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION data.not_on_absorbed();

CREATE TRIGGER not_on_absorbed AFTER INSERT ON data.value_statement REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION data.not_on_absorbed();

CREATE TRIGGER not_on_absorbed AFTER INSERT ON data.visit REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION data.not_on_absorbed();

CREATE TRIGGER offer_guard BEFORE INSERT OR UPDATE ON data.offer FOR EACH ROW EXECUTE FUNCTION data.offer_guard();

CREATE TRIGGER offer_link_guard BEFORE INSERT ON data.offer_link FOR EACH ROW EXECUTE FUNCTION data.offer_link_guard();

CREATE TRIGGER offer_prolongation_guard BEFORE INSERT ON data.offer_prolongation FOR EACH ROW EXECUTE FUNCTION data.offer_prolongation_guard();

CREATE TRIGGER offer_told AFTER INSERT OR UPDATE ON data.offer FOR EACH ROW EXECUTE FUNCTION data.offer_told();

CREATE TRIGGER opening_hours_told AFTER INSERT OR UPDATE ON data.opening_hours FOR EACH ROW EXECUTE FUNCTION data.opening_hours_told();

CREATE TRIGGER opposition_guard BEFORE INSERT OR UPDATE ON data.opposition FOR EACH ROW EXECUTE FUNCTION data.opposition_guard();

CREATE TRIGGER opposition_told AFTER INSERT OR UPDATE ON data.opposition FOR EACH ROW EXECUTE FUNCTION data.opposition_told();

CREATE TRIGGER own_codes_of_changed AFTER UPDATE ON data.link REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION data.own_codes_follow();

CREATE TRIGGER own_codes_of_new AFTER INSERT ON data.link REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION data.own_codes_follow();

CREATE TRIGGER pairs_wait AFTER UPDATE OF state ON data.source_file FOR EACH ROW WHEN (((new.kind = ANY (ARRAY['partner'::text, 'sirene'::text])) AND (new.state = 'done'::text) AND (old.state IS DISTINCT FROM 'done'::text))) EXECUTE FUNCTION data.pairs_wait();

CREATE TRIGGER plan_comment_fixed BEFORE UPDATE ON data.plan_comment FOR EACH ROW WHEN ((NOT data.is_moving())) EXECUTE FUNCTION data.plan_kept();

CREATE TRIGGER plan_comment_kept BEFORE DELETE ON data.plan_comment FOR EACH ROW EXECUTE FUNCTION data.plan_kept();

CREATE TRIGGER plan_comment_kept_all BEFORE TRUNCATE ON data.plan_comment FOR EACH STATEMENT EXECUTE FUNCTION data.plan_kept();

CREATE TRIGGER plan_edit_fixed BEFORE UPDATE ON data.plan_edit FOR EACH ROW WHEN ((NOT data.is_moving())) EXECUTE FUNCTION data.plan_kept();

CREATE TRIGGER plan_edit_kept BEFORE DELETE ON data.plan_edit FOR EACH ROW EXECUTE FUNCTION data.plan_kept();

CREATE TRIGGER plan_edit_kept_all BEFORE TRUNCATE ON data.plan_edit FOR EACH STATEMENT EXECUTE FUNCTION data.plan_kept();

CREATE TRIGGER plan_guard BEFORE UPDATE ON data.plan FOR EACH ROW EXECUTE FUNCTION data.plan_guard();

CREATE TRIGGER plan_kept BEFORE DELETE ON data.plan FOR EACH ROW EXECUTE FUNCTION data.plan_kept();

CREATE TRIGGER plan_kept_all BEFORE TRUNCATE ON data.plan FOR EACH STATEMENT EXECUTE FUNCTION data.plan_kept();

CREATE TRIGGER plan_line_fixed BEFORE UPDATE ON data.plan_line FOR EACH ROW WHEN ((NOT data.is_moving())) EXECUTE FUNCTION data.plan_kept();

CREATE TRIGGER plan_line_gone AFTER DELETE ON data.plan_line REFERENCING OLD TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION data.plan_line_guard();

CREATE TRIGGER plan_line_kept_all BEFORE TRUNCATE ON data.plan_line FOR EACH STATEMENT EXECUTE FUNCTION data.plan_kept();

CREATE TRIGGER plan_line_new AFTER INSERT ON data.plan_line REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION data.plan_line_guard();

CREATE TRIGGER plan_promise_guard AFTER INSERT ON data.promise REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION data.plan_promise_guard();

CREATE TRIGGER plan_promised AFTER INSERT ON data.promise REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION data.plan_promised();

CREATE TRIGGER plan_scenario_guard BEFORE INSERT OR UPDATE ON data.plan_scenario FOR EACH ROW EXECUTE FUNCTION data.plan_scenario_guard();

CREATE TRIGGER plan_signature_guard BEFORE INSERT OR UPDATE ON data.plan_signature FOR EACH ROW EXECUTE FUNCTION data.plan_signature_guard();

CREATE TRIGGER plan_signature_kept BEFORE DELETE ON data.plan_signature FOR EACH ROW EXECUTE FUNCTION data.plan_kept();

CREATE TRIGGER plan_signature_kept_all BEFORE TRUNCATE ON data.plan_signature FOR EACH STATEMENT EXECUTE FUNCTION data.plan_kept();

CREATE TRIGGER plan_skip_fixed BEFORE UPDATE ON data.plan_skip FOR EACH ROW WHEN ((NOT data.is_moving())) EXECUTE FUNCTION data.plan_kept();

CREATE TRIGGER plan_skip_kept BEFORE DELETE ON data.plan_skip FOR EACH ROW EXECUTE FUNCTION data.plan_kept();

CREATE TRIGGER plan_skip_kept_all BEFORE TRUNCATE ON data.plan_skip FOR EACH STATEMENT EXECUTE FUNCTION data.plan_kept();

CREATE TRIGGER plan_version_guard BEFORE INSERT OR UPDATE ON data.plan_version FOR EACH ROW EXECUTE FUNCTION data.plan_version_guard();

CREATE TRIGGER plan_version_kept BEFORE DELETE ON data.plan_version FOR EACH ROW EXECUTE FUNCTION data.plan_kept();

CREATE TRIGGER plan_version_kept_all BEFORE TRUNCATE ON data.plan_version FOR EACH STATEMENT EXECUTE FUNCTION data.plan_kept();

CREATE TRIGGER promise_guard BEFORE INSERT OR UPDATE ON data.promise FOR EACH ROW EXECUTE FUNCTION data.promise_guard();

CREATE TRIGGER promise_over AFTER UPDATE ON data.promise FOR EACH ROW WHEN (((old.state = 'active'::text) AND (new.state <> 'active'::text))) EXECUTE FUNCTION data.promise_over();

CREATE TRIGGER promise_told AFTER INSERT OR UPDATE ON data.promise FOR EACH ROW EXECUTE FUNCTION data.promise_told();

CREATE TRIGGER proposal_guard BEFORE UPDATE ON data.proposal FOR EACH ROW EXECUTE FUNCTION data.proposal_guard();

CREATE TRIGGER proposal_told AFTER INSERT OR UPDATE ON data.proposal FOR EACH ROW EXECUTE FUNCTION data.proposal_told();

CREATE TRIGGER proposal_void AFTER INSERT ON data.opposition FOR EACH ROW WHEN ((new.subject = 'establishment'::text)) EXECUTE FUNCTION data.proposal_void();

CREATE TRIGGER proposal_void AFTER INSERT ON data.promise FOR EACH ROW EXECUTE FUNCTION data.proposal_void();

CREATE TRIGGER publication_sent AFTER INSERT ON data.publication REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION data.publication_sent();

CREATE TRIGGER publication_unsent AFTER UPDATE ON data.publication REFERENCING OLD TABLE AS stale NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION data.publication_sent();

CREATE TRIGGER questionnaire_guard BEFORE INSERT OR DELETE OR UPDATE ON data.questionnaire FOR EACH ROW EXECUTE FUNCTION data.questionnaire_guard();

CREATE TRIGGER records_wait AFTER UPDATE OF state ON data.source_file FOR EACH ROW WHEN (((new.kind = 'partner'::text) AND (new.state = 'done'::text) AND (old.state IS DISTINCT FROM 'done'::text) AND (NOT (new.summary ? 'linkage'::text)))) EXECUTE FUNCTION data.records_wait();

CREATE TRIGGER referral_guard BEFORE INSERT OR UPDATE ON data.referral FOR EACH ROW EXECUTE FUNCTION data.referral_guard();

CREATE TRIGGER referral_told AFTER INSERT OR UPDATE ON data.referral FOR EACH ROW EXECUTE FUNCTION data.referral_told();

CREATE TRIGGER report_corrected BEFORE UPDATE ON data.report FOR EACH ROW EXECUTE FUNCTION data.report_corrected();

CREATE TRIGGER report_corrected_answers AFTER UPDATE ON data.report FOR EACH ROW EXECUTE FUNCTION data.report_corrected_answers();

CREATE TRIGGER report_corrected_told AFTER UPDATE ON data.report FOR EACH ROW EXECUTE FUNCTION data.report_corrected_told();

CREATE TRIGGER report_guard BEFORE INSERT ON data.report FOR EACH ROW EXECUTE FUNCTION data.report_guard();

CREATE TRIGGER report_told AFTER INSERT ON data.report FOR EACH ROW EXECUTE FUNCTION data.report_told();

CREATE TRIGGER report_told_claim AFTER INSERT OR UPDATE ON data.report FOR EACH ROW EXECUTE FUNCTION data.claim_report();

CREATE TRIGGER segment_guard BEFORE INSERT OR UPDATE ON data.segment FOR EACH ROW EXECUTE FUNCTION data.segment_guard();

CREATE TRIGGER segment_told AFTER UPDATE ON data.segment FOR EACH ROW EXECUTE FUNCTION data.segment_told();

CREATE TRIGGER segment_touch_changed AFTER UPDATE ON data.establishment_tag REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION data.segment_touch();

CREATE TRIGGER segment_touch_changed AFTER UPDATE ON data.need REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION data.segment_touch();

CREATE TRIGGER segment_touch_changed AFTER UPDATE ON data.own_code REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION data.segment_touch();

CREATE TRIGGER segment_touch_gone AFTER DELETE ON data.establishment_tag REFERENCING OLD TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION data.segment_touch();

CREATE TRIGGER segment_touch_gone AFTER DELETE ON data.need REFERENCING OLD TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION data.segment_touch();

CREATE TRIGGER segment_touch_gone AFTER DELETE ON data.own_code REFERENCING OLD TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION data.segment_touch();

CREATE TRIGGER segment_touch_new AFTER INSERT ON data.establishment_tag REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION data.segment_touch();

CREATE TRIGGER segment_touch_new AFTER INSERT ON data.need REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION data.segment_touch();

CREATE TRIGGER segment_touch_new AFTER INSERT ON data.own_code REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION data.segment_touch();

CREATE TRIGGER segment_version_frozen BEFORE DELETE OR UPDATE ON data.segment_version FOR EACH ROW EXECUTE FUNCTION data.segment_version_frozen();

CREATE TRIGGER segment_version_frozen_all BEFORE TRUNCATE ON data.segment_version FOR EACH STATEMENT EXECUTE FUNCTION data.segment_version_frozen();

CREATE TRIGGER segment_version_guard BEFORE INSERT ON data.segment_version FOR EACH ROW EXECUTE FUNCTION data.segment_version_guard();

CREATE TRIGGER segment_version_told AFTER INSERT ON data.segment_version FOR EACH ROW EXECUTE FUNCTION data.segment_version_told();

CREATE TRIGGER source_file_asked AFTER UPDATE OF state, layout ON data.source_file FOR EACH ROW WHEN (((new.kind = 'partner'::text) AND (new.state = ANY (ARRAY['received'::text, 'preview'::text, 'reverting'::text])) AND ((new.state <> old.state) OR (new.layout IS DISTINCT FROM old.layout)))) EXECUTE FUNCTION data.source_file_received();

CREATE TRIGGER source_file_guard BEFORE INSERT ON data.source_file FOR EACH ROW EXECUTE FUNCTION data.source_file_guard();

CREATE TRIGGER source_file_received AFTER INSERT ON data.source_file FOR EACH ROW WHEN (((new.kind = 'partner'::text) AND (new.state = ANY (ARRAY['received'::text, 'preview'::text])) AND (new.content IS NOT NULL))) EXECUTE FUNCTION data.source_file_received();

CREATE TRIGGER source_file_told AFTER UPDATE OF state ON data.source_file FOR EACH ROW WHEN (((new.kind = 'partner'::text) AND (new.state <> old.state))) EXECUTE FUNCTION data.source_file_told();

CREATE CONSTRAINT TRIGGER source_record_sealed AFTER INSERT OR UPDATE OF sealed ON data.source_record DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN ((new.sealed IS NULL)) EXECUTE FUNCTION data.source_record_sealed();

CREATE TRIGGER standing_follows AFTER INSERT ON data.contact_event FOR EACH ROW EXECUTE FUNCTION data.standing_follows();

CREATE TRIGGER standing_follows AFTER INSERT OR UPDATE ON data.opposition FOR EACH ROW WHEN ((new.subject = 'establishment'::text)) EXECUTE FUNCTION data.standing_follows();

CREATE TRIGGER task_action_over AFTER UPDATE ON data.task FOR EACH ROW WHEN (((new.kind = 'action.due'::text) AND (old.done_at IS NULL) AND (new.done_at IS NOT NULL))) EXECUTE FUNCTION data.task_action_over();

CREATE TRIGGER task_action_touched AFTER INSERT ON data.contact_event FOR EACH ROW EXECUTE FUNCTION data.task_action_over();

CREATE TRIGGER task_guard BEFORE UPDATE OF later_on ON data.task FOR EACH ROW EXECUTE FUNCTION data.task_guard();

CREATE TRIGGER task_promise_over AFTER UPDATE ON data.promise FOR EACH ROW WHEN (((new.state <> 'active'::text) OR (new.due_on <> old.due_on))) EXECUTE FUNCTION data.task_promise_over();

CREATE TRIGGER task_reported AFTER INSERT OR UPDATE ON data.report FOR EACH ROW EXECUTE FUNCTION data.task_reported();

CREATE TRIGGER task_visit_over AFTER UPDATE OF state ON data.visit FOR EACH ROW WHEN ((new.state <> 'planned'::text)) EXECUTE FUNCTION data.task_reported();

CREATE TRIGGER task_visit_planned AFTER INSERT ON data.visit FOR EACH ROW EXECUTE FUNCTION data.task_visit_planned();

CREATE TRIGGER team_guard BEFORE INSERT OR UPDATE ON data.team FOR EACH ROW EXECUTE FUNCTION data.team_guard();

CREATE TRIGGER team_member_guard BEFORE INSERT OR UPDATE ON data.team_member FOR EACH ROW EXECUTE FUNCTION data.team_member_guard();

CREATE TRIGGER team_told AFTER INSERT OR UPDATE ON data.team FOR EACH ROW EXECUTE FUNCTION data.team_told();

CREATE TRIGGER territory_runs_keep AFTER INSERT OR DELETE OR UPDATE OF code ON data.commune FOR EACH STATEMENT EXECUTE FUNCTION data.territory_runs_keep();

CREATE TRIGGER territory_runs_keep AFTER INSERT OR DELETE OR UPDATE OR TRUNCATE ON data.territory_commune FOR EACH STATEMENT EXECUTE FUNCTION data.territory_runs_keep();

CREATE TRIGGER tour_guard BEFORE INSERT OR UPDATE ON data.tour FOR EACH ROW EXECUTE FUNCTION data.tour_guard();

CREATE TRIGGER tour_line_guard BEFORE UPDATE ON data.tour_line FOR EACH ROW EXECUTE FUNCTION data.tour_line_guard();

CREATE TRIGGER tour_told AFTER INSERT OR UPDATE ON data.tour FOR EACH ROW EXECUTE FUNCTION data.tour_told();

CREATE TRIGGER transfer_guard BEFORE INSERT OR UPDATE ON data.transfer FOR EACH ROW EXECUTE FUNCTION data.transfer_guard();

CREATE TRIGGER transfer_told AFTER INSERT OR UPDATE ON data.transfer FOR EACH ROW EXECUTE FUNCTION data.transfer_told();

CREATE TRIGGER value_statement_guard BEFORE INSERT OR UPDATE ON data.value_statement FOR EACH ROW EXECUTE FUNCTION data.value_statement_guard();

CREATE TRIGGER value_statement_told AFTER INSERT OR UPDATE ON data.value_statement FOR EACH ROW EXECUTE FUNCTION data.value_statement_told();

CREATE TRIGGER visit_changed BEFORE INSERT OR UPDATE ON data.visit FOR EACH ROW EXECUTE FUNCTION data.visit_changed();

CREATE TRIGGER visit_guard BEFORE INSERT OR UPDATE ON data.visit FOR EACH ROW EXECUTE FUNCTION data.visit_guard();

CREATE TRIGGER visit_partner_follows AFTER UPDATE ON data.visit FOR EACH ROW WHEN (((old.state = 'planned'::text) AND ((new.state = 'cancelled'::text) OR ((new.state = 'planned'::text) AND (new.planned_at <> old.planned_at) AND (new.planned_at > data.now()))))) EXECUTE FUNCTION data.visit_partner_follows();

CREATE TRIGGER visit_partner_guard BEFORE INSERT OR UPDATE ON data.visit_partner FOR EACH ROW EXECUTE FUNCTION data.visit_partner_guard();

CREATE TRIGGER visit_partner_told AFTER INSERT OR UPDATE ON data.visit_partner FOR EACH ROW EXECUTE FUNCTION data.visit_partner_told();

CREATE TRIGGER visit_told AFTER INSERT OR UPDATE ON data.visit FOR EACH ROW EXECUTE FUNCTION data.visit_told();

ALTER TABLE ONLY data.absence
    ADD CONSTRAINT absence_made_by_fkey FOREIGN KEY (made_by) REFERENCES data.member(id);

ALTER TABLE ONLY data.absence
    ADD CONSTRAINT absence_member FOREIGN KEY (member_id, organisation_id) REFERENCES data.membership(member_id, organisation_id);

ALTER TABLE ONLY data.absence
    ADD CONSTRAINT absence_organisation_id_fkey FOREIGN KEY (organisation_id) REFERENCES data.organisation(id);

ALTER TABLE ONLY data.agreement
    ADD CONSTRAINT agreement_network_fkey FOREIGN KEY (network) REFERENCES data.network(code);

ALTER TABLE ONLY data.api_key
    ADD CONSTRAINT api_key_made_by_fkey FOREIGN KEY (made_by) REFERENCES data.member(id);

ALTER TABLE ONLY data.api_key
    ADD CONSTRAINT api_key_member_id_fkey FOREIGN KEY (member_id) REFERENCES data.member(id);

ALTER TABLE ONLY data.api_key
    ADD CONSTRAINT api_key_membership FOREIGN KEY (member_id, organisation_id) REFERENCES data.membership(member_id, organisation_id);

ALTER TABLE ONLY data.api_key
    ADD CONSTRAINT api_key_organisation_id_fkey FOREIGN KEY (organisation_id) REFERENCES data.organisation(id);

ALTER TABLE ONLY data.api_key
    ADD CONSTRAINT api_key_revoked_by_fkey FOREIGN KEY (revoked_by) REFERENCES data.member(id);

ALTER TABLE ONLY data.api_secret
    ADD CONSTRAINT api_secret_key_id_fkey FOREIGN KEY (key_id) REFERENCES data.api_key(id);

ALTER TABLE ONLY data.bassin_commune
    ADD CONSTRAINT bassin_commune_bassin_fkey FOREIGN KEY (bassin) REFERENCES data.bassin(code);

ALTER TABLE ONLY data.bmo
    ADD CONSTRAINT bmo_bassin_fkey FOREIGN KEY (bassin) REFERENCES data.bassin(code);

ALTER TABLE ONLY data.calendar_feed
    ADD CONSTRAINT calendar_feed_member FOREIGN KEY (member_id, organisation_id) REFERENCES data.membership(member_id, organisation_id);

ALTER TABLE ONLY data.call
    ADD CONSTRAINT call_contact_event_id_fkey FOREIGN KEY (contact_event_id) REFERENCES data.contact_event(id);

ALTER TABLE ONLY data.call
    ADD CONSTRAINT call_contact_id_fkey FOREIGN KEY (contact_id) REFERENCES data.contact(id);

ALTER TABLE ONLY data.call
    ADD CONSTRAINT call_establishment_id_fkey FOREIGN KEY (establishment_id) REFERENCES data.establishment(id);

ALTER TABLE ONLY data.call
    ADD CONSTRAINT call_member FOREIGN KEY (member_id, organisation_id) REFERENCES data.membership(member_id, organisation_id);

ALTER TABLE ONLY data.call
    ADD CONSTRAINT call_organisation_id_fkey FOREIGN KEY (organisation_id) REFERENCES data.organisation(id);

ALTER TABLE ONLY data.call
    ADD CONSTRAINT call_outcome_fkey FOREIGN KEY (outcome) REFERENCES data.call_outcome(code);

ALTER TABLE ONLY data.channel
    ADD CONSTRAINT channel_made_by_fkey FOREIGN KEY (made_by) REFERENCES data.member(id);

ALTER TABLE ONLY data.channel
    ADD CONSTRAINT channel_organisation_id_fkey FOREIGN KEY (organisation_id) REFERENCES data.organisation(id);

ALTER TABLE ONLY data.channel_secret
    ADD CONSTRAINT channel_secret_channel_id_fkey FOREIGN KEY (channel_id) REFERENCES data.channel(id);

ALTER TABLE ONLY data.claim
    ADD CONSTRAINT claim_establishment_id_fkey FOREIGN KEY (establishment_id) REFERENCES data.establishment(id);

ALTER TABLE ONLY data.claim
    ADD CONSTRAINT claim_member FOREIGN KEY (member_id, organisation_id) REFERENCES data.membership(member_id, organisation_id);

ALTER TABLE ONLY data.claim
    ADD CONSTRAINT claim_organisation_id_fkey FOREIGN KEY (organisation_id) REFERENCES data.organisation(id);

ALTER TABLE ONLY data.claim
    ADD CONSTRAINT claim_settled_by_fkey FOREIGN KEY (settled_by) REFERENCES data.organisation(id);

ALTER TABLE ONLY data.claim
    ADD CONSTRAINT claim_settled_member_fkey FOREIGN KEY (settled_member) REFERENCES data.member(id);

ALTER TABLE ONLY data.claim
    ADD CONSTRAINT claim_visit_id_fkey FOREIGN KEY (visit_id) REFERENCES data.visit(id);

ALTER TABLE ONLY data.company
    ADD CONSTRAINT company_file_id_fkey FOREIGN KEY (file_id) REFERENCES data.source_file(id);

ALTER TABLE ONLY data.contact
    ADD CONSTRAINT contact_confirmed_by_fkey FOREIGN KEY (confirmed_by) REFERENCES data.member(id);

ALTER TABLE ONLY data.contact
    ADD CONSTRAINT contact_establishment_id_fkey FOREIGN KEY (establishment_id) REFERENCES data.establishment(id);

ALTER TABLE ONLY data.contact_event
    ADD CONSTRAINT contact_event_establishment_id_fkey FOREIGN KEY (establishment_id) REFERENCES data.establishment(id);

ALTER TABLE ONLY data.contact_event
    ADD CONSTRAINT contact_event_member_id_fkey FOREIGN KEY (member_id) REFERENCES data.member(id);

ALTER TABLE ONLY data.contact_event
    ADD CONSTRAINT contact_event_organisation_id_fkey FOREIGN KEY (organisation_id) REFERENCES data.organisation(id);

ALTER TABLE ONLY data.contact_event
    ADD CONSTRAINT contact_event_visit_id_fkey FOREIGN KEY (visit_id) REFERENCES data.visit(id);

ALTER TABLE ONLY data.contact_key
    ADD CONSTRAINT contact_key_contact_id_fkey FOREIGN KEY (contact_id) REFERENCES data.contact(id);

ALTER TABLE ONLY data.contact
    ADD CONSTRAINT contact_member_id_fkey FOREIGN KEY (member_id) REFERENCES data.member(id);

ALTER TABLE ONLY data.contact
    ADD CONSTRAINT contact_opposition FOREIGN KEY (opposition_id) REFERENCES data.opposition(id);

ALTER TABLE ONLY data.contact
    ADD CONSTRAINT contact_organisation_id_fkey FOREIGN KEY (organisation_id) REFERENCES data.organisation(id);

ALTER TABLE ONLY data.contact_plain
    ADD CONSTRAINT contact_plain_contact_id_fkey FOREIGN KEY (contact_id) REFERENCES data.contact(id);

ALTER TABLE ONLY data.contact
    ADD CONSTRAINT contact_source_record_id_fkey FOREIGN KEY (source_record_id) REFERENCES data.source_record(id);

ALTER TABLE ONLY data.delivery_attempt
    ADD CONSTRAINT delivery_attempt_delivery_id_fkey FOREIGN KEY (delivery_id) REFERENCES data.delivery(id);

ALTER TABLE ONLY data.delivery
    ADD CONSTRAINT delivery_channel_id_fkey FOREIGN KEY (channel_id) REFERENCES data.channel(id);

ALTER TABLE ONLY data.delivery
    ADD CONSTRAINT delivery_offer_id_fkey FOREIGN KEY (offer_id) REFERENCES data.offer(id);

ALTER TABLE ONLY data.establishment
    ADD CONSTRAINT establishment_merged_into_fkey FOREIGN KEY (merged_into) REFERENCES data.establishment(id);

ALTER TABLE ONLY data.establishment
    ADD CONSTRAINT establishment_register_file_fkey FOREIGN KEY (register_file) REFERENCES data.source_file(id);

ALTER TABLE ONLY data.establishment
    ADD CONSTRAINT establishment_size_band_fkey FOREIGN KEY (size_band) REFERENCES data.size_band(code);

ALTER TABLE ONLY data.establishment_tag
    ADD CONSTRAINT establishment_tag_establishment_id_fkey FOREIGN KEY (establishment_id) REFERENCES data.establishment(id) ON DELETE CASCADE;

ALTER TABLE ONLY data.establishment_tag
    ADD CONSTRAINT establishment_tag_member_id_fkey FOREIGN KEY (member_id) REFERENCES data.member(id);

ALTER TABLE ONLY data.establishment_tag
    ADD CONSTRAINT establishment_tag_tag_id_fkey FOREIGN KEY (tag_id) REFERENCES data.tag(id) ON DELETE CASCADE;

ALTER TABLE ONLY data.establishment_value
    ADD CONSTRAINT establishment_value_establishment_id_fkey FOREIGN KEY (establishment_id) REFERENCES data.establishment(id);

ALTER TABLE ONLY data.establishment_value
    ADD CONSTRAINT establishment_value_source_record_id_fkey FOREIGN KEY (source_record_id) REFERENCES data.source_record(id);

ALTER TABLE ONLY data.establishment_value
    ADD CONSTRAINT establishment_value_statement_id_fkey FOREIGN KEY (statement_id) REFERENCES data.value_statement(id);

ALTER TABLE ONLY data.event
    ADD CONSTRAINT event_member_id_fkey FOREIGN KEY (member_id) REFERENCES data.member(id);

ALTER TABLE ONLY data.event
    ADD CONSTRAINT event_organisation_id_fkey FOREIGN KEY (organisation_id) REFERENCES data.organisation(id);

ALTER TABLE ONLY data.event_seal
    ADD CONSTRAINT event_seal_event_id_fkey FOREIGN KEY (event_id) REFERENCES data.event(id);

ALTER TABLE ONLY data.event_unsealed
    ADD CONSTRAINT event_unsealed_event_id_fkey FOREIGN KEY (event_id) REFERENCES data.event(id);

ALTER TABLE ONLY data.facet
    ADD CONSTRAINT facet_id_fkey FOREIGN KEY (id) REFERENCES data.establishment(id) ON DELETE CASCADE;

ALTER TABLE ONLY data.idempotency
    ADD CONSTRAINT idempotency_member_id_fkey FOREIGN KEY (member_id) REFERENCES data.member(id);

ALTER TABLE ONLY data.import_line
    ADD CONSTRAINT import_line_file_id_fkey FOREIGN KEY (file_id) REFERENCES data.source_file(id);

ALTER TABLE ONLY data.import_mapping
    ADD CONSTRAINT import_mapping_member_id_fkey FOREIGN KEY (member_id) REFERENCES data.member(id);

ALTER TABLE ONLY data.import_mapping
    ADD CONSTRAINT import_mapping_organisation_id_fkey FOREIGN KEY (organisation_id) REFERENCES data.organisation(id);

ALTER TABLE ONLY data.import_progress
    ADD CONSTRAINT import_progress_cancel_by_fkey FOREIGN KEY (cancel_by) REFERENCES data.member(id);

ALTER TABLE ONLY data.import_undone
    ADD CONSTRAINT import_undone_file_id_fkey FOREIGN KEY (file_id) REFERENCES data.source_file(id);

ALTER TABLE ONLY data.import_verdict
    ADD CONSTRAINT import_verdict_file_id_fkey FOREIGN KEY (file_id) REFERENCES data.source_file(id);

ALTER TABLE ONLY data.link
    ADD CONSTRAINT link_decided_by_fkey FOREIGN KEY (decided_by) REFERENCES data.member(id);

ALTER TABLE ONLY data.link
    ADD CONSTRAINT link_establishment_id_fkey FOREIGN KEY (establishment_id) REFERENCES data.establishment(id);

ALTER TABLE ONLY data.link
    ADD CONSTRAINT link_source_record_id_fkey FOREIGN KEY (source_record_id) REFERENCES data.source_record(id);

ALTER TABLE ONLY data.link
    ADD CONSTRAINT link_undone_by_fkey FOREIGN KEY (undone_by) REFERENCES data.member(id);

ALTER TABLE ONLY data.membership
    ADD CONSTRAINT membership_member_id_fkey FOREIGN KEY (member_id) REFERENCES data.member(id);

ALTER TABLE ONLY data.membership
    ADD CONSTRAINT membership_organisation_id_fkey FOREIGN KEY (organisation_id) REFERENCES data.organisation(id);

ALTER TABLE ONLY data.merge
    ADD CONSTRAINT merge_absorbed_id_fkey FOREIGN KEY (absorbed_id) REFERENCES data.establishment(id);

ALTER TABLE ONLY data.merge
    ADD CONSTRAINT merge_member_id_fkey FOREIGN KEY (member_id) REFERENCES data.member(id);

ALTER TABLE ONLY data.merge
    ADD CONSTRAINT merge_organisation_id_fkey FOREIGN KEY (organisation_id) REFERENCES data.organisation(id);

ALTER TABLE ONLY data.merge_row
    ADD CONSTRAINT merge_row_merge_id_fkey FOREIGN KEY (merge_id) REFERENCES data.merge(id);

ALTER TABLE ONLY data.merge
    ADD CONSTRAINT merge_succession_id_fkey FOREIGN KEY (succession_id) REFERENCES data.succession(id);

ALTER TABLE ONLY data.merge
    ADD CONSTRAINT merge_survivor_id_fkey FOREIGN KEY (survivor_id) REFERENCES data.establishment(id);

ALTER TABLE ONLY data.merge
    ADD CONSTRAINT merge_undone_by_fkey FOREIGN KEY (undone_by) REFERENCES data.member(id);

ALTER TABLE ONLY data.need
    ADD CONSTRAINT need_contract_fkey FOREIGN KEY (contract) REFERENCES data.contract(code);

ALTER TABLE ONLY data.need
    ADD CONSTRAINT need_establishment_id_fkey FOREIGN KEY (establishment_id) REFERENCES data.establishment(id);

ALTER TABLE ONLY data.need
    ADD CONSTRAINT need_member_id_fkey FOREIGN KEY (member_id) REFERENCES data.member(id);

ALTER TABLE ONLY data.need
    ADD CONSTRAINT need_organisation_id_fkey FOREIGN KEY (organisation_id) REFERENCES data.organisation(id);

ALTER TABLE ONLY data.need
    ADD CONSTRAINT need_rome_fkey FOREIGN KEY (rome) REFERENCES data.rome(code);

ALTER TABLE ONLY data.need
    ADD CONSTRAINT need_visit_id_fkey FOREIGN KEY (visit_id) REFERENCES data.visit(id);

ALTER TABLE ONLY data.offer
    ADD CONSTRAINT offer_contract_fkey FOREIGN KEY (contract) REFERENCES data.contract(code);

ALTER TABLE ONLY data.offer
    ADD CONSTRAINT offer_establishment_id_fkey FOREIGN KEY (establishment_id) REFERENCES data.establishment(id);

ALTER TABLE ONLY data.offer_link
    ADD CONSTRAINT offer_link_member_id_fkey FOREIGN KEY (member_id) REFERENCES data.member(id);

ALTER TABLE ONLY data.offer_link
    ADD CONSTRAINT offer_link_offer_id_fkey FOREIGN KEY (offer_id) REFERENCES data.offer(id);

ALTER TABLE ONLY data.offer_link
    ADD CONSTRAINT offer_link_organisation_id_fkey FOREIGN KEY (organisation_id) REFERENCES data.organisation(id);

ALTER TABLE ONLY data.offer
    ADD CONSTRAINT offer_member FOREIGN KEY (member_id, organisation_id) REFERENCES data.membership(member_id, organisation_id);

ALTER TABLE ONLY data.offer
    ADD CONSTRAINT offer_need_id_fkey FOREIGN KEY (need_id) REFERENCES data.need(id);

ALTER TABLE ONLY data.offer
    ADD CONSTRAINT offer_organisation_id_fkey FOREIGN KEY (organisation_id) REFERENCES data.organisation(id);

ALTER TABLE ONLY data.offer_prolongation
    ADD CONSTRAINT offer_prolongation_member_id_fkey FOREIGN KEY (member_id) REFERENCES data.member(id);

ALTER TABLE ONLY data.offer_prolongation
    ADD CONSTRAINT offer_prolongation_offer_id_fkey FOREIGN KEY (offer_id) REFERENCES data.offer(id);

ALTER TABLE ONLY data.offer_prolongation
    ADD CONSTRAINT offer_prolongation_organisation_id_fkey FOREIGN KEY (organisation_id) REFERENCES data.organisation(id);

ALTER TABLE ONLY data.offer
    ADD CONSTRAINT offer_rome_fkey FOREIGN KEY (rome) REFERENCES data.rome(code);

ALTER TABLE ONLY data.offer_routing
    ADD CONSTRAINT offer_routing_network_fkey FOREIGN KEY (network) REFERENCES data.network(code);

ALTER TABLE ONLY data.offer_routing
    ADD CONSTRAINT offer_routing_offer_id_fkey FOREIGN KEY (offer_id) REFERENCES data.offer(id);

ALTER TABLE ONLY data.offer_step
    ADD CONSTRAINT offer_step_member_id_fkey FOREIGN KEY (member_id) REFERENCES data.member(id);

ALTER TABLE ONLY data.offer_step
    ADD CONSTRAINT offer_step_offer_id_fkey FOREIGN KEY (offer_id) REFERENCES data.offer(id);

ALTER TABLE ONLY data.offer_step
    ADD CONSTRAINT offer_step_organisation_id_fkey FOREIGN KEY (organisation_id) REFERENCES data.organisation(id);

ALTER TABLE ONLY data.offer
    ADD CONSTRAINT offer_visit_id_fkey FOREIGN KEY (visit_id) REFERENCES data.visit(id);

ALTER TABLE ONLY data.opening_hours
    ADD CONSTRAINT opening_hours_establishment_id_fkey FOREIGN KEY (establishment_id) REFERENCES data.establishment(id);

ALTER TABLE ONLY data.opening_hours
    ADD CONSTRAINT opening_hours_member_id_fkey FOREIGN KEY (member_id) REFERENCES data.member(id);

ALTER TABLE ONLY data.opening_hours
    ADD CONSTRAINT opening_hours_organisation_id_fkey FOREIGN KEY (organisation_id) REFERENCES data.organisation(id);

ALTER TABLE ONLY data.opposition
    ADD CONSTRAINT opposition_contact_id_fkey FOREIGN KEY (contact_id) REFERENCES data.contact(id);

ALTER TABLE ONLY data.opposition
    ADD CONSTRAINT opposition_establishment_id_fkey FOREIGN KEY (establishment_id) REFERENCES data.establishment(id);

ALTER TABLE ONLY data.opposition_key
    ADD CONSTRAINT opposition_key_opposition_id_fkey FOREIGN KEY (opposition_id) REFERENCES data.opposition(id);

ALTER TABLE ONLY data.opposition
    ADD CONSTRAINT opposition_member_id_fkey FOREIGN KEY (member_id) REFERENCES data.member(id);

ALTER TABLE ONLY data.opposition
    ADD CONSTRAINT opposition_organisation_id_fkey FOREIGN KEY (organisation_id) REFERENCES data.organisation(id);

ALTER TABLE ONLY data.organisation
    ADD CONSTRAINT organisation_commune_code_fkey FOREIGN KEY (commune_code) REFERENCES data.commune(code);

ALTER TABLE ONLY data.organisation
    ADD CONSTRAINT organisation_network_fkey FOREIGN KEY (network) REFERENCES data.network(code);

ALTER TABLE ONLY data.organisation
    ADD CONSTRAINT organisation_sandbox_of_fkey FOREIGN KEY (sandbox_of) REFERENCES data.organisation(id);

ALTER TABLE ONLY data.organisation
    ADD CONSTRAINT organisation_territory_id_fkey FOREIGN KEY (territory_id) REFERENCES data.territory(id);

ALTER TABLE ONLY data.own_code
    ADD CONSTRAINT own_code_column FOREIGN KEY (organisation_id, name) REFERENCES data.own_column(organisation_id, name) ON DELETE CASCADE;

ALTER TABLE ONLY data.own_code
    ADD CONSTRAINT own_code_establishment_id_fkey FOREIGN KEY (establishment_id) REFERENCES data.establishment(id) ON DELETE CASCADE;

ALTER TABLE ONLY data.own_column
    ADD CONSTRAINT own_column_chosen_by_fkey FOREIGN KEY (chosen_by) REFERENCES data.member(id);

ALTER TABLE ONLY data.own_column
    ADD CONSTRAINT own_column_organisation_id_fkey FOREIGN KEY (organisation_id) REFERENCES data.organisation(id);

ALTER TABLE ONLY data.plan_comment
    ADD CONSTRAINT plan_comment_establishment_id_fkey FOREIGN KEY (establishment_id) REFERENCES data.establishment(id);

ALTER TABLE ONLY data.plan_comment
    ADD CONSTRAINT plan_comment_member FOREIGN KEY (member_id, organisation_id) REFERENCES data.membership(member_id, organisation_id);

ALTER TABLE ONLY data.plan_comment
    ADD CONSTRAINT plan_comment_plan_id_fkey FOREIGN KEY (plan_id) REFERENCES data.plan(id);

ALTER TABLE ONLY data.plan_comment
    ADD CONSTRAINT plan_comment_segment_id_fkey FOREIGN KEY (segment_id) REFERENCES data.segment(id);

ALTER TABLE ONLY data.plan_comment
    ADD CONSTRAINT plan_comment_version FOREIGN KEY (plan_id, version) REFERENCES data.plan_version(plan_id, version);

ALTER TABLE ONLY data.plan_edit
    ADD CONSTRAINT plan_edit_member FOREIGN KEY (member_id, organisation_id) REFERENCES data.membership(member_id, organisation_id);

ALTER TABLE ONLY data.plan_edit
    ADD CONSTRAINT plan_edit_plan_id_fkey FOREIGN KEY (plan_id) REFERENCES data.plan(id);

ALTER TABLE ONLY data.plan_edit
    ADD CONSTRAINT plan_edit_version FOREIGN KEY (plan_id, version) REFERENCES data.plan_version(plan_id, version);

ALTER TABLE ONLY data.plan_line
    ADD CONSTRAINT plan_line_establishment_id_fkey FOREIGN KEY (establishment_id) REFERENCES data.establishment(id);

ALTER TABLE ONLY data.plan_line
    ADD CONSTRAINT plan_line_member FOREIGN KEY (member_id, organisation_id) REFERENCES data.membership(member_id, organisation_id);

ALTER TABLE ONLY data.plan_line
    ADD CONSTRAINT plan_line_organisation_id_fkey FOREIGN KEY (organisation_id) REFERENCES data.organisation(id);

ALTER TABLE ONLY data.plan_line
    ADD CONSTRAINT plan_line_scenario_id_fkey FOREIGN KEY (scenario_id) REFERENCES data.plan_scenario(id);

ALTER TABLE ONLY data.plan
    ADD CONSTRAINT plan_made_by_fkey FOREIGN KEY (made_by) REFERENCES data.member(id);

ALTER TABLE ONLY data.plan
    ADD CONSTRAINT plan_organisation_id_fkey FOREIGN KEY (organisation_id) REFERENCES data.organisation(id);

ALTER TABLE ONLY data.plan_public
    ADD CONSTRAINT plan_public_network_fkey FOREIGN KEY (network) REFERENCES data.network(code);

ALTER TABLE ONLY data.plan_scenario
    ADD CONSTRAINT plan_scenario_cancelled_by_fkey FOREIGN KEY (cancelled_by) REFERENCES data.member(id);

ALTER TABLE ONLY data.plan_scenario
    ADD CONSTRAINT plan_scenario_member FOREIGN KEY (member_id, organisation_id) REFERENCES data.membership(member_id, organisation_id);

ALTER TABLE ONLY data.plan_scenario
    ADD CONSTRAINT plan_scenario_plan_id_fkey FOREIGN KEY (plan_id) REFERENCES data.plan(id);

ALTER TABLE ONLY data.plan_scenario
    ADD CONSTRAINT plan_scenario_version FOREIGN KEY (plan_id, version) REFERENCES data.plan_version(plan_id, version);

ALTER TABLE ONLY data.plan_signature
    ADD CONSTRAINT plan_signature_member FOREIGN KEY (member_id, organisation_id) REFERENCES data.membership(member_id, organisation_id);

ALTER TABLE ONLY data.plan_signature
    ADD CONSTRAINT plan_signature_organisation_id_fkey FOREIGN KEY (organisation_id) REFERENCES data.organisation(id);

ALTER TABLE ONLY data.plan_signature
    ADD CONSTRAINT plan_signature_version FOREIGN KEY (plan_id, version) REFERENCES data.plan_version(plan_id, version);

ALTER TABLE ONLY data.plan_skip
    ADD CONSTRAINT plan_skip_establishment_id_fkey FOREIGN KEY (establishment_id) REFERENCES data.establishment(id);

ALTER TABLE ONLY data.plan_skip
    ADD CONSTRAINT plan_skip_organisation_id_fkey FOREIGN KEY (organisation_id) REFERENCES data.organisation(id);

ALTER TABLE ONLY data.plan_skip
    ADD CONSTRAINT plan_skip_version FOREIGN KEY (plan_id, version) REFERENCES data.plan_version(plan_id, version);

ALTER TABLE ONLY data.plan
    ADD CONSTRAINT plan_territory_id_fkey FOREIGN KEY (territory_id) REFERENCES data.territory(id);

ALTER TABLE ONLY data.plan_version
    ADD CONSTRAINT plan_version_activated_by_fkey FOREIGN KEY (activated_by) REFERENCES data.member(id);

ALTER TABLE ONLY data.plan_version
    ADD CONSTRAINT plan_version_member_id_fkey FOREIGN KEY (member_id) REFERENCES data.member(id);

ALTER TABLE ONLY data.plan_version
    ADD CONSTRAINT plan_version_plan_id_fkey FOREIGN KEY (plan_id) REFERENCES data.plan(id);

ALTER TABLE ONLY data.plan_version
    ADD CONSTRAINT plan_version_proposed_by_fkey FOREIGN KEY (proposed_by) REFERENCES data.member(id);

ALTER TABLE ONLY data.plan_version
    ADD CONSTRAINT plan_version_scenario FOREIGN KEY (scenario_id) REFERENCES data.plan_scenario(id);

ALTER TABLE ONLY data.promise_batch
    ADD CONSTRAINT promise_batch_member_id_fkey FOREIGN KEY (member_id) REFERENCES data.member(id);

ALTER TABLE ONLY data.promise_batch
    ADD CONSTRAINT promise_batch_organisation_id_fkey FOREIGN KEY (organisation_id) REFERENCES data.organisation(id);

ALTER TABLE ONLY data.promise_batch_row
    ADD CONSTRAINT promise_batch_row_batch_id_fkey FOREIGN KEY (batch_id) REFERENCES data.promise_batch(id);

ALTER TABLE ONLY data.promise_batch_row
    ADD CONSTRAINT promise_batch_row_promise_id_fkey FOREIGN KEY (promise_id) REFERENCES data.promise(id);

ALTER TABLE ONLY data.promise
    ADD CONSTRAINT promise_establishment_id_fkey FOREIGN KEY (establishment_id) REFERENCES data.establishment(id);

ALTER TABLE ONLY data.promise
    ADD CONSTRAINT promise_member FOREIGN KEY (member_id, organisation_id) REFERENCES data.membership(member_id, organisation_id);

ALTER TABLE ONLY data.promise
    ADD CONSTRAINT promise_organisation_id_fkey FOREIGN KEY (organisation_id) REFERENCES data.organisation(id);

ALTER TABLE ONLY data.promise
    ADD CONSTRAINT promise_plan FOREIGN KEY (plan_id, plan_version) REFERENCES data.plan_version(plan_id, version);

ALTER TABLE ONLY data.promise
    ADD CONSTRAINT promise_team_id_fkey FOREIGN KEY (team_id) REFERENCES data.team(id);

ALTER TABLE ONLY data.promise
    ADD CONSTRAINT promise_transfer_id_fkey FOREIGN KEY (transfer_id) REFERENCES data.transfer(id);

ALTER TABLE ONLY data.proposal
    ADD CONSTRAINT proposal_answered_by_fkey FOREIGN KEY (answered_by) REFERENCES data.member(id);

ALTER TABLE ONLY data.proposal
    ADD CONSTRAINT proposal_establishment_id_fkey FOREIGN KEY (establishment_id) REFERENCES data.establishment(id);

ALTER TABLE ONLY data.proposal
    ADD CONSTRAINT proposal_organisation_id_fkey FOREIGN KEY (organisation_id) REFERENCES data.organisation(id);

ALTER TABLE ONLY data.proposal
    ADD CONSTRAINT proposal_promise_id_fkey FOREIGN KEY (promise_id) REFERENCES data.promise(id);

ALTER TABLE ONLY data.public
    ADD CONSTRAINT public_network_fkey FOREIGN KEY (network) REFERENCES data.network(code);

ALTER TABLE ONLY data.publication
    ADD CONSTRAINT publication_channel_id_fkey FOREIGN KEY (channel_id) REFERENCES data.channel(id);

ALTER TABLE ONLY data.publication
    ADD CONSTRAINT publication_offer_id_fkey FOREIGN KEY (offer_id) REFERENCES data.offer(id);

ALTER TABLE ONLY data.questionnaire
    ADD CONSTRAINT questionnaire_member_id_fkey FOREIGN KEY (member_id) REFERENCES data.member(id);

ALTER TABLE ONLY data.questionnaire
    ADD CONSTRAINT questionnaire_network_fkey FOREIGN KEY (network) REFERENCES data.network(code);

ALTER TABLE ONLY data.questionnaire
    ADD CONSTRAINT questionnaire_organisation_id_fkey FOREIGN KEY (organisation_id) REFERENCES data.organisation(id);

ALTER TABLE ONLY data.referral
    ADD CONSTRAINT referral_answered_by_fkey FOREIGN KEY (answered_by) REFERENCES data.member(id);

ALTER TABLE ONLY data.referral
    ADD CONSTRAINT referral_member FOREIGN KEY (member_id, organisation_id) REFERENCES data.membership(member_id, organisation_id);

ALTER TABLE ONLY data.referral
    ADD CONSTRAINT referral_offer_id_fkey FOREIGN KEY (offer_id) REFERENCES data.offer(id);

ALTER TABLE ONLY data.referral
    ADD CONSTRAINT referral_organisation_id_fkey FOREIGN KEY (organisation_id) REFERENCES data.organisation(id);

ALTER TABLE ONLY data.referral
    ADD CONSTRAINT referral_public_fkey FOREIGN KEY (public) REFERENCES data.public(code);

ALTER TABLE ONLY data.referral
    ADD CONSTRAINT referral_refusal_fkey FOREIGN KEY (refusal) REFERENCES data.referral_refusal(code);

ALTER TABLE ONLY data.report_answer
    ADD CONSTRAINT report_answer_network_fkey FOREIGN KEY (network) REFERENCES data.network(code);

ALTER TABLE ONLY data.report_answer
    ADD CONSTRAINT report_answer_questionnaire_id_fkey FOREIGN KEY (questionnaire_id) REFERENCES data.questionnaire(id);

ALTER TABLE ONLY data.report_answer_revision
    ADD CONSTRAINT report_answer_revision_network_fkey FOREIGN KEY (network) REFERENCES data.network(code);

ALTER TABLE ONLY data.report_answer_revision
    ADD CONSTRAINT report_answer_revision_questionnaire_id_fkey FOREIGN KEY (questionnaire_id) REFERENCES data.questionnaire(id);

ALTER TABLE ONLY data.report_answer
    ADD CONSTRAINT report_answer_visit_id_fkey FOREIGN KEY (visit_id) REFERENCES data.report(visit_id);

ALTER TABLE ONLY data.report
    ADD CONSTRAINT report_contact_id_fkey FOREIGN KEY (contact_id) REFERENCES data.contact(id);

ALTER TABLE ONLY data.report
    ADD CONSTRAINT report_establishment_id_fkey FOREIGN KEY (establishment_id) REFERENCES data.establishment(id);

ALTER TABLE ONLY data.report
    ADD CONSTRAINT report_member_id_fkey FOREIGN KEY (member_id) REFERENCES data.member(id);

ALTER TABLE ONLY data.report_note
    ADD CONSTRAINT report_note_network_fkey FOREIGN KEY (network) REFERENCES data.network(code);

ALTER TABLE ONLY data.report_note
    ADD CONSTRAINT report_note_organisation_id_fkey FOREIGN KEY (organisation_id) REFERENCES data.organisation(id);

ALTER TABLE ONLY data.report_note_revision
    ADD CONSTRAINT report_note_revision_network_fkey FOREIGN KEY (network) REFERENCES data.network(code);

ALTER TABLE ONLY data.report_note_revision
    ADD CONSTRAINT report_note_revision_organisation_id_fkey FOREIGN KEY (organisation_id) REFERENCES data.organisation(id);

ALTER TABLE ONLY data.report_note_revision
    ADD CONSTRAINT report_note_revision_visit_id_fkey FOREIGN KEY (visit_id) REFERENCES data.report(visit_id);

ALTER TABLE ONLY data.report_note
    ADD CONSTRAINT report_note_visit_id_fkey FOREIGN KEY (visit_id) REFERENCES data.report(visit_id);

ALTER TABLE ONLY data.report
    ADD CONSTRAINT report_organisation_id_fkey FOREIGN KEY (organisation_id) REFERENCES data.organisation(id);

ALTER TABLE ONLY data.report
    ADD CONSTRAINT report_outcome_fkey FOREIGN KEY (outcome) REFERENCES data.outcome(code);

ALTER TABLE ONLY data.report_revision
    ADD CONSTRAINT report_revision_contact_id_fkey FOREIGN KEY (contact_id) REFERENCES data.contact(id);

ALTER TABLE ONLY data.report_revision
    ADD CONSTRAINT report_revision_member_id_fkey FOREIGN KEY (member_id) REFERENCES data.member(id);

ALTER TABLE ONLY data.report_revision
    ADD CONSTRAINT report_revision_organisation_id_fkey FOREIGN KEY (organisation_id) REFERENCES data.organisation(id);

ALTER TABLE ONLY data.report_revision
    ADD CONSTRAINT report_revision_outcome_fkey FOREIGN KEY (outcome) REFERENCES data.outcome(code);

ALTER TABLE ONLY data.report_revision
    ADD CONSTRAINT report_revision_replaced_by_fkey FOREIGN KEY (replaced_by) REFERENCES data.member(id);

ALTER TABLE ONLY data.report_revision
    ADD CONSTRAINT report_revision_visit_id_fkey FOREIGN KEY (visit_id) REFERENCES data.report(visit_id);

ALTER TABLE ONLY data.report
    ADD CONSTRAINT report_visit_id_fkey FOREIGN KEY (visit_id) REFERENCES data.visit(id);

ALTER TABLE ONLY data.review
    ADD CONSTRAINT review_decided_by_fkey FOREIGN KEY (decided_by) REFERENCES data.member(id);

ALTER TABLE ONLY data.review
    ADD CONSTRAINT review_establishment_id_fkey FOREIGN KEY (establishment_id) REFERENCES data.establishment(id);

ALTER TABLE ONLY data.review
    ADD CONSTRAINT review_held_by_fkey FOREIGN KEY (held_by) REFERENCES data.member(id);

ALTER TABLE ONLY data.review
    ADD CONSTRAINT review_merge_id_fkey FOREIGN KEY (merge_id) REFERENCES data.merge(id);

ALTER TABLE ONLY data.review
    ADD CONSTRAINT review_organisation_id_fkey FOREIGN KEY (organisation_id) REFERENCES data.organisation(id);

ALTER TABLE ONLY data.review
    ADD CONSTRAINT review_other_id_fkey FOREIGN KEY (other_id) REFERENCES data.establishment(id);

ALTER TABLE ONLY data.review_skip
    ADD CONSTRAINT review_skip_member_id_fkey FOREIGN KEY (member_id) REFERENCES data.member(id);

ALTER TABLE ONLY data.review_skip
    ADD CONSTRAINT review_skip_review_id_fkey FOREIGN KEY (review_id) REFERENCES data.review(id) ON DELETE CASCADE;

ALTER TABLE ONLY data.review
    ADD CONSTRAINT review_source_record_id_fkey FOREIGN KEY (source_record_id) REFERENCES data.source_record(id);

ALTER TABLE ONLY data.segment_day
    ADD CONSTRAINT segment_day_segment_id_fkey FOREIGN KEY (segment_id) REFERENCES data.segment(id);

ALTER TABLE ONLY data.segment
    ADD CONSTRAINT segment_lead_fkey FOREIGN KEY (lead) REFERENCES data.network(code);

ALTER TABLE ONLY data.segment
    ADD CONSTRAINT segment_made_by_fkey FOREIGN KEY (made_by) REFERENCES data.member(id);

ALTER TABLE ONLY data.segment_member
    ADD CONSTRAINT segment_member_establishment_id_fkey FOREIGN KEY (establishment_id) REFERENCES data.establishment(id);

ALTER TABLE ONLY data.segment_member
    ADD CONSTRAINT segment_member_segment_id_fkey FOREIGN KEY (segment_id) REFERENCES data.segment(id);

ALTER TABLE ONLY data.segment
    ADD CONSTRAINT segment_organisation_id_fkey FOREIGN KEY (organisation_id) REFERENCES data.organisation(id);

ALTER TABLE ONLY data.segment
    ADD CONSTRAINT segment_territory_id_fkey FOREIGN KEY (territory_id) REFERENCES data.territory(id);

ALTER TABLE ONLY data.segment_version
    ADD CONSTRAINT segment_version_member_id_fkey FOREIGN KEY (member_id) REFERENCES data.member(id);

ALTER TABLE ONLY data.segment_version
    ADD CONSTRAINT segment_version_segment_id_fkey FOREIGN KEY (segment_id) REFERENCES data.segment(id);

ALTER TABLE ONLY data.session
    ADD CONSTRAINT session_member_id_fkey FOREIGN KEY (member_id) REFERENCES data.member(id);

ALTER TABLE ONLY data.session
    ADD CONSTRAINT session_membership FOREIGN KEY (member_id, organisation_id) REFERENCES data.membership(member_id, organisation_id);

ALTER TABLE ONLY data.source_error
    ADD CONSTRAINT source_error_file_id_fkey FOREIGN KEY (file_id) REFERENCES data.source_file(id);

ALTER TABLE ONLY data.source_file
    ADD CONSTRAINT source_file_member_id_fkey FOREIGN KEY (member_id) REFERENCES data.member(id);

ALTER TABLE ONLY data.source_file
    ADD CONSTRAINT source_file_organisation_id_fkey FOREIGN KEY (organisation_id) REFERENCES data.organisation(id);

ALTER TABLE ONLY data.source_file
    ADD CONSTRAINT source_file_reverted_by_fkey FOREIGN KEY (reverted_by) REFERENCES data.member(id);

ALTER TABLE ONLY data.source_record
    ADD CONSTRAINT source_record_file_id_fkey FOREIGN KEY (file_id) REFERENCES data.source_file(id);

ALTER TABLE ONLY data.standing
    ADD CONSTRAINT standing_establishment_id_fkey FOREIGN KEY (establishment_id) REFERENCES data.establishment(id);

ALTER TABLE ONLY data.standing
    ADD CONSTRAINT standing_last_contact_by_fkey FOREIGN KEY (last_contact_by) REFERENCES data.organisation(id);

ALTER TABLE ONLY data.succession
    ADD CONSTRAINT succession_file_id_fkey FOREIGN KEY (file_id) REFERENCES data.source_file(id);

ALTER TABLE ONLY data.tag
    ADD CONSTRAINT tag_made_by_fkey FOREIGN KEY (made_by) REFERENCES data.member(id);

ALTER TABLE ONLY data.tag
    ADD CONSTRAINT tag_organisation_id_fkey FOREIGN KEY (organisation_id) REFERENCES data.organisation(id);

ALTER TABLE ONLY data.task
    ADD CONSTRAINT task_done_by_fkey FOREIGN KEY (done_by) REFERENCES data.member(id);

ALTER TABLE ONLY data.task
    ADD CONSTRAINT task_establishment_id_fkey FOREIGN KEY (establishment_id) REFERENCES data.establishment(id);

ALTER TABLE ONLY data.task
    ADD CONSTRAINT task_kind_fkey FOREIGN KEY (kind) REFERENCES data.task_kind(code);

ALTER TABLE ONLY data.task
    ADD CONSTRAINT task_member_id_fkey FOREIGN KEY (member_id) REFERENCES data.member(id);

ALTER TABLE ONLY data.task
    ADD CONSTRAINT task_offer_id_fkey FOREIGN KEY (offer_id) REFERENCES data.offer(id);

ALTER TABLE ONLY data.task
    ADD CONSTRAINT task_organisation_id_fkey FOREIGN KEY (organisation_id) REFERENCES data.organisation(id);

ALTER TABLE ONLY data.task
    ADD CONSTRAINT task_promise_id_fkey FOREIGN KEY (promise_id) REFERENCES data.promise(id);

ALTER TABLE ONLY data.task
    ADD CONSTRAINT task_referral_id_fkey FOREIGN KEY (referral_id) REFERENCES data.referral(id);

ALTER TABLE ONLY data.task
    ADD CONSTRAINT task_team_id_fkey FOREIGN KEY (team_id) REFERENCES data.team(id);

ALTER TABLE ONLY data.team
    ADD CONSTRAINT team_made_by_fkey FOREIGN KEY (made_by) REFERENCES data.member(id);

ALTER TABLE ONLY data.team_member
    ADD CONSTRAINT team_member_member FOREIGN KEY (member_id, organisation_id) REFERENCES data.membership(member_id, organisation_id);

ALTER TABLE ONLY data.team_member
    ADD CONSTRAINT team_member_partner FOREIGN KEY (team_id, organisation_id) REFERENCES data.team_partner(team_id, organisation_id);

ALTER TABLE ONLY data.team
    ADD CONSTRAINT team_organisation_id_fkey FOREIGN KEY (organisation_id) REFERENCES data.organisation(id);

ALTER TABLE ONLY data.team_partner
    ADD CONSTRAINT team_partner_agreed_by_fkey FOREIGN KEY (agreed_by) REFERENCES data.member(id);

ALTER TABLE ONLY data.team_partner
    ADD CONSTRAINT team_partner_organisation_id_fkey FOREIGN KEY (organisation_id) REFERENCES data.organisation(id);

ALTER TABLE ONLY data.team_partner
    ADD CONSTRAINT team_partner_team_id_fkey FOREIGN KEY (team_id) REFERENCES data.team(id);

ALTER TABLE ONLY data.team
    ADD CONSTRAINT team_segment_id_fkey FOREIGN KEY (segment_id) REFERENCES data.segment(id);

ALTER TABLE ONLY data.team
    ADD CONSTRAINT team_territory_id_fkey FOREIGN KEY (territory_id) REFERENCES data.territory(id);

ALTER TABLE ONLY data.tension
    ADD CONSTRAINT tension_bassin_fkey FOREIGN KEY (bassin) REFERENCES data.bassin(code);

ALTER TABLE ONLY data.territory_commune
    ADD CONSTRAINT territory_commune_commune_code_fkey FOREIGN KEY (commune_code) REFERENCES data.commune(code);

ALTER TABLE ONLY data.territory_commune
    ADD CONSTRAINT territory_commune_territory_id_fkey FOREIGN KEY (territory_id) REFERENCES data.territory(id);

ALTER TABLE ONLY data.tour
    ADD CONSTRAINT tour_asked FOREIGN KEY (asked_by, organisation_id) REFERENCES data.membership(member_id, organisation_id);

ALTER TABLE ONLY data.tour_day
    ADD CONSTRAINT tour_day_member_id_fkey FOREIGN KEY (member_id) REFERENCES data.member(id);

ALTER TABLE ONLY data.tour_day
    ADD CONSTRAINT tour_day_tour_id_fkey FOREIGN KEY (tour_id) REFERENCES data.tour(id) ON DELETE CASCADE;

ALTER TABLE ONLY data.tour_line
    ADD CONSTRAINT tour_line_establishment_id_fkey FOREIGN KEY (establishment_id) REFERENCES data.establishment(id);

ALTER TABLE ONLY data.tour_line
    ADD CONSTRAINT tour_line_member_id_fkey FOREIGN KEY (member_id) REFERENCES data.member(id);

ALTER TABLE ONLY data.tour_line
    ADD CONSTRAINT tour_line_promise_id_fkey FOREIGN KEY (promise_id) REFERENCES data.promise(id);

ALTER TABLE ONLY data.tour_line
    ADD CONSTRAINT tour_line_tour_id_fkey FOREIGN KEY (tour_id) REFERENCES data.tour(id) ON DELETE CASCADE;

ALTER TABLE ONLY data.tour_line
    ADD CONSTRAINT tour_line_visit_id_fkey FOREIGN KEY (visit_id) REFERENCES data.visit(id);

ALTER TABLE ONLY data.tour
    ADD CONSTRAINT tour_organisation_id_fkey FOREIGN KEY (organisation_id) REFERENCES data.organisation(id);

ALTER TABLE ONLY data.transfer
    ADD CONSTRAINT transfer_answered_by_fkey FOREIGN KEY (answered_by) REFERENCES data.member(id);

ALTER TABLE ONLY data.transfer
    ADD CONSTRAINT transfer_establishment_id_fkey FOREIGN KEY (establishment_id) REFERENCES data.establishment(id);

ALTER TABLE ONLY data.transfer
    ADD CONSTRAINT transfer_from_member_id_fkey FOREIGN KEY (from_member_id) REFERENCES data.member(id);

ALTER TABLE ONLY data.transfer
    ADD CONSTRAINT transfer_from_organisation_id_fkey FOREIGN KEY (from_organisation_id) REFERENCES data.organisation(id);

ALTER TABLE ONLY data.transfer
    ADD CONSTRAINT transfer_member_id_fkey FOREIGN KEY (member_id) REFERENCES data.member(id);

ALTER TABLE ONLY data.transfer
    ADD CONSTRAINT transfer_organisation_id_fkey FOREIGN KEY (organisation_id) REFERENCES data.organisation(id);

ALTER TABLE ONLY data.transfer
    ADD CONSTRAINT transfer_promise_id_fkey FOREIGN KEY (promise_id) REFERENCES data.promise(id);

ALTER TABLE ONLY data.transfer
    ADD CONSTRAINT transfer_to_member_id_fkey FOREIGN KEY (to_member_id) REFERENCES data.member(id);

ALTER TABLE ONLY data.transfer
    ADD CONSTRAINT transfer_to_organisation_id_fkey FOREIGN KEY (to_organisation_id) REFERENCES data.organisation(id);

ALTER TABLE ONLY data.value_statement
    ADD CONSTRAINT value_statement_ended_by_fkey FOREIGN KEY (ended_by) REFERENCES data.member(id);

ALTER TABLE ONLY data.value_statement
    ADD CONSTRAINT value_statement_establishment_id_fkey FOREIGN KEY (establishment_id) REFERENCES data.establishment(id);

ALTER TABLE ONLY data.value_statement
    ADD CONSTRAINT value_statement_member_id_fkey FOREIGN KEY (member_id) REFERENCES data.member(id);

ALTER TABLE ONLY data.value_statement
    ADD CONSTRAINT value_statement_organisation_id_fkey FOREIGN KEY (organisation_id) REFERENCES data.organisation(id);

ALTER TABLE ONLY data.value_statement
    ADD CONSTRAINT value_statement_visit_id_fkey FOREIGN KEY (visit_id) REFERENCES data.visit(id);

ALTER TABLE ONLY data.visit
    ADD CONSTRAINT visit_contact_id_fkey FOREIGN KEY (contact_id) REFERENCES data.contact(id);

ALTER TABLE ONLY data.visit
    ADD CONSTRAINT visit_establishment_id_fkey FOREIGN KEY (establishment_id) REFERENCES data.establishment(id);

ALTER TABLE ONLY data.visit
    ADD CONSTRAINT visit_member FOREIGN KEY (member_id, organisation_id) REFERENCES data.membership(member_id, organisation_id);

ALTER TABLE ONLY data.visit
    ADD CONSTRAINT visit_organisation_id_fkey FOREIGN KEY (organisation_id) REFERENCES data.organisation(id);

ALTER TABLE ONLY data.visit_partner
    ADD CONSTRAINT visit_partner_invited_by_fkey FOREIGN KEY (invited_by) REFERENCES data.member(id);

ALTER TABLE ONLY data.visit_partner
    ADD CONSTRAINT visit_partner_member FOREIGN KEY (member_id, organisation_id) REFERENCES data.membership(member_id, organisation_id);

ALTER TABLE ONLY data.visit_partner
    ADD CONSTRAINT visit_partner_organisation_id_fkey FOREIGN KEY (organisation_id) REFERENCES data.organisation(id);

ALTER TABLE ONLY data.visit_partner
    ADD CONSTRAINT visit_partner_visit_id_fkey FOREIGN KEY (visit_id) REFERENCES data.visit(id);

ALTER TABLE ONLY data.visit
    ADD CONSTRAINT visit_promise_id_fkey FOREIGN KEY (promise_id) REFERENCES data.promise(id);

ALTER TABLE ONLY data.waiting_person
    ADD CONSTRAINT waiting_person_source_record_id_fkey FOREIGN KEY (source_record_id) REFERENCES data.source_record(id);

ALTER TABLE ONLY data.work_week
    ADD CONSTRAINT work_week_home_commune_fkey FOREIGN KEY (home_commune) REFERENCES data.commune(code);

ALTER TABLE ONLY data.work_week
    ADD CONSTRAINT work_week_member FOREIGN KEY (member_id, organisation_id) REFERENCES data.membership(member_id, organisation_id);

ALTER TABLE ONLY data.zone_commune
    ADD CONSTRAINT zone_commune_zone_id_fkey FOREIGN KEY (zone_id) REFERENCES data.zone(id) ON DELETE CASCADE;

ALTER TABLE data.absence ENABLE ROW LEVEL SECURITY;

CREATE POLICY any_read ON data.offer_routing FOR SELECT TO maillage_server USING ((( SELECT auth.role() AS role) IS NOT NULL));

ALTER TABLE data.api_key ENABLE ROW LEVEL SECURITY;

ALTER TABLE data.api_secret ENABLE ROW LEVEL SECURITY;

ALTER TABLE data.calendar_feed ENABLE ROW LEVEL SECURITY;

ALTER TABLE data.call ENABLE ROW LEVEL SECURITY;

ALTER TABLE data.channel ENABLE ROW LEVEL SECURITY;

ALTER TABLE data.channel_secret ENABLE ROW LEVEL SECURITY;

ALTER TABLE data.claim ENABLE ROW LEVEL SECURITY;

CREATE POLICY collector_read ON data.referral FOR SELECT TO maillage_server USING ((( SELECT auth.is_partner() AS is_partner) AND (EXISTS ( SELECT
   FROM data.offer o
  WHERE ((o.id = referral.offer_id) AND (o.organisation_id = ( SELECT auth.organisation() AS organisation)))))));

CREATE POLICY collector_update ON data.referral FOR UPDATE TO maillage_server USING ((( SELECT auth.can_write() AS can_write) AND (EXISTS ( SELECT
   FROM data.offer o
  WHERE ((o.id = referral.offer_id) AND (o.organisation_id = ( SELECT auth.organisation() AS organisation)))))));

CREATE POLICY computing ON data.plan_line FOR INSERT TO maillage_worker WITH CHECK (true);

CREATE POLICY computing ON data.plan_scenario FOR SELECT TO maillage_worker USING (true);

ALTER TABLE data.contact ENABLE ROW LEVEL SECURITY;

ALTER TABLE data.contact_event ENABLE ROW LEVEL SECURITY;

ALTER TABLE data.contact_key ENABLE ROW LEVEL SECURITY;

ALTER TABLE data.contact_plain ENABLE ROW LEVEL SECURITY;

ALTER TABLE data.delivery ENABLE ROW LEVEL SECURITY;

ALTER TABLE data.delivery_attempt ENABLE ROW LEVEL SECURITY;

ALTER TABLE data.establishment ENABLE ROW LEVEL SECURITY;

ALTER TABLE data.establishment_tag ENABLE ROW LEVEL SECURITY;

ALTER TABLE data.establishment_value ENABLE ROW LEVEL SECURITY;

ALTER TABLE data.event ENABLE ROW LEVEL SECURITY;

ALTER TABLE data.facet ENABLE ROW LEVEL SECURITY;

ALTER TABLE data.fact ENABLE ROW LEVEL SECURITY;

ALTER TABLE data.fact_touched ENABLE ROW LEVEL SECURITY;

ALTER TABLE data.import_line ENABLE ROW LEVEL SECURITY;

ALTER TABLE data.import_mapping ENABLE ROW LEVEL SECURITY;

ALTER TABLE data.import_progress ENABLE ROW LEVEL SECURITY;

ALTER TABLE data.import_undone ENABLE ROW LEVEL SECURITY;

ALTER TABLE data.import_verdict ENABLE ROW LEVEL SECURITY;

CREATE POLICY importing ON data.contact_key TO maillage_worker USING (true) WITH CHECK (true);

CREATE POLICY importing ON data.opposition_key FOR SELECT TO maillage_worker USING (true);

ALTER TABLE data.link ENABLE ROW LEVEL SECURITY;

ALTER TABLE data.list_change ENABLE ROW LEVEL SECURITY;

ALTER TABLE data.merge ENABLE ROW LEVEL SECURITY;

ALTER TABLE data.merge_row ENABLE ROW LEVEL SECURITY;

ALTER TABLE data.need ENABLE ROW LEVEL SECURITY;

CREATE POLICY network_read ON data.questionnaire FOR SELECT TO maillage_server USING ((( SELECT auth.is_partner() AS is_partner) AND ((network IS NULL) OR (network = ( SELECT auth.network() AS network)))));

CREATE POLICY network_read ON data.report_answer FOR SELECT TO maillage_server USING ((( SELECT auth.is_partner() AS is_partner) AND ((network IS NULL) OR (network = ( SELECT auth.network() AS network))) AND (EXISTS ( SELECT
   FROM data.report r
  WHERE (r.visit_id = report_answer.visit_id)))));

CREATE POLICY network_read ON data.report_answer_revision FOR SELECT TO maillage_server USING ((( SELECT auth.is_partner() AS is_partner) AND ((network IS NULL) OR (network = ( SELECT auth.network() AS network))) AND (EXISTS ( SELECT
   FROM data.report r
  WHERE (r.visit_id = report_answer_revision.visit_id)))));

CREATE POLICY network_read ON data.report_note FOR SELECT TO maillage_server USING ((( SELECT auth.is_partner() AS is_partner) AND (network = ( SELECT auth.network() AS network)) AND (EXISTS ( SELECT
   FROM data.report r
  WHERE (r.visit_id = report_note.visit_id)))));

CREATE POLICY network_read ON data.report_note_revision FOR SELECT TO maillage_server USING ((( SELECT auth.is_partner() AS is_partner) AND (network = ( SELECT auth.network() AS network)) AND (EXISTS ( SELECT
   FROM data.report r
  WHERE (r.visit_id = report_note_revision.visit_id)))));

ALTER TABLE data.offer ENABLE ROW LEVEL SECURITY;

ALTER TABLE data.offer_link ENABLE ROW LEVEL SECURITY;

ALTER TABLE data.offer_prolongation ENABLE ROW LEVEL SECURITY;

ALTER TABLE data.offer_routing ENABLE ROW LEVEL SECURITY;

ALTER TABLE data.offer_step ENABLE ROW LEVEL SECURITY;

CREATE POLICY open_read ON data.offer FOR SELECT TO maillage_server USING (((( SELECT auth.role() AS role) IS NOT NULL) AND (state = 'open'::text) AND (NOT sandbox)));

ALTER TABLE data.opening_hours ENABLE ROW LEVEL SECURITY;

ALTER TABLE data.opposition ENABLE ROW LEVEL SECURITY;

ALTER TABLE data.opposition_key ENABLE ROW LEVEL SECURITY;

ALTER TABLE data.own_code ENABLE ROW LEVEL SECURITY;

ALTER TABLE data.own_column ENABLE ROW LEVEL SECURITY;

CREATE POLICY own_correct ON data.report_note FOR UPDATE TO maillage_server USING ((( SELECT auth.can_write() AS can_write) AND (organisation_id = ( SELECT auth.organisation() AS organisation)))) WITH CHECK (((organisation_id = ( SELECT auth.organisation() AS organisation)) AND (network = ( SELECT auth.network() AS network))));

CREATE POLICY own_delete ON data.establishment_tag FOR DELETE TO maillage_server USING ((( SELECT auth.can_write() AS can_write) AND (EXISTS ( SELECT
   FROM data.tag t
  WHERE ((t.id = establishment_tag.tag_id) AND (t.organisation_id = ( SELECT auth.organisation() AS organisation)))))));

CREATE POLICY own_delete ON data.report_note FOR DELETE TO maillage_server USING ((( SELECT auth.can_write() AS can_write) AND (organisation_id = ( SELECT auth.organisation() AS organisation))));

CREATE POLICY own_insert ON data.absence FOR INSERT TO maillage_server WITH CHECK ((( SELECT auth.can_write() AS can_write) AND (organisation_id = ( SELECT auth.organisation() AS organisation)) AND (made_by = ( SELECT auth.member() AS member)) AND ((member_id = ( SELECT auth.member() AS member)) OR (( SELECT auth.role() AS role) = 'manager'::text))));

CREATE POLICY own_insert ON data.call FOR INSERT TO maillage_server WITH CHECK ((( SELECT auth.can_write() AS can_write) AND (organisation_id = ( SELECT auth.organisation() AS organisation)) AND (member_id = ( SELECT auth.member() AS member)) AND auth.sees(establishment_id)));

CREATE POLICY own_insert ON data.contact FOR INSERT TO maillage_server WITH CHECK ((( SELECT auth.can_write() AS can_write) AND (organisation_id = ( SELECT auth.organisation() AS organisation)) AND (member_id = ( SELECT auth.member() AS member)) AND auth.sees(establishment_id)));

CREATE POLICY own_insert ON data.establishment_tag FOR INSERT TO maillage_server WITH CHECK ((( SELECT auth.can_write() AS can_write) AND (member_id = ( SELECT auth.member() AS member)) AND auth.sees(establishment_id) AND (EXISTS ( SELECT
   FROM data.tag t
  WHERE ((t.id = establishment_tag.tag_id) AND (t.organisation_id = ( SELECT auth.organisation() AS organisation)))))));

CREATE POLICY own_insert ON data.need FOR INSERT TO maillage_server WITH CHECK ((( SELECT auth.can_write() AS can_write) AND (organisation_id = ( SELECT auth.organisation() AS organisation)) AND (member_id = ( SELECT auth.member() AS member)) AND auth.sees(establishment_id)));

CREATE POLICY own_insert ON data.offer FOR INSERT TO maillage_server WITH CHECK ((( SELECT auth.can_write() AS can_write) AND (organisation_id = ( SELECT auth.organisation() AS organisation)) AND (member_id = ( SELECT auth.member() AS member)) AND auth.sees(establishment_id)));

CREATE POLICY own_insert ON data.offer_link FOR INSERT TO maillage_server WITH CHECK ((( SELECT auth.can_write() AS can_write) AND (organisation_id = ( SELECT auth.organisation() AS organisation)) AND (member_id = ( SELECT auth.member() AS member)) AND (EXISTS ( SELECT
   FROM data.offer o
  WHERE (o.id = offer_link.offer_id)))));

CREATE POLICY own_insert ON data.offer_prolongation FOR INSERT TO maillage_server WITH CHECK ((( SELECT auth.can_write() AS can_write) AND (organisation_id = ( SELECT auth.organisation() AS organisation)) AND (member_id = ( SELECT auth.member() AS member)) AND (EXISTS ( SELECT
   FROM data.offer o
  WHERE (o.id = offer_prolongation.offer_id)))));

CREATE POLICY own_insert ON data.opening_hours FOR INSERT TO maillage_server WITH CHECK ((( SELECT auth.can_write() AS can_write) AND (organisation_id = ( SELECT auth.organisation() AS organisation)) AND (member_id = ( SELECT auth.member() AS member)) AND auth.sees(establishment_id)));

CREATE POLICY own_insert ON data.opposition FOR INSERT TO maillage_server WITH CHECK ((( SELECT auth.can_write() AS can_write) AND (organisation_id = ( SELECT auth.organisation() AS organisation)) AND (member_id = ( SELECT auth.member() AS member)) AND auth.sees(establishment_id)));

CREATE POLICY own_insert ON data.promise FOR INSERT TO maillage_server WITH CHECK ((( SELECT auth.can_write() AS can_write) AND (organisation_id = ( SELECT auth.organisation() AS organisation)) AND auth.sees(establishment_id)));

CREATE POLICY own_insert ON data.referral FOR INSERT TO maillage_server WITH CHECK ((( SELECT auth.can_write() AS can_write) AND (organisation_id = ( SELECT auth.organisation() AS organisation)) AND (member_id = ( SELECT auth.member() AS member)) AND (EXISTS ( SELECT
   FROM data.offer o
  WHERE (o.id = referral.offer_id)))));

CREATE POLICY own_insert ON data.report FOR INSERT TO maillage_server WITH CHECK ((( SELECT auth.can_write() AS can_write) AND (organisation_id = ( SELECT auth.organisation() AS organisation)) AND (member_id = ( SELECT auth.member() AS member)) AND auth.sees(establishment_id)));

CREATE POLICY own_insert ON data.report_note FOR INSERT TO maillage_server WITH CHECK ((( SELECT auth.can_write() AS can_write) AND (organisation_id = ( SELECT auth.organisation() AS organisation)) AND (network = ( SELECT auth.network() AS network)) AND ((EXISTS ( SELECT
   FROM data.report r
  WHERE ((r.visit_id = report_note.visit_id) AND (r.organisation_id = ( SELECT auth.organisation() AS organisation))))) OR (EXISTS ( SELECT
   FROM (data.visit_partner p
     JOIN data.report r ON ((r.visit_id = p.visit_id)))
  WHERE ((p.visit_id = report_note.visit_id) AND (p.state = 'accepted'::text) AND (p.organisation_id = ( SELECT auth.organisation() AS organisation))))))));

CREATE POLICY own_insert ON data.segment FOR INSERT TO maillage_server WITH CHECK ((( SELECT auth.can_write() AS can_write) AND (organisation_id = ( SELECT auth.organisation() AS organisation)) AND (made_by = ( SELECT auth.member() AS member))));

CREATE POLICY own_insert ON data.segment_version FOR INSERT TO maillage_server WITH CHECK ((( SELECT auth.can_write() AS can_write) AND (member_id = ( SELECT auth.member() AS member)) AND (EXISTS ( SELECT
   FROM data.segment s
  WHERE ((s.id = segment_version.segment_id) AND (s.organisation_id = ( SELECT auth.organisation() AS organisation)))))));

CREATE POLICY own_insert ON data.source_file FOR INSERT TO maillage_server WITH CHECK ((( SELECT auth.can_write() AS can_write) AND (organisation_id = ( SELECT auth.organisation() AS organisation)) AND (member_id = ( SELECT auth.member() AS member)) AND (kind = 'partner'::text) AND (state = ANY (ARRAY['received'::text, 'preview'::text]))));

CREATE POLICY own_insert ON data.tag FOR INSERT TO maillage_server WITH CHECK ((( SELECT auth.can_write() AS can_write) AND (organisation_id = ( SELECT auth.organisation() AS organisation)) AND (made_by = ( SELECT auth.member() AS member))));

CREATE POLICY own_insert ON data.tour FOR INSERT TO maillage_server WITH CHECK ((( SELECT auth.can_write() AS can_write) AND (organisation_id = ( SELECT auth.organisation() AS organisation)) AND (asked_by = ( SELECT auth.member() AS member)) AND ((( SELECT auth.role() AS role) = 'manager'::text) OR (members = ARRAY[( SELECT auth.member() AS member)]))));

CREATE POLICY own_insert ON data.transfer FOR INSERT TO maillage_server WITH CHECK ((( SELECT auth.can_write() AS can_write) AND (organisation_id = ( SELECT auth.organisation() AS organisation)) AND (member_id = ( SELECT auth.member() AS member)) AND auth.sees(establishment_id)));

CREATE POLICY own_insert ON data.visit FOR INSERT TO maillage_server WITH CHECK ((( SELECT auth.can_write() AS can_write) AND (organisation_id = ( SELECT auth.organisation() AS organisation)) AND (member_id = ( SELECT auth.member() AS member)) AND auth.sees(establishment_id)));

CREATE POLICY own_read ON data.absence FOR SELECT TO maillage_server USING ((( SELECT auth.is_partner() AS is_partner) AND (organisation_id = ( SELECT auth.organisation() AS organisation))));

CREATE POLICY own_read ON data.api_key FOR SELECT TO maillage_server USING ((( SELECT auth.is_accountable() AS is_accountable) AND auth.is_own(organisation_id)));

CREATE POLICY own_read ON data.call FOR SELECT TO maillage_server USING ((( SELECT auth.is_partner() AS is_partner) AND (organisation_id = ( SELECT auth.organisation() AS organisation))));

CREATE POLICY own_read ON data.channel FOR SELECT TO maillage_server USING ((( SELECT auth.is_accountable() AS is_accountable) AND auth.is_own(organisation_id)));

CREATE POLICY own_read ON data.import_line FOR SELECT TO maillage_server USING ((EXISTS ( SELECT
   FROM data.source_file f
  WHERE (f.id = import_line.file_id))));

CREATE POLICY own_read ON data.import_progress FOR SELECT TO maillage_server USING ((EXISTS ( SELECT
   FROM data.source_file f
  WHERE (f.id = import_progress.file_id))));

CREATE POLICY own_read ON data.link FOR SELECT TO maillage_server USING ((EXISTS ( SELECT
   FROM data.source_record r
  WHERE (r.id = link.source_record_id))));

CREATE POLICY own_read ON data.offer FOR SELECT TO maillage_server USING ((( SELECT auth.is_partner() AS is_partner) AND (organisation_id = ( SELECT auth.organisation() AS organisation))));

CREATE POLICY own_read ON data.offer_link FOR SELECT TO maillage_server USING ((( SELECT auth.is_partner() AS is_partner) AND (organisation_id = ( SELECT auth.organisation() AS organisation))));

CREATE POLICY own_read ON data.offer_prolongation FOR SELECT TO maillage_server USING ((( SELECT auth.is_partner() AS is_partner) AND (organisation_id = ( SELECT auth.organisation() AS organisation))));

CREATE POLICY own_read ON data.own_code FOR SELECT TO maillage_server USING ((( SELECT auth.is_partner() AS is_partner) AND (organisation_id = ( SELECT auth.organisation() AS organisation))));

CREATE POLICY own_read ON data.own_column FOR SELECT TO maillage_server USING ((( SELECT auth.is_partner() AS is_partner) AND (organisation_id = ( SELECT auth.organisation() AS organisation))));

CREATE POLICY own_read ON data.proposal FOR SELECT TO maillage_server USING ((( SELECT auth.is_partner() AS is_partner) AND (organisation_id = ( SELECT auth.organisation() AS organisation))));

CREATE POLICY own_read ON data.referral FOR SELECT TO maillage_server USING ((( SELECT auth.is_partner() AS is_partner) AND (organisation_id = ( SELECT auth.organisation() AS organisation))));

CREATE POLICY own_read ON data.review FOR SELECT TO maillage_server USING ((( SELECT auth.is_partner() AS is_partner) AND (organisation_id = ( SELECT auth.organisation() AS organisation))));

CREATE POLICY own_read ON data.source_error FOR SELECT TO maillage_server USING ((EXISTS ( SELECT
   FROM data.source_file f
  WHERE (f.id = source_error.file_id))));

CREATE POLICY own_read ON data.source_file FOR SELECT TO maillage_server USING ((( SELECT auth.is_partner() AS is_partner) AND (organisation_id = ( SELECT auth.organisation() AS organisation))));

CREATE POLICY own_read ON data.source_record FOR SELECT TO maillage_server USING ((EXISTS ( SELECT
   FROM data.source_file f
  WHERE (f.id = source_record.file_id))));

CREATE POLICY own_read ON data.task FOR SELECT TO maillage_server USING ((( SELECT auth.is_partner() AS is_partner) AND (organisation_id = ( SELECT auth.organisation() AS organisation))));

CREATE POLICY own_read ON data.tour FOR SELECT TO maillage_server USING ((( SELECT auth.is_partner() AS is_partner) AND (organisation_id = ( SELECT auth.organisation() AS organisation))));

CREATE POLICY own_update ON data.absence FOR UPDATE TO maillage_server USING ((( SELECT auth.can_write() AS can_write) AND (organisation_id = ( SELECT auth.organisation() AS organisation)) AND ((member_id = ( SELECT auth.member() AS member)) OR (( SELECT auth.role() AS role) = 'manager'::text))));

CREATE POLICY own_update ON data.contact FOR UPDATE TO maillage_server USING ((( SELECT auth.can_write() AS can_write) AND (organisation_id = ( SELECT auth.organisation() AS organisation)))) WITH CHECK ((organisation_id = ( SELECT auth.organisation() AS organisation)));

CREATE POLICY own_update ON data.need FOR UPDATE TO maillage_server USING ((( SELECT auth.can_write() AS can_write) AND (organisation_id = ( SELECT auth.organisation() AS organisation)))) WITH CHECK ((organisation_id = ( SELECT auth.organisation() AS organisation)));

CREATE POLICY own_update ON data.offer FOR UPDATE TO maillage_server USING ((( SELECT auth.can_write() AS can_write) AND (organisation_id = ( SELECT auth.organisation() AS organisation)))) WITH CHECK ((organisation_id = ( SELECT auth.organisation() AS organisation)));

CREATE POLICY own_update ON data.offer_link FOR UPDATE TO maillage_server USING ((( SELECT auth.can_write() AS can_write) AND (organisation_id = ( SELECT auth.organisation() AS organisation))));

CREATE POLICY own_update ON data.opening_hours FOR UPDATE TO maillage_server USING ((( SELECT auth.can_write() AS can_write) AND auth.sees(establishment_id))) WITH CHECK (((organisation_id = ( SELECT auth.organisation() AS organisation)) AND (member_id = ( SELECT auth.member() AS member))));

CREATE POLICY own_update ON data.opposition FOR UPDATE TO maillage_server USING ((( SELECT auth.can_write() AS can_write) AND (organisation_id = ( SELECT auth.organisation() AS organisation)))) WITH CHECK ((organisation_id = ( SELECT auth.organisation() AS organisation)));

CREATE POLICY own_update ON data.promise FOR UPDATE TO maillage_server USING ((( SELECT auth.can_write() AS can_write) AND (organisation_id = ( SELECT auth.organisation() AS organisation)))) WITH CHECK (((organisation_id = ( SELECT auth.organisation() AS organisation)) AND (state = ANY (ARRAY['active'::text, 'returned'::text]))));

CREATE POLICY own_update ON data.proposal FOR UPDATE TO maillage_server USING ((( SELECT auth.can_write() AS can_write) AND (organisation_id = ( SELECT auth.organisation() AS organisation))));

CREATE POLICY own_update ON data.referral FOR UPDATE TO maillage_server USING ((( SELECT auth.can_write() AS can_write) AND (organisation_id = ( SELECT auth.organisation() AS organisation))));

CREATE POLICY own_update ON data.report FOR UPDATE TO maillage_server USING ((( SELECT auth.can_write() AS can_write) AND (organisation_id = ( SELECT auth.organisation() AS organisation)))) WITH CHECK ((organisation_id = ( SELECT auth.organisation() AS organisation)));

CREATE POLICY own_update ON data.report_note FOR UPDATE TO maillage_server USING ((( SELECT auth.can_write() AS can_write) AND (organisation_id = ( SELECT auth.organisation() AS organisation)) AND (EXISTS ( SELECT
   FROM data.visit_partner p
  WHERE ((p.visit_id = report_note.visit_id) AND (p.state = 'accepted'::text) AND (p.organisation_id = ( SELECT auth.organisation() AS organisation)))))));

CREATE POLICY own_update ON data.segment FOR UPDATE TO maillage_server USING ((( SELECT auth.can_write() AS can_write) AND (organisation_id = ( SELECT auth.organisation() AS organisation)))) WITH CHECK ((organisation_id = ( SELECT auth.organisation() AS organisation)));

CREATE POLICY own_update ON data.task FOR UPDATE TO maillage_server USING ((( SELECT auth.can_write() AS can_write) AND (organisation_id = ( SELECT auth.organisation() AS organisation))));

CREATE POLICY own_update ON data.tour FOR UPDATE TO maillage_server USING ((( SELECT auth.can_write() AS can_write) AND (organisation_id = ( SELECT auth.organisation() AS organisation)) AND ((( SELECT auth.member() AS member) = asked_by) OR (( SELECT auth.member() AS member) = ANY (members))))) WITH CHECK ((organisation_id = ( SELECT auth.organisation() AS organisation)));

CREATE POLICY own_update ON data.tour_line FOR UPDATE TO maillage_server USING ((( SELECT auth.can_write() AS can_write) AND (EXISTS ( SELECT
   FROM data.tour t
  WHERE ((t.id = tour_line.tour_id) AND ((( SELECT auth.member() AS member) = t.asked_by) OR (( SELECT auth.member() AS member) = ANY (t.members))))))));

CREATE POLICY own_update ON data.visit FOR UPDATE TO maillage_server USING ((( SELECT auth.can_write() AS can_write) AND (organisation_id = ( SELECT auth.organisation() AS organisation)))) WITH CHECK ((organisation_id = ( SELECT auth.organisation() AS organisation)));

CREATE POLICY partners_read ON data.claim FOR SELECT TO maillage_server USING (auth.sees(establishment_id));

CREATE POLICY partners_read ON data.contact_event FOR SELECT TO maillage_server USING (auth.sees(establishment_id));

CREATE POLICY partners_read ON data.establishment FOR SELECT TO maillage_server USING ((( SELECT auth.is_partner() AS is_partner) AND (EXISTS ( SELECT
   FROM data.territory_commune tc
  WHERE ((tc.territory_id = ( SELECT auth.territory() AS territory)) AND (tc.commune_code = establishment.commune_code))))));

CREATE POLICY partners_read ON data.establishment_value FOR SELECT TO maillage_server USING (auth.sees(establishment_id));

CREATE POLICY partners_read ON data.event FOR SELECT TO maillage_server USING (((establishment_id IS NOT NULL) AND auth.sees(establishment_id) AND ((offer_id IS NULL) OR (EXISTS ( SELECT
   FROM data.offer o
  WHERE (o.id = event.offer_id))))));

CREATE POLICY partners_read ON data.need FOR SELECT TO maillage_server USING (auth.sees(establishment_id));

CREATE POLICY partners_read ON data.opening_hours FOR SELECT TO maillage_server USING (auth.sees(establishment_id));

CREATE POLICY partners_read ON data.opposition FOR SELECT TO maillage_server USING (auth.sees(establishment_id));

CREATE POLICY partners_read ON data.plan FOR SELECT TO maillage_server USING ((( SELECT auth.is_partner() AS is_partner) AND (territory_id = ( SELECT auth.territory() AS territory))));

CREATE POLICY partners_read ON data.promise FOR SELECT TO maillage_server USING (auth.sees(establishment_id));

CREATE POLICY partners_read ON data.report FOR SELECT TO maillage_server USING (auth.sees(establishment_id));

CREATE POLICY partners_read ON data.report_revision FOR SELECT TO maillage_server USING ((( SELECT auth.is_partner() AS is_partner) AND (EXISTS ( SELECT
   FROM data.report r
  WHERE (r.visit_id = report_revision.visit_id)))));

CREATE POLICY partners_read ON data.segment FOR SELECT TO maillage_server USING ((( SELECT auth.is_partner() AS is_partner) AND (territory_id = ( SELECT auth.territory() AS territory)) AND (shared OR (organisation_id = ( SELECT auth.organisation() AS organisation)))));

CREATE POLICY partners_read ON data.standing FOR SELECT TO maillage_server USING (auth.sees(establishment_id));

CREATE POLICY partners_read ON data.tag FOR SELECT TO maillage_server USING ((( SELECT auth.is_partner() AS is_partner) AND ((organisation_id = ( SELECT auth.organisation() AS organisation)) OR (shared AND (organisation_id IN ( SELECT o.id
   FROM data.organisation o
  WHERE (o.territory_id = ( SELECT auth.territory() AS territory))))))));

CREATE POLICY partners_read ON data.team FOR SELECT TO maillage_server USING ((( SELECT auth.is_partner() AS is_partner) AND (territory_id = ( SELECT auth.territory() AS territory))));

CREATE POLICY partners_read ON data.value_statement FOR SELECT TO maillage_server USING (auth.sees(establishment_id));

CREATE POLICY partners_read ON data.visit FOR SELECT TO maillage_server USING (auth.sees(establishment_id));

CREATE POLICY party_insert ON data.visit_partner FOR INSERT TO maillage_server WITH CHECK ((( SELECT auth.can_write() AS can_write) AND (invited_by = ( SELECT auth.member() AS member)) AND (EXISTS ( SELECT
   FROM data.visit v
  WHERE ((v.id = visit_partner.visit_id) AND ((( SELECT auth.organisation() AS organisation) = v.organisation_id) OR (( SELECT auth.organisation() AS organisation) = visit_partner.organisation_id)))))));

CREATE POLICY party_read ON data.transfer FOR SELECT TO maillage_server USING ((( SELECT auth.is_partner() AS is_partner) AND ((( SELECT auth.organisation() AS organisation) = from_organisation_id) OR (( SELECT auth.organisation() AS organisation) = to_organisation_id))));

CREATE POLICY party_update ON data.transfer FOR UPDATE TO maillage_server USING ((( SELECT auth.can_write() AS can_write) AND ((( SELECT auth.organisation() AS organisation) = from_organisation_id) OR (( SELECT auth.organisation() AS organisation) = to_organisation_id))));

CREATE POLICY party_update ON data.visit_partner FOR UPDATE TO maillage_server USING ((( SELECT auth.can_write() AS can_write) AND (EXISTS ( SELECT
   FROM data.visit v
  WHERE ((v.id = visit_partner.visit_id) AND ((( SELECT auth.organisation() AS organisation) = v.organisation_id) OR (( SELECT auth.organisation() AS organisation) = visit_partner.organisation_id)))))));

ALTER TABLE data.plan ENABLE ROW LEVEL SECURITY;

ALTER TABLE data.plan_comment ENABLE ROW LEVEL SECURITY;

ALTER TABLE data.plan_edit ENABLE ROW LEVEL SECURITY;

ALTER TABLE data.plan_line ENABLE ROW LEVEL SECURITY;

ALTER TABLE data.plan_scenario ENABLE ROW LEVEL SECURITY;

ALTER TABLE data.plan_signature ENABLE ROW LEVEL SECURITY;

ALTER TABLE data.plan_skip ENABLE ROW LEVEL SECURITY;

ALTER TABLE data.plan_version ENABLE ROW LEVEL SECURITY;

ALTER TABLE data.promise ENABLE ROW LEVEL SECURITY;

ALTER TABLE data.promise_batch ENABLE ROW LEVEL SECURITY;

ALTER TABLE data.promise_batch_row ENABLE ROW LEVEL SECURITY;

ALTER TABLE data.proposal ENABLE ROW LEVEL SECURITY;

ALTER TABLE data.publication ENABLE ROW LEVEL SECURITY;

ALTER TABLE data.questionnaire ENABLE ROW LEVEL SECURITY;

ALTER TABLE data.referral ENABLE ROW LEVEL SECURITY;

CREATE POLICY refreshing ON data.segment TO maillage_worker USING (true);

CREATE POLICY refreshing ON data.segment_member TO maillage_worker USING (true) WITH CHECK (true);

CREATE POLICY refreshing ON data.segment_touched TO maillage_worker USING (true);

CREATE POLICY refreshing ON data.segment_version FOR SELECT TO maillage_worker USING (true);

ALTER TABLE data.report ENABLE ROW LEVEL SECURITY;

ALTER TABLE data.report_answer ENABLE ROW LEVEL SECURITY;

ALTER TABLE data.report_answer_revision ENABLE ROW LEVEL SECURITY;

ALTER TABLE data.report_note ENABLE ROW LEVEL SECURITY;

ALTER TABLE data.report_note_revision ENABLE ROW LEVEL SECURITY;

ALTER TABLE data.report_revision ENABLE ROW LEVEL SECURITY;

ALTER TABLE data.review ENABLE ROW LEVEL SECURITY;

ALTER TABLE data.review_skip ENABLE ROW LEVEL SECURITY;

CREATE POLICY routed_read ON data.offer FOR SELECT TO maillage_server USING ((( SELECT auth.is_partner() AS is_partner) AND (state = ANY (ARRAY['reserved'::text, 'filled'::text, 'withdrawn'::text, 'expired'::text])) AND (EXISTS ( SELECT
   FROM data.offer_routing r
  WHERE ((r.offer_id = offer.id) AND (r.network = ( SELECT auth.network() AS network))))) AND auth.sees(establishment_id)));

ALTER TABLE data.segment ENABLE ROW LEVEL SECURITY;

ALTER TABLE data.segment_day ENABLE ROW LEVEL SECURITY;

ALTER TABLE data.segment_member ENABLE ROW LEVEL SECURITY;

ALTER TABLE data.segment_touched ENABLE ROW LEVEL SECURITY;

ALTER TABLE data.segment_version ENABLE ROW LEVEL SECURITY;

CREATE POLICY shared_read ON data.contact FOR SELECT TO maillage_server USING (((((organisation_id = ( SELECT auth.organisation() AS organisation)) AND ( SELECT auth.is_partner() AS is_partner)) OR shared) AND auth.sees(establishment_id)));

CREATE POLICY shared_read ON data.review FOR SELECT TO maillage_server USING ((( SELECT auth.is_partner() AS is_partner) AND (other_id IS NOT NULL) AND auth.sees(establishment_id) AND auth.sees(other_id)));

ALTER TABLE data.source_error ENABLE ROW LEVEL SECURITY;

ALTER TABLE data.source_file ENABLE ROW LEVEL SECURITY;

ALTER TABLE data.source_record ENABLE ROW LEVEL SECURITY;

ALTER TABLE data.standing ENABLE ROW LEVEL SECURITY;

ALTER TABLE data.stock ENABLE ROW LEVEL SECURITY;

ALTER TABLE data.stock_touched ENABLE ROW LEVEL SECURITY;

ALTER TABLE data.succession ENABLE ROW LEVEL SECURITY;

ALTER TABLE data.tag ENABLE ROW LEVEL SECURITY;

ALTER TABLE data.task ENABLE ROW LEVEL SECURITY;

ALTER TABLE data.team ENABLE ROW LEVEL SECURITY;

ALTER TABLE data.team_member ENABLE ROW LEVEL SECURITY;

ALTER TABLE data.team_partner ENABLE ROW LEVEL SECURITY;

ALTER TABLE data.tour ENABLE ROW LEVEL SECURITY;

ALTER TABLE data.tour_day ENABLE ROW LEVEL SECURITY;

ALTER TABLE data.tour_line ENABLE ROW LEVEL SECURITY;

ALTER TABLE data.transfer ENABLE ROW LEVEL SECURITY;

ALTER TABLE data.value_statement ENABLE ROW LEVEL SECURITY;

ALTER TABLE data.visit ENABLE ROW LEVEL SECURITY;

ALTER TABLE data.visit_partner ENABLE ROW LEVEL SECURITY;

CREATE POLICY with_channel ON data.delivery FOR SELECT TO maillage_server USING ((EXISTS ( SELECT
   FROM data.channel c
  WHERE (c.id = delivery.channel_id))));

CREATE POLICY with_delivery ON data.delivery_attempt FOR SELECT TO maillage_server USING ((EXISTS ( SELECT
   FROM data.delivery d
  WHERE (d.id = delivery_attempt.delivery_id))));

CREATE POLICY with_key ON data.api_secret FOR SELECT TO maillage_server USING ((EXISTS ( SELECT
   FROM data.api_key k
  WHERE (k.id = api_secret.key_id))));

CREATE POLICY with_offer ON data.offer_step FOR SELECT TO maillage_server USING ((EXISTS ( SELECT
   FROM data.offer o
  WHERE (o.id = offer_step.offer_id))));

CREATE POLICY with_offer ON data.publication FOR SELECT TO maillage_server USING ((EXISTS ( SELECT
   FROM data.offer o
  WHERE (o.id = publication.offer_id))));

CREATE POLICY with_plan ON data.plan_comment FOR SELECT TO maillage_server USING ((EXISTS ( SELECT
   FROM data.plan p
  WHERE (p.id = plan_comment.plan_id))));

CREATE POLICY with_plan ON data.plan_edit FOR SELECT TO maillage_server USING ((EXISTS ( SELECT
   FROM data.plan p
  WHERE (p.id = plan_edit.plan_id))));

CREATE POLICY with_plan ON data.plan_scenario FOR SELECT TO maillage_server USING ((EXISTS ( SELECT
   FROM data.plan p
  WHERE (p.id = plan_scenario.plan_id))));

CREATE POLICY with_plan ON data.plan_signature FOR SELECT TO maillage_server USING ((EXISTS ( SELECT
   FROM data.plan p
  WHERE (p.id = plan_signature.plan_id))));

CREATE POLICY with_plan ON data.plan_skip FOR SELECT TO maillage_server USING ((EXISTS ( SELECT
   FROM data.plan p
  WHERE (p.id = plan_skip.plan_id))));

CREATE POLICY with_plan ON data.plan_version FOR SELECT TO maillage_server USING ((EXISTS ( SELECT
   FROM data.plan p
  WHERE (p.id = plan_version.plan_id))));

CREATE POLICY with_scenario ON data.plan_line FOR SELECT TO maillage_server USING ((EXISTS ( SELECT
   FROM data.plan_scenario s
  WHERE (s.id = plan_line.scenario_id))));

CREATE POLICY with_segment ON data.segment_day FOR SELECT TO maillage_server USING ((EXISTS ( SELECT
   FROM data.segment s
  WHERE (s.id = segment_day.segment_id))));

CREATE POLICY with_segment ON data.segment_version FOR SELECT TO maillage_server USING ((EXISTS ( SELECT
   FROM data.segment s
  WHERE (s.id = segment_version.segment_id))));

CREATE POLICY with_tag ON data.establishment_tag FOR SELECT TO maillage_server USING (((EXISTS ( SELECT
   FROM data.tag t
  WHERE (t.id = establishment_tag.tag_id))) AND auth.sees(establishment_id)));

CREATE POLICY with_team ON data.team_member FOR SELECT TO maillage_server USING ((EXISTS ( SELECT
   FROM data.team t
  WHERE (t.id = team_member.team_id))));

CREATE POLICY with_team ON data.team_partner FOR SELECT TO maillage_server USING ((EXISTS ( SELECT
   FROM data.team t
  WHERE (t.id = team_partner.team_id))));

CREATE POLICY with_tour ON data.tour_day FOR SELECT TO maillage_server USING ((EXISTS ( SELECT
   FROM data.tour t
  WHERE (t.id = tour_day.tour_id))));

CREATE POLICY with_tour ON data.tour_line FOR SELECT TO maillage_server USING ((EXISTS ( SELECT
   FROM data.tour t
  WHERE (t.id = tour_line.tour_id))));

CREATE POLICY with_visit ON data.visit_partner FOR SELECT TO maillage_server USING ((EXISTS ( SELECT
   FROM data.visit v
  WHERE (v.id = visit_partner.visit_id))));

ALTER TABLE data.work_week ENABLE ROW LEVEL SECURITY;

GRANT USAGE ON SCHEMA api TO maillage_server;
GRANT USAGE ON SCHEMA api TO maillage_worker;

GRANT USAGE ON SCHEMA auth TO maillage_server;
GRANT USAGE ON SCHEMA auth TO maillage_worker;

GRANT USAGE ON SCHEMA data TO maillage_server;
GRANT USAGE ON SCHEMA data TO maillage_worker;

GRANT USAGE ON SCHEMA ext TO PUBLIC;

REVOKE ALL ON FUNCTION api.absence_change(absence bigint, last_on date, cancelled boolean) FROM PUBLIC;
GRANT ALL ON FUNCTION api.absence_change(absence bigint, last_on date, cancelled boolean) TO maillage_server;

REVOKE ALL ON FUNCTION api.absence_declare(member bigint, closure boolean, first_on date, last_on date) FROM PUBLIC;
GRANT ALL ON FUNCTION api.absence_declare(member bigint, closure boolean, first_on date, last_on date) TO maillage_server;

REVOKE ALL ON FUNCTION api.absorbed_by(establishment bigint) FROM PUBLIC;
GRANT ALL ON FUNCTION api.absorbed_by(establishment bigint) TO maillage_server;

GRANT SELECT ON TABLE data.questionnaire TO maillage_server;
GRANT SELECT ON TABLE data.questionnaire TO maillage_worker;

GRANT SELECT ON TABLE data.report_answer TO maillage_server;
GRANT SELECT ON TABLE data.report_answer TO maillage_worker;

GRANT SELECT ON TABLE data.report_answer_revision TO maillage_server;
GRANT SELECT ON TABLE data.report_answer_revision TO maillage_worker;

REVOKE ALL ON FUNCTION api.answers_of(visit bigint, version integer) FROM PUBLIC;
GRANT ALL ON FUNCTION api.answers_of(visit bigint, version integer) TO maillage_server;

REVOKE ALL ON FUNCTION api.board_day(day date) FROM PUBLIC;
GRANT ALL ON FUNCTION api.board_day(day date) TO maillage_server;

REVOKE ALL ON FUNCTION api.board_french(words text) FROM PUBLIC;
GRANT ALL ON FUNCTION api.board_french(words text) TO maillage_server;

GRANT SELECT ON TABLE data.offer TO maillage_server;
GRANT SELECT ON TABLE data.offer TO maillage_worker;

GRANT INSERT(establishment_id) ON TABLE data.offer TO maillage_server;

GRANT INSERT(organisation_id) ON TABLE data.offer TO maillage_server;

GRANT INSERT(member_id) ON TABLE data.offer TO maillage_server;

GRANT INSERT(visit_id) ON TABLE data.offer TO maillage_server;

GRANT INSERT(need_id) ON TABLE data.offer TO maillage_server;

GRANT INSERT(title),UPDATE(title) ON TABLE data.offer TO maillage_server;

GRANT INSERT(rome),UPDATE(rome) ON TABLE data.offer TO maillage_server;

GRANT INSERT(contract),UPDATE(contract) ON TABLE data.offer TO maillage_server;

GRANT INSERT(posts),UPDATE(posts) ON TABLE data.offer TO maillage_server;

GRANT INSERT(description),UPDATE(description) ON TABLE data.offer TO maillage_server;

GRANT INSERT(starts_on),UPDATE(starts_on) ON TABLE data.offer TO maillage_server;

GRANT INSERT(hours),UPDATE(hours) ON TABLE data.offer TO maillage_server;

GRANT INSERT(salary),UPDATE(salary) ON TABLE data.offer TO maillage_server;

GRANT INSERT(publics),UPDATE(publics) ON TABLE data.offer TO maillage_server;

GRANT INSERT(commune_code),UPDATE(commune_code) ON TABLE data.offer TO maillage_server;

GRANT UPDATE(state) ON TABLE data.offer TO maillage_server;

GRANT UPDATE(reason) ON TABLE data.offer TO maillage_server;

GRANT UPDATE(confirmed_with) ON TABLE data.offer TO maillage_server;

GRANT UPDATE(posts_filled) ON TABLE data.offer TO maillage_server;

REVOKE ALL ON FUNCTION api.board_gone(id bigint) FROM PUBLIC;
GRANT ALL ON FUNCTION api.board_gone(id bigint) TO maillage_server;

REVOKE ALL ON FUNCTION api.board_ids(after bigint, most integer) FROM PUBLIC;
GRANT ALL ON FUNCTION api.board_ids(after bigint, most integer) TO maillage_server;

REVOKE ALL ON FUNCTION data.fold(value text) FROM PUBLIC;
GRANT ALL ON FUNCTION data.fold(value text) TO maillage_server;
GRANT ALL ON FUNCTION data.fold(value text) TO maillage_worker;

GRANT SELECT ON TABLE data.rome TO maillage_server;
GRANT SELECT ON TABLE data.rome TO maillage_worker;

REVOKE ALL ON FUNCTION api.board_meant(q text) FROM PUBLIC;
GRANT ALL ON FUNCTION api.board_meant(q text) TO maillage_server;

REVOKE ALL ON FUNCTION api.board_parts() FROM PUBLIC;
GRANT ALL ON FUNCTION api.board_parts() TO maillage_server;

REVOKE ALL ON FUNCTION data.commune_number(code text) FROM PUBLIC;
GRANT ALL ON FUNCTION data.commune_number(code text) TO maillage_worker;

GRANT SELECT ON TABLE data.commune TO maillage_server;
GRANT SELECT ON TABLE data.commune TO maillage_worker;

REVOKE ALL ON FUNCTION api.board_place(place text) FROM PUBLIC;
GRANT ALL ON FUNCTION api.board_place(place text) TO maillage_server;

GRANT SELECT ON TABLE data.contract TO maillage_server;
GRANT SELECT ON TABLE data.contract TO maillage_worker;

GRANT SELECT ON TABLE data.organisation TO maillage_server;
GRANT SELECT ON TABLE data.organisation TO maillage_worker;

REVOKE ALL ON FUNCTION api.board_posting(id bigint, site text) FROM PUBLIC;
GRANT ALL ON FUNCTION api.board_posting(id bigint, site text) TO maillage_server;

REVOKE ALL ON FUNCTION api.board_search(q text, near text, km integer, contract text, before_at timestamp with time zone, before_id bigint, most integer) FROM PUBLIC;
GRANT ALL ON FUNCTION api.board_search(q text, near text, km integer, contract text, before_at timestamp with time zone, before_id bigint, most integer) TO maillage_server;

REVOKE ALL ON FUNCTION api.call_list(mine boolean) FROM PUBLIC;
GRANT ALL ON FUNCTION api.call_list(mine boolean) TO maillage_server;

REVOKE ALL ON FUNCTION api.call_make(establishment bigint, contact bigint, outcome text, note text, next_on date, override_reason text) FROM PUBLIC;
GRANT ALL ON FUNCTION api.call_make(establishment bigint, contact bigint, outcome text, note text, next_on date, override_reason text) TO maillage_server;

REVOKE ALL ON FUNCTION api.channel_change(channel bigint, version integer, name text, target text, events text[], state text) FROM PUBLIC;
GRANT ALL ON FUNCTION api.channel_change(channel bigint, version integer, name text, target text, events text[], state text) TO maillage_server;

REVOKE ALL ON FUNCTION api.channel_make(kind text, name text, target text, events text[], sandbox boolean, secret bigint, sealed bytea) FROM PUBLIC;
GRANT ALL ON FUNCTION api.channel_make(kind text, name text, target text, events text[], sandbox boolean, secret bigint, sealed bytea) TO maillage_server;

REVOKE ALL ON FUNCTION api.channel_rotate(channel bigint, secret bigint, sealed bytea) FROM PUBLIC;
GRANT ALL ON FUNCTION api.channel_rotate(channel bigint, secret bigint, sealed bytea) TO maillage_server;

REVOKE ALL ON FUNCTION api.channel_secret_number() FROM PUBLIC;
GRANT ALL ON FUNCTION api.channel_secret_number() TO maillage_server;

REVOKE ALL ON FUNCTION api.channel_test(channel bigint) FROM PUBLIC;
GRANT ALL ON FUNCTION api.channel_test(channel bigint) TO maillage_server;

REVOKE ALL ON FUNCTION api.claim_make(establishment bigint, kind text, detail text) FROM PUBLIC;
GRANT ALL ON FUNCTION api.claim_make(establishment bigint, kind text, detail text) TO maillage_server;

REVOKE ALL ON FUNCTION api.claim_settle(claim bigint, state text, reason text) FROM PUBLIC;
GRANT ALL ON FUNCTION api.claim_settle(claim bigint, state text, reason text) TO maillage_server;

REVOKE ALL ON FUNCTION api.confirmation_answer(token_hash bytea, answer text, name text, comment text) FROM PUBLIC;
GRANT ALL ON FUNCTION api.confirmation_answer(token_hash bytea, answer text, name text, comment text) TO maillage_server;

REVOKE ALL ON FUNCTION api.confirmation_read(token_hash bytea) FROM PUBLIC;
GRANT ALL ON FUNCTION api.confirmation_read(token_hash bytea) TO maillage_server;

REVOKE ALL ON FUNCTION api.contact_add(contact bigint, establishment bigint, person bytea, keys json, channel text, shared boolean) FROM PUBLIC;
GRANT ALL ON FUNCTION api.contact_add(contact bigint, establishment bigint, person bytea, keys json, channel text, shared boolean) TO maillage_server;

REVOKE ALL ON FUNCTION api.contact_change(contact bigint, version integer, person bytea, keys json, channel text, shared boolean, confirmed boolean) FROM PUBLIC;
GRANT ALL ON FUNCTION api.contact_change(contact bigint, version integer, person bytea, keys json, channel text, shared boolean, confirmed boolean) TO maillage_server;

REVOKE ALL ON FUNCTION api.contact_dossier(contact bigint) FROM PUBLIC;
GRANT ALL ON FUNCTION api.contact_dossier(contact bigint) TO maillage_server;

REVOKE ALL ON FUNCTION api.contact_erase_own(contact bigint) FROM PUBLIC;
GRANT ALL ON FUNCTION api.contact_erase_own(contact bigint) TO maillage_server;

REVOKE ALL ON FUNCTION api.contact_forget(contact bigint) FROM PUBLIC;
GRANT ALL ON FUNCTION api.contact_forget(contact bigint) TO maillage_server;

REVOKE ALL ON FUNCTION api.contact_handed(contacts bigint[]) FROM PUBLIC;
GRANT ALL ON FUNCTION api.contact_handed(contacts bigint[]) TO maillage_server;

REVOKE ALL ON FUNCTION api.contact_keys_set(contact bigint, keys json) FROM PUBLIC;
GRANT ALL ON FUNCTION api.contact_keys_set(contact bigint, keys json) TO maillage_server;

GRANT SELECT ON TABLE data.contact TO maillage_server;
GRANT SELECT,INSERT,UPDATE ON TABLE data.contact TO maillage_worker;

GRANT INSERT(id) ON TABLE data.contact TO maillage_server;

GRANT INSERT(establishment_id) ON TABLE data.contact TO maillage_server;

GRANT INSERT(organisation_id) ON TABLE data.contact TO maillage_server;

GRANT INSERT(member_id) ON TABLE data.contact TO maillage_server;

GRANT INSERT(channel),UPDATE(channel) ON TABLE data.contact TO maillage_server;

GRANT INSERT(shared),UPDATE(shared) ON TABLE data.contact TO maillage_server;

GRANT INSERT(confirmed_on),UPDATE(confirmed_on) ON TABLE data.contact TO maillage_server;

GRANT INSERT(person),UPDATE(person) ON TABLE data.contact TO maillage_server;

GRANT UPDATE(confirmed_by) ON TABLE data.contact TO maillage_server;

GRANT USAGE ON SEQUENCE data.contact_id_seq TO maillage_worker;

REVOKE ALL ON FUNCTION api.contact_number() FROM PUBLIC;
GRANT ALL ON FUNCTION api.contact_number() TO maillage_server;

REVOKE ALL ON FUNCTION api.contact_same(contact bigint) FROM PUBLIC;
GRANT ALL ON FUNCTION api.contact_same(contact bigint) TO maillage_server;

REVOKE ALL ON FUNCTION api.contact_search(hashes bytea[]) FROM PUBLIC;
GRANT ALL ON FUNCTION api.contact_search(hashes bytea[]) TO maillage_server;

REVOKE ALL ON FUNCTION api.contact_unopposed(contact bigint) FROM PUBLIC;
GRANT ALL ON FUNCTION api.contact_unopposed(contact bigint) TO maillage_server;

REVOKE ALL ON FUNCTION api.delivery_replay(delivery bigint) FROM PUBLIC;
GRANT ALL ON FUNCTION api.delivery_replay(delivery bigint) TO maillage_server;

GRANT SELECT ON TABLE data.agreement TO maillage_server;
GRANT SELECT ON TABLE data.agreement TO maillage_worker;

REVOKE ALL ON FUNCTION data.agreement_in_force(of_network text) FROM PUBLIC;
GRANT ALL ON FUNCTION data.agreement_in_force(of_network text) TO maillage_server;
GRANT ALL ON FUNCTION data.agreement_in_force(of_network text) TO maillage_worker;

REVOKE ALL ON FUNCTION data.now() FROM PUBLIC;
GRANT ALL ON FUNCTION data.now() TO maillage_server;
GRANT ALL ON FUNCTION data.now() TO maillage_worker;

GRANT SELECT ON TABLE data.report TO maillage_server;
GRANT SELECT ON TABLE data.report TO maillage_worker;

GRANT INSERT(visit_id) ON TABLE data.report TO maillage_server;

GRANT INSERT(establishment_id) ON TABLE data.report TO maillage_server;

GRANT INSERT(organisation_id) ON TABLE data.report TO maillage_server;

GRANT INSERT(member_id) ON TABLE data.report TO maillage_server;

GRANT INSERT(contact_id),UPDATE(contact_id) ON TABLE data.report TO maillage_server;

GRANT INSERT(outcome),UPDATE(outcome) ON TABLE data.report TO maillage_server;

GRANT INSERT(done_at),UPDATE(done_at) ON TABLE data.report TO maillage_server;

GRANT INSERT(next_action),UPDATE(next_action) ON TABLE data.report TO maillage_server;

GRANT INSERT(next_action_on),UPDATE(next_action_on) ON TABLE data.report TO maillage_server;

GRANT INSERT(shared_note),UPDATE(shared_note) ON TABLE data.report TO maillage_server;

GRANT INSERT(despite) ON TABLE data.report TO maillage_server;

GRANT SELECT ON TABLE data.visit TO maillage_server;
GRANT SELECT ON TABLE data.visit TO maillage_worker;

GRANT INSERT(establishment_id) ON TABLE data.visit TO maillage_server;

GRANT INSERT(organisation_id) ON TABLE data.visit TO maillage_server;

GRANT INSERT(member_id),UPDATE(member_id) ON TABLE data.visit TO maillage_server;

GRANT INSERT(promise_id) ON TABLE data.visit TO maillage_server;

GRANT INSERT(contact_id),UPDATE(contact_id) ON TABLE data.visit TO maillage_server;

GRANT INSERT(planned_at),UPDATE(planned_at) ON TABLE data.visit TO maillage_server;

GRANT INSERT(minutes),UPDATE(minutes) ON TABLE data.visit TO maillage_server;

GRANT UPDATE(state) ON TABLE data.visit TO maillage_server;

GRANT UPDATE(reason) ON TABLE data.visit TO maillage_server;

GRANT SELECT ON TABLE data.contact_clock TO maillage_server;
GRANT SELECT ON TABLE data.contact_clock TO maillage_worker;

GRANT SELECT ON TABLE data.establishment TO maillage_server;
GRANT SELECT,INSERT,UPDATE ON TABLE data.establishment TO maillage_worker;

GRANT SELECT ON TABLE data.event TO maillage_server;
GRANT SELECT ON TABLE data.event TO maillage_worker;

GRANT SELECT(id) ON TABLE data.member TO maillage_server;
GRANT SELECT(id) ON TABLE data.member TO maillage_worker;

GRANT SELECT(name) ON TABLE data.member TO maillage_server;
GRANT SELECT(name) ON TABLE data.member TO maillage_worker;

GRANT SELECT(technical) ON TABLE data.member TO maillage_server;

GRANT SELECT ON TABLE data.opposition TO maillage_server;
GRANT SELECT ON TABLE data.opposition TO maillage_worker;

GRANT INSERT(establishment_id) ON TABLE data.opposition TO maillage_server;

GRANT INSERT(organisation_id) ON TABLE data.opposition TO maillage_server;

GRANT INSERT(member_id) ON TABLE data.opposition TO maillage_server;

GRANT INSERT(reason) ON TABLE data.opposition TO maillage_server;

GRANT UPDATE(lifted_at) ON TABLE data.opposition TO maillage_server;

GRANT UPDATE(lifted_reason) ON TABLE data.opposition TO maillage_server;

GRANT INSERT(subject) ON TABLE data.opposition TO maillage_server;

GRANT INSERT(contact_id) ON TABLE data.opposition TO maillage_server;

GRANT SELECT ON TABLE data.outcome TO maillage_server;
GRANT SELECT ON TABLE data.outcome TO maillage_worker;

GRANT SELECT ON TABLE data.source_file TO maillage_server;
GRANT SELECT,INSERT,UPDATE ON TABLE data.source_file TO maillage_worker;

GRANT INSERT(id) ON TABLE data.source_file TO maillage_server;

GRANT INSERT(kind) ON TABLE data.source_file TO maillage_server;

GRANT INSERT(organisation_id) ON TABLE data.source_file TO maillage_server;

GRANT INSERT(member_id) ON TABLE data.source_file TO maillage_server;

GRANT INSERT(name) ON TABLE data.source_file TO maillage_server;

GRANT INSERT(sha256) ON TABLE data.source_file TO maillage_server;

GRANT INSERT(bytes) ON TABLE data.source_file TO maillage_server;

GRANT INSERT(content) ON TABLE data.source_file TO maillage_server;

GRANT INSERT(state) ON TABLE data.source_file TO maillage_server;

GRANT INSERT(is_sealed) ON TABLE data.source_file TO maillage_server;

GRANT SELECT ON TABLE data.source_record TO maillage_server;
GRANT SELECT,INSERT,UPDATE ON TABLE data.source_record TO maillage_worker;

REVOKE ALL ON FUNCTION api.dossier(contacts bigint[]) FROM PUBLIC;
GRANT ALL ON FUNCTION api.dossier(contacts bigint[]) TO maillage_server;

REVOKE ALL ON FUNCTION auth.role() FROM PUBLIC;
GRANT ALL ON FUNCTION auth.role() TO maillage_server;
GRANT ALL ON FUNCTION auth.role() TO maillage_worker;

REVOKE ALL ON FUNCTION auth.is_partner() FROM PUBLIC;
GRANT ALL ON FUNCTION auth.is_partner() TO maillage_server;
GRANT ALL ON FUNCTION auth.is_partner() TO maillage_worker;

REVOKE ALL ON FUNCTION auth.territory() FROM PUBLIC;
GRANT ALL ON FUNCTION auth.territory() TO maillage_server;
GRANT ALL ON FUNCTION auth.territory() TO maillage_worker;

REVOKE ALL ON FUNCTION data.today() FROM PUBLIC;
GRANT ALL ON FUNCTION data.today() TO maillage_server;
GRANT ALL ON FUNCTION data.today() TO maillage_worker;

GRANT SELECT ON TABLE data.promise TO maillage_server;
GRANT SELECT ON TABLE data.promise TO maillage_worker;

GRANT INSERT(establishment_id) ON TABLE data.promise TO maillage_server;

GRANT INSERT(organisation_id) ON TABLE data.promise TO maillage_server;

GRANT INSERT(member_id),UPDATE(member_id) ON TABLE data.promise TO maillage_server;

GRANT INSERT(due_on),UPDATE(due_on) ON TABLE data.promise TO maillage_server;

GRANT UPDATE(state) ON TABLE data.promise TO maillage_server;

GRANT UPDATE(reason) ON TABLE data.promise TO maillage_server;

GRANT INSERT(override_reason) ON TABLE data.promise TO maillage_server;

GRANT UPDATE(team_id) ON TABLE data.promise TO maillage_server;

GRANT SELECT ON TABLE data.standing TO maillage_server;
GRANT SELECT ON TABLE data.standing TO maillage_worker;

GRANT SELECT ON TABLE data.territory_commune TO maillage_server;
GRANT SELECT ON TABLE data.territory_commune TO maillage_worker;

GRANT SELECT ON TABLE api.establishment_line TO maillage_server;

REVOKE ALL ON FUNCTION api.establishment_filter(q text, communes text, naf text, sizes text, states text, visited text, segment bigint, closed boolean) FROM PUBLIC;
GRANT ALL ON FUNCTION api.establishment_filter(q text, communes text, naf text, sizes text, states text, visited text, segment bigint, closed boolean) TO maillage_server;

REVOKE ALL ON FUNCTION api.establishment_match(q text) FROM PUBLIC;
GRANT ALL ON FUNCTION api.establishment_match(q text) TO maillage_server;
GRANT ALL ON FUNCTION api.establishment_match(q text) TO maillage_worker;

REVOKE ALL ON FUNCTION api.event_names(data jsonb) FROM PUBLIC;
GRANT ALL ON FUNCTION api.event_names(data jsonb) TO maillage_server;

REVOKE ALL ON FUNCTION api.family(establishment bigint) FROM PUBLIC;
GRANT ALL ON FUNCTION api.family(establishment bigint) TO maillage_server;

REVOKE ALL ON FUNCTION api.feed_make(token_hash bytea) FROM PUBLIC;
GRANT ALL ON FUNCTION api.feed_make(token_hash bytea) TO maillage_server;

REVOKE ALL ON FUNCTION api.feed_open(token_hash bytea, reader text) FROM PUBLIC;
GRANT ALL ON FUNCTION api.feed_open(token_hash bytea, reader text) TO maillage_server;

REVOKE ALL ON FUNCTION api.feed_revoke() FROM PUBLIC;
GRANT ALL ON FUNCTION api.feed_revoke() TO maillage_server;

REVOKE ALL ON FUNCTION auth.member() FROM PUBLIC;
GRANT ALL ON FUNCTION auth.member() TO maillage_server;
GRANT ALL ON FUNCTION auth.member() TO maillage_worker;

REVOKE ALL ON FUNCTION auth.organisation() FROM PUBLIC;
GRANT ALL ON FUNCTION auth.organisation() TO maillage_server;
GRANT ALL ON FUNCTION auth.organisation() TO maillage_worker;

REVOKE ALL ON FUNCTION api.feed_state() FROM PUBLIC;
GRANT ALL ON FUNCTION api.feed_state() TO maillage_server;

REVOKE ALL ON FUNCTION api.feed_visits(feed bigint) FROM PUBLIC;
GRANT ALL ON FUNCTION api.feed_visits(feed bigint) TO maillage_server;

GRANT USAGE ON SEQUENCE data.source_file_id_seq TO maillage_worker;

REVOKE ALL ON FUNCTION api.file_number() FROM PUBLIC;
GRANT ALL ON FUNCTION api.file_number() TO maillage_server;

REVOKE ALL ON FUNCTION api.holder(promise bigint) FROM PUBLIC;
GRANT ALL ON FUNCTION api.holder(promise bigint) TO maillage_server;

REVOKE ALL ON FUNCTION api.idempotency_begin(key text, fingerprint bytea) FROM PUBLIC;
GRANT ALL ON FUNCTION api.idempotency_begin(key text, fingerprint bytea) TO maillage_server;

REVOKE ALL ON FUNCTION api.idempotency_end(key text, status integer, body text) FROM PUBLIC;
GRANT ALL ON FUNCTION api.idempotency_end(key text, status integer, body text) TO maillage_server;

REVOKE ALL ON FUNCTION api.import_cancel(file bigint) FROM PUBLIC;
GRANT ALL ON FUNCTION api.import_cancel(file bigint) TO maillage_server;

REVOKE ALL ON FUNCTION api.import_layout(file bigint, layout json) FROM PUBLIC;
GRANT ALL ON FUNCTION api.import_layout(file bigint, layout json) TO maillage_server;

REVOKE ALL ON FUNCTION api.import_revert(file bigint) FROM PUBLIC;
GRANT ALL ON FUNCTION api.import_revert(file bigint) TO maillage_server;

REVOKE ALL ON FUNCTION api.import_start(file bigint) FROM PUBLIC;
GRANT ALL ON FUNCTION api.import_start(file bigint) TO maillage_server;

REVOKE ALL ON FUNCTION api.indicator_document(level text, within text, from_month integer, to_month integer, network text, organisation bigint, segment bigint, naf text, sizes text, codes text) FROM PUBLIC;
GRANT ALL ON FUNCTION api.indicator_document(level text, within text, from_month integer, to_month integer, network text, organisation bigint, segment bigint, naf text, sizes text, codes text) TO maillage_server;

REVOKE ALL ON FUNCTION api.indicator_employers(indicator text, within text, from_month integer, to_month integer, network text, organisation bigint, segment bigint, naf text, sizes text) FROM PUBLIC;
GRANT ALL ON FUNCTION api.indicator_employers(indicator text, within text, from_month integer, to_month integer, network text, organisation bigint, segment bigint, naf text, sizes text) TO maillage_server;

REVOKE ALL ON FUNCTION api.indicator_figures(level text, within text, from_month integer, to_month integer, network text, organisation bigint, segment bigint, naf text, sizes text, codes text) FROM PUBLIC;
GRANT ALL ON FUNCTION api.indicator_figures(level text, within text, from_month integer, to_month integer, network text, organisation bigint, segment bigint, naf text, sizes text, codes text) TO maillage_server;

REVOKE ALL ON FUNCTION api.key_change(key bigint, scopes text[], expires_on date) FROM PUBLIC;
GRANT ALL ON FUNCTION api.key_change(key bigint, scopes text[], expires_on date) TO maillage_server;

REVOKE ALL ON FUNCTION api.key_make(name text, scopes text[], expires_on date, sandbox boolean, hash bytea, prefix text) FROM PUBLIC;
GRANT ALL ON FUNCTION api.key_make(name text, scopes text[], expires_on date, sandbox boolean, hash bytea, prefix text) TO maillage_server;

REVOKE ALL ON FUNCTION api.key_revoke(key bigint) FROM PUBLIC;
GRANT ALL ON FUNCTION api.key_revoke(key bigint) TO maillage_server;

REVOKE ALL ON FUNCTION api.key_rotate(key bigint, hours integer, hash bytea, prefix text) FROM PUBLIC;
GRANT ALL ON FUNCTION api.key_rotate(key bigint, hours integer, hash bytea, prefix text) TO maillage_server;

GRANT SELECT ON TABLE data.api_key TO maillage_server;

GRANT SELECT ON TABLE data.territory TO maillage_server;
GRANT SELECT ON TABLE data.territory TO maillage_worker;

REVOKE ALL ON FUNCTION api.key_self() FROM PUBLIC;
GRANT ALL ON FUNCTION api.key_self() TO maillage_server;

REVOKE ALL ON FUNCTION auth.sees(establishment bigint) FROM PUBLIC;
GRANT ALL ON FUNCTION auth.sees(establishment bigint) TO maillage_server;

GRANT SELECT ON TABLE data.merge TO maillage_worker;

REVOKE ALL ON FUNCTION api.merge_document(merge bigint) FROM PUBLIC;
GRANT ALL ON FUNCTION api.merge_document(merge bigint) TO maillage_server;

REVOKE ALL ON FUNCTION api.merge_make(a bigint, b bigint, reason text) FROM PUBLIC;
GRANT ALL ON FUNCTION api.merge_make(a bigint, b bigint, reason text) TO maillage_server;

REVOKE ALL ON FUNCTION api.merge_preview(a bigint, b bigint) FROM PUBLIC;
GRANT ALL ON FUNCTION api.merge_preview(a bigint, b bigint) TO maillage_server;

GRANT SELECT ON TABLE data.naf TO maillage_server;
GRANT SELECT ON TABLE data.naf TO maillage_worker;

REVOKE ALL ON FUNCTION api.merge_side(establishment bigint) FROM PUBLIC;
GRANT ALL ON FUNCTION api.merge_side(establishment bigint) TO maillage_server;

REVOKE ALL ON FUNCTION api.merge_unmake(merge bigint, reason text) FROM PUBLIC;
GRANT ALL ON FUNCTION api.merge_unmake(merge bigint, reason text) TO maillage_server;

REVOKE ALL ON FUNCTION api.merged_into(establishment bigint) FROM PUBLIC;
GRANT ALL ON FUNCTION api.merged_into(establishment bigint) TO maillage_server;

REVOKE ALL ON FUNCTION api.naf_divisions(naf text) FROM PUBLIC;
GRANT ALL ON FUNCTION api.naf_divisions(naf text) TO maillage_server;

REVOKE ALL ON FUNCTION api.naf_patterns(naf text) FROM PUBLIC;
GRANT ALL ON FUNCTION api.naf_patterns(naf text) TO maillage_server;

REVOKE ALL ON FUNCTION api.offer_fill(offer bigint, posts integer, reason text) FROM PUBLIC;
GRANT ALL ON FUNCTION api.offer_fill(offer bigint, posts integer, reason text) TO maillage_server;

REVOKE ALL ON FUNCTION api.offer_link_make(offer bigint, token_hash bytea) FROM PUBLIC;
GRANT ALL ON FUNCTION api.offer_link_make(offer bigint, token_hash bytea) TO maillage_server;

REVOKE ALL ON FUNCTION api.offer_move(offer bigint, verb text, confirmed_with text, reason text) FROM PUBLIC;
GRANT ALL ON FUNCTION api.offer_move(offer bigint, verb text, confirmed_with text, reason text) TO maillage_server;

REVOKE ALL ON FUNCTION api.offer_prolong(offer bigint, confirmed_with text) FROM PUBLIC;
GRANT ALL ON FUNCTION api.offer_prolong(offer bigint, confirmed_with text) TO maillage_server;

REVOKE ALL ON FUNCTION api.opening_hours_set(establishment bigint, hours jsonb) FROM PUBLIC;
GRANT ALL ON FUNCTION api.opening_hours_set(establishment bigint, hours jsonb) TO maillage_server;

REVOKE ALL ON FUNCTION api.oppose_person(contact bigint, reason text, spared text) FROM PUBLIC;
GRANT ALL ON FUNCTION api.oppose_person(contact bigint, reason text, spared text) TO maillage_server;

REVOKE ALL ON FUNCTION api.organisation_ref(o data.organisation) FROM PUBLIC;
GRANT ALL ON FUNCTION api.organisation_ref(o data.organisation) TO maillage_server;

GRANT SELECT ON TABLE data.own_column TO maillage_server;
GRANT SELECT ON TABLE data.own_column TO maillage_worker;

REVOKE ALL ON FUNCTION api.own_columns() FROM PUBLIC;
GRANT ALL ON FUNCTION api.own_columns() TO maillage_server;

REVOKE ALL ON FUNCTION api.own_columns_choose(names text[]) FROM PUBLIC;
GRANT ALL ON FUNCTION api.own_columns_choose(names text[]) TO maillage_server;

REVOKE ALL ON FUNCTION api.plan_abandon(plan bigint, reason text) FROM PUBLIC;
GRANT ALL ON FUNCTION api.plan_abandon(plan bigint, reason text) TO maillage_server;

REVOKE ALL ON FUNCTION api.plan_activate(plan bigint, version integer) FROM PUBLIC;
GRANT ALL ON FUNCTION api.plan_activate(plan bigint, version integer) TO maillage_server;

REVOKE ALL ON FUNCTION api.plan_answer(plan bigint, version integer, hash text, answer text, reason text) FROM PUBLIC;
GRANT ALL ON FUNCTION api.plan_answer(plan bigint, version integer, hash text, answer text, reason text) TO maillage_server;

REVOKE ALL ON FUNCTION data.plan_partners(content jsonb) FROM PUBLIC;
GRANT ALL ON FUNCTION data.plan_partners(content jsonb) TO maillage_server;
GRANT ALL ON FUNCTION data.plan_partners(content jsonb) TO maillage_worker;

GRANT SELECT ON TABLE data.plan_version TO maillage_server;
GRANT SELECT ON TABLE data.plan_version TO maillage_worker;

REVOKE ALL ON FUNCTION data.plan_signers(plan bigint, version integer) FROM PUBLIC;
GRANT ALL ON FUNCTION data.plan_signers(plan bigint, version integer) TO maillage_server;
GRANT ALL ON FUNCTION data.plan_signers(plan bigint, version integer) TO maillage_worker;

GRANT SELECT ON TABLE data.network TO maillage_server;
GRANT SELECT ON TABLE data.network TO maillage_worker;

GRANT SELECT ON TABLE data.plan_signature TO maillage_server;
GRANT SELECT ON TABLE data.plan_signature TO maillage_worker;

REVOKE ALL ON FUNCTION api.plan_answers(plan bigint, version integer) FROM PUBLIC;
GRANT ALL ON FUNCTION api.plan_answers(plan bigint, version integer) TO maillage_server;

REVOKE ALL ON FUNCTION api.plan_choose(plan bigint, edit integer, scenario bigint) FROM PUBLIC;
GRANT ALL ON FUNCTION api.plan_choose(plan bigint, edit integer, scenario bigint) TO maillage_server;

REVOKE ALL ON FUNCTION api.plan_comment(plan bigint, part text, segment bigint, establishment bigint, text text) FROM PUBLIC;
GRANT ALL ON FUNCTION api.plan_comment(plan bigint, part text, segment bigint, establishment bigint, text text) TO maillage_server;

REVOKE ALL ON FUNCTION api.plan_evaluate(plan bigint, conclusion text) FROM PUBLIC;
GRANT ALL ON FUNCTION api.plan_evaluate(plan bigint, conclusion text) TO maillage_server;

GRANT SELECT ON TABLE data.plan TO maillage_server;
GRANT SELECT ON TABLE data.plan TO maillage_worker;

REVOKE ALL ON FUNCTION api.plan_history(plan bigint) FROM PUBLIC;
GRANT ALL ON FUNCTION api.plan_history(plan bigint) TO maillage_server;

REVOKE ALL ON FUNCTION api.plan_make(content jsonb) FROM PUBLIC;
GRANT ALL ON FUNCTION api.plan_make(content jsonb) TO maillage_server;

REVOKE ALL ON FUNCTION api.plan_propose(plan bigint, edit integer) FROM PUBLIC;
GRANT ALL ON FUNCTION api.plan_propose(plan bigint, edit integer) TO maillage_server;

GRANT SELECT ON TABLE data.need TO maillage_server;
GRANT SELECT ON TABLE data.need TO maillage_worker;

GRANT INSERT(establishment_id) ON TABLE data.need TO maillage_server;

GRANT INSERT(organisation_id) ON TABLE data.need TO maillage_server;

GRANT INSERT(member_id) ON TABLE data.need TO maillage_server;

GRANT INSERT(visit_id) ON TABLE data.need TO maillage_server;

GRANT INSERT(rome) ON TABLE data.need TO maillage_server;

GRANT INSERT(posts) ON TABLE data.need TO maillage_server;

GRANT INSERT(horizon) ON TABLE data.need TO maillage_server;

GRANT INSERT(contract) ON TABLE data.need TO maillage_server;

GRANT UPDATE(state) ON TABLE data.need TO maillage_server;

GRANT SELECT ON TABLE data.plan_line TO maillage_server;
GRANT SELECT,INSERT ON TABLE data.plan_line TO maillage_worker;

GRANT SELECT ON TABLE data.plan_skip TO maillage_server;
GRANT SELECT ON TABLE data.plan_skip TO maillage_worker;

REVOKE ALL ON FUNCTION api.plan_results(plan bigint) FROM PUBLIC;
GRANT ALL ON FUNCTION api.plan_results(plan bigint) TO maillage_server;

REVOKE ALL ON FUNCTION api.plan_save(plan bigint, edit integer, content jsonb, note text) FROM PUBLIC;
GRANT ALL ON FUNCTION api.plan_save(plan bigint, edit integer, content jsonb, note text) TO maillage_server;

REVOKE ALL ON FUNCTION api.promise_act(act text, establishment bigint, member bigint, organisation bigint, team bigint, due_on date, reason text, OUT promise bigint, OUT was jsonb) FROM PUBLIC;
GRANT ALL ON FUNCTION api.promise_act(act text, establishment bigint, member bigint, organisation bigint, team bigint, due_on date, reason text, OUT promise bigint, OUT was jsonb) TO maillage_server;

REVOKE ALL ON FUNCTION api.promise_batch_undo(batch bigint) FROM PUBLIC;
GRANT ALL ON FUNCTION api.promise_batch_undo(batch bigint) TO maillage_server;

REVOKE ALL ON FUNCTION api.promise_bulk(act text, establishments bigint[], member bigint, organisation bigint, team bigint, due_on date, reason text) FROM PUBLIC;
GRANT ALL ON FUNCTION api.promise_bulk(act text, establishments bigint[], member bigint, organisation bigint, team bigint, due_on date, reason text) TO maillage_server;

REVOKE ALL ON FUNCTION api.promise_change(promise bigint, due_on date, state text, reason text) FROM PUBLIC;
GRANT ALL ON FUNCTION api.promise_change(promise bigint, due_on date, state text, reason text) TO maillage_server;

REVOKE ALL ON FUNCTION api.promise_figures() FROM PUBLIC;
GRANT ALL ON FUNCTION api.promise_figures() TO maillage_server;

REVOKE ALL ON FUNCTION api.promise_make(establishment bigint, due_on date, override_reason text) FROM PUBLIC;
GRANT ALL ON FUNCTION api.promise_make(establishment bigint, due_on date, override_reason text) TO maillage_server;

REVOKE ALL ON FUNCTION api.promise_make_for(establishment bigint, member bigint, due_on date, override_reason text) FROM PUBLIC;
GRANT ALL ON FUNCTION api.promise_make_for(establishment bigint, member bigint, due_on date, override_reason text) TO maillage_server;

REVOKE ALL ON FUNCTION api.proposal_answer(proposal bigint, accepted boolean, member bigint, due_on date, reason text) FROM PUBLIC;
GRANT ALL ON FUNCTION api.proposal_answer(proposal bigint, accepted boolean, member bigint, due_on date, reason text) TO maillage_server;

REVOKE ALL ON FUNCTION api.provenance(establishment bigint) FROM PUBLIC;
GRANT ALL ON FUNCTION api.provenance(establishment bigint) TO maillage_server;

REVOKE ALL ON FUNCTION api.public_offer(id bigint) FROM PUBLIC;
GRANT ALL ON FUNCTION api.public_offer(id bigint) TO maillage_server;

REVOKE ALL ON FUNCTION api.public_offers(q text, commune text, before_at timestamp with time zone, before_id bigint, most integer) FROM PUBLIC;
GRANT ALL ON FUNCTION api.public_offers(q text, commune text, before_at timestamp with time zone, before_id bigint, most integer) TO maillage_server;

GRANT SELECT ON TABLE data.instance TO maillage_server;
GRANT SELECT ON TABLE data.instance TO maillage_worker;

REVOKE ALL ON FUNCTION api.public_site() FROM PUBLIC;
GRANT ALL ON FUNCTION api.public_site() TO maillage_server;

REVOKE ALL ON FUNCTION api.questionnaire_publish(is_common boolean, version integer, questions json) FROM PUBLIC;
GRANT ALL ON FUNCTION api.questionnaire_publish(is_common boolean, version integer, questions json) TO maillage_server;

REVOKE ALL ON FUNCTION auth.network() FROM PUBLIC;
GRANT ALL ON FUNCTION auth.network() TO maillage_server;

REVOKE ALL ON FUNCTION api.questionnaires() FROM PUBLIC;
GRANT ALL ON FUNCTION api.questionnaires() TO maillage_server;

REVOKE ALL ON FUNCTION api.referral_make(offer bigint, candidate text, public text) FROM PUBLIC;
GRANT ALL ON FUNCTION api.referral_make(offer bigint, candidate text, public text) TO maillage_server;

REVOKE ALL ON FUNCTION api.referral_move(referral bigint, state text, refusal text) FROM PUBLIC;
GRANT ALL ON FUNCTION api.referral_move(referral bigint, state text, refusal text) TO maillage_server;

REVOKE ALL ON FUNCTION api.report_answer(visit bigint, answers json) FROM PUBLIC;
GRANT ALL ON FUNCTION api.report_answer(visit bigint, answers json) TO maillage_server;

REVOKE ALL ON FUNCTION api.report_correct(visit bigint, version integer, outcome text, done_at timestamp with time zone, contact bigint, needs json, next_action text, next_action_on date, shared_note text, network_note text) FROM PUBLIC;
GRANT ALL ON FUNCTION api.report_correct(visit bigint, version integer, outcome text, done_at timestamp with time zone, contact bigint, needs json, next_action text, next_action_on date, shared_note text, network_note text) TO maillage_server;

REVOKE ALL ON FUNCTION api.report_write(visit bigint, outcome text, done_at timestamp with time zone, contact bigint, needs json, next_action text, next_action_on date, shared_note text, network_note text, version integer, despite text) FROM PUBLIC;
GRANT ALL ON FUNCTION api.report_write(visit bigint, outcome text, done_at timestamp with time zone, contact bigint, needs json, next_action text, next_action_on date, shared_note text, network_note text, version integer, despite text) TO maillage_server;

REVOKE ALL ON FUNCTION api.review_decide(review bigint, verdict text) FROM PUBLIC;
GRANT ALL ON FUNCTION api.review_decide(review bigint, verdict text) TO maillage_server;

REVOKE ALL ON FUNCTION api.review_document(review bigint) FROM PUBLIC;
GRANT ALL ON FUNCTION api.review_document(review bigint) TO maillage_server;

REVOKE ALL ON FUNCTION api.review_figures() FROM PUBLIC;
GRANT ALL ON FUNCTION api.review_figures() TO maillage_server;

GRANT SELECT ON TABLE data.import_undone TO maillage_worker;

REVOKE ALL ON FUNCTION api.review_labels_taken_back() FROM PUBLIC;
GRANT ALL ON FUNCTION api.review_labels_taken_back() TO maillage_server;

REVOKE ALL ON FUNCTION api.review_take() FROM PUBLIC;
GRANT ALL ON FUNCTION api.review_take() TO maillage_server;

REVOKE ALL ON FUNCTION api.review_undo(review bigint) FROM PUBLIC;
GRANT ALL ON FUNCTION api.review_undo(review bigint) TO maillage_server;

REVOKE ALL ON FUNCTION api.scenario_against(scenario bigint, reference bigint) FROM PUBLIC;
GRANT ALL ON FUNCTION api.scenario_against(scenario bigint, reference bigint) TO maillage_server;

REVOKE ALL ON FUNCTION api.scenario_archive(scenario bigint) FROM PUBLIC;
GRANT ALL ON FUNCTION api.scenario_archive(scenario bigint) TO maillage_server;

REVOKE ALL ON FUNCTION api.scenario_cancel(scenario bigint) FROM PUBLIC;
GRANT ALL ON FUNCTION api.scenario_cancel(scenario bigint) TO maillage_server;

REVOKE ALL ON FUNCTION api.scenario_make(plan bigint, name text, settings jsonb) FROM PUBLIC;
GRANT ALL ON FUNCTION api.scenario_make(plan bigint, name text, settings jsonb) TO maillage_server;

REVOKE ALL ON FUNCTION api.sealed(c data.contact) FROM PUBLIC;
GRANT ALL ON FUNCTION api.sealed(c data.contact) TO maillage_server;

REVOKE ALL ON FUNCTION api.segment_edit(segment bigint, edit integer, name text, lead text, shared boolean, archived boolean) FROM PUBLIC;
GRANT ALL ON FUNCTION api.segment_edit(segment bigint, edit integer, name text, lead text, shared boolean, archived boolean) TO maillage_server;

REVOKE ALL ON FUNCTION api.segment_make(name text, lead text, shared boolean, rule jsonb, note text) FROM PUBLIC;
GRANT ALL ON FUNCTION api.segment_make(name text, lead text, shared boolean, rule jsonb, note text) TO maillage_server;

REVOKE ALL ON FUNCTION api.segment_members(segment bigint) FROM PUBLIC;
GRANT ALL ON FUNCTION api.segment_members(segment bigint) TO maillage_server;

REVOKE ALL ON FUNCTION api.segment_save(segment bigint, base integer, rule jsonb, note text) FROM PUBLIC;
GRANT ALL ON FUNCTION api.segment_save(segment bigint, base integer, rule jsonb, note text) TO maillage_server;

REVOKE ALL ON FUNCTION api.slot_days(first date) FROM PUBLIC;
GRANT ALL ON FUNCTION api.slot_days(first date) TO maillage_server;

REVOKE ALL ON FUNCTION api.slot_jobs(first date, establishment bigint, minutes integer, skip bigint) FROM PUBLIC;
GRANT ALL ON FUNCTION api.slot_jobs(first date, establishment bigint, minutes integer, skip bigint) TO maillage_server;

REVOKE ALL ON FUNCTION api.states_besides(states text) FROM PUBLIC;
GRANT ALL ON FUNCTION api.states_besides(states text) TO maillage_server;

GRANT SELECT ON TABLE data.succession TO maillage_worker;

REVOKE ALL ON FUNCTION api.successions_of(establishment bigint) FROM PUBLIC;
GRANT ALL ON FUNCTION api.successions_of(establishment bigint) TO maillage_server;

REVOKE ALL ON FUNCTION api.tag_make(label text, shared boolean) FROM PUBLIC;
GRANT ALL ON FUNCTION api.tag_make(label text, shared boolean) TO maillage_server;

REVOKE ALL ON FUNCTION api.tags_put(establishment bigint, tags bigint[]) FROM PUBLIC;
GRANT ALL ON FUNCTION api.tags_put(establishment bigint, tags bigint[]) TO maillage_server;

REVOKE ALL ON FUNCTION api.task_settle(task bigint, later_on date) FROM PUBLIC;
GRANT ALL ON FUNCTION api.task_settle(task bigint, later_on date) TO maillage_server;

REVOKE ALL ON FUNCTION api.team_agree(team bigint, members bigint[]) FROM PUBLIC;
GRANT ALL ON FUNCTION api.team_agree(team bigint, members bigint[]) TO maillage_server;

REVOKE ALL ON FUNCTION api.team_end(team bigint, reason text) FROM PUBLIC;
GRANT ALL ON FUNCTION api.team_end(team bigint, reason text) TO maillage_server;

REVOKE ALL ON FUNCTION api.team_propose(name text, purpose text, segment bigint, organisations bigint[], members bigint[]) FROM PUBLIC;
GRANT ALL ON FUNCTION api.team_propose(name text, purpose text, segment bigint, organisations bigint[], members bigint[]) TO maillage_server;

REVOKE ALL ON FUNCTION api.tour_accept(tour bigint, lines bigint[]) FROM PUBLIC;
GRANT ALL ON FUNCTION api.tour_accept(tour bigint, lines bigint[]) TO maillage_server;

REVOKE ALL ON FUNCTION api.tour_again(tour bigint) FROM PUBLIC;
GRANT ALL ON FUNCTION api.tour_again(tour bigint) TO maillage_server;

REVOKE ALL ON FUNCTION api.tour_ask(first date, members bigint[], nearby boolean) FROM PUBLIC;
GRANT ALL ON FUNCTION api.tour_ask(first date, members bigint[], nearby boolean) TO maillage_server;

REVOKE ALL ON FUNCTION api.tour_document(tour bigint) FROM PUBLIC;
GRANT ALL ON FUNCTION api.tour_document(tour bigint) TO maillage_server;

REVOKE ALL ON FUNCTION api.tour_end(tour bigint) FROM PUBLIC;
GRANT ALL ON FUNCTION api.tour_end(tour bigint) TO maillage_server;

GRANT SELECT ON TABLE data.tour TO maillage_server;
GRANT SELECT ON TABLE data.tour TO maillage_worker;

GRANT INSERT(organisation_id) ON TABLE data.tour TO maillage_server;

GRANT INSERT(asked_by) ON TABLE data.tour TO maillage_server;

GRANT INSERT(members) ON TABLE data.tour TO maillage_server;

GRANT INSERT(first_day) ON TABLE data.tour TO maillage_server;

GRANT INSERT(last_day) ON TABLE data.tour TO maillage_server;

GRANT INSERT(nearby) ON TABLE data.tour TO maillage_server;

GRANT UPDATE(state) ON TABLE data.tour TO maillage_server;

GRANT UPDATE(revision) ON TABLE data.tour TO maillage_server;

REVOKE ALL ON FUNCTION api.tour_hold(tour bigint) FROM PUBLIC;
GRANT ALL ON FUNCTION api.tour_hold(tour bigint) TO maillage_server;

GRANT SELECT ON TABLE data.tour_line TO maillage_server;
GRANT SELECT ON TABLE data.tour_line TO maillage_worker;

GRANT UPDATE(member_id) ON TABLE data.tour_line TO maillage_server;

GRANT UPDATE(visit_id) ON TABLE data.tour_line TO maillage_server;

GRANT UPDATE(state) ON TABLE data.tour_line TO maillage_server;

GRANT UPDATE(locked) ON TABLE data.tour_line TO maillage_server;

GRANT UPDATE(starts_at) ON TABLE data.tour_line TO maillage_server;

GRANT UPDATE("position") ON TABLE data.tour_line TO maillage_server;

GRANT UPDATE(way_seconds) ON TABLE data.tour_line TO maillage_server;

GRANT UPDATE(way_metres) ON TABLE data.tour_line TO maillage_server;

GRANT UPDATE(left_reason) ON TABLE data.tour_line TO maillage_server;

GRANT UPDATE(refusal) ON TABLE data.tour_line TO maillage_server;

GRANT UPDATE(answer) ON TABLE data.tour_line TO maillage_server;

REVOKE ALL ON FUNCTION api.tour_line_hold(tour bigint, line bigint) FROM PUBLIC;
GRANT ALL ON FUNCTION api.tour_line_hold(tour bigint, line bigint) TO maillage_server;

REVOKE ALL ON FUNCTION api.tour_place(tour bigint, line bigint, at timestamp with time zone, locked boolean) FROM PUBLIC;
GRANT ALL ON FUNCTION api.tour_place(tour bigint, line bigint, at timestamp with time zone, locked boolean) TO maillage_server;

REVOKE ALL ON FUNCTION api.tour_refuse(tour bigint, line bigint, reason text) FROM PUBLIC;
GRANT ALL ON FUNCTION api.tour_refuse(tour bigint, line bigint, reason text) TO maillage_server;

REVOKE ALL ON FUNCTION api.transfer_answer(transfer bigint, state text, reason text, member bigint) FROM PUBLIC;
GRANT ALL ON FUNCTION api.transfer_answer(transfer bigint, state text, reason text, member bigint) TO maillage_server;

REVOKE ALL ON FUNCTION api.transfer_propose(promise bigint, kind text, organisation bigint, member bigint, message text) FROM PUBLIC;
GRANT ALL ON FUNCTION api.transfer_propose(promise bigint, kind text, organisation bigint, member bigint, message text) TO maillage_server;

REVOKE ALL ON FUNCTION api.value_pin(establishment bigint, field text, value text, reason text) FROM PUBLIC;
GRANT ALL ON FUNCTION api.value_pin(establishment bigint, field text, value text, reason text) TO maillage_server;

REVOKE ALL ON FUNCTION api.value_release(establishment bigint, field text) FROM PUBLIC;
GRANT ALL ON FUNCTION api.value_release(establishment bigint, field text) TO maillage_server;

REVOKE ALL ON FUNCTION api.values_confirm(visit bigint, confirmed json) FROM PUBLIC;
GRANT ALL ON FUNCTION api.values_confirm(visit bigint, confirmed json) TO maillage_server;

REVOKE ALL ON FUNCTION api.values_of(establishment bigint) FROM PUBLIC;
GRANT ALL ON FUNCTION api.values_of(establishment bigint) TO maillage_server;

REVOKE ALL ON FUNCTION api.visit_bounds(establishment bigint, promise bigint) FROM PUBLIC;
GRANT ALL ON FUNCTION api.visit_bounds(establishment bigint, promise bigint) TO maillage_server;

REVOKE ALL ON FUNCTION api.visit_change(visit bigint, version integer, planned_at timestamp with time zone, minutes integer, contact bigint, state text, reason text) FROM PUBLIC;
GRANT ALL ON FUNCTION api.visit_change(visit bigint, version integer, planned_at timestamp with time zone, minutes integer, contact bigint, state text, reason text) TO maillage_server;

REVOKE ALL ON FUNCTION api.visit_invitation_answer(visit bigint, organisation bigint, state text, reason text, member bigint) FROM PUBLIC;
GRANT ALL ON FUNCTION api.visit_invitation_answer(visit bigint, organisation bigint, state text, reason text, member bigint) TO maillage_server;

REVOKE ALL ON FUNCTION api.visit_invite(visit bigint, organisation bigint, member bigint, message text) FROM PUBLIC;
GRANT ALL ON FUNCTION api.visit_invite(visit bigint, organisation bigint, member bigint, message text) TO maillage_server;

REVOKE ALL ON FUNCTION api.visit_note(visit bigint, note text) FROM PUBLIC;
GRANT ALL ON FUNCTION api.visit_note(visit bigint, note text) TO maillage_server;

REVOKE ALL ON FUNCTION api.visit_plan(establishment bigint, planned_at timestamp with time zone, minutes integer, contact bigint, override_reason text) FROM PUBLIC;
GRANT ALL ON FUNCTION api.visit_plan(establishment bigint, planned_at timestamp with time zone, minutes integer, contact bigint, override_reason text) TO maillage_server;

REVOKE ALL ON FUNCTION api.webhook_events() FROM PUBLIC;
GRANT ALL ON FUNCTION api.webhook_events() TO maillage_server;

REVOKE ALL ON FUNCTION api.week_document(member bigint, first date, last date) FROM PUBLIC;
GRANT ALL ON FUNCTION api.week_document(member bigint, first date, last date) TO maillage_server;

REVOKE ALL ON FUNCTION api.week_team(first date, last date) FROM PUBLIC;
GRANT ALL ON FUNCTION api.week_team(first date, last date) TO maillage_server;

REVOKE ALL ON FUNCTION data.work_week_of(member bigint, organisation bigint) FROM PUBLIC;
GRANT ALL ON FUNCTION data.work_week_of(member bigint, organisation bigint) TO maillage_server;
GRANT ALL ON FUNCTION data.work_week_of(member bigint, organisation bigint) TO maillage_worker;

REVOKE ALL ON FUNCTION api.work_week() FROM PUBLIC;
GRANT ALL ON FUNCTION api.work_week() TO maillage_server;

REVOKE ALL ON FUNCTION api.work_week_set(days smallint[], opens time without time zone, closes time without time zone, lunch_from time without time zone, lunch_to time without time zone, lunch_minutes integer, visit_minutes integer, visits_most integer, starts text, home_commune text) FROM PUBLIC;
GRANT ALL ON FUNCTION api.work_week_set(days smallint[], opens time without time zone, closes time without time zone, lunch_from time without time zone, lunch_to time without time zone, lunch_minutes integer, visit_minutes integer, visits_most integer, starts text, home_commune text) TO maillage_server;

REVOKE ALL ON FUNCTION auth.can_write() FROM PUBLIC;
GRANT ALL ON FUNCTION auth.can_write() TO maillage_server;

REVOKE ALL ON FUNCTION auth.identify(token_hash bytea, roles integer) FROM PUBLIC;
GRANT ALL ON FUNCTION auth.identify(token_hash bytea, roles integer) TO maillage_server;

REVOKE ALL ON FUNCTION auth.identify_key(hash bytea, asked integer) FROM PUBLIC;
GRANT ALL ON FUNCTION auth.identify_key(hash bytea, asked integer) TO maillage_server;

REVOKE ALL ON FUNCTION auth.is_accountable() FROM PUBLIC;
GRANT ALL ON FUNCTION auth.is_accountable() TO maillage_server;

REVOKE ALL ON FUNCTION auth.is_own(organisation bigint) FROM PUBLIC;
GRANT ALL ON FUNCTION auth.is_own(organisation bigint) TO maillage_server;

REVOKE ALL ON FUNCTION auth.login_lookup(email text) FROM PUBLIC;
GRANT ALL ON FUNCTION auth.login_lookup(email text) TO maillage_server;

REVOKE ALL ON FUNCTION auth.password_rehash(member bigint, hash text) FROM PUBLIC;
GRANT ALL ON FUNCTION auth.password_rehash(member bigint, hash text) TO maillage_server;

REVOKE ALL ON FUNCTION auth.refuse(code text, detail json) FROM PUBLIC;
GRANT ALL ON FUNCTION auth.refuse(code text, detail json) TO maillage_server;

REVOKE ALL ON FUNCTION auth.role_bit(role text) FROM PUBLIC;
GRANT ALL ON FUNCTION auth.role_bit(role text) TO maillage_server;

REVOKE ALL ON FUNCTION auth.sees_segment(segment bigint) FROM PUBLIC;
GRANT ALL ON FUNCTION auth.sees_segment(segment bigint) TO maillage_server;

GRANT DELETE ON TABLE data.session TO maillage_worker;

GRANT SELECT(expires_at) ON TABLE data.session TO maillage_worker;

REVOKE ALL ON FUNCTION auth.session_close(token_hash bytea) FROM PUBLIC;
GRANT ALL ON FUNCTION auth.session_close(token_hash bytea) TO maillage_server;

REVOKE ALL ON FUNCTION data.holidays(year integer) FROM PUBLIC;
GRANT ALL ON FUNCTION data.holidays(year integer) TO maillage_server;
GRANT ALL ON FUNCTION data.holidays(year integer) TO maillage_worker;

REVOKE ALL ON FUNCTION data.working_day_after(day date, count integer) FROM PUBLIC;
GRANT ALL ON FUNCTION data.working_day_after(day date, count integer) TO maillage_server;
GRANT ALL ON FUNCTION data.working_day_after(day date, count integer) TO maillage_worker;

GRANT SELECT ON TABLE data.membership TO maillage_worker;

GRANT SELECT(member_id) ON TABLE data.membership TO maillage_server;

GRANT SELECT(organisation_id) ON TABLE data.membership TO maillage_server;

GRANT SELECT(role) ON TABLE data.membership TO maillage_server;

GRANT SELECT(since) ON TABLE data.membership TO maillage_server;

GRANT SELECT(ended_on) ON TABLE data.membership TO maillage_server;

REVOKE ALL ON FUNCTION auth.session_document() FROM PUBLIC;
GRANT ALL ON FUNCTION auth.session_document() TO maillage_server;

REVOKE ALL ON FUNCTION auth.session_open(member bigint, organisation bigint, token_hash bytea, address text, agent text) FROM PUBLIC;
GRANT ALL ON FUNCTION auth.session_open(member bigint, organisation bigint, token_hash bytea, address text, agent text) TO maillage_server;

REVOKE ALL ON FUNCTION auth.session_switch(token_hash bytea, organisation bigint) FROM PUBLIC;
GRANT ALL ON FUNCTION auth.session_switch(token_hash bytea, organisation bigint) TO maillage_server;

REVOKE ALL ON FUNCTION data.absence_guard() FROM PUBLIC;
GRANT ALL ON FUNCTION data.absence_guard() TO maillage_worker;

REVOKE ALL ON FUNCTION data.absence_lock(organisation bigint, is_declaring boolean) FROM PUBLIC;
GRANT ALL ON FUNCTION data.absence_lock(organisation bigint, is_declaring boolean) TO maillage_worker;

REVOKE ALL ON FUNCTION data.absence_told() FROM PUBLIC;
GRANT ALL ON FUNCTION data.absence_told() TO maillage_worker;

REVOKE ALL ON FUNCTION data.absent_until(member bigint, organisation bigint) FROM PUBLIC;
GRANT ALL ON FUNCTION data.absent_until(member bigint, organisation bigint) TO maillage_server;
GRANT ALL ON FUNCTION data.absent_until(member bigint, organisation bigint) TO maillage_worker;

REVOKE ALL ON FUNCTION data.answer_fits(question jsonb, value text) FROM PUBLIC;
GRANT ALL ON FUNCTION data.answer_fits(question jsonb, value text) TO maillage_worker;

REVOKE ALL ON FUNCTION data.api_key_check(scopes text[], expires_at timestamp with time zone) FROM PUBLIC;
GRANT ALL ON FUNCTION data.api_key_check(scopes text[], expires_at timestamp with time zone) TO maillage_worker;

REVOKE ALL ON FUNCTION data.api_key_held(key bigint) FROM PUBLIC;
GRANT ALL ON FUNCTION data.api_key_held(key bigint) TO maillage_worker;

REVOKE ALL ON FUNCTION data.away(member bigint, organisation bigint, after timestamp with time zone) FROM PUBLIC;
GRANT ALL ON FUNCTION data.away(member bigint, organisation bigint, after timestamp with time zone) TO maillage_worker;

GRANT SELECT ON TABLE data.promise_batch TO maillage_worker;

REVOKE ALL ON FUNCTION data.batch_back(b data.promise_batch, p data.promise, was jsonb) FROM PUBLIC;
GRANT ALL ON FUNCTION data.batch_back(b data.promise_batch, p data.promise, was jsonb) TO maillage_worker;

GRANT SELECT ON TABLE data.promise_batch_row TO maillage_worker;

REVOKE ALL ON FUNCTION data.batch_note(batch bigint, promise bigint, was jsonb) FROM PUBLIC;
GRANT ALL ON FUNCTION data.batch_note(batch bigint, promise bigint, was jsonb) TO maillage_server;
GRANT ALL ON FUNCTION data.batch_note(batch bigint, promise bigint, was jsonb) TO maillage_worker;

REVOKE ALL ON FUNCTION data.batch_obstacle(b data.promise_batch, p data.promise, was jsonb) FROM PUBLIC;
GRANT ALL ON FUNCTION data.batch_obstacle(b data.promise_batch, p data.promise, was jsonb) TO maillage_worker;

REVOKE ALL ON FUNCTION data.batch_open(act text) FROM PUBLIC;
GRANT ALL ON FUNCTION data.batch_open(act text) TO maillage_server;
GRANT ALL ON FUNCTION data.batch_open(act text) TO maillage_worker;

REVOKE ALL ON FUNCTION data.call_guard() FROM PUBLIC;
GRANT ALL ON FUNCTION data.call_guard() TO maillage_worker;

REVOKE ALL ON FUNCTION data.call_told() FROM PUBLIC;
GRANT ALL ON FUNCTION data.call_told() TO maillage_worker;

REVOKE ALL ON FUNCTION data.cells_draw(of_department text) FROM PUBLIC;
GRANT ALL ON FUNCTION data.cells_draw(of_department text) TO maillage_worker;

REVOKE ALL ON FUNCTION data.channel_guard() FROM PUBLIC;
GRANT ALL ON FUNCTION data.channel_guard() TO maillage_worker;

GRANT SELECT ON TABLE data.channel TO maillage_server;
GRANT SELECT ON TABLE data.channel TO maillage_worker;

REVOKE ALL ON FUNCTION data.channel_held(channel bigint) FROM PUBLIC;
GRANT ALL ON FUNCTION data.channel_held(channel bigint) TO maillage_worker;

REVOKE ALL ON FUNCTION data.channel_told() FROM PUBLIC;
GRANT ALL ON FUNCTION data.channel_told() TO maillage_worker;

REVOKE ALL ON FUNCTION data.claim_close(establishment bigint, said text) FROM PUBLIC;
GRANT ALL ON FUNCTION data.claim_close(establishment bigint, said text) TO maillage_worker;

REVOKE ALL ON FUNCTION data.claim_guard() FROM PUBLIC;
GRANT ALL ON FUNCTION data.claim_guard() TO maillage_worker;

REVOKE ALL ON FUNCTION data.claim_register() FROM PUBLIC;
GRANT ALL ON FUNCTION data.claim_register() TO maillage_worker;

REVOKE ALL ON FUNCTION data.claim_report() FROM PUBLIC;
GRANT ALL ON FUNCTION data.claim_report() TO maillage_worker;

REVOKE ALL ON FUNCTION data.claim_say(establishment bigint, kind text, detail text, visit bigint, organisation bigint, member bigint) FROM PUBLIC;
GRANT ALL ON FUNCTION data.claim_say(establishment bigint, kind text, detail text, visit bigint, organisation bigint, member bigint) TO maillage_worker;

REVOKE ALL ON FUNCTION data.claim_told() FROM PUBLIC;
GRANT ALL ON FUNCTION data.claim_told() TO maillage_worker;

GRANT SELECT ON TABLE data.clock TO maillage_server;
GRANT SELECT ON TABLE data.clock TO maillage_worker;

REVOKE ALL ON FUNCTION data.clock_set(at timestamp with time zone) FROM PUBLIC;

REVOKE ALL ON FUNCTION data.contact_added() FROM PUBLIC;
GRANT ALL ON FUNCTION data.contact_added() TO maillage_worker;

REVOKE ALL ON FUNCTION data.contact_erase(contact bigint, why text) FROM PUBLIC;
GRANT ALL ON FUNCTION data.contact_erase(contact bigint, why text) TO maillage_worker;

REVOKE ALL ON FUNCTION data.contact_guard() FROM PUBLIC;
GRANT ALL ON FUNCTION data.contact_guard() TO maillage_worker;

REVOKE ALL ON FUNCTION data.contact_key_bound() FROM PUBLIC;
GRANT ALL ON FUNCTION data.contact_key_bound() TO maillage_worker;

REVOKE ALL ON FUNCTION data.contact_meetable(contact bigint, establishment bigint) FROM PUBLIC;
GRANT ALL ON FUNCTION data.contact_meetable(contact bigint, establishment bigint) TO maillage_worker;

REVOKE ALL ON FUNCTION data.contact_plain_gone() FROM PUBLIC;
GRANT ALL ON FUNCTION data.contact_plain_gone() TO maillage_worker;

REVOKE ALL ON FUNCTION data.contact_purge(most integer) FROM PUBLIC;
GRANT ALL ON FUNCTION data.contact_purge(most integer) TO maillage_worker;

GRANT SELECT,INSERT,UPDATE ON TABLE data.contact_key TO maillage_worker;

REVOKE ALL ON FUNCTION data.contact_same(contact bigint) FROM PUBLIC;
GRANT ALL ON FUNCTION data.contact_same(contact bigint) TO maillage_worker;

REVOKE ALL ON FUNCTION data.contact_seal(batch json) FROM PUBLIC;
GRANT ALL ON FUNCTION data.contact_seal(batch json) TO maillage_worker;

REVOKE ALL ON FUNCTION data.contact_sealed() FROM PUBLIC;
GRANT ALL ON FUNCTION data.contact_sealed() TO maillage_worker;

REVOKE ALL ON FUNCTION data.contact_told() FROM PUBLIC;
GRANT ALL ON FUNCTION data.contact_told() TO maillage_worker;

REVOKE ALL ON FUNCTION data.csv_cell(value text, separator text) FROM PUBLIC;
GRANT ALL ON FUNCTION data.csv_cell(value text, separator text) TO maillage_server;
GRANT ALL ON FUNCTION data.csv_cell(value text, separator text) TO maillage_worker;

REVOKE ALL ON FUNCTION data.csv_line(cells text[], separator text) FROM PUBLIC;
GRANT ALL ON FUNCTION data.csv_line(cells text[], separator text) TO maillage_server;
GRANT ALL ON FUNCTION data.csv_line(cells text[], separator text) TO maillage_worker;

REVOKE ALL ON FUNCTION data.delivery_due() FROM PUBLIC;
GRANT ALL ON FUNCTION data.delivery_due() TO maillage_worker;

REVOKE ALL ON FUNCTION data.delivery_pause(attempts integer) FROM PUBLIC;
GRANT ALL ON FUNCTION data.delivery_pause(attempts integer) TO maillage_worker;

REVOKE ALL ON FUNCTION data.delivery_settle(delivery bigint, attempt integer, status integer, ms integer, error text, answer text, retry_after integer) FROM PUBLIC;
GRANT ALL ON FUNCTION data.delivery_settle(delivery bigint, attempt integer, status integer, ms integer, error text, answer text, retry_after integer) TO maillage_worker;

REVOKE ALL ON FUNCTION data.delivery_take(job bigint) FROM PUBLIC;
GRANT ALL ON FUNCTION data.delivery_take(job bigint) TO maillage_worker;

REVOKE ALL ON FUNCTION data.density_of(commune text) FROM PUBLIC;
GRANT ALL ON FUNCTION data.density_of(commune text) TO maillage_worker;

REVOKE ALL ON FUNCTION data.easter(year integer) FROM PUBLIC;
GRANT ALL ON FUNCTION data.easter(year integer) TO maillage_server;
GRANT ALL ON FUNCTION data.easter(year integer) TO maillage_worker;

REVOKE ALL ON FUNCTION data.establishment_hold(establishment bigint) FROM PUBLIC;
GRANT ALL ON FUNCTION data.establishment_hold(establishment bigint) TO maillage_server;
GRANT ALL ON FUNCTION data.establishment_hold(establishment bigint) TO maillage_worker;

REVOKE ALL ON FUNCTION data.establishment_tag_told() FROM PUBLIC;
GRANT ALL ON FUNCTION data.establishment_tag_told() TO maillage_worker;

REVOKE ALL ON FUNCTION data.establishment_unkeyed_changed() FROM PUBLIC;
GRANT ALL ON FUNCTION data.establishment_unkeyed_changed() TO maillage_worker;

REVOKE ALL ON FUNCTION data.establishment_unkeyed_new() FROM PUBLIC;
GRANT ALL ON FUNCTION data.establishment_unkeyed_new() TO maillage_worker;

REVOKE ALL ON FUNCTION data.event_fanned() FROM PUBLIC;
GRANT ALL ON FUNCTION data.event_fanned() TO maillage_worker;

REVOKE ALL ON FUNCTION data.event_frozen() FROM PUBLIC;
GRANT ALL ON FUNCTION data.event_frozen() TO maillage_worker;

REVOKE ALL ON FUNCTION data.event_seal_next(most integer) FROM PUBLIC;
GRANT ALL ON FUNCTION data.event_seal_next(most integer) TO maillage_worker;

REVOKE ALL ON FUNCTION data.event_text(e data.event) FROM PUBLIC;
GRANT ALL ON FUNCTION data.event_text(e data.event) TO maillage_worker;

REVOKE ALL ON FUNCTION data.event_told() FROM PUBLIC;
GRANT ALL ON FUNCTION data.event_told() TO maillage_worker;

REVOKE ALL ON FUNCTION data.event_verify() FROM PUBLIC;
GRANT ALL ON FUNCTION data.event_verify() TO maillage_worker;

REVOKE ALL ON FUNCTION data.facet_of_companies() FROM PUBLIC;
GRANT ALL ON FUNCTION data.facet_of_companies() TO maillage_worker;

REVOKE ALL ON FUNCTION data.facet_of_establishments() FROM PUBLIC;
GRANT ALL ON FUNCTION data.facet_of_establishments() TO maillage_worker;

REVOKE ALL ON FUNCTION data.facet_of_promises() FROM PUBLIC;
GRANT ALL ON FUNCTION data.facet_of_promises() TO maillage_worker;

REVOKE ALL ON FUNCTION data.facet_of_standings() FROM PUBLIC;
GRANT ALL ON FUNCTION data.facet_of_standings() TO maillage_worker;

REVOKE ALL ON FUNCTION data.facet_rebuild() FROM PUBLIC;

REVOKE ALL ON FUNCTION data.fact_follow(most integer) FROM PUBLIC;
GRANT ALL ON FUNCTION data.fact_follow(most integer) TO maillage_worker;

REVOKE ALL ON FUNCTION data.fact_make(ids bigint[]) FROM PUBLIC;
GRANT ALL ON FUNCTION data.fact_make(ids bigint[]) TO maillage_worker;

REVOKE ALL ON FUNCTION data.fact_rebuild() FROM PUBLIC;

GRANT SELECT ON TABLE data.fact TO maillage_worker;

REVOKE ALL ON FUNCTION data.fact_source(ids bigint[]) FROM PUBLIC;
GRANT ALL ON FUNCTION data.fact_source(ids bigint[]) TO maillage_worker;

REVOKE ALL ON FUNCTION data.fact_touch() FROM PUBLIC;
GRANT ALL ON FUNCTION data.fact_touch() TO maillage_worker;

REVOKE ALL ON FUNCTION data.fact_touch_facet() FROM PUBLIC;
GRANT ALL ON FUNCTION data.fact_touch_facet() TO maillage_worker;

REVOKE ALL ON FUNCTION data.fact_touch_referral() FROM PUBLIC;
GRANT ALL ON FUNCTION data.fact_touch_referral() TO maillage_worker;

REVOKE ALL ON FUNCTION data.figures_told(communes integer[]) FROM PUBLIC;
GRANT ALL ON FUNCTION data.figures_told(communes integer[]) TO maillage_worker;

REVOKE ALL ON FUNCTION data.golden(establishments bigint[]) FROM PUBLIC;
GRANT ALL ON FUNCTION data.golden(establishments bigint[]) TO maillage_worker;

REVOKE ALL ON FUNCTION data.golden_candidates(establishments bigint[], is_brief boolean) FROM PUBLIC;
GRANT ALL ON FUNCTION data.golden_candidates(establishments bigint[], is_brief boolean) TO maillage_worker;

REVOKE ALL ON FUNCTION data.golden_made(establishments bigint[]) FROM PUBLIC;
GRANT ALL ON FUNCTION data.golden_made(establishments bigint[]) TO maillage_worker;

REVOKE ALL ON FUNCTION data.golden_once(establishments bigint[], OUT done bigint[], OUT changed bigint) FROM PUBLIC;
GRANT ALL ON FUNCTION data.golden_once(establishments bigint[], OUT done bigint[], OUT changed bigint) TO maillage_worker;

REVOKE ALL ON FUNCTION data.golden_own(establishment bigint) FROM PUBLIC;
GRANT ALL ON FUNCTION data.golden_own(establishment bigint) TO maillage_worker;

REVOKE ALL ON FUNCTION data.golden_some(establishments bigint[]) FROM PUBLIC;
GRANT ALL ON FUNCTION data.golden_some(establishments bigint[]) TO maillage_worker;

REVOKE ALL ON FUNCTION data.hiring_potential(size smallint, activity real, projects integer) FROM PUBLIC;
GRANT ALL ON FUNCTION data.hiring_potential(size smallint, activity real, projects integer) TO maillage_worker;

REVOKE ALL ON FUNCTION data.hours_valid(hours jsonb) FROM PUBLIC;
GRANT ALL ON FUNCTION data.hours_valid(hours jsonb) TO maillage_server;
GRANT ALL ON FUNCTION data.hours_valid(hours jsonb) TO maillage_worker;

REVOKE ALL ON FUNCTION data.idempotency_purge() FROM PUBLIC;
GRANT ALL ON FUNCTION data.idempotency_purge() TO maillage_worker;

REVOKE ALL ON FUNCTION data.import_give_up(age interval) FROM PUBLIC;
GRANT ALL ON FUNCTION data.import_give_up(age interval) TO maillage_worker;

REVOKE ALL ON FUNCTION data.import_in_use(target regclass, besides regclass[]) FROM PUBLIC;
GRANT ALL ON FUNCTION data.import_in_use(target regclass, besides regclass[]) TO maillage_worker;

GRANT SELECT ON TABLE data.import_progress TO maillage_server;
GRANT SELECT ON TABLE data.import_progress TO maillage_worker;

REVOKE ALL ON FUNCTION data.import_over(file bigint) FROM PUBLIC;
GRANT ALL ON FUNCTION data.import_over(file bigint) TO maillage_worker;

REVOKE ALL ON FUNCTION data.import_own(file bigint) FROM PUBLIC;
GRANT ALL ON FUNCTION data.import_own(file bigint) TO maillage_worker;

REVOKE ALL ON FUNCTION data.import_step(file bigint, step text, done bigint, total bigint) FROM PUBLIC;
GRANT ALL ON FUNCTION data.import_step(file bigint, step text, done bigint, total bigint) TO maillage_worker;

REVOKE ALL ON FUNCTION data.import_take_back(file bigint) FROM PUBLIC;
GRANT ALL ON FUNCTION data.import_take_back(file bigint) TO maillage_worker;

REVOKE ALL ON FUNCTION data.import_tell(file bigint, kind text) FROM PUBLIC;
GRANT ALL ON FUNCTION data.import_tell(file bigint, kind text) TO maillage_worker;

REVOKE ALL ON FUNCTION data.indicator_keys(level text, within text, from_month integer, to_month integer) FROM PUBLIC;
GRANT ALL ON FUNCTION data.indicator_keys(level text, within text, from_month integer, to_month integer) TO maillage_worker;

REVOKE ALL ON FUNCTION data.indicators(level text, within text, from_month integer, to_month integer, network text, organisation bigint, segment bigint, naf text, sizes text) FROM PUBLIC;
GRANT ALL ON FUNCTION data.indicators(level text, within text, from_month integer, to_month integer, network text, organisation bigint, segment bigint, naf text, sizes text) TO maillage_worker;

REVOKE ALL ON FUNCTION data.is_moving() FROM PUBLIC;
GRANT ALL ON FUNCTION data.is_moving() TO maillage_server;
GRANT ALL ON FUNCTION data.is_moving() TO maillage_worker;

REVOKE ALL ON FUNCTION data.is_worked(establishment bigint) FROM PUBLIC;
GRANT ALL ON FUNCTION data.is_worked(establishment bigint) TO maillage_worker;

REVOKE ALL ON FUNCTION data.is_working_day(day date) FROM PUBLIC;
GRANT ALL ON FUNCTION data.is_working_day(day date) TO maillage_server;
GRANT ALL ON FUNCTION data.is_working_day(day date) TO maillage_worker;

REVOKE ALL ON FUNCTION data.job_add(kind text, payload jsonb, run_at timestamp with time zone) FROM PUBLIC;
GRANT ALL ON FUNCTION data.job_add(kind text, payload jsonb, run_at timestamp with time zone) TO maillage_worker;

REVOKE ALL ON FUNCTION data.job_announce() FROM PUBLIC;
GRANT ALL ON FUNCTION data.job_announce() TO maillage_worker;

GRANT SELECT,INSERT,UPDATE ON TABLE data.job TO maillage_worker;

REVOKE ALL ON FUNCTION data.job_purge(keep interval, most integer) FROM PUBLIC;
GRANT ALL ON FUNCTION data.job_purge(keep interval, most integer) TO maillage_worker;

REVOKE ALL ON FUNCTION data.job_retry(job bigint) FROM PUBLIC;
GRANT ALL ON FUNCTION data.job_retry(job bigint) TO maillage_worker;

REVOKE ALL ON FUNCTION data.line_seal(batch json) FROM PUBLIC;
GRANT ALL ON FUNCTION data.line_seal(batch json) TO maillage_worker;

REVOKE ALL ON FUNCTION data.link_followed() FROM PUBLIC;
GRANT ALL ON FUNCTION data.link_followed() TO maillage_worker;

GRANT SELECT ON TABLE data.list_change TO maillage_worker;

REVOKE ALL ON FUNCTION data.list_changed() FROM PUBLIC;
GRANT ALL ON FUNCTION data.list_changed() TO maillage_worker;

REVOKE ALL ON FUNCTION data.list_changed_by() FROM PUBLIC;
GRANT ALL ON FUNCTION data.list_changed_by() TO maillage_worker;

REVOKE ALL ON FUNCTION data.log(kind text, establishment bigint, offer bigint, data jsonb, author bigint, organisation bigint) FROM PUBLIC;
GRANT ALL ON FUNCTION data.log(kind text, establishment bigint, offer bigint, data jsonb, author bigint, organisation bigint) TO maillage_worker;

REVOKE ALL ON FUNCTION data.measures(level text, within text, from_month integer, to_month integer, network text, organisation bigint, segment bigint, naf text, sizes text) FROM PUBLIC;
GRANT ALL ON FUNCTION data.measures(level text, within text, from_month integer, to_month integer, network text, organisation bigint, segment bigint, naf text, sizes text) TO maillage_worker;

REVOKE ALL ON FUNCTION data.member_days(members bigint[], organisation bigint, first date, last date) FROM PUBLIC;
GRANT ALL ON FUNCTION data.member_days(members bigint[], organisation bigint, first date, last date) TO maillage_worker;

REVOKE ALL ON FUNCTION data.merge_columns() FROM PUBLIC;
GRANT ALL ON FUNCTION data.merge_columns() TO maillage_worker;

REVOKE ALL ON FUNCTION data.merge_do(survivor bigint, absorbed bigint, kind text, succession bigint, reason text, who bigint, organisation bigint) FROM PUBLIC;
GRANT ALL ON FUNCTION data.merge_do(survivor bigint, absorbed bigint, kind text, succession bigint, reason text, who bigint, organisation bigint) TO maillage_worker;

REVOKE ALL ON FUNCTION data.merge_movable(source regclass, field name) FROM PUBLIC;
GRANT ALL ON FUNCTION data.merge_movable(source regclass, field name) TO maillage_worker;

REVOKE ALL ON FUNCTION data.merge_obstacle(survivor bigint, absorbed bigint, who bigint) FROM PUBLIC;
GRANT ALL ON FUNCTION data.merge_obstacle(survivor bigint, absorbed bigint, who bigint) TO maillage_worker;

REVOKE ALL ON FUNCTION data.merge_resume(promise bigint, was jsonb) FROM PUBLIC;
GRANT ALL ON FUNCTION data.merge_resume(promise bigint, was jsonb) TO maillage_worker;

REVOKE ALL ON FUNCTION data.merge_standing(establishment bigint) FROM PUBLIC;
GRANT ALL ON FUNCTION data.merge_standing(establishment bigint) TO maillage_worker;

REVOKE ALL ON FUNCTION data.merge_survivor(a bigint, b bigint) FROM PUBLIC;
GRANT ALL ON FUNCTION data.merge_survivor(a bigint, b bigint) TO maillage_worker;

REVOKE ALL ON FUNCTION data.merge_undo(merge bigint, reason text, who bigint, organisation bigint) FROM PUBLIC;
GRANT ALL ON FUNCTION data.merge_undo(merge bigint, reason text, who bigint, organisation bigint) TO maillage_worker;

REVOKE ALL ON FUNCTION data.merged_to_root() FROM PUBLIC;
GRANT ALL ON FUNCTION data.merged_to_root() TO maillage_worker;

REVOKE ALL ON FUNCTION data.month_number(month text) FROM PUBLIC;
GRANT ALL ON FUNCTION data.month_number(month text) TO maillage_server;
GRANT ALL ON FUNCTION data.month_number(month text) TO maillage_worker;

REVOKE ALL ON FUNCTION data.month_of(at timestamp with time zone) FROM PUBLIC;
GRANT ALL ON FUNCTION data.month_of(at timestamp with time zone) TO maillage_server;
GRANT ALL ON FUNCTION data.month_of(at timestamp with time zone) TO maillage_worker;

REVOKE ALL ON FUNCTION data.month_text(month integer) FROM PUBLIC;
GRANT ALL ON FUNCTION data.month_text(month integer) TO maillage_server;
GRANT ALL ON FUNCTION data.month_text(month integer) TO maillage_worker;

REVOKE ALL ON FUNCTION data.naf_number(code text) FROM PUBLIC;
GRANT ALL ON FUNCTION data.naf_number(code text) TO maillage_worker;

REVOKE ALL ON FUNCTION data.need_guard() FROM PUBLIC;
GRANT ALL ON FUNCTION data.need_guard() TO maillage_worker;

REVOKE ALL ON FUNCTION data.need_told() FROM PUBLIC;
GRANT ALL ON FUNCTION data.need_told() TO maillage_worker;

REVOKE ALL ON FUNCTION data.not_on_absorbed() FROM PUBLIC;
GRANT ALL ON FUNCTION data.not_on_absorbed() TO maillage_worker;

REVOKE ALL ON FUNCTION data.offer_exchange(offer bigint) FROM PUBLIC;
GRANT ALL ON FUNCTION data.offer_exchange(offer bigint) TO maillage_worker;

REVOKE ALL ON FUNCTION data.offer_expire(most integer) FROM PUBLIC;
GRANT ALL ON FUNCTION data.offer_expire(most integer) TO maillage_worker;

REVOKE ALL ON FUNCTION data.offer_guard() FROM PUBLIC;
GRANT ALL ON FUNCTION data.offer_guard() TO maillage_worker;

REVOKE ALL ON FUNCTION data.offer_hold(offer bigint) FROM PUBLIC;
GRANT ALL ON FUNCTION data.offer_hold(offer bigint) TO maillage_server;
GRANT ALL ON FUNCTION data.offer_hold(offer bigint) TO maillage_worker;

GRANT SELECT(id) ON TABLE data.offer_link TO maillage_server;

GRANT SELECT(offer_id),INSERT(offer_id) ON TABLE data.offer_link TO maillage_server;

GRANT SELECT(offer_version),INSERT(offer_version) ON TABLE data.offer_link TO maillage_server;

GRANT SELECT(organisation_id),INSERT(organisation_id) ON TABLE data.offer_link TO maillage_server;

GRANT SELECT(member_id),INSERT(member_id) ON TABLE data.offer_link TO maillage_server;

GRANT INSERT(token_hash) ON TABLE data.offer_link TO maillage_server;

GRANT SELECT(made_at) ON TABLE data.offer_link TO maillage_server;

GRANT SELECT(expires_at) ON TABLE data.offer_link TO maillage_server;

GRANT SELECT(answer) ON TABLE data.offer_link TO maillage_server;

GRANT SELECT(answered_at) ON TABLE data.offer_link TO maillage_server;

GRANT SELECT(answered_by) ON TABLE data.offer_link TO maillage_server;

GRANT SELECT(comment) ON TABLE data.offer_link TO maillage_server;

GRANT SELECT(revoked_at),UPDATE(revoked_at) ON TABLE data.offer_link TO maillage_server;

REVOKE ALL ON FUNCTION data.offer_link_fault(l data.offer_link) FROM PUBLIC;
GRANT ALL ON FUNCTION data.offer_link_fault(l data.offer_link) TO maillage_worker;

REVOKE ALL ON FUNCTION data.offer_link_guard() FROM PUBLIC;
GRANT ALL ON FUNCTION data.offer_link_guard() TO maillage_worker;

GRANT SELECT ON TABLE data.public TO maillage_server;
GRANT SELECT ON TABLE data.public TO maillage_worker;

REVOKE ALL ON FUNCTION data.offer_networks(organisation bigint, publics text[], contract text) FROM PUBLIC;
GRANT ALL ON FUNCTION data.offer_networks(organisation bigint, publics text[], contract text) TO maillage_worker;

REVOKE ALL ON FUNCTION data.offer_open(offer bigint) FROM PUBLIC;
GRANT ALL ON FUNCTION data.offer_open(offer bigint) TO maillage_worker;

REVOKE ALL ON FUNCTION data.offer_open_many(jobs bigint[]) FROM PUBLIC;
GRANT ALL ON FUNCTION data.offer_open_many(jobs bigint[]) TO maillage_worker;

REVOKE ALL ON FUNCTION data.offer_prolongation_guard() FROM PUBLIC;
GRANT ALL ON FUNCTION data.offer_prolongation_guard() TO maillage_worker;

REVOKE ALL ON FUNCTION data.offer_told() FROM PUBLIC;
GRANT ALL ON FUNCTION data.offer_told() TO maillage_worker;

REVOKE ALL ON FUNCTION data.opening_hours_told() FROM PUBLIC;
GRANT ALL ON FUNCTION data.opening_hours_told() TO maillage_worker;

REVOKE ALL ON FUNCTION data.opposition_bind(opposition bigint) FROM PUBLIC;
GRANT ALL ON FUNCTION data.opposition_bind(opposition bigint) TO maillage_worker;

REVOKE ALL ON FUNCTION data.opposition_guard() FROM PUBLIC;
GRANT ALL ON FUNCTION data.opposition_guard() TO maillage_worker;

REVOKE ALL ON FUNCTION data.opposition_lock(is_recording boolean) FROM PUBLIC;
GRANT ALL ON FUNCTION data.opposition_lock(is_recording boolean) TO maillage_worker;

GRANT SELECT ON TABLE data.opposition_key TO maillage_worker;

REVOKE ALL ON FUNCTION data.opposition_of(contact bigint) FROM PUBLIC;
GRANT ALL ON FUNCTION data.opposition_of(contact bigint) TO maillage_worker;

REVOKE ALL ON FUNCTION data.opposition_told() FROM PUBLIC;
GRANT ALL ON FUNCTION data.opposition_told() TO maillage_worker;

REVOKE ALL ON FUNCTION data.opposition_unbind(opposition bigint) FROM PUBLIC;
GRANT ALL ON FUNCTION data.opposition_unbind(opposition bigint) TO maillage_worker;

REVOKE ALL ON FUNCTION data.outlook_refresh() FROM PUBLIC;

REVOKE ALL ON FUNCTION data.own_codes_follow() FROM PUBLIC;
GRANT ALL ON FUNCTION data.own_codes_follow() TO maillage_worker;

GRANT SELECT ON TABLE data.link TO maillage_server;
GRANT SELECT,INSERT,UPDATE ON TABLE data.link TO maillage_worker;

GRANT SELECT ON TABLE data.own_code TO maillage_server;
GRANT SELECT ON TABLE data.own_code TO maillage_worker;

REVOKE ALL ON FUNCTION data.own_codes_read(organisation bigint, name text) FROM PUBLIC;

REVOKE ALL ON FUNCTION data.pairs_ask(is_changed boolean, territories bigint[]) FROM PUBLIC;
GRANT ALL ON FUNCTION data.pairs_ask(is_changed boolean, territories bigint[]) TO maillage_worker;

REVOKE ALL ON FUNCTION data.pairs_keep() FROM PUBLIC;
GRANT ALL ON FUNCTION data.pairs_keep() TO maillage_worker;

REVOKE ALL ON FUNCTION data.pairs_wait() FROM PUBLIC;
GRANT ALL ON FUNCTION data.pairs_wait() TO maillage_worker;

REVOKE ALL ON FUNCTION data.plan_basis(content jsonb) FROM PUBLIC;
GRANT ALL ON FUNCTION data.plan_basis(content jsonb) TO maillage_server;
GRANT ALL ON FUNCTION data.plan_basis(content jsonb) TO maillage_worker;

REVOKE ALL ON FUNCTION data.plan_check(c jsonb, territory bigint) FROM PUBLIC;
GRANT ALL ON FUNCTION data.plan_check(c jsonb, territory bigint) TO maillage_worker;

REVOKE ALL ON FUNCTION data.plan_due(p data.promise) FROM PUBLIC;
GRANT ALL ON FUNCTION data.plan_due(p data.promise) TO maillage_worker;

REVOKE ALL ON FUNCTION data.plan_guard() FROM PUBLIC;
GRANT ALL ON FUNCTION data.plan_guard() TO maillage_worker;

REVOKE ALL ON FUNCTION data.plan_hold(plan bigint, by_manager boolean) FROM PUBLIC;

REVOKE ALL ON FUNCTION data.plan_kept() FROM PUBLIC;
GRANT ALL ON FUNCTION data.plan_kept() TO maillage_worker;

REVOKE ALL ON FUNCTION data.plan_line_guard() FROM PUBLIC;
GRANT ALL ON FUNCTION data.plan_line_guard() TO maillage_worker;

REVOKE ALL ON FUNCTION data.plan_log(plan bigint, kind text, more jsonb) FROM PUBLIC;
GRANT ALL ON FUNCTION data.plan_log(plan bigint, kind text, more jsonb) TO maillage_worker;

REVOKE ALL ON FUNCTION data.plan_normal(content jsonb) FROM PUBLIC;
GRANT ALL ON FUNCTION data.plan_normal(content jsonb) TO maillage_worker;

REVOKE ALL ON FUNCTION data.plan_promise_all(plan bigint, version integer) FROM PUBLIC;

REVOKE ALL ON FUNCTION data.plan_promise_guard() FROM PUBLIC;
GRANT ALL ON FUNCTION data.plan_promise_guard() TO maillage_worker;

REVOKE ALL ON FUNCTION data.plan_promised() FROM PUBLIC;
GRANT ALL ON FUNCTION data.plan_promised() TO maillage_worker;

REVOKE ALL ON FUNCTION data.plan_scenario_guard() FROM PUBLIC;
GRANT ALL ON FUNCTION data.plan_scenario_guard() TO maillage_worker;

REVOKE ALL ON FUNCTION data.plan_signature_guard() FROM PUBLIC;
GRANT ALL ON FUNCTION data.plan_signature_guard() TO maillage_worker;

REVOKE ALL ON FUNCTION data.plan_signed(plan bigint, version integer, hash bytea) FROM PUBLIC;
GRANT ALL ON FUNCTION data.plan_signed(plan bigint, version integer, hash bytea) TO maillage_worker;

REVOKE ALL ON FUNCTION data.plan_state(p data.plan) FROM PUBLIC;
GRANT ALL ON FUNCTION data.plan_state(p data.plan) TO maillage_server;
GRANT ALL ON FUNCTION data.plan_state(p data.plan) TO maillage_worker;

REVOKE ALL ON FUNCTION data.plan_version_guard() FROM PUBLIC;
GRANT ALL ON FUNCTION data.plan_version_guard() TO maillage_worker;

REVOKE ALL ON FUNCTION data.plan_write(plan bigint, edit integer, content jsonb, scenario bigint, note text) FROM PUBLIC;

REVOKE ALL ON FUNCTION data.plan_wrong(field text, why text) FROM PUBLIC;
GRANT ALL ON FUNCTION data.plan_wrong(field text, why text) TO maillage_worker;

REVOKE ALL ON FUNCTION data.present_day_after(day date, count integer, away datemultirange, most integer) FROM PUBLIC;
GRANT ALL ON FUNCTION data.present_day_after(day date, count integer, away datemultirange, most integer) TO maillage_worker;

REVOKE ALL ON FUNCTION data.promise_clock(p data.promise, rule data.agreement, OUT due_on date, OUT lapses_on date) FROM PUBLIC;
GRANT ALL ON FUNCTION data.promise_clock(p data.promise, rule data.agreement, OUT due_on date, OUT lapses_on date) TO maillage_worker;

REVOKE ALL ON FUNCTION data.promise_guard() FROM PUBLIC;
GRANT ALL ON FUNCTION data.promise_guard() TO maillage_worker;

REVOKE ALL ON FUNCTION data.promise_hold(promise bigint) FROM PUBLIC;
GRANT ALL ON FUNCTION data.promise_hold(promise bigint) TO maillage_server;
GRANT ALL ON FUNCTION data.promise_hold(promise bigint) TO maillage_worker;

REVOKE ALL ON FUNCTION data.promise_holdable(member bigint, organisation bigint, team bigint) FROM PUBLIC;
GRANT ALL ON FUNCTION data.promise_holdable(member bigint, organisation bigint, team bigint) TO maillage_worker;

REVOKE ALL ON FUNCTION data.promise_lapse(promise bigint) FROM PUBLIC;
GRANT ALL ON FUNCTION data.promise_lapse(promise bigint) TO maillage_worker;

REVOKE ALL ON FUNCTION data.promise_lapse_many(jobs bigint[]) FROM PUBLIC;
GRANT ALL ON FUNCTION data.promise_lapse_many(jobs bigint[]) TO maillage_worker;

REVOKE ALL ON FUNCTION data.promise_over() FROM PUBLIC;
GRANT ALL ON FUNCTION data.promise_over() TO maillage_worker;

REVOKE ALL ON FUNCTION data.promise_told() FROM PUBLIC;
GRANT ALL ON FUNCTION data.promise_told() TO maillage_worker;

REVOKE ALL ON FUNCTION data.proposal_expire(proposal bigint) FROM PUBLIC;
GRANT ALL ON FUNCTION data.proposal_expire(proposal bigint) TO maillage_worker;

REVOKE ALL ON FUNCTION data.proposal_guard() FROM PUBLIC;
GRANT ALL ON FUNCTION data.proposal_guard() TO maillage_worker;

REVOKE ALL ON FUNCTION data.proposal_next(promise bigint) FROM PUBLIC;
GRANT ALL ON FUNCTION data.proposal_next(promise bigint) TO maillage_worker;

REVOKE ALL ON FUNCTION data.proposal_rank(establishment bigint, besides bigint[]) FROM PUBLIC;
GRANT ALL ON FUNCTION data.proposal_rank(establishment bigint, besides bigint[]) TO maillage_worker;

REVOKE ALL ON FUNCTION data.proposal_told() FROM PUBLIC;
GRANT ALL ON FUNCTION data.proposal_told() TO maillage_worker;

REVOKE ALL ON FUNCTION data.proposal_void() FROM PUBLIC;
GRANT ALL ON FUNCTION data.proposal_void() TO maillage_worker;

REVOKE ALL ON FUNCTION data.prospects(organisation bigint, establishment bigint) FROM PUBLIC;
GRANT ALL ON FUNCTION data.prospects(organisation bigint, establishment bigint) TO maillage_worker;

REVOKE ALL ON FUNCTION data.publication_sent() FROM PUBLIC;
GRANT ALL ON FUNCTION data.publication_sent() TO maillage_worker;

REVOKE ALL ON FUNCTION data.question_fault(questions jsonb) FROM PUBLIC;
GRANT ALL ON FUNCTION data.question_fault(questions jsonb) TO maillage_worker;

REVOKE ALL ON FUNCTION data.questionnaire_guard() FROM PUBLIC;
GRANT ALL ON FUNCTION data.questionnaire_guard() TO maillage_worker;

REVOKE ALL ON FUNCTION data.record_create(record bigint, score numeric, evidence jsonb, who bigint) FROM PUBLIC;
GRANT ALL ON FUNCTION data.record_create(record bigint, score numeric, evidence jsonb, who bigint) TO maillage_worker;

REVOKE ALL ON FUNCTION data.record_link(record bigint, establishment bigint, score numeric, method text, evidence jsonb, who bigint) FROM PUBLIC;
GRANT ALL ON FUNCTION data.record_link(record bigint, establishment bigint, score numeric, method text, evidence jsonb, who bigint) TO maillage_worker;

REVOKE ALL ON FUNCTION data.record_unlink(record bigint, who bigint) FROM PUBLIC;
GRANT ALL ON FUNCTION data.record_unlink(record bigint, who bigint) TO maillage_worker;

REVOKE ALL ON FUNCTION data.record_values(record bigint, establishment bigint) FROM PUBLIC;
GRANT ALL ON FUNCTION data.record_values(record bigint, establishment bigint) TO maillage_worker;

REVOKE ALL ON FUNCTION data.records_wait() FROM PUBLIC;
GRANT ALL ON FUNCTION data.records_wait() TO maillage_worker;

REVOKE ALL ON FUNCTION data.referral_guard() FROM PUBLIC;
GRANT ALL ON FUNCTION data.referral_guard() TO maillage_worker;

REVOKE ALL ON FUNCTION data.referral_told() FROM PUBLIC;
GRANT ALL ON FUNCTION data.referral_told() TO maillage_worker;

REVOKE ALL ON FUNCTION data.register_follow(closing jsonb, OUT followed bigint, OUT undone bigint, OUT released bigint) FROM PUBLIC;
GRANT ALL ON FUNCTION data.register_follow(closing jsonb, OUT followed bigint, OUT undone bigint, OUT released bigint) TO maillage_worker;

REVOKE ALL ON FUNCTION data.report_corrected() FROM PUBLIC;
GRANT ALL ON FUNCTION data.report_corrected() TO maillage_worker;

REVOKE ALL ON FUNCTION data.report_corrected_answers() FROM PUBLIC;
GRANT ALL ON FUNCTION data.report_corrected_answers() TO maillage_worker;

REVOKE ALL ON FUNCTION data.report_corrected_told() FROM PUBLIC;
GRANT ALL ON FUNCTION data.report_corrected_told() TO maillage_worker;

REVOKE ALL ON FUNCTION data.report_guard() FROM PUBLIC;
GRANT ALL ON FUNCTION data.report_guard() TO maillage_worker;

REVOKE ALL ON FUNCTION data.report_told() FROM PUBLIC;
GRANT ALL ON FUNCTION data.report_told() TO maillage_worker;

REVOKE ALL ON FUNCTION data.reservation_end(start timestamp with time zone, days integer) FROM PUBLIC;
GRANT ALL ON FUNCTION data.reservation_end(start timestamp with time zone, days integer) TO maillage_worker;

GRANT SELECT ON TABLE data.review TO maillage_server;
GRANT SELECT,INSERT,UPDATE ON TABLE data.review TO maillage_worker;

REVOKE ALL ON FUNCTION data.review_lock(review bigint) FROM PUBLIC;
GRANT ALL ON FUNCTION data.review_lock(review bigint) TO maillage_worker;

REVOKE ALL ON FUNCTION data.review_seen(r data.review) FROM PUBLIC;
GRANT ALL ON FUNCTION data.review_seen(r data.review) TO maillage_worker;

REVOKE ALL ON FUNCTION data.review_stands(r data.review) FROM PUBLIC;
GRANT ALL ON FUNCTION data.review_stands(r data.review) TO maillage_worker;

REVOKE ALL ON FUNCTION data.sandbox_of(organisation bigint) FROM PUBLIC;
GRANT ALL ON FUNCTION data.sandbox_of(organisation bigint) TO maillage_worker;

REVOKE ALL ON FUNCTION data.scenario_effective(content jsonb, settings jsonb) FROM PUBLIC;
GRANT ALL ON FUNCTION data.scenario_effective(content jsonb, settings jsonb) TO maillage_worker;

GRANT SELECT ON TABLE data.facet TO maillage_worker;

GRANT SELECT ON TABLE data.plan_scenario TO maillage_server;
GRANT SELECT ON TABLE data.plan_scenario TO maillage_worker;

REVOKE ALL ON FUNCTION data.scenario_advisers(scenario bigint) FROM PUBLIC;
GRANT ALL ON FUNCTION data.scenario_advisers(scenario bigint) TO maillage_worker;

REVOKE ALL ON FUNCTION data.scenario_begin(scenario bigint) FROM PUBLIC;
GRANT ALL ON FUNCTION data.scenario_begin(scenario bigint) TO maillage_worker;

REVOKE ALL ON FUNCTION data.scenario_done(scenario bigint, told jsonb) FROM PUBLIC;
GRANT ALL ON FUNCTION data.scenario_done(scenario bigint, told jsonb) TO maillage_worker;

REVOKE ALL ON FUNCTION data.scenario_facts(scenario bigint, ids bigint[]) FROM PUBLIC;
GRANT ALL ON FUNCTION data.scenario_facts(scenario bigint, ids bigint[]) TO maillage_worker;

REVOKE ALL ON FUNCTION data.scenario_failed(scenario bigint) FROM PUBLIC;
GRANT ALL ON FUNCTION data.scenario_failed(scenario bigint) TO maillage_worker;

REVOKE ALL ON FUNCTION data.scenario_normal(settings jsonb) FROM PUBLIC;
GRANT ALL ON FUNCTION data.scenario_normal(settings jsonb) TO maillage_worker;

REVOKE ALL ON FUNCTION data.scenario_plan(scenario bigint) FROM PUBLIC;
GRANT ALL ON FUNCTION data.scenario_plan(scenario bigint) TO maillage_worker;

REVOKE ALL ON FUNCTION data.scenario_step(scenario bigint, progress integer) FROM PUBLIC;
GRANT ALL ON FUNCTION data.scenario_step(scenario bigint, progress integer) TO maillage_worker;

REVOKE ALL ON FUNCTION data.scenario_ties(scenario bigint, ids bigint[]) FROM PUBLIC;
GRANT ALL ON FUNCTION data.scenario_ties(scenario bigint, ids bigint[]) TO maillage_worker;

REVOKE ALL ON FUNCTION data.segment_counted(segment bigint, version integer, entered integer, gone integer) FROM PUBLIC;
GRANT ALL ON FUNCTION data.segment_counted(segment bigint, version integer, entered integer, gone integer) TO maillage_worker;

REVOKE ALL ON FUNCTION data.segment_guard() FROM PUBLIC;
GRANT ALL ON FUNCTION data.segment_guard() TO maillage_worker;

GRANT SELECT ON TABLE data.segment TO maillage_server;
GRANT SELECT ON TABLE data.segment TO maillage_worker;

GRANT INSERT(organisation_id) ON TABLE data.segment TO maillage_server;

GRANT INSERT(name),UPDATE(name) ON TABLE data.segment TO maillage_server;

GRANT INSERT(lead),UPDATE(lead) ON TABLE data.segment TO maillage_server;

GRANT INSERT(shared),UPDATE(shared) ON TABLE data.segment TO maillage_server;

GRANT INSERT(made_by) ON TABLE data.segment TO maillage_server;

GRANT UPDATE(archived_at) ON TABLE data.segment TO maillage_server;

GRANT UPDATE(members) ON TABLE data.segment TO maillage_worker;

REVOKE ALL ON FUNCTION data.segment_speak(segment bigint) FROM PUBLIC;
GRANT ALL ON FUNCTION data.segment_speak(segment bigint) TO maillage_worker;

REVOKE ALL ON FUNCTION data.segment_told() FROM PUBLIC;
GRANT ALL ON FUNCTION data.segment_told() TO maillage_worker;

REVOKE ALL ON FUNCTION data.segment_touch() FROM PUBLIC;
GRANT ALL ON FUNCTION data.segment_touch() TO maillage_worker;

REVOKE ALL ON FUNCTION data.segment_touch_gone() FROM PUBLIC;
GRANT ALL ON FUNCTION data.segment_touch_gone() TO maillage_worker;

REVOKE ALL ON FUNCTION data.segment_version_frozen() FROM PUBLIC;
GRANT ALL ON FUNCTION data.segment_version_frozen() TO maillage_worker;

REVOKE ALL ON FUNCTION data.segment_version_guard() FROM PUBLIC;
GRANT ALL ON FUNCTION data.segment_version_guard() TO maillage_worker;

REVOKE ALL ON FUNCTION data.segment_version_told() FROM PUBLIC;
GRANT ALL ON FUNCTION data.segment_version_told() TO maillage_worker;

REVOKE ALL ON FUNCTION data.segments_stale() FROM PUBLIC;
GRANT ALL ON FUNCTION data.segments_stale() TO maillage_worker;

REVOKE ALL ON FUNCTION data.source_file_guard() FROM PUBLIC;
GRANT ALL ON FUNCTION data.source_file_guard() TO maillage_worker;

REVOKE ALL ON FUNCTION data.source_file_received() FROM PUBLIC;
GRANT ALL ON FUNCTION data.source_file_received() TO maillage_worker;

REVOKE ALL ON FUNCTION data.source_file_told() FROM PUBLIC;
GRANT ALL ON FUNCTION data.source_file_told() TO maillage_worker;

REVOKE ALL ON FUNCTION data.source_record_sealed() FROM PUBLIC;
GRANT ALL ON FUNCTION data.source_record_sealed() TO maillage_worker;

REVOKE ALL ON FUNCTION data.standing_follows() FROM PUBLIC;
GRANT ALL ON FUNCTION data.standing_follows() TO maillage_worker;

REVOKE ALL ON FUNCTION data.standing_of(establishment bigint) FROM PUBLIC;
GRANT ALL ON FUNCTION data.standing_of(establishment bigint) TO maillage_worker;

REVOKE ALL ON FUNCTION data.stock_make(communes integer[]) FROM PUBLIC;
GRANT ALL ON FUNCTION data.stock_make(communes integer[]) TO maillage_worker;

REVOKE ALL ON FUNCTION data.strong_potential() FROM PUBLIC;
GRANT ALL ON FUNCTION data.strong_potential() TO maillage_worker;

REVOKE ALL ON FUNCTION data.task_action_over() FROM PUBLIC;
GRANT ALL ON FUNCTION data.task_action_over() TO maillage_worker;

REVOKE ALL ON FUNCTION data.task_follow() FROM PUBLIC;
GRANT ALL ON FUNCTION data.task_follow() TO maillage_worker;

REVOKE ALL ON FUNCTION data.task_guard() FROM PUBLIC;
GRANT ALL ON FUNCTION data.task_guard() TO maillage_worker;

REVOKE ALL ON FUNCTION data.task_promise_over() FROM PUBLIC;
GRANT ALL ON FUNCTION data.task_promise_over() TO maillage_worker;

REVOKE ALL ON FUNCTION data.task_raise() FROM PUBLIC;
GRANT ALL ON FUNCTION data.task_raise() TO maillage_worker;

REVOKE ALL ON FUNCTION data.task_reported() FROM PUBLIC;
GRANT ALL ON FUNCTION data.task_reported() TO maillage_worker;

REVOKE ALL ON FUNCTION data.task_visit_planned() FROM PUBLIC;
GRANT ALL ON FUNCTION data.task_visit_planned() TO maillage_worker;

REVOKE ALL ON FUNCTION data.team_for(member bigint, organisation bigint, establishment bigint) FROM PUBLIC;
GRANT ALL ON FUNCTION data.team_for(member bigint, organisation bigint, establishment bigint) TO maillage_worker;

REVOKE ALL ON FUNCTION data.team_guard() FROM PUBLIC;
GRANT ALL ON FUNCTION data.team_guard() TO maillage_worker;

REVOKE ALL ON FUNCTION data.team_has(team bigint, member bigint, organisation bigint) FROM PUBLIC;
GRANT ALL ON FUNCTION data.team_has(team bigint, member bigint, organisation bigint) TO maillage_server;
GRANT ALL ON FUNCTION data.team_has(team bigint, member bigint, organisation bigint) TO maillage_worker;

GRANT SELECT ON TABLE data.team TO maillage_server;
GRANT SELECT ON TABLE data.team TO maillage_worker;

REVOKE ALL ON FUNCTION data.team_manager(team bigint) FROM PUBLIC;
GRANT ALL ON FUNCTION data.team_manager(team bigint) TO maillage_worker;

REVOKE ALL ON FUNCTION data.team_member_guard() FROM PUBLIC;
GRANT ALL ON FUNCTION data.team_member_guard() TO maillage_worker;

REVOKE ALL ON FUNCTION data.team_members_set(team bigint, members bigint[]) FROM PUBLIC;
GRANT ALL ON FUNCTION data.team_members_set(team bigint, members bigint[]) TO maillage_worker;

REVOKE ALL ON FUNCTION data.team_told() FROM PUBLIC;
GRANT ALL ON FUNCTION data.team_told() TO maillage_worker;

REVOKE ALL ON FUNCTION data.territory_runs(territory bigint) FROM PUBLIC;
GRANT ALL ON FUNCTION data.territory_runs(territory bigint) TO maillage_worker;

REVOKE ALL ON FUNCTION data.territory_runs_keep() FROM PUBLIC;
GRANT ALL ON FUNCTION data.territory_runs_keep() TO maillage_worker;

REVOKE ALL ON FUNCTION data.tour_begin(job bigint) FROM PUBLIC;
GRANT ALL ON FUNCTION data.tour_begin(job bigint) TO maillage_worker;

REVOKE ALL ON FUNCTION data.tour_days(tour bigint) FROM PUBLIC;
GRANT ALL ON FUNCTION data.tour_days(tour bigint) TO maillage_worker;

REVOKE ALL ON FUNCTION data.tour_fail(tour bigint, revision integer, error text) FROM PUBLIC;
GRANT ALL ON FUNCTION data.tour_fail(tour bigint, revision integer, error text) TO maillage_worker;

REVOKE ALL ON FUNCTION data.tour_guard() FROM PUBLIC;
GRANT ALL ON FUNCTION data.tour_guard() TO maillage_worker;

REVOKE ALL ON FUNCTION data.tour_jobs(tour bigint) FROM PUBLIC;
GRANT ALL ON FUNCTION data.tour_jobs(tour bigint) TO maillage_worker;

REVOKE ALL ON FUNCTION data.tour_line_guard() FROM PUBLIC;
GRANT ALL ON FUNCTION data.tour_line_guard() TO maillage_worker;

REVOKE ALL ON FUNCTION data.tour_moment(seconds integer, first date) FROM PUBLIC;
GRANT ALL ON FUNCTION data.tour_moment(seconds integer, first date) TO maillage_worker;

REVOKE ALL ON FUNCTION data.tour_nearby(tour bigint, most integer) FROM PUBLIC;
GRANT ALL ON FUNCTION data.tour_nearby(tour bigint, most integer) TO maillage_worker;

REVOKE ALL ON FUNCTION data.tour_purge() FROM PUBLIC;
GRANT ALL ON FUNCTION data.tour_purge() TO maillage_worker;

REVOKE ALL ON FUNCTION data.tour_seconds(at timestamp with time zone, first date) FROM PUBLIC;
GRANT ALL ON FUNCTION data.tour_seconds(at timestamp with time zone, first date) TO maillage_worker;

REVOKE ALL ON FUNCTION data.tour_settle(tour bigint, revision integer, lines json, days json, milliseconds integer, moved integer, travel text) FROM PUBLIC;
GRANT ALL ON FUNCTION data.tour_settle(tour bigint, revision integer, lines json, days json, milliseconds integer, moved integer, travel text) TO maillage_worker;

REVOKE ALL ON FUNCTION data.tour_step(tour bigint, revision integer, percent integer) FROM PUBLIC;
GRANT ALL ON FUNCTION data.tour_step(tour bigint, revision integer, percent integer) TO maillage_worker;

REVOKE ALL ON FUNCTION data.tour_tell(tour bigint, what text) FROM PUBLIC;
GRANT ALL ON FUNCTION data.tour_tell(tour bigint, what text) TO maillage_worker;

REVOKE ALL ON FUNCTION data.tour_told() FROM PUBLIC;
GRANT ALL ON FUNCTION data.tour_told() TO maillage_worker;

REVOKE ALL ON FUNCTION data.tour_windows(hours jsonb, first date, last date, until date, minutes integer) FROM PUBLIC;
GRANT ALL ON FUNCTION data.tour_windows(hours jsonb, first date, last date, until date, minutes integer) TO maillage_worker;

GRANT SELECT ON TABLE data.transfer TO maillage_server;
GRANT SELECT ON TABLE data.transfer TO maillage_worker;

GRANT INSERT(kind) ON TABLE data.transfer TO maillage_server;

GRANT INSERT(promise_id) ON TABLE data.transfer TO maillage_server;

GRANT INSERT(establishment_id) ON TABLE data.transfer TO maillage_server;

GRANT INSERT(from_organisation_id) ON TABLE data.transfer TO maillage_server;

GRANT INSERT(from_member_id) ON TABLE data.transfer TO maillage_server;

GRANT INSERT(to_organisation_id) ON TABLE data.transfer TO maillage_server;

GRANT INSERT(to_member_id),UPDATE(to_member_id) ON TABLE data.transfer TO maillage_server;

GRANT INSERT(organisation_id) ON TABLE data.transfer TO maillage_server;

GRANT INSERT(member_id) ON TABLE data.transfer TO maillage_server;

GRANT INSERT(message) ON TABLE data.transfer TO maillage_server;

GRANT UPDATE(state) ON TABLE data.transfer TO maillage_server;

GRANT UPDATE(reason) ON TABLE data.transfer TO maillage_server;

REVOKE ALL ON FUNCTION data.transfer_done(x data.transfer) FROM PUBLIC;
GRANT ALL ON FUNCTION data.transfer_done(x data.transfer) TO maillage_worker;

REVOKE ALL ON FUNCTION data.transfer_expire(transfer bigint) FROM PUBLIC;
GRANT ALL ON FUNCTION data.transfer_expire(transfer bigint) TO maillage_worker;

REVOKE ALL ON FUNCTION data.transfer_guard() FROM PUBLIC;
GRANT ALL ON FUNCTION data.transfer_guard() TO maillage_worker;

REVOKE ALL ON FUNCTION data.transfer_told() FROM PUBLIC;
GRANT ALL ON FUNCTION data.transfer_told() TO maillage_worker;

REVOKE ALL ON FUNCTION data.value_plain(field text, value text) FROM PUBLIC;
GRANT ALL ON FUNCTION data.value_plain(field text, value text) TO maillage_worker;

REVOKE ALL ON FUNCTION data.value_statement_guard() FROM PUBLIC;
GRANT ALL ON FUNCTION data.value_statement_guard() TO maillage_worker;

REVOKE ALL ON FUNCTION data.value_statement_told() FROM PUBLIC;
GRANT ALL ON FUNCTION data.value_statement_told() TO maillage_worker;

REVOKE ALL ON FUNCTION data.visit_changed() FROM PUBLIC;
GRANT ALL ON FUNCTION data.visit_changed() TO maillage_worker;

REVOKE ALL ON FUNCTION data.visit_guard() FROM PUBLIC;
GRANT ALL ON FUNCTION data.visit_guard() TO maillage_worker;

REVOKE ALL ON FUNCTION data.visit_partner_follows() FROM PUBLIC;
GRANT ALL ON FUNCTION data.visit_partner_follows() TO maillage_worker;

REVOKE ALL ON FUNCTION data.visit_partner_guard() FROM PUBLIC;
GRANT ALL ON FUNCTION data.visit_partner_guard() TO maillage_worker;

REVOKE ALL ON FUNCTION data.visit_partner_told() FROM PUBLIC;
GRANT ALL ON FUNCTION data.visit_partner_told() TO maillage_worker;

REVOKE ALL ON FUNCTION data.visit_told() FROM PUBLIC;
GRANT ALL ON FUNCTION data.visit_told() TO maillage_worker;

REVOKE ALL ON FUNCTION data.visits_for(member bigint, organisation bigint) FROM PUBLIC;
GRANT ALL ON FUNCTION data.visits_for(member bigint, organisation bigint) TO maillage_worker;

REVOKE ALL ON FUNCTION data.waiting_meet(records bigint[]) FROM PUBLIC;
GRANT ALL ON FUNCTION data.waiting_meet(records bigint[]) TO maillage_worker;

REVOKE ALL ON FUNCTION data.waiting_return(records bigint[]) FROM PUBLIC;
GRANT ALL ON FUNCTION data.waiting_return(records bigint[]) TO maillage_worker;

REVOKE ALL ON FUNCTION data.week_away(member bigint, organisation bigint, first date, last date) FROM PUBLIC;
GRANT ALL ON FUNCTION data.week_away(member bigint, organisation bigint, first date, last date) TO maillage_server;
GRANT ALL ON FUNCTION data.week_away(member bigint, organisation bigint, first date, last date) TO maillage_worker;

REVOKE ALL ON FUNCTION data.zone_shapes() FROM PUBLIC;
GRANT ALL ON FUNCTION data.zone_shapes() TO maillage_worker;

REVOKE ALL ON FUNCTION data.zones_refresh() FROM PUBLIC;
GRANT ALL ON FUNCTION data.zones_refresh() TO maillage_worker;

GRANT SELECT ON TABLE data.absence TO maillage_server;
GRANT SELECT ON TABLE data.absence TO maillage_worker;

GRANT INSERT(organisation_id) ON TABLE data.absence TO maillage_server;

GRANT INSERT(member_id) ON TABLE data.absence TO maillage_server;

GRANT INSERT(first_on) ON TABLE data.absence TO maillage_server;

GRANT INSERT(last_on),UPDATE(last_on) ON TABLE data.absence TO maillage_server;

GRANT INSERT(made_by) ON TABLE data.absence TO maillage_server;

GRANT UPDATE(cancelled_at) ON TABLE data.absence TO maillage_server;

GRANT SELECT ON TABLE api.absence_row TO maillage_server;

GRANT SELECT ON TABLE data.call TO maillage_server;
GRANT SELECT ON TABLE data.call TO maillage_worker;

GRANT INSERT(establishment_id) ON TABLE data.call TO maillage_server;

GRANT INSERT(organisation_id) ON TABLE data.call TO maillage_server;

GRANT INSERT(member_id) ON TABLE data.call TO maillage_server;

GRANT INSERT(contact_id) ON TABLE data.call TO maillage_server;

GRANT INSERT(outcome) ON TABLE data.call TO maillage_server;

GRANT INSERT(note) ON TABLE data.call TO maillage_server;

GRANT INSERT(next_on) ON TABLE data.call TO maillage_server;

GRANT INSERT(override_reason) ON TABLE data.call TO maillage_server;

GRANT SELECT ON TABLE data.call_outcome TO maillage_server;
GRANT SELECT ON TABLE data.call_outcome TO maillage_worker;

GRANT SELECT ON TABLE api.call_row TO maillage_server;

GRANT SELECT ON TABLE data.delivery TO maillage_server;
GRANT SELECT ON TABLE data.delivery TO maillage_worker;

GRANT SELECT ON TABLE api.channel_row TO maillage_server;

GRANT SELECT ON TABLE data.claim TO maillage_server;
GRANT SELECT ON TABLE data.claim TO maillage_worker;

GRANT SELECT ON TABLE api.claim_row TO maillage_server;

GRANT SELECT ON TABLE api.contact_ending TO maillage_server;

GRANT SELECT ON TABLE api.contact_row TO maillage_server;

GRANT SELECT ON TABLE data.delivery_attempt TO maillage_server;
GRANT SELECT ON TABLE data.delivery_attempt TO maillage_worker;

GRANT SELECT ON TABLE api.delivery_row TO maillage_server;

GRANT SELECT ON TABLE api.need_row TO maillage_server;

GRANT SELECT,DELETE ON TABLE data.report_note TO maillage_server;
GRANT SELECT ON TABLE data.report_note TO maillage_worker;

GRANT INSERT(visit_id) ON TABLE data.report_note TO maillage_server;

GRANT INSERT(organisation_id) ON TABLE data.report_note TO maillage_server;

GRANT INSERT(network) ON TABLE data.report_note TO maillage_server;

GRANT INSERT(note),UPDATE(note) ON TABLE data.report_note TO maillage_server;

GRANT SELECT ON TABLE data.size_band TO maillage_server;
GRANT SELECT ON TABLE data.size_band TO maillage_worker;

GRANT SELECT ON TABLE api.field_employer TO maillage_server;

GRANT SELECT ON TABLE data.source_error TO maillage_server;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE data.source_error TO maillage_worker;

GRANT SELECT ON TABLE api.file_row TO maillage_server;

GRANT SELECT(key_id) ON TABLE data.api_secret TO maillage_server;

GRANT SELECT(prefix) ON TABLE data.api_secret TO maillage_server;

GRANT SELECT(made_at) ON TABLE data.api_secret TO maillage_server;

GRANT SELECT(ends_at) ON TABLE data.api_secret TO maillage_server;

GRANT SELECT(used_at) ON TABLE data.api_secret TO maillage_server;

GRANT SELECT ON TABLE api.key_row TO maillage_server;

GRANT SELECT ON TABLE data.offer_routing TO maillage_server;
GRANT SELECT ON TABLE data.offer_routing TO maillage_worker;

GRANT SELECT ON TABLE api.offer_row TO maillage_server;

GRANT SELECT ON TABLE api.opposition_row TO maillage_server;

GRANT SELECT ON TABLE api.plan_row TO maillage_server;

GRANT SELECT ON TABLE api.promise_row TO maillage_server;

GRANT SELECT ON TABLE data.proposal TO maillage_server;
GRANT SELECT ON TABLE data.proposal TO maillage_worker;

GRANT UPDATE(state) ON TABLE data.proposal TO maillage_server;

GRANT UPDATE(reason) ON TABLE data.proposal TO maillage_server;

GRANT SELECT ON TABLE api.proposal_row TO maillage_server;

GRANT SELECT ON TABLE data.referral TO maillage_server;
GRANT SELECT ON TABLE data.referral TO maillage_worker;

GRANT INSERT(offer_id) ON TABLE data.referral TO maillage_server;

GRANT INSERT(organisation_id) ON TABLE data.referral TO maillage_server;

GRANT INSERT(member_id) ON TABLE data.referral TO maillage_server;

GRANT INSERT(reference) ON TABLE data.referral TO maillage_server;

GRANT INSERT(public) ON TABLE data.referral TO maillage_server;

GRANT UPDATE(state) ON TABLE data.referral TO maillage_server;

GRANT UPDATE(refusal) ON TABLE data.referral TO maillage_server;

GRANT SELECT ON TABLE data.referral_refusal TO maillage_server;
GRANT SELECT ON TABLE data.referral_refusal TO maillage_worker;

GRANT SELECT ON TABLE api.referral_row TO maillage_server;

GRANT SELECT ON TABLE data.report_note_revision TO maillage_server;
GRANT SELECT ON TABLE data.report_note_revision TO maillage_worker;

GRANT SELECT ON TABLE data.report_revision TO maillage_server;
GRANT SELECT ON TABLE data.report_revision TO maillage_worker;

GRANT SELECT ON TABLE api.report_revision_row TO maillage_server;

GRANT SELECT ON TABLE api.scenario_row TO maillage_server;

GRANT SELECT ON TABLE api.segment_code TO maillage_server;
GRANT SELECT ON TABLE api.segment_code TO maillage_worker;

GRANT SELECT ON TABLE api.segment_list TO maillage_server;
GRANT SELECT ON TABLE api.segment_list TO maillage_worker;

GRANT SELECT ON TABLE api.segment_need TO maillage_server;
GRANT SELECT ON TABLE api.segment_need TO maillage_worker;

GRANT SELECT ON TABLE data.segment_day TO maillage_server;
GRANT SELECT ON TABLE data.segment_day TO maillage_worker;

GRANT SELECT ON TABLE data.segment_version TO maillage_server;
GRANT SELECT ON TABLE data.segment_version TO maillage_worker;

GRANT INSERT(segment_id) ON TABLE data.segment_version TO maillage_server;

GRANT INSERT(version) ON TABLE data.segment_version TO maillage_server;

GRANT INSERT(rule) ON TABLE data.segment_version TO maillage_server;

GRANT INSERT(note) ON TABLE data.segment_version TO maillage_server;

GRANT INSERT(member_id) ON TABLE data.segment_version TO maillage_server;

GRANT SELECT ON TABLE api.segment_row TO maillage_server;

GRANT SELECT,DELETE ON TABLE data.establishment_tag TO maillage_server;
GRANT SELECT ON TABLE data.establishment_tag TO maillage_worker;

GRANT INSERT(tag_id) ON TABLE data.establishment_tag TO maillage_server;

GRANT INSERT(establishment_id) ON TABLE data.establishment_tag TO maillage_server;

GRANT INSERT(member_id) ON TABLE data.establishment_tag TO maillage_server;

GRANT INSERT(at) ON TABLE data.establishment_tag TO maillage_server;

GRANT SELECT ON TABLE data.tag TO maillage_server;
GRANT SELECT ON TABLE data.tag TO maillage_worker;

GRANT INSERT(organisation_id) ON TABLE data.tag TO maillage_server;

GRANT INSERT(label) ON TABLE data.tag TO maillage_server;

GRANT INSERT(shared) ON TABLE data.tag TO maillage_server;

GRANT INSERT(made_by) ON TABLE data.tag TO maillage_server;

GRANT INSERT(made_at) ON TABLE data.tag TO maillage_server;

GRANT SELECT ON TABLE api.segment_tag TO maillage_server;
GRANT SELECT ON TABLE api.segment_tag TO maillage_worker;

GRANT SELECT ON TABLE data.task TO maillage_server;
GRANT SELECT ON TABLE data.task TO maillage_worker;

GRANT UPDATE(later_on) ON TABLE data.task TO maillage_server;

GRANT UPDATE(done_at) ON TABLE data.task TO maillage_server;

GRANT UPDATE(done_by) ON TABLE data.task TO maillage_server;

GRANT SELECT ON TABLE data.task_kind TO maillage_server;
GRANT SELECT ON TABLE data.task_kind TO maillage_worker;

GRANT SELECT ON TABLE api.task_row TO maillage_server;

GRANT SELECT ON TABLE data.team_member TO maillage_server;
GRANT SELECT ON TABLE data.team_member TO maillage_worker;

GRANT SELECT ON TABLE data.team_partner TO maillage_server;
GRANT SELECT ON TABLE data.team_partner TO maillage_worker;

GRANT SELECT ON TABLE api.team_row TO maillage_server;

GRANT SELECT ON TABLE api.transfer_row TO maillage_server;

GRANT SELECT ON TABLE data.visit_partner TO maillage_server;
GRANT SELECT ON TABLE data.visit_partner TO maillage_worker;

GRANT INSERT(visit_id) ON TABLE data.visit_partner TO maillage_server;

GRANT INSERT(organisation_id) ON TABLE data.visit_partner TO maillage_server;

GRANT INSERT(member_id),UPDATE(member_id) ON TABLE data.visit_partner TO maillage_server;

GRANT INSERT(asked),UPDATE(asked) ON TABLE data.visit_partner TO maillage_server;

GRANT INSERT(invited_by),UPDATE(invited_by) ON TABLE data.visit_partner TO maillage_server;

GRANT INSERT(message),UPDATE(message) ON TABLE data.visit_partner TO maillage_server;

GRANT UPDATE(state) ON TABLE data.visit_partner TO maillage_server;

GRANT UPDATE(reason) ON TABLE data.visit_partner TO maillage_server;

GRANT SELECT ON TABLE api.visit_row TO maillage_server;

GRANT SELECT ON TABLE api.week_member TO maillage_server;

GRANT SELECT ON TABLE data.api_scope TO maillage_server;
GRANT SELECT ON TABLE data.api_scope TO maillage_worker;

GRANT SELECT ON TABLE data.bassin TO maillage_server;
GRANT SELECT ON TABLE data.bassin TO maillage_worker;

GRANT SELECT ON TABLE data.bassin_commune TO maillage_server;
GRANT SELECT ON TABLE data.bassin_commune TO maillage_worker;

GRANT SELECT ON TABLE data.bmo TO maillage_worker;

GRANT SELECT ON TABLE data.company TO maillage_server;
GRANT SELECT,INSERT,UPDATE ON TABLE data.company TO maillage_worker;

GRANT SELECT ON TABLE data.contact_event TO maillage_server;
GRANT SELECT ON TABLE data.contact_event TO maillage_worker;

GRANT SELECT ON TABLE data.dead_job TO maillage_worker;

GRANT USAGE ON SEQUENCE data.establishment_id_seq TO maillage_worker;

GRANT SELECT,INSERT,DELETE ON TABLE data.establishment_key TO maillage_worker;

GRANT SELECT,INSERT,DELETE ON TABLE data.establishment_unkeyed TO maillage_worker;

GRANT SELECT ON TABLE data.establishment_value TO maillage_server;
GRANT SELECT,INSERT,UPDATE ON TABLE data.establishment_value TO maillage_worker;

GRANT SELECT,INSERT ON TABLE data.event_seal TO maillage_worker;

GRANT SELECT ON TABLE data.event_unsealed TO maillage_worker;

GRANT SELECT ON TABLE data.outlook TO maillage_worker;

GRANT SELECT ON TABLE data.facet_source TO maillage_worker;

GRANT SELECT ON TABLE data.fact_touched TO maillage_worker;

GRANT SELECT ON TABLE data.fap_rome TO maillage_worker;

GRANT SELECT ON TABLE data.source_trust TO maillage_server;
GRANT SELECT ON TABLE data.source_trust TO maillage_worker;

GRANT SELECT ON TABLE data.survivorship TO maillage_server;
GRANT SELECT ON TABLE data.survivorship TO maillage_worker;

GRANT SELECT ON TABLE data.golden_lost TO maillage_worker;

GRANT SELECT ON TABLE data.hiring TO maillage_worker;

GRANT SELECT ON TABLE data.import_line TO maillage_server;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE data.import_line TO maillage_worker;

GRANT SELECT,INSERT,UPDATE ON TABLE data.import_mapping TO maillage_worker;

GRANT SELECT,INSERT,DELETE ON TABLE data.import_verdict TO maillage_worker;

GRANT SELECT ON TABLE data.indicator TO maillage_server;
GRANT SELECT ON TABLE data.indicator TO maillage_worker;

GRANT SELECT ON TABLE data.job_overview TO maillage_worker;

GRANT SELECT ON TABLE data.merge_row TO maillage_worker;

GRANT SELECT ON TABLE data.offer_prolongation TO maillage_server;
GRANT SELECT ON TABLE data.offer_prolongation TO maillage_worker;

GRANT INSERT(offer_id) ON TABLE data.offer_prolongation TO maillage_server;

GRANT INSERT(organisation_id) ON TABLE data.offer_prolongation TO maillage_server;

GRANT INSERT(member_id) ON TABLE data.offer_prolongation TO maillage_server;

GRANT INSERT(confirmed_with) ON TABLE data.offer_prolongation TO maillage_server;

GRANT SELECT ON TABLE data.offer_step TO maillage_server;
GRANT SELECT ON TABLE data.offer_step TO maillage_worker;

GRANT SELECT ON TABLE data.offer_transition TO maillage_server;
GRANT SELECT ON TABLE data.offer_transition TO maillage_worker;

GRANT SELECT ON TABLE data.opening_hours TO maillage_server;
GRANT SELECT ON TABLE data.opening_hours TO maillage_worker;

GRANT INSERT(establishment_id) ON TABLE data.opening_hours TO maillage_server;

GRANT INSERT(hours),UPDATE(hours) ON TABLE data.opening_hours TO maillage_server;

GRANT INSERT(organisation_id),UPDATE(organisation_id) ON TABLE data.opening_hours TO maillage_server;

GRANT INSERT(member_id),UPDATE(member_id) ON TABLE data.opening_hours TO maillage_server;

GRANT INSERT(stated_at),UPDATE(stated_at) ON TABLE data.opening_hours TO maillage_server;

GRANT SELECT ON TABLE data.plan_comment TO maillage_server;
GRANT SELECT ON TABLE data.plan_comment TO maillage_worker;

GRANT SELECT ON TABLE data.plan_edit TO maillage_server;
GRANT SELECT ON TABLE data.plan_edit TO maillage_worker;

GRANT SELECT ON TABLE data.plan_public TO maillage_server;
GRANT SELECT ON TABLE data.plan_public TO maillage_worker;

GRANT SELECT ON TABLE data.plan_transition TO maillage_worker;

GRANT SELECT ON TABLE data.plan_weight TO maillage_server;
GRANT SELECT ON TABLE data.plan_weight TO maillage_worker;

GRANT SELECT ON TABLE data.publication TO maillage_server;
GRANT SELECT ON TABLE data.publication TO maillage_worker;

GRANT SELECT ON TABLE data.referral_transition TO maillage_server;
GRANT SELECT ON TABLE data.referral_transition TO maillage_worker;

GRANT SELECT ON TABLE data.review_skip TO maillage_worker;

GRANT SELECT,INSERT,DELETE ON TABLE data.segment_member TO maillage_worker;

GRANT SELECT,DELETE ON TABLE data.segment_touched TO maillage_worker;

GRANT USAGE ON SEQUENCE data.source_record_id_seq TO maillage_worker;

GRANT SELECT ON TABLE data.stock TO maillage_worker;

GRANT SELECT ON TABLE data.stock_touched TO maillage_worker;

GRANT SELECT ON TABLE data.tension TO maillage_worker;

GRANT SELECT ON TABLE data.tour_day TO maillage_server;
GRANT SELECT ON TABLE data.tour_day TO maillage_worker;

GRANT SELECT ON TABLE data.value_statement TO maillage_server;
GRANT SELECT ON TABLE data.value_statement TO maillage_worker;

GRANT SELECT,INSERT,DELETE ON TABLE data.waiting_person TO maillage_worker;

GRANT SELECT ON TABLE data.zone TO maillage_server;
GRANT SELECT ON TABLE data.zone TO maillage_worker;

GRANT SELECT ON TABLE data.zone_commune TO maillage_server;
GRANT SELECT ON TABLE data.zone_commune TO maillage_worker;

