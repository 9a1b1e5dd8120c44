-- session_purge() -> void
-- Sessions live in real time, whatever the business clock says.
delete from data.session where expires_at < pg_catalog.now();

-- idempotency_purge() -> void
-- In real time, whatever the business clock says.
select data.idempotency_purge();

-- job_purge() -> row
select data.job_purge('90 days');
