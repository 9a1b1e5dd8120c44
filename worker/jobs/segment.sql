-- Members of segments. {rule} stands for what server/segment/rule.h compiles, over one line f of api.segment_list.

-- segment_of_job(job bigint) -> row?
select (j.payload ->> 'segment')::bigint from data.job j where j.id = :job;

-- segments_due() -> row*
-- Those whose members are not those of their version, and those not looked at today.
select s.id
  from data.segment s
 where s.archived_at is null and s.version > 0
   and (s.member_version <> s.version or s.refreshed_at is null
        or (s.refreshed_at at time zone 'Europe/Paris')::date < data.today())
 order by s.id;

-- segments_kept() -> row*
-- All whose members are followed, territory by territory.
select s.id, s.territory_id from data.segment s
 where s.archived_at is null and s.version > 0 and s.member_version = s.version
 order by s.territory_id, s.id;

-- segment_hold(id bigint) -> row?
-- Locks a segment and speaks as its organisation until the end of the transaction. Its version and its rule.
select s.version, v.rule::text, s.member_version, data.segment_speak(s.id)::text
  from data.segment s join data.segment_version v on v.segment_id = s.id and v.version = s.version
 where s.id = :id and s.archived_at is null
   for no key update of s;

-- segment_hold_free(id bigint) -> row?
-- The same, unless somebody else holds it: whoever that is computes it.
select s.version, v.rule::text, s.member_version, data.segment_speak(s.id)::text
  from data.segment s join data.segment_version v on v.segment_id = s.id and v.version = s.version
 where s.id = :id and s.archived_at is null
   for no key update of s skip locked;

-- segment_seen(id bigint, version bigint) -> void
-- Nothing changed, and that was looked at.
select data.segment_counted(:id, :version::integer, 0, 0);

-- member_table() -> void
-- What a rule keeps now, with an index: how many that is and how many were members nobody knows beforehand, and a join
-- planned for a few rows would take minutes with many.
create temporary table if not exists now_member (id bigint primary key) on commit drop;

-- member_clear() -> void
truncate now_member;

-- member_fill() -> void
insert into now_member (id) select f.id from api.segment_list f where {rule};

-- member_apply(id bigint, version bigint) -> void
with gone as (
    delete from data.segment_member m
     where m.segment_id = :id and not exists (select from now_member n where n.id = m.establishment_id)
    returning 1
), come as (
    insert into data.segment_member (segment_id, establishment_id, since, version)
    select :id, n.id, data.now(), :version::integer from now_member n
     where not exists (select from data.segment_member m where m.segment_id = :id and m.establishment_id = n.id)
    returning 1
)
select data.segment_counted(:id, :version::integer, (select count(*) from come)::integer, (select count(*) from gone)::integer);

-- touched_count(most bigint) -> row
-- How many wait, as far as `most`.
select count(*) from (select from data.segment_touched t limit :most) w;

-- touched_all() -> void
-- So many that every segment is better computed anew.
with gone as (delete from data.segment_touched) select data.segments_stale();

-- touched_table() -> void
create temporary table touched (id bigint primary key) on commit drop;

-- touched_take(most bigint) -> row
with taken as (
    delete from data.segment_touched t
     where t.id in (select w.id from data.segment_touched w order by w.id limit :most)
    returning t.establishment_id
), kept as (
    insert into touched (id) select distinct establishment_id from taken returning 1
)
select count(*) from kept;

-- touched_measure() -> void
analyze touched;

-- touched_lines() -> void
-- As the territory of the segment held sees them: one pass over little serves all its segments.
create temporary table touched_line on commit drop as
select f.* from touched t join api.segment_list f on f.id = t.id;

-- touched_lines_drop() -> void
drop table if exists touched_line;

-- touched_members() -> void
-- Which of them are members of what now: looked up once for all segments.
create temporary table touched_member on commit drop as
select m.segment_id, m.establishment_id from touched t join data.segment_member m on m.establishment_id = t.id;

-- touched_members_index() -> void
create index on touched_member (segment_id);

-- touched_members_measure() -> void
analyze touched_member;

-- segment_touched_only(id bigint, version bigint) -> void
-- Sets are compared whole, so that no estimate makes it a search in one for each of the other.
with now as materialized (
    select f.id from touched_line f where {rule}
), was as materialized (
    select m.establishment_id as id from touched_member m where m.segment_id = :id
), gone as (
    delete from data.segment_member m
     using (select w.id from was w except select n.id from now n) x
     where m.segment_id = :id and m.establishment_id = x.id
    returning 1
), come as (
    insert into data.segment_member (segment_id, establishment_id, since, version)
    select :id, x.id, data.now(), :version::integer from (select n.id from now n except select w.id from was w) x
    on conflict do nothing
    returning 1
), moved as (
    select (select count(*) from come)::integer as entered, (select count(*) from gone)::integer as gone
)
select data.segment_counted(:id, :version::integer, m.entered, m.gone) from moved m where m.entered + m.gone > 0;
