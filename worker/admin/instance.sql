-- The instance: its clock, its name, the chain of its events.

-- clock_state() -> row
select test_allowed, data.now() from data.clock;

-- clock_move(at timestamptz) -> void
select data.clock_set(:at);

-- clock_move_local(at timestamp) -> void
-- A time without offset is one of Europe/Paris.
select data.clock_set(:at at time zone 'Europe/Paris');

-- clock_back() -> void
select data.clock_set(null);

-- clock_allow(allowed bool) -> void
-- Forbidding the test clock also puts it back to real time.
update data.clock
   set test_allowed = :allowed, set_to = case when :allowed then set_to end, set_at = case when :allowed then set_at end;

-- instance_name(name text) -> void
update data.instance set name = :name;

-- instance_state() -> row
select i.name, i.demo, c.test_allowed, data.now() from data.instance i, data.clock c;

-- events_verify() -> row
select sealed, waiting, broken_event from data.event_verify();
