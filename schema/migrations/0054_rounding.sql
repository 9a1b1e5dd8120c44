-- What rounds the counts that observers read: a number of this installation, which nobody outside the functions that round reads.
create table data.rounding (
    is_only boolean primary key default true constraint rounding_only check (is_only),
    salt    bytea not null constraint rounding_salt check (length(salt) = 32)
);
insert into data.rounding (salt) values (decode(replace(gen_random_uuid()::text || gen_random_uuid()::text, '-', ''), 'hex'));
