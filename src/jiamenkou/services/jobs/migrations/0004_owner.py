import django.db.models.deletion
from django.db import migrations, models

# the audit trigger wants to know who and why; the references are checked now, or the columns could not be tightened
OWN = """
select set_config('app.actor', 'system:migrate', true), set_config('app.reason', '岗位记下归谁管', true);
update jobs_vacancy v set owner_id = coalesce(
  v.community_id,
  (select o.community_id from people_organisation o where o.id = v.employer_id),
  (select p.id from places_place p order by p.depth, p.id limit 1));
update jobs_feed f set owner_id = coalesce(
  f.community_id, (select p.id from places_place p order by p.depth, p.id limit 1));
set constraints all immediate;
"""


def owner(related_verbose, **options):
    return models.ForeignKey(
        on_delete=django.db.models.deletion.RESTRICT,
        related_name="+",
        to="places.place",
        verbose_name=related_verbose,
        **options,
    )


def shown():
    return models.ForeignKey(
        blank=True,
        null=True,
        on_delete=django.db.models.deletion.RESTRICT,
        related_name="+",
        to="places.place",
        verbose_name="给哪个社区看",
    )


class Migration(migrations.Migration):
    dependencies = [("jobs", "0003_employer_record"), ("places", "0001_initial")]
    operations = [
        migrations.AlterField("feed", "community", shown()),
        migrations.AlterField("vacancy", "community", shown()),
        migrations.AddField("feed", "owner", owner("谁设置、谁管", null=True)),
        migrations.AddField("vacancy", "owner", owner("谁发布、谁管", null=True)),
        migrations.RunSQL(OWN, migrations.RunSQL.noop),
        migrations.AlterField("feed", "owner", owner("谁设置、谁管")),
        migrations.AlterField("vacancy", "owner", owner("谁发布、谁管")),
    ]
