"""Today's list as a phone takes it along."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, datetime, timedelta
from typing import Any

from django.core import signing
from django.db.models import Q
from django.utils import timezone

from jiamenkou.foundation.access.actor import Actor
from jiamenkou.foundation.access.sessions import STAFF_ABSOLUTE
from jiamenkou.foundation.people.models import Account, Membership
from jiamenkou.services.visits.access import plans_for, visits_for
from jiamenkou.services.visits.form import described
from jiamenkou.services.visits.models import Plan, Visit
from jiamenkou.services.visits.permissions import VisitsPermission
from jiamenkou.services.visits.sealing import owner_tag, public_key, session_key, text
from jiamenkou.services.visits.states import Outcome, Why

# how far ahead a list reaches, and how many doors a day bears
DAYS_AHEAD = 7
MOST = 120
SALT = "visits.ticket"


def milliseconds(moment: datetime) -> int:
    return int(moment.timestamp() * 1000)


def ticket_for(account: Account, begun: float) -> str:
    """Lets a phone ask, after its sign-in is over, whether it must forget the list."""
    return signing.dumps([account.pk, begun], salt=SALT)


def must_forget(ticket: str) -> bool:
    """Whether the account behind a ticket was closed, or its sign-ins ended, since the list was taken."""
    try:
        pk, begun = signing.loads(ticket, salt=SALT, max_age=STAFF_ABSOLUTE)
    except (signing.BadSignature, ValueError):
        return True
    account = Account.objects.filter(pk=pk).first()
    return account is None or not account.is_active or account.sessions_valid_from.timestamp() > begun


def list_for(by: Actor, today: date) -> list[Plan]:
    """Open plans of the coming days that are this account's or nobody's, the most urgent first."""
    mine = plans_for(by, VisitsPermission.RECORD).due_by(today + timedelta(days=DAYS_AHEAD))
    mine = mine.filter(Q(assigned__isnull=True) | Q(assigned=by.account))
    return list(mine.with_people().order_by("due_on", "household__door", "id")[:MOST])


def taken(by: Actor, begun: float, now: datetime) -> dict[str, Any]:
    """Everything a phone needs for a day without signal. Numbers are masked. Four queries."""
    account = by.account
    if account is None:
        raise ValueError("a list is taken by somebody")
    today = timezone.localdate(now)
    plans = list_for(by, today)
    households = {plan.household_id for plan in plans if plan.household_id}
    members = _members(households)
    newest = _newest(by, plans, households)
    return {
        "owner": owner_tag(account.pk),
        "now": milliseconds(now),
        "until": int(begun * 1000) + int(STAFF_ABSOLUTE.total_seconds() * 1000),
        "key": text(session_key(account.pk, begun)),
        "public": public_key(),
        "ticket": ticket_for(account, begun),
        "form": described(),
        "list": [_item(plan, today, members, newest) for plan in plans],
    }


def _members(households: set[int]) -> dict[int, list[dict[str, Any]]]:
    found: dict[int, list[dict[str, Any]]] = defaultdict(list)
    rows = Membership.objects.filter(household_id__in=households, until__isnull=True).select_related("resident")
    for row in rows.order_by("id"):
        found[row.household_id].append({"id": row.resident_id, "name": row.resident.name, "as": row.relation})
    return found


def _newest(by: Actor, plans: list[Plan], households: set[int]) -> dict[tuple[str, int], Visit]:
    """The newest visit of each household, and of each person without one."""
    residents = {plan.resident_id for plan in plans}
    rows = visits_for(by).filter(Q(household_id__in=households) | Q(resident_id__in=residents)).order_by("id")
    found: dict[tuple[str, int], Visit] = {}
    for visit in rows:
        found["resident", visit.resident_id] = visit
        if visit.household_id:
            found["household", visit.household_id] = visit
    return found


def _item(
    plan: Plan, today: date, members: dict[int, list[dict[str, Any]]], newest: dict[tuple[str, int], Visit]
) -> dict[str, Any]:
    person = plan.resident
    last = newest.get(("household", plan.household_id or 0)) or newest.get(("resident", person.pk))
    age = person.age(today)
    return {
        "plan": plan.pk,
        "resident": person.pk,
        "name": person.name,
        "age": age,
        "door": (plan.household.door if plan.household else "") or person.address,
        "grid": plan.grid.name if plan.grid else "",
        "why": plan.word or str(Why(plan.why).label),
        "due": plan.due_on.isoformat(),
        "late": plan.due_on < today,
        "tries": plan.tries,
        "phone": person.phone_masked,
        "last": _last(last) if last else "",
        "seen": last.pk if last else 0,
        "people": [one for one in members.get(plan.household_id or 0, []) if one["id"] != person.pk],
    }


def _last(visit: Visit) -> str:
    day = timezone.localtime(visit.received_at)
    return f"{day.month}月{day.day}日{Outcome(visit.outcome).label}"
