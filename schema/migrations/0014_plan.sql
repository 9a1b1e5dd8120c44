-- Joint plans: who prospects what, agreed between equals. Versions and their signatures, scenarios and their lines, and
-- the promises that follow.

create table data.plan (
    id               bigint generated always as identity primary key,
    territory_id     bigint not null references data.territory,
    -- Who opened it: no right comes of that.
    organisation_id  bigint not null references data.organisation,
    made_by          bigint not null references data.member,
    made_at          timestamptz not null,
    version          integer not null default 0, -- the latest
    edit             integer not null default 0, -- changes so far: what an editor says it started from
    abandoned_at     timestamptz,
    abandoned_reason text constraint plan_abandoned_reason check (length(abandoned_reason) between 3 and 500),
    evaluated_at     timestamptz,
    conclusion       text constraint plan_conclusion check (length(conclusion) between 3 and 4000),
    constraint plan_abandoned check ((abandoned_at is null) = (abandoned_reason is null)),
    constraint plan_evaluated check ((evaluated_at is null) = (conclusion is null)),
    constraint plan_one_end check (abandoned_at is null or evaluated_at is null)
);
create index plan_of_territory on data.plan (territory_id, id desc);

-- Where a version may go. `active` until another one takes its place or the plan is evaluated.
create table data.plan_transition (
    from_state text not null,
    to_state   text not null,
    primary key (from_state, to_state)
);
insert into data.plan_transition (from_state, to_state) values
    ('draft', 'proposed'), ('draft', 'dropped'), ('proposed', 'agreed'), ('proposed', 'dropped'), ('agreed', 'active'),
    ('agreed', 'dropped'), ('active', 'closed');

-- The hash is of the content and of the lines of the chosen scenario: it is what is signed, and fixed from the proposal on.
create table data.plan_version (
    plan_id      bigint not null references data.plan,
    version      integer not null constraint plan_version_positive check (version > 0),
    state        text not null default 'draft' constraint plan_version_state
                 check (state in ('draft', 'proposed', 'agreed', 'active', 'closed', 'dropped')),
    content      jsonb not null constraint plan_version_content check (length(content::text) <= 200000),
    scenario_id  bigint,
    hash         bytea,
    note         text constraint plan_version_note check (length(note) <= 500),
    member_id    bigint not null references data.member,
    made_at      timestamptz not null,
    proposed_at  timestamptz,
    proposed_by  bigint references data.member,
    agreed_at    timestamptz,
    activated_at timestamptz,
    activated_by bigint references data.member,
    ended_at     timestamptz,
    constraint plan_version_once primary key (plan_id, version),
    constraint plan_version_hash check (case state when 'draft' then hash is null when 'dropped' then true
                                        else hash is not null and scenario_id is not null end),
    constraint plan_version_ended check ((ended_at is null) = (state not in ('closed', 'dropped')))
);
create unique index plan_version_one_active on data.plan_version (plan_id) where state = 'active';
create unique index plan_version_one_open on data.plan_version (plan_id) where state in ('draft', 'proposed', 'agreed');

-- What each change made of the content: who changed what.
create table data.plan_edit (
    plan_id         bigint not null references data.plan,
    edit            integer not null,
    version         integer not null,
    content         jsonb not null,
    scenario_id     bigint,
    note            text constraint plan_edit_note check (length(note) <= 500),
    member_id       bigint not null,
    organisation_id bigint not null,
    at              timestamptz not null,
    constraint plan_edit_once primary key (plan_id, edit),
    constraint plan_edit_version foreign key (plan_id, version) references data.plan_version,
    constraint plan_edit_member foreign key (member_id, organisation_id) references data.membership (member_id, organisation_id)
);

-- What a partner says of one version: its manager signs the hash, or refuses it with a reason.
create table data.plan_signature (
    plan_id         bigint not null,
    version         integer not null,
    organisation_id bigint not null references data.organisation,
    member_id       bigint not null,
    answer          text not null constraint plan_signature_answer check (answer in ('signed', 'refused')),
    hash            bytea not null constraint plan_signature_hash check (length(hash) = 32),
    reason          text constraint plan_signature_reason check (length(reason) between 3 and 500),
    at              timestamptz not null,
    constraint plan_signature_once primary key (plan_id, version, organisation_id),
    constraint plan_signature_version foreign key (plan_id, version) references data.plan_version,
    constraint plan_signature_member foreign key (member_id, organisation_id)
        references data.membership (member_id, organisation_id),
    constraint plan_signature_refused check ((answer = 'refused') = (reason is not null))
);

