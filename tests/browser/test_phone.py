"""The residents' pages as they look and as they are used: every page in every mode, and the main journeys."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from jiamenkou.foundation.access.scope import EVERYTHING, scope
from jiamenkou.services.jobs.models import Application
from jiamenkou.services.jobs.states import ApplicationState
from tests.browser.conftest import Tab
from tests.fronts.phone.scene import Scene, make_scene
from tests.people import make_account, make_resident, make_signed_up, make_town

pytestmark = [pytest.mark.browser, pytest.mark.postgres]


@pytest.fixture
def scene(transactional_db: None) -> Scene:
    with scope(EVERYTHING, actor="test", reason="test"):
        return make_scene(make_town(), stale=True)


def pages_of(scene: Scene) -> dict[str, str]:
    carer, expired = scene.vacancies[0].pk, scene.vacancies[5].pk
    return {
        "home": "/",
        "jobs": "/jobs/",
        "jobs-none": "/jobs/?near=1&home=1&public=1",
        "vacancy": f"/jobs/{carer}/",
        "vacancy-closed": f"/jobs/{expired}/",
        "apply": f"/jobs/{carer}/apply/",
        "share": f"/jobs/{carer}/share/",
        "report": f"/jobs/{carer}/report/",
        "say": "/jobs/say/",
        "wish": "/jobs/wish/",
        "application-asked": f"/jobs/applications/{scene.recommended.pk}/",
        "application-interview": f"/jobs/applications/{scene.interview.pk}/",
        "application-refused": f"/jobs/applications/{scene.refused.pk}/",
        "things": "/me/things/",
        "things-done": "/me/things/?view=done",
        "messages": "/me/messages/",
        "me": "/me/",
        "archive": "/me/archive/",
        "privacy": "/me/privacy/",
        "community": "/community/",
        "terms": "/about/terms/",
        "privacy-notice": "/about/privacy/",
    }


@pytest.mark.parametrize("mode", ["phone", "care", "dark", "small", "small-care"])
def test_every_page(browser_page: Callable[..., Tab], scene: Scene, mode: str) -> None:
    tab = browser_page(mode, scene.account)
    for name, path in pages_of(scene).items():
        tab.open(path)
        tab.check(name)


@pytest.mark.parametrize("mode", ["phone", "care"])
def test_without_signing_in(browser_page: Callable[..., Tab], scene: Scene, mode: str) -> None:
    tab = browser_page(mode)
    for name, path in (
        ("visitor-home", "/"),
        ("visitor-jobs", "/jobs/"),
        ("visitor-vacancy", f"/jobs/{scene.vacancies[0].pk}/"),
    ):
        tab.open(path)
        tab.check(name)


@pytest.mark.parametrize(("mode", "least"), [("phone", 44), ("care", 60)])
def test_targets_are_large_enough(browser_page: Callable[..., Tab], scene: Scene, mode: str, least: int) -> None:
    tab = browser_page(mode, scene.account)
    for name, path in pages_of(scene).items():
        page = tab.open(path)
        small = page.evaluate(
            """least => [...document.querySelectorAll("a, button, .item, .option, .button, summary")].filter(element => {
                const box = element.getBoundingClientRect(), card = element.closest(".whole, .find, .prose, .note");
                return box.height && !card && !element.matches(".skip") && Math.round(box.height) < least;
            }).map(element => element.outerHTML.slice(0, 120))""",
            least,
        )
        assert small == [], name


@pytest.mark.parametrize("name", ["apply", "share"])
def test_sheets(browser_page: Callable[..., Tab], scene: Scene, name: str) -> None:
    tab = browser_page("phone", scene.account)
    page = tab.open(f"/jobs/{scene.vacancies[0].pk}/")
    page.click(f"[data-open={name}]")
    tab.page.wait_for_timeout(300)
    assert page.evaluate(f"document.querySelector('dialog#{name}').open")
    tab.check(f"sheet-{name}")


def test_applying_takes_two_taps(browser_page: Callable[..., Tab], scene: Scene) -> None:
    tab = browser_page("phone", scene.account)
    page = tab.open(f"/jobs/{scene.vacancies[0].pk}/")
    page.click("[data-open=apply]")
    page.click("dialog#apply .button.go")
    page.wait_for_url("**/jobs/applications/*/?sent=1")
    tab.check("applied")
    with scope(EVERYTHING):
        sent = Application.objects.get(vacancy=scene.vacancies[0])
    assert (sent.state, sent.resident_id) == (ApplicationState.SENT, scene.resident.pk)


def test_applying_without_the_script(browser_page: Callable[..., Tab], scene: Scene) -> None:
    tab = browser_page("phone", scene.account)
    tab.page.route("**/*.js", lambda route: route.abort())
    page = tab.open(f"/jobs/{scene.vacancies[0].pk}/")
    page.click(".bar .button.go")
    page.wait_for_url("**/apply/")
    page.click(".button.go")
    page.wait_for_url("**/jobs/applications/*/?sent=1")


def test_first_view_is_light(browser_page: Callable[..., Tab], scene: Scene) -> None:
    """At most 60 kB of compressed answers for the home page: what the phone pays before anything is stored."""
    import zlib

    tab = browser_page("phone", scene.account)
    bodies: list[bytes] = []
    tab.page.on("response", lambda answer: bodies.append(answer.body()))
    tab.open("/")
    tab.page.wait_for_load_state("networkidle")
    assert sum(len(zlib.compress(body)) for body in bodies) < 60_000


@pytest.mark.parametrize("mode", ["phone", "dark", "small-care"])
def test_where_there_is_nothing_yet(browser_page: Callable[..., Tab], transactional_db: None, mode: str) -> None:
    """Empty pages say what to do next; an account that is not linked yet is asked who it is."""
    with scope(EVERYTHING, actor="test", reason="test"):
        town = make_town()
        resident = make_signed_up(make_resident(town.community, name="纪小满"))
        unknown = make_account()
    tab = browser_page(mode, resident)
    for name, path in (("home", "/"), ("jobs", "/jobs/"), ("things", "/me/things/"), ("messages", "/me/messages/")):
        tab.open(path)
        tab.check(f"empty-{name}")
    tab = browser_page(mode, unknown)
    for name, path in (("things", "/me/things/"), ("me", "/me/")):
        tab.open(path)
        tab.check(f"unknown-{name}")
