-- Tiles made ahead.

-- tile_ahead() -> row
select data.tiles_ahead();
