-- a() -> rows
select 1;
