-- The golden record: for each field of an establishment the value that wins, and why. A function of what is tied to it, of
-- what members state and of what the register says, and of nothing else: computed again it is the same.

-- Fields for which the register wins over a network by trust, in the order of the rules.
create or replace view data.golden_lost as
select y.field, n.code as network
  from (select s.field, s.place, (select min(o.place) from data.survivorship o where o.field = s.field and o.rule = 'recent') as recent
          from data.survivorship s where s.rule = 'trusted') y
 cross join data.network n
  left join data.source_trust t on t.field = y.field and t.source = n.code
  join data.source_trust r on r.field = y.field and r.source = 'register'
 where (y.recent > y.place) is not false and r.rank < coalesce(t.rank, 5);

-- Every value that somebody gives for a field, of each establishment in turn; of the register only where something else
-- speaks or spoke of the same field: what no row of establishment_value explains is the register's, unless a partner's row
-- made the establishment known and the register has not spoken since. `counts`: false for what is shown to choose from and
-- does not win by itself:
--   - under partial diffusion nothing new is taken from files, and nothing that stands is lost;
--   - an activity of the former nomenclature is not replaced by a partner's;
--   - a brand in a partner's file does not rename an employer that the register names.
-- `is_brief`: leaves out what changes nothing: a row of a file that speaks of a field for which the register, more trusted,
-- speaks too, and nobody else has ever won over it. It is most of what files hold.
create or replace function data.golden_candidates(establishments bigint[], is_brief boolean default false)
    returns table (establishment_id bigint, field text, value text, source text, source_record_id bigint, statement_id bigint,
                   organisation_id bigint, member_id bigint, at timestamptz, is_pinned boolean, is_confirmed boolean, counts boolean)
    language sql stable as $$
    with unit as materialized (
        select e.*, r.is_registered
          from unnest(golden_candidates.establishments) u (id)
          join data.establishment e using (id)
         cross join lateral (select e.register_file is not null
                                    or not exists (select from data.link l
                                                    where l.establishment_id = e.id and l.method = 'created'
                                                      and not exists (select from data.merge_row w join data.merge m on m.id = w.merge_id
                                                                       where w.source = 'link' and w.key = jsonb_build_object('id', l.id)
                                                                         and m.undone_at is null)) as is_registered) r
         where e.merged_into is null
    ), lost as materialized (
        select x.field, x.network from data.golden_lost x where golden_candidates.is_brief
    ), tied as materialized (
        -- From the establishments to their rows, whatever the statistics say of rows that came a moment ago.
        select u.id as unit, l.method, s.id as record, s.fields, f.member_id, f.received_at, o.id as organisation, o.network, o.territory_id
          from unit u
         cross join lateral (select l.source_record_id, l.method, l.undone_at from data.link l where l.establishment_id = u.id offset 0) l
         cross join lateral (select s.id, s.file_id, s.fields from data.source_record s where s.id = l.source_record_id offset 0) s
          join data.source_file f on f.id = s.file_id
          join data.organisation o on o.id = f.organisation_id
         where l.undone_at is null or l.method = 'created'
    ), held as materialized (
        select v.*
          from unit u
         cross join lateral (select v.establishment_id, v.field, v.value, v.register_value, v.source_record_id from data.establishment_value v
                              where v.establishment_id = u.id offset 0) v
    ), given as materialized (
        select u.id as unit, f.field, k.value, t.network as source, t.record, null::bigint as statement,
               t.organisation, t.member_id as member, t.received_at as at, false as is_pinned, false as is_confirmed,
               case when u.diffusion <> 'O'
                    then exists (select from held v where v.establishment_id = u.id and v.field = f.field and v.source_record_id = t.record)
                    when f.field = 'naf' then u.naf_legacy is null
                    when f.field = 'brand' then
                        not (u.is_registered
                             and exists (select from (values ('legal_name', u.legal_name), ('usual_name', u.usual_name), ('brand', u.brand)) n (field, value)
                                           left join data.establishment_value v on v.establishment_id = u.id and v.field = n.field
                                          where case when v.field is null then n.value else v.register_value end is not null))
                    else true end as counts
          from unit u
          join tied t on t.unit = u.id
         cross join lateral jsonb_each_text(t.fields) k
          join (values ('name', 'legal_name'), ('brand', 'brand'), ('address', 'address'), ('postcode', 'postcode'), ('city', 'city'),
                       ('commune_code', 'commune_code'), ('naf', 'naf'), ('phone', 'phone'), ('email', 'email')) f (key, field)
            on f.key = k.key
         where k.value is not null
           and not (u.is_registered
                    and (f.field, t.network) in (select x.field, x.network from lost x)
                    and case f.field when 'legal_name' then u.legal_name when 'brand' then u.brand when 'address' then u.address
                                     when 'postcode' then u.postcode when 'city' then u.city when 'commune_code' then u.commune_code
                                     when 'naf' then u.naf end is not null
                    and (u.id, f.field) not in (select v.establishment_id, v.field from held v)
                    and not exists (select from data.value_statement w
                                     where w.establishment_id = u.id and w.field = f.field and w.ended_at is null))
           -- An organisation speaks of the employers it sees, and of those it made known.
           and (t.method = 'created'
                or exists (select from data.territory_commune tc
                            where tc.territory_id = t.territory_id and tc.commune_code = u.commune_code))
        union all
        select u.id, t.field, t.value, 'member', null, t.id, t.organisation_id, t.member_id, t.at, t.kind = 'pinned',
               t.kind = 'confirmed', true
          from unit u
          join data.value_statement t on t.establishment_id = u.id and t.ended_at is null
    )
    select g.unit, g.field, g.value, g.source, g.record, g.statement, g.organisation, g.member, g.at, g.is_pinned, g.is_confirmed, g.counts
      from given g
    union all
    select w.unit, w.field, r.value, 'register', null, null, null, null,
           coalesce(u.register_date::timestamptz, (select f.received_at from data.source_file f where f.id = u.register_file), '-infinity'),
           false, false, true
      from (select g.unit, g.field from given g
            union
            select v.establishment_id, v.field from held v) w
      join unit u on u.id = w.unit
      left join held v on v.establishment_id = w.unit and v.field = w.field
     cross join lateral (select case when v.field is not null then v.register_value
                                     when u.is_registered then case w.field when 'legal_name' then u.legal_name when 'usual_name' then u.usual_name
                                               when 'brand' then u.brand when 'address' then u.address when 'postcode' then u.postcode
                                               when 'city' then u.city when 'commune_code' then u.commune_code when 'naf' then u.naf
                                               when 'size_band' then u.size_band when 'phone' then u.phone when 'email' then u.email end
                                end as value) r
     where r.value is not null
