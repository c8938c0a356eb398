"""WeChat may answer anything: the visitor sees the sign-in page and a sentence."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from allauth.socialaccount.models import SocialAccount
from tests.conftest import GuardedClient
from tests.fronts.signin.doors import come_in, is_in

pytestmark = pytest.mark.usefixtures("everything")

CALLBACK = "/signin/wechat/callback/"
TOKEN = {"access_token": "t", "openid": "o-1", "expires_in": 7200}


@pytest.fixture
def configured(settings: Any) -> None:
    settings.WEIXIN_ID = "wx-test"
    settings.SOCIALACCOUNT_PROVIDERS = {"weixin": {"APPS": [{"client_id": "wx-test", "secret": "s", "key": ""}]}}


def stand_in(monkeypatch: pytest.MonkeyPatch, token: Any, profile: Any) -> None:
    """In WeChat's place: one answer for the token, one for the profile."""
    answers = {"/sns/oauth2/access_token": token, "/sns/userinfo": profile}

    def request(session: requests.Session, method: str, url: str, **about: Any) -> requests.Response:
        answer = answers[urlsplit(url).path]
        if isinstance(answer, Exception):
            raise answer
        response = requests.Response()
        response.status_code = 200
        response._content = answer if isinstance(answer, bytes) else json.dumps(answer).encode()
        return response

    monkeypatch.setattr(requests.Session, "request", request)


def come_back(browser: Any) -> Any:
    """Off to WeChat and back with a code."""
    away = browser.get("/signin/wechat/")
    assert away.status_code == 302
    state = parse_qs(urlsplit(away["Location"]).query)["state"][0]
    return browser.get(CALLBACK, {"code": "c", "state": state})


def test_without_an_app_there_is_no_such_page(client: GuardedClient) -> None:
    assert client.get("/signin/wechat/").status_code == 404
    assert client.get(CALLBACK).status_code == 404
    assert "/signin/wechat/" not in client.get("/signin/").content.decode()


@pytest.mark.usefixtures("configured")
class TestConfigured:
    def test_the_page_offers_it(self, client: GuardedClient) -> None:
        assert "/signin/wechat/" in client.get("/signin/").content.decode()
        assert urlsplit(client.get("/signin/wechat/")["Location"]).netloc == "open.weixin.qq.com"

    def test_a_phone_code_ties_it_and_then_it_signs_in(
        self, client: GuardedClient, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        stand_in(monkeypatch, TOKEN, {"openid": "o-1", "nickname": "映雪"})
        assert come_back(client)["Location"] == "/signin/"
        assert not is_in(client)
        assert "微信认出您了" in client.get("/signin/").content.decode()
        come_in(client)
        account = SocialAccount.objects.get(provider="weixin", uid="o-1").user
        browser = GuardedClient()
        assert come_back(browser)["Location"] == "/"
        page = browser.get("/me/devices/")
        assert page.wsgi_request.user == account
        assert not page.wsgi_request.actor.strong

    def test_a_locked_account_stays_out(self, client: GuardedClient, monkeypatch: pytest.MonkeyPatch) -> None:
        stand_in(monkeypatch, TOKEN, {"openid": "o-1"})
        come_back(client)
        come_in(client)
        account = SocialAccount.objects.get().user
        account.is_active = False
        account.save()
        browser = GuardedClient()
        assert come_back(browser)["Location"] == "/signin/?problem=wechat"
        assert not is_in(browser)

    @pytest.mark.parametrize(
        ("token", "profile"),
        [
            ({"errcode": 40029, "errmsg": "invalid code"}, {}),
            (b"<html>", {}),
            ([], {}),
            (requests.ConnectionError("no network"), {}),
            (requests.Timeout("slow"), {}),
            (TOKEN, {"errcode": 40003}),
            (TOKEN, b"<html>"),
            (TOKEN, []),
            (TOKEN, {"openid": "o-1", "nickname": "\ud800"}),
            (TOKEN, {"openid": "o-1", "nickname": 7}),
            (TOKEN, {"openid": "o-1", "nickname": "\x00"}),
            (TOKEN, requests.ConnectionError("no network")),
        ],
    )
    def test_whatever_it_answers_is_no_failure(
        self, client: GuardedClient, monkeypatch: pytest.MonkeyPatch, token: Any, profile: Any
    ) -> None:
        stand_in(monkeypatch, token, profile)
        answer = come_back(client)
        assert answer.status_code == 302 and answer["Location"].startswith("/signin/")
        assert not is_in(client)

    @pytest.mark.parametrize(
        "query", ["", "?code=c", "?code=c&state=forged", "?error=access_denied", "?error=x&state=y"]
    )
    def test_a_forged_return_is_turned_away(self, client: GuardedClient, query: str) -> None:
        answer = client.get(CALLBACK + query)
        assert answer.status_code == 302 and answer["Location"].startswith("/signin/")
        assert "微信登录没有成功" in client.get(answer["Location"]).content.decode()
