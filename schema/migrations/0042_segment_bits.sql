-- The members of a segment as bits, 512 establishments to a row: a member was a row with two indexes and two references, and
-- ten thousand employers that change move hundreds of thousands of members (docs/decisions/0036). What they are is computed
-- from the list, which the list is asked again: nothing refers to an employer here.
create function data.segment_block_of(establishment bigint) returns integer
    language sql immutable parallel safe strict
    return (segment_block_of.establishment >> 9)::integer;
create function data.segment_bit_of(establishment bigint) returns bit
    language sql immutable parallel safe strict
    return set_bit(B'0'::bit(512), (segment_bit_of.establishment & 511)::integer, 1);

create table data.segment_block (
    segment_id bigint not null references data.segment,
    block      integer not null,
    members    bit(512) not null constraint segment_block_some check (bit_count(members) > 0),
    primary key (segment_id, block)
) with (fillfactor = 70);

insert into data.segment_block (segment_id, block, members)
select m.segment_id, data.segment_block_of(m.establishment_id), bit_or(data.segment_bit_of(m.establishment_id))
  from data.segment_member m group by 1, 2;
drop table data.segment_member;
