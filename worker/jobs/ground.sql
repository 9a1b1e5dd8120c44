-- The ground of the map.

-- ground_follow() -> row
select data.ground_follow();
