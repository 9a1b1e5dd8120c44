-- jobs_by_kind() -> row*
select o.kind, case o.state when 'dead' then 'en échec' when 'sent' then 'envoyées' else 'en attente' end, o.jobs,
       to_char(o.oldest_run_at at time zone 'Europe/Paris', 'DD/MM/YYYY HH24:MI')
  from data.job_overview o
 order by o.kind, o.state;

-- jobs_dead() -> row*
select d.id, d.kind, d.payload::text, d.attempts,
       to_char(d.finished_at at time zone 'Europe/Paris', 'DD/MM/YYYY HH24:MI'), coalesce(d.error, '')
  from data.dead_job d
 order by d.id desc
 limit 100;

-- job_again(job bigint) -> row
select data.job_retry(:job);