$$;

-- Computes the golden record of some establishments, whole, in one statement; absorbed ones are left alone. Returns how many
-- of them changed in the list. The rule that a value is known by is the first, in the order of data.survivorship, by which
-- it beats the best different value; `only` when there is none. For data.golden, which holds the establishments.
create or replace function data.golden_some(establishments bigint[]) returns bigint
    language plpgsql security definer set search_path = data, pg_temp
    -- Dozens or a thousand: planned for the number of each call.
    set plan_cache_mode = 'force_custom_plan' as $$
declare
    changed bigint;
begin
    -- One, after an act of a member: to plan takes five times as long as to compute. For few there is one plan, that of the ten that the planner supposes.
    if cardinality(golden_some.establishments) <= 10 then
        perform set_config('plan_cache_mode', 'force_generic_plan', true);
    end if;
    with ways as materialized (
        select s.field, max(s.rule) filter (where s.place = 1) as r1, max(s.rule) filter (where s.place = 2) as r2,
               max(s.rule) filter (where s.place = 3) as r3, max(s.rule) filter (where s.place = 4) as r4,
               max(s.holds) as holds
          from survivorship s group by s.field
    ), scored as (
        -- The least wins.
        select c.*, w.r1, w.r2, w.r3, w.r4, case when c.is_pinned then 0 else 1 end::double precision as pinned,
               -- What was seen right once gives way to what is said much later.
               case when c.is_confirmed and (max(c.at) filter (where not c.is_confirmed) over (partition by c.establishment_id, c.field)
                                             > c.at + w.holds) is not true
                    then -extract(epoch from c.at) else 0 end::double precision as confirmed,
               coalesce(t.rank, 5)::double precision as trusted, -extract(epoch from c.at)::double precision as recent
          from data.golden_candidates(golden_some.establishments, true) c
          join ways w using (field)
          left join source_trust t on t.field = c.field and t.source = c.source
         where c.counts
    ), keyed as materialized (
        select c.*,
               case c.r1 when 'pinned' then c.pinned when 'confirmed' then c.confirmed when 'trusted' then c.trusted when 'recent' then c.recent end as k1,
               case c.r2 when 'pinned' then c.pinned when 'confirmed' then c.confirmed when 'trusted' then c.trusted when 'recent' then c.recent end as k2,
               case c.r3 when 'pinned' then c.pinned when 'confirmed' then c.confirmed when 'trusted' then c.trusted when 'recent' then c.recent end as k3,
               case c.r4 when 'pinned' then c.pinned when 'confirmed' then c.confirmed when 'trusted' then c.trusted when 'recent' then c.recent end as k4
          from scored c
    ), placed as (
        select k.*, row_number() over best as place, first_value(k.value) over best as top,
               max(k.value) filter (where k.source = 'register') over (partition by k.establishment_id, k.field) as register_value
          from keyed k
        window best as (partition by k.establishment_id, k.field
                        order by k.k1, k.k2, k.k3, k.k4, k.source <> 'register', k.statement_id desc, k.source_record_id)
    ), rivals as (
        -- Of each field the value that wins, then the best one that differs.
        select distinct on (p.establishment_id, p.field, p.value <> p.top) p.*
          from placed p order by p.establishment_id, p.field, p.value <> p.top, p.place
    ), told_apart as (
        select r.*, count(*) over (partition by r.establishment_id, r.field) as sides,
               lead(r.k1) over next as b1, lead(r.k2) over next as b2, lead(r.k3) over next as b3, lead(r.k4) over next as b4
          from rivals r window next as (partition by r.establishment_id, r.field order by r.place)
    ), standing as materialized (
        select w.establishment_id, w.field, w.value, w.source_record_id, w.statement_id, w.at as since, w.source,
               case when w.is_pinned then 'pinned' when w.confirmed < 0 then 'confirmed' when w.sides = 1 then 'only'
                    when w.k1 <> w.b1 then w.r1 when w.k2 <> w.b2 then w.r2 when w.k3 <> w.b3 then w.r3 when w.k4 <> w.b4 then w.r4
                    else 'recent' end as rule,
               w.register_value
          from told_apart w where w.place = 1
    ), gone as (
        delete from establishment_value v
         using (select v.ctid
                  from unnest(golden_some.establishments) u (id)
                  join establishment e on e.id = u.id and e.merged_into is null
                 cross join lateral (select v.ctid, v.field from establishment_value v where v.establishment_id = e.id offset 0) v
                 where (e.id, v.field) not in (select s.establishment_id, s.field from standing s where s.source <> 'register')) old
         where v.ctid = old.ctid
        returning v.establishment_id, v.field, v.register_value
    ), noted as (
        insert into establishment_value as v
               (establishment_id, field, value, register_value, source_record_id, statement_id, rule, since)
        select s.establishment_id, s.field, s.value, s.register_value, s.source_record_id, s.statement_id, s.rule, s.since
          from standing s where s.source <> 'register'
        on conflict (establishment_id, field) do update
           set value = excluded.value, register_value = excluded.register_value, source_record_id = excluded.source_record_id,
               statement_id = excluded.statement_id, rule = excluded.rule, since = excluded.since
         where (v.value, v.register_value, v.source_record_id, v.statement_id, v.rule, v.since)
               is distinct from (excluded.value, excluded.register_value, excluded.source_record_id, excluded.statement_id,
                                 excluded.rule, excluded.since)
    ), told as (
        select s.establishment_id, s.field, s.value from standing s
        union all
        select g.establishment_id, g.field, null from gone g
         where (g.establishment_id, g.field) not in (select s.establishment_id, s.field from standing s)
    ), other as materialized (
        select t.establishment_id, jsonb_object_agg(t.field, t.value) as v
          from told t
          join establishment e on e.id = t.establishment_id
         where t.value is distinct from
               case t.field when 'legal_name' then e.legal_name when 'usual_name' then e.usual_name when 'brand' then e.brand
                            when 'address' then e.address when 'postcode' then e.postcode when 'city' then e.city
                            when 'commune_code' then e.commune_code when 'naf' then e.naf when 'size_band' then e.size_band
                            when 'phone' then e.phone when 'email' then e.email end
         group by t.establishment_id
    ), reached as (
        -- Most files change telephones and addresses of mail alone: what is computed from names is not computed again.
        update establishment e
           set phone = case when o.v ? 'phone' then o.v ->> 'phone' else e.phone end,
               email = case when o.v ? 'email' then o.v ->> 'email' else e.email end
          from other o where o.establishment_id = e.id and o.v - '{phone,email}'::text[] = '{}'
        returning e.id
    ), written as (
        update establishment e
           set legal_name = case when o.v ? 'legal_name' then o.v ->> 'legal_name' else e.legal_name end,
               usual_name = case when o.v ? 'usual_name' then o.v ->> 'usual_name' else e.usual_name end,
               brand = case when o.v ? 'brand' then o.v ->> 'brand' else e.brand end,
               address = case when o.v ? 'address' then o.v ->> 'address' else e.address end,
               postcode = case when o.v ? 'postcode' then o.v ->> 'postcode' else e.postcode end,
               city = case when o.v ? 'city' then o.v ->> 'city' else e.city end,
               commune_code = case when o.v ? 'commune_code' then data.commune_today(o.v ->> 'commune_code') else e.commune_code end,
               naf = case when o.v ? 'naf' then o.v ->> 'naf' else e.naf end,
               size_band = case when o.v ? 'size_band' then o.v ->> 'size_band' else e.size_band end,
               phone = case when o.v ? 'phone' then o.v ->> 'phone' else e.phone end,
               email = case when o.v ? 'email' then o.v ->> 'email' else e.email end
          from other o where o.establishment_id = e.id and o.v - '{phone,email}'::text[] <> '{}'
        returning e.id
    )
    select (select count(*) from reached) + (select count(*) from written) into changed;
    return changed;
