from django.db import migrations

from jiamenkou.foundation.access.rls import guard, protect

NONE = "null::bigint"


def _through(table: str, parent: str, column: str) -> migrations.RunSQL:
    return guard(f"walkthrough_{table}", f"exists (select 1 from walkthrough_{parent} p where p.id = walkthrough_{table}.{column})")


class Migration(migrations.Migration):
    dependencies = [("walkthrough", "0001_initial"), ("people", "0002_scope"), ("cases", "0002_scope")]
    operations = [
        protect("walkthrough_officer", grid=NONE),
        _through("roundofficer", "officer", "officer_id"),
        protect("walkthrough_walk", grid=NONE),
        _through("walkstep", "walk", "walk_id"),
        # what was found belongs to the community, not to the person who came along
        protect("walkthrough_finding", grid=NONE, own=NONE),
    ]
