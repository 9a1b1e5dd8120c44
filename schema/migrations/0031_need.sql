-- Needs as objects of their own, leads of contributors, pictures of a visit.

-- Families of occupations, as surveys of hiring intentions name them.
create table data.fap (
    code  text collate "C" primary key constraint fap_code check (length(code) between 3 and 10),
    label text not null
);
insert into data.fap (code, label) select b.fap, max(b.label) from data.bmo b group by b.fap;

-- What people call an occupation: what one types finds the code.
create table data.appellation (
    rome   text collate "C" not null references data.rome,
    label  text not null constraint appellation_label check (length(label) between 2 and 200),
    search text not null generated always as (data.fold(label)) stored,
    primary key (rome, label)
);
create index appellation_search on data.appellation using gin (search ext.gin_trgm_ops);

-- A need: posts is null when the number is not known (statistical secrecy included), never 0.
alter table data.need
    alter column rome drop not null,
    alter column posts drop not null,
    alter column posts drop default,
    add column fap text collate "C" references data.fap,
    add column seasonal boolean,
    add column difficulty text constraint need_difficulty check (difficulty in ('easy', 'hard')),
    add column source text not null default 'call' constraint need_source check (source in ('visit', 'bmo', 'call', 'contributor')),
    add column expires_on date,
    add column zero_on date,
    add column reason text constraint need_reason check (length(reason) <= 500),
    add column survey_year smallint constraint need_survey_year check (survey_year between 2000 and 2100),
    add column file_id bigint references data.source_file,
    add column version integer not null default 1,
    drop constraint need_state,
    add constraint need_state check (state in ('declared', 'confirmed', 'offer', 'filled', 'abandoned', 'zero')),
    add constraint need_occupation check (num_nonnulls(rome, fap) > 0),
    add constraint need_zero check ((state = 'zero') = (zero_on is not null)),
    add constraint need_survey check ((source = 'bmo') = (survey_year is not null));
alter table data.need disable trigger user;
update data.need n
   set source = case when n.visit_id is null then 'call' else 'visit' end,
       expires_on = (n.declared_at at time zone 'Europe/Paris')::date
                    + case n.horizon when 'now' then 60 when 'quarter' then 120 when 'half' then 210 else 400 end;
alter table data.need
    enable trigger user,
    alter column expires_on set not null,
    add constraint need_visit check ((source = 'visit') = (visit_id is not null));
create index need_listed on data.need (state, id desc);
create index need_of_rome on data.need (rome);
create index need_expiry on data.need (expires_on) where state in ('declared', 'confirmed');
-- One answer of an employer on one occupation a year, whichever files tell it.
create unique index need_survey_once on data.need (organisation_id, establishment_id, coalesce(fap, ''), coalesce(rome, ''), survey_year)
    where source = 'bmo';
-- An offer that expired leaves its need free for another one.
drop index data.offer_of_need_once;
create unique index offer_of_need_once on data.offer (need_id) where state not in ('withdrawn', 'expired');

create table data.need_transition (
    from_state   text not null,
    to_state     text not null,
    needs_reason boolean not null,
    primary key (from_state, to_state)
);
insert into data.need_transition (from_state, to_state, needs_reason) values
    ('declared', 'confirmed', false), ('declared', 'offer', false), ('declared', 'filled', true), ('declared', 'abandoned', true),
    ('declared', 'zero', false), ('confirmed', 'offer', false), ('confirmed', 'filled', true), ('confirmed', 'abandoned', true),
    ('confirmed', 'zero', false), ('offer', 'confirmed', false), ('offer', 'filled', false), ('filled', 'confirmed', true),
    ('abandoned', 'confirmed', true), ('zero', 'confirmed', true);

-- Every step of a need, with who took it, when and why.
create table data.need_step (
    id              bigint generated always as identity primary key,
    need_id         bigint not null references data.need,
    from_state      text,
    to_state        text not null,
    at              timestamptz not null,
    member_id       bigint references data.member,
    organisation_id bigint references data.organisation,
    reason          text
);
create index need_step_of on data.need_step (need_id, id);
insert into data.need_step (need_id, to_state, at, member_id, organisation_id)
select n.id, 'declared', n.declared_at, n.member_id, n.organisation_id from data.need n order by n.id;

-- Answers to a survey come as files of their own.
alter table data.source_file
    drop constraint source_file_kind,
    add constraint source_file_kind check (kind in ('sirene', 'companies', 'partner', 'contours', 'demo', 'successions', 'needs')),
    drop constraint source_file_owner,
    add constraint source_file_owner check ((kind in ('partner', 'needs')) = (organisation_id is not null));

