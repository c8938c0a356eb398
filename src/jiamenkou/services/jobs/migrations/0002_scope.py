from django.db import migrations

from jiamenkou.foundation.access.rls import protect, through_resident

LOG = "exists (select 1 from jobs_application a where a.id = jobs_applicationlog.application_id)"


class Migration(migrations.Migration):
    dependencies = [("jobs", "0001_initial"), ("people", "0002_scope")]
    operations = [
        protect("jobs_intention"),
        protect("jobs_application"),
        protect("jobs_placement"),
        protect("jobs_followup"),
        through_resident("jobs_call"),
        through_resident("jobs_savedvacancy"),
        migrations.RunSQL(
            f"""
            alter table jobs_applicationlog enable row level security;
            alter table jobs_applicationlog force row level security;
            create policy all_jobs_applicationlog on jobs_applicationlog for all using ({LOG}) with check ({LOG});
            """,
            """
            drop policy all_jobs_applicationlog on jobs_applicationlog;
            alter table jobs_applicationlog no force row level security;
            alter table jobs_applicationlog disable row level security;
            """,
        ),
    ]
