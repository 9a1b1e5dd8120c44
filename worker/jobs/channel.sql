-- delivery_take(job bigint) -> row?
-- What to send, counted as tried: id, kind, target, message, body, attempt, secrets ("number hexadecimal" pairs, newest
-- first). No row when there is nothing to send now.
select t.id, t.kind, t.target, t.message, t.body, t.attempts, t.secrets from data.delivery_take(:job) t;

-- delivery_settle(id bigint, attempt int, status int, ms int, error text?, answer text?, retry_after int) -> row
-- Keeps what the try gave; the state that follows.
select data.delivery_settle(:id, :attempt, :status, :ms, :error, :answer, :retry_after);
