-- Tiles of the map.

-- tile_frame_of(within text) -> json
select api.ground_frame(:within);

-- tile_of_zones(level text, z int, x int, y int) -> row
select encode(api.zone_tile(:level, :z, :x, :y), 'hex');

-- tile_of_employers(z int, x int, y int, from text?, to text?, network text?, organisation bigint?, segment bigint?, naf text?, size text?, within text) -> row
-- Met in these months; in the last twelve unless told.
select encode(api.employer_tile(:z, :x, :y, coalesce(data.month_number(:from), data.month_of(data.now()) - 11)::integer,
                                coalesce(data.month_number(:to), data.month_of(data.now()))::integer, :network, :organisation, :segment, :naf, :size, :within), 'hex');
