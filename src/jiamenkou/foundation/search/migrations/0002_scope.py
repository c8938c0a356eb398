from django.db import migrations

from jiamenkou.foundation.access.rls import protect


class Migration(migrations.Migration):
    dependencies = [("search", "0001_initial"), ("people", "0002_scope")]
    operations = [protect("search_residententry")]
