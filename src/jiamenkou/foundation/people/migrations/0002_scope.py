from django.db import migrations

from jiamenkou.foundation.access.rls import protect, through_resident

# a community where somebody is registered or works sees the person too
ATTACHED = """exists (
    select 1 from people_attachment a where a.resident_id = people_resident.id and a.until is null
       and a.community_id = any (nullif(current_setting('app.communities', true), '')::bigint[]))"""


class Migration(migrations.Migration):
    dependencies = [("people", "0001_initial")]
    operations = [
        protect("people_resident", own="id", also=ATTACHED),
        protect(
            "people_household",
            own="-1",
            also="exists (select 1 from people_resident r where r.household_id = people_household.id)",
        ),
        *(
            through_resident(table)
            for table in (
                "people_identity",
                "people_phone",
                "people_membership",
                "people_archiveitem",
                "people_consent",
            )
        ),
    ]
