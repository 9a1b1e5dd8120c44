-- Channels by agreement: where an offer is published is what the networks signed; a partner file that is dropped by schedule.

-- What an agreement may name. What others come and read, the board first; then what is sent.
create table data.outlet (
    code  text primary key,
    label text not null,
    rank  smallint not null unique
);
insert into data.outlet (code, label, rank) values
    ('board',   'Tableau public des offres', 1),
    ('posting', 'Annonces pour les moteurs de recherche (JobPosting)', 2),
    ('atom',    'Flux Atom', 3),
    ('sitemap', 'Plan du site', 4),
    ('push',    'Diffusion vers d’autres sites', 5),
    ('webhook', 'Webhooks des partenaires', 6),
    ('file',    'Fichier partenaire', 7);

-- Feed, map of the site and postings lead to pages of the board: they need it.
alter table data.agreement
    add column channels text[] not null default '{board,posting,atom,sitemap,push,webhook,file}'
        constraint agreement_channels check (channels <@ '{board,posting,atom,sitemap,push,webhook,file}'::text[]
                                             and array_position(channels, null) is null and cardinality(channels) <= 7),
    add constraint agreement_channels_board check (not channels && '{posting,atom,sitemap}'::text[] or 'board' = any (channels));

-- What the agreement in force named when the offer opened.
alter table data.offer add column channels text[] not null default '{board,posting,atom,sitemap,push,webhook,file}';

-- A file has a name that is its own, and a rhythm.
alter table data.channel
    add column schedule text constraint channel_schedule check (schedule in ('hourly', 'nightly')),
    add column next_at  timestamptz,
    add constraint channel_rhythm check ((kind = 'file') = (schedule is not null) and (kind = 'file') = (next_at is not null)),
    add constraint channel_file check (kind <> 'file' or target ~ '^[A-Za-z0-9][A-Za-z0-9_-]{2,59}$');
create unique index channel_file_once on data.channel (lower(target)) where kind = 'file' and state <> 'removed';
create index channel_due on data.channel (next_at) where kind = 'file' and state = 'active';

-- A file carries many offers: when it first carried one, and when it first said that it is over.
alter table data.publication
    drop constraint publication_channel,
    add constraint publication_channel check (channel in ('board', 'push', 'file')),
    add column carried_at timestamptz,
    add column recalled_at timestamptz;
create index publication_uncarried on data.publication (channel_id, id) where channel = 'file' and carried_at is null;
