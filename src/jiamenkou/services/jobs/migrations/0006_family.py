import django.db.models.deletion
import django.utils.timezone
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models

from jiamenkou.foundation.access.rls import through_resident


class Migration(migrations.Migration):

    dependencies = [
        ('jobs', '0005_street'),
        ('people', '0010_net_scope'),
        ('places', '0001_initial'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='FamilyLink',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('token_hash', models.BinaryField(unique=True, verbose_name='摘要')),
                ('made_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='建立时间')),
                ('expires_at', models.DateTimeField(verbose_name='到期')),
                ('used_at', models.DateTimeField(blank=True, null=True, verbose_name='回话时间')),
            ],
            options={
                'verbose_name': '家人点头的链接',
                'verbose_name_plural': '家人点头的链接',
            },
        ),
        migrations.RemoveConstraint(
            model_name='application',
            name='one_live_application',
        ),
        migrations.AddField(
            model_name='application',
            name='ask_in_person',
            field=models.BooleanField(default=False, verbose_name='要当面问本人'),
        ),
        migrations.AddField(
            model_name='application',
            name='unagreed',
            field=models.BooleanField(default=False, verbose_name='本人还没同意'),
        ),
        migrations.AlterField(
            model_name='application',
            name='state',
            field=models.CharField(choices=[('asked', '等家里人点头'), ('recommended', '社区推荐，等本人点头'), ('sent', '等单位回话'), ('interview', '约了面试'), ('hired', '录用，等上岗'), ('placed', '已上岗'), ('refused', '没录用'), ('declined', '本人不去'), ('withdrawn', '撤回'), ('no_answer', '单位没回话，已关闭'), ('gone', '岗位已下架')], max_length=12, verbose_name='状态'),
        ),
        migrations.AlterField(
            model_name='applicationlog',
            name='end',
            field=models.CharField(choices=[('asked', '等家里人点头'), ('recommended', '社区推荐，等本人点头'), ('sent', '等单位回话'), ('interview', '约了面试'), ('hired', '录用，等上岗'), ('placed', '已上岗'), ('refused', '没录用'), ('declined', '本人不去'), ('withdrawn', '撤回'), ('no_answer', '单位没回话，已关闭'), ('gone', '岗位已下架')], max_length=12, verbose_name='到'),
        ),
        migrations.AddConstraint(
            model_name='application',
            constraint=models.UniqueConstraint(condition=models.Q(('state__in', ['asked', 'hired', 'interview', 'recommended', 'sent', 'placed'])), fields=('vacancy', 'resident'), name='one_live_application', violation_error_message='已经投过这个岗位了。'),
        ),
        migrations.AddConstraint(
            model_name='application',
            constraint=models.CheckConstraint(condition=models.Q(('unagreed', True), models.Q(('state', 'asked'), _negated=True), _connector='OR'), name='application_waits_for_a_yes', violation_error_message='家里人代投的，要先问本人。'),
        ),
        migrations.AddConstraint(
            model_name='application',
            constraint=models.CheckConstraint(condition=models.Q(('unagreed', False), ('state__in', ['asked', 'declined', 'gone', 'no_answer', 'withdrawn']), _connector='OR'), name='application_unagreed_is_nobodys', violation_error_message='本人还没点头，不能给单位。'),
        ),
        migrations.AddField(
            model_name='familylink',
            name='application',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='family_links', to='jobs.application', verbose_name='投递'),
        ),
        migrations.AddField(
            model_name='familylink',
            name='resident',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='people.resident', verbose_name='居民'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='familylink',
            trigger=pgtrigger.compiler.Trigger(name='audited', sql=pgtrigger.compiler.UpsertTriggerSql(func='perform audit_write(tg_table_name::text, tg_op, to_jsonb(old), to_jsonb(new)); return null;', hash='636369d68d104af339b58cdb23249ecd6c24dc19', operation='INSERT OR UPDATE OR DELETE', pgid='pgtrigger_audited_3e10d', table='jobs_familylink', when='AFTER')),
        ),
        through_resident("jobs_familylink"),
    ]
