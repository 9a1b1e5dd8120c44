-- What the partners look for: a labour market that does not exist, tags, codes of their files, segments with their
-- versions and the members they had. Members are written with the meaning of the rule said in SQL; the worker finds
-- nothing to change when it computes them (tests/api/segment.test.mjs).

-- Projects, difficulty and tension by bassin, drawn by chance; the occupations of activities are those of trades.csv.
create procedure demo.market_load()
    language plpgsql set search_path = data, pg_temp as $$
begin
    insert into bassin (code, name) select distinct p.bassin, 'Bassin de ' || p.bassin from demo.place p;
    insert into bassin_commune (commune_code, bassin) select p.code, p.bassin from demo.place p;
    insert into hiring (naf, rome, hires)
    select t.naf, w.rome, max(greatest(1, round(t.weight * (0.6 / w.n))))::integer
      from demo.trade t cross join lateral unnest(string_to_array(t.rome, ',')) with ordinality w (rome, n)
     where w.rome <> '' group by t.naf, w.rome;
    insert into fap_rome (fap, rome) select distinct left(h.rome, 3) || 'Z', h.rome from hiring h;
    insert into bmo (bassin, fap, year, label, projects, difficult, seasonal)
    select b.code, f.fap, extract(year from data.today())::smallint,
           (select r.label from rome r join fap_rome x on x.rome = r.code where x.fap = f.fap order by length(r.label), r.code limit 1), p.n,
           case when demo.u('secret' || b.code || f.fap) > 0.12 then (p.n * demo.between(15, 85, demo.u('difficult' || b.code || f.fap)) / 100) end,
           (p.n * demo.between(0, 40, demo.u('seasonal' || b.code || f.fap)) / 100)
      from bassin b cross join (select distinct fap from fap_rome) f
     cross join lateral (select demo.between(10, 420, demo.u('projects' || b.code || f.fap)) as n) p;
    insert into fap (code, label) select distinct b.fap, b.label from bmo b on conflict (code) do update set label = excluded.label;
    insert into tension (bassin, rome, year, level)
    select b.code, r.rome, extract(year from data.today())::smallint, demo.between(1, 5, demo.u('tension' || b.code || r.rome))
      from bassin b cross join (select distinct rome from hiring) r;
    perform data.outlook_refresh();
end
$$;

create unlogged table demo.tag (label text, actor integer, shared boolean, share double precision, chosen text);
create unlogged table demo.segment (
    n integer, version integer, actor integer, days integer, name text, lead text, shared boolean, note text, rule jsonb, meaning text,
    primary key (n, version)
);

-- One member of an organisation who writes for it.
create function demo.writer(office text) returns integer
    language sql stable
    return (select min(a.n) from demo.actor a join data.organisation o on o.id = a.organisation_id
             where o.email = 'contact@' || office || '.example');

create procedure demo.plan_segments()
    language plpgsql set search_path = data, pg_temp as $$
declare
    ft_m integer := demo.writer('ft-moulins');
    ft_c integer := demo.writer('ft-montlucon');
    ml_m integer := demo.writer('ml-moulins');
    ml_v integer := demo.writer('ml-vichy');
    cap  integer := demo.writer('capemploi-allier');
    plie integer := demo.writer('plie-allier');
