"""A stand-in: the window, who may lend what to whom, what the trail says, and that it follows into the rows."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.utils import timezone
from tests.people import Town, make_account, make_resident, make_staff

from jiamenkou.foundation.access.actor import Actor
from jiamenkou.foundation.access.lending import colleagues, end_stand_in, lend_role, lendable, stand_ins
from jiamenkou.foundation.access.models import StaffRole
from jiamenkou.foundation.access.roles import Permission, Role
from jiamenkou.foundation.access.staff import is_above
from jiamenkou.foundation.audit.models import AuditEntry
from jiamenkou.foundation.people.models import Account
from jiamenkou.foundation.refusals import Conflict, NotAllowed, Refused
from jiamenkou.fronts.desk.trail import audit_history

MONDAY = datetime.fromisoformat("2026-11-23T10:00:00+08:00")


@pytest.fixture
def monday() -> Any:
    with time_machine.travel(MONDAY, tick=False) as traveller:
        yield traveller


def role_of(account: Account) -> StaffRole:
    return StaffRole.objects.own().get(account=account)


def lend(row: StaffRole, to: Account, by: Actor, first: int = 0, last: int = 4, reason: str = "年休假") -> StaffRole:
    today = timezone.localdate()
    return lend_role(
        row,
        to,
        first=today + timedelta(days=first),
        last=today + timedelta(days=last),
        today=today,
        by=by,
        reason=reason,
    )


def test_it_sleeps_outside_its_window(monday: Any, town: Town) -> None:
    min_, lin = make_staff(Role.GRID_WORKER, town.grids[0]), make_staff(Role.GRID_WORKER, town.grids[1])
    lend(role_of(min_), lin, Actor(min_), first=1, last=4)

    def grids(day: str) -> set[int]:
        monday.move_to(datetime.fromisoformat(day + "+08:00"))
        return set(Actor(lin).scope(Permission.RESIDENTS_VIEW).grids)

    both, own = {grid.pk for grid in town.grids}, {town.grids[1].pk}
    assert grids("2026-11-23T23:59:59") == own
    assert grids("2026-11-24T00:00:00") == both
    assert grids("2026-11-27T23:59:59") == both
    assert grids("2026-11-28T00:00:00") == own
    assert {grid.pk for grid in town.grids} == both


def test_pages_and_rows_follow(monday: Any, client_for: Any, town: Town) -> None:
    theirs = make_resident(town.community, town.grids[0], name="苏映禾")
    min_ = make_staff(Role.GRID_WORKER, town.grids[0], display_name="王敏")
    lin = make_staff(Role.GRID_WORKER, town.grids[1], display_name="林知夏")
    path = f"/desk/residents/{theirs.pk}/"
    assert client_for(lin).get(path).status_code == 404
    lent = lend(role_of(min_), lin, Actor(min_))
    browser = client_for(Account.objects.get(pk=lin.pk))
    assert browser.get(path).status_code == 200
    assert "您代王敏值班到周五" in browser.get("/desk/").content.decode()
    assert browser.post(f"{path}edit/", {"name": "苏映禾", "note": "改天再来"}).status_code == 302
    entry = AuditEntry.objects.filter(table="people_resident", act="update").latest("id")
    assert entry.actor == f"account:{lin.pk} 代 account:{min_.pk}"
    assert audit_history(theirs.pk)[0]["who"] == "林知夏（代王敏）"
    end_stand_in(lent, by=Actor(min_), reason="提前回来")
    assert browser.get(path).status_code in {302, 404}, "whoever's powers change is signed out"
    again = client_for(Account.objects.get(pk=lin.pk))
    assert again.get(path).status_code == 404
    assert "值班到" not in again.get("/desk/").content.decode()


def test_it_ends_with_the_role_it_was_lent_from(monday: Any, town: Town) -> None:
    min_, lin = make_staff(Role.WORKER, town.community), make_staff(Role.GRID_WORKER, town.grids[0])
    lead = Actor(make_staff(Role.COMMUNITY_LEAD, town.community))
    row = role_of(min_)
    lend(row, lin, lead)
    assert Actor(lin).may(Permission.MESSAGES_SEND, town.community.pk)
    StaffRole.objects.filter(pk=row.pk).update(until=timezone.now())
    assert not Actor(lin).may(Permission.MESSAGES_SEND, town.community.pk)


def test_not_upward_and_not_out_of_the_house(monday: Any, town: Town) -> None:
    worker, lead = make_staff(Role.WORKER, town.community), make_staff(Role.COMMUNITY_LEAD, town.community)
    grid_worker, officer = make_staff(Role.GRID_WORKER, town.grids[0]), make_staff(Role.STREET_OFFICER, town.street)
    stranger, nobody = make_staff(Role.WORKER, town.neighbour), make_account()
    idle = make_staff(Role.WORKER, town.community, is_active=False)
    row = role_of(worker)
    assert {one.account.pk for one in colleagues(row, Actor(worker))} == {lead.pk}
    assert {one.account.pk for one in colleagues(row, Actor(lead))} == {lead.pk, grid_worker.pk}
    for other in (officer, stranger, nobody, idle, grid_worker, worker):
        with pytest.raises(Refused, match="本社区的同事"):
            lend(row, other, Actor(worker))
    with pytest.raises(NotAllowed):
        lend(role_of(lead), worker, Actor(worker))
    with pytest.raises(NotAllowed):
        lend(row, lead, Actor(make_staff(Role.COMMUNITY_LEAD, town.neighbour)))
    with pytest.raises(Refused, match="请上级来安排"):
        lend(role_of(lead), worker, Actor(lead))
    lent = lend(role_of(lead), worker, Actor(officer))
    assert lent.granted_by == officer and lent.reason == "年休假"


def test_not_further(monday: Any, town: Town) -> None:
    lead, worker = make_staff(Role.COMMUNITY_LEAD, town.community), make_staff(Role.WORKER, town.community)
    other = make_staff(Role.WORKER, town.community)
    officer = Actor(make_staff(Role.STREET_OFFICER, town.street))
    lent = lend(role_of(lead), worker, officer)
    standing = Actor(worker)
    assert standing.may(Permission.AUDIT_VIEW, town.community.pk)
    assert not standing.may(Permission.ROLES_GRANT, town.community.pk)
    assert not is_above(standing, Role.WORKER, town.community)
    assert [row.account_id for row in lendable(standing)] == [worker.pk]
    for by in (standing, officer):
        with pytest.raises(NotAllowed, match="不能再转"):
            lend(lent, other, by)


def test_what_is_refused_at_its_field(monday: Any, town: Town) -> None:
    one, two = make_staff(Role.WORKER, town.community), make_staff(Role.WORKER, town.community)
    row, by = role_of(one), Actor(one)
    for given, field in (
        ({"first": 3, "last": 2}, "last"),
        ({"first": -5, "last": -1}, "last"),
        ({"last": 200}, "last"),
        ({"reason": " "}, "reason"),
    ):
        with pytest.raises(Refused) as refused:
            lend(row, two, by, **given)  # type: ignore[arg-type]
        assert refused.value.field == field
    lend(row, two, by, first=1, last=3)
    with pytest.raises(Conflict, match="已经有人代了"):
        lend(row, two, by, first=3, last=5)
    lend(row, two, by, first=4, last=5)
    StaffRole.objects.filter(pk=row.pk).update(until=timezone.now())
    with pytest.raises(Conflict, match="已经结束"):
        lend(row, two, by, first=8, last=9)
    for until in (None, MONDAY - timedelta(days=9)):
        with pytest.raises(IntegrityError), transaction.atomic():
            StaffRole.objects.lent().update(until=until)


def test_who_may_end_it(monday: Any, town: Town) -> None:
    one, two = make_staff(Role.WORKER, town.community), make_staff(Role.WORKER, town.community)
    third = make_staff(Role.WORKER, town.community)
    lead = Actor(make_staff(Role.COMMUNITY_LEAD, town.community))
    for by in (Actor(one), Actor(two), lead):
        lent = lend(role_of(one), two, Actor(one))
        with pytest.raises(NotAllowed):
            end_stand_in(lent, by=Actor(third), reason="t")
        end_stand_in(lent, by=by, reason="t")
        assert stand_ins(by) == []
    later = lend(role_of(one), two, Actor(one), first=5, last=6)
    end_stand_in(later, by=Actor(one), reason="不去了")
    with time_machine.travel(MONDAY + timedelta(days=5)):
        assert len(Actor(two).roles) == 1, "a window that was called off never opens"


def test_on_the_desk(monday: Any, client_for: Any, town: Town) -> None:
    min_ = make_staff(Role.WORKER, town.community, display_name="王敏")
    lin = make_staff(Role.WORKER, town.community, display_name="林知夏")
    desk, row = client_for(min_), role_of(min_)
    assert "现在没有人代班" in desk.get("/desk/stand-ins/").content.decode()
    page = desk.get(f"/desk/stand-ins/{row.pk}/").content.decode()
    assert "林知夏" in page
    given = {"to": lin.pk, "first": date(2026, 11, 23), "last": date(2026, 11, 27), "reason": "年休假"}
    for bad in ({"to": 0}, {"last": date(2026, 11, 22)}, {"reason": ""}, {"first": "x"}):
        assert desk.post(f"/desk/stand-ins/{row.pk}/", given | bad).status_code == 422
    assert desk.post(f"/desk/stand-ins/{row.pk}/", given).status_code == 302
    assert desk.post(f"/desk/stand-ins/{row.pk}/", given).status_code == 422, "a second tap lends nothing twice"
    listing = desk.get("/desk/stand-ins/").content.decode()
    assert "林知夏代王敏" in listing and "周五" in listing
    lent = StaffRole.objects.lent().get()
    stranger = client_for(make_staff(Role.WORKER, town.neighbour))
    assert stranger.get(f"/desk/stand-ins/{row.pk}/").status_code == 404
    assert stranger.post(f"/desk/stand-ins/{lent.pk}/end/").status_code == 404
    assert desk.post(f"/desk/stand-ins/{lent.pk}/end/").status_code == 302
    assert "现在没有人代班" in desk.get("/desk/stand-ins/").content.decode()
