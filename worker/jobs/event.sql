-- event_seal(most int) -> row
-- How many were sealed: fewer than asked when no more is final.
select case when exists (select from data.event_unsealed) then data.event_seal_next(:most) else 0 end;