end
$$;

-- The same of establishments that one row of a file made known and that nothing else ever spoke of: each value of the row is
-- the only one, and stands already. Returns those for which it was so and is done.
create or replace function data.golden_made(establishments bigint[]) returns bigint[]
    language sql security definer set search_path = data, pg_temp as $$
    with made as materialized (
        select e.id, s.id as record, s.fields, f.received_at
          from unnest(golden_made.establishments) u (id)
         cross join lateral (select x.id from establishment x
                              where x.id = u.id and x.register_file is null and x.merged_into is null and x.diffusion = 'O' offset 0) e
         cross join lateral (select min(x.source_record_id) as record, count(*) as links, bool_and(x.method = 'created' and x.undone_at is null) as is_made
                               from link x where x.establishment_id = e.id) l
         cross join lateral (select x.id, x.file_id, x.fields from source_record x where x.id = l.record offset 0) s
          join source_file f on f.id = s.file_id
         where l.links = 1 and l.is_made
           and not exists (select from establishment_value v where v.establishment_id = e.id)
           and not exists (select from value_statement t where t.establishment_id = e.id)
    ), noted as (
        insert into establishment_value (establishment_id, field, value, source_record_id, rule, since)
        select m.id, f.field, k.value, m.record, 'only', m.received_at
          from made m
         cross join lateral jsonb_each_text(m.fields) k
          join (values ('name', 'legal_name'), ('brand', 'brand'), ('address', 'address'), ('postcode', 'postcode'), ('city', 'city'),
                       ('commune_code', 'commune_code'), ('naf', 'naf'), ('phone', 'phone'), ('email', 'email')) f (key, field)
            on f.key = k.key
         where k.value is not null
         order by m.id, f.field
    )
    select coalesce(array_agg(m.id), '{}') from made m;
