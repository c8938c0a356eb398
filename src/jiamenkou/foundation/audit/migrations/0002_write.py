from django.db import migrations

from jiamenkou.foundation.audit.triggers import DROP_FUNCTION, FUNCTION

# Only a SELECT policy: the web role can read its communities' entries and can change nothing.
# Not forced: the trigger's function belongs to the owner and writes past it.
READ = """
alter table audit_auditentry enable row level security;
create policy read_audit on audit_auditentry for select using (
    nullif(current_setting('app.everything', true), '') is not null
    or community = any (nullif(current_setting('app.communities', true), '')::bigint[])
    or resident = any (nullif(current_setting('app.residents', true), '')::bigint[])
);
"""
UNREAD = """
drop policy read_audit on audit_auditentry;
alter table audit_auditentry disable row level security;
"""


class Migration(migrations.Migration):
    dependencies = [("audit", "0001_initial")]
    operations = [migrations.RunSQL(FUNCTION, DROP_FUNCTION), migrations.RunSQL(READ, UNREAD)]
