-- About `count` establishments that do not exist, on the 317 communes.

create unlogged table demo.draft (
    n            integer primary key,
    naf          text not null,
    company      integer not null,
    nic          integer not null,
    siren        text not null,
    siret        text not null,
    is_head      boolean not null,
    is_solo      boolean not null,
    legal_form   text,
    legal_name   text,
    brand        text,
    address      text,
    commune_code text not null,
    bassin       text not null,
    size_band    text,
    status       text not null,
    diffusion    text not null,
    opened_on    date not null,
    closed_on    date,
    location     ext.geometry(Point, 4326)
);

-- Depends on the seed, on the day for the dates, and on nothing else.
--
-- SIREN: 000 followed by five digits and the key. No company has such a number: the oldest begin with 005, those of the
-- State with 1 or 2, and new ones continue upwards; the form stays right for every program that checks Luhn.
create procedure demo.establishments_draw(seed integer, count integer)
    language plpgsql set search_path = data, ext, pg_temp as $$
declare
    today date := data.today();
begin
    truncate demo.draft;
    insert into demo.draft
    with words as materialized (
        select demo.words('family') as family, demo.words('woman') as woman, demo.words('man') as man,
               demo.words('place') as place, demo.words('plural') as plural, demo.words('street') as street,
               demo.words('hamlet') as hamlet, demo.words('zone') as zone, demo.words('Moulins') as moulins,
               demo.words('Montluçon') as montlucon, demo.words('Vichy') as vichy
    ), place as materialized (
        select c.code, c.name, c.centre, c.cell, greatest(c.population, 40) as population, replace(t.name, 'Bassin de ', '') as bassin
          from commune c
          join territory_commune tc on tc.commune_code = c.code
          join territory t on t.id = tc.territory_id and t.kind = 'bassin'
         where c.department = '03'
    ), tilt as materialized (
        -- Where a kind of trade is found: its share of each commune, as steps from 0 to 1.
        select k.tilt, k.bassin, array_agg(k.code order by k.code) as codes, array_agg(k.upto order by k.code) as upto
          from (select x.tilt, x.bassin, p.code, sum(w) over (partition by x.tilt, x.bassin order by p.code)
                                                 / sum(w) over (partition by x.tilt, x.bassin) as upto
                  from (select distinct d.tilt, d.bassin from demo.trade d) x
                 cross join place p
                 cross join lateral (select power(p.population, greatest(0.3, 1 + 0.32 * x.tilt))
                                            * case p.bassin when x.bassin then 2.2 else 1 end as w) y) k
         group by k.tilt, k.bassin
    ), one as (
        select row_number() over (order by t.naf, k)::integer as n, t.*, k,
               demo.u(seed || ':' || t.naf || ':' || k || ':solo') < t.solo as is_solo
          from demo.trade t
         cross join lateral generate_series(1, greatest(1, round(establishments_draw.count * t.weight
                                                                 / (select sum(s.weight) from demo.trade s))::integer)) k
    ), joined as (
        -- A few belong to the company of the one before them.
        select o.*, o.k > 1 and not o.is_solo and demo.u(seed || ':' || o.n || ':branch') < 0.1
                    and not lag(o.is_solo, 1, true) over (order by o.n) as is_branch
          from one o
    ), numbered as (
        select j.*, sum(case when j.is_branch then 0 else 1 end) over (order by j.n)::integer as company from joined j
    ), placed as materialized (
        select b.*, row_number() over (partition by b.company order by b.n)::integer as rank,
               t.codes[width_bucket(demo.u(seed || ':' || b.n || ':commune'), t.upto) + 1] as code
          from numbered b join tilt t on t.tilt = b.tilt and t.bassin is not distinct from b.bassin
    ), named as materialized (
        select p.*, c.name as commune, c.bassin as area, c.centre, c.cell, c.population,
               demo.pick(w.family, demo.u(seed || ':' || p.company || ':family')) as f,
               case when demo.u(seed || ':' || p.company || ':sex') < 0.5 then demo.pick(w.woman, demo.u(seed || ':' || p.company || ':given'))
                    else demo.pick(w.man, demo.u(seed || ':' || p.company || ':given')) end as g,
               demo.u(seed || ':' || p.company || ':legal') as u_legal, demo.u(seed || ':' || p.n || ':brand') as u_brand,
               demo.u(seed || ':' || p.n || ':size') as u_size, demo.u(seed || ':' || p.n || ':street') as u_street,
               demo.u(seed || ':' || p.n || ':opened') as u_opened, demo.u(seed || ':' || p.n || ':closed') as u_closed,
               demo.u(seed || ':' || p.n || ':angle') as u_angle, demo.u(seed || ':' || p.n || ':radius') as u_radius,
               demo.u(seed || ':' || p.n || ':diffusion') as u_diffusion
          from placed p join place c on c.code = p.code cross join words w
    ), called as materialized (
        select d.*,
               replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(
                   demo.pick(string_to_array(d.names, '|'), demo.u(seed || ':' || d.company || ':pattern')),
                   '{F}', d.f), '{P}', d.g), '{deP}', demo.de(d.g)), '{P2}', demo.pick(w.woman, demo.u(seed || ':' || d.company || ':saint'))),
                   '{c}', d.commune), '{dec}', demo.de(d.commune)),
                   '{dul}', demo.pick(w.place, demo.u(seed || ':' || d.company || ':place'))),
                   '{l2}', demo.pick(w.plural, demo.u(seed || ':' || d.company || ':plural'))),
                   '{deR}', demo.pick(case d.area when 'Moulins' then w.moulins when 'Vichy' then w.vichy else w.montlucon end,
                                      demo.u(seed || ':' || d.company || ':area'))),
                   '{R}', d.area),
                   '{A}', substr('ABCDEGLMPRST', demo.between(1, 12, demo.u(seed || ':' || d.company || ':a')), 1)
                          || substr('AEIOTRMB', demo.between(1, 8, demo.u(seed || ':' || d.company || ':b')), 1)
                          || substr('BCDFGLMNPRSTV', demo.between(1, 13, demo.u(seed || ':' || d.company || ':c')), 1)
                          || case when demo.u(seed || ':' || d.company || ':d') < 0.4
                                  then substr('AEIO', demo.between(1, 4, demo.u(seed || ':' || d.company || ':e')), 1) else '' end) as sign,
               '000' || lpad((10000 + (d.company::bigint * 7919 + seed::bigint * 104729) % 90000)::text, 5, '0') as stem,
               extract(year from today)::integer - floor(power(d.u_opened, 2.2) * 45)::integer as year
          from named d cross join words w
    )
    select c.n, c.naf, c.company, c.rank + demo.between(0, 2, c.u_legal) as nic, i.siren, '', c.rank = 1, c.is_solo,
           case when c.is_solo then '1000' when c.sign like 'GAEC%' then '6533' when c.sign like 'EARL%' then '6598'
                when c.sign like 'SCEA%' then '6597' when c.sign like 'SCI%' then '6540'
                when c.naf in ('94.99Z', '93.12Z', '88.99B', '88.10A', '87.90A', '87.20A', '90.01Z', '85.31Z') then '9220'
                when c.naf = '84.11Z' then '7354' when c.u_legal < 0.36 then '5499' when c.u_legal < 0.5 then '5498'
                when c.u_legal < 0.78 then '5710' when c.u_legal < 0.95 then '5720' else '5599' end,
           case when hidden.yes then null
                when c.is_solo then demo.capitals(c.g || ' ' || c.f)
                when c.sign ~ '^(GAEC|EARL|SCEA|SCI)' or named.known then demo.capitals(c.sign)
                when c.u_legal < 0.2 then 'SARL ' || demo.capitals(c.f) when c.u_legal < 0.32 then demo.capitals(c.f) || ' ET FILS'
                when c.u_legal < 0.4 then 'ETABLISSEMENTS ' || demo.capitals(c.f)
                else demo.capitals(c.sign) end,
           case when hidden.yes or c.sign ~ '^(GAEC|EARL|SCEA|SCI)' then null
                when c.is_solo then case when c.u_brand < 0.55 and c.sign <> c.g || ' ' || c.f then c.sign end
                when named.known or c.u_legal >= 0.4 then case when c.u_brand < 0.35 then c.sign end
                else c.sign end,
           case when hidden.yes then null
                when c.population > 2500 or c.u_street < 0.5 and c.tilt > -1
                     then demo.between(1, 98, demo.u(seed || ':' || c.n || ':number')) || ' ' || demo.pick(w.street, demo.part(c.u_street * 7))
                when c.size in ('d', 'e') then demo.pick(w.zone, demo.part(c.u_street * 7)) || ' ' || demo.pick(w.place, demo.part(c.u_street * 13))
                else demo.pick(w.hamlet, demo.part(c.u_street * 11)) end,
           c.code, c.area, case when c.is_solo and s.band > '01' then null else s.band end,
           case when c.u_closed < 0.085 then 'F' else 'A' end, case when hidden.yes then 'P' else 'O' end,
           o.day, case when c.u_closed < 0.085 then o.day + ((today - 20 - o.day) * (0.3 + 0.7 * c.u_closed / 0.085))::integer end,
           case when not hidden.yes then
               -- Around the centre: close to it in the towns, further out for farms, always inside the commune.
               case when ST_Contains(c.cell, g.far) then g.far when ST_Contains(c.cell, g.near) then g.near else c.centre end end
      from called c
     cross join words w
     cross join lateral (select c.stem || demo.luhn(c.stem) as siren) i
     cross join lateral (select c.is_solo and c.u_diffusion < 0.09 as yes) hidden
     cross join lateral (select c.naf in ('94.99Z', '93.12Z', '64.19Z', '84.11Z') as known) named
     cross join lateral (select least(make_date(c.year, demo.between(1, 12, demo.part(c.u_opened * 17)), demo.between(1, 28, demo.part(c.u_opened * 29))),
                                      today - 60) as day) o
     cross join lateral (select x.band from demo.size_share x where x.size = c.size and x.upto > c.u_size order by x.upto limit 1) s
     cross join lateral (select case when c.tilt < -0.9 then 2600 when c.population > 8000 then 1100 else 700 end
                                * sqrt(-2 * ln(1 - c.u_radius * 0.98)) as metres) r
     cross join lateral (select sin(6.2831853 * c.u_angle) * r.metres / 111320 as dy,
                                cos(6.2831853 * c.u_angle) * r.metres / (111320 * cos(radians(ST_Y(c.centre)))) as dx) q
     cross join lateral (select ST_SetSRID(ST_MakePoint(round((ST_X(c.centre) + q.dx)::numeric, 5), round((ST_Y(c.centre) + q.dy)::numeric, 5)), 4326) as far,
                                ST_SetSRID(ST_MakePoint(round((ST_X(c.centre) + 0.35 * q.dx)::numeric, 5), round((ST_Y(c.centre) + 0.35 * q.dy)::numeric, 5)), 4326) as near) g;
    update demo.draft d set siret = s.stem || demo.luhn(s.stem)
      from (select n, siren || lpad(nic::text, 4, '0') as stem from demo.draft) s
     where s.n = d.n;
