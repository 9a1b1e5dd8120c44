-- The life of an offer after it is written: confirmed by the employer through a link, filled post by post, proposed
-- candidates, prolonged or expired; and the inbox of what is due.

alter table data.agreement
    add column open_days      smallint not null default 30 constraint agreement_open check (open_days between 1 and 180),
    add column referrals_most smallint not null default 5 constraint agreement_referrals check (referrals_most between 1 and 50),
    add column unserved_days  smallint not null default 7 constraint agreement_unserved check (unserved_days between 1 and 60);

alter table data.offer
    add column posts_filled smallint not null default 0,
    add column closes_at    timestamptz,
    add constraint offer_posts_filled check (posts_filled between 0 and posts),
    add constraint offer_filled_whole check (state in ('filled', 'withdrawn', 'expired') or posts_filled < posts);
-- Offers opened before there was an end to it keep a week at least.
alter table data.offer disable trigger user;
update data.offer
   set posts_filled = case state when 'filled' then posts else 0 end,
       closes_at = case when opened_at is not null then greatest(opened_at + interval '30 days', now() + interval '7 days') end;
alter table data.offer enable trigger user;
alter table data.offer add constraint offer_closes check ((opened_at is null) = (closes_at is null));
create index offer_closing on data.offer (closes_at) where state = 'open';

-- The employer has said that an open offer still stands.
create table data.offer_prolongation (
    id              bigint generated always as identity primary key,
    offer_id        bigint not null references data.offer,
    organisation_id bigint not null references data.organisation,
    member_id       bigint not null references data.member,
    confirmed_with  text not null constraint offer_prolongation_with check (length(confirmed_with) between 2 and 160),
    at              timestamptz not null,
    closes_at       timestamptz not null
);
create index offer_prolongation_of on data.offer_prolongation (offer_id, id);

-- A link that lets the employer, without an account, confirm this very text or say what is wrong. Only a hash of the
-- token is kept; one link works at a time, once.
create table data.offer_link (
    id              bigint generated always as identity primary key,
    offer_id        bigint not null references data.offer,
    offer_version   integer not null,
    organisation_id bigint not null references data.organisation,
    member_id       bigint not null references data.member,
    token_hash      bytea not null constraint offer_link_token check (length(token_hash) = 32) unique,
    made_at         timestamptz not null,
    expires_at      timestamptz not null,
    answer          text constraint offer_link_answer check (answer in ('confirmed', 'corrected')),
    answered_at     timestamptz,
    answered_by     text constraint offer_link_by check (length(answered_by) between 2 and 160),
    comment         text constraint offer_link_comment check (length(comment) <= 500),
    revoked_at      timestamptz,
    constraint offer_link_answered check ((answer is null) = (answered_at is null) and (answer is null) = (answered_by is null)),
    constraint offer_link_revoked check (answer is null or revoked_at is null)
);
create unique index offer_link_one on data.offer_link (offer_id) where answer is null and revoked_at is null;

-- Why a candidate was not retained, in words that all partners share.
create table data.referral_refusal (
    code  text primary key,
    label text not null,
    rank  smallint not null
);
insert into data.referral_refusal (code, label, rank) values
    ('profile',     'Profil trop éloigné du poste', 1),
    ('unavailable', 'Candidat indisponible', 2),
    ('distance',    'Trajet trop long', 3),
    ('employer',    'Non retenu par l’employeur après un entretien', 4),
    ('absent',      'Ne s’est pas présenté', 5),
    ('twice',       'Déjà proposé par un autre partenaire', 6),
    ('filled',      'Poste pourvu entre-temps', 7),
    ('withdrawn',   'Offre retirée ou expirée', 8);

