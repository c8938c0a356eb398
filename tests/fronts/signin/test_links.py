"""The demo's one-time links, and the list of them."""

from __future__ import annotations

import io
import json
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.utils import timezone
from tests.conftest import GuardedClient
from tests.fronts.signin.doors import is_in
from tests.people import Town, make_account, make_employer, make_resident, make_staff

from jiamenkou.foundation.access import accounts, links
from jiamenkou.foundation.access.models import OneTimeLink, StaffRole
from jiamenkou.foundation.access.roles import Role
from jiamenkou.foundation.people.models import Account, AccountResident, OrganisationMember

pytestmark = pytest.mark.usefixtures("everything")


@pytest.fixture
def demo(town: Town) -> Account:
    return make_staff(Role.WORKER, town.community, username="demo-worker-1")


class TestLink:
    def test_signs_in_once_with_both_factors(self, client: GuardedClient, demo: Account) -> None:
        path = links.make_link(demo)
        answer = client.get(path)
        assert answer["Location"] == "/desk/"
        assert client.get("/me/devices/").wsgi_request.actor.is_staff
        other = GuardedClient()
        assert other.get(path).status_code == 404
        assert not is_in(other)

    def test_residents_go_home(self, client: GuardedClient) -> None:
        assert client.get(links.make_link(make_account(username="demo-elder-1")))["Location"] == "/"

    @pytest.mark.parametrize(
        "asked",
        [
            {"REMOTE_ADDR": "192.0.2.7"},
            {"REMOTE_ADDR": "::ffff:192.0.2.7"},
            {"REMOTE_ADDR": ""},
            {"REMOTE_ADDR": "127.0.0.1", "HTTP_X_FORWARDED_FOR": "192.0.2.7"},
            {"REMOTE_ADDR": "127.0.0.1", "HTTP_FORWARDED": "for=192.0.2.7"},
        ],
    )
    def test_only_on_this_machine_and_nothing_is_used_up(
        self, client: GuardedClient, demo: Account, asked: dict[str, str]
    ) -> None:
        path = links.make_link(demo)
        assert client.get(path, **asked).status_code == 404
        assert client.get(path, REMOTE_ADDR="::1").status_code == 302

    def test_not_outside_the_demo(self, client: GuardedClient, demo: Account, settings: Any) -> None:
        path = links.make_link(demo)
        settings.DEMO_LINKS = False
        assert client.get(path).status_code == 404
        settings.DEMO = False
        with pytest.raises(ValueError, match="demo"):
            links.make_link(demo)

    def test_not_for_real_accounts(self, town: Town) -> None:
        with pytest.raises(ValueError, match="demo"):
            links.make_link(make_staff(Role.WORKER, town.community, username="lin"))

    def test_a_day_later_it_is_over(self, client: GuardedClient, demo: Account) -> None:
        path = links.make_link(demo)
        with time_machine.travel(timezone.now() + timedelta(hours=25), tick=False):
            assert client.get(path).status_code == 404

    @pytest.mark.parametrize("token", ["x", "x" * 5000, "%00", "..%2f", "a b"])
    def test_forged_ones_say_so(self, client: GuardedClient, token: str) -> None:
        answer = client.get(f"/signin/once/{token}")
        assert answer.status_code == 404

    def test_looking_is_not_opening(self, client: GuardedClient, demo: Account) -> None:
        path = links.make_link(demo)
        assert client.head(path).status_code == 405
        assert client.get(path).status_code == 302

    def test_the_token_is_not_stored(self, demo: Account) -> None:
        token = links.make_link(demo).rsplit("/", 1)[1]
        assert token.encode() not in bytes(OneTimeLink.objects.get().token_hash)


class TestList:
    def test_names_everybody_as_the_contract_says(self, town: Town, client: GuardedClient, demo: Account) -> None:
        elder = accounts.make_account("demo-elder-1", phone="13900005678", display_name="何桂枝")
        AccountResident.objects.create(account=elder, resident=make_resident(town.neighbour), proof="test")
        boss = make_account(username="demo-boss-1")
        OrganisationMember.objects.create(account=boss, organisation=make_employer(community=town.far))
        officer = make_account(username="demo-officer-1")
        StaffRole.objects.create(account=officer, role=Role.STREET_OFFICER, place=town.street)
        make_staff(Role.WORKER, town.community, username="lin")
        found = _listed()
        assert [(one["role"], one["username"], one["community"]) for one in found] == [
            ("elder", "demo-elder-1", "32-1-10"),
            ("worker", "demo-worker-1", "32-1-1"),
            ("employer", "demo-boss-1", "32-10-1"),
            ("street_officer", "demo-officer-1", None),
        ]
        assert found[0]["phone"] == "13900005678" and found[0]["name"] == "何桂枝"
        assert set(found[0]) == {"role", "name", "community", "phone", "username", "login_url"}
        for one in found:
            browser = GuardedClient()
            assert browser.get(urlsplit(one["login_url"]).path).status_code == 302
            assert is_in(browser)

    def test_each_call_gives_fresh_ones(self, demo: Account) -> None:
        assert _listed()[0]["login_url"] != _listed()[0]["login_url"]

    def test_there_is_none_outside_the_demo(self, settings: Any) -> None:
        settings.DEMO = False
        with pytest.raises(CommandError, match="演示"):
            call_command("demo_accounts", "--json")


def _listed() -> list[dict[str, Any]]:
    out = io.StringIO()
    call_command("demo_accounts", "--json", stdout=out)
    found: list[dict[str, Any]] = json.loads(out.getvalue())
    return found
