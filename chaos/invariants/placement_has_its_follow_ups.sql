-- needs: jobs_placement jobs_followup
-- 7, 30 and 90 days after the start, planned together with it
select p.id
from jobs_placement p
left join jobs_followup f on f.placement_id = p.id and f.day in (7, 30, 90)
where p.ended_on is null
group by p.id
having count(f.id) <> 3
