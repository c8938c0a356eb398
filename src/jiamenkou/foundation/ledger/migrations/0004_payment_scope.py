from django.db import migrations

from jiamenkou.foundation.access.rls import guard

# its community, its payer, and whoever keeps the matter (a group's leader)
INTENT = """
    nullif(current_setting('app.everything', true), '') is not null
    or community_id = any (nullif(current_setting('app.communities', true), '')::bigint[])
    or resident_id = any (nullif(current_setting('app.residents', true), '')::bigint[])
    or current_setting('app.actor', true) = 'account:' || keeper_id
"""
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
        guard("ledger_paymentintent", INTENT),
        through_intent("ledger_refund"),
        through_intent("ledger_share"),
        through_intent("ledger_paymentevent"),
        guard("ledger_billline", LINE),
    ]
