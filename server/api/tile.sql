-- Tiles of the map.

-- tile_frame_of(within text) -> json
select api.ground_frame(:within);

-- tile_of_zones(level text, z int, x int, y int) -> row
select encode(api.zone_tile(:level, :z, :x, :y), 'hex');

-- tile_of_employers(z int, x int, y int, since text?, segment bigint?, naf text?, size text?) -> row
-- Met since the first of a month, of Paris; in the last twelve months unless told.
select encode(api.employer_tile(:z, :x, :y, (coalesce(:since, data.month_text(data.month_of(data.now()) - 11)) || '-01')::timestamp at time zone 'Europe/Paris',
                                :segment, :naf, :size), 'hex');
