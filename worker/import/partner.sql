-- Partners' files: every row kept as received, then linked to an establishment by its SIRET.

-- partner_lock() -> void
-- One import at a time, until the end of the transaction.
select pg_advisory_xact_lock(hashtextextended('maillage.import', 0)), set_config('statement_timeout', '0', true),
       set_config('work_mem', '64MB', true);

-- partner_unhurried() -> void
-- A preview may last; it holds nothing that others wait for.
select set_config('statement_timeout', '0', true), set_config('work_mem', '64MB', true);

-- partner_receive_file(organisation bigint, name text, sha256 bytea, bytes bigint, content bytea) -> row?
-- Keeps a file that the caller is about to import; nothing when the organisation already gave it: id.
insert into data.source_file (kind, organisation_id, name, sha256, bytes, content, received_at, state)
select 'partner', o.id, :name, :sha256, :bytes, :content, data.now(), 'running'
  from data.organisation o where o.id = :organisation
on conflict (kind, coalesce(organisation_id, 0), sha256)
      where state not in ('refused', 'cancelled', 'reverting', 'reverted') do nothing
returning id;

-- partner_same(organisation bigint, sha256 bytea) -> row?
-- The accepted file with the same bytes: id, state.
select id, state from data.source_file
 where kind = 'partner' and organisation_id = :organisation and sha256 = :sha256
   and state not in ('refused', 'cancelled', 'reverting', 'reverted');

-- partner_organisation(organisation bigint) -> row?
select name from data.organisation where id = :organisation;

-- partner_file(file bigint) -> row?
-- The file and its bytes: organisation, state, content in hexadecimal. Others wait for its end. Then how to read it, null
-- where nobody said: sheet, separator, encoding, header, lines, columns; and the whole of it as text.
select f.organisation_id, f.state, encode(f.content, 'hex'), (f.layout ->> 'sheet')::int, f.layout ->> 'separator',
       f.layout ->> 'encoding', (f.layout ->> 'header')::bigint, (f.layout ->> 'lines')::int, f.layout ->> 'columns',
       f.layout::text
  from data.source_file f where f.id = :file and f.kind = 'partner' for no key update;

-- partner_look(file bigint) -> row?
-- The same, taken by nobody: a person may change the layout meanwhile.
select f.organisation_id, f.state, encode(f.content, 'hex'), (f.layout ->> 'sheet')::int, f.layout ->> 'separator',
       f.layout ->> 'encoding', (f.layout ->> 'header')::bigint, (f.layout ->> 'lines')::int, f.layout ->> 'columns',
       f.layout::text
  from data.source_file f where f.id = :file and f.kind = 'partner';

-- partner_mapping(organisation bigint, prints bytea[]) -> row?
-- What the organisation called its columns under one of these headers: which (from 1), columns, lines of the header.
select p.n, m.columns, m.lines
  from unnest(:prints) with ordinality p (print, n)
  join data.import_mapping m on m.organisation_id = :organisation and m.fingerprint = p.print
 order by p.n limit 1;

-- partner_remember(file bigint, print bytea, columns text, lines int) -> void
insert into data.import_mapping (organisation_id, fingerprint, columns, lines, member_id, used_at)
select f.organisation_id, :print, :columns, :lines, f.member_id, data.now() from data.source_file f where f.id = :file
on conflict (organisation_id, fingerprint) do update
   set columns = excluded.columns, lines = excluded.lines, member_id = excluded.member_id, used_at = excluded.used_at;

-- partner_stage() -> void
create temporary table received (
    line             integer primary key,
    received         jsonb not null,
    siret            text collate "C",
    siren            text collate "C",
    own_key          text,
    name             text,
    brand            text,
    address          text,
    postcode         text,
    city             text,
    city_key         text,
    commune_code     text collate "C",
    phone            text,
    email            text,
    naf              text,
    family_name      text,
    given_name       text,
    job_position     text,
    notes            text,
    code             text,
    field            text,
    message          text,
    commune          text collate "C",
    is_ambiguous     boolean not null default false,
    establishment_id bigint,
    is_created       boolean not null default false,
    outcome          text,
    reason           text
) on commit drop;

