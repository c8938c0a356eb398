from django.db import migrations

from jiamenkou.foundation.access.rls import guard, protect

LOG = "exists (select 1 from needs_need n where n.id = needs_needlog.need_id)"


class Migration(migrations.Migration):
    dependencies = [("needs", "0001_initial"), ("people", "0002_scope")]
    operations = [
        protect("needs_need"),
        guard("needs_needlog", LOG),
        protect("needs_surveyanswer"),
        protect("needs_signup"),
    ]
