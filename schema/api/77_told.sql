-- Counts as observers are told them: none under five, the others as one of the two multiples of five around them.
-- docs/decisions/0043-rounding.md says why.

-- Before a count was rounded by chance.
drop function if exists data.told(bigint, boolean);

create or replace function data.told_salt() returns bytea
    language sql stable security definer set search_path = data, pg_temp
    return (select r.salt from data.rounding r);

-- A set of communes as a number, whatever its order and whatever it is called: a département, or the région that has no other.
create or replace function data.told_place(communes integer[]) returns bigint
    language sql immutable parallel safe
    return (select coalesce(bit_xor(hashint4extended(c, 0)), 0) from unnest(communes) c);

-- What chance a count is rounded by: that of its place and of whose doing it counts ('' is everybody's), the same for every way to ask.
-- Neither months nor activities nor sizes: who adds some in which nothing happened reads the same figure again, and learns nothing.
create or replace function data.told_seed(salt bytea, place bigint, who text) returns bigint
    language sql immutable parallel safe
    return ('x' || encode(substr(sha256(salt || int8send(place) || convert_to(who, 'UTF8')), 1, 8), 'hex'))::bit(64)::bigint;

-- The seed of what is counted, a hash of it: the same sum is told alike by every indicator that it is part of.
create or replace function data.told_of(counted bigint, seed bigint) returns bigint
    language sql immutable parallel safe
    return hashint8extended(counted, seed);

-- The count as it is told, null when it is not: zero to four never, five and six sometimes, so that what is hidden says nothing exact. Five times
-- out of five it is the mean that is right: 8 is 10 three times out of five. One chance for all counts between two multiples: more is never told as
-- less, as a longer period told as less than a shorter one would say where both stand.
create or replace function data.told(n bigint, seed bigint) returns bigint
    language sql immutable parallel safe
    return case when n < 5 or n < 7 and (hashint8extended(n / 5, seed) >> 20 & 65535) % 3 >= n - 4 then null
                else n - n % 5 + case when (hashint8extended(n / 5, seed) & 65535) % 5 < n % 5 then 5 else 0 end end;

-- The same of one count; as it is when there is no salt, for who is told everything.
create or replace function data.told_as(n bigint, counted text, salt bytea, place bigint, who text) returns bigint
    language sql immutable parallel safe
    return case when salt is null then n else data.told(n, data.told_of(hashtext(counted)::bigint, data.told_seed(salt, place, who))) end;

-- Before what is counted was hashed once for many counts.
drop function if exists data.told_of(text, bigint);
