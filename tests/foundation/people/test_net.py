"""The net: who belongs where, and that 政治面貌 is known to nobody by accident."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.http import Http404
from django.utils import timezone

from jiamenkou.foundation.access.actor import Actor
from jiamenkou.foundation.access.roles import Role
from jiamenkou.foundation.people.actions.net import join, leave, net_for, note_politics, politics_of
from jiamenkou.foundation.people.models import NetMember, NetRole, OrganisationKind, Politics
from jiamenkou.foundation.refusals import Conflict, NotAllowed, Refused
from tests.people import Town, make_employer, make_resident, make_staff


def test_politics_has_a_permission_of_its_own(town: Town) -> None:
    person = make_resident(town.community, town.grids[0])
    lead = Actor(make_staff(Role.COMMUNITY_LEAD, town.community))
    note_politics(person, Politics.PROBATIONARY, joined_on=None, by=lead, reason="本人告知")
    note_politics(person, Politics.MEMBER, joined_on=None, by=lead, reason="转正")
    found = politics_of(person, by=lead)
    assert found is not None and found.status == Politics.MEMBER
    for role, place in (
        (Role.WORKER, town.community),
        (Role.GRID_WORKER, town.grids[0]),
        (Role.STREET_OFFICER, town.street),
        (Role.COMMUNITY_LEAD, town.neighbour),
    ):
        other = Actor(make_staff(role, place))
        with pytest.raises(Http404):
            politics_of(person, by=other)
        with pytest.raises(NotAllowed):
            note_politics(person, Politics.NONE, joined_on=None, by=other, reason="t")


def test_members_of_the_party_are_seen_with_that_permission_only(town: Town) -> None:
    today = timezone.localdate()
    branch = make_employer("桂花园社区第一党支部", kinds=[OrganisationKind.PARTY_BRANCH])
    band = make_employer("银发志愿服务队", kinds=[OrganisationKind.VOLUNTEERS])
    shop = make_employer("小卖部")
    person, other = make_resident(town.community, town.grids[0]), make_resident(town.neighbour)
    lead, worker = (Actor(make_staff(role, town.community)) for role in (Role.COMMUNITY_LEAD, Role.WORKER))
    grid_worker = Actor(make_staff(Role.GRID_WORKER, town.grids[0]))
    in_band = join(band, person, NetRole.LEAD, today=today, by=worker, reason="t")
    with pytest.raises(NotAllowed):
        join(branch, person, NetRole.MEMBER, today=today, by=worker, reason="t")
    in_branch = join(branch, person, NetRole.MEMBER, today=today, by=lead, reason="t")
    assert set(net_for(lead)) == {in_band, in_branch}
    assert set(net_for(worker)) == set(net_for(grid_worker)) == {in_band}
    assert set(net_for(Actor(make_staff(Role.WORKER, town.neighbour)))) == set()
    with pytest.raises(NotAllowed):
        join(band, other, NetRole.MEMBER, today=today, by=worker, reason="t")
    with pytest.raises(Refused, match="不是党组织"):
        join(shop, person, NetRole.MEMBER, today=today, by=worker, reason="t")
    with pytest.raises(Conflict, match="已经在这个组织里"):
        join(band, person, NetRole.MEMBER, today=today, by=worker, reason="t")
    leave(in_band, today=today, by=worker, reason="搬走了")
    assert join(band, person, NetRole.MEMBER, today=today, by=worker, reason="回来了").pk != in_band.pk
    assert set(NetMember.objects.current(today + timedelta(days=1)).open_to_all_staff()) != {in_band}
    with pytest.raises(IntegrityError), transaction.atomic():
        NetMember.objects.filter(pk=in_band.pk).update(until=today - timedelta(days=1))
