-- needs: procrastinate_jobs procrastinate_workers
-- a job that a killed worker left behind has been given to a living one within two minutes
select j.id, j.task_name
from procrastinate_jobs j
left join procrastinate_workers w on w.id = j.worker_id
where j.status = 'doing' and coalesce(w.last_heartbeat, now() - interval '1 hour') < now() - interval '2 minutes'
