-- Committee packs. The rules are in schema/api/79_pack.sql.

-- packs_list(before bigint, most bigint) -> json*
select row_to_json(r), r.id::text from api.pack_row r where r.id < :before order by r.id desc limit :most;

-- pack_new(title text, kind text, within text, from text, to text, held_on date, again bigint?) -> row
-- Returns its id.
select api.pack_make(:title, :kind, :within, data.month_number(:from), data.month_number(:to), :held_on, :again);

-- pack_changed(id bigint, version bigint, title text?, kind text?, within text?, from text?, to text?, held_on date?) -> void
select api.pack_change(:id, :version::integer, :title, :kind, :within, data.month_number(:from), data.month_number(:to), :held_on);

-- pack_said(id bigint, part text, words text, version bigint) -> void
select api.pack_say(:id, :part, :words, :version::integer);

-- pack_saying(id bigint, part text) -> json
select json_build_object('text', c.text, 'version', c.version, 'member', m.name, 'at', c.at)
  from data.pack_comment c join data.member m on m.id = c.member_id where c.pack_id = :id and c.part = :part;

-- pack_frozen(id bigint, version bigint?, read text?) -> void
select api.pack_freeze(:id, :version::integer, :read::jsonb);

-- pack_dropped(id bigint) -> void
select api.pack_drop(:id);

-- pack_document(id bigint) -> json
-- The pack with its document, and what is said of a draft as it is edited.
select json_build_object('id', r.id, 'title', r.title, 'kind', r.kind, 'within', r.within, 'place', r.place, 'from', r."from", 'to', r."to",
                         'held_on', r.held_on, 'organisation', r.organisation, 'member', r.member, 'made_at', r.made_at, 'version', r.version,
                         'frozen', r.frozen,
                         'comments', (select coalesce(json_object_agg(c.part, json_build_object('text', c.text, 'version', c.version,
                                                          'member', m.name, 'at', c.at)), '{}')
                                        from data.pack_comment c join data.member m on m.id = c.member_id where c.pack_id = r.id),
                         'content', api.pack_content(r.id)::json)
  from api.pack_row r where r.id = :id;

-- pack_bytes(id bigint) -> json
-- Of a frozen pack, the very text whose SHA-256 is its hash.
select api.pack_content(r.id) from api.pack_row r where r.id = :id;

-- pack_cells(id bigint) -> row*
-- The document as cells, indicator by indicator: what it is, then part, name, n, out of, value, hidden.
with c as materialized (
    select api.pack_content(r.id)::json as j from api.pack_row r where r.id = :id
), d as (
    select x.i, x.ord from c cross join lateral json_array_elements(c.j -> 'indicators') with ordinality x (i, ord)
), item as materialized (
    select 1 as place, 0::bigint as ord, 'Ensemble' as part, '' as name, c.j -> 'whole' as figures from c
     union all
    select 2, 0, 'Ensemble, période précédente', data.period_words(data.month_number(c.j ->> 'before_from'), data.month_number(c.j ->> 'before_to')), c.j -> 'before' from c
     union all
    select b.place, x.ord, b.part, case b.key when 'months' then data.month_words(data.month_number(x.item ->> 'area')) else x.item ->> 'name' end, x.item -> 'figures'
      from c
     cross join (values (3, 'areas', 'Zones'), (4, 'networks', 'Réseaux'), (5, 'organisations', 'Structures'),
                        (6, 'sectors', 'Activités'), (7, 'sizes', 'Effectifs'), (8, 'months', 'Mois')) b (place, key, part)
     cross join lateral json_array_elements(c.j -> b.key) with ordinality x (item, ord)
)
select d.i ->> 'code', d.i ->> 'name', d.i ->> 'unit', d.i ->> 'counted', d.i ->> 'out_of', d.i ->> 'sentence', item.part, item.name,
       (f.figure ->> 'n')::bigint, (f.figure ->> 'out_of')::bigint, (f.figure ->> 'value')::float8, coalesce((f.figure ->> 'hidden')::boolean, false)
  from d cross join item
 cross join lateral (select item.figures -> (d.i ->> 'code') as figure) f
 order by d.ord, item.place, item.ord;

