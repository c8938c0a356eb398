from django.db import migrations

from jiamenkou.foundation.access.rls import guard, protect

OF_INTENT = "exists (select 1 from ledger_paymentintent i where i.id = {table}.intent_id)"
# a line of the bill that is nobody's is for whoever reconciles
LINE = """community_id is null
    or nullif(current_setting('app.everything', true), '') is not null
    or community_id = any (nullif(current_setting('app.communities', true), '')::bigint[])"""


def through_intent(table: str) -> migrations.RunSQL:
    return guard(table, OF_INTENT.format(table=table))


class Migration(migrations.Migration):
    dependencies = [("ledger", "0003_payments")]
    operations = [
        protect("ledger_paymentintent", grid="null::bigint"),
        through_intent("ledger_refund"),
        through_intent("ledger_share"),
        through_intent("ledger_paymentevent"),
        guard("ledger_billline", LINE),
    ]
