-- The register: files of INSEE staged as a whole, then merged in one statement. Nothing is ever removed.

-- import_lock() -> void
-- One import at a time, until the end of the transaction.
select pg_advisory_xact_lock(hashtextextended('maillage.import', 0));

-- import_no_limit() -> void
-- An import takes the time it takes; its sorts may use memory.
select set_config('statement_timeout', '0', true), set_config('work_mem', '48MB', true);

-- sirene_stage() -> void
create temporary table incoming (
    line          integer not null,
    siret         text collate "C" not null,
    legal_name    text,
    usual_name    text,
    brand         text,
    address       text,
    postcode      text,
    city          text,
    commune_code  text collate "C",
    location      ext.geometry(Point, 4326),
    naf           text collate "C",
    naf_legacy    text,
    size_band     text collate "C",
    size_year     smallint,
    is_head       boolean,
    status        text not null,
    diffusion     text not null,
    opened_on     date,
    closed_on     date,
    register_date date,
    legal_form    text
) on commit drop;

-- sirene_load() -> copy
copy incoming from stdin;

-- sirene_analyze() -> void
analyze incoming;

-- sirene_today() -> void
-- A register of another year names communes that are part of another one by now.
update incoming i set commune_code = f.commune_code from data.commune_former f where f.code = i.commune_code;

-- sirene_twice() -> row?
-- The first line whose SIRET came before in the file: line, siret.
select i.line, i.siret
  from incoming i
  join (select siret, min(line) as line from incoming group by siret having count(*) > 1) d using (siret)
 where i.line > d.line
 order by i.line
 limit 1;

-- sirene_closing() -> void
-- Which establishments close with this file: for what follows from it.
create temporary table closing on commit drop as
select e.id, i.closed_on
  from incoming i
  join data.establishment e on e.siret = i.siret
 where e.status = 'A' and i.status = 'F' and (e.register_date > i.register_date) is not true;

-- sirene_keep_partners(has_size bool, has_brand bool, has_usual bool) -> void
-- Where another value than the register's stands, the register's goes beside it (register_value), not over it; the rules
-- then say whether it still wins (sirene_golden).
with told as (
    update data.establishment_value v
       set register_value = case v.field
               when 'legal_name' then coalesce(i.legal_name, case when i.diffusion = 'O' then (select c.name from data.company c where c.siren = left(i.siret, 9)) end)
               when 'usual_name' then case when :has_usual then i.usual_name else v.register_value end
               when 'brand' then case when :has_brand then i.brand else v.register_value end
               when 'address' then i.address when 'postcode' then i.postcode when 'city' then i.city
               when 'commune_code' then i.commune_code when 'naf' then i.naf
               when 'size_band' then case when :has_size then i.size_band else v.register_value end end
      from incoming i
      join data.establishment e on e.siret = i.siret
     where v.establishment_id = e.id and (e.register_date > i.register_date) is not true
    returning e.siret, v.field
), by_unit as (
    select siret, array_agg(field) as fields from told group by siret
)
update incoming i
   set legal_name   = case when 'legal_name' = any (b.fields) then e.legal_name else i.legal_name end,
       usual_name   = case when 'usual_name' = any (b.fields) then e.usual_name else i.usual_name end,
       brand        = case when 'brand' = any (b.fields) then e.brand else i.brand end,
       address      = case when 'address' = any (b.fields) then e.address else i.address end,
       postcode     = case when 'postcode' = any (b.fields) then e.postcode else i.postcode end,
       city         = case when 'city' = any (b.fields) then e.city else i.city end,
       commune_code = case when 'commune_code' = any (b.fields) then e.commune_code else i.commune_code end,
       naf          = case when 'naf' = any (b.fields) then e.naf else i.naf end,
       size_band    = case when 'size_band' = any (b.fields) then e.size_band else i.size_band end
  from by_unit b
  join data.establishment e on e.siret = b.siret
 where i.siret = b.siret;

-- sirene_golden() -> void
-- The golden record of those of which somebody else speaks too.
select data.golden(array(
    select e.id from incoming i join data.establishment e on e.siret = i.siret
     where exists (select from data.establishment_value v where v.establishment_id = e.id)
        or exists (select from data.link l where l.establishment_id = e.id)
        or exists (select from data.value_statement t where t.establishment_id = e.id and t.ended_at is null)
     order by e.id));

-- register_follow() -> row
-- After closures and successions, of which `closing` tells the new ones: followed, undone, released.
select followed, undone, released
  from data.register_follow((select coalesce(jsonb_agg(jsonb_build_object('id', c.id, 'on', c.closed_on) order by c.id), '[]') from closing c));

-- succession_stage() -> void
create temporary table incoming (
    line             integer not null,
    predecessor      text collate "C" not null,
    successor        text collate "C" not null,
    since            date not null,
    is_head_transfer boolean not null,
    is_continued     boolean not null,
    treated_on       date
) on commit drop;