$$;

-- The same of establishments that the register knows, that one network alone speaks of, and that no member states anything
-- of: where the register says nothing the latest row wins, where it says something it wins by trust. Most of what a file
-- changes, and most of what taking it back changes. Returns those for which it was so and is done, and how many of them
-- changed in the list; what the rules must weigh is left to data.golden_some. Whatever the statistics say of rows that came
-- a moment ago: it goes from the establishments to what hangs on them, and joins nothing that it has found ("not in" is
-- looked up, "in" would be joined).
create or replace function data.golden_once(establishments bigint[], out done bigint[], out changed bigint)
    language plpgsql security definer set search_path = data, pg_temp set plan_cache_mode = 'force_custom_plan' as $$
begin
    with unit as materialized (
        select e.*, v.fields as held
          from unnest(golden_once.establishments) u (id)
         cross join lateral (select x.id, x.legal_name, x.usual_name, x.brand, x.address, x.postcode, x.city, x.commune_code, x.naf,
                                    x.naf_legacy, x.phone, x.email
                               from establishment x
                              where x.id = u.id and x.register_file is not null and x.merged_into is null and x.diffusion = 'O' offset 0) e
         cross join lateral (select coalesce(array_agg(x.field), '{}') as fields, bool_or(x.register_value is not null or x.field in ('usual_name', 'size_band')) as is_beside
                               from establishment_value x where x.establishment_id = e.id) v
         where v.is_beside is not true
           and not exists (select from value_statement t where t.establishment_id = e.id and t.ended_at is null offset 0)
           and not exists (select from link x where x.establishment_id = e.id and x.method = 'created' offset 0)
    ), tied as materialized (
        select u.*, s.id as record, f.received_at, o.network,
               case when exists (select from territory_commune tc where tc.territory_id = o.territory_id and tc.commune_code = u.commune_code)
                    then s.fields else '{}' end as fields
          from unit u
         cross join lateral (select x.source_record_id, x.undone_at from link x where x.establishment_id = u.id offset 0) l
         cross join lateral (select x.id, x.file_id, x.fields from source_record x where x.id = l.source_record_id offset 0) s
          join source_file f on f.id = s.file_id
          join organisation o on o.id = f.organisation_id
         where l.undone_at is null
    ), said as materialized (
        select t.id, t.record, t.received_at, k.field, k.value, k.shown,
               case when k.field = 'naf' and t.naf_legacy is not null then 'left'
                    when k.field = 'brand' and (t.legal_name is not null and 'legal_name' <> all (t.held)
                                                or t.usual_name is not null and 'usual_name' <> all (t.held)
                                                or t.brand is not null and 'brand' <> all (t.held)) then 'left'
                    when k.field not in (select r.field from survivorship r where r.rule = 'recent') then 'open'
                    -- What a partner's value does not explain is the register's.
                    when k.shown is null or k.field = any (t.held) then 'stands'
                    when (k.field, t.network) in (select x.field, x.network from golden_lost x) then 'left'
                    else 'open' end as verdict
          from tied t
         cross join lateral (values ('legal_name', t.fields ->> 'name', t.legal_name), ('brand', t.fields ->> 'brand', t.brand),
                                    ('address', t.fields ->> 'address', t.address), ('postcode', t.fields ->> 'postcode', t.postcode),
                                    ('city', t.fields ->> 'city', t.city), ('commune_code', t.fields ->> 'commune_code', t.commune_code),
                                    ('naf', t.fields ->> 'naf', t.naf), ('phone', t.fields ->> 'phone', t.phone),
                                    ('email', t.fields ->> 'email', t.email)) k (field, value, shown)
         where k.value is not null
    ), barred as materialized (
        select s.id from said s where s.verdict = 'open'
        union all
        select t.id from tied t group by t.id having min(t.network) <> max(t.network)
    ), stands as materialized (
        select distinct on (s.id, s.field) s.id, s.field, s.value, s.shown, s.record, s.received_at,
               min(s.value) over same <> max(s.value) over same as is_disputed
          from said s
         where s.verdict = 'stands' and s.id not in (select b.id from barred b)
        window same as (partition by s.id, s.field)
         order by s.id, s.field, s.received_at desc, s.record
    ), gone as (
        delete from establishment_value v
         using (select x.at
                  from unit u
                 cross join lateral (select x.ctid as at, x.field from establishment_value x
                                      where u.held <> '{}' and x.establishment_id = u.id offset 0) x
                 where u.id not in (select b.id from barred b)
                   and (u.id, x.field) not in (select s.id, s.field from stands s)) x
         where v.ctid = x.at
        returning v.establishment_id as id, v.field
    ), noted as (
        insert into establishment_value as v (establishment_id, field, value, source_record_id, rule, since)
        select s.id, s.field, s.value, s.record, case when s.is_disputed then 'recent' else 'only' end, s.received_at
          from stands s order by s.id, s.field
        on conflict (establishment_id, field) do update
           set value = excluded.value, source_record_id = excluded.source_record_id, rule = excluded.rule, since = excluded.since
         where (v.value, v.source_record_id, v.rule, v.since)
               is distinct from (excluded.value, excluded.source_record_id, excluded.rule, excluded.since)
    ), told as materialized (
        select x.id, jsonb_object_agg(x.field, x.value) as v
          from (select s.id, s.field, s.value from stands s where s.value is distinct from s.shown
                union all
                select g.id, g.field, null from gone g) x
         group by x.id
    ), reached as (
        update establishment e
           set phone = case when t.v ? 'phone' then t.v ->> 'phone' else e.phone end,
               email = case when t.v ? 'email' then t.v ->> 'email' else e.email end
          from told t where e.id = t.id and t.v - '{phone,email}'::text[] = '{}'
        returning e.id
    ), written as (
        update establishment e
           set legal_name = case when t.v ? 'legal_name' then t.v ->> 'legal_name' else e.legal_name end,
               brand = case when t.v ? 'brand' then t.v ->> 'brand' else e.brand end,
               address = case when t.v ? 'address' then t.v ->> 'address' else e.address end,
               postcode = case when t.v ? 'postcode' then t.v ->> 'postcode' else e.postcode end,
               city = case when t.v ? 'city' then t.v ->> 'city' else e.city end,
               commune_code = case when t.v ? 'commune_code' then data.commune_today(t.v ->> 'commune_code') else e.commune_code end,
               naf = case when t.v ? 'naf' then t.v ->> 'naf' else e.naf end,
               phone = case when t.v ? 'phone' then t.v ->> 'phone' else e.phone end,
               email = case when t.v ? 'email' then t.v ->> 'email' else e.email end
          from told t where e.id = t.id and t.v - '{phone,email}'::text[] <> '{}'
        returning e.id
    )
    select array(select u.id from unit u where u.id not in (select b.id from barred b)), (select count(*) from reached) + (select count(*) from written)
      into done, changed;
