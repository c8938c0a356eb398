from django.db import migrations

from jiamenkou.foundation.access.rls import ACTOR, guard, protect

HOSTS = (
    "exists (select 1 from stations_host h where h.station_id = {table}.station_id"
    f" and h.ended_at is null and h.account_id = {ACTOR})"
)
NO_GRID = "null::bigint"
ALL = "nullif(current_setting('app.everything', true), '') is not null"
MINE = "any (nullif(current_setting('app.residents', true), '')::bigint[])"
HERE = "any (nullif(current_setting('app.communities', true), '')::bigint[])"


def at_station(table, **more):
    return protect(table, grid=NO_GRID, keeper=f"{HOSTS.format(table=table)} or {more.pop('or_', 'false')}", **more)


class Migration(migrations.Migration):
    dependencies = [("stations", "0001_initial"), ("bookings", "0002_scope"), ("people", "0002_scope")]
    operations = [
        at_station("stations_loan"),
        at_station("stations_repair"),
        at_station("stations_gift"),
        at_station("stations_couplet"),
        at_station("stations_help", own="giver_id", or_=f"stations_help.helped_id = {MINE}"),
        at_station(
            "stations_work", own="author_id", also="(consented_at is not null and withdrawn_at is null)",
            or_=f"stations_work.given_to_id = {MINE}",
        ),
        protect("stations_certificate", grid=NO_GRID),
        protect("stations_claim", grid=NO_GRID),
        guard("stations_ballot", f"{ALL} or resident_id = {MINE}"),
        guard("stations_repairlog", "exists (select 1 from stations_repair r where r.id = stations_repairlog.repair_id)"),
        guard(
            "stations_sheetline",
            f"{ALL} or {HOSTS.format(table='stations_sheetline')} or exists (select 1 from stations_station s"
            f" where s.id = stations_sheetline.station_id and s.community_id = {HERE})",
        ),
    ]