-- succession_no_closing() -> void
create temporary table closing (id bigint, closed_on date) on commit drop;

-- succession_merge(file bigint) -> row
-- The links that speak of an establishment of the list. Counts: fresh, changed.
with said as (
    select distinct on (i.predecessor, i.successor, i.since) i.*
      from incoming i
     where i.predecessor <> i.successor
       and exists (select from data.establishment e where e.siret in (i.predecessor, i.successor))
     order by i.predecessor, i.successor, i.since, i.treated_on desc nulls last, i.line desc
), merged as (
    insert into data.succession as s (predecessor, successor, since, is_head_transfer, is_continued, treated_on, file_id, first_seen_at)
    select i.predecessor, i.successor, i.since, i.is_head_transfer, i.is_continued, i.treated_on, :file, data.now() from said i
    on conflict (predecessor, successor, since) do update
       set is_head_transfer = excluded.is_head_transfer, is_continued = excluded.is_continued, treated_on = excluded.treated_on,
           file_id = excluded.file_id, gone_at = null, outcome = case when s.gone_at is null then s.outcome end
     where s.gone_at is not null
        or (s.is_head_transfer, s.is_continued, s.treated_on) is distinct from (excluded.is_head_transfer, excluded.is_continued, excluded.treated_on)
    returning xmax = 0 as is_fresh
)
select count(*) filter (where is_fresh) as fresh, count(*) filter (where not is_fresh) as changed from merged;

-- succession_gone() -> row
-- What the register said and says no more. Counts them.
with gone as (
    update data.succession s set gone_at = data.now()
     where s.gone_at is null
       and not exists (select from incoming i where i.predecessor = s.predecessor and i.successor = s.successor and i.since = s.since)
    returning 1
)
select count(*) from gone;

-- sirene_merge(file bigint, has_head bool, has_opened bool, has_size bool, has_brand bool, has_usual bool) -> row
-- New establishments are added, those that differ are changed unless the register treated them later than this file
-- says; what the layout does not give stays as it is. Counts: fresh, changed, older.
with told as (
    select i.siret, o.id as known,
           coalesce(i.legal_name, case when i.diffusion = 'O' then coalesce(c.name, o.legal_name) end) as legal_name,
           case when :has_usual then i.usual_name else o.usual_name end as usual_name,
           case when :has_brand then i.brand else o.brand end as brand,
           i.address, i.postcode, i.city, i.commune_code,
           coalesce(i.location, case when i.address is not distinct from o.address
                                      and i.commune_code is not distinct from o.commune_code then o.location end) as location,
           i.naf, i.naf_legacy,
           case when :has_size then i.size_band else o.size_band end as size_band,
           case when :has_size then i.size_year else o.size_year end as size_year,
           case when :has_head then coalesce(i.is_head, o.is_head) else o.is_head end as is_head,
           i.status, i.diffusion,
           case when :has_opened then coalesce(i.opened_on, o.opened_on) else o.opened_on end as opened_on,
           i.closed_on, coalesce(i.register_date, o.register_date) as register_date, o as old,
           o.register_date > i.register_date as is_older
      from incoming i
      left join data.company c on c.siren = left(i.siret, 9)
      left join data.establishment o on o.siret = i.siret
), merged as (
    insert into data.establishment as e
           (siret, legal_name, usual_name, brand, address, postcode, city, commune_code, location, naf, naf_legacy,
            size_band, size_year, is_head, status, diffusion, opened_on, closed_on, register_file, register_date)
    select t.siret, t.legal_name, t.usual_name, t.brand, t.address, t.postcode, t.city, t.commune_code, t.location, t.naf,
           t.naf_legacy, t.size_band, t.size_year, t.is_head, t.status, t.diffusion, t.opened_on, t.closed_on, :file,
           t.register_date
      from told t
     where t.known is null
        or (t.is_older is not true
            and (t.legal_name, t.usual_name, t.brand, t.address, t.postcode, t.city, t.commune_code, t.location, t.naf,
                 t.naf_legacy, t.size_band, t.size_year, t.is_head, t.status, t.diffusion, t.opened_on, t.closed_on,
                 t.register_date)
                is distinct from
                ((t.old).legal_name, (t.old).usual_name, (t.old).brand, (t.old).address, (t.old).postcode, (t.old).city,
                 (t.old).commune_code, (t.old).location, (t.old).naf, (t.old).naf_legacy, (t.old).size_band,
                 (t.old).size_year, (t.old).is_head, (t.old).status, (t.old).diffusion, (t.old).opened_on,
                 (t.old).closed_on, (t.old).register_date))
    on conflict (siret) do update
       set legal_name = excluded.legal_name, usual_name = excluded.usual_name, brand = excluded.brand,
           address = excluded.address, postcode = excluded.postcode, city = excluded.city,
           commune_code = excluded.commune_code, location = excluded.location, naf = excluded.naf,
           naf_legacy = excluded.naf_legacy, size_band = excluded.size_band, size_year = excluded.size_year,
           is_head = excluded.is_head, status = excluded.status, diffusion = excluded.diffusion,
           opened_on = excluded.opened_on, closed_on = excluded.closed_on, register_file = excluded.register_file,
           register_date = excluded.register_date
    returning xmax = 0 as is_fresh
)
select count(*) filter (where is_fresh) as fresh, count(*) filter (where not is_fresh) as changed from merged;

