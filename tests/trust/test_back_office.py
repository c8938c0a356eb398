"""``/admin/`` is for system administrators with their second factor; for everybody else it is not there."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client

from jiamenkou.foundation.access.models import Session, StaffRole
from jiamenkou.foundation.access.roles import Role
from jiamenkou.foundation.audit.models import AuditEntry
from jiamenkou.foundation.people.models import Account
from jiamenkou.fronts.backoffice.site import POLICY
from tests.guards import sign_in
from tests.people import Town, make_account, make_employer, make_staff
from tests.trust.routes import Route, all_routes
from tests.trust.world import World, make_world

ROUTES = [route for route in all_routes() if route.path.startswith("admin/")]
PARAMETER = re.compile(r"<[^>]+>|\(\?P<[^)]*\)\$?")
# not of the administrators' site: the way in
WAY_IN = {"admin/login/"}


@pytest.fixture
def world(town: Town) -> World:
    return make_world(town)


@pytest.fixture
def administrator(town: Town) -> Account:
    return make_account(is_superuser=True)


def opened(account: Account | None, strong: bool = True) -> Client:
    # a plain browser: the library's pages are not held to the rules of ours
    browser = Client()
    if account is not None:
        sign_in(browser, account, strong=strong)
    return browser


def path_of(route: Route) -> str:
    return "/" + PARAMETER.sub("1", route.path)


def test_every_route_is_behind_the_guard() -> None:
    assert {route.path for route in ROUTES if not route.is_back_office} <= WAY_IN
    assert len(ROUTES) > 20


@pytest.mark.parametrize("role", ["anonymous", "weak administrator", "worker", "lead", "admin of a place", "resident"])
def test_nobody_else_finds_anything(world: World, administrator: Account, role: str) -> None:
    browser, expected = {
        "anonymous": lambda: (opened(None), "in"),
        "weak administrator": lambda: (opened(administrator, strong=False), "in"),
        "worker": lambda: (opened(make_staff(Role.WORKER, world.town.community)), 404),
        "lead": lambda: (opened(make_staff(Role.COMMUNITY_LEAD, world.town.community)), 404),
        "admin of a place": lambda: (opened(make_staff(Role.ADMIN, world.town.district)), 404),
        "resident": lambda: (opened(world.here.account, strong=False), "in"),
    }[role]()
    for route in ROUTES:
        for answer in (browser.get(path_of(route)), browser.post(path_of(route))):
            found = (
                "in" if answer.status_code == 302 and "/signin/staff/" in answer["Location"] else answer.status_code
            )
            assert found == ("in" if route.path in WAY_IN else expected), (role, route.path)


@pytest.mark.parametrize("page", ["", "people/account/", "people/organisation/", "access/staffrole/", "places/place/"])
def test_an_administrator_looks(world: World, administrator: Account, page: str) -> None:
    answer = opened(administrator).get(f"/admin/{page}")
    assert answer.status_code == 200
    assert answer["Content-Security-Policy"] == POLICY
    assert answer["Cache-Control"] != "public"


def test_what_is_told_to_residents_is_not_shown(world: World, administrator: Account) -> None:
    page = opened(administrator).get("/admin/inbox/message/").content.decode()
    assert "您好" not in page


def test_residents_are_not_in_it() -> None:
    assert [route.path for route in ROUTES if "resident" in route.path] == []


def test_a_change_is_on_the_trail_and_ends_sessions(town: Town, administrator: Account) -> None:
    other = make_staff(Role.WORKER, town.community)
    opened(other)
    browser = opened(administrator)
    where = f"/admin/people/account/{other.pk}/change/"
    assert browser.get(where).status_code == 200
    assert browser.post(where, {"display_name": "换了称呼"}).status_code == 302
    entry = AuditEntry.objects.filter(table="people_account", row=other.pk).latest("id")
    assert entry.actor == administrator.actor
    assert AuditEntry.objects.filter(reason="POST admin:people_account_change", row=other.pk).exists()
    other.refresh_from_db()
    assert (other.display_name, other.is_active) == ("换了称呼", False)
    assert not Session.objects.filter(account=other).exists()


def test_a_first_role_is_given_here(town: Town, administrator: Account) -> None:
    account = make_account()
    sent = {"account": account.pk, "role": "worker", "place": town.community.pk}
    sent |= {"since_0": "2026-11-22", "since_1": "08:00:00", "until_0": "", "until_1": ""}
    assert opened(administrator).post("/admin/access/staffrole/add/", sent).status_code == 302
    assert StaffRole.objects.get(account=account).place == town.community


def test_nothing_is_deleted_here(town: Town, administrator: Account) -> None:
    organisation = make_employer()
    assert opened(administrator).post(f"/admin/people/organisation/{organisation.pk}/delete/").status_code == 403


def test_a_form_without_its_token_is_refused(administrator: Account) -> None:
    browser: Any = Client(enforce_csrf_checks=True)
    sign_in(browser, administrator)
    assert browser.post("/admin/access/staffrole/add/").status_code == 403