end
$$;

-- The same of any number, a thousand at a time: what was written a moment ago is not in the statistics yet, and a plan that
-- is wrong about a thousand rows is still quick.
create or replace function data.golden(establishments bigint[]) returns bigint
    language plpgsql security definer set search_path = data, pg_temp as $$
declare
    step    constant int := 1000;
    many    constant int := 5000;
    changed bigint := 0;
    ids     bigint[] := golden.establishments;
    simple  bigint[] := '{}';
    r       record;
begin
    -- In the order of the ids, so that two computations never wait for each other in a circle.
    perform from establishment e where e.id = any (golden.establishments) order by e.id for no key update;
    if cardinality(ids) > step then
        ids := array(select u.id from unnest(ids) u (id) except select u.id from unnest(data.golden_made(ids)) u (id) order by 1);
        for i in 0 .. (cardinality(ids) - 1) / many loop
            select o.done, o.changed into r from data.golden_once(ids[i * many + 1:(i + 1) * many]) o;
            simple := simple || r.done;
            changed := changed + r.changed;
        end loop;
        ids := array(select u.id from unnest(ids) u (id) except select u.id from unnest(simple) u (id) order by 1);
    end if;
    for i in 0 .. (cardinality(ids) - 1) / step loop
        changed := changed + data.golden_some(ids[i * step + 1:(i + 1) * step]);
    end loop;
    return changed;
