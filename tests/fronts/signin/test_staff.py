"""Staff at the door: two factors, asked again before dangerous acts, and recovered in person."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from django.http import HttpRequest, HttpResponse
from django.urls import path
from tests.conftest import GuardedClient
from tests.fronts.signin.doors import app_code, is_in
from tests.people import Town, make_account, make_staff

from jiamenkou.foundation.access.proof import recently_proved
from jiamenkou.foundation.access.roles import Role
from jiamenkou.foundation.audit.models import AuditEntry
from jiamenkou.foundation.people.models import Account
from jiamenkou.site.urls import urlpatterns as site

pytestmark = pytest.mark.usefixtures("everything")

PASSWORD = "梧桐树下 seven lanterns"
# later than anything the fixtures make now
MORNING = datetime(2036, 11, 3, 1, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def fast_passwords(settings: Any) -> None:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@recently_proved
def danger(request: HttpRequest) -> HttpResponse:
    return HttpResponse("done")


urlpatterns = [*site, path("danger/", danger)]


@pytest.fixture
def worker(town: Town) -> Account:
    return with_password(make_staff(Role.WORKER, town.community, username="lin"))


def with_password(account: Account) -> Account:
    account.set_password(PASSWORD)
    account.save()
    return account


def show_password(browser: Any, username: str = "lin", password: str = PASSWORD, **more: str) -> Any:
    return browser.post("/signin/staff/", {"username": username, "password": password, **more})


def enrol(browser: Any) -> str:
    """Password and a new authenticator app; the app's secret."""
    assert show_password(browser)["Location"] == "/signin/staff/enrol/"
    text = browser.get("/signin/staff/enrol/").content.decode()
    secret = re.search(r'class="nowrap">([A-Z2-7 ]+)<', text)
    assert secret and "<svg" in text
    plain = secret[1].replace(" ", "")
    assert browser.post("/signin/staff/enrol/", {"code": app_code(plain)})["Location"] == "/desk/"
    return plain


class TestTwoFactors:
    def test_the_first_sign_in_enrols_an_app(self, client: GuardedClient, worker: Account) -> None:
        secret = enrol(client)
        assert is_in(client)
        stored = json.dumps(Authenticator.objects.get(user=worker).data)
        assert secret not in stored
        assert client.get("/me/devices/").wsgi_request.actor.is_staff

    def test_the_password_alone_opens_nothing(self, client: GuardedClient, worker: Account) -> None:
        enrol(GuardedClient())
        assert show_password(client)["Location"] == "/signin/staff/second/"
        assert not is_in(client)
        assert client.get("/signin/staff/enrol/")["Location"] == "/signin/staff/"
        assert client.post("/signin/staff/second/", {"code": "000000"}).status_code == 400
        assert not is_in(client)

    def test_a_code_of_the_app_counts_once(self, client: GuardedClient, worker: Account) -> None:
        with time_machine.travel(MORNING, tick=False) as clock:
            secret = enrol(GuardedClient())
            clock.shift(300)
            code = app_code(secret)
            show_password(client)
            assert client.post("/signin/staff/second/", {"code": code})["Location"] == "/desk/"
            other = GuardedClient()
            show_password(other)
            assert other.post("/signin/staff/second/", {"code": f"{code[:3]} {code[3:]}"}).status_code == 400

    def test_five_minutes_for_the_second_step(self, client: GuardedClient, worker: Account) -> None:
        with time_machine.travel(MORNING, tick=False) as clock:
            secret = enrol(GuardedClient())
            clock.shift(600)
            show_password(client)
            clock.shift(301)
            assert client.post("/signin/staff/second/", {"code": app_code(secret)})["Location"] == "/signin/staff/"
            assert not is_in(client)

    def test_wrong_name_wrong_password_and_no_role_sound_alike(self, client: GuardedClient, worker: Account) -> None:
        with_password(make_account(username="nobody"))
        answers = [show_password(client, *pair) for pair in [("lin", "x"), ("gone", "x"), ("nobody", PASSWORD)]]
        assert {answer.status_code for answer in answers} == {400}
        assert all("用户名或密码不对" in answer.content.decode() for answer in answers)

    def test_guessing_a_password_ends(self, client: GuardedClient, worker: Account) -> None:
        for _ in range(10):
            show_password(client, "lin", "x")
        answer = show_password(client)
        assert answer.status_code == 429 and int(answer["Retry-After"]) > 0

    def test_guessing_the_second_factor_ends(self, client: GuardedClient, worker: Account) -> None:
        enrol(GuardedClient())
        show_password(client)
        answers = [client.post("/signin/staff/second/", {"code": f"00000{n}"}).status_code for n in range(6)]
        assert answers == [400] * 5 + [429]

    @pytest.mark.parametrize("answer", ["", "{}", "[]", "null", '{"id":1,"response":7}', "x" * 30_000, '"\\u0000"'])
    def test_garbage_for_a_passkey_is_refused(self, client: GuardedClient, worker: Account, answer: str) -> None:
        enrol(GuardedClient())
        show_password(client)
        assert client.post("/signin/staff/second/", {"credential": answer}).status_code == 400

    def test_next_survives_both_steps(self, client: GuardedClient, worker: Account) -> None:
        with time_machine.travel(MORNING, tick=False) as clock:
            secret = enrol(GuardedClient())
            clock.shift(300)
            show_password(client, next="/desk/residents/?q=1")
            answer = client.post("/signin/staff/second/", {"code": app_code(secret)})
            assert answer["Location"] == "/desk/residents/?q=1"


