from django.db import migrations

from jiamenkou.foundation.access.rls import guard, protect, through_resident

VISIT = "exists (select 1 from visits_visit v where v.id = {}.visit_id)"


class Migration(migrations.Migration):
    dependencies = [("visits", "0001_initial"), ("people", "0002_scope")]
    operations = [
        protect("visits_plan"),
        protect("visits_visit"),
        protect("visits_proposedfact"),
        protect("visits_visitconflict"),
        through_resident("visits_visitperson"),
        guard("visits_visitneed", VISIT.format("visits_visitneed")),
        guard("visits_visitfile", VISIT.format("visits_visitfile")),
    ]
