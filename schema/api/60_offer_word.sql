-- Offers found: by words, by state, the newest first or what opens or closes soonest.

-- What an offer is searched by, as things are now.
create or replace view data.offer_said as
select f.id as offer_id, f.rome, f.establishment_id, f.commune_code,
       concat_ws(' ', f.search, lower(f.rome), c.search, data.fold(concat_ws(' ', e.name, e.city))) as words
  from data.offer f
  join data.establishment e on e.id = f.establishment_id
  left join data.commune c on c.code = f.commune_code;

create or replace function data.offer_word_new() returns trigger
    language plpgsql security definer set search_path = data, pg_temp as $$
begin
    insert into offer_word (offer_id, rome, words) select s.offer_id, s.rome, s.words from fresh n join offer_said s on s.offer_id = n.id;
    return null;
end
$$;
create or replace trigger offer_word_new after insert on data.offer
    referencing new table as fresh for each statement execute function data.offer_word_new();

create or replace function data.offer_word_changed() returns trigger
    language plpgsql security definer set search_path = data, pg_temp as $$
begin
    update offer_word w set rome = s.rome, words = s.words from offer_said s where s.offer_id = new.id and w.offer_id = new.id;
    return null;
end
$$;
create or replace trigger offer_word_changed after update on data.offer
    for each row when ((old.search, old.rome, old.commune_code, old.establishment_id) is distinct from (new.search, new.rome, new.commune_code, new.establishment_id))
    execute function data.offer_word_changed();

-- An employer or a commune that goes by another name: few of those that an import touches do.
create or replace function data.offer_word_of_employer() returns trigger
    language plpgsql security definer set search_path = data, pg_temp as $$
declare
    renamed bigint[] := array(select x.id from (select id, name, city from fresh except select id, name, city from stale) x);
begin
    if renamed <> '{}' then
        update offer_word w set words = s.words from offer_said s
         where s.establishment_id = any (renamed) and w.offer_id = s.offer_id and w.words <> s.words;
    end if;
    return null;
end
$$;
create or replace trigger offer_word_changed after update on data.establishment
    referencing old table as stale new table as fresh for each statement execute function data.offer_word_of_employer();

create or replace function data.offer_word_of_commune() returns trigger
    language plpgsql security definer set search_path = data, pg_temp as $$
declare
    renamed text[] := array(select x.code from (select code, search from fresh except select code, search from stale) x);
begin
    if renamed <> '{}' then
        update offer_word w set words = s.words from offer_said s
         where s.commune_code = any (renamed) and w.offer_id = s.offer_id and w.words <> s.words;
    end if;
    return null;
end
$$;
create or replace trigger offer_word_changed after update on data.commune
    referencing old table as stale new table as fresh for each statement execute function data.offer_word_of_commune();

-- Offers to look at, whoever asks: api.offer_find asks of each whether the reader may see it. Runs as its owner and is planned for what is
-- asked: under row policies no index on words may be used, and a rare word and a common one are not found by the same way. `after_at`:
-- microseconds; of the newest, which go by their number alone, zero.
create or replace function api.offer_candidates(words text[], romes text[], states text[], organisation bigint, sort text, after_at bigint, after_id bigint, most integer)
    returns table (id bigint, at bigint)
    language plpgsql stable security definer set search_path = data, ext, pg_temp rows 100 as $$
declare
    source text := 'offer o';
    filter text := '';
    ways   text[];