end
$$;

-- What a member states is a value of its field, whoever writes it.
create or replace function data.value_statement_guard() returns trigger
    language plpgsql security definer set search_path = data, pg_temp as $$
begin
    if tg_op = 'UPDATE' then
        if not data.is_moving() and ((to_jsonb(new) - 'ended_at' - 'ended_by') is distinct from (to_jsonb(old) - 'ended_at' - 'ended_by')
                                     or old.ended_at is not null) then
            perform auth.refuse('forbidden');
        end if;
        return new;
    end if;
    new.at := coalesce(new.at, data.now());
    if not (case new.field
           when 'phone' then new.value ~ '^\+?[0-9]{6,15}$'
           when 'email' then new.value ~ '^[^@\s]{1,64}@[^@\s]{1,190}$'
           when 'postcode' then new.value ~ '^[0-9]{5}$'
           when 'naf' then new.value ~ '^[0-9]{2}\.[0-9]{2}[A-Z]$'
           when 'size_band' then exists (select from size_band b where b.code = new.value)
           else new.value ~ '\S' end) then
        perform auth.refuse('invalid', json_build_object('field', 'value'));
    end if;
    return new;
end
$$;
create or replace trigger value_statement_guard before insert or update on data.value_statement
    for each row execute function data.value_statement_guard();

