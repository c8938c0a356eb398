from django.db import migrations


class Migration(migrations.Migration):
    initial = True
    dependencies = []
    operations = [
        migrations.RunSQL(
            """
            create table note (id bigserial primary key, text text not null unique);
            create table secret (id bigserial primary key, text text not null);
            alter table secret enable row level security;
            alter table secret force row level security;
            create policy own on secret using (current_setting('app.scope', true) = 'all');
            """,
            "drop table note; drop table secret",
        )
    ]