begin
    if auth.role() is null then
        return;
    end if;
    if words <> '{}' then
        source := 'offer_word w join offer o on o.id = w.offer_id';
        filter := ' and (' || (select string_agg(format('w.words like %L', p), ' and ') from unnest(words) p)
                  || case when romes <> '{}' then format(' or w.rome = any (%L)', romes) else '' end || ')';
    end if;
    if not auth.is_partner() and sort is distinct from 'soonest' then
        -- Of all offers there ever were a few are open: in order by the lines of the board, which say of each that it is.
        if 'open' = any (states) then
            return query execute format('select b.offer_id, 0::bigint from board_line b%s where b.offer_id < %s%s%s order by b.offer_id desc limit %s',
                                        case when words <> '{}' then ' join offer_word w on w.offer_id = b.offer_id' else '' end,
                                        coalesce(after_id, 9223372036854775807), filter,
                                        case when organisation is not null
                                             then format(' and exists (select from offer o where o.id = b.offer_id and o.organisation_id = %s)', organisation)
                                             else '' end, most);
        end if;
        return;
    end if;
    if organisation is not null then
        filter := filter || format(' and o.organisation_id = %s', organisation);
    end if;
    if sort = 'soonest' then
        select array_agg(format('(select o.id, o.%1$I as moment from %2$s where o.state = %3$L%4$s%5$s order by o.%1$I, o.id limit %6$s)',
                                d.moment, source, d.state, filter,
                                case when after_at is not null
                                     then format(' and (o.%I, o.id) > (timestamptz ''epoch'' + %s * interval ''1 microsecond'', %s)', d.moment, after_at, after_id)
                                     else '' end, most))
          into ways
          from (values ('reserved', 'opens_at'), ('open', 'closes_at')) d (state, moment)
         where states is null or d.state = any (states);
        if ways is not null then
            return query execute format('select x.id, (extract(epoch from x.moment) * 1000000)::bigint from (%s) x order by x.moment, x.id limit %s',
                                        array_to_string(ways, ' union all '), most);
        end if;
    else
        return query execute format('select %1$s, 0::bigint from %2$s where %1$s < %3$s%4$s%5$s order by %1$s desc limit %6$s',
                                    case when words <> '{}' then 'w.offer_id' else 'o.id' end, source, coalesce(after_id, 9223372036854775807),
                                    case when cardinality(states) = 1 then format(' and o.state = %L', states[1]) -- read off an index in order
                                         when states is not null then format(' and o.state = any (%L)', states) else '' end, filter, most);
    end if;
end
$$;

-- Offers that the reader may see, after a position. `q`: each of its words is in the title, the occupation, the name of the employer or a
-- place, as the reader may see them; or all of it is what people call the occupation. `sort`: newest, or soonest: of those reserved and
-- open, what opens or closes first. Candidates are taken by the hundred, then by more, until the page is full.
create or replace function api.offer_find(q text, states text[], own boolean, sort text, after_at bigint, after_id bigint, most integer)
    returns table (id bigint, at bigint)
    language plpgsql stable rows 100 as $$
#variable_conflict use_column
declare
    folded text := trim(translate(data.fold(offer_find.q), '\%_', ''));
    words  text[] := array(select '%' || w || '%' from regexp_split_to_table(folded, '\s+') w where w <> '');
    romes  text[] := case when length(folded) >= 4
                          then array(select distinct a.rome from data.appellation a where a.search like folded || '%' or a.search like '%/ ' || folded || '%') end;
    seen   text[] := case when auth.is_partner() then states
                          else array(select 'open' where states is null or 'open' = any (states)) end; -- nobody else sees another one
    batch  integer := 2 * most;
    wanted integer := most;
    ids    bigint[];
    moments bigint[];
    got    integer;
begin
    loop
        select array_agg(c.id order by c.n), array_agg(c.at order by c.n)
          into ids, moments
          from api.offer_candidates(words, romes, seen, case when own then auth.organisation() end, sort, after_at, after_id, batch)
               with ordinality c (id, at, n);
        return query
            select f.id, c.at
              from unnest(ids, moments) with ordinality c (id, at, n)
              join data.offer f on f.id = c.id
             where words = '{}'
                or f.rome = any (romes)
                or concat_ws(' ', f.search, lower(f.rome), (select x.search from data.commune x where x.code = f.commune_code),
                             (select data.fold(concat_ws(' ', e.name, e.city)) from data.establishment e where e.id = f.establishment_id))
                   like all (words)
             order by c.n
             limit wanted;
        get diagnostics got = row_count;
        wanted := wanted - got;
        exit when wanted <= 0 or coalesce(cardinality(ids), 0) < batch;
        after_id := ids[batch];
        after_at := moments[batch];
        batch := least(batch * 4, 20000);
    end loop;
end
$$;
