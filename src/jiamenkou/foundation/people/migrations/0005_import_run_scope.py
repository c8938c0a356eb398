from django.db import migrations

from jiamenkou.foundation.access.rls import protect


class Migration(migrations.Migration):
    dependencies = [("people", "0004_import_run")]
    operations = [protect("people_importrun", grid="-1", own="-1")]
