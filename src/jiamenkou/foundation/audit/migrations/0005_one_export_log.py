from django.db import migrations, models

from jiamenkou.foundation.audit.triggers import DROP_ERASE_HEAD, ERASE_HEAD

# files that left the house before carry the old number: it goes along in words
TAKE_OVER = """
select set_config('app.actor', 'system:migrate', true), set_config('app.reason', '导出记录并成一份', true);
insert into audit_exportlog (community_id, by_id, what, conditions, reason, rows, at)
select null, e.by_id, e.what, e.conditions, left(e.reason, 170) || '（文件上的编号 E' || e.id || '）', e.count, e.at
  from people_export e order by e.id;
set constraints all immediate;
"""


class Migration(migrations.Migration):
    dependencies = [("audit", "0004_export_log"), ("people", "0007_pair_decision")]
    operations = [
        migrations.AlterField(
            "exportlog", "conditions", models.CharField(blank=True, max_length=300, verbose_name="条件")
        ),
        migrations.AddField(
            "exportlog", "reason", models.CharField(blank=True, default="", max_length=200, verbose_name="用途"),
            preserve_default=False,
        ),
        migrations.RunSQL(TAKE_OVER, migrations.RunSQL.noop),
        migrations.RunSQL(ERASE_HEAD, DROP_ERASE_HEAD),
    ]
