-- Partners' files: every row kept as received, then linked to an establishment by its SIRET.

-- partner_lock() -> void
-- One import at a time, until the end of the transaction.
select pg_advisory_xact_lock(hashtextextended('maillage.import', 0)), set_config('statement_timeout', '0', true),
       set_config('work_mem', '64MB', true);

-- partner_unhurried() -> row
-- A preview may last; it holds nothing that others wait for. What it sees of the list from now on.
select pg_current_snapshot()::text, set_config('statement_timeout', '0', true), set_config('work_mem', '64MB', true);

-- partner_file_number() -> row
select nextval('data.source_file_id_seq');

-- partner_receive_file(id bigint, organisation bigint, name text, sha256 bytea, bytes bigint, sealed bytea) -> row?
-- Keeps a file that the caller is about to import; nothing when the organisation already gave it: id.
insert into data.source_file (id, kind, organisation_id, name, sha256, bytes, content, is_sealed, received_at, state) overriding system value
select :id, 'partner', o.id, :name, :sha256, :bytes, :sealed, true, data.now(), 'running'
  from data.organisation o where o.id = :organisation
on conflict (kind, coalesce(organisation_id, 0), sha256)
      where state not in ('refused', 'cancelled', 'reverting', 'reverted') and kind <> 'feed' and again_of is null do nothing
returning id;

-- partner_same(organisation bigint, sha256 bytea) -> row?
-- The accepted file with the same bytes: id, state.
select id, state from data.source_file
 where kind = 'partner' and organisation_id = :organisation and sha256 = :sha256
   and state not in ('refused', 'cancelled', 'reverting', 'reverted') and again_of is null;

-- partner_organisation(organisation bigint) -> row?
select name from data.organisation where id = :organisation;

-- partner_file(file bigint) -> row?
-- The file and its bytes: organisation, state, content in hexadecimal. Others wait for its end. Then how to read it, null
-- where nobody said: sheet, separator, encoding, header, lines, columns; and the whole of it as text. Its number, and whether
-- its bytes are sealed.
select f.organisation_id, f.state, encode(f.content, 'hex'), (f.layout ->> 'sheet')::int, f.layout ->> 'separator',
       f.layout ->> 'encoding', (f.layout ->> 'header')::bigint, (f.layout ->> 'lines')::int, f.layout ->> 'columns',
       f.layout::text, f.id, f.is_sealed
  from data.source_file f where f.id = :file and f.kind = 'partner' for no key update;

-- partner_look(file bigint) -> row?
-- The same, taken by nobody: a person may change the layout meanwhile.
select f.organisation_id, f.state, encode(f.content, 'hex'), (f.layout ->> 'sheet')::int, f.layout ->> 'separator',
       f.layout ->> 'encoding', (f.layout ->> 'header')::bigint, (f.layout ->> 'lines')::int, f.layout ->> 'columns',
       f.layout::text, f.id, f.is_sealed
  from data.source_file f where f.id = :file and f.kind = 'partner';

-- partner_mapping(organisation bigint, prints bytea[]) -> row?
-- What the organisation called its columns under one of these headers: which (from 1), columns, lines of the header.
select p.n, m.columns, m.lines
  from unnest(:prints) with ordinality p (print, n)
  join data.import_mapping m on m.organisation_id = :organisation and m.fingerprint = p.print
 order by p.n limit 1;

-- partner_own_columns(file bigint) -> row
-- The columns that the organisation chose as codes, one a line.
select string_agg(o.name, E'\n') from data.source_file f join data.own_column o on o.organisation_id = f.organisation_id where f.id = :file;

-- partner_remember(file bigint, print bytea, columns text, lines int) -> void
insert into data.import_mapping (organisation_id, fingerprint, columns, lines, member_id, used_at)
select f.organisation_id, :print, :columns, :lines, f.member_id, data.now() from data.source_file f where f.id = :file
on conflict (organisation_id, fingerprint) do update
   set columns = excluded.columns, lines = excluded.lines, member_id = excluded.member_id, used_at = excluded.used_at;