begin
    insert into demo.tag values
        ('Accueil de personnes handicapées', cap, true, 0.05, 'f.size >= 2 and f.last_visit_at is not null'),
        ('Clause sociale', plie, true, 0.10, 'f.naf between 41 * 3200 and 43 * 3200 + 3199 and f.size >= 2'),
        ('Parrain', ml_m, false, 0.03, 'f.size >= 1 and f.last_visit_at is not null'),
        ('Immersion possible', ml_v, true, 0.05, 'f.size >= 1 and f.last_visit_at is not null');
    insert into demo.segment values
        (1, 1, ft_m, 210, 'Hôtels et restaurants jamais visités', 'ft', true, 'Première liste, avant la saison.',
         '{"all": [{"field": "naf", "op": "is", "value": ["I"]}, {"field": "visit", "op": "never"}]}', null),
        (1, 2, ft_m, 96, null, null, null, 'Seulement ceux qui emploient.',
         '{"all": [{"field": "naf", "op": "is", "value": ["I"]}, {"field": "visit", "op": "never"},
                   {"field": "size", "op": "is", "value": ["01", "02", "03", "11", "12", "21", "22", "31", "32"]}]}',
         'f.naf between 55 * 3200 and 56 * 3200 + 3199 and f.last_visit_at is null and f.size between 1 and 32'),
        (2, 1, ft_c, 180, 'Industrie de 10 à 249 salariés', 'ft', true, null,
         '{"all": [{"field": "naf", "op": "is", "value": ["C"]}, {"field": "size", "op": "is", "value": ["11", "12", "21", "22", "31"]}]}',
         'f.naf between 10 * 3200 and 33 * 3200 + 3199 and f.size between 11 and 31'),
        (3, 1, ml_v, 120, 'Autour de Vichy, sans contact depuis un an', 'ml', true, 'Pour les semaines d’immersion.',
         '{"all": [{"field": "near", "op": "inside", "value": {"lon": 3.425, "lat": 46.128, "km": 15, "label": "Vichy"}},
                   {"field": "contact", "op": "not_within", "value": 12}, {"field": "size", "op": "is_not", "value": ["00", "unknown"]}]}',
         'power((f.lon - 342500) * cos(radians(46.128)), 2) + power((f.lat - 4612800)::float8, 2) <= power(15 / (6371.0088 * pi() / 180) * 100000, 2)
          and (f.last_contact_at >= data.now() - interval ''12 months'') is not true and f.size <> 0'),
        (4, 1, ft_m, 75, 'Bâtiment, métiers en tension', 'ft', true, null,
         '{"all": [{"field": "naf", "op": "is", "value": ["F"]}, {"field": "tension", "op": "at_least", "value": 3.5}]}', null),
        (4, 2, ft_m, 20, null, null, null, 'Les recrutements difficiles comptent autant que la tension.',
         '{"all": [{"field": "naf", "op": "is", "value": ["F"]},
                   {"any": [{"field": "tension", "op": "at_least", "value": 3.5}, {"field": "difficult", "op": "at_least", "value": 60}]}]}',
         'f.naf between 41 * 3200 and 43 * 3200 + 3199 and (f.tension >= 35 or f.difficult >= 60)'),
        (5, 1, cap, 150, 'Employeurs qui accueillent des personnes handicapées', 'ce', true, null,
         '{"all": [{"field": "tag", "op": "is", "value": ["{tag0}"]}]}', null),
        (5, 2, cap, 44, null, null, null, 'Sans ceux qui refusent d’être sollicités.',
         '{"all": [{"field": "tag", "op": "is", "value": ["{tag0}"]}, {"none": [{"field": "state", "op": "is", "value": ["opposed"]}]}]}',
         'f.id in (select x.establishment_id from establishment_tag x where x.tag_id = "{tag0}") and not f.opposed'),
        (6, 1, plie, 130, 'Clause sociale : chantiers et entretien', 'plie', true, null,
         '{"any": [{"field": "tag", "op": "is", "value": ["{tag1}"]},
                   {"all": [{"field": "naf", "op": "is", "value": ["42", "81"]}, {"field": "size", "op": "is", "value": ["11", "12", "21", "22"]}]}]}',
         'f.id in (select x.establishment_id from establishment_tag x where x.tag_id = "{tag1}")
          or (f.naf between 42 * 3200 and 42 * 3200 + 3199 or f.naf between 81 * 3200 and 81 * 3200 + 3199) and f.size between 11 and 22'),
        (7, 1, ml_m, 60, 'Besoins déclarés à suivre', 'ml', true, 'À reprendre chaque semaine.',
         '{"all": [{"field": "need", "op": "any"}, {"field": "state", "op": "is_not", "value": ["opposed"]}]}',
         'f.id in (select n.establishment_id from need n where n.state in (''declared'', ''confirmed'', ''offer'')) and not f.opposed'),
        (8, 1, ml_m, 50, 'Notre portefeuille prioritaire', null, false, 'D’après notre fichier des parrains.',
         '{"all": [{"field": "code", "op": "is", "value": {"column": "Portefeuille", "values": ["Prioritaire"]}}]}',
         'f.id in (select c.establishment_id from own_code c where c.name = ''Portefeuille'' and c.code = ''Prioritaire''
                    and c.organisation_id = {organisation})'),
        (9, 1, ft_c, 33, 'Fort potentiel, jamais vus', null, true, 'Le quota de diversification du plan.',
         '{"all": [{"field": "potential", "op": "at_least", "value": 55}, {"field": "visit", "op": "never"},
                   {"field": "state", "op": "is", "value": ["free"]}]}',
         'f.potential >= 55 and f.last_visit_at is null and not f.opposed and f.holder is null and (f.rest_until >= data.today()) is not true'),
        (10, 1, plie, 15, 'Associations employeuses du bassin de Montluçon', 'plie', true, null,
         '{"all": [{"field": "legal", "op": "is", "value": ["92"]},
                   {"field": "area", "op": "inside", "value": {"points": [[2.36, 46.2], [2.86, 46.2], [2.86, 46.62], [2.36, 46.62]]}}]}',
         'f.legal between 9200 and 9299 and f.lon between 236000 and 286000 and f.lat between 4620000 and 4662000');
    insert into demo.act (at, step, kind, actor, detail)
    select demo.at(demo.work(data.today() - 230, 0), 600 + t.actor), 8, 'tag', t.actor, t.label from demo.tag t
    union all
    select demo.at(demo.work(data.today() - 30, 0), 600 + t.actor), 8, 'tagged', t.actor, t.label from demo.tag t
    union all
    select demo.at(demo.work(data.today() - s.days, 0), 540 + s.n * 11), 8, 'segment', s.actor, s.n || '.' || s.version from demo.segment s;
