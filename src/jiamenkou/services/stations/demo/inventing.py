"""What the demo's stations have in common: opening hours, hosts with an account, the demo's people."""

from __future__ import annotations

from itertools import count

from jiamenkou.foundation.access.accounts import make_account
from jiamenkou.foundation.access.links import DEMO_PREFIX
from jiamenkou.foundation.people.models import Account, AccountResident, Resident

REASON = "示范数据"
DAILY = [(range(7), 540, 1080)]
WEEKDAYS = [(range(5), 540, 720), (range(5), 840, 1080)]
OPEN_LATE = [(range(7), 510, 1260)]
_account = count(1)


def host_account(username: str, name: str, person: Resident | None) -> Account:
    account = make_account(DEMO_PREFIX + username, phone=f"1390001{next(_account):04d}", display_name=name)
    if person is not None:
        AccountResident.objects.create(account=account, resident=person, relation="self", proof="示范")
    return account


def demo_person(username: str) -> Resident | None:
    link = (
        AccountResident.objects.filter(account__username=f"{DEMO_PREFIX}{username}")
        .select_related("resident__community", "resident__household")
        .order_by("id")
        .first()
    )
    return link.resident if link else None
