-- Figures of a whole country in the time of a click, and what its maps are cut from.

-- --- facts, added up beforehand ---------------------------------------------------------------------------------------

-- Facts of one month and commune that differ in nothing that a question may ask for, as one row; kept by fact_follow. Rows lie in
-- the order of their months as far as possible, so that a period is read without the others.
-- What was met and solicited: n employers; prev_ as in data.fact.
create table data.cell_met (
    commune              integer not null,
    organisation_id      integer not null,
    n                    integer not null,
    contacts             integer not null,
    visits               integer not null,
    firsts               integer not null,
    doubles              integer not null,
    avoided              integer not null,
    month                smallint not null,
    network              smallint not null,
    division             smallint,
    size                 smallint,
    prev_seen            smallint,
    prev_seen_network    smallint,
    prev_seen_own        smallint,
    prev_reached         smallint,
    prev_reached_network smallint,
    prev_reached_own     smallint,
    active               boolean not null,
    strong               boolean not null,
    met                  boolean not null
);
create index cell_met_of on data.cell_met (commune, month);
create index cell_met_of_month on data.cell_met using brin (month) with (pages_per_range = 32);

-- What was promised, found and added.
create table data.cell_done (
    commune         integer not null,
    organisation_id integer not null,
    month           smallint not null,
    network         smallint not null,
    division        smallint,
    size            smallint,
    promises        integer not null,
    kept            integer not null,
    lapsed          integer not null,
    given_back      integer not null,
    keep_days       integer not null,
    needs           integer not null,
    offers          integer not null,
    filled_reserved integer not null,
    filled_open     integer not null,
    fill_days       integer not null,
    referrals       integer not null,
    persons         integer not null,
    persons_shared  integer not null
);
create index cell_done_of on data.cell_done (commune, month);
create index cell_done_of_month on data.cell_done using brin (month) with (pages_per_range = 32);

-- The stock of a commune, whatever the activity and the size.
create table data.stock_whole (
    commune        integer primary key,
    establishments integer not null,
    strong         integer not null
);

-- The keys of the widest table, without their outlines.
create unique index commune_named on data.commune (number) include (code, name);

-- --- where an employer lies ---------------------------------------------------------------------------------------------

-- Fifteen bits, every second one. In PL/pgSQL, which costs less per call than SQL where a value is used twice.
create function data.bits_apart(n integer) returns integer
    language plpgsql immutable parallel safe strict as $$
begin
    n := (n | (n << 8)) & 16711935;
    n := (n | (n << 4)) & 252645135;
    n := (n | (n << 2)) & 858993459;
    return (n | (n << 1)) & 1431655765;
end
$$;
-- The square of the web's maps, of zoom 15, in which a place lies: its column and its row with their bits by turns, so that the
-- squares of any wider square are a run of numbers. lon and lat: hundred-thousandths of a degree.
create function data.square_of(lon integer, lat integer) returns integer
    language plpgsql immutable parallel safe strict as $$
declare
    angle double precision := radians(greatest(-85.0, least(85.0, lat / 100000.0::double precision)));
begin
    return data.bits_apart(greatest(0, least(32767, floor((lon / 100000.0::double precision + 180) / 360 * 32768)::integer)))
           | (data.bits_apart(greatest(0, least(32767, floor((1 - ln(tan(angle) + 1 / cos(angle)) / pi()) / 2 * 32768)::integer))) << 1);
end
$$;

alter table data.facet add column square integer generated always as (data.square_of(lon, lat)) stored;
create index facet_square on data.facet (square);

-- --- tiles ----------------------------------------------------------------------------------------------------------------

-- When the ground, and the employers of a square of zoom 9, last changed: a tile made before is made anew. Numbers of one
-- sequence.
create sequence data.tile_stamp;
create table data.ground_stamp (
    singleton boolean primary key default true check (singleton),
    stamp     bigint not null default 0
);
insert into data.ground_stamp default values;
create table data.square_stamp (
    square integer primary key,
    stamp  bigint not null
);
-- Squares in which an employer changed; taken and removed by the worker.
create table data.square_touched (
    id     bigint generated always as identity primary key,
    square integer not null
);

-- Tiles as they were sent. Lost with a crash, and made anew: nothing is known here that is not known elsewhere. territory_id is 0 for
-- the ground, which is everybody's.
create unlogged table data.tile (
    territory_id bigint not null,
    question     text not null,
    z            smallint not null,
    x            integer not null,
    y            integer not null,
    stamp        bigint not null,
    made_at      timestamptz not null,
    body         bytea not null,
    primary key (territory_id, question, z, x, y)
);
alter table data.tile alter column body set storage external; -- deflated once already, on its way
create index tile_made on data.tile (made_at);

-- --- contours ---------------------------------------------------------------------------------------------------------------

-- Official contours as they were received, whichever communes there were that year.
create table data.contour (
    code        text collate "C" primary key constraint contour_code check (code ~ '^[0-9][0-9AB][0-9]{3}$'),
    name        text,
    shape       ext.geometry(MultiPolygon, 4326) not null,
    received_at timestamptz not null
);
-- Communes that are part of another one by now.
create table data.commune_former (
    code         text collate "C" primary key constraint commune_former_code check (code ~ '^[0-9][0-9AB][0-9]{3}$'),
    commune_code text collate "C" not null references data.commune,
    constraint commune_former_other check (code <> commune_code)
);
create index commune_former_of on data.commune_former (commune_code);

-- A cell is an official contour, several dissolved into one, or a drawing around the centre.
alter table data.commune drop constraint commune_cell_kind;
alter table data.commune add constraint commune_cell_kind check (cell_kind in ('voronoi', 'contour', 'dissolved'));
-- Those received until now.
insert into data.contour (code, name, shape, received_at) select c.code, c.name, c.cell, now() from data.commune c where c.cell_kind = 'contour';
