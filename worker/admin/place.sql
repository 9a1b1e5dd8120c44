-- Territories.

-- territory_create(name text, kind text) -> row
insert into data.territory (name, kind) values (:name, :kind) returning id;

-- territory_fill(territory bigint, communes text?, department text?) -> row
-- The communes named (codes, comma separated) and those of the département. Counts them, and the codes nobody bears.
with wanted as (
    select distinct trim(w) as code from unnest(string_to_array(:communes, ',')) w where trim(w) <> ''
), added as (
    insert into data.territory_commune (territory_id, commune_code)
    select :territory, c.code from data.commune c
     where (c.code in (select data.commune_today(w.code) from wanted w) or c.department = :department)
       -- What has become part of another one is there under the name of that one.
       and not exists (select from data.commune_former f where f.code = c.code)
    on conflict do nothing
    returning commune_code
)
select (select count(*) from added),
       (select string_agg(w.code, ', ') from wanted w
         where not exists (select from data.commune c where c.code = data.commune_today(w.code)));

-- territory_list() -> row*
select t.id, t.kind, t.name, count(c.commune_code)
  from data.territory t left join data.territory_commune c on c.territory_id = t.id
 group by t.id order by t.name;