-- sirene_companies(file bigint) -> void
-- A layout that names companies fills them too.
insert into data.company as c (siren, name, legal_form, file_id)
select distinct on (left(i.siret, 9)) left(i.siret, 9), i.legal_name, i.legal_form, :file
  from incoming i
 where i.legal_name is not null
 order by left(i.siret, 9), i.is_head desc nulls last
on conflict (siren) do update
   set name = excluded.name, legal_form = coalesce(excluded.legal_form, c.legal_form), file_id = excluded.file_id
 where (c.name, c.legal_form) is distinct from (excluded.name, coalesce(excluded.legal_form, c.legal_form));

-- unit_stage() -> void
create temporary table incoming (
    line          integer not null,
    siren         text collate "C" not null,
    name          text,
    legal_form    text,
    size_band     text collate "C",
    diffusion     text not null,
    status        text not null,
    register_date date
) on commit drop;

-- unit_twice() -> row?
-- The first line whose SIREN came before in the file: line, siren.
select i.line, i.siren
  from incoming i
  join (select siren, min(line) as line from incoming group by siren having count(*) > 1) d using (siren)
 where i.line > d.line
 order by i.line
 limit 1;

-- unit_merge(file bigint) -> row
-- Counts: fresh, changed.
with merged as (
    insert into data.company as c (siren, name, legal_form, size_band, diffusion, status, file_id, register_date)
    select i.siren, i.name, i.legal_form, i.size_band, i.diffusion, i.status, :file, i.register_date
      from incoming i
    on conflict (siren) do update
       set name = excluded.name, legal_form = excluded.legal_form, size_band = excluded.size_band,
           diffusion = excluded.diffusion, status = excluded.status, file_id = excluded.file_id,
           register_date = excluded.register_date
     where (c.register_date > excluded.register_date) is not true
       and (c.name, c.legal_form, c.size_band, c.diffusion, c.status, c.register_date)
           is distinct from (excluded.name, excluded.legal_form, excluded.size_band, excluded.diffusion, excluded.status,
                             excluded.register_date)
    returning xmax = 0 as is_fresh
)
select count(*) filter (where is_fresh) as fresh, count(*) filter (where not is_fresh) as changed from merged;

-- unit_name_establishments() -> row
-- Establishments take the name of their company, unless diffusion is partial; where another name stands, the company's goes
-- beside it and the rules say which wins. Counts them.
with beside as (
    update data.establishment_value v
       set register_value = c.name
      from incoming i
      join data.company c using (siren)
      join data.establishment e on e.siren = i.siren
     where v.establishment_id = e.id and v.field = 'legal_name' and e.diffusion = 'O' and c.name is not null
       and v.register_value is distinct from c.name
    returning v.establishment_id
), named as (
    update data.establishment e
       set legal_name = c.name
      from incoming i
      join data.company c using (siren)
     where e.siren = i.siren and e.diffusion = 'O' and c.name is not null and e.legal_name is distinct from c.name
       and not exists (select from data.establishment_value v where v.establishment_id = e.id and v.field = 'legal_name')
    returning e.id
)
select (select count(*) from named) + (select count(*) from beside) as named;

-- unit_golden() -> void
-- Of those of which somebody else speaks too.
select data.golden(array(
    select e.id from incoming i join data.establishment e on e.siren = i.siren
     where exists (select from data.establishment_value v where v.establishment_id = e.id and v.field = 'legal_name')
     order by e.id));

-- register_file(kind text, name text, sha256 bytea, bytes bigint, encoding text, separator text) -> row
-- The row of a register's file, made when it is new: id.
insert into data.source_file as f (kind, name, sha256, bytes, encoding, separator, received_at, state)
values (:kind, :name, :sha256, :bytes, :encoding, :separator, data.now(), 'running')
on conflict (kind, coalesce(organisation_id, 0), sha256) where state not in ('refused', 'cancelled', 'reverting', 'reverted') and kind <> 'feed'
                                                                    and again_of is null
   do update set name = excluded.name
returning id;

-- register_done(file bigint, summary json) -> void
update data.source_file
   set state = 'done', finished_at = coalesce(finished_at, data.now()),
       summary = case when summary = '{}' then :summary::jsonb else summary end
 where id = :file;
