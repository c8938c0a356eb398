from django.db import migrations

from jiamenkou.foundation.access.rls import guard

# what was told to a resident is seen by whoever sees the resident; the rest is addressed to organisations and staff
TOLD = """resident_id is null
    or exists (select 1 from people_resident r where r.id = inbox_message.resident_id)"""
SENT = "exists (select 1 from inbox_message m where m.id = inbox_delivery.message_id)"


class Migration(migrations.Migration):
    dependencies = [("inbox", "0001_initial"), ("people", "0002_scope")]
    operations = [guard("inbox_message", TOLD), guard("inbox_delivery", SENT)]
