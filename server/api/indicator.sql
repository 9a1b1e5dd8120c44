-- Indicators: definitions, figures and the employers behind them.

-- indicators_list() -> json*
select row_to_json(r) from (
    select i.code, i.name, i.sentence, i.unit, i.kind, i.better, i.counted, i.out_of, i.by_area from data.indicator i order by i.rank
) r;

-- figures_document(level text, within text, from text?, to text?, network text?, organisation bigint?, segment bigint?, naf text?, sizes text?, codes text?) -> json
select api.indicator_document(:level, :within, coalesce(data.month_number(:from), data.month_of(data.now()) - 11)::integer,
                              coalesce(data.month_number(:to), data.month_of(data.now()))::integer, :network, :organisation, :segment,
                              :naf, :sizes, :codes);

-- figures_cells(level text, within text, from text?, to text?, network text?, organisation bigint?, segment bigint?, naf text?, sizes text?, codes text?) -> row*
-- The same, one cell per row, area by area as one looks for a name, sizes from the smallest, the whole first; indicators in their order.
select f.area, f.name, f.code, f.n, f.out_of, f.value, f.hidden, i.name, i.unit, i.counted, i.out_of, i.sentence
  from api.indicator_figures(:level, :within, coalesce(data.month_number(:from), data.month_of(data.now()) - 11)::integer,
                             coalesce(data.month_number(:to), data.month_of(data.now()))::integer, :network, :organisation, :segment,
                             :naf, :sizes, :codes) f
  join data.indicator i on i.code = f.code
 order by f.area <> '', case when :level = 'size' then lpad(f.area, 7) end collate "C", f.name collate "fr-x-icu", f.area collate "C", i.rank;

-- figures_lines(level text, within text, from text?, to text?, network text?, organisation bigint?, segment bigint?, naf text?, sizes text?, codes text?) -> row*
-- The same, in the same order, as the lines of a file for spreadsheets: a hidden figure says so, an unknown one stays empty. Each line ends with the question and, of one
-- indicator, what it means; of several, the first line alone says that of all: it is longer than their figures.
with f as materialized (
    select f.*, i.name as title, i.unit, i.counted, i.out_of as per, i.rank, api.indicator_meaning(i) as meaning,
           row_number() over (order by f.area <> '', case when :level = 'size' then lpad(f.area, 7) end collate "C", f.name collate "fr-x-icu", f.area collate "C", i.rank) as ord
      from api.indicator_figures(:level, :within, coalesce(data.month_number(:from), data.month_of(data.now()) - 11)::integer,
                                 coalesce(data.month_number(:to), data.month_of(data.now()))::integer, :network, :organisation, :segment,
                                 :naf, :sizes, :codes) f
      join data.indicator i on i.code = f.code
), cell as (
    select f.area, f.name, f.rank, f.ord, c.place, c.title, c.text
      from f
     cross join lateral (
        select 1 as place, f.title || case f.unit when 'percent' then ' (%)' when 'days' then ' (jours)' else '' end as title,
               case when f.hidden then 'masqué'
                    else replace(case f.unit when 'percent' then round(f.value * 100, 1) when 'count' then f.value else round(f.value, 2) end::text, '.', ',') end as text
         union all
        select 2, f.title || ' : ' || f.counted, case when f.hidden then 'masqué' else f.n::text end where f.per is not null
         union all
        select 3, f.title || ' : ' || f.per, case when f.hidden then 'masqué' else f.out_of::text end where f.per is not null) c
), line as (
    select c.area, c.name, min(c.ord) as ord, array_agg(coalesce(c.text, '') order by c.rank, c.place) as cells,
           array_agg(c.title order by c.rank, c.place) as titles
      from cell c group by c.area, c.name
), meaning as (
    select string_agg(m.meaning, ' | ' order by m.rank) as words, count(*) = 1 as is_one from (select distinct f.rank, f.meaning from f) m
), asked as materialized (
    -- Written once, for all lines.
    select ';' || data.csv_line(array[q.place, q.first, q.last, q.filters, q.told], ';') || ';' as tail, data.csv_cell(m.words, ';') as meaning, m.is_one
      from api.question_cells(:within, coalesce(data.month_number(:from), data.month_of(data.now()) - 11)::integer,
                              coalesce(data.month_number(:to), data.month_of(data.now()))::integer, :network, :organisation, :segment, :naf, :sizes) q cross join meaning m
)
select x.text from (
    select 0::bigint as ord, data.csv_line(array['Code', 'Nom'] || (select l.titles from line l order by l.ord limit 1)
                                           || array['Territoire', 'Du', 'Au', 'Filtres', 'Chiffres du', 'Définitions'], ';') as text
     union all
    select l.ord, data.csv_line(array[l.area, l.name] || l.cells, ';') || a.tail || case when a.is_one or l.ord = min(l.ord) over () then a.meaning else '' end
      from line l cross join asked a
) x where x.text is not null order by x.ord;

-- figures_question(within text, from text?, to text?, network text?, organisation bigint?, segment bigint?, naf text?, sizes text?) -> row*
-- What the answer is an answer to, label and words; the day of its figures last.
select w.label, w.words
  from api.question_words(:within, coalesce(data.month_number(:from), data.month_of(data.now()) - 11)::integer,
                          coalesce(data.month_number(:to), data.month_of(data.now()))::integer, :network, :organisation, :segment, :naf, :sizes) w
 union all
