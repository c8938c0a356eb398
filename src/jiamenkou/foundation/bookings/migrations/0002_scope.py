from django.db import migrations

from jiamenkou.foundation.access.rls import ACTOR, protect

KEEPS = (
    "exists (select 1 from bookings_keeper k where k.resource_id = {table}.resource_id"
    f" and k.ended_at is null and k.account_id = {ACTOR})"
)


class Migration(migrations.Migration):
    dependencies = [("bookings", "0001_initial"), ("people", "0002_scope")]
    operations = [
        protect("bookings_booking", keeper=KEEPS.format(table="bookings_booking")),
        protect("bookings_waiting", keeper=KEEPS.format(table="bookings_waiting")),
    ]
