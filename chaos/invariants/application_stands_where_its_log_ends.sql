-- needs: jobs_application jobs_applicationlog
-- the state and the last line of the log were written in one transaction
select a.id, a.state, l."end"
from jobs_application a
left join lateral (
    select "end" from jobs_applicationlog where application_id = a.id order by id desc limit 1
) l on true
where l."end" is distinct from a.state
