-- Linkage of the rows of partners' files.
--
-- Candidates are chosen by keys (link/candidate.h): `waiting` holds the rows of a file, `asked` the keys of those that wait,
-- `near` the establishments that share some with them; only they are compared. The same for a file that is only looked at
-- (linkage_foreseen: ids of its rows are lines, an establishment that it would create has a negative id) and for one that
-- was imported.

-- linkage_lock() -> void
-- Imports and linkages go one at a time, until the end of the transaction.
select pg_advisory_xact_lock(hashtextextended('maillage.import', 0)), set_config('statement_timeout', '0', true),
       set_config('work_mem', '64MB', true);

-- linkage_nested(on_off text) -> void
-- What was written a moment ago is not in the statistics yet: without nested loops it is joined by hash, whatever they say.
select set_config('enable_nestloop', :on_off, true);

-- linkage_stage() -> void
create temporary table waiting (
    id               bigint not null,
    name             text,
    brand            text,
    siret            text,
    naf              text,
    address          text,
    postcode         text,
    city             text,
    phone            text,
    email            text,
    commune_code     text collate "C",
    places           text,            -- where it may lie, codes separated by blanks
    is_waiting       boolean not null,
    establishment_id bigint           -- what its SIRET ties it to
) on commit drop;

-- linkage_places() -> void
-- The communes of each postcode, the largest first, twelve at most.
create temporary table place on commit drop as
select p.postcode, array_to_string((array_agg(c.code order by c.population desc nulls last, c.code))[1:12], ' ') as codes
  from data.commune c cross join lateral unnest(c.postcodes) p (postcode)
 group by p.postcode;

-- linkage_places_index() -> void
create unique index on place (postcode);

-- linkage_known() -> void
analyze waiting;

-- linkage_asked() -> void
analyze asked;

-- linkage_key_stage() -> void
create temporary table asked (
    key bigint not null,
    id  bigint not null
) on commit drop;

-- linkage_own_stage() -> void
create temporary table owned (
    key              bigint not null,
    establishment_id bigint not null
) on commit drop;

-- linkage_verdict_stage() -> void
create temporary table verdict (
    record           bigint not null,
    establishment_id bigint,          -- null: the list does not know it
    unit             bigint not null, -- rows of one unit are one new establishment
    verdict          text not null,   -- same, review, new
    probability      double precision not null,
    reason           text,
    evidence         jsonb not null
) on commit drop;

-- linkage_wait(file bigint) -> void
-- The rows of an imported file: those that wait, and those already tied.
insert into waiting
select s.id, s.fields ->> 'name', s.fields ->> 'brand', coalesce(s.siret, s.fields ->> 'siren'), s.fields ->> 'naf',
       s.fields ->> 'address', s.fields ->> 'postcode', s.fields ->> 'city', s.fields ->> 'phone', s.fields ->> 'email',
       s.fields ->> 'commune_code', coalesce(s.fields ->> 'commune_code', p.codes), l.id is null, l.establishment_id
  from data.source_record s
  join data.source_file f on f.id = s.file_id and f.state = 'done'
  left join data.link l on l.source_record_id = s.id and l.undone_at is null
  left join place p on p.postcode = s.fields ->> 'postcode'
 where s.file_id = :file
   and (l.id is not null
        or (s.state = 'review' and coalesce(s.fields ->> 'name', s.fields ->> 'brand') is not null
            and not exists (select from data.review r where r.source_record_id = s.id and r.state in ('open', 'different'))));

-- linkage_employers_wait(feed bigint) -> void
-- The employers that offers of a feed name without a SIRET of the list: one row for each name and place. Where there are establishments of
-- the SIREN that it says, a person chooses among them (data.feed_meet).
insert into waiting
select min(o.id), o.given ->> 'entreprise', null, o.given ->> 'siren', null, null, o.given ->> 'code_postal', o.given ->> 'ville', null, null,
       c.code, coalesce(c.code, p.codes), true, null
  from data.feed_offer o
  left join data.commune c on c.code = o.given ->> 'commune'
  left join place p on p.postcode = o.given ->> 'code_postal'
 where o.feed_id = :feed and o.is_present and o.state = 'incomplete' and o.establishment_id is null and o.given ->> 'entreprise' is not null
   and not (o.given ? 'siren' and o.resembling <> '[]')
 group by o.given ->> 'entreprise', o.given ->> 'siren', o.given ->> 'code_postal', o.given ->> 'ville', c.code, p.codes;

