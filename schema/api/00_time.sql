-- Time: the one clock, French public holidays, working days. Dates are those of Europe/Paris.

-- The owner, and nobody else, may also replay history transaction by transaction (the demo generator does).
-- In PL/pgSQL, whose plan is kept: a SQL function with a sub-select is started anew at each call, and this is the most
-- called one.
-- The search path is fixed, here and in the functions below that triggers call: a kept plan is thrown away whenever the
-- caller's path is another one than last time.
create or replace function data.now() returns timestamptz
    language plpgsql stable parallel safe set search_path = data, pg_temp as $$
declare
    replay text := current_setting('maillage.replay', true);
    c      data.clock;
begin
    if replay <> '' and session_user = 'maillage_owner' then
        return replay;
    end if;
    select * into c from data.clock;
    return case when c.set_to is null then pg_catalog.now() else c.set_to + (pg_catalog.now() - c.set_at) end;
end
$$;

create or replace function data.today() returns date
    language sql stable parallel safe
    return (data.now() at time zone 'Europe/Paris')::date;

-- Only an instance whose administrator allowed it may set its clock; clock_test_only keeps the rule.
create or replace function data.clock_set(at timestamptz) returns void
    language sql security definer set search_path = data, pg_temp
    begin atomic
        update data.clock c set set_to = clock_set.at, set_at = case when clock_set.at is null then null else pg_catalog.now() end;
        select pg_notify('job', 'clock');
    end;

-- Gregorian Easter Sunday (anonymous algorithm published in Nature, 1876; Meeus, Astronomical Algorithms, chapter 8).
create or replace function data.easter(year integer) returns date
    language plpgsql immutable parallel safe as $$
declare
    a integer := year % 19;
    b integer := year / 100;
    c integer := year % 100;
    d integer := b / 4;
    e integer := b % 4;
    f integer := (b + 8) / 25;
    g integer := (b - f + 1) / 3;
    h integer := (19 * a + b - d - g + 15) % 30;
    i integer := c / 4;
    k integer := c % 4;
    l integer := (32 + 2 * e + 2 * i - h - k) % 7;
    m integer := (a + 11 * h + 22 * l) / 451;
begin
    return make_date(year, (h + l - 7 * m + 114) / 31, (h + l - 7 * m + 114) % 31 + 1);
end
$$;

-- The eleven days of article L3133-1 of the Code du travail, as an array.
create or replace function data.holidays(year integer) returns date[]
    language plpgsql immutable parallel safe set search_path = data, pg_temp as $$
declare
    e date := data.easter(year);
begin
    return array[make_date(year, 1, 1), e + 1, make_date(year, 5, 1), make_date(year, 5, 8), e + 39, e + 50,
                 make_date(year, 7, 14), make_date(year, 8, 15), make_date(year, 11, 1), make_date(year, 11, 11),
                 make_date(year, 12, 25)];
end
$$;

create or replace function data.is_working_day(day date) returns boolean
    language sql immutable parallel safe
    return extract(isodow from is_working_day.day) < 6
           and is_working_day.day <> all (data.holidays(extract(year from is_working_day.day)::integer));

-- The day that lies `count` working days after `day`; with 0, `day` itself or the next working day.
create or replace function data.working_day_after(day date, count integer) returns date
    language plpgsql immutable parallel safe set search_path = data, pg_temp as $$
declare
    d    date := day;
    todo integer := count;
    year integer := extract(year from day);
    off  date[] := data.holidays(year);
begin
    if count < 0 or count > 1000 then
        raise exception 'working_day_after: % is not between 0 and 1000', count;
    end if;
    while todo > 0 or extract(isodow from d) >= 6 or d = any (off) loop
        d := d + 1;
        if extract(year from d) > year then
            year := year + 1;
            off := data.holidays(year);
        end if;
        if todo > 0 and extract(isodow from d) < 6 and d <> all (off) then
            todo := todo - 1;
        end if;
    end loop;
    return d;
end
$$;

create or replace function data.agreement_in_force(of_network text) returns data.agreement
    language plpgsql stable set search_path = data, pg_temp as $$
declare
    a data.agreement;
begin
    select x.* into a from data.agreement x
     where (x.network = of_network or x.network is null) and x.valid_from <= data.today()
     order by x.network nulls last, x.valid_from desc, x.version desc
     limit 1;
    return a;
end
$$;
