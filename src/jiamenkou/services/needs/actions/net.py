"""Who answers for which door, and handing it over."""

from __future__ import annotations

from datetime import date

from django.db import IntegrityError, transaction

from jiamenkou.foundation.access.actor import Actor
from jiamenkou.foundation.messages.send import tell
from jiamenkou.foundation.people.models import Resident
from jiamenkou.foundation.people.models.resident import ResidentQuerySet
from jiamenkou.foundation.places.models import Place, PlaceKind
from jiamenkou.foundation.refusals import Conflict, Refused
from jiamenkou.services.needs import notices
from jiamenkou.services.needs.models import NetMember
from jiamenkou.services.needs.states import NetRole


def add_member(
    place: Place, role: NetRole, name: str, *, by: Actor, since: date, reason: str, phone: str = "", **more: object
) -> NetMember:
    if place.kind not in {PlaceKind.COMMUNITY, PlaceKind.GRID, PlaceKind.BUILDING, PlaceKind.UNIT}:
        raise Refused("请选社区、网格、楼栋或单元。", field="place", code="place")
    try:
        with transaction.atomic():
            return NetMember.objects.create(
                place=place, community=community_over(place), role=role, name=name, phone=phone, since=since, **more
            )
    except IntegrityError as error:
        raise Conflict("这个人已经在这一片了。", code="exists") from error


def hand_over(member: NetMember, successor: NetMember | None, *, by: Actor, on: date, why: str, reason: str) -> int:
    """``member`` leaves after ``on``; residents of the place are told whom to ask from then on. Returns how many.

    Without a successor the place falls to who answers for the place above it, and the list of gaps shows it.
    """
    if member.until is not None:
        raise Conflict("已经交接过了。", code="changed")
    if successor is not None and (successor.pk == member.pk or successor.place_id != member.place_id):
        raise Refused("接手的人要先登记在同一片。", field="successor", code="successor")
    if on < member.since:
        raise Refused("交接日期不能早于开始日期。", field="on", code="date")
    left = NetMember.objects.filter(pk=member.pk, until__isnull=True).update(
        until=on, handed_to=successor, why=why[:120]
    )
    if not left:
        raise Conflict("刚刚变过，请刷新看看。", code="changed")
    member.until, member.handed_to = on, successor
    if successor is None:
        return 0
    told = 0
    role = str(NetRole(successor.role).label)
    phone = f"，电话 {successor.phone}" if successor.phone else ""
    for resident in living_in(member.place).filter(links__isnull=False).distinct().order_by("id"):
        tell(notices.HANDED_OVER, resident, href="/needs/net/", role=role, name=successor.name, phone=phone)
        told += 1
    return told


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
    return Resident.objects.filter(household__unit__path__startswith=place.path)