-- linkage_foreseen() -> void
-- The rows of a file that is looked at, from the tables of its preview.
insert into waiting
select r.line, r.name, r.brand, coalesce(r.siret, r.siren), r.naf, r.address, r.postcode, r.city, r.phone, r.email,
       x.commune, coalesce(x.commune, p.codes), x.outcome = 'review',
       case x.outcome when 'linked' then x.establishment_id when 'created' then -min(r.line) over (partition by r.siret) end
  from fate x
  join received r using (line)
  left join place p on p.postcode = r.postcode
 where x.outcome in ('linked', 'created') or (x.outcome = 'review' and coalesce(r.name, r.brand) is not null);

-- linkage_rows() -> row*
-- The rows that wait: id, the columns of the schema, places.
select w.id, w.name, w.brand, null, null, w.siret, w.naf, w.address, w.postcode, w.city, w.phone, w.email, w.places
  from waiting w where w.is_waiting order by w.id;

-- linkage_own() -> row*
-- The rows of the file that are tied: id, the columns, the commune, the establishment.
select w.id, w.name, w.brand, null, null, w.siret, w.naf, w.address, w.postcode, w.city, w.phone, w.email, w.commune_code,
       w.establishment_id
  from waiting w where w.establishment_id is not null order by w.id;

-- linkage_ask() -> copy
copy asked (key, id) from stdin;

-- linkage_own_load() -> copy
copy owned (key, establishment_id) from stdin;

-- linkage_near(file bigint, most int, least float8) -> void
-- The establishments that share most with each row, by the weight of the keys they share (candidate_weight); those that the
-- organisation sees, and those that people said to be the same as such a row.
create temporary table near on commit drop as
with key as materialized (
    select distinct a.key from asked a
), own as materialized (
    select o.key, array_agg(distinct o.establishment_id) as ids from owned o group by o.key having count(distinct o.establishment_id) <= 48
), borne as materialized (
    -- Most keys have few bearers: one array for each costs less than a row for each bearer.
    select k.key, case when w.ids is null then b.ids
                       else array(select u from unnest(b.ids) u union select u from unnest(w.ids) u) end as ids
      from key k
     cross join lateral (select coalesce(array_agg(x.establishment_id), '{}') as ids
                           from (select e.establishment_id from data.establishment_key e where e.key = k.key limit 49) x) b
      left join own w on w.key = k.key
     where cardinality(b.ids) <= 48
), told as materialized (
    select b.key, u.id as establishment_id, ln(96.0::double precision / cardinality(b.ids)) as weight
      from borne b cross join lateral unnest(b.ids) u (id)
     where cardinality(b.ids) between 1 and 48
), shared as materialized (
    select a.id, t.establishment_id, sum(t.weight) as weight from asked a join told t using (key) group by a.id, t.establishment_id
), seen as materialized (
    -- Of one that was absorbed, the one that stands for it: its former names still lead to it.
    select e.id, coalesce(e.merged_into, e.id) as root
      from (select distinct s.establishment_id as id from shared s) d
      join data.establishment e using (id)
     where e.commune_code in (select tc.commune_code
                                from data.source_file f
                                join data.organisation o on o.id = f.organisation_id
                                join data.territory_commune tc on tc.territory_id = o.territory_id
                               where f.id = :file)
), rooted as (
    select s.id, coalesce(n.root, s.establishment_id) as establishment_id, max(s.weight) as weight
      from shared s left join seen n on n.id = s.establishment_id
     where s.establishment_id < 0 or n.id is not null
     group by 1, 2
), ranked as (
    select s.id, s.establishment_id, s.weight,
           row_number() over (partition by s.id order by s.weight desc, s.establishment_id) as rank,
           max(s.weight) over (partition by s.id) as best
      from rooted s
)
select r.id, r.establishment_id from ranked r where r.rank <= :most and r.weight >= :least * r.best;

-- linkage_share() -> row
-- The part of the list, in per cent, that is about four thousand establishments.
select least(100, 400000 / greatest(c.reltuples, 1))::double precision from pg_class c where c.oid = 'data.establishment'::regclass;

