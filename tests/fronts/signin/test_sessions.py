"""How long a sign-in holds, where it is seen, and what ends it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from tests.conftest import GuardedClient
from tests.fronts.signin.doors import come_in, is_in
from tests.people import Town, actor, make_staff

from jiamenkou.foundation.access import staff
from jiamenkou.foundation.access.models import Session
from jiamenkou.foundation.access.roles import Role
from jiamenkou.foundation.access.sessions import device_name

pytestmark = pytest.mark.usefixtures("everything")

# later than anything the fixtures make now
MORNING = datetime(2036, 11, 3, 1, 0, tzinfo=UTC)
PAGE = "/me/devices/"
SignIn = Callable[[Any], GuardedClient]


def still_in(browser: Any) -> bool:
    return bool(browser.get(PAGE).status_code == 200)


class TestStaff:
    def test_thirty_minutes_idle(self, client_for: SignIn, town: Town) -> None:
        with time_machine.travel(MORNING, tick=False) as clock:
            browser = client_for(make_staff(Role.WORKER, town.community))
            for _ in range(4):
                clock.shift(timedelta(minutes=29))
                assert still_in(browser)
            clock.shift(timedelta(minutes=30))
            assert not still_in(browser)
            assert not is_in(browser)

    def test_twelve_hours_in_all(self, client_for: SignIn, town: Town) -> None:
        with time_machine.travel(MORNING, tick=False) as clock:
            browser = client_for(make_staff(Role.WORKER, town.community))
            for _ in range(35):
                clock.shift(timedelta(minutes=20))
                assert still_in(browser)
            clock.shift(timedelta(minutes=20))
            assert not still_in(browser)

    def test_a_new_role_ends_it(self, client_for: SignIn, town: Town) -> None:
        worker = make_staff(Role.WORKER, town.community)
        lead = actor(make_staff(Role.STREET_OFFICER, town.street))
        with time_machine.travel(MORNING, tick=True):
            browser = client_for(worker)
            staff.grant_role(worker, Role.GRID_WORKER, town.grids[0], by=lead, reason="兼网格员")
            assert not still_in(browser)
            browser = client_for(worker)
            staff.end_role(worker.roles.get(role=Role.WORKER), by=lead, reason="调岗")
            assert not still_in(browser)

    def test_a_locked_account_is_out_at_once(self, client_for: SignIn, town: Town) -> None:
        worker = make_staff(Role.WORKER, town.community)
        browser = client_for(worker)
        worker.is_active = False
        worker.save()
        assert not still_in(browser)

    @pytest.mark.parametrize("place", ["neighbour", "street", "district"])
    def test_only_from_above_and_around(self, town: Town, place: str) -> None:
        lead = actor(make_staff(Role.COMMUNITY_LEAD, town.community))
        with pytest.raises(staff.NotAllowed):
            staff.grant_role(
                make_staff(Role.WORKER, town.community), Role.WORKER, getattr(town, place), by=lead, reason="x"
            )

    def test_nobody_appoints_an_equal(self, town: Town) -> None:
        lead = actor(make_staff(Role.COMMUNITY_LEAD, town.community))
        with pytest.raises(staff.NotAllowed):
            staff.grant_role(
                make_staff(Role.WORKER, town.community), Role.COMMUNITY_LEAD, town.community, by=lead, reason="x"
            )


class TestResidents:
    def test_thirty_days_however_often_used(self, client: GuardedClient) -> None:
        with time_machine.travel(MORNING, tick=False) as clock:
            come_in(client)
            for _ in range(29):
                clock.shift(timedelta(days=1))
                assert still_in(client)
            clock.shift(timedelta(days=1))
            assert not still_in(client)

    def test_use_is_written_every_ten_minutes_at_most(self, client: GuardedClient) -> None:
        with time_machine.travel(MORNING, tick=False) as clock:
            come_in(client)
            for _ in range(3):
                clock.shift(timedelta(minutes=3, seconds=19))
                client.get(PAGE)
            assert Session.objects.get(account__isnull=False).seen_at == MORNING
            clock.shift(3)
            client.get(PAGE)
            assert Session.objects.get(account__isnull=False).seen_at == MORNING + timedelta(minutes=10)

    def test_the_key_changes_at_the_door(self, client: GuardedClient) -> None:
        come_in(client)
        first = client.session.session_key
        client.post("/signin/out/")
        assert not Session.objects.filter(session_key=first).exists()

    def test_a_session_without_our_marks_is_nobody(self, client: GuardedClient, town: Town) -> None:
        client.force_login(make_staff(Role.WORKER, town.community))
        assert not still_in(client)


class TestDevices:
    def test_seen_and_ended_one_by_one(self, client: GuardedClient) -> None:
        with time_machine.travel(MORNING, tick=False) as clock:
            come_in(client)
            clock.shift(61)
            phone = GuardedClient(headers={"user-agent": "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X)"})
            come_in(phone)
            text = client.get(PAGE).content.decode()
            assert "iPhone" in text and "就是这台" in text
            key = phone.session.session_key
            assert key and key not in text, "a session key is never shown"
            assert client.post(PAGE, {"key": key[-12:]}).status_code == 302
            assert not still_in(phone)
            assert still_in(client)

    def test_all_others_at_once(self, client: GuardedClient) -> None:
        with time_machine.travel(MORNING, tick=False) as clock:
            come_in(client)
            others = []
            for _ in range(2):
                clock.shift(61)
                others.append(GuardedClient())
                come_in(others[-1])
            client.post(PAGE)
            assert [still_in(browser) for browser in (client, *others)] == [True, False, False]

    @pytest.mark.parametrize("key", ["%", "x", "_" * 12, "' or 1=1 --", "0" * 12])
    def test_nobody_elses(self, client: GuardedClient, key: str) -> None:
        come_in(client)
        other = GuardedClient()
        come_in(other, "13900005678")
        assert client.post(PAGE, {"key": key}).status_code == 404
        theirs = other.session.session_key
        assert theirs and client.post(PAGE, {"key": theirs[-12:]}).status_code == 404
        assert still_in(other)

    def test_leaving_is_a_post(self, client: GuardedClient) -> None:
        come_in(client)
        assert client.get("/signin/out/").status_code == 405
        answer = client.post("/signin/out/")
        assert answer["Clear-Site-Data"] == '"cache"'
        assert not is_in(client)

    @pytest.mark.parametrize(
        ("agent", "name"), [("", "其他设备"), ("… Android … MicroMessenger/8", "微信"), ("X11; Linux", "Linux 电脑")]
    )
    def test_plain_words_for_a_device(self, agent: str, name: str) -> None:
        assert device_name(agent) == name