select 'Chiffres du', to_char(data.now() at time zone 'Europe/Paris', 'DD/MM/YYYY HH24 "h" MI')
 where auth.role() is not null;

-- figures_file(kind text, within text, from text?, to text?) -> row
-- What a file of the answer is called, without what its kind adds.
select api.question_file(:kind, :within, coalesce(data.month_number(:from), data.month_of(data.now()) - 11)::integer,
                         coalesce(data.month_number(:to), data.month_of(data.now()))::integer);

-- figures_map(level text, within text, from text?, to text?, network text?, organisation bigint?, segment bigint?, naf text?, sizes text?, codes text?) -> json
-- The same, with the whole outline of each area asked for, as the database has it, and beside them the question, the whole, and what the figures mean.
-- Each value is a property of its own as well: programs that draw maps read no object in an object.
with item as materialized (
    select f.area, f.name, ('{' || string_agg(data.indicator_member(f.code, f.n, f.out_of, f.value, f.hidden), ',') || '}')::json as figures,
           jsonb_object_agg(f.code, f.value) as "values"
      from api.indicator_figures(:level, :within, coalesce(data.month_number(:from), data.month_of(data.now()) - 11)::integer,
                                 coalesce(data.month_number(:to), data.month_of(data.now()))::integer, :network, :organisation, :segment,
                                 :naf, :sizes, :codes) f
     group by f.area, f.name
)
select json_build_object('type', 'FeatureCollection', 'at', data.now(),
           'question', json_strip_nulls(json_build_object('level', :level, 'within', nullif(:within, ''),
               'from', data.month_text(coalesce(data.month_number(:from), data.month_of(data.now()) - 11)), 'to', data.month_text(coalesce(data.month_number(:to), data.month_of(data.now()))),
               'network', :network, 'organisation', :organisation, 'segment', :segment, 'naf', :naf, 'size', :sizes, 'codes', :codes)),
           'words', (select string_agg(w.words, ', ') from api.question_words(:within, coalesce(data.month_number(:from), data.month_of(data.now()) - 11)::integer,
                         coalesce(data.month_number(:to), data.month_of(data.now()))::integer, :network, :organisation, :segment, :naf, :sizes) w),
           'indicators', (select json_agg(json_build_object('code', d.code, 'name', d.name, 'unit', d.unit, 'counted', d.counted, 'out_of', d.out_of,
                                                            'sentence', d.sentence) order by d.rank)
                            from data.indicator d where d.code in (select json_object_keys(k.figures) from (select i.figures from item i limit 1) k)),
           'whole', (select w.figures from item w where w.area = ''),
           'features', coalesce(json_agg(json_build_object('type', 'Feature',
           'properties', jsonb_build_object('code', i.area, 'name', i.name, 'figures', i.figures) || i."values",
           'geometry', ext.ST_AsGeoJSON(coalesce(c.cell, z.shape), 6)::json) order by i.name collate "fr-x-icu", i.area) filter (where i.area <> ''), '[]'))
  from item i
  left join data.commune c on :level = 'commune' and c.code = i.area
  left join data.zone z on z.level = :level and z.code = i.area;

-- figure_employers(indicator text, within text, from text?, to text?, network text?, organisation bigint?, segment bigint?, naf text?, sizes text?, most bigint) -> json
-- The first ones, and how many there are with their sum: the figure.
with e as materialized (
    select row_number() over () as ord, e.*
      from api.indicator_employers(:indicator, :within, coalesce(data.month_number(:from), data.month_of(data.now()) - 11)::integer,
                                   coalesce(data.month_number(:to), data.month_of(data.now()))::integer, :network, :organisation, :segment,
                                   :naf, :sizes) e
)
select json_build_object('employers', (select count(*) from e), 'n', (select coalesce(sum(e.n), 0) from e),
    'items', (select coalesce(json_agg(json_build_object('id', e.id, 'name', e.name, 'city', e.city, 'siret', e.siret, 'n', e.n) order by e.ord), '[]')
                from e where e.ord <= :most));

-- figure_employers_lines(indicator text, within text, from text?, to text?, network text?, organisation bigint?, segment bigint?, naf text?, sizes text?) -> row*
-- Each line ends with the question, as those of figures do.
select e.siret as "SIRET", e.name as "Établissement", e.city as "Commune", e.n as "Compte", q.place as "Territoire", q.first as "Du", q.last as "Au",
       q.filters as "Filtres", q.told as "Chiffres du", api.indicator_meaning(i) as "Définitions"
  from api.indicator_employers(:indicator, :within, coalesce(data.month_number(:from), data.month_of(data.now()) - 11)::integer,
                               coalesce(data.month_number(:to), data.month_of(data.now()))::integer, :network, :organisation, :segment,
                               :naf, :sizes) e
 cross join api.question_cells(:within, coalesce(data.month_number(:from), data.month_of(data.now()) - 11)::integer,
                               coalesce(data.month_number(:to), data.month_of(data.now()))::integer, :network, :organisation, :segment, :naf, :sizes) q
  join data.indicator i on i.code = :indicator;

-- diagnosis_document(within text) -> json?
select j from (select api.diagnosis(:within) as j) x where j is not null;
