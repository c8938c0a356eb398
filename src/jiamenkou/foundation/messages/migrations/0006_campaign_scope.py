from django.db import migrations

from jiamenkou.foundation.access.rls import protect, through_resident


class Migration(migrations.Migration):
    dependencies = [("inbox", "0005_channels_and_campaigns"), ("people", "0002_scope")]
    operations = [
        through_resident("inbox_acceptance"),
        through_resident("inbox_recipient"),
        through_resident("inbox_campaigncall"),
        # money of a community: whoever reaches the whole of it
        protect("inbox_smsmonth", grid="-1", own="-1"),
    ]