-- partner_unstage() -> void
-- The tables of the file at hand outlive the transaction: what a preview says at once and what it says after comparing use
-- the same.
drop table if exists pg_temp.received, pg_temp.placed, pg_temp.fate;

-- partner_stage() -> void
create temporary table received (
    line             integer not null,
    received         jsonb,          -- what stays readable of the row, and the whole of it sealed: of a file that is kept
    sealed           bytea,
    siret            text collate "C",
    siren            text collate "C",
    own_key          text,
    name             text,
    brand            text,
    address          text,
    postcode         text,
    city             text,
    city_key         text collate "C",
    commune_code     text collate "C",
    phone            text,
    email            text,
    naf              text,
    family_name      text,
    given_name       text,
    job_position     text,
    own_phone        text,           -- of the person
    own_email        text,
    code             text,           -- the first thing to be said of the row
    field            text,
    message          text,
    remarks          jsonb           -- the others: [{code, field, message}]
);

-- partner_load() -> copy
copy received (line, received, sealed, siret, siren, own_key, name, brand, address, postcode, city, city_key, commune_code, phone,
               email, naf, family_name, given_name, job_position, own_phone, own_email, code, field, message, remarks) from stdin;

-- partner_analyze() -> void
analyze received (line, siret, city_key, postcode, commune_code);

-- partner_place() -> void
-- The commune of each way to say one: by its code, else by name and postcode, else by a name or a postcode that only one
-- has.
create temporary table placed as
with asked as materialized (
    select distinct coalesce(r.city_key, '') as city, coalesce(r.postcode, '') as postcode, coalesce(r.commune_code, '') as code
      from received r
), by_name as (
    select a.city, a.postcode, array_agg(c.code) as codes,
           array_agg(c.code) filter (where a.postcode = any (c.postcodes)) as exact,
           array_agg(c.code) filter (where left(a.postcode, 2) = left(c.code, 2)) as near
      from (select distinct city, postcode from asked where city <> '') a
      join data.commune c on c.place_key = a.city
     group by a.city, a.postcode
), by_postcode as (
    select w.postcode, min(w.code) as code
      from (select c.code, p.postcode from data.commune c cross join lateral unnest(c.postcodes) p (postcode)) w
     group by w.postcode having count(*) = 1
), chosen as (
    select a.*,
           coalesce(k.code,
                    case when cardinality(n.exact) = 1 then n.exact[1]
                         when n.exact is null and cardinality(n.near) = 1 then n.near[1]
                         when a.postcode = '' and cardinality(n.codes) = 1 then n.codes[1] end,
                    case when n.exact is null and n.codes is null then z.code end) as commune,
           cardinality(n.codes) > 1 as is_ambiguous
      from asked a
      left join data.commune k on k.code = data.commune_today(a.code)
      left join by_name n using (city, postcode)
      left join by_postcode z on z.postcode = a.postcode
)
select c.city, c.postcode, c.code, c.commune, c.commune is null and coalesce(c.is_ambiguous, false) as is_ambiguous from chosen c;

-- partner_decide() -> void
-- What becomes of each row: linked for certain where the list knows its SIRET (of one that was absorbed, the one that stands
-- for it), created, left to review, unusable; and why.
-- Linkage looks at those left to review.
create temporary table fate as
with known as materialized (
    select r.line, r.siret, r.name, r.brand, r.code, p.commune, p.is_ambiguous, coalesce(e.merged_into, e.id) as establishment_id
      from received r
      join placed p on p.city = coalesce(r.city_key, '') and p.postcode = coalesce(r.postcode, '') and p.code = coalesce(r.commune_code, '')
      left join data.establishment e on e.siret = r.siret
), creatable as materialized (
    select distinct k.siret from known k
     where k.siret is not null and k.establishment_id is null and k.commune is not null and coalesce(k.brand, k.name) is not null
)
select k.line, k.siret, k.commune, k.is_ambiguous, k.establishment_id, false as is_created, false as is_matched, null::bigint as record_id,
       case when k.establishment_id is not null then 'linked'
            when c.siret is not null then 'created'
            when k.siret is null and coalesce(k.name, k.brand) is null then 'unusable'
            else 'review' end as outcome,
       case when k.establishment_id is not null or c.siret is not null then null
            when k.siret is null then k.code
            when coalesce(k.name, k.brand) is null then 'establishment_unknown'
            when k.is_ambiguous then 'commune_ambiguous' else 'commune_unresolved' end as reason
  from known k left join creatable c on c.siret = k.siret
 order by k.line;

