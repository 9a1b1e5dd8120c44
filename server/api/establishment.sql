-- Establishments: the shared list, its counts and points, one sheet, its timeline.

-- establishments_list(q text?, commune text?, naf text?, size text?, state text?, visited text?, segment bigint?, closed boolean, sort text, after text?, most bigint) -> json* replan
-- One page of the list. `sort`: name, size (largest first, unknown last), match (what answers `q` best first, of what it finds). The
-- position of a row is its sort key and its id; name and size have their index.
select row_to_json(r), t.position || chr(31) || t.id
  from (
    select l.*
      from (
        select f.*,
               case :sort when 'size' then lpad((99 - coalesce(f.size_band::integer, -1))::text, 3, '0') || f.sort_name
                          when 'match' then case when :q is null then f.sort_name else api.establishment_rank(api.establishment_said(:q), f.sort_name) || f.sort_name end
                          else f.sort_name end collate "C" as position
          from api.establishment_filter(:q, :commune, :naf, :size, :state, :visited, :segment, :closed) f
      ) l
     where :after is null
        or (l.position, l.id) > (split_part(:after, chr(31), 1) collate "C", split_part(:after, chr(31), 2)::bigint)
     order by l.position, l.id
     limit :most
  ) t
  cross join lateral (
    select t.id, t.siret, t.name, t.siren, t.city, t.commune_code as commune, t.naf, t.size_band, t.status, t.diffusion,
           t.state, t.last_visit_at, coalesce(t.visits, 0) as visits, t.rest_until, t.due_on,
           (select json_build_object('id', o.id, 'short_name', o.short_name, 'network', o.network, 'member', m.name)
              from data.organisation o, data.member m
             where o.id = t.holder_id and m.id = t.holder_member_id) as holder,
           ext.ST_X(t.location) as lon, ext.ST_Y(t.location) as lat
  ) r
 order by t.position, t.id;

-- establishments_by_visit(q text?, commune text?, naf text?, size text?, state text?, visited text?, segment bigint?, closed boolean, after text?, most bigint) -> json* replan
-- One page of the list: never visited first, by name, then longest ago. The first search walks the index by name; the
-- second sorts all that was visited, and is not begun as long as the first fills the page.
select row_to_json(r), t.part || t.position || chr(31) || t.id
  from (
    select u.*
      from (
        (select f.*, '0' as part, f.sort_name as position
           from api.establishment_filter(:q, :commune, :naf, :size, :state, :visited, :segment, :closed) f
          where coalesce(f.last_visit_at, '-infinity') < '0001-01-01'
            and (:after is null or (left(:after, 1) = '0' and (f.sort_name, f.id)
                     > (substr(split_part(:after, chr(31), 1), 2) collate "C", split_part(:after, chr(31), 2)::bigint)))
          order by f.sort_name, f.id
          limit :most)
        union all
        (select l.*
           from (
             select f.*, '1', (to_char(f.last_visit_at at time zone 'UTC', 'YYYYMMDDHH24MISSUS') || f.sort_name) collate "C" as position
               from api.establishment_filter(:q, :commune, :naf, :size, :state, :visited, :segment, :closed) f
              where f.last_visit_at is not null
           ) l
          where :after is null or left(:after, 1) = '0'
             or (l.position, l.id) > (substr(split_part(:after, chr(31), 1), 2) collate "C", split_part(:after, chr(31), 2)::bigint)
          order by l.position, l.id
          limit :most)
      ) u
     limit :most
  ) t
  cross join lateral (
    select t.id, t.siret, t.name, t.siren, t.city, t.commune_code as commune, t.naf, t.size_band, t.status, t.diffusion,
           t.state, t.last_visit_at, coalesce(t.visits, 0) as visits, t.rest_until, t.due_on,
           (select json_build_object('id', o.id, 'short_name', o.short_name, 'network', o.network, 'member', m.name)
              from data.organisation o, data.member m
             where o.id = t.holder_id and m.id = t.holder_member_id) as holder,
           ext.ST_X(t.location) as lon, ext.ST_Y(t.location) as lat
  ) r
 order by t.part, t.position, t.id;

-- establishments_counts(q text?, commune text?, naf text?, size text?, state text?, visited text?, segment bigint?, closed boolean) -> json replan
-- How many lines the filters leave, in all, by state and by commune.
with f as materialized (
    select l.commune_code, l.state, l.last_visit_at is null as never
      from api.establishment_filter(:q, :commune, :naf, :size, :state, :visited, :segment, :closed) l
)
select json_build_object(
    'total', count(*), 'free', count(*) filter (where state = 'free'), 'promised', count(*) filter (where state = 'promised'),
    'resting', count(*) filter (where state = 'resting'), 'opposed', count(*) filter (where state = 'opposed'),
    'never_visited', count(*) filter (where never),
    'communes', coalesce((select json_agg(c) from (
        select g.commune_code as commune, count(*) as establishments, count(*) filter (where g.state = 'promised') as promised,
               count(*) filter (where g.never) as never_visited
          from f g where g.commune_code is not null group by g.commune_code order by g.commune_code) c), '[]'))
  from f;

-- establishments_points(q text?, commune text?, naf text?, size text?, state text?, visited text?, segment bigint?, closed boolean, west double precision, south double precision, east double precision, north double precision) -> json* replan
-- Places of the lines within a box, at most 5 000.
select row_to_json(r)
  from (
    select l.id, round(ext.ST_X(l.location)::numeric, 5) as lon, round(ext.ST_Y(l.location)::numeric, 5) as lat, l.state,
           o.network, l.name
      from api.establishment_filter(:q, :commune, :naf, :size, :state, :visited, :segment, :closed) l
      left join data.organisation o on o.id = l.holder_id
     where l.location operator(ext.&&) ext.ST_MakeEnvelope(:west, :south, :east, :north, 4326)
     order by l.id
     limit 5000
  ) r;

