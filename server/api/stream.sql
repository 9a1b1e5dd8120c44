-- stream_audience() -> row
-- Who listens: member_id, territory_id, and whether they see the shared list.
select auth.member(), auth.territory(), auth.is_partner();
