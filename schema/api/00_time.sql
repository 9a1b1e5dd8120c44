-- Time: the one clock, French public holidays, working days. Dates are those of Europe/Paris.

-- The owner, and nobody else, may also replay history transaction by transaction (the demo generator does).
create or replace function data.now() returns timestamptz
    language sql stable
    return (select case when session_user = 'maillage_owner' and nullif(current_setting('maillage.replay', true), '') is not null
                        then current_setting('maillage.replay')::timestamptz
                        when c.set_to is null then pg_catalog.now()
                        else c.set_to + (pg_catalog.now() - c.set_at) end
              from data.clock c);

create or replace function data.today() returns date
    language sql stable
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

-- The eleven days of article L3133-1 of the Code du travail.
create or replace function data.holidays(year integer) returns table (day date)
    language sql immutable parallel safe
    begin atomic
        select make_date(holidays.year, f.month, f.day)
          from (values (1, 1), (5, 1), (5, 8), (7, 14), (8, 15), (11, 1), (11, 11), (12, 25)) f (month, day)
        union all
        select data.easter(holidays.year) + o.days from (values (1), (39), (50)) o (days);
    end;

create or replace function data.is_working_day(day date) returns boolean
    language sql immutable parallel safe
    return extract(isodow from is_working_day.day) < 6
           and not exists (select from data.holidays(extract(year from is_working_day.day)::integer) h
                            where h.day = is_working_day.day);

-- The day that lies `count` working days after `day`; with 0, `day` itself or the next working day.
create or replace function data.working_day_after(day date, count integer) returns date
    language plpgsql immutable parallel safe as $$
declare
    d    date := day;
    todo integer := count;
    off  date[] := array(select h.day from generate_series(extract(year from day)::integer,
                             extract(year from day)::integer + 1 + count / 200) y, data.holidays(y) h);
begin
    if count < 0 or count > 1000 then
        raise exception 'working_day_after: % is not between 0 and 1000', count;
    end if;
    while todo > 0 or extract(isodow from d) >= 6 or d = any (off) loop
        d := d + 1;
        if todo > 0 and extract(isodow from d) < 6 and d <> all (off) then
            todo := todo - 1;
        end if;
    end loop;
    return d;
end
$$;

create or replace function data.agreement_in_force(of_network text) returns data.agreement
    language sql stable
    return (select a from data.agreement a
             where (a.network = agreement_in_force.of_network or a.network is null) and a.valid_from <= data.today()
             order by a.network nulls last, a.valid_from desc, a.version desc
             limit 1);