-- partner_load() -> copy
copy received (line, received, siret, siren, own_key, name, brand, address, postcode, city, city_key, commune_code, phone,
               email, naf, family_name, given_name, job_position, notes, code, field, message) from stdin;

-- partner_analyze() -> void
analyze received (line, siret, city_key, postcode, commune_code);

-- partner_place() -> void
-- The commune of each row: by its code, else by name and postcode, else by a name or a postcode that only one has.
with place as (
    select c.code, c.postcodes,
           regexp_replace(regexp_replace(regexp_replace(data.fold(c.name), '\s+', ' ', 'g'),
                                         '\mst\M', 'saint', 'g'), '\mste\M', 'sainte', 'g') as key
      from data.commune c
), by_name as (
    select r.line, array_agg(p.code) as codes,
           array_agg(p.code) filter (where r.postcode = any (p.postcodes)) as exact,
           array_agg(p.code) filter (where left(r.postcode, 2) = left(p.code, 2)) as near
      from received r join place p on p.key = r.city_key
     group by r.line
), by_postcode as (
    select w.postcode, min(p.code) as code
      from (select distinct postcode from received where postcode is not null) w
      join place p on w.postcode = any (p.postcodes)
     group by w.postcode having count(*) = 1
), chosen as (
    select r.line,
           coalesce(k.code,
                    case when cardinality(n.exact) = 1 then n.exact[1]
                         when n.exact is null and cardinality(n.near) = 1 then n.near[1]
                         when r.postcode is null and cardinality(n.codes) = 1 then n.codes[1] end,
                    case when n.exact is null and (r.city_key is null or n.codes is null) then z.code end) as code,
           cardinality(n.codes) > 1 as is_ambiguous
      from received r
      left join data.commune k on k.code = r.commune_code
      left join by_name n using (line)
      left join by_postcode z on z.postcode = r.postcode
)
update received r
   set commune = c.code, is_ambiguous = c.code is null and coalesce(c.is_ambiguous, false)
  from chosen c where c.line = r.line;

-- partner_know() -> void
-- Rows whose SIRET the list knows; of one that was absorbed, the one that stands for it.
update received r set establishment_id = coalesce(e.merged_into, e.id) from data.establishment e where e.siret = r.siret;

-- partner_decide() -> void
-- What becomes of each row: linked for certain, created, left to review, unusable; and why. The rows that partner_know
-- left without an establishment are decided here and nowhere else.
with creatable as (
    select distinct r.siret from received r
     where r.siret is not null and r.establishment_id is null and r.commune is not null
       and coalesce(r.brand, r.name) is not null
)
update received r
   set outcome = case when r.establishment_id is not null then 'linked'
                      when r.siret in (select c.siret from creatable c) then 'created'
                      when r.siret is null and coalesce(r.name, r.brand) is null then 'unusable'
                      else 'review' end,
       reason = case when r.establishment_id is not null or r.siret in (select c.siret from creatable c) then null
                     when r.siret is null then r.code
                     when coalesce(r.name, r.brand) is null then 'establishment_unknown'
                     when r.is_ambiguous then 'commune_ambiguous' else 'commune_unresolved' end;

-- partner_create() -> void
-- Establishments that the list does not know come into it when they have a name and a commune; where each value comes
-- from is written beside them.
with one as (
    select distinct on (r.siret) r.*
      from received r
     where r.outcome = 'created' and r.commune is not null and coalesce(r.brand, r.name) is not null
     order by r.siret, r.line
), made as (
    insert into data.establishment (siret, legal_name, brand, address, postcode, city, commune_code, naf, phone, email)
    select o.siret, o.name, o.brand, o.address, o.postcode, o.city, o.commune, o.naf, o.phone, o.email from one o
    on conflict (siret) do nothing
    returning id, siret
)
update received r
   set establishment_id = m.id, is_created = true
  from made m where m.siret = r.siret;