-- One answer of the engine for a version: with other capacities, weights or shares than the plan says, or the same.
create table data.plan_scenario (
    id              bigint generated always as identity primary key,
    plan_id         bigint not null references data.plan,
    version         integer not null,
    name            text not null constraint plan_scenario_name check (length(name) between 2 and 80 and name = trim(name)),
    settings        jsonb not null default '{}' constraint plan_scenario_settings check (length(settings::text) <= 40000),
    -- What it is computed from, and what stands for it: it speaks of no other content.
    content         jsonb not null,
    basis           bytea not null constraint plan_scenario_basis check (length(basis) = 32),
    state           text not null default 'waiting' constraint plan_scenario_state
                    check (state in ('waiting', 'running', 'done', 'impossible', 'cancelled', 'failed')),
    progress        smallint not null default 0 constraint plan_scenario_progress check (progress between 0 and 100),
    member_id       bigint not null,
    organisation_id bigint not null,
    asked_at        timestamptz not null,
    finished_at     timestamptz,
    cancelled_by    bigint references data.member,
    summary         jsonb not null default '{}',
    lines_hash      bytea constraint plan_scenario_lines check (length(lines_hash) = 32),
    archived_at     timestamptz,
    constraint plan_scenario_done check ((state = 'done') = (lines_hash is not null)),
    constraint plan_scenario_version foreign key (plan_id, version) references data.plan_version,
    constraint plan_scenario_member foreign key (member_id, organisation_id)
        references data.membership (member_id, organisation_id)
);
create index plan_scenario_of on data.plan_scenario (plan_id, id desc);
alter table data.plan_version
    add constraint plan_version_scenario foreign key (scenario_id) references data.plan_scenario;

-- Every candidate of a scenario: who goes there and why, or why nobody does. points: by the ordinals of data.plan_weight.
create table data.plan_line (
    scenario_id      bigint not null references data.plan_scenario,
    establishment_id bigint not null references data.establishment,
    organisation_id  bigint references data.organisation,
    member_id        bigint,
    worth            integer not null default 0,
    km               smallint,
    is_first         boolean not null default false, -- nobody ever visited
    is_small         boolean not null default false, -- fewer than ten employees
    reason           text not null,
    points           integer[],
    why              text not null constraint plan_line_why check (length(why) <= 1000),
    constraint plan_line_once primary key (scenario_id, establishment_id),
    constraint plan_line_both check ((organisation_id is null) = (member_id is null)),
    constraint plan_line_member foreign key (member_id, organisation_id) references data.membership (member_id, organisation_id)
);
create index plan_line_of_member on data.plan_line (scenario_id, organisation_id, member_id);
create index plan_line_of_establishment on data.plan_line (establishment_id);

-- Lines that made no promise when the plan started, and why.
create table data.plan_skip (
    plan_id          bigint not null,
    version          integer not null,
    establishment_id bigint not null references data.establishment,
    organisation_id  bigint not null references data.organisation,
    reason           text not null constraint plan_skip_reason
                     check (reason in ('promised', 'resting', 'opposed', 'closed', 'merged', 'member_gone')),
    detail           jsonb not null default '{}',
    constraint plan_skip_once primary key (plan_id, version, establishment_id),
    constraint plan_skip_version foreign key (plan_id, version) references data.plan_version
);
create index plan_skip_of_establishment on data.plan_skip (establishment_id);

-- What members say of a plan: of the whole, of one of its parts or segments, of one line.
create table data.plan_comment (
    id               bigint generated always as identity primary key,
    plan_id          bigint not null references data.plan,
    version          integer not null,
    part             text constraint plan_comment_part check (part in
                     ('scope', 'partners', 'segments', 'rules', 'capacities', 'objectives', 'scenarios', 'signatures')),
    segment_id       bigint references data.segment,
    establishment_id bigint references data.establishment,
    text             text not null constraint plan_comment_text check (length(text) between 1 and 2000),
    member_id        bigint not null,
    organisation_id  bigint not null,
    at               timestamptz not null,
    constraint plan_comment_version foreign key (plan_id, version) references data.plan_version,
    constraint plan_comment_subject check (num_nonnulls(part, segment_id, establishment_id) <= 1),
    constraint plan_comment_member foreign key (member_id, organisation_id)
        references data.membership (member_id, organisation_id)
);
create index plan_comment_of on data.plan_comment (plan_id, id);

