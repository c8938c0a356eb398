"""A stand-in (A/B 岗): a role is lent to a colleague from one day to another, and comes back by itself.

Only what one holds oneself, or stands above, is lent; not what was lent to oneself; not to somebody outside the house
(officers see figures of a community and no names, so a worker's role does not go up to them); and not to a lower rank,
unless somebody above decides so.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.utils import timezone

from jiamenkou.foundation.access import scope as scopes
from jiamenkou.foundation.access.actor import Actor
from jiamenkou.foundation.access.models import StaffRole
from jiamenkou.foundation.access.roles import Role
from jiamenkou.foundation.access.sessions import end_all
from jiamenkou.foundation.access.staff import RANK, is_above
from jiamenkou.foundation.people.models import Account
from jiamenkou.foundation.places.models import Place, PlaceKind
from jiamenkou.foundation.refusals import Conflict, NotAllowed, Refused

LONGEST = timedelta(days=90)


@dataclass(frozen=True, slots=True)
class Colleague:
    """Somebody a role can be lent to, with their own highest role."""

    account: Account
    role: Role

    @property
    def name(self) -> str:
        return self.account.display_name or self.account.username


def may_lend(row: StaffRole, by: Actor) -> bool:
    """The holder, or somebody who appoints to such a role."""
    if row.stands_in_for_id is not None or by.account is None:
        return False
    return row.account_id == by.account.pk or is_above(by, Role(row.role), row.place)


def lendable(by: Actor) -> list[StaffRole]:
    """Roles that the actor may lend: their own, and those of people they stand above. At most two queries."""
    rows = StaffRole.objects.current().own().select_related("place", "account").order_by("account__display_name", "id")
    return [row for row in rows if may_lend(row, by)]


def colleagues(row: StaffRole, by: Actor) -> list[Colleague]:
    """Who may stand in for this role: active people with a role of their own in the same house."""
    house = _house(row.place)
    found: dict[int, Colleague] = {}
    others = StaffRole.objects.current().own().filter(account__is_active=True).exclude(account_id=row.account_id)
    for one in others.select_related("place", "account").order_by("account__display_name", "id"):
        known = found.get(one.account_id)
        if house.contains(one.place) and (known is None or RANK[Role(one.role)] > RANK[known.role]):
            found[one.account_id] = Colleague(one.account, Role(one.role))
    decides = is_above(by, Role(row.role), row.place)
    return [one for one in found.values() if decides or RANK[one.role] >= RANK[Role(row.role)]]


def lend_role(
    row: StaffRole, to: Account, *, first: date, last: date, today: date, by: Actor, reason: str
) -> StaffRole:
    """``to`` holds the role from the morning of ``first`` to the end of ``last``. Raises :class:`Refused`."""
    row = StaffRole.objects.select_for_update(of=("self",)).select_related("place", "account").get(pk=row.pk)
    if not may_lend(row, by):
        raise NotAllowed("只能把自己的岗位，或者下级的岗位交给别人代。代来的岗位不能再转。")
    if not StaffRole.objects.current().own().filter(pk=row.pk).exists():
        raise Conflict("这个岗位已经结束了。", code="over")
    if last < first or last < today:
        raise Refused("结束的日子要在开始以后。", field="last", code="order")
    if last - first > LONGEST:
        raise Refused("代班最长 90 天，再长请上级正式任命。", field="last", code="long")
    if len(reason.strip()) < 2:
        raise Refused("请写一句为什么，比如“年休假”。", field="reason", code="required")
    if to.pk not in {one.account.pk for one in colleagues(row, by)}:
        raise Refused("只能请本社区的同事代班；岗位比对方高的，请上级来安排。", field="to", code="colleague")
    since, until = max(_moment(first), timezone.now()), _moment(last + timedelta(days=1))
    if StaffRole.objects.lent().filter(stands_in_for=row, since__lt=until, until__gt=since).exists():
        raise Conflict("这几天已经有人代了。先结束那一段，再安排。", field="first", code="overlap")
    scopes.declare(by.audit_name, reason)
    lent = StaffRole.objects.create(
        account=to,
        role=row.role,
        place=row.place,
        since=since,
        until=until,
        stands_in_for=row,
        granted_by=by.account,
        reason=reason.strip()[:200],
    )
    end_all(to)
    return lent


def end_stand_in(lent: StaffRole, *, by: Actor, reason: str) -> None:
    """Earlier than arranged: by the holder, by who stands above, or by the stand-in."""
    lent = StaffRole.objects.select_for_update(of=("self",)).select_related("account", "place").get(pk=lent.pk)
    if lent not in stand_ins(by):
        raise NotAllowed("这段代班不是您的。")
    scopes.declare(by.audit_name, reason)
    lent.until = max(timezone.now(), lent.since)
    lent.save(update_fields=["until"])
    end_all(lent.account)


def stand_ins(by: Actor) -> Sequence[StaffRole]:
    """Those not over that concern the actor: lent by them, to them, or below them. Newest first."""
    if by.account is None:
        return []
    rows = StaffRole.objects.lent().not_over().exclude(until=None)
    rows = rows.select_related("account", "place", "stands_in_for__account", "granted_by").order_by("-since", "-id")
    me = by.account.pk
    return [
        row
        for row in rows
        if row.stands_in_for is not None
        and (me in {row.account_id, row.stands_in_for.account_id} or is_above(by, Role(row.role), row.place))
    ]


def _house(place: Place) -> Place:
    """The community a place lies in; above communities the place itself."""
    found: Place = place
    while found.kind not in {PlaceKind.COMMUNITY, PlaceKind.STREET, PlaceKind.DISTRICT}:
        if found.parent is None:
            break
        found = found.parent
    return found


def _moment(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))