-- partner_keep(file bigint) -> void
-- Every row is kept, whatever became of it.
insert into data.source_record (file_id, line, received, siret, own_key, fields, state, reason)
select :file, r.line, r.received, r.siret, r.own_key,
       jsonb_strip_nulls(jsonb_build_object(
           'siren', r.siren, 'name', r.name, 'brand', r.brand, 'address', r.address, 'postcode', r.postcode,
           'city', r.city, 'commune_code', r.commune, 'phone', r.phone, 'email', r.email, 'naf', r.naf,
           'notes', r.notes)),
       case when r.establishment_id is not null then 'linked' else r.outcome end, r.reason
  from received r
 order by r.line;

-- partner_link(file bigint) -> void
insert into data.link (source_record_id, establishment_id, score, method, evidence, decided_at)
select s.id, r.establishment_id, 1, case when r.is_created then 'created' else 'siret' end,
       json_build_object('siret', r.siret, 'restored', r.code is not distinct from 'siret_restored'), data.now()
  from received r
  join data.source_record s on s.file_id = :file and s.line = r.line
 where r.establishment_id is not null
 order by r.line;

-- partner_value(file bigint) -> void
-- What the file says of each employer counts among its values: the rules say which win.
select data.golden(array(select distinct r.establishment_id from received r where r.establishment_id is not null order by 1)) where :file > 0;

-- partner_persons(file bigint) -> row*
-- The persons named in the rows, where the organisation sees the employer: line, record, establishment, family name, given
-- name, position, and a number for each.
select r.line, s.id, r.establishment_id, r.family_name, r.given_name, r.job_position, nextval('data.contact_id_seq')
  from received r
  join data.source_record s on s.file_id = :file and s.line = r.line
  join data.source_file f on f.id = s.file_id
  join data.organisation o on o.id = f.organisation_id
  join data.establishment e on e.id = r.establishment_id
 where r.family_name is not null
   and (r.is_created or exists (select from data.territory_commune tc
                                 where tc.territory_id = o.territory_id and tc.commune_code = e.commune_code))
 order by r.line;

-- partner_person_stage() -> void
create temporary table person (
    line             integer not null,
    record_id        bigint not null,
    establishment_id bigint not null,
    contact_id       bigint not null,
    person           bytea not null,
    name             bytea not null,
    family           bytea not null
) on commit drop;

-- partner_person_load() -> copy
copy person (line, record_id, establishment_id, contact_id, person, name, family) from stdin;

-- partner_contact(file bigint) -> row
-- The persons become contacts, unless the organisation already has them there or they are in the register of oppositions:
-- of those nothing is kept. How many came, and how many are opposed.
with one as (
    select distinct on (p.establishment_id, p.name) p.*, f.organisation_id, f.member_id,
           exists (select from data.opposition_key k
                     join data.opposition x on x.id = k.opposition_id
                    where k.kind = 'name' and k.hash = p.name and x.establishment_id = p.establishment_id
                      and x.lifted_at is null) as is_opposed
      from person p
      join data.source_file f on f.id = :file
     order by p.establishment_id, p.name, p.line
), made as (
    insert into data.contact (id, establishment_id, organisation_id, member_id, source_record_id, person, created_at)
    select o.contact_id, o.establishment_id, o.organisation_id, o.member_id, o.record_id, o.person, data.now()
      from one o
     where not o.is_opposed
       and not exists (select from data.contact c
                         join data.contact_key k on k.contact_id = c.id and k.kind = 'name'
                        where c.establishment_id = o.establishment_id and c.organisation_id = o.organisation_id
                          and k.hash = o.name)
     order by o.line
    returning id
)
select (select count(*) from made), (select count(*) from one where is_opposed);

-- partner_contact_key() -> void
insert into data.contact_key (contact_id, kind, hash)
select c.id, k.kind, k.hash
  from person p
  join data.contact c on c.id = p.contact_id
 cross join lateral (values ('name', p.name), ('family', p.family)) k (kind, hash);