-- partner_decided() -> void
analyze fate;

-- partner_create() -> void
-- Establishments that the list does not know come into it when they have a name and a commune; where each value comes
-- from is written beside them.
with one as (
    select distinct on (x.siret) x.siret, x.commune, r.name, r.brand, r.address, r.postcode, r.city, r.naf, r.phone, r.email
      from fate x join received r using (line)
     where x.outcome = 'created' and x.commune is not null and coalesce(r.brand, r.name) is not null
     order by x.siret, x.line
), made as (
    insert into data.establishment (siret, legal_name, brand, address, postcode, city, commune_code, naf, phone, email)
    select o.siret, o.name, o.brand, o.address, o.postcode, o.city, o.commune, o.naf, o.phone, o.email from one o
    on conflict (siret) do nothing
    returning id, siret
)
update fate x
   set establishment_id = m.id, is_created = true
  from made m where m.siret = x.siret;

-- partner_number() -> void
-- Each row gets the number that it will be kept under.
update fate set record_id = nextval('data.source_record_id_seq');

-- partner_keep(file bigint) -> void
-- Every row is kept, whatever became of it.
insert into data.source_record (id, file_id, line, received, sealed, siret, own_key, fields, state, reason) overriding system value
select x.record_id, :file, r.line, r.received, r.sealed, r.siret, r.own_key,
       jsonb_strip_nulls(jsonb_build_object(
           'siren', r.siren, 'name', r.name, 'brand', r.brand, 'address', r.address, 'postcode', r.postcode,
           'city', r.city, 'commune_code', x.commune, 'phone', r.phone, 'email', r.email, 'naf', r.naf)),
       case when x.establishment_id is not null then 'linked' else x.outcome end, x.reason
  from received r join fate x using (line)
 order by r.line;

-- partner_link() -> void
insert into data.link (source_record_id, establishment_id, score, method, evidence, decided_at)
select x.record_id, x.establishment_id, 1, case when x.is_created then 'created' else 'siret' end,
       json_build_object('siret', r.siret, 'restored', coalesce(r.code in ('siret_restored', 'siret_letters', 'siret_expanded', 'siret_amid_text'), false)), (select data.now())
  from fate x join received r using (line)
 where x.establishment_id is not null
 order by x.establishment_id, r.line;

-- partner_linked() -> row
select data.import_links_known()::text;

-- partner_value() -> void
-- What the file says of each employer counts among its values: the rules say which win.
select data.golden(array(select x.establishment_id from fate x where x.establishment_id is not null
                         union
                         select v.establishment_id from verdict v where v.verdict <> 'review' and v.establishment_id is not null
                          order by 1));

-- partner_persons(file bigint) -> row*
-- The persons named in the rows, where the organisation sees the employer or nobody knows yet which it is: line, record,
-- establishment, family name, given name, position, a number for each, telephone, mail.
with seen as materialized (
    select tc.commune_code
      from data.source_file f
      join data.organisation o on o.id = f.organisation_id
      join data.territory_commune tc on tc.territory_id = o.territory_id
     where f.id = :file
)
select r.line, x.record_id, x.establishment_id, r.family_name, r.given_name, r.job_position, nextval('data.contact_id_seq'),
       r.own_phone, r.own_email
  from fate x
  join received r using (line)
  left join data.establishment e on e.id = x.establishment_id
 where r.family_name is not null
   and (x.is_created or e.commune_code in (select s.commune_code from seen s)
        or (x.establishment_id is null and x.outcome = 'review' and coalesce(r.name, r.brand) is not null))
 order by r.line;

