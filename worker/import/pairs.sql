-- Pairs of establishments that may be one employer.

-- pairs_stock(territory bigint) -> row*
-- Establishments of the territory: id, then the columns of the schema.
select e.id, e.legal_name, e.brand, e.usual_name, null, coalesce(e.siret, ''), coalesce(e.naf, e.naf_legacy), e.address,
       e.postcode, e.city, e.phone, e.email
  from data.territory_commune tc
  join data.establishment e on e.commune_code = tc.commune_code and e.merged_into is null
 where tc.territory_id = :territory
 order by e.id;

-- pairs_tied(territory bigint) -> row*
-- Rows of partners' files tied to them: id, the same columns, the establishment.
select s.id, s.fields ->> 'name', s.fields ->> 'brand', null, null, coalesce(s.siret, s.fields ->> 'siren'), s.fields ->> 'naf',
       s.fields ->> 'address', s.fields ->> 'postcode', s.fields ->> 'city', s.fields ->> 'phone', s.fields ->> 'email',
       l.establishment_id
  from data.territory_commune tc
  join data.establishment e on e.commune_code = tc.commune_code and e.merged_into is null
  join data.link l on l.establishment_id = e.id and l.undone_at is null
  join data.source_record s on s.id = l.source_record_id
 where tc.territory_id = :territory
 order by s.id;

-- pairs_different(territory bigint) -> row*
-- What people said is not the same.
select r.establishment_id, r.other_id
  from data.review r
  join data.establishment e on e.id = r.establishment_id
  join data.territory_commune tc on tc.commune_code = e.commune_code and tc.territory_id = :territory
 where r.other_id is not null and r.state = 'different';

-- pairs_stage() -> void
create temporary table pair (
    a           bigint not null,
    b           bigint not null,
    probability double precision not null,
    reason      text not null,
    evidence    jsonb not null
) on commit drop;

-- pairs_load() -> copy
copy pair (a, b, probability, reason, evidence) from stdin;

-- pairs_keep() -> row
-- How many came to the desk.
select data.pairs_keep();