-- partner_complain(file bigint, unresolved text, ambiguous text, unknown text) -> void
-- One line per fault: what was wrong with the SIRET, then what kept the row from the list.
insert into data.source_error (file_id, ordinal, line, field, code, message)
select :file, row_number() over (order by w.line, w.rank), w.line, w.field, w.code, w.message
  from (select r.line, 1 as rank, r.field, r.code, r.message from received r where r.code is not null
        union all
        select r.line, 2, null, s.reason,
               case s.reason when 'commune_ambiguous' then :ambiguous when 'commune_unresolved' then :unresolved
                             else :unknown end
          from received r join data.source_record s on s.file_id = :file and s.line = r.line
         where s.reason in ('commune_ambiguous', 'commune_unresolved', 'establishment_unknown')) w;

-- partner_count() -> row
-- Rows read, linked by SIRET, created, to review, unusable.
select count(*), count(*) filter (where outcome = 'linked'), count(*) filter (where outcome = 'created'),
       count(*) filter (where outcome = 'review'), count(*) filter (where outcome = 'unusable')
  from received;

-- partner_reasons() -> row*
-- Why rows are not simply linked or created, commonest first: outcome, code, column, how many, the first line.
select r.outcome, coalesce(r.reason, r.code), max(r.field) filter (where r.reason is null or r.reason = r.code), count(*), min(r.line)
  from received r where coalesce(r.reason, r.code) is not null
 group by 1, 2 order by 4 desc, 5;

-- partner_extent() -> row
-- Establishments concerned, and those to be created among them.
select count(distinct r.siret) filter (where r.outcome in ('linked', 'created')),
       count(distinct r.siret) filter (where r.outcome = 'created')
  from received r;

-- partner_previewed(file bigint, seen text, preview json, encoding text?, separator text?) -> row?
-- Keeps what was seen, unless the file or its layout changed meanwhile.
update data.source_file f
   set state = 'ready', preview = :preview::jsonb, previewed_at = data.now(), encoding = :encoding, separator = :separator
 where f.id = :file and f.state = 'preview' and coalesce(f.layout::text, '') = :seen
returning f.id;

-- partner_forget_lines(file bigint) -> void
delete from data.import_line l where l.file_id = :file;

-- partner_lines(file bigint, unresolved text, ambiguous text, unknown text) -> void
insert into data.import_line (file_id, line, outcome, code, field, message, siret, name, city, establishment_id)
select :file, r.line, r.outcome, coalesce(r.reason, r.code),
       case when r.reason is null or r.reason = r.code then r.field end,
       case coalesce(r.reason, r.code) when 'commune_ambiguous' then :ambiguous when 'commune_unresolved' then :unresolved
            when 'establishment_unknown' then :unknown else r.message end,
       r.siret, left(coalesce(r.brand, r.name), 200), left(r.city, 100), r.establishment_id
  from received r order by r.line;

-- partner_done(file bigint, encoding text?, separator text?, summary json, preview json) -> void
update data.source_file
   set state = 'done', finished_at = data.now(), encoding = :encoding, separator = :separator, summary = :summary::jsonb,
       preview = :preview::jsonb
 where id = :file;

-- partner_stopped(file bigint) -> void
-- Somebody asked to stop: nothing was changed.
update data.source_file set state = 'cancelled', finished_at = data.now(), summary = '{}'
 where id = :file and state in ('received', 'running', 'preview');

-- partner_refuse(file bigint, line int?, field text?, code text, message text) -> void
-- The file is wrong as a whole: it changed nothing, and says why.
with refused as (
    update data.source_file set state = 'refused', finished_at = data.now(), summary = '{}'
     where id = :file and state in ('received', 'running', 'preview', 'ready', 'refused')
    returning id
)
insert into data.source_error (file_id, ordinal, line, field, code, message)
select id, 1, :line, :field, :code, :message from refused
on conflict (file_id, ordinal) do update
   set line = excluded.line, field = excluded.field, code = excluded.code, message = excluded.message;