-- linkage_sample(file bigint, share float8) -> void
-- Some establishments of the territory whatever they are: how common names and words are is learned from them, also for a
-- file of three rows.
insert into near (id, establishment_id)
select 0, e.id
  from data.establishment e tablesample system (:share) repeatable (1)
 where e.merged_into is null and e.commune_code in (select tc.commune_code
                            from data.source_file f
                            join data.organisation o on o.id = f.organisation_id
                            join data.territory_commune tc on tc.territory_id = o.territory_id
                           where f.id = :file);

-- linkage_said(file bigint) -> row*
-- What people of the organisation said of rows like these, in any file: row, establishment, whether it is the same.
with said as materialized (
    select r.establishment_id, r.state = 'same' as is_same, s.siret, s.fields
      from data.source_file f
      join data.review r on r.organisation_id = f.organisation_id and r.state in ('same', 'different')
      join data.source_record s on s.id = r.source_record_id
     where f.id = :file
)
select distinct w.id, x.establishment_id, x.is_same
  from said x
  join waiting w on w.is_waiting and coalesce(w.name, '') = coalesce(x.fields ->> 'name', '')
                and coalesce(w.brand, '') = coalesce(x.fields ->> 'brand', '')
 where (w.siret, w.naf, w.address, w.postcode, w.city, w.phone, w.email)
       is not distinct from (coalesce(x.siret, x.fields ->> 'siren'), x.fields ->> 'naf', x.fields ->> 'address', x.fields ->> 'postcode',
                             x.fields ->> 'city', x.fields ->> 'phone', x.fields ->> 'email')
 order by 1, 2;

-- linkage_add(record bigint, establishment bigint) -> void
insert into near (id, establishment_id) values (:record, :establishment);

-- linkage_stock() -> row*
-- The establishments to compare with: id, then the columns of the schema. The register's closed ones are there too: a
-- partner's file is often older than the closure.
select e.id, e.legal_name, e.brand, e.usual_name, null, coalesce(e.siret, ''), coalesce(e.naf, e.naf_legacy), e.address,
       e.postcode, e.city, e.phone, e.email
  from (select distinct n.establishment_id as id from near n where n.establishment_id > 0) d join data.establishment e using (id)
union all
select w.*
  from (select distinct on (w.establishment_id) w.establishment_id, w.name, w.brand, null, null, coalesce(w.siret, ''), w.naf, w.address,
               w.postcode, w.city, w.phone, w.email
          from waiting w
         where w.establishment_id < 0 and w.establishment_id in (select n.establishment_id from near n)
         order by w.establishment_id, w.id) w
 order by 1;

-- linkage_linked(file bigint) -> row*
-- Rows already tied to those establishments, whoever gave them, the latest three of each: how partners write the names and
-- places of the list is what linkage learns from. Their id, the columns, then the establishment.
select x.* from (
    select s.id, s.fields ->> 'name', s.fields ->> 'brand', null::text, null::text, coalesce(s.siret, s.fields ->> 'siren'), s.fields ->> 'naf',
           s.fields ->> 'address', s.fields ->> 'postcode', s.fields ->> 'city', s.fields ->> 'phone', s.fields ->> 'email',
           d.establishment_id
      from (select distinct n.establishment_id from near n where n.establishment_id > 0) d
     cross join lateral (select l.source_record_id from data.link l
                          where l.establishment_id = d.establishment_id and l.undone_at is null
                          order by l.id desc limit 3) l
      join data.source_record s on s.id = l.source_record_id and s.file_id <> :file
    union all
    select w.id, w.name, w.brand, null, null, w.siret, w.naf, w.address, w.postcode, w.city, w.phone, w.email, w.establishment_id
      from (select w.*, row_number() over (partition by w.establishment_id order by w.id) as n
              from waiting w where w.establishment_id in (select n.establishment_id from near n)) w
     where w.n <= 3) x
 order by x.id;

-- linkage_load() -> copy
copy verdict (record, establishment_id, unit, verdict, probability, reason, evidence) from stdin;

-- linkage_keep(file bigint) -> void
-- Keeps what was told of the lines of a preview, for their import.
insert into data.import_verdict (file_id, line, establishment_id, unit, verdict, probability, reason, evidence)
select :file, v.record, v.establishment_id, v.unit, v.verdict, v.probability, v.reason, v.evidence from verdict v;

