-- delivery_take(job bigint) -> row?
-- What to send, counted as tried: id, kind of channel, target, message, body, attempt, secrets ("number hexadecimal" pairs,
-- newest first), channel; of a letter: its subject, member.organisation (of one to an
-- employer: the link; its kind is then employer, its secrets the sealed address). No row when there is nothing to send now.
select t.id, t.kind, t.target, t.message, t.body, t.attempts, t.secrets, t.channel, t.subject, t.reader from data.delivery_take(:job) t;

-- file_header() -> row
select data.partner_header();

-- file_lines(channel bigint, site text?, after bigint, most int) -> row*
-- Number of the publication, line, whether it is open.
select l.publication, l.line, l.is_open from data.partner_lines(:channel, :site, :after, :most) l;

-- file_settle(channel bigint, open bigint[], over bigint[]) -> void
-- The file is in its place with these publications.
select data.file_done(:channel, :open, :over);

-- files_due() -> row
-- Has the files written whose hour has come; returns how many.
select data.file_due();

-- delivery_settle(id bigint, attempt int, status int, ms int, error text?, answer text?, retry_after int, unsure bool, hopeless bool) -> row
-- Keeps what the try gave; the state that follows.
select data.delivery_settle(:id, :attempt, :status, :ms, :error, :answer, :retry_after, :unsure, :hopeless);
