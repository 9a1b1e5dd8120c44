-- a(x bigint) -> json
select 1;
