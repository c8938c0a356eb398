-- needs: jobs_application jobs_placement
-- somebody is at work exactly where a start was confirmed
select a.id
from jobs_application a
left join jobs_placement p on p.application_id = a.id
where (a.state = 'placed') <> (p.id is not null)
