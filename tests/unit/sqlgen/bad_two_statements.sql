-- a() -> void
select 1; delete from x;
