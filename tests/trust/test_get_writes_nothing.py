"""Opening a page changes nothing, and nothing is changed without the page's own token."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client

from tests.conftest import GuardedClient
from tests.guards import sign_in
from tests.people import Town
from tests.trust.access_table import COLUMNS, TABLE, Row
from tests.trust.routes import SAFE, all_routes
from tests.trust.test_access_table import PARAMETER
from tests.trust.world import World, make_world

# the only pages whose opening may change something, each with the reason it carries
WRITES_ON_GET = {
    "signin/once/<str:token>": "a one-time sign-in link is a GET by its nature",
    "signin/wechat/": "the state that WeChat sends back is kept in the session",
    "signin/wechat/callback/": "WeChat sends people back by a redirect",
}
# what a visit itself writes, whatever page it is of: that the session is in use
OF_THE_VISIT = ("access_session",)
GETS = [row for row in TABLE if row.method == "GET"]
UNSAFE = [row for row in TABLE if row.method not in SAFE]


@pytest.fixture
def world(town: Town) -> World:
    return make_world(town)


def path_of(row: Row, world: World) -> str:
    names = iter(row.object)
    return "/" + PARAMETER.sub(lambda _: str(world.here.things[next(names)]), row.route)


def insider(row: Row, world: World) -> tuple[str, object]:
    """The first visitor for whom the page opens."""
    expected = dict(zip(COLUMNS, row.expected.split(), strict=True))
    who = next((who for who in reversed(COLUMNS) if expected[who] == "200"), "with")
    return who, world.visitor(who, row.audience)


@pytest.mark.parametrize("row", GETS, ids=str)
def test_get_only_selects(row: Row, world: World) -> None:
    """Seen from the connection itself, not from the middleware that forbids it."""
    account = insider(row, world)[1]
    browser = GuardedClient()
    if account is not None:
        sign_in(browser, account, strong=account.roles.exists())  # type: ignore[attr-defined]
    written: list[str] = []

    def watch(execute, sql, params, many, context):  # type: ignore[no-untyped-def]
        words = sql.lstrip("( \n").split()
        if words[0].upper() in {"INSERT", "UPDATE", "DELETE"} and not any(name in sql for name in OF_THE_VISIT):
            written.append(sql)
        return execute(sql, params, many, context)

    with connection.execute_wrapper(watch):
        answer = browser.get(path_of(row, world))
    assert answer.status_code < 500 or row.route == "readyz"
    assert row.route in WRITES_ON_GET or written == []


def test_pages_that_write_on_get_are_these() -> None:
    """Adding one is a decision: it stands here with its reason."""
    found = {
        route.path: why for route in all_routes() if (why := getattr(route.view, "writes_on_get", None)) is not None
    }
    assert found == WRITES_ON_GET


# a provider's call carries no cookie; its signature is checked instead
SIGNED = {"hooks/sms/", "hooks/wechatpay/"}


@pytest.mark.parametrize("row", [row for row in UNSAFE if row.route not in SIGNED], ids=str)
def test_unsafe_without_a_token_is_refused(row: Row, world: World) -> None:
    account = insider(row, world)[1]
    browser = Client(enforce_csrf_checks=True)
    if account is not None:
        sign_in(browser, account, strong=account.roles.exists())  # type: ignore[attr-defined]
    answer = browser.generic(row.method, path_of(row, world))
    assert answer.status_code == 403


def test_no_view_goes_without_a_token() -> None:
    """``csrf_exempt`` appears nowhere but where another proof stands in its place."""
    exempt = {route.path for route in all_routes() if getattr(route.view, "csrf_exempt", False)}
    # ninja marks every path and checks the token itself where a session signs the caller in
    assert {path for path in exempt if not path.startswith("api/v1/")} == SIGNED