@pytest.mark.urls("tests.fronts.signin.test_staff")
class TestAskedAgain:
    def test_ten_minutes_after_the_factor_it_is_asked_for(self, client: GuardedClient, worker: Account) -> None:
        with time_machine.travel(MORNING, tick=False) as clock:
            secret = enrol(client)
            assert client.get("/danger/").content == b"done"
            clock.shift(601)
            assert client.get("/danger/?x=1")["Location"] == "/signin/prove/?next=%2Fdanger%2F%3Fx%3D1"
            answer = client.post("/danger/", headers={"referer": "http://testserver/desk/form/"})
            assert answer["Location"] == "/signin/prove/?next=%2Fdesk%2Fform%2F"
            assert client.post("/danger/", headers={"hx-request": "true"})["HX-Redirect"].startswith("/signin/prove/")
            assert client.post("/signin/prove/", {"code": "000000"}).status_code == 400
            assert (
                client.post("/signin/prove/", {"code": app_code(secret), "next": "/danger/"})["Location"] == "/danger/"
            )
            assert client.get("/danger/").content == b"done"

    def test_residents_cannot_prove_what_they_do_not_have(self, client: GuardedClient) -> None:
        client.force_login(make_account())
        assert client.get("/danger/").status_code == 302
        assert client.get("/signin/prove/")["Location"] == "/signin/staff/"

    def test_a_demo_account_says_yes_on_this_machine_only(
        self, client_for: Callable[[Any], GuardedClient], town: Town
    ) -> None:
        with time_machine.travel(MORNING, tick=False) as clock:
            browser = client_for(make_staff(Role.WORKER, town.community, username="demo-worker-1"))
            clock.shift(601)
            assert browser.post("/signin/prove/", {"demo": "1"}, REMOTE_ADDR="192.0.2.7").status_code == 400
            assert (
                browser.post("/signin/prove/", {"demo": "1"}, headers={"x-forwarded-for": "1.2.3.4"}).status_code
                == 400
            )
            assert browser.post("/signin/prove/", {"demo": "1", "next": "/danger/"})["Location"] == "/danger/"

    def test_an_ordinary_account_has_no_such_button(
        self, client_for: Callable[[Any], GuardedClient], worker: Account
    ) -> None:
        with time_machine.travel(MORNING, tick=False) as clock:
            browser = client_for(worker)
            clock.shift(601)
            assert browser.post("/signin/prove/", {"demo": "1"}).status_code == 400


class TestRecovery:
    def test_in_person_by_someone_above(
        self, client: GuardedClient, client_for: Callable[[Any], GuardedClient], worker: Account, town: Town
    ) -> None:
        enrol(client)
        lead = client_for(make_staff(Role.COMMUNITY_LEAD, town.community))
        where = f"/desk/staff/{worker.pk}/factor/"
        assert lead.get(where).status_code == 200
        assert lead.post(where, {"reason": ""}).status_code == 400
        done = lead.post(where, {"reason": "手机丢了，本人到场"}).content.decode()
        password = re.search(r'class="figure">([0-9a-f-]{19})<', done)
        assert password
        assert not client.get("/me/devices/").wsgi_request.user.is_authenticated
        assert show_password(client).status_code == 400
        assert show_password(client, "lin", password[1])["Location"] == "/signin/staff/enrol/"
        entry = AuditEntry.objects.filter(table="people_account", row=worker.pk, reason="手机丢了，本人到场").first()
        assert entry is not None and entry.actor.startswith("account:")

    @pytest.mark.parametrize(
        ("role", "place"), [("worker", "community"), ("community_lead", "neighbour"), ("admin", "far")]
    )
    def test_nobody_else(
        self, client_for: Callable[[Any], GuardedClient], worker: Account, town: Town, role: str, place: str
    ) -> None:
        other = client_for(make_staff(Role(role), getattr(town, place)))
        assert other.get(f"/desk/staff/{worker.pk}/factor/").status_code == 404
        assert other.post(f"/desk/staff/{worker.pk}/factor/", {"reason": "手机丢了"}).status_code == 404

    def test_not_for_oneself(self, client_for: Callable[[Any], GuardedClient], town: Town) -> None:
        lead = make_staff(Role.COMMUNITY_LEAD, town.community)
        assert client_for(lead).get(f"/desk/staff/{lead.pk}/factor/").status_code == 404