-- partner_person_stage() -> void
create temporary table person (
    line             integer not null,
    record_id        bigint not null,
    establishment_id bigint,
    contact_id       bigint not null,
    person           bytea not null,
    name             bytea not null,
    family           bytea not null,
    phones           bytea[] not null,
    emails           bytea[] not null
) on commit drop;

-- partner_person_load() -> copy
copy person (line, record_id, establishment_id, contact_id, person, name, family, phones, emails) from stdin;

-- partner_contact(file bigint) -> row
-- The persons become contacts, unless the organisation already has them there or they are in the register of oppositions:
-- of those nothing is kept. How many came, and how many are opposed.
with one as (
    select distinct on (p.establishment_id, p.name) p.*, f.organisation_id, f.member_id,
           exists (select from data.opposition_key k
                     join data.opposition x on x.id = k.opposition_id
                    where x.lifted_at is null
                      and (k.kind = 'name' and k.hash = p.name and x.establishment_id = p.establishment_id
                           or k.kind = 'phone' and k.hash = any (p.phones) or k.kind = 'email' and k.hash = any (p.emails))) as is_opposed
      from person p
      join data.source_file f on f.id = :file
     where p.establishment_id is not null
     order by p.establishment_id, p.name, p.line
), made as (
    insert into data.contact (id, establishment_id, organisation_id, member_id, source_record_id, person, created_at)
    select o.contact_id, o.establishment_id, o.organisation_id, o.member_id, o.record_id, o.person, data.now()
      from one o
     where not o.is_opposed
       and not exists (select from (select c.id from data.contact c
                                     where c.establishment_id = o.establishment_id and c.organisation_id = o.organisation_id offset 0) c
                         join data.contact_key k on k.contact_id = c.id and k.kind = 'name' and k.hash = o.name)
     order by o.line
    returning id
)
select (select count(*) from made), (select count(*) from one where is_opposed);

-- partner_contact_key() -> void
insert into data.contact_key (contact_id, kind, hash)
select c.id, k.kind, k.hash
  from person p
  join data.contact c on c.id = p.contact_id
 cross join lateral (select 'name', p.name union all select 'family', p.family
                     union all select 'phone', h from unnest(p.phones) h union all select 'email', h from unnest(p.emails) h) k (kind, hash);

-- partner_wait() -> void
-- The others wait, sealed as well, until their row is tied to an establishment.
insert into data.waiting_person (source_record_id, contact_id, person, name, family, phones, emails)
select p.record_id, p.contact_id, p.person, p.name, p.family, p.phones, p.emails from person p where p.establishment_id is null;

-- partner_complain(file bigint, unresolved text, ambiguous text, unknown text) -> void
-- One line per fault: what was wrong with the SIRET or the row, what kept it from the list, then the rest.
insert into data.source_error (file_id, ordinal, line, field, code, message)
select :file, row_number() over (order by w.line, w.rank), w.line, w.field, w.code, w.message
  from (select r.line, 1 as rank, r.field, r.code, r.message from received r where r.code is not null
        union all
        select x.line, 2, null, x.reason,
               case x.reason when 'commune_ambiguous' then :ambiguous when 'commune_unresolved' then :unresolved
                             else :unknown end
          from fate x
         where x.reason in ('commune_ambiguous', 'commune_unresolved', 'establishment_unknown')
        union all
        select r.line, 3, m.field, m.code, m.message
          from received r cross join lateral jsonb_to_recordset(r.remarks) m (code text, field text, message text)
         where r.remarks is not null) w;

-- partner_count() -> row
-- Rows read, linked by SIRET, created, to review, unusable.
select count(*), count(*) filter (where outcome = 'linked'), count(*) filter (where outcome = 'created'),
       count(*) filter (where outcome = 'review'), count(*) filter (where outcome = 'unusable')
  from fate;

-- partner_repeats() -> row
-- Rows with the SIRET of a row above, the first of them, and that one.
select count(*), min(r.line), (array_agg(r.above order by r.line))[1]
  from (select x.line, min(x.line) over (partition by x.siret) as above from received x where x.siret is not null) r
 where r.line > r.above;

