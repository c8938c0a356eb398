from django.db import migrations

from jiamenkou.foundation.audit.triggers import (
    DROP_EPOCH,
    DROP_ERASE,
    EPOCH,
    ERASE,
    FUNCTION,
    SEALED,
    UNSEALED,
)


class Migration(migrations.Migration):
    dependencies = [("audit", "0002_write")]
    operations = [
        migrations.RunSQL(EPOCH, DROP_EPOCH),
        migrations.RunSQL(FUNCTION, migrations.RunSQL.noop),
        migrations.RunSQL(SEALED, UNSEALED),
        migrations.RunSQL(ERASE, DROP_ERASE),
    ]
