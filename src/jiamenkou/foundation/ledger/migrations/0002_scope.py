from django.db import migrations

from jiamenkou.foundation.access.rls import guard
from jiamenkou.foundation.ledger.triggers import ACCOUNT_SEEN, BALANCED, DROP_BALANCED, ENTRY_SEEN


class Migration(migrations.Migration):
    dependencies = [("ledger", "0001_initial"), ("people", "0002_scope")]
    operations = [
        migrations.RunSQL(BALANCED, DROP_BALANCED),
        guard("ledger_account", ACCOUNT_SEEN),
        guard("ledger_entry", ENTRY_SEEN),
    ]