-- Of what is stated, or released, at once, the golden record is computed once. What moves with its employer is neither.
create or replace function data.value_statement_told() returns trigger
    language plpgsql security definer set search_path = data, pg_temp as $$
declare
    told bigint[];
    s    record;
begin
    if tg_op = 'UPDATE' then
        told := array(select n.id from fresh n where n.ended_at is not null intersect select o.id from stale o where o.ended_at is null);
    else
        told := array(select n.id from fresh n);
    end if;
    if told = '{}' then
        return null;
    end if;
    perform data.golden(array(select distinct n.establishment_id from fresh n where n.id = any (told) order by 1));
    for s in select n.* from fresh n where n.id = any (told) order by n.id loop
        perform data.log('value.' || case when tg_op = 'UPDATE' then 'released' else s.kind end, s.establishment_id, null,
                         jsonb_strip_nulls(jsonb_build_object('field', s.field, 'value', s.value, 'visit', s.visit_id,
                             'reason', case when tg_op = 'INSERT' then s.reason end)), s.member_id, s.organisation_id);
    end loop;
    return null;
end
$$;
create or replace trigger value_statement_told after insert on data.value_statement
    referencing new table as fresh for each statement execute function data.value_statement_told();
create or replace trigger value_statement_released after update on data.value_statement
    referencing new table as fresh old table as stale for each statement execute function data.value_statement_told();

-- Takes away the blanks and separators of a telephone number.
create or replace function data.value_plain(field text, value text) returns text
    language sql immutable parallel safe
    return case value_plain.field when 'phone' then regexp_replace(value_plain.value, '[\s.()/-]', '', 'g')
                                  when 'email' then lower(trim(value_plain.value))
                                  when 'naf' then upper(trim(value_plain.value))
                                  else nullif(regexp_replace(trim(value_plain.value), '\s+', ' ', 'g'), '') end;

-- An employer of the person's territory that stands for itself, locked.
create or replace function data.golden_own(establishment bigint) returns void
    language plpgsql security definer set search_path = data, pg_temp as $$
declare
    e record;
begin
    if not auth.can_write() then
        perform auth.refuse('forbidden');
    end if;
    if not auth.sees(golden_own.establishment) then
        perform auth.refuse('not_found');
    end if;
    select x.merged_into into e from establishment x where x.id = golden_own.establishment for no key update;
    if e.merged_into is not null then
        perform auth.refuse('establishment_merged', json_build_object('into', e.merged_into));
    end if;
end
$$;

-- Chooses a value for good; the one chosen before is released.
create or replace function api.value_pin(establishment bigint, field text, value text, reason text) returns void
    language plpgsql security definer set search_path = data, pg_temp as $$
begin
    perform data.golden_own(value_pin.establishment);
    update value_statement t set ended_at = data.now(), ended_by = auth.member()
     where t.establishment_id = value_pin.establishment and t.field = value_pin.field and t.kind = 'pinned' and t.ended_at is null;
    insert into value_statement (establishment_id, organisation_id, member_id, kind, field, value, reason)
    values (value_pin.establishment, auth.organisation(), auth.member(), 'pinned', value_pin.field,
            data.value_plain(value_pin.field, value_pin.value), trim(value_pin.reason));
end
$$;

-- Releases what was chosen, whoever chose it: the rules decide again.
create or replace function api.value_release(establishment bigint, field text) returns void
    language plpgsql security definer set search_path = data, pg_temp as $$
begin
    perform data.golden_own(value_release.establishment);
    update value_statement t set ended_at = data.now(), ended_by = auth.member()
     where t.establishment_id = value_release.establishment and t.field = value_release.field and t.kind = 'pinned'
       and t.ended_at is null;
    if not found then
        perform auth.refuse('not_found');
    end if;
end
$$;

