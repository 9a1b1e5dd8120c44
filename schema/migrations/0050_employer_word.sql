-- The employer's word over the whole life of an offer, by links and without an account; why an offer is withdrawn, in words that all
-- partners share; referrals by the API.

-- A link asks one thing: is this draft right, or does the offer still stand. One that leaves by mail has its token when the letter leaves.
alter table data.offer_link
    add column purpose     text not null default 'confirm' constraint offer_link_purpose check (purpose in ('confirm', 'stand')),
    add column posts       smallint constraint offer_link_posts check (posts between 1 and 500),
    add column delivery_id bigint constraint offer_link_letter_once unique references data.delivery,
    alter column token_hash drop not null,
    drop constraint offer_link_answer,
    add constraint offer_link_answer check (answer is null or purpose = 'confirm' and answer in ('confirmed', 'corrected', 'refused')
                                                           or purpose = 'stand' and answer in ('prolonged', 'filled', 'over')),
    add constraint offer_link_counted check ((posts is not null) = coalesce(answer = 'filled', false)),
    add constraint offer_link_known check (token_hash is not null or delivery_id is not null and answer is null);

-- Where the employer of an offer gets its links: sealed by the programs (base/vault.h), with the hash by which an opposition is found;
-- kept no longer than the offer lives.
create table data.offer_mail (
    offer_id   bigint primary key references data.offer,
    sealed     bytea not null,
    email_hash bytea not null constraint offer_mail_hash check (length(email_hash) = 16),
    member_id  bigint not null references data.member,
    given_at   timestamptz not null
);
create index offer_mail_of on data.offer_mail (email_hash);

-- What the employer does is told as its own.
alter table data.offer_step add column by_employer boolean not null default false;
update data.offer_step s set by_employer = true
  from data.offer_link l
 where l.offer_id = s.offer_id and l.answer = 'confirmed' and s.member_id is null and s.at = l.answered_at;
alter table data.offer_prolongation add column link_id bigint constraint offer_prolongation_link_once unique references data.offer_link;
insert into data.task_kind (code, label, rank) values ('offer.answered', 'L’employeur a répondu', 5);

-- Why an offer is withdrawn. `chosen`: by people; the others are said by programs.
create table data.withdrawal (
    code   text primary key,
    label  text not null,
    rank   smallint not null unique,
    chosen boolean not null default true
);
insert into data.withdrawal (code, label, rank, chosen) values
    ('enough',    'Assez de candidatures', 1, true),
    ('cancelled', 'Poste annulé ou reporté', 2, true),
    ('elsewhere', 'Poste pourvu autrement', 3, true),
    ('mistaken',  'Offre erronée ou en double', 4, true),
    ('silent',    'L’employeur ne répond plus', 5, true),
    ('other',     'Autre motif', 6, true),
    ('feed',      'N’est plus dans le flux du partenaire', 7, false);
-- What was said before stays as a comment.
alter table data.offer add column withdrawal text references data.withdrawal;
alter table data.offer disable trigger user;
update data.offer set withdrawal = case when feed_id is not null and (reason like 'N’est plus dans le flux %' or reason like 'Le flux %') then 'feed' else 'other' end
 where state = 'withdrawn';
alter table data.offer enable trigger user;
alter table data.offer add constraint offer_withdrawn check ((state = 'withdrawn') = (withdrawal is not null));

insert into data.api_scope (code, bit) values ('referrals:read', 256), ('referrals:write', 512);
