import django.db.models.deletion
import django.utils.timezone
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models


# a number and nobody's row: staff of one grid see how large their community is. The scope is put back before it answers.
COUNT = """
create function people_in_community(wanted bigint) returns bigint language plpgsql as $$
declare
    was text := coalesce(current_setting('app.everything', true), '');
    found bigint;
begin
    perform set_config('app.everything', 'on', true);
    select count(*) into found from people_resident
     where community_id = wanted and merged_into_id is null and deceased_on is null;
    perform set_config('app.everything', was, true);
    return found;
end $$;
"""


class Migration(migrations.Migration):

    dependencies = [
        ('people', '0005_import_run_scope'),
    ]

    operations = [
        migrations.CreateModel(
            name='Export',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('what', models.CharField(max_length=40, verbose_name='内容')),
                ('conditions', models.CharField(blank=True, max_length=300, verbose_name='条件')),
                ('count', models.PositiveIntegerField(verbose_name='人数')),
                ('reason', models.CharField(max_length=200, verbose_name='用途')),
                ('at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='时间')),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.RESTRICT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='导出人')),
            ],
            options={
                'verbose_name': '导出记录',
                'verbose_name_plural': '导出记录',
                'ordering': ['-at', '-id'],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='export',
            trigger=pgtrigger.compiler.Trigger(name='audited', sql=pgtrigger.compiler.UpsertTriggerSql(func='perform audit_write(tg_table_name::text, tg_op, to_jsonb(old), to_jsonb(new)); return null;', hash='e0a2135d9a064a71f22cbc10e2d760ceb306e058', operation='INSERT OR UPDATE OR DELETE', pgid='pgtrigger_audited_49ae3', table='people_export', when='AFTER')),
        ),
        migrations.RunSQL(COUNT, "drop function people_in_community(bigint);"),
    ]
