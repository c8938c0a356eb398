"""A resident at the door: phone, code, who one is."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests.conftest import GuardedClient
from tests.fronts.signin.doors import PHONE, ask, come_in, is_in, read_code
from tests.people import Town, make_resident, make_staff

from jiamenkou.foundation.access import accounts, sender
from jiamenkou.foundation.access.models import Session
from jiamenkou.foundation.access.roles import Role
from jiamenkou.foundation.people.models import Account

pytestmark = pytest.mark.usefixtures("everything")


class TestPhone:
    def test_the_page_has_one_real_input_and_works_without_a_script(self, client: GuardedClient) -> None:
        text = client.get("/signin/").content.decode()
        assert 'autocomplete="tel-national"' in text and '<form class="card stack" method="post"' in text

    @pytest.mark.parametrize("typed", ["", "123", "0519-00001234", "' or 1=1 --", "1" * 5000, "١٣٨٠٠٠٠١٢٣٤"])
    def test_what_is_no_number_is_said_beside_the_field(self, client: GuardedClient, typed: str) -> None:
        answer = client.post("/signin/", {"phone": typed, "agree": "on"})
        assert answer.status_code == 400
        assert 'id="id_phone_error"' in answer.content.decode()

    def test_terms_are_agreed_to_by_a_tick(self, client: GuardedClient) -> None:
        answer = client.post("/signin/", {"phone": PHONE})
        assert answer.status_code == 400
        assert "id_agree_error" in answer.content.decode()
        assert "checked" not in client.get("/signin/").content.decode()

    def test_too_often_says_when(self, client: GuardedClient) -> None:
        ask(client)
        answer = ask(client)
        assert answer.status_code == 429
        assert 1 <= int(answer["Retry-After"]) <= 60
        assert "秒再试" in answer.content.decode()

    def test_nothing_to_send_with_is_no_failure(
        self, client: GuardedClient, settings: Any, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        settings.DEMO = False
        monkeypatch.setattr(sender, "_registered", [])
        answer = ask(client)
        assert answer.status_code == 503
        assert "请到社区登录" in answer.content.decode()

    def test_known_and_unknown_numbers_get_the_same(self) -> None:
        accounts.account_for_phone("13900005678")
        seen = [_trace(number) for number in ("13900005678", "13900008765")]
        assert seen[0] == seen[1]


def _trace(number: str) -> list[Any]:
    """Status, where to, query count and page of every step up to and with a wrong code."""
    browser = GuardedClient()
    trace: list[Any] = []
    with CaptureQueriesContext(
        connection,
    ) as queries:
        answer = ask(browser, number)
    trace.append((answer.status_code, answer["Location"], len(queries), sorted(answer.cookies)))
    with CaptureQueriesContext(connection) as queries:
        code = read_code(browser)
    trace.append(len(queries))
    with CaptureQueriesContext(connection) as queries:
        answer = browser.post("/signin/code/", {"code": "000001" if code == "000000" else "000000"})
    page = re.sub(
        r'nonce="[^"]*"|value="[^"]{64}"|content="[^"]{64}"|\d{3} 0000 \d{4}|>\d{6}<', "", answer.content.decode()
    )
    trace.append((answer.status_code, len(queries), page))
    with CaptureQueriesContext(connection) as queries:
        answer = ask(browser, number)
    text = re.sub(r'nonce="[^"]*"|value="[^"]*"|content="[^"]*"', "", answer.content.decode())
    trace.append((answer.status_code, len(queries), text))
    return trace


class TestCode:
    def test_the_right_code_makes_the_account_and_lets_in(self, client: GuardedClient) -> None:
        answer = come_in(client)
        assert answer.status_code == 302 and answer["Location"] == "/signin/who/"
        assert is_in(client)
        account = Account.objects.get()
        assert account.phone_masked == "138****1234"
        assert Session.objects.get(account=account).way == "phone"

    def test_no_account_before_the_code(self, client: GuardedClient) -> None:
        ask(client)
        assert not Account.objects.exists()

    @pytest.mark.parametrize("typed", ["", "12345", "1234567", "abcdef", "１２３４５６"])
    def test_what_is_no_code_is_said_beside_the_field(self, client: GuardedClient, typed: str) -> None:
        ask(client)
        answer = client.post("/signin/code/", {"code": typed})
        assert answer.status_code == 400 and 'id="id_code_error"' in answer.content.decode()

    def test_another_browser_cannot_use_it(self, client: GuardedClient) -> None:
        ask(client)
        thief = GuardedClient()
        assert thief.get("/signin/code/").status_code == 302
        answer = thief.post("/signin/code/", {"code": read_code(client)})
        assert answer.status_code == 400 and not is_in(thief)

    def test_after_five_minutes_it_is_over(self, client: GuardedClient) -> None:
        with time_machine.travel(datetime(2026, 11, 2, tzinfo=UTC), tick=False) as clock:
            ask(client)
            code = read_code(client)
            clock.shift(301)
            assert client.post("/signin/code/", {"code": code}).status_code == 400
            assert not is_in(client)

    def test_a_second_use_is_refused(self, client: GuardedClient) -> None:
        ask(client)
        code, cookies = read_code(client), client.cookies.copy()
        client.post("/signin/code/", {"code": code})
        again = GuardedClient()
        again.cookies = cookies
        assert again.post("/signin/code/", {"code": code}).status_code == 400

    def test_garbage_in_the_cookies_is_nobody(self, client: GuardedClient) -> None:
        client.cookies["signin"] = "x" * 3000
        client.cookies["signin-screen"] = "%%%"
        assert client.get("/signin/code/").status_code == 302
        assert client.post("/signin/code/", {"code": "000000"}).status_code == 400

    def test_again_by_voice_waits_its_minute(self, client: GuardedClient) -> None:
        with time_machine.travel(datetime(2026, 11, 2, tzinfo=UTC), tick=False) as clock:
            ask(client)
            assert client.post("/signin/code/again/", {"how": "call"}).status_code == 429
            clock.shift(61)
            assert client.post("/signin/code/again/", {"how": "call"}).status_code == 302
            assert client.post("/signin/code/", {"code": read_code(client)}).status_code == 302

    def test_a_locked_account_stays_out(self, client: GuardedClient) -> None:
        account = accounts.account_for_phone(PHONE)
        Account.objects.filter(pk=account.pk).update(is_active=False)
        assert come_in(client).status_code == 403
        assert not is_in(client)

    def test_neither_number_nor_code_is_in_the_session(self, client: GuardedClient) -> None:
        come_in(client)
        kept = str(dict(client.session.items()))
        assert PHONE not in kept

    @pytest.mark.parametrize(
        "target",
        ["https://example.invalid/", "//example.invalid", "/\\example.invalid", "javascript:alert(1)", "\t//x"],
    )
    def test_next_is_a_page_of_ours(self, client: GuardedClient, town: Town, target: str) -> None:
        account = accounts.account_for_phone(PHONE)
        account.links.create(resident=make_resident(town.community), proof="test")
        assert come_in(client, next=target)["Location"] == "/"

    def test_next_leads_on(self, client: GuardedClient, town: Town) -> None:
        account = accounts.account_for_phone(PHONE)
        account.links.create(resident=make_resident(town.community), proof="test")
        assert come_in(client, next="/jobs/7/?a=1")["Location"] == "/jobs/7/?a=1"

    def test_staff_by_phone_alone_are_residents(self, client: GuardedClient, town: Town) -> None:
        worker = make_staff(Role.WORKER, town.community)
        phone = accounts.make_account("spare", phone=PHONE)
        Account.objects.filter(pk=phone.pk).update(phone_index=None)
        Account.objects.filter(pk=worker.pk).update(phone_index=phone.phone_index)
        come_in(client)
        answer = client.get("/me/devices/")
        assert answer.wsgi_request.user == worker
        assert not answer.wsgi_request.actor.is_staff


class TestWho:
    def test_what_does_not_match_has_one_answer(self, client: GuardedClient) -> None:
        come_in(client)
        answer = client.post("/signin/who/", {"name": "苏映雪", "last_six": "02851X"})
        assert answer.status_code == 400
        assert "没有对上，请到社区登记" in answer.content.decode()

    def test_strangers_sign_in_first(self, client: GuardedClient) -> None:
        assert client.get("/signin/who/")["Location"] == "/signin/?next=/signin/who/"

    def test_guessing_ends(self, client: GuardedClient) -> None:
        come_in(client)
        answers = [client.post("/signin/who/", {"name": "苏", "last_six": "000000"}).status_code for _ in range(6)]
        assert answers == [400] * 5 + [429]
