"""The look in a real Chromium: nothing wider than the screen, nothing that axe finds, keys and dialogs that work."""

from __future__ import annotations

import mimetypes
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.contrib.staticfiles import finders
from django.test import RequestFactory
from playwright.sync_api import Browser, Page, Route, sync_playwright

from jiamenkou.fronts.middleware.headers import POLICY
from jiamenkou.fronts.styleguide import styleguide

pytestmark = pytest.mark.browser

HOME = "http://127.0.0.1"
QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
MODES = [("", 390), ("care=1", 390), ("dark=1", 390), ("care=1", 320)]
PAGES = [(page, *mode) for page in ("home", "phone") for mode in MODES] + [("sign-in", "", 390)]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    path = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    assert path, "Chromium is missing: apt-get install chromium fonts-noto-cjk"
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=path, args=QUIET)
        yield chromium
        chromium.close()


def answer(route: Route) -> None:
    """Pages and static files straight from the code: no server, no database, nothing from outside."""
    address = route.request.url.removeprefix(HOME)
    path, _, query = address.partition("?")
    if path.startswith("/static/"):
        file = Path(str(finders.find(path.removeprefix("/static/"))))
        route.fulfill(body=file.read_bytes(), content_type=mimetypes.guess_type(file.name)[0] or "text/plain")
        return
    page = styleguide(RequestFactory().get(f"/?{query}"), path.strip("/"))
    headers = {"Content-Type": "text/html", "Content-Security-Policy": POLICY.format(nonce="none")}
    route.fulfill(body=page.content, headers=headers)


def opened(browser: Browser, page: str, width: int, height: int = 844) -> tuple[Page, list[str]]:
    tab = browser.new_page(viewport={"width": width, "height": height}, locale="zh-CN")
    complaints: list[str] = []
    tab.on("console", lambda message: complaints.append(message.text))
    tab.on("pageerror", lambda error: complaints.append(str(error)))
    tab.route("**/*", answer)
    tab.goto(f"{HOME}/{page}")
    return tab, complaints


def check(tab: Page, complaints: list[str]) -> None:
    found = Axe().run(tab).response["violations"]
    assert [(rule["id"], [node["html"][:120] for node in rule["nodes"]]) for rule in found] == []
    assert complaints == []


@pytest.mark.parametrize(("page", "mode", "width"), PAGES)
def test_residents_pages(browser: Browser, page: str, mode: str, width: int) -> None:
    tab, complaints = opened(browser, f"{page}?{mode}", width)
    assert tab.evaluate("document.documentElement.scrollWidth") == width
    check(tab, complaints)
    tab.close()


@pytest.mark.parametrize(("mode", "width"), [("", 1366), ("dark=1", 1000)])
def test_desk(browser: Browser, mode: str, width: int) -> None:
    tab, complaints = opened(browser, f"desk?{mode}", width, 768)
    assert tab.evaluate("document.documentElement.scrollWidth") == width
    check(tab, complaints)
    tab.close()


def test_sheet_keeps_and_returns_the_focus(browser: Browser) -> None:
    tab, complaints = opened(browser, "phone", 390)
    tab.click("[data-open=apply]")
    assert tab.evaluate("document.querySelector('#apply').open")
    check(tab, complaints)
    tab.keyboard.press("Escape")
    assert not tab.evaluate("document.querySelector('#apply').open")
    assert tab.evaluate("document.activeElement.dataset.open") == "apply"
    tab.close()


def test_code_boxes_show_what_is_typed(browser: Browser) -> None:
    tab, _ = opened(browser, "phone", 390)
    tab.fill(".code-input", "12a34")
    assert tab.evaluate("[...document.querySelectorAll('.code.entry i')].map(box => box.textContent)") == [
        *"1234",
        "",
        "",
    ]
    tab.close()


def test_keys_of_a_list(browser: Browser) -> None:
    tab, complaints = opened(browser, "desk", 1366, 768)
    tab.keyboard.press("j")
    tab.keyboard.press("j")
    tab.keyboard.press("x")
    assert tab.is_visible(".bulk")
    assert tab.inner_text(".bulk b") == "已选 1 位"
    tab.click("[data-open=columns]")
    assert tab.is_visible("#columns")
    tab.keyboard.press("Escape")
    assert not tab.is_visible("#columns")
    tab.keyboard.press("Escape")
    assert not tab.is_visible(".bulk")
    tab.keyboard.press("Control+k")
    assert tab.evaluate("document.activeElement.matches('[data-search]')")
    assert complaints == []
    tab.close()


def test_targets_are_large_enough(browser: Browser) -> None:
    """44 px for residents, 60 px in 长辈版, measured on what can be pressed; a field's label counts with it."""
    for mode, least in (("", 44), ("care=1", 60)):
        tab, _ = opened(browser, f"home?{mode}", 390)
        small = tab.evaluate(
            """least => [...document.querySelectorAll("a, button, .item, .button, summary")].filter(element => {
                const box = element.getBoundingClientRect(), card = element.closest(".whole, .find");
                return box.height && !card && !element.matches(".skip") && Math.round(box.height) < least;
            }).map(element => element.outerHTML.slice(0, 90))""",
            least,
        )
        assert small == []
        tab.close()
