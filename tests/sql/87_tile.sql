-- Tiles: a kept one is never another territory's, employers are for partners, numbers rise when what a tile shows changes.
begin;
\ir fixture.inc
select plan(21);
update data.establishment e set location = c.centre from data.commune c where c.code = e.commune_code and e.legal_name like '%du Test';

create function pg_temp.moulins() returns bytea language sql as $$
    select api.employer_tile(12, floor((3.333 + 180) / 360 * 4096)::integer, floor((1 - ln(tan(radians(46.565)) + 1 / cos(radians(46.565))) / pi()) / 2 * 4096)::integer,
                             data.month_of(data.now()) - 11, data.month_of(data.now())::integer, null, null, null, null, null, '') $$;
create function pg_temp.moved(what text) returns boolean language plpgsql as $$
declare was bigint; begin
    perform data.tiles_follow();
    select coalesce(max(stamp), 0) into was from data.square_stamp;
    execute what;
    perform data.tiles_follow();
    return (select coalesce(max(stamp), 0) from data.square_stamp) > was;
end $$;

-- --- squares ------------------------------------------------------------------------------------------------------------
select is(data.square_of(0, 0), 3 << 28, 'the middle of the world begins the fourth quarter');
select is((select count(*) from generate_series(-170, 170, 17) lon cross join generate_series(-80, 80, 16) lat cross join generate_series(9, 15) z
            where data.square_of(lon * 100000, lat * 100000) not between
                  data.square_first(z, floor((lon + 180) / 360.0 * (1 << z))::integer, floor((1 - ln(tan(radians(lat)) + 1 / cos(radians(lat))) / pi()) / 2 * (1 << z))::integer)
              and data.square_first(z, floor((lon + 180) / 360.0 * (1 << z))::integer, floor((1 - ln(tan(radians(lat)) + 1 / cos(radians(lat))) / pi()) / 2 * (1 << z))::integer) + (1 << (2 * (15 - z))) - 1),
          0::bigint, 'a place lies in the run of each tile around it');
select is((select count(*) from data.facet f where (f.lon is null) <> (f.square is null)), 0::bigint, 'who has a place has a square');

-- --- who gets what ------------------------------------------------------------------------------------------------------
set session authorization maillage_server;
select pg_temp.act('T-FT');
select cmp_ok(length(pg_temp.moulins()), '>', 20, 'an adviser has employers');
select is(pg_temp.moulins(), pg_temp.moulins(), 'twice the same');
select pg_temp.act('T-LYON');
select is(length(pg_temp.moulins()), 0, 'another territory has none, though the tile is kept');
select pg_temp.act('T-ETAT');
select is(pg_temp.moulins(), null, 'an observer has no tile');
select pg_temp.act('T-CCI');
select is(pg_temp.moulins(), null, 'nor a contributor');
select throws_ok('select * from data.tile', '42501', null, 'kept tiles are not read');
select throws_ok('insert into data.tile values (0, ''commune'', 9, 1, 1, 0, now(), ''x'')', '42501', null, 'nor written');
select throws_ok('select data.employer_tile_make(12, 1, 1, 310, 321, null, null, null, null, null, '''')', '42501', null, 'nor cut around the check');
select throws_ok('select * from data.contour', '42501', null, 'nor are contours as received');
select pg_temp.act('T-FT');
select throws_ok('select api.zone_tile(''commune'', 20, 1, 1)', 'ML000', 'not_found', 'there is no such tile');
reset session authorization;

-- --- where names go ---------------------------------------------------------------------------------------------------------
create temp table place as select * from (values
    ('a square', 'MULTIPOLYGON(((0 0,4 0,4 4,0 4,0 0)))'),
    ('islands, a long one and a large one', 'MULTIPOLYGON(((0 0,9 0,9 1,0 1,0 0)),((2 5,6 5,6 9,2 9,2 5)))'),
    ('a ring', 'MULTIPOLYGON(((0 0,9 0,9 9,0 9,0 0),(3 3,3 6,6 6,6 3,3 3)))')) v (what, wkt);
create function pg_temp.named(of_what text, x numeric default null, y numeric default null) returns geometry language sql as $$
    select data.name_place(ST_GeomFromText(p.wkt, 4326), ST_SetSRID(ST_MakePoint(x, y), 4326)) from place p where p.what = of_what $$;
select is(ST_AsText(pg_temp.named('a square', 1, 3)), 'POINT(1 3)', 'a name goes to the centre that is known');
select is(ST_Within(pg_temp.named('islands, a long one and a large one', 4, 3), ST_MakeEnvelope(2, 5, 6, 9, 4326)), true, 'not into the sea between islands: onto the largest');
select is(ST_Within(pg_temp.named('islands, a long one and a large one'), ST_MakeEnvelope(2, 5, 6, 9, 4326)), true, 'which is not the longest');
select is(ST_Within(pg_temp.named('a ring', 4.5, 4.5), ST_MakeEnvelope(3, 3, 6, 6, 4326)), false, 'nor into an enclave');

-- --- when it is stale -----------------------------------------------------------------------------------------------------
select is(pg_temp.moved($$ update data.establishment set phone = '0470000000' where legal_name = 'Boulangerie du Test' $$), false, 'what no tile shows changes no number');
select is(pg_temp.moved($$ update data.establishment set status = 'F', closed_on = data.today() where legal_name = 'Boulangerie du Test' $$), true, 'an employer who is no more does');
create temp table was as select stamp from data.ground_stamp;
update data.commune set cell = ST_Multi(ST_MakeEnvelope(3.3, 46.5, 3.4, 46.6, 4326)), cell_kind = 'contour' where code = '03190';
select cmp_ok((select stamp from data.ground_stamp), '>', (select stamp from was), 'another outline numbers the ground anew');
select pg_temp.act('T-FT');
select cmp_ok(length(api.zone_tile('commune', 9, 260, 180)), '>=', 0, 'and its tiles are cut again');
select * from finish();
rollback;
