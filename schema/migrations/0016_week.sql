-- The week: hours of advisers and employers, suggested tours, calls for an appointment, calendar feeds.

-- When a visit last changed: calendars ask.
alter table data.visit add column changed_at timestamptz;
alter table data.visit disable trigger user;
update data.visit v
   set changed_at = coalesce(e.at, v.planned_at)
  from data.visit x
  left join (select (e.data ->> 'visit')::bigint as visit, max(e.at) as at from data.event e where e.kind like 'visit.%' group by 1) e
         on e.visit = x.id
 where x.id = v.id;
alter table data.visit enable trigger user;
alter table data.visit alter column changed_at set not null;
create index visit_changed_of on data.visit (member_id, organisation_id, changed_at);

-- How an adviser works; without a row, as data.work_week_of says. Home is a commune, never an address.
create table data.work_week (
    member_id       bigint not null,
    organisation_id bigint not null,
    days            smallint[] not null constraint work_week_days
                    check (cardinality(days) between 1 and 6 and days <@ '{1,2,3,4,5,6}'::smallint[]),
    opens           time not null,
    closes          time not null,
    lunch_from      time not null,
    lunch_to        time not null,
    lunch_minutes   smallint not null constraint work_week_lunch_minutes check (lunch_minutes between 0 and 120),
    visit_minutes   smallint not null constraint work_week_visit_minutes check (visit_minutes between 10 and 240),
    visits_most     smallint not null constraint work_week_visits_most check (visits_most between 1 and 12),
    starts          text not null constraint work_week_starts check (starts in ('agency', 'home')),
    home_commune    text collate "C" references data.commune,
    constraint work_week_hours check (opens < closes),
    constraint work_week_lunch check (lunch_from <= lunch_to and lunch_to - lunch_from >= make_interval(mins => lunch_minutes)),
    constraint work_week_home check (starts = 'agency' or home_commune is not null),
    primary key (member_id, organisation_id),
    constraint work_week_member foreign key (member_id, organisation_id) references data.membership (member_id, organisation_id)
);

-- When an employer receives: of each day of the week, pairs of times. Said by a partner, true for all.
create function data.hours_valid(hours jsonb) returns boolean
    language plpgsql immutable as $$
declare
    d record;
    p jsonb;
    t text := '';
begin
    if jsonb_typeof(hours) <> 'object' then
        return false;
    end if;
    for d in select * from jsonb_each(hours) loop
        if d.key !~ '^[1-7]$' or jsonb_typeof(d.value) <> 'array' or jsonb_array_length(d.value) > 3 then
            return false;
        end if;
        t := '';
        for p in select * from jsonb_array_elements(d.value) loop
            if jsonb_typeof(p) <> 'array' or jsonb_array_length(p) <> 2
               or coalesce(p ->> 0, '') !~ '^([01][0-9]|2[0-3]):[0-5][0-9]$' or coalesce(p ->> 1, '') !~ '^([01][0-9]|2[0-3]):[0-5][0-9]$'
               or p ->> 0 >= p ->> 1 or p ->> 0 < t then
                return false;
            end if;
            t := p ->> 1;
        end loop;
    end loop;
    return true;
end
$$;
create table data.opening_hours (
    id               bigint generated always as identity primary key,
    establishment_id bigint not null references data.establishment constraint opening_hours_once unique,
    hours            jsonb not null constraint opening_hours_valid check (data.hours_valid(hours)),
    organisation_id  bigint not null references data.organisation,
    member_id        bigint not null references data.member,
    stated_at        timestamptz not null
);

-- A suggested week: what the planning engine proposes to one adviser or to a team. It writes no visit: people accept lines.
create table data.tour (
    id              bigint generated always as identity primary key,
    organisation_id bigint not null references data.organisation,
    asked_by        bigint not null,
    members         bigint[] not null constraint tour_members check (cardinality(members) between 1 and 40),
    first_day       date not null,
    last_day        date not null,
    nearby          boolean not null default true,
    state           text not null default 'waiting' constraint tour_state
                    check (state in ('waiting', 'running', 'ready', 'failed', 'cancelled', 'closed')),
    revision        integer not null default 1,
    planned         integer not null default 0,
    progress        smallint not null default 0 constraint tour_progress check (progress between 0 and 100),
    asked_at        timestamptz not null,
    finished_at     timestamptz,
    milliseconds    integer,
    moved           integer,
    travel          text constraint tour_travel check (travel in ('estimate', 'matrix')),
    error           text,
    constraint tour_days check (last_day between first_day and first_day + 13),
    constraint tour_revision check (planned between 0 and revision),
    constraint tour_asked foreign key (asked_by, organisation_id) references data.membership (member_id, organisation_id)
);
create index tour_of_organisation on data.tour (organisation_id, id desc);
-- One at a time for each person who asks.
create unique index tour_one_running on data.tour (asked_by, organisation_id) where state in ('waiting', 'running');

