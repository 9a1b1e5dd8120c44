-- Linkage of the rows of partners' files.

-- linkage_lock() -> void
-- Imports and linkages go one at a time, until the end of the transaction.
select pg_advisory_xact_lock(hashtextextended('maillage.import', 0)), set_config('statement_timeout', '0', true);

-- linkage_stock(file bigint) -> row*
-- Establishments that the file's organisation sees: id, then the columns of the schema. The register's closed ones are
-- there too: a partner's file is often older than the closure.
select e.id, e.legal_name, e.brand, e.usual_name, null, coalesce(e.siret, ''), coalesce(e.naf, e.naf_legacy), e.address,
       e.postcode, e.city, e.phone, e.email
  from data.source_file f
  join data.organisation o on o.id = f.organisation_id
  join data.territory_commune tc on tc.territory_id = o.territory_id
  join data.establishment e on e.commune_code = tc.commune_code and e.merged_into is null
 where f.id = :file
 order by e.id;

-- linkage_linked(file bigint) -> row*
-- Rows already tied to those establishments, whoever gave them: how partners write the names and places of the list is
-- what linkage learns from. Their id, the columns, then the establishment.
select s.id, s.fields ->> 'name', s.fields ->> 'brand', null, null, coalesce(s.siret, s.fields ->> 'siren'), s.fields ->> 'naf',
       s.fields ->> 'address', s.fields ->> 'postcode', s.fields ->> 'city', s.fields ->> 'phone', s.fields ->> 'email',
       l.establishment_id
  from data.source_file f
  join data.organisation o on o.id = f.organisation_id
  join data.territory_commune tc on tc.territory_id = o.territory_id
  join data.establishment e on e.commune_code = tc.commune_code
  join data.link l on l.establishment_id = e.id and l.undone_at is null
  join data.source_record s on s.id = l.source_record_id
 where f.id = :file
 order by s.id;

-- linkage_rows(file bigint) -> row*
-- The waiting rows of the file, in the same columns.
select s.id, s.fields ->> 'name', s.fields ->> 'brand', null, null, coalesce(s.siret, s.fields ->> 'siren'), s.fields ->> 'naf',
       s.fields ->> 'address', s.fields ->> 'postcode', s.fields ->> 'city', s.fields ->> 'phone', s.fields ->> 'email'
  from data.source_record s
 where s.file_id = :file and s.state = 'review'
   and exists (select from data.source_file f where f.id = :file and f.state = 'done')
   and coalesce(s.fields ->> 'name', s.fields ->> 'brand') is not null
   and not exists (select from data.review r where r.source_record_id = s.id and r.state in ('open', 'different'))
 order by s.id;

-- linkage_different(file bigint) -> row*
-- What people said is not the same, for rows of this organisation that said the same: row, establishment.
select distinct s.id, r.establishment_id
  from data.source_record s
  join data.source_file f on f.id = s.file_id
  join data.source_file g on g.organisation_id = f.organisation_id and g.kind = 'partner'
  join data.source_record p on p.file_id = g.id and p.fields = s.fields and p.siret is not distinct from s.siret
  join data.review r on r.source_record_id = p.id and r.state = 'different'
 where s.file_id = :file and s.state = 'review';

-- linkage_stage() -> void
create temporary table verdict (
    record           bigint not null,
    establishment_id bigint,          -- null: the list does not know it
    unit             bigint not null, -- rows of one unit are one new establishment
    verdict          text not null,   -- same, review, new
    probability      double precision not null,
    reason           text,
    evidence         jsonb not null
) on commit drop;

-- linkage_load() -> copy
copy verdict (record, establishment_id, unit, verdict, probability, reason, evidence) from stdin;

-- linkage_same() -> void
select data.record_link(v.record, v.establishment_id, v.probability::numeric(5, 4), 'linkage', v.evidence, null)
  from verdict v where v.verdict = 'same' order by v.establishment_id, v.record;

-- linkage_review() -> void
-- Hard pairs first, and among them those where a mistake costs most: employers who are promised, visited, or have needs.
insert into data.review (source_record_id, establishment_id, organisation_id, probability, reason, evidence, rank, proposed_at)
select v.record, v.establishment_id, f.organisation_id, v.probability::numeric(5, 4), v.reason, v.evidence,
       1 - abs(2 * v.probability - 1)
           + case when exists (select from data.promise p where p.establishment_id = v.establishment_id and p.state = 'active') then 1 else 0 end
           + case when exists (select from data.need n where n.establishment_id = v.establishment_id
                                                         and n.state in ('declared', 'confirmed')) then 1 else 0 end
           + case when coalesce(t.visits, 0) > 0 then 0.5 else 0 end,
       data.now()
  from verdict v
  join data.source_record s on s.id = v.record
  join data.source_file f on f.id = s.file_id
  left join data.standing t on t.establishment_id = v.establishment_id
 where v.verdict = 'review'
 order by v.record, v.establishment_id
on conflict (source_record_id, establishment_id) do nothing;

-- linkage_new() -> void
-- The first row of each unit makes the establishment; the others are linked to it.
with made as materialized (
    select v.unit, data.record_create(v.record, v.probability::numeric(5, 4), v.evidence, null) as id, v.record
      from (select distinct on (v.unit) v.* from verdict v
              join data.source_record s on s.id = v.record
             where v.verdict = 'new'
             order by v.unit, (s.fields ->> 'commune_code') is null, v.record) v
)
select data.record_link(v.record, m.id, v.probability::numeric(5, 4), 'linkage', v.evidence, null)
  from verdict v join made m on m.unit = v.unit and m.record <> v.record
 where v.verdict = 'new' and m.id is not null
 order by v.record;

-- linkage_count(file bigint) -> row
-- What became of the rows: linked, to review, new, still unplaced; told on the file.
with counted as (
    select count(distinct v.record) filter (where v.verdict = 'same') as linked,
           count(distinct v.record) filter (where v.verdict = 'review') as review,
           count(distinct v.record) filter (where v.verdict = 'new' and s.state = 'linked') as created,
           count(distinct v.record) filter (where v.verdict = 'new' and s.state <> 'linked') as unplaced
      from verdict v join data.source_record s on s.id = v.record
), told as (
    update data.source_file f
       set summary = coalesce(f.summary, '{}') || jsonb_build_object('linkage', to_jsonb(c))
      from counted c where f.id = :file
    returning f.id, f.organisation_id, f.member_id
), logged as (
    select data.log('import.matched', null, null, jsonb_build_object('file', t.id) || to_jsonb(c), t.member_id, t.organisation_id)::text as done
      from told t, counted c
)
select c.linked, c.review, c.created, c.unplaced from counted c, logged l;
