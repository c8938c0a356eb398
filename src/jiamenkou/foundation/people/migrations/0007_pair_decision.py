import django.db.models.deletion
import django.utils.timezone
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models

from jiamenkou.foundation.access.rls import through_resident


class Migration(migrations.Migration):

    dependencies = [
        ('people', '0006_exports_and_counts'),
    ]

    operations = [
        migrations.CreateModel(
            name='PairDecision',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('verdict', models.CharField(choices=[('different', '两个人'), ('later', '待查')], max_length=10, verbose_name='结论')),
                ('at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='时间')),
                ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='谁')),
                ('first', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='people.resident', verbose_name='一位')),
                ('second', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='people.resident', verbose_name='另一位')),
            ],
            options={
                'verbose_name': '重复核对',
                'verbose_name_plural': '重复核对',
                'constraints': [models.UniqueConstraint(fields=('first', 'second'), name='pair_decided_once'), models.CheckConstraint(condition=models.Q(('first__lt', models.F('second'))), name='pair_in_order')],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='pairdecision',
            trigger=pgtrigger.compiler.Trigger(name='audited', sql=pgtrigger.compiler.UpsertTriggerSql(func='perform audit_write(tg_table_name::text, tg_op, to_jsonb(old), to_jsonb(new)); return null;', hash='548f59f0f2b973e825f990f7b468f550fb3f4fac', operation='INSERT OR UPDATE OR DELETE', pgid='pgtrigger_audited_2c874', table='people_pairdecision', when='AFTER')),
        ),
        through_resident("people_pairdecision", "first_id"),
    ]
