from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("people", "0007_pair_decision"), ("audit", "0005_one_export_log")]
    operations = [migrations.DeleteModel("Export")]
