-- Segments. The marks {rule} and {parts} stand for what server/segment/rule.h compiles; rules of writing are in
-- schema/api/72_segment.sql.

-- segments_list(archived boolean) -> json*
select row_to_json(s) from api.segment_row s where (s.archived_at is not null) = :archived order by data.fold(s.name), s.id;

-- segment_new(name text, lead text?, shared boolean, rule json, note text?) -> row
-- Returns its id.
select api.segment_make(:name, :lead, :shared, :rule::jsonb, :note);

-- segment_version_new(id bigint, base bigint, rule json, note text?) -> void
select api.segment_save(:id, :base::integer, :rule::jsonb, :note);

-- segment_change(id bigint, edit bigint, name text?, lead text?, shared boolean?, archived boolean?) -> void
select api.segment_edit(:id, :edit::integer, :name, :lead, :shared, :archived);

-- segment_document(id bigint) -> json
-- Its members change without an edit: the ETag is of the whole, and an edit names `edit` in If-Match.
select row_to_json(d)
  from (
    select s.*, (select json_agg(json_build_object('version', v.version, 'rule', v.rule, 'note', v.note, 'at', v.at,
                                     'member', json_build_object('id', m.id, 'name', m.name)) order by v.version desc)
                   from data.segment_version v join data.member m on m.id = v.member_id
                  where v.segment_id = s.id) as versions
      from api.segment_row s where s.id = :id
  ) d;

-- segment_counted() -> json
select json_build_object('total', count(*)) from api.segment_list f where {rule};

-- segment_placed() -> json
-- How many the rule keeps in each commune. The list is written as text: there may be 35,000 communes, and codes are letters and
-- digits.
with c as (
    select f.commune, count(*) as n from api.segment_list f where {rule} group by f.commune
)
select json_build_object('communes', coalesce('[' || string_agg('{"commune":"' || t.commune_code || '","establishments":' || c.n || '}', ',' order by t.number) || ']', '[]')::json)
  from c join data.territory_commune t on t.territory_id = auth.territory() and t.number = c.commune;

-- segment_without() -> json
-- How many it would keep without each criterion of its root, in their order, and last how many it keeps.
select json_build_object('without', json_build_array({parts})) from api.segment_list f;

-- segment_sampled(most bigint) -> json*
select row_to_json(r)
  from (select f.id, f.potential from api.segment_list f where {rule} order by f.potential desc nulls last, f.id limit :most) x
  join api.establishment_line l on l.id = x.id
  cross join lateral (select l.id, l.name, l.siret, l.city, l.commune_code as commune, l.naf, l.size_band, l.status, l.state,
                             l.last_visit_at, x.potential) r
 order by x.potential desc nulls last, x.id;
