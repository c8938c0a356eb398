from django.db import migrations

from jiamenkou.foundation.access.rls import through_resident


class Migration(migrations.Migration):
    dependencies = [("people", "0009_net")]
    operations = [through_resident("people_politicalstatus"), through_resident("people_netmember")]
