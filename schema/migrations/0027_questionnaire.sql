-- What a report asks: a core that all networks share, and what each network adds for itself. A version once published does
-- not change: answers stand beside the version they were given to.
create table data.questionnaire (
    id              bigint generated always as identity primary key,
    network         text references data.network, -- null: the common core
    version         integer not null,
    questions       jsonb not null constraint questionnaire_questions
                    check (jsonb_typeof(questions) = 'array' and jsonb_array_length(questions) <= 30),
    organisation_id bigint references data.organisation,
    member_id       bigint references data.member,
    made_at         timestamptz not null
);
create unique index questionnaire_once on data.questionnaire (coalesce(network, ''), version);

create table data.report_answer (
    visit_id         bigint not null references data.report,
    questionnaire_id bigint not null references data.questionnaire,
    code             text not null,
    value            text not null constraint report_answer_value check (length(value) between 1 and 1000),
    network          text references data.network, -- null: read by all partners
    primary key (visit_id, questionnaire_id, code, value)
);
create table data.report_answer_revision (
    visit_id         bigint not null,
    version          integer not null,
    questionnaire_id bigint not null references data.questionnaire,
    code             text not null,
    value            text not null,
    network          text references data.network,
    primary key (visit_id, version, questionnaire_id, code, value)
);

insert into data.questionnaire (network, version, made_at, questions) values (null, 1, '2020-01-01', '[
    {"code": "immersion", "label": "Accueillerait une immersion ou un stage", "kind": "yesno", "required": false, "outcomes": ["needs", "later", "none"]},
    {"code": "difficulty", "label": "Difficultés de recrutement dites", "kind": "choices", "required": false, "outcomes": ["needs", "later"],
     "choices": ["Peu de candidatures", "Candidatures éloignées du poste", "Horaires ou transport", "Aucune"]}]');
