from django.db import migrations

from jiamenkou.foundation.access.rls import through_resident


class Migration(migrations.Migration):
    dependencies = [("inbox", "0003_opt_out"), ("people", "0002_scope")]
    operations = [through_resident("inbox_optout")]
