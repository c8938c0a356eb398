"""Accounts of staff: who may open which, and the first one of a house."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth import authenticate
from django.utils import timezone
from tests.people import Town, actor, make_staff

from jiamenkou.foundation.access.accounts import NotAllowed
from jiamenkou.foundation.access.models import StaffRole
from jiamenkou.foundation.access.roles import Role
from jiamenkou.foundation.access.staff import appoint, first_account


def test_a_lead_opens_accounts_below_and_nobody_else_does(town: Town) -> None:
    lead = actor(make_staff(Role.COMMUNITY_LEAD, town.community))
    account, password = appoint("沐云舒", Role.GRID_WORKER, town.grids[0], by=lead, reason="新网格员")
    assert account.username == "muyunshu"
    assert authenticate(username="muyunshu", password=password) == account
    assert account.roles.get().place == town.grids[0]
    for role, place in (
        (Role.COMMUNITY_LEAD, town.community),
        (Role.WORKER, town.neighbour),
        (Role.STREET_OFFICER, town.street),
        (Role.ADMIN, town.community),
    ):
        with pytest.raises(NotAllowed):
            appoint("沐云舒", role, place, by=lead, reason="越权")
    with pytest.raises(NotAllowed):
        worker = actor(make_staff(Role.WORKER, town.community))
        appoint("沐云舒", Role.GRID_WORKER, town.grids[0], by=worker, reason="越权")


def test_usernames_do_not_collide(town: Town) -> None:
    names = [first_account("沐云舒", Role.WORKER, town.community)[0].username for _ in range(3)]
    assert names == ["muyunshu", "muyunshu2", "muyunshu3"]
    assert first_account("☆", Role.WORKER, town.community)[0].username == "staff"


def test_the_page_shows_the_password_once_and_ends_roles(client_for: Any, town: Town) -> None:
    lead = client_for(make_staff(Role.COMMUNITY_LEAD, town.community))
    far = make_staff(Role.WORKER, town.neighbour, display_name="费若棠")
    new = "/desk/staff/new/"
    wrong = lead.post(new, {"name": "沐云舒", "role": "grid_worker", "place": town.community.pk})
    assert wrong.status_code == 422 and "网格员选网格" in wrong.content.decode()
    for sent in (
        {"name": "沐云舒", "role": "community_lead", "place": town.community.pk},
        {"name": "沐云舒", "role": "worker", "place": town.neighbour.pk},
        {"name": "", "role": "x", "place": "y"},
    ):
        assert lead.post(new, sent).status_code == 422
    done = lead.post(new, {"name": "沐云舒", "role": "grid_worker", "place": town.grids[0].pk})
    assert done.headers["Cache-Control"] == "no-store"
    row = StaffRole.objects.get(account__username="muyunshu")
    assert "muyunshu" in done.content.decode()
    page = lead.get("/desk/staff/").content.decode()
    assert "沐云舒" in page and "费若棠" not in page
    assert lead.post(f"/desk/staff/roles/{far.roles.get().pk}/end/").status_code == 404
    assert lead.post(f"/desk/staff/roles/{row.pk}/end/").status_code == 302
    row.refresh_from_db()
    assert row.until is not None and row.until <= timezone.now()
    assert "沐云舒" not in lead.get("/desk/staff/?q=沐").content.decode()