-- A partner proposes somebody for an offer, by a reference of its own files: nothing of the person is written here.
create table data.referral (
    id              bigint generated always as identity primary key,
    offer_id        bigint not null references data.offer,
    organisation_id bigint not null references data.organisation,
    member_id       bigint not null,
    reference       text not null constraint referral_reference
                    check (reference ~ '^[A-Za-z0-9][A-Za-z0-9._/-]{1,39}$' and reference ~ '[0-9]'),
    public          text references data.public,
    state           text not null default 'proposed' constraint referral_state
                    check (state in ('proposed', 'met', 'hired', 'refused', 'withdrawn')),
    refusal         text references data.referral_refusal,
    made_at         timestamptz not null,
    answered_at     timestamptz,
    answered_by     bigint references data.member,
    version         integer not null default 1,
    constraint referral_refused check ((state = 'refused') = (refusal is not null)),
    constraint referral_member foreign key (member_id, organisation_id) references data.membership (member_id, organisation_id)
);
create unique index referral_once on data.referral (offer_id, organisation_id, reference) where state <> 'withdrawn';
create index referral_of_offer on data.referral (offer_id, id);
create index referral_of_organisation on data.referral (organisation_id, id desc);

create table data.referral_transition (
    from_state  text not null,
    to_state    text not null,
    by_proposer boolean not null, -- else by who collected the offer
    primary key (from_state, to_state)
);
insert into data.referral_transition (from_state, to_state, by_proposer) values
    ('proposed', 'met', false), ('proposed', 'hired', false), ('proposed', 'refused', false), ('proposed', 'withdrawn', true),
    ('met', 'hired', false), ('met', 'refused', false), ('met', 'withdrawn', true);

-- The inbox: what an organisation, or one of its members, has to do, raised by the passing of time or by others.
create table data.task_kind (
    code  text primary key,
    label text not null,
    rank  smallint not null
);
insert into data.task_kind (code, label, rank) values
    ('offer.correct',    'L’employeur demande une correction', 1),
    ('referral.answer',  'Candidature à examiner', 2),
    ('offer.opening',    'La réservation s’achève', 3),
    ('offer.unserved',   'Offre sans candidature', 4),
    ('offer.closing',    'L’offre expire bientôt', 5),
    ('promise.due',      'Engagement de visite à tenir', 6),
    ('referral.answered', 'Réponse à une candidature', 7);

create table data.task (
    id               bigint generated always as identity primary key,
    kind             text not null references data.task_kind,
    mark             text not null default '',
    organisation_id  bigint not null references data.organisation,
    member_id        bigint references data.member,
    establishment_id bigint references data.establishment,
    offer_id         bigint references data.offer,
    referral_id      bigint references data.referral,
    promise_id       bigint references data.promise,
    due_on           date not null,
    raised_at        timestamptz not null,
    later_on         date,
    done_at          timestamptz,
    done_by          bigint references data.member,
    constraint task_subject check (num_nonnulls(offer_id, promise_id) = 1)
);
-- Each reminder is raised once, however often the clock is looked at and by however many workers.
create unique index task_once on data.task (kind, mark, coalesce(offer_id, promise_id), coalesce(referral_id, 0));
create index task_open on data.task (organisation_id, due_on) where done_at is null;
create index task_of_offer on data.task (offer_id) where done_at is null;
create index task_of_promise on data.task (promise_id) where done_at is null;
create index offer_confirmed_open on data.offer (confirmed_at) where state in ('reserved', 'open');

-- The public board: words, place and contract of open offers.
alter table data.offer add column search text not null default '';
alter table data.offer disable trigger user;
update data.offer o set search = data.fold(o.title || ' ' || r.label) from data.rome r where r.code = o.rome;
alter table data.offer enable trigger user;
create index offer_open_search on data.offer using gin (search ext.gin_trgm_ops) where state = 'open';
create index offer_open_commune on data.offer (commune_code, opened_at desc) where state = 'open';
create index commune_centre on data.commune using gist (centre);
alter table data.commune add column search text not null generated always as (data.fold(name)) stored;
create index commune_search on data.commune (search text_pattern_ops);
create index commune_postcodes on data.commune using gin (postcodes);