-- establishment_sheet(id bigint) -> json
-- One establishment with everything that hangs on it, as far as the reader may see.
select json_build_object(
    'id', e.id, 'siret', e.siret, 'siren', e.siren, 'name', e.name, 'legal_name', e.legal_name, 'usual_name', e.usual_name,
    'brand', e.brand, 'address', e.address, 'postcode', e.postcode, 'city', e.city, 'commune', e.commune_code,
    'commune_name', c.name, 'naf', e.naf, 'naf_label', n.label, 'naf_legacy', e.naf_legacy, 'size_band', e.size_band,
    'size_label', b.label, 'is_head', e.is_head, 'status', e.status, 'diffusion', e.diffusion, 'opened_on', e.opened_on,
    'closed_on', e.closed_on, 'phone', e.phone, 'email', e.email, 'lon', ext.ST_X(e.location), 'lat', ext.ST_Y(e.location),
    'fictitious', i.demo,
    'merged', api.merged_into(e.id), 'absorbed', api.absorbed_by(e.id), 'successions', api.successions_of(e.id),
    'state', coalesce(l.state, 'free'), 'rest_until', l.rest_until, 'last_visit_at', l.last_visit_at, 'last_contact_at', s.last_contact_at,
    'last_contact_by', (select api.organisation_ref(o) from data.organisation o where o.id = l.last_contact_by),
    'visits', coalesce(l.visits, 0),
    'holder', api.holder(l.promise_id), 'mine', coalesce(l.holder_id = auth.organisation(), false),
    'promise', (select row_to_json(p) from api.promise_row p where p.id = l.promise_id),
    'opposition', (select json_build_object('id', x.id, 'at', x.at, 'reason', x.reason, 'organisation', api.organisation_ref(o))
                     from data.opposition x join data.organisation o on o.id = x.organisation_id
                    where x.establishment_id = e.id and x.subject = 'establishment' and x.lifted_at is null),
    'tags', (select coalesce(json_agg(json_build_object('id', t.id, 'label', t.label, 'shared', t.shared,
                        'mine', t.organisation_id = auth.organisation(), 'organisation', api.organisation_ref(o))
                        order by data.fold(t.label), t.id), '[]')
               from data.establishment_tag x join data.tag t on t.id = x.tag_id join data.organisation o on o.id = t.organisation_id
              where x.establishment_id = e.id),
    'siblings', (select count(*) from data.establishment y where y.siren = e.siren and y.id <> e.id and y.status = 'A' and y.merged_into is null),
    'provenance', (select coalesce(json_agg(json_build_object('field', p.field, 'source', p.source,
                              'organisation', p.organisation_id, 'rule', p.rule, 'at', p.at)), '[]')
                     from api.provenance(e.id) p),
    'contacts', (select coalesce(json_agg(k order by k.opposition is not null, k.confirmed_on desc nulls last, k.id), '[]')
                   from api.contact_row k where k.establishment_id = e.id),
    'visits_planned', (select coalesce(json_agg(v order by v.planned_at), '[]') from api.visit_row v
                        where v.id in (select w.id from data.visit w where w.establishment_id = e.id and w.state = 'planned')),
    'claims', (select coalesce(json_agg(c order by c.id desc), '[]') from api.claim_row c where c.establishment_id = e.id),
    'needs', (select coalesce(json_agg(d order by d.declared_at desc), '[]') from api.need_row d
               where d.id in (select w.id from data.need w where w.establishment_id = e.id)),
    'offers', (select coalesce(json_agg(f order by f.created_at desc), '[]') from api.offer_row f
                where f.id in (select w.id from data.offer w where w.establishment_id = e.id)))
  from data.establishment e
  left join api.establishment_line l on l.id = e.id
  cross join data.instance i
  left join data.standing s on s.establishment_id = e.id
  left join data.commune c on c.code = e.commune_code
  left join data.naf n on n.code = e.naf
  left join data.size_band b on b.code = e.size_band
 where e.id = :id;

-- establishment_timeline(id bigint, before bigint, most bigint) -> json*
-- What every partner did, newest first, there and where it was before being made one with another; steps of offers that
-- the reader may not see are not there.
select row_to_json(r), r.id::text
  from (
    select v.id, v.at, v.kind, case when o.id is not null then api.organisation_ref(o) end as organisation, m.name as member,
           case when v.kind = 'visit.reported' then
               v.data || coalesce((select jsonb_strip_nulls(jsonb_build_object('shared_note', t.shared_note))
                                     from data.report t where t.visit_id = (v.data ->> 'visit')::bigint), '{}')
               else v.data || api.event_names(v.data) end as data,
           case when v.kind = 'visit.reported' then
               (select string_agg(n.note, E'\n\n' order by n.organisation_id) from data.report_note n where n.visit_id = (v.data ->> 'visit')::bigint) end as network_note
      from data.event v
      left join data.organisation o on o.id = v.organisation_id
      left join data.member m on m.id = v.member_id
     where v.establishment_id = any (array(select api.family(:id))) and v.id < :before
       and (v.establishment_id = :id or v.kind not in ('establishment.absorbed', 'establishment.restored'))
     order by v.id desc
     limit :most
  ) r;

-- establishment_of_siret(siret text) -> row?
-- The one that the reader sees under this number.
select e.id from data.establishment e where e.siret = :siret order by e.id limit 1;

-- establishment_score(id bigint) -> json?
-- Its hiring potential, part by part.
select j from (select api.potential_of(:id) as j) x where j is not null;
