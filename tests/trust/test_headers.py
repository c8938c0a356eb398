"""Every answer carries the headers, whatever went wrong; personal pages are never stored; cookies are closed."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from tests.people import Town
from tests.trust.world import World, make_world

ALWAYS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
}
POLICY = ("default-src 'self'", "object-src 'none'", "base-uri 'none'", "form-action 'self'", "frame-ancestors 'none'")


@pytest.fixture
def world(town: Town) -> World:
    return make_world(town)


def check(answer: Any) -> None:
    answer.close()  # static files are streams
    assert {name: answer.headers.get(name) for name in ALWAYS} == ALWAYS
    policy = answer.headers["Content-Security-Policy"]
    assert [part for part in POLICY if part not in policy] == []
    assert "unsafe-inline" not in policy
    assert "unsafe-eval" not in policy


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/", 200),
        ("/signin/", 200),
        ("/no/such/page/", 404),
        ("/desk/", 302),
        ("/me/", 302),
        ("/healthz", 200),
        ("/readyz", 503),
        ("/favicon.ico", 200),
        ("/api/v1/openapi.json", 200),
        ("/static/css/base.css", 200),
        ("/static/none.css", 404),
    ],
)
def test_headers_are_on_every_answer(client: Client, world: World, path: str, status: int) -> None:
    answer = client.get(path)
    assert answer.status_code == status
    check(answer)


def test_headers_are_on_a_refused_form_and_a_wrong_method(world: World) -> None:
    for answer in (
        Client(enforce_csrf_checks=True).post("/signin/", {"phone": "13800001234"}),
        Client().get("/signin/out/"),
        Client().get("/", headers={"host": "elsewhere.example"}),
    ):
        assert answer.status_code in {400, 403, 405}
        check(answer)


def test_headers_are_on_a_failure(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*args: Any, **kwargs: Any) -> Any:
        raise RuntimeError("broken on purpose")

    monkeypatch.setattr("jiamenkou.fronts.phone.home.rooms", broken)
    answer = Client(raise_request_exception=False).get("/")
    assert answer.status_code == 500
    check(answer)
    assert "broken on purpose" not in answer.content.decode()


def test_every_script_policy_has_a_nonce_of_its_own(client: Client, world: World) -> None:
    first, second = (client.get("/").headers["Content-Security-Policy"] for _ in range(2))
    assert "'nonce-" in first
    assert first != second


@pytest.mark.parametrize("path", ["/me/", "/me/things/", "/me/messages/", "/me/archive/", "/me/privacy/", "/jobs/"])
def test_personal_pages_are_not_stored(client_for: Any, world: World, path: str) -> None:
    answer = client_for(world.here.account).get(path)
    assert answer.status_code == 200
    assert answer["Cache-Control"] == "no-store"


def test_static_files_may_be_stored(client: Client, world: World) -> None:
    answer = client.get("/static/css/base.css")
    answer.close()
    assert "max-age" in answer["Cache-Control"]


def test_cookies_are_closed(client: Client, world: World) -> None:
    client.get("/signin/")
    answer = client.post("/signin/", {"phone": "13800001234", "agree": "on"})
    assert answer.cookies
    for name, cookie in answer.cookies.items():
        assert cookie["samesite"] == "Lax", name
        assert cookie["httponly"] or name == "csrf", name


def test_cookies_are_bound_to_the_host_behind_tls(settings: Any) -> None:
    """Decided where the settings are read: a house behind TLS uses the prefix that browsers enforce."""
    import importlib

    from jiamenkou.site import settings as module

    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("JIAMENKOU_PUBLIC_URL", "https://jiamenkou.example")
        fresh = importlib.reload(module)
        assert (fresh.SESSION_COOKIE_NAME, fresh.CSRF_COOKIE_NAME) == ("__Host-session", "__Host-csrf")
        assert fresh.SESSION_COOKIE_SECURE
        assert fresh.CSRF_COOKIE_SECURE
    importlib.reload(module)


def test_a_form_sent_to_the_api_is_refused_plainly(client_for: Any, world: World) -> None:
    answer = client_for(world.here.account).post(
        f"/api/v1/jobs/vacancies/{world.here.things['vacancy']}/applications", {"consent": "true"}
    )
    assert (answer.status_code, answer.json()["code"]) == (415, "not_json")
    check(answer)
