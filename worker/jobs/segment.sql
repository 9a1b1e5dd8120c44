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
-- What a rule keeps now, as the bits of data.segment_block.
create temporary table if not exists now_member (block integer primary key, members bit(512) not null) on commit drop;

-- member_clear() -> void
truncate now_member;

-- member_fill() -> void
insert into now_member (block, members)
select data.segment_block_of(f.id), bit_or(data.segment_bit_of(f.id)) from api.segment_list f where {rule} group by 1;

-- member_apply(id bigint, version bigint) -> void
with changed as materialized (
    select block, coalesce(n.members, B'0'::bit(512)) as now, coalesce(b.members, B'0'::bit(512)) as was
      from now_member n
      full join (select w.block, w.members from data.segment_block w where w.segment_id = :id) b using (block)
     where n.members is distinct from b.members
), gone as (
    delete from data.segment_block b using changed c where b.segment_id = :id and b.block = c.block and bit_count(c.now) = 0
), kept as (
    insert into data.segment_block (segment_id, block, members)
    select :id, c.block, c.now from changed c where bit_count(c.now) > 0
    on conflict (segment_id, block) do update set members = excluded.members
)
select data.segment_counted(:id, :version::integer, coalesce(sum(bit_count(c.now & (~c.was))), 0)::integer,
                            coalesce(sum(bit_count(c.was & (~c.now))), 0)::integer)
  from changed c;

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

-- touched_blocks() -> void
-- Where the touched ones stand in data.segment_block.
create temporary table touched_block on commit drop as
select data.segment_block_of(t.id) as block, bit_or(data.segment_bit_of(t.id)) as touched from touched t group by 1;

-- touched_blocks_measure() -> void
analyze touched_block;

-- touched_segment_table() -> void
-- The segments that were looked at, and which of the touched ones they keep.
create temporary table touched_segment (id bigint primary key, version integer not null) on commit drop;

-- touched_now_table() -> void
create temporary table touched_now (segment_id bigint not null, block integer not null, members bit(512) not null) on commit drop;

-- segment_touched_only(id bigint, version bigint) -> void
with looked_at as (
    insert into touched_segment (id, version) values (:id, :version::integer)
)
insert into touched_now (segment_id, block, members)
select :id, data.segment_block_of(f.id), bit_or(data.segment_bit_of(f.id)) from touched_line f where {rule} group by 2;

-- touched_segment_measure() -> void
analyze touched_segment;

-- touched_now_measure() -> void
analyze touched_now;

-- touched_apply() -> void
with changed as materialized (
    select s.id, s.version, k.block, coalesce(b.members, B'0'::bit(512)) as was,
           (coalesce(b.members, B'0'::bit(512)) & (~k.touched)) | coalesce(n.members, B'0'::bit(512)) as now
      from touched_segment s
     cross join touched_block k
      left join touched_now n on n.segment_id = s.id and n.block = k.block
      left join data.segment_block b on b.segment_id = s.id and b.block = k.block
     where (coalesce(b.members, B'0'::bit(512)) & k.touched) <> coalesce(n.members, B'0'::bit(512))
), gone as (
    delete from data.segment_block b using changed c where b.segment_id = c.id and b.block = c.block and bit_count(c.now) = 0
), kept as (
    insert into data.segment_block (segment_id, block, members)
    select c.id, c.block, c.now from changed c where bit_count(c.now) > 0 order by c.id, c.block
    on conflict (segment_id, block) do update set members = excluded.members
)
select data.segment_counted(c.id, c.version, sum(bit_count(c.now & (~c.was)))::integer, sum(bit_count(c.was & (~c.now)))::integer)
  from changed c group by c.id, c.version order by c.id;