-- What makes a visit worth something, in points: the only place where this is said.
create table data.plan_weight (
    code    text primary key,
    ordinal smallint not null constraint plan_weight_ordinal unique,
    label   text not null,
    unit    text not null,
    points  integer not null constraint plan_weight_points check (points between -1000 and 1000),
    help    text not null
);
insert into data.plan_weight (code, ordinal, label, unit, points, help) values
    ('potential', 1, 'Potentiel d’embauche', 'par dizaine de points', 6, 'Taille, rang de l’activité par embauches, projets de recrutement du bassin (enquête BMO).'),
    ('needs',     2, 'Besoins déclarés', 'par besoin, 5 au plus', 15, 'Intentions d’embauche connues et encore ouvertes.'),
    ('silence',   3, 'Sans contact', 'par mois, 24 au plus', 1, 'Mois depuis le dernier contact d’un partenaire ; jamais visité compte 24 mois.'),
    ('fruitful',  4, 'Contacts fructueux', 'par contact, 5 au plus', 12, 'Visites passées de la structure dont il est sorti un besoin, présent ou à venir.'),
    ('known',     5, 'Interlocuteur connu', 'oui ou non', 8, 'La structure a un interlocuteur chez l’employeur.'),
    ('public',    6, 'Public adapté', 'oui ou non', 10, 'L’employeur convient au public de la structure : voir la table des publics.'),
    ('km',        7, 'Distance', 'par kilomètre', -1, 'De la base du conseiller, à défaut de celle de la structure, à l’établissement.'),
    ('stability', 8, 'Même conseiller', 'oui ou non', 10, 'Le conseiller de la version en cours.'),
    ('tension',   9, 'Tension des métiers', 'par degré, de 1 à 5', 2, 'Tension moyenne des métiers de l’activité dans le bassin.'),
    ('lead',     10, 'Chef de file', 'oui ou non', 15, 'La structure mène le segment de cet employeur.');

-- Which employers suit the public of a network: by the number of employees, or by the activity (beginning of its code).
create table data.plan_public (
    network   text not null references data.network,
    criterion text not null constraint plan_public_criterion check (criterion in ('size', 'naf')),
    value     text not null,
    label     text not null,
    primary key (network, criterion, value)
);
insert into data.plan_public (network, criterion, value, label) values
    ('ce',   'size', '20',    '20 salariés et plus : obligation d’emploi des travailleurs handicapés'),
    ('ml',   'naf',  '45',    'Commerce et réparation automobile : apprentissage'),
    ('ml',   'naf',  '47',    'Commerce de détail : premiers emplois'),
    ('ml',   'naf',  '55',    'Hébergement : emplois saisonniers, débutants acceptés'),
    ('ml',   'naf',  '56',    'Restauration : débutants acceptés'),
    ('ml',   'naf',  '10.7',  'Boulangerie, pâtisserie : apprentissage'),
    ('ml',   'naf',  '96.02', 'Coiffure et soins : apprentissage'),
    ('plie', 'naf',  '41',    'Construction : clauses d’insertion'),
    ('plie', 'naf',  '42',    'Travaux publics : clauses d’insertion'),
    ('plie', 'naf',  '43',    'Second œuvre : clauses d’insertion'),
    ('plie', 'naf',  '81',    'Nettoyage, espaces verts : emplois accessibles sans diplôme'),
    ('plie', 'naf',  '88',    'Action sociale : emplois d’aide à la personne'),
    ('ft',   'size', '10',    '10 salariés et plus : recrutements réguliers');

-- A promise that a plan made: it may be due until the plan ends, since all partners signed that.
alter table data.promise
    add column plan_id      bigint,
    add column plan_version integer,
    add constraint promise_plan foreign key (plan_id, plan_version) references data.plan_version,
    add constraint promise_plan_both check ((plan_id is null) = (plan_version is null));
create index promise_of_plan on data.promise (plan_id, establishment_id) where plan_id is not null;

-- The history of a plan, from the log.
create index event_of_plan on data.event (((data ->> 'plan')::bigint), id) where kind like 'plan.%';