-- partner_reasons() -> row*
-- Why rows are not simply linked or created, commonest first: outcome, code, column, how many, the first line.
select w.outcome, w.code, max(w.field), count(*), min(w.line)
  from (select x.outcome, x.reason as code, case when x.reason = r.code then r.field end as field, x.line
          from fate x join received r using (line) where x.reason is not null
        union all
        select x.outcome, r.code, r.field, x.line
          from received r join fate x using (line) where r.code is not null and x.reason is distinct from r.code
        union all
        select x.outcome, m.code, m.field, x.line
          from received r
         cross join lateral jsonb_to_recordset(r.remarks) m (code text, field text)
          join fate x using (line)
         where r.remarks is not null) w
 group by 1, 2 order by 4 desc, 5;

-- partner_extent() -> row
-- Establishments concerned, and those to be created among them, by their SIRET.
select count(distinct x.siret) filter (where x.outcome in ('linked', 'created') and not x.is_matched),
       count(distinct x.siret) filter (where x.outcome = 'created' and not x.is_matched)
  from fate x;

-- partner_previewed(file bigint, seen text, preview json, encoding text?, separator text?, sheet int?, sealed bytea) -> row?
-- Keeps what was seen, unless the file or its layout changed meanwhile: its moment.
update data.source_file f
   set state = 'ready', preview = :preview::jsonb, seen = :sealed, previewed_at = data.now(), encoding = :encoding, separator = :separator,
       sheet = :sheet, compared = null
 where f.id = :file and f.state = 'preview' and coalesce(f.layout::text, '') = :seen
returning f.previewed_at::text;

-- partner_compared(file bigint, moment text, impact json, reasons json, snapshot text) -> row?
-- Adds what comparing told to a preview that still stands.
update data.source_file f
   set compared = :snapshot::pg_snapshot,
       preview = f.preview || jsonb_build_object('impact', :impact::jsonb, 'reasons', :reasons::jsonb)
 where f.id = :file and f.state = 'ready' and f.previewed_at = :moment::timestamptz
returning data.import_tell(f.id, 'progress')::text;

-- partner_compared_lines(file bigint, resembles text) -> void
update data.import_line l
   set outcome = x.outcome, establishment_id = x.establishment_id,
       code = coalesce(x.reason, l.code), message = case x.reason when 'row_resembles' then :resembles else l.message end,
       field = case when x.reason is null then l.field end
  from fate x
 where l.file_id = :file and l.line = x.line and x.is_matched;

-- partner_forget_lines(file bigint) -> void
with verdicts as (delete from data.import_verdict v where v.file_id = :file)
delete from data.import_line l where l.file_id = :file;

-- partner_stands(file bigint, moment text) -> row
-- Whether a preview is still what a person looks at: neither imported nor given up nor looked at otherwise.
select exists (select from data.source_file f where f.id = :file and f.state = 'ready' and f.previewed_at = :moment::timestamptz);

-- partner_lines(file bigint, unresolved text, ambiguous text, unknown text) -> void
insert into data.import_line (file_id, line, outcome, code, field, message, siret, name, city, establishment_id)
select :file, r.line, x.outcome, coalesce(x.reason, r.code, r.remarks -> 0 ->> 'code'),
       case when x.reason is not null and x.reason is distinct from r.code then null
            when r.code is not null then r.field else r.remarks -> 0 ->> 'field' end,
       case coalesce(x.reason, r.code) when 'commune_ambiguous' then :ambiguous when 'commune_unresolved' then :unresolved
            when 'establishment_unknown' then :unknown else coalesce(r.message, r.remarks -> 0 ->> 'message') end,
       r.siret, left(coalesce(r.brand, r.name), 200), left(r.city, 100), x.establishment_id
  from fate x join received r using (line) order by r.line;

-- partner_done(file bigint, encoding text?, separator text?, summary json, preview json, sealed bytea, names json) -> void
update data.source_file
   set state = 'done', finished_at = data.now(), encoding = :encoding, separator = :separator,
       summary = coalesce(summary, '{}') || :summary::jsonb, preview = :preview::jsonb, seen = :sealed,
       columns = :names::jsonb, compared = null
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
