from django.db import migrations

# as of 0002: what was addressed to organisations and staff was seen in any scope
TOLD = """resident_id is null
    or exists (select 1 from people_resident r where r.id = inbox_message.resident_id)"""
# whoever stands in for somebody stays themselves: the first account of the word that names them to the trail
ACTING = "(select nullif(substring(current_setting('app.actor', true) from '^account:([0-9]+)'), '')::bigint)"
# a person's by whoever sees the person; an account's by the account; an organisation's by its members, and by the
# community that phones it when the message did not arrive
ADDRESSED = f"""
    nullif(current_setting('app.everything', true), '') is not null
    or case
        when resident_id is not null
            then exists (select 1 from people_resident r where r.id = inbox_message.resident_id)
        when account_id is not null
            then account_id = {ACTING}
        else community_id = any (nullif(current_setting('app.communities', true), '')::bigint[])
            or exists (
                select 1 from people_organisationmember m
                where m.organisation_id = inbox_message.organisation_id and m.ended_at is null and m.account_id = {ACTING})
    end"""


def seen(condition: str) -> str:
    """The policy of messages with this condition; deliveries are seen where their message is."""
    return f"alter policy all_inbox_message on inbox_message using ({condition}) with check ({condition})"


class Migration(migrations.Migration):
    dependencies = [("inbox", "0006_campaign_scope"), ("people", "0009_net")]
    operations = [migrations.RunSQL(seen(ADDRESSED), seen(TOLD))]