-- A lead: what a contributor heard of an employer, for one organisation, or one person there.
create table data.lead (
    id                  bigint generated always as identity primary key,
    organisation_id     bigint not null references data.organisation,
    member_id           bigint not null,
    kind                text not null constraint lead_kind check (kind in ('recruiting', 'settling', 'transfer', 'difficulty')),
    establishment_id    bigint references data.establishment,
    employer            text not null constraint lead_employer check (length(employer) between 2 and 200),
    commune_code        text collate "C" references data.commune,
    told                text not null constraint lead_told check (length(told) between 3 and 2000),
    confidential        boolean not null default false,
    recipient_id        bigint not null references data.organisation,
    recipient_member_id bigint,
    state               text not null default 'sent' constraint lead_state
                        check (state in ('sent', 'taken', 'done', 'declined', 'withdrawn')),
    outcome             text constraint lead_outcome check (outcome in ('need', 'promise', 'task', 'answer')),
    answer              text constraint lead_answer check (length(answer) between 3 and 1000),
    taken_by            bigint references data.member,
    need_id             bigint references data.need constraint lead_of_need_once unique,
    promise_id          bigint references data.promise,
    made_at             timestamptz not null,
    answered_at         timestamptz,
    version             integer not null default 1,
    constraint lead_member foreign key (member_id, organisation_id) references data.membership (member_id, organisation_id),
    constraint lead_recipient_member foreign key (recipient_member_id, recipient_id) references data.membership (member_id, organisation_id),
    constraint lead_done check ((state = 'done') = (outcome is not null)),
    constraint lead_told_answer check (state <> 'declined' and outcome is distinct from 'answer' or answer is not null),
    constraint lead_need check (outcome is distinct from 'need' or need_id is not null),
    constraint lead_promise check (outcome is distinct from 'promise' or promise_id is not null)
);
create index lead_of on data.lead (organisation_id, id desc);
create index lead_for on data.lead (recipient_id, id desc);
create index lead_about on data.lead (establishment_id);
create table data.lead_transition (
    from_state    text not null,
    to_state      text not null,
    by_recipient  boolean not null, -- else by who sent it
    primary key (from_state, to_state)
);
insert into data.lead_transition (from_state, to_state, by_recipient) values
    ('sent', 'taken', true), ('sent', 'done', true), ('sent', 'declined', true), ('sent', 'withdrawn', false),
    ('taken', 'done', true), ('taken', 'declined', true), ('taken', 'withdrawn', false);
create table data.lead_step (
    id              bigint generated always as identity primary key,
    lead_id         bigint not null references data.lead,
    from_state      text,
    to_state        text not null,
    at              timestamptz not null,
    member_id       bigint references data.member,
    organisation_id bigint references data.organisation
);
create index lead_step_of on data.lead_step (lead_id, id);

-- What asks something of a member may be a need or a lead. One partner at most is asked to call an employer again.
insert into data.task_kind (code, label, rank) values
    ('need.recontact', 'Besoins à confirmer avec l’employeur', 5),
    ('need.expiring',  'Besoin bientôt échu', 8),
    ('lead.answer',    'Signalement à traiter', 2),
    ('lead.follow',    'Suite d’un signalement', 6);
alter table data.task
    add column need_id bigint references data.need,
    add column lead_id bigint references data.lead,
    drop constraint task_subject,
    add constraint task_subject check (num_nonnulls(offer_id, promise_id, team_id, need_id, lead_id) = 1);
drop index data.task_once;
create unique index task_once on data.task (kind, mark, coalesce(offer_id, promise_id, team_id, need_id, lead_id), coalesce(referral_id, 0));
create unique index task_recontact_once on data.task (establishment_id) where kind = 'need.recontact' and done_at is null;
create index task_of_need on data.task (need_id) where done_at is null;
create index task_of_lead on data.task (lead_id) where done_at is null;

-- A photograph or a business card beside the report of a visit: encoded anew when it arrived, sealed, never a file.
create table data.picture (
    id               bigint generated always as identity primary key,
    visit_id         bigint not null references data.report,
    establishment_id bigint not null references data.establishment,
    organisation_id  bigint not null references data.organisation,
    member_id        bigint not null references data.member,
    kind             text not null constraint picture_kind check (kind in ('photo', 'card')),
    sha256           bytea not null constraint picture_hash check (length(sha256) = 32),
    width            smallint not null constraint picture_width check (width between 1 and 2000),
    height           smallint not null constraint picture_height check (height between 1 and 2000),
    bytes            integer not null constraint picture_bytes check (bytes between 1 and 1500000),
    content          bytea, -- sealed; null once it was removed
    made_at          timestamptz not null,
    removed_at       timestamptz,
    constraint picture_removed check ((content is null) = (removed_at is not null))
);
create index picture_of on data.picture (visit_id, id);
create unique index picture_once on data.picture (visit_id, organisation_id, sha256) where removed_at is null;
