"""Party organisations, partner units and volunteers: who belongs where, and 政治面貌 for those who may know it."""

from __future__ import annotations

from datetime import date

from django.db import IntegrityError, transaction
from django.http import Http404

from jiamenkou.foundation.access.actor import Actor
from jiamenkou.foundation.access.roles import Permission
from jiamenkou.foundation.people.models import (
    NetMember,
    NetRole,
    Organisation,
    OrganisationKind,
    PoliticalStatus,
    Politics,
    Resident,
)
from jiamenkou.foundation.people.models.net import NetMemberQuerySet
from jiamenkou.foundation.refusals import Conflict, NotAllowed, Refused

NET = (OrganisationKind.PARTY_BRANCH, OrganisationKind.PARTNER, OrganisationKind.VOLUNTEERS)


def net_for(by: Actor) -> NetMemberQuerySet:
    """Memberships of people in the actor's scope; those of Party organisations only with the permission for them."""
    scope, politics = by.scope(Permission.RESIDENTS_VIEW), by.scope(Permission.RESIDENTS_POLITICS)
    rows = NetMember.objects.all()
    seen = rows.filter(resident__community_id__in=sorted(scope.communities)).open_to_all_staff()
    seen |= rows.filter(resident__grid_id__in=sorted(scope.grids)).open_to_all_staff()
    return seen | rows.filter(resident__community_id__in=sorted(politics.communities))


def politics_of(resident: Resident, *, by: Actor) -> PoliticalStatus | None:
    """Raises 404 for whoever may not know."""
    if not by.may(Permission.RESIDENTS_POLITICS, resident.community_id):
        raise Http404
    return PoliticalStatus.objects.filter(resident=resident).first()


def note_politics(
    resident: Resident, status: Politics, *, joined_on: date | None, by: Actor, reason: str
) -> PoliticalStatus:
    if not by.may(Permission.RESIDENTS_POLITICS, resident.community_id):
        raise NotAllowed("您不能登记政治面貌。")
    row, _ = PoliticalStatus.objects.update_or_create(
        resident=resident, defaults={"status": status, "joined_on": joined_on}
    )
    return row


def join(
    organisation: Organisation, resident: Resident, role: NetRole, *, today: date, by: Actor, reason: str
) -> NetMember:
    """From today on. Raises :class:`Refused`, :class:`NotAllowed`, :class:`Conflict`."""
    kinds = set(organisation.kinds)
    if not kinds & set(NET):
        raise Refused("这个单位不是党组织、共建单位或志愿服务队。", field="organisation", code="kind")
    needs = Permission.RESIDENTS_POLITICS if OrganisationKind.PARTY_BRANCH in kinds else Permission.RESIDENTS_EDIT
    if not by.may(needs, resident.community_id, resident.grid_id):
        raise NotAllowed("您不能登记这个组织的成员。")
    try:
        with transaction.atomic():
            return NetMember.objects.create(organisation=organisation, resident=resident, role=role, since=today)
    except IntegrityError as error:
        raise Conflict("这位已经在这个组织里了。", code="member") from error


def leave(member: NetMember, *, today: date, by: Actor, reason: str) -> None:
    """The membership ends today; it stays in the record."""
    member = NetMember.objects.select_for_update(of=("self",)).get(pk=member.pk)
    if member.until is None:
        member.until = max(today, member.since)
        member.save()
