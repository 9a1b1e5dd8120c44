-- Territorial diagnosis: what is known of an area, on one page, with where each figure comes from and of when.

-- Everything known of an area of the acting territory ('' is all of it). Counts of the shared list, to which partners add, and those that
-- partners made are told to observers as data.told tells them, in the order of what is told; those of public surveys are public. Null when the
-- area is not there, or nothing is for who asks.
--
-- `needs` and `offers` of an occupation are posts; `unknown` counts needs of whom nobody knows how many posts. `posts`, of the list and of its areas, counts
-- an offer that was made of a counted need with that need: once.
create or replace function api.diagnosis(within text) returns json
    language sql stable security definer set search_path = data, pg_temp as $$
    with place as materialized (
        select c.number, c.code, c.name, c.population from data.communes_within(diagnosis.within, auth.territory()) p join commune c on c.number = p.commune
         where auth.is_partner() or auth.role() = 'observer'
    ), who as materialized (
        select auth.role() = 'observer' as reserved, data.month_of(data.now()) as month
    ), hidden as materialized (
        select case when w.reserved then data.told_salt() end as salt, data.told_place(array(select p.number from place p)) as place from who w
    ), market as materialized (
        select distinct b.bassin from place p join bassin_commune b on b.commune_code = p.code
    ), area as materialized (
        -- A zone is the part of it that was asked, whether or not anybody is wanted in it.
        select zc.level, z.code, bit_xor(hashint4extended(p.number, 0)) as place
          from place p join zone_commune zc on zc.commune = p.number join zone z on z.id = zc.zone_id group by zc.level, z.code
         union all
        select 'commune', p.code, hashint4extended(p.number, 0) from place p
    ), need_of as materialized (
        -- Needs and offers of the last two years. Surveys and imports may name a family of occupations (FAP) only.
        select n.id, coalesce(n.rome, n.fap) as code, n.rome is not null as is_rome, f.commune, n.posts from need n join facet f on f.id = n.establishment_id
         where f.commune in (select p.number from place p) and n.declared_at > data.now() - interval '24 months' and n.state <> 'abandoned'
           and coalesce(n.rome, n.fap) is not null
    ), wanted as materialized (
        select x.code, x.is_rome, x.commune, sum(x.needs) as needs, sum(x.unknown) as unknown, sum(x.offers) as offers, sum(x.needs) + sum(x.fresh) as posts
          from (select n.code, n.is_rome, n.commune, coalesce(n.posts, 0) as needs, (n.posts is null)::integer as unknown, 0 as offers, 0 as fresh from need_of n
                 union all
                select o.rome, true, f.commune, 0, 0, o.posts, case when exists (select from need_of n where n.id = o.need_id and n.posts is not null) then 0 else o.posts end
                  from offer o join facet f on f.id = o.establishment_id
                 where f.commune in (select p.number from place p) and o.confirmed_at > data.now() - interval '24 months' and o.rome is not null) x
         group by x.code, x.is_rome, x.commune
    ), occupation as materialized (
        select x.*, row_number() over (order by x.posts desc nulls last, x.unknown desc nulls last, x.label) as ord
          from (select w.code, w.is_rome, coalesce(r.label, f.label, w.code) as label, told_as(sum(w.needs)::bigint, w.code || ' needs', h.salt, h.place, '') as needs,
                       told_as(sum(w.unknown)::bigint, w.code || ' unknown', h.salt, h.place, '') as unknown, told_as(sum(w.offers)::bigint, w.code || ' offers', h.salt, h.place, '') as offers,
                       told_as(sum(w.posts)::bigint, w.code || ' posts', h.salt, h.place, '') as posts
                  from wanted w left join rome r on w.is_rome and r.code = w.code left join fap f on not w.is_rome and f.code = w.code cross join hidden h
                 group by w.code, w.is_rome, r.label, f.label, h.salt, h.place) x
         -- What observers are not told of is not in their list either.
         where x.needs is not null or x.unknown is not null or x.offers is not null or x.posts is not null
         order by ord limit 15
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
        'sectors', (select coalesce(json_agg(json_build_object('code', x.division, 'label', x.label, 'establishments', x.n, 'strong', case when x.strong is not null then least(x.strong, x.n) end) order by x.n desc nulls last, x.label), '[]')
                      from (select s.division, coalesce(n.label, 'Activité inconnue') as label, told_as(sum(s.establishments), 'establishments', h.salt, h.place, '') as n,
                                   told_as(sum(s.strong), 'strong', h.salt, h.place, '') as strong
                              from stock s join place p on p.number = s.commune left join naf n on n.level = 2 and n.code = lpad(s.division::text, 2, '0') cross join hidden h
                             group by s.division, n.label, h.salt, h.place
                            having told_as(sum(s.establishments), 'establishments', h.salt, h.place, '') is not null
                             order by 3 desc, 2 limit 15) x),
        'sizes', (select coalesce(json_agg(json_build_object('code', x.size, 'label', coalesce(b.label, 'Effectif inconnu'),
                             'establishments', told_as(x.n, 'establishments', h.salt, h.place, '')) order by x.size nulls last), '[]')
                    from (select b.size, coalesce(sum(s.establishments) filter (where p.number is not null), 0) as n
                            from (select c.code::smallint as size from size_band c union all select null) b
                            left join stock s on s.size is not distinct from b.size
                            left join place p on p.number = s.commune
                           group by b.size) x
                   cross join hidden h
                    left join size_band b on b.code = lpad(x.size::text, 2, '0')
                   -- Who is told everything is told of the bands in which somebody is.
                   where h.salt is not null or x.n > 0),
        'projects', (select coalesce(json_agg(json_build_object('label', x.label, 'projects', x.projects, 'difficult', x.difficult, 'seasonal', x.seasonal) order by x.projects desc), '[]')
                       from (select b.label, sum(b.projects) as projects, sum(b.difficult) as difficult, sum(b.seasonal) as seasonal
                               from bmo b join market m on m.bassin = b.bassin group by b.fap, b.label order by sum(b.projects) desc limit 15) x),
        'projects_all', (select sum(b.projects) from bmo b join market m on m.bassin = b.bassin),
        'tensions', (select coalesce(json_agg(json_build_object('rome', x.rome, 'label', x.label, 'level', x.level) order by x.level desc, x.hires desc, x.label), '[]')
                       from (select t.rome, r.label, round(avg(t.level), 1) as level, coalesce(max(h.hires), 0) as hires
                               from tension t join market m on m.bassin = t.bassin join rome r on r.code = t.rome
                               left join (select y.rome, sum(y.hires) as hires from hiring y group by y.rome) h on h.rome = t.rome
                              group by t.rome, r.label order by avg(t.level) desc, max(h.hires) desc nulls last, r.label limit 15) x),
        'occupations', (select coalesce(json_agg(json_build_object('code', o.code, 'kind', case when o.is_rome then 'rome' else 'fap' end, 'label', o.label,
                               'needs', o.needs, 'unknown', o.unknown, 'offers', o.offers, 'posts', o.posts,
                               'areas', case when l.level is not null then (
                                   select coalesce(json_agg(json_build_object('area', t.area, 'n', t.n)), '[]')
                                     from (select y.area, told_as(y.n::bigint, o.code || ' posts', h.salt, a.place, '') as n, h.salt
                                             from (select coalesce(z.code, k.code) as area, sum(x.posts) as n
                                                     from wanted x
                                                     left join commune k on l.level = 'commune' and k.number = x.commune
                                                     left join zone_commune zc on zc.level = l.level and zc.commune = x.commune
                                                     left join zone z on z.id = zc.zone_id
                                                    where x.code = o.code and x.is_rome = o.is_rome group by 1) y
                                             join area a on a.level = l.level and a.code = y.area cross join hidden h) t
                                    -- An area with nothing to tell is none: zero and four read alike.
                                    where t.salt is null or t.n is not null) else '[]' end)
                               order by o.ord), '[]')
                          from occupation o),
        'bassins', (select coalesce(json_agg(b.name order by b.name collate "fr-x-icu"), '[]') from market m join bassin b on b.code = m.bassin),
        'sources', json_build_object('survey', (select max(b.year) from bmo b join market m on m.bassin = b.bassin),
                                     'tension', (select max(t.year) from tension t join market m on m.bassin = t.bassin),
                                     'register', (select max(f.received_at) from source_file f where f.kind in ('sirene', 'demo') and f.state = 'done')))
      from who w
     cross join lateral (select case coalesce(substring(diagnosis.within from '([a-z]+):[^:]*$'), '') when '' then 'epci' when 'region' then 'departement' when 'departement' then 'epci'
                                     when 'bassin' then 'commune' when 'epci' then 'commune' end as level) l
     where exists (select from place)
$$;
