-- Links are looked for by their row or by their establishment. Two partial indexes with the same condition are alike to a
-- planner whose statistics know no link that stands, as after an import was taken back: it then searched the wrong one, from
-- end to end, for every row of the next import. link_of_any serves establishments.
drop index data.link_of_establishment;