-- linkage_holds(file bigint) -> row
-- Whether what the preview told still holds: nothing that linkage compares changed since but by this very import.
select f.compared is not null
       and not exists (select from data.list_change c
                        where not pg_visible_in_snapshot(c.xid, f.compared) and c.xid <> pg_current_xact_id())
  from data.source_file f where f.id = :file;

-- linkage_take(file bigint) -> void
-- What the preview told, of the rows as they are numbered now and of the establishments that the file made known.
insert into verdict
select x.record_id, case when v.establishment_id < 0 then m.establishment_id else v.establishment_id end, v.unit, v.verdict,
       v.probability, v.reason, v.evidence
  from data.import_verdict v
  join fate x on x.line = v.line and x.establishment_id is null
  left join fate m on m.line = -v.establishment_id
 where v.file_id = :file and (v.establishment_id is null or v.establishment_id > 0 or m.establishment_id is not null);

-- linkage_told() -> void
analyze verdict (record, establishment_id, unit, verdict);

-- linkage_any() -> row
select exists (select from verdict);

-- linkage_same() -> void
insert into data.link (source_record_id, establishment_id, score, method, evidence, decided_at)
select v.record, v.establishment_id, v.probability::numeric(5, 4), 'linkage', v.evidence, (select data.now())
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
-- The first row of each unit that has a commune makes the establishment; the others are linked to it.
with one as materialized (
    select distinct on (v.unit) v.unit, v.record, nextval('data.establishment_id_seq') as id
      from verdict v
      join data.source_record s on s.id = v.record
     where v.verdict = 'new' and s.fields ->> 'commune_code' is not null
     order by v.unit, v.record
), made as (
    insert into data.establishment (id, siret, legal_name, brand, address, postcode, city, commune_code, naf, phone, email)
        overriding system value
    select o.id, s.siret, s.fields ->> 'name', s.fields ->> 'brand', s.fields ->> 'address', s.fields ->> 'postcode',
           s.fields ->> 'city', s.fields ->> 'commune_code', s.fields ->> 'naf', s.fields ->> 'phone', s.fields ->> 'email'
      from one o join data.source_record s on s.id = o.record
    on conflict (siret) do nothing
    returning id
)
update verdict v
   set establishment_id = o.id, reason = case when v.record = o.record then 'created' end
  from one o join made m on m.id = o.id
 where v.verdict = 'new' and v.unit = o.unit;

-- linkage_new_links() -> void
insert into data.link (source_record_id, establishment_id, score, method, evidence, decided_at)
select v.record, v.establishment_id, v.probability::numeric(5, 4), case v.reason when 'created' then 'created' else 'linkage' end,
       v.evidence, (select data.now())
  from verdict v where v.verdict = 'new' and v.establishment_id is not null order by v.establishment_id, v.record;

-- linkage_settle() -> void
update data.source_record s set state = 'linked'
  from verdict v where v.record = s.id and v.verdict <> 'review' and v.establishment_id is not null;

-- linkage_value() -> void
-- What the rows say counts among the values of the employers they are tied to now: the rules say which win.
select data.golden(array(select distinct v.establishment_id from verdict v
                          where v.verdict <> 'review' and v.establishment_id is not null order by 1));

-- linkage_foretold() -> row
-- What would become of the rows that are looked at, by now known in `fate`: linked, to review, new, unplaced.
with sure as materialized (
    select v.record, v.establishment_id, v.unit, v.verdict,
           bool_or(x.commune is not null) over (partition by v.verdict, v.unit) as has_place
      from verdict v join fate x on x.line = v.record where v.verdict in ('same', 'new')
), told as (
    update fate x
       set outcome = case s.verdict when 'same' then 'linked' else 'created' end,
           establishment_id = case when s.establishment_id > 0 then s.establishment_id end, is_matched = true,
           reason = null
      from sure s
     where s.record = x.line and (s.verdict = 'same' or s.has_place)
    returning x.outcome
), doubted as (
    update fate x set reason = 'row_resembles', is_matched = true
      from (select distinct v.record from verdict v where v.verdict = 'review') v where v.record = x.line
    returning x.line
)
select (select count(*) from told t where t.outcome = 'linked'), (select count(*) from doubted),
       (select count(*) from told t where t.outcome = 'created'), (select count(*) from sure s where s.verdict = 'new' and not s.has_place);

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
