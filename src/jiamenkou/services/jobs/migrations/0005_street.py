import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("jobs", "0004_owner"), ("places", "0001_initial")]
    operations = [
        migrations.AddField(
            "vacancy",
            "street",
            models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.RESTRICT,
                related_name="+",
                to="places.place",
                verbose_name="给哪个街道的各社区看",
            ),
        ),
        migrations.AddConstraint(
            "vacancy",
            models.CheckConstraint(
                condition=models.Q(("community__isnull", True), ("street__isnull", True), _connector="OR"),
                name="vacancy_shown_one_way",
                violation_error_message="给一个社区看，或者给整个街道看，只能选一样。",
            ),
        ),
    ]
