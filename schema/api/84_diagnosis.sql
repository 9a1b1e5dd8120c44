-- Territorial diagnosis: what is known of an area, on one page, with where each figure comes from and of when.

-- Everything known of an area of the acting territory ('' is all of it). Counts that partners made are told to observers in
-- multiples of five; those of public files are public. Null when the area is not there, or nothing is for who asks.
create or replace function api.diagnosis(within text) returns json
    language sql stable security definer set search_path = data, pg_temp as $$
    with place as materialized (
        select c.number, c.code, c.name, c.population from data.communes_within(diagnosis.within, auth.territory()) p join commune c on c.number = p.commune
         where auth.is_partner() or auth.role() = 'observer'
    ), who as materialized (
        select auth.role() = 'observer' as reserved, data.month_of(data.now()) as month
    ), market as materialized (
        select distinct b.bassin from place p join bassin_commune b on b.commune_code = p.code
    ), wanted as materialized (
        -- Needs and offers of the last two years, by occupation and commune.
        select x.rome, x.commune, sum(x.needs) as needs, sum(x.offers) as offers
          from (select n.rome, f.commune, n.posts as needs, 0 as offers from need n join facet f on f.id = n.establishment_id
                 where f.commune in (select p.number from place p) and n.declared_at > data.now() - interval '24 months' and n.state <> 'abandoned'
                 union all
                select o.rome, f.commune, 0, o.posts from offer o join facet f on f.id = o.establishment_id
                 where f.commune in (select p.number from place p) and o.confirmed_at > data.now() - interval '24 months') x
         where x.rome is not null
         group by x.rome, x.commune
    ), occupation as materialized (
        select w.rome, sum(w.needs) as needs, sum(w.offers) as offers from wanted w group by w.rome order by sum(w.needs) + sum(w.offers) desc, w.rome limit 15
    )
    select json_build_object(
        'within', diagnosis.within, 'place', data.area_name(diagnosis.within, auth.territory()), 'at', data.now(), 'reserved', w.reserved,
        -- A town and its districts are one commune.
        'communes', (select count(*) from place p where not exists (select from place t where t.code = data.town_of(p.code))),
        'population', (select sum(p.population) from place p where not exists (select from place t where t.code = data.town_of(p.code))),
        'figures', data.pack_figures('all', diagnosis.within, w.month - 11, w.month::integer) -> 0 -> 'figures',
        'months', data.pack_figures('month', diagnosis.within, w.month - 11, w.month::integer),
        'level', l.level,
        'areas', case when l.level is not null then data.pack_figures(l.level, diagnosis.within, w.month - 11, w.month::integer) else '[]' end,
        'shapes', case when l.level is not null then data.pack_shapes(l.level, diagnosis.within, auth.territory()) end,
        'sectors', (select coalesce(json_agg(json_build_object('code', x.division, 'label', coalesce(n.label, 'Activité inconnue'), 'establishments', x.n,
                               -- Whom it is worth to go to is of the partners' making, not of the register's.
                               'strong', data.told(x.strong, w.reserved)) order by x.n desc), '[]')
                      from (select s.division, sum(s.establishments) as n, sum(s.strong) as strong from stock s join place p on p.number = s.commune
                             group by s.division order by sum(s.establishments) desc limit 15) x
                      left join naf n on n.level = 2 and n.code = lpad(x.division::text, 2, '0')),
        'sizes', (select coalesce(json_agg(json_build_object('code', x.size, 'label', coalesce(b.label, 'Effectif inconnu'), 'establishments', x.n) order by x.size nulls last), '[]')
                    from (select s.size, sum(s.establishments) as n from stock s join place p on p.number = s.commune group by s.size) x
                    left join size_band b on b.code = lpad(x.size::text, 2, '0')),
        'projects', (select coalesce(json_agg(json_build_object('label', x.label, 'projects', x.projects, 'difficult', x.difficult, 'seasonal', x.seasonal) order by x.projects desc), '[]')
                       from (select b.label, sum(b.projects) as projects, sum(b.difficult) as difficult, sum(b.seasonal) as seasonal
                               from bmo b join market m on m.bassin = b.bassin group by b.fap, b.label order by sum(b.projects) desc limit 15) x),
        'projects_all', (select sum(b.projects) from bmo b join market m on m.bassin = b.bassin),
        'tensions', (select coalesce(json_agg(json_build_object('rome', x.rome, 'label', x.label, 'level', x.level) order by x.level desc, x.hires desc, x.label), '[]')
                       from (select t.rome, r.label, round(avg(t.level), 1) as level, coalesce(max(h.hires), 0) as hires
                               from tension t join market m on m.bassin = t.bassin join rome r on r.code = t.rome
                               left join (select y.rome, sum(y.hires) as hires from hiring y group by y.rome) h on h.rome = t.rome
                              group by t.rome, r.label order by avg(t.level) desc, max(h.hires) desc nulls last, r.label limit 15) x),
        'occupations', (select coalesce(json_agg(json_build_object('rome', o.rome, 'label', r.label,
                               'needs', data.told(o.needs::bigint, w.reserved), 'offers', data.told(o.offers::bigint, w.reserved),
                               'areas', case when l.level is not null then (
                                   select coalesce(json_agg(json_build_object('area', y.area, 'n', data.told(y.n::bigint, w.reserved))), '[]')
                                     from (select coalesce(z.code, k.code) as area, sum(x.needs + x.offers) as n
                                             from wanted x
                                             left join commune k on l.level = 'commune' and k.number = x.commune
                                             left join zone_commune zc on zc.level = l.level and zc.commune = x.commune
                                             left join zone z on z.id = zc.zone_id
                                            where x.rome = o.rome group by 1) y where y.area is not null) else '[]' end)
                               order by o.needs + o.offers desc, r.label), '[]')
                          from occupation o join rome r on r.code = o.rome),
        'bassins', (select coalesce(json_agg(b.name order by b.name), '[]') from market m join bassin b on b.code = m.bassin),
        'sources', json_build_object('survey', (select max(b.year) from bmo b join market m on m.bassin = b.bassin),
                                     'tension', (select max(t.year) from tension t join market m on m.bassin = t.bassin),
                                     'register', (select max(f.received_at) from source_file f where f.kind in ('sirene', 'demo') and f.state = 'done')))
      from who w
     cross join lateral (select case coalesce(substring(diagnosis.within from '([a-z]+):[^:]*$'), '') when '' then 'epci' when 'region' then 'departement' when 'departement' then 'epci'
                                     when 'bassin' then 'commune' when 'epci' then 'commune' end as level) l
     where exists (select from place)
$$;
