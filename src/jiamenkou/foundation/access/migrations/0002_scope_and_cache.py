from django.core.management import call_command
from django.db import migrations

from jiamenkou.foundation.access.rls import through_resident


def make_cache(apps, schema_editor):
    call_command("createcachetable", database=schema_editor.connection.alias, verbosity=0)


class Migration(migrations.Migration):
    dependencies = [("access", "0001_initial"), ("people", "0002_scope")]
    operations = [
        migrations.RunPython(make_cache, migrations.RunPython.noop),
        through_resident("access_reveal"),
    ]