-- What was seen right on a visit, from its report: a JSON array of {field, value}.
create or replace function api.values_confirm(visit bigint, confirmed json) returns void
    language plpgsql security definer set search_path = data, pg_temp as $$
begin
    insert into value_statement (establishment_id, organisation_id, member_id, kind, field, value, visit_id, at)
    select r.establishment_id, r.organisation_id, r.member_id, 'confirmed', c.field, data.value_plain(c.field, c.value), r.visit_id, r.done_at
      from report r
     cross join lateral (select distinct on (x.field) x.field, x.value
                           from json_to_recordset(values_confirm.confirmed) x (field text, value text)
                          order by x.field) c
     where r.visit_id = values_confirm.visit and r.member_id = auth.member() and r.organisation_id = auth.organisation();
end
$$;

-- The fields of an establishment, each with the value that stands, who gave it, when, by which rule, and the others.
create or replace function api.values_of(establishment bigint) returns json
    language plpgsql stable security definer set search_path = data, pg_temp as $$
declare
    e establishment;
begin
    if not auth.sees(values_of.establishment) then
        return null;
    end if;
    select * into e from establishment x where x.id = values_of.establishment;
    return (
        with c as materialized (
            select c.* from data.golden_candidates(array[e.id]) c
        ), one as (
            -- The same value from the same source is said once, the latest time.
            select distinct on (c.field, c.value, c.source, c.organisation_id, c.is_pinned, c.is_confirmed) c.*
              from c order by c.field, c.value, c.source, c.organisation_id, c.is_pinned, c.is_confirmed, c.at desc
        )
        select json_build_object('items', json_agg(json_build_object(
            'field', f.field, 'value', f.value, 'pinnable', f.field <> 'commune_code',
            'rule', coalesce(v.rule, case when f.value is null then 'none' when f.others > 0 then 'trusted' else 'only' end),
            'since', case when isfinite(w.at) then w.at end,
            'by', case when v.statement_id is null and v.source_record_id is null then null
                       else (select api.organisation_ref(o) from organisation o where o.id = w.organisation_id) end,
            'member', (select m.name from member m where m.id = w.member_id and w.statement_id is not null),
            'source', case when v.field is null then 'register' when v.statement_id is not null then 'member' else 'file' end,
            'file', (select sf.name from source_record s join source_file sf on sf.id = s.file_id where s.id = w.source_record_id),
            'reason', (select t.reason from value_statement t where t.id = v.statement_id),
            'visit', (select t.visit_id from value_statement t where t.id = v.statement_id),
            'candidates', coalesce((select json_agg(json_build_object(
                    'value', o.value, 'source', case o.source when 'register' then 'register' when 'member' then 'member' else 'file' end,
                    'by', (select api.organisation_ref(g) from organisation g where g.id = o.organisation_id),
                    'member', (select m.name from member m where m.id = o.member_id and o.statement_id is not null),
                    'at', case when isfinite(o.at) then o.at end, 'confirmed', o.is_confirmed, 'counts', o.counts)
                    order by o.value <> f.value, o.at desc, o.value)
                from one o where o.field = f.field and not (o.is_pinned and o.value = f.value)), '[]')) order by f.place))
          from (select n.field, n.value, n.place,
                       (select count(*) from c where c.field = n.field and c.value <> n.value) as others
                  from (values ('legal_name', e.legal_name, 1), ('usual_name', e.usual_name, 2), ('brand', e.brand, 3), ('address', e.address, 4),
                               ('postcode', e.postcode, 5), ('city', e.city, 6), ('naf', e.naf, 7), ('size_band', e.size_band, 8),
                               ('phone', e.phone, 9), ('email', e.email, 10)) n (field, value, place)) f
          left join establishment_value v on v.establishment_id = e.id and v.field = f.field
          left join lateral (
              select x.at, x.organisation_id, x.member_id, x.statement_id, x.source_record_id from (
                  select c.at, c.organisation_id, c.member_id, c.statement_id, c.source_record_id from c
                   where c.field = f.field and v.field is not null
                     and (c.statement_id = v.statement_id or c.source_record_id = v.source_record_id)
                  union all
                  select coalesce(e.register_date::timestamptz, (select sf.received_at from source_file sf where sf.id = e.register_file)), null, null, null, null
                   where v.field is null and f.value is not null) x limit 1) w on true);
end
$$;