end
$$;

-- Into the list, as a register whose name says that nothing in it is real.
create procedure demo.establishments_load()
    language plpgsql set search_path = data, ext, pg_temp as $$
declare
    file  bigint;
    today date := data.today();
begin
    insert into source_file (kind, name, sha256, bytes, received_at, state, finished_at, encoding, separator, summary)
    select 'demo', 'Établissements fictifs de démonstration', sha256(convert_to(string_agg(d.siret, ',' order by d.n), 'UTF8')),
           0, demo.at(today - 548, 480), 'done', demo.at(today - 548, 481), 'UTF-8', ',', jsonb_build_object('read', count(*), 'created', count(*))
      from demo.draft d
    returning id into file;
    insert into company (siren, name, legal_form, size_band, diffusion, status, file_id, register_date)
    select distinct on (d.siren) d.siren, d.legal_name, d.legal_form, d.size_band, d.diffusion,
           case when bool_and(d.status = 'F') over (partition by d.siren) then 'F' else 'A' end, file, today - 12
      from demo.draft d
     order by d.siren, d.n;
    insert into establishment (siret, legal_name, brand, address, postcode, city, commune_code, location, naf, size_band, size_year,
                               is_head, status, diffusion, opened_on, closed_on, register_file, register_date)
    select d.siret, d.legal_name, d.brand, d.address, c.postcodes[1], c.name, d.commune_code, d.location, d.naf, d.size_band,
           case when d.size_band is not null then extract(year from today)::smallint - 2 end, d.is_head, d.status, d.diffusion,
           d.opened_on, d.closed_on, file, today - 12
      from demo.draft d join commune c on c.code = d.commune_code
     order by d.n;
end
$$;
