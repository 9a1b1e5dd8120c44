-- What a search of the board asks of an open offer, in a narrow row of its own: of a row of fifty-eight columns, read for each word found,
-- finding the columns was most of the work. Kept by a trigger of the offers (schema/api/69_board.sql); nobody reads it but the board.
create table data.board_line (
    offer_id     bigint primary key references data.offer on delete cascade,
    opened_at    timestamptz not null,
    replaced_by  bigint,
    on_board     boolean not null,
    on_atom      boolean not null,
    on_sitemap   boolean not null,
    commune_code text collate "C",
    contract     text not null,
    rome         text collate "C" not null,
    search       text not null
);
alter table data.board_line enable row level security;

insert into data.board_line (offer_id, opened_at, replaced_by, on_board, on_atom, on_sitemap, commune_code, contract, rome, search)
select o.id, o.opened_at, o.replaced_by, 'board' = any (o.channels), 'atom' = any (o.channels), 'sitemap' = any (o.channels), o.commune_code, o.contract, o.rome, o.search
  from data.offer o where o.state = 'open' and not o.sandbox order by o.id;

-- In the order in which the board shows them: a common word is found without opening each offer on the way.
create index board_line_newest on data.board_line (opened_at desc, offer_id desc) include (replaced_by, on_board, on_atom, commune_code, contract, rome, search);
create index board_line_search on data.board_line using gin (search ext.gin_trgm_ops);
create index board_line_commune on data.board_line (commune_code, opened_at desc);
create index board_line_rome on data.board_line (rome, opened_at desc);
drop index data.offer_open, data.offer_open_search, data.offer_open_commune;
