from django.db import migrations

from jiamenkou.foundation.access.rls import guard, protect

# An order is seen in its community, by its buyer, and by the leader of its cycle; a pasted one has no buyer yet.
ORDER = """
    nullif(current_setting('app.everything', true), '') is not null
    or community_id = any (nullif(current_setting('app.communities', true), '')::bigint[])
    or grid_id = any (nullif(current_setting('app.grids', true), '')::bigint[])
    or resident_id = any (nullif(current_setting('app.residents', true), '')::bigint[])
    or exists (select 1 from groupbuy_cycle c join groupbuy_leader l on l.id = c.leader_id
               where c.id = groupbuy_order.cycle_id
                 and current_setting('app.actor', true) = 'account:' || l.account_id)
"""
OF_ORDER = "exists (select 1 from groupbuy_order o where o.id = {table}.order_id)"
OF_LINE = "exists (select 1 from groupbuy_orderline l where l.id = {table}.line_id)"
OF_COMPLAINT = "exists (select 1 from groupbuy_complaint c where c.id = {table}.complaint_id)"


class Migration(migrations.Migration):
    dependencies = [("groupbuy", "0001_initial"), ("people", "0002_scope"), ("ledger", "0004_payment_scope")]
    operations = [
        guard("groupbuy_order", ORDER),
        guard("groupbuy_orderline", OF_ORDER.format(table="groupbuy_orderline")),
        guard("groupbuy_orderlog", OF_ORDER.format(table="groupbuy_orderlog")),
        guard("groupbuy_complaint", OF_LINE.format(table="groupbuy_complaint")),
        guard("groupbuy_complaint_photos", OF_COMPLAINT.format(table="groupbuy_complaint_photos")),
        protect(
            "groupbuy_leader",
            grid="null::bigint",
            # a leader stands before the public with a name of her choice
            also="true",
        ),
    ]
