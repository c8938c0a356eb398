"""Who answers for which door, and handing it over."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.utils import timezone

from jiamenkou.foundation.access.actor import Actor
from jiamenkou.foundation.cases.actions.handling import assign
from jiamenkou.foundation.cases.routing import Desk
from jiamenkou.foundation.messages.send import tell
from jiamenkou.foundation.people.models import Account, Organisation, Resident
from jiamenkou.foundation.people.models.resident import ResidentQuerySet
from jiamenkou.foundation.places.models import Place, PlaceKind
from jiamenkou.foundation.refusals import Conflict, Refused
from jiamenkou.services.needs import notices
from jiamenkou.services.needs.models import Duty, Project
from jiamenkou.services.needs.net import promises_of
from jiamenkou.services.needs.states import DutyRole

KINDS = frozenset({PlaceKind.COMMUNITY, PlaceKind.GRID, PlaceKind.BUILDING, PlaceKind.UNIT})


def take_on(
    place: Place,
    role: DutyRole,
    name: str,
    *,
    by: Actor,
    since: date,
    reason: str,
    account: Account | None = None,
    organisation: Organisation | None = None,
) -> Duty:
    """From ``since`` on this person answers for the place. Raises :class:`Refused`, :class:`Conflict`."""
    if place.kind not in KINDS or place.closed_on is not None:
        raise Refused("请选社区、网格、楼栋或单元。", field="place", code="place")
    try:
        with transaction.atomic():
            return Duty.objects.create(
                place=place,
                community=community_over(place),
                role=role,
                name=name,
                since=since,
                account=account,
                organisation=organisation,
            )
    except IntegrityError as error:
        raise Conflict("这个人已经在这一片了。", field="name", code="exists") from error


@dataclass(frozen=True, slots=True)
class Handed:
    """What a hand-over did: how many residents were told, what went to the successor, what nobody has yet."""

    told: int = 0
    moved: int = 0
    left: int = 0


def hand_over(
    duty: Duty, successor: Duty | None, *, by: Actor, on: date, why: str, reason: str, now: datetime | None = None
) -> Handed:
    """Whoever holds ``duty`` leaves after ``on``: their open promises go to the successor, residents are told whom to ask.

    Without a successor the place falls to who answers for the place above it, and the list of gaps shows it.
    """
    if duty.until is not None:
        raise Conflict("已经交接过了。", code="changed")
    if successor is not None and (
        successor.pk == duty.pk or successor.place_id != duty.place_id or successor.until is not None
    ):
        raise Refused("接手的人要先登记在同一片。", field="successor", code="successor")
    if on < duty.since:
        raise Refused("交接日期不能早于开始日期。", field="on", code="date")
    left = Duty.objects.filter(pk=duty.pk, until__isnull=True).update(until=on, handed_to=successor, why=why[:120])
    if not left:
        raise Conflict("刚刚变过，请刷新看看。", code="changed")
    duty.until, duty.handed_to, duty.why = on, successor, why[:120]
    if successor is None:
        return Handed(left=promises_of(duty, by).total)
    moved, stayed = _hand_promises(duty, successor, by, reason, now or timezone.now())
    told, role = 0, str(DutyRole(successor.role).label)
    for resident in living_in(duty.place).present().filter(links__isnull=False).distinct().order_by("id"):
        tell(notices.HANDED_OVER, resident, href="/needs/net/", role=role, name=successor.name)
        told += 1
    return Handed(told, moved, stayed)


def _hand_promises(duty: Duty, successor: Duty, by: Actor, reason: str, now: datetime) -> tuple[int, int]:
    """Projects and cases in hand; one that the successor may not take (their own report) stays. (moved, stayed)"""
    promises = promises_of(duty, by)
    if successor.account is None:
        return 0, promises.total
    moved = Project.objects.filter(pk__in=[one.pk for one in promises.projects], lead=duty.account).update(
        lead=successor.account
    )
    stayed = 0
    for case in promises.cases:
        if case.holder_place is None:
            stayed += 1
            continue
        try:
            with transaction.atomic():
                desk = Desk(case.holder_place, case.holder_role)
                assign(case, desk, by=by, reason=reason, account=successor.account, text=f"{duty.name}交接", now=now)
        except Refused:
            stayed += 1
        else:
            moved += 1
    return moved, stayed


def set_phone(place: Place, phone: str, hours: str, *, by: Actor, reason: str) -> None:
    """The duty phone of a grid, building or unit. It stays when the person changes; an empty one takes it off."""
    if place.kind not in KINDS - {PlaceKind.COMMUNITY}:
        raise Refused("社区的电话请系统管理员改。", field="phone", code="place")
    Place.objects.filter(pk=place.pk).update(phone=phone, phone_hours=hours)
    place.phone, place.phone_hours = phone, hours


def community_over(place: Place) -> Place:
    found: Place | None = place
    while found is not None and found.kind != PlaceKind.COMMUNITY:
        found = found.parent
    if found is None:
        raise Refused("这个地方不在任何社区里。", field="place", code="place")
    return found


def living_in(place: Place) -> ResidentQuerySet:
    """Residents of a community, grid, building or unit."""
    if place.kind == PlaceKind.COMMUNITY:
        return Resident.objects.filter(community=place)
    if place.kind == PlaceKind.GRID:
        return Resident.objects.filter(grid=place)
    return Resident.objects.filter(
        memberships__until__isnull=True, memberships__household__unit__path__startswith=place.path
    )