-- pack_head(id bigint) -> row?
-- Title, place, period, what it is a copy of: as the document itself says it, whatever zones are called since; what its workbook is called.
select c.j ->> 'title', c.j ->> 'place', data.period_words(data.month_number(c.j ->> 'from'), data.month_number(c.j ->> 'to')),
       to_char((c.j ->> 'held_on')::date, 'DD/MM/YYYY'),
       case when r.frozen is null then 'Brouillon : les chiffres sont ceux du ' || to_char(data.today(), 'DD/MM/YYYY')
            else 'Figé le ' || to_char((r.frozen ->> 'at')::timestamptz at time zone 'Europe/Paris', 'DD/MM/YYYY')
                 || ', empreinte SHA-256 ' || (r.frozen ->> 'hash') end,
       api.question_file('comite', c.j ->> 'within', data.month_number(c.j ->> 'from')::integer, data.month_number(c.j ->> 'to')::integer) || '.xlsx'
  from api.pack_row r cross join lateral (select api.pack_content(r.id)::json as j offset 0) c where r.id = :id;

-- pack_sayings(id bigint) -> row*
-- What is said, part by part.
select b.label, x.c ->> 'text'
  from (select api.pack_content(r.id)::json -> 'comments' as j from api.pack_row r where r.id = :id) c
 cross join (values (1, 'summary', 'Synthèse'), (2, 'coverage', 'Couverture'), (3, 'means', 'Moyens'), (4, 'results', 'Résultats'),
                    (5, 'trends', 'Évolution'), (6, 'targets', 'Objectifs'), (7, 'plans', 'Plans'), (8, 'decisions', 'Décisions du comité')) b (place, part, label)
 cross join lateral (select c.j -> b.part as c) x
 where x.c is not null
 order by b.place;

-- pack_targets(id bigint) -> row*
-- What was wanted, of whom, where and when; what there is, and how it stands. The unit says how the two numbers are written.
select i.i ->> 'name', coalesce(t.target #>> '{organisation,short_name}', 'Tous les partenaires'), t.target ->> 'place',
       data.period_words(data.month_number(t.target ->> 'from'), data.month_number(t.target ->> 'to')),
       case (t.target ->> 'state') when 'ahead' then 'À venir' when 'on_track' then 'Dans le rythme' when 'behind' then 'En retard'
                                   when 'reached' then 'Atteint' when 'missed' then 'Manqué' else 'Inconnu' end,
       i.i ->> 'unit', (t.target ->> 'goal')::float8, (t.target ->> 'value')::float8, coalesce((t.target ->> 'hidden')::boolean, false)
  from (select api.pack_content(r.id)::json as j from api.pack_row r where r.id = :id) c
 cross join lateral json_array_elements(c.j -> 'targets') with ordinality t (target, ord)
  join lateral json_array_elements(c.j -> 'indicators') i (i) on i.i ->> 'code' = t.target ->> 'indicator'
 order by t.ord;

-- pack_plan_rows(id bigint) -> row*
-- Plan by plan and partner by partner: promised, kept, late, signatures given and asked for, then done and agreed of the
-- four objectives; whether signatures are told: copies of once have none.
select p.plan ->> 'name', r.part #>> '{organisation,short_name}', (r.part ->> 'promised')::bigint, (r.part ->> 'kept')::bigint,
       (r.part ->> 'late')::bigint, (r.part ->> 'signed')::bigint, (r.part ->> 'asked')::bigint,
       (r.part #>> '{goals,visits,done}')::bigint, (r.part #>> '{goals,visits,agreed}')::bigint,
       (r.part #>> '{goals,first_contacts,done}')::bigint, (r.part #>> '{goals,first_contacts,agreed}')::bigint,
       (r.part #>> '{goals,needs,done}')::bigint, (r.part #>> '{goals,needs,agreed}')::bigint,
       (r.part #>> '{goals,offers,done}')::bigint, (r.part #>> '{goals,offers,agreed}')::bigint, r.part::jsonb ? 'asked'
  from (select api.pack_content(r.id)::json -> 'plans' as j from api.pack_row r where r.id = :id) c
 cross join lateral json_array_elements(c.j) with ordinality p (plan, ord)
 cross join lateral json_array_elements(p.plan -> 'partners') with ordinality r (part, ord)
 order by p.ord, r.ord;