create table data.tour_line (
    id               bigint generated always as identity primary key,
    tour_id          bigint not null references data.tour on delete cascade,
    establishment_id bigint not null references data.establishment,
    member_id        bigint references data.member, -- null: nobody's tour, it was left out
    kind             text not null constraint tour_line_kind check (kind in ('visit', 'promise', 'nearby')),
    visit_id         bigint references data.visit,
    promise_id       bigint references data.promise,
    state            text not null constraint tour_line_state check (state in ('fixed', 'proposed', 'accepted', 'refused', 'left')),
    locked           boolean not null default false,
    starts_at        timestamptz,
    minutes          smallint not null constraint tour_line_minutes check (minutes between 10 and 480),
    position         smallint,
    way_seconds      integer,
    way_metres       integer,
    worth_minutes    smallint not null default 0 constraint tour_line_worth check (worth_minutes between 0 and 240),
    cost_minutes     integer,
    left_reason      text,
    refusal          text constraint tour_line_refusal check (length(refusal) <= 500),
    answer           jsonb, -- why it could not be accepted
    constraint tour_line_placed check (state not in ('fixed', 'proposed', 'accepted') or (starts_at is not null and member_id is not null)),
    constraint tour_line_left check ((state = 'left') = (left_reason is not null)),
    constraint tour_line_accepted check (state <> 'accepted' or visit_id is not null),
    constraint tour_line_refused check ((state = 'refused') = (refusal is not null))
);
create unique index tour_line_once on data.tour_line (tour_id, establishment_id) where kind <> 'visit';
create index tour_line_of on data.tour_line (tour_id, member_id, starts_at);
create index tour_line_of_establishment on data.tour_line (establishment_id);

-- When each day of a tour leaves and comes back.
create table data.tour_day (
    tour_id     bigint not null references data.tour on delete cascade,
    member_id   bigint not null references data.member,
    day         date not null,
    leaves_at   timestamptz not null,
    returns_at  timestamptz not null,
    way_seconds integer not null,
    way_metres  integer not null,
    visits      smallint not null,
    primary key (tour_id, member_id, day)
);

-- A call for an appointment and what came of it. Only one that reached somebody is a contact.
create table data.call_outcome (
    code    text primary key,
    label   text not null,
    reached boolean not null,
    rank    smallint not null
);
insert into data.call_outcome (code, label, reached, rank) values
    ('appointment', 'Rendez-vous pris', true, 1),
    ('later',       'Joint : rappeler plus tard', true, 2),
    ('message',     'Message laissé', false, 3),
    ('no_answer',   'Pas de réponse', false, 4),
    ('wrong',       'Mauvais numéro', false, 5),
    ('refused',     'Ne souhaite pas être sollicité', true, 6);
create table data.call (
    id               bigint generated always as identity primary key,
    establishment_id bigint not null references data.establishment,
    organisation_id  bigint not null references data.organisation,
    member_id        bigint not null,
    contact_id       bigint references data.contact,
    at               timestamptz not null,
    outcome          text not null references data.call_outcome,
    note             text constraint call_note check (length(note) <= 500),
    next_on          date,
    override_reason  text constraint call_override_reason check (length(override_reason) <= 500),
    contact_event_id bigint references data.contact_event,
    constraint call_next check (next_on is null or outcome in ('later', 'message', 'no_answer', 'wrong')),
    constraint call_member foreign key (member_id, organisation_id) references data.membership (member_id, organisation_id)
);
create index call_of_establishment on data.call (establishment_id, organisation_id, at desc);
create index call_of_member on data.call (member_id, at desc);

-- The secret address of an adviser's calendar; only its hash is kept, one works at a time.
create table data.calendar_feed (
    id              bigint generated always as identity primary key,
    member_id       bigint not null,
    organisation_id bigint not null,
    token_hash      bytea not null constraint calendar_feed_token check (length(token_hash) = 32) unique,
    made_at         timestamptz not null,
    revoked_at      timestamptz,
    read_at         timestamptz,
    reader          text constraint calendar_feed_reader check (length(reader) <= 120),
    constraint calendar_feed_member foreign key (member_id, organisation_id) references data.membership (member_id, organisation_id)
);
create unique index calendar_feed_one on data.calendar_feed (member_id, organisation_id) where revoked_at is null;
