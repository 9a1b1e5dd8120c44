-- Tags and own codes.

-- tags_list() -> json*
select row_to_json(r)
  from (select t.id, t.label, t.shared, t.organisation_id = auth.organisation() as mine, api.organisation_ref(o) as organisation,
               (select count(*) from api.segment_tag x where x.tag_id = t.id) as establishments
          from data.tag t join data.organisation o on o.id = t.organisation_id
         order by data.fold(t.label), t.id) r;

-- tag_new(label text, shared boolean) -> row
select api.tag_make(:label, :shared);

-- tag_document(id bigint) -> json
select row_to_json(r)
  from (select t.id, t.label, t.shared, t.organisation_id = auth.organisation() as mine, api.organisation_ref(o) as organisation,
               0 as establishments
          from data.tag t join data.organisation o on o.id = t.organisation_id where t.id = :id) r;

-- tags_set(establishment bigint, tags bigint[]) -> void
select api.tags_put(:establishment, :tags);

-- tags_of(establishment bigint) -> json
select json_build_object('tags', coalesce(json_agg(json_build_object('id', t.id, 'label', t.label, 'shared', t.shared,
           'mine', t.organisation_id = auth.organisation(), 'organisation', api.organisation_ref(o)) order by data.fold(t.label), t.id)
           filter (where t.id is not null), '[]'))
  from data.establishment e
  left join data.establishment_tag x on x.establishment_id = e.id
  left join data.tag t on t.id = x.tag_id
  left join data.organisation o on o.id = t.organisation_id
 where e.id = :establishment
 group by e.id;

-- codes_list() -> json
select json_build_object('columns', coalesce((select json_agg(json_build_object('name', c.name, 'values', c."values", 'chosen', c.chosen))
                                                from api.own_columns() c), '[]'),
                         'codes', coalesce((select json_agg(json_build_object('column', k.name, 'code', k.code, 'establishments', k.n)
                                                            order by k.name, k.code)
                                              from (select c.name, c.code, count(*) as n from data.own_code c
                                                     group by c.name, c.code order by c.name, c.code limit 1000) k), '[]'));

-- codes_choose(columns text[]) -> void
select api.own_columns_choose(:columns);
