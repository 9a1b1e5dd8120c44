-- Keys of the establishments, under which linkage finds those worth comparing (link/candidate.h).

-- keying_lock() -> void
-- One at a time, until the end of the transaction.
select pg_advisory_xact_lock(hashtextextended('maillage.keys', 0)), set_config('statement_timeout', '0', true);

-- keying_left() -> row
-- Establishments that wait for their keys, up to 100,001; and whether a row does.
select (select count(*) from (select from data.establishment_unkeyed where source_record_id is null limit 100001) u),
       exists (select from data.establishment_unkeyed where source_record_id is not null);

-- keying_left_besides(file bigint) -> row
-- Whether one waits, up to 100,001, that no row of this file is tied to.
with tied as materialized (
    select l.establishment_id
      from data.source_record s join data.link l on l.source_record_id = s.id and l.undone_at is null
     where s.file_id = :file
)
select exists (select from (select u.establishment_id from data.establishment_unkeyed u where u.source_record_id is null limit 100001) u
                where u.establishment_id not in (select t.establishment_id from tied t));

-- keying_establishments(most bigint) -> row*
-- Takes some: id, then the columns that linkage compares, then the commune. One that is gone has no columns.
with taken as (
    delete from data.establishment_unkeyed u
     where u.ctid = any (array(select x.ctid from data.establishment_unkeyed x where x.source_record_id is null limit :most))
    returning u.establishment_id
)
select t.establishment_id, e.legal_name, e.brand, e.usual_name, null, e.siret, e.naf, e.address, e.postcode, e.city, e.phone, e.email,
       e.commune_code
  from (select distinct x.establishment_id from taken x) t
  left join data.establishment e on e.id = t.establishment_id;

-- keying_rows(most bigint) -> row*
-- The same of rows tied to establishments, under whose id their keys stand.
with taken as (
    delete from data.establishment_unkeyed u
     where u.ctid = any (array(select x.ctid from data.establishment_unkeyed x where x.source_record_id is not null limit :most))
    returning u.establishment_id, u.source_record_id
)
select t.establishment_id, s.fields ->> 'name', s.fields ->> 'brand', null, null, coalesce(s.siret, s.fields ->> 'siren'), null,
       s.fields ->> 'address', s.fields ->> 'postcode', s.fields ->> 'city', s.fields ->> 'phone', s.fields ->> 'email',
       s.fields ->> 'commune_code'
  from taken t
  left join data.source_record s on s.id = t.source_record_id;

-- keying_stage() -> void
create temporary table keyed (
    key              bigint not null,
    establishment_id bigint not null
) on commit drop;

-- keying_load() -> copy
copy keyed (key, establishment_id) from stdin;

-- keying_merge() -> void
insert into data.establishment_key (key, establishment_id)
select distinct k.key, k.establishment_id from keyed k order by k.key, k.establishment_id
on conflict do nothing;
