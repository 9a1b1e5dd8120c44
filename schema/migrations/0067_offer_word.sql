-- What the list of offers is searched by, one text for each offer: its title and occupation, the place, the employer. Read offer by offer
-- from where these are kept, a word that few offers have took seconds to find among half a million. Kept by triggers
-- (schema/api/60_offer_word.sql); it says which offers to look at, never which ones somebody may see.
create table data.offer_word (
    offer_id bigint primary key references data.offer on delete cascade,
    rome     text collate "C" not null,
    words    text not null
);
alter table data.offer_word enable row level security;

insert into data.offer_word (offer_id, rome, words)
select f.id, f.rome, concat_ws(' ', f.search, lower(f.rome), c.search, data.fold(concat_ws(' ', e.name, e.city)))
  from data.offer f
  join data.establishment e on e.id = f.establishment_id
  left join data.commune c on c.code = f.commune_code
 order by f.id;

create index offer_word_words on data.offer_word using gin (words ext.gin_trgm_ops);
create index offer_word_rome on data.offer_word (rome, offer_id);