end
$$;

-- The rule or the meaning of a segment, with the numbers that tags have.
create function demo.with_tags(words text) returns text
    language sql stable
    return replace(replace(words, '"{tag0}"', (select t.id::text from data.tag t where t.label = 'Accueil de personnes handicapées')),
                   '"{tag1}"', (select t.id::text from data.tag t where t.label = 'Clause sociale'));

-- What happens at its hour: a word is made, put on employers, a version is saved.
create procedure demo.segment_act(kind text, detail text, who demo.actor)
    language plpgsql set search_path = data, pg_temp as $$
declare
    t demo.tag := (select x from demo.tag x where x.label = detail);
    s demo.segment;
begin
    if kind = 'tag' then
        insert into tag (organisation_id, label, shared, made_by, made_at)
        values (who.organisation_id, t.label, t.shared, who.member_id, data.now());
    elsif kind = 'tagged' then
        execute format('insert into establishment_tag (tag_id, establishment_id, member_id, at)
                        select g.id, f.id, $2, data.now() from tag g, facet f
                         where g.label = $1 and f.active and (%s) and demo.u($1 || f.id) < $3', t.chosen)
            using t.label, who.member_id, t.share;
    else
        select x.* into s from demo.segment x where x.n || '.' || x.version = detail;
        if s.version = 1 then
            insert into segment (organisation_id, name, lead, shared, made_by)
            values (who.organisation_id, s.name, s.lead, s.shared, who.member_id);
        end if;
        insert into segment_version (segment_id, version, rule, note, member_id)
        select x.id, s.version, demo.with_tags(s.rule::text)::jsonb, s.note, who.member_id
          from segment x where x.name = (select f.name from demo.segment f where f.n = s.n and f.version = 1);
    end if;
end
$$;

-- The end of it: the market, the codes, and today's members with the curve behind them.
create procedure demo.segments_load()
    language plpgsql set search_path = data, pg_temp as $$
declare
    s     record;
    who   demo.actor := (select a from demo.actor a where a.n = demo.writer('ml-moulins'));
    today date := data.today();
    n     integer;
begin
    call demo.market_load();
    perform data.known_rebuild();
    insert into own_column (organisation_id, name, chosen_by, chosen_at) values (who.organisation_id, 'Portefeuille', who.member_id, data.now());
    perform data.own_codes_read(who.organisation_id, 'Portefeuille');
    for s in
        select x.id, x.version, x.organisation_id, d.n, d.meaning, d.days, v.at
          from segment x
          join segment_version v on v.segment_id = x.id and v.version = x.version
          join demo.segment f on f.name = x.name and f.version = 1
          join demo.segment d on d.n = f.n and d.version = x.version
         order by x.id
    loop
        execute format('with made as (insert into segment_block (segment_id, block, members)
                                       select $1, segment_block_of(f.id), bit_or(segment_bit_of(f.id)) from facet f where f.active and (%s) group by 2
                                       returning members)
                        select coalesce(sum(bit_count(m.members)), 0) from made m',
                       replace(demo.with_tags(s.meaning), '{organisation}', s.organisation_id::text))
           into n using s.id;
        update segment x set members = n, member_version = s.version, refreshed_at = data.now() where x.id = s.id;
        -- The curve behind today's figure: some come and go each week.
        insert into segment_day (segment_id, day, entered, gone, members)
        select s.id, w.day, w.entered, w.gone, n - coalesce(sum(w.entered - w.gone) over (order by w.day desc rows between unbounded preceding and 1 preceding), 0)
          from (select today - 7 * k as day, floor(demo.u('in' || s.n || k) * (1 + n * 0.02))::integer as entered,
                       floor(demo.u('out' || s.n || k) * (1 + n * 0.012))::integer as gone
                  from generate_series(0, least(12, s.days / 7)) k) w;
    end loop;
    delete from segment_touched;
end
$$;
