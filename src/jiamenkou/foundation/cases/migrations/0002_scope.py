from django.db import migrations

from jiamenkou.foundation.access.rls import guard, protect

# whoever reported a case may read it, also when somebody else reported it first
FOLLOWED = """exists (select 1 from cases_follower f where f.case_id = cases_case.id
    and f.resident_id = any (nullif(current_setting('app.residents', true), '')::bigint[]))"""
CASE = "exists (select 1 from cases_case c where c.id = cases_casefile.case_id)"
SOURCE = """nullif(current_setting('app.everything', true), '') is not null
    or resident_id = any (nullif(current_setting('app.residents', true), '')::bigint[])"""


class Migration(migrations.Migration):
    dependencies = [("cases", "0001_initial"), ("people", "0002_scope")]
    operations = [
        protect("cases_case", own="resident_id", also=FOLLOWED),
        protect("cases_follower"),
        protect("cases_caseevent", own="null"),
        guard("cases_casefile", CASE),
        # one's own visit alone: not the desk's, whatever its scope
        guard("cases_protectedsource", SOURCE),
    ]
