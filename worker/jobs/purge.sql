-- session_purge() -> void
-- Sessions live in real time, whatever the business clock says.
delete from data.session where expires_at < pg_catalog.now();

-- idempotency_purge() -> void
-- Nobody repeats a request a day later.
delete from data.idempotency where at < pg_catalog.now() - interval '24 hours';

-- job_purge() -> row
select data.job_purge('90 days');
