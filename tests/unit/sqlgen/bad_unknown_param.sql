-- a(x bigint) -> json
select :y;
